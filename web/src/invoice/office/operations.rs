//! What staff asks the server about invoices.
use super::query::{IntakeQuery, OfficeInvoiceQuery};
use crate::{
    api::{self, ApiError, Day, Instant, PageInfo, schema},
    invoice::detail_operations::InvoiceFinding,
    place::Rows,
};
use cynic::{MutationBuilder, QueryBuilder};
use shared::{
    account::Language,
    id::{BuyerRuleId, FileId, IntakeId, InvoiceId},
    invoice::{BuyerTerm, ConflictDecision, IntakeSource, IntakeState, InvoiceKind, InvoiceStand},
    money::Amount,
};

/// How many rows a page has.
const PAGE: i32 = 25;

/// Whose an invoice is.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "Account")]
pub struct Customer {
    /// The name.
    pub name: String,
    /// The customer number.
    pub number: String,
}

/// An invoice in the list.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "OfficeInvoice")]
pub struct ListedInvoice {
    /// Whose it is, where that is known.
    pub account: Option<Customer>,
    /// The buyer's name in the invoice.
    pub buyer_name: String,
    /// Of its amounts.
    pub currency: String,
    /// The total with VAT.
    pub gross_total: Amount,
    /// Names it.
    pub id: InvoiceId,
    /// When it was issued.
    pub issue_date: Day,
    /// Its number.
    pub number: String,
    /// Where it stands.
    pub stand: InvoiceStand,
}

/// A page of invoices.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "OfficeInvoiceConnection")]
pub struct InvoiceConnection {
    /// The invoices, those that came last first.
    pub nodes: Vec<ListedInvoice>,
    /// Where the page ends.
    pub page_info: PageInfo,
    /// How many there are on all pages.
    pub total_count: i32,
}

#[derive(cynic::InputObject)]
struct OfficeInvoiceFilter {
    account_number: Option<String>,
    stand: Option<InvoiceStand>,
    text: Option<String>,
}

#[derive(cynic::QueryVariables)]
struct OfficeInvoicesVariables {
    after: Option<String>,
    filter: Option<OfficeInvoiceFilter>,
    first: Option<i32>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "OfficeInvoicesVariables")]
struct OfficeInvoices {
    #[arguments(after: $after, filter: $filter, first: $first)]
    office_invoices: InvoiceConnection,
}

/// A page of the invoices of all customers and of none.
pub async fn office_invoices(rows: Rows<OfficeInvoiceQuery>) -> Result<InvoiceConnection, ApiError> {
    let filled = |text: String| Some(text).filter(|text| !text.is_empty());
    let operation = OfficeInvoices::build(OfficeInvoicesVariables {
        after: rows.after,
        filter: Some(OfficeInvoiceFilter {
            account_number: filled(rows.query.customer),
            stand: rows.query.stand,
            text: filled(rows.query.text),
        }),
        first: Some(PAGE),
    });
    Ok(api::send(operation).await?.office_invoices)
}

/// Who buys, as the invoice says.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "InvoiceParty")]
pub struct Buyer {
    /// City.
    pub city: Option<String>,
    /// Street and further lines.
    pub lines: Vec<String>,
    /// Name.
    pub name: String,
    /// Postcode.
    pub postal_code: Option<String>,
}

/// What stands in a part of an invoice by which its customer can be known.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct BuyerTermValue {
    /// Which part.
    pub term: BuyerTerm,
    /// What stands there.
    pub value: String,
}

/// One invoice.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct OfficeInvoice {
    /// Whose it is, where that is known.
    pub account: Option<Customer>,
    /// Who buys.
    pub buyer: Buyer,
    /// What its customer can be known by.
    pub buyer_terms: Vec<BuyerTermValue>,
    /// Of its amounts.
    pub currency: String,
    /// By when it is to be paid.
    pub due_date: Option<Day>,
    /// The name of the original.
    pub file_name: String,
    /// What is odd about it.
    pub findings: Vec<InvoiceFinding>,
    /// The total with VAT.
    pub gross_total: Amount,
    /// Names it.
    pub id: InvoiceId,
    /// When it was issued.
    pub issue_date: Day,
    /// What it is.
    pub kind: InvoiceKind,
    /// Its number.
    pub number: String,
    /// The day of the last payment.
    pub paid_on: Option<Day>,
    /// How much is paid.
    pub paid_total: Option<Amount>,
    /// What is to be paid.
    pub payable: Amount,
    /// When it came in.
    pub received_at: Instant,
    /// Why it was published in spite of its findings.
    pub release_reason: Option<String>,
    /// Who sells.
    pub seller_name: String,
    /// Where it stands.
    pub stand: InvoiceStand,
}

#[derive(cynic::QueryVariables)]
struct ByInvoice {
    id: InvoiceId,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "ByInvoice")]
struct OneInvoice {
    #[arguments(id: $id)]
    office_invoice: OfficeInvoice,
}

/// One invoice.
pub async fn office_invoice(id: InvoiceId) -> Result<OfficeInvoice, ApiError> {
    Ok(api::send(OneInvoice::build(ByInvoice { id })).await?.office_invoice)
}

/// What an act on an invoice answers.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "OfficeInvoicePayload")]
struct Changed {
    #[expect(dead_code, reason = "a payload has to be asked for something")]
    invoice: ChangedInvoice,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "OfficeInvoice")]
struct ChangedInvoice {
    #[expect(dead_code, reason = "a payload has to be asked for something")]
    id: InvoiceId,
}

#[derive(cynic::InputObject)]
struct AssignInvoiceInput {
    account_number: String,
    id: InvoiceId,
    remember: Option<BuyerTerm>,
}

#[derive(cynic::QueryVariables)]
struct AssignVariables {
    input: AssignInvoiceInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "AssignVariables")]
struct Assign {
    #[arguments(input: $input)]
    #[expect(dead_code, reason = "that it is there says that it was done")]
    assign_invoice: Changed,
}

/// Says whose an invoice is.
pub async fn assign(id: InvoiceId, account_number: String, remember: Option<BuyerTerm>) -> Result<(), ApiError> {
    let input = AssignInvoiceInput {
        account_number,
        id,
        remember,
    };
    api::send(Assign::build(AssignVariables { input })).await.map(|_| ())
}

#[derive(cynic::InputObject)]
struct PublishInvoiceInput {
    id: InvoiceId,
    reason: String,
}

#[derive(cynic::QueryVariables)]
struct PublishVariables {
    input: PublishInvoiceInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "PublishVariables")]
struct Publish {
    #[arguments(input: $input)]
    #[expect(dead_code, reason = "that it is there says that it was done")]
    publish_invoice: Changed,
}

/// Shows a held invoice to its customer.
pub async fn publish(id: InvoiceId, reason: String) -> Result<(), ApiError> {
    let input = PublishInvoiceInput { id, reason };
    api::send(Publish::build(PublishVariables { input })).await.map(|_| ())
}

#[derive(cynic::InputObject)]
struct DiscardInvoiceInput {
    id: InvoiceId,
    reason: String,
}

#[derive(cynic::QueryVariables)]
struct DiscardVariables {
    input: DiscardInvoiceInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "DiscardInvoicePayload")]
struct Discarded {
    #[expect(dead_code, reason = "a payload has to be asked for something")]
    id: InvoiceId,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "DiscardVariables")]
struct Discard {
    #[arguments(input: $input)]
    #[expect(dead_code, reason = "that it is there says that it was done")]
    discard_invoice: Discarded,
}

/// Takes an invoice away that no customer sees.
pub async fn discard(id: InvoiceId, reason: String) -> Result<(), ApiError> {
    let input = DiscardInvoiceInput { id, reason };
    api::send(Discard::build(DiscardVariables { input })).await.map(|_| ())
}

#[derive(cynic::InputObject)]
struct SetInvoicePaymentInput {
    id: InvoiceId,
    paid_on: Option<Day>,
    paid_total: Amount,
}

#[derive(cynic::QueryVariables)]
struct PaymentVariables {
    input: SetInvoicePaymentInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "PaymentVariables")]
struct SetPayment {
    #[arguments(input: $input)]
    #[expect(dead_code, reason = "that it is there says that it was done")]
    set_invoice_payment: Changed,
}

/// Says how much is paid by now in all.
pub async fn set_payment(id: InvoiceId, paid_total: Amount, paid_on: Option<Day>) -> Result<(), ApiError> {
    let input = SetInvoicePaymentInput {
        id,
        paid_on,
        paid_total,
    };
    api::send(SetPayment::build(PaymentVariables { input }))
        .await
        .map(|_| ())
}

/// The invoice of a file.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "OfficeInvoice")]
pub struct OfIntake {
    /// Whose it is, where that is known.
    pub account: Option<Customer>,
    /// Names it.
    pub id: InvoiceId,
    /// Its number.
    pub number: String,
}

/// A file that came in.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(variables = "IntakesVariables")]
pub struct Intake {
    /// The ZIP that it came in.
    pub container: Option<String>,
    /// When it came.
    pub created_at: Instant,
    /// Why a person decided as he did.
    pub decision_reason: Option<String>,
    /// Its name.
    pub file_name: String,
    /// How many findings its invoice has.
    pub finding_count: i32,
    /// Names it.
    pub id: IntakeId,
    /// Its invoice.
    pub invoice: Option<OfIntake>,
    /// Why it was refused.
    #[arguments(language: $language)]
    pub problem: Option<String>,
    /// How it came.
    pub source: IntakeSource,
    /// What became of it.
    pub state: IntakeState,
}

/// A page of files.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(variables = "IntakesVariables")]
pub struct IntakeConnection {
    /// The files, the last ones first.
    pub nodes: Vec<Intake>,
    /// Where the page ends.
    pub page_info: PageInfo,
    /// How many there are on all pages.
    pub total_count: i32,
}

/// Which files, and in which language their problems are told.
#[derive(cynic::QueryVariables)]
pub struct IntakesVariables {
    after: Option<String>,
    first: Option<i32>,
    language: Language,
    states: Option<Vec<IntakeState>>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "IntakesVariables")]
struct Intakes {
    #[arguments(after: $after, first: $first, states: $states)]
    intakes: IntakeConnection,
}

/// A page of the files that came in.
pub async fn intakes(rows: Rows<IntakeQuery>, language: Language) -> Result<IntakeConnection, ApiError> {
    let operation = Intakes::build(IntakesVariables {
        after: rows.after,
        first: Some(PAGE),
        language,
        states: rows.query.state.map(|state| vec![state]),
    });
    Ok(api::send(operation).await?.intakes)
}

#[derive(cynic::InputObject)]
struct TakeInvoicesInput {
    account_number: Option<String>,
    files: Vec<FileId>,
}

#[derive(cynic::QueryVariables)]
struct TakeVariables {
    input: TakeInvoicesInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "TakeInvoicesPayload")]
struct Taken {
    #[expect(dead_code, reason = "a payload has to be asked for something")]
    intakes: Vec<TakenIntake>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Intake")]
struct TakenIntake {
    #[expect(dead_code, reason = "a payload has to be asked for something")]
    id: IntakeId,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "TakeVariables")]
struct Take {
    #[arguments(input: $input)]
    #[expect(dead_code, reason = "that it is there says that it was done")]
    take_invoices: Taken,
}

/// Takes uploaded files in.
pub async fn take(files: Vec<FileId>, account_number: Option<String>) -> Result<(), ApiError> {
    let input = TakeInvoicesInput { account_number, files };
    api::send(Take::build(TakeVariables { input })).await.map(|_| ())
}

#[derive(cynic::InputObject)]
struct DecideInvoiceConflictInput {
    decision: ConflictDecision,
    id: IntakeId,
    reason: String,
}

#[derive(cynic::QueryVariables)]
struct DecideVariables {
    input: DecideInvoiceConflictInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "DecideInvoiceConflictPayload")]
struct Decided {
    #[expect(dead_code, reason = "a payload has to be asked for something")]
    intake: TakenIntake,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "DecideVariables")]
struct Decide {
    #[arguments(input: $input)]
    #[expect(dead_code, reason = "that it is there says that it was done")]
    decide_invoice_conflict: Decided,
}

/// Decides which of two invoices counts.
pub async fn decide(id: IntakeId, decision: ConflictDecision, reason: String) -> Result<(), ApiError> {
    let input = DecideInvoiceConflictInput { decision, id, reason };
    api::send(Decide::build(DecideVariables { input })).await.map(|_| ())
}

/// A rule by which invoices find their customer.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct BuyerRule {
    /// The customer.
    pub account: Option<Customer>,
    /// When it was made.
    pub created_at: Instant,
    /// Names it.
    pub id: BuyerRuleId,
    /// In which part of the invoice.
    pub term: BuyerTerm,
    /// What stands there.
    pub value: String,
}

/// A page of rules.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct BuyerRuleConnection {
    /// The rules, the newest first.
    pub nodes: Vec<BuyerRule>,
    /// Where the page ends.
    pub page_info: PageInfo,
    /// How many there are on all pages.
    pub total_count: i32,
}

#[derive(cynic::QueryVariables)]
struct RulesVariables {
    after: Option<String>,
    first: Option<i32>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "RulesVariables")]
struct Rules {
    #[arguments(after: $after, first: $first)]
    buyer_rules: BuyerRuleConnection,
}

/// A page of the rules.
pub async fn rules(after: Option<String>) -> Result<BuyerRuleConnection, ApiError> {
    let first = Some(PAGE);
    Ok(api::send(Rules::build(RulesVariables { after, first }))
        .await?
        .buyer_rules)
}

#[derive(cynic::InputObject)]
struct AddBuyerRuleInput {
    account_number: String,
    term: BuyerTerm,
    value: String,
}

#[derive(cynic::QueryVariables)]
struct AddRuleVariables {
    input: AddBuyerRuleInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "AddBuyerRulePayload")]
struct AddedRule {
    assigned_count: i32,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "AddRuleVariables")]
struct AddRule {
    #[arguments(input: $input)]
    add_buyer_rule: AddedRule,
}

/// Makes a rule; gives how many invoices that waited found their customer.
pub async fn add_rule(term: BuyerTerm, value: String, account_number: String) -> Result<i32, ApiError> {
    let input = AddBuyerRuleInput {
        account_number,
        term,
        value,
    };
    let done = api::send(AddRule::build(AddRuleVariables { input })).await?;
    Ok(done.add_buyer_rule.assigned_count)
}

#[derive(cynic::InputObject)]
struct RemoveBuyerRuleInput {
    id: BuyerRuleId,
}

#[derive(cynic::QueryVariables)]
struct RemoveRuleVariables {
    input: RemoveBuyerRuleInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "RemoveBuyerRulePayload")]
struct RemovedRule {
    #[expect(dead_code, reason = "a payload has to be asked for something")]
    id: BuyerRuleId,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "RemoveRuleVariables")]
struct RemoveRule {
    #[arguments(input: $input)]
    #[expect(dead_code, reason = "that it is there says that it was done")]
    remove_buyer_rule: RemovedRule,
}

/// Removes a rule.
pub async fn remove_rule(id: BuyerRuleId) -> Result<(), ApiError> {
    let input = RemoveBuyerRuleInput { id };
    api::send(RemoveRule::build(RemoveRuleVariables { input }))
        .await
        .map(|_| ())
}

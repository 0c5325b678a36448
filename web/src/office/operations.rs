//! What the pages of customers ask the server.
use super::query::CustomerQuery;
use crate::{
    api::{self, ApiError, Day, Instant, PageInfo, schema},
    place::Rows,
};
use cynic::{MutationBuilder, QueryBuilder};
use shared::{
    account::Language,
    customer::{CustomerColumn, CustomerProblem, CustomerState, CustomerVerdict},
    id::{AccountId, FileId, WaveId},
    term::CustomerKind,
};

/// How many customers a page has.
const PAGE: i32 = 25;

/// How many waves are shown.
const WAVES: i32 = 10;

/// A customer in a list.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "Customer")]
pub struct ListedCustomer {
    /// Names the account.
    pub account_id: AccountId,
    /// Why the mail came back.
    pub bounce_reason: Option<String>,
    /// The address.
    pub email: Option<String>,
    /// When the newest mail was written.
    pub mailed_at: Option<Instant>,
    /// The name.
    pub name: String,
    /// The customer number.
    pub number: String,
    /// How far the customer has come.
    pub state: CustomerState,
    /// The address that somebody else signs in with.
    pub unused_email: Option<String>,
}

/// A page of customers.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct CustomerConnection {
    /// The customers.
    pub nodes: Vec<ListedCustomer>,
    /// Where the page ends.
    pub page_info: PageInfo,
    /// How many there are on all pages.
    pub total_count: i32,
}

/// How many customers stand somewhere.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct CustomerCount {
    /// How many.
    pub count: i32,
    /// Where.
    pub state: CustomerState,
}

/// Which customers.
#[derive(cynic::InputObject, Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomerFilter {
    /// Those who stand there.
    pub state: Option<CustomerState>,
    /// A part of number, name or address.
    pub text: Option<String>,
    /// Those whose newest mail was in a wave.
    pub wave_id: Option<WaveId>,
}

impl From<&CustomerQuery> for CustomerFilter {
    fn from(query: &CustomerQuery) -> Self {
        Self {
            state: query.state,
            text: Some(query.text.trim().to_owned()).filter(|text| !text.is_empty()),
            wave_id: query.wave,
        }
    }
}

#[derive(cynic::QueryVariables)]
struct CustomersVariables {
    after: Option<String>,
    filter: Option<CustomerFilter>,
    first: Option<i32>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "CustomersVariables")]
struct CustomersQuery {
    #[arguments(after: $after, filter: $filter, first: $first)]
    customers: CustomerConnection,
    #[arguments(filter: $filter)]
    customer_counts: Vec<CustomerCount>,
}

/// A page of customers, and how many stand where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customers {
    /// The page.
    pub page: CustomerConnection,
    /// All states.
    pub counts: Vec<CustomerCount>,
}

/// A page of customers.
pub async fn customers(rows: Rows<CustomerQuery>) -> Result<Customers, ApiError> {
    let variables = CustomersVariables {
        after: rows.after,
        filter: Some((&rows.query).into()),
        first: Some(PAGE),
    };
    let CustomersQuery {
        customers,
        customer_counts,
    } = api::send(CustomersQuery::build(variables)).await?;
    Ok(Customers {
        page: customers,
        counts: customer_counts,
    })
}

/// All that is known of a customer.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    /// Names the account.
    pub account_id: AccountId,
    /// Why the mail came back.
    pub bounce_reason: Option<String>,
    /// The city.
    pub city: Option<String>,
    /// When the account was made.
    pub created_at: Instant,
    /// What the law takes the customer for.
    pub customer_kind: CustomerKind,
    /// The address.
    pub email: Option<String>,
    /// The language of the owner whom the provider made.
    pub language: Option<Language>,
    /// When the newest mail was written.
    pub mailed_at: Option<Instant>,
    /// The name.
    pub name: String,
    /// The customer number.
    pub number: String,
    /// The postal code.
    pub postal_code: Option<String>,
    /// How far the customer has come.
    pub state: CustomerState,
    /// Street and house number.
    pub street: Option<String>,
    /// The address that somebody else signs in with.
    pub unused_email: Option<String>,
}

#[derive(cynic::QueryVariables)]
struct CustomerVariables {
    id: AccountId,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "CustomerVariables")]
struct CustomerOf {
    #[arguments(id: $id)]
    customer: Customer,
}

/// One customer.
pub async fn customer(id: AccountId) -> Result<Customer, ApiError> {
    Ok(api::send(CustomerOf::build(CustomerVariables { id })).await?.customer)
}

/// A wave.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct Wave {
    /// From when the portal replaces what was before.
    pub announced_from: Option<Day>,
    /// How many stand where: all states.
    pub counts: Vec<CustomerCount>,
    /// Names the wave.
    pub id: WaveId,
    /// How many mails went out.
    pub mailed_count: i32,
    /// When it was sent.
    pub sent_at: Instant,
    /// Who sent it.
    pub sent_by: Option<String>,
}

#[derive(cynic::QueryFragment)]
struct WaveConnection {
    nodes: Vec<Wave>,
}

#[derive(cynic::QueryVariables)]
struct WavesVariables {
    first: Option<i32>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "WavesVariables")]
struct WavesQuery {
    #[arguments(first: $first)]
    waves: WaveConnection,
}

/// The newest waves.
pub async fn waves() -> Result<Vec<Wave>, ApiError> {
    let variables = WavesVariables { first: Some(WAVES) };
    Ok(api::send(WavesQuery::build(variables)).await?.waves.nodes)
}

/// Customers by name, or all that match.
#[derive(cynic::InputObject, Clone, Debug)]
pub struct CustomerSelection {
    /// But not these.
    pub except: Option<Vec<AccountId>>,
    /// All that match.
    pub filter: Option<CustomerFilter>,
    /// These.
    pub ids: Option<Vec<AccountId>>,
}

/// How many of a selection get a mail.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct AccessReach {
    /// How many.
    pub mailed_count: i32,
    /// How many are left out.
    pub skipped_count: i32,
}

#[derive(cynic::QueryVariables)]
struct ReachVariables {
    selection: CustomerSelection,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "ReachVariables")]
struct ReachQuery {
    #[arguments(selection: $selection)]
    access_reach: AccessReach,
}

/// How many of a selection would get a mail.
pub async fn access_reach(selection: CustomerSelection) -> Result<AccessReach, ApiError> {
    Ok(api::send(ReachQuery::build(ReachVariables { selection }))
        .await?
        .access_reach)
}

/// Whom to send the access, and what is announced.
#[derive(cynic::InputObject, Clone, Debug)]
pub struct SendAccessInput {
    /// From when the portal replaces what was before.
    pub announced_from: Option<Day>,
    /// Whom.
    pub selection: CustomerSelection,
}

#[derive(cynic::QueryVariables)]
struct SendVariables {
    input: SendAccessInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "SendVariables")]
struct Send {
    #[arguments(input: $input)]
    send_access: SendAccessPayload,
}

#[derive(cynic::QueryFragment)]
struct SendAccessPayload {
    mailed_count: i32,
}

/// Sends a wave; gives how many mails go out.
pub async fn send_access(input: SendAccessInput) -> Result<i32, ApiError> {
    Ok(api::send(Send::build(SendVariables { input }))
        .await?
        .send_access
        .mailed_count)
}

#[derive(cynic::QueryFragment)]
struct CustomerPayload {
    customer: Customer,
}

#[derive(cynic::InputObject)]
struct ResendAccessInput {
    account_id: AccountId,
}

#[derive(cynic::QueryVariables)]
struct ResendVariables {
    input: ResendAccessInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "ResendVariables")]
struct Resend {
    #[arguments(input: $input)]
    resend_access: CustomerPayload,
}

/// Sends one customer a new link.
pub async fn resend_access(account_id: AccountId) -> Result<Customer, ApiError> {
    let input = ResendAccessInput { account_id };
    Ok(api::send(Resend::build(ResendVariables { input }))
        .await?
        .resend_access
        .customer)
}

/// A new customer.
#[derive(cynic::InputObject, Clone, Debug)]
pub struct CreateCustomerInput {
    /// The city.
    pub city: Option<String>,
    /// The address.
    pub email: Option<String>,
    /// The language.
    pub language: Option<Language>,
    /// The name.
    pub name: String,
    /// The customer number.
    pub number: String,
    /// The postal code.
    pub postal_code: Option<String>,
    /// Street and house number.
    pub street: Option<String>,
}

#[derive(cynic::QueryVariables)]
struct CreateVariables {
    input: CreateCustomerInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "CreateVariables")]
struct Create {
    #[arguments(input: $input)]
    create_customer: CustomerPayload,
}

/// Makes a customer.
pub async fn create_customer(input: CreateCustomerInput) -> Result<Customer, ApiError> {
    Ok(api::send(Create::build(CreateVariables { input }))
        .await?
        .create_customer
        .customer)
}

/// What to change of a customer; what is none stays.
#[derive(cynic::InputObject, Clone, Debug)]
pub struct ChangeCustomerInput {
    /// Whom.
    pub account_id: AccountId,
    /// The city.
    pub city: Option<String>,
    /// What the law takes the customer for.
    pub customer_kind: Option<CustomerKind>,
    /// The address.
    pub email: Option<String>,
    /// The language.
    pub language: Option<Language>,
    /// The name.
    pub name: Option<String>,
    /// The postal code.
    pub postal_code: Option<String>,
    /// Why, for a customer who has an access.
    pub reason: Option<String>,
    /// Street and house number.
    pub street: Option<String>,
}

#[derive(cynic::QueryVariables)]
struct ChangeVariables {
    input: ChangeCustomerInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "ChangeVariables")]
struct Change {
    #[arguments(input: $input)]
    change_customer: CustomerPayload,
}

/// Changes a customer.
pub async fn change_customer(input: ChangeCustomerInput) -> Result<Customer, ApiError> {
    Ok(api::send(Change::build(ChangeVariables { input }))
        .await?
        .change_customer
        .customer)
}

/// An uploaded file.
#[derive(cynic::InputObject, Clone)]
struct ImportCustomersInput {
    file_id: FileId,
}

/// What an import does, or would do.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct CustomerImport {
    /// How many change.
    pub changed_count: i32,
    /// How many are made.
    pub new_count: i32,
    /// How many rows are left out.
    pub refused_count: i32,
    /// The first rows, those to look at at the top.
    pub rows: Vec<CustomerImportRow>,
    /// How many stay as they are.
    pub same_count: i32,
}

/// A row of the file.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct CustomerImportRow {
    /// In which column something is to be known.
    pub column: Option<CustomerColumn>,
    /// Its line in the file.
    pub line: i32,
    /// The name.
    pub name: String,
    /// The customer number.
    pub number: String,
    /// What is to be known.
    pub problem: Option<CustomerProblem>,
    /// What is done with it.
    pub verdict: CustomerVerdict,
}

#[derive(cynic::QueryVariables)]
struct ImportVariables {
    input: ImportCustomersInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "ImportVariables")]
struct PreviewQuery {
    #[arguments(input: $input)]
    customer_import_preview: CustomerImport,
}

/// What an import would do; nothing is changed.
pub async fn preview(file_id: FileId) -> Result<CustomerImport, ApiError> {
    let input = ImportCustomersInput { file_id };
    let sent = api::send(PreviewQuery::build(ImportVariables { input })).await?;
    Ok(sent.customer_import_preview)
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "ImportVariables")]
struct Import {
    #[arguments(input: $input)]
    import_customers: ImportCustomersPayload,
}

#[derive(cynic::QueryFragment)]
struct ImportCustomersPayload {
    import: CustomerImport,
}

/// Takes the good rows of a file in.
pub async fn import_customers(file_id: FileId) -> Result<CustomerImport, ApiError> {
    let input = ImportCustomersInput { file_id };
    let sent = api::send(Import::build(ImportVariables { input })).await?;
    Ok(sent.import_customers.import)
}

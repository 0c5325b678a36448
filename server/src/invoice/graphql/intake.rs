//! Files with invoices, and the rules by which they find their customer, as the API offers them to staff.
use super::desk::OfficeInvoice;
use crate::{
    account::graphql::{Account, AccountsById},
    actor::RequestActor,
    entity::{buyer_rule as rule_row, intake as intake_row, invoice},
    error::{Error, Result},
    invoice::{buyer_rule, intake},
    page::{Connection, Page},
};
use async_graphql::{Context, InputObject, Object, SimpleObject, dataloader::DataLoader};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use shared::{
    account::Language,
    id::{BuyerRuleId, FileId, IntakeId, InvoiceId},
    invoice::{BuyerTerm, ConflictDecision, IntakeSource, IntakeState},
};
use std::collections::HashMap;

/// The queries of this part.
#[derive(Debug, Default)]
pub struct IntakeQuery;

#[Object]
impl IntakeQuery {
    /// The rules by which invoices find their customer, the newest first. For staff that manages invoices.
    async fn buyer_rules(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
    ) -> Result<Connection<BuyerRule>> {
        let page = Page::read(first, after)?;
        let (rows, total) = buyer_rule::page(ctx.data_unchecked(), ctx.actor()?, &page).await?;
        let rows = rows.into_iter().map(BuyerRule).collect();
        Ok(Connection::new(&page, rows, total, |rule| rule.0.id))
    }

    /// The files with invoices that came in, the last ones first, and what became of them. For staff that manages
    /// invoices.
    async fn intakes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those of these states; all if it is not given.")] states: Option<Vec<IntakeState>>,
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
    ) -> Result<Connection<Intake>> {
        let page = Page::read(first, after)?;
        let app = ctx.data_unchecked();
        let (rows, total) = intake::list::page(app, ctx.actor()?, states.as_deref(), &page).await?;
        let rows = rows.into_iter().map(Intake).collect();
        Ok(Connection::new(&page, rows, total, |intake| intake.0.id))
    }
}

/// The mutations of this part.
#[derive(Debug, Default)]
pub struct IntakeMutation;

#[Object]
impl IntakeMutation {
    /// Makes a rule by which invoices find their customer; those that wait and fit it are his at once. For staff that
    /// manages invoices.
    async fn add_buyer_rule(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What names whom.")] input: AddBuyerRuleInput,
    ) -> Result<AddBuyerRulePayload> {
        let app = ctx.data_unchecked();
        let (rule, assigned_count) =
            buyer_rule::add(app, ctx.actor()?, input.term, &input.value, &input.account_number).await?;
        Ok(AddBuyerRulePayload {
            assigned_count,
            rule: BuyerRule(rule),
        })
    }

    /// Decides which of two invoices counts that are the same and differ in their bytes. For staff that manages
    /// invoices.
    async fn decide_invoice_conflict(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How, and why.")] input: DecideInvoiceConflictInput,
    ) -> Result<DecideInvoiceConflictPayload> {
        let DecideInvoiceConflictInput { decision, id, reason } = input;
        let row = intake::conflict::decide(ctx.data_unchecked(), ctx.actor()?, id, decision, &reason).await?;
        Ok(DecideInvoiceConflictPayload { intake: Intake(row) })
    }

    /// Removes a rule; invoices that found their customer by it stay his. For staff that manages invoices.
    async fn remove_buyer_rule(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: RemoveBuyerRuleInput,
    ) -> Result<RemoveBuyerRulePayload> {
        buyer_rule::remove(ctx.data_unchecked(), ctx.actor()?, input.id).await?;
        Ok(RemoveBuyerRulePayload { id: input.id })
    }

    /// Takes uploaded files in as invoices: e-invoices (XML or PDF), or ZIPs of them. They are read afterwards, in
    /// turn; `intakes` says what became of them. For staff that manages invoices, and its programs.
    async fn take_invoices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which files.")] input: TakeInvoicesInput,
    ) -> Result<TakeInvoicesPayload> {
        let (app, number) = (ctx.data_unchecked(), input.account_number.as_deref());
        let rows = intake::upload(app, ctx.actor()?, &input.files, number).await?;
        Ok(TakeInvoicesPayload {
            intakes: rows.into_iter().map(Intake).collect(),
        })
    }
}

/// A file with an invoice that came in.
#[derive(Clone, Debug)]
pub struct Intake(intake_row::Model);

/// A file with an invoice that came in, and what became of it.
#[Object]
impl Intake {
    /// The name of the ZIP that it came in; null if it came by itself.
    async fn container(&self) -> Option<&str> {
        self.0.container.as_deref()
    }

    /// When it came.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// Why a person decided as he did; null if nobody had to.
    async fn decision_reason(&self) -> Option<&str> {
        self.0.decision_reason.as_deref()
    }

    /// When it was done; null while it waits.
    async fn done_at(&self) -> Option<DateTime<Utc>> {
        self.0.done_at
    }

    /// The name of the file.
    async fn file_name(&self) -> &str {
        &self.0.file_name
    }

    /// Its size in bytes.
    async fn file_size(&self) -> i32 {
        self.0.file_size
    }

    /// How many findings its invoice carries.
    async fn finding_count(&self) -> i32 {
        self.0.finding_count
    }

    /// Names it.
    async fn id(&self) -> IntakeId {
        self.0.id
    }

    /// The invoice that it made, or that was there; null if there is none, or no longer.
    async fn invoice(&self, ctx: &Context<'_>) -> Result<Option<OfficeInvoice>> {
        let Some(id) = self.0.invoice_id else { return Ok(None) };
        let found = ctx
            .data_unchecked::<DataLoader<OfficeInvoicesById>>()
            .load_one(id)
            .await?;
        Ok(found)
    }

    /// Why it was refused; null if it was not.
    async fn problem(&self, #[graphql(desc = "In which language.", default)] language: Language) -> Option<&str> {
        match language {
            Language::De => self.0.problem_de.as_deref(),
            Language::En => self.0.problem.as_deref(),
        }
    }

    /// How it came.
    async fn source(&self) -> IntakeSource {
        self.0.source
    }

    /// What became of it.
    async fn state(&self) -> IntakeState {
        self.0.state
    }
}

/// Loads the invoices of files in one statement, for staff.
#[derive(Debug)]
pub struct OfficeInvoicesById(pub crate::app::App);

impl async_graphql::dataloader::Loader<InvoiceId> for OfficeInvoicesById {
    type Value = OfficeInvoice;
    type Error = Error;

    async fn load(&self, ids: &[InvoiceId]) -> Result<HashMap<InvoiceId, OfficeInvoice>> {
        let rows = invoice::Entity::find()
            .filter(invoice::Column::Id.is_in(ids.iter().copied()))
            .all(&self.0.db)
            .await?;
        Ok(rows.into_iter().map(|row| (row.id, OfficeInvoice::from(row))).collect())
    }
}

/// A rule by which invoices find their customer.
#[derive(Clone, Debug)]
pub struct BuyerRule(rule_row::Model);

/// A rule by which invoices find their customer.
#[Object]
impl BuyerRule {
    /// The customer.
    async fn account(&self, ctx: &Context<'_>) -> Result<Option<Account>> {
        let accounts = ctx.data_unchecked::<DataLoader<AccountsById>>();
        Ok(accounts.load_one(self.0.account_id).await?.map(Account::from))
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// Names it.
    async fn id(&self) -> BuyerRuleId {
        self.0.id
    }

    /// In which part of the invoice.
    async fn term(&self) -> BuyerTerm {
        self.0.term
    }

    /// What stands there, as it is compared: capital letters and digits only.
    async fn value(&self) -> &str {
        &self.0.value
    }
}

/// A rule to make.
#[derive(Debug, InputObject)]
pub struct AddBuyerRuleInput {
    /// The customer's number.
    account_number: String,
    /// In which part of the invoice.
    term: BuyerTerm,
    /// What stands there; upper and lower case, spaces and signs do not matter. At most 200 letters and digits.
    value: String,
}

/// A rule that was made.
#[derive(Clone, Debug, SimpleObject)]
pub struct AddBuyerRulePayload {
    /// How many invoices that waited are the customer's now.
    assigned_count: u64,
    /// The rule.
    rule: BuyerRule,
}

/// A conflict to decide.
#[derive(Debug, InputObject)]
pub struct DecideInvoiceConflictInput {
    /// Which of the two counts.
    decision: ConflictDecision,
    /// The file that came last.
    id: IntakeId,
    /// Why, at most 500 characters; the customer reads it in his log.
    reason: String,
}

/// A conflict that is decided.
#[derive(Clone, Debug, SimpleObject)]
pub struct DecideInvoiceConflictPayload {
    /// The file that came last.
    intake: Intake,
}

/// A rule to remove.
#[derive(Debug, InputObject)]
pub struct RemoveBuyerRuleInput {
    /// Which one.
    id: BuyerRuleId,
}

/// A rule that was removed.
#[derive(Clone, Debug, SimpleObject)]
pub struct RemoveBuyerRulePayload {
    /// Named it.
    id: BuyerRuleId,
}

/// Files to take in as invoices.
#[derive(Debug, InputObject)]
pub struct TakeInvoicesInput {
    /// The number of the customer that they are all for; if it is not given, each invoice says it itself.
    account_number: Option<String>,
    /// Uploaded files (`POST /files`), 1 to 100.
    files: Vec<FileId>,
}

/// Files that are taken in.
#[derive(Clone, Debug, SimpleObject)]
pub struct TakeInvoicesPayload {
    /// Each of them, as it waits.
    intakes: Vec<Intake>,
}

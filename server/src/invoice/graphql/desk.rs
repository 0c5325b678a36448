//! Invoices as the API offers them to staff.
use super::detail::InvoiceFinding;
use crate::{
    account::graphql::{Account, AccountsById},
    actor::RequestActor,
    entity::invoice,
    error::Result,
    invoice::{desk, payment, read::InvoiceDocument},
    page::{Connection, Page},
};
use anyhow::Context as _;
use async_graphql::{Context, InputObject, Object, SimpleObject, dataloader::DataLoader};
use chrono::{DateTime, NaiveDate, Utc};
use shared::{id::InvoiceId, money::Amount};

/// The queries of this part.
#[derive(Debug, Default)]
pub struct OfficeInvoiceQuery;

#[Object]
impl OfficeInvoiceQuery {
    /// The invoices that no customer sees yet, those that came last first: without a customer, or held for their
    /// findings. For staff that manages invoices.
    async fn unseen_invoices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
    ) -> Result<Connection<OfficeInvoice>> {
        let page = Page::read(first, after)?;
        let (rows, total) = desk::unseen(ctx.data_unchecked(), ctx.actor()?, &page).await?;
        let rows = rows.into_iter().map(OfficeInvoice).collect();
        Ok(Connection::new(&page, rows, total, |invoice| invoice.0.id))
    }
}

/// The mutations of this part.
#[derive(Debug, Default)]
pub struct OfficeInvoiceMutation;

#[Object]
impl OfficeInvoiceMutation {
    /// Says whose an invoice is that waits. For staff that manages invoices.
    async fn assign_invoice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose it is.")] input: AssignInvoiceInput,
    ) -> Result<OfficeInvoicePayload> {
        let row = desk::assign(ctx.data_unchecked(), ctx.actor()?, input.id, &input.account_number).await?;
        Ok(row.into())
    }

    /// Shows an invoice that is held to its customer, in spite of its findings. For staff that manages invoices.
    async fn publish_invoice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and why.")] input: PublishInvoiceInput,
    ) -> Result<OfficeInvoicePayload> {
        let row = desk::publish(ctx.data_unchecked(), ctx.actor()?, input.id, &input.reason).await?;
        Ok(row.into())
    }

    /// Says how much of an invoice is paid by now in all. For staff that manages invoices.
    async fn set_invoice_payment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How much, and when.")] input: SetInvoicePaymentInput,
    ) -> Result<OfficeInvoicePayload> {
        let app = ctx.data_unchecked();
        let row = payment::set(app, ctx.actor()?, input.id, input.paid_total, input.paid_on).await?;
        Ok(row.into())
    }
}

/// An invoice as staff sees it.
#[derive(Clone, Debug)]
pub struct OfficeInvoice(invoice::Model);

/// An invoice as staff sees it.
#[Object]
impl OfficeInvoice {
    /// Whose it is; null while nobody has said it.
    async fn account(&self, ctx: &Context<'_>) -> Result<Option<Account>> {
        let Some(id) = self.0.account_id.or(self.0.held_account_id) else {
            return Ok(None);
        };
        let row = ctx.data_unchecked::<DataLoader<AccountsById>>().load_one(id).await?;
        Ok(row.map(Account::from))
    }

    /// The buyer's name as it stands in the invoice (BT-44).
    async fn buyer_name(&self) -> &str {
        &self.0.buyer_name
    }

    /// The currency of its amounts: three letters (BT-5, ISO 4217).
    async fn currency(&self) -> &str {
        &self.0.currency
    }

    /// The name of the original file.
    async fn file_name(&self) -> &str {
        &self.0.file_name
    }

    /// What is odd about it.
    async fn findings(&self) -> Result<Vec<InvoiceFinding>> {
        let document: InvoiceDocument =
            serde_json::from_str(&self.0.document).with_context(|| format!("the document of invoice {}", self.0.id))?;
        Ok(document.findings.iter().map(InvoiceFinding::from).collect())
    }

    /// The total with VAT (BT-112).
    async fn gross_total(&self) -> Amount {
        self.0.gross_total
    }

    /// Names the invoice.
    async fn id(&self) -> InvoiceId {
        self.0.id
    }

    /// Whether its customer does not see it before it is published.
    async fn is_held(&self) -> bool {
        self.0.held_account_id.is_some()
    }

    /// The day it was issued (BT-2).
    async fn issue_date(&self) -> NaiveDate {
        self.0.issue_date
    }

    /// Its number (BT-1).
    async fn number(&self) -> &str {
        &self.0.number
    }

    /// The day of the last payment; null where nothing is known.
    async fn paid_on(&self) -> Option<NaiveDate> {
        self.0.paid_on
    }

    /// How much of it is paid; null where nothing is known.
    async fn paid_total(&self) -> Option<Amount> {
        self.0.paid_total
    }

    /// When it came in.
    async fn received_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// Why it was published in spite of its findings; null if it was not held.
    async fn release_reason(&self) -> Option<&str> {
        self.0.release_reason.as_deref()
    }

    /// The seller's name as it stands in the invoice (BT-27).
    async fn seller_name(&self) -> &str {
        &self.0.seller_name
    }
}

/// An invoice that staff changed.
#[derive(Clone, Debug, SimpleObject)]
pub struct OfficeInvoicePayload {
    /// As it is now.
    invoice: OfficeInvoice,
}

impl From<invoice::Model> for OfficeInvoicePayload {
    fn from(row: invoice::Model) -> Self {
        Self {
            invoice: OfficeInvoice(row),
        }
    }
}

/// Whose an invoice is.
#[derive(Debug, InputObject)]
pub struct AssignInvoiceInput {
    /// The customer's number.
    account_number: String,
    /// Which invoice.
    id: InvoiceId,
}

/// An invoice to show in spite of its findings.
#[derive(Debug, InputObject)]
pub struct PublishInvoiceInput {
    /// Which invoice.
    id: InvoiceId,
    /// Why, at most 500 characters; for staff only.
    reason: String,
}

/// What is paid of an invoice.
#[derive(Debug, InputObject)]
pub struct SetInvoicePaymentInput {
    /// Which invoice.
    id: InvoiceId,
    /// The day of the last payment, not after today; needed where something is paid.
    paid_on: Option<NaiveDate>,
    /// How much is paid by now in all, at least zero.
    paid_total: Amount,
}

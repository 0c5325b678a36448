//! Invoices as the API offers them to staff.
use super::detail::{InvoiceFinding, InvoiceParty};
use crate::{
    account::graphql::{Account, AccountsById},
    actor::RequestActor,
    entity::invoice,
    error::Result,
    invoice::{buyer_rule, desk, payment, read::InvoiceDocument},
    page::{Connection, Page},
};
use anyhow::Context as _;
use async_graphql::{Context, InputObject, Object, SimpleObject, dataloader::DataLoader};
use chrono::{DateTime, NaiveDate, Utc};
use shared::{
    id::InvoiceId,
    invoice::{BuyerTerm, InvoiceKind, InvoiceStand},
    money::Amount,
};

/// The queries of this part.
#[derive(Debug, Default)]
pub struct OfficeInvoiceQuery;

#[Object]
impl OfficeInvoiceQuery {
    /// One invoice of any customer, or of none. For staff that manages invoices.
    async fn office_invoice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: InvoiceId,
    ) -> Result<OfficeInvoice> {
        Ok(OfficeInvoice(desk::get(ctx.data_unchecked(), ctx.actor()?, id).await?))
    }

    /// The invoices of all customers, and those of which nobody has said whose they are; those that came last first.
    /// For staff that manages invoices.
    async fn office_invoices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which; all if it is not given.")] filter: Option<OfficeInvoiceFilter>,
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
    ) -> Result<Connection<OfficeInvoice>> {
        let page = Page::read(first, after)?;
        let filter = filter.unwrap_or_default();
        let filter = desk::Filter {
            stand: filter.stand,
            text: filter.text,
            account_number: filter.account_number,
        };
        let (rows, total) = desk::page(ctx.data_unchecked(), ctx.actor()?, &filter, &page).await?;
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
        let AssignInvoiceInput {
            account_number,
            id,
            remember,
        } = input;
        let row = desk::assign(ctx.data_unchecked(), ctx.actor()?, id, &account_number, remember).await?;
        Ok(row.into())
    }

    /// Takes an invoice away that no customer sees. For staff that manages invoices.
    async fn discard_invoice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and why.")] input: DiscardInvoiceInput,
    ) -> Result<DiscardInvoicePayload> {
        desk::discard(ctx.data_unchecked(), ctx.actor()?, input.id, &input.reason).await?;
        Ok(DiscardInvoicePayload { id: input.id })
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

    /// The buyer as he stands in the invoice (BG-7).
    async fn buyer(&self) -> Result<InvoiceParty> {
        Ok(InvoiceParty::of(&self.0.buyer_name, Some(&self.document()?.buyer)))
    }

    /// What of the invoice a rule could know its customer by.
    async fn buyer_terms(&self) -> Result<Vec<BuyerTermValue>> {
        let document = self.document()?;
        let of = |term: BuyerTerm| {
            let found = buyer_rule::values(&document, term).into_iter();
            found.map(move |value| BuyerTermValue {
                term,
                value: value.to_owned(),
            })
        };
        Ok(BuyerTerm::ALL.into_iter().flat_map(of).collect())
    }

    /// The buyer's name as it stands in the invoice (BT-44).
    async fn buyer_name(&self) -> &str {
        &self.0.buyer_name
    }

    /// The currency of its amounts: three letters (BT-5, ISO 4217).
    async fn currency(&self) -> &str {
        &self.0.currency
    }

    /// The day by which it is to be paid (BT-9); null where the invoice says none.
    async fn due_date(&self) -> Option<NaiveDate> {
        self.0.due_date
    }

    /// The name of the original file.
    async fn file_name(&self) -> &str {
        &self.0.file_name
    }

    /// What is odd about it.
    async fn findings(&self) -> Result<Vec<InvoiceFinding>> {
        Ok(self.document()?.findings.iter().map(InvoiceFinding::from).collect())
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

    /// What it is.
    async fn kind(&self) -> InvoiceKind {
        InvoiceKind::of_type_code(&self.0.type_code)
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

    /// What is to be paid (BT-115).
    async fn payable(&self) -> Amount {
        self.0.payable
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

    /// Where it stands.
    async fn stand(&self) -> InvoiceStand {
        match (self.0.account_id, self.0.held_account_id) {
            (Some(_), _) => InvoiceStand::Published,
            (None, Some(_)) => InvoiceStand::Held,
            (None, None) => InvoiceStand::Unmatched,
        }
    }
}

impl OfficeInvoice {
    fn document(&self) -> Result<InvoiceDocument> {
        let read = serde_json::from_str(&self.0.document);
        Ok(read.with_context(|| format!("the document of invoice {}", self.0.id))?)
    }
}

impl From<invoice::Model> for OfficeInvoice {
    fn from(row: invoice::Model) -> Self {
        Self(row)
    }
}

/// What stands in a part of an invoice by which its customer can be known.
#[derive(Clone, Debug, SimpleObject)]
pub struct BuyerTermValue {
    /// Which part.
    term: BuyerTerm,
    /// What stands there.
    value: String,
}

/// Which invoices of all customers; what is not given does not matter.
#[derive(Debug, Default, InputObject)]
pub struct OfficeInvoiceFilter {
    /// The number of their customer, the whole of it.
    account_number: Option<String>,
    /// Where they stand.
    stand: Option<InvoiceStand>,
    /// A part of the invoice's number, of the buyer's name or of the file's name, upper and lower case alike. At most
    /// 100 characters.
    text: Option<String>,
}

/// An invoice that was taken away.
#[derive(Clone, Debug, SimpleObject)]
pub struct DiscardInvoicePayload {
    /// Named it.
    id: InvoiceId,
}

/// An invoice to take away.
#[derive(Debug, InputObject)]
pub struct DiscardInvoiceInput {
    /// Which invoice.
    id: InvoiceId,
    /// Why, at most 500 characters; the provider's log keeps it.
    reason: String,
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
    /// Make a rule of what stands in this part of the invoice: such invoices find this customer from then on.
    remember: Option<BuyerTerm>,
}

/// An invoice to show in spite of its findings.
#[derive(Debug, InputObject)]
pub struct PublishInvoiceInput {
    /// Which invoice.
    id: InvoiceId,
    /// Why, at most 500 characters; the customer reads it in his log.
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

//! Orders as the API offers them to staff.
use super::{
    decide::{self, NewDecision},
    graphql::Order,
    input_graphql::OrderPayload,
    list::{self, OfficeOrderFilter},
    load::{DeclarationsByOrder, ReceiptMails},
    receipt,
};
use crate::{
    account::graphql::{Account, AccountsById},
    actor::RequestActor,
    entity::{declaration, order},
    error::Result,
    page::{Connection, Page},
};
use async_graphql::{Context, InputObject, Object, SimpleObject, dataloader::DataLoader};
use chrono::{DateTime, NaiveDate, Utc};
use shared::{id::OrderId, order::Decision};

/// The queries of this part.
#[derive(Debug, Default)]
pub struct OfficeOrderQuery;

#[Object]
impl OfficeOrderQuery {
    /// The orders of all customers, newest first. For staff that handles requests.
    async fn office_orders(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones; all if it is not given.")] filter: Option<OfficeOrderFilter>,
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
    ) -> Result<Connection<OfficeOrder>> {
        let page = Page::read(first, after)?;
        let filter = filter.unwrap_or_default();
        let (rows, total) = list::office_orders(ctx.data_unchecked(), ctx.actor()?, &filter, &page).await?;
        let rows = rows.into_iter().map(OfficeOrder).collect();
        Ok(Connection::new(&page, rows, total, |order| order.0.id))
    }

    /// An order of any customer. For staff that handles requests.
    async fn office_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: OrderId,
    ) -> Result<OfficeOrder> {
        Ok(OfficeOrder(
            list::office_get(ctx.data_unchecked(), ctx.actor()?, id).await?,
        ))
    }
}

/// The mutations of this part.
#[derive(Debug, Default)]
pub struct OfficeOrderMutation;

#[Object]
impl OfficeOrderMutation {
    /// Confirms or rejects an order that waits; the customer reads the reason. Confirming what obliges the customer to
    /// pay (`NEW_PRODUCT`, `OPTION`, `CHANGE`) needs the password given lately (`stepUp`), and no token does it: programs
    /// use `importOrders`. For staff that handles requests.
    async fn decide_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The decision.")] input: DecideOrderInput,
    ) -> Result<OrderPayload> {
        let new = NewDecision {
            order: input.id,
            decision: input.decision,
            reason: input.reason,
            effective_on: input.effective_on,
        };
        let row = decide::decide(ctx.data_unchecked(), ctx.actor()?, new).await?;
        Ok(OrderPayload { order: Order(row) })
    }

    /// Mails the receipt of a cancellation or withdrawal once more, where it is known not to have arrived. For staff that
    /// handles requests.
    async fn resend_receipt(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which receipt, and where to.")] input: ResendReceiptInput,
    ) -> Result<OrderPayload> {
        let (app, email) = (ctx.data_unchecked(), input.email.as_deref());
        let row = receipt::resend(app, ctx.actor()?, input.id, email).await?;
        Ok(OrderPayload { order: Order(row) })
    }

    /// Notes that a receipt which no mail could bring went by post. `GET /download/orders/{id}/receipt` prints it. For
    /// staff that handles requests.
    async fn note_receipt_posted(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which receipt.")] input: NoteReceiptPostedInput,
    ) -> Result<OrderPayload> {
        let row = receipt::note_posted(ctx.data_unchecked(), ctx.actor()?, input.id).await?;
        Ok(OrderPayload { order: Order(row) })
    }

    /// Says whose declaration it is that somebody made without signing in, and about which contract. For staff that
    /// handles requests.
    async fn assign_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose it is.")] input: AssignOrderInput,
    ) -> Result<OrderPayload> {
        let app = ctx.data_unchecked();
        let (account, contract) = (&input.account_number, &input.contract_number);
        let row = decide::assign(app, ctx.actor()?, input.id, account, contract).await?;
        Ok(OrderPayload { order: Order(row) })
    }
}

/// An order as staff sees it.
#[derive(Clone, Debug)]
pub struct OfficeOrder(order::Model);

/// An order as staff sees it.
#[Object]
impl OfficeOrder {
    /// The order itself.
    async fn order(&self) -> Order {
        Order(self.0.clone())
    }

    /// Whose it is; null for a declaration that nobody has matched.
    async fn account(&self, ctx: &Context<'_>) -> Result<Option<Account>> {
        let Some(id) = self.0.account_id else { return Ok(None) };
        let row = ctx.data_unchecked::<DataLoader<AccountsById>>().load_one(id).await?;
        Ok(row.map(Account::from))
    }

    /// What became of the receipt; null for all but cancellations and withdrawals.
    async fn receipt(&self, ctx: &Context<'_>) -> Result<Option<Receipt>> {
        if !receipt::is_owed(&self.0) {
            return Ok(None);
        }
        let loader = ctx.data_unchecked::<DataLoader<ReceiptMails>>();
        let mail = match self.0.receipt_mail_id {
            Some(id) => loader.load_one(id).await?,
            None => None,
        };
        let failure = mail
            .as_ref()
            .is_none_or(|mail| mail.given_up_at.or(mail.bounced_at).is_some());
        Ok(Some(Receipt {
            recipient: mail.as_ref().map(|mail| mail.recipient.clone()),
            has_failed: failure,
            problem: mail
                .filter(|_| failure)
                .and_then(|mail| mail.bounce_reason.or(mail.last_error)),
            posted_at: self.0.receipt_posted_at,
        }))
    }

    /// What was typed by somebody who had not signed in; null for all other orders.
    async fn declaration(&self, ctx: &Context<'_>) -> Result<Option<Declaration>> {
        let loader = ctx.data_unchecked::<DataLoader<DeclarationsByOrder>>();
        Ok(loader.load_one(self.0.id).await?.map(Declaration::from))
    }
}

/// What became of the receipt of a cancellation or withdrawal, which the law asks for.
#[derive(Clone, Debug, SimpleObject)]
pub struct Receipt {
    /// Where it was mailed to; null where no address was known.
    pub recipient: Option<String>,
    /// Whether it is known not to have arrived: the mail was refused for good, came back, or there was no address.
    pub has_failed: bool,
    /// Why, in the words of the server that refused it.
    pub problem: Option<String>,
    /// When it went by post instead.
    pub posted_at: Option<DateTime<Utc>>,
}

/// What was typed by somebody who had not signed in. Nobody has proved it.
#[derive(Clone, Debug, SimpleObject)]
pub struct Declaration {
    /// Who.
    pub name: String,
    /// Customer number or whatever else shall tell who it is.
    pub identification: String,
    /// Where the receipt went.
    pub email: String,
    /// Which contract.
    pub contract: String,
    /// When it shall end; null for as soon as possible.
    pub wished_on: Option<NaiveDate>,
}

impl From<declaration::Model> for Declaration {
    fn from(row: declaration::Model) -> Self {
        Self {
            name: row.name,
            identification: row.identification,
            email: row.email,
            contract: row.contract,
            wished_on: row.wished_on,
        }
    }
}

/// What `decideOrder` takes.
#[derive(InputObject)]
pub struct DecideOrderInput {
    /// The order.
    pub id: OrderId,
    /// Yes or no.
    pub decision: Decision,
    /// Why, at most 1000 characters: the customer reads it.
    pub reason: String,
    /// Another first day, or last day of a contract that ends, than the order's.
    pub effective_on: Option<NaiveDate>,
}

/// What `resendReceipt` takes.
#[derive(InputObject)]
pub struct ResendReceiptInput {
    /// The order.
    pub id: OrderId,
    /// Another address; the one of the first try if it is not given.
    pub email: Option<String>,
}

/// What `noteReceiptPosted` takes.
#[derive(InputObject)]
pub struct NoteReceiptPostedInput {
    /// The order.
    pub id: OrderId,
}

/// What `assignOrder` takes.
#[derive(InputObject)]
pub struct AssignOrderInput {
    /// The order.
    pub id: OrderId,
    /// The customer's number.
    pub account_number: String,
    /// The number of one of his contracts.
    pub contract_number: String,
}

//! Orders as the API offers them to customers, and the two buttons of the law to everybody.
use super::{
    declare::{self, NewDeclaration},
    input_graphql::{
        CancelContractInput, DeclarationReceipt, DeclareCancellationInput, DeclareRevocationInput, OrderPayload,
        PlaceOrderInput, WithdrawOrderInput,
    },
    list::{self, OrderFilter},
    load::ContractsById,
    place::{self, NewCancellation, Seen},
    price::{total_of, with_tax},
    quote::{self, NewOrder},
    quote_graphql::{OrderQuote, OrderQuoteInput},
};
use crate::{
    actor::RequestActor,
    entity::order,
    error::Result,
    money::Money,
    page::{Connection, Page},
    product::{ProductsById, graphql::Product},
    session::Origin,
};
use async_graphql::{Context, Object, SimpleObject, dataloader::DataLoader};
use chrono::{DateTime, NaiveDate, Utc};
use shared::{
    id::{ContractId, OrderId},
    money::Amount,
    order::{OrderKind, OrderSource, OrderState},
    product::PricePeriod,
    tax::TaxRate,
};
use uuid::Uuid;

/// The queries of this part.
#[derive(Debug, Default)]
pub struct OrderQuery;

#[Object]
impl OrderQuery {
    /// The orders of the account in view, newest first. Needs the right to manage contracts.
    async fn orders(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones; all if it is not given.")] filter: Option<OrderFilter>,
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
    ) -> Result<Connection<Order>> {
        let page = Page::read(first, after)?;
        let filter = filter.unwrap_or_default();
        let (rows, total) = list::orders(ctx.data_unchecked(), ctx.actor()?, &filter, &page).await?;
        let rows = rows.into_iter().map(Order).collect();
        Ok(Connection::new(&page, rows, total, |order| order.0.id))
    }

    /// An order of the account in view. Needs the right to manage contracts.
    async fn order(&self, ctx: &Context<'_>, #[graphql(desc = "Which one.")] id: OrderId) -> Result<Order> {
        Ok(Order(list::get(ctx.data_unchecked(), ctx.actor()?, id).await?))
    }

    /// What an order of the account in view would cost, and from when. Nothing is ordered. Needs the right to manage
    /// contracts.
    async fn order_quote(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What would be ordered.")] input: OrderQuoteInput,
    ) -> Result<OrderQuote> {
        let new = NewOrder {
            kind: input.kind,
            product: input.product_id,
            contract: input.contract_id,
            label: input.label,
            wished_on: input.wished_on,
        };
        Ok(OrderQuote(quote::quote(ctx.data_unchecked(), ctx.actor()?, new).await?))
    }

    /// The last day of a contract of the account in view if it were cancelled now without cause. Needs the right to
    /// manage contracts.
    async fn next_end(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which contract.")] contract_id: ContractId,
    ) -> Result<NaiveDate> {
        place::next_end_of(ctx.data_unchecked(), ctx.actor()?, contract_id).await
    }
}

/// The mutations of this part.
#[derive(Debug, Default)]
pub struct OrderMutation;

#[Object]
impl OrderMutation {
    /// Orders a further product, an option or a change, with the obligation to pay. The same key twice is one order.
    /// What was seen must be what counts: otherwise it is refused with `CONFLICT`, and `extensions.offered` says what
    /// counts now (`price`, `period`, `setupPrice`, `taxRate`, `currency`, `effectiveOn`). Needs the right to manage
    /// contracts.
    async fn place_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is ordered, and what was seen of it.")] input: PlaceOrderInput,
    ) -> Result<OrderPayload> {
        let new = NewOrder {
            kind: input.kind,
            product: input.product_id,
            contract: input.contract_id,
            label: input.label,
            wished_on: input.wished_on,
        };
        let seen = Seen {
            price: input.seen_price,
            period: input.seen_period,
            setup_price: input.seen_setup_price,
            tax_rate: input.seen_tax_rate,
            effective_on: input.seen_effective_on,
        };
        let (app, key) = (ctx.data_unchecked(), input.idempotency_key);
        let row = place::place(app, ctx.actor()?, key, new, seen).await?;
        Ok(OrderPayload { order: Order(row) })
    }

    /// Cancels a contract, at the next possible date or for cause. The same key twice is one cancellation. Needs the
    /// right to manage contracts.
    async fn cancel_contract(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which contract and how.")] input: CancelContractInput,
    ) -> Result<OrderPayload> {
        let new = NewCancellation {
            contract: input.contract_id,
            is_extraordinary: input.is_extraordinary,
            ends_on: input.ends_on,
            reason: input.reason,
        };
        let (app, key) = (ctx.data_unchecked(), input.idempotency_key);
        let row = place::cancel(app, ctx.actor()?, key, new).await?;
        Ok(OrderPayload { order: Order(row) })
    }

    /// Takes an order back that nobody has decided. Needs the right to manage contracts.
    async fn withdraw_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: WithdrawOrderInput,
    ) -> Result<OrderPayload> {
        let row = place::withdraw(ctx.data_unchecked(), ctx.actor()?, input.id).await?;
        Ok(OrderPayload { order: Order(row) })
    }

    /// Cancels a contract without signing in (BGB § 312k). The answer is the same whether there is such a contract or
    /// not; the receipt is mailed at once. The same key twice is one cancellation.
    async fn declare_cancellation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who cancels what.")] input: DeclareCancellationInput,
    ) -> Result<DeclarationReceipt> {
        let new = NewDeclaration {
            kind: OrderKind::Cancellation,
            name: input.name,
            identification: input.identification,
            email: input.email,
            contract: input.contract,
            is_extraordinary: input.is_extraordinary,
            reason: input.reason,
            ends_on: input.ends_on,
            language: input.language,
        };
        declared(ctx, input.idempotency_key, new).await
    }

    /// Withdraws from a contract without signing in (Directive (EU) 2023/2673, Article 11a). Otherwise as
    /// `declareCancellation`.
    async fn declare_revocation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who withdraws from what.")] input: DeclareRevocationInput,
    ) -> Result<DeclarationReceipt> {
        let new = NewDeclaration {
            kind: OrderKind::Revocation,
            name: input.name,
            identification: input.identification,
            email: input.email,
            contract: input.contract,
            is_extraordinary: false,
            reason: None,
            ends_on: None,
            language: input.language,
        };
        declared(ctx, input.idempotency_key, new).await
    }
}

async fn declared(ctx: &Context<'_>, key: Uuid, new: NewDeclaration) -> Result<DeclarationReceipt> {
    let origin = ctx.data_unchecked::<Origin>();
    let receipt = declare::declare(ctx.data_unchecked(), origin, key, new).await?;
    Ok(DeclarationReceipt {
        number: receipt.number,
        received_at: receipt.received_at,
    })
}

/// What a customer asks for about his contracts.
#[derive(Clone, Debug)]
pub struct Order(pub order::Model);

/// What a customer asks for about his contracts.
#[Object]
impl Order {
    /// Names the order.
    async fn id(&self) -> OrderId {
        self.0.id
    }

    /// Its number, as people say it.
    async fn number(&self) -> &str {
        &self.0.number
    }

    /// What it asks for.
    async fn kind(&self) -> OrderKind {
        self.0.kind
    }

    /// How it came.
    async fn source(&self) -> OrderSource {
        self.0.source
    }

    /// Where it stands.
    async fn state(&self) -> OrderState {
        self.0.state
    }

    /// The ordered product, or the one of the contract that ends; null while that is not known.
    async fn product(&self, ctx: &Context<'_>) -> Result<Option<Product>> {
        let Some(id) = self.0.product_id else { return Ok(None) };
        let row = ctx.data_unchecked::<DataLoader<ProductsById>>().load_one(id).await?;
        Ok(row.map(Product))
    }

    /// The contract that it changes, ends or made; null while there is none.
    async fn contract(&self, ctx: &Context<'_>) -> Result<Option<OrderContract>> {
        let Some(id) = self.0.contract_id.or(self.0.made_contract_id) else {
            return Ok(None);
        };
        let row = ctx.data_unchecked::<DataLoader<ContractsById>>().load_one(id).await?;
        let row = row.filter(|row| Some(row.account_id) == self.0.account_id);
        Ok(row.map(|row| OrderContract {
            id: row.id,
            number: row.number,
        }))
    }

    /// Where or for what it is.
    async fn label(&self) -> Option<&str> {
        self.0.label.as_deref()
    }

    /// What the contract cost when it was placed, without tax.
    async fn price_before(&self) -> Option<Money> {
        money(self.0.price_before, &self.0.currency)
    }

    /// What `priceBefore` is for.
    async fn period_before(&self) -> Option<PricePeriod> {
        self.0.period_before
    }

    /// What the ordered product costs, without tax; null where a price list says more, or nothing is ordered.
    async fn price_after(&self) -> Option<Money> {
        money(self.0.price_after, &self.0.currency)
    }

    /// What `priceAfter` is for.
    async fn period_after(&self) -> Option<PricePeriod> {
        self.0.period_after
    }

    /// What the contract costs with it, without tax, if that is one sum.
    async fn total_after(&self) -> Option<Money> {
        money(total_of(&self.0), &self.0.currency)
    }

    /// What is paid once, without tax.
    async fn setup_price(&self) -> Option<Money> {
        money(self.0.setup_price, &self.0.currency)
    }

    /// The rate of value added tax on what is ordered, as it was when it was placed; null where a contract ends.
    async fn tax_rate(&self) -> Option<TaxRate> {
        self.0.tax_rate
    }

    /// `totalAfter` with value added tax.
    async fn gross_after(&self) -> Option<Money> {
        let gross = total_of(&self.0).zip(self.0.tax_rate);
        money(gross.and_then(|(net, rate)| with_tax(net, rate)), &self.0.currency)
    }

    /// Its first day, or the last day of a contract that ends.
    async fn effective_on(&self) -> Option<NaiveDate> {
        self.0.effective_on
    }

    /// Whether a contract shall end for cause.
    async fn is_extraordinary(&self) -> bool {
        self.0.is_extraordinary
    }

    /// What the customer wrote.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// When it arrived.
    async fn placed_at(&self) -> DateTime<Utc> {
        self.0.placed_at
    }

    /// When it was decided.
    async fn decided_at(&self) -> Option<DateTime<Utc>> {
        self.0.decided_at
    }

    /// Why it was decided so.
    async fn decision_reason(&self) -> Option<&str> {
        self.0.decision_reason.as_deref()
    }
}

/// The contract of an order.
#[derive(Clone, Debug, SimpleObject)]
pub struct OrderContract {
    /// Names the contract.
    pub id: ContractId,
    /// Its number.
    pub number: String,
}

pub(super) fn money(amount: Option<Amount>, currency: &str) -> Option<Money> {
    amount.map(|amount| Money {
        amount,
        currency: currency.to_owned(),
    })
}

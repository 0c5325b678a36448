//! What the mutations of orders take and give.
use super::graphql::Order;
use async_graphql::{InputObject, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use shared::{
    account::Language,
    id::{ContractId, OrderId, ProductId},
    money::Amount,
    order::OrderKind,
    product::PricePeriod,
    tax::TaxRate,
};
use uuid::Uuid;

/// What `placeOrder` takes.
#[derive(InputObject)]
pub struct PlaceOrderInput {
    /// Made by the client for this order: the same key again gives the same order (for 24 hours).
    pub idempotency_key: Uuid,
    /// `NEW_PRODUCT`, `OPTION` or `CHANGE`.
    pub kind: OrderKind,
    /// Which product.
    pub product_id: ProductId,
    /// The contract that it changes or belongs to.
    pub contract_id: Option<ContractId>,
    /// Where or for what it is, at most 100 characters.
    pub label: Option<String>,
    /// From when; as soon as possible if it is not given.
    pub wished_on: Option<NaiveDate>,
    /// The price that the customer saw: `priceAfter` of the quote.
    pub seen_price: Option<Amount>,
    /// What its price is for, as the customer saw it: `periodAfter` of the quote.
    pub seen_period: PricePeriod,
    /// What is paid once, as the customer saw it: `setupPrice` of the quote.
    pub seen_setup_price: Option<Amount>,
    /// The rate of value added tax that the customer saw: `taxRate` of the quote.
    pub seen_tax_rate: TaxRate,
    /// The day that the customer saw: `effectiveOn` of the quote.
    pub seen_effective_on: NaiveDate,
}

/// What `cancelContract` takes.
#[derive(InputObject)]
pub struct CancelContractInput {
    /// As with `placeOrder`.
    pub idempotency_key: Uuid,
    /// Which contract.
    pub contract_id: ContractId,
    /// Whether for cause, rather than at the next possible date.
    pub is_extraordinary: bool,
    /// The last day, for cause only; today if it is not given.
    pub ends_on: Option<NaiveDate>,
    /// Why, at most 1000 characters; needed for cause.
    pub reason: Option<String>,
}

/// What `withdrawOrder` takes.
#[derive(InputObject)]
pub struct WithdrawOrderInput {
    /// The order.
    pub id: OrderId,
}

/// What the mutations of orders give.
#[derive(SimpleObject)]
pub struct OrderPayload {
    /// The order as it stands now.
    pub order: Order,
}

/// What `declareCancellation` takes.
#[derive(InputObject)]
pub struct DeclareCancellationInput {
    /// As with `placeOrder`.
    pub idempotency_key: Uuid,
    /// Who cancels, at most 200 characters.
    pub name: String,
    /// Customer number, address or whatever else tells who it is, at most 200 characters.
    pub identification: String,
    /// Where the receipt goes.
    pub email: String,
    /// Which contract: number or name, at most 200 characters.
    pub contract: String,
    /// Whether for cause.
    pub is_extraordinary: bool,
    /// Why, at most 1000 characters; needed for cause.
    pub reason: Option<String>,
    /// When it shall end; as soon as possible if it is not given.
    pub ends_on: Option<NaiveDate>,
    /// The language of the receipt.
    pub language: Language,
}

/// What `declareRevocation` takes.
#[derive(InputObject)]
pub struct DeclareRevocationInput {
    /// As with `placeOrder`.
    pub idempotency_key: Uuid,
    /// Who withdraws, at most 200 characters.
    pub name: String,
    /// Customer number, address or whatever else tells who it is, at most 200 characters.
    pub identification: String,
    /// Where the receipt goes.
    pub email: String,
    /// Which contract: number or name, at most 200 characters.
    pub contract: String,
    /// The language of the receipt.
    pub language: Language,
}

/// What is known of a declaration at once.
#[derive(SimpleObject)]
pub struct DeclarationReceipt {
    /// Its number.
    pub number: String,
    /// When it arrived.
    pub received_at: DateTime<Utc>,
}

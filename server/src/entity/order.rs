//! What customers ask for about their contracts.
use sea_orm::entity::prelude::*;
use shared::{
    id::{AccountId, ContractId, MailId, OrderId, ProductId, UserId},
    money::Amount,
    order::{OrderKind, OrderSource, OrderState},
    product::PricePeriod,
    tax::TaxRate,
};

/// A row of `order`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "order")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrderId,
    /// As people name it.
    pub number: String,
    /// Whose it is; none for a declaration that nobody has matched to a customer.
    pub account_id: Option<AccountId>,
    /// The contract that it changes or ends; none for a new one, or while unmatched.
    pub contract_id: Option<ContractId>,
    /// The product that is ordered, or the contract's where it ends.
    pub product_id: Option<ProductId>,
    pub kind: OrderKind,
    pub source: OrderSource,
    pub state: OrderState,
    /// Where or for what a new product is.
    pub label: Option<String>,
    /// What the contract costs without this order, without tax.
    pub price_before: Option<Amount>,
    pub period_before: Option<PricePeriod>,
    /// What the ordered product costs, without tax.
    pub price_after: Option<Amount>,
    pub period_after: Option<PricePeriod>,
    /// What is paid once, without tax.
    pub setup_price: Option<Amount>,
    /// The rate of value added tax on what is ordered, as it was then; none where a contract ends.
    pub tax_rate: Option<TaxRate>,
    pub currency: String,
    /// The first day of what is ordered, or the last day of a contract that ends.
    pub effective_on: Option<Date>,
    /// Whether a contract shall end for cause rather than at the next possible date.
    pub is_extraordinary: bool,
    /// What the customer wrote.
    pub reason: Option<String>,
    pub placed_by: Option<UserId>,
    pub placed_at: DateTimeUtc,
    pub decided_by: Option<UserId>,
    pub decided_at: Option<DateTimeUtc>,
    /// What staff wrote.
    pub decision_reason: Option<String>,
    /// The contract that came of it.
    pub made_contract_id: Option<ContractId>,
    /// The mail that told of the arrival of a cancellation or withdrawal; none where there was no address.
    pub receipt_mail_id: Option<MailId>,
    /// When that went by post instead.
    pub receipt_posted_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}

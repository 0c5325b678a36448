//! Invoices: what was read from the original file, which is kept apart under its SHA-256.
use sea_orm::entity::prelude::*;
use shared::{
    id::{AccountId, ContractId, InvoiceId},
    money::Amount,
};

/// A row of `invoice`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invoice")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InvoiceId,
    /// Who sees it; none while it waits for a person to say whose it is, or is held.
    pub account_id: Option<AccountId>,
    /// Whose it is while it is held for what its sums contradict; nobody of the account sees it until staff publishes.
    pub held_account_id: Option<AccountId>,
    /// Why staff published it in spite of its findings.
    #[sea_orm(column_type = "Text", nullable)]
    pub release_reason: Option<String>,
    /// The contract that it names, of the same account.
    pub contract_id: Option<ContractId>,
    /// How much of it the provider says is paid; none where nothing is known.
    pub paid_total: Option<Amount>,
    /// The day of the last payment.
    pub paid_on: Option<Date>,
    /// BT-1.
    pub number: String,
    /// BT-3.
    pub type_code: String,
    /// BT-2.
    pub issue_date: Date,
    /// BT-9.
    pub due_date: Option<Date>,
    /// BT-5.
    pub currency: String,
    /// The seller by VAT id, else tax number, else name: with number and type the identity within an account.
    pub seller_identity: String,
    pub seller_name: String,
    pub buyer_name: String,
    pub net_total: Option<Amount>,
    pub tax_total: Option<Amount>,
    pub gross_total: Amount,
    pub payable: Amount,
    pub syntax: String,
    pub profile: String,
    /// How many findings the document carries.
    pub finding_count: i32,
    /// All that was read, as JSON of `invoice::read::InvoiceDocument`; can be made again from the original.
    #[sea_orm(column_type = "Text")]
    pub document: String,
    pub file_name: String,
    pub media_type: String,
    pub file_size: i32,
    /// Of the original, 64 hexadecimal digits.
    pub sha256: String,
    pub created_at: DateTimeUtc,
    /// Since when its account sees it; none while it waits or is held.
    pub visible_at: Option<DateTimeUtc>,
    /// When the mails about it were written, or it was found that nobody wants one; none before.
    pub told_at: Option<DateTimeUtc>,
    /// To how many addresses a mail about it went.
    pub told_count: Option<i32>,
    /// The number of the first earlier invoice that it names (BT-25), such as the one that it corrects.
    pub refers_to: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}

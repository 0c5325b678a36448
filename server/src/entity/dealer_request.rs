//! Requests to become a dealer.
use sea_orm::entity::prelude::*;
use shared::{
    device::DealerRequestState,
    id::{AccountId, DealerRequestId, UserId},
};

/// A row of `dealer_request`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "dealer_request")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DealerRequestId,
    /// The account that asks.
    pub account_id: AccountId,
    /// Who asks.
    pub user_id: UserId,
    pub company: String,
    /// As the applicant knows it.
    pub customer_number: Option<String>,
    pub message: Option<String>,
    pub state: DealerRequestState,
    /// The day until which the applicant may expect an answer.
    pub expected_on: Date,
    /// Why it was rejected: the applicant reads it.
    pub reason: Option<String>,
    /// The account that the decision made.
    pub dealer_account_id: Option<AccountId>,
    /// How many devices were handed over with the decision.
    pub device_count: Option<i32>,
    pub created_at: DateTimeUtc,
    /// When it was decided or taken back.
    pub decided_at: Option<DateTimeUtc>,
    pub decided_by: Option<UserId>,
}

impl ActiveModelBehavior for ActiveModel {}

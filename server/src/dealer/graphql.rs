//! Dealer access as the API offers it to those who ask for it.
use super::{NewRequest, own, request, withdraw};
use crate::{actor::RequestActor, entity::dealer_request, error::Result};
use async_graphql::{Context, InputObject, Object, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use shared::{
    device::DealerRequestState,
    id::{AccountId, DealerRequestId},
};

/// The queries of this part.
#[derive(Debug, Default)]
pub struct DealerQuery;

#[Object]
impl DealerQuery {
    /// The newest 20 requests of the account in view to become a dealer, newest first. Only for owners.
    async fn dealer_requests(&self, ctx: &Context<'_>) -> Result<Vec<DealerRequest>> {
        let rows = own(ctx.data_unchecked(), ctx.actor()?).await?;
        Ok(rows.into_iter().map(DealerRequest::from).collect())
    }
}

/// The mutations of this part.
#[derive(Debug, Default)]
pub struct DealerMutation;

#[Object]
impl DealerMutation {
    /// Asks for the account of a dealer, who holds devices and gives others the right to read them. The applicant is told by mail until when he may expect an answer. Only for owners of a customer's account.
    async fn request_dealer_access(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who asks, in words.")] input: RequestDealerAccessInput,
    ) -> Result<DealerRequestPayload> {
        let new = NewRequest {
            company: input.company,
            customer_number: input.customer_number,
            message: input.message,
        };
        let row = request(ctx.data_unchecked(), ctx.actor()?, new).await?;
        Ok(DealerRequestPayload { request: row.into() })
    }

    /// Takes a request back that is not decided. Only for owners.
    async fn withdraw_dealer_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: WithdrawDealerRequestInput,
    ) -> Result<DealerRequestPayload> {
        let row = withdraw(ctx.data_unchecked(), ctx.actor()?, input.id).await?;
        Ok(DealerRequestPayload { request: row.into() })
    }
}

/// Who asks to become a dealer, in words.
#[derive(Debug, InputObject)]
pub struct RequestDealerAccessInput {
    /// The company, as on a letter; at most 200 characters.
    pub company: String,
    /// The customer number by which the provider knows it; at most 40 characters.
    pub customer_number: Option<String>,
    /// What else there is to say, such as orders or devices; at most 2,000 characters.
    pub message: Option<String>,
}

/// Which request is taken back.
#[derive(Debug, InputObject)]
pub struct WithdrawDealerRequestInput {
    /// Which.
    pub id: DealerRequestId,
}

/// The request after a change.
#[derive(Debug, SimpleObject)]
pub struct DealerRequestPayload {
    /// The request.
    pub request: DealerRequest,
}

/// A request to become a dealer.
#[derive(Clone, Debug, SimpleObject)]
pub struct DealerRequest {
    /// The company, as the applicant wrote it.
    pub company: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// The customer number, as the applicant wrote it.
    pub customer_number: Option<String>,
    /// The account that the decision made; null where it was not granted.
    pub dealer_account_id: Option<AccountId>,
    /// When it was decided or taken back; null while it is open.
    pub decided_at: Option<DateTime<Utc>>,
    /// How many devices were handed over with the decision; null where it was not granted.
    pub device_count: Option<i32>,
    /// The day until which an answer may be expected.
    pub expected_on: NaiveDate,
    /// Names it.
    pub id: DealerRequestId,
    /// What else the applicant wrote.
    pub message: Option<String>,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// Where it stands.
    pub state: DealerRequestState,
}

impl From<dealer_request::Model> for DealerRequest {
    fn from(row: dealer_request::Model) -> Self {
        Self {
            company: row.company,
            created_at: row.created_at,
            customer_number: row.customer_number,
            dealer_account_id: row.dealer_account_id,
            decided_at: row.decided_at,
            device_count: row.device_count,
            expected_on: row.expected_on,
            id: row.id,
            message: row.message,
            reason: row.reason,
            state: row.state,
        }
    }
}

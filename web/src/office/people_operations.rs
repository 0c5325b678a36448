//! What the page of a customer asks about the people.
use crate::api::{self, ApiError, Instant, schema};
use cynic::{MutationBuilder, QueryBuilder};
use shared::id::{AccountId, UserId};

#[derive(cynic::QueryVariables)]
struct PeopleVariables {
    id: AccountId,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "PeopleVariables")]
struct People {
    #[arguments(id: $id)]
    customer_people: Vec<CustomerPerson>,
}

/// Somebody who acts in a customer's account.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct CustomerPerson {
    /// The confirmed address.
    pub email: Option<String>,
    /// Whether he signs in with a second factor.
    pub has_second_factor: bool,
    /// Whether he may do everything.
    pub is_owner: bool,
    /// When he last did something in the account.
    pub last_seen_at: Option<Instant>,
    /// The name.
    pub name: Option<String>,
    /// Names the user.
    pub user_id: UserId,
}

/// Everybody who acts in a customer's account.
pub async fn people(id: AccountId) -> Result<Vec<CustomerPerson>, ApiError> {
    Ok(api::send(People::build(PeopleVariables { id })).await?.customer_people)
}

#[derive(cynic::InputObject)]
struct ResetSecondFactorInput {
    reason: Option<String>,
    user_id: UserId,
}

#[derive(cynic::QueryVariables)]
struct ResetVariables {
    input: ResetSecondFactorInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "ResetVariables")]
struct Reset {
    #[arguments(input: $input)]
    reset_second_factor: ResetSecondFactorPayload,
}

#[derive(cynic::QueryFragment)]
struct ResetSecondFactorPayload {
    user_id: UserId,
}

/// Takes the second factor of a customer's user off, who has lost it.
pub async fn reset_second_factor(user_id: UserId, reason: String) -> Result<UserId, ApiError> {
    let reason = Some(reason);
    let input = ResetSecondFactorInput { reason, user_id };
    let sent = api::send(Reset::build(ResetVariables { input })).await?;
    Ok(sent.reset_second_factor.user_id)
}

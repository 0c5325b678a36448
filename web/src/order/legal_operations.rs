//! What the two buttons of the law send: without signing in.
use crate::api::{self, ApiError, Day, Instant, Key, schema};
use cynic::MutationBuilder;
use shared::account::Language;

/// What somebody cancels.
#[derive(cynic::InputObject, Clone, Debug, PartialEq, Eq)]
pub struct DeclareCancellationInput {
    /// Made once for this form.
    pub idempotency_key: Key,
    /// Who.
    pub name: String,
    /// Customer number or the like.
    pub identification: String,
    /// Where the receipt goes.
    pub email: String,
    /// Which contract.
    pub contract: String,
    /// Whether for cause.
    pub is_extraordinary: bool,
    /// Why.
    pub reason: Option<String>,
    /// When it shall end.
    pub ends_on: Option<Day>,
    /// The language of the receipt.
    pub language: Language,
}

#[derive(cynic::InputObject)]
struct DeclareRevocationInput {
    idempotency_key: Key,
    name: String,
    identification: String,
    email: String,
    contract: String,
    language: Language,
}

#[derive(cynic::QueryVariables)]
struct CancelVariables {
    input: DeclareCancellationInput,
}

#[derive(cynic::QueryVariables)]
struct RevokeVariables {
    input: DeclareRevocationInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "CancelVariables")]
struct Cancel {
    #[arguments(input: $input)]
    declare_cancellation: DeclarationReceipt,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "RevokeVariables")]
struct Revoke {
    #[arguments(input: $input)]
    declare_revocation: DeclarationReceipt,
}

/// What is known of a declaration at once.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct DeclarationReceipt {
    /// Its number.
    pub number: String,
    /// When it arrived.
    pub received_at: Instant,
}

/// Sends a declaration: a revocation takes of it what it needs.
pub async fn declare(input: DeclareCancellationInput, is_revocation: bool) -> Result<DeclarationReceipt, ApiError> {
    if !is_revocation {
        let operation = Cancel::build(CancelVariables { input });
        return Ok(api::send_once(operation).await?.declare_cancellation);
    }
    let input = DeclareRevocationInput {
        idempotency_key: input.idempotency_key,
        name: input.name,
        identification: input.identification,
        email: input.email,
        contract: input.contract,
        language: input.language,
    };
    let operation = Revoke::build(RevokeVariables { input });
    Ok(api::send_once(operation).await?.declare_revocation)
}

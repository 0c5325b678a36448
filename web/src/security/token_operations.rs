//! What personal access tokens ask the server.
use crate::api::{self, ApiError, Day, Instant, schema};
use cynic::{MutationBuilder, QueryBuilder};
use shared::{
    account::{AccountKind, Right},
    id::{AccountId, TokenId},
};

/// The viewer's tokens, and where new ones can act.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "Query")]
pub struct Tokens {
    /// The newest first.
    pub tokens: Vec<Token>,
    /// Who is signed in.
    pub viewer: Option<TokenViewer>,
}

/// The viewer, as far as new tokens need him.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "Viewer")]
pub struct TokenViewer {
    /// The account in view.
    pub account: Option<TokenAccount>,
    /// All accounts that a token can be made for.
    pub memberships: Vec<TokenMembership>,
}

/// An account that a token can be made for.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "Membership")]
pub struct TokenMembership {
    /// The account.
    pub account: TokenAccount,
    /// What the viewer may do in it.
    pub rights: Vec<Right>,
}

/// An account that a token acts in.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "Account")]
pub struct TokenAccount {
    /// Names it.
    pub id: AccountId,
    /// What it is to the provider.
    pub kind: AccountKind,
    /// As on a letter.
    pub name: String,
}

/// A token.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where it acts.
    pub account: TokenAccount,
    /// Its last day.
    pub expires_on: Day,
    /// Names it.
    pub id: TokenId,
    /// Whether its last day is over.
    pub is_expired: bool,
    /// When it was last used.
    pub last_used_at: Option<Instant>,
    /// From which address.
    pub last_used_from: Option<String>,
    /// What the viewer calls it.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Right>,
}

/// The viewer's tokens, and where new ones can act.
pub async fn tokens() -> Result<Tokens, ApiError> {
    api::send(Tokens::build(())).await
}

/// What a new token is made of.
#[derive(cynic::InputObject, Clone, Debug)]
pub struct CreateTokenInput {
    /// Where it acts.
    pub account_id: Option<AccountId>,
    /// Its last day.
    pub expires_on: Day,
    /// What the viewer calls it.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Right>,
}

#[derive(cynic::QueryVariables)]
struct CreateVariables {
    input: CreateTokenInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "CreateVariables")]
struct Create {
    #[arguments(input: $input)]
    create_token: CreateTokenPayload,
}

#[derive(cynic::QueryFragment)]
struct CreateTokenPayload {
    secret: String,
}

/// Makes a token and gives what a program sends. It is shown once.
pub async fn create_token(input: CreateTokenInput) -> Result<String, ApiError> {
    let operation = Create::build(CreateVariables { input });
    Ok(api::send(operation).await?.create_token.secret)
}

#[derive(cynic::InputObject)]
struct RevokeTokenInput {
    id: TokenId,
}

#[derive(cynic::QueryVariables)]
struct RevokeVariables {
    input: RevokeTokenInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "RevokeVariables")]
struct Revoke {
    #[arguments(input: $input)]
    revoke_token: RevokeTokenPayload,
}

#[derive(cynic::QueryFragment)]
struct RevokeTokenPayload {
    id: TokenId,
}

/// Ends a token at once; gives which one it was.
pub async fn revoke_token(id: TokenId) -> Result<TokenId, ApiError> {
    let input = RevokeTokenInput { id };
    let operation = Revoke::build(RevokeVariables { input });
    Ok(api::send(operation).await?.revoke_token.id)
}

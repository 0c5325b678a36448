//! What the pages before signing in ask the server.
use crate::{
    api::{self, ApiError, schema},
    session::Viewer,
};
use cynic::{MutationBuilder, QueryBuilder};
use shared::{account::Language, link::LinkPurpose};

#[derive(cynic::QueryVariables)]
struct MailLinkVariables {
    token: String,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "MailLinkVariables")]
struct MailLinkQuery {
    #[arguments(token: $token)]
    mail_link: MailLink,
}

/// What a link out of a mail is for.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct MailLink {
    /// The address that it was sent to.
    pub email: Option<String>,
    /// Whether it is too old.
    pub is_over: bool,
    /// What it lets do.
    pub purpose: LinkPurpose,
}

/// What a link out of a mail is for. Looking changes nothing.
pub async fn mail_link(token: String) -> Result<MailLink, ApiError> {
    let operation = MailLinkQuery::build(MailLinkVariables { token });
    Ok(api::send_once(operation).await?.mail_link)
}

#[derive(cynic::InputObject)]
struct RegisterInput {
    email: String,
    language: Language,
}

#[derive(cynic::QueryVariables)]
struct RegisterVariables {
    input: RegisterInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "RegisterVariables")]
struct Register {
    #[arguments(input: $input)]
    register: RegisterPayload,
}

#[derive(cynic::QueryFragment)]
struct RegisterPayload {
    is_taken_down: bool,
}

/// Asks for a link that activates an address.
pub async fn register(email: String, language: Language) -> Result<bool, ApiError> {
    let input = RegisterInput { email, language };
    let operation = Register::build(RegisterVariables { input });
    Ok(api::send_once(operation).await?.register.is_taken_down)
}

#[derive(cynic::InputObject)]
struct RequestAccessInput {
    name: String,
}

#[derive(cynic::QueryVariables)]
struct RequestAccessVariables {
    input: RequestAccessInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "RequestAccessVariables")]
struct RequestAccess {
    #[arguments(input: $input)]
    request_access: RequestAccessPayload,
}

#[derive(cynic::QueryFragment)]
struct RequestAccessPayload {
    is_taken_down: bool,
}

/// Asks for user name and a link to choose a password.
pub async fn request_access(name: String) -> Result<bool, ApiError> {
    let input = RequestAccessInput { name };
    let operation = RequestAccess::build(RequestAccessVariables { input });
    Ok(api::send_once(operation).await?.request_access.is_taken_down)
}

#[derive(cynic::InputObject)]
struct ChoosePasswordInput {
    password: String,
    token: String,
}

#[derive(cynic::QueryVariables)]
struct ChoosePasswordVariables {
    input: ChoosePasswordInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "ChoosePasswordVariables")]
struct ChoosePassword {
    #[arguments(input: $input)]
    choose_password: ChoosePasswordPayload,
}

#[derive(cynic::QueryFragment)]
struct ChoosePasswordPayload {
    viewer: Option<Viewer>,
}

/// Sets the password of the user whom a link stands for; who is signed in by it, if anybody.
pub async fn choose_password(token: String, password: String) -> Result<Option<Viewer>, ApiError> {
    let input = ChoosePasswordInput { password, token };
    let operation = ChoosePassword::build(ChoosePasswordVariables { input });
    Ok(api::send_once(operation).await?.choose_password.viewer)
}

/// What a letter says.
#[derive(cynic::InputObject, Clone, Debug)]
pub struct RedeemLetterCodeInput {
    /// The code.
    pub code: String,
    /// The customer number.
    pub customer_number: String,
}

#[derive(cynic::QueryVariables)]
struct RedeemVariables {
    input: RedeemLetterCodeInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "RedeemVariables")]
struct Redeem {
    #[arguments(input: $input)]
    redeem_letter_code: RedeemPayload,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "RedeemLetterCodePayload")]
struct RedeemPayload {
    token: String,
}

/// Uses the code of a letter up; the token with which a password is chosen.
pub async fn redeem_letter_code(input: RedeemLetterCodeInput) -> Result<String, ApiError> {
    let operation = Redeem::build(RedeemVariables { input });
    Ok(api::send_once(operation).await?.redeem_letter_code.token)
}

#[derive(cynic::InputObject)]
struct RenewLinkInput {
    token: String,
}

#[derive(cynic::QueryVariables)]
struct RenewLinkVariables {
    input: RenewLinkInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "RenewLinkVariables")]
struct RenewLink {
    #[arguments(input: $input)]
    renew_link: RenewLinkPayload,
}

#[derive(cynic::QueryFragment)]
struct RenewLinkPayload {
    is_taken_down: bool,
}

/// Asks for a new link in place of one that is too old.
pub async fn renew_link(token: String) -> Result<bool, ApiError> {
    let input = RenewLinkInput { token };
    let operation = RenewLink::build(RenewLinkVariables { input });
    Ok(api::send_once(operation).await?.renew_link.is_taken_down)
}

//! What inviting people and accepting an invitation ask the server.
use super::operations::Invitation;
use crate::{
    api::{self, ApiError, Day, schema},
    session::Viewer,
};
use cynic::{MutationBuilder, QueryBuilder};
use shared::{
    account::{Language, Right},
    id::InvitationId,
};

/// Whom to invite, and to what.
#[derive(cynic::InputObject, Clone, Debug)]
pub struct InviteMemberInput {
    /// To whom.
    pub email: String,
    /// What he is called.
    pub name: Option<String>,
    /// What he may do.
    pub rights: Vec<Right>,
    /// His last day.
    pub until: Option<Day>,
    /// What he will sign in with.
    pub user_name: String,
}

#[derive(cynic::QueryVariables)]
struct InviteVariables {
    input: InviteMemberInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "InviteVariables")]
struct Invite {
    #[arguments(input: $input)]
    invite_member: InvitationPayload,
}

#[derive(cynic::QueryFragment)]
struct InvitationPayload {
    invitation: Invitation,
}

/// Invites somebody.
pub async fn invite_member(input: InviteMemberInput) -> Result<Invitation, ApiError> {
    let sent = api::send(Invite::build(InviteVariables { input })).await?;
    Ok(sent.invite_member.invitation)
}

#[derive(cynic::InputObject)]
struct ResendInvitationInput {
    id: InvitationId,
}

#[derive(cynic::QueryVariables)]
struct ResendVariables {
    input: ResendInvitationInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "ResendVariables")]
struct Resend {
    #[arguments(input: $input)]
    resend_invitation: InvitationPayload,
}

/// Sends an invitation again.
pub async fn resend_invitation(id: InvitationId) -> Result<Invitation, ApiError> {
    let input = ResendInvitationInput { id };
    let sent = api::send(Resend::build(ResendVariables { input })).await?;
    Ok(sent.resend_invitation.invitation)
}

#[derive(cynic::InputObject)]
struct WithdrawInvitationInput {
    id: InvitationId,
}

#[derive(cynic::QueryVariables)]
struct WithdrawVariables {
    input: WithdrawInvitationInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "WithdrawVariables")]
struct Withdraw {
    #[arguments(input: $input)]
    withdraw_invitation: WithdrawInvitationPayload,
}

#[derive(cynic::QueryFragment)]
struct WithdrawInvitationPayload {
    id: InvitationId,
}

/// Withdraws an invitation; gives which.
pub async fn withdraw_invitation(id: InvitationId) -> Result<InvitationId, ApiError> {
    let input = WithdrawInvitationInput { id };
    let sent = api::send(Withdraw::build(WithdrawVariables { input })).await?;
    Ok(sent.withdraw_invitation.id)
}

#[derive(cynic::QueryVariables)]
struct OfferVariables {
    token: String,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "OfferVariables")]
struct OfferQuery {
    #[arguments(token: $token)]
    invitation: InvitationOffer,
}

/// What the link of an invitation offers.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct InvitationOffer {
    /// The name of the account.
    pub account_name: String,
    /// Its customer number.
    pub account_number: String,
    /// To whom it was sent.
    pub email: String,
    /// Who invites.
    pub from: Option<String>,
    /// What the person is called, as the inviter says.
    pub name: Option<String>,
    /// Whether nobody can sign in with the address yet.
    pub needs_registration: bool,
    /// What the person will be able to do.
    pub rights: Vec<Right>,
    /// The last day.
    pub until: Option<Day>,
    /// What the person will sign in with.
    pub user_name: String,
}

/// What the link of an invitation offers; looking changes nothing.
pub async fn invitation(token: String) -> Result<InvitationOffer, ApiError> {
    Ok(api::send_once(OfferQuery::build(OfferVariables { token }))
        .await?
        .invitation)
}

#[derive(cynic::InputObject)]
struct AcceptInvitationInput {
    token: String,
}

#[derive(cynic::QueryVariables)]
struct AcceptVariables {
    input: AcceptInvitationInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "AcceptVariables")]
struct Accept {
    #[arguments(input: $input)]
    accept_invitation: AcceptInvitationPayload,
}

#[derive(cynic::QueryFragment)]
struct AcceptInvitationPayload {
    viewer: Viewer,
}

/// Accepts an invitation as who is signed in.
pub async fn accept_invitation(token: String) -> Result<Viewer, ApiError> {
    let input = AcceptInvitationInput { token };
    let sent = api::send(Accept::build(AcceptVariables { input })).await?;
    Ok(sent.accept_invitation.viewer)
}

/// What somebody who is invited and no user yet fills in.
#[derive(cynic::InputObject, Clone, Debug)]
pub struct CompleteInvitationInput {
    /// The language of the form.
    pub language: Language,
    /// What the person wants to be called.
    pub name: Option<String>,
    /// The password.
    pub password: String,
    /// Out of the link.
    pub token: String,
}

#[derive(cynic::QueryVariables)]
struct CompleteVariables {
    input: CompleteInvitationInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "CompleteVariables")]
struct Complete {
    #[arguments(input: $input)]
    complete_invitation: CompleteInvitationPayload,
}

#[derive(cynic::QueryFragment)]
struct CompleteInvitationPayload {
    viewer: Viewer,
}

/// Becomes a user by an invitation, and is signed in.
pub async fn complete_invitation(input: CompleteInvitationInput) -> Result<Viewer, ApiError> {
    let sent = api::send_once(Complete::build(CompleteVariables { input })).await?;
    Ok(sent.complete_invitation.viewer)
}

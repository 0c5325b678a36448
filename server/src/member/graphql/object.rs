//! A member and an invitation, as the API shows them.
use crate::{
    actor::RequestActor,
    app::App,
    entity::invitation,
    error::Result,
    member::{
        self,
        invitation::{Offer, link_ends},
        last_day,
    },
};
use async_graphql::{Context, Object, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use shared::{
    account::Right,
    id::{InvitationId, UserId},
};

/// Somebody who belongs to the account in view.
#[derive(Clone, Debug)]
pub struct Member(pub member::Member);

/// Somebody who belongs to the account in view.
#[Object]
impl Member {
    /// Names the user.
    async fn user_id(&self) -> UserId {
        self.0.user.id
    }

    /// What the person wants to be called.
    async fn name(&self) -> Option<&str> {
        self.0.user.name.as_deref()
    }

    /// The person's confirmed address.
    async fn email(&self) -> Option<&str> {
        self.0.user.email.as_deref()
    }

    /// What the person can sign in with that belongs to this account.
    async fn user_names(&self) -> &[String] {
        &self.0.user_names
    }

    /// What the person may do in the account, as it was granted.
    async fn rights(&self) -> Vec<Right> {
        self.0.membership.rights.to_vec()
    }

    /// The last day on which the access counts, in UTC; null without an end.
    async fn until(&self) -> Option<NaiveDate> {
        self.0.membership.expires_at.map(last_day)
    }

    /// Whether the access has ended.
    async fn has_ended(&self, ctx: &Context<'_>) -> bool {
        let now = ctx.data_unchecked::<App>().clock.now();
        self.0.membership.expires_at.is_some_and(|end| end <= now)
    }

    /// Since when the person is shut out of the account; null for who is not.
    async fn blocked_at(&self) -> Option<DateTime<Utc>> {
        self.0.membership.blocked_at
    }

    /// Since when the person belongs to the account.
    async fn joined_at(&self) -> DateTime<Utc> {
        self.0.membership.created_at
    }

    /// When the person last signed in to the account or did something in it that its log shows; null for never.
    async fn last_seen_at(&self) -> Option<DateTime<Utc>> {
        self.0.last_seen_at
    }

    /// Whether the person signs in with a second factor.
    async fn has_second_factor(&self) -> bool {
        self.0.has_second_factor
    }

    /// Whether this is the viewer.
    async fn is_viewer(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(ctx.actor()?.user == self.0.user.id)
    }

    /// Whether the viewer may change this member: has all the rights that the member has.
    async fn viewer_can_change(&self) -> bool {
        self.0.may_change
    }
}

/// An invitation into the account in view that waits to be accepted.
#[derive(Clone, Debug)]
pub struct Invitation(pub invitation::Model);

/// An invitation into the account in view that waits to be accepted.
#[Object]
impl Invitation {
    /// Names the invitation.
    async fn id(&self) -> InvitationId {
        self.0.id
    }

    /// The address that it was sent to.
    async fn email(&self) -> &str {
        &self.0.email
    }

    /// What the person will be able to sign in with besides the address.
    async fn user_name(&self) -> &str {
        &self.0.user_name
    }

    /// What the person is called, as the inviter said.
    async fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// What the person will be able to do.
    async fn rights(&self) -> Vec<Right> {
        self.0.rights.to_vec()
    }

    /// The last day on which the access will count, in UTC; null without an end.
    async fn until(&self) -> Option<NaiveDate> {
        self.0.expires_at.map(last_day)
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When its newest link ends or ended; `resendInvitation` sends another one.
    async fn link_ends_at(&self) -> DateTime<Utc> {
        link_ends(&self.0)
    }

    /// Whether its newest link has ended.
    async fn is_link_over(&self, ctx: &Context<'_>) -> bool {
        link_ends(&self.0) <= ctx.data_unchecked::<App>().clock.now()
    }
}

/// What the link of an invitation offers to whoever has it.
#[derive(Clone, Debug, SimpleObject)]
pub struct InvitationOffer {
    /// The address that it was sent to.
    pub email: String,
    /// The name of the account.
    pub account_name: String,
    /// The customer number of the account.
    pub account_number: String,
    /// Who invites.
    pub from: Option<String>,
    /// What the person is called, as the inviter said.
    pub name: Option<String>,
    /// What the person will be able to sign in with besides the address.
    pub user_name: String,
    /// What the person will be able to do.
    pub rights: Vec<Right>,
    /// The last day on which the access will count, in UTC; null without an end.
    pub until: Option<NaiveDate>,
    /// Whether the address cannot sign in yet, so that `completeInvitation` is the way and not `acceptInvitation`.
    pub needs_registration: bool,
}

impl From<Offer> for InvitationOffer {
    fn from(offer: Offer) -> Self {
        let row = offer.invitation;
        Self {
            email: row.email,
            account_name: offer.account.name,
            account_number: offer.account.number,
            from: offer.inviter,
            name: row.name,
            user_name: row.user_name,
            rights: row.rights.to_vec(),
            until: row.expires_at.map(last_day),
            needs_registration: offer.needs_registration,
        }
    }
}

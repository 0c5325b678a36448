//! The own profile and the own e-mail address, as the API offers them.
use super::{email_change, graphql::Viewer, profile};
use crate::{
    account::confirmation::{self, AddressLink as Found},
    actor::{Actor, RequestActor},
    error::Result,
    session::Origin,
};
use async_graphql::{Context, InputObject, Object, SimpleObject};
use shared::link::LinkPurpose;

/// The queries of this subject.
#[derive(Debug, Default)]
pub struct ProfileQuery;

#[Object]
impl ProfileQuery {
    /// What a link to confirm an address, or to take its change back, is about. Looking at it changes nothing. An
    /// invalid one is refused with `LINK_INVALID`.
    async fn address_link(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Out of the link: what follows `#`.")] token: String,
    ) -> Result<AddressLink> {
        Ok(confirmation::look(ctx.data_unchecked(), &token).await?.into())
    }
}

/// The mutations of this subject.
#[derive(Debug, Default)]
pub struct ProfileMutation;

#[Object]
impl ProfileMutation {
    /// Changes what the viewer says of himself.
    async fn change_profile(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to set.")] input: ChangeProfileInput,
    ) -> Result<ChangeProfilePayload> {
        let actor = ctx.actor()?;
        profile::change(ctx.data_unchecked(), actor, input.name).await?;
        Ok(ChangeProfilePayload {
            viewer: Viewer(actor.clone()),
        })
    }

    /// Sends a link to an address that shall become the viewer's; it does once the link is used, within 24 hours.
    /// The answer is the same whether somebody has the address or not. Needs the password given in the last ten
    /// minutes.
    async fn change_email(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new address.")] input: ChangeEmailInput,
    ) -> Result<ChangeEmailPayload> {
        let pending = email_change::ask(ctx.data_unchecked(), ctx.actor()?, &input.email).await?;
        Ok(ChangeEmailPayload {
            pending_email: pending.into(),
        })
    }

    /// Withdraws the address that waits to be confirmed as the viewer's; its link is worth nothing from here on.
    async fn withdraw_email_change(&self, ctx: &Context<'_>) -> Result<WithdrawEmailChangePayload> {
        let actor = ctx.actor()?;
        email_change::withdraw(ctx.data_unchecked(), actor).await?;
        Ok(WithdrawEmailChangePayload {
            viewer: Viewer(actor.clone()),
        })
    }

    /// Confirms the address that a link was sent to: the user's own, or one for invoices. Works signed out; the link
    /// is used up. Those who had the address before are told, with a link to take it back.
    async fn confirm_address(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The link's token.")] input: ConfirmAddressInput,
    ) -> Result<ConfirmAddressPayload> {
        let (actor, origin) = (ctx.data_opt::<Actor>(), ctx.data_unchecked::<Origin>());
        let confirmed = confirmation::confirm(ctx.data_unchecked(), actor, origin, &input.token).await?;
        Ok(ConfirmAddressPayload {
            confirmed: confirmed.into(),
        })
    }

    /// Takes back the change of an address. Works signed out, within seven days; the link is used up. Where it was a
    /// user's own address, all that is signed in with his access ends, and he chooses a new password by another link.
    async fn undo_change(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The link's token.")] input: UndoChangeInput,
    ) -> Result<UndoChangePayload> {
        let origin = ctx.data_unchecked::<Origin>();
        let undone = confirmation::undo(ctx.data_unchecked(), origin, &input.token).await?;
        Ok(UndoChangePayload { undone: undone.into() })
    }
}

/// A link in a mail about an address.
#[derive(SimpleObject)]
pub struct AddressLink {
    /// What it does: `EMAIL_CHANGE`, `EMAIL_UNDO`, `BILLING_EMAIL` or `BILLING_EMAIL_UNDO`.
    pub purpose: LinkPurpose,
    /// The address that it was sent to.
    pub email: String,
    /// The name of the account whose invoices it is about; null where it is about the user's own address.
    pub account_name: Option<String>,
}

impl From<Found> for AddressLink {
    fn from(found: Found) -> Self {
        Self {
            purpose: found.purpose,
            email: found.email,
            account_name: found.account_name,
        }
    }
}

/// What `changeProfile` takes.
#[derive(InputObject)]
pub struct ChangeProfileInput {
    /// What the viewer wants to be called, at most 100 characters; null or empty takes the name away.
    pub name: Option<String>,
}

/// What `changeProfile` gives.
#[derive(SimpleObject)]
pub struct ChangeProfilePayload {
    /// The viewer as he is called now.
    pub viewer: Viewer,
}

/// What `changeEmail` takes.
#[derive(InputObject)]
pub struct ChangeEmailInput {
    /// The address that shall be the viewer's.
    pub email: String,
}

/// What `changeEmail` gives.
#[derive(SimpleObject)]
pub struct ChangeEmailPayload {
    /// The address that waits to be confirmed, as it is compared.
    pub pending_email: String,
}

/// What `withdrawEmailChange` gives.
#[derive(SimpleObject)]
pub struct WithdrawEmailChangePayload {
    /// The viewer, for whom no address waits.
    pub viewer: Viewer,
}

/// What `confirmAddress` takes.
#[derive(InputObject)]
pub struct ConfirmAddressInput {
    /// Out of the link: what follows `#`.
    pub token: String,
}

/// What `confirmAddress` gives.
#[derive(SimpleObject)]
pub struct ConfirmAddressPayload {
    /// What was confirmed.
    pub confirmed: AddressLink,
}

/// What `undoChange` takes.
#[derive(InputObject)]
pub struct UndoChangeInput {
    /// Out of the link: what follows `#`.
    pub token: String,
}

/// What `undoChange` gives.
#[derive(SimpleObject)]
pub struct UndoChangePayload {
    /// What was taken back.
    pub undone: AddressLink,
}

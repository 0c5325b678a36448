//! The second factor as the API offers it.
use crate::{
    actor::RequestActor,
    app::App,
    error::Result,
    session::{Origin, graphql::viewer_of},
    user::graphql::Viewer,
};
use async_graphql::{Context, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use shared::id::UserId;

/// The mutations of this subject.
#[derive(Debug, Default)]
pub struct SecondFactorMutation;

#[Object]
impl SecondFactorMutation {
    /// The second step of signing in: a code of the app, or a recovery code. Only with the cookie that `signIn` gave;
    /// the session's cookie takes its place. Refused with the reason `WRONG_CODE`.
    async fn verify_second_factor(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The code.")] input: VerifySecondFactorInput,
    ) -> Result<VerifySecondFactorPayload> {
        let app = ctx.data_unchecked::<App>();
        let origin = ctx.data_unchecked::<Origin>();
        let (_, token) = super::verify_sign_in(app, origin, &input.code).await?;
        Ok(VerifySecondFactorPayload {
            viewer: viewer_of(ctx, app, &token).await?,
        })
    }

    /// Makes a secret for the viewer's app, which is shown this once. Nothing is on until `confirmSecondFactor`. Needs
    /// the password given lately (`stepUp`).
    async fn begin_second_factor(&self, ctx: &Context<'_>) -> Result<BeginSecondFactorPayload> {
        let setup = super::begin(ctx.data_unchecked(), ctx.actor()?).await?;
        Ok(BeginSecondFactorPayload {
            secret: setup.secret,
            uri: setup.uri,
            picture_size: setup.size,
            picture_path: setup.path,
            expires_at: setup.expires_at,
        })
    }

    /// Turns the second factor on, or replaces the one that is on, and gives ten recovery codes, which are shown this
    /// once. All other sessions of the viewer end. Needs the password given lately (`stepUp`).
    async fn confirm_second_factor(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A code of the new app.")] input: ConfirmSecondFactorInput,
    ) -> Result<ConfirmSecondFactorPayload> {
        let app = ctx.data_unchecked::<App>();
        let recovery_codes = super::confirm(app, ctx.actor()?, &input.code, input.current_code.as_deref()).await?;
        Ok(ConfirmSecondFactorPayload { recovery_codes })
    }

    /// Turns the viewer's second factor off. All other sessions of the viewer end. Needs the password given lately
    /// (`stepUp`).
    async fn disable_second_factor(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A valid code.")] input: DisableSecondFactorInput,
    ) -> Result<DisableSecondFactorPayload> {
        super::disable(ctx.data_unchecked(), ctx.actor()?, &input.code).await?;
        Ok(DisableSecondFactorPayload { is_on: false })
    }

    /// Gives ten new recovery codes, which are shown this once; the former ones are worth nothing from here on. Needs
    /// the password given lately (`stepUp`).
    async fn replace_recovery_codes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A valid code.")] input: ReplaceRecoveryCodesInput,
    ) -> Result<ReplaceRecoveryCodesPayload> {
        let recovery_codes = super::new_recovery_codes(ctx.data_unchecked(), ctx.actor()?, &input.code).await?;
        Ok(ReplaceRecoveryCodesPayload { recovery_codes })
    }

    /// Takes the second factor of somebody off who has lost it, ends all his sessions and tells him. Whoever manages
    /// users may do so for members who belong to this account alone and have no rights that he lacks; staff who manages
    /// customers for all customers. Needs the password given lately (`stepUp`).
    async fn reset_second_factor(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose.")] input: ResetSecondFactorInput,
    ) -> Result<ResetSecondFactorPayload> {
        let reason = input.reason.as_deref();
        super::reset(ctx.data_unchecked(), ctx.actor()?, input.user_id, reason).await?;
        Ok(ResetSecondFactorPayload { user_id: input.user_id })
    }

    /// Says whether all members of the account in view need a second factor. Only its owner, who has one himself. Needs
    /// the password given lately (`stepUp`).
    async fn require_second_factor(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Yes or no.")] input: RequireSecondFactorInput,
    ) -> Result<RequireSecondFactorPayload> {
        let actor = ctx.actor()?;
        super::require(ctx.data_unchecked(), actor, input.is_required).await?;
        Ok(RequireSecondFactorPayload {
            viewer: Viewer(actor.clone()),
        })
    }
}

/// What `verifySecondFactor` takes.
#[derive(InputObject)]
pub struct VerifySecondFactorInput {
    /// Six digits of the app, or a recovery code.
    pub code: String,
}

/// What `verifySecondFactor` gives.
#[derive(SimpleObject)]
pub struct VerifySecondFactorPayload {
    /// Who is signed in now.
    pub viewer: Viewer,
}

/// What `beginSecondFactor` gives: all that an app needs.
#[derive(SimpleObject)]
pub struct BeginSecondFactorPayload {
    /// The secret as people type it: Base32 in groups of four.
    pub secret: String,
    /// The address that opens an app with it: `otpauth://totp/…`.
    pub uri: String,
    /// How many modules wide the QR code of the address is, quiet zone included.
    pub picture_size: u32,
    /// The dark modules of the QR code, as the path of an SVG of that size.
    pub picture_path: String,
    /// Until when the first code is awaited.
    pub expires_at: DateTime<Utc>,
}

/// What `confirmSecondFactor` takes.
#[derive(InputObject)]
pub struct ConfirmSecondFactorInput {
    /// Six digits of the new app.
    pub code: String,
    /// A valid code of the second factor that is on, if one is.
    pub current_code: Option<String>,
}

/// What `confirmSecondFactor` gives.
#[derive(SimpleObject)]
pub struct ConfirmSecondFactorPayload {
    /// Ten codes, each of which stands in for the app once.
    pub recovery_codes: Vec<String>,
}

/// What `disableSecondFactor` takes.
#[derive(InputObject)]
pub struct DisableSecondFactorInput {
    /// Six digits of the app, or a recovery code.
    pub code: String,
}

/// What `disableSecondFactor` gives.
#[derive(SimpleObject)]
pub struct DisableSecondFactorPayload {
    /// Always false: it is off.
    pub is_on: bool,
}

/// What `replaceRecoveryCodes` takes.
#[derive(InputObject)]
pub struct ReplaceRecoveryCodesInput {
    /// Six digits of the app, or a recovery code.
    pub code: String,
}

/// What `replaceRecoveryCodes` gives.
#[derive(SimpleObject)]
pub struct ReplaceRecoveryCodesPayload {
    /// Ten codes, each of which stands in for the app once.
    pub recovery_codes: Vec<String>,
}

/// What `resetSecondFactor` takes.
#[derive(InputObject)]
pub struct ResetSecondFactorInput {
    /// The user who has lost it.
    pub user_id: UserId,
    /// Why, where staff does it for a customer; at most 500 characters. The customer reads it in his log.
    pub reason: Option<String>,
}

/// What `resetSecondFactor` gives.
#[derive(SimpleObject)]
pub struct ResetSecondFactorPayload {
    /// The user who has none any more.
    pub user_id: UserId,
}

/// What `requireSecondFactor` takes.
#[derive(InputObject)]
pub struct RequireSecondFactorInput {
    /// Whether all members need one.
    pub is_required: bool,
}

/// What `requireSecondFactor` gives.
#[derive(SimpleObject)]
pub struct RequireSecondFactorPayload {
    /// The viewer, whose account it is.
    pub viewer: Viewer,
}

/// The viewer's second factor.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct SecondFactor {
    /// Whether it is on.
    pub is_on: bool,
    /// How many recovery codes are unused.
    pub recovery_codes_left: u64,
    /// Whether the account in view stays closed without one.
    pub is_required: bool,
    /// Whether the account requires it of all its members, by its owner's word.
    pub is_required_by_account: bool,
}

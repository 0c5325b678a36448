//! Signing in and out, stepping up and switching accounts, as the API offers them.
use super::{COOKIE, Origin};
use crate::{
    actor::{RequestActor, STEP_UP_WINDOW},
    app::App,
    error::{Error, Result},
    user::graphql::Viewer,
};
use async_graphql::{Context, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use shared::id::AccountId;

/// The mutations of this subject.
#[derive(Debug, Default)]
pub struct SessionMutation;

#[Object]
impl SessionMutation {
    /// Signs in with customer number, user name or e-mail address, and password. The session comes as a cookie,
    /// never in the answer. Refused with the reason `WRONG_CREDENTIALS`, alike for unknown names.
    async fn sign_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Name and password.")] input: SignInInput,
    ) -> Result<SignInPayload> {
        let app = ctx.data_unchecked::<App>();
        let origin = ctx.data_unchecked::<Origin>();
        let (_, token) = super::sign_in(app, origin, &input.name, &input.password).await?;
        Ok(SignInPayload {
            viewer: viewer_of(ctx, app, &token).await?,
        })
    }

    /// Ends this session. Its cookie is worth nothing from here on.
    async fn sign_out(&self, ctx: &Context<'_>) -> Result<SignOutPayload> {
        super::sign_out(ctx.data_unchecked(), ctx.actor()?).await?;
        ctx.append_http_header(
            "set-cookie",
            format!("{COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"),
        );
        Ok(SignOutPayload { is_signed_out: true })
    }

    /// Proves again who the viewer is, as acts refused with `STEP_UP_REQUIRED` need it. Counts for ten minutes.
    async fn step_up(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The password once more.")] input: StepUpInput,
    ) -> Result<StepUpPayload> {
        let app = ctx.data_unchecked::<App>();
        let token = super::step_up(app, ctx.actor()?, ctx.data_unchecked(), &input.password).await?;
        set_cookie(ctx, &token);
        Ok(StepUpPayload {
            valid_until: app.clock.now() + STEP_UP_WINDOW,
        })
    }

    /// Takes another account of the viewer's into view.
    async fn switch_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which account.")] input: SwitchAccountInput,
    ) -> Result<SwitchAccountPayload> {
        let actor = super::switch_account(ctx.data_unchecked(), ctx.actor()?, input.account_id).await?;
        Ok(SwitchAccountPayload { viewer: Viewer(actor) })
    }
}

/// Hands a session's token to the browser.
pub fn set_cookie(ctx: &Context<'_>, token: &str) {
    let age = super::ABSOLUTE.num_seconds();
    ctx.append_http_header(
        "set-cookie",
        format!("{COOKIE}={token}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={age}"),
    );
}

/// The viewer of a session that has just begun, whose cookie goes with the answer.
///
/// # Errors
/// If the database refuses.
pub async fn viewer_of(ctx: &Context<'_>, app: &App, token: &str) -> Result<Viewer> {
    let ip = ctx.data_unchecked::<Origin>().ip.clone();
    let actor = super::actor(app, token, ip).await?.ok_or(Error::Unauthenticated)?;
    set_cookie(ctx, token);
    Ok(Viewer(actor))
}

/// What `signIn` takes.
#[derive(InputObject)]
pub struct SignInInput {
    /// Customer number, user name or e-mail address; capitals do not matter.
    pub name: String,
    /// The password.
    pub password: String,
}

/// What `signIn` gives.
#[derive(SimpleObject)]
pub struct SignInPayload {
    /// Who is signed in now.
    pub viewer: Viewer,
}

/// What `signOut` gives.
#[derive(SimpleObject)]
pub struct SignOutPayload {
    /// Always true: the session is over.
    pub is_signed_out: bool,
}

/// What `stepUp` takes.
#[derive(InputObject)]
pub struct StepUpInput {
    /// The viewer's password.
    pub password: String,
}

/// What `stepUp` gives.
#[derive(SimpleObject)]
pub struct StepUpPayload {
    /// Until when risky acts are open.
    pub valid_until: DateTime<Utc>,
}

/// What `switchAccount` takes.
#[derive(InputObject)]
pub struct SwitchAccountInput {
    /// An account that the viewer belongs to.
    pub account_id: AccountId,
}

/// What `switchAccount` gives.
#[derive(SimpleObject)]
pub struct SwitchAccountPayload {
    /// The viewer with the other account in view.
    pub viewer: Viewer,
}

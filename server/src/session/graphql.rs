//! Signing in and out, stepping up and switching accounts, as the API offers them.
use super::{
    COOKIE, Origin, SignedIn, device,
    device::Device,
    history, list,
    own_password::{self, PasswordChange},
};
use crate::{
    actor::{RequestActor, STEP_UP_WINDOW},
    app::App,
    entity::{audit, session, user},
    error::{Error, Result},
    page::{Connection, Page},
    user::graphql::{UsersById, Viewer},
};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject, dataloader::DataLoader};
use chrono::{DateTime, Utc};
use sea_orm::prelude::Uuid;
use shared::{
    id::{AccountId, SessionId, UserId},
    password::min_length,
    session::SignInResult,
};

/// The queries of this subject.
#[derive(Debug, Default)]
pub struct SessionQuery;

#[Object]
impl SessionQuery {
    /// The browsers in which the viewer is signed in: this one first, then the last seen.
    async fn sessions(&self, ctx: &Context<'_>) -> Result<Vec<Session>> {
        let rows = list::list(ctx.data_unchecked(), ctx.actor()?).await?;
        Ok(rows.into_iter().map(|(row, is_own)| Session::of(row, is_own)).collect())
    }

    /// How the viewer signed in, or somebody tried to, newest first.
    async fn sign_ins(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
    ) -> Result<Connection<SignIn>> {
        let page = Page::read(first, after)?;
        let (rows, total) = history::sign_ins(ctx.data_unchecked(), ctx.actor()?, &page).await?;
        let rows = rows.into_iter().map(SignIn::of).collect();
        Ok(Connection::new(&page, rows, total, |row| row.key))
    }

    /// The viewer's password, as far as anybody may know it.
    async fn own_password(&self, ctx: &Context<'_>) -> Result<OwnPassword> {
        let actor = ctx.actor()?;
        actor.require_session()?;
        let mode = ctx.data_unchecked::<App>().settings.password_mode;
        let row: Option<user::Model> = ctx
            .data_unchecked::<DataLoader<UsersById>>()
            .load_one(actor.user)
            .await?;
        Ok(OwnPassword {
            changed_at: row.and_then(|row| row.password_changed_at),
            min_length: min_length(mode, actor.has_second_factor),
        })
    }
}

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
        Ok(match super::sign_in(app, origin, &input.name, &input.password).await? {
            SignedIn::Whole { token, .. } => SignInPayload {
                viewer: Some(viewer_of(ctx, app, &token).await?),
                needs_second_factor: false,
            },
            SignedIn::Half { token } => {
                set_cookie(ctx, &token);
                SignInPayload {
                    viewer: None,
                    needs_second_factor: true,
                }
            }
        })
    }

    /// Ends this session. Its cookie is worth nothing from here on.
    async fn sign_out(&self, ctx: &Context<'_>) -> Result<SignOutPayload> {
        super::sign_out(ctx.data_unchecked(), ctx.actor()?).await?;
        ctx.append_http_header(
            "set-cookie",
            format!("{COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"),
        );
        // what the browser kept of pages; theme and language are choices of the browser's and stay (security D08)
        ctx.append_http_header("clear-site-data", "\"cache\"");
        Ok(SignOutPayload { is_signed_out: true })
    }

    /// Proves again who the viewer is, as acts refused with `STEP_UP_REQUIRED` need it. Counts for ten minutes.
    async fn step_up(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The password once more, and a code.")] input: StepUpInput,
    ) -> Result<StepUpPayload> {
        let app = ctx.data_unchecked::<App>();
        let token = super::step_up(
            app,
            ctx.actor()?,
            ctx.data_unchecked(),
            &input.password,
            input.code.as_deref(),
        )
        .await?;
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

    /// Changes the viewer's password. All other sessions of the viewer end, this one goes on with a new cookie, and a
    /// mail says so.
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The password as it is and as it shall be.")] input: ChangePasswordInput,
    ) -> Result<ChangePasswordPayload> {
        let app = ctx.data_unchecked::<App>();
        let origin = ctx.data_unchecked::<Origin>();
        let change = PasswordChange {
            current: &input.current_password,
            new: &input.new_password,
            ends_tokens: input.end_tokens,
        };
        let token = own_password::change(app, ctx.actor()?, origin, change).await?;
        set_cookie(ctx, &token);
        Ok(ChangePasswordPayload {
            changed_at: app.clock.now(),
        })
    }

    /// Signs one browser of the viewer's out, at once.
    async fn end_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which session.")] input: EndSessionInput,
    ) -> Result<EndSessionPayload> {
        list::end(ctx.data_unchecked(), ctx.actor()?, input.id.0).await?;
        Ok(EndSessionPayload { id: input.id })
    }

    /// Signs all browsers of the viewer's out but this one.
    async fn end_other_sessions(&self, ctx: &Context<'_>) -> Result<EndedSessionsPayload> {
        let count = list::end_others(ctx.data_unchecked(), ctx.actor()?).await?;
        Ok(EndedSessionsPayload { count })
    }

    /// Signs all browsers of a user out, as staff who manages customers. Needs a step-up.
    async fn end_sessions_of_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose.")] input: EndSessionsOfUserInput,
    ) -> Result<EndedSessionsPayload> {
        let count = list::end_of(ctx.data_unchecked(), ctx.actor()?, input.user_id).await?;
        Ok(EndedSessionsPayload { count })
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
    /// Who is signed in now; null while the second factor is to come.
    pub viewer: Option<Viewer>,
    /// Whether the second factor is to come: call `verifySecondFactor` with the cookie of this answer.
    pub needs_second_factor: bool,
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
    /// A code of the second factor, where one is on.
    pub code: Option<String>,
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

/// What `changePassword` takes.
#[derive(InputObject)]
pub struct ChangePasswordInput {
    /// The password as it is.
    pub current_password: String,
    /// The password as it shall be; the policy is `portal.passwordMode` with `ownPassword.minLength`.
    pub new_password: String,
    /// Whether all access tokens of the viewer end, too.
    #[graphql(default = true)]
    pub end_tokens: bool,
}

/// What `changePassword` gives.
#[derive(SimpleObject)]
pub struct ChangePasswordPayload {
    /// When it was changed: now.
    pub changed_at: DateTime<Utc>,
}

/// What `endSession` takes.
#[derive(InputObject)]
pub struct EndSessionInput {
    /// A session of the viewer's.
    pub id: SessionId,
}

/// What `endSession` gives.
#[derive(SimpleObject)]
pub struct EndSessionPayload {
    /// The session that was ended.
    pub id: SessionId,
}

/// What `endSessionsOfUser` takes.
#[derive(InputObject)]
pub struct EndSessionsOfUserInput {
    /// Whose sessions.
    pub user_id: UserId,
}

/// What ending several sessions gives.
#[derive(SimpleObject)]
pub struct EndedSessionsPayload {
    /// How many were ended.
    pub count: u64,
}

/// A browser in which the viewer is signed in.
#[derive(SimpleObject)]
pub struct Session {
    /// Names the session; worth nothing as a cookie.
    pub id: SessionId,
    /// What it says that it is; null if it says nothing.
    pub device: Option<Device>,
    /// The address that it signed in from.
    pub ip: Option<String>,
    /// When the person signed in.
    pub created_at: DateTime<Utc>,
    /// When it last asked for something, to the minute.
    pub last_seen_at: DateTime<Utc>,
    /// Whether it is the one that asks now.
    pub is_current: bool,
}

impl Session {
    fn of(row: session::Model, is_current: bool) -> Self {
        Self {
            id: SessionId(row.id),
            device: row.user_agent.as_deref().map(device::of),
            ip: row.ip,
            created_at: row.created_at,
            last_seen_at: row.last_seen_at,
            is_current,
        }
    }
}

/// A sign-in of the viewer, or one that somebody tried.
#[derive(Clone, Debug, SimpleObject)]
pub struct SignIn {
    /// Names the row.
    pub id: ID,
    #[graphql(skip)]
    key: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// What the browser said that it is; null if it said nothing.
    pub device: Option<Device>,
    /// Where from.
    pub ip: Option<String>,
    /// How it ended.
    pub result: SignInResult,
}

impl SignIn {
    fn of(row: audit::Model) -> Self {
        Self {
            id: row.id.into(),
            key: row.id,
            at: row.at,
            device: row.user_agent.as_deref().map(device::of),
            result: history::result(&row),
            ip: row.ip,
        }
    }
}

/// The viewer's password, as far as anybody may know it.
#[derive(SimpleObject)]
pub struct OwnPassword {
    /// When it was chosen; null if it is not known.
    pub changed_at: Option<DateTime<Utc>>,
    /// The fewest characters of a new one.
    pub min_length: usize,
}

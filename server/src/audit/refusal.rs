//! Acts that were refused (security H07): a row each where it is known who tried, a count a minute where it is not.
use super::{Entry, name};
use crate::{
    actor::Actor,
    app::App,
    entity::{audit, audit_refusal},
    error::{Error, Result},
    session::Origin,
};
use async_graphql::{
    InputType, ServerResult, Value, async_trait,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextResolve, ResolveInfo},
};
use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use sea_orm::{
    ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, Set,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use shared::error::{ErrorCode, Reason};
use std::sync::Arc;

/// Acts whose own rules write the row of a refusal, because they know whom it concerns.
const BY_THEMSELVES: [&str; 2] = ["signIn", "verifySecondFactor"];

/// Notes that an act was refused, in a transaction of its own: the refused one leaves nothing behind. If it cannot be
/// noted the refusal stands all the same, and the log says so.
pub async fn refuse(app: &App, entry: Entry) {
    let code = entry.code.unwrap_or(ErrorCode::Forbidden);
    let noted = if entry.user.is_none() && entry.account.is_none() {
        count(app, entry.act, code).await
    } else {
        let entry = Entry {
            code: Some(code),
            ..entry
        };
        super::add(&app.db, app, entry).await
    };
    if let Err(error) = noted {
        tracing::error!(%error, "a refusal could not be written to the audit log");
    }
}

/// Counts one more refusal of nobody in particular in this minute.
async fn count(app: &App, act: &str, code: ErrorCode) -> Result<()> {
    let row = audit_refusal::ActiveModel {
        minute: Set(minute(app.clock.now())),
        act: Set(act.to_owned()),
        code: Set(name(code)),
        count: Set(1),
    };
    let once_more = OnConflict::columns([
        audit_refusal::Column::Minute,
        audit_refusal::Column::Act,
        audit_refusal::Column::Code,
    ])
    .value(
        audit_refusal::Column::Count,
        Expr::col((audit_refusal::Entity, audit_refusal::Column::Count)).add(1),
    )
    .to_owned();
    audit_refusal::Entity::insert(row)
        .on_conflict(once_more)
        .exec_without_returning(&app.db)
        .await?;
    Ok(())
}

fn minute(time: DateTime<Utc>) -> DateTime<Utc> {
    time.duration_trunc(TimeDelta::minutes(1)).unwrap_or(time)
}

/// Makes audit rows of the minutes that are over, in the caller's transaction.
pub(super) async fn close_minutes(db: &impl ConnectionTrait, app: &App) -> Result<()> {
    let over = audit_refusal::Entity::find()
        .filter(audit_refusal::COLUMN.minute.lt(minute(app.clock.now())))
        .all(db)
        .await?;
    for counted in over {
        let row = audit::Model {
            id: app.new_id(),
            at: counted.minute,
            user_id: None,
            account_id: None,
            act: counted.act.clone(),
            object: Some(format!("{} times in this minute", counted.count)),
            reason: None,
            is_allowed: false,
            code: Some(counted.code.clone()),
            ip: None,
            user_agent: None,
        };
        audit::Entity::insert(row.into_active_model())
            .exec_without_returning(db)
            .await?;
        audit_refusal::Entity::delete_by_id((counted.minute, counted.act, counted.code))
            .exec(db)
            .await?;
    }
    Ok(())
}

/// Whether the minutes that are over wait for [`close_minutes`].
pub(super) async fn has_closed_minutes(app: &App) -> Result<bool> {
    Ok(audit_refusal::Entity::find()
        .filter(audit_refusal::COLUMN.minute.lt(minute(app.clock.now())))
        .one(&app.db)
        .await?
        .is_some())
}

/// Whether a refusal says that somebody may not, rather than that a form is filled in wrongly or something broke.
fn is_denial(error: &Error) -> bool {
    match error {
        Error::Invalid { reason, .. } => matches!(
            reason,
            Reason::WrongCredentials
                | Reason::WrongPassword
                | Reason::LinkInvalid
                | Reason::AlreadyRegistered
                | Reason::KeyQuota
        ),
        _ => !matches!(
            error.code(),
            ErrorCode::Invalid | ErrorCode::Malformed | ErrorCode::Internal | ErrorCode::Conflict | ErrorCode::TooLarge
        ),
    }
}

/// Notes each refused mutation of the API.
#[derive(Debug)]
pub struct Refusals;

impl ExtensionFactory for Refusals {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait::async_trait]
impl Extension for Refusals {
    async fn resolve(
        &self,
        ctx: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        let act = (info.parent_type == "Mutation").then(|| info.name.to_owned());
        let answer = next.run(ctx, info).await;
        if let (Some(act), Err(error), Some(app)) = (act, &answer, ctx.data_opt::<App>())
            && !BY_THEMSELVES.contains(&act.as_str())
            && let Some(cause) = error.source.as_ref().and_then(|source| source.downcast_ref::<Error>())
            && is_denial(cause)
        {
            note(app, ctx, act, cause).await;
        }
        answer
    }
}

async fn note(app: &App, ctx: &ExtensionContext<'_>, act: String, cause: &Error) {
    let code = cause.code();
    let noted = match ctx.data_opt::<Actor>() {
        None => count(app, &act, code).await,
        Some(actor) => {
            let row = audit::Model {
                id: app.new_id(),
                at: app.clock.now(),
                user_id: Some(actor.user),
                account_id: actor.account.as_ref().map(|account| account.id),
                act,
                object: match cause {
                    Error::Invalid { reason, .. } => Some(spelled(reason)),
                    _ => None,
                },
                reason: None,
                is_allowed: false,
                code: Some(name(code)),
                ip: actor.ip.clone(),
                user_agent: ctx.data_opt::<Origin>().and_then(|origin| origin.user_agent.clone()),
            };
            audit::Entity::insert(row.into_active_model())
                .exec_without_returning(&app.db)
                .await
                .map(|_| ())
                .map_err(Error::from)
        }
    };
    if let Err(error) = noted {
        tracing::error!(%error, "a refusal could not be written to the audit log");
    }
}

fn spelled(reason: &Reason) -> String {
    match reason.to_value() {
        Value::Enum(name) => name.to_string(),
        other => other.to_string(),
    }
}

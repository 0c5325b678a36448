//! Telling people of a sign-in that they may not expect.
use super::{Origin, device};
use crate::{
    app::App,
    entity::audit,
    error::Result,
    mail::{self, Notice},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use shared::id::UserId;

/// How many of the last sign-ins say what is usual.
const USUAL: u64 = 50;

/// So many wrong passwords before a right one are told (security B13).
const FAILURES_TOLD: u64 = 5;

/// Mails the user if he signs in after many wrong passwords, or with a device that he has not used lately. The first
/// sign-in of all is no news.
pub(super) async fn tell_of_sign_in(db: &impl ConnectionTrait, app: &App, origin: &Origin, user: UserId) -> Result<()> {
    let before: Vec<(DateTime<Utc>, Option<String>)> = audit::Entity::find()
        .select_only()
        .column(audit::Column::At)
        .column(audit::Column::UserAgent)
        .filter(audit::COLUMN.user_id.eq(user))
        .filter(audit::COLUMN.act.is_in(["signIn", "completeRegistration"]))
        .filter(audit::COLUMN.is_allowed.eq(true))
        .order_by_desc(audit::Column::Id)
        .limit(USUAL)
        .into_tuple()
        .all(db)
        .await?;
    let failures = audit::Entity::find()
        .filter(audit::COLUMN.user_id.eq(user))
        .filter(audit::COLUMN.act.eq("signIn"))
        .filter(audit::COLUMN.is_allowed.eq(false))
        .filter(Condition::all().add_option(before.first().map(|(at, _)| audit::COLUMN.at.gt(*at))))
        .count(db)
        .await?;
    if failures >= FAILURES_TOLD {
        return mail::notify(db, app, user, Notice::SignInAfterFailures).await;
    }
    let Some(user_agent) = &origin.user_agent else {
        return Ok(());
    };
    let device = device::of(user_agent);
    let mut used = before.iter().filter_map(|(_, other)| other.as_deref());
    if before.is_empty() || used.any(|other| device::of(other) == device) {
        return Ok(());
    }
    let notice = Notice::NewSignIn {
        at: app.clock.now(),
        device,
        ip: origin.ip.clone(),
    };
    mail::notify(db, app, user, notice).await
}

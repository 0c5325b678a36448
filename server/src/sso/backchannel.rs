//! Tells clients that a visit is over (OpenID Connect Back-Channel Logout 1.0), until they have heard it.
use super::{key, visit};
use crate::{app::App, entity::sso_visit, error::Result};
use anyhow::Context;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::url::form_urlencoded::Serializer;
use reqwest::{Client, header, redirect::Policy};
use sea_orm::{EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};
use serde_json::json;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How long a try may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// How long a visit belongs to the process that tells of it; after a crash another one takes it then.
const LEASE: TimeDelta = TimeDelta::seconds(30);

/// After how many tries a client is given up: its own sessions have ended by then.
const TRIES_MAX: i32 = 12;

/// The wait after the first failure; it doubles with each further one.
const BACKOFF_MIN: TimeDelta = TimeDelta::seconds(5);

/// The longest wait between two tries.
const BACKOFF_MAX: TimeDelta = TimeDelta::hours(6);

/// How long a logout token counts: two minutes at most, says section 2.4.
const TOKEN_LIFE: TimeDelta = TimeDelta::minutes(2);

/// How soon it is found out that a session is over if nobody says so.
const INTERVAL: Duration = Duration::from_secs(2);

/// How often what is over is forgotten.
const SWEEP_INTERVAL: TimeDelta = TimeDelta::minutes(10);

/// How much of an error is kept, in characters.
const PROBLEM_MAX: usize = 200;

/// Ends visits and tells of it until `stop`.
pub async fn run(app: App, teller: Teller, stop: CancellationToken) {
    let mut swept_at: Option<DateTime<Utc>> = None;
    loop {
        if let Err(error) = step(&app, &teller, &stop).await {
            tracing::error!(%error, "visits elsewhere could not be read or written; they are tried again");
        }
        let now = app.clock.now();
        if swept_at.is_none_or(|at| now - at >= SWEEP_INTERVAL) {
            match visit::forget(&app).await {
                Ok(()) => swept_at = Some(now),
                Err(error) => tracing::error!(%error, "old visits were not forgotten; it is tried again"),
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = app.visits_wait.notified() => {}
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}

async fn step(app: &App, teller: &Teller, stop: &CancellationToken) -> Result<()> {
    visit::end_over(app).await?;
    tell_due(app, teller, stop).await?;
    Ok(())
}

/// Sends logout tokens.
#[derive(Clone, Debug)]
pub struct Teller(Client);

impl Teller {
    /// One that goes to the addresses of the settings file and follows no redirect from there.
    ///
    /// # Errors
    /// If the system's certificates cannot be read.
    pub fn new() -> anyhow::Result<Self> {
        // The client takes the process's cryptography. Somebody may have named one already: it is the same.
        let _already_named = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .user_agent(concat!("Keyhaus/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .no_proxy()
            .timeout(TIMEOUT)
            .build()
            .context("clients cannot be told of sign-outs")?;
        Ok(Self(client))
    }
}

/// Tells of every visit that is due once, until `stop`. Gives how many were heard.
///
/// # Errors
/// If the database does not answer; what was told and could not be noted is told again.
pub async fn tell_due(app: &App, teller: &Teller, stop: &CancellationToken) -> Result<u64> {
    let mut count = 0;
    while !stop.is_cancelled() {
        let Some(visit) = lease(app).await? else { break };
        let problem = tell(app, teller, &visit).await?.err();
        let due_at = match &problem {
            Some(_) if visit.attempts < TRIES_MAX => Some(app.clock.now() + backoff(visit.attempts)),
            _ => None,
        };
        match &problem {
            None => count += 1,
            Some(problem) => {
                tracing::warn!(visit = %visit.id, client = visit.client_id, problem, "a client did not hear of a sign-out")
            }
        }
        sso_visit::Entity::update_many()
            .col_expr(sso_visit::Column::DueAt, Expr::value(due_at))
            .col_expr(sso_visit::Column::LastError, Expr::value(problem))
            .filter(sso_visit::COLUMN.id.eq(visit.id))
            .exec(&app.db)
            .await?;
    }
    Ok(count)
}

/// Takes the visit that has been due longest. Of several processes that see the same row, one changes it.
async fn lease(app: &App) -> Result<Option<sso_visit::Model>> {
    loop {
        let now = app.clock.now();
        let due = sso_visit::Entity::find()
            .filter(sso_visit::COLUMN.due_at.lte(now))
            .order_by_asc(sso_visit::Column::DueAt)
            .one(&app.db)
            .await?;
        let Some(row) = due else { return Ok(None) };
        let leased = sso_visit::Entity::update_many()
            .col_expr(sso_visit::Column::DueAt, Expr::value(now + LEASE))
            .col_expr(sso_visit::Column::Attempts, Expr::value(row.attempts + 1))
            .filter(sso_visit::COLUMN.id.eq(row.id))
            .filter(sso_visit::COLUMN.attempts.eq(row.attempts))
            .filter(sso_visit::COLUMN.due_at.lte(now))
            .exec(&app.db)
            .await?;
        if leased.rows_affected == 1 {
            return Ok(Some(sso_visit::Model {
                attempts: row.attempts + 1,
                ..row
            }));
        }
    }
}

/// One try: what went wrong, if anything.
async fn tell(app: &App, teller: &Teller, visit: &sso_visit::Model) -> Result<Result<(), String>> {
    let client = app.settings.sso.find(&visit.client_id);
    let Some(address) = client.and_then(|client| client.backchannel_logout_uri.as_ref()) else {
        return Ok(Ok(())); // it was taken out of the settings: nobody is there any more
    };
    let token = logout_token(app, visit).await?;
    let body = Serializer::new(String::new())
        .append_pair("logout_token", &token)
        .finish();
    let request = teller
        .0
        .post(address)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(body);
    Ok(match request.send().await {
        Ok(answer) if answer.status().is_success() => Ok(()),
        Ok(answer) => Err(format!("answered {}", answer.status())),
        Err(error) => Err(error.without_url().to_string().chars().take(PROBLEM_MAX).collect()),
    })
}

/// A logout token (section 2.4), which `openidconnect` has no type for: a JWT of RFC 7519 with its own `typ`, so that
/// no ID token passes for one.
async fn logout_token(app: &App, visit: &sso_visit::Model) -> Result<String> {
    let signing = key::current(app).await?;
    let now = app.clock.now();
    let header = json!({ "alg": "ES256", "kid": signing.kid(), "typ": "logout+jwt" });
    let claims = json!({
        "iss": app.settings.origin,
        "sub": visit.user_id.to_string(),
        "aud": visit.client_id,
        "iat": now.timestamp(),
        "exp": (now + TOKEN_LIFE).timestamp(),
        "jti": app.new_id().to_string(),
        "sid": visit.id.to_string(),
        "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
    });
    let part = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(&header), part(&claims));
    let signature = URL_SAFE_NO_PAD.encode(signing.sign_bytes(message.as_bytes()));
    Ok(format!("{message}.{signature}"))
}

/// How long to wait after the n-th failed try: five seconds, doubled each time, six hours at most.
fn backoff(attempts: i32) -> TimeDelta {
    let doublings = u32::try_from(attempts - 1).unwrap_or_default();
    let factor = 2_i32.checked_pow(doublings).unwrap_or(i32::MAX);
    BACKOFF_MIN
        .checked_mul(factor)
        .map_or(BACKOFF_MAX, |wait| wait.min(BACKOFF_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_six_hours() {
        let seconds = |attempts| backoff(attempts).num_seconds();
        assert_eq!([1, 2, 3, 12].map(seconds), [5, 10, 20, 10_240]);
        assert_eq!([20, i32::MAX].map(seconds), [21_600; 2]);
    }
}

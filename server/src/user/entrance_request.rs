//! What strangers ask for at the entrance: their access, to be registered, a new link. The answer charges the address
//! that asks and keeps one row, whoever it is about, so that known and unknown names give the same bytes after the same
//! work (security B09). The rest, which differs, is done right after it by a worker.
use super::{recovery, registration};
use crate::{
    app::App,
    entity::entrance_request::{ActiveModel, Column, Entity, Model},
    error::{Error, Result},
    session::{
        Origin,
        sign_in::address,
        throttle::{self, Guess, Verdict},
    },
};
use chrono::TimeDelta;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DeriveActiveEnum, EntityTrait, EnumIter, QueryFilter, QueryOrder,
    QuerySelect, Set,
};
use shared::account::Language;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Wish {
    /// The names of somebody and a link to choose a password.
    Access,
    /// A link that activates an address.
    Registration,
    /// A link in place of one that is over.
    NewLink,
}

/// No name or address is longer: RFC 5321 section 4.5.3.1 allows 254 characters.
const NAME_MAX: usize = 254;

/// What could not be answered for so long is dropped: the person has asked again, or has given up.
const LIFE: TimeDelta = TimeDelta::days(1);

/// How many are read at a time.
const BATCH: u64 = 1000;

/// How often it is looked if nobody wakes the worker: for what another process left.
const INTERVAL: Duration = Duration::from_secs(30);

/// Keeps a request.
///
/// # Errors
/// [`Error::Throttled`] when too many came from this address.
pub(super) async fn keep(app: &App, origin: &Origin, wish: Wish, name: &str, language: Option<Language>) -> Result<()> {
    let from = throttle::charge(app, Guess::MailFromAddress, &address(origin)).await?;
    if matches!(from, Verdict::Locked) {
        return Err(Error::Throttled);
    }
    let row = ActiveModel {
        id: Set(app.new_id()),
        wish: Set(wish),
        name: Set(name.chars().take(NAME_MAX).collect()),
        language: Set(language),
        ip: Set(origin.ip.clone()),
        user_agent: Set(origin.user_agent.clone()),
        created_at: Set(app.clock.now()),
    };
    row.insert(&app.db).await?;
    app.entrance_waits.notify_one();
    Ok(())
}

impl Model {
    /// Takes the request off the list, in the transaction that answers it: of several processes one answers. Says
    /// whether it was still there.
    pub(super) async fn take(&self, tx: &impl ConnectionTrait) -> Result<bool> {
        let taken = Entity::delete_by_id(self.id).exec(tx).await?;
        Ok(taken.rows_affected == 1)
    }
}

/// Answers what waits, the oldest first, at most 1,000; gives how many. One that cannot be answered stays, and does not keep the
/// others waiting.
///
/// # Errors
/// If the database refuses to list them.
pub async fn answer_all(app: &App) -> Result<u64> {
    Entity::delete_many()
        .filter(Column::CreatedAt.lte(app.clock.now() - LIFE))
        .exec(&app.db)
        .await?;
    let waiting = Entity::find()
        .order_by_asc(Column::Id)
        .limit(BATCH)
        .all(&app.db)
        .await?;
    let mut count = 0;
    for request in waiting {
        match answer(app, &request).await {
            Ok(()) => count += 1,
            Err(error) => {
                tracing::error!(%error, wish = ?request.wish, "a request at the entrance could not be answered")
            }
        }
    }
    Ok(count)
}

async fn answer(app: &App, request: &Model) -> Result<()> {
    match request.wish {
        Wish::Access => recovery::answer(app, request, &request.name).await?,
        Wish::Registration => registration::answer(app, request).await?,
        Wish::NewLink => registration::answer_renewal(app, request).await?,
    }
    // where nothing was to be done, nobody has taken it
    request.take(&app.db).await?;
    Ok(())
}

/// Answers until `stop`.
pub async fn run(app: App, stop: CancellationToken) {
    loop {
        if let Err(error) = answer_all(&app).await {
            tracing::error!(%error, "the requests at the entrance could not be read; it is tried again");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = app.entrance_waits.notified() => {}
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}

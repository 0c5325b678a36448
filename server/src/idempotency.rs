//! Two clicks at once do one thing: acts that come with a key of the client's are done once, and answered again.
//!
//! The key's row is written in the transaction of the act. A second request of the same key waits for it on the row's
//! primary key and then gets the stored answer; if the act failed there is no row, and the second one does it.
use crate::{
    actor::Actor,
    app::App,
    entity::idempotency,
    error::{Error, Result},
};
use anyhow::Context;
use chrono::TimeDelta;
use sea_orm::{
    DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    sea_query::{Expr, OnConflict},
};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// How long an answer is kept; the key may be used anew after it.
pub const KEPT: TimeDelta = TimeDelta::hours(24);

/// What [`claim`] finds.
#[derive(Debug)]
pub enum Claim<T> {
    /// It was done: what was answered then.
    Done(T),
    /// It is to be done, in this transaction.
    Open(Open),
}

/// The right to do what a key stands for.
#[derive(Debug)]
pub struct Open {
    /// The transaction of the act. Dropped without [`Open::finish`], nothing was done and the key is free.
    pub tx: DatabaseTransaction,
    actor: Uuid,
    key: Uuid,
}

/// Looks whether an act was done under a key; `act` and `request` say which act. Check first what the actor may do:
/// a stored answer is given to whoever was the actor then, also if he lost the right since.
///
/// # Errors
/// [`Error::Conflict`] if the key stands for another request; if the database refuses.
pub async fn claim<T: DeserializeOwned>(
    app: &App,
    actor: Option<&Actor>,
    act: &'static str,
    key: Uuid,
    request: &impl Serialize,
) -> Result<Claim<T>> {
    let account = actor.and_then(|actor| actor.account.as_ref()).map(|account| account.id);
    let asked = serde_json::to_vec(&(act, account, request)).context("a request could not be written as JSON")?;
    let request_hash = Sha256::digest(asked).to_vec();
    let now = app.clock.now();
    let actor = actor.map_or(Uuid::nil(), |actor| actor.user.0);
    let tx = app.begin().await?;
    idempotency::Entity::delete_many()
        .filter(idempotency::COLUMN.created_at.lte(now - KEPT))
        .exec(&tx)
        .await?;
    let row = idempotency::Model {
        actor,
        key,
        request_hash: request_hash.clone(),
        answer: None,
        created_at: now,
    };
    let first = OnConflict::columns([idempotency::Column::Actor, idempotency::Column::Key])
        .do_nothing()
        .to_owned();
    let made = idempotency::Entity::insert(row.into_active_model())
        .on_conflict(first)
        .exec_without_returning(&tx)
        .await?;
    if made == 1 {
        return Ok(Claim::Open(Open { tx, actor, key }));
    }
    let former = idempotency::Entity::find_by_id((actor, key)).one(&tx).await?;
    tx.rollback().await?;
    let answer = former
        .filter(|former| former.request_hash == request_hash)
        .and_then(|former| former.answer)
        .ok_or(Error::Conflict("this key was used for another request"))?;
    let answer = serde_json::from_str(&answer).context("a stored answer could not be read")?;
    Ok(Claim::Done(answer))
}

impl Open {
    /// Keeps the answer and commits the act.
    ///
    /// # Errors
    /// If the database refuses: then nothing was done.
    pub async fn finish(self, answer: &impl Serialize) -> Result<()> {
        let answer = serde_json::to_string(answer).context("an answer could not be written as JSON")?;
        idempotency::Entity::update_many()
            .col_expr(idempotency::Column::Answer, Expr::value(answer))
            .filter(idempotency::COLUMN.actor.eq(self.actor))
            .filter(idempotency::COLUMN.key.eq(self.key))
            .exec(&self.tx)
            .await?;
        self.tx.commit().await?;
        Ok(())
    }
}

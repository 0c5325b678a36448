//! Who did what: rows are only ever added, in the transaction of the act itself.
use crate::{actor::Actor, app::App, entity::audit, error::Result};
use sea_orm::{ActiveModelTrait, ConnectionTrait, IntoActiveModel};

/// Adds a row. `act` is the name of the mutation, `object` names what it was done to by ids, never by contents.
/// An act whose row cannot be written does not happen (security H05): the error leaves the transaction undone.
///
/// # Errors
/// If the row cannot be written.
pub async fn record(
    db: &impl ConnectionTrait,
    app: &App,
    actor: Option<&Actor>,
    act: &'static str,
    object: Option<String>,
    is_allowed: bool,
) -> Result<()> {
    let row = audit::Model {
        id: app.new_id(),
        at: app.clock.now(),
        user_id: actor.map(|actor| actor.user),
        account_id: actor.and_then(|actor| actor.account.as_ref()).map(|account| account.id),
        act: act.to_owned(),
        object,
        is_allowed,
        ip: actor.and_then(|actor| actor.ip.clone()),
    };
    row.into_active_model().insert(db).await?;
    Ok(())
}

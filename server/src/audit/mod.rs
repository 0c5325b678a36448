//! Who did what: rows are only ever added, in the transaction of the act itself; refused acts in one of their own.
pub mod chain;
pub mod export;
pub mod graphql;
pub mod list;
pub mod refusal;
pub mod verify;

pub use refusal::refuse;

use crate::{actor::Actor, app::App, entity::audit, error::Result};
use async_graphql::InputType;
use sea_orm::{ActiveModelTrait, ConnectionTrait, IntoActiveModel};
use shared::{
    error::ErrorCode,
    id::{AccountId, UserId},
};

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
    let account = actor.and_then(|actor| actor.account.as_ref()).map(|account| account.id);
    add(
        db,
        app,
        Entry {
            user: actor.map(|actor| actor.user),
            account,
            act,
            object,
            reason: None,
            code: (!is_allowed).then_some(ErrorCode::Forbidden),
            ip: actor.and_then(|actor| actor.ip.clone()),
            user_agent: None,
        },
    )
    .await
}

/// What a row says in the place of the browser where the command line did something: no request can say so, as each
/// comes from an address.
pub const COMMAND_LINE: &str = "keyhaus (command line)";

/// What a row says.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// Who did it, as far as it is known.
    pub user: Option<UserId>,
    /// The account that it concerns: its members see the row. Where staff acts for a customer it is the customer's.
    pub account: Option<AccountId>,
    /// The name of the mutation.
    pub act: &'static str,
    /// To what: ids, never contents.
    pub object: Option<String>,
    /// Why staff did it to a customer's things, in the words of whoever did; none for other acts.
    pub reason: Option<String>,
    /// Why it was refused; none for what was done.
    pub code: Option<ErrorCode>,
    /// Where from.
    pub ip: Option<String>,
    /// What the browser called itself.
    pub user_agent: Option<String>,
}

/// Adds a row of which the author says everything: for acts without an actor, and those that concern another account
/// than the one in view.
///
/// # Errors
/// If the row cannot be written.
pub async fn add(db: &impl ConnectionTrait, app: &App, entry: Entry) -> Result<()> {
    row(app, entry).into_active_model().insert(db).await?;
    Ok(())
}

/// The row of an entry, for those who add many in one statement.
pub fn row(app: &App, entry: Entry) -> audit::Model {
    audit::Model {
        id: app.new_id(),
        at: app.clock.now(),
        user_id: entry.user,
        account_id: entry.account,
        act: entry.act.to_owned(),
        object: entry.object,
        reason: entry.reason,
        is_allowed: entry.code.is_none(),
        code: entry.code.map(name),
        ip: entry.ip,
        user_agent: entry.user_agent,
    }
}

/// A code as the API spells it.
fn name(code: ErrorCode) -> String {
    match code.to_value() {
        async_graphql::Value::Enum(name) => name.to_string(),
        other => other.to_string(),
    }
}

//! The links that confirm an address or take its change back. They work signed out: the token is the proof of the
//! mailbox, and looking at a link changes nothing (security F04).
use super::billing_email;
use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::{account, link as link_row},
    error::Result,
    link,
    session::Origin,
    user::email_change,
};
use sea_orm::EntityTrait;
use shared::link::LinkPurpose;

/// What confirms an address.
const CONFIRMS: [LinkPurpose; 2] = [LinkPurpose::EmailChange, LinkPurpose::BillingEmail];

/// What takes a change back.
const UNDOES: [LinkPurpose; 2] = [LinkPurpose::EmailUndo, LinkPurpose::BillingEmailUndo];

/// What a link is about.
#[derive(Clone, Debug)]
pub struct AddressLink {
    /// What it does.
    pub purpose: LinkPurpose,
    /// The address that it was sent to.
    pub email: String,
    /// The name of the account whose invoices it is about.
    pub account_name: Option<String>,
}

/// What a link would do; looking at it changes nothing.
///
/// # Errors
/// [`crate::error::Error::Invalid`] with `LINK_INVALID`.
pub async fn look(app: &App, token: &str) -> Result<AddressLink> {
    let all: Vec<_> = CONFIRMS.into_iter().chain(UNDOES).collect();
    let found = link::find(&app.db, app, token, &all).await?;
    about(app, found).await
}

/// Confirms the address that a link was sent to. The user's own sessions end but the one that asks.
///
/// # Errors
/// [`crate::error::Error::Invalid`] with `LINK_INVALID`, or with `ALREADY_REGISTERED` if somebody has the address by
/// now: then nothing has happened.
pub async fn confirm(app: &App, actor: Option<&Actor>, origin: &Origin, token: &str) -> Result<AddressLink> {
    let tx = app.begin().await?;
    let found = link::find(&tx, app, token, &CONFIRMS).await?;
    let object = match found.purpose {
        LinkPurpose::EmailChange => {
            email_change::confirm(&tx, app, actor, &found, token).await?;
            found.user_id.map(|user| user.to_string())
        }
        _ => Some(billing_email::confirm(&tx, app, &found, token).await?.id.to_string()),
    };
    audit::add(&tx, app, entry(&found, origin, "confirmAddress", object)).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    app.webhooks_wait.notify_one();
    about(app, found).await
}

/// Takes back the change that a link was sent for.
///
/// # Errors
/// [`crate::error::Error::Invalid`] with `LINK_INVALID`, or with `ALREADY_REGISTERED` if the former address belongs to
/// somebody else by now.
pub async fn undo(app: &App, origin: &Origin, token: &str) -> Result<AddressLink> {
    let tx = app.begin().await?;
    let found = link::find(&tx, app, token, &UNDOES).await?;
    let object = match found.purpose {
        LinkPurpose::EmailUndo => {
            email_change::undo(&tx, app, &found, token).await?;
            found.user_id.map(|user| user.to_string())
        }
        _ => Some(billing_email::take_back(&tx, app, &found, token).await?.id.to_string()),
    };
    audit::add(&tx, app, entry(&found, origin, "undoChange", object)).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    app.webhooks_wait.notify_one();
    about(app, found).await
}

fn entry(link: &link_row::Model, origin: &Origin, act: &'static str, object: Option<String>) -> audit::Entry {
    audit::Entry {
        user: link.user_id,
        account: link.account_id,
        act,
        object,
        ip: origin.ip.clone(),
        user_agent: origin.user_agent.clone(),
        ..audit::Entry::default()
    }
}

async fn about(app: &App, link: link_row::Model) -> Result<AddressLink> {
    let account = match link.account_id {
        Some(account) => account::Entity::find_by_id(account).one(&app.db).await?,
        None => None,
    };
    Ok(AddressLink {
        purpose: link.purpose,
        email: link.email,
        account_name: account.map(|row| row.name),
    })
}

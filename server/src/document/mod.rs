//! Dokumente: what lies there for a customer, and how staff puts something there or takes it back.
pub mod graphql;
pub mod kind;
mod list;
mod target;

pub(crate) use list::contains;
pub use list::{Filter, Listed, list, list_of_all};
pub(crate) use target::named;
pub use target::{Target, targets};

use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::{account, contract, document, file, membership},
    error::{Error, Result},
    mail::{self, Template},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, sea_query::Expr,
};
use shared::{
    account::{AccountKind, Right},
    document::{DocumentKind, TITLE_MAX},
    error::Reason,
    id::{AccountId, ContractId, DocumentId, FileId, UserId},
};

/// The longest reason for a withdrawal, in characters.
const REASON_MAX: usize = 500;

/// A document as it enters the portal.
#[derive(Clone, Debug)]
pub struct NewDocument {
    /// Whose it is.
    pub account: AccountId,
    /// Which contract it belongs to.
    pub contract: Option<ContractId>,
    /// What it is.
    pub kind: DocumentKind,
    /// What it is called in German.
    pub title_de: String,
    /// What it is called in English.
    pub title_en: String,
    /// The stored file.
    pub file: FileId,
    /// Who added it; none for the program itself.
    pub added_by: Option<UserId>,
}

/// Puts a stored file under Dokumente. An entrance of the system: no actor is asked.
///
/// # Errors
/// [`Error::NotFound`] for a file that is not there; [`Error::Invalid`] at `fileId` with `NOT_A_DOCUMENT` for a kind of
/// file that is not taken.
pub async fn add(tx: &impl ConnectionTrait, app: &App, new: NewDocument) -> Result<document::Model> {
    let stored = file::Entity::find_by_id(new.file)
        .one(tx)
        .await?
        .ok_or(Error::NotFound("file"))?;
    let bytes = app.files.get(&stored.sha256).await?;
    let kind = kind::of(&stored.name, &bytes)
        .ok_or_else(|| Error::invalid("fileId", Reason::NotADocument, "PDF, PNG, JPEG, WebP, text or CSV"))?;
    let row = document::Model {
        id: DocumentId(app.new_id()),
        account_id: new.account,
        contract_id: new.contract,
        kind: new.kind,
        title_de: new.title_de,
        title_en: new.title_en,
        file_id: stored.id,
        file_name: kind.name_of(&stored.name),
        media_type: kind.name.to_owned(),
        size: stored.size,
        added_by: new.added_by,
        created_at: app.clock.now(),
        withdrawn_by: None,
        withdrawn_at: None,
        withdrawal_reason: None,
    };
    Ok(row.into_active_model().insert(tx).await?)
}

/// What staff says of a document for a contract.
#[derive(Clone, Debug)]
pub struct Attach {
    /// For which contract.
    pub contract: ContractId,
    /// What it is.
    pub kind: DocumentKind,
    /// What it is called in German.
    pub title_de: String,
    /// What it is called in English.
    pub title_en: String,
    /// A file that the actor uploaded.
    pub file: FileId,
}

/// Staff puts an uploaded file under a customer's Dokumente; whoever manages the customer's contracts is told by mail.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff who manage customers; [`Error::NotFound`] for a contract that is not there or
/// a file of somebody else; [`Error::Invalid`] at `titleGerman` or `titleEnglish` with `MISSING` or `TOO_LONG`, at `kind` for agreements, which
/// come about only here, and at `fileId` with `NOT_A_DOCUMENT`.
pub async fn attach(app: &App, actor: &Actor, new: Attach) -> Result<document::Model> {
    actor.require_in(AccountKind::Provider, Right::ManageCustomers)?;
    let title_de = text("titleGerman", &new.title_de, TITLE_MAX)?;
    let title_en = text("titleEnglish", &new.title_en, TITLE_MAX)?;
    if new.kind == DocumentKind::Agreement {
        return Err(Error::invalid(
            "kind",
            Reason::NotADocument,
            "an agreement is concluded, not attached",
        ));
    }
    crate::file::get(app, actor, new.file).await?;
    let tx = app.begin().await?;
    let contract = contract::Entity::find_by_id(new.contract)
        .one(&tx)
        .await?
        .ok_or(Error::NotFound("contract"))?;
    let account = account::Entity::find_by_id(contract.account_id)
        .one(&tx)
        .await?
        .ok_or(Error::NotFound("account"))?;
    let row = add(
        &tx,
        app,
        NewDocument {
            account: account.id,
            contract: Some(contract.id),
            kind: new.kind,
            title_de,
            title_en,
            file: new.file,
            added_by: Some(actor.user),
        },
    )
    .await?;
    record(&tx, app, actor, "attachDocument", &row).await?;
    let template = Template::DocumentAdded {
        account: account.name,
        titles: [row.title_de.clone(), row.title_en.clone()],
        contract: contract.number,
        page: format!("{}/documents", app.settings.origin),
    };
    for user in managers(&tx, app, account.id).await? {
        mail::enqueue_to(&tx, app, user, &template).await?;
    }
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(row)
}

/// Staff takes a document back: its row stays, says why, and nobody of the customer gets the file any more.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff who manage customers; [`Error::NotFound`]; [`Error::Invalid`] at `reason`;
/// [`Error::Conflict`] for an agreement, which is evidence, and for what is withdrawn already.
pub async fn withdraw(app: &App, actor: &Actor, id: DocumentId, reason: &str) -> Result<document::Model> {
    actor.require_in(AccountKind::Provider, Right::ManageCustomers)?;
    let reason = text("reason", reason, REASON_MAX)?;
    let tx = app.begin().await?;
    let row = document::Entity::find_by_id(id)
        .one(&tx)
        .await?
        .ok_or(Error::NotFound("document"))?;
    if row.kind == DocumentKind::Agreement {
        return Err(Error::Conflict("an agreement that was concluded stays"));
    }
    let now = app.clock.now();
    let changed = document::Entity::update_many()
        .col_expr(document::Column::WithdrawnAt, Expr::value(now))
        .col_expr(document::Column::WithdrawnBy, Expr::value(actor.user))
        .col_expr(document::Column::WithdrawalReason, Expr::value(reason.clone()))
        .filter(document::COLUMN.id.eq(id))
        .filter(document::COLUMN.withdrawn_at.is_null())
        .exec(&tx)
        .await?;
    if changed.rows_affected != 1 {
        return Err(Error::Conflict("the document was withdrawn already"));
    }
    record(&tx, app, actor, "withdrawDocument", &row).await?;
    tx.commit().await?;
    Ok(document::Model {
        withdrawn_at: Some(now),
        withdrawn_by: Some(actor.user),
        withdrawal_reason: Some(reason),
        ..row
    })
}

/// A document with its bytes. The same questions are asked for each download as for the list (security E04).
///
/// # Errors
/// [`Error::Forbidden`] for who neither manages the contracts of the account in view nor is staff who manages
/// customers; [`Error::NotFound`] for documents of other accounts, and for withdrawn ones, unless staff asks.
pub async fn fetch(app: &App, actor: &Actor, id: DocumentId) -> Result<(document::Model, Vec<u8>)> {
    let is_staff = actor.require_in(AccountKind::Provider, Right::ManageCustomers).is_ok();
    let mut found = document::Entity::find_by_id(id);
    if !is_staff {
        let account = actor.require(Right::ManageContracts)?;
        found = found
            .filter(document::COLUMN.account_id.eq(account.id))
            .filter(document::COLUMN.withdrawn_at.is_null());
    }
    let row = found.one(&app.db).await?.ok_or(Error::NotFound("document"))?;
    let stored = file::Entity::find_by_id(row.file_id)
        .one(&app.db)
        .await?
        .ok_or(Error::NotFound("document"))?;
    let bytes = app.files.get(&stored.sha256).await?;
    Ok((row, bytes))
}

/// The users who manage the contracts of an account now.
///
/// # Errors
/// If the database refuses.
pub async fn managers(db: &impl ConnectionTrait, app: &App, account: AccountId) -> Result<Vec<UserId>> {
    let now = app.clock.now();
    let rows = membership::Entity::find()
        .filter(membership::COLUMN.account_id.eq(account))
        .filter(membership::COLUMN.blocked_at.is_null())
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .filter(|row| row.rights.allow(Right::ManageContracts))
        .filter(|row| row.expires_at.is_none_or(|end| end > now))
        .map(|row| row.user_id)
        .collect())
}

/// A row in the customer's log: he sees what staff did for him.
async fn record(
    tx: &impl ConnectionTrait,
    app: &App,
    actor: &Actor,
    act: &'static str,
    row: &document::Model,
) -> Result<()> {
    let entry = audit::Entry {
        user: Some(actor.user),
        account: Some(row.account_id),
        act,
        object: Some(row.id.to_string()),
        ip: actor.ip.clone(),
        ..audit::Entry::default()
    };
    audit::add(tx, app, entry).await
}

/// A text on one line, without control characters.
pub(crate) fn text(field: &'static str, typed: &str, max: usize) -> Result<String> {
    let words: Vec<_> = typed
        .split(|c: char| c.is_control() || c.is_whitespace())
        .filter(|word| !word.is_empty())
        .collect();
    let text = words.join(" ");
    if text.is_empty() {
        return Err(Error::invalid(field, Reason::Missing, "nothing is written here"));
    }
    if text.chars().count() > max {
        return Err(Error::invalid(
            field,
            Reason::TooLong,
            format!("at most {max} characters"),
        ));
    }
    Ok(text)
}

//! Who gets an access letter, and what it costs: a new code in place of the one of an earlier letter.
use super::AccessLetter;
use crate::{
    account::find_by_number,
    actor::Actor,
    app::App,
    audit,
    entity::{account, membership, user},
    error::{Error, Result},
    face,
    user::letter_code,
};
use chrono::TimeDelta;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use shared::{
    account::{AccountKind, Right},
    id::AccountId,
};

/// A letter as a file.
#[derive(Clone, Debug)]
pub struct PrintedLetter {
    /// What the file is called.
    pub file_name: String,
    /// The PDF.
    pub pdf: Vec<u8>,
}

/// Makes the access letter of a customer or dealer. Codes of earlier letters to him are worth nothing from here on.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff who manage customers; [`Error::StepUpRequired`]: the letter opens the
/// account; [`Error::NotFound`] for an account that does not exist; [`Error::Conflict`] if its owner has chosen a
/// password already, is blocked, or there is none.
pub async fn print(app: &App, actor: &Actor, account: AccountId) -> Result<PrintedLetter> {
    actor.require_in(AccountKind::Provider, Right::ManageCustomers)?;
    actor.require_step_up(app.clock.now())?;
    make(app, Some(actor), account).await
}

/// The same for the operator at the console, by the customer number.
///
/// # Errors
/// As with [`print`], but for who may.
pub async fn print_by_operator(app: &App, number: &str) -> Result<PrintedLetter> {
    let account = find_by_number(&app.db, number)
        .await?
        .ok_or(Error::NotFound("account"))?;
    make(app, None, account.id).await
}

async fn make(app: &App, actor: Option<&Actor>, id: AccountId) -> Result<PrintedLetter> {
    let tx = app.begin().await?;
    let account = account::Entity::find_by_id(id)
        .one(&tx)
        .await?
        .filter(|row| row.kind != AccountKind::Provider)
        .ok_or(Error::NotFound("account"))?;
    let owner = owner(&tx, app, id)
        .await?
        .ok_or(Error::Conflict("nobody owns this account"))?;
    if owner.password_hash.is_some() {
        return Err(Error::Conflict("the customer has access already"));
    }
    if owner.blocked_at.is_some() {
        return Err(Error::Conflict("the customer is blocked"));
    }
    let code = letter_code::create(&tx, app, owner.id).await?;
    let entry = audit::Entry {
        user: actor.map(|actor| actor.user),
        account: Some(id),
        act: "accessLetter",
        object: Some(owner.id.to_string()),
        ip: actor.and_then(|actor| actor.ip.clone()),
        ..audit::Entry::default()
    };
    audit::add(&tx, app, entry).await?;
    let face = face::current_in(&tx, app).await?;
    let support: Vec<_> = [&face.support_email, &face.phone]
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    let city = [&account.postal_code, &account.city]
        .into_iter()
        .flatten()
        .cloned()
        .collect::<Vec<_>>();
    let lines = [Some(account.name), account.street, Some(city.join(" "))];
    let today = app.clock.today();
    let file_name = format!("{}.pdf", account.number);
    let letter = AccessLetter {
        language: owner.language,
        provider: face.name.clone(),
        letterhead: face.letterhead(app).await?,
        provider_address: face.address.clone(),
        support: (!support.is_empty()).then(|| support.join(", ")),
        origin: app.settings.origin.clone(),
        recipient: lines
            .into_iter()
            .flatten()
            .filter(|line| !line.trim().is_empty())
            .collect(),
        number: account.number,
        code,
        date: today,
        // the last day that counts whole
        until: (app.clock.now() + letter_code::LIFE - TimeDelta::days(1)).date_naive(),
    };
    let pdf = tokio::task::spawn_blocking(move || letter.pdf())
        .await
        .map_err(|error| Error::from(anyhow::Error::new(error)))??;
    tx.commit().await?;
    Ok(PrintedLetter { file_name, pdf })
}

/// Who may do everything in an account, the first of them.
async fn owner(db: &impl ConnectionTrait, app: &App, account: AccountId) -> Result<Option<user::Model>> {
    let now = app.clock.now();
    let members = membership::Entity::find()
        .filter(membership::COLUMN.account_id.eq(account))
        .filter(membership::COLUMN.blocked_at.is_null())
        .order_by_asc(membership::Column::CreatedAt)
        .all(db)
        .await?;
    let first = members
        .into_iter()
        .find(|row| row.rights.allow(Right::Owner) && row.expires_at.is_none_or(|end| end > now));
    match first {
        Some(member) => Ok(user::Entity::find_by_id(member.user_id).one(db).await?),
        None => Ok(None),
    }
}

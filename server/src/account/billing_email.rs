//! The addresses to which an account's invoices go. One counts only once its own mailbox has confirmed it (security
//! F07); those who got the invoices before are told, with a link that takes it back.
use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::{account, billing_email, link as link_row, membership, user},
    error::{Error, Result},
    link::{self, NewLink},
    mail::{self, Template},
    session::throttle::{self, Guess, Verdict},
    webhook::{self, BillingEmailFacts, Event},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, Set,
};
use shared::{
    account::{Language, Right},
    error::Reason,
    id::{AccountId, BillingEmailId},
    link::LinkPurpose,
    name::EmailAddress,
};
use std::collections::BTreeMap;

/// The most addresses an account has, those that wait to be confirmed included.
pub const MAX: usize = 10;

const PURPOSE: LinkPurpose = LinkPurpose::BillingEmail;

/// The addresses of an account that were not removed, in the order in which they were added.
///
/// # Errors
/// If the database refuses.
pub async fn list(db: &impl ConnectionTrait, account: AccountId) -> Result<Vec<billing_email::Model>> {
    Ok(billing_email::Entity::find()
        .filter(billing_email::COLUMN.account_id.eq(account))
        .filter(billing_email::COLUMN.removed_at.is_null())
        .order_by_asc(billing_email::Column::Id)
        .all(db)
        .await?)
}

/// Notes an address for the account in view and sends it a link; it counts once that is used.
///
/// # Errors
/// [`Error::Forbidden`] for those who do not manage contracts; [`Error::StepUpRequired`]; [`Error::Invalid`] at
/// `email` with `NOT_AN_EMAIL`, `ADDRESS_LISTED` or `TOO_MANY`; [`Error::Throttled`] after several mails to it.
pub async fn add(app: &App, actor: &Actor, email: &str) -> Result<billing_email::Model> {
    let account = actor.require(Right::ManageContracts)?.id;
    actor.require_step_up(app.clock.now())?;
    let email =
        EmailAddress::parse(email).map_err(|_| Error::invalid("email", Reason::NotAnEmail, "not an e-mail address"))?;
    check_room(&list(&app.db, account).await?, &email)?;
    let charge = pay(app, &email).await?;

    let tx = app.begin().await?;
    let owner = held(&tx, account).await?;
    if let Err(error) = check_room(&list(&tx, account).await?, &email) {
        charge.take_back(app).await?;
        return Err(error);
    }
    // Whoever adds what was removed has thought again: the link that would bring it back is no longer needed.
    let removed = billing_email::Entity::find()
        .filter(billing_email::COLUMN.account_id.eq(account))
        .filter(billing_email::COLUMN.email.eq(email.as_str()))
        .all(&tx)
        .await?;
    for row in removed {
        link::end_for(&tx, app, row.id.0).await?;
    }
    let now = app.clock.now();
    let row = billing_email::Model {
        id: BillingEmailId(app.new_id()),
        account_id: account,
        email: email.to_string(),
        language: language_of(&tx, actor).await?,
        created_at: now,
        sent_at: now,
        confirmed_at: None,
        removed_at: None,
    };
    row.clone().into_active_model().insert(&tx).await?;
    ask(&tx, app, actor, &owner, &row, &email).await?;
    let object = Some(row.id.to_string());
    audit::record(&tx, app, Some(actor), "addBillingEmail", object, true).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(row)
}

/// Sends another link to an address that waits to be confirmed; the former one ends.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`] for what is not of the account in view; [`Error::Conflict`] for what is
/// confirmed; [`Error::StepUpRequired`]; [`Error::Throttled`] after several mails to it.
pub async fn resend(app: &App, actor: &Actor, id: BillingEmailId) -> Result<billing_email::Model> {
    let account = actor.require(Right::ManageContracts)?.id;
    let found = of_account(&app.db, account, id).await?;
    actor.require_step_up(app.clock.now())?;
    let email = EmailAddress::parse(&found.email).map_err(|_| Error::NotFound("billingEmail"))?;
    if found.confirmed_at.is_some() {
        return Err(Error::Conflict("the address is confirmed"));
    }
    pay(app, &email).await?;
    let tx = app.begin().await?;
    let owner = held(&tx, account).await?;
    let row = of_account(&tx, account, id).await?;
    if row.confirmed_at.is_some() {
        return Err(Error::Conflict("the address is confirmed"));
    }
    link::end_for(&tx, app, row.id.0).await?;
    let mut sent = row.into_active_model();
    sent.sent_at = Set(app.clock.now());
    let row = sent.update(&tx).await?;
    ask(&tx, app, actor, &owner, &row, &email).await?;
    let object = Some(row.id.to_string());
    audit::record(&tx, app, Some(actor), "resendBillingEmail", object, true).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(row)
}

/// Takes an address off the list. If it counted, it is told, with a link that brings it back.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`] for what is not of the account in view; [`Error::StepUpRequired`].
pub async fn remove(app: &App, actor: &Actor, id: BillingEmailId) -> Result<()> {
    let account = actor.require(Right::ManageContracts)?.id;
    of_account(&app.db, account, id).await?;
    actor.require_step_up(app.clock.now())?;
    let tx = app.begin().await?;
    let owner = held(&tx, account).await?;
    let row = of_account(&tx, account, id).await?;
    link::end_for(&tx, app, row.id.0).await?;
    set_removed(&tx, app, &row).await?;
    if row.confirmed_at.is_some() {
        let (link, link_days) = undo(&tx, app, &row, &row.email, row.language).await?;
        let template = Template::BillingEmailRemoved {
            account: owner.name,
            link,
            link_days,
        };
        tell(&tx, app, &row.email, row.language, &template).await?;
        tell_systems(&tx, app, account).await?;
    }
    let object = Some(row.id.to_string());
    audit::record(&tx, app, Some(actor), "removeBillingEmail", object, true).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    app.webhooks_wait.notify_one();
    Ok(())
}

/// Lets an address count: its own mailbox has used the link. Called with the link found, not yet taken.
///
/// # Errors
/// [`Error::Invalid`] with `LINK_INVALID`.
pub(super) async fn confirm(
    tx: &DatabaseTransaction,
    app: &App,
    found: &link_row::Model,
    token: &str,
) -> Result<billing_email::Model> {
    let (owner, row) = of_link(tx, found).await?;
    link::take(tx, app, token, &[PURPOSE]).await?;
    if row.removed_at.is_some() || row.confirmed_at.is_some() || row.email != found.email {
        return Err(link::invalid());
    }
    let mut confirmed = row.into_active_model();
    confirmed.confirmed_at = Set(Some(app.clock.now()));
    let row = confirmed.update(tx).await?;
    for (email, language) in told(tx, app, &owner, &row).await? {
        let (link, link_days) = undo(tx, app, &row, &email, language).await?;
        let template = Template::BillingEmailAdded {
            account: owner.name.clone(),
            email: row.email.clone(),
            link,
            link_days,
        };
        tell(tx, app, &email, language, &template).await?;
    }
    tell_systems(tx, app, owner.id).await?;
    Ok(row)
}

/// Takes back what was told: the address that was added is removed, the one that was removed counts again. Called
/// with the link found, not yet taken.
///
/// # Errors
/// [`Error::Invalid`] with `LINK_INVALID`.
pub(super) async fn take_back(
    tx: &DatabaseTransaction,
    app: &App,
    found: &link_row::Model,
    token: &str,
) -> Result<billing_email::Model> {
    let (account, row) = of_link(tx, found).await?;
    link::take(tx, app, token, &[LinkPurpose::BillingEmailUndo]).await?;
    let is_listed = |others: Vec<billing_email::Model>| others.iter().any(|other| other.email == row.email);
    // An address is told of its own removal, and the others of its coming.
    let restores = found.email == row.email;
    if restores != row.removed_at.is_some() || (restores && is_listed(list(tx, account.id).await?)) {
        return Err(link::invalid());
    }
    link::end_for(tx, app, row.id.0).await?;
    let row = if restores {
        let mut restored = row.into_active_model();
        restored.removed_at = Set(None);
        restored.update(tx).await?
    } else {
        set_removed(tx, app, &row).await?
    };
    tell_systems(tx, app, account.id).await?;
    Ok(row)
}

/// Tells other systems which addresses of an account count from now on.
async fn tell_systems(tx: &DatabaseTransaction, app: &App, account: AccountId) -> Result<()> {
    let listed = list(tx, account).await?;
    let counting = listed.into_iter().filter(|row| row.confirmed_at.is_some());
    let facts = BillingEmailFacts {
        emails: counting.map(|row| row.email).collect(),
    };
    webhook::tell(tx, app, account, &Event::BillingEmailsChanged(facts)).await
}

/// Holds the account and reads the address that a link is about.
async fn of_link(tx: &DatabaseTransaction, link: &link_row::Model) -> Result<(account::Model, billing_email::Model)> {
    let (Some(account), Some(id)) = (link.account_id, link.object_id) else {
        return Err(link::invalid());
    };
    let account = held(tx, account).await?;
    let row = billing_email::Entity::find_by_id(BillingEmailId(id))
        .filter(billing_email::COLUMN.account_id.eq(account.id))
        .one(tx)
        .await?;
    Ok((account, row.ok_or_else(link::invalid)?))
}

/// That one more address may come.
fn check_room(listed: &[billing_email::Model], email: &EmailAddress) -> Result<()> {
    if listed.iter().any(|row| row.email == email.as_str()) {
        return Err(Error::invalid(
            "email",
            Reason::AddressListed,
            "the address is on the list",
        ));
    }
    if listed.len() >= MAX {
        return Err(Error::invalid(
            "email",
            Reason::TooMany,
            format!("an account has at most {MAX} addresses; remove one first"),
        ));
    }
    Ok(())
}

/// Charges a mail to an address: nobody's mailbox is filled by ours.
async fn pay(app: &App, email: &EmailAddress) -> Result<throttle::Charge> {
    match throttle::charge(app, Guess::MailTo, email.as_str()).await? {
        Verdict::Open(charge) => Ok(charge),
        Verdict::Locked => Err(Error::Throttled),
    }
}

/// The row of an account, which two who change its addresses get one after the other.
async fn held(tx: &DatabaseTransaction, account: AccountId) -> Result<account::Model> {
    account::Entity::find_by_id(account)
        .lock_exclusive()
        .one(tx)
        .await?
        .ok_or(Error::NotFound("account"))
}

async fn of_account(db: &impl ConnectionTrait, account: AccountId, id: BillingEmailId) -> Result<billing_email::Model> {
    billing_email::Entity::find_by_id(id)
        .filter(billing_email::COLUMN.account_id.eq(account))
        .filter(billing_email::COLUMN.removed_at.is_null())
        .one(db)
        .await?
        .ok_or(Error::NotFound("billingEmail"))
}

async fn language_of(tx: &DatabaseTransaction, actor: &Actor) -> Result<Language> {
    let row = user::Entity::find_by_id(actor.user).one(tx).await?;
    Ok(row.ok_or(Error::Unauthenticated)?.language)
}

async fn set_removed(tx: &DatabaseTransaction, app: &App, row: &billing_email::Model) -> Result<billing_email::Model> {
    let mut removed = row.clone().into_active_model();
    removed.removed_at = Set(Some(app.clock.now()));
    Ok(removed.update(tx).await?)
}

/// Mails the link that confirms an address to that address.
async fn ask(
    tx: &DatabaseTransaction,
    app: &App,
    actor: &Actor,
    account: &account::Model,
    row: &billing_email::Model,
    email: &EmailAddress,
) -> Result<()> {
    let new = NewLink {
        purpose: PURPOSE,
        email: &row.email,
        user: Some(actor.user),
        account: Some(account.id),
        object: Some(row.id.0),
        language: row.language,
    };
    let token = link::add(tx, app, new).await?;
    let template = Template::BillingEmail {
        account: account.name.clone(),
        link: link::address(app, PURPOSE, &token),
        link_hours: link::life(PURPOSE).num_hours(),
    };
    mail::enqueue(tx, app, email, row.language, &template).await
}

/// A link by which `email` takes back what happened to a row, and how many days it works.
async fn undo(
    tx: &DatabaseTransaction,
    app: &App,
    row: &billing_email::Model,
    email: &str,
    language: Language,
) -> Result<(String, i64)> {
    let purpose = LinkPurpose::BillingEmailUndo;
    let new = NewLink {
        purpose,
        email,
        user: None,
        account: Some(row.account_id),
        object: Some(row.id.0),
        language,
    };
    let token = link::add(tx, app, new).await?;
    Ok((link::address(app, purpose, &token), link::life(purpose).num_days()))
}

/// Who is told of a new address: the others that count, and the owners of the account; each once, never itself.
async fn told(
    tx: &DatabaseTransaction,
    app: &App,
    account: &account::Model,
    new: &billing_email::Model,
) -> Result<BTreeMap<String, Language>> {
    let now = app.clock.now();
    let members = membership::Entity::find()
        .filter(membership::COLUMN.account_id.eq(account.id))
        .filter(membership::COLUMN.blocked_at.is_null())
        .all(tx)
        .await?;
    let owners = members
        .into_iter()
        .filter(|row| row.rights.allow(Right::Owner) && row.expires_at.is_none_or(|end| end > now))
        .map(|row| row.user_id);
    let owners = user::Entity::find()
        .filter(user::COLUMN.id.is_in(owners))
        .all(tx)
        .await?;
    let listed = list(tx, account.id).await?;
    let counting = listed
        .into_iter()
        .filter(|row| row.confirmed_at.is_some())
        .map(|row| (row.email, row.language));
    Ok(counting
        .chain(owners.into_iter().filter_map(|row| Some((row.email?, row.language))))
        .filter(|(email, _)| *email != new.email)
        .collect())
}

async fn tell(tx: &DatabaseTransaction, app: &App, email: &str, language: Language, template: &Template) -> Result<()> {
    match EmailAddress::parse(email) {
        Ok(address) => mail::enqueue(tx, app, &address, language, template).await,
        Err(_) => Ok(()),
    }
}

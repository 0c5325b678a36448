//! Registering: an address is activated by a link, then its person gets a user and an account of his own.
use super::{
    NewUser, add,
    entrance_request::{self, Wish},
    is_registered, password,
};
use crate::{
    access, account,
    app::App,
    audit::{self, Entry},
    entity::{entrance_request as entrance_request_row, link as link_row, sign_in_name},
    error::{Error, Result},
    link::{self, NewLink},
    mail::{self, Template},
    member::{self, name::NAME_MAX},
    session::{
        self, Origin,
        throttle::{self, Guess, Verdict},
    },
};
use sea_orm::{ConnectionTrait, EntityTrait};
use shared::{
    account::{AccountKind, Language, Right, Rights},
    error::Reason,
    id::UserId,
    link::LinkPurpose,
    name::EmailAddress,
};

/// Mails a link that activates an address. The answer is always the same (security B09): whoever has an account already
/// is told so by mail, and nobody else.
///
/// # Errors
/// [`Error::Invalid`] with `NOT_AN_EMAIL` at `email`; [`Error::Throttled`] when too many came from this address.
pub async fn register(app: &App, origin: &Origin, email: &str, language: Language) -> Result<()> {
    let email = EmailAddress::parse(email)
        .map_err(|_| Error::invalid("email", Reason::NotAnEmail, "this is not an e-mail address"))?;
    entrance_request::keep(app, origin, Wish::Registration, email.as_str(), Some(language)).await
}

/// Does what was asked for.
pub(super) async fn answer(app: &App, request: &entrance_request_row::Model) -> Result<()> {
    let Ok(email) = EmailAddress::parse(&request.name) else {
        return Ok(());
    };
    let language = request.language.unwrap_or_default();
    let Verdict::Open(_) = throttle::charge(app, Guess::MailTo, email.as_str()).await? else {
        return Ok(());
    };
    let tx = app.begin().await?;
    if !request.take(&tx).await? {
        return Ok(());
    }
    let letter = if is_registered(&tx, email.as_str()).await? {
        Template::RegisteredAlready {
            sign_in: format!("{}/sign-in", app.settings.origin),
            forgotten: format!("{}/forgotten", app.settings.origin),
        }
    } else {
        activation(&tx, app, &email, language).await?
    };
    mail::enqueue(&tx, app, &email, language, &letter).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(())
}

/// A mail with a new link, in place of former ones.
pub(super) async fn activation(
    db: &impl ConnectionTrait,
    app: &App,
    email: &EmailAddress,
    language: Language,
) -> Result<Template> {
    let purpose = LinkPurpose::Registration;
    link::end(db, app, email.as_str(), &[purpose]).await?;
    let new = NewLink {
        purpose,
        email: email.as_str(),
        user: None,
        account: None,
        object: None,
        language,
    };
    let token = link::add(db, app, new).await?;
    Ok(Template::Activation {
        link: link::address(app, purpose, &token),
        link_hours: link::life(purpose).num_hours(),
    })
}

/// What somebody who registers fills in.
#[derive(Clone, Debug)]
pub struct Registration {
    /// Out of the link of the mail.
    pub token: String,
    /// What the person wants to be called.
    pub name: Option<String>,
    /// The password, as typed.
    pub password: String,
    /// The language of the form.
    pub language: Language,
}

/// Makes a user with an account of his own out of a link, accepts what the link stands for, if anything, and signs the
/// user in; gives the session's token. All or nothing.
///
/// # Errors
/// [`Error::Invalid`] with `LINK_INVALID`, `ALREADY_REGISTERED` or `TOO_LONG`; what the policy refuses.
pub async fn complete_registration(app: &App, origin: &Origin, registration: Registration) -> Result<(UserId, String)> {
    let link = find(&app.db, app, &registration.token).await?;
    let email = EmailAddress::parse(&link.email).map_err(|_| link::invalid())?;
    let name = registration
        .name
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty());
    if name.as_ref().is_some_and(|name| name.chars().count() > NAME_MAX) {
        return Err(Error::invalid(
            "name",
            Reason::TooLong,
            format!("a name has at most {NAME_MAX} characters"),
        ));
    }
    if is_registered(&app.db, email.as_str()).await? {
        return Err(Error::invalid(
            "token",
            Reason::AlreadyRegistered,
            "sign in, then open the link again",
        ));
    }
    let local = email.as_str().split('@').next().unwrap_or_default();
    let names = [name.as_deref().unwrap_or_default(), local];
    password::check_new(app, "password", &registration.password, &names, false).await?;
    let password_hash = app.hasher.hash(&registration.password).await?;

    let tx = app.begin().await?;
    let link = match link.purpose {
        LinkPurpose::ReadRights => access::take_link(&tx, app, &registration.token).await?,
        _ => link::take(&tx, app, &registration.token, &[LinkPurpose::Registration]).await?,
    };
    let number = new_number(&tx, app, 'P').await?;
    let account = account::NewAccount {
        kind: AccountKind::Customer,
        number: number.clone(),
        name: name.clone().unwrap_or_else(|| email.to_string()),
        street: None,
        postal_code: None,
        city: None,
        vat_id: None,
    };
    let account = account::add(&tx, app, account).await?;
    let new = NewUser {
        name,
        email: Some(email),
        password_hash: Some(password_hash),
        language: registration.language,
        sign_in_names: vec![number],
    };
    let user = add(&tx, app, new).await?;
    account::add_member(&tx, app, account, user, Rights::of(&[Right::Owner])).await?;
    if link.purpose == LinkPurpose::ReadRights {
        access::accept(&tx, app, &link, account).await?;
    }
    let token = session::open_registered(&tx, app, origin, user).await?;
    tx.commit().await?;
    Ok((user, token))
}

/// The link of a registration: with read rights or without.
async fn find(db: &impl ConnectionTrait, app: &App, token: &str) -> Result<link_row::Model> {
    match link::find(db, app, token, &[LinkPurpose::Registration]).await {
        Err(Error::Invalid { .. }) => access::find_link(db, app, token).await,
        found => found,
    }
}

/// A customer number that nobody has chosen: a letter and eight digits, not taken yet. P stands for those who register by
/// themselves, D for dealers.
pub(crate) async fn new_number(db: &impl ConnectionTrait, app: &App, letter: char) -> Result<String> {
    loop {
        let number = format!("{letter}{:08}", u32::from_be_bytes(app.rng.bytes::<4>()) % 100_000_000);
        let name = sign_in_name::Entity::find_by_id(number.to_lowercase()).one(db).await?;
        if name.is_none() && account::find_by_number(db, &number).await?.is_none() {
            return Ok(number);
        }
    }
}

/// Mails a new link in place of one that was not used in time, to the same address. The answer is always the same, and a
/// link that still counts, was used or never existed causes no mail.
///
/// # Errors
/// [`Error::Throttled`] when too many asked from this address.
pub async fn renew_link(app: &App, origin: &Origin, token: &str) -> Result<()> {
    let hash = hex::encode(session::token_hash(token));
    entrance_request::keep(app, origin, Wish::NewLink, &hash, None).await
}

/// Does what was asked for.
pub(super) async fn answer_renewal(app: &App, request: &entrance_request_row::Model) -> Result<()> {
    let Ok(hash) = hex::decode(&request.name) else {
        return Ok(());
    };
    let old = link_row::Entity::find_by_id(hash)
        .one(&app.db)
        .await?
        .filter(|old| old.used_at.is_none() && old.expires_at <= app.clock.now());
    let Some(old) = old else { return Ok(()) };
    if matches!(old.purpose, LinkPurpose::FirstSignIn | LinkPurpose::PasswordReset) {
        return super::recovery::answer(app, request, &old.email).await;
    }
    let Verdict::Open(_) = throttle::charge(app, Guess::MailTo, &old.email).await? else {
        return Ok(());
    };
    let Ok(email) = EmailAddress::parse(&old.email) else {
        return Ok(());
    };
    let tx = app.begin().await?;
    if !request.take(&tx).await? {
        return Ok(());
    }
    let letter = match old.purpose {
        LinkPurpose::Registration if !is_registered(&tx, email.as_str()).await? => {
            Some(activation(&tx, app, &email, old.language).await?)
        }
        LinkPurpose::ReadRights => access::renewed(&tx, app, &old).await?,
        LinkPurpose::Invitation => member::invitation::renewed(&tx, app, &old).await?,
        _ => None,
    };
    let Some(letter) = letter else {
        return Ok(tx.commit().await?);
    };
    mail::enqueue(&tx, app, &email, old.language, &letter).await?;
    let entry = Entry {
        user: old.user_id,
        act: "renewLink",
        ip: request.ip.clone(),
        user_agent: request.user_agent.clone(),
        ..Entry::default()
    };
    audit::add(&tx, app, entry).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(())
}

//! People who sign in: registration, what they are called, what they prefer.
pub mod graphql;
pub mod password;

use crate::{
    access, account,
    actor::Actor,
    app::App,
    entity::{sign_in_name, user},
    error::{Error, Result},
    session::{self, Origin},
};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};
use shared::{
    account::{AccountKind, Language, Right, Rights},
    error::Reason,
    id::UserId,
    name::EmailAddress,
};

/// The longest name of a person, in characters.
const NAME_MAX: usize = 100;

/// The zone of a user who has not chosen one.
const TIME_ZONE: &str = "Europe/Berlin";

/// What a new user is made of.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// What the person wants to be called.
    pub name: Option<String>,
    /// The confirmed address.
    pub email: Option<EmailAddress>,
    /// Argon2id as a PHC string.
    pub password_hash: Option<String>,
    /// The person's language.
    pub language: Language,
    /// What the person signs in with, besides the address.
    pub sign_in_names: Vec<String>,
}

/// Adds a user. No actor: registration and the operator come through here.
///
/// # Errors
/// If a sign-in name is taken or the database refuses.
pub async fn add(db: &impl ConnectionTrait, app: &App, new: NewUser) -> Result<UserId> {
    let row = user::Model {
        id: UserId(app.new_id()),
        name: new.name,
        email: new.email.as_ref().map(ToString::to_string),
        password_changed_at: new.password_hash.as_ref().map(|_| app.clock.now()),
        password_hash: new.password_hash,
        language: new.language,
        time_zone: TIME_ZONE.to_owned(),
        blocked_at: None,
        created_at: app.clock.now(),
    };
    let id = row.id;
    row.into_active_model().insert(db).await?;
    for name in new.sign_in_names.into_iter().chain(new.email.map(String::from)) {
        let row = sign_in_name::Model {
            name: name.trim().to_lowercase(),
            user_id: id,
        };
        row.into_active_model().insert(db).await?;
    }
    Ok(id)
}

/// Whether an address belongs to somebody already.
///
/// # Errors
/// If the database refuses.
pub async fn is_registered(db: &impl ConnectionTrait, email: &str) -> Result<bool> {
    Ok(user::Entity::find()
        .filter(user::COLUMN.email.eq(email))
        .one(db)
        .await?
        .is_some())
}

/// What somebody who was given a right fills in.
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

/// Makes a user with an account of his own out of a link, accepts what the link stands for and signs the user
/// in; gives the session's token. All or nothing.
///
/// # Errors
/// [`Error::Invalid`] with `LINK_INVALID`, `ALREADY_REGISTERED` or `TOO_LONG`; [`Error::WeakPassword`].
pub async fn complete_registration(app: &App, origin: &Origin, registration: Registration) -> Result<(UserId, String)> {
    let link = access::find_link(&app.db, app, &registration.token).await?;
    let email = EmailAddress::parse(&link.email).map_err(|_| link_invalid())?;
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
    password::check_new(app, "password", &registration.password, &names, false)?;
    let password_hash = app.hasher.hash(&registration.password).await?;

    let tx = app.begin().await?;
    let link = access::take_link(&tx, app, &registration.token).await?;
    let number = new_number(&tx, app).await?;
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
    access::accept(&tx, app, &link, account).await?;
    let token = session::open_registered(&tx, app, origin, user).await?;
    tx.commit().await?;
    Ok((user, token))
}

fn link_invalid() -> Error {
    Error::invalid(
        "token",
        Reason::LinkInvalid,
        "the link was used, has expired or never existed",
    )
}

/// A customer number for somebody who registers by himself: P and eight digits, not taken yet.
async fn new_number(db: &impl ConnectionTrait, app: &App) -> Result<String> {
    loop {
        let number = format!("P{:08}", u32::from_be_bytes(app.rng.bytes::<4>()) % 100_000_000);
        let name = sign_in_name::Entity::find_by_id(number.to_lowercase()).one(db).await?;
        if name.is_none() && account::find_by_number(db, &number).await?.is_none() {
            return Ok(number);
        }
    }
}

/// Sets the language in which the portal speaks to the actor.
///
/// # Errors
/// If the database refuses.
pub async fn change_preferences(app: &App, actor: &Actor, language: Option<Language>) -> Result<()> {
    if let Some(language) = language {
        let row = user::ActiveModel {
            id: Set(actor.user),
            language: Set(language),
            ..Default::default()
        };
        row.update(&app.db).await?;
    }
    Ok(())
}

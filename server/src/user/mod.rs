//! People who sign in: registration, what they are called, what they prefer.
pub mod admin;
pub mod email_change;
pub mod entrance;
pub mod entrance_request;
pub mod graphql;
pub mod letter_code;
pub mod password;
pub mod profile;
pub mod profile_graphql;
pub mod recovery;
pub mod registration;

use crate::{
    app::App,
    entity::{sign_in_name, user},
    error::Result,
};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use shared::{account::Language, id::UserId, name::EmailAddress};

pub use registration::{Registration, complete_registration};

/// The zone of a user who has not chosen one.
pub(crate) const TIME_ZONE: &str = "Europe/Berlin";

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

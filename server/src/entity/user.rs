//! People who sign in.
use sea_orm::entity::prelude::*;
use shared::{account::Language, id::UserId};

/// A row of `user`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UserId,
    /// What the person wants to be called.
    pub name: Option<String>,
    /// The confirmed address, in the spelling of `EmailAddress`.
    pub email: Option<String>,
    /// Argon2id as a PHC string; none until a password was chosen.
    pub password_hash: Option<String>,
    /// When the password was chosen.
    pub password_changed_at: Option<DateTimeUtc>,
    pub language: Language,
    /// The zone in which times are shown to the person, by its name in the IANA database.
    pub time_zone: String,
    /// Since when the person cannot sign in; set by staff.
    pub blocked_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

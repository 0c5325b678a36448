//! What the provider says of itself: each version stays, the newest counts.
use sea_orm::entity::prelude::*;
use shared::id::UserId;

/// A row of `face`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "face")]
pub struct Model {
    /// From 1, without gaps.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    pub name: String,
    pub address: Option<String>,
    pub phone: Option<String>,
    pub hours: Option<String>,
    /// The same in English.
    pub hours_en: Option<String>,
    pub support_email: Option<String>,
    pub mail_sender: Option<String>,
    /// `#` and six hexadecimal digits, as is the next.
    pub accent_light: Option<String>,
    pub accent_dark: Option<String>,
    pub logo_sha256: Option<String>,
    pub logo_media_type: Option<String>,
    /// Who wrote it.
    pub user_id: UserId,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

//! What strangers ask for at the entrance, until it is answered.
use crate::user::entrance_request::Wish;
use sea_orm::entity::prelude::*;
use shared::account::Language;

/// A row of `entrance_request`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "entrance_request")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub wish: Wish,
    /// Who or what it is about, as typed; of a link only the hash of its token, in hex.
    pub name: String,
    /// The language of the form; none where the person's own is known, if there is such a person.
    pub language: Option<Language>,
    /// The address of the browser that asks.
    pub ip: Option<String>,
    pub user_agent: Option<String>,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

//! How often something was guessed lately.
use crate::session::throttle::Guess;
use sea_orm::entity::prelude::*;

/// A row of `throttle`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "throttle")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub guess: Guess,
    #[sea_orm(primary_key, auto_increment = false)]
    /// SHA-256 of who or what is guessed at, so that the table is no list of names.
    pub subject: Vec<u8>,
    /// How many tries were charged in this window.
    pub charges: i32,
    /// When the window ends, and the count begins anew.
    pub until: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

//! What lists show of devices, loaded for all their rows at once.
use crate::{
    entity::{device_key, key_import, user},
    error::{Error, Result},
};
use async_graphql::dataloader::Loader;
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, DatabaseConnection, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect,
    RelationDef,
};
use shared::id::{AccountId, DeviceId};
use std::collections::HashMap;

/// Loads the names of the stored keys of devices, in their order, never the keys. It asks nobody: give it devices that
/// the viewer sees.
#[derive(Debug)]
pub struct KeyNamesOf(pub DatabaseConnection);

impl Loader<DeviceId> for KeyNamesOf {
    type Value = Vec<String>;
    type Error = Error;

    async fn load(&self, devices: &[DeviceId]) -> Result<HashMap<DeviceId, Vec<String>>> {
        let rows: Vec<(DeviceId, String)> = device_key::Entity::find()
            .filter(device_key::COLUMN.device_id.is_in(devices.iter().copied()))
            .select_only()
            .columns([device_key::Column::DeviceId, device_key::Column::Name])
            .order_by_asc(device_key::Column::Name)
            .into_tuple()
            .all(&self.0)
            .await?;
        let mut names: HashMap<_, Vec<_>> = HashMap::new();
        for (device, name) in rows {
            names.entry(device).or_default().push(name);
        }
        Ok(names)
    }
}

/// Where a stored key came from.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Origin {
    /// The device.
    pub device_id: DeviceId,
    /// The key's name, such as DEK.
    pub name: String,
    /// Whose import it was.
    pub account_id: AccountId,
    /// When.
    pub created_at: DateTime<Utc>,
    /// The name of the file.
    pub file_name: String,
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: String,
    /// Who imported it.
    pub user_name: Option<String>,
    /// His e-mail address.
    pub user_email: Option<String>,
}

/// Loads where the stored keys of devices came from, in the order of their names. It asks nobody: give it devices that
/// the viewer's account holds.
#[derive(Debug)]
pub struct OriginsOf(pub DatabaseConnection);

impl Loader<DeviceId> for OriginsOf {
    type Value = Vec<Origin>;
    type Error = Error;

    async fn load(&self, devices: &[DeviceId]) -> Result<HashMap<DeviceId, Vec<Origin>>> {
        let to_import: RelationDef = device_key::Entity::belongs_to(key_import::Entity)
            .from(device_key::Column::ImportId)
            .to(key_import::Column::Id)
            .into();
        let to_user: RelationDef = key_import::Entity::belongs_to(user::Entity)
            .from(key_import::Column::UserId)
            .to(user::Column::Id)
            .into();
        let rows = device_key::Entity::find()
            .join(JoinType::InnerJoin, to_import)
            .join(JoinType::InnerJoin, to_user)
            .filter(device_key::COLUMN.device_id.is_in(devices.iter().copied()))
            .select_only()
            .columns([device_key::Column::DeviceId, device_key::Column::Name])
            .columns([
                key_import::Column::AccountId,
                key_import::Column::CreatedAt,
                key_import::Column::FileName,
                key_import::Column::Sha256,
            ])
            .column_as(user::Column::Name, "user_name")
            .column_as(user::Column::Email, "user_email")
            .order_by_asc(device_key::Column::Name)
            .into_model::<Origin>()
            .all(&self.0)
            .await?;
        let mut origins: HashMap<_, Vec<_>> = HashMap::new();
        for row in rows {
            origins.entry(row.device_id).or_default().push(row);
        }
        Ok(origins)
    }
}

//! What lists show of devices, loaded for all their rows at once.
use crate::{
    entity::device_key,
    error::{Error, Result},
};
use async_graphql::dataloader::Loader;
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use shared::id::DeviceId;
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

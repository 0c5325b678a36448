//! What happened with a device, as the API shows it.
use super::super::history::{Event, Place};
use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};
use shared::device::DeviceEventKind;

/// Something that happened with a device.
#[derive(Clone, Debug, SimpleObject)]
pub struct DeviceEvent {
    /// When.
    at: DateTime<Utc>,
    /// The e-mail address that a right was given to, or that of the reader who used a key; null where nobody else is
    /// concerned.
    email: Option<String>,
    /// The file that a key came from; null for those who do not hold the device.
    file_name: Option<String>,
    /// The name of the key, such as DEK; null where it is about no single key.
    key_name: Option<String>,
    /// What.
    kind: DeviceEventKind,
    /// Who did it: a person of the own account, or the dealer who gave a right; null where the viewer is not told.
    who: Option<String>,
    /// Its place in the list.
    #[graphql(skip)]
    pub(super) place: Place,
}

impl From<Event> for DeviceEvent {
    fn from(event: Event) -> Self {
        let place = event.place();
        let Event {
            at,
            kind,
            who,
            email,
            key_name,
            file_name,
            ..
        } = event;
        Self {
            at,
            email,
            file_name,
            key_name,
            kind,
            who,
            place,
        }
    }
}

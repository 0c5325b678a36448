//! One newtype per kind of id, so that a device can never be passed for a user.
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "server", derive(sea_orm::DeriveValueType))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> { text.parse().map(Self) }
        }

        #[cfg(feature = "server")]
        async_graphql::scalar!($name);

        /// The database never numbers these itself.
        #[cfg(feature = "server")]
        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    };
}

id!(/// Names a user, a person who signs in.
    UserId);
id!(/// Names an account: a customer, a dealer or the provider.
    AccountId);
id!(/// Names a product of the catalogue.
    ProductId);
id!(/// Names a contract of an account over a product.
    ContractId);
id!(/// Names an invoice.
    InvoiceId);
id!(/// Names a device: a meter or a concentrator.
    DeviceId);
id!(/// Names an import of device keys.
    KeyImportId);
id!(/// Names a batch of read rights given in one go.
    AssignmentId);
id!(/// Names an uploaded file.
    FileId);
id!(/// Names a mail of the outbox.
    MailId);

//! One newtype per kind of id, so that a device can never be passed for a user.
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($name:ident, $text:literal, $doc:literal) => {
        #[doc = $doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "server", derive(sea_orm::DeriveValueType))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        #[cfg(feature = "server")]
        async_graphql::scalar!($name, $text, $doc);

        /// The database never numbers these itself.
        #[cfg(feature = "server")]
        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64($text))
            }
        }
    };
}

id!(UserId, "UserId", "Names a user, a person who signs in.");
id!(
    AccountId,
    "AccountId",
    "Names an account: a customer, a dealer or the provider."
);
id!(ProductId, "ProductId", "Names a product of the catalogue.");
id!(
    ContractId,
    "ContractId",
    "Names a contract of an account over a product."
);
id!(InvoiceId, "InvoiceId", "Names an invoice.");
id!(IntakeId, "IntakeId", "Names a file with an invoice that came in.");
id!(
    BuyerRuleId,
    "BuyerRuleId",
    "Names a rule by which invoices find their customer."
);
id!(DeviceId, "DeviceId", "Names a device: a meter or a concentrator.");
id!(
    KeyRequestId,
    "KeyRequestId",
    "Names a request for more keys than the quota allows."
);
id!(
    DealerRequestId,
    "DealerRequestId",
    "Names a request to become a dealer."
);
id!(
    TransferId,
    "TransferId",
    "Names an offer of devices from one dealer to another."
);
id!(KeyExportId, "KeyExportId", "Names a file of keys on its way out.");
id!(KeyImportId, "KeyImportId", "Names an import of device keys.");
id!(
    StagedImportId,
    "StagedImportId",
    "Names an import of device keys that is not done yet."
);
id!(
    AssignmentId,
    "AssignmentId",
    "Names a batch of read rights given in one go."
);
id!(
    AssignmentImportId,
    "AssignmentImportId",
    "Names a list of read rights that somebody brought."
);
id!(OrderId, "OrderId", "Names an order.");
id!(
    InvitationId,
    "InvitationId",
    "Names an invitation to become a member of an account."
);
id!(WaveId, "WaveId", "Names a wave, in which access was sent to customers.");
id!(FileId, "FileId", "Names an uploaded file.");
id!(
    SessionId,
    "SessionId",
    "Names a browser in which somebody is signed in."
);
id!(TokenId, "TokenId", "Names a personal access token.");
id!(
    BillingEmailId,
    "BillingEmailId",
    "Names an address for the invoices of an account."
);
id!(DocumentId, "DocumentId", "Names a document of a customer.");
id!(
    AgreementTemplateId,
    "AgreementTemplateId",
    "Names a version of the text of a product's agreement."
);
id!(AgreementId, "AgreementId", "Names an agreement that was concluded.");
id!(MailId, "MailId", "Names a mail of the outbox.");
id!(
    WebhookId,
    "WebhookId",
    "Names an endpoint of another system that is told of events."
);
id!(
    EventId,
    "EventId",
    "Names an event: the webhook-id of every try to tell it."
);
id!(DeliveryId, "DeliveryId", "Names the way of an event to one endpoint.");

//! The provider's texts that the law asks for, and what a provider has not said of itself yet.
use serde::{Deserialize, Serialize};

/// Which text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "server",
    derive(async_graphql::Enum, sea_orm::EnumIter, sea_orm::DeriveActiveEnum)
)]
#[cfg_attr(
    feature = "server",
    sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LegalKind {
    /// Who offers the portal (DDG § 5: "Impressum").
    Imprint,
    /// What happens to personal data (GDPR Articles 13 and 14).
    Privacy,
    /// The terms of business (BGB § 305).
    Terms,
    /// How accessible the portal is (BFSG § 14, EN 301 549).
    Accessibility,
}

impl LegalKind {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Imprint, Self::Privacy, Self::Terms, Self::Accessibility];

    /// The last part of its page's address.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Imprint => "imprint",
            Self::Privacy => "privacy",
            Self::Terms => "terms",
            Self::Accessibility => "accessibility",
        }
    }

    /// The text of an address.
    pub fn of_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }
}

/// What the provider has not said of itself yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FaceGap {
    /// The postal address is missing.
    Address,
    /// The telephone number is missing.
    Phone,
    /// When somebody answers is missing.
    Hours,
    /// The address for questions is missing.
    SupportEmail,
    /// Mails carry the address of the settings file.
    MailSender,
    /// The portal's own sign stands where the logo would.
    Logo,
    /// The portal's own colour is in use.
    Accent,
    /// The neutral text stands in for the imprint.
    Imprint,
    /// The neutral text stands in for the privacy statement.
    Privacy,
    /// The neutral text stands in for the terms.
    Terms,
    /// The neutral text stands in for the accessibility statement.
    Accessibility,
}

//! Accounts, their kinds and the rights of their members.
use serde::{Deserialize, Serialize};

/// What an account is to the provider.
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
pub enum AccountKind {
    /// Has contracts and invoices, and may read devices.
    Customer,
    /// Holds devices and gives others the right to read their keys.
    Dealer,
    /// The provider itself; its members are the staff.
    Provider,
}

/// What a member may do in an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Right {
    /// Everything in the account, and making others owners.
    Owner,
    /// See, order, change and cancel contracts.
    ManageContracts,
    /// See and download invoices.
    SeeInvoices,
    /// Add, change and remove members.
    ManageUsers,
    /// Read the keys that the account may read.
    ReadKeys,
    /// Import devices with their keys and give read rights.
    ManageKeys,
    /// Staff: decide requests and orders.
    HandleRequests,
    /// Staff: create customers and send access.
    ManageCustomers,
    /// Staff: import, match and publish invoices.
    ManageInvoices,
    /// Staff: everything of the installation.
    Administer,
}

impl Right {
    /// Every right, in the order of their bits.
    pub const ALL: [Self; 10] = [
        Self::Owner,
        Self::ManageContracts,
        Self::SeeInvoices,
        Self::ManageUsers,
        Self::ReadKeys,
        Self::ManageKeys,
        Self::HandleRequests,
        Self::ManageCustomers,
        Self::ManageInvoices,
        Self::Administer,
    ];

    /// Whether it is a right of the provider's staff, which nobody has in another account.
    pub const fn is_of_staff(self) -> bool {
        matches!(
            self,
            Self::HandleRequests | Self::ManageCustomers | Self::ManageInvoices | Self::Administer
        )
    }

    const fn bit(self) -> i32 {
        1 << self as i32
    }
}

/// A set of rights, stored as one number: bit n is the n-th of [`Right::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(sea_orm::DeriveValueType))]
#[serde(transparent)]
pub struct Rights(pub i32);

impl Rights {
    /// The set of exactly these rights.
    pub fn of(rights: &[Right]) -> Self {
        Self(rights.iter().fold(0, |bits, right| bits | right.bit()))
    }

    /// Whether the set allows `right`. An owner may do all that customers and dealers can do; what only staff
    /// does is never implied.
    pub fn allow(self, right: Right) -> bool {
        let has = |right: Right| self.0 & right.bit() != 0;
        let of_staff = right.is_of_staff();
        has(right) || (of_staff && has(Right::Administer)) || (!of_staff && has(Right::Owner))
    }

    /// Whether the set allows all that `other` grants: who has it may grant `other`, and change who has that.
    pub fn cover(self, other: Self) -> bool {
        other.to_vec().into_iter().all(|right| self.allow(right))
    }

    /// The rights in the set, as they were granted.
    pub fn to_vec(self) -> Vec<Right> {
        Right::ALL
            .into_iter()
            .filter(|right| self.0 & right.bit() != 0)
            .collect()
    }
}

/// A language of the portal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "server",
    derive(async_graphql::Enum, sea_orm::EnumIter, sea_orm::DeriveActiveEnum)
)]
#[cfg_attr(
    feature = "server",
    sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Language {
    /// German.
    #[default]
    De,
    /// English.
    En,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_may_all_but_what_staff_does() {
        let owner = Rights::of(&[Right::Owner]);
        assert!(owner.allow(Right::SeeInvoices) && owner.allow(Right::ManageKeys));
        assert!(!owner.allow(Right::ManageInvoices) && !owner.allow(Right::Administer));
    }

    #[test]
    fn what_somebody_has_covers_what_it_implies_and_nothing_more() {
        let owner = Rights::of(&[Right::Owner]);
        let manager = Rights::of(&[Right::ManageUsers, Right::SeeInvoices]);
        assert!(owner.cover(owner) && owner.cover(manager) && manager.cover(manager));
        assert!(!manager.cover(owner) && !manager.cover(Rights::of(&[Right::ReadKeys])));
        assert!(!owner.cover(Rights::of(&[Right::Administer])));
    }

    #[test]
    fn a_bookkeeper_sees_invoices_only() {
        let bookkeeper = Rights::of(&[Right::SeeInvoices]);
        let allowed: Vec<_> = Right::ALL
            .into_iter()
            .filter(|right| bookkeeper.allow(*right))
            .collect();
        assert_eq!(allowed, [Right::SeeInvoices]);
        assert_eq!(bookkeeper.to_vec(), [Right::SeeInvoices]);
    }
}

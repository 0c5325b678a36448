//! Whose invoice is it? The provider's rules: by customer number or rule, else by VAT id, never by name.
use super::{buyer_rule, read::InvoiceDocument};
use crate::{entity::account, error::Result};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter};
use std::collections::BTreeSet;

/// The account that an invoice is written to. A buyer identifier (BT-46) or the buyer reference (BT-10) is a customer
/// number, or a rule of the provider names the account; without either, the VAT identifier (BT-48) does. Whatever
/// could be the invoice of two accounts, or names a customer with another VAT identifier than the account has, is
/// nobody's until a person says so; a rule is such a word.
pub(super) async fn find(db: &impl ConnectionTrait, document: &InvoiceDocument) -> Result<Option<account::Model>> {
    let ids = document.buyer.ids.iter().map(|id| id.value.trim());
    let numbers: BTreeSet<&str> = ids.chain(document.buyer_reference.as_deref().map(str::trim)).collect();
    let vat_id = document.buyer.vat_id.as_deref().map(spelling);
    let ruled = buyer_rule::matching(db, document).await?;
    let mut found = account::Entity::find()
        .filter(
            Condition::any()
                .add(account::Column::Number.is_in(numbers))
                .add(account::Column::Id.is_in(ruled.iter().copied())),
        )
        .all(db)
        .await?;
    if let (true, Some(vat_id)) = (found.is_empty(), vat_id.as_deref().filter(|vat_id| !vat_id.is_empty())) {
        found = account::Entity::find()
            .filter(account::Column::VatId.eq(vat_id))
            .all(db)
            .await?;
    }
    let contradicts = |account: &account::Model| match (&account.vat_id, &vat_id) {
        (Some(known), Some(stated)) => spelling(known) != *stated,
        _ => false,
    };
    let is_certain = |account: &account::Model| ruled.contains(&account.id) || !contradicts(account);
    Ok(found.pop().filter(|account| found.is_empty() && is_certain(account)))
}

/// The one spelling of a VAT identifier that is compared: upper case, nothing but letters and digits.
pub(super) fn spelling(vat_id: &str) -> String {
    vat_id
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

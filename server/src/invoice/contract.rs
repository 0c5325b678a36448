//! Which contract an invoice is about: the one that it names as its contract (BT-12), else as its order (BT-13), else the
//! only one whose number stands in its lines.
use super::read::{InvoiceDocument, Line};
use crate::{entity::contract, error::Result};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use shared::id::{AccountId, ContractId};
use std::collections::BTreeSet;

/// Shortest word of a line that may be the number of a contract, in characters: shorter ones are quantities.
const WORD_MIN: usize = 4;

/// Longest word of a line that may be the number of a contract, in characters.
const WORD_MAX: usize = 60;

/// Most words of the lines that are looked up.
const WORD_LIMIT: usize = 500;

/// The contract of the account that the invoice is about; none where nothing names one, or the lines name several.
pub(super) async fn find(
    db: &impl ConnectionTrait,
    document: &InvoiceDocument,
    account: AccountId,
) -> Result<Option<ContractId>> {
    let named = [&document.contract_reference, &document.order_reference].map(|named| named.as_deref().map(str::trim));
    for number in named.into_iter().flatten().filter(|number| !number.is_empty()) {
        if let [found] = numbered(db, account, [number]).await?[..] {
            return Ok(Some(found));
        }
    }
    let mut words = BTreeSet::new();
    for line in &document.lines {
        collect(line, &mut words);
    }
    if words.is_empty() {
        return Ok(None);
    }
    Ok(match numbered(db, account, words).await?[..] {
        [found] => Some(found),
        _ => None,
    })
}

/// The contracts of the account that have one of these numbers.
async fn numbered(
    db: &impl ConnectionTrait,
    account: AccountId,
    numbers: impl IntoIterator<Item = &str>,
) -> Result<Vec<ContractId>> {
    Ok(contract::Entity::find()
        .select_only()
        .column(contract::Column::Id)
        .filter(contract::COLUMN.account_id.eq(account))
        .filter(contract::Column::Number.is_in(numbers))
        .into_tuple()
        .all(db)
        .await?)
}

/// The words of a line and of its parts that may be numbers of contracts: they have a digit.
fn collect<'a>(line: &'a Line, words: &mut BTreeSet<&'a str>) {
    let texts = [&line.name, &line.description, &line.note].into_iter().flatten();
    for word in texts.flat_map(|text| text.split(|c: char| c.is_whitespace() || "():;,\"\'".contains(c))) {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        let length = word.chars().count();
        let may_be = (WORD_MIN..=WORD_MAX).contains(&length) && word.contains(|c: char| c.is_ascii_digit());
        if may_be && words.len() < WORD_LIMIT {
            words.insert(word);
        }
    }
    for part in &line.sub_lines {
        collect(part, words);
    }
}

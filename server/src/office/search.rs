//! One box that finds a customer by whatever staff has at hand: number, name, address, contract, invoice or device.
//!
//! Names and e-mail addresses count wherever the text stands in them, numbers from their beginning. Case and marks make
//! no difference. What is found leads to the customer; nothing of what he has is shown but the number that fitted.
use super::may_manage;
use crate::{
    account::fold::fold,
    actor::Actor,
    app::App,
    entity::{account, assignment, billing_email, contract, device, invoice, membership, read_right, user},
    error::{Error, Result},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationDef,
    Select,
    sea_query::{Expr, Func, LikeExpr},
};
use shared::{account::AccountKind, error::Reason, id::AccountId, office::SearchKind};
use std::collections::{HashMap, HashSet};

/// A shorter text finds nothing: it would find nearly everything.
pub const TEXT_MIN: usize = 2;

/// The longest text, in characters.
pub const TEXT_MAX: usize = 100;

/// The most that is found of each kind.
pub const HITS_MAX: usize = 6;

/// A customer who was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// By what.
    pub kind: SearchKind,
    /// What fitted, as it is written: a name, an address, a number.
    pub text: String,
    /// The customer.
    pub account: account::Model,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// At most [`HITS_MAX`] of each kind, kind by kind.
    pub hits: Vec<Hit>,
    /// The kinds of which there are more.
    pub more: Vec<SearchKind>,
}

/// Finds customers; nothing for a text of less than [`TEXT_MIN`] characters. Eight statements whatever is found.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that manages customers; [`Error::Invalid`] with `TOO_LONG` at `text`.
pub async fn search(app: &App, actor: &Actor, text: &str) -> Result<Found> {
    may_manage(actor)?;
    let text = text.trim();
    let length = text.chars().count();
    if length > TEXT_MAX {
        let message = format!("at most {TEXT_MAX} characters");
        return Err(Error::invalid("text", Reason::TooLong, message));
    }
    if length < TEXT_MIN {
        return Ok(Found::default());
    }
    let mut raw = Vec::new();
    for (kind, rows) in by_text(text) {
        raw.push((kind, pairs(app, rows).await?));
    }
    raw.push((SearchKind::Device, by_device(app, text).await?));
    with_accounts(app, raw).await
}

/// What fitted, with the customer's id.
type Pairs = Vec<(String, AccountId)>;

/// The statements of all kinds but devices, each giving what fitted and whose it is.
fn by_text(text: &str) -> [(SearchKind, Select<account::Entity>); 5] {
    let accounts = || account::Entity::find().filter(account::COLUMN.kind.ne(AccountKind::Provider));
    let named = Condition::any()
        .add(starts(Expr::col((account::Entity, account::Column::Number)), text))
        .add(Expr::col((account::Entity, account::Column::NameFolded)).like(anywhere(&fold(text))));
    let of_member = accounts()
        .join(JoinType::InnerJoin, to_membership())
        .join(JoinType::InnerJoin, to_user());
    let small = anywhere(&text.to_lowercase());
    [
        (
            SearchKind::Customer,
            of(
                accounts().filter(named),
                Expr::col((account::Entity, account::Column::Name)),
            ),
        ),
        (
            SearchKind::Email,
            of(
                of_member.filter(Expr::col((user::Entity, user::Column::Email)).like(small.clone())),
                Expr::col((user::Entity, user::Column::Email)),
            ),
        ),
        (
            SearchKind::Email,
            of(
                accounts()
                    .join(
                        JoinType::InnerJoin,
                        to(billing_email::Entity, billing_email::Column::AccountId),
                    )
                    .filter(billing_email::COLUMN.removed_at.is_null())
                    .filter(Expr::col((billing_email::Entity, billing_email::Column::Email)).like(small)),
                Expr::col((billing_email::Entity, billing_email::Column::Email)),
            ),
        ),
        (
            SearchKind::Contract,
            of(
                accounts()
                    .join(JoinType::InnerJoin, to(contract::Entity, contract::Column::AccountId))
                    .filter(starts(Expr::col((contract::Entity, contract::Column::Number)), text)),
                Expr::col((contract::Entity, contract::Column::Number)),
            ),
        ),
        (
            SearchKind::Invoice,
            of(
                accounts()
                    .join(JoinType::InnerJoin, to(invoice::Entity, invoice::Column::AccountId))
                    .filter(starts(Expr::col((invoice::Entity, invoice::Column::Number)), text)),
                Expr::col((invoice::Entity, invoice::Column::Number)),
            ),
        ),
    ]
}

fn of(rows: Select<account::Entity>, what: Expr) -> Select<account::Entity> {
    rows.select_only()
        .expr_as(what, "what")
        .column(account::Column::Id)
        .order_by_asc(Expr::col("what"))
        .order_by_asc(account::Column::Id)
        .limit(HITS_MAX as u64 + 1)
}

fn to<E: EntityTrait>(other: E, column: E::Column) -> RelationDef {
    account::Entity::belongs_to(other)
        .from(account::Column::Id)
        .to(column)
        .into()
}

fn to_membership() -> RelationDef {
    to(membership::Entity, membership::Column::AccountId)
}

fn to_user() -> RelationDef {
    membership::Entity::belongs_to(user::Entity)
        .from(membership::Column::UserId)
        .to(user::Column::Id)
        .into()
}

/// That a number begins so; numbers are of ASCII, so both databases fold them alike.
fn starts(column: Expr, text: &str) -> Expr {
    Expr::from(Func::lower(column)).like(LikeExpr::new(format!("{}%", escaped(&text.to_lowercase()))).escape('!'))
}

fn anywhere(text: &str) -> LikeExpr {
    LikeExpr::new(format!("%{}%", escaped(text))).escape('!')
}

/// What is typed stands for itself.
fn escaped(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

async fn pairs(app: &App, rows: Select<account::Entity>) -> Result<Pairs> {
    Ok(rows.into_tuple().all(&app.db).await?)
}

/// Who holds devices whose serial number begins so, and who may read them. Digits only: the index is used.
async fn by_device(app: &App, text: &str) -> Result<Pairs> {
    let is_serial = text.len() >= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    let devices = device::Entity::find()
        .filter(device::COLUMN.serial_number.starts_with(text))
        .order_by_asc(device::Column::SerialNumber)
        .limit(HITS_MAX as u64 + 1);
    let devices = if is_serial {
        devices.all(&app.db).await?
    } else {
        Vec::new()
    };
    let readers: Vec<(shared::id::DeviceId, AccountId)> = read_right::Entity::find()
        .join(JoinType::InnerJoin, to_assignment())
        .filter(read_right::COLUMN.device_id.is_in(devices.iter().map(|row| row.id)))
        .filter(assignment::COLUMN.reader_account_id.is_not_null())
        .filter(assignment::COLUMN.revoked_at.is_null())
        .select_only()
        .column(read_right::Column::DeviceId)
        .column(assignment::Column::ReaderAccountId)
        .into_tuple()
        .all(&app.db)
        .await?;
    let mut found = Vec::new();
    for row in devices {
        let of_row = readers.iter().filter(|(device, _)| *device == row.id);
        let accounts = std::iter::once(row.account_id).chain(of_row.map(|(_, account)| *account));
        found.extend(accounts.map(|account| (row.serial_number.clone(), account)));
    }
    Ok(found)
}

fn to_assignment() -> RelationDef {
    read_right::Entity::belongs_to(assignment::Entity)
        .from(read_right::Column::AssignmentId)
        .to(assignment::Column::Id)
        .into()
}

async fn with_accounts(app: &App, raw: Vec<(SearchKind, Pairs)>) -> Result<Found> {
    let ids: HashSet<AccountId> = raw.iter().flat_map(|(_, pairs)| pairs).map(|(_, id)| *id).collect();
    let accounts: HashMap<_, _> = account::Entity::find()
        .filter(account::COLUMN.id.is_in(ids))
        .all(&app.db)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let mut found = Found::default();
    let mut seen = HashSet::new();
    for (kind, pairs) in raw {
        for (text, id) in pairs {
            let Some(account) = accounts.get(&id).filter(|row| row.kind != AccountKind::Provider) else {
                continue;
            };
            if !seen.insert((kind, text.clone(), id)) {
                continue;
            }
            if found.hits.iter().filter(|hit| hit.kind == kind).count() == HITS_MAX {
                if !found.more.contains(&kind) {
                    found.more.push(kind);
                }
                continue;
            }
            found.hits.push(Hit {
                kind,
                text,
                account: account.clone(),
            });
        }
    }
    Ok(found)
}

//! The people of a customer as staff sees them, to help those who cannot sign in any more.
use super::{may_manage, not_a_customer};
use crate::{
    actor::Actor,
    app::App,
    entity::{account, audit, membership, second_factor, user},
    error::Result,
};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use shared::account::{AccountKind, Right};
use shared::id::{AccountId, UserId};
use std::collections::{HashMap, HashSet};

/// How many people of one customer are shown.
const PEOPLE_MAX: u64 = 100;

/// Somebody who acts in a customer's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub user: user::Model,
    /// Whether he may do everything in the account.
    pub is_owner: bool,
    /// Whether he signs in with a second factor.
    pub has_second_factor: bool,
    /// When he last did something in the account, as its log says.
    pub last_seen_at: Option<DateTime<Utc>>,
}

/// The people of a customer, those who came first at the top, at most 100.
///
/// # Errors
/// [`crate::error::Error::Forbidden`] for all but staff who manages customers; [`crate::error::Error::NotFound`] for
/// what is no customer.
pub async fn people(app: &App, actor: &Actor, id: AccountId) -> Result<Vec<Person>> {
    may_manage(actor)?;
    account::Entity::find_by_id(id)
        .filter(account::COLUMN.kind.ne(AccountKind::Provider))
        .one(&app.db)
        .await?
        .ok_or_else(not_a_customer)?;
    let members = membership::Entity::find()
        .filter(membership::COLUMN.account_id.eq(id))
        .order_by_asc(membership::Column::UserId)
        .limit(PEOPLE_MAX)
        .all(&app.db)
        .await?;
    let ids: Vec<UserId> = members.iter().map(|row| row.user_id).collect();
    let users = user::Entity::find()
        .filter(user::COLUMN.id.is_in(ids.iter().copied()))
        .order_by_asc(user::Column::Id)
        .all(&app.db)
        .await?;
    let with_factor: HashSet<UserId> = second_factor::Entity::find()
        .filter(second_factor::COLUMN.user_id.is_in(ids))
        .all(&app.db)
        .await?
        .into_iter()
        .map(|row| row.user_id)
        .collect();
    let seen: Vec<(UserId, DateTime<Utc>)> = audit::Entity::find()
        .filter(audit::COLUMN.account_id.eq(id))
        .filter(audit::COLUMN.user_id.is_in(members.iter().map(|row| row.user_id)))
        .select_only()
        .column(audit::Column::UserId)
        .column_as(audit::Column::At.max(), "seen")
        .group_by(audit::Column::UserId)
        .into_tuple()
        .all(&app.db)
        .await?;
    let seen: HashMap<_, _> = seen.into_iter().collect();
    let owners: HashSet<UserId> = members
        .iter()
        .filter(|row| row.rights.allow(Right::Owner))
        .map(|row| row.user_id)
        .collect();
    let person = |user: user::Model| Person {
        is_owner: owners.contains(&user.id),
        has_second_factor: with_factor.contains(&user.id),
        last_seen_at: seen.get(&user.id).copied(),
        user,
    };
    Ok(users.into_iter().map(person).collect())
}

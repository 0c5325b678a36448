//! What of the log a viewer sees: what he did himself, and what concerns the account that he looks after.
use super::COMMAND_LINE;
use crate::{
    actor::Actor,
    app::App,
    entity::{audit, membership, user},
    error::{Error, Result},
    page::Page,
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    prelude::Uuid,
    sea_query::{Expr, ExprTrait},
};
use shared::{
    account::{AccountKind, Right},
    audit::Doer,
    id::{AccountId, UserId},
};
use std::collections::{BTreeMap, BTreeSet};

/// Which rows are asked for; what is left out does not limit.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only this act.
    pub act: Option<String>,
    /// Not before.
    pub from: Option<DateTime<Utc>>,
    /// Before.
    pub until: Option<DateTime<Utc>>,
    /// Only what was done (true), or only what was refused (false).
    pub is_allowed: Option<bool>,
    /// Only what the viewer did himself.
    pub is_mine: bool,
}

/// A row as it is shown.
#[derive(Clone, Debug)]
pub struct Shown {
    /// What was written.
    pub row: audit::Model,
    /// Who it was.
    pub doer: Doer,
    /// What the person is called; staff and others stay without a name.
    pub name: Option<String>,
}

/// What a viewer sees: his own acts; those that concern the account in view, if he manages its users; those of any
/// account, if he is staff who manages customers and asks for it.
fn scope(actor: &Actor, account: Option<AccountId>) -> Result<(Condition, Option<AccountId>)> {
    if let Some(account) = account {
        let is_staff = actor.require_in(AccountKind::Provider, Right::ManageCustomers).is_ok();
        let manages = actor.require(Right::ManageUsers).is_ok_and(|view| view.id == account);
        return if is_staff || manages {
            Ok((of_account(account), Some(account)))
        } else {
            Err(Error::NotFound("account"))
        };
    }
    let own = Condition::any().add(audit::COLUMN.user_id.eq(actor.user));
    let looks_after = actor
        .require(Right::ManageUsers)
        .or_else(|_| actor.require(Right::Administer));
    Ok(match looks_after {
        Ok(view) => (own.add(of_account(view.id)), Some(view.id)),
        Err(_) => (own, actor.account.as_ref().map(|view| view.id)),
    })
}

fn of_account(account: AccountId) -> Condition {
    Condition::all().add(audit::COLUMN.account_id.eq(account))
}

fn matching(actor: &Actor, filter: &Filter) -> Condition {
    Condition::all()
        .add_option(filter.act.as_deref().map(|act| audit::COLUMN.act.eq(act)))
        .add_option(filter.from.map(|from| audit::COLUMN.at.gte(from)))
        .add_option(filter.until.map(|until| audit::COLUMN.at.lt(until)))
        .add_option(filter.is_allowed.map(|allowed| audit::COLUMN.is_allowed.eq(allowed)))
        .add_option(filter.is_mine.then(|| audit::COLUMN.user_id.eq(actor.user)))
}

/// A page of the log, newest first, and how many rows there are. With `account`, only what concerns that account.
///
/// # Errors
/// [`Error::NotFound`] for an account that the viewer does not look after.
pub async fn entries(
    app: &App,
    actor: &Actor,
    account: Option<AccountId>,
    filter: &Filter,
    page: &Page<Uuid>,
) -> Result<(Vec<Shown>, u64)> {
    let (scope, account) = scope(actor, account)?;
    let found = audit::Entity::find().filter(scope).filter(matching(actor, filter));
    let total = found.clone().count(&app.db).await?;
    let rows = found
        .filter(Condition::all().add_option(page.after.map(|after| audit::COLUMN.id.lt(after))))
        .order_by_desc(audit::Column::Id)
        .limit(page.limit())
        .all(&app.db)
        .await?;
    Ok((shown(app, actor, account, rows).await?, total))
}

/// The newest rows of what was done, but for some acts: three statements.
///
/// # Errors
/// If the database refuses.
pub async fn recent(app: &App, actor: &Actor, but: &[&str], limit: u64) -> Result<Vec<Shown>> {
    let (scope, account) = scope(actor, None)?;
    let rows = audit::Entity::find()
        .filter(scope)
        .filter(audit::COLUMN.is_allowed.eq(true))
        .filter(audit::COLUMN.act.is_not_in(but.iter().copied()))
        .order_by_desc(audit::Column::Id)
        .limit(limit)
        .all(&app.db)
        .await?;
    shown(app, actor, account, rows).await
}

/// The acts that occur in what the viewer sees, by name: the values of a filter.
///
/// # Errors
/// As with [`entries`].
pub async fn acts(app: &App, actor: &Actor, account: Option<AccountId>) -> Result<Vec<String>> {
    let (scope, _) = scope(actor, account)?;
    Ok(audit::Entity::find()
        .select_only()
        .column(audit::Column::Act)
        .distinct()
        .filter(scope)
        .order_by_asc(audit::Column::Act)
        .into_tuple()
        .all(&app.db)
        .await?)
}

/// Adds to rows who it was, in two statements whatever their number.
async fn shown(app: &App, actor: &Actor, account: Option<AccountId>, rows: Vec<audit::Model>) -> Result<Vec<Shown>> {
    let people: BTreeSet<UserId> = rows.iter().filter_map(|row| row.user_id).collect();
    let names: BTreeMap<UserId, Option<String>> = user::Entity::find()
        .filter(user::COLUMN.id.is_in(people.iter().copied()))
        .all(&app.db)
        .await?
        .into_iter()
        .map(|row| (row.id, row.name.or(row.email)))
        .collect();
    // memberships of the people in the account that is shown, and in the provider's
    let provider =
        Expr::col((membership::Entity, membership::Column::AccountId)).in_subquery(sea_orm::QueryTrait::into_query(
            crate::entity::account::Entity::find()
                .select_only()
                .column(crate::entity::account::Column::Id)
                .filter(crate::entity::account::COLUMN.kind.eq(AccountKind::Provider)),
        ));
    let belongs: Vec<(UserId, AccountId)> = membership::Entity::find()
        .select_only()
        .column(membership::Column::UserId)
        .column(membership::Column::AccountId)
        .filter(membership::COLUMN.user_id.is_in(people))
        .filter(
            Condition::any()
                .add(provider)
                .add_option(account.map(|account| membership::COLUMN.account_id.eq(account))),
        )
        .into_tuple()
        .all(&app.db)
        .await?;
    let doer = |row: &audit::Model| match row.user_id {
        None if row.ip.is_none() && row.user_agent.as_deref() == Some(COMMAND_LINE) => Doer::Operator,
        None => Doer::Nobody,
        Some(user) if user == actor.user => Doer::You,
        Some(user) if belongs.iter().any(|of| of.0 == user && Some(of.1) == account) => Doer::Member,
        Some(user) if belongs.iter().any(|of| of.0 == user) => Doer::Provider,
        Some(_) => Doer::Other,
    };
    Ok(rows
        .into_iter()
        .map(|row| {
            let doer = doer(&row);
            let named = matches!(doer, Doer::You | Doer::Member);
            let name = row.user_id.filter(|_| named).and_then(|user| names.get(&user)?.clone());
            Shown { row, doer, name }
        })
        .collect())
}

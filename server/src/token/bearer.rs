//! Who a token stands for, and which parts of the API it opens.
use super::secret;
use crate::{
    actor::{Actor, Credential, InView},
    app::App,
    entity::{token, user},
    error::{Error, Result},
    second_factor, session,
};
use async_graphql::{
    Pos, ServerResult, Value, async_trait,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextResolve, ResolveInfo},
};
use chrono::TimeDelta;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, sea_query::Expr};
use shared::account::{Right, Rights};
use std::sync::Arc;

/// How exactly the last use is kept: a write a request would be too much.
const USED_STEP: TimeDelta = TimeDelta::minutes(1);

/// What a token opens: queries and mutations about the account and its things. All others are for people in a
/// browser, whatever their own rules say: what concerns the person himself, and what needs him to be there.
pub const OPEN: &[&str] = &[
    "assignment",
    "assignments",
    "assignReadRights",
    "contract",
    "contracts",
    "device",
    "deviceFacets",
    "deviceHistory",
    "devices",
    "deviceSelection",
    "importContracts",
    "importOrders",
    "importProducts",
    "invoice",
    "invoiceMonths",
    "invoices",
    "invoiceYears",
    "keyImports",
    "portal",
    "products",
    "revokeReadRights",
    "viewer",
];

/// Who a token stands for now: its user in its account, with the rights that both have.
///
/// # Errors
/// [`Error::Unauthenticated`] if it is unknown or has ended, or if its user may not act in its account any more.
pub async fn actor(app: &App, token: &str, ip: Option<String>) -> Result<Actor> {
    if !secret::is_whole(token) {
        return Err(Error::Unauthenticated);
    }
    let now = app.clock.now();
    let row = token::Entity::find()
        .filter(token::COLUMN.token_hash.eq(session::token_hash(token)))
        .filter(token::COLUMN.expires_on.gte(now.date_naive()))
        .one(&app.db)
        .await?
        .ok_or(Error::Unauthenticated)?;
    let user = user::Entity::find_by_id(row.user_id).one(&app.db).await?;
    if user.is_none_or(|user| user.blocked_at.is_some()) {
        return Err(Error::Unauthenticated);
    }
    let account = session::in_view(app, row.user_id, row.account_id, now)
        .await?
        .ok_or(Error::Unauthenticated)?;
    // A token stands for somebody who had to give his second factor to make it, if he has one.
    let has_second_factor = account.needs_second_factor && second_factor::is_on(&app.db, row.user_id).await?;
    if row.last_used_at.is_none_or(|last| now - last >= USED_STEP) {
        let earlier = Condition::any()
            .add(token::COLUMN.last_used_at.is_null())
            .add(token::COLUMN.last_used_at.lt(now));
        token::Entity::update_many()
            .col_expr(token::Column::LastUsedAt, Expr::value(now))
            .col_expr(token::Column::LastUsedFrom, Expr::value(ip.clone()))
            .filter(token::COLUMN.id.eq(row.id))
            .filter(earlier)
            .exec(&app.db)
            .await?;
    }
    Ok(Actor {
        user: row.user_id,
        account: Some(InView {
            rights: both(account.rights, row.scopes),
            ..account
        }),
        authenticated_at: row.created_at,
        has_second_factor,
        credential: Credential::Token(row.id.0),
        ip,
    })
}

/// What two sets of rights both allow.
fn both(member: Rights, scopes: Rights) -> Rights {
    let allowed: Vec<_> = Right::ALL
        .into_iter()
        .filter(|right| member.allow(*right) && scopes.allow(*right))
        .collect();
    Rights::of(&allowed)
}

/// Refuses a token what it does not open.
#[derive(Debug)]
pub struct Scopes;

impl ExtensionFactory for Scopes {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait::async_trait]
impl Extension for Scopes {
    async fn resolve(
        &self,
        ctx: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        let is_root = info.path_node.parent.is_none();
        if is_root && !info.name.starts_with("__") && !OPEN.contains(&info.name) && is_token(ctx) {
            let cause = async_graphql::Error::new_with_source(Error::Forbidden);
            return Err(cause.into_server_error(Pos::default()));
        }
        next.run(ctx, info).await
    }
}

fn is_token(ctx: &ExtensionContext<'_>) -> bool {
    ctx.data_opt::<Actor>()
        .is_some_and(|actor| matches!(actor.credential, Credential::Token(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_what_both_allow_and_nothing_of_staff_by_being_an_owner() {
        let owner = Rights::of(&[Right::Owner]);
        let invoices = Rights::of(&[Right::SeeInvoices]);
        assert_eq!(both(owner, invoices), invoices);
        assert_eq!(both(invoices, owner), invoices);
        assert_eq!(both(invoices, Rights::of(&[Right::ReadKeys])), Rights::default());
        assert!(!both(owner, owner).allow(Right::Administer));
        assert!(!both(owner, Rights::of(&[Right::Administer])).allow(Right::ManageInvoices));
    }
}

//! Orders as lists: a customer's own, and all of them for staff.
use super::{may_handle, place::of_account, receipt::undelivered};
use crate::{
    actor::Actor,
    app::App,
    entity::{account, declaration, order},
    error::{Error, Result},
    page::Page,
};
use async_graphql::InputObject;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, Func, LikeExpr},
};
use shared::{
    account::Right,
    error::Reason,
    id::{ContractId, OrderId},
    order::{OrderKind, OrderState},
};

/// The longest text that is searched for, in characters.
const TEXT_MAX: usize = 100;

/// Which orders of the account in view.
#[derive(Clone, Debug, Default, InputObject)]
pub struct OrderFilter {
    /// Those that stand there.
    pub state: Option<OrderState>,
    /// Those about this contract, or that made it.
    pub contract_id: Option<ContractId>,
}

/// Which orders of all customers.
#[derive(Clone, Debug, Default, InputObject)]
pub struct OfficeOrderFilter {
    /// Those that stand there.
    pub state: Option<OrderState>,
    /// Those that ask for this.
    pub kind: Option<OrderKind>,
    /// Whether it is known whose they are.
    pub is_matched: Option<bool>,
    /// Only those whose receipt, which the law asks for, did not reach the person: the mail was refused for good, came
    /// back, or there was no address; and it was not posted.
    #[graphql(default)]
    pub is_undelivered: bool,
    /// A part of the order's number, of the customer's number or name, or of what a declaration says of the person,
    /// upper and lower case alike. At most 100 characters.
    pub text: Option<String>,
}

/// A page of the orders of the account in view, newest first, and how many there are.
///
/// # Errors
/// [`Error::Forbidden`] for those who do not manage contracts.
pub async fn orders(
    app: &App,
    actor: &Actor,
    filter: &OrderFilter,
    page: &Page<OrderId>,
) -> Result<(Vec<order::Model>, u64)> {
    let account = actor.require(Right::ManageContracts)?.id;
    let found = order::Entity::find()
        .filter(order::COLUMN.account_id.eq(account))
        .apply_if(filter.state, |rows, state| rows.filter(order::COLUMN.state.eq(state)))
        .apply_if(filter.contract_id, |rows, contract| {
            let about = Condition::any()
                .add(order::COLUMN.contract_id.eq(Some(contract)))
                .add(order::COLUMN.made_contract_id.eq(Some(contract)));
            rows.filter(about)
        });
    newest_first(app, found, page).await
}

/// An order of the account in view.
///
/// # Errors
/// [`Error::Forbidden`] for those who do not manage contracts; [`Error::NotFound`] for one that is not there or
/// another account's.
pub async fn get(app: &App, actor: &Actor, id: OrderId) -> Result<order::Model> {
    let account = actor.require(Right::ManageContracts)?.id;
    of_account(&app.db, account, id).await
}

/// A page of all orders, newest first, and how many there are.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that handles requests; [`Error::Invalid`] with `TOO_LONG` at `filter.text`.
pub async fn office_orders(
    app: &App,
    actor: &Actor,
    filter: &OfficeOrderFilter,
    page: &Page<OrderId>,
) -> Result<(Vec<order::Model>, u64)> {
    may_handle(actor)?;
    let text = filter.text.as_deref().map(str::trim).filter(|text| !text.is_empty());
    if text.is_some_and(|text| text.chars().count() > TEXT_MAX) {
        let message = format!("at most {TEXT_MAX} characters");
        return Err(Error::invalid("filter.text", Reason::TooLong, message));
    }
    let found = order::Entity::find()
        .apply_if(filter.state, |rows, state| rows.filter(order::COLUMN.state.eq(state)))
        .apply_if(filter.kind, |rows, kind| rows.filter(order::COLUMN.kind.eq(kind)))
        .apply_if(filter.is_matched, |rows, is_matched| {
            rows.filter(if is_matched {
                order::COLUMN.account_id.is_not_null()
            } else {
                order::COLUMN.account_id.is_null()
            })
        })
        .apply_if(filter.is_undelivered.then(undelivered), QueryFilter::filter)
        .apply_if(text, |rows, text| rows.filter(contains(text)));
    newest_first(app, found, page).await
}

/// An order of anybody.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that handles requests; [`Error::NotFound`].
pub async fn office_get(app: &App, actor: &Actor, id: OrderId) -> Result<order::Model> {
    may_handle(actor)?;
    let found = order::Entity::find_by_id(id).one(&app.db).await?;
    found.ok_or(Error::NotFound("order"))
}

async fn newest_first(
    app: &App,
    found: Select<order::Entity>,
    page: &Page<OrderId>,
) -> Result<(Vec<order::Model>, u64)> {
    let total = found.clone().count(&app.db).await?;
    let rows = found
        .apply_if(page.after, |rows, after| rows.filter(order::COLUMN.id.lt(after)))
        .order_by_desc(order::COLUMN.id)
        .limit(page.limit())
        .all(&app.db)
        .await?;
    Ok((rows, total))
}

/// That number, customer or declaration contain the text. SQLite folds ASCII letters only: so the text as it was typed
/// counts too.
fn contains(text: &str) -> Condition {
    let mut any = Condition::any();
    for folded in [text.to_ascii_lowercase(), text.to_lowercase()] {
        let escaped = folded.replace('!', "!!").replace('%', "!%").replace('_', "!_");
        let like =
            |column: Expr| Expr::from(Func::lower(column)).like(LikeExpr::new(format!("%{escaped}%")).escape('!'));
        let of_account = account::Entity::find()
            .select_only()
            .column(account::Column::Id)
            .filter(
                Condition::any()
                    .add(like(Expr::col((account::Entity, account::Column::Number))))
                    .add(like(Expr::col((account::Entity, account::Column::Name)))),
            );
        let typed = declaration::Entity::find()
            .select_only()
            .column(declaration::Column::OrderId)
            .filter(
                Condition::any()
                    .add(like(Expr::col((declaration::Entity, declaration::Column::Name))))
                    .add(like(Expr::col((
                        declaration::Entity,
                        declaration::Column::Identification,
                    ))))
                    .add(like(Expr::col((declaration::Entity, declaration::Column::Email))))
                    .add(like(Expr::col((declaration::Entity, declaration::Column::Contract)))),
            );
        any = any
            .add(like(Expr::col((order::Entity, order::Column::Number))))
            .add(order::Column::AccountId.in_subquery(of_account.into_query()))
            .add(order::Column::Id.in_subquery(typed.into_query()));
    }
    any
}

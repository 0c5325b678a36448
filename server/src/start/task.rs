//! What the portal asks of the viewer.
use crate::{
    account::billing_email,
    actor::Actor,
    agreement::{self, Open},
    app::App,
    entity::{account, assignment, order, user},
    error::{Error, Result},
    meter::request,
    second_factor,
    user::email_change,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use shared::{
    account::{AccountKind, Right},
    id::AccountId,
    order::OrderState,
};
use std::collections::HashMap;

/// How many tasks of one kind are named.
const NAMED: u64 = 10;

/// Something that the viewer is asked to do.
#[derive(Clone, Debug)]
pub enum Task {
    /// Set up a second factor; `true` where the account is closed without one.
    SecondFactor(bool),
    /// Confirm the new address for signing in.
    ConfirmEmail(String),
    /// See that an address for invoices is confirmed.
    ConfirmBillingEmail(String),
    /// Conclude an agreement.
    ConcludeAgreement(Box<Open>),
    /// Follow the link of this dealer.
    AcceptReadRights(String),
    /// Decide so many requests for keys.
    DecideKeyRequests(u64),
    /// So many orders are not decided.
    PendingOrders(u64),
}

/// What is asked of the actor in the account in view, the most pressing first: at most ten of a kind, in twelve
/// statements at most, whatever there is.
///
/// # Errors
/// If the database refuses.
pub async fn tasks(app: &App, actor: &Actor) -> Result<Vec<Task>> {
    let user = user::Entity::find_by_id(actor.user)
        .one(&app.db)
        .await?
        .ok_or(Error::Unauthenticated)?;
    let mut tasks = Vec::new();
    if !second_factor::is_on(&app.db, actor.user).await? {
        let is_required = actor.account.as_ref().is_some_and(|view| view.needs_second_factor);
        tasks.push(Task::SecondFactor(is_required));
    }
    if let Some(email) = email_change::pending(app, &app.db, actor.user).await? {
        tasks.push(Task::ConfirmEmail(email));
    }
    let in_view = actor.require(Right::ManageContracts).ok();
    let customer = in_view.filter(|view| view.kind != AccountKind::Provider);
    if customer.is_some() {
        let open = agreement::open(app, actor).await?;
        let named = usize::try_from(NAMED).unwrap_or(usize::MAX);
        tasks.extend(
            open.into_iter()
                .take(named)
                .map(|open| Task::ConcludeAgreement(Box::new(open))),
        );
    }
    let email = user.email.unwrap_or_default();
    tasks.extend(offered(app, &email).await?.into_iter().map(Task::AcceptReadRights));
    let requests = request::waiting(app, actor).await?;
    if requests > 0 {
        tasks.push(Task::DecideKeyRequests(requests));
    }
    if let Some(view) = customer {
        let unconfirmed = billing_email::list(&app.db, view.id)
            .await?
            .into_iter()
            .filter(|row| row.confirmed_at.is_none());
        tasks.extend(unconfirmed.map(|row| Task::ConfirmBillingEmail(row.email)));
        let pending = order::Entity::find()
            .filter(order::COLUMN.account_id.eq(view.id))
            .filter(order::COLUMN.state.eq(OrderState::Placed))
            .count(&app.db)
            .await?;
        if pending > 0 {
            tasks.push(Task::PendingOrders(pending));
        }
    }
    Ok(tasks)
}

/// The names of the dealers who gave rights to this address that nobody has accepted, the newest first.
async fn offered(app: &App, email: &str) -> Result<Vec<String>> {
    let counts = Condition::any()
        .add(assignment::COLUMN.until.is_null())
        .add(assignment::COLUMN.until.gte(app.clock.today()));
    let givers: Vec<AccountId> = assignment::Entity::find()
        .select_only()
        .column(assignment::Column::AccountId)
        .filter(assignment::COLUMN.email.eq(email))
        .filter(assignment::COLUMN.reader_account_id.is_null())
        .filter(assignment::COLUMN.revoked_at.is_null())
        .filter(counts)
        .order_by_desc(assignment::Column::Id)
        .limit(NAMED)
        .into_tuple()
        .all(&app.db)
        .await?;
    let names: HashMap<AccountId, String> = account::Entity::find()
        .filter(account::COLUMN.id.is_in(givers.iter().copied()))
        .all(&app.db)
        .await?
        .into_iter()
        .map(|row| (row.id, row.name))
        .collect();
    Ok(givers.iter().filter_map(|id| names.get(id).cloned()).collect())
}

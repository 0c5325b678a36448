//! Customers and waves as staff sees them.
use super::{Customer, is_in, may_manage, not_a_customer};
use crate::{
    account::fold::fold,
    actor::Actor,
    app::App,
    entity::{account, mail, membership, onboarding, user, wave},
    error::{Error, Result},
    page::Page,
};
use async_graphql::InputObject;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, RelationDef, Select,
    sea_query::{Expr, ExprTrait, Func, LikeExpr},
};
use shared::{
    account::{AccountKind, Right, Rights},
    customer::CustomerState,
    error::Reason,
    id::{AccountId, WaveId},
};
use std::collections::HashMap;

/// The longest text that is searched for, in characters.
const TEXT_MAX: usize = 100;

/// Which customers.
#[derive(Clone, Debug, Default, InputObject)]
pub struct CustomerFilter {
    /// Those who stand there.
    pub state: Option<CustomerState>,
    /// A part of number, name or e-mail address, upper and lower case alike. At most 100 characters.
    pub text: Option<String>,
    /// Those whose newest mail was sent in this wave.
    pub wave_id: Option<WaveId>,
}

/// The accounts that match, with what [`is_in`] asks joined to them.
///
/// # Errors
/// [`Error::Invalid`] with `TOO_LONG` on `filter.text`.
pub(super) fn matching(filter: &CustomerFilter) -> Result<Select<account::Entity>> {
    let text = filter.text.as_deref().map(str::trim).filter(|text| !text.is_empty());
    if text.is_some_and(|text| text.chars().count() > TEXT_MAX) {
        return Err(Error::invalid(
            "filter.text",
            Reason::TooLong,
            format!("at most {TEXT_MAX} characters"),
        ));
    }
    Ok(joined()
        .apply_if(filter.state, |rows, state| rows.filter(is_in(state)))
        .apply_if(filter.wave_id, |rows, wave| {
            rows.filter(onboarding::Column::WaveId.eq(wave))
        })
        .apply_if(text, |rows, text| rows.filter(contains(text))))
}

/// All customers, with what is known of their onboarding joined to them.
fn joined() -> Select<account::Entity> {
    account::Entity::find()
        .join(JoinType::LeftJoin, to_onboarding())
        .join(JoinType::LeftJoin, to_user())
        .join(JoinType::LeftJoin, to_mail())
        .filter(account::Column::Kind.ne(AccountKind::Provider))
}

fn to_onboarding() -> RelationDef {
    account::Entity::belongs_to(onboarding::Entity)
        .from(account::Column::Id)
        .to(onboarding::Column::AccountId)
        .into()
}

fn to_user() -> RelationDef {
    onboarding::Entity::belongs_to(user::Entity)
        .from(onboarding::Column::UserId)
        .to(user::Column::Id)
        .into()
}

fn to_mail() -> RelationDef {
    onboarding::Entity::belongs_to(mail::Entity)
        .from(onboarding::Column::MailId)
        .to(mail::Column::Id)
        .into()
}

/// That number, name or the address of a member contain the text.
fn contains(text: &str) -> Condition {
    let pattern = |text: &str| {
        let escaped = text.replace('!', "!!").replace('%', "!%").replace('_', "!_");
        LikeExpr::new(format!("%{escaped}%")).escape('!')
    };
    // numbers and addresses are of ASCII, which both databases fold alike
    let small = || pattern(&text.to_lowercase());
    let lower = |column: Expr| Expr::from(Func::lower(column));
    let members = membership::Entity::find()
        .join(JoinType::InnerJoin, to_member())
        .filter(lower(Expr::col((user::Entity, user::Column::Email))).like(small()))
        .select_only()
        .column(membership::Column::AccountId)
        .into_query();
    Condition::any()
        .add(lower(Expr::col((account::Entity, account::Column::Number))).like(small()))
        .add(Expr::col((account::Entity, account::Column::NameFolded)).like(pattern(&fold(text))))
        .add(lower(Expr::col((user::Entity, user::Column::Email))).like(small()))
        .add(lower(Expr::col((onboarding::Entity, onboarding::Column::UnusedEmail))).like(small()))
        .add(Expr::col((account::Entity, account::Column::Id)).in_subquery(members))
}

/// A page of the customers that match, by number, and how many there are.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that manages customers; those of the filter.
pub async fn customers(
    app: &App,
    actor: &Actor,
    filter: &CustomerFilter,
    page: &Page<String>,
) -> Result<(Vec<Customer>, u64)> {
    may_manage(actor)?;
    let found = matching(filter)?;
    let total = found.clone().count(&app.db).await?;
    let rows = found
        .apply_if(page.after.clone(), |rows, after| {
            rows.filter(account::Column::Number.gt(after))
        })
        .order_by_asc(account::Column::Number)
        .limit(page.limit())
        .all(&app.db)
        .await?;
    Ok((with_onboarding(&app.db, rows).await?, total))
}

/// How many customers stand where, in the order of [`CustomerState::ALL`], whatever the filter's own state.
///
/// # Errors
/// As with [`customers`].
pub async fn counts(app: &App, actor: &Actor, filter: &CustomerFilter) -> Result<Vec<(CustomerState, u64)>> {
    may_manage(actor)?;
    let mut counts = Vec::with_capacity(CustomerState::ALL.len());
    for state in CustomerState::ALL {
        let of_state = CustomerFilter {
            state: Some(state),
            ..filter.clone()
        };
        counts.push((state, matching(&of_state)?.count(&app.db).await?));
    }
    Ok(counts)
}

/// One customer.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that manages customers; [`Error::NotFound`] if there is none, or it is the
/// provider itself.
pub async fn customer(app: &App, actor: &Actor, id: AccountId) -> Result<Customer> {
    may_manage(actor)?;
    find(&app.db, id).await
}

/// One customer, with what is known of his onboarding.
pub(super) async fn find(db: &impl ConnectionTrait, id: AccountId) -> Result<Customer> {
    let row = account::Entity::find_by_id(id)
        .filter(account::Column::Kind.ne(AccountKind::Provider))
        .one(db)
        .await?
        .ok_or_else(not_a_customer)?;
    let mut found = with_onboarding(db, vec![row]).await?;
    found.pop().ok_or_else(not_a_customer)
}

/// Adds to accounts what is known of their onboarding, in as many statements whatever their number.
pub(super) async fn with_onboarding(db: &impl ConnectionTrait, rows: Vec<account::Model>) -> Result<Vec<Customer>> {
    let known = onboarding::Entity::find()
        .filter(onboarding::Column::AccountId.is_in(rows.iter().map(|row| row.id)))
        .all(db)
        .await?;
    let users = user::Entity::find()
        .filter(user::Column::Id.is_in(known.iter().map(|row| row.user_id)))
        .all(db)
        .await?;
    let mails = mail::Entity::find()
        .filter(mail::Column::Id.is_in(known.iter().filter_map(|row| row.mail_id)))
        .all(db)
        .await?;
    let others = rows.iter().map(|row| row.id);
    let others = others.filter(|id| known.iter().all(|row| row.account_id != *id));
    let mut own_emails = own_emails(db, others.collect()).await?;
    let mut known: HashMap<_, _> = known.into_iter().map(|row| (row.account_id, row)).collect();
    let users: HashMap<_, _> = users.into_iter().map(|row| (row.id, row)).collect();
    let mails: HashMap<_, _> = mails.into_iter().map(|row| (row.id, row)).collect();
    let customer = |account: account::Model| {
        let onboarding = known.remove(&account.id);
        Customer {
            user: onboarding.as_ref().and_then(|row| users.get(&row.user_id)).cloned(),
            mail: onboarding
                .as_ref()
                .and_then(|row| row.mail_id.and_then(|id| mails.get(&id)))
                .cloned(),
            own_email: own_emails.remove(&account.id),
            onboarding,
            account,
        }
    };
    Ok(rows.into_iter().map(customer).collect())
}

/// The addresses of those who have been owners of accounts longest.
async fn own_emails(db: &impl ConnectionTrait, accounts: Vec<AccountId>) -> Result<HashMap<AccountId, String>> {
    let owner = Expr::col((membership::Entity, membership::Column::Rights)).bit_and(Rights::of(&[Right::Owner]).0);
    let rows: Vec<(AccountId, String)> = membership::Entity::find()
        .join(JoinType::InnerJoin, to_member())
        .filter(membership::COLUMN.account_id.is_in(accounts))
        .filter(owner.ne(0))
        .filter(user::COLUMN.email.is_not_null())
        .order_by_desc(membership::Column::CreatedAt)
        .order_by_desc(membership::Column::UserId)
        .select_only()
        .column(membership::Column::AccountId)
        .column(user::Column::Email)
        .into_tuple()
        .all(db)
        .await?;
    // of several, the last to be put in stands: the first owner
    Ok(rows.into_iter().collect())
}

fn to_member() -> RelationDef {
    membership::Entity::belongs_to(user::Entity)
        .from(membership::Column::UserId)
        .to(user::Column::Id)
        .into()
}

/// A wave with what became of those whose newest mail it sent.
#[derive(Clone, Debug)]
pub struct Wave {
    /// The row.
    pub row: wave::Model,
    /// Who sent it; none for the operator's command line.
    pub by: Option<String>,
    /// How many stand where, in the order of [`CustomerState::ALL`].
    pub counts: Vec<(CustomerState, u64)>,
}

/// A page of the waves, newest first, and how many there are.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that manages customers.
pub async fn waves(app: &App, actor: &Actor, page: &Page<WaveId>) -> Result<(Vec<Wave>, u64)> {
    may_manage(actor)?;
    let total = wave::Entity::find().count(&app.db).await?;
    let rows = wave::Entity::find()
        .apply_if(page.after, |rows, after| rows.filter(wave::Column::Id.lt(after)))
        .order_by_desc(wave::Column::Id)
        .limit(page.limit())
        .all(&app.db)
        .await?;
    let people = user::Entity::find()
        .filter(user::Column::Id.is_in(rows.iter().filter_map(|row| row.user_id)))
        .all(&app.db)
        .await?;
    let people: HashMap<_, _> = people.into_iter().map(|row| (row.id, row)).collect();
    let mut counts: HashMap<(WaveId, CustomerState), u64> = HashMap::new();
    for state in CustomerState::ALL {
        let found: Vec<(Option<WaveId>, i64)> = joined()
            .select_only()
            .column(onboarding::Column::WaveId)
            .expr(account::Column::Id.count())
            .filter(onboarding::Column::WaveId.is_in(rows.iter().map(|row| row.id)))
            .filter(is_in(state))
            .group_by(onboarding::Column::WaveId)
            .into_tuple()
            .all(&app.db)
            .await?;
        for (wave, count) in found {
            if let Some(wave) = wave {
                counts.insert((wave, state), u64::try_from(count).unwrap_or_default());
            }
        }
    }
    let wave = |row: wave::Model| Wave {
        by: row
            .user_id
            .and_then(|id| people.get(&id))
            .and_then(|person| person.name.clone().or_else(|| person.email.clone())),
        counts: CustomerState::ALL
            .into_iter()
            .map(|state| (state, counts.get(&(row.id, state)).copied().unwrap_or_default()))
            .collect(),
        row,
    };
    Ok((rows.into_iter().map(wave).collect(), total))
}

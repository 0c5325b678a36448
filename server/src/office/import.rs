//! Making and changing customers, one or a file of them, through the same verdicts.
//!
//! The good rows of a file are taken, the others are reported: a file of thousands is never all right. Rows go in by
//! the batch, each batch whole or not at all; a file that was taken in partly, or twice, is safe to repeat. What a row
//! does not say stays as it is. The address of a customer who has chosen a password is his own: a file does not move
//! it.
use super::{
    Author, Customer,
    customer_file::{Fault, FileRow, TypedCustomer, read},
    judge::{Change, Judged, New, Seen, Step, judge},
    list::find,
    not_a_customer, reason,
};
use crate::{
    app::App,
    audit,
    entity::{account, audit as audit_row, link, membership, onboarding, sign_in_name, user},
    error::{Error, Result},
};
use anyhow::Context;
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, SqlErr,
    sea_query::{Expr, OnConflict},
};
use shared::{
    account::{Right, Rights},
    customer::{CustomerColumn, CustomerProblem, CustomerState, CustomerVerdict},
    error::Reason,
    id::AccountId,
    term::CustomerKind,
};

/// How many rows go into the database at a time.
const BATCH: usize = 500;

/// What is said of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowReport {
    /// Its line in the file, the header line being the first.
    pub line: u64,
    /// The customer number, as it stands there.
    pub number: String,
    /// The name, as it stands there.
    pub name: String,
    /// What is done with it.
    pub verdict: CustomerVerdict,
    /// What is wrong with it, or to be known.
    pub problem: Option<(CustomerColumn, CustomerProblem)>,
}

/// What is said of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Its rows, in their order.
    pub rows: Vec<RowReport>,
}

impl ImportReport {
    /// How many rows have a verdict.
    pub fn count(&self, verdict: CustomerVerdict) -> usize {
        self.rows.iter().filter(|row| row.verdict == verdict).count()
    }
}

/// Says what [`import`] would do with a file, and does nothing.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that manages customers; those of [`read`].
pub async fn preview(app: &App, author: Author<'_>, bytes: Vec<u8>) -> Result<ImportReport> {
    run(app, author, bytes, false).await
}

/// Takes the good rows of a file in. Each customer's log says so.
///
/// # Errors
/// As with [`preview`]; [`Error::Conflict`] if somebody else brings the same customers in at the same time. The
/// batches before are in then; repeating goes on.
pub async fn import(app: &App, author: Author<'_>, bytes: Vec<u8>) -> Result<ImportReport> {
    run(app, author, bytes, true).await
}

async fn run(app: &App, author: Author<'_>, bytes: Vec<u8>, is_real: bool) -> Result<ImportReport> {
    author.check()?;
    let rows = tokio::task::spawn_blocking(move || read(&bytes))
        .await
        .context("reading a file of customers broke off")??;
    let mut seen = Seen::default();
    let mut report = ImportReport::default();
    for batch in rows.chunks(BATCH) {
        let judged = if is_real {
            let tx = app.begin().await?;
            let judged = judge(&tx, app, batch, &mut seen).await?;
            apply(&tx, app, author, "importCustomers", &judged, None).await?;
            tx.commit().await?;
            judged
        } else {
            judge(&app.db, app, batch, &mut seen).await?
        };
        report.rows.extend(judged.into_iter().map(|judged| judged.report));
    }
    Ok(report)
}

/// Makes a customer.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that manages customers; [`Error::Invalid`] for what cannot be read, and
/// with `NUMBER_TAKEN`.
pub async fn create(app: &App, author: Author<'_>, typed: TypedCustomer) -> Result<Customer> {
    author.check()?;
    if typed.name.trim().is_empty() {
        return Err(refusal((CustomerColumn::Name, CustomerProblem::Missing)));
    }
    let id = one(app, author, "createCustomer", typed, None, Besides::default()).await?;
    find(&app.db, id).await
}

/// Changes what the provider knows of a customer: what is not given stays. An address can be changed until the
/// customer has chosen a password; links that were mailed to the former one are worth nothing from here on. What is
/// changed of a customer who has an access needs a reason, which he reads in his log.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that manages customers; [`Error::NotFound`] if there is no such customer;
/// [`Error::Invalid`] as with [`create`]; [`Error::Conflict`] for the address of somebody who chose a password.
pub async fn change(
    app: &App,
    author: Author<'_>,
    id: AccountId,
    typed: TypedCustomer,
    besides: Besides,
) -> Result<Customer> {
    author.check()?;
    let customer = find(&app.db, id).await?;
    let is_own = customer.user.as_ref().is_none_or(|user| user.password_hash.is_some());
    if is_own && !typed.email.trim().is_empty() {
        return Err(Error::Conflict("the customer's address is his own by now"));
    }
    let reason = match customer.state() {
        CustomerState::Activated => Some(reason::required(besides.reason.as_deref())?),
        _ => besides.reason.filter(|reason| !reason.trim().is_empty()),
    };
    let typed = TypedCustomer {
        number: customer.account.number,
        ..typed
    };
    one(
        app,
        author,
        "changeCustomer",
        typed,
        Some(id),
        Besides { reason, ..besides },
    )
    .await?;
    find(&app.db, id).await
}

/// One customer through the verdicts of a file; `known` is whose row it must be.
async fn one(
    app: &App,
    author: Author<'_>,
    act: &'static str,
    typed: TypedCustomer,
    known: Option<AccountId>,
    besides: Besides,
) -> Result<AccountId> {
    let tx = app.begin().await?;
    let row = FileRow { line: 1, typed };
    let judged = judge(&tx, app, std::slice::from_ref(&row), &mut Seen::default()).await?;
    let first = judged.first().ok_or_else(not_a_customer)?;
    if let Some(fault) = first.report.problem.filter(|(_, problem)| problem.refuses()) {
        return Err(refusal(fault));
    }
    let id = match &first.step {
        Step::Make(new) if known.is_none() => Some(new.account.id),
        Step::Change(change) if known == Some(change.account.id) => known,
        Step::Nothing => known,
        Step::Make(_) | Step::Change(_) => None,
    };
    let id = id.ok_or_else(|| refusal((CustomerColumn::Number, CustomerProblem::Taken)))?;
    apply(&tx, app, author, act, &judged, besides.reason.as_deref()).await?;
    if let Some(kind) = besides.kind {
        set_kind(&tx, app, author, id, kind, besides.reason).await?;
    }
    tx.commit().await?;
    Ok(id)
}

/// What a form says besides the columns of a file.
#[derive(Clone, Debug, Default)]
pub struct Besides {
    /// What the law takes the customer for; none leaves it.
    pub kind: Option<CustomerKind>,
    /// Why.
    pub reason: Option<String>,
}

/// Sets what the law takes a customer for, with a row of its own in his log. Contracts keep the terms that they have.
async fn set_kind(
    tx: &DatabaseTransaction,
    app: &App,
    author: Author<'_>,
    id: AccountId,
    kind: CustomerKind,
    reason: Option<String>,
) -> Result<()> {
    let changed = account::Entity::update_many()
        .col_expr(account::Column::CustomerKind, Expr::value(kind))
        .filter(account::Column::Id.eq(id))
        .filter(account::Column::CustomerKind.ne(kind))
        .exec(tx)
        .await?;
    if changed.rows_affected == 0 {
        return Ok(());
    }
    let entry = audit::Entry {
        reason,
        ..author.entry("changeCustomerKind", id, Some(id.to_string()))
    };
    audit::add(tx, app, entry).await
}

/// Writes what follows from the verdicts, with a row in each customer's log.
async fn apply(
    tx: &DatabaseTransaction,
    app: &App,
    author: Author<'_>,
    act: &'static str,
    judged: &[Judged],
    reason: Option<&str>,
) -> Result<()> {
    let mut new = Vec::new();
    let mut changed = Vec::new();
    let mut log = Vec::new();
    for judged in judged {
        let id = match &judged.step {
            Step::Nothing => continue,
            Step::Make(made) => {
                new.push(made.as_ref());
                made.account.id
            }
            Step::Change(change) => {
                changed.push(change.as_ref());
                change.account.id
            }
        };
        let entry = audit::Entry {
            reason: reason.map(str::to_owned),
            ..author.entry(act, id, Some(id.to_string()))
        };
        log.push(audit::row(app, entry));
    }
    write(tx, app, &changed).await?;
    insert_new(tx, app, &new).await?;
    insert::<audit_row::Entity, _>(tx, log).await
}

async fn insert_new(tx: &DatabaseTransaction, app: &App, new: &[&New]) -> Result<()> {
    let accounts = new.iter().map(|new| new.account.clone()).collect();
    let users = new.iter().map(|new| new.user.clone()).collect();
    let names = new.iter().flat_map(|new| {
        let name = |name: String| sign_in_name::Model {
            name,
            user_id: new.user.id,
        };
        [Some(new.account.number.to_lowercase()), new.user.email.clone()]
            .into_iter()
            .flatten()
            .map(name)
    });
    let members = new.iter().map(|new| membership::Model {
        user_id: new.user.id,
        account_id: new.account.id,
        rights: Rights::of(&[Right::Owner]),
        expires_at: None,
        blocked_at: None,
        created_at: app.clock.now(),
    });
    let onboardings = new.iter().map(|new| onboarding::Model {
        account_id: new.account.id,
        user_id: new.user.id,
        unused_email: new.unused_email.clone(),
        mail_id: None,
        mailed_at: None,
        wave_id: None,
    });
    insert::<account::Entity, _>(tx, accounts).await?;
    insert::<user::Entity, _>(tx, users).await?;
    insert::<sign_in_name::Entity, _>(tx, names.collect()).await?;
    insert::<membership::Entity, _>(tx, members.collect()).await?;
    insert::<onboarding::Entity, _>(tx, onboardings.collect()).await
}

/// Writes changed customers, in as many statements whatever their number.
async fn write(tx: &DatabaseTransaction, app: &App, changes: &[&Change]) -> Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    let accounts = changes.iter().map(|change| change.account.clone()).collect();
    overwrite::<account::Entity, _>(
        tx,
        accounts,
        account::Column::Id,
        &[
            account::Column::Name,
            account::Column::NameFolded,
            account::Column::Street,
            account::Column::PostalCode,
            account::Column::City,
        ],
    )
    .await?;
    let owners: Vec<_> = changes.iter().filter_map(|change| change.owner.as_ref()).collect();
    if owners.is_empty() {
        return Ok(());
    }
    let former: Vec<&str> = changes
        .iter()
        .filter_map(|change| change.former_email.as_deref())
        .collect();
    if !former.is_empty() {
        sign_in_name::Entity::delete_many()
            .filter(sign_in_name::Column::Name.is_in(former.iter().copied()))
            .exec(tx)
            .await?;
        link::Entity::update_many()
            .col_expr(link::Column::UsedAt, Expr::value(app.clock.now()))
            .filter(link::Column::UserId.is_in(owners.iter().map(|(user, _)| user.id)))
            .filter(link::Column::Email.is_in(former))
            .filter(link::Column::UsedAt.is_null())
            .exec(tx)
            .await?;
    }
    overwrite::<user::Entity, _>(
        tx,
        owners.iter().map(|(user, _)| user.clone()).collect(),
        user::Column::Id,
        &[user::Column::Email, user::Column::Language, user::Column::Name],
    )
    .await?;
    overwrite::<onboarding::Entity, _>(
        tx,
        owners.iter().map(|(_, onboarding)| onboarding.clone()).collect(),
        onboarding::Column::AccountId,
        &[
            onboarding::Column::UnusedEmail,
            onboarding::Column::MailId,
            onboarding::Column::MailedAt,
        ],
    )
    .await?;
    let names = owners.iter().filter_map(|(user, _)| {
        let name = user.email.clone()?;
        Some(sign_in_name::Model { name, user_id: user.id }.into_active_model())
    });
    let names: Vec<_> = names.collect();
    if !names.is_empty() {
        sign_in_name::Entity::insert_many(names)
            .on_conflict_do_nothing()
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

/// Writes these columns of rows that are there.
async fn overwrite<E, A>(
    tx: &DatabaseTransaction,
    rows: Vec<E::Model>,
    key: E::Column,
    columns: &[E::Column],
) -> Result<()>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = E> + ActiveModelBehavior + Send,
{
    let over = OnConflict::column(key)
        .update_columns(columns.iter().copied())
        .to_owned();
    E::insert_many(rows.into_iter().map(IntoActiveModel::into_active_model))
        .on_conflict(over)
        .exec_without_returning(tx)
        .await
        .map_err(taken)?;
    Ok(())
}

async fn insert<E, A>(tx: &DatabaseTransaction, rows: Vec<E::Model>) -> Result<()>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = E> + ActiveModelBehavior + Send,
{
    if rows.is_empty() {
        return Ok(());
    }
    E::insert_many(rows.into_iter().map(IntoActiveModel::into_active_model))
        .exec_without_returning(tx)
        .await
        .map_err(taken)?;
    Ok(())
}

fn taken(error: DbErr) -> Error {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => {
            Error::Conflict("somebody else brings these customers in; repeat it")
        }
        _ => error.into(),
    }
}

/// What is wrong with a form, as the API says it.
fn refusal((column, problem): Fault) -> Error {
    let field = match column {
        CustomerColumn::Number => "number",
        CustomerColumn::Name => "name",
        CustomerColumn::Email => "email",
        CustomerColumn::Street => "street",
        CustomerColumn::PostalCode => "postalCode",
        CustomerColumn::City => "city",
        CustomerColumn::Language => "language",
    };
    let (reason, message) = match problem {
        CustomerProblem::Missing => (Reason::Missing, "must be given"),
        CustomerProblem::TooLong => (Reason::TooLong, "is too long"),
        CustomerProblem::NotANumber => (
            Reason::NotANumber,
            "takes letters, digits, dots, dashes and underscores",
        ),
        CustomerProblem::NotAnEmail => (Reason::NotAnEmail, "not an e-mail address"),
        CustomerProblem::UnknownLanguage => (Reason::Missing, "is neither German nor English"),
        CustomerProblem::Duplicate | CustomerProblem::Taken => (Reason::NumberTaken, "belongs to somebody else"),
        CustomerProblem::EmailInUse => (Reason::AlreadyRegistered, "somebody signs in with this address"),
    };
    Error::invalid(field, reason, message)
}

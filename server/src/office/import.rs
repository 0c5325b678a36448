//! Making and changing customers, one or a file of them, through the same verdicts.
//!
//! The good rows of a file are taken, the others are reported: a file of thousands is never all right. Rows go in by
//! the batch, each batch whole or not at all; a file that was taken in partly, or twice, is safe to repeat. What a row
//! does not say stays as it is. The address of a customer who has chosen a password is his own: a file does not move
//! it.
use super::{
    Author, Customer,
    customer_file::{CustomerRow, Fault, FileRow, TypedCustomer, read},
    list::{find, with_onboarding},
    not_a_customer,
};
use crate::{
    app::App,
    audit,
    entity::{account, audit as audit_row, link, membership, onboarding, sign_in_name, user},
    error::{Error, Result},
    user::TIME_ZONE,
};
use anyhow::Context;
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait,
    IntoActiveModel, QueryFilter, SqlErr,
    sea_query::Expr,
};
use shared::{
    account::{AccountKind, Language, Right, Rights},
    customer::{CustomerColumn, CustomerProblem, CustomerVerdict},
    error::Reason,
    id::{AccountId, UserId},
};
use std::collections::{HashMap, HashSet};

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
            apply(&tx, app, author, "importCustomers", &judged).await?;
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
    let id = one(app, author, "createCustomer", typed, None).await?;
    find(&app.db, id).await
}

/// Changes what the provider knows of a customer: what is not given stays. An address can be changed until the
/// customer has chosen a password; links that were mailed to the former one are worth nothing from here on.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that manages customers; [`Error::NotFound`] if there is no such customer;
/// [`Error::Invalid`] as with [`create`]; [`Error::Conflict`] for the address of somebody who chose a password.
pub async fn change(app: &App, author: Author<'_>, id: AccountId, typed: TypedCustomer) -> Result<Customer> {
    author.check()?;
    let customer = find(&app.db, id).await?;
    let is_own = customer.user.as_ref().is_none_or(|user| user.password_hash.is_some());
    if is_own && !typed.email.trim().is_empty() {
        return Err(Error::Conflict("the customer's address is his own by now"));
    }
    let typed = TypedCustomer {
        number: customer.account.number,
        ..typed
    };
    one(app, author, "changeCustomer", typed, Some(id)).await?;
    find(&app.db, id).await
}

/// One customer through the verdicts of a file; `known` is whose row it must be.
async fn one(
    app: &App,
    author: Author<'_>,
    act: &'static str,
    typed: TypedCustomer,
    known: Option<AccountId>,
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
    apply(&tx, app, author, act, &judged).await?;
    tx.commit().await?;
    Ok(id)
}

/// What the rows before said, in lower case.
#[derive(Default)]
struct Seen {
    numbers: HashSet<String>,
    /// Addresses, with the number of the customer who gets them.
    emails: HashMap<String, String>,
}

struct Judged {
    report: RowReport,
    step: Step,
}

enum Step {
    Make(Box<New>),
    Change(Box<Change>),
    Nothing,
}

struct New {
    account: account::Model,
    user: user::Model,
    unused_email: Option<String>,
}

/// What the rows of a customer are after the change.
struct Change {
    account: account::Model,
    /// With the owner's row, if the provider made one who has no password yet.
    owner: Option<(user::Model, onboarding::Model)>,
    /// The address that the owner had, if he has another now.
    former_email: Option<String>,
}

/// What is known of the customers of a batch, and of the names that they would sign in with.
struct Known {
    customers: HashMap<String, Customer>,
    names: HashMap<String, UserId>,
}

impl Known {
    async fn of(db: &impl ConnectionTrait, rows: &[CustomerRow]) -> Result<Self> {
        let found = account::Entity::find()
            .filter(account::Column::Number.is_in(rows.iter().map(|row| row.number.as_str())))
            .all(db)
            .await?;
        let customers = with_onboarding(db, found).await?;
        let wanted = rows.iter().flat_map(|row| {
            let email = row.email.as_ref().map(|email| email.as_str().to_owned());
            [Some(row.number.to_lowercase()), email].into_iter().flatten()
        });
        let names = sign_in_name::Entity::find()
            .filter(sign_in_name::Column::Name.is_in(wanted))
            .all(db)
            .await?;
        Ok(Self {
            customers: customers
                .into_iter()
                .map(|customer| (customer.account.number.clone(), customer))
                .collect(),
            names: names.into_iter().map(|row| (row.name, row.user_id)).collect(),
        })
    }
}

/// A verdict for each row of a batch, and what follows from it.
async fn judge(db: &impl ConnectionTrait, app: &App, batch: &[FileRow], seen: &mut Seen) -> Result<Vec<Judged>> {
    let read: Vec<_> = batch.iter().map(|row| row.typed.read()).collect();
    let good: Vec<CustomerRow> = read.iter().flatten().cloned().collect();
    let known = Known::of(db, &good).await?;
    let judged = batch.iter().zip(read).map(|(row, read)| {
        let judged = read.and_then(|read| step(app, &known, seen, read));
        let (step, problem, verdict) = match judged {
            Err(fault) => (Step::Nothing, Some(fault), CustomerVerdict::Refused),
            Ok((step, problem)) => {
                let verdict = match &step {
                    Step::Make(_) => CustomerVerdict::New,
                    Step::Change(_) => CustomerVerdict::Changed,
                    Step::Nothing => CustomerVerdict::Same,
                };
                (step, problem.map(|problem| (CustomerColumn::Email, problem)), verdict)
            }
        };
        Judged {
            report: RowReport {
                line: row.line,
                number: row.typed.number.trim().to_owned(),
                name: row.typed.name.trim().to_owned(),
                verdict,
                problem,
            },
            step,
        }
    });
    Ok(judged.collect())
}

fn step(
    app: &App,
    known: &Known,
    seen: &mut Seen,
    row: CustomerRow,
) -> Result<(Step, Option<CustomerProblem>), Fault> {
    let number = row.number.to_lowercase();
    if !seen.numbers.insert(number.clone()) {
        return Err((CustomerColumn::Number, CustomerProblem::Duplicate));
    }
    let customer = known.customers.get(&row.number);
    if customer.is_some_and(|customer| customer.account.kind == AccountKind::Provider)
        || (customer.is_none() && known.names.contains_key(&number))
    {
        return Err((CustomerColumn::Number, CustomerProblem::Taken));
    }
    let own = customer.and_then(|customer| customer.user.as_ref()).map(|user| user.id);
    let mut is_free = |email: &str| {
        let is_others = known.names.get(email).is_some_and(|user| Some(*user) != own);
        !is_others && *seen.emails.entry(email.to_owned()).or_insert_with(|| number.clone()) == number
    };
    let Some(customer) = customer else {
        let name = row.name.ok_or((CustomerColumn::Name, CustomerProblem::Missing))?;
        let email = row.email.map(String::from);
        let (email, unused_email) = match email {
            Some(email) if !is_free(&email) => (None, Some(email)),
            email => (email, None),
        };
        let problem = unused_email.is_some().then_some(CustomerProblem::EmailInUse);
        let account = account::Model {
            id: AccountId(app.new_id()),
            kind: AccountKind::Customer,
            number: row.number,
            name,
            street: row.street,
            postal_code: row.postal_code,
            city: row.city,
            vat_id: None,
            requires_second_factor: false,
            created_at: app.clock.now(),
        };
        let user = user::Model {
            id: UserId(app.new_id()),
            name: None,
            email,
            password_hash: None,
            password_changed_at: None,
            language: row.language.unwrap_or(Language::De),
            time_zone: TIME_ZONE.to_owned(),
            blocked_at: None,
            created_at: app.clock.now(),
        };
        let new = New {
            account,
            user,
            unused_email,
        };
        return Ok((Step::Make(Box::new(new)), problem));
    };

    let before = &customer.account;
    let account = account::Model {
        name: row.name.unwrap_or_else(|| before.name.clone()),
        street: row.street.or_else(|| before.street.clone()),
        postal_code: row.postal_code.or_else(|| before.postal_code.clone()),
        city: row.city.or_else(|| before.city.clone()),
        ..before.clone()
    };
    let former = customer
        .user
        .as_ref()
        .zip(customer.onboarding.as_ref())
        .filter(|(user, _)| user.password_hash.is_none());
    let mut owner = former.map(|(user, onboarding)| (user.clone(), onboarding.clone()));
    let mut problem = None;
    if let Some((user, onboarding)) = &mut owner {
        user.language = row.language.unwrap_or(user.language);
        if let Some(email) = row.email.map(String::from).filter(|email| user.email.as_ref() != Some(email)) {
            if is_free(&email) {
                (user.email, onboarding.unused_email) = (Some(email), None);
            } else {
                (user.email, onboarding.unused_email) = (None, Some(email));
                problem = Some(CustomerProblem::EmailInUse);
            }
        }
        if former.is_some_and(|(former, _)| former.email != user.email) {
            (onboarding.mail_id, onboarding.mailed_at) = (None, None);
        }
    }
    let is_same_owner = owner.as_ref().map(|(user, onboarding)| (user, onboarding)) == former;
    if account == *before && is_same_owner {
        return Ok((Step::Nothing, problem));
    }
    let former_email = former.and_then(|(former, _)| former.email.clone());
    let now_email = owner.as_ref().and_then(|(user, _)| user.email.as_ref());
    let former_email = former_email.filter(|email| now_email != Some(email));
    let change = Change {
        account,
        owner,
        former_email,
    };
    Ok((Step::Change(Box::new(change)), problem))
}

/// Writes what follows from the verdicts, with a row in each customer's log.
async fn apply(
    tx: &DatabaseTransaction,
    app: &App,
    author: Author<'_>,
    act: &'static str,
    judged: &[Judged],
) -> Result<()> {
    let mut new = Vec::new();
    let mut log = Vec::new();
    for judged in judged {
        let id = match &judged.step {
            Step::Nothing => continue,
            Step::Make(made) => {
                new.push(made.as_ref());
                made.account.id
            }
            Step::Change(change) => {
                write(tx, app, change).await?;
                change.account.id
            }
        };
        log.push(audit::row(app, author.entry(act, id, Some(id.to_string()))));
    }
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

async fn write(tx: &DatabaseTransaction, app: &App, change: &Change) -> Result<()> {
    change.account.clone().into_active_model().reset_all().update(tx).await?;
    let Some((user, onboarding)) = &change.owner else {
        return Ok(());
    };
    if let Some(former) = &change.former_email {
        sign_in_name::Entity::delete_by_id(former.as_str()).exec(tx).await?;
        link::Entity::update_many()
            .col_expr(link::Column::UsedAt, Expr::value(app.clock.now()))
            .filter(link::Column::UserId.eq(user.id))
            .filter(link::Column::Email.eq(former.as_str()))
            .filter(link::Column::UsedAt.is_null())
            .exec(tx)
            .await?;
    }
    user.clone().into_active_model().reset_all().update(tx).await.map_err(taken)?;
    onboarding.clone().into_active_model().reset_all().update(tx).await?;
    if let Some(email) = &user.email {
        let name = sign_in_name::Model {
            name: email.clone(),
            user_id: user.id,
        };
        sign_in_name::Entity::insert(name.into_active_model())
            .on_conflict_do_nothing()
            .exec_without_returning(tx)
            .await?;
    }
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

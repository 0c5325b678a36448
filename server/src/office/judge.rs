//! The verdict of each row of a file of customers, and what follows from it.
use super::{
    Customer,
    customer_file::{CustomerRow, Fault, FileRow},
    import::RowReport,
    list::with_onboarding,
};
use crate::{
    account::fold::fold,
    app::App,
    entity::{account, onboarding, sign_in_name, user},
    error::Result,
    user::TIME_ZONE,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use shared::{
    account::{AccountKind, Language},
    customer::{CustomerColumn, CustomerProblem, CustomerVerdict},
    id::{AccountId, UserId},
    term::CustomerKind,
};
use std::collections::{HashMap, HashSet};

/// What the rows before said, in lower case.
#[derive(Default)]
pub(super) struct Seen {
    numbers: HashSet<String>,
    /// Addresses, with the number of the customer who gets them.
    emails: HashMap<String, String>,
}

pub(super) struct Judged {
    pub(super) report: RowReport,
    pub(super) step: Step,
}

pub(super) enum Step {
    Make(Box<New>),
    Change(Box<Change>),
    Nothing,
}

pub(super) struct New {
    pub(super) account: account::Model,
    pub(super) user: user::Model,
    pub(super) unused_email: Option<String>,
}

/// What the rows of a customer are after the change.
pub(super) struct Change {
    pub(super) account: account::Model,
    /// With the owner's row, if the provider made one who has no password yet.
    pub(super) owner: Option<(user::Model, onboarding::Model)>,
    /// The address that the owner had, if he has another now.
    pub(super) former_email: Option<String>,
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
pub(super) async fn judge(
    db: &impl ConnectionTrait,
    app: &App,
    batch: &[FileRow],
    seen: &mut Seen,
) -> Result<Vec<Judged>> {
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

fn step(app: &App, known: &Known, seen: &mut Seen, row: CustomerRow) -> Result<(Step, Option<CustomerProblem>), Fault> {
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
            name_folded: fold(&name),
            name,
            street: row.street,
            postal_code: row.postal_code,
            city: row.city,
            vat_id: None,
            requires_second_factor: false,
            customer_kind: CustomerKind::default(),
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
    let name = row.name.unwrap_or_else(|| before.name.clone());
    let account = account::Model {
        name_folded: fold(&name),
        name,
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
        if let Some(email) = row
            .email
            .map(String::from)
            .filter(|email| user.email.as_ref() != Some(email))
        {
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

//! Sending customers their access: to one, or to many in a wave.
use super::{
    Author, Customer,
    list::{CustomerFilter, find, matching, with_onboarding},
};
use crate::{
    app::App,
    audit,
    entity::{account, onboarding, wave},
    error::{Error, Result},
    link::{self, NewLink},
    mail::{self, Template},
};
use async_graphql::InputObject;
use chrono::{NaiveDate, TimeDelta};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Set,
};
use shared::{
    customer::CustomerState,
    error::Reason,
    id::{AccountId, WaveId},
    link::LinkPurpose,
    name::EmailAddress,
};
use std::collections::HashSet;

/// The most customers that are named one by one.
const IDS_MAX: usize = 100;

/// The most exceptions of a filter.
const EXCEPT_MAX: usize = 1000;

/// The most customers of a wave; what is beyond takes another one.
pub const WAVE_MAX: u64 = 20_000;

/// How many customers are mailed in one transaction.
const BATCH: usize = 200;

/// How far ahead a date can be announced.
const ANNOUNCED_AHEAD: TimeDelta = TimeDelta::days(366);

/// Customers named one by one (at most 100), or all that match a filter but for exceptions. Exactly one of `ids` and
/// `filter` is given.
#[derive(Clone, Debug, Default, InputObject)]
pub struct CustomerSelection {
    /// These.
    pub ids: Option<Vec<AccountId>>,
    /// All that match.
    pub filter: Option<CustomerFilter>,
    /// But not these, at most 1000.
    pub except: Option<Vec<AccountId>>,
}

/// How many of a selection a wave reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// How many get a mail.
    pub mailed: u64,
    /// How many are selected but have an access already, or no address.
    pub skipped: u64,
}

fn nothing_selected() -> Error {
    Error::invalid(
        "selection",
        Reason::NothingSelected,
        "give either ids or a filter that choose a customer",
    )
}

/// The accounts of a selection.
fn chosen(selection: &CustomerSelection) -> Result<sea_orm::Select<account::Entity>> {
    let except: HashSet<_> = selection.except.iter().flatten().copied().collect();
    if except.len() > EXCEPT_MAX {
        return Err(Error::TooLarge("a filter has at most 1000 exceptions"));
    }
    let rows = match (&selection.ids, &selection.filter) {
        (Some(ids), None) if ids.len() > IDS_MAX => {
            return Err(Error::TooLarge(
                "at most 100 customers are named one by one; give a filter for more",
            ));
        }
        (Some(ids), None) => {
            matching(&CustomerFilter::default())?.filter(account::Column::Id.is_in(ids.iter().copied()))
        }
        (None, Some(filter)) => matching(filter)?,
        _ => return Err(nothing_selected()),
    };
    Ok(rows.apply_if((!except.is_empty()).then_some(except), |rows, except| {
        rows.filter(account::Column::Id.is_not_in(except))
    }))
}

/// Those of a selection whom a mail helps: without a password, with an address.
fn reachable(rows: sea_orm::Select<account::Entity>) -> sea_orm::Select<account::Entity> {
    use crate::entity::user;
    rows.filter(user::Column::PasswordHash.is_null())
        .filter(user::Column::Email.is_not_null())
}

/// Says how many customers a wave would reach, and sends nothing.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that manages customers; [`Error::Invalid`] unless exactly one of `ids` and
/// `filter` is given; [`Error::TooLarge`] for too many of them.
pub async fn reach(app: &App, author: Author<'_>, selection: &CustomerSelection) -> Result<Reach> {
    author.check()?;
    let rows = chosen(selection)?;
    let total = rows.clone().count(&app.db).await?;
    let mailed = reachable(rows).count(&app.db).await?;
    Ok(Reach {
        mailed,
        skipped: total.saturating_sub(mailed),
    })
}

/// Sends the access to all of a selection whom a mail helps. The links that they got before are worth nothing from
/// here on. Batches of customers are mailed at a time, each wholly or not at all; if it breaks off, a wave to those
/// who are still prepared goes on.
///
/// # Errors
/// As with [`reach`]; [`Error::Invalid`] with `NOTHING_SELECTED` if a mail helps nobody, with `DATE_IN_PAST` or
/// `DATE_TOO_FAR` on `announcedFrom`.
pub async fn send(
    app: &App,
    author: Author<'_>,
    selection: &CustomerSelection,
    announced_from: Option<NaiveDate>,
) -> Result<wave::Model> {
    author.check()?;
    check_date(app, announced_from)?;
    let total = chosen(selection)?.count(&app.db).await?;
    let ids: Vec<AccountId> = reachable(chosen(selection)?)
        .select_only()
        .column(account::Column::Id)
        .order_by_asc(account::Column::Number)
        .limit(WAVE_MAX + 1)
        .into_tuple()
        .all(&app.db)
        .await?;
    if ids.is_empty() {
        return Err(nothing_selected());
    }
    if ids.len() as u64 > WAVE_MAX {
        return Err(Error::TooLarge("a wave has at most 20,000 customers"));
    }
    let skipped = total.saturating_sub(ids.len() as u64);
    let mut row = wave::Model {
        id: WaveId(app.new_id()),
        user_id: author.user(),
        announced_from,
        mailed_count: 0,
        skipped_count: i32::try_from(skipped).unwrap_or(i32::MAX),
        created_at: app.clock.now(),
    };
    for (number, batch) in ids.chunks(BATCH).enumerate() {
        let tx = app.begin().await?;
        if number == 0 {
            row.clone().into_active_model().insert(&tx).await?;
        }
        for customer in held(&tx, batch).await? {
            if mail_access(&tx, app, author, &customer, Some(&row)).await? {
                row.mailed_count += 1;
            }
        }
        let counted = wave::ActiveModel {
            id: Set(row.id),
            mailed_count: Set(row.mailed_count),
            ..Default::default()
        };
        counted.update(&tx).await?;
        tx.commit().await?;
        app.mail_waits.notify_one();
    }
    Ok(row)
}

/// Sends one customer his access again. The link that he got before is worth nothing from here on.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that manages customers; [`Error::NotFound`] if there is no such customer;
/// [`Error::Invalid`] with `NO_ADDRESS`; [`Error::Conflict`] if he has chosen a password.
pub async fn resend(app: &App, author: Author<'_>, id: AccountId) -> Result<Customer> {
    author.check()?;
    let tx = app.begin().await?;
    find(&tx, id).await?;
    let customer = held(&tx, &[id]).await?.pop();
    let customer = customer.ok_or(Error::Conflict("the customer has his access already"))?;
    if customer.state() == CustomerState::Activated {
        return Err(Error::Conflict("the customer has his access already"));
    }
    if !mail_access(&tx, app, author, &customer, None).await? {
        return Err(Error::invalid(
            "accountId",
            Reason::NoAddress,
            "the customer has no e-mail address",
        ));
    }
    tx.commit().await?;
    app.mail_waits.notify_one();
    find(&app.db, id).await
}

fn check_date(app: &App, announced_from: Option<NaiveDate>) -> Result<()> {
    let today = app.clock.today();
    let refused = |reason, message: &str| Err(Error::invalid("announcedFrom", reason, message));
    match announced_from {
        Some(day) if day < today => refused(Reason::DateInPast, "the day lies in the past"),
        Some(day) if day - today > ANNOUNCED_AHEAD => refused(Reason::DateTooFar, "at most a year ahead"),
        _ => Ok(()),
    }
}

/// These customers whom the provider made, held until the transaction ends: of two who send at the same time the
/// second one sees what the first one did.
async fn held(tx: &DatabaseTransaction, ids: &[AccountId]) -> Result<Vec<Customer>> {
    let known = onboarding::Entity::find()
        .filter(onboarding::Column::AccountId.is_in(ids.iter().copied()))
        .order_by_asc(onboarding::Column::AccountId)
        .lock_exclusive()
        .all(tx)
        .await?;
    let rows = account::Entity::find()
        .filter(account::Column::Id.is_in(known.iter().map(|row| row.account_id)))
        .order_by_asc(account::Column::Number)
        .all(tx)
        .await?;
    with_onboarding(tx, rows).await
}

/// Mails a customer a new link to choose his password; gives whether a mail helps him. A wave mails nobody whom
/// another wave has mailed since it began.
async fn mail_access(
    tx: &DatabaseTransaction,
    app: &App,
    author: Author<'_>,
    customer: &Customer,
    wave: Option<&wave::Model>,
) -> Result<bool> {
    let (Some(user), Some(onboarding)) = (&customer.user, &customer.onboarding) else {
        return Ok(false);
    };
    let address = user.email.as_deref().map(EmailAddress::parse);
    let (None, Some(Ok(address))) = (&user.password_hash, address) else {
        return Ok(false);
    };
    if let (Some(wave), Some(mailed_at)) = (wave, onboarding.mailed_at)
        && mailed_at > wave.created_at
    {
        return Ok(false);
    }
    link::end(tx, app, address.as_str(), &[LinkPurpose::FirstSignIn]).await?;
    let new = NewLink {
        purpose: LinkPurpose::FirstSignIn,
        email: address.as_str(),
        user: Some(user.id),
        account: Some(customer.account.id),
        object: None,
        language: user.language,
    };
    let token = link::add(tx, app, new).await?;
    let letter = Template::FirstAccess {
        account: customer.account.name.clone(),
        number: customer.account.number.clone(),
        announced_from: wave.and_then(|wave| wave.announced_from),
        link: link::address(app, LinkPurpose::FirstSignIn, &token),
        link_days: link::life(LinkPurpose::FirstSignIn).num_days(),
    };
    let mail = mail::add(tx, app, &address, user.language, &letter).await?;
    let sent = onboarding::Model {
        mail_id: Some(mail),
        mailed_at: Some(app.clock.now()),
        wave_id: wave.map(|wave| wave.id).or(onboarding.wave_id),
        ..onboarding.clone()
    };
    sent.into_active_model().reset_all().update(tx).await?;
    let act = if wave.is_some() { "sendAccess" } else { "resendAccess" };
    audit::add(tx, app, author.entry(act, customer.account.id, Some(mail.to_string()))).await?;
    Ok(true)
}

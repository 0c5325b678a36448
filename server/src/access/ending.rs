//! Mails before rights end: to whoever reads, and to the dealer all of them in one. Each right is told once. What has
//! ended ends by its day alone, no worker is needed for that.
use super::{accepted, account_name, import};
use crate::{
    app::App,
    entity::{assignment, read_right, user},
    error::Result,
    mail::{self, Template, template::Ending},
    meter::request,
};
use chrono::{NaiveDate, TimeDelta};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use shared::{
    account::{Language, Right},
    id::{AccountId, AssignmentId},
    name::EmailAddress,
};
use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};
use tokio_util::sync::CancellationToken;

/// How often it is looked.
const INTERVAL: Duration = Duration::from_secs(15 * 60);

/// How many rights are told in one transaction.
const BATCH: u64 = 500;

/// How many rights a mail to a dealer names; it says how many more there are.
const NAMED: usize = 20;

/// Tells until `stop`.
pub async fn run(app: App, stop: CancellationToken) {
    loop {
        if let Err(error) = tell_all(&app).await {
            tracing::error!(%error, "mails before the end of read rights could not be written; it is tried again");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}

/// Writes the mails about all rights whose end is near, drops old lists, and says how many rights were told.
///
/// # Errors
/// If the database refuses; what was not told waits on.
pub async fn tell_all(app: &App) -> Result<u64> {
    let tx = app.begin().await?;
    import::forget_old(&tx, app).await?;
    tx.commit().await?;
    let mut told = 0;
    loop {
        let count = tell_some(app).await?;
        told += count;
        if count < BATCH {
            return Ok(told);
        }
    }
}

/// The rights of one reader by one dealer that end on one day.
type Same<'a> = (AccountId, &'a str, NaiveDate);

async fn tell_some(app: &App) -> Result<u64> {
    let (now, today) = (app.clock.now(), app.clock.today());
    let days = TimeDelta::days(i64::from(app.settings.right_end_days));
    if days <= TimeDelta::zero() {
        return Ok(0);
    }
    let tx = app.begin().await?;
    let rows = assignment::Entity::find()
        .filter(accepted(today))
        .filter(assignment::COLUMN.end_told_at.is_null())
        .filter(assignment::COLUMN.until.lte(today + days))
        .order_by_asc(assignment::Column::Id)
        .limit(BATCH)
        .lock_exclusive()
        .all(&tx)
        .await?;
    if rows.is_empty() {
        return Ok(0);
    }
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    assignment::Entity::update_many()
        .col_expr(assignment::Column::EndToldAt, Expr::value(now))
        .filter(assignment::COLUMN.id.is_in(ids.iter().copied()))
        .exec(&tx)
        .await?;
    let counts = device_counts(&tx, &ids).await?;
    let mut ending: BTreeMap<Same<'_>, u64> = BTreeMap::new();
    for row in &rows {
        // who was given less than these days knows the end already
        let Some(until) = row.until.filter(|until| *until - row.created_at.date_naive() > days) else {
            continue;
        };
        let count = counts.get(&row.id).copied().unwrap_or_default();
        *ending.entry((row.account_id, &row.email, until)).or_default() += count;
    }
    let mut dealers: BTreeMap<AccountId, Vec<Ending>> = BTreeMap::new();
    for ((dealer, email, until), device_count) in ending {
        dealers.entry(dealer).or_default().push(Ending {
            email: email.to_owned(),
            until,
            device_count,
        });
    }
    for (dealer, endings) in dealers {
        tell(&tx, app, dealer, endings).await?;
    }
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(rows.len() as u64)
}

async fn device_counts(db: &impl ConnectionTrait, ids: &[AssignmentId]) -> Result<HashMap<AssignmentId, u64>> {
    let counts: Vec<(AssignmentId, i64)> = read_right::Entity::find()
        .filter(read_right::COLUMN.assignment_id.is_in(ids.iter().copied()))
        .select_only()
        .column(read_right::Column::AssignmentId)
        .column_as(read_right::Column::DeviceId.count(), "devices")
        .group_by(read_right::Column::AssignmentId)
        .into_tuple()
        .all(db)
        .await?;
    let counts = counts.into_iter();
    Ok(counts
        .map(|(id, count)| (id, u64::try_from(count).unwrap_or_default()))
        .collect())
}

/// Tells the readers, each in the language of whoever has the address, and those who manage the dealer's keys.
async fn tell(db: &impl ConnectionTrait, app: &App, dealer: AccountId, mut endings: Vec<Ending>) -> Result<()> {
    let name = account_name(db, dealer).await?;
    let languages: HashMap<String, Language> = user::Entity::find()
        .filter(
            user::COLUMN
                .email
                .is_in(endings.iter().map(|ending| ending.email.clone())),
        )
        .all(db)
        .await?
        .into_iter()
        .filter_map(|user| Some((user.email?, user.language)))
        .collect();
    for ending in &endings {
        let Ok(address) = EmailAddress::parse(&ending.email) else {
            continue;
        };
        let letter = Template::RightsEnd {
            dealer: name.clone(),
            device_count: ending.device_count,
            last_day: ending.until,
            page: format!("{}/devices", app.settings.origin),
        };
        let language = languages.get(&ending.email).copied().unwrap_or_default();
        mail::enqueue(db, app, &address, language, &letter).await?;
    }
    endings.sort_by(|one, other| (one.until, &one.email).cmp(&(other.until, &other.email)));
    let more = endings.len().saturating_sub(NAMED);
    endings.truncate(NAMED);
    let digest = Template::RightsEndDigest {
        account: name,
        endings,
        more,
        page: format!("{}/read-rights?state=active", app.settings.origin),
    };
    for person in request::people(db, app, dealer, Right::ManageKeys, None).await? {
        mail::enqueue_to(db, app, person, &digest).await?;
    }
    Ok(())
}

//! Read rights for many people at once, out of a list: looked at row by row, then given in one go, with one mail an
//! address. What waits belongs to the one who brought it; it is gone after a day, with its report.
pub mod graphql;
mod judge;
mod report;
mod table;

pub use report::csv as report;

use super::{Offered, Terms, account_name, author, dealer, offer};
use crate::{
    account::take_turn,
    actor::Actor,
    app::App,
    audit,
    entity::{assignment, assignment_import, assignment_row, read_right},
    error::{Error, Result},
    file,
    mail::template::Ends,
    page::Page,
};
use anyhow::Context;
use chrono::TimeDelta;
use judge::{CHUNK, judge, judge_again, terms};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use shared::{
    device::AssignmentVerdict,
    error::Reason,
    id::{AccountId, AssignmentId, AssignmentImportId, FileId},
    name::EmailAddress,
};
use std::collections::{BTreeMap, HashMap, HashSet};
pub use table::MAX_ROWS;

/// How long a list waits, and its report is there.
pub const LIFE: TimeDelta = TimeDelta::hours(24);

/// How many lists of a person are kept.
pub const KEPT_MAX: u64 = 10;

/// Takes an uploaded list to be looked at; nothing is given yet.
///
/// # Errors
/// [`Error::Forbidden`] for all but dealers who manage keys; [`Error::NotFound`] for files of others; [`Error::Invalid`] on
/// `fileId` if it is no list, has too many rows, or [`KEPT_MAX`] lists are kept already.
pub async fn stage(app: &App, actor: &Actor, file: FileId) -> Result<assignment_import::Model> {
    let dealer = dealer(actor)?;
    let (file, bytes) = file::get(app, actor, file).await?;
    let typed = tokio::task::spawn_blocking(move || table::read(&bytes))
        .await
        .context("reading a list broke off")??;
    let now = app.clock.now();
    let tx = app.begin().await?;
    forget_old(&tx, app).await?;
    if own(app, actor, dealer).count(&tx).await? >= KEPT_MAX {
        let message = format!("{KEPT_MAX} lists are kept; drop one first");
        return Err(Error::invalid("fileId", Reason::TooMany, message));
    }
    let id = AssignmentImportId(app.new_id());
    let rows = judge(&tx, dealer, app.clock.today(), id, typed).await?;
    let import = assignment_import::Model {
        id,
        account_id: dealer,
        user_id: actor.user,
        file_name: file.name,
        row_count: i32::try_from(rows.len()).unwrap_or(i32::MAX),
        created_at: now,
        expires_at: now + LIFE,
        done_at: None,
        given_count: good(&rows),
        mail_count: addresses(&rows),
    };
    import.clone().into_active_model().insert(&tx).await?;
    insert_rows(&tx, rows).await?;
    audit::record(&tx, app, Some(actor), "stageAssignments", Some(id.to_string()), true).await?;
    tx.commit().await?;
    Ok(import)
}

/// How many rows are to be given.
fn good(rows: &[assignment_row::Model]) -> i32 {
    let count = rows.iter().filter(|row| row.verdict == AssignmentVerdict::New).count();
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// To how many addresses they go.
fn addresses(rows: &[assignment_row::Model]) -> i32 {
    let good = rows.iter().filter(|row| row.verdict == AssignmentVerdict::New);
    let emails: HashSet<_> = good.map(|row| &row.email).collect();
    i32::try_from(emails.len()).unwrap_or(i32::MAX)
}

async fn insert_rows(db: &impl ConnectionTrait, rows: Vec<assignment_row::Model>) -> Result<()> {
    for chunk in rows.chunks(CHUNK) {
        let chunk = chunk.iter().cloned().map(IntoActiveModel::into_active_model);
        assignment_row::Entity::insert_many(chunk)
            .exec_without_returning(db)
            .await?;
    }
    Ok(())
}

fn own(app: &App, actor: &Actor, dealer: AccountId) -> sea_orm::Select<assignment_import::Entity> {
    assignment_import::Entity::find()
        .filter(assignment_import::COLUMN.account_id.eq(dealer))
        .filter(assignment_import::COLUMN.user_id.eq(actor.user))
        .filter(assignment_import::COLUMN.expires_at.gt(app.clock.now()))
}

/// The actor's lists in the account in view, waiting and done, newest first; at most [`KEPT_MAX`].
///
/// # Errors
/// [`Error::Forbidden`] for all but dealers who manage keys.
pub async fn kept(app: &App, actor: &Actor) -> Result<Vec<assignment_import::Model>> {
    let rows = own(app, actor, dealer(actor)?)
        .order_by_desc(assignment_import::Column::Id)
        .limit(KEPT_MAX);
    Ok(rows.all(&app.db).await?)
}

/// One of them.
///
/// # Errors
/// [`Error::Forbidden`] for all but dealers who manage keys; [`Error::NotFound`] for those of others and those that are
/// gone.
pub async fn get(
    db: &impl ConnectionTrait,
    app: &App,
    actor: &Actor,
    id: AssignmentImportId,
) -> Result<assignment_import::Model> {
    let found = own(app, actor, dealer(actor)?)
        .filter(assignment_import::COLUMN.id.eq(id))
        .lock_exclusive()
        .one(db)
        .await?;
    found.ok_or(Error::NotFound("list"))
}

/// How many rows have which verdict, in the order of the verdicts.
///
/// # Errors
/// If the database refuses.
pub async fn counts(
    db: &impl ConnectionTrait,
    import: &assignment_import::Model,
) -> Result<Vec<(AssignmentVerdict, i64)>> {
    let rows = assignment_row::Entity::find()
        .filter(assignment_row::COLUMN.import_id.eq(import.id))
        .select_only()
        .column(assignment_row::Column::Verdict)
        .column_as(assignment_row::Column::Position.count(), "count")
        .group_by(assignment_row::Column::Verdict)
        .order_by_asc(assignment_row::Column::Verdict)
        .into_tuple();
    Ok(rows.all(db).await?)
}

/// A page of the rows of a list, in its order, and how many there are.
///
/// # Errors
/// Those of [`get`].
pub async fn rows(
    app: &App,
    actor: &Actor,
    id: AssignmentImportId,
    verdict: Option<AssignmentVerdict>,
    page: &Page<i32>,
) -> Result<(Vec<assignment_row::Model>, u64)> {
    let import = get(&app.db, app, actor, id).await?;
    let found = assignment_row::Entity::find()
        .filter(assignment_row::COLUMN.import_id.eq(import.id))
        .apply_if(verdict, |rows, verdict| {
            rows.filter(assignment_row::COLUMN.verdict.eq(verdict))
        });
    let total = found.clone().count(&app.db).await?;
    let rows = found
        .apply_if(page.after, |rows, after| {
            rows.filter(assignment_row::COLUMN.position.gt(after))
        })
        .order_by_asc(assignment_row::Column::Position)
        .limit(page.limit())
        .all(&app.db)
        .await?;
    Ok((rows, total))
}

/// Gives the rights of a list: all rows that are good still, in one transaction, with one mail an address. What was done
/// already is not done again.
///
/// # Errors
/// Those of [`get`].
pub async fn commit(app: &App, actor: &Actor, id: AssignmentImportId) -> Result<assignment_import::Model> {
    let dealer = dealer(actor)?;
    let today = app.clock.today();
    let tx = app.begin().await?;
    take_turn(&tx, &[dealer]).await?;
    let import = get(&tx, app, actor, id).await?;
    if import.done_at.is_some() {
        return Ok(import);
    }
    let of_import = assignment_row::COLUMN.import_id.eq(id);
    let mut rows = assignment_row::Entity::find()
        .filter(of_import)
        .order_by_asc(assignment_row::Column::Position)
        .all(&tx)
        .await?;
    judge_again(&tx, dealer, today, &mut rows).await?;
    let assignments = gather(app, actor, dealer, &mut rows)?;
    let models = assignments.iter().map(|row| row.clone().into_active_model());
    let models: Vec<_> = models.collect();
    for chunk in models.chunks(CHUNK) {
        assignment::Entity::insert_many(chunk.to_vec())
            .exec_without_returning(&tx)
            .await?;
    }
    let rights: Vec<_> = rows
        .iter()
        .filter_map(|row| {
            let right = read_right::Model {
                assignment_id: row.assignment_id?,
                device_id: row.device_id?,
            };
            Some(right.into_active_model())
        })
        .collect();
    for chunk in rights.chunks(CHUNK) {
        read_right::Entity::insert_many(chunk.to_vec())
            .exec_without_returning(&tx)
            .await?;
    }
    send(&tx, app, actor, dealer, &assignments, &rows).await?;
    let mut changed = import.into_active_model();
    changed.done_at = Set(Some(app.clock.now()));
    changed.given_count = Set(good(&rows));
    changed.mail_count = Set(addresses(&rows));
    let changed = changed.update(&tx).await?;
    delete_rows(&tx, &[id]).await?;
    insert_rows(&tx, rows).await?;
    audit::record(&tx, app, Some(actor), "commitAssignments", Some(id.to_string()), true).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(changed)
}

/// Puts the rows that are good together to assignments: one for each address and each kind of right, all of an address in
/// one offer. Notes in each row what it became.
fn gather(
    app: &App,
    actor: &Actor,
    dealer: AccountId,
    rows: &mut [assignment_row::Model],
) -> Result<Vec<assignment::Model>> {
    let mut offers = HashMap::new();
    let mut known: HashMap<(String, Terms), AssignmentId> = HashMap::new();
    let mut assignments = Vec::new();
    for row in rows.iter_mut().filter(|row| row.verdict == AssignmentVerdict::New) {
        let key = (row.email.clone(), terms(row));
        let id = match known.get(&key) {
            Some(id) => *id,
            None => {
                let email = EmailAddress::parse(&row.email).context("a row that is good has no address")?;
                let offer = offers.get(&row.email).copied();
                let made = key.1.clone().row(app, dealer, actor.user, &email, offer);
                let id = made.id;
                offers.entry(row.email.clone()).or_insert(made.offer_id);
                assignments.push(made);
                known.insert(key, id);
                id
            }
        };
        row.assignment_id = Some(id);
    }
    Ok(assignments)
}

/// One mail an address.
async fn send(
    db: &impl ConnectionTrait,
    app: &App,
    actor: &Actor,
    dealer: AccountId,
    assignments: &[assignment::Model],
    rows: &[assignment_row::Model],
) -> Result<()> {
    let name = account_name(db, dealer).await?;
    let language = author(db, actor).await?.language;
    let mut devices: HashMap<&str, u64> = HashMap::new();
    for row in rows.iter().filter(|row| row.assignment_id.is_some()) {
        *devices.entry(&row.email).or_default() += 1;
    }
    let mut offers: BTreeMap<_, Vec<&assignment::Model>> = BTreeMap::new();
    for row in assignments {
        offers.entry((&row.email, row.offer_id)).or_default().push(row);
    }
    for ((email, id), rows) in offers {
        let address = EmailAddress::parse(email).context("an assignment has no address")?;
        let offered = Offered {
            dealer: &name,
            device_count: devices.get(email.as_str()).copied().unwrap_or_default(),
            ends: Ends::of(rows.iter().map(|row| row.until)),
            shows_keys: rows.iter().any(|row| !row.verify_only),
        };
        offer(db, app, id, &address, language, offered).await?;
    }
    Ok(())
}

/// Forgets a list and its report; rights that it gave stay.
///
/// # Errors
/// Those of [`get`].
pub async fn forget(app: &App, actor: &Actor, id: AssignmentImportId) -> Result<()> {
    let tx = app.begin().await?;
    let import = get(&tx, app, actor, id).await?;
    delete(&tx, &[import.id]).await?;
    audit::record(&tx, app, Some(actor), "dropAssignments", Some(id.to_string()), true).await?;
    tx.commit().await?;
    Ok(())
}

async fn delete_rows(db: &impl ConnectionTrait, ids: &[AssignmentImportId]) -> Result<()> {
    assignment_row::Entity::delete_many()
        .filter(assignment_row::COLUMN.import_id.is_in(ids.iter().copied()))
        .exec(db)
        .await?;
    Ok(())
}

async fn delete(db: &impl ConnectionTrait, ids: &[AssignmentImportId]) -> Result<()> {
    delete_rows(db, ids).await?;
    assignment_import::Entity::delete_many()
        .filter(assignment_import::COLUMN.id.is_in(ids.iter().copied()))
        .exec(db)
        .await?;
    Ok(())
}

/// Deletes the lists whose time is over, of all accounts; shows nothing.
///
/// # Errors
/// If the database refuses.
pub async fn forget_old(db: &impl ConnectionTrait, app: &App) -> Result<()> {
    let old: Vec<AssignmentImportId> = assignment_import::Entity::find()
        .filter(assignment_import::COLUMN.expires_at.lte(app.clock.now()))
        .select_only()
        .column(assignment_import::Column::Id)
        .limit(KEPT_MAX)
        .into_tuple()
        .all(db)
        .await?;
    if old.is_empty() { Ok(()) } else { delete(db, &old).await }
}

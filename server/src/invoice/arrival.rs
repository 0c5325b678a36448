//! Mails about invoices that an account sees from now on: to its confirmed invoice addresses, one for all that came
//! together, each invoice once. The mails go into the outbox in the transaction that marks the invoices as told, so that
//! no crash loses or doubles one. What is held or waits for its customer is told of when the account sees it.
use super::{
    letter::{Letter, Named},
    list,
};
use crate::{
    account::billing_email,
    actor::Actor,
    app::App,
    audit,
    entity::{account, billing_email as address, file, invoice, invoice_mail},
    error::{Error, Result},
    mail::{self, Attachment, Template},
};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};
use shared::{
    account::Right,
    id::{AccountId, FileId, InvoiceId},
    name::EmailAddress,
};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How long it is waited for more, so that those of one delivery go into one mail.
pub const SETTLING: TimeDelta = TimeDelta::minutes(1);

/// How long it is waited at most while more and more come.
pub const PATIENCE: TimeDelta = TimeDelta::minutes(15);

/// How often it is looked.
const INTERVAL: Duration = Duration::from_secs(20);

/// The most invoices that a mail names one by one.
pub const NAMED_MAX: usize = 20;

/// The most invoices of one mail; more get another one.
const TOGETHER_MAX: u64 = 1_000;

/// The most files of a mail; an invoice beyond them is named only.
pub const ENCLOSED_MAX: usize = 10;

/// The most bytes of the files of a mail together; an invoice whose file does not fit is named only.
const ENCLOSED_BYTES: i64 = 8 * 1024 * 1024;

/// How an account wants to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Whether mails are sent at all.
    pub is_sent: bool,
    /// Whether the originals go with them.
    pub is_enclosed: bool,
}

/// Looks until `stop`. Any number of processes may do so: they take turns at an account.
pub async fn run(app: App, stop: CancellationToken) {
    loop {
        match tell_due(&app).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "accounts are told of invoices"),
            Err(error) => tracing::error!(%error, "mails about invoices could not be written; it is tried again"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}

fn untold() -> Condition {
    Condition::all()
        .add(invoice::COLUMN.visible_at.is_not_null())
        .add(invoice::COLUMN.told_at.is_null())
}

/// Tells every account whose invoices have settled: none came for [`SETTLING`], or the first one waits for
/// [`PATIENCE`]. Gives how many accounts that were.
///
/// # Errors
/// If the database refuses; what was done before stays done.
pub async fn tell_due(app: &App) -> Result<u64> {
    let now = app.clock.now();
    let waiting: Vec<(Option<AccountId>, DateTime<Utc>, DateTime<Utc>)> = invoice::Entity::find()
        .select_only()
        .column(invoice::Column::AccountId)
        .expr(invoice::Column::VisibleAt.min())
        .expr(invoice::Column::VisibleAt.max())
        .filter(untold())
        .filter(invoice::COLUMN.account_id.is_not_null())
        .group_by(invoice::Column::AccountId)
        .into_tuple()
        .all(&app.db)
        .await?;
    let mut count = 0;
    for (account, first, last) in waiting {
        let Some(account) = account else { continue };
        if last + SETTLING <= now || first + PATIENCE <= now {
            tell(app, account).await?;
            count += 1;
        }
    }
    if count > 0 {
        app.mail_waits.notify_one();
    }
    Ok(count)
}

/// Marks all that accounts see as told, without a mail: for invoices that customers knew before the portal had them.
///
/// # Errors
/// If the database refuses.
pub async fn skip(app: &App) -> Result<()> {
    invoice::Entity::update_many()
        .col_expr(invoice::Column::ToldAt, Expr::value(Some(app.clock.now())))
        .col_expr(invoice::Column::ToldCount, Expr::value(Some(0)))
        .filter(untold())
        .exec(&app.db)
        .await?;
    Ok(())
}

async fn tell(app: &App, id: AccountId) -> Result<()> {
    let tx = app.begin().await?;
    // Two processes that see the same invoices get the account one after the other.
    let account = account::Entity::find_by_id(id).lock_exclusive().one(&tx).await?;
    let account = account.ok_or(Error::NotFound("account"))?;
    let mut invoices = invoice::Entity::find()
        .filter(list::shown(id))
        .filter(untold())
        .order_by_asc(invoice::Column::VisibleAt)
        .order_by_asc(invoice::Column::Id)
        .limit(TOGETHER_MAX)
        .all(&tx)
        .await?;
    if invoices.is_empty() {
        return Ok(());
    }
    invoices.sort_by(|a, b| (a.issue_date, &a.number).cmp(&(b.issue_date, &b.number)));
    let told: Vec<InvoiceId> = invoices.iter().map(|invoice| invoice.id).collect();
    let recipients = send(&tx, app, &account, &invoices).await?;
    // databases limit how many values a statement has
    for part in told.chunks(500) {
        invoice::Entity::update_many()
            .col_expr(invoice::Column::ToldAt, Expr::value(Some(app.clock.now())))
            .col_expr(invoice::Column::ToldCount, Expr::value(Some(recipients)))
            .filter(invoice::COLUMN.id.is_in(part.iter().copied()))
            .exec(&tx)
            .await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Writes the mails; gives to how many addresses.
async fn send(
    tx: &DatabaseTransaction,
    app: &App,
    account: &account::Model,
    invoices: &[invoice::Model],
) -> Result<i32> {
    let wish = wish_of(tx, account.id).await?;
    let listed: Vec<address::Model> = billing_email::list(tx, account.id).await?;
    let listed: Vec<_> = listed.into_iter().filter(|row| row.confirmed_at.is_some()).collect();
    if !wish.is_sent || listed.is_empty() {
        return Ok(0);
    }
    let files = if wish.is_enclosed {
        enclosed(tx, app, invoices).await?
    } else {
        Vec::new()
    };
    let line = |row: &invoice::Model| Named {
        number: row.number.clone(),
        type_code: row.type_code.clone(),
        issued: row.issue_date,
        due: row.due_date,
        total: row.gross_total,
        currency: row.currency.clone(),
    };
    let page = match invoices {
        [one] => format!("{}/invoices/{}", app.settings.origin, one.id),
        _ => format!("{}/invoices", app.settings.origin),
    };
    let template = Template::InvoicesArrived(Box::new(Letter {
        account: account.name.clone(),
        count: invoices.len(),
        named: invoices.iter().take(NAMED_MAX).map(line).collect(),
        enclosed: wish.is_enclosed.then_some(files.len()),
        page,
        settings: format!("{}/account", app.settings.origin),
    }));
    let mut count = 0;
    for row in listed {
        if let Ok(address) = EmailAddress::parse(&row.email) {
            mail::add_with(tx, app, &address, row.language, &template, &files).await?;
            count += 1;
        }
    }
    Ok(count)
}

/// The originals as files of a mail, as many as fit.
async fn enclosed(tx: &DatabaseTransaction, app: &App, invoices: &[invoice::Model]) -> Result<Vec<Attachment>> {
    let mut left = ENCLOSED_BYTES;
    let mut found = Vec::new();
    for row in invoices {
        let size = i64::from(row.file_size);
        if size > left || found.len() == ENCLOSED_MAX {
            continue;
        }
        left -= size;
        let stored = file::Model {
            id: FileId(app.new_id()),
            user_id: None,
            name: row.file_name.clone(),
            sha256: row.sha256.clone(),
            size,
            created_at: app.clock.now(),
        };
        found.push(Attachment {
            file: stored.id,
            name: row.file_name.clone(),
            media_type: row.media_type.clone(),
        });
        file::Entity::insert(stored.into_active_model())
            .exec_without_returning(tx)
            .await?;
    }
    Ok(found)
}

/// An account that has not said anything is told, without files.
async fn wish_of(db: &impl ConnectionTrait, account: AccountId) -> Result<Wish> {
    let row = invoice_mail::Entity::find_by_id(account).one(db).await?;
    Ok(Wish {
        is_sent: row.as_ref().is_none_or(|row| row.is_sent),
        is_enclosed: row.as_ref().is_some_and(|row| row.is_enclosed),
    })
}

/// How the account in view is told of invoices.
///
/// # Errors
/// [`Error::Forbidden`] without the right to manage contracts, as with the addresses.
pub async fn wish(app: &App, actor: &Actor) -> Result<Wish> {
    let account = actor.require(Right::ManageContracts)?.id;
    wish_of(&app.db, account).await
}

/// Says how the account in view is told of invoices from now on.
///
/// # Errors
/// [`Error::Forbidden`] without the right to manage contracts, as with the addresses.
pub async fn change(app: &App, actor: &Actor, wish: Wish) -> Result<Wish> {
    let account = actor.require(Right::ManageContracts)?.id;
    let tx = app.begin().await?;
    let row = invoice_mail::Model {
        account_id: account,
        is_sent: wish.is_sent,
        is_enclosed: wish.is_enclosed,
    };
    let both = [invoice_mail::Column::IsSent, invoice_mail::Column::IsEnclosed];
    invoice_mail::Entity::insert(row.into_active_model())
        .on_conflict(
            OnConflict::column(invoice_mail::Column::AccountId)
                .update_columns(both)
                .to_owned(),
        )
        .exec_without_returning(&tx)
        .await?;
    audit::record(
        &tx,
        app,
        Some(actor),
        "changeInvoiceMail",
        Some(account.to_string()),
        true,
    )
    .await?;
    tx.commit().await?;
    Ok(wish)
}

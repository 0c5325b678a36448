//! Offering devices, and what becomes of an offer.
use super::{NOTE_MAX, OFFER_LIFE, concerned, dealer, devices_of, log, name_of, page, state};
use crate::{
    access::follow,
    account::take_turn,
    actor::Actor,
    app::App,
    entity::{account, device, transfer, transfer_device},
    error::{Error, Result},
    mail::{self, template::Template},
    meter::{self, DeviceSelection, holder::hand_over, request::people},
};
use anyhow::anyhow;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QuerySelect, QueryTrait, Set,
    sea_query::{Expr, Query},
};
use shared::{
    account::{AccountKind, Right},
    device::{RightsThen, TransferKind, TransferState},
    error::Reason,
    id::{AccountId, TransferId},
};

/// What a dealer offers to whom.
#[derive(Clone, Debug)]
pub struct NewOffer {
    /// The devices.
    pub selection: DeviceSelection,
    /// The customer number of the dealer who is to have them.
    pub account_number: String,
    /// For good or not.
    pub kind: TransferKind,
    /// What becomes of the rights to read.
    pub rights: RightsThen,
    /// What there is to say.
    pub note: Option<String>,
}

fn short(field: &'static str, text: Option<String>) -> Result<Option<String>> {
    let text = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    if text.as_ref().is_some_and(|text| text.chars().count() > NOTE_MAX) {
        let message = format!("at most {NOTE_MAX} characters");
        return Err(Error::invalid(field, Reason::TooLong, message));
    }
    Ok(text)
}

/// Offers devices that the dealer holds to another one, whose people are told by mail. Until the offer is accepted nothing
/// changes.
///
/// # Errors
/// [`Error::Forbidden`] for all but dealers who manage keys, and for tokens; [`Error::StepUpRequired`];
/// [`Error::NotFound`] if one of the devices is not held; [`Error::Conflict`] if the selection is not what was seen;
/// [`Error::Invalid`] at `accountNumber` with `NO_DEALER` for numbers of nobody, of others than dealers and the own one
/// alike, at `selection` if it is empty or with `DEVICES_BOUND`, and at `note`. Nothing has changed then.
pub async fn offer(app: &App, actor: &Actor, new: NewOffer) -> Result<transfer::Model> {
    let dealer = dealer(actor)?;
    actor.require_step_up(app.clock.now())?;
    let note = short("note", new.note)?;
    let chosen = meter::choose(dealer, &new.selection, app.clock.today())?;
    let tx = app.begin().await?;
    let to = account::Entity::find()
        .filter(account::COLUMN.number.eq(new.account_number.trim()))
        .filter(account::COLUMN.kind.eq(AccountKind::Dealer))
        .filter(account::COLUMN.id.ne(dealer))
        .one(&tx)
        .await?
        .ok_or_else(|| Error::invalid("accountNumber", Reason::NoDealer, "no other dealer has this number"))?;
    // of two offers of the same devices at the same time the second waits here, and then finds the first
    take_turn(&tx, &[dealer]).await?;
    let found = device::Entity::find().filter(chosen.devices.clone());
    let count = found.clone().count(&tx).await?;
    chosen.check(count)?;
    require_free(&tx, app, dealer, chosen.devices.clone()).await?;
    let now = app.clock.now();
    let row = transfer::Model {
        id: TransferId(app.new_id()),
        account_id: dealer,
        to_account_id: to.id,
        user_id: actor.user,
        kind: new.kind,
        rights: new.rights,
        state: TransferState::Offered,
        device_count: i32::try_from(count).unwrap_or(i32::MAX),
        note,
        reason: None,
        created_at: now,
        expires_at: now + OFFER_LIFE,
        decided_at: None,
        decided_by: None,
    };
    row.clone().into_active_model().insert(&tx).await?;
    let rows = found
        .select_only()
        .expr(Expr::val(row.id))
        .column(device::Column::Id)
        .into_query();
    let mut insert = Query::insert();
    insert
        .into_table(transfer_device::Entity)
        .columns([transfer_device::Column::TransferId, transfer_device::Column::DeviceId])
        .select_from(rows)
        .map_err(|error| anyhow!("devices could not be added to an offer: {error}"))?;
    tx.execute(&insert).await?;
    log(&tx, app, actor, "offerTransfer", &row).await?;
    let letter = Template::TransferOffered {
        from: name_of(&tx, dealer).await?,
        device_count: count,
        is_for_good: row.kind == TransferKind::Transfer,
        page: page(app),
    };
    for person in people(&tx, app, to.id, Right::ManageKeys, None).await? {
        mail::enqueue_to(&tx, app, person, &letter).await?;
    }
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(row)
}

/// That none of the devices was passed on by somebody else, or is in an offer of the dealer that is open.
async fn require_free(db: &impl ConnectionTrait, app: &App, dealer: AccountId, devices: Condition) -> Result<()> {
    let open = transfer::Entity::find()
        .select_only()
        .column(transfer::Column::Id)
        .filter(transfer::COLUMN.account_id.eq(dealer))
        .filter(transfer::COLUMN.state.eq(TransferState::Offered))
        .filter(transfer::COLUMN.expires_at.gt(app.clock.now()))
        .into_query();
    let offered = transfer_device::Entity::find()
        .select_only()
        .column(transfer_device::Column::DeviceId)
        .filter(transfer_device::Column::TransferId.in_subquery(open))
        .into_query();
    let bound = Condition::any()
        .add(device::COLUMN.passed_by.is_not_null())
        .add(device::Column::Id.in_subquery(offered));
    let one = device::Entity::find().filter(devices).filter(bound).one(db).await?;
    match one {
        None => Ok(()),
        Some(device) => {
            let message = format!(
                "{} was passed on to you, or is offered to somebody",
                device.serial_number
            );
            Err(Error::invalid("selection", Reason::DevicesBound, message))
        }
    }
}

/// Takes the devices of an offer over, all or none.
///
/// # Errors
/// [`Error::Forbidden`] for all but dealers who manage keys, and for tokens; [`Error::NotFound`] for offers to others;
/// [`Error::Conflict`] if it is not open any more, or if whoever offered does not hold all devices any more;
/// [`Error::Invalid`] at `devices` with `DEVICES_HELD`. Nothing has changed then.
pub async fn accept(app: &App, actor: &Actor, id: TransferId) -> Result<transfer::Model> {
    let to = dealer(actor)?;
    actor.require_session()?;
    let tx = app.begin().await?;
    let row = close(&tx, app, actor, id, TransferState::Accepted, None).await?;
    if row.to_account_id != to {
        return Err(Error::NotFound("transfer"));
    }
    let from = row.account_id;
    take_turn(&tx, &[from, to]).await?;
    let devices = Condition::all()
        .add(device::COLUMN.account_id.eq(from))
        .add(device::COLUMN.passed_by.is_null())
        .add(device::Column::Id.in_subquery(devices_of(id)));
    follow(&tx, app, actor, (from, to), &devices_of(id), row.rights).await?;
    let passed_by = (row.kind == TransferKind::PassOn).then_some(from);
    let count = hand_over(&tx, devices, to, passed_by).await?;
    if i32::try_from(count) != Ok(row.device_count) {
        return Err(Error::Conflict(
            "whoever offered does not hold all of these devices any more",
        ));
    }
    log(&tx, app, actor, "acceptTransfer", &row).await?;
    tell(&tx, app, &row, true).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(row)
}

/// Says no to an offer.
///
/// # Errors
/// As [`accept`], but for those about devices; [`Error::Invalid`] at `reason`.
pub async fn decline(app: &App, actor: &Actor, id: TransferId, reason: Option<String>) -> Result<transfer::Model> {
    let to = dealer(actor)?;
    let reason = short("reason", reason)?;
    let tx = app.begin().await?;
    let row = close(&tx, app, actor, id, TransferState::Declined, reason).await?;
    if row.to_account_id != to {
        return Err(Error::NotFound("transfer"));
    }
    forget_devices(&tx, id).await?;
    log(&tx, app, actor, "declineTransfer", &row).await?;
    tell(&tx, app, &row, false).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(row)
}

/// Takes an offer back.
///
/// # Errors
/// [`Error::Forbidden`] for all but dealers who manage keys; [`Error::NotFound`] for offers of others;
/// [`Error::Conflict`] if it is not open any more.
pub async fn withdraw(app: &App, actor: &Actor, id: TransferId) -> Result<transfer::Model> {
    let dealer = dealer(actor)?;
    let tx = app.begin().await?;
    let row = close(&tx, app, actor, id, TransferState::Withdrawn, None).await?;
    if row.account_id != dealer {
        return Err(Error::NotFound("transfer"));
    }
    forget_devices(&tx, id).await?;
    log(&tx, app, actor, "withdrawTransfer", &row).await?;
    tx.commit().await?;
    Ok(row)
}

/// Writes what became of an open offer that concerns the actor's account. The caller says which side it has to be, before
/// the transaction ends.
async fn close(
    db: &impl ConnectionTrait,
    app: &App,
    actor: &Actor,
    id: TransferId,
    becomes: TransferState,
    reason: Option<String>,
) -> Result<transfer::Model> {
    let row = concerned(db, dealer(actor)?, id).await?;
    if state(&row, app.clock.now()) != TransferState::Offered {
        return Err(Error::Conflict("the offer is answered, taken back or too old"));
    }
    let mut changed = row.into_active_model();
    changed.state = Set(becomes);
    changed.reason = Set(reason);
    changed.decided_at = Set(Some(app.clock.now()));
    changed.decided_by = Set(Some(actor.user));
    Ok(changed.update(db).await?)
}

/// What came to nothing binds no device.
async fn forget_devices(db: &impl ConnectionTrait, id: TransferId) -> Result<()> {
    transfer_device::Entity::delete_many()
        .filter(transfer_device::COLUMN.transfer_id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

/// Tells whoever offered what the answer is.
async fn tell(db: &impl ConnectionTrait, app: &App, row: &transfer::Model, is_accepted: bool) -> Result<()> {
    let letter = Template::TransferAnswered {
        to: name_of(db, row.to_account_id).await?,
        device_count: u64::try_from(row.device_count).unwrap_or_default(),
        is_accepted,
        reason: row.reason.clone(),
        page: page(app),
    };
    mail::enqueue_to(db, app, row.user_id, &letter).await
}

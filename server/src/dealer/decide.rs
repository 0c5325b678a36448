//! What staff does with requests to become a dealer, and with the provider's own devices.
use super::{MESSAGE_MAX, Wanted, close, log, required};
use crate::{
    account::{self, NewAccount},
    actor::Actor,
    app::App,
    audit,
    entity::{self, dealer_request},
    error::{Error, Result},
    mail::{self, template::Template},
    meter::holder::hand_over,
    page::Page,
    user::registration::new_number,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use shared::{
    account::{AccountKind, Right, Rights},
    device::DealerRequestState,
    error::Reason,
    id::{AccountId, DealerRequestId},
};

/// The account of the provider, for staff that handles requests.
fn provider(actor: &Actor) -> Result<AccountId> {
    Ok(actor.require_in(AccountKind::Provider, Right::HandleRequests)?.id)
}

/// A page of all requests, newest first, and how many there are.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that handles requests.
pub async fn list(
    app: &App,
    actor: &Actor,
    state: Option<DealerRequestState>,
    page: &Page<DealerRequestId>,
) -> Result<(Vec<dealer_request::Model>, u64)> {
    provider(actor)?;
    let found = dealer_request::Entity::find()
        .apply_if(state, |rows, state| rows.filter(dealer_request::COLUMN.state.eq(state)));
    let total = found.clone().count(&app.db).await?;
    let rows = found
        .apply_if(page.after, |rows, after| {
            rows.filter(dealer_request::COLUMN.id.lt(after))
        })
        .order_by_desc(dealer_request::Column::Id)
        .limit(page.limit())
        .all(&app.db)
        .await?;
    Ok((rows, total))
}

/// Makes an account for the dealer, with the applicant as its owner, and hands it devices out of the provider's stock;
/// none is allowed, devices may follow. He is told by mail. His own account stays as it is.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that handles requests, and for tokens; [`Error::StepUpRequired`];
/// [`Error::NotFound`]; [`Error::Conflict`] for a request that is decided or taken back, or his own; [`Error::Invalid`] at
/// `orders` or `serials` for what is not in stock. Nothing has changed then.
pub async fn grant(app: &App, actor: &Actor, id: DealerRequestId, wanted: &Wanted) -> Result<dealer_request::Model> {
    let provider = provider(actor)?;
    actor.require_step_up(app.clock.now())?;
    let tx = app.begin().await?;
    let mut row = undecided(&tx, actor, id).await?;
    let new = NewAccount {
        kind: AccountKind::Dealer,
        number: new_number(&tx, app, 'D').await?,
        name: row.company.clone(),
        street: None,
        postal_code: None,
        city: None,
        vat_id: None,
    };
    let dealer = account::add(&tx, app, new).await?;
    account::add_member(&tx, app, dealer, row.user_id, Rights::of(&[Right::Owner])).await?;
    let count = give(&tx, provider, dealer, wanted).await?;
    row.dealer_account_id = Some(dealer);
    row.state = DealerRequestState::Granted;
    row.device_count = Some(i32::try_from(count).unwrap_or(i32::MAX));
    row.decided_at = Some(app.clock.now());
    row.decided_by = Some(actor.user);
    close(&tx, &row).await?;
    log(&tx, app, actor, "grantDealerAccess", &row).await?;
    let letter = Template::DealerGranted {
        company: row.company.clone(),
        device_count: count,
        page: format!("{}/devices", app.settings.origin),
    };
    mail::enqueue_to(&tx, app, row.user_id, &letter).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(row)
}

/// Says no to a request; the applicant reads the reason.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that handles requests; [`Error::NotFound`]; [`Error::Invalid`] at `reason`;
/// [`Error::Conflict`] for a request that is decided or taken back, or his own.
pub async fn reject(app: &App, actor: &Actor, id: DealerRequestId, reason: String) -> Result<dealer_request::Model> {
    provider(actor)?;
    let reason = required("reason", reason, MESSAGE_MAX)?;
    let tx = app.begin().await?;
    let mut row = undecided(&tx, actor, id).await?;
    row.state = DealerRequestState::Rejected;
    row.reason = Some(reason.clone());
    row.decided_at = Some(app.clock.now());
    row.decided_by = Some(actor.user);
    close(&tx, &row).await?;
    log(&tx, app, actor, "rejectDealerAccess", &row).await?;
    let letter = Template::DealerRejected {
        company: row.company.clone(),
        reason,
        page: format!("{}/access-request", app.settings.origin),
    };
    mail::enqueue_to(&tx, app, row.user_id, &letter).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(row)
}

/// Makes a dealer the holder of more devices out of the provider's stock, and says how many they are.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that handles requests, and for tokens; [`Error::StepUpRequired`];
/// [`Error::Invalid`] at `accountNumber` for a number that is no dealer's, at `serials` if nothing is named, and at
/// `orders` or `serials` for what is not in stock. Nothing has changed then.
pub async fn hand(app: &App, actor: &Actor, number: &str, wanted: &Wanted) -> Result<u64> {
    let provider = provider(actor)?;
    actor.require_step_up(app.clock.now())?;
    if wanted.is_empty() {
        return Err(Error::invalid(
            "serials",
            Reason::NothingSelected,
            "name orders or serial numbers",
        ));
    }
    let tx = app.begin().await?;
    let dealer = entity::account::Entity::find()
        .filter(entity::account::COLUMN.number.eq(number.trim()))
        .filter(entity::account::COLUMN.kind.eq(AccountKind::Dealer))
        .one(&tx)
        .await?
        .ok_or_else(|| Error::invalid("accountNumber", Reason::NoDealer, "no dealer has this number"))?;
    let count = give(&tx, provider, dealer.id, wanted).await?;
    audit::record(
        &tx,
        app,
        Some(actor),
        "handDevicesToDealer",
        Some(dealer.id.to_string()),
        true,
    )
    .await?;
    tx.commit().await?;
    Ok(count)
}

/// A request for whoever of the staff decides it; not his own, should he be a customer too.
async fn undecided(db: &impl ConnectionTrait, actor: &Actor, id: DealerRequestId) -> Result<dealer_request::Model> {
    let row = dealer_request::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or(Error::NotFound("dealerRequest"))?;
    if row.state != DealerRequestState::Requested {
        return Err(Error::Conflict("this request is decided or taken back"));
    }
    if row.user_id == actor.user {
        return Err(Error::Conflict("nobody decides his own request"));
    }
    Ok(row)
}

async fn give(db: &impl ConnectionTrait, provider: AccountId, to: AccountId, wanted: &Wanted) -> Result<u64> {
    account::take_turn(db, &[provider, to]).await?;
    wanted.check(db, provider).await?;
    if wanted.is_empty() {
        return Ok(0);
    }
    hand_over(db, wanted.among(provider), to, None).await
}

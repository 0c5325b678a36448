//! Orders: what customers ask for about their contracts, and what staff decides of it.
//!
//! A further product, an option, another product instead, or the end of a contract are each a row that is placed,
//! decided by staff with a reason, and done on its day. Until it is decided the customer can take it back. Each step is
//! told by mail; a contract never changes without an order's decision.
pub mod decide;
pub mod declare;
pub mod effect;
pub mod graphql;
pub mod input_graphql;
pub mod list;
pub mod load;
mod notice;
pub mod office_graphql;
pub mod place;
pub mod price;
pub mod quote;
pub mod quote_graphql;
pub mod receipt;
pub mod worker;

pub use crate::product::terms::today;
pub use notice::Letter;
pub(crate) use place::empty as new_order;

use crate::{
    actor::Actor,
    app::App,
    document,
    entity::{contract, declaration, order, product},
    error::{Error, Result},
    mail::{self, Template},
    product::terms,
    webhook::{self, Event, OrderFacts},
};
use chrono::{Months, NaiveDate};
use notice::Occasion;
use sea_orm::{ConnectionTrait, EntityTrait};
use shared::{
    account::{AccountKind, Right},
    error::Reason,
    name::EmailAddress,
    order::{OrderKind, OrderState},
};

/// The longest reason, of a customer or of staff, in characters.
pub const REASON_MAX: usize = 1000;

/// How far ahead something may be ordered.
const AHEAD: Months = Months::new(12);

/// The letters of an order's number: no two of them look alike (Crockford's Base32).
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A number that nobody can guess or count: 50 random bits, as `B-7K3M9-QXD2P`.
fn new_number(app: &App) -> String {
    let mut number = String::from("B-");
    for (place, byte) in app.rng.bytes::<10>().into_iter().enumerate() {
        if place == 5 {
            number.push('-');
        }
        number.push(char::from(LETTERS[usize::from(byte % 32)]));
    }
    number
}

fn may_handle(actor: &Actor) -> Result<()> {
    actor
        .require_in(AccountKind::Provider, Right::HandleRequests)
        .map(|_| ())
}

/// The last day of a contract if notice arrives on a day. Where its terms are not known it is a month later, the longest
/// notice to a consumer once the first term is over (BGB § 309 No. 9 b); staff may decide for another day.
///
/// # Errors
/// [`Error::Conflict`] beyond what calendars hold.
fn next_end(contract: &contract::Model, arrival: NaiveDate) -> Result<NaiveDate> {
    if let Some(end) = terms::dates(contract, arrival)?.next_end {
        return Ok(end);
    }
    let end = arrival.max(contract.started_on).checked_add_months(Months::new(1));
    end.ok_or(Error::Conflict("this contract has no end that calendars hold"))
}

/// A text with lines; none if nothing is left.
///
/// # Errors
/// [`Error::Invalid`] at `field` with `TOO_LONG`.
fn prose(field: &'static str, text: Option<String>) -> Result<Option<String>> {
    let text = text.map(|text| text.trim().replace("\r\n", "\n"));
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    if text.chars().count() > REASON_MAX {
        let message = format!("at most {REASON_MAX} characters");
        return Err(Error::invalid(field, Reason::TooLong, message));
    }
    Ok(Some(text.replace(|c: char| c.is_control() && c != '\n', " ")))
}

/// As [`prose`], where something must be.
///
/// # Errors
/// [`Error::Invalid`] at `field` with `MISSING` or `TOO_LONG`.
fn required(field: &'static str, text: Option<String>) -> Result<String> {
    prose(field, text)?.ok_or_else(|| Error::invalid(field, Reason::Missing, "say why"))
}

/// What belongs to an order in other tables.
struct Around {
    product: Option<product::Model>,
    contract: Option<contract::Model>,
    declaration: Option<declaration::Model>,
}

async fn around(db: &impl ConnectionTrait, row: &order::Model) -> Result<Around> {
    Ok(Around {
        product: match row.product_id {
            Some(id) => product::Entity::find_by_id(id).one(db).await?,
            None => None,
        },
        contract: match (row.contract_id.or(row.made_contract_id), row.account_id) {
            (Some(id), Some(account)) => {
                let found = contract::Entity::find_by_id(id).one(db).await?;
                found.filter(|contract| contract.account_id == account)
            }
            _ => None,
        },
        declaration: declaration::Entity::find_by_id(row.id).one(db).await?,
    })
}

/// Tells everybody whom it concerns what became of an order: the person who placed it by mail, other systems by
/// webhook. Call it in the transaction of the act, with the order as it stands after it.
async fn tell(tx: &impl ConnectionTrait, app: &App, row: &order::Model, occasion: Occasion) -> Result<()> {
    let around = around(tx, row).await?;
    let letter = Letter::new(app, row, &around, occasion);
    let template = Template::Order(Box::new(letter));
    let mut sent = None;
    if let Some(user) = row.placed_by {
        sent = mail::add_to(tx, app, user, &template).await?;
    } else if let Some(declaration) = &around.declaration
        && let Ok(address) = EmailAddress::parse(&declaration.email)
    {
        sent = Some(mail::add(tx, app, &address, declaration.language, &template).await?);
    } else if let Some(account) = row.account_id {
        // placed in another system: those who manage the contracts here hear what becomes of it
        for user in document::managers(tx, app, account).await? {
            mail::enqueue_to(tx, app, user, &template).await?;
        }
    }
    if occasion == Occasion::Placed && receipt::is_owed(row) {
        receipt::note(tx, row.id, sent).await?;
    }
    let Some(account) = row.account_id else { return Ok(()) };
    let facts = facts(row, &around);
    let event = match (occasion, row.kind) {
        (Occasion::Placed, OrderKind::Cancellation | OrderKind::Revocation) => Event::CancellationPlaced(facts),
        (Occasion::Placed, _) => Event::OrderPlaced(facts),
        (Occasion::Withdrawn, _) => Event::OrderWithdrawn(facts),
        (Occasion::Decided | Occasion::InEffect, _) => Event::OrderDecided(facts),
    };
    webhook::tell(tx, app, account, &event).await
}

/// Tells other systems of a declaration, once it is known whose it is: the person got his receipt when he made it.
async fn announce(tx: &impl ConnectionTrait, app: &App, row: &order::Model) -> Result<()> {
    let Some(account) = row.account_id else { return Ok(()) };
    let around = around(tx, row).await?;
    webhook::tell(tx, app, account, &Event::CancellationPlaced(facts(row, &around))).await
}

/// What other systems are told of an order.
fn facts(row: &order::Model, around: &Around) -> OrderFacts {
    let is_decided = matches!(
        row.state,
        OrderState::Confirmed | OrderState::Rejected | OrderState::Done
    );
    OrderFacts {
        order_id: row.id.0,
        order_number: row.number.clone(),
        order_kind: row.kind.name().to_owned(),
        state: row.state.name().to_owned(),
        contract_number: around.contract.as_ref().map(|contract| contract.number.clone()),
        product_code: around.product.as_ref().map(|product| product.code.clone()),
        price: row.price_after,
        currency: row.price_after.map(|_| row.currency.clone()),
        effective_on: row.effective_on,
        reason: if is_decided {
            row.decision_reason.clone()
        } else {
            row.reason.clone()
        },
    }
}

/// Wakes those who send what [`tell`] wrote. Call it after the commit.
pub(crate) fn wake(app: &App) {
    app.mail_waits.notify_one();
    app.webhooks_wait.notify_one();
}

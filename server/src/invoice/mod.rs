//! Invoices: they come in as e-invoices, are kept byte for byte, and are shown to the account they were written to.
pub mod archive;
pub mod arrival;
pub mod buyer_rule;
pub mod desk;
pub mod feed;
pub mod file;
pub mod giro;
pub mod graphql;
pub mod history;
pub mod import;
pub mod intake;
pub mod letter;
pub mod list;
pub mod payment;
pub mod read;
pub mod report;
pub mod sums;
pub mod view;

mod buyer;
mod contract;
mod german;
mod record;

use crate::{
    actor::Actor,
    app::App,
    entity::invoice,
    error::{Error, Result},
};
use chrono::NaiveDate;
use list::{Head, is_open};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use shared::{
    account::Right,
    id::InvoiceId,
    invoice::{InvoiceKind, InvoiceState},
    money::Amount,
};

/// An invoice of the account in view, with its document.
///
/// # Errors
/// [`Error::Forbidden`] without the right to see invoices, [`Error::NotFound`] for invoices of others, too.
pub async fn get(app: &App, actor: &Actor, id: InvoiceId) -> Result<Head> {
    let account = actor.require(Right::SeeInvoices)?;
    let found = list::heads(true)
        .filter(invoice::COLUMN.id.eq(id))
        .filter(list::shown(account.id));
    found.into_model().one(&app.db).await?.ok_or(Error::NotFound("invoice"))
}

/// How many invoices of the account in view are due or past due; 0 for those who may not see invoices.
///
/// # Errors
/// If the database fails.
pub async fn due_count(app: &App, actor: &Actor) -> Result<u64> {
    let Ok(account) = actor.require(Right::SeeInvoices) else {
        return Ok(0);
    };
    let open = invoice::Entity::find()
        .filter(list::shown(account.id))
        .filter(is_open());
    Ok(open.count(&app.db).await?)
}

/// What is still to be paid: the payable amount less what the provider says was paid; zero of what is settled.
pub fn due(kind: InvoiceKind, payable: Amount, paid: Option<Amount>) -> Amount {
    if kind == InvoiceKind::CreditNote {
        return Amount(0);
    }
    Amount(payable.0.saturating_sub(paid.unwrap_or_default().0.max(0)).max(0))
}

/// Where an invoice stands on `today`; `paid` is what the provider says was paid, none where nothing is known.
pub fn state(
    kind: InvoiceKind,
    payable: Amount,
    paid: Option<Amount>,
    due_date: Option<NaiveDate>,
    today: NaiveDate,
) -> InvoiceState {
    if kind == InvoiceKind::CreditNote || payable <= paid.unwrap_or_default().max(Amount(0)) {
        InvoiceState::Settled
    } else if due_date.is_some_and(|due| due < today) {
        InvoiceState::PastDue
    } else {
        InvoiceState::Due
    }
}

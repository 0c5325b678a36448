//! Dealer access: somebody asks to become a dealer, and where his request stands.
mod decide;
pub mod graphql;
pub mod office_graphql;
mod stock;

pub use decide::{grant, hand, list, reject};
pub use stock::{Stock, Wanted, preview};

use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::{account, dealer_request},
    error::{Error, Result},
    mail::{self, template::Template},
    meter::request::people,
};
use chrono::{Datelike, Days, NaiveDate, Weekday};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use shared::{
    account::{AccountKind, Right},
    device::DealerRequestState,
    error::Reason,
    id::{AccountId, DealerRequestId, UserId},
};

/// In how many working days the provider answers, at the latest.
pub const WORKING_DAYS: u32 = 3;

/// The longest name of a company, in characters.
pub const COMPANY_MAX: usize = 200;

/// The longest customer number.
pub const NUMBER_MAX: usize = 40;

/// The longest message and the longest reason, in characters.
pub const MESSAGE_MAX: usize = 2_000;

/// The most requests of an account that are listed, the newest.
const LISTED: u64 = 20;

/// What somebody writes who asks.
#[derive(Clone, Debug)]
pub struct NewRequest {
    /// His company, as on a letter.
    pub company: String,
    /// The customer number by which the provider knows it.
    pub customer_number: Option<String>,
    /// What else there is to say: orders, devices, whom to call.
    pub message: Option<String>,
}

/// The day until which a request of `day` is answered: [`WORKING_DAYS`] days later, Saturdays and Sundays not counted.
/// Public holidays differ by place and are not known here.
pub fn expected_on(day: NaiveDate) -> NaiveDate {
    let mut expected = day;
    let mut left = WORKING_DAYS;
    while left > 0 {
        let Some(next) = expected.checked_add_days(Days::new(1)) else {
            break; // the calendar ends
        };
        expected = next;
        if !matches!(expected.weekday(), Weekday::Sat | Weekday::Sun) {
            left = left.saturating_sub(1);
        }
    }
    expected
}

/// A text without blanks around it; none if it is empty.
///
/// # Errors
/// [`Error::Invalid`] at `field` if it is longer than `most` characters.
fn written(field: &'static str, text: Option<String>, most: usize) -> Result<Option<String>> {
    let text = text.map(|text| text.trim().replace("\r\n", "\n"));
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    if text.chars().count() > most {
        return Err(Error::invalid(
            field,
            Reason::TooLong,
            format!("at most {most} characters"),
        ));
    }
    Ok(Some(text.replace(|sign: char| sign.is_control() && sign != '\n', " ")))
}

/// As [`written`], where something must be.
fn required(field: &'static str, text: String, most: usize) -> Result<String> {
    written(field, Some(text), most)?.ok_or_else(|| Error::invalid(field, Reason::Missing, "must not be empty"))
}

/// The account that the actor owns and that may become a dealer's.
fn applicant(actor: &Actor) -> Result<AccountId> {
    Ok(actor.require_in(AccountKind::Customer, Right::Owner)?.id)
}

/// Asks to become a dealer. The applicant is told by mail until when he may expect an answer, and staff that there is
/// something to decide.
///
/// # Errors
/// [`Error::Forbidden`] for all but owners of a customer's account; [`Error::Invalid`] at `company`, `customerNumber` or
/// `message`; [`Error::Conflict`] while a request of the account is open, and once one was granted.
pub async fn request(app: &App, actor: &Actor, new: NewRequest) -> Result<dealer_request::Model> {
    let account = applicant(actor)?;
    let row = dealer_request::Model {
        id: DealerRequestId(app.new_id()),
        account_id: account,
        user_id: actor.user,
        company: required("company", new.company, COMPANY_MAX)?.replace('\n', " "),
        customer_number: written("customerNumber", new.customer_number, NUMBER_MAX)?,
        message: written("message", new.message, MESSAGE_MAX)?,
        state: DealerRequestState::Requested,
        expected_on: expected_on(app.clock.today()),
        reason: None,
        dealer_account_id: None,
        device_count: None,
        created_at: app.clock.now(),
        decided_at: None,
        decided_by: None,
    };
    let tx = app.begin().await?;
    // of two requests at the same time the second waits here, and then finds the first
    let known = account::Entity::find_by_id(account).lock_exclusive().one(&tx).await?;
    let known = known.ok_or(Error::NotFound("account"))?;
    let open = dealer_request::Entity::find()
        .filter(dealer_request::COLUMN.account_id.eq(account))
        .filter(
            dealer_request::COLUMN
                .state
                .is_in([DealerRequestState::Requested, DealerRequestState::Granted]),
        );
    if open.one(&tx).await?.is_some() {
        return Err(Error::Conflict("a request of this account is open or granted"));
    }
    row.clone().into_active_model().insert(&tx).await?;
    log(&tx, app, actor, "requestDealerAccess", &row).await?;
    let letter = Template::DealerRequested {
        company: row.company.clone(),
        expected_on: row.expected_on,
        page: format!("{}/access-request", app.settings.origin),
    };
    mail::enqueue_to(&tx, app, row.user_id, &letter).await?;
    let letter = Template::DealerRequestArrived {
        company: row.company.clone(),
        account: format!("{} ({})", known.name, known.number),
        page: format!("{}/office/requests", app.settings.origin),
    };
    for person in staff(&tx, app).await? {
        mail::enqueue_to(&tx, app, person, &letter).await?;
    }
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(row)
}

/// The people of the provider who decide requests.
async fn staff(db: &impl ConnectionTrait, app: &App) -> Result<Vec<UserId>> {
    let providers = account::Entity::find().filter(account::COLUMN.kind.eq(AccountKind::Provider));
    let mut all = Vec::new();
    for provider in providers.all(db).await? {
        all.extend(people(db, app, provider.id, Right::HandleRequests, None).await?);
    }
    Ok(all)
}

/// Takes a request back.
///
/// # Errors
/// [`Error::Forbidden`] for all but owners; [`Error::NotFound`] for those of other accounts; [`Error::Conflict`] if it is
/// decided or taken back.
pub async fn withdraw(app: &App, actor: &Actor, id: DealerRequestId) -> Result<dealer_request::Model> {
    let account = actor.require(Right::Owner)?.id;
    let tx = app.begin().await?;
    let own = dealer_request::Entity::find_by_id(id).filter(dealer_request::COLUMN.account_id.eq(account));
    let mut row = own.one(&tx).await?.ok_or(Error::NotFound("dealerRequest"))?;
    row.state = DealerRequestState::Withdrawn;
    row.decided_at = Some(app.clock.now());
    close(&tx, &row).await?;
    log(&tx, app, actor, "withdrawDealerRequest", &row).await?;
    tx.commit().await?;
    Ok(row)
}

/// The newest requests of the account in view.
///
/// # Errors
/// [`Error::Forbidden`] for all but owners.
pub async fn own(app: &App, actor: &Actor) -> Result<Vec<dealer_request::Model>> {
    let account = actor.require(Right::Owner)?.id;
    let rows = dealer_request::Entity::find()
        .filter(dealer_request::COLUMN.account_id.eq(account))
        .order_by_desc(dealer_request::Column::Id)
        .limit(LISTED);
    Ok(rows.all(&app.db).await?)
}

/// Writes what became of an open request, in one statement, so that of two at the same time one gets it.
///
/// # Errors
/// [`Error::Conflict`] if it is not open any more.
async fn close(db: &impl ConnectionTrait, row: &dealer_request::Model) -> Result<()> {
    use dealer_request::Column as C;
    let done = dealer_request::Entity::update_many()
        .col_expr(C::State, Expr::value(row.state))
        .col_expr(C::Reason, Expr::value(row.reason.clone()))
        .col_expr(C::DealerAccountId, Expr::value(row.dealer_account_id))
        .col_expr(C::DeviceCount, Expr::value(row.device_count))
        .col_expr(C::DecidedAt, Expr::value(row.decided_at))
        .col_expr(C::DecidedBy, Expr::value(row.decided_by))
        .filter(dealer_request::COLUMN.id.eq(row.id))
        .filter(dealer_request::COLUMN.state.eq(DealerRequestState::Requested))
        .exec(db)
        .await?;
    if done.rows_affected == 1 {
        Ok(())
    } else {
        Err(Error::Conflict("this request is decided or taken back"))
    }
}

async fn log(
    db: &impl ConnectionTrait,
    app: &App,
    actor: &Actor,
    act: &'static str,
    row: &dealer_request::Model,
) -> Result<()> {
    audit::record(db, app, Some(actor), act, Some(row.id.to_string()), true).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_due_after_three_working_days() {
        let due = |day: &str| expected_on(day.parse().unwrap()).to_string();
        assert_eq!(due("2026-11-23"), "2026-11-26"); // Monday to Thursday
        assert_eq!(due("2026-11-25"), "2026-11-30"); // Wednesday, over the weekend
        assert_eq!(due("2026-11-27"), "2026-12-02"); // Friday
        assert_eq!(due("2026-11-28"), "2026-12-02"); // Saturday
        assert_eq!(due("2026-11-29"), "2026-12-02"); // Sunday
    }
}

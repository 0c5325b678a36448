//! What became of an invoice, as far as it is recorded, and which other invoices it is about.
use super::list;
use crate::{
    actor::Actor,
    app::App,
    entity::{audit, invoice},
    error::{Error, Result},
};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use shared::{
    account::Right,
    id::{AccountId, InvoiceId},
    money::Amount,
};

/// The most other invoices that are named: one may be corrected more than once.
const OTHERS_MAX: u64 = 20;

/// Another invoice of the same account and seller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Other {
    /// Which one.
    pub id: InvoiceId,
    /// Its number.
    pub number: String,
    /// The document type code (BT-3).
    pub type_code: String,
    /// The day it was issued.
    pub issue_date: NaiveDate,
    /// Since when the account sees it.
    pub visible_at: DateTime<Utc>,
}

/// What became of an invoice; what is not recorded is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// Since when the account sees it.
    pub visible_at: DateTime<Utc>,
    /// When mails about it were written, and to how many addresses.
    pub mailed: Option<(DateTime<Utc>, i32)>,
    /// When a file of it was downloaded for the first time.
    pub downloaded_at: Option<DateTime<Utc>>,
    /// How much the provider says is paid, and the day of the last payment.
    pub paid: Option<(Amount, Option<NaiveDate>)>,
    /// The earlier invoice that it names (BT-25), where the account has it.
    pub refers_to: Option<Other>,
    /// Later invoices that name it, such as a correction, oldest first.
    pub referred_to_by: Vec<Other>,
}

/// The history of an invoice of the account in view, in four statements.
///
/// # Errors
/// [`Error::Forbidden`] without the right to see invoices, [`Error::NotFound`] for invoices of others, too.
pub async fn of(app: &App, actor: &Actor, id: InvoiceId) -> Result<History> {
    let account = actor.require(Right::SeeInvoices)?.id;
    let found = invoice::Entity::find_by_id(id).filter(list::shown(account));
    let row = found.one(&app.db).await?.ok_or(Error::NotFound("invoice"))?;
    let downloaded_at: Option<DateTime<Utc>> = audit::Entity::find()
        .select_only()
        .column(audit::Column::At)
        .filter(audit::COLUMN.account_id.eq(account))
        .filter(audit::COLUMN.act.eq("downloadInvoice"))
        .filter(audit::COLUMN.object.eq(id.to_string()))
        .filter(audit::COLUMN.is_allowed.eq(true))
        .order_by_asc(audit::Column::At)
        .limit(1)
        .into_tuple()
        .one(&app.db)
        .await?;
    let refers_to = match &row.refers_to {
        Some(number) => {
            let earlier = others(app, account, &row, invoice::Column::Number, number).await?;
            earlier.into_iter().next()
        }
        None => None,
    };
    let referred_to_by = others(app, account, &row, invoice::Column::RefersTo, &row.number).await?;
    Ok(History {
        visible_at: row.visible_at.unwrap_or(row.created_at),
        mailed: row.told_at.zip(row.told_count.filter(|count| *count > 0)),
        downloaded_at,
        paid: row.paid_total.map(|paid| (paid, row.paid_on)),
        refers_to,
        referred_to_by,
    })
}

/// Other invoices of the same account and seller whose column says `number`, oldest first.
async fn others(
    app: &App,
    account: AccountId,
    row: &invoice::Model,
    column: invoice::Column,
    number: &str,
) -> Result<Vec<Other>> {
    use invoice::Column as C;
    type Row = (InvoiceId, String, String, NaiveDate, DateTime<Utc>);
    let found: Vec<Row> = invoice::Entity::find()
        .select_only()
        .columns([C::Id, C::Number, C::TypeCode, C::IssueDate, C::VisibleAt])
        .filter(list::shown(account))
        .filter(C::SellerIdentity.eq(&row.seller_identity))
        .filter(column.eq(number))
        .filter(C::Id.ne(row.id))
        .order_by_asc(C::IssueDate)
        .order_by_asc(C::Id)
        .limit(OTHERS_MAX)
        .into_tuple()
        .all(&app.db)
        .await?;
    let other = |(id, number, type_code, issue_date, visible_at)| Other {
        id,
        number,
        type_code,
        issue_date,
        visible_at,
    };
    Ok(found.into_iter().map(other).collect())
}

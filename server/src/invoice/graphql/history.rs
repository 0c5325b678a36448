//! What became of an invoice, as the API shows it.
use crate::invoice::history::{History, Other};
use async_graphql::SimpleObject;
use chrono::{DateTime, NaiveDate, Utc};
use shared::{id::InvoiceId, invoice::InvoiceKind, money::Amount};

/// What became of an invoice; what is not recorded is null.
#[derive(Debug, SimpleObject)]
pub struct InvoiceHistory {
    /// When a file of it was downloaded for the first time.
    downloaded_at: Option<DateTime<Utc>>,
    /// To how many addresses a mail about it went; null where none did.
    mail_count: Option<i32>,
    /// When the mails about it were written.
    mailed_at: Option<DateTime<Utc>>,
    /// The day of the last payment that the provider knows of.
    paid_on: Option<NaiveDate>,
    /// How much of it the provider says is paid.
    paid_total: Option<Amount>,
    /// Later invoices of the account that name it (BT-25), such as a correction, oldest first; at most 20.
    referred_to_by: Vec<InvoiceReference>,
    /// The earlier invoice of the account that it names first (BT-25), such as the one that it corrects.
    refers_to: Option<InvoiceReference>,
    /// Since when the account sees it.
    visible_at: DateTime<Utc>,
}

impl From<History> for InvoiceHistory {
    fn from(history: History) -> Self {
        Self {
            downloaded_at: history.downloaded_at,
            mail_count: history.mailed.map(|(_, count)| count),
            mailed_at: history.mailed.map(|(at, _)| at),
            paid_on: history.paid.and_then(|(_, on)| on),
            paid_total: history.paid.map(|(paid, _)| paid),
            referred_to_by: history.referred_to_by.into_iter().map(Into::into).collect(),
            refers_to: history.refers_to.map(Into::into),
            visible_at: history.visible_at,
        }
    }
}

/// Another invoice of the same account and seller.
#[derive(Debug, SimpleObject)]
pub struct InvoiceReference {
    /// Names it.
    id: InvoiceId,
    /// The day it was issued.
    issue_date: NaiveDate,
    /// What it is.
    kind: InvoiceKind,
    /// Its number.
    number: String,
    /// Since when the account sees it.
    visible_at: DateTime<Utc>,
}

impl From<Other> for InvoiceReference {
    fn from(other: Other) -> Self {
        Self {
            id: other.id,
            issue_date: other.issue_date,
            kind: InvoiceKind::of_type_code(&other.type_code),
            number: other.number,
            visible_at: other.visible_at,
        }
    }
}

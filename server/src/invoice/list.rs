//! Lists of invoices: filters, pages, and what they sum up to.
use super::sums;
use crate::{
    actor::Actor,
    app::App,
    entity::{contract, invoice, product},
    error::{Error, Result},
    page::Page,
};
use chrono::{Datelike, NaiveDate};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, FromQueryResult, IntoSimpleExpr, Order, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
    sea_query::{Expr, Func, LikeExpr},
};
use serde::{Deserialize, Serialize};
use shared::{
    account::Right,
    error::Reason,
    id::{AccountId, ContractId, InvoiceId},
    invoice::{CORRECTION, CREDIT_NOTES, InvoiceKind, InvoiceOrder, InvoiceState},
    money::Amount,
};

/// The longest text that is searched for, in characters.
const TEXT_MAX: usize = 100;

/// What a list shows of an invoice.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
#[expect(missing_docs, reason = "the columns of the table of the same name")]
pub struct Head {
    pub id: InvoiceId,
    pub number: String,
    pub type_code: String,
    pub issue_date: NaiveDate,
    pub due_date: Option<NaiveDate>,
    pub currency: String,
    pub seller_name: String,
    pub buyer_name: String,
    pub net_total: Option<Amount>,
    pub tax_total: Option<Amount>,
    pub gross_total: Amount,
    pub payable: Amount,
    pub paid_total: Option<Amount>,
    pub paid_on: Option<NaiveDate>,
    pub syntax: String,
    pub profile: String,
    pub file_name: String,
    pub file_size: i32,
    pub media_type: String,
    pub sha256: String,
    pub created_at: chrono::DateTime<chrono::Utc>,
    pub visible_at: chrono::DateTime<chrono::Utc>,
    pub contract_id: Option<ContractId>,
    /// Empty where it was not asked for.
    pub document: String,
}

/// Which invoices; what is not given does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// The year of the issue date.
    pub year: Option<i32>,
    /// What it is.
    pub kind: Option<InvoiceKind>,
    /// Where it stands today.
    pub state: Option<InvoiceState>,
    /// A part of the number or of the seller's name, upper and lower case alike.
    pub text: Option<String>,
    /// The contract that it is about.
    pub contract: Option<ContractId>,
    /// Whether it is about no contract that the portal knows.
    pub is_without_contract: bool,
}

/// What orders the list by issue date: the date, then the id.
pub type Key = (NaiveDate, InvoiceId);

/// Where a page of a list begins: what the list is ordered by, then the id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cursor {
    /// By issue date.
    Issued(NaiveDate, InvoiceId),
    /// By due date; the last of all days where there is none.
    Due(NaiveDate, InvoiceId),
    /// By number.
    Number(String, InvoiceId),
    /// By total, credit notes less.
    Amount(Amount, InvoiceId),
}

/// Stands for the due date of an invoice that has none, so that it comes last.
const NEVER: &str = "9999-12-31";

impl Cursor {
    /// The place of an invoice in a list of this order.
    pub fn of(order: InvoiceOrder, head: &Head) -> Self {
        match order {
            InvoiceOrder::Newest | InvoiceOrder::Oldest => Self::Issued(head.issue_date, head.id),
            InvoiceOrder::FirstDue | InvoiceOrder::LastDue => Self::Due(
                head.due_date
                    .or_else(|| NaiveDate::from_ymd_opt(9999, 12, 31))
                    .unwrap_or(head.issue_date),
                head.id,
            ),
            InvoiceOrder::NumberUp | InvoiceOrder::NumberDown => Self::Number(head.number.clone(), head.id),
            InvoiceOrder::AmountUp | InvoiceOrder::AmountDown => {
                let sign = if CREDIT_NOTES.contains(&head.type_code.as_str()) {
                    -1
                } else {
                    1
                };
                Self::Amount(Amount(head.gross_total.0.saturating_mul(sign)), head.id)
            }
        }
    }

    /// What of it the database compares, if it is of a list of this order.
    fn place(&self, order: InvoiceOrder) -> Result<[Expr; 2]> {
        let bad = || Error::invalid("after", Reason::BadCursor, "not a cursor of this list");
        let (value, id) = match (self, order) {
            (Self::Issued(day, id), InvoiceOrder::Newest | InvoiceOrder::Oldest)
            | (Self::Due(day, id), InvoiceOrder::FirstDue | InvoiceOrder::LastDue) => {
                // Years that a database does not know are in no cursor of ours.
                if !(1..=9999).contains(&day.year()) {
                    return Err(bad());
                }
                (Expr::val(*day), *id)
            }
            (Self::Number(number, id), InvoiceOrder::NumberUp | InvoiceOrder::NumberDown) => {
                // PostgreSQL has no text with this character
                if number.contains('\0') {
                    return Err(bad());
                }
                (Expr::val(number.as_str()), *id)
            }
            (Self::Amount(amount, id), InvoiceOrder::AmountUp | InvoiceOrder::AmountDown) => (Expr::val(*amount), *id),
            _ => return Err(bad()),
        };
        Ok([value, Expr::val(id)])
    }
}

/// What a list of this order is ordered by, before the id, and in which direction.
fn ordering(order: InvoiceOrder) -> (Expr, Order) {
    let up = matches!(
        order,
        InvoiceOrder::Oldest | InvoiceOrder::FirstDue | InvoiceOrder::NumberUp | InvoiceOrder::AmountUp
    );
    let key = match order {
        InvoiceOrder::Newest | InvoiceOrder::Oldest => invoice::Column::IssueDate.into_simple_expr(),
        InvoiceOrder::FirstDue | InvoiceOrder::LastDue => {
            let never = NaiveDate::parse_from_str(NEVER, "%Y-%m-%d").unwrap_or_default();
            Func::coalesce([invoice::Column::DueDate.into_simple_expr(), Expr::val(never)]).into()
        }
        InvoiceOrder::NumberUp | InvoiceOrder::NumberDown => invoice::Column::Number.into_simple_expr(),
        InvoiceOrder::AmountUp | InvoiceOrder::AmountDown => signed_total(),
    };
    (key, if up { Order::Asc } else { Order::Desc })
}

/// A page, and what the whole list comes to: nothing where that was not [asked](Asked).
#[derive(Clone, Debug)]
pub struct Listed {
    /// The rows for [`Page::limit`].
    pub heads: Vec<Head>,
    /// How many invoices match.
    pub total_count: u64,
    /// The gross totals of all that match, credit notes less, a sum for each currency.
    pub sums: Vec<(String, Amount)>,
    /// What of them is still to be paid, a sum for each currency that something is due in.
    pub due_sums: Vec<(String, Amount)>,
}

/// The columns of [`Head`]; the document, which is the largest, only where it is needed.
pub(super) fn heads(with_document: bool) -> Select<invoice::Entity> {
    use invoice::Column as C;
    let narrow = [
        C::Id,
        C::Number,
        C::TypeCode,
        C::IssueDate,
        C::DueDate,
        C::Currency,
        C::SellerName,
        C::BuyerName,
        C::NetTotal,
        C::TaxTotal,
        C::GrossTotal,
        C::Payable,
        C::PaidTotal,
        C::PaidOn,
        C::Syntax,
        C::Profile,
        C::FileName,
        C::FileSize,
        C::MediaType,
        C::Sha256,
        C::CreatedAt,
        C::VisibleAt,
        C::ContractId,
    ];
    let select = invoice::Entity::find().select_only().columns(narrow);
    if with_document {
        select.column(C::Document)
    } else {
        select.expr_as(Expr::val(""), "document")
    }
}

/// What is asked of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The rows themselves; who asks for sums alone does not wait for them.
    pub rows: bool,
    /// The documents of the rows.
    pub documents: bool,
    /// What the whole list comes to, which takes the longer the more there is.
    pub totals: bool,
}

/// A page of the invoices of the account in view, and what the whole list comes to, each in one statement if it is asked.
///
/// # Errors
/// [`Error::Forbidden`] without the right to see invoices, [`Error::Invalid`] for a text that is too long.
pub async fn list(
    app: &App,
    actor: &Actor,
    filter: &Filter,
    order: InvoiceOrder,
    page: &Page<Cursor>,
    asked: Asked,
) -> Result<Listed> {
    let account = actor.require(Right::SeeInvoices)?;
    let matching = condition(account.id, filter, app.clock.today())?;
    let (key, direction) = ordering(order);
    let mut rows = heads(asked.documents).filter(matching.clone());
    if let Some(after) = &page.after {
        let last = Expr::tuple(after.place(order)?);
        let place = Expr::tuple([key.clone(), invoice::Column::Id.into_simple_expr()]);
        rows = rows.filter(match direction {
            Order::Asc => place.gt(last),
            _ => place.lt(last),
        });
    }
    let rows = rows
        .order_by(key, direction.clone())
        .order_by(invoice::Column::Id, direction);
    let heads = if asked.rows {
        rows.limit(page.limit()).into_model().all(&app.db).await?
    } else {
        Vec::new()
    };
    if !asked.totals {
        return Ok(Listed {
            heads,
            total_count: 0,
            sums: Vec::new(),
            due_sums: Vec::new(),
        });
    }
    let sums = sums::of(app, account.id, filter).await?;
    Ok(Listed {
        heads,
        total_count: sums
            .iter()
            .map(|sum| u64::try_from(sum.count).unwrap_or_default())
            .sum(),
        due_sums: sums
            .iter()
            .filter(|sum| sum.due.0 != 0)
            .map(|sum| (sum.currency.clone(), sum.due))
            .collect(),
        sums: sums.into_iter().map(|sum| (sum.currency, sum.total)).collect(),
    })
}

/// A contract that invoices of the account in view are about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Billed {
    /// Which one.
    pub contract: contract::Model,
    /// What of the catalogue it is.
    pub product: product::Model,
}

/// The contracts that invoices of the account in view are about, by number, in two statements that
/// do not read the invoices.
///
/// # Errors
/// [`Error::Forbidden`] without the right to see invoices.
pub async fn contracts(app: &App, actor: &Actor) -> Result<Vec<Billed>> {
    let account = actor.require(Right::SeeInvoices)?;
    let of_contract =
        Expr::col((invoice::Entity, invoice::Column::ContractId)).equals((contract::Entity, contract::Column::Id));
    let named = invoice::Entity::find()
        .select_only()
        .column(invoice::Column::Id)
        .filter(shown(account.id))
        .filter(of_contract)
        .into_query();
    let found = contract::Entity::find()
        .filter(contract::COLUMN.account_id.eq(account.id))
        .filter(Expr::exists(named))
        .order_by_asc(contract::Column::Number)
        .all(&app.db)
        .await?;
    let products = product::Entity::find()
        .filter(
            product::COLUMN
                .id
                .is_in(found.iter().map(|contract| contract.product_id)),
        )
        .all(&app.db)
        .await?;
    let billed = found.into_iter().filter_map(|contract| {
        let product = products
            .iter()
            .find(|product| product.id == contract.product_id)?
            .clone();
        Some(Billed { contract, product })
    });
    Ok(billed.collect())
}

/// The gross total of an invoice, of credit notes less than zero.
pub(super) fn signed_total() -> Expr {
    let gross = invoice::Column::GrossTotal.into_simple_expr();
    Expr::case(is_credit(), gross.clone().mul(-1)).finally(gross).into()
}

fn is_credit() -> Condition {
    Condition::all().add(invoice::Column::TypeCode.is_in(CREDIT_NOTES))
}

/// That something is to be paid: neither a credit note nor an amount of zero or less, nor paid in full; see [`super::state`].
pub(super) fn is_open() -> Condition {
    Condition::all()
        .add(is_credit().not())
        .add(invoice::Column::Payable.gt(Amount(0)))
        .add(
            Condition::any()
                .add(invoice::Column::PaidTotal.is_null())
                .add(Expr::col(invoice::Column::PaidTotal).lt(Expr::col(invoice::Column::Payable))),
        )
}

/// The invoices that an account sees.
pub(super) fn shown(account: AccountId) -> Condition {
    Condition::all().add(invoice::COLUMN.account_id.eq(account))
}

/// That an invoice is of the account and matches.
///
/// # Errors
/// [`Error::Invalid`] for a text that is too long.
pub(super) fn condition(account: AccountId, filter: &Filter, today: NaiveDate) -> Result<Condition> {
    use invoice::Column as C;
    let mut all = shown(account);
    if let Some(year) = filter.year {
        all = match sums::days_of(year) {
            Some((first, last)) => all.add(C::IssueDate.between(first, last)),
            None => all.add(Expr::val(1).eq(0)),
        };
    }
    all = match filter.kind {
        None => all,
        Some(InvoiceKind::CreditNote) => all.add(is_credit()),
        Some(InvoiceKind::Correction) => all.add(C::TypeCode.eq(CORRECTION)),
        Some(InvoiceKind::Invoice) => all.add(is_credit().not()).add(C::TypeCode.ne(CORRECTION)),
    };
    all = match filter.state {
        None => all,
        Some(InvoiceState::Settled) => all.add(is_open().not()),
        Some(InvoiceState::Due) => all
            .add(is_open())
            .add(Condition::any().add(C::DueDate.is_null()).add(C::DueDate.gte(today))),
        Some(InvoiceState::PastDue) => all.add(is_open()).add(C::DueDate.lt(today)),
    };
    if let Some(contract) = filter.contract {
        all = all.add(C::ContractId.eq(contract));
    }
    if filter.is_without_contract {
        all = all.add(C::ContractId.is_null());
    }
    if let Some(text) = filter.text.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        if text.chars().count() > TEXT_MAX {
            return Err(Error::invalid(
                "filter.text",
                Reason::TooLong,
                format!("at most {TEXT_MAX} characters"),
            ));
        }
        all = all.add(contains(text));
    }
    Ok(all)
}

/// That number or seller contain the text. SQLite folds ASCII letters only: so the text as it was typed counts too.
fn contains(text: &str) -> Condition {
    let mut any = Condition::any();
    for folded in [text.to_ascii_lowercase(), text.to_lowercase()] {
        let escaped = folded.replace('!', "!!").replace('%', "!%").replace('_', "!_");
        for column in [invoice::Column::Number, invoice::Column::SellerName] {
            let pattern = LikeExpr::new(format!("%{escaped}%")).escape('!');
            any = any.add(Expr::from(Func::lower(column.into_simple_expr())).like(pattern));
        }
    }
    any
}

//! Several invoices at once: which ones are chosen, their list as CSV, and their originals as a ZIP that is made while
//! it is sent, so that memory does not grow with it.
use super::list::{self, Filter, Key};
use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::invoice,
    error::{Error, Result},
    file, spreadsheet,
};
use anyhow::{Context, anyhow};
use axum::body::Bytes;
use chrono::{Datelike, NaiveDate};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, IntoSimpleExpr, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use shared::{
    account::{Language, Right},
    error::Reason,
    id::InvoiceId,
    invoice::{InvoiceKind, InvoiceState},
    money::Amount,
};
use std::{
    borrow::Cow,
    collections::HashSet,
    io::{self, Write},
};
use tokio::sync::mpsc;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// The most invoices that are named one by one, and the most exceptions from a filter.
pub const NAMED_MAX: usize = 100;

/// How many rows are read at once.
const STEP: u64 = 200;

/// How many pieces of a ZIP wait to be sent.
const AHEAD: usize = 4;

/// The size of a piece, in bytes.
const PIECE: usize = 64 * 1024;

/// Which invoices of the account in view.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// These, named one by one; none for all that match the filter.
    pub ids: Option<Vec<InvoiceId>>,
    /// All that match.
    pub filter: Filter,
    /// But not these.
    pub except: Vec<InvoiceId>,
    /// Issued in the month of this day.
    pub month: Option<NaiveDate>,
}

/// What a row of a list or an archive needs.
#[derive(Clone, Debug, FromQueryResult)]
struct Row {
    id: InvoiceId,
    number: String,
    type_code: String,
    issue_date: NaiveDate,
    due_date: Option<NaiveDate>,
    currency: String,
    seller_name: String,
    net_total: Option<Amount>,
    tax_total: Option<Amount>,
    gross_total: Amount,
    payable: Amount,
    paid_total: Option<Amount>,
    paid_on: Option<NaiveDate>,
    file_name: String,
    media_type: String,
    sha256: String,
}

/// Reads a selection among the invoices that the actor sees.
fn chosen(app: &App, actor: &Actor, selection: &Selection) -> Result<Condition> {
    let account = actor.require(Right::SeeInvoices)?.id;
    if selection.except.len() > NAMED_MAX || selection.ids.as_ref().is_some_and(|ids| ids.len() > NAMED_MAX) {
        return Err(Error::TooLarge("at most 100 invoices are named one by one"));
    }
    let mut all = list::condition(account, &selection.filter, app.clock.today())?;
    if let Some(ids) = &selection.ids {
        all = all.add(invoice::COLUMN.id.is_in(ids.iter().copied()));
    }
    if !selection.except.is_empty() {
        all = all.add(invoice::COLUMN.id.is_not_in(selection.except.iter().copied()));
    }
    if let Some(month) = selection.month {
        let first = month.with_day(1);
        let next = first.and_then(|first| first.checked_add_months(chrono::Months::new(1)));
        let (Some(first), Some(next)) = (first, next) else {
            return Err(Error::invalid("month", Reason::NotANumber, "not a month"));
        };
        all = all
            .add(invoice::Column::IssueDate.gte(first))
            .add(invoice::Column::IssueDate.lt(next));
    }
    Ok(all)
}

/// That the selection holds something, and, where invoices are named, that each of them is there.
async fn count(app: &App, selection: &Selection, chosen: &Condition) -> Result<u64> {
    let found = invoice::Entity::find().filter(chosen.clone()).count(&app.db).await?;
    let named: Option<HashSet<_>> = selection.ids.as_ref().map(|ids| ids.iter().collect());
    if named.is_some_and(|named| named.len() as u64 != found) {
        return Err(Error::NotFound("invoice"));
    }
    if found == 0 {
        return Err(Error::NotFound("invoice"));
    }
    Ok(found)
}

/// The next rows, newest first.
async fn rows(app: &App, chosen: &Condition, after: Option<Key>) -> Result<Vec<Row>> {
    use invoice::Column as C;
    let mut found = invoice::Entity::find().select_only().columns([
        C::Id,
        C::Number,
        C::TypeCode,
        C::IssueDate,
        C::DueDate,
        C::Currency,
        C::SellerName,
        C::NetTotal,
        C::TaxTotal,
        C::GrossTotal,
        C::Payable,
        C::PaidTotal,
        C::PaidOn,
        C::FileName,
        C::MediaType,
        C::Sha256,
    ]);
    found = found.filter(chosen.clone());
    if let Some((date, id)) = after {
        let key = Expr::tuple([C::IssueDate.into_simple_expr(), C::Id.into_simple_expr()]);
        found = found.filter(key.lt(Expr::tuple([Expr::val(date), Expr::val(id)])));
    }
    let found = found.order_by_desc(C::IssueDate).order_by_desc(C::Id).limit(STEP);
    Ok(found.into_model().all(&app.db).await?)
}

async fn note(app: &App, actor: &Actor, act: &'static str, count: u64) -> Result<()> {
    let tx = app.begin().await?;
    audit::record(&tx, app, Some(actor), act, Some(count.to_string()), true).await?;
    tx.commit().await?;
    Ok(())
}

/// The list of the selection as CSV in a language: amounts as the invoices state them, credit notes positive.
///
/// # Errors
/// [`Error::Forbidden`] without the right to see invoices; [`Error::TooLarge`] for more than [`NAMED_MAX`] named ones;
/// [`Error::NotFound`] if nothing is selected, or one of those named is not there.
pub async fn csv(app: &App, actor: &Actor, selection: &Selection, language: Language) -> Result<Vec<u8>> {
    let chosen = chosen(app, actor, selection)?;
    let found = count(app, selection, &chosen).await?;
    let today = app.clock.today();
    let heads = match language {
        Language::De => [
            "Nummer",
            "Datum",
            "Fällig",
            "Art",
            "Stand",
            "Verkäufer",
            "Währung",
            "Netto",
            "Umsatzsteuer",
            "Brutto",
            "Zu zahlen",
            "Bezahlt",
            "Bezahlt am",
            "Noch zu zahlen",
        ],
        Language::En => [
            "Number",
            "Date",
            "Due",
            "Kind",
            "State",
            "Seller",
            "Currency",
            "Net",
            "VAT",
            "Gross",
            "Payable",
            "Paid",
            "Paid on",
            "Still to pay",
        ],
    };
    let mut lines = spreadsheet::lines([heads.map(Cow::Borrowed).to_vec()])?;
    let mut after = None;
    loop {
        let part = rows(app, &chosen, after).await?;
        lines.extend(spreadsheet::lines(part.iter().map(|row| cells(row, language, today)))?);
        match part.last().filter(|_| part.len() as u64 == STEP) {
            Some(last) => after = Some((last.issue_date, last.id)),
            None => break,
        }
    }
    note(app, actor, "exportInvoices", found).await?;
    Ok(lines)
}

fn cells(row: &Row, language: Language, today: NaiveDate) -> Vec<Cow<'_, str>> {
    let word = |de: &'static str, en: &'static str| Cow::Borrowed(if language == Language::De { de } else { en });
    let kind = InvoiceKind::of_type_code(&row.type_code);
    let amount = |amount: Option<Amount>| Cow::Owned(amount.map(|amount| amount.to_string()).unwrap_or_default());
    vec![
        Cow::Borrowed(row.number.as_str()),
        Cow::Owned(row.issue_date.to_string()),
        Cow::Owned(row.due_date.map(|day| day.to_string()).unwrap_or_default()),
        match kind {
            InvoiceKind::Invoice => word("Rechnung", "Invoice"),
            InvoiceKind::CreditNote => word("Gutschrift", "Credit note"),
            InvoiceKind::Correction => word("Korrektur", "Correction"),
        },
        match super::state(kind, row.payable, row.paid_total, row.due_date, today) {
            InvoiceState::Due | InvoiceState::PastDue if row.paid_total.is_some_and(|paid| paid > Amount(0)) => {
                word("teilweise bezahlt", "partly paid")
            }
            InvoiceState::Settled if kind != InvoiceKind::CreditNote && row.paid_on.is_some() => {
                word("bezahlt", "paid")
            }
            InvoiceState::Due => word("fällig", "due"),
            InvoiceState::PastDue => word("überfällig", "past due"),
            InvoiceState::Settled => word("nichts zu zahlen", "nothing to pay"),
        },
        Cow::Borrowed(row.seller_name.as_str()),
        Cow::Borrowed(row.currency.as_str()),
        amount(row.net_total),
        amount(row.tax_total),
        amount(Some(row.gross_total)),
        amount(Some(row.payable)),
        amount(row.paid_total),
        Cow::Owned(row.paid_on.map(|day| day.to_string()).unwrap_or_default()),
        amount(Some(super::due(kind, row.payable, row.paid_total))),
    ]
}

/// The originals of the selection as a ZIP, with `manifest.csv` at its end: file, number, date, amount and SHA-256 of
/// each. Gives it in pieces, each made when the one before it was taken; a piece that is an error ends it.
///
/// # Errors
/// As [`csv`].
pub async fn zip(app: &App, actor: &Actor, selection: &Selection) -> Result<mpsc::Receiver<io::Result<Bytes>>> {
    let chosen = chosen(app, actor, selection)?;
    let found = count(app, selection, &chosen).await?;
    note(app, actor, "downloadInvoices", found).await?;
    let (sender, receiver) = mpsc::channel(AHEAD);
    let app = app.clone();
    tokio::task::spawn_blocking(move || {
        let pieces = Pieces {
            sender: sender.clone(),
            piece: Vec::with_capacity(PIECE),
        };
        if let Err(error) = write(&app, &chosen, pieces)
            && !sender.is_closed()
        {
            tracing::error!(%error, "an archive of invoices ended early");
            // whoever waits for it learns that it is not whole
            sender
                .blocking_send(Err(io::Error::other("the archive is not whole")))
                .ok();
        }
    });
    Ok(receiver)
}

fn write(app: &App, chosen: &Condition, pieces: Pieces) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Handle::current();
    let mut zip = ZipWriter::new_stream(pieces);
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::DEFAULT);
    let mut taken = HashSet::from(["manifest.csv".to_owned()]);
    let heads = [
        "file",
        "number",
        "issue_date",
        "type_code",
        "currency",
        "gross_total",
        "sha256",
    ];
    let mut manifest = spreadsheet::lines([heads.map(Cow::Borrowed).to_vec()])?;
    let mut after = None;
    loop {
        let part = runtime.block_on(rows(app, chosen, after))?;
        for row in &part {
            let name = unique(&row.file_name, &mut taken);
            let bytes = runtime.block_on(app.files.get(&row.sha256))?;
            // what is packed already does not get smaller
            let method = if row.media_type == "application/pdf" {
                CompressionMethod::Stored
            } else {
                CompressionMethod::Deflated
            };
            zip.start_file(name.as_str(), options.compression_method(method))?;
            zip.write_all(&bytes)?;
            manifest.extend(spreadsheet::lines([vec![
                name.into(),
                row.number.as_str().into(),
                row.issue_date.to_string().into(),
                row.type_code.as_str().into(),
                row.currency.as_str().into(),
                row.gross_total.to_string().into(),
                row.sha256.as_str().into(),
            ]])?);
        }
        match part.last().filter(|_| part.len() as u64 == STEP) {
            Some(last) => after = Some((last.issue_date, last.id)),
            None => break,
        }
    }
    zip.start_file("manifest.csv", options.compression_method(CompressionMethod::Deflated))?;
    zip.write_all(&manifest)?;
    let mut pieces = zip.finish()?.into_inner();
    pieces.flush().context("the end of an archive was not taken")
}

/// A file name that no other has, upper and lower case being the same: the second `a.xml` is `a (2).xml`.
fn unique(name: &str, taken: &mut HashSet<String>) -> String {
    let name = file::clean_name(name);
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => (stem.to_owned(), format!(".{extension}")),
        _ => (name.clone(), String::new()),
    };
    let mut found = name;
    let mut count = 1;
    while !taken.insert(found.to_lowercase()) {
        count += 1;
        found = format!("{stem} ({count}){extension}");
    }
    found
}

/// Hands over what is written, piece by piece; waits while nobody takes them.
struct Pieces {
    sender: mpsc::Sender<io::Result<Bytes>>,
    piece: Vec<u8>,
}

impl Pieces {
    fn hand_over(&mut self) -> io::Result<()> {
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE));
        let sent = self.sender.blocking_send(Ok(Bytes::from(piece)));
        sent.map_err(|_| io::Error::other(anyhow!("nobody takes the archive any more")))
    }
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = PIECE - self.piece.len();
        let now = bytes.get(..room.min(bytes.len())).unwrap_or_default();
        self.piece.extend_from_slice(now);
        if self.piece.len() >= PIECE {
            self.hand_over()?;
        }
        Ok(now.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            Ok(())
        } else {
            self.hand_over()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_files_of_an_archive_have_one_name() {
        let mut taken = HashSet::new();
        let names = ["a.xml", "A.XML", "a.xml", "../a.xml", "b", "b"].map(|name| unique(name, &mut taken));
        assert_eq!(names, ["a.xml", "A (2).XML", "a (3).xml", "a (4).xml", "b", "b (2)"]);
    }
}

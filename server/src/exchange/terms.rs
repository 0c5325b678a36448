//! How contracts run and end, as six columns.
use super::{cell::Fault, cell::word, table::Typed};
use crate::product::dates::Terms;
use sea_orm::ActiveEnum;
use shared::{
    exchange::ImportProblem,
    term::{NoticeTo, Renewal, Span},
};

/// The columns of terms, in the order minimum, renewal, renewal term, notice, open notice, notice to.
pub(super) type Columns = [&'static str; 6];

/// The columns of what was agreed in a contract.
pub(super) const OF_CONTRACT: Columns = [
    "minimum",
    "renewal",
    "renewal_term",
    "notice",
    "open_notice",
    "notice_to",
];

/// What a row says of terms: what is known where it says nothing, and none where all its columns are empty.
pub(super) fn read(row: &Typed, columns: &Columns, known: Option<Terms>) -> Result<Option<Terms>, Fault> {
    if columns.iter().all(|column| row.said(column).is_none()) {
        return Ok(known);
    }
    let is_empty = |column: &&str| row.text(column).is_none();
    if columns
        .iter()
        .all(|column| is_empty(column) && (known.is_none() || row.said(column).is_some()))
    {
        return Ok(None);
    }
    let [minimum, renewal, renewal_term, notice, open_notice, notice_to] = *columns;
    let former = |field: fn(&Terms) -> Option<Span>| known.as_ref().and_then(field);
    let needed =
        |column: &'static str, former: Option<Span>| span(row, column, former)?.ok_or((column, ImportProblem::Missing));
    let terms = Terms {
        minimum: span(row, minimum, former(|terms| terms.minimum))?,
        renewal: word(row, renewal, known.as_ref().map(|terms| terms.renewal))?
            .ok_or((renewal, ImportProblem::Missing))?,
        renewal_term: span(row, renewal_term, former(|terms| terms.renewal_term))?,
        notice: needed(notice, former(|terms| Some(terms.notice)))?,
        open_notice: needed(open_notice, former(|terms| Some(terms.open_notice)))?,
        notice_to: word(row, notice_to, known.as_ref().map(|terms| terms.notice_to))?.unwrap_or(NoticeTo::AnyDay),
    };
    match (terms.renewal, terms.renewal_term) {
        (Renewal::Term, None) => Err((renewal_term, ImportProblem::Missing)),
        (Renewal::Ends | Renewal::Open, Some(_)) => Err((renewal_term, ImportProblem::NotPossible)),
        _ => Ok(Some(terms)),
    }
}

fn span(row: &Typed, column: &'static str, known: Option<Span>) -> Result<Option<Span>, Fault> {
    let Some(said) = row.said(column) else { return Ok(known) };
    said.map(|text| text.parse().map_err(|_| (column, ImportProblem::NotASpan)))
        .transpose()
}

/// The cells of terms, in the order of their columns.
pub(super) fn written(terms: Option<&Terms>) -> [Option<String>; 6] {
    let text = |span: Span| span.to_string();
    [
        terms.and_then(|terms| terms.minimum).map(text),
        terms.map(|terms| terms.renewal.to_value()),
        terms.and_then(|terms| terms.renewal_term).map(text),
        terms.map(|terms| text(terms.notice)),
        terms.map(|terms| text(terms.open_notice)),
        terms.map(|terms| terms.notice_to.to_value()),
    ]
}

//! Do the pages of a hybrid PDF show the invoice that its XML is? Told from the number and the total, each of which
//! vouches for the other: pages that show neither (a scan, letters drawn as curves) say nothing.

use std::panic::{AssertUnwindSafe, catch_unwind};

use lopdf::Document;
use rust_decimal::Decimal;

use super::document::{Finding, InvoiceDocument, Weight};
use super::unreadable::shortened;

/// Most pages that are looked at.
const PAGE_LIMIT: usize = 10;
/// Most fonts of a page: the table of characters of each is read.
const FONT_LIMIT: usize = 20;
/// Most bytes that the contents of a page, or the table of characters of a font, may unpack to.
const CONTENT_LIMIT: usize = 256 * 1024;
/// Most bytes of text that are kept of all pages.
const TEXT_LIMIT: usize = 512 * 1024;
/// Shortest number, in letters and digits, that is looked for: a shorter one stands anywhere.
const NUMBER_MIN: usize = 4;

/// What can be read on the pages; empty where not all of them can be read within the limits, so that what is missing is
/// not taken for a difference.
pub(super) fn text(document: &Document) -> String {
    // The pages are foreign, and what is wrong with them is no reason to refuse a sound XML.
    let read = catch_unwind(AssertUnwindSafe(|| {
        let pages: Vec<_> = document.page_iter().take(PAGE_LIMIT + 1).collect();
        let has_few_fonts = |page: &lopdf::ObjectId| {
            let fonts = document.get_page_fonts(*page);
            fonts.is_ok_and(|fonts| fonts.len() <= FONT_LIMIT)
        };
        if pages.len() > PAGE_LIMIT || !pages.iter().all(has_few_fonts) {
            return None;
        }
        let mut text = String::new();
        for number in 1..=u32::try_from(pages.len()).ok()? {
            text.push_str(&document.extract_text_with_limit(&[number], CONTENT_LIMIT).ok()?);
            if text.len() > TEXT_LIMIT {
                return None;
            }
        }
        Some(text)
    }));
    read.ok().flatten().unwrap_or_default()
}

/// A notice where the pages show the total but another number, or the number but another total.
pub(super) fn check(pages: &str, document: &InvoiceDocument) -> Option<Finding> {
    let number = letters(&document.number);
    if pages.is_empty() || number.len() < NUMBER_MIN {
        return None;
    }
    let stated = document.totals.gross.or(document.totals.payable)?;
    let totals = [document.totals.gross, document.totals.payable];
    let shows_total = totals.into_iter().flatten().any(|total| shows(pages, total));
    let shows_number = letters(pages).contains(&number);
    let (rule, stated) = match (shows_number, shows_total) {
        (true, false) => ("PDF-TOTAL", stated.to_string()),
        (false, true) => ("PDF-NUMBER", shortened(&document.number)),
        _ => return None,
    };
    Some(Finding {
        rule: rule.to_owned(),
        weight: Weight::Notice,
        params: [("stated".to_owned(), stated)].into(),
    })
}

/// Letters and digits only, in lower case: pages set numbers with other signs and spaces than the XML.
fn letters(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether the amount stands in the text, in whatever way it is set: `1.332,65`, `1 332.65`, `1'332,65`; `48` for
/// `48.00`. Its sign is left out, as credit notes are set both ways.
fn shows(text: &str, amount: Decimal) -> bool {
    let amount = amount.abs().round_dp(2);
    let digits = |text: String| text.chars().filter(char::is_ascii_digit).collect::<Vec<_>>();
    let exact = digits(format!("{amount:.2}"));
    let whole = amount.fract().is_zero().then(|| digits(amount.trunc().to_string()));
    let text: Vec<char> = text.chars().collect();
    (0..text.len()).any(|at| {
        let (before, from) = text.split_at(at);
        let is_start = before.last().is_none_or(|c| !c.is_ascii_digit());
        let goes_on = |behind: &[char]| behind.first().is_some_and(char::is_ascii_digit);
        let has_decimals =
            |behind: &[char]| matches!(behind, ['.' | ',', digit, ..] if digit.is_ascii_digit()) || goes_on(behind);
        let is_exact = || behind(from, &exact).is_some_and(|rest| !goes_on(rest));
        let is_whole = || {
            let rest = whole.as_ref().and_then(|whole| behind(from, whole));
            rest.is_some_and(|rest| !has_decimals(rest))
        };
        is_start && (is_exact() || is_whole())
    })
}

/// What stands behind these digits if the text begins with them, separated by nothing but one sign and spaces.
fn behind<'a>(text: &'a [char], digits: &[char]) -> Option<&'a [char]> {
    let mut rest = text;
    for (index, digit) in digits.iter().enumerate() {
        // one sign and one space at most between two digits
        for _ in 0..2 {
            if let [first, then @ ..] = rest
                && index > 0
                && (".,'’".contains(*first) || first.is_whitespace())
            {
                rest = then;
            }
        }
        let (first, then) = rest.split_first()?;
        if first != digit {
            return None;
        }
        rest = then;
    }
    Some(rest)
}

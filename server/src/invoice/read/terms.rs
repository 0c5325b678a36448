//! Does an invoice carry what EN 16931-1, section 6.4, makes mandatory? The rules BR-01 to BR-53 that can be told from
//! what was read. Number, date and currency (BR-02, BR-03, BR-05) are refused before, a missing type is BR-04.

use super::document::{Finding, InvoiceDocument, Line, Party, Profile, Syntax, Weight};

/// Whether a line lacks what a rule asks for.
type Lacks = fn(&Line) -> bool;

/// A notice for each mandatory term that is missing. Profiles without lines and ZUGFeRD 1 do not claim the standard, so
/// nothing is asked of them.
pub(super) fn check(document: &InvoiceDocument) -> Vec<Finding> {
    if !is_bound(document.profile) {
        return Vec::new();
    }
    let totals = &document.totals;
    let (seller, buyer) = (&document.seller, &document.buyer);
    let missing = [
        ("BR-01", document.specification.is_none()),
        ("BR-06", seller.shown_name().is_empty()),
        ("BR-07", buyer.shown_name().is_empty()),
        ("BR-09", seller.country.is_none()),
        ("BR-11", buyer.country.is_none()),
        ("BR-12", totals.lines.is_none()),
        ("BR-13", totals.net.is_none()),
        ("BR-14", totals.gross.is_none()),
        ("BR-15", totals.payable.is_none()),
        ("BR-16", document.lines.is_empty()),
        (
            "BR-53",
            document.tax_currency.is_some() && totals.tax_in_tax_currency.is_none(),
        ),
        ("BR-CO-18", document.vat.is_empty()),
        ("BR-CO-25", is_due_without_terms(document)),
        ("BR-CO-26", is_unidentified(seller)),
    ];
    let of_document = missing.into_iter().filter(|(_, is_missing)| *is_missing);
    let mut findings: Vec<Finding> = of_document.map(|(rule, _)| finding(rule, None)).collect();

    let of_lines: [(&str, Lacks); 4] = [
        ("BR-21", |line| line.id.is_empty()),
        ("BR-23", |line| line.unit.is_none()),
        ("BR-25", |line| line.name.is_none()),
        ("BR-CO-04", |line| line.vat_category.is_empty()),
    ];
    findings.extend(of_lines.into_iter().filter_map(|(rule, is_missing)| {
        let first = document.lines.iter().find(|line| is_missing(line))?;
        Some(finding(rule, Some(&first.id)))
    }));
    findings
}

fn is_bound(profile: Profile) -> bool {
    let is_older = matches!(
        profile,
        Profile::Zugferd1Basic | Profile::Zugferd1Comfort | Profile::Zugferd1Extended
    );
    profile.has_lines() && !is_older
}

/// BR-CO-25: an amount to pay needs a due date (BT-9) or terms (BT-20). The official test asks it of no UBL credit note.
fn is_due_without_terms(document: &InvoiceDocument) -> bool {
    document.syntax != Syntax::UblCreditNote
        && document
            .totals
            .payable
            .is_some_and(|payable| payable.is_sign_positive() && !payable.is_zero())
        && document.due_date.is_none()
        && document.payment.terms.is_none()
}

/// BR-CO-26: the seller needs an identifier (BT-29), a registration (BT-30) or a VAT identifier (BT-31).
fn is_unidentified(seller: &Party) -> bool {
    seller.ids.is_empty() && seller.registration.is_none() && seller.vat_id.is_none()
}

/// `line` is the identifier of the first line that lacks the term.
fn finding(rule: &str, line: Option<&str>) -> Finding {
    Finding {
        rule: rule.to_owned(),
        weight: Weight::Notice,
        params: line
            .map(|line| ("line".to_owned(), super::unreadable::shortened(line)))
            .into_iter()
            .collect(),
    }
}

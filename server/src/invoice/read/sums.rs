//! Do the sums of an invoice add up? The rules BR-CO-10 to BR-CO-17 of EN 16931-1, section 6.4.

use std::collections::BTreeMap;

use rust_decimal::{Decimal, RoundingStrategy};

use super::document::{Adjustment, Finding, InvoiceDocument, Profile, Syntax, VatBreakdown, Weight};

/// A finding for each rule that does not hold. Amounts that the document does not state are not checked.
pub(super) fn check(document: &InvoiceDocument) -> Vec<Finding> {
    let totals = &document.totals;
    let mut findings = Vec::new();
    let mut compare = |rule: &str, stated: Option<Decimal>, computed: Option<Decimal>| {
        if let (Some(stated), Some(computed)) = (stated, computed)
            && stated != computed
        {
            findings.push(finding(document, rule, &[("stated", stated), ("computed", computed)]));
        }
    };

    if !document.lines.is_empty() {
        compare(
            "BR-CO-10",
            totals.lines,
            // The official test rounds: lines may carry more decimals than their sum.
            sum(document.lines.iter().map(|line| line.net)).map(rounded),
        );
    }
    compare(
        "BR-CO-11",
        stated(totals.allowances, &document.allowances),
        adjustments(&document.allowances),
    );
    compare(
        "BR-CO-12",
        stated(totals.charges, &document.charges),
        adjustments(&document.charges),
    );
    let net = totals.lines.and_then(|lines| {
        lines
            .checked_sub(totals.allowances.unwrap_or_default())?
            .checked_add(totals.charges.unwrap_or_default())
    });
    compare("BR-CO-13", totals.net, net);
    if !document.vat.is_empty() {
        compare("BR-CO-14", totals.tax, sum(document.vat.iter().map(|vat| vat.tax)));
    }
    let gross = totals
        .net
        .and_then(|net| net.checked_add(totals.tax.unwrap_or_default()));
    compare("BR-CO-15", totals.gross, gross);
    let payable = totals.gross.and_then(|gross| {
        gross
            .checked_sub(totals.prepaid.unwrap_or_default())?
            .checked_add(totals.rounding.unwrap_or_default())
    });
    // MINIMUM has no place for what was paid before, so what is left to pay may well be less.
    if document.profile != Profile::Minimum || totals.prepaid.is_some() {
        compare("BR-CO-16", totals.payable, payable);
    }

    findings.extend(document.vat.iter().filter_map(|vat| check_vat(document, vat)));
    findings
}

/// BR-CO-17. The official tests let the tax differ by less than one unit of the currency, as sellers may round line by line,
/// and in CII by one unit exactly, too; signs do not count.
fn check_vat(document: &InvoiceDocument, vat: &VatBreakdown) -> Option<Finding> {
    let rate = vat.rate?;
    let computed = vat.basis.abs().checked_mul(rate)?.checked_div(Decimal::ONE_HUNDRED)?;
    let computed = rounded(computed);
    let difference = vat.tax.abs().checked_sub(computed)?.abs();
    let differs = difference > Decimal::ONE || difference == Decimal::ONE && document.syntax != Syntax::Cii;
    differs.then(|| {
        let computed = if vat.basis.is_sign_negative() {
            -computed
        } else {
            computed
        };
        let params = [
            ("stated", vat.tax),
            ("computed", computed),
            ("basis", vat.basis),
            ("rate", rate),
        ];
        finding(document, "BR-CO-17", &params)
    })
}

fn rounded(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// The stated total; zero if none is stated although there is something to add up.
fn stated(total: Option<Decimal>, parts: &[Adjustment]) -> Option<Decimal> {
    total.or_else(|| (!parts.is_empty()).then_some(Decimal::ZERO))
}

fn adjustments(parts: &[Adjustment]) -> Option<Decimal> {
    sum(parts.iter().map(|part| part.amount))
}

/// The sum; none if it is beyond what can be held.
fn sum(mut amounts: impl Iterator<Item = Decimal>) -> Option<Decimal> {
    amounts.try_fold(Decimal::ZERO, |sum, amount| sum.checked_add(amount))
}

fn finding(document: &InvoiceDocument, rule: &str, params: &[(&str, Decimal)]) -> Finding {
    let weight = if document.profile.is_bound_by_sums() {
        Weight::Contradiction
    } else {
        Weight::Notice
    };
    let params: BTreeMap<String, String> = params
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.to_string()))
        .collect();
    Finding {
        rule: rule.to_owned(),
        weight,
        params,
    }
}

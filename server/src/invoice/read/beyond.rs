//! What invoices state beside the core of EN 16931 and the library leaves out: the due date of a UBL credit note, several
//! payment terms, freight, and which line is part of which.

use chrono::NaiveDate;
use roxmltree::Node;
use rust_decimal::Decimal;

use super::document::Adjustment;
use super::xml::{child, children, descend, own_text, text};
use super::{AMOUNT_LIMIT, single_line};

/// The group of CII that holds payment terms and totals.
const SETTLEMENT: [&str; 2] = ["SupplyChainTradeTransaction", "ApplicableHeaderTradeSettlement"];

/// What was found beside the core.
#[derive(Default)]
pub(super) struct Beyond {
    /// When all is due (BT-9): of several dates the last.
    pub due_date: Option<NaiveDate>,
    /// The payment terms (BT-20), each on its lines; none where there are fewer than two, which the library reads.
    pub terms: Option<String>,
    /// Freight and packing (`SpecifiedLogisticsServiceCharge`), which EXTENDED profiles charge in a group of its own.
    pub freight: Vec<Adjustment>,
    /// For each line in the order of the document the identifier of the line that it is part of, if it is.
    pub parents: Vec<Option<String>>,
}

impl Beyond {
    /// Looks below `root`, which is an `Invoice`, a `CreditNote` or a `CrossIndustryInvoice`.
    pub(super) fn of(root: Node<'_, '_>) -> Self {
        let Some(trade) = child(root, SETTLEMENT[0]) else {
            return Self::of_ubl(root);
        };
        let parents = children(trade, "IncludedSupplyChainTradeLineItem")
            .map(|line| text(line, &["AssociatedDocumentLineDocument", "ParentLineID"]).map(|id| single_line(&id)))
            .collect();
        let Some(settlement) = child(trade, SETTLEMENT[1]) else {
            return Self {
                parents,
                ..Self::default()
            };
        };
        let terms: Vec<_> = children(settlement, "SpecifiedTradePaymentTerms").collect();
        let due = |terms: &Node<'_, '_>| {
            let stated = descend(*terms, &["DueDateDateTime", "DateTimeString"])?;
            let is_day = matches!(stated.attribute("format"), None | Some("102"));
            own_text(stated).filter(|_| is_day)
        };
        let descriptions: Vec<_> = terms
            .iter()
            .filter_map(|terms| text(*terms, &["Description"]))
            .collect();
        Self {
            due_date: terms
                .iter()
                .filter_map(due)
                .filter_map(|found| day(&found, "%Y%m%d"))
                .max(),
            terms: (terms.len() > 1 && !descriptions.is_empty()).then(|| descriptions.join("\n")),
            freight: children(settlement, "SpecifiedLogisticsServiceCharge")
                .filter_map(freight)
                .collect(),
            parents,
        }
    }

    fn of_ubl(root: Node<'_, '_>) -> Self {
        if child(root, "DueDate").is_some() {
            return Self::default();
        }
        let due = children(root, "PaymentMeans").filter_map(|means| text(means, &["PaymentDueDate"]));
        Self {
            due_date: due.filter_map(|found| day(&found, "%Y-%m-%d")).max(),
            ..Self::default()
        }
    }
}

fn day(found: &str, format: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(found, format).ok()
}

fn freight(charge: Node<'_, '_>) -> Option<Adjustment> {
    let number = |path: &[&str]| {
        let number = text(charge, path)?.parse::<Decimal>().ok()?;
        (number.abs() <= AMOUNT_LIMIT).then_some(number)
    };
    Some(Adjustment {
        amount: number(&["AppliedAmount"])?,
        base: None,
        percent: None,
        reason: text(charge, &["Description"]).map(|reason| single_line(&reason)),
        vat_category: text(charge, &["AppliedTradeTax", "CategoryCode"]),
        vat_rate: number(&["AppliedTradeTax", "RateApplicablePercent"]).map(|rate| rate.normalize()),
    })
}

//! What invoices state beside the core of EN 16931 and the library leaves out: the due date of a UBL credit note, several
//! payment terms, freight, which line is part of which, accounts beside a card or a mandate, and amounts with more decimals
//! than the standard allows.

use chrono::NaiveDate;
use roxmltree::Node;
use rust_decimal::Decimal;

use super::document::{Account, Adjustment, Line, VatBreakdown};
use super::xml::{child, children, descend, own_text, text};
use super::{AMOUNT_LIMIT, single_line};

/// The group of CII that holds payment terms and totals.
const SETTLEMENT: [&str; 2] = ["SupplyChainTradeTransaction", "ApplicableHeaderTradeSettlement"];

/// The net amount below a line of CII.
const LINE_NET: [&str; 3] = [
    "SpecifiedLineTradeSettlement",
    "SpecifiedTradeSettlementLineMonetarySummation",
    "LineTotalAmount",
];

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
    /// Accounts to pay to (BG-17), whatever other ways to pay there are.
    pub accounts: Vec<Account>,
    /// The mandate of a direct debit (BT-89) in UBL, whatever other ways to pay there are.
    pub mandate: Option<String>,
    /// The net amount (BT-131) of each line in the order of the document, where it is a number.
    line_nets: Vec<Option<Decimal>>,
    /// Basis (BT-116) and tax (BT-117) of each VAT breakdown in the order of the document, where they are numbers.
    vat: Vec<[Option<Decimal>; 2]>,
}

impl Beyond {
    /// Looks below `root`, which is an `Invoice`, a `CreditNote` or a `CrossIndustryInvoice`.
    pub(super) fn of(root: Node<'_, '_>) -> Self {
        let Some(trade) = child(root, SETTLEMENT[0]) else {
            return Self::of_ubl(root);
        };
        let lines = || children(trade, "IncludedSupplyChainTradeLineItem");
        let parents = lines()
            .map(|line| text(line, &["AssociatedDocumentLineDocument", "ParentLineID"]).map(|id| single_line(&id)))
            .collect();
        let line_nets = lines().map(|line| number(line, &LINE_NET)).collect();
        let Some(settlement) = child(trade, SETTLEMENT[1]) else {
            return Self {
                parents,
                line_nets,
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
            accounts: children(settlement, "SpecifiedTradeSettlementPaymentMeans")
                .filter_map(cii_account)
                .collect(),
            mandate: None,
            line_nets,
            vat: children(settlement, "ApplicableTradeTax")
                .map(|tax| [number(tax, &["BasisAmount"]), number(tax, &["CalculatedAmount"])])
                .collect(),
        }
    }

    fn of_ubl(root: Node<'_, '_>) -> Self {
        let means = || children(root, "PaymentMeans");
        let due = means().filter_map(|means| text(means, &["PaymentDueDate"]));
        let due = due.filter_map(|found| day(&found, "%Y-%m-%d")).max();
        let lines = children(root, "InvoiceLine").chain(children(root, "CreditNoteLine"));
        let vat = children(root, "TaxTotal").flat_map(|total| children(total, "TaxSubtotal"));
        Self {
            due_date: due.filter(|_| child(root, "DueDate").is_none()),
            accounts: means().filter_map(ubl_account).collect(),
            mandate: means().find_map(|means| text(means, &["PaymentMandate", "ID"])),
            line_nets: lines.map(|line| number(line, &["LineExtensionAmount"])).collect(),
            vat: vat
                .map(|tax| [number(tax, &["TaxableAmount"]), number(tax, &["TaxAmount"])])
                .collect(),
            ..Self::default()
        }
    }

    /// Puts in the amounts of lines and taxes that have more than two decimals: the library holds no more and gives zero for
    /// them.
    pub(super) fn restore(&self, lines: &mut [Line], vat: &mut [VatBreakdown]) {
        let finer = |stated: &Option<Decimal>| stated.filter(|amount| amount.scale() > 2);
        if self.line_nets.len() == lines.len() {
            for (line, stated) in lines.iter_mut().zip(&self.line_nets) {
                line.net = finer(stated).unwrap_or(line.net);
            }
        }
        if self.vat.len() == vat.len() {
            for (part, [basis, tax]) in vat.iter_mut().zip(&self.vat) {
                part.basis = finer(basis).unwrap_or(part.basis);
                part.tax = finer(tax).unwrap_or(part.tax);
            }
        }
    }
}

/// The number at the end of a path, as XML Schema writes decimals.
fn number(node: Node<'_, '_>, path: &[&str]) -> Option<Decimal> {
    let number = text(node, path)?;
    let is_plain = number
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.'));
    let number = number.parse::<Decimal>().ok().filter(|_| is_plain)?;
    (number.abs() <= AMOUNT_LIMIT).then_some(number)
}

fn ubl_account(means: Node<'_, '_>) -> Option<Account> {
    let account = child(means, "PayeeFinancialAccount")?;
    written(
        text(account, &["ID"]),
        text(account, &["FinancialInstitutionBranch", "ID"]),
        text(account, &["Name"]),
    )
}

fn cii_account(means: Node<'_, '_>) -> Option<Account> {
    let account = child(means, "PayeePartyCreditorFinancialAccount")?;
    written(
        text(account, &["IBANID"]).or_else(|| text(account, &["ProprietaryID"])),
        text(means, &["PayeeSpecifiedCreditorFinancialInstitution", "BICID"]),
        text(account, &["AccountName"]),
    )
}

fn written(number: Option<String>, bic: Option<String>, name: Option<String>) -> Option<Account> {
    Some(Account {
        iban: number?.split_whitespace().collect(),
        bic: bic.map(|bic| single_line(&bic)),
        name: name.map(|name| single_line(&name)),
    })
}

fn day(found: &str, format: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(found, format).ok()
}

fn freight(charge: Node<'_, '_>) -> Option<Adjustment> {
    Some(Adjustment {
        amount: number(charge, &["AppliedAmount"])?,
        base: None,
        percent: None,
        reason: text(charge, &["Description"]).map(|reason| single_line(&reason)),
        vat_category: text(charge, &["AppliedTradeTax", "CategoryCode"]),
        vat_rate: number(charge, &["AppliedTradeTax", "RateApplicablePercent"]).map(|rate| rate.normalize()),
    })
}

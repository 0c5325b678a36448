//! What an e-invoice says, independent of the syntax it was written in.
//!
//! The names follow the business terms (BT) and groups (BG) of EN 16931-1. Amounts, prices, quantities and rates are
//! exact decimals and are strings in JSON; dates are calendar days without a time zone.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use shared::invoice::CREDIT_NOTES;

/// One e-invoice as it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceDocument {
    /// The XML language of the invoice.
    pub syntax: Syntax,
    /// How much of EN 16931 the invoice promises to carry (BT-24).
    pub profile: Profile,
    /// Specification identifier (BT-24) as it is written.
    pub specification: Option<String>,
    /// Name of the XML within a hybrid PDF, cleaned; none for a plain XML file.
    pub embedded_name: Option<String>,
    /// Invoice number (BT-1).
    pub number: String,
    /// Type code of UNTDID 1001 (BT-3), such as 380, 381, 384.
    pub type_code: String,
    /// Issue date (BT-2).
    pub issue_date: NaiveDate,
    /// Due date (BT-9); optional in the standard.
    pub due_date: Option<NaiveDate>,
    /// Actual delivery date (BT-72).
    pub delivery_date: Option<NaiveDate>,
    /// Invoicing period (BG-14).
    pub period: Option<Period>,
    /// Currency of the amounts (BT-5), ISO 4217.
    pub currency: String,
    /// Currency of the tax authority (BT-6), when it differs.
    pub tax_currency: Option<String>,
    /// Notes to the invoice (BT-22), line breaks kept.
    pub notes: Vec<String>,
    /// Who sells (BG-4).
    pub seller: Party,
    /// Who buys (BG-7).
    pub buyer: Party,
    /// Reference that the buyer asked for (BT-10), in Germany the Leitweg-ID.
    pub buyer_reference: Option<String>,
    /// Purchase order (BT-13).
    pub order_reference: Option<String>,
    /// Contract (BT-12).
    pub contract_reference: Option<String>,
    /// Invoices that this one corrects or continues (BG-3).
    pub preceding_invoices: Vec<PrecedingInvoice>,
    /// How to pay (BG-16) and by which terms (BT-20).
    pub payment: Payment,
    /// Invoice lines (BG-25) in the order of the document. In CII sub-lines are lines of their own.
    pub lines: Vec<Line>,
    /// Allowances on the whole document (BG-20).
    pub allowances: Vec<Adjustment>,
    /// Charges on the whole document (BG-21).
    pub charges: Vec<Adjustment>,
    /// VAT by category and rate (BG-23).
    pub vat: Vec<VatBreakdown>,
    /// Document totals (BG-22).
    pub totals: Totals,
    /// Files that came with the invoice: supporting documents in the XML (BG-24), then other files in the PDF.
    pub attachments: Vec<Attachment>,
    /// What is odd about the invoice. Empty for a sound one.
    pub findings: Vec<Finding>,
}

impl InvoiceDocument {
    /// Whether amounts are owed to the buyer: the credit note codes of UNTDID 1001, which carry positive amounts.
    #[must_use]
    pub fn is_credit(&self) -> bool {
        CREDIT_NOTES.contains(&self.type_code.as_str())
    }

    /// Whether any finding contradicts the rules that the invoice itself claims to follow.
    #[must_use]
    pub fn contradicts_itself(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.weight == Weight::Contradiction)
    }
}

/// XML language of an e-invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Syntax {
    /// OASIS UBL 2.1 `Invoice`.
    UblInvoice,
    /// OASIS UBL 2.1 `CreditNote`.
    UblCreditNote,
    /// UN/CEFACT Cross Industry Invoice D16B, as in Factur-X, ZUGFeRD 2 and XRechnung.
    Cii,
    /// ZUGFeRD 1 (2014), an older Cross Industry Document.
    Zugferd1,
}

/// What a document promises to carry (BT-24). XRechnung and Peppol narrow EN 16931, the EXTENDED ones widen it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Profile {
    /// Factur-X MINIMUM: totals only.
    Minimum,
    /// Factur-X BASIC WL: totals and VAT without lines.
    BasicWl,
    /// Factur-X BASIC.
    Basic,
    /// EN 16931 without restriction, also Factur-X COMFORT.
    En16931,
    /// Factur-X EXTENDED.
    Extended,
    /// XRechnung.
    Xrechnung,
    /// XRechnung with its extension (sub-lines, third-party payments).
    XrechnungExtension,
    /// Peppol BIS Billing.
    Peppol,
    /// ZUGFeRD 1 BASIC.
    Zugferd1Basic,
    /// ZUGFeRD 1 COMFORT.
    Zugferd1Comfort,
    /// ZUGFeRD 1 EXTENDED.
    Zugferd1Extended,
    /// Some other specification, see [`InvoiceDocument::specification`].
    Other,
}

impl Profile {
    /// Whether the profile carries lines. Without them the document is a booking aid, not an EN 16931 invoice.
    #[must_use]
    pub fn has_lines(self) -> bool {
        !matches!(self, Self::Minimum | Self::BasicWl)
    }

    /// Whether the sums of EN 16931 (BR-CO-10 to 17) bind this profile. ZUGFeRD 1 is older than the standard and the
    /// extensions count sub-lines differently.
    #[must_use]
    pub fn is_bound_by_sums(self) -> bool {
        !matches!(
            self,
            Self::Extended
                | Self::XrechnungExtension
                | Self::Zugferd1Basic
                | Self::Zugferd1Comfort
                | Self::Zugferd1Extended
        )
    }
}

/// First and last day of a period; either may be open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// First day (BT-73, BT-134).
    pub start: Option<NaiveDate>,
    /// Last day, included (BT-74, BT-135).
    pub end: Option<NaiveDate>,
}

/// Seller or buyer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Name (BT-27, BT-44).
    pub name: Option<String>,
    /// Trading name (BT-28, BT-45).
    pub trading_name: Option<String>,
    /// Identifiers (BT-29, BT-46); for the buyer among them the customer number.
    pub ids: Vec<Identifier>,
    /// Legal registration (BT-30, BT-47).
    pub registration: Option<Identifier>,
    /// VAT identifier (BT-31, BT-48).
    pub vat_id: Option<String>,
    /// Tax registration (BT-32).
    pub tax_number: Option<String>,
    /// Electronic address (BT-34, BT-49).
    pub electronic_address: Option<Identifier>,
    /// Street and further lines of the address (BT-35, 36, 162; BT-50, 51, 163), empty ones left out.
    pub street: Vec<String>,
    /// Postcode (BT-38, BT-53).
    pub postcode: Option<String>,
    /// City (BT-37, BT-52).
    pub city: Option<String>,
    /// Country (BT-40, BT-55), ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Contact point (BT-41, BT-56).
    pub contact_name: Option<String>,
    /// Telephone of the contact (BT-42, BT-57).
    pub contact_phone: Option<String>,
    /// E-mail of the contact (BT-43, BT-58).
    pub contact_email: Option<String>,
}

impl Party {
    /// The name to show: the name, else the trading name. UBL files of some sellers carry only the latter.
    #[must_use]
    pub fn shown_name(&self) -> &str {
        self.name
            .as_deref()
            .or(self.trading_name.as_deref())
            .unwrap_or_default()
    }
}

/// Identifier with the scheme that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identifier {
    /// The identifier.
    pub value: String,
    /// Code of ISO 6523 or of the EAS list, such as 0088 for a GLN or EM for an e-mail address.
    pub scheme: Option<String>,
}

/// Reference to an earlier invoice (BG-3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrecedingInvoice {
    /// Its number (BT-25).
    pub number: String,
    /// Its issue date (BT-26).
    pub issue_date: Option<NaiveDate>,
}

/// How the invoice is to be paid.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Payment means code of UNTDID 4461 (BT-81), such as 58 SEPA credit transfer, 59 SEPA direct debit.
    pub means_code: Option<String>,
    /// Payment means in words (BT-82).
    pub means_text: Option<String>,
    /// Remittance information (BT-83).
    pub remittance: Option<String>,
    /// Accounts to pay to (BG-17).
    pub accounts: Vec<Account>,
    /// Mandate of a direct debit (BT-89).
    pub mandate: Option<String>,
    /// Creditor identifier of a direct debit (BT-90).
    pub creditor_id: Option<String>,
    /// Account that a direct debit takes from (BT-91).
    pub debited_iban: Option<String>,
    /// Payment terms (BT-20), line breaks kept.
    pub terms: Option<String>,
}

/// Account to pay to (BG-17).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// IBAN or another account number (BT-84), without spaces.
    pub iban: String,
    /// BIC (BT-86).
    pub bic: Option<String>,
    /// Name of the account (BT-85).
    pub name: Option<String>,
}

/// Invoice line (BG-25).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Line identifier (BT-126).
    pub id: String,
    /// Item name (BT-153).
    pub name: Option<String>,
    /// Item description (BT-154).
    pub description: Option<String>,
    /// Note to the line (BT-127).
    pub note: Option<String>,
    /// Invoiced quantity (BT-129); none in a ZUGFeRD 1 line that is only a note.
    pub quantity: Option<Decimal>,
    /// Unit of UN/ECE Recommendation 20 (BT-130), such as KWH, MON, MTQ.
    pub unit: Option<String>,
    /// Net price of one [`base_quantity`](Self::base_quantity) (BT-146); ZUGFeRD 1 BASIC has none.
    pub price: Option<Decimal>,
    /// How many units the price is for (BT-149); none means one.
    pub base_quantity: Option<Decimal>,
    /// VAT category of UNTDID 5305 (BT-151); empty where the syntax has none.
    pub vat_category: String,
    /// VAT rate in per cent (BT-152).
    pub vat_rate: Option<Decimal>,
    /// Net amount of the line (BT-131).
    pub net: Decimal,
    /// Period of the line (BG-26).
    pub period: Option<Period>,
    /// Allowances within the net amount (BG-27).
    pub allowances: Vec<Adjustment>,
    /// Charges within the net amount (BG-28).
    pub charges: Vec<Adjustment>,
    /// Identifier of the line that this one is part of; only CII states it.
    #[serde(default)]
    pub parent: Option<String>,
    /// Lines that this one is made of; UBL nests them, and only the outer ones add up.
    #[serde(default)]
    pub sub_lines: Vec<Line>,
}

/// How deep each line lies as CII says it, by the line that each names as the one above: 0 for a line of the invoice, 1 for
/// a part of one, and so on.
pub fn levels<'a>(lines: &'a [Line]) -> Vec<usize> {
    let mut known: HashMap<&str, usize> = HashMap::new();
    let level = |line: &'a Line| {
        let above = line.parent.as_deref().and_then(|parent| known.get(parent));
        let level = above.map_or(0, |level| level.saturating_add(1));
        known.insert(&line.id, level);
        level
    };
    lines.iter().map(level).collect()
}

/// All lines with what UBL nests within them, each before its own, and how deep it lies.
pub fn outline(lines: &[Line]) -> Vec<(usize, &Line)> {
    fn add<'a>(line: &'a Line, level: usize, all: &mut Vec<(usize, &'a Line)>) {
        all.push((level, line));
        for part in &line.sub_lines {
            add(part, level.saturating_add(1), all);
        }
    }
    let mut all = Vec::with_capacity(lines.len());
    for (line, level) in lines.iter().zip(levels(lines)) {
        add(line, level, &mut all);
    }
    all
}

/// Allowance or charge on the document (BG-20, BG-21) or on a line (BG-27, BG-28).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adjustment {
    /// Amount, positive in both directions.
    pub amount: Decimal,
    /// Amount that the percentage is taken of.
    pub base: Option<Decimal>,
    /// Percentage.
    pub percent: Option<Decimal>,
    /// Why.
    pub reason: Option<String>,
    /// VAT category; none on a line, where the line's counts.
    pub vat_category: Option<String>,
    /// VAT rate in per cent; none on a line.
    pub vat_rate: Option<Decimal>,
}

/// VAT of one category and rate (BG-23).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VatBreakdown {
    /// Category of UNTDID 5305 (BT-118); empty in ZUGFeRD 1 BASIC.
    pub category: String,
    /// Rate in per cent (BT-119).
    pub rate: Option<Decimal>,
    /// Taxable amount (BT-116).
    pub basis: Decimal,
    /// Tax amount (BT-117).
    pub tax: Decimal,
    /// Why no tax is due (BT-120).
    pub exemption_reason: Option<String>,
}

/// Document totals (BG-22). An amount that the document does not state is absent, not zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Sum of the lines (BT-106).
    pub lines: Option<Decimal>,
    /// Sum of the allowances (BT-107).
    pub allowances: Option<Decimal>,
    /// Sum of the charges (BT-108).
    pub charges: Option<Decimal>,
    /// Total without VAT (BT-109).
    pub net: Option<Decimal>,
    /// VAT (BT-110).
    pub tax: Option<Decimal>,
    /// VAT in the currency of the tax authority (BT-111).
    pub tax_in_tax_currency: Option<Decimal>,
    /// Total with VAT (BT-112).
    pub gross: Option<Decimal>,
    /// Paid before (BT-113).
    pub prepaid: Option<Decimal>,
    /// Rounding (BT-114).
    pub rounding: Option<Decimal>,
    /// Amount due (BT-115).
    pub payable: Option<Decimal>,
}

/// File that came with the invoice. Its bytes stay in the original; see [`super::attachment`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// File name, safe to save under: no path, no control or direction characters, unique within the invoice.
    pub name: String,
    /// Media type as stated, `application/octet-stream` where it is not one.
    pub media_type: String,
    /// Size in bytes, decoded.
    pub size: u64,
    /// What it is (BT-123).
    pub description: Option<String>,
}

/// Something odd about an invoice that can be read all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Rule of EN 16931-1 such as `BR-CO-15` or `BR-25`, or `MALFORMED` (a value that cannot be held) or `ENCODING`.
    pub rule: String,
    /// How much it matters.
    pub weight: Weight,
    /// What the rule speaks of: `stated` and `computed` for sums, `line` for a term of a line, `at` and `value` for malformed values, and so on.
    pub params: BTreeMap<String, String>,
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Weight {
    /// The invoice breaks a rule that it claims to follow: a person decides.
    Contradiction,
    /// Worth knowing; the invoice counts.
    Notice,
}

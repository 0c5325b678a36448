//! The parts of an invoice as the API shows them.
use crate::{
    error::{Error, Result},
    invoice::{
        giro,
        read::{self, Adjustment, InvoiceDocument},
    },
    money::{self, Decimal},
    qr,
};
use anyhow::anyhow;
use async_graphql::SimpleObject;
use chrono::NaiveDate;
use shared::{id::InvoiceId, money::Amount};

/// EN 16931 allows amounts no more than two decimals (BR-DEC-01 to 28), and totals that have more are refused on
/// import; taxes, allowances and lines of some sellers have more all the same, and are shown rounded. Amounts that are
/// too large no import lets in.
fn required(number: rust_decimal::Decimal) -> Result<Amount> {
    money::rounded(number).ok_or_else(|| Error::from(anyhow!("{number} is too large for an amount")))
}

/// Seller or buyer.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct InvoiceParty {
    /// City (BT-37, BT-52).
    city: Option<String>,
    /// Contact point (BT-41, BT-56).
    contact: Option<String>,
    /// Country (BT-40, BT-55): two letters (ISO 3166-1).
    country: Option<String>,
    /// E-mail address of the contact point (BT-43, BT-58).
    email: Option<String>,
    /// Street and further lines of the address.
    lines: Vec<String>,
    /// Name (BT-27, BT-44), else trading name.
    name: String,
    /// Telephone of the contact point (BT-42, BT-57).
    phone: Option<String>,
    /// Postcode (BT-38, BT-53).
    postal_code: Option<String>,
    /// Tax registration (BT-32).
    tax_number: Option<String>,
    /// VAT identifier (BT-31, BT-48).
    vat_id: Option<String>,
}

impl InvoiceParty {
    /// A party by its name in the list, with all else where the document is at hand.
    pub(super) fn of(name: &str, party: Option<&read::Party>) -> Self {
        let party = party.cloned().unwrap_or_default();
        Self {
            city: party.city,
            contact: party.contact_name,
            country: party.country,
            email: party.contact_email,
            lines: party.street,
            name: name.to_owned(),
            phone: party.contact_phone,
            postal_code: party.postcode,
            tax_number: party.tax_number,
            vat_id: party.vat_id,
        }
    }
}

/// A line of an invoice (BG-25).
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct InvoiceLine {
    /// Allowances and charges within its amount (BG-27, BG-28).
    allowances: Vec<InvoiceAllowance>,
    /// Of how many units the price is (BT-149); null for one.
    base_quantity: Option<Decimal>,
    /// More about the item (BT-154), then the note to the line (BT-127).
    description: Option<String>,
    /// Its identifier within the invoice (BT-126).
    id: String,
    /// How deep it lies: 0 for a line of the invoice, 1 for a part of a line before it, and so on.
    level: i32,
    /// The item (BT-153); empty where the line is only a note.
    name: String,
    /// Its amount without VAT (BT-131).
    net_amount: Option<Amount>,
    /// The price of one unit without VAT (BT-146), of as many as the line says where that is not one (BT-149).
    net_price: Option<Decimal>,
    /// The lines within it, at any depth, each before its own; UBL nests them, in CII they are lines of their own.
    parts: Vec<InvoiceLine>,
    /// The last day of what the line is about (BT-135).
    period_end: Option<NaiveDate>,
    /// The first day of what the line is about (BT-134).
    period_start: Option<NaiveDate>,
    /// How much of it (BT-129).
    quantity: Option<Decimal>,
    /// UN/ECE Recommendation 20 code (BT-130), such as MON or KWH.
    unit: Option<String>,
    /// The VAT rate in per cent (BT-152).
    vat_rate: Option<Decimal>,
}

impl From<&read::Line> for InvoiceLine {
    fn from(line: &read::Line) -> Self {
        let more: Vec<&str> = [&line.description, &line.note]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        let part = |part: &Adjustment, is_charge| {
            Some(InvoiceAllowance {
                amount: money::rounded(part.amount)?,
                is_charge,
                reason: part.reason.clone(),
            })
        };
        let allowances = line.allowances.iter().filter_map(|found| part(found, false));
        let allowances = allowances.chain(line.charges.iter().filter_map(|found| part(found, true)));
        Self {
            allowances: allowances.collect(),
            base_quantity: line
                .base_quantity
                .filter(|base| *base != rust_decimal::Decimal::ONE)
                .map(Decimal::from),
            description: (!more.is_empty()).then(|| more.join("\n")),
            id: line.id.clone(),
            level: 0,
            name: line.name.clone().unwrap_or_default(),
            net_amount: money::rounded(line.net),
            net_price: line.price.map(Decimal::from),
            parts: Vec::new(),
            period_end: line.period.and_then(|period| period.end),
            period_start: line.period.and_then(|period| period.start),
            quantity: line.quantity.map(Decimal::from),
            unit: line.unit.clone(),
            vat_rate: line.vat_rate.map(Decimal::from),
        }
    }
}

impl InvoiceLine {
    /// Lines in the order of the document, as deep as CII says; what UBL nests within them are their parts.
    pub(super) fn all(lines: &[read::Line]) -> Vec<Self> {
        let at = |level: usize, line| Self {
            level: i32::try_from(level).unwrap_or(i32::MAX),
            ..Self::from(line)
        };
        let whole = lines.iter().zip(read::levels(lines)).map(|(line, level)| {
            let parts = read::outline(&line.sub_lines);
            let within = |(below, part): (usize, _)| at(level.saturating_add(1).saturating_add(below), part);
            Self {
                parts: parts.into_iter().map(within).collect(),
                ..at(level, line)
            }
        });
        whole.collect()
    }
}

/// An allowance or charge, on the whole invoice (BG-20, BG-21) or on a line (BG-27, BG-28).
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct InvoiceAllowance {
    /// Its amount without VAT, positive in both directions (BT-92, BT-99).
    amount: Amount,
    /// Whether it is a charge, which is added, not taken off.
    is_charge: bool,
    /// Why (BT-97, BT-104).
    reason: Option<String>,
}

/// Allowances, then charges.
pub(super) fn allowances(document: &InvoiceDocument) -> Result<Vec<InvoiceAllowance>> {
    let row = |part: &Adjustment, is_charge| {
        Ok(InvoiceAllowance {
            amount: required(part.amount)?,
            is_charge,
            reason: part.reason.clone(),
        })
    };
    let allowances = document.allowances.iter().map(|part| row(part, false));
    allowances
        .chain(document.charges.iter().map(|part| row(part, true)))
        .collect()
}

/// VAT of one category and rate (BG-23).
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct InvoiceTax {
    /// The tax (BT-117).
    amount: Amount,
    /// The amount that is taxed (BT-116).
    basis: Amount,
    /// The VAT category (BT-118, UNTDID 5305), such as S; empty where the syntax has none.
    category: String,
    /// The rate in per cent (BT-119).
    rate: Option<Decimal>,
}

/// VAT by category and rate, in the invoice's order.
pub(super) fn taxes(document: &InvoiceDocument) -> Result<Vec<InvoiceTax>> {
    let row = |vat: &read::VatBreakdown| {
        Ok(InvoiceTax {
            amount: required(vat.tax)?,
            basis: required(vat.basis)?,
            category: vat.category.clone(),
            rate: vat.rate.map(Decimal::from),
        })
    };
    document.vat.iter().map(row).collect()
}

/// How to pay (BG-16).
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct InvoicePayment {
    /// Whose account it is (BT-85).
    account_name: Option<String>,
    /// The bank (BT-86).
    bic: Option<String>,
    /// Whose number the seller collects direct debits under (BT-90).
    creditor_id: Option<String>,
    /// The account that a direct debit takes from (BT-91).
    debited_iban: Option<String>,
    /// The account to pay to (BT-84), without spaces; the first, where there are several.
    iban: Option<String>,
    /// Whether the seller takes the amount from the buyer's account himself (BT-81).
    is_debited: bool,
    /// The mandate of a direct debit (BT-89).
    mandate: Option<String>,
    /// What to write on the transfer (BT-83).
    reference: Option<String>,
    /// The terms of payment (BT-20), line breaks kept.
    terms: Option<String>,
}

impl InvoicePayment {
    /// None where nothing of it is said.
    pub(super) fn of(payment: &read::Payment) -> Option<Self> {
        let account = payment.accounts.first();
        let said = Self {
            account_name: account.and_then(|account| account.name.clone()),
            bic: account.and_then(|account| account.bic.clone()),
            creditor_id: payment.creditor_id.clone(),
            debited_iban: payment.debited_iban.clone(),
            iban: account.map(|account| account.iban.clone()),
            is_debited: giro::is_debited(payment),
            mandate: payment.mandate.clone(),
            reference: payment.remittance.clone(),
            terms: payment.terms.clone(),
        };
        let is_there = account.is_some() || said.reference.is_some() || said.terms.is_some() || said.is_debited;
        is_there.then_some(said)
    }
}

/// A credit transfer as a QR code (EPC069-12, version 002).
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct GiroCode {
    /// The dark modules, as the path of an SVG.
    picture_path: String,
    /// How many modules wide the picture is, its quiet zone included.
    picture_size: u32,
    /// What the code says, line by line.
    text: String,
}

impl GiroCode {
    /// The code of a payload.
    pub(super) fn of(text: String) -> Result<Self> {
        let (picture_size, picture_path) = qr::picture(text.as_bytes())?;
        Ok(Self {
            picture_path,
            picture_size,
            text,
        })
    }
}

/// An earlier invoice that an invoice refers to.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct PrecedingInvoice {
    /// The day it was issued (BT-26).
    issue_date: Option<NaiveDate>,
    /// Its number (BT-25).
    number: String,
}

impl From<&read::PrecedingInvoice> for PrecedingInvoice {
    fn from(earlier: &read::PrecedingInvoice) -> Self {
        Self {
            issue_date: earlier.issue_date,
            number: earlier.number.clone(),
        }
    }
}

/// A file that came with an invoice.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct InvoiceAttachment {
    /// Its name, cleaned of all that could deceive.
    file_name: String,
    /// Its media type, as the seller says.
    media_type: String,
    /// Its size in bytes.
    size: i32,
    /// Where it is downloaded.
    url: String,
}

impl InvoiceAttachment {
    /// The file at this place among those of an invoice.
    pub(super) fn of(invoice: InvoiceId, index: usize, attachment: &read::Attachment) -> Self {
        Self {
            url: format!("/download/invoices/{invoice}/attachments/{index}"),
            file_name: attachment.name.clone(),
            media_type: attachment.media_type.clone(),
            size: i32::try_from(attachment.size).unwrap_or(i32::MAX),
        }
    }
}

/// Something odd about an invoice that can be read all the same.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct InvoiceFinding {
    /// What stands in the invoice.
    actual: Option<String>,
    /// What should stand there.
    expected: Option<String>,
    /// The identifier of the line that it is about (BT-126), the first of several.
    line: Option<String>,
    /// The rule of EN 16931-1 such as BR-CO-15, or MALFORMED, DUPLICATE, ENCODING, PDF-NUMBER or PDF-TOTAL.
    rule: String,
    /// What is odd, in English.
    text: String,
}

impl From<&read::Finding> for InvoiceFinding {
    fn from(finding: &read::Finding) -> Self {
        let said = |name: &str| finding.params.get(name).cloned();
        let at = said("at").unwrap_or_default();
        let line = said("line").unwrap_or_default();
        let text = match finding.rule.as_str() {
            "BR-01" => "The identifier of the specification (BT-24) is missing.".to_owned(),
            "BR-04" => "The type of the invoice (BT-3) is missing.".to_owned(),
            "BR-06" => "The name of the seller (BT-27) is missing.".to_owned(),
            "BR-07" => "The name of the buyer (BT-44) is missing.".to_owned(),
            "BR-09" => "The country of the seller (BT-40) is missing.".to_owned(),
            "BR-11" => "The country of the buyer (BT-55) is missing.".to_owned(),
            "BR-12" => "The sum of the lines (BT-106) is missing.".to_owned(),
            "BR-13" => "The total without VAT (BT-109) is missing.".to_owned(),
            "BR-14" => "The total with VAT (BT-112) is missing.".to_owned(),
            "BR-15" => "The amount to pay (BT-115) is missing.".to_owned(),
            "BR-16" => "The invoice has no lines.".to_owned(),
            "BR-21" => "A line has no identifier (BT-126).".to_owned(),
            "BR-23" => format!("Line {line} has no unit (BT-130)."),
            "BR-25" => format!("Line {line} has no name of what is sold (BT-153)."),
            "BR-53" => "The VAT in the currency of the tax authority (BT-111) is missing.".to_owned(),
            "BR-CO-04" => format!("Line {line} has no category of VAT (BT-151)."),
            "BR-CO-10" => "The lines do not add up to the sum of the lines (BT-106).".to_owned(),
            "BR-CO-11" => "The allowances do not add up to their sum (BT-107).".to_owned(),
            "BR-CO-12" => "The charges do not add up to their sum (BT-108).".to_owned(),
            "BR-CO-13" => "The total without VAT (BT-109) is not lines less allowances plus charges.".to_owned(),
            "BR-CO-14" => "The VAT by rate does not add up to the total VAT (BT-110).".to_owned(),
            "BR-CO-15" => "The total with VAT (BT-112) is not the total without VAT plus the VAT.".to_owned(),
            "BR-CO-16" => "The amount to pay (BT-115) is not the total less what was paid, plus rounding.".to_owned(),
            "BR-CO-17" => "The VAT (BT-117) is not the taxed amount times the rate.".to_owned(),
            "BR-CO-18" => "The VAT by category and rate is missing.".to_owned(),
            "BR-CO-25" => "There is an amount to pay, but neither a due date (BT-9) nor terms (BT-20).".to_owned(),
            "BR-CO-26" => "The seller has no identifier, registration or VAT identifier (BT-29 to BT-31).".to_owned(),
            "MALFORMED" => format!("The value in {at} is not of its kind and was left out."),
            "DUPLICATE" => format!("The value in {at} is given more than once; the first counts."),
            "PDF-NUMBER" => "The pages of the PDF show the total, but not this number.".to_owned(),
            "PDF-TOTAL" => "The pages of the PDF show the number, but not this total.".to_owned(),
            "ENCODING" => "The file is not in the encoding that it declares; it was read as UTF-8.".to_owned(),
            rule => format!("The rule {rule} does not hold."),
        };
        Self {
            actual: said("stated").or_else(|| said("value")).or_else(|| said("declared")),
            expected: said("computed"),
            line: said("line").filter(|line| !line.is_empty()),
            rule: finding.rule.clone(),
            text,
        }
    }
}

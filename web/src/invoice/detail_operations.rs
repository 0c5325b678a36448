//! What the page of one invoice asks the server.
use crate::api::{self, ApiError, Day, Decimal, Instant, schema};
use cynic::QueryBuilder;
use shared::{
    id::{ContractId, InvoiceId},
    invoice::{InvoiceKind, InvoiceState},
    money::Amount,
};

#[derive(cynic::QueryVariables)]
struct InvoiceVariables {
    id: InvoiceId,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "InvoiceVariables")]
struct OneInvoice {
    #[arguments(id: $id)]
    invoice: InvoiceDetail,
    #[arguments(id: $id)]
    invoice_history: InvoiceHistory,
}

/// An invoice with all that its original says.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "Invoice")]
pub struct InvoiceDetail {
    /// Allowances and charges on the whole of it.
    pub allowances: Vec<InvoiceAllowance>,
    /// Files that came with it.
    pub attachments: Vec<InvoiceAttachment>,
    /// To whom it is written.
    pub buyer: InvoiceParty,
    /// The buyer's own reference.
    pub buyer_reference: Option<String>,
    /// The contract that it is about.
    pub contract_number: Option<String>,
    /// The contract of the account that it is about.
    pub contract_id: Option<ContractId>,
    /// Of all its amounts.
    pub currency: String,
    /// What is still to be paid.
    pub due_amount: Amount,
    /// The seller's number for the buyer.
    pub customer_number: Option<String>,
    /// The day of the delivery.
    pub delivery_date: Option<Day>,
    /// Until when it is to be paid.
    pub due_date: Option<Day>,
    /// Why no tax is charged.
    pub exemption_notes: Vec<String>,
    /// The name of the original.
    pub file_name: String,
    /// The size of the original in bytes.
    pub file_size: i32,
    /// What was found while checking it.
    pub findings: Vec<InvoiceFinding>,
    /// The transfer as a QR code.
    pub giro_code: Option<GiroCode>,
    /// What it sums up to, taxes included.
    pub gross_total: Amount,
    /// When it was written.
    pub issue_date: Day,
    /// What it is.
    pub kind: InvoiceKind,
    /// The sum of its lines.
    pub line_total: Option<Amount>,
    /// Its lines.
    pub lines: Vec<WholeLine>,
    /// The media type of the original.
    pub media_type: String,
    /// Its sum without taxes.
    pub net_total: Option<Amount>,
    /// Free texts.
    pub notes: Vec<String>,
    /// Its number.
    pub number: String,
    /// The order that it is about.
    pub order_reference: Option<String>,
    /// Where the original is downloaded.
    pub original_url: String,
    /// The day of the last payment.
    pub paid_on: Option<Day>,
    /// How much is paid.
    pub paid_total: Option<Amount>,
    /// What is to be paid.
    pub payable: Amount,
    /// How to pay.
    pub payment: Option<InvoicePayment>,
    /// Where a PDF for reading is downloaded.
    pub pdf_url: String,
    /// The last day of what it is for.
    pub period_end: Option<Day>,
    /// The first day of what it is for.
    pub period_start: Option<Day>,
    /// Earlier invoices that it refers to.
    pub preceding_invoices: Vec<PrecedingInvoice>,
    /// What was paid already.
    pub prepaid: Option<Amount>,
    /// The specification that it follows.
    pub profile: String,
    /// When the original came.
    pub received_at: Instant,
    /// What was rounded.
    pub rounding: Option<Amount>,
    /// Who wrote it.
    pub seller: InvoiceParty,
    /// The fingerprint of the original.
    pub sha256: String,
    /// Where it stands.
    pub state: InvoiceState,
    /// How the original is written.
    pub syntax: String,
    /// The currency of the tax authority, where it is another one.
    pub tax_currency: Option<String>,
    /// The tax in that currency.
    pub tax_in_tax_currency: Option<Amount>,
    /// Its taxes by rate.
    pub taxes: Vec<InvoiceTax>,
    /// Where the XML is downloaded.
    pub xml_url: String,
}

/// A transfer as a QR code.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct GiroCode {
    /// The dark modules, as the path of an SVG.
    pub picture_path: String,
    /// How many modules wide it is.
    pub picture_size: i32,
}

/// An earlier invoice.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct PrecedingInvoice {
    /// Its number.
    pub number: String,
}

/// An allowance or a charge.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct InvoiceAllowance {
    /// How much, without a sign.
    pub amount: Amount,
    /// Whether it is added.
    pub is_charge: bool,
    /// What for.
    pub reason: Option<String>,
}

/// A file that came with an invoice.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct InvoiceAttachment {
    /// Its name.
    pub file_name: String,
    /// Its size in bytes.
    pub size: i32,
    /// Where it is downloaded.
    pub url: String,
}

/// Something odd about an invoice.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct InvoiceFinding {
    /// What it says.
    pub actual: Option<String>,
    /// What it should say.
    pub expected: Option<String>,
    /// The number of the line that it is about.
    pub line: Option<String>,
    /// The rule of EN 16931, such as BR-CO-15.
    pub rule: String,
    /// What is odd.
    pub text: String,
}

/// A line of an invoice with its parts.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "InvoiceLine")]
pub struct WholeLine {
    /// The lines within it.
    pub parts: Vec<InvoiceLine>,
    /// The line itself.
    #[cynic(spread)]
    pub line: InvoiceLine,
}

/// A line of an invoice, or a part of one.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct InvoiceLine {
    /// Allowances and charges within its amount.
    pub allowances: Vec<InvoiceAllowance>,
    /// Of how many the price is, where that is not one.
    pub base_quantity: Option<Decimal>,
    /// More about it.
    pub description: Option<String>,
    /// Its number.
    pub id: String,
    /// How deep it lies: 0 for a line, 1 for a part of it.
    pub level: i32,
    /// What it is for.
    pub name: String,
    /// Quantity times price.
    pub net_amount: Option<Amount>,
    /// The price of one.
    pub net_price: Option<Decimal>,
    /// The last day of what it is for.
    pub period_end: Option<Day>,
    /// The first day of what it is for.
    pub period_start: Option<Day>,
    /// How many.
    pub quantity: Option<Decimal>,
    /// Of what (UN/ECE Recommendation 20).
    pub unit: Option<String>,
    /// In percent.
    pub vat_rate: Option<Decimal>,
}

/// Seller or buyer.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct InvoiceParty {
    /// The city of the address.
    pub city: Option<String>,
    /// A person or a department.
    pub contact: Option<String>,
    /// Its address for e-mail.
    pub email: Option<String>,
    /// Lines of the address.
    pub lines: Vec<String>,
    /// Its name.
    pub name: String,
    /// Its telephone.
    pub phone: Option<String>,
    /// The postal code of the address.
    pub postal_code: Option<String>,
    /// Its number at the tax office.
    pub tax_number: Option<String>,
    /// Its VAT id.
    pub vat_id: Option<String>,
}

/// How to pay.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct InvoicePayment {
    /// Whose account it is.
    pub account_name: Option<String>,
    /// The bank.
    pub bic: Option<String>,
    /// The account that is debited.
    pub debited_iban: Option<String>,
    /// The account.
    pub iban: Option<String>,
    /// Whether the seller takes the amount himself.
    pub is_debited: bool,
    /// The mandate of a direct debit.
    pub mandate: Option<String>,
    /// What to name when paying.
    pub reference: Option<String>,
    /// Terms in words.
    pub terms: Option<String>,
}

/// A tax by its rate.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct InvoiceTax {
    /// How much.
    pub amount: Amount,
    /// On what.
    pub basis: Amount,
    /// Its category (UNTDID 5305).
    pub category: String,
    /// In percent.
    pub rate: Option<Decimal>,
}

/// What became of an invoice, as far as it is recorded.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct InvoiceHistory {
    /// When a file of it was downloaded for the first time.
    pub downloaded_at: Option<Instant>,
    /// To how many addresses a mail went.
    pub mail_count: Option<i32>,
    /// When the mails were written.
    pub mailed_at: Option<Instant>,
    /// The day of the last payment.
    pub paid_on: Option<Day>,
    /// How much is paid.
    pub paid_total: Option<Amount>,
    /// Later ones that name it.
    pub referred_to_by: Vec<InvoiceReference>,
    /// The earlier one that it names.
    pub refers_to: Option<InvoiceReference>,
    /// Since when the account sees it.
    pub visible_at: Instant,
}

/// Another invoice.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct InvoiceReference {
    /// Names it.
    pub id: InvoiceId,
    /// What it is.
    pub kind: InvoiceKind,
    /// Its number.
    pub number: String,
    /// Since when the account sees it.
    pub visible_at: Instant,
}

/// One invoice and what became of it.
pub async fn invoice(id: InvoiceId) -> Result<(InvoiceDetail, InvoiceHistory), ApiError> {
    let found = api::send(OneInvoice::build(InvoiceVariables { id })).await?;
    Ok((found.invoice, found.invoice_history))
}

//! UBL 2.1 and CII D16B, read by `en16931-formats` and turned into our own type.

use chrono::NaiveDate;
use en16931::invoice as model;
use en16931_formats::report::{Entry, Kind};
use roxmltree::{Document, Node};
use rust_decimal::Decimal;

use super::beyond::Beyond;
use super::document::{
    Adjustment, Attachment, Finding, Identifier, InvoiceDocument, Line, Party, Payment, Period, PrecedingInvoice,
    Profile, Syntax, Totals, VatBreakdown, Weight,
};
use super::unreadable::{Unreadable, shortened};
use super::{Contents, SUB_LINE_DEPTH_LIMIT, file_name, require, single_line, xml};

/// Most findings about single values that are kept.
const FINDING_LIMIT: usize = 50;

/// Elements that hold the document totals, in UBL and CII.
const TOTALS: [&str; 2] = ["LegalMonetaryTotal", "SpecifiedTradeSettlementHeaderMonetarySummation"];

/// Reads the decoded document `text`, whose tree is `tree`.
///
/// # Errors
/// [`Unreadable`] if BT-1, BT-2 or BT-5 are missing, or if the issue date or a total is there but none.
pub(super) fn map(text: &str, tree: Document<'_>, syntax: Syntax) -> Result<Contents, Unreadable> {
    let present = StatedTotals::of(tree.root_element());
    let beyond = Beyond::of(tree.root_element());
    drop(tree);
    let read = en16931_formats::read(text.as_bytes()).map_err(|error| match error {
        en16931_formats::Error::Encoding { found } => Unreadable::BadEncoding {
            found: shortened(&found),
        },
        en16931_formats::Error::TooDeep { .. } => Unreadable::TooComplex { what: "nesting" },
        en16931_formats::Error::Xml { message, line, column } => Unreadable::BrokenXml {
            line,
            column,
            reason: shortened(&message),
        },
        error => Unreadable::WrongRoot {
            found: shortened(&error.to_string()),
        },
    })?;
    let invoice = read.invoice;
    refuse_malformed(&read.entries, invoice.issue_date.is_none())?;

    let number = require("BT-1", filled(invoice.number))?;
    let issue_date = require("BT-2", invoice.issue_date.and_then(date))?;
    let currency = require("BT-5", code(invoice.currency))?;
    let mut findings: Vec<Finding> = read.entries.iter().filter_map(finding).take(FINDING_LIMIT).collect();
    let type_code = code(invoice.type_code).unwrap_or_else(|| {
        findings.push(Finding {
            rule: "BR-04".to_owned(),
            weight: Weight::Contradiction,
            params: [].into(),
        });
        if syntax == Syntax::UblCreditNote { "381" } else { "380" }.to_owned()
    });
    let (attachments, files) = attachments(invoice.attachments);

    let lines = invoice.lines.into_iter().enumerate().map(|(index, outer)| {
        Ok(Line {
            parent: beyond.parents.get(index).cloned().flatten(),
            sub_lines: sub_lines(invoice.extensions.sub_lines(index), SUB_LINE_DEPTH_LIMIT)?,
            ..line(outer)
        })
    });
    let mut lines = lines.collect::<Result<Vec<_>, Unreadable>>()?;
    let mut breakdown: Vec<_> = invoice.vat_breakdown.into_iter().map(vat).collect();
    beyond.restore(&mut lines, &mut breakdown);

    let document = InvoiceDocument {
        syntax,
        profile: profile(invoice.specification_id.as_deref().unwrap_or_default()),
        specification: filled(invoice.specification_id),
        embedded_name: None,
        number: single_line(&number),
        type_code,
        issue_date,
        due_date: beyond.due_date.or(invoice.due_date.and_then(date)),
        delivery_date: invoice.delivery.and_then(|delivery| delivery.date).and_then(date),
        period: invoice.invoicing_period.and_then(period),
        currency,
        tax_currency: code(invoice.vat_accounting_currency),
        notes: invoice.notes.into_iter().filter_map(|note| filled(note.note)).collect(),
        seller: party(invoice.seller),
        buyer: party(invoice.buyer),
        buyer_reference: filled(invoice.buyer_reference),
        order_reference: invoice
            .purchase_order_reference
            .and_then(|id| filled(Some(id.as_str().to_owned()))),
        contract_reference: invoice
            .contract_reference
            .and_then(|id| filled(Some(id.as_str().to_owned()))),
        preceding_invoices: invoice
            .preceding_invoices
            .into_iter()
            .filter(|preceding| !preceding.reference.is_blank())
            .map(|preceding| PrecedingInvoice {
                number: single_line(preceding.reference.as_str()),
                issue_date: preceding.issue_date.and_then(date),
            })
            .collect(),
        payment: Payment {
            accounts: beyond.accounts,
            ..payment(invoice.payment, beyond.terms.or(invoice.payment_terms), beyond.mandate)
        },
        lines,
        allowances: invoice.allowances.into_iter().map(document_adjustment).collect(),
        charges: invoice
            .charges
            .into_iter()
            .map(document_adjustment)
            .chain(beyond.freight)
            .collect(),
        vat: breakdown,
        totals: totals(&invoice.totals, &present),
        attachments,
        findings,
    };
    Ok(Contents { document, files })
}

/// Which of the totals that the library fills with zero are really stated.
struct StatedTotals {
    lines: bool,
    net: bool,
    gross: bool,
    payable: bool,
}

impl StatedTotals {
    fn of(root: Node<'_, '_>) -> Self {
        let settlement = ["SupplyChainTradeTransaction", "ApplicableHeaderTradeSettlement"];
        let holder = xml::child(root, TOTALS[0])
            .or_else(|| xml::descend(root, &settlement).and_then(|settlement| xml::child(settlement, TOTALS[1])));
        let has = |names: [&str; 2]| {
            holder.is_some_and(|holder| names.iter().any(|name| xml::text(holder, &[name]).is_some()))
        };
        Self {
            lines: has(["LineExtensionAmount", "LineTotalAmount"]),
            net: has(["TaxExclusiveAmount", "TaxBasisTotalAmount"]),
            gross: has(["TaxInclusiveAmount", "GrandTotalAmount"]),
            payable: has(["PayableAmount", "DuePayableAmount"]),
        }
    }
}

/// Refuses an invoice whose issue date or totals are written in a way that cannot be understood.
fn refuse_malformed(entries: &[Entry], lacks_issue_date: bool) -> Result<(), Unreadable> {
    for entry in entries.iter().filter(|entry| entry.kind == Kind::Malformed) {
        let found = shortened(entry.value.as_deref().unwrap_or_default());
        let is_issue_date =
            entry.path == "Invoice/IssueDate" || entry.path.starts_with("ExchangedDocument/IssueDateTime");
        if lacks_issue_date && is_issue_date {
            return Err(Unreadable::BadDate { found });
        }
        if TOTALS.iter().any(|holder| entry.path.starts_with(holder)) {
            return Err(Unreadable::BadAmount {
                at: entry.path.clone(),
                found,
            });
        }
    }
    Ok(())
}

/// What the reader could not take over and a person may want to know. Elements outside the standard are no finding.
fn finding(entry: &Entry) -> Option<Finding> {
    let rule = match entry.kind {
        Kind::Malformed => "MALFORMED",
        Kind::Duplicate => "DUPLICATE",
        _ => return None,
    };
    let mut params = std::collections::BTreeMap::from([("at".to_owned(), shortened(&entry.path))]);
    if let Some(value) = &entry.value {
        params.insert("value".to_owned(), shortened(value));
    }
    Some(Finding {
        rule: rule.to_owned(),
        weight: Weight::Notice,
        params,
    })
}

/// The profile that BT-24 stands for.
fn profile(specification: &str) -> Profile {
    let specification = specification.trim().to_lowercase();
    let last = specification.rsplit([':', '#']).next().unwrap_or_default();
    if specification.contains("extension:xrechnung") {
        return Profile::XrechnungExtension;
    }
    if specification.contains("xrechnung") {
        return Profile::Xrechnung;
    }
    if specification.contains("peppol") {
        return Profile::Peppol;
    }
    match last {
        "minimum" => Profile::Minimum,
        "basicwl" => Profile::BasicWl,
        "basic" => Profile::Basic,
        "comfort" | "en16931" => Profile::En16931,
        last if last.starts_with("extended") => Profile::Extended,
        _ if specification == "urn:cen.eu:en16931:2017" => Profile::En16931,
        _ => Profile::Other,
    }
}

fn party(party: model::Party) -> Party {
    let address = party.address;
    Party {
        name: name(party.name),
        trading_name: name(party.trading_name),
        ids: party.identifiers.iter().filter_map(identifier).collect(),
        registration: party.legal_registration.as_ref().and_then(identifier),
        vat_id: name(party.vat_identifier),
        tax_number: name(party.tax_registration),
        electronic_address: party.electronic_address.as_ref().and_then(identifier),
        street: [address.line1, address.line2, address.line3]
            .into_iter()
            .filter_map(name)
            .collect(),
        postcode: name(address.post_code),
        city: name(address.city),
        country: code(address.country),
        contact_name: name(party.contact.name),
        contact_phone: name(party.contact.phone),
        contact_email: name(party.contact.email),
    }
}

fn payment(
    instructions: Option<model::PaymentInstructions>,
    terms: Option<String>,
    mandate: Option<String>,
) -> Payment {
    let instructions = instructions.unwrap_or_default();
    let mut payment = Payment {
        means_code: code(instructions.means_code),
        means_text: name(instructions.means_text),
        remittance: name(instructions.remittance_information),
        terms: filled(terms),
        mandate: name(mandate),
        ..Payment::default()
    };
    if let Some(model::PaymentMeans::DirectDebit(debit)) = instructions.means {
        payment.mandate = name(debit.mandate_reference).or(payment.mandate);
        payment.creditor_id = name(debit.creditor_identifier);
        payment.debited_iban = name(debit.debited_account);
    }
    payment
}

/// The lines within a line, at most so many levels of them.
fn sub_lines(parts: &[en16931::SubInvoiceLine], levels: usize) -> Result<Vec<Line>, Unreadable> {
    if parts.is_empty() {
        return Ok(Vec::new());
    }
    let levels = levels
        .checked_sub(1)
        .ok_or(Unreadable::TooComplex { what: "sub-lines" })?;
    let part = |part: &en16931::SubInvoiceLine| {
        Ok(Line {
            sub_lines: sub_lines(&part.children, levels)?,
            ..line(part.line.clone())
        })
    };
    parts.iter().map(part).collect()
}

fn line(line: model::InvoiceLine) -> Line {
    Line {
        id: single_line(&line.id),
        name: name(line.item.name),
        description: filled(line.item.description),
        note: filled(line.note),
        quantity: Some(line.quantity.into_decimal()),
        unit: code(Some(line.unit_code)),
        price: Some(line.price.net_price.into_decimal()),
        base_quantity: line.price.base_quantity.map(|quantity| quantity.into_decimal()),
        vat_category: code(Some(line.vat.category)).unwrap_or_default(),
        vat_rate: line.vat.rate.map(percent),
        net: line.net_amount.into_decimal(),
        period: line.period.and_then(period),
        allowances: line.allowances.into_iter().map(line_adjustment).collect(),
        charges: line.charges.into_iter().map(line_adjustment).collect(),
        parent: None,
        sub_lines: Vec::new(),
    }
}

fn line_adjustment(part: model::LineAllowanceCharge) -> Adjustment {
    Adjustment {
        amount: part.amount.into_decimal(),
        base: part.base_amount.map(|amount| amount.into_decimal()),
        percent: part.percentage.map(percent),
        reason: name(part.reason),
        vat_category: None,
        vat_rate: None,
    }
}

fn document_adjustment(part: model::DocumentAllowanceCharge) -> Adjustment {
    Adjustment {
        amount: part.amount.into_decimal(),
        base: part.base_amount.map(|amount| amount.into_decimal()),
        percent: part.percentage.map(percent),
        reason: name(part.reason),
        vat_category: code(Some(part.vat.category)),
        vat_rate: part.vat.rate.map(percent),
    }
}

fn vat(vat: model::VatBreakdown) -> VatBreakdown {
    VatBreakdown {
        category: code(Some(vat.category)).unwrap_or_default(),
        rate: vat.rate.map(percent),
        basis: vat.taxable_amount.into_decimal(),
        tax: vat.tax_amount.into_decimal(),
        exemption_reason: name(vat.exemption_reason),
    }
}

fn totals(totals: &model::DocumentTotals, stated: &StatedTotals) -> Totals {
    let amount = |amount: en16931::InvoiceAmount| amount.into_decimal();
    Totals {
        lines: stated.lines.then(|| amount(totals.line_total)),
        allowances: totals.allowance_total.map(amount),
        charges: totals.charge_total.map(amount),
        net: stated.net.then(|| amount(totals.taxable_total)),
        tax: totals.vat_total.map(amount),
        tax_in_tax_currency: totals.vat_total_accounting.map(amount),
        gross: stated.gross.then(|| amount(totals.gross_total)),
        prepaid: totals.paid.map(amount),
        rounding: totals.rounding.map(amount),
        payable: stated.payable.then(|| amount(totals.due)),
    }
}

fn attachments(documents: Vec<model::SupportingDocument>) -> (Vec<Attachment>, Vec<Vec<u8>>) {
    documents
        .into_iter()
        .filter_map(|document| {
            let file = document.attachment?;
            let media_type = file_name::media_type(file.mime_code());
            let attachment = Attachment {
                name: file_name::clean(file.filename(), &media_type),
                media_type,
                size: file.content().len() as u64,
                description: name(document.description),
            };
            Some((attachment, file.content().to_vec()))
        })
        .unzip()
}

fn period(period: model::Period) -> Option<Period> {
    let period = Period {
        start: period.start.and_then(date),
        end: period.end.and_then(date),
    };
    (period.start.is_some() || period.end.is_some()).then_some(period)
}

fn date(date: en16931::Date) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(date.year(), date.month().into(), date.day().into())
}

fn identifier(id: &en16931::Identifier) -> Option<Identifier> {
    (!id.is_blank()).then(|| Identifier {
        value: single_line(id.content()),
        scheme: id.scheme().map(str::to_owned),
    })
}

/// A rate without the zeros that the library's detour through a fraction leaves.
fn percent(rate: en16931::Percentage) -> Decimal {
    rate.into_decimal().normalize()
}

fn code(code: Option<model::Code>) -> Option<String> {
    name(code.map(String::from))
}

fn name(text: Option<String>) -> Option<String> {
    text.map(|text| single_line(&text)).filter(|text| !text.is_empty())
}

/// Text with its line breaks, without white space round it; none if empty.
fn filled(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

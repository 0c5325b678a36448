//! An invoice as a PDF for reading, made of what its XML says. It carries the XML, and says that it is not the invoice.
mod lines;
pub(super) mod words;

use super::read::{self, InvoiceDocument, Party, Profile};
use crate::{
    invoice, money,
    paper::{self, Block, Column, Enclosed, Paper, Relation, letterhead::Letterhead},
};
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use shared::{account::Language, invoice::InvoiceKind, money::Amount};
use words::Words;

/// What a view is made of.
#[derive(Clone, Debug)]
pub struct View {
    /// What the invoice says.
    pub document: InvoiceDocument,
    /// The total with VAT (BT-112), as it is kept.
    pub gross_total: Amount,
    /// What is to be paid (BT-115), as it is kept.
    pub payable: Amount,
    /// How much of it the provider says is paid, and since when; none where nothing is known.
    pub paid: Option<(Amount, Option<NaiveDate>)>,
    /// The XML, byte for byte.
    pub xml: Vec<u8>,
    /// What the XML is called.
    pub xml_name: String,
    /// When the invoice came.
    pub received_at: DateTime<Utc>,
    /// The language of the words around what the invoice says.
    pub language: Language,
}

/// The PDF: PDF/A-3 (ISO 19005-3) that carries the XML, tagged for reading aloud. The same invoice always gives the same
/// bytes.
///
/// # Errors
/// If it cannot be set.
pub fn pdf(view: View) -> anyhow::Result<Vec<u8>> {
    let words = Words(view.language);
    let document = &view.document;
    let kind = words.kind(InvoiceKind::of_type_code(&document.type_code));
    let title = format!("{kind} {}", document.number);
    let mut blocks = vec![
        Block::Heading(1, title.clone()),
        Block::Paragraph(
            words
                .of(
                    "Ansicht zum Lesen, nicht die Rechnung. Die Rechnung ist die XML-Datei, die diesem PDF beiliegt.",
                    "A view for reading, not the invoice. The invoice is the XML file that is enclosed in this PDF.",
                )
                .to_owned(),
        ),
        Block::Facts(parties(words, document)),
        Block::Facts(facts(words, document)),
    ];
    blocks.extend(lines::blocks(words, document));
    blocks.push(Block::Sums(sums(words, &view)));
    let taxes = taxes(words, document);
    if !taxes.1.is_empty() {
        blocks.push(Block::Heading(2, words.of("Umsatzsteuer", "VAT").to_owned()));
        blocks.push(Block::Columns(taxes.0, taxes.1));
    }
    let payment = payment(words, document);
    if !payment.is_empty() {
        blocks.push(Block::Heading(2, words.of("Zahlung", "Payment").to_owned()));
        blocks.push(Block::Facts(payment));
    }
    let exemptions = document.vat.iter().filter_map(|vat| vat.exemption_reason.clone());
    let mut texts: Vec<String> = document.payment.terms.iter().chain(&document.notes).cloned().collect();
    for reason in exemptions {
        if !texts.contains(&reason) {
            texts.push(reason);
        }
    }
    blocks.extend(texts.into_iter().map(Block::Paragraph));
    let relation = if matches!(document.profile, Profile::Minimum | Profile::BasicWl) {
        Relation::Data
    } else {
        Relation::Alternative
    };
    let seller = document.seller.shown_name().to_owned();
    paper::pdf(&Paper {
        title,
        language: view.language,
        foot: words
            .of("Ansicht, nicht die Rechnung", "View, not the invoice")
            .to_owned(),
        author: seller,
        // the seller's paper, who need not be the provider
        letterhead: Letterhead::default(),
        date: view.received_at,
        blocks,
        enclosed: Some(Enclosed {
            name: view.xml_name,
            description: words
                .of("Die elektronische Rechnung", "The electronic invoice")
                .to_owned(),
            media_type: "text/xml",
            relation,
            bytes: view.xml,
        }),
    })
}

fn parties(words: Words, document: &InvoiceDocument) -> Vec<(String, String)> {
    let tax_id = words.of("USt-IdNr.", "VAT ID");
    let tax_number = words.of("Steuernummer", "Tax number");
    let all = |party: &Party| {
        let place = [party.postcode.as_deref(), party.city.as_deref()];
        let place = place.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let mut lines = vec![party.shown_name().to_owned()];
        lines.extend(party.contact_name.clone());
        lines.extend(party.street.iter().cloned());
        lines.extend(Some(place).filter(|place| !place.is_empty()));
        lines.extend(party.country.clone());
        lines.extend(party.vat_id.iter().map(|id| format!("{tax_id} {id}")));
        lines.extend(party.tax_number.iter().map(|number| format!("{tax_number} {number}")));
        lines.extend(party.contact_phone.clone());
        lines.extend(party.contact_email.clone());
        lines.join("\n")
    };
    vec![
        (words.of("Verkäufer", "Seller").to_owned(), all(&document.seller)),
        (words.of("Käufer", "Buyer").to_owned(), all(&document.buyer)),
    ]
}

fn facts(words: Words, document: &InvoiceDocument) -> Vec<(String, String)> {
    let mut facts = vec![
        (words.of("Nummer", "Number").to_owned(), document.number.clone()),
        (words.of("Datum", "Date").to_owned(), words.day(document.issue_date)),
    ];
    let mut add = |de, en, value: Option<String>| {
        facts.extend(value.map(|value| (words.of(de, en).to_owned(), value)));
    };
    add("Fällig am", "Due on", document.due_date.map(|day| words.day(day)));
    add(
        "Leistungsdatum",
        "Delivered on",
        document.delivery_date.map(|day| words.day(day)),
    );
    let period = document
        .period
        .and_then(|period| words.period(period.start, period.end));
    add("Zeitraum", "Period", period);
    let customer = document.buyer.ids.first().map(|id| id.value.clone());
    add("Kundennummer", "Customer number", customer);
    add("Vertrag", "Contract", document.contract_reference.clone());
    add("Bestellung", "Order", document.order_reference.clone());
    add("Ihr Zeichen", "Your reference", document.buyer_reference.clone());
    let corrects: Vec<String> = document
        .preceding_invoices
        .iter()
        .map(|earlier| match earlier.issue_date {
            Some(day) => format!("{} ({})", earlier.number, words.day(day)),
            None => earlier.number.clone(),
        })
        .collect();
    let corrects = Some(corrects.join(", ")).filter(|text| !text.is_empty());
    add("Bezieht sich auf", "Refers to", corrects);
    facts
}

fn rate_text(words: Words, rate: Decimal) -> String {
    format!("{}\u{a0}%", words.number(rate))
}

/// An amount with all the places that it has.
fn exact(words: Words, amount: Decimal, currency: &str) -> String {
    money::exact(amount).map_or_else(
        || words.price(amount, currency),
        |amount| words.amount(amount, currency),
    )
}

fn sums(words: Words, view: &View) -> Vec<(String, String, bool)> {
    let document = &view.document;
    let currency = document.currency.as_str();
    let totals = &document.totals;
    let mut rows: Vec<(String, String, bool)> = Vec::new();
    let mut add = |name: String, amount: Option<Decimal>, is_less: bool| {
        if let Some(amount) = amount {
            let amount = if is_less { -amount } else { amount };
            rows.push((name, exact(words, amount, currency), false));
        }
    };
    let is_filled = |amount: &Decimal| !amount.is_zero();
    add(
        words.of("Summe der Positionen", "Sum of lines").to_owned(),
        totals.lines,
        false,
    );
    for (part, is_less) in document
        .allowances
        .iter()
        .map(|part| (part, true))
        .chain(document.charges.iter().map(|part| (part, false)))
    {
        let word = if is_less {
            words.of("Nachlass", "Allowance")
        } else {
            words.of("Zuschlag", "Charge")
        };
        let name = part.reason.clone().unwrap_or_else(|| word.to_owned());
        add(name, Some(part.amount), is_less);
    }
    add(words.of("Netto", "Total without VAT").to_owned(), totals.net, false);
    add(words.of("Umsatzsteuer", "VAT").to_owned(), totals.tax, false);
    let mut fixed = |name: &str, amount: Amount, counts| {
        rows.push((name.to_owned(), words.amount(amount, currency), counts));
    };
    fixed(words.of("Brutto", "Total with VAT"), view.gross_total, false);
    let mut add = |name: &str, amount: Option<Decimal>, is_less: bool| {
        if let Some(amount) = amount.filter(is_filled) {
            let amount = if is_less { -amount } else { amount };
            rows.push((name.to_owned(), exact(words, amount, currency), false));
        }
    };
    add(words.of("Bereits gezahlt", "Paid before"), totals.prepaid, true);
    add(words.of("Rundung", "Rounding"), totals.rounding, false);
    let to_pay = if document.is_credit() {
        words.of("Betrag der Gutschrift", "Amount credited")
    } else {
        words.of("Zu zahlen", "Amount due")
    };
    let paid = view
        .paid
        .filter(|(paid, _)| *paid > Amount(0) && view.payable > Amount(0) && !document.is_credit());
    rows.push((to_pay.to_owned(), words.amount(view.payable, currency), paid.is_none()));
    if let Some((paid, on)) = paid {
        let since = on.map(|day| format!(" {} {}", words.of("am", "on"), words.day(day)));
        let name = format!("{}{}", words.of("Bezahlt", "Paid"), since.unwrap_or_default());
        let kind = InvoiceKind::of_type_code(&document.type_code);
        let left = invoice::due(kind, view.payable, Some(paid));
        rows.push((name, words.amount(Amount(paid.0.saturating_neg()), currency), false));
        rows.push((
            words.of("Noch zu zahlen", "Still to pay").to_owned(),
            words.amount(left, currency),
            true,
        ));
    }
    if let (Some(tax), Some(tax_currency)) = (totals.tax_in_tax_currency, &document.tax_currency) {
        let name = match words.0 {
            Language::De => format!("Umsatzsteuer in {tax_currency}"),
            Language::En => format!("VAT in {tax_currency}"),
        };
        rows.push((name, exact(words, tax, tax_currency), false));
    }
    rows
}

fn taxes(words: Words, document: &InvoiceDocument) -> (Vec<Column>, Vec<Vec<String>>) {
    let column = |de, en, is_number| Column {
        head: words.of(de, en).to_owned(),
        share: 0.25,
        is_number,
    };
    let columns = vec![
        column("Kategorie", "Category", false),
        column("Satz", "Rate", true),
        column("Auf", "On", true),
        column("Steuer", "VAT", true),
    ];
    let row = |vat: &read::VatBreakdown| {
        vec![
            vat.category.clone(),
            vat.rate.map(|rate| rate_text(words, rate)).unwrap_or_default(),
            exact(words, vat.basis, &document.currency),
            exact(words, vat.tax, &document.currency),
        ]
    };
    (columns, document.vat.iter().map(row).collect())
}

fn payment(words: Words, document: &InvoiceDocument) -> Vec<(String, String)> {
    let payment = &document.payment;
    let mut facts = Vec::new();
    let mut add = |de, en, value: Option<String>| {
        facts.extend(value.map(|value| (words.of(de, en).to_owned(), value)));
    };
    for account in &payment.accounts {
        add("Empfänger", "Payee", account.name.clone());
        add(
            "IBAN",
            "IBAN",
            Some(account.iban.clone()).filter(|iban| !iban.is_empty()),
        );
        add("BIC", "BIC", account.bic.clone());
    }
    add("Verwendungszweck", "Payment reference", payment.remittance.clone());
    add("Lastschrift von", "Debited from", payment.debited_iban.clone());
    add("Mandat", "Mandate", payment.mandate.clone());
    add("Gläubiger-ID", "Creditor identifier", payment.creditor_id.clone());
    facts
}

//! A plain one-page PDF of a demo invoice (ISO 32000-1) with files embedded in it: the same input gives the same bytes.
//!
//! It claims no PDF/A, as it leans on the reader's Helvetica instead of carrying fonts.

use std::fmt::Write as _;

use chrono::{Datelike, NaiveDate};
use en16931::invoice::{DocumentTotals, VatBreakdown};
use rust_decimal::Decimal;

use super::draft::{Draft, PROVIDER, PROVIDER_IBAN};

/// Left edge, right edge and the right edges of the number columns, in points.
const LEFT: f32 = 62.0;
const RIGHT: f32 = 533.0;
const QUANTITY: f32 = 345.0;
const PRICE: f32 = 425.0;
const RATE: f32 = 465.0;

/// Content of a page, being drawn from the top.
struct Page {
    operators: String,
    y: f32,
}

impl Page {
    fn text(&mut self, x: f32, size: f32, bold: bool, text: &str) {
        let font = if bold { "F2" } else { "F1" };
        let _ = writeln!(
            self.operators,
            "BT /{font} {size} Tf {x:.2} {:.2} Td {} Tj ET",
            self.y,
            literal(text)
        );
    }

    /// Text that ends at `x`; for figures, whose widths are known.
    fn figure(&mut self, x: f32, bold: bool, text: &str) {
        self.text(x - width(text, 9.0), 9.0, bold, text);
    }

    fn rule(&mut self) {
        let y = self.y + 11.0;
        let _ = writeln!(self.operators, "0.5 w {LEFT} {y:.2} m {RIGHT} {y:.2} l S");
    }

    fn down(&mut self, points: f32) {
        self.y -= points;
    }
}

/// The operators that draw the invoice on an A4 page.
pub(super) fn page(draft: &Draft, vat: &[VatBreakdown], totals: &DocumentTotals) -> String {
    let mut page = Page {
        operators: String::new(),
        y: 780.0,
    };
    head(&mut page, draft);
    table(&mut page, draft);
    sums(&mut page, draft, vat, totals);
    page.down(20.0);
    page.text(LEFT, 9.0, false, &draft.terms());
    if draft.buyer.direct_debit.is_none() && draft.credits.is_none() && !draft.is_paid {
        page.down(14.0);
        page.text(
            LEFT,
            9.0,
            false,
            &format!("{PROVIDER}, IBAN {}", grouped(PROVIDER_IBAN)),
        );
    }
    page.y = 60.0;
    page.text(
        LEFT,
        7.5,
        false,
        "Lindwerk Netze GmbH · Hafenstraße 12 · 46049 Oberhausen · Geschäftsführung: Dr. Petra Lind",
    );
    page.down(10.0);
    page.text(
        LEFT,
        7.5,
        false,
        "Amtsgericht Duisburg HRB 99999 · USt-IdNr. DE299999999 · Steuernummer 124/5800/9999",
    );
    page.operators
}

fn head(page: &mut Page, draft: &Draft) {
    page.text(LEFT, 16.0, true, PROVIDER);
    page.down(60.0);
    page.text(LEFT, 7.5, false, "Lindwerk Netze · Hafenstraße 12 · 46049 Oberhausen");
    let buyer = &draft.buyer;
    let town = format!("{} {}", buyer.postcode, buyer.city);
    let facts = [
        ("Nummer", draft.number.clone()),
        ("Kundennummer", buyer.number.to_owned()),
        ("Datum", short(draft.issued)),
        (
            "Zeitraum",
            format!("{}–{}", short(draft.period.0), short(draft.period.1)),
        ),
    ];
    let lines: Vec<&str> = [Some(buyer.name), buyer.contact, Some(buyer.street), Some(&town)]
        .into_iter()
        .flatten()
        .collect();
    for row in 0..facts.len().max(lines.len()) {
        page.down(14.0);
        if let Some(line) = lines.get(row) {
            page.text(LEFT, 10.0, false, line);
        }
        if let Some((name, value)) = facts.get(row) {
            page.text(350.0, 9.0, false, name);
            page.text(425.0, 9.0, false, value);
        }
    }
    page.down(50.0);
    page.text(
        LEFT,
        14.0,
        true,
        if draft.credits.is_some() {
            "Gutschrift"
        } else {
            "Rechnung"
        },
    );
    if let Some((number, issued)) = &draft.credits {
        page.down(16.0);
        page.text(
            LEFT,
            9.0,
            false,
            &format!("zur Rechnung {number} vom {}", short(*issued)),
        );
    }
    page.down(28.0);
}

fn table(page: &mut Page, draft: &Draft) {
    page.text(LEFT, 8.0, true, "Leistung");
    for (x, heading, width) in [
        (QUANTITY, "Menge", 27.0),
        (PRICE, "Einzelpreis", 45.0),
        (RATE, "USt.", 18.0),
        (RIGHT, "Betrag", 27.0),
    ] {
        page.text(x - width, 8.0, true, heading);
    }
    page.down(16.0);
    for item in &draft.items {
        page.rule();
        page.text(LEFT, 9.0, true, item.name);
        page.figure(
            QUANTITY - 34.0,
            false,
            &number(item.quantity, item.quantity.normalize().scale()),
        );
        page.text(QUANTITY - 30.0, 9.0, false, unit(item.unit));
        page.figure(
            PRICE,
            false,
            &format!("{} €", number(item.price, item.price.scale().max(2))),
        );
        page.figure(RATE, false, &format!("{} %", item.vat_rate));
        page.figure(RIGHT, false, &money(item.net()));
        if let Some(description) = &item.description {
            page.down(11.0);
            page.text(LEFT, 8.0, false, description);
        }
        page.down(16.0);
    }
    page.rule();
}

fn sums(page: &mut Page, draft: &Draft, vat: &[VatBreakdown], totals: &DocumentTotals) {
    let mut row = |name: &str, amount: Decimal, bold: bool| {
        page.text(300.0, 9.0, bold, name);
        page.figure(RIGHT, bold, &money(amount));
        page.down(14.0);
    };
    row("Summe der Positionen", totals.line_total.into_decimal(), false);
    if let Some(discount) = &draft.discount {
        row(discount.reason, -discount.amount(), false);
    }
    row("Netto", totals.taxable_total.into_decimal(), false);
    for part in vat {
        let rate = part.rate.map(|rate| rate.into_decimal()).unwrap_or_default();
        let name = format!(
            "USt. {} % auf {}",
            number(rate, 0),
            money(part.taxable_amount.into_decimal())
        );
        row(&name, part.tax_amount.into_decimal(), false);
    }
    if let Some(paid) = totals.paid {
        row("Rechnungsbetrag", totals.gross_total.into_decimal(), false);
        row("Bezahlt", -paid.into_decimal(), false);
    }
    row(
        if draft.credits.is_some() {
            "Gutschrift"
        } else {
            "Zu zahlen"
        },
        totals.due.into_decimal(),
        true,
    );
}

/// A PDF 1.7 of one page with embedded files, given as name, media type and bytes; the first is associated with the
/// document (`/AF`), as Factur-X asks.
pub fn pdf(title: &str, page: &str, files: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let (names, associated) = if files.is_empty() {
        (String::new(), String::new())
    } else {
        let names: String = files
            .iter()
            .enumerate()
            .map(|(index, (name, ..))| format!("{} {} 0 R ", literal(name), 8 + 2 * index))
            .collect();
        (
            format!("/Names << /EmbeddedFiles << /Names [{names}] >> >> "),
            "/AF [8 0 R] ".to_owned(),
        )
    };
    let font = |name: &str| format!("<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>");
    let mut objects: Vec<Vec<u8>> = vec![
        format!("<< /Type /Catalog /Pages 2 0 R /Lang (de-DE) {names}{associated}>>").into_bytes(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>".to_vec(),
        stream("", &windows_1252(page)),
        font("Helvetica").into_bytes(),
        font("Helvetica-Bold").into_bytes(),
        windows_1252(&format!("<< /Title {} /Producer (Keyhaus) >>", literal(title))),
    ];
    for (index, (name, media_type, bytes)) in files.iter().enumerate() {
        let relation = if index == 0 { "Alternative" } else { "Supplement" };
        let name = literal(name);
        objects.push(windows_1252(&format!(
            "<< /Type /Filespec /F {name} /UF {name} /AFRelationship /{relation} /EF << /F {} 0 R >> >>",
            9 + 2 * index
        )));
        let subtype = media_type.replace('/', "#2F");
        objects.push(stream(
            &format!(
                "/Type /EmbeddedFile /Subtype /{subtype} /Params << /Size {} >> ",
                bytes.len()
            ),
            bytes,
        ));
    }
    assembled(&objects)
}

fn stream(entries: &str, bytes: &[u8]) -> Vec<u8> {
    [
        format!("<< {entries}/Length {} >>\nstream\n", bytes.len()).as_bytes(),
        bytes,
        b"\nendstream",
    ]
    .concat()
}

/// The objects with the header in front and the cross-reference table behind.
fn assembled(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut table = String::from("0000000000 65535 f \n");
    for (index, object) in objects.iter().enumerate() {
        let _ = writeln!(table, "{:010} 00000 n ", out.len());
        out.extend_from_slice(format!("{} 0 obj\n", index + 1).as_bytes());
        out.extend_from_slice(object);
        out.extend_from_slice(b"\nendobj\n");
    }
    let start = out.len();
    let count = objects.len() + 1;
    let tail = format!(
        "xref\n0 {count}\n{table}trailer\n<< /Size {count} /Root 1 0 R /Info 7 0 R >>\nstartxref\n{start}\n%%EOF\n"
    );
    out.extend_from_slice(tail.as_bytes());
    out
}

/// A PDF string literal.
fn literal(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)");
    format!("({escaped})")
}

/// The bytes of WinAnsiEncoding; what it lacks becomes a question mark.
fn windows_1252(text: &str) -> Vec<u8> {
    text.chars()
        .map(|c| match c {
            '€' => 0x80,
            '–' => 0x96,
            '−' => b'-',
            c => u8::try_from(u32::from(c))
                .ok()
                .filter(|byte| !(0x80..0xA0).contains(byte))
                .unwrap_or(b'?'),
        })
        .collect()
}

/// Width of figures in Helvetica, in points.
fn width(text: &str, size: f32) -> f32 {
    let units: u16 = text
        .chars()
        .map(|c| match c {
            '.' | ',' | ' ' => 278,
            '-' | '−' => 333,
            '%' => 889,
            _ => 556,
        })
        .sum();
    f32::from(units) * size / 1000.0
}

/// `1.332,65 €`.
fn money(amount: Decimal) -> String {
    format!("{} €", number(amount, 2))
}

/// A number as it is written in German.
fn number(value: Decimal, decimals: u32) -> String {
    let text = format!("{:.*}", decimals as usize, value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            grouped.push('.');
        }
        grouped.push(digit);
    }
    let sign = if value.is_sign_negative() && !value.is_zero() {
        "−"
    } else {
        ""
    };
    if fraction.is_empty() {
        format!("{sign}{grouped}")
    } else {
        format!("{sign}{grouped},{fraction}")
    }
}

fn short(day: NaiveDate) -> String {
    format!("{:02}.{:02}.{}", day.day(), day.month(), day.year())
}

/// `2. Dezember 2026`.
pub(super) fn day(day: NaiveDate) -> String {
    format!("{}. {}", day.day(), month(day))
}

/// `Dezember 2026`.
pub(super) fn month(day: NaiveDate) -> String {
    const MONTHS: [&str; 12] = [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ];
    format!(
        "{} {}",
        MONTHS.get(day.month0() as usize).copied().unwrap_or_default(),
        day.year()
    )
}

fn unit(code: &str) -> &'static str {
    match code {
        "MON" => "Monat",
        "KWH" => "kWh",
        "MTQ" => "m³",
        "E34" => "GB",
        "HUR" => "Std.",
        _ => "Stück",
    }
}

fn grouped(iban: &str) -> String {
    iban.as_bytes()
        .chunks(4)
        .map(String::from_utf8_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}

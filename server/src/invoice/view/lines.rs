//! The lines of an invoice as a table, with the parts of lines.
use super::{exact, rate_text, words::Words};
use crate::{
    invoice::read::{self, Adjustment, InvoiceDocument, Line},
    paper::{Block, Column},
};
use rust_decimal::Decimal;
use shared::account::Language;

/// The most lines that are set; an invoice of more has them in its XML.
pub const LINES_MAX: usize = 2_000;

/// The lines as a table; parts stand below what they are parts of.
pub(super) fn blocks(words: Words, document: &InvoiceDocument) -> Vec<Block> {
    if document.lines.is_empty() {
        let none = words.of(
            "Diese Rechnung nennt nur Summen, keine Positionen.",
            "This invoice states totals only, no lines.",
        );
        return vec![Block::Paragraph(none.to_owned())];
    }
    let column = |de, en, share, is_number| Column {
        head: words.of(de, en).to_owned(),
        share,
        is_number,
    };
    let columns = vec![
        column("Pos.", "No.", 0.08, false),
        column("Leistung", "Item", 0.36, false),
        column("Menge", "Quantity", 0.16, true),
        column("Einzelpreis", "Price", 0.16, true),
        column("USt.", "VAT", 0.08, true),
        column("Betrag", "Amount", 0.16, true),
    ];
    let all = read::outline(&document.lines);
    let rows = all.iter().take(LINES_MAX);
    let rows = rows.map(|(level, line)| row(words, *level, line, &document.currency));
    let mut blocks = vec![Block::Columns(columns, rows.collect())];
    let left = all.len().saturating_sub(LINES_MAX);
    if left > 0 {
        let more = match words.0 {
            Language::De => format!("{left} weitere Positionen stehen in der XML-Datei."),
            Language::En => format!("{left} more lines are in the XML file."),
        };
        blocks.push(Block::Paragraph(more));
    }
    if all.iter().any(|(level, _)| *level > 0) {
        let parts = words.of(
            "Positionen mit – sind Teile der Position darüber; deren Betrag enthält sie.",
            "Lines with – are parts of the line above, whose amount includes them.",
        );
        blocks.push(Block::Paragraph(parts.to_owned()));
    }
    blocks
}

fn row(words: Words, level: usize, line: &Line, currency: &str) -> Vec<String> {
    let name = line.name.as_deref().unwrap_or_default();
    let mut item = vec![format!("{}{name}", "–\u{a0}".repeat(level))];
    item.extend(line.description.clone());
    item.extend(line.note.clone());
    item.extend(line.period.and_then(|period| words.period(period.start, period.end)));
    let part = |part: &Adjustment, de, en, sign: &str| {
        let reason = part.reason.clone().unwrap_or_else(|| words.of(de, en).to_owned());
        format!("{reason}: {sign}{}", exact(words, part.amount, currency))
    };
    item.extend(
        line.allowances
            .iter()
            .map(|found| part(found, "Nachlass", "Allowance", "−")),
    );
    item.extend(line.charges.iter().map(|found| part(found, "Zuschlag", "Charge", "")));
    item.retain(|text| !text.trim().is_empty());
    let quantity = line.quantity.map(|quantity| {
        let unit = line.unit.as_deref().map(|code| words.unit(code)).unwrap_or_default();
        format!("{} {unit}", words.number(quantity)).trim_end().to_owned()
    });
    let price = line.price.map(|price| {
        let price = words.price(price, currency);
        match line.base_quantity.filter(|base| *base != Decimal::ONE) {
            Some(base) => format!("{price} / {}", words.number(base)),
            None => price,
        }
    });
    vec![
        line.id.clone(),
        item.join("\n"),
        quantity.unwrap_or_default(),
        price.unwrap_or_default(),
        line.vat_rate.map(|rate| rate_text(words, rate)).unwrap_or_default(),
        exact(words, line.net, currency),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    const INVOICE: &str = include_str!("../../../tests/fixtures/invoices/xrechnung-ubl.xml");
    const AMOUNT: &str = "<cbc:LineExtensionAmount currencyID=\"EUR\">249.00</cbc:LineExtensionAmount>";

    fn part(id: &str, name: &str, within: &str) -> String {
        format!(
            "{AMOUNT}<cac:SubInvoiceLine><cbc:ID>{id}</cbc:ID><cbc:InvoicedQuantity unitCode=\"MON\">1</cbc:InvoicedQuantity>\
             {within}<cac:Item><cbc:Name>{name}</cbc:Name></cac:Item></cac:SubInvoiceLine>"
        )
    }

    /// Numbers and items of the table, and the paragraphs below it.
    fn shown(xml: &str, language: Language) -> (Vec<(String, String)>, Vec<String>) {
        let document = read::read(xml.as_bytes()).unwrap();
        let (mut rows, mut texts) = (Vec::new(), Vec::new());
        for block in blocks(Words(language), &document) {
            match block {
                Block::Columns(_, set) => rows.extend(set.into_iter().map(|row| (row[0].clone(), row[1].clone()))),
                Block::Paragraph(text) => texts.push(text),
                other => panic!("{other:?}"),
            }
        }
        (rows, texts)
    }

    #[test]
    fn parts_stand_below_their_line_and_the_page_says_what_they_are() {
        let inner = part("1.1.1", "Leitung", AMOUNT);
        let xml = INVOICE.replacen(AMOUNT, &part("1.1", "Anschluss", &inner), 1);
        let (rows, texts) = shown(&xml, Language::De);
        let first: Vec<_> = rows
            .iter()
            .take(3)
            .map(|(id, item)| (id.as_str(), item.lines().next().unwrap()))
            .collect();
        let expected = [
            ("1", "Internet Business 500"),
            ("1.1", "–\u{a0}Anschluss"),
            ("1.1.1", "–\u{a0}–\u{a0}Leitung"),
        ];
        assert_eq!(first, expected);
        assert_eq!(rows[3].0, "2");
        let said = "Lines with – are parts of the line above, whose amount includes them.";
        assert_eq!((texts.len(), shown(&xml, Language::En).1), (1, vec![said.to_owned()]));
    }

    #[test]
    fn an_invoice_without_parts_says_nothing_of_them() {
        let (rows, texts) = shown(INVOICE, Language::De);
        assert!(rows.iter().all(|(_, item)| !item.starts_with('–')));
        assert_eq!(texts, Vec::<String>::new());
    }
}

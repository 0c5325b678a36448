//! What a mail about invoices that came says.
use super::view::words::Words;
use chrono::NaiveDate;
use shared::{account::Language, invoice::InvoiceKind, money::Amount};

/// Invoices that came together, for one mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The account's name.
    pub account: String,
    /// How many came.
    pub count: usize,
    /// Those that are named one by one.
    pub named: Vec<Named>,
    /// How many originals go with the mail; none if the account does not want them.
    pub enclosed: Option<usize>,
    /// Where they are: absolute.
    pub page: String,
    /// Where such mails are turned off: absolute.
    pub settings: String,
}

/// An invoice that is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its number.
    pub number: String,
    /// The document type code (BT-3).
    pub type_code: String,
    /// The day it was issued.
    pub issued: NaiveDate,
    /// When it is to be paid.
    pub due: Option<NaiveDate>,
    /// Its total with VAT.
    pub total: Amount,
    /// The currency of the total.
    pub currency: String,
}

impl Letter {
    /// Subject and text, without what stands around it in every mail.
    pub fn words(&self, language: Language) -> (String, String) {
        let words = Words(language);
        let one = self.named.first().filter(|_| self.count == 1);
        let account = plain(&self.account);
        let subject = match (one, language) {
            (Some(one), _) => format!("{} {}", kind(words, one), plain(&one.number)),
            (None, Language::De) => format!("{} neue Rechnungen", self.count),
            (None, Language::En) => format!("{} new invoices", self.count),
        };
        let lead = match (one, language) {
            (Some(_), Language::De) => format!("für {account} ist ein neuer Beleg da:"),
            (Some(_), Language::En) => format!("a new document has come for {account}:"),
            (None, Language::De) => format!("für {account} sind {} neue Belege da:", self.count),
            (None, Language::En) => format!("{} new documents have come for {account}:", self.count),
        };
        let mut text = lead;
        text.push_str("\n\n");
        let rows: Vec<String> = self.named.iter().map(|row| line(words, row)).collect();
        text.push_str(&rows.join("\n"));
        let left = self.count.saturating_sub(self.named.len());
        if left > 0 {
            text.push_str(&match language {
                Language::De => format!("\nund {left} weitere"),
                Language::En => format!("\nand {left} more"),
            });
        }
        if let Some(enclosed) = self.enclosed {
            text.push_str("\n\n");
            text.push_str(&match (enclosed == self.count, language) {
                (true, Language::De) => "Die Originale liegen dieser Mail bei.".to_owned(),
                (true, Language::En) => "The originals are enclosed.".to_owned(),
                (false, Language::De) => format!("{enclosed} Originale liegen bei; die anderen sind im Portal."),
                (false, Language::En) => format!("{enclosed} originals are enclosed; the others are in the portal."),
            });
        }
        (subject, text)
    }
}

fn kind(words: Words, row: &Named) -> &'static str {
    words.kind(InvoiceKind::of_type_code(&row.type_code))
}

fn line(words: Words, row: &Named) -> String {
    let amount = words.amount(row.total, &plain(&row.currency));
    let day = words.day(row.issued);
    let is_credit = InvoiceKind::of_type_code(&row.type_code) == InvoiceKind::CreditNote;
    let due = row
        .due
        .filter(|_| !is_credit)
        .map(|due| format!(", {} {}", words.of("fällig am", "due on"), words.day(due)));
    format!(
        "- {} {} {} {day}: {amount}{}",
        kind(words, row),
        plain(&row.number),
        words.of("vom", "of"),
        due.unwrap_or_default(),
    )
}

/// A foreign text cannot add lines or control characters to a mail.
fn plain(text: &str) -> String {
    let words = text.split(|c: char| c.is_control() || c.is_whitespace());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

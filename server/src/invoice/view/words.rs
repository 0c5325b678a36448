//! The words and numbers of an invoice that is shown for reading.
use chrono::NaiveDate;
use rust_decimal::Decimal;
use shared::{account::Language, invoice::InvoiceKind, money::Amount};

/// Writes in a language.
#[derive(Clone, Copy, Debug)]
pub(in crate::invoice) struct Words(pub(in crate::invoice) Language);

impl Words {
    /// The word of this language.
    pub(in crate::invoice) fn of(self, de: &'static str, en: &'static str) -> &'static str {
        match self.0 {
            Language::De => de,
            Language::En => en,
        }
    }

    /// What the document is.
    pub(in crate::invoice) fn kind(self, kind: InvoiceKind) -> &'static str {
        match kind {
            InvoiceKind::Invoice => self.of("Rechnung", "Invoice"),
            InvoiceKind::CreditNote => self.of("Gutschrift", "Credit note"),
            InvoiceKind::Correction => self.of("Korrigierte Rechnung", "Corrected invoice"),
        }
    }

    /// A day in numbers.
    pub(in crate::invoice) fn day(self, day: NaiveDate) -> String {
        day.format(self.of("%d.%m.%Y", "%d/%m/%Y")).to_string()
    }

    /// From a day to another; either may be open.
    pub(in crate::invoice) fn period(self, start: Option<NaiveDate>, end: Option<NaiveDate>) -> Option<String> {
        match (start, end) {
            (Some(start), Some(end)) => Some(format!("{}–{}", self.day(start), self.day(end))),
            (Some(day), None) | (None, Some(day)) => Some(self.day(day)),
            (None, None) => None,
        }
    }

    /// An amount with its currency.
    pub(in crate::invoice) fn amount(self, amount: Amount, currency: &str) -> String {
        let currency = if currency == "EUR" { "€" } else { currency };
        format!("{}\u{a0}{currency}", self.decimal(&amount.to_string()))
    }

    /// A number of any places, without zeros at its end.
    pub(in crate::invoice) fn number(self, number: Decimal) -> String {
        self.decimal(&number.normalize().to_string())
    }

    /// The price of a unit: at least two places.
    pub(in crate::invoice) fn price(self, price: Decimal, currency: &str) -> String {
        let mut shown = price.normalize();
        if shown.scale() < 2 {
            shown.rescale(2);
        }
        let currency = if currency == "EUR" { "€" } else { currency };
        format!("{}\u{a0}{currency}", self.decimal(&shown.to_string()))
    }

    /// Groups of three digits, and the sign between whole and part, as the language writes them.
    fn decimal(self, plain: &str) -> String {
        let (sign, digits) = plain.strip_prefix('-').map_or(("", plain), |digits| ("−", digits));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let mut grouped = String::new();
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                grouped.push_str(self.of(".", ","));
            }
            grouped.push(digit);
        }
        if part.is_empty() {
            format!("{sign}{grouped}")
        } else {
            format!("{sign}{grouped}{}{part}", self.of(",", "."))
        }
    }

    /// A unit (UN/ECE Recommendation 20) as people write it; the code itself where there is no word here.
    pub(in crate::invoice) fn unit(self, code: &str) -> String {
        let word = match code {
            "C62" | "H87" | "EA" | "XPP" => self.of("Stk.", "pcs"),
            "MON" => self.of("Monat(e)", "month(s)"),
            "ANN" => self.of("Jahr(e)", "year(s)"),
            "DAY" => self.of("Tag(e)", "day(s)"),
            "HUR" => self.of("Std.", "h"),
            "MIN" => "min",
            "KWH" => "kWh",
            "MWH" => "MWh",
            "MTQ" => "m³",
            "MTK" => "m²",
            "MTR" => "m",
            "KMT" => "km",
            "LTR" => "l",
            "KGM" => "kg",
            "TNE" => "t",
            "E34" => "GB",
            "LS" => self.of("pauschal", "lump sum"),
            other => other,
        };
        word.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_language_does() {
        let (de, en) = (Words(Language::De), Words(Language::En));
        assert_eq!(de.amount(Amount(-123_456_705), "EUR"), "−1.234.567,05\u{a0}€");
        assert_eq!(en.amount(Amount(123_456), "CHF"), "1,234.56\u{a0}CHF");
        assert_eq!(de.price("0.3214".parse().unwrap(), "EUR"), "0,3214\u{a0}€");
        assert_eq!(en.price("249".parse().unwrap(), "EUR"), "249.00\u{a0}€");
        assert_eq!(de.number("1846.0".parse().unwrap()), "1.846");
    }
}

//! Why files are refused, in German: staff reads it in the office.
use super::{read::Unreadable, report::Refusal};

impl Refusal {
    /// The reason in German; [`ToString`] gives it in English.
    pub fn in_german(&self) -> String {
        match self {
            Self::Unreadable(unreadable) => unreadable.in_german(),
            Self::TooLong { term, limit } => format!("{} ist länger als {limit} Zeichen", term_of(term)),
            Self::NoTotal => {
                "Die Rechnung hat weder eine Summe mit Umsatzsteuer (BT-112) noch einen Zahlbetrag (BT-115)".to_owned()
            }
            Self::BadAmount { term, found } => {
                format!(
                    "{} ist kein Betrag mit höchstens zwei Nachkommastellen: {found}",
                    term_of(term)
                )
            }
            Self::TooSlow(seconds) => format!("Das Lesen dauerte länger als {seconds} Sekunden"),
            Self::ReaderFailed => "Das Lesen ist gescheitert".to_owned(),
            Self::BrokenZip(reason) => format!("Das ZIP ist beschädigt: {reason}"),
            Self::LargeZip => "Im ZIP sind zu viele Dateien, oder sein Inhalt ist zu groß".to_owned(),
            Self::NestedZip => "Ein ZIP in einem ZIP wird nicht gelesen".to_owned(),
        }
    }
}

/// The business term in brackets, which is the same in every language.
fn term_of(term: &str) -> String {
    let number = term.split_once('(').and_then(|(_, rest)| rest.split_once(')'));
    number.map_or_else(
        || format!("Die Angabe „{term}“"),
        |(number, _)| format!("Die Angabe {number}"),
    )
}

impl Unreadable {
    fn in_german(&self) -> String {
        match self {
            Self::TooLarge { size, limit } => format!("Die Datei hat {size} Bytes, mehr als die Grenze von {limit}"),
            Self::NotAnInvoiceFile => "Die Datei ist weder XML noch PDF".to_owned(),
            Self::BadEncoding { found } => format!("Der Text hat nicht die Kodierung, die er nennt ({found})"),
            Self::BrokenXml { line, column, reason } => {
                format!("Das XML ist in Zeile {line}, Spalte {column} beschädigt: {reason}")
            }
            Self::DtdForbidden => {
                "Das XML hat eine Dokumenttyp-Deklaration (DTD), die keine E-Rechnung braucht und die nicht gelesen wird".to_owned()
            }
            Self::TooComplex { what } => format!("Die Datei überschreitet eine Grenze: {what}"),
            Self::WrongRoot { found } => {
                format!("Das XML ist keine Rechnung in UBL, CII oder ZUGFeRD: Sein Wurzelelement ist {found}")
            }
            Self::OtherStandard { found } => format!("Das XML folgt einem anderen Standard: {found}"),
            Self::OrderNotInvoice => "Das Dokument ist eine Bestellung, keine Rechnung".to_owned(),
            Self::PdfBroken { reason } => format!("Das PDF ist beschädigt: {reason}"),
            Self::PdfEncrypted => "Das PDF ist verschlüsselt".to_owned(),
            Self::PdfWithoutInvoice { found } if found.is_empty() => "Im PDF ist keine E-Rechnung".to_owned(),
            Self::PdfWithoutInvoice { found } => format!("Im PDF ist keine E-Rechnung, nur {}", found.join(", ")),
            Self::InflatedTooLarge { limit } => format!("Ein Teil des PDF ist entpackt größer als {limit} Bytes"),
            Self::MissingTerm { term } => {
                let name = match *term {
                    "BT-1" => "Rechnungsnummer",
                    "BT-2" => "Rechnungsdatum",
                    _ => "Währung",
                };
                format!("Der Rechnung fehlt: {name} ({term})")
            }
            Self::BadDate { found } => format!("Das Rechnungsdatum (BT-2) ist kein Datum: {found}"),
            Self::BadAmount { at, found } => format!("Die Summe in {at} ist kein Betrag: {found}"),
        }
    }
}

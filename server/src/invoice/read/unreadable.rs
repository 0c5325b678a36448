//! Why a file is not read as an e-invoice.

/// Why a file is not read as an e-invoice, in words that a clerk can act on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// The file is larger than [`super::FILE_LIMIT`].
    #[error("the file has {size} bytes, more than the limit of {limit}")]
    TooLarge {
        /// Size of the file in bytes.
        size: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// Neither XML nor PDF.
    #[error("the file is neither XML nor PDF")]
    NotAnInvoiceFile,
    /// The text is in no encoding that can be told.
    #[error("the text is not in the encoding that it declares ({found})")]
    BadEncoding {
        /// Declared encoding, or what the bytes failed to be.
        found: String,
    },
    /// The XML is not well-formed, for example cut off.
    #[error("the XML is broken in line {line}, column {column}: {reason}")]
    BrokenXml {
        /// Line, from 1.
        line: u32,
        /// Column, from 1.
        column: u32,
        /// What the parser said.
        reason: String,
    },
    /// The XML has a document type declaration, which could name other files or expand without end.
    #[error("the XML has a document type declaration (DTD), which no e-invoice needs and which is not read")]
    DtdForbidden,
    /// The file is built in a way that only serves to exhaust a reader.
    #[error("the file exceeds the limit for {what}")]
    TooComplex {
        /// Which limit.
        what: &'static str,
    },
    /// The XML is something else than an invoice that can be read.
    #[error("the XML is no invoice in UBL, CII or ZUGFeRD: its root is {found}")]
    WrongRoot {
        /// Root element, with its namespace if it has one.
        found: String,
    },
    /// The XML is an invoice in the standard of another country or time.
    #[error("the XML is a document of another standard: {found}")]
    OtherStandard {
        /// Name of the standard.
        found: &'static str,
    },
    /// The document is an order, not an invoice.
    #[error("the document is an order, not an invoice")]
    OrderNotInvoice,
    /// The PDF cannot be taken apart, for example because it is cut off.
    #[error("the PDF is broken: {reason}")]
    PdfBroken {
        /// What the parser said.
        reason: String,
    },
    /// The PDF is locked by a password.
    #[error("the PDF is encrypted")]
    PdfEncrypted,
    /// The PDF has no e-invoice in it.
    #[error("the PDF contains no e-invoice{}", named(.found))]
    PdfWithoutInvoice {
        /// Cleaned names of the files that are in it.
        found: Vec<String>,
    },
    /// A part of the PDF unpacks to more than [`super::INFLATED_LIMIT`].
    #[error("a part of the PDF unpacks to more than {limit} bytes")]
    InflatedTooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// A business term is missing without which there is no invoice.
    #[error("the invoice has no {} ({term})", term_name(.term))]
    MissingTerm {
        /// `BT-1`, `BT-2` or `BT-5`.
        term: &'static str,
    },
    /// The issue date is not a date.
    #[error("the issue date (BT-2) is not a date: {found}")]
    BadDate {
        /// What stands there, shortened.
        found: String,
    },
    /// A total is not an amount with at most two decimals.
    #[error("the total in {at} is not an amount: {found}")]
    BadAmount {
        /// Element that holds the total.
        at: String,
        /// What stands there, shortened.
        found: String,
    },
}

/// The files found, as the end of a sentence.
fn named(found: &[String]) -> String {
    if found.is_empty() {
        String::new()
    } else {
        format!(", only {}", found.join(", "))
    }
}

fn term_name(term: &str) -> &'static str {
    match term {
        "BT-1" => "number",
        "BT-2" => "issue date",
        _ => "currency",
    }
}

/// At most the first 80 characters of a foreign text, without control characters, so that it fits into a sentence.
pub(super) fn shortened(text: &str) -> String {
    let mut short: String = text.chars().filter(|c| !c.is_control()).take(80).collect();
    if text.chars().count() > 80 {
        short.push('…');
    }
    short
}

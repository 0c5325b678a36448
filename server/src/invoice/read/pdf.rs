//! The files within a hybrid PDF (PDF/A-3, Factur-X, ZUGFeRD), and which of them is the invoice.

use en16931_formats::zugferd::{self, Limits};

use super::document::Syntax;
use super::unreadable::{Unreadable, shortened};
use super::{EMBEDDED_LIMIT, FILE_LIMIT, INFLATED_LIMIT, encoding, file_name, page, unlisted, xml};

/// Names that the standards give to the invoice, newest first; upper and lower case are the same.
const INVOICE_NAMES: [&str; 3] = ["factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml"];

/// A PDF taken apart.
#[derive(Debug)]
pub(super) struct Hybrid {
    /// Name of the invoice as the PDF has it.
    pub name: String,
    /// The invoice, byte for byte.
    pub xml: Vec<u8>,
    /// Name and bytes of the other files.
    pub others: Vec<(String, Vec<u8>)>,
    /// What can be read on the pages; empty where nothing can.
    pub pages: String,
}

/// Takes the embedded files out of a PDF and picks the invoice: by the standards' names, else any XML whose root is
/// one; of several the newest standard wins.
///
/// # Errors
/// [`Unreadable::PdfBroken`], [`Unreadable::PdfEncrypted`], [`Unreadable::InflatedTooLarge`],
/// [`Unreadable::PdfWithoutInvoice`], or what is wrong with the XML that has the name of an invoice.
pub(super) fn open(bytes: &[u8]) -> Result<Hybrid, Unreadable> {
    let limits = Limits::new()
        .with_max_stream_bytes(INFLATED_LIMIT)
        .with_max_total_bytes(INFLATED_LIMIT);
    let start = bytes.windows(5).position(|window| window == b"%PDF-").unwrap_or(0);
    let files = zugferd::embedded_files(&bytes[start..], &limits);
    let mut files: Vec<(String, Vec<u8>)> = match files {
        Ok(files) => files.into_iter().collect(),
        Err(zugferd::Error::LimitExceeded { .. }) => {
            return Err(Unreadable::InflatedTooLarge { limit: INFLATED_LIMIT });
        }
        Err(_) if is_encrypted(bytes) => return Err(Unreadable::PdfEncrypted),
        Err(zugferd::Error::Pdf(reason)) => {
            return Err(Unreadable::PdfBroken {
                reason: shortened(&reason),
            });
        }
        Err(error) => {
            return Err(Unreadable::PdfBroken {
                reason: shortened(&error.to_string()),
            });
        }
    };
    if files.len() > EMBEDDED_LIMIT {
        return Err(Unreadable::TooComplex { what: "files in a PDF" });
    }
    // The PDF passed the limits above, which also bounds what this second look unpacks.
    let document = load(&bytes[start..]);
    files.sort_by_key(|(name, _)| rank(name));
    let mut chosen = choose(&files);
    if let (Err(Unreadable::PdfWithoutInvoice { .. }), Some(document)) = (&chosen, &document) {
        files.extend(unlisted::files(document, INFLATED_LIMIT)?);
        files.sort_by_key(|(name, _)| rank(name));
        chosen = choose(&files);
    }
    match chosen {
        Ok(index) => {
            let (name, xml) = files.remove(index);
            Ok(Hybrid {
                name,
                xml,
                others: files,
                pages: document.as_ref().map(page::text).unwrap_or_default(),
            })
        }
        Err(Unreadable::PdfWithoutInvoice { .. }) if is_encrypted(bytes) => Err(Unreadable::PdfEncrypted),
        Err(error) => Err(error),
    }
}

fn load(bytes: &[u8]) -> Option<lopdf::Document> {
    let options = lopdf::LoadOptions {
        max_decompressed_size: Some(INFLATED_LIMIT),
        ..lopdf::LoadOptions::default()
    };
    lopdf::Document::load_mem_with_options(bytes, options).ok()
}

fn rank(name: &str) -> usize {
    INVOICE_NAMES
        .iter()
        .position(|known| name.eq_ignore_ascii_case(known))
        .unwrap_or(INVOICE_NAMES.len())
}

/// Index of the invoice among `files`, which are sorted by [`rank`].
fn choose(files: &[(String, Vec<u8>)]) -> Result<usize, Unreadable> {
    let mut older = None;
    let mut order = false;
    let mut refusal = None;
    for (index, (name, bytes)) in files.iter().enumerate() {
        let is_named = rank(name) < INVOICE_NAMES.len();
        if !is_named && !name.to_lowercase().ends_with(".xml") {
            continue;
        }
        match syntax(bytes) {
            Ok(Syntax::Zugferd1) => older = older.or(Some(index)),
            Ok(_) => return Ok(index),
            Err(Unreadable::OrderNotInvoice) => order = true,
            Err(error) if is_named => refusal = refusal.or(Some(error)),
            Err(_) => {}
        }
    }
    if let Some(index) = older {
        return Ok(index);
    }
    if order {
        return Err(Unreadable::OrderNotInvoice);
    }
    Err(refusal.unwrap_or_else(|| {
        let found = files
            .iter()
            .take(10)
            .map(|(name, _)| file_name::clean(name, ""))
            .collect();
        Unreadable::PdfWithoutInvoice { found }
    }))
}

fn syntax(bytes: &[u8]) -> Result<Syntax, Unreadable> {
    if bytes.len() > FILE_LIMIT {
        return Err(Unreadable::TooLarge {
            size: bytes.len(),
            limit: FILE_LIMIT,
        });
    }
    let text = encoding::decode(bytes)?;
    xml::syntax(xml::parse(&text.body)?.root_element())
}

/// The trailer of an encrypted PDF names its encryption dictionary in the clear (ISO 32000-1, section 7.6.1).
fn is_encrypted(bytes: &[u8]) -> bool {
    bytes.windows(8).any(|window| window == b"/Encrypt")
}

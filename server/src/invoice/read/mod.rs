//! Reads e-invoices: UBL 2.1, CII D16B, ZUGFeRD 1, and PDFs that carry one of them.
//!
//! A file is told by its content, never by its name. Every step runs within the limits below, touches no network and
//! no other file; reading is plain computation, so callers in async code run it on a blocking thread with a time limit.
//! What comes out is [`InvoiceDocument`], our own type: the library behind it can be changed without a migration.

mod beyond;
mod document;
mod encoding;
mod file_name;
mod page;
mod pdf;
mod standard;
mod sums;
mod terms;
mod unlisted;
mod unreadable;
mod xml;
mod zugferd1;

pub use document::{
    Account, Adjustment, Attachment, Finding, Identifier, InvoiceDocument, Line, Party, Payment, Period,
    PrecedingInvoice, Profile, Syntax, Totals, VatBreakdown, Weight, levels, outline,
};
pub use unreadable::Unreadable;

use rust_decimal::Decimal;

/// Largest file that is read, in bytes: 10 MiB.
pub const FILE_LIMIT: usize = 10 * 1024 * 1024;
/// Most bytes that all parts of one PDF may unpack to: 32 MiB.
pub const INFLATED_LIMIT: usize = 32 * 1024 * 1024;
/// Deepest nesting of XML elements; an invoice needs about 12.
pub const DEPTH_LIMIT: usize = 64;
/// Most nodes (elements and texts) of an XML file; ten thousand lines need about two thirds of it.
pub const NODE_LIMIT: u32 = 1_000_000;
/// Most lines, sub-lines included.
pub const LINE_LIMIT: usize = 20_000;
/// Most levels of lines within a line.
pub const SUB_LINE_DEPTH_LIMIT: usize = 16;
/// Amounts beyond this are no amounts of an invoice; sums of them stay within what a decimal holds.
const AMOUNT_LIMIT: Decimal = Decimal::from_parts(0xA4C6_8000, 0x0003_8D7E, 0, false, 0);
/// Most files within one PDF.
pub const EMBEDDED_LIMIT: usize = 1_000;

/// Reads an e-invoice of any supported syntax.
///
/// # Errors
/// [`Unreadable`] says why the file is none, or which of BT-1, BT-2 and BT-5 it lacks. Sums that do not add up are no
/// error but [`InvoiceDocument::findings`].
pub fn read(bytes: &[u8]) -> Result<InvoiceDocument, Unreadable> {
    contents(bytes).map(|contents| contents.document)
}

/// The bytes of the attachment at `index` of [`InvoiceDocument::attachments`], from the original file; none if there
/// are fewer.
///
/// # Errors
/// As [`read`].
pub fn attachment(bytes: &[u8], index: usize) -> Result<Option<Vec<u8>>, Unreadable> {
    contents(bytes).map(|contents| contents.files.into_iter().nth(index))
}

/// The XML that a hybrid PDF carries, byte for byte; none if the file is no PDF.
///
/// # Errors
/// As [`read`].
pub fn embedded_xml(bytes: &[u8]) -> Result<Option<Vec<u8>>, Unreadable> {
    within_limit(bytes)?;
    if is_pdf(bytes) {
        pdf::open(bytes).map(|hybrid| Some(hybrid.xml))
    } else {
        Ok(None)
    }
}

/// An invoice with the contents of its attachments, in the same order.
struct Contents {
    document: InvoiceDocument,
    files: Vec<Vec<u8>>,
}

fn contents(bytes: &[u8]) -> Result<Contents, Unreadable> {
    within_limit(bytes)?;
    let mut contents = if is_pdf(bytes) {
        let hybrid = pdf::open(bytes)?;
        let mut contents = read_xml(&hybrid.xml)?;
        contents
            .document
            .findings
            .extend(page::check(&hybrid.pages, &contents.document));
        contents.document.embedded_name = Some(file_name::clean(&hybrid.name, "application/xml"));
        for (name, file) in hybrid.others {
            let name = file_name::clean(&name, "");
            contents.document.attachments.push(Attachment {
                media_type: file_name::media_type_of(&name).to_owned(),
                name,
                size: file.len() as u64,
                description: None,
            });
            contents.files.push(file);
        }
        contents
    } else if is_xml(bytes) {
        read_xml(bytes)?
    } else {
        return Err(Unreadable::NotAnInvoiceFile);
    };
    let mut taken = std::collections::BTreeSet::new();
    for attachment in &mut contents.document.attachments {
        attachment.name = file_name::unique(std::mem::take(&mut attachment.name), &mut taken);
    }
    let sums = sums::check(&contents.document);
    contents.document.findings.extend(sums);
    let terms = terms::check(&contents.document);
    contents.document.findings.extend(terms);
    Ok(contents)
}

fn within_limit(bytes: &[u8]) -> Result<(), Unreadable> {
    if bytes.len() > FILE_LIMIT {
        return Err(Unreadable::TooLarge {
            size: bytes.len(),
            limit: FILE_LIMIT,
        });
    }
    Ok(())
}

/// ISO 32000-1 lets a few bytes stand before the header; readers accept it within the first kilobyte.
fn is_pdf(bytes: &[u8]) -> bool {
    !is_xml(bytes) && bytes.windows(5).take(1024).any(|window| window == b"%PDF-")
}

fn is_xml(bytes: &[u8]) -> bool {
    let marked = [&b"\xFF\xFE<"[..], b"\xFE\xFF\0<", b"<\0", b"\0<"]
        .iter()
        .any(|mark| bytes.starts_with(mark));
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    marked || bytes.trim_ascii_start().starts_with(b"<")
}

fn read_xml(bytes: &[u8]) -> Result<Contents, Unreadable> {
    within_limit(bytes)?;
    let text = encoding::decode(bytes)?;
    let tree = xml::parse(&text.body)?;
    let syntax = xml::syntax(tree.root_element())?;
    let mut contents = match syntax {
        Syntax::Zugferd1 => Contents {
            document: zugferd1::map(tree.root_element())?,
            files: Vec::new(),
        },
        _ => standard::map(&text.body, tree, syntax)?,
    };
    if let Some(declared) = text.misdeclared {
        contents.document.findings.push(Finding {
            rule: "ENCODING".to_owned(),
            weight: Weight::Notice,
            params: [("declared".to_owned(), unreadable::shortened(&declared))].into(),
        });
    }
    Ok(contents)
}

/// The term, or the error that it is missing.
fn require<T>(term: &'static str, value: Option<T>) -> Result<T, Unreadable> {
    value.ok_or(Unreadable::MissingTerm { term })
}

/// A name on one line: inner line breaks and runs of spaces become one space.
fn single_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

//! The files of an invoice: the original byte for byte, the XML in it, a PDF for reading, and what was attached.
use super::{
    list,
    read::{self, InvoiceDocument},
    view::{self, View},
};
use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::invoice,
    error::{Error, Result},
    file,
};
use anyhow::{Context, anyhow};
use sea_orm::{EntityTrait, QueryFilter};
use shared::{
    account::{Language, Right},
    id::InvoiceId,
};

/// Which file of an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// As it came.
    Original,
    /// The XML: the original, or what a hybrid PDF carries.
    Xml,
    /// The PDF: the original, or one that is made for reading, in this language.
    Pdf(Language),
    /// The n-th file that came with it.
    Attachment(usize),
}

/// A file to be saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoiceFile {
    /// Its name, cleaned.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// A file of an invoice of the account in view. That it was fetched is in the log.
///
/// # Errors
/// [`Error::Forbidden`] without the right to see invoices; [`Error::NotFound`] for invoices of others and attachments
/// that are none; and if the original is no longer what it was.
pub async fn fetch(app: &App, actor: &Actor, id: InvoiceId, part: Part) -> Result<InvoiceFile> {
    let account = actor.require(Right::SeeInvoices)?;
    let found = invoice::Entity::find_by_id(id).filter(list::shown(account.id));
    let row = found.one(&app.db).await?.ok_or(Error::NotFound("invoice"))?;
    let bytes = app.files.get(&row.sha256).await?;
    let file = tokio::task::spawn_blocking(move || part_of(row, bytes, part))
        .await
        .context("a task that makes a file ended early")??;
    let tx = app.begin().await?;
    audit::record(&tx, app, Some(actor), "downloadInvoice", Some(id.to_string()), true).await?;
    tx.commit().await?;
    Ok(file)
}

/// The name of a file that is made of an invoice.
fn named(number: &str, extension: &str) -> String {
    let safe: String = number
        .chars()
        .map(|c| if "/\\:".contains(c) { '-' } else { c })
        .collect();
    file::clean_name(&format!("{safe}.{extension}"))
}

fn part_of(row: invoice::Model, bytes: Vec<u8>, part: Part) -> Result<InvoiceFile> {
    let is_pdf = row.media_type == "application/pdf";
    let unreadable = |error: read::Unreadable| Error::from(anyhow!("an invoice is no longer read: {error}"));
    let original = |bytes| InvoiceFile {
        name: row.file_name.clone(),
        media_type: row.media_type.clone(),
        bytes,
    };
    match part {
        Part::Original => Ok(original(bytes)),
        Part::Pdf(_) if is_pdf => Ok(original(bytes)),
        Part::Xml => {
            let xml = read::embedded_xml(&bytes).map_err(unreadable)?.unwrap_or(bytes);
            Ok(InvoiceFile {
                name: named(&row.number, "xml"),
                media_type: "application/xml".to_owned(),
                bytes: xml,
            })
        }
        Part::Pdf(language) => {
            let document: InvoiceDocument =
                serde_json::from_str(&row.document).with_context(|| format!("the document of invoice {}", row.id))?;
            let view = View {
                document,
                gross_total: row.gross_total,
                payable: row.payable,
                paid: row.paid_total.map(|paid| (paid, row.paid_on)),
                xml: bytes,
                xml_name: named(&row.number, "xml"),
                received_at: row.created_at,
                language,
            };
            Ok(InvoiceFile {
                name: named(&row.number, "pdf"),
                media_type: "application/pdf".to_owned(),
                bytes: view::pdf(view)?,
            })
        }
        Part::Attachment(index) => {
            let document = read::read(&bytes).map_err(unreadable)?;
            let about = document.attachments.into_iter().nth(index);
            let found = read::attachment(&bytes, index).map_err(unreadable)?;
            let (about, bytes) = about.zip(found).ok_or(Error::NotFound("attachment"))?;
            Ok(InvoiceFile {
                name: about.name,
                media_type: harmless(&about.media_type).to_owned(),
                bytes,
            })
        }
    }
}

/// The media types that EN 16931 lets be attached (BT-125); a browser is told of no other.
fn harmless(media_type: &str) -> &str {
    match media_type {
        "application/pdf"
        | "image/png"
        | "image/jpeg"
        | "text/csv"
        | "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        | "application/vnd.oasis.opendocument.spreadsheet" => media_type,
        _ => "application/octet-stream",
    }
}

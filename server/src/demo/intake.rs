//! What waits in the office of the demo: an invoice without a customer, one that contradicts itself, and one that came
//! twice; uploaded as staff uploads, and read as soon as the demo serves.
use super::invoices::{self, BAKERY};
use crate::{actor::Actor, app::App, file, invoice::intake};
use anyhow::Context;

/// Uploads the three files.
pub(super) async fn add(app: &App, staff: &Actor) -> anyhow::Result<()> {
    let made = invoices::demo_invoices(app.clock.today())?.into_iter();
    let text = made
        .filter(|made| made.customer_number == BAKERY.number)
        .filter_map(|made| {
            Some((
                made.file_name.strip_suffix(".xml")?.to_owned(),
                String::from_utf8(made.bytes).ok()?,
            ))
        })
        .next_back();
    let (number, text) = text.context("an XML invoice of the bakery")?;
    let total = text
        .split_once("<cbc:PayableAmount currencyID=\"EUR\">")
        .and_then(|(_, rest)| rest.split_once('<'))
        .map(|(total, _)| total.to_owned())
        .context("an amount to pay")?;
    let files = [
        (
            "RE-4711-neu.xml",
            text.replace(&number, "RE-4711")
                .replace(&format!(">{}<", BAKERY.number), ">K-4711<")
                .replace(BAKERY.name, "Backhaus Öztürk e. K."),
        ),
        (
            "RE-4712.xml",
            text.replace(&number, "RE-4712")
                .replace(&format!(">{total}</cbc:PayableAmount>"), ">999.00</cbc:PayableAmount>"),
        ),
        ("Korrigiert.xml", format!("{text}<!-- sent once more -->")),
    ];
    let mut ids = Vec::with_capacity(files.len());
    for (name, text) in files {
        ids.push(file::upload(app, staff, name, text.into_bytes()).await?);
    }
    intake::upload(app, staff, &ids, None).await?;
    Ok(())
}

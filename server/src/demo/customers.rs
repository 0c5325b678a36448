//! Invented customers who wait for their access, brought in as a file.
use crate::{
    app::App,
    invoice::import::Operator,
    office::{Author, import::import},
};
use anyhow::ensure;
use shared::customer::CustomerVerdict;

const FILE: &str = "Kundennummer;Name;E-Mail;Straße;PLZ;Ort;Sprache\n\
    103870;Gasthof Lohmann;info@gasthof-lohmann.example;Am Markt 2;46045;Oberhausen;de\n\
    104019;Praxis Dr. Yıldız;praxis@dr-yildiz.example;Friedensplatz 9;46045;Oberhausen;de\n\
    104155;Nora Whitfield;nora.whitfield@mieter.example;Lindenhof 11;46047;Oberhausen;en\n\
    104402;Kleingartenverein Emscherblick;;Gartenweg 1;46049;Oberhausen;de\n";

/// Makes them; what is there already stays.
pub(super) async fn prepare(app: &App) -> anyhow::Result<()> {
    let report = import(app, Author::Operator(Operator), FILE.as_bytes().to_vec()).await?;
    ensure!(
        report.count(CustomerVerdict::Refused) == 0,
        "a row of the demo's customers was refused"
    );
    Ok(())
}

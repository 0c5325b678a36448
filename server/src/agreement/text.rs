//! The text of an agreement, filled for a contract, as a PDF: the same facts always give the same bytes, so that its
//! SHA-256 names what was agreed.
use crate::{
    entity::{account, agreement_template, contract, product},
    face::Face,
    paper::{Block, Enclosed, Paper, Relation, letterhead::Letterhead, markdown, pdf},
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use shared::account::Language;

/// All that an agreement speaks of.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// The provider.
    pub face: &'a Face,
    /// How the provider shows on paper.
    pub letterhead: &'a Letterhead,
    /// The customer.
    pub account: &'a account::Model,
    /// The contract.
    pub contract: &'a contract::Model,
    /// Its product.
    pub product: &'a product::Model,
    /// The version of the text.
    pub template: &'a agreement_template::Model,
    /// In which language.
    pub language: Language,
}

/// How an agreement came about.
#[derive(Clone, Debug)]
pub struct Evidence<'a> {
    /// The PDF that was agreed.
    pub text: Vec<u8>,
    /// Its SHA-256.
    pub sha256: &'a str,
    /// Who signed.
    pub signer_name: &'a str,
    /// As what.
    pub signer_role: &'a str,
    /// What the person signed in as.
    pub user: &'a str,
    /// Where from.
    pub ip: Option<&'a str>,
    /// When.
    pub at: DateTime<Utc>,
    /// Where the provider is.
    pub zone: Tz,
}

/// The text that ships with the program.
pub fn neutral(language: Language) -> &'static str {
    match language {
        Language::De => include_str!("texts/neutral.de.md"),
        Language::En => include_str!("texts/neutral.en.md"),
    }
}

/// What an agreement is called.
pub fn title(language: Language) -> &'static str {
    match language {
        Language::De => "Vereinbarung zur Auftragsverarbeitung",
        Language::En => "Data processing agreement",
    }
}

/// The name of a product.
pub fn product_name(product: &product::Model, language: Language) -> &str {
    match language {
        Language::De => &product.name_de,
        Language::En => &product.name_en,
    }
}

/// The text as a PDF.
///
/// # Errors
/// If it cannot be set.
pub fn agreed(facts: &Facts<'_>) -> anyhow::Result<Vec<u8>> {
    pdf(&paper(facts))
}

/// The text with a page of evidence, carrying the PDF that was agreed.
///
/// # Errors
/// If it cannot be set.
pub fn with_evidence(facts: &Facts<'_>, evidence: Evidence<'_>) -> anyhow::Result<Vec<u8>> {
    let mut paper = paper(facts);
    let german = facts.language == Language::De;
    let word = |de: &str, en: &str| if german { de } else { en }.to_owned();
    let version = facts.template.version.to_string();
    let local = evidence.at.with_timezone(&evidence.zone);
    let rows = [
        (word("Version des Textes", "Version of the text"), version),
        (
            word("SHA-256 des vereinbarten PDF", "SHA-256 of the agreed PDF"),
            evidence.sha256.to_owned(),
        ),
        (word("Unterzeichnet von", "Signed by"), evidence.signer_name.to_owned()),
        (word("Funktion", "Role"), evidence.signer_role.to_owned()),
        (word("Angemeldet als", "Signed in as"), evidence.user.to_owned()),
        (
            word("Für", "For"),
            format!("{} ({})", facts.account.name, facts.account.number),
        ),
        (
            word("Zeitpunkt (UTC)", "Time (UTC)"),
            evidence.at.format("%Y-%m-%d %H:%M:%S").to_string(),
        ),
        (
            word("Zeitpunkt (Ortszeit)", "Time (local)"),
            local.format("%Y-%m-%d %H:%M:%S %Z").to_string(),
        ),
        (word("IP-Adresse", "IP address"), evidence.ip.unwrap_or("–").to_owned()),
    ];
    paper.blocks.extend([
        Block::Break,
        Block::Heading(1, word("Nachweis über den Abschluss", "Evidence of the conclusion")),
        Block::Paragraph(word(
            "Die Vereinbarung wurde elektronisch im Kundenportal geschlossen (Artikel 28 Absatz 9 DSGVO). Die Person \
             hat sich unmittelbar davor erneut ausgewiesen und dem Text ausdrücklich zugestimmt. Das vereinbarte PDF \
             liegt dieser Datei unverändert bei.",
            "The agreement was concluded electronically in the customer portal (Article 28(9) GDPR). The person proved \
             anew who they are just before and agreed to the text expressly. The agreed PDF is enclosed in this file \
             unchanged.",
        )),
        Block::Facts(rows.into()),
    ]);
    paper.date = evidence.at;
    paper.enclosed = Some(Enclosed {
        name: word("Vereinbarung.pdf", "Agreement.pdf"),
        description: word("Das vereinbarte PDF", "The agreed PDF"),
        media_type: "application/pdf",
        relation: Relation::Source,
        bytes: evidence.text,
    });
    pdf(&paper)
}

fn paper(facts: &Facts<'_>) -> Paper {
    let Facts {
        face,
        letterhead,
        account,
        contract,
        product,
        template,
        language,
    } = facts;
    let text = match language {
        Language::De => &template.german,
        Language::En => &template.english,
    };
    let name = product_name(product, *language);
    let (number, version) = match language {
        Language::De => ("Vertrag", "Version"),
        Language::En => ("Contract", "Version"),
    };
    Paper {
        title: title(*language).to_owned(),
        language: *language,
        author: face.name.clone(),
        letterhead: (*letterhead).clone(),
        foot: format!("{number} {} · {version} {}", contract.number, template.version),
        date: template.published_at.unwrap_or(template.edited_at),
        blocks: markdown::blocks(&fill(
            text,
            &[
                ("{provider}", &face.name),
                ("{provider_address}", face.address.as_deref().unwrap_or("–")),
                ("{customer}", &account.name),
                ("{customer_address}", &address(account)),
                ("{customer_number}", &account.number),
                ("{product}", name),
                ("{contract}", &contract.number),
                ("{version}", &template.version.to_string()),
            ],
        )),
        enclosed: None,
    }
}

fn address(account: &account::Model) -> String {
    let city: Vec<_> = [&account.postal_code, &account.city]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    let lines = [account.street.clone().unwrap_or_default(), city.join(" ")];
    let known: Vec<_> = lines.into_iter().filter(|line| !line.trim().is_empty()).collect();
    if known.is_empty() {
        "–".to_owned()
    } else {
        known.join(", ")
    }
}

/// Puts values in place of fields. A value is text: signs that Markdown reads are escaped, and a field within a value
/// is none.
fn fill(text: &str, fields: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        let (before, after) = rest.split_at(start);
        filled.push_str(before);
        match fields.iter().find(|(field, _)| after.starts_with(field)) {
            Some((field, value)) => {
                for c in value.chars() {
                    if c.is_ascii_punctuation() {
                        filled.push('\\');
                    }
                    filled.push(if c.is_control() { ' ' } else { c });
                }
                rest = after.get(field.len()..).unwrap_or_default();
            }
            None => {
                filled.push('{');
                rest = after.get(1..).unwrap_or_default();
            }
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_text_and_nothing_else() {
        let fields = [("{a}", "x | *y*\n# {b}"), ("{b}", "no")];
        assert_eq!(fill("1 {a} {c} {b}", &fields), "1 x \\| \\*y\\* \\# \\{b\\} {c} no");
    }

    #[test]
    fn the_neutral_texts_have_all_that_article_28_asks_for() {
        for (language, words) in [
            (
                Language::De,
                [
                    "dokumentierte Weisung",
                    "Vertraulichkeit",
                    "Artikel 32",
                    "§ 6",
                    "Kapitel III",
                    "32 bis 36",
                    "löscht",
                    "Inspektionen",
                    "Anlage 1",
                    "Anlage 2",
                ],
            ),
            (
                Language::En,
                [
                    "documented instructions",
                    "confidentiality",
                    "Article 32",
                    "section 6",
                    "Chapter III",
                    "32 to 36",
                    "erases",
                    "inspections",
                    "Annex 1",
                    "Annex 2",
                ],
            ),
        ] {
            let text = neutral(language);
            for word in words {
                assert!(text.contains(word), "{language:?}: {word}");
            }
            for field in ["{provider}", "{customer}", "{product}", "{contract}", "{version}"] {
                assert!(text.contains(field), "{language:?}: {field}");
            }
        }
    }
}

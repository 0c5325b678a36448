//! Papers of any length as PDF: what letters, agreements and other documents of the provider share. Each is PDF/A for
//! keeping (ISO 19005) and PDF/UA-1 for reading aloud (ISO 14289-1), with embedded faces and without a network.
mod draw;
mod flow;
pub mod letterhead;
pub mod markdown;
pub(crate) mod typeset;

use anyhow::anyhow;
use chrono::{DateTime, Datelike, Timelike, Utc};
use krilla::{
    Document, SerializeSettings,
    configure::{Accessibility, Archival, ConfigurationBuilder},
    embed::{AssociationKind, EmbeddedFile, MimeType},
    metadata::{self, Metadata},
};
use letterhead::{Letterhead, Picture};
use shared::account::Language;

/// A paper before it is set. The same paper always gives the same bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Paper {
    /// The title, as readers and the head of each page show it.
    pub title: String,
    /// The language of the text.
    pub language: Language,
    /// The provider's name, at the head of each page.
    pub author: String,
    /// How the provider shows at the head of each page.
    pub letterhead: Letterhead,
    /// What stands at the foot of each page, beside its number.
    pub foot: String,
    /// When it was written.
    pub date: DateTime<Utc>,
    /// The text.
    pub blocks: Vec<Block>,
    /// A file that the PDF carries. With one it is PDF/A-3a, without PDF/A-2a.
    pub enclosed: Option<Enclosed>,
}

/// A file within a PDF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enclosed {
    /// What it is called.
    pub name: String,
    /// What it is, for people.
    pub description: String,
    /// Its media type (RFC 6838).
    pub media_type: &'static str,
    /// What it is to the PDF.
    pub relation: Relation,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// What a file is to the PDF that carries it (ISO 32000-2, AFRelationship).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// The PDF was made from it.
    Source,
    /// Some of what the PDF shows.
    Data,
    /// All of what the PDF shows, for programs.
    Alternative,
}

impl From<Relation> for AssociationKind {
    fn from(relation: Relation) -> Self {
        match relation {
            Relation::Source => Self::Source,
            Relation::Data => Self::Data,
            Relation::Alternative => Self::Alternative,
        }
    }
}

/// A part of a text, from one line end to the next or more.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A heading of level 1 to 6.
    Heading(u16, String),
    /// A paragraph.
    Paragraph(String),
    /// A list, each item with what stands before it.
    List(Vec<Item>),
    /// Rows of a name and what it stands for.
    Facts(Vec<(String, String)>),
    /// A table: the heads of the columns, then the rows.
    Table(Vec<String>, Vec<Vec<String>>),
    /// A table whose columns have widths and sides of their own.
    Columns(Vec<Column>, Vec<Vec<String>>),
    /// Sums: what, how much, and whether it is what counts.
    Sums(Vec<(String, String, bool)>),
    /// What follows begins on a new page.
    Break,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its head.
    pub head: String,
    /// Its share of the width; all shares together are 1.
    pub share: f32,
    /// Whether it holds numbers, which stand at its right edge.
    pub is_number: bool,
}

/// An item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The number or sign before it.
    pub label: String,
    /// The text.
    pub text: String,
    /// 0 for the outermost list.
    pub depth: u8,
}

/// That a picture can stand on a paper: that it can be read, and drawn as PDF/A and PDF/UA ask.
///
/// # Errors
/// If it cannot.
pub fn check(logo: Picture) -> anyhow::Result<()> {
    let letterhead = Letterhead {
        logo: Some(logo),
        accent: None,
    };
    let blocks = vec![Block::Heading(1, "Logo".to_owned())];
    let paper = Paper {
        title: "Logo".to_owned(),
        language: Language::De,
        author: "Keyhaus".to_owned(),
        letterhead,
        foot: String::new(),
        date: DateTime::UNIX_EPOCH,
        blocks,
        enclosed: None,
    };
    pdf(&paper).map(drop)
}

/// The PDF of a paper.
///
/// # Errors
/// If it cannot be made as the standards ask.
pub fn pdf(paper: &Paper) -> anyhow::Result<Vec<u8>> {
    let archival = if paper.enclosed.is_some() {
        Archival::A3_A
    } else {
        Archival::A2_A
    };
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(archival)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| anyhow!("the standards do not go together: {error:?}"))?;
    let mut document = Document::new_with(SerializeSettings {
        configuration,
        enable_tagging: true,
        ..SerializeSettings::default()
    });
    flow::fill(&mut document, paper)?;
    document.set_metadata(
        Metadata::new()
            .title(paper.title.clone())
            .language(tag(paper.language).to_owned())
            .authors(vec![paper.author.clone()])
            .creator("Keyhaus".to_owned())
            .creation_date(date(paper.date)),
    );
    if let Some(enclosed) = &paper.enclosed {
        document.embed_file(EmbeddedFile {
            path: enclosed.name.clone(),
            mime_type: MimeType::new(enclosed.media_type),
            description: Some(enclosed.description.clone()),
            association_kind: enclosed.relation.into(),
            data: enclosed.bytes.clone().into(),
            modification_date: Some(date(paper.date)),
            compress: Some(false),
            location: None,
        });
    }
    document
        .finish()
        .map_err(|error| anyhow!("the paper does not fit PDF/A: {error:?}"))
}

/// The name of a language (RFC 5646).
pub(crate) fn tag(language: Language) -> &'static str {
    match language {
        Language::De => "de",
        Language::En => "en",
    }
}

fn date(at: DateTime<Utc>) -> metadata::DateTime {
    let small = |number: u32| u8::try_from(number).unwrap_or_default();
    metadata::DateTime::new(u16::try_from(at.year()).unwrap_or_default())
        .month(small(at.month()))
        .day(small(at.day()))
        .hour(small(at.hour()))
        .minute(small(at.minute()))
        .second(small(at.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}

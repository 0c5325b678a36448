//! The access letter as a PDF: PDF/A-2a for keeping (ISO 19005-2), PDF/UA-1 for reading aloud (ISO 14289-1), with the
//! address where a window envelope shows it (DIN 5008 form B).
use super::{
    AccessLetter,
    words::{Words, words},
};
use crate::paper::letterhead::Edge;
use crate::paper::typeset::{MM, Place, Style, Typesetter, rule};
use anyhow::{Context, anyhow};
use chrono::Datelike;
use krilla::{
    Document, SerializeSettings,
    configure::{Accessibility, Archival, ConfigurationBuilder},
    destination::XyzDestination,
    geom::Point,
    metadata::{DateTime, Metadata},
    outline::{Outline, OutlineNode},
    page::PageSettings,
    surface::Surface,
    tagging::{ListNumbering, TableHeaderScope, Tag, TagGroup, TagKind, TagTree},
};
use std::num::NonZeroU16;

/// A4, in points.
const SHEET: (f32, f32) = (210.0 * MM, 297.0 * MM);

/// The left edge of all text.
const LEFT: f32 = 25.0 * MM;

/// The width of all text.
const WIDTH: f32 = 165.0 * MM;

/// The PDF of a letter.
///
/// # Errors
/// If it cannot be made as the standards ask.
pub(super) fn pdf(letter: &AccessLetter) -> anyhow::Result<Vec<u8>> {
    let words = words(letter);
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| anyhow!("the standards do not go together: {error:?}"))?;
    let mut document = Document::new_with(SerializeSettings {
        configuration,
        enable_tagging: true,
        ..SerializeSettings::default()
    });
    let size = PageSettings::from_wh(SHEET.0, SHEET.1).context("A4 is a size")?;
    let mut page = document.start_page_with(size);
    let mut surface = page.surface();
    let mut sheet = Sheet {
        typesetter: Typesetter::new(),
        surface: &mut surface,
        y: 0.0,
        tree: TagTree::new().with_lang(Some(words.tag.to_owned())),
    };
    let subject = sheet.letter(letter, &words)?;
    let tree = sheet.tree;
    surface.finish();
    page.finish();
    let mut outline = Outline::new();
    let start = XyzDestination::new(0, Point::from_xy(LEFT, subject));
    outline.push_child(OutlineNode::new(words.subject.to_owned(), start));
    document.set_outline(outline);
    document.set_tag_tree(tree);
    document.set_metadata(metadata(letter, &words));
    document
        .finish()
        .map_err(|error| anyhow!("the letter does not fit PDF/A: {error:?}"))
}

fn metadata(letter: &AccessLetter, words: &Words) -> Metadata {
    let small = |number: u32| u8::try_from(number).unwrap_or_default();
    let date = DateTime::new(u16::try_from(letter.date.year()).unwrap_or_default())
        .month(small(letter.date.month()))
        .day(small(letter.date.day()))
        .hour(0)
        .minute(0)
        .second(0)
        .utc_offset_hour(0)
        .utc_offset_minute(0);
    Metadata::new()
        .title(words.subject.to_owned())
        .language(words.tag.to_owned())
        .authors(vec![letter.provider.clone()])
        .creator("Keyhaus".to_owned())
        .creation_date(date)
}

/// The sheet while it is filled from top to bottom.
struct Sheet<'a, 'b> {
    typesetter: Typesetter,
    surface: &'a mut Surface<'b>,
    /// Where the next text begins.
    y: f32,
    tree: TagTree,
}

impl Sheet<'_, '_> {
    /// The whole letter; gives where its subject stands.
    fn letter(&mut self, letter: &AccessLetter, words: &Words) -> anyhow::Result<f32> {
        self.marks()?;
        self.head(letter)?;
        self.facts(letter, words)?;
        self.y = 98.5 * MM;
        let subject = self.y;
        self.text(heading(1, words.subject)?, Style::of(15.0).bold(), words.subject, 14.0)?;
        self.text(Tag::P, Style::TEXT, words.greeting, 8.0)?;
        self.text(Tag::P, Style::TEXT, &words.opening, 14.0)?;
        self.text(heading(2, words.access)?, Style::of(11.5).bold(), words.access, 5.0)?;
        self.access(letter, words)?;
        self.text(heading(2, words.how)?, Style::of(11.5).bold(), words.how, 5.0)?;
        self.steps(words)?;
        self.text(Tag::P, Style::TEXT, words.caution, 8.0)?;
        if let Some(help) = &words.help {
            self.text(Tag::P, Style::TEXT, help, 8.0)?;
        }
        self.y += 4.0;
        self.text(Tag::P, Style::TEXT, words.regards, 4.0)?;
        self.text(Tag::P, Style::TEXT.bold(), &letter.provider, 0.0)?;
        Ok(subject)
    }

    /// Where the sheet is folded and punched (DIN 5008): 105, 148.5 and 210 mm from the top.
    fn marks(&mut self) -> anyhow::Result<()> {
        for (y, length) in [(105.0, 4.0), (148.5, 6.0), (210.0, 4.0)] {
            rule(self.surface, (5.0 * MM, y * MM), ((5.0 + length) * MM, y * MM), 0.4)?;
        }
        Ok(())
    }

    /// The provider's name, the line above the window, and the address in it.
    fn head(&mut self, letter: &AccessLetter) -> anyhow::Result<()> {
        if let Some(logo) = &letter.letterhead.logo {
            logo.draw(
                self.surface,
                (LEFT + WIDTH, 12.0 * MM),
                (60.0 * MM, 18.0 * MM),
                Edge::Right,
            )?;
        }
        self.y = 18.0 * MM;
        self.text(Tag::P, Style::of(15.0).bold(), &letter.provider, 0.0)?;
        self.y = 57.0 * MM;
        let sender = match &letter.provider_address {
            Some(address) => format!("{}, {address}", letter.provider),
            None => letter.provider.clone(),
        };
        let width = 80.0 * MM;
        self.block(Tag::P.into(), Style::of(7.5), &sender, width)?;
        let y = self.y + 0.5;
        rule(self.surface, (LEFT, y), (LEFT + width, y), 0.4)?;
        self.y = 63.5 * MM;
        self.block(Tag::P.into(), Style::of(11.0), &letter.recipient.join("\n"), width)
    }

    /// Customer number and date, beside the window.
    fn facts(&mut self, letter: &AccessLetter, words: &Words) -> anyhow::Result<()> {
        let facts = [
            (words.number_label, letter.number.as_str()),
            (words.date_label, words.date.as_str()),
        ];
        let mut table = TagGroup::new(Tag::Table);
        let mut y = 63.5 * MM;
        for (label, value) in facts {
            let left = self.at(125.0 * MM, y, 35.0 * MM);
            let right = self.at(160.0 * MM, y, 30.0 * MM);
            let style = Style::of(9.5);
            y += self.row(&mut table, (label, style, left), (value, style, right))?;
        }
        self.tree.push(table);
        Ok(())
    }

    /// What is typed in: number, code, and until when it counts.
    fn access(&mut self, letter: &AccessLetter, words: &Words) -> anyhow::Result<()> {
        let facts = [
            (words.number_label, letter.number.as_str(), Style::of(14.0).code()),
            (words.code_label, letter.code.as_str(), Style::of(18.0).code()),
            (words.until_label, words.until.as_str(), Style::TEXT),
        ];
        rule(self.surface, (LEFT, self.y), (LEFT + WIDTH, self.y), 0.7)?;
        let mut table = TagGroup::new(Tag::Table);
        let mut y = self.y + 7.0;
        for (label, value, style) in facts {
            // label and value stand on one baseline
            let lower = (style.size - Style::TEXT.size).max(0.0);
            let left = self.at(LEFT, y + lower, 45.0 * MM);
            let right = self.at(LEFT + 45.0 * MM, y, WIDTH - 45.0 * MM);
            y += self.row(&mut table, (label, Style::TEXT, left), (value, style, right))? + 3.0;
        }
        self.tree.push(table);
        self.y = y + 4.0;
        rule(self.surface, (LEFT, self.y), (LEFT + WIDTH, self.y), 0.7)?;
        self.y += 14.0;
        Ok(())
    }

    fn steps(&mut self, words: &Words) -> anyhow::Result<()> {
        let mut list = TagGroup::new(Tag::L(ListNumbering::Decimal));
        for (number, step) in (1..).zip(&words.steps) {
            let (label, _) = self.typesetter.set(
                self.surface,
                Style::TEXT,
                &format!("{number}. "),
                self.at(LEFT, self.y, 7.0 * MM),
            )?;
            let place = self.at(LEFT + 7.0 * MM, self.y, WIDTH - 7.0 * MM);
            let (body, height) = self.typesetter.set(self.surface, Style::TEXT, step, place)?;
            list.push(TagGroup::with_children(
                Tag::LI,
                vec![
                    TagGroup::with_children(Tag::Lbl, label).into(),
                    TagGroup::with_children(Tag::LBody, body).into(),
                ],
            ));
            self.y += height + 4.0;
        }
        self.tree.push(list);
        self.y += 8.0;
        Ok(())
    }

    fn at(&self, x: f32, y: f32, width: f32) -> Place {
        Place { x, y, width }
    }

    /// A row of a table, its head at the left; gives its height.
    fn row(
        &mut self,
        table: &mut TagGroup,
        head: (&str, Style, Place),
        value: (&str, Style, Place),
    ) -> anyhow::Result<f32> {
        let (label, upper) = self.typesetter.set(self.surface, head.1, head.0, head.2)?;
        let (content, height) = self.typesetter.set(self.surface, value.1, value.0, value.2)?;
        table.push(TagGroup::with_children(
            Tag::TR,
            vec![
                TagGroup::with_children(Tag::TH(TableHeaderScope::Row), label).into(),
                TagGroup::with_children(Tag::TD, content).into(),
            ],
        ));
        Ok(height.max(upper + head.2.y - value.2.y))
    }

    /// A text over the whole width, and some space below it.
    fn text(&mut self, tag: impl Into<TagKind>, style: Style, text: &str, below: f32) -> anyhow::Result<()> {
        self.block(tag.into(), style, text, WIDTH)?;
        self.y += below;
        Ok(())
    }

    fn block(&mut self, tag: TagKind, style: Style, text: &str, width: f32) -> anyhow::Result<()> {
        let place = self.at(LEFT, self.y, width);
        let (lines, height) = self.typesetter.set(self.surface, style, text, place)?;
        self.tree.push(TagGroup::with_children(tag, lines));
        self.y += height;
        Ok(())
    }
}

fn heading(level: u16, title: &str) -> anyhow::Result<TagKind> {
    let level = NonZeroU16::new(level).context("headings count from 1")?;
    Ok(Tag::Hn(level, Some(title.to_owned())).into())
}

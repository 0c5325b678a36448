//! Drawing a text that has found its pages: pages with head and foot, the outline, and the structure tree.
use super::{
    Paper,
    flow::{Element, Flow, LEFT, SMALL, WIDTH},
    letterhead::Edge,
    tag,
    typeset::{MM, inked_rule, rule},
};
use anyhow::Context;
use krilla::{
    Document,
    destination::XyzDestination,
    geom::Point,
    outline::{Outline, OutlineNode},
    page::PageSettings,
    surface::Surface,
    tagging::{
        Artifact, ArtifactType, ContentTag, ListNumbering, SpanTag, TableHeaderScope, Tag, TagGroup, TagKind, TagTree,
    },
};
use shared::account::Language;

/// A4, in points.
const SHEET: (f32, f32) = (210.0 * MM, 297.0 * MM);

/// The upper edge of the logo, and the most of its width and height.
const LOGO: (f32, (f32, f32)) = (11.5 * MM, (45.0 * MM, 10.0 * MM));

impl Flow {
    /// Draws all pages.
    ///
    /// # Errors
    /// If a face cannot be read.
    pub(super) fn draw(mut self, document: &mut Document, paper: &Paper) -> anyhow::Result<()> {
        let pages = std::mem::take(&mut self.pages);
        let count = pages.len();
        for (number, content) in (1..).zip(pages) {
            let size = PageSettings::from_wh(SHEET.0, SHEET.1).context("A4 is a size")?;
            let mut page = document.start_page_with(size);
            let mut surface = page.surface();
            self.edges(&mut surface, paper, number, count)?;
            for y in content.rules {
                rule(&mut surface, (LEFT, y), (LEFT + WIDTH, y), 0.3)?;
            }
            for piece in content.pieces {
                let Some(leaf) = self.leaves.get_mut(piece.leaf) else {
                    continue;
                };
                let kind = ContentTag::Span(SpanTag::empty());
                let nodes = self
                    .typesetter
                    .draw(&mut surface, &leaf.lines, piece.lines, piece.at, kind)?;
                leaf.nodes.extend(nodes);
            }
            surface.finish();
            page.finish();
        }
        let mut outline = Outline::new();
        for (title, page, y) in std::mem::take(&mut self.marks) {
            let start = XyzDestination::new(page, Point::from_xy(LEFT, y));
            outline.push_child(OutlineNode::new(title, start));
        }
        document.set_outline(outline);
        document.set_tag_tree(self.tree(paper.language));
        Ok(())
    }

    /// Head and foot of a page, which screen readers leave out.
    fn edges(&mut self, surface: &mut Surface<'_>, paper: &Paper, number: usize, count: usize) -> anyhow::Result<()> {
        let page = match paper.language {
            Language::De => format!("Seite {number} von {count}"),
            Language::En => format!("Page {number} of {count}"),
        };
        let half = WIDTH / 2.0;
        let beside = match &paper.letterhead.logo {
            Some(logo) => logo.draw(surface, (LEFT, LOGO.0), LOGO.1, Edge::Left)? + 3.0 * MM,
            None => 0.0,
        };
        let texts = [
            (
                SMALL.bold(),
                paper.author.as_str(),
                15.0 * MM,
                false,
                ArtifactType::Header,
            ),
            (SMALL, paper.title.as_str(), 15.0 * MM, true, ArtifactType::Header),
            (SMALL, paper.foot.as_str(), 280.0 * MM, false, ArtifactType::Footer),
            (SMALL, page.as_str(), 280.0 * MM, true, ArtifactType::PageNumber),
        ];
        for (style, text, top, is_right, kind) in texts {
            if text.is_empty() {
                continue;
            }
            let width = if is_right { half } else { half - beside };
            let lines = self.typesetter.lines(style, text, width);
            let left = match (is_right, kind) {
                (true, _) => LEFT + WIDTH - lines.width(),
                (false, ArtifactType::Header) => LEFT + beside,
                _ => LEFT,
            };
            let kind = ContentTag::Artifact(Artifact::with_kind(kind));
            self.typesetter
                .draw(surface, &lines, 0..lines.count().min(2), (left, top), kind)?;
        }
        let (head, foot) = (24.0 * MM, 277.0 * MM);
        match paper.letterhead.ink() {
            Some(ink) => inked_rule(surface, ink.into(), (LEFT, head), (LEFT + WIDTH, head), 1.2)?,
            None => rule(surface, (LEFT, head), (LEFT + WIDTH, head), 0.4)?,
        }
        rule(surface, (LEFT, foot), (LEFT + WIDTH, foot), 0.4)?;
        Ok(())
    }

    fn tree(mut self, language: Language) -> TagTree {
        let mut tree = TagTree::new().with_lang(Some(tag(language).to_owned()));
        for element in std::mem::take(&mut self.elements) {
            tree.push(match element {
                Element::Text(kind, leaf) => self.group(kind, leaf),
                Element::List(items) => {
                    let mut list = TagGroup::new(Tag::L(ListNumbering::Decimal));
                    for (label, body) in items {
                        let parts = [self.group(Tag::Lbl, label), self.group(Tag::LBody, body)];
                        list.push(TagGroup::with_children(
                            Tag::LI,
                            parts.into_iter().map(Into::into).collect(),
                        ));
                    }
                    list
                }
                Element::Table(has_heads, rows) => {
                    let mut table = TagGroup::new(Tag::Table);
                    for (row, cells) in rows.into_iter().enumerate() {
                        let mut line = TagGroup::new(Tag::TR);
                        for (column, leaf) in cells.into_iter().enumerate() {
                            line.push(match (has_heads, row, column) {
                                (true, 0, _) => self.group(Tag::TH(TableHeaderScope::Column), leaf),
                                (false, _, 0) => self.group(Tag::TH(TableHeaderScope::Row), leaf),
                                _ => self.group(Tag::TD, leaf),
                            });
                        }
                        table.push(line);
                    }
                    table
                }
            });
        }
        tree
    }

    fn group(&mut self, kind: impl Into<TagKind>, leaf: usize) -> TagGroup {
        let nodes = self
            .leaves
            .get_mut(leaf)
            .map(|leaf| std::mem::take(&mut leaf.nodes))
            .unwrap_or_default();
        TagGroup::with_children(kind, nodes)
    }
}

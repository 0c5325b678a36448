//! A text over as many pages as it takes: the lines find their pages here; [`super::draw`] draws these, and brings the
//! lines of each element together in the structure tree.
use super::{
    Block, Column, Paper,
    typeset::{Lines, MM, Style, Typesetter},
};
use anyhow::Context;
use krilla::{
    Document,
    tagging::{Node, Tag, TagKind},
};
use std::{num::NonZeroU16, ops::Range};

/// The left edge of all text.
pub(super) const LEFT: f32 = 25.0 * MM;

/// The width of all text.
pub(super) const WIDTH: f32 = 165.0 * MM;

/// Where the text of a page begins and ends.
const TEXT: Range<f32> = 30.0 * MM..270.0 * MM;

/// The text of a paper.
const BODY: Style = Style::of(10.0);

/// The text of a table of many columns.
const DENSE: Style = Style::of(9.0);

/// What stands at head and foot.
pub(super) const SMALL: Style = Style::of(8.0);

/// The space between the columns of a table.
const GAP: f32 = 4.0 * MM;

/// A text and where it stands in the structure.
pub(super) struct Leaf {
    pub(super) lines: Lines,
    pub(super) nodes: Vec<Node>,
}

/// Some lines of a leaf on a page.
pub(super) struct Piece {
    pub(super) leaf: usize,
    pub(super) lines: Range<usize>,
    pub(super) at: (f32, f32),
}

/// What a page shows.
#[derive(Default)]
pub(super) struct Page {
    pub(super) pieces: Vec<Piece>,
    /// Thin lines over the whole width.
    pub(super) rules: Vec<f32>,
}

/// An element of the structure, by its leaves.
pub(super) enum Element {
    Text(TagKind, usize),
    List(Vec<(usize, usize)>),
    /// Whether the first row holds the heads, or else the first cell of each row is one; then the rows.
    Table(bool, Vec<Vec<usize>>),
}

/// A text of a table.
struct Cell<'a> {
    text: &'a str,
    style: Style,
    /// Of the width of the table.
    share: f32,
    is_right: bool,
}

impl<'a> Cell<'a> {
    fn left(text: &'a str, style: Style, share: f32) -> Self {
        Self {
            text,
            style,
            share,
            is_right: false,
        }
    }
}

/// A paper while its lines find their pages.
pub(super) struct Flow {
    pub(super) typesetter: Typesetter,
    pub(super) leaves: Vec<Leaf>,
    pub(super) pages: Vec<Page>,
    pub(super) elements: Vec<Element>,
    /// The headings of the first two levels: title, page, upper edge.
    pub(super) marks: Vec<(String, usize, f32)>,
    /// Where the next text begins on the last page.
    y: f32,
}

/// Draws all pages of a paper, with structure and outline.
///
/// # Errors
/// If a face cannot be read.
pub(super) fn fill(document: &mut Document, paper: &Paper) -> anyhow::Result<()> {
    let mut flow = Flow {
        typesetter: Typesetter::new(),
        leaves: Vec::new(),
        pages: vec![Page::default()],
        elements: Vec::new(),
        marks: Vec::new(),
        y: TEXT.start,
    };
    for block in &paper.blocks {
        flow.block(block)?;
    }
    flow.draw(document, paper)
}

impl Flow {
    fn block(&mut self, block: &Block) -> anyhow::Result<()> {
        match block {
            Block::Heading(level, text) => self.heading(*level, text)?,
            Block::Paragraph(text) => {
                let leaf = self.leaf(BODY, text, WIDTH);
                self.row(&[(leaf, LEFT)], false);
                self.elements.push(Element::Text(Tag::P.into(), leaf));
                self.y += 6.0;
            }
            Block::List(items) => {
                let mut leaves = Vec::new();
                for item in items {
                    let indent = f32::from(item.depth.min(4)) * 7.0 * MM;
                    let label = self.leaf(BODY, &item.label, 9.0 * MM);
                    let body = self.leaf(BODY, &item.text, WIDTH - indent - 9.0 * MM);
                    self.row(&[(label, LEFT + indent), (body, LEFT + indent + 9.0 * MM)], false);
                    self.y += 4.0;
                    leaves.push((label, body));
                }
                self.elements.push(Element::List(leaves));
                self.y += 2.0;
            }
            Block::Facts(facts) => {
                let rows = facts
                    .iter()
                    .map(|(name, value)| vec![Cell::left(name, BODY, 0.3), Cell::left(value, BODY, 0.7)]);
                self.table(false, rows.collect());
            }
            Block::Table(heads, rows) => {
                let share = 1.0 / heads.len().max(1) as f32;
                let bold = heads.iter().map(|head| Cell::left(head, BODY.bold(), share)).collect();
                let plain = rows
                    .iter()
                    .map(|row| row.iter().map(|cell| Cell::left(cell, BODY, share)).collect());
                self.table(true, std::iter::once(bold).chain(plain).collect());
            }
            Block::Columns(columns, rows) => {
                let cell = |column: &Column, text, style| Cell {
                    text,
                    style,
                    share: column.share,
                    is_right: column.is_number,
                };
                let heads = columns
                    .iter()
                    .map(|column| cell(column, column.head.as_str(), SMALL.bold()));
                let heads = std::iter::once(heads.collect());
                let body = rows.iter().map(|row| {
                    let cells = columns.iter().zip(row);
                    cells.map(|(column, text)| cell(column, text.as_str(), DENSE)).collect()
                });
                self.table(true, heads.chain(body).collect());
            }
            Block::Sums(rows) => {
                let rows = rows.iter().map(|(name, amount, counts)| {
                    let style = if *counts { BODY.bold() } else { BODY };
                    let amount = Cell {
                        is_right: true,
                        ..Cell::left(amount, style, 0.35)
                    };
                    vec![Cell::left(name, style, 0.65), amount]
                });
                self.table(false, rows.collect());
            }
            Block::Break => self.turn(),
        }
        Ok(())
    }

    fn heading(&mut self, level: u16, text: &str) -> anyhow::Result<()> {
        let level = NonZeroU16::new(level.clamp(1, 6)).context("headings count from 1")?;
        let (style, above, below) = match level.get() {
            1 => (Style::of(17.0).bold(), 4.0, 9.0),
            2 => (Style::of(12.0).bold(), 8.0, 5.0),
            _ => (Style::of(10.5).bold(), 5.0, 3.0),
        };
        let leaf = self.leaf(style, text, WIDTH);
        if self.y > TEXT.start {
            self.y += above;
        }
        // a heading never stands alone at the foot of a page
        let height = self.height(leaf) + below + 3.0 * BODY.size * 1.35;
        if self.y + height > TEXT.end {
            self.turn();
        }
        if level.get() <= 2 {
            self.marks.push((text.to_owned(), self.pages.len() - 1, self.y));
        }
        self.row(&[(leaf, LEFT)], true);
        self.elements
            .push(Element::Text(Tag::Hn(level, Some(text.to_owned())).into(), leaf));
        self.y += below;
        Ok(())
    }

    /// A table over the whole width.
    fn table(&mut self, has_heads: bool, rows: Vec<Vec<Cell<'_>>>) {
        let mut table = Vec::new();
        for row in rows {
            let mut left = LEFT;
            let mut cells = Vec::new();
            for cell in row {
                let width = WIDTH * cell.share;
                let leaf = self.leaf(cell.style, cell.text, width - GAP);
                let used = self.leaves.get(leaf).map_or(width, |leaf| leaf.lines.width());
                // the edge of the numbers of the last column is the edge of the text
                let gap = if left + width >= LEFT + WIDTH - 0.1 { 0.0 } else { GAP };
                let at = if cell.is_right { left + width - gap - used } else { left };
                cells.push((leaf, at));
                left += width;
            }
            self.row(&cells, true);
            self.y += 3.0;
            let y = self.y;
            if let Some(page) = self.pages.last_mut() {
                page.rules.push(y);
            }
            self.y += 4.0;
            table.push(cells.into_iter().map(|(leaf, _)| leaf).collect());
        }
        self.elements.push(Element::Table(has_heads, table));
        self.y += 5.0;
    }

    fn leaf(&mut self, style: Style, text: &str, width: f32) -> usize {
        // what is empty has no line to be read
        let text = if text.trim().is_empty() { "–" } else { text };
        let lines = self.typesetter.lines(style, text, width);
        self.leaves.push(Leaf {
            lines,
            nodes: Vec::new(),
        });
        self.leaves.len() - 1
    }

    fn height(&self, leaf: usize) -> f32 {
        self.leaves
            .get(leaf)
            .map_or(0.0, |leaf| leaf.lines.height(0..leaf.lines.count()))
    }

    /// Places texts beside each other, over pages if they are long; `together` moves them to the next page first if
    /// they fit there as a whole.
    fn row(&mut self, cells: &[(usize, f32)], together: bool) {
        let height = cells.iter().map(|(leaf, _)| self.height(*leaf)).fold(0.0, f32::max);
        let fits_a_page = height <= TEXT.end - TEXT.start;
        if together && fits_a_page && self.y + height > TEXT.end {
            self.turn();
        }
        let mut starts = vec![0; cells.len()];
        loop {
            let mut lowest = self.y;
            let mut is_done = true;
            let fresh = self.y <= TEXT.start;
            for ((leaf, left), start) in cells.iter().zip(&mut starts) {
                let Some(found) = self.leaves.get(*leaf) else { continue };
                let count = found.lines.count();
                let room = TEXT.end - self.y;
                let mut end = *start;
                while end < count && found.lines.height(*start..end + 1) <= room {
                    end += 1;
                }
                // on a fresh page a line goes down even if it were higher than the page
                if fresh && end == *start && end < count {
                    end += 1;
                }
                if end > *start {
                    let bottom = self.y + found.lines.height(*start..end);
                    lowest = lowest.max(bottom);
                    if let Some(page) = self.pages.last_mut() {
                        page.pieces.push(Piece {
                            leaf: *leaf,
                            lines: *start..end,
                            at: (*left, self.y),
                        });
                    }
                }
                is_done &= end == count;
                *start = end;
            }
            self.y = lowest;
            if is_done {
                return;
            }
            self.turn();
        }
    }

    fn turn(&mut self) {
        self.pages.push(Page::default());
        self.y = TEXT.start;
    }
}

//! Markdown (CommonMark with tables) as the blocks of a paper: headings, paragraphs, lists in lists, tables. Emphasis
//! and links become plain text.
use super::{Block, Item};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// The blocks of a text. Each heading of the first level but the first begins on a new page.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut reader = Reader::default();
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        reader.take(event);
    }
    reader.flush();
    reader.blocks
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    /// The text that is being read.
    text: String,
    /// The number of the next item of each open list; none for lists without numbers.
    lists: Vec<Option<u64>>,
    items: Vec<Item>,
    /// The label and depth of the item whose text is being read.
    item: Option<(String, u8)>,
    rows: Vec<Vec<String>>,
    has_title: bool,
}

impl Reader {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Text(text) | Event::Code(text) => self.text.push_str(&text),
            Event::SoftBreak => self.text.push(' '),
            Event::HardBreak => self.text.push('\n'),
            Event::Start(Tag::List(first)) => {
                self.flush();
                self.lists.push(first);
            }
            Event::End(TagEnd::List(_)) => {
                self.flush();
                self.lists.pop();
                if self.lists.is_empty() && !self.items.is_empty() {
                    self.blocks.push(Block::List(std::mem::take(&mut self.items)));
                }
            }
            Event::Start(Tag::Item) => {
                self.flush();
                let depth = u8::try_from(self.lists.len().saturating_sub(1)).unwrap_or(u8::MAX);
                self.item = Some((self.label(depth), depth));
            }
            Event::End(TagEnd::Item | TagEnd::Paragraph) => self.flush(),
            Event::Start(Tag::Heading { .. }) => self.flush(),
            Event::End(TagEnd::Heading(level)) => {
                let level = depth_of(level);
                if level == 1 && std::mem::replace(&mut self.has_title, true) {
                    self.blocks.push(Block::Break);
                }
                let text = std::mem::take(&mut self.text);
                self.blocks.push(Block::Heading(level, text));
            }
            Event::Start(Tag::TableHead | Tag::TableRow) => self.rows.push(Vec::new()),
            Event::End(TagEnd::TableCell) => {
                let cell = std::mem::take(&mut self.text);
                if let Some(row) = self.rows.last_mut() {
                    row.push(cell);
                }
            }
            Event::End(TagEnd::Table) => {
                let mut rows = std::mem::take(&mut self.rows).into_iter();
                if let Some(heads) = rows.next() {
                    self.blocks.push(Block::Table(heads, rows.collect()));
                }
            }
            _ => {}
        }
    }

    /// What stands before the next item: (1) outermost, a) within, a dash without numbers.
    fn label(&mut self, depth: u8) -> String {
        let Some(Some(number)) = self.lists.last_mut() else {
            return "–".to_owned();
        };
        let current = *number;
        *number += 1;
        let letter = u8::try_from(current)
            .ok()
            .filter(|number| (1..=26).contains(number))
            .map(|number| char::from(b'a' + number - 1));
        match letter {
            Some(letter) if depth > 0 => format!("{letter})"),
            _ => format!("({current})"),
        }
    }

    /// What was read becomes an item or a paragraph.
    fn flush(&mut self) {
        let text = std::mem::take(&mut self.text);
        if text.trim().is_empty() {
            return;
        }
        match (self.item.take(), self.lists.is_empty()) {
            (Some((label, depth)), _) => self.items.push(Item { label, text, depth }),
            (None, false) => {
                if let Some(item) = self.items.last_mut() {
                    item.text.push('\n');
                    item.text.push_str(&text);
                }
            }
            (None, true) => self.blocks.push(Block::Paragraph(text)),
        }
    }
}

fn depth_of(level: HeadingLevel) -> u16 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_are_numbered_and_each_annex_begins_a_page() {
        let text = "# A\n\nIntro *bold*\nline\n\n## 1 B\n\n1. one\n   1. inner\n   2. second\n2. two\n\n# Annex\n\n\
                    | x | y |\n|---|---|\n| 1 | 2 |\n\n- dash";
        let item = |label: &str, text: &str, depth| Item {
            label: label.to_owned(),
            text: text.to_owned(),
            depth,
        };
        assert_eq!(
            blocks(text),
            [
                Block::Heading(1, "A".to_owned()),
                Block::Paragraph("Intro bold line".to_owned()),
                Block::Heading(2, "1 B".to_owned()),
                Block::List(vec![
                    item("(1)", "one", 0),
                    item("a)", "inner", 1),
                    item("b)", "second", 1),
                    item("(2)", "two", 0),
                ]),
                Block::Break,
                Block::Heading(1, "Annex".to_owned()),
                Block::Table(
                    vec!["x".to_owned(), "y".to_owned()],
                    vec![vec!["1".to_owned(), "2".to_owned()]],
                ),
                Block::List(vec![item("–", "dash", 0)]),
            ]
        );
    }
}

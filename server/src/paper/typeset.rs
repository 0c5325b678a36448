//! Setting text on a sheet of paper: lines by parley, PDF by krilla. Each line is marked content that belongs to a
//! structure element, so that a screen reader reads the letter as it was written.
use anyhow::{Context, anyhow};
use krilla::{
    color::luma,
    geom::{PathBuilder, Point},
    paint::{Paint, Stroke},
    surface::Surface,
    tagging::{Artifact, ArtifactType, ContentTag, Node, SpanTag},
    text::{Font, GlyphId, KrillaGlyph},
};
use parley::{
    FontContext, FontFamily, FontFamilyName, FontWeight, Layout, LayoutContext, LineHeight, StyleProperty,
    fontique::{Blob, Collection, CollectionOptions},
};
use std::{collections::HashMap, ops::Range, sync::Arc};

/// Points (1/72 inch) a millimetre.
pub(crate) const MM: f32 = 72.0 / 25.4;

/// The faces that every PDF of ours is set in; they are part of the program (OFL-1.1, see `fonts/`). The last two have
/// what the others lack: Greek and Cyrillic letters.
const FACES: [&[u8]; 5] = [
    include_bytes!("fonts/HankenGrotesk-Regular.ttf"),
    include_bytes!("fonts/HankenGrotesk-Bold.ttf"),
    include_bytes!("fonts/AtkinsonHyperlegibleMono-Regular.ttf"),
    include_bytes!("fonts/NotoSans-Regular.ttf"),
    include_bytes!("fonts/NotoSans-Bold.ttf"),
];

/// All faces, as files.
pub(super) fn faces() -> [&'static [u8]; 5] {
    FACES
}

/// How a text looks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    /// The size in points.
    pub size: f32,
    /// Bold instead of regular.
    pub is_bold: bool,
    /// In the face in which no two characters are mistaken for each other.
    pub is_code: bool,
}

impl Style {
    /// The text of a letter.
    pub(crate) const TEXT: Self = Self::of(10.5);

    /// Regular, of this size in points.
    pub(crate) const fn of(size: f32) -> Self {
        Self {
            size,
            is_bold: false,
            is_code: false,
        }
    }

    /// The same in bold.
    pub(crate) const fn bold(self) -> Self {
        Self { is_bold: true, ..self }
    }

    /// The same in the face for codes.
    pub(crate) const fn code(self) -> Self {
        Self { is_code: true, ..self }
    }
}

/// Where a text stands: its left and upper edge and its width, in points from the upper left corner of the sheet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub x: f32,
    pub y: f32,
    pub width: f32,
}

/// Faces and what parley keeps between two texts.
pub(crate) struct Typesetter {
    fonts: FontContext,
    layouts: LayoutContext<()>,
    faces: HashMap<u64, Font>,
}

impl Typesetter {
    /// With the faces of the program and none of the machine's.
    pub(crate) fn new() -> Self {
        let mut collection = Collection::new(CollectionOptions {
            shared: false,
            system_fonts: false,
        });
        for face in FACES {
            collection.register_fonts(Blob::new(Arc::new(face)), None);
        }
        Self {
            fonts: FontContext {
                collection,
                ..FontContext::default()
            },
            layouts: LayoutContext::new(),
            faces: HashMap::new(),
        }
    }

    fn layout(&mut self, style: Style, text: &str, width: f32) -> Layout<()> {
        let family = if style.is_code {
            "Atkinson Hyperlegible Mono"
        } else {
            "Hanken Grotesk"
        };
        let stack = [FontFamilyName::named(family), FontFamilyName::named("Noto Sans")];
        let weight = if style.is_bold { 700.0 } else { 400.0 };
        let mut builder = self.layouts.ranged_builder(&mut self.fonts, text, 1.0, false);
        builder.push_default(StyleProperty::FontFamily(FontFamily::from(stack.as_slice())));
        builder.push_default(StyleProperty::FontSize(style.size));
        builder.push_default(StyleProperty::FontWeight(FontWeight::new(weight)));
        builder.push_default(StyleProperty::LineHeight(LineHeight::FontSizeRelative(1.35)));
        let mut layout = builder.build(text);
        layout.break_all_lines(Some(width));
        layout
    }

    /// Breaks a text into lines. A character that the faces do not have becomes a question mark: PDF/A allows no empty
    /// box (ISO 19005-2 section 6.2.11.8).
    pub(crate) fn lines(&mut self, style: Style, text: &str, width: f32) -> Lines {
        let mut text = text.to_owned();
        let mut layout = self.layout(style, &text, width);
        let unknown = unknown(&layout);
        if !unknown.is_empty() {
            for range in unknown.into_iter().rev() {
                text.replace_range(range, "?");
            }
            layout = self.layout(style, &text, width);
        }
        Lines { layout, text }
    }

    /// Draws some lines of a text with the upper edge of the first at a point, each as content of this kind, and gives
    /// what belongs to their structure element.
    ///
    /// # Errors
    /// If a face cannot be read.
    pub(crate) fn draw(
        &mut self,
        surface: &mut Surface<'_>,
        lines: &Lines,
        range: Range<usize>,
        (left, top): (f32, f32),
        kind: ContentTag<'_>,
    ) -> anyhow::Result<Vec<Node>> {
        let mut nodes = Vec::new();
        let above = lines.height(0..range.start);
        for line in lines.layout.lines().skip(range.start).take(range.len()) {
            let baseline = top + line.metrics().baseline - above;
            let mut x = left + line.metrics().offset;
            nodes.push(surface.start_tagged(kind).into());
            for run in line.runs() {
                let face = run.font();
                let (bytes, id) = face.data.clone().into_raw_parts();
                let font = match self.faces.get(&id) {
                    Some(font) => font.clone(),
                    None => {
                        let font = Font::new(bytes.into(), face.index).context("a face cannot be read")?;
                        self.faces.insert(id, font.clone());
                        font
                    }
                };
                let size = run.font_size();
                let mut glyphs: Vec<KrillaGlyph> = Vec::new();
                let start = x;
                for cluster in run.visual_clusters() {
                    if cluster.is_ligature_continuation() {
                        if let Some(glyph) = glyphs.last_mut() {
                            glyph.text_range.end = cluster.text_range().end;
                        }
                        continue;
                    }
                    for glyph in cluster.glyphs() {
                        let (advance, dx, dy) = (glyph.advance / size, glyph.x / size, glyph.y / size);
                        let id = GlyphId::new(glyph.id);
                        glyphs.push(KrillaGlyph::new(id, advance, dx, dy, 0.0, cluster.text_range(), None));
                        x += glyph.advance;
                    }
                }
                surface.draw_glyphs(Point::from_xy(start, baseline), &glyphs, font, &lines.text, size, false);
            }
            surface.end_tagged();
        }
        Ok(nodes)
    }

    /// Sets a text in one place and gives what belongs to its structure element and its height in points.
    ///
    /// # Errors
    /// If a face cannot be read.
    pub(crate) fn set(
        &mut self,
        surface: &mut Surface<'_>,
        style: Style,
        text: &str,
        place: Place,
    ) -> anyhow::Result<(Vec<Node>, f32)> {
        let lines = self.lines(style, text, place.width);
        let content = ContentTag::Span(SpanTag::empty());
        let nodes = self.draw(surface, &lines, 0..lines.count(), (place.x, place.y), content)?;
        Ok((nodes, lines.height(0..lines.count())))
    }
}

/// A text in lines, not drawn yet.
pub(crate) struct Lines {
    layout: Layout<()>,
    text: String,
}

impl Lines {
    /// How many lines there are.
    pub(crate) fn count(&self) -> usize {
        self.layout.len()
    }

    /// The height of some of them, in points.
    pub(crate) fn height(&self, range: Range<usize>) -> f32 {
        let lines = self.layout.lines().skip(range.start).take(range.len());
        lines.map(|line| line.metrics().line_height).sum()
    }

    /// The width of the longest line, in points.
    pub(crate) fn width(&self) -> f32 {
        self.layout.width()
    }
}

/// The characters that no face has, in the order of the text.
fn unknown(layout: &Layout<()>) -> Vec<Range<usize>> {
    let clusters = layout.lines().flat_map(|line| {
        let runs: Vec<_> = line.runs().collect();
        runs.into_iter().flat_map(|run| {
            run.visual_clusters()
                .filter(|cluster| cluster.glyphs().any(|glyph| glyph.id == 0))
                .map(|cluster| cluster.text_range())
                .collect::<Vec<_>>()
        })
    });
    let mut ranges: Vec<_> = clusters.collect();
    ranges.sort_by_key(|range| range.start);
    ranges.dedup();
    ranges
}

/// A thin line that says nothing: left out by screen readers.
///
/// # Errors
/// If the line has no length.
pub(crate) fn rule(surface: &mut Surface<'_>, from: (f32, f32), to: (f32, f32), width: f32) -> anyhow::Result<()> {
    inked_rule(surface, luma::Color::new(120).into(), from, to, width)
}

/// As [`rule`], in a colour.
///
/// # Errors
/// If the line has no length.
pub(crate) fn inked_rule(
    surface: &mut Surface<'_>,
    ink: Paint,
    from: (f32, f32),
    to: (f32, f32),
    width: f32,
) -> anyhow::Result<()> {
    let mut path = PathBuilder::new();
    path.move_to(from.0, from.1);
    path.line_to(to.0, to.1);
    let path = path.finish().ok_or_else(|| anyhow!("a line has no length"))?;
    let fill = surface.get_fill().cloned();
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
    surface.set_fill(None);
    surface.set_stroke(Some(Stroke {
        paint: ink,
        width,
        ..Stroke::default()
    }));
    surface.draw_path(&path);
    surface.set_stroke(None);
    surface.set_fill(fill);
    surface.end_tagged();
    Ok(())
}

//! The logo: a PNG as it is, or a drawing (SVG 1.1) of which only what draws is kept.
use crate::paper::letterhead;
use roxmltree::{Document, Node, ParsingOptions};
use std::sync::Arc;

/// The largest logo, in bytes.
pub const LOGO_MAX: usize = 256 * 1024;

/// The most pixels of a side of a PNG.
const SIDE_MAX: u32 = 4096;

/// The most elements, attributes and texts of a drawing.
const NODES_MAX: u32 = 20_000;

/// The most elements in one another: readers of pictures go down by recursion.
const DEPTH_MAX: usize = 64;

const SVG: &str = "http://www.w3.org/2000/svg";
const XLINK: &str = "http://www.w3.org/1999/xlink";

/// The elements that draw, or say what is drawn. No scripts, no links, no foreign content, no pictures from elsewhere,
/// no animation (it can set attributes later).
const ELEMENTS: [&str; 21] = [
    "svg",
    "g",
    "defs",
    "symbol",
    "use",
    "title",
    "desc",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "text",
    "tspan",
    "linearGradient",
    "radialGradient",
    "stop",
    "clipPath",
    "mask",
];

/// The attributes that say where and how.
const ATTRIBUTES: [&str; 66] = [
    "id",
    "class",
    "viewBox",
    "width",
    "height",
    "x",
    "y",
    "x1",
    "y1",
    "x2",
    "y2",
    "cx",
    "cy",
    "r",
    "rx",
    "ry",
    "fx",
    "fy",
    "d",
    "points",
    "dx",
    "dy",
    "rotate",
    "textLength",
    "lengthAdjust",
    "transform",
    "preserveAspectRatio",
    "pathLength",
    "offset",
    "gradientUnits",
    "gradientTransform",
    "spreadMethod",
    "clipPathUnits",
    "maskUnits",
    "maskContentUnits",
    "fill",
    "fill-opacity",
    "fill-rule",
    "stroke",
    "stroke-width",
    "stroke-opacity",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-miterlimit",
    "stroke-dasharray",
    "stroke-dashoffset",
    "opacity",
    "color",
    "display",
    "visibility",
    "overflow",
    "clip-path",
    "clip-rule",
    "mask",
    "stop-color",
    "stop-opacity",
    "font-family",
    "font-size",
    "font-style",
    "font-weight",
    "font-stretch",
    "letter-spacing",
    "text-anchor",
    "dominant-baseline",
    "vector-effect",
    "paint-order",
];

/// A picture that is safe to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// `image/svg+xml` or `image/png`.
    pub media_type: &'static str,
    /// What is kept and shown.
    pub bytes: Vec<u8>,
}

/// Reads a logo; none for what is neither a PNG nor a drawing, or is too large.
pub fn read(bytes: &[u8]) -> Option<Picture> {
    if bytes.len() > LOGO_MAX {
        return None;
    }
    if is_png(bytes) {
        return Some(Picture {
            media_type: "image/png",
            bytes: bytes.to_vec(),
        });
    }
    let text = std::str::from_utf8(bytes).ok()?;
    Some(Picture {
        media_type: "image/svg+xml",
        bytes: drawing(text)?.into_bytes(),
    })
}

/// A logo as papers draw it.
pub fn on_paper(media_type: &str, bytes: Arc<[u8]>) -> letterhead::Picture {
    if media_type == "image/png" {
        letterhead::Picture::Png(bytes)
    } else {
        letterhead::Picture::Svg(bytes)
    }
}

/// Signature and first chunk (PNG, third edition, sections 5.2 and 11.2.1), with sides of a sensible length.
fn is_png(bytes: &[u8]) -> bool {
    let Some(rest) = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR") else {
        return false;
    };
    let side = |at: usize| {
        let bytes: Option<[u8; 4]> = rest.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
        bytes.map(u32::from_be_bytes)
    };
    let is_sensible = |side: Option<u32>| side.is_some_and(|side| (1..=SIDE_MAX).contains(&side));
    is_sensible(side(0)) && is_sensible(side(4)) && bytes.ends_with(b"IEND\xaeB`\x82")
}

/// The drawing with nothing but what is on the lists.
fn drawing(text: &str) -> Option<String> {
    if is_too_deep(text) {
        return None;
    }
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: NODES_MAX,
        ..ParsingOptions::default()
    };
    let tree = Document::parse_with_options(text.trim_start_matches('\u{feff}'), options).ok()?;
    let root = tree.root_element();
    if !root.has_tag_name((SVG, "svg")) {
        return None;
    }
    let mut written = String::with_capacity(text.len());
    write(root, &mut written, true);
    Some(written)
}

/// More tags open than any drawing needs; counted before the parser goes down.
fn is_too_deep(text: &str) -> bool {
    let mut depth = 0_usize;
    for tag in text.split('<').skip(1) {
        if tag.starts_with('/') {
            depth = depth.saturating_sub(1);
        } else if !tag.starts_with(['!', '?']) && !tag.split('>').next().unwrap_or_default().ends_with('/') {
            depth += 1;
        }
        if depth > DEPTH_MAX {
            return true;
        }
    }
    false
}

fn write(node: Node<'_, '_>, written: &mut String, is_root: bool) {
    if node.is_text() {
        escape(node.text().unwrap_or_default(), written);
        return;
    }
    let tag = node.tag_name();
    if !node.is_element() || tag.namespace() != Some(SVG) || !ELEMENTS.contains(&tag.name()) {
        return;
    }
    written.push('<');
    written.push_str(tag.name());
    if is_root {
        written.push_str(&format!(" xmlns=\"{SVG}\""));
    }
    for (name, value) in attributes(node) {
        written.push_str(&format!(" {name}=\""));
        escape(&value, written);
        written.push('"');
    }
    written.push('>');
    for child in node.children() {
        write(child, written, false);
    }
    written.push_str(&format!("</{}>", tag.name()));
}

/// The attributes that are kept; declarations of `style` become attributes.
fn attributes(node: Node<'_, '_>) -> Vec<(String, String)> {
    let mut kept: Vec<(String, String)> = Vec::new();
    let mut keep = |name: &str, value: &str| {
        if ATTRIBUTES.contains(&name) && stays_inside(value) {
            kept.retain(|(known, _)| known != name);
            kept.push((name.to_owned(), value.to_owned()));
        }
    };
    for attribute in node.attributes().filter(|attribute| attribute.namespace().is_none()) {
        keep(attribute.name(), attribute.value());
    }
    for declaration in node.attribute("style").unwrap_or_default().split(';') {
        if let Some((name, value)) = declaration.split_once(':') {
            keep(name.trim(), value.trim());
        }
    }
    let target = node.attribute("href").or_else(|| node.attribute((XLINK, "href")));
    if let Some(target) = target.filter(|target| target.starts_with('#')) {
        kept.push(("href".to_owned(), target.to_owned()));
    }
    kept
}

/// Whether a value names nothing outside of the drawing. A backslash could spell `url` another way.
fn stays_inside(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    let urls = value.match_indices("url(").all(|(at, found)| {
        let rest = value.get(at + found.len()..).unwrap_or_default();
        rest.trim_start_matches([' ', '"', '\'']).starts_with('#')
    });
    urls && !value.contains(['\\', '@', '<']) && !value.contains("image(") && !value.contains("image-set(")
}

fn escape(text: &str, written: &mut String) {
    for c in text.chars() {
        match c {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            c => written.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(inside: &str) -> String {
        let text = format!("<svg xmlns=\"{SVG}\" xmlns:xlink=\"{XLINK}\" viewBox=\"0 0 8 8\">{inside}</svg>");
        drawing(&text).unwrap_or_default()
    }

    #[test]
    fn what_draws_is_kept() {
        let inside = "<title>A &amp; B</title><g fill=\"#123\"><path d=\"M0 0h8\"></path></g><use href=\"#a\"></use>";
        assert_eq!(
            cleaned(inside),
            format!("<svg xmlns=\"{SVG}\" viewBox=\"0 0 8 8\">{inside}</svg>")
        );
        assert!(
            cleaned("<path style=\"fill: red; stroke:url(#a)\"/>").contains("<path fill=\"red\" stroke=\"url(#a)\">")
        );
        assert!(cleaned("<use xlink:href=\"#a\"/>").contains("<use href=\"#a\">"));
    }

    #[test]
    fn what_acts_or_fetches_is_gone() {
        for inside in [
            "<script>alert(1)</script>",
            "<path onload=\"alert(1)\" d=\"M0 0\"/>",
            "<a href=\"javascript:alert(1)\"><path d=\"M0 0\"/></a>",
            "<foreignObject><body xmlns=\"http://www.w3.org/1999/xhtml\"><script>alert(1)</script></body></foreignObject>",
            "<image href=\"https://evil.example/a.png\"/>",
            "<use href=\"https://evil.example/a.svg#alert(1)\"/>",
            "<use xlink:href=\"data:image/svg+xml,alert(1)\"/>",
            "<animate attributeName=\"href\" to=\"javascript:alert(1)\"/>",
            "<set attributeName=\"onload\" to=\"alert(1)\"/>",
            "<style>@import 'https://evil.example/alert(1)';</style>",
            "<rect fill=\"url(https://evil.example/alert(1))\"/>",
            "<rect fill=\"u\\72l(https://evil.example/alert(1))\"/>",
            "<rect style=\"fill:url( 'https://evil.example/alert(1)')\"/>",
            "<h:script xmlns:h=\"http://www.w3.org/1999/xhtml\">alert(1)</h:script>",
            "<feImage href=\"https://evil.example/alert(1)\"/>",
            "<!-- alert(1) --><?xml-stylesheet href=\"https://evil.example\"?>",
        ] {
            let svg = cleaned(inside);
            assert!(!svg.is_empty(), "{inside}");
            for bad in ["alert", "evil", "javascript", "data:", "onload", "script"] {
                assert!(!svg.contains(bad), "{inside}: {svg}");
            }
        }
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        let entity = format!("<!DOCTYPE svg [<!ENTITY a \"b\">]><svg xmlns=\"{SVG}\">&a;</svg>");
        let deep = format!(
            "<svg xmlns=\"{SVG}\">{}{}</svg>",
            "<g>".repeat(100_000),
            "</g>".repeat(100_000)
        );
        let many = format!("<svg xmlns=\"{SVG}\">{}</svg>", "<g/>".repeat(30_000));
        for text in [
            entity.as_str(),
            &deep[..LOGO_MAX],
            &many,
            "",
            "<svg/>",
            "<html/>",
            "GIF89a",
            "%PDF-1.7",
            "<svg xmlns=\"x\"/>",
        ] {
            assert_eq!(read(text.as_bytes()), None, "{}", text.get(..40).unwrap_or(text));
        }
        assert_eq!(read(&vec![b' '; LOGO_MAX + 1]), None);
    }

    #[test]
    fn a_png_is_one_from_its_first_byte_to_its_last() {
        let png = |width: u32, height: u32| {
            let mut bytes = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR".to_vec();
            bytes.extend(width.to_be_bytes());
            bytes.extend(height.to_be_bytes());
            bytes.extend(b"\x08\x06\x00\x00\x00....\x00\x00\x00\x00IEND\xaeB`\x82");
            bytes
        };
        assert_eq!(read(&png(16, 9)).map(|picture| picture.media_type), Some("image/png"));
        assert_eq!(read(&png(0, 9)), None);
        assert_eq!(read(&png(16, 100_000)), None);
        let mut tail = png(16, 9);
        tail.extend(b"<script>");
        assert_eq!(read(&tail), None);
    }
}

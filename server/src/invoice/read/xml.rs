//! From text to a parsed tree of bounded size, and which kind of document its root is.

use std::collections::{HashMap, HashSet};

use roxmltree::{Document, Node, ParsingOptions};

use super::document::Syntax;
use super::unreadable::{Unreadable, shortened};
use super::{DEPTH_LIMIT, LINE_LIMIT, NODE_LIMIT};

/// Most bytes of one tag, and most attributes in it: they are compared with each other, so they must not be many.
const TAG_LIMIT: usize = 4 * 1024;
const ATTRIBUTE_LIMIT: usize = 64;
/// Most elements that repeat a sibling's name where a line of an invoice may have several.
const DETAIL_LIMIT: usize = 100_000;
/// Most elements that repeat a sibling's name elsewhere: those that the standard allows once are compared with each
/// other.
const REPEAT_LIMIT: usize = 10_000;
/// Most different element names: those that are not understood are collected.
const NAME_LIMIT: usize = 2_000;
/// Most namespace declarations in view, summed over the elements that add one: each such element copies them.
const NAMESPACE_LIMIT: usize = 1_000_000;

/// Parses `text` within the limits.
///
/// # Errors
/// [`Unreadable::DtdForbidden`], [`Unreadable::TooComplex`] or [`Unreadable::BrokenXml`].
pub(super) fn parse(text: &str) -> Result<Document<'_>, Unreadable> {
    measure(text.as_bytes())?;
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: NODE_LIMIT,
        ..ParsingOptions::default()
    };
    let tree = Document::parse_with_options(text, options).map_err(|error| match error {
        roxmltree::Error::DtdDetected => Unreadable::DtdForbidden,
        roxmltree::Error::NodesLimitReached => Unreadable::TooComplex { what: "elements" },
        roxmltree::Error::UnclosedRootNode | roxmltree::Error::UnexpectedEndOfStream => cut_off(text),
        error => {
            let at = error.pos();
            let reason = error.to_string();
            let reason = reason
                .strip_suffix(&format!(" at {}:{}", at.row, at.col))
                .unwrap_or(&reason);
            Unreadable::BrokenXml {
                line: at.row,
                column: at.col,
                reason: shortened(reason),
            }
        }
    })?;
    count_repeats(&tree)?;
    Ok(tree)
}

/// Refuses a document in which elements repeat more often than in any invoice.
fn count_repeats(tree: &Document<'_>) -> Result<(), Unreadable> {
    let (mut lines, mut details, mut repeats) = (0, 0, 0);
    let mut siblings: HashMap<&str, usize> = HashMap::new();
    let mut names: HashSet<&str> = HashSet::new();
    for parent in tree.descendants().filter(Node::is_element) {
        siblings.clear();
        for child in parent.children().filter(Node::is_element) {
            *siblings.entry(child.tag_name().name()).or_default() += 1;
        }
        for (name, count) in &siblings {
            names.insert(name);
            match *name {
                "InvoiceLine" | "CreditNoteLine" | "SubInvoiceLine" | "IncludedSupplyChainTradeLineItem" => {
                    lines += count
                }
                "AllowanceCharge"
                | "SpecifiedTradeAllowanceCharge"
                | "AppliedTradeAllowanceCharge"
                | "AdditionalItemProperty"
                | "ApplicableProductCharacteristic"
                | "CommodityClassification"
                | "DesignatedProductClassification" => details += count - 1,
                _ => repeats += count - 1,
            }
        }
    }
    let limits = [
        (lines, LINE_LIMIT, "lines"),
        (details, DETAIL_LIMIT, "details"),
        (repeats, REPEAT_LIMIT, "repetitions"),
        (names.len(), NAME_LIMIT, "element names"),
    ];
    match limits.iter().find(|(count, limit, _)| count > limit) {
        Some((.., what)) => Err(Unreadable::TooComplex { what }),
        None => Ok(()),
    }
}

/// The parser names no place for a file that just ends: its end is the place.
fn cut_off(text: &str) -> Unreadable {
    let line = text.lines().count().max(1);
    let column = text.lines().last().map_or(0, |last| last.chars().count()) + 1;
    Unreadable::BrokenXml {
        line: u32::try_from(line).unwrap_or(u32::MAX),
        column: u32::try_from(column).unwrap_or(u32::MAX),
        reason: "the file ends too early".to_owned(),
    }
}

/// Walks over the tags without building anything, so that a hostile file is refused before it costs memory.
/// What is not well-formed is left to the parser.
fn measure(text: &[u8]) -> Result<(), Unreadable> {
    let too_complex = |what| Err(Unreadable::TooComplex { what });
    // Namespace declarations in view, one entry for each open element.
    let mut open: Vec<usize> = Vec::new();
    let mut copied = 0_usize;
    let mut rest = text;
    while let Some(start) = position(rest, b"<") {
        rest = &rest[start..];
        let skipped = if rest.starts_with(b"<!--") {
            after(rest, b"-->")
        } else if rest.starts_with(b"<![CDATA[") {
            after(rest, b"]]>")
        } else if rest.starts_with(b"<?") {
            after(rest, b"?>")
        } else if rest.starts_with(b"<!DOCTYPE") {
            return Err(Unreadable::DtdForbidden);
        } else {
            let Some(end) = end_of_tag(rest) else { return Ok(()) };
            if end > TAG_LIMIT {
                return too_complex("attributes of one element");
            }
            let tag = &rest[..end];
            if tag.iter().filter(|byte| **byte == b'=').count() > ATTRIBUTE_LIMIT {
                return too_complex("attributes of one element");
            }
            if tag.starts_with(b"</") {
                open.pop();
            } else {
                let declared = tag.windows(5).filter(|window| window == b"xmlns").count();
                let in_view = open.last().copied().unwrap_or(0) + declared;
                if declared > 0 {
                    copied += in_view;
                }
                if !tag.ends_with(b"/>") {
                    open.push(in_view);
                }
                if open.len() > DEPTH_LIMIT {
                    return too_complex("nesting");
                }
                if copied > NAMESPACE_LIMIT {
                    return too_complex("namespaces");
                }
            }
            Some(end)
        };
        let Some(skipped) = skipped else { return Ok(()) };
        rest = &rest[skipped..];
    }
    Ok(())
}

fn position(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    match needle {
        [byte] => haystack.iter().position(|b| b == byte),
        _ => haystack.windows(needle.len()).position(|window| window == needle),
    }
}

fn after(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    position(haystack, needle).map(|at| at + needle.len())
}

/// Length of the tag at the start of `text`, its `>` included; quotes may hold a `>`.
fn end_of_tag(text: &[u8]) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in text.iter().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') => quote = Some(*byte),
            (Some(open), byte) if open == *byte => quote = None,
            _ => {}
        }
    }
    None
}

/// The syntax that the root element stands for.
///
/// # Errors
/// [`Unreadable::OrderNotInvoice`], [`Unreadable::OtherStandard`] or [`Unreadable::WrongRoot`].
pub(super) fn syntax(root: Node<'_, '_>) -> Result<Syntax, Unreadable> {
    let name = root.tag_name().name();
    let namespace = root.tag_name().namespace().unwrap_or_default();
    match (name, namespace) {
        ("Invoice", "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2") => Ok(Syntax::UblInvoice),
        ("CreditNote", "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2") => Ok(Syntax::UblCreditNote),
        ("CrossIndustryInvoice", "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100") => Ok(Syntax::Cii),
        ("CrossIndustryDocument", "urn:ferd:CrossIndustryDocument:invoice:1p0") => Ok(Syntax::Zugferd1),
        ("SCRDMCCBDACIOMessageStructure" | "CrossIndustryOrder" | "Order" | "OrderResponse" | "OrderChange", _) => {
            Err(Unreadable::OrderNotInvoice)
        }
        ("FatturaElettronica" | "FatturaElettronicaSemplificata", _) => {
            Err(Unreadable::OtherStandard { found: "FatturaPA" })
        }
        ("Facturae", _) => Err(Unreadable::OtherStandard { found: "Facturae" }),
        ("Faktura", _) => Err(Unreadable::OtherStandard { found: "FA (KSeF)" }),
        ("invoice", space) if space.contains("ebinterface") => Err(Unreadable::OtherStandard { found: "ebInterface" }),
        ("Invoice", space) if space.contains("ebinterface") => Err(Unreadable::OtherStandard { found: "ebInterface" }),
        (_, "") => Err(Unreadable::WrongRoot { found: shortened(name) }),
        _ => Err(Unreadable::WrongRoot {
            found: shortened(&format!("{name} in {namespace}")),
        }),
    }
}

/// First child element of this local name.
pub(super) fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    children(node, name).next()
}

/// Child elements of this local name.
pub(super) fn children<'a, 'i, 'n>(
    node: Node<'a, 'i>,
    name: &'n str,
) -> impl Iterator<Item = Node<'a, 'i>> + use<'a, 'i, 'n> {
    node.children()
        .filter(move |child| child.is_element() && child.tag_name().name() == name)
}

/// Element at the end of a path of local names.
pub(super) fn descend<'a, 'i>(node: Node<'a, 'i>, path: &[&str]) -> Option<Node<'a, 'i>> {
    path.iter().try_fold(node, |node, name| child(node, name))
}

/// Text of the element at the end of a path, without the white space round it; none if empty.
pub(super) fn text(node: Node<'_, '_>, path: &[&str]) -> Option<String> {
    own_text(descend(node, path)?)
}

/// Text of the element itself, without the white space round it; none if empty.
pub(super) fn own_text(node: Node<'_, '_>) -> Option<String> {
    let text: String = node.children().filter_map(|child| child.text()).collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

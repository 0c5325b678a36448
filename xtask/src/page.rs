//! The page that the browser loads first, and its style sheet: templates and sources made into files with hashed names.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// Puts a value in place of every `{{name}}`; a name that nobody knows is a mistake.
pub(crate) fn fill(template: &str, values: &[(&str, &str)]) -> Result<String> {
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").context("a placeholder is not closed")?;
        let Some((_, value)) = values.iter().find(|(known, _)| *known == name) else {
            bail!("nobody knows the placeholder {{{{{name}}}}}");
        };
        filled.push_str(before);
        filled.push_str(value);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// Takes the comments out of HTML or SVG, and the blank lines that remain.
pub(crate) fn without_comments(markup: &str) -> String {
    without(markup, "<!--", "-->")
}

/// The style sheets of the folder as one, in the order of `order.txt`, without comments.
pub(crate) fn style(folder: &Path) -> Result<String> {
    let order = fs::read_to_string(folder.join("order.txt")).context("web/style/order.txt cannot be read")?;
    let order: Vec<&str> = order.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let mut sheet = String::new();
    for name in &order {
        let source =
            fs::read_to_string(folder.join(name)).with_context(|| format!("web/style/{name} cannot be read"))?;
        sheet.push_str(&without(&source, "/*", "*/"));
    }
    let listed: BTreeSet<&str> = order.into_iter().collect();
    for file in fs::read_dir(folder)?.flatten() {
        let name = file.file_name();
        let name = name.to_string_lossy();
        if name.ends_with(".css") && !listed.contains(name.as_ref()) {
            bail!("web/style/order.txt does not say where {name} belongs");
        }
    }
    Ok(sheet)
}

/// The font files that the style sheet asks for, as it names them: `fonts/<file>.woff2`.
pub(crate) fn fonts(sheet: &str) -> BTreeSet<String> {
    let quoted = sheet
        .split("url(\"")
        .skip(1)
        .filter_map(|after| after.split_once("\")"));
    quoted
        .map(|(address, _)| address.to_owned())
        .filter(|address| address.starts_with("fonts/"))
        .collect()
}

/// Takes out what stands between the marks, then indentation and blank lines. Neither mark may stand in a string.
fn without(source: &str, open: &str, close: &str) -> String {
    let mut kept = String::new();
    let mut rest = source;
    while let Some((before, after)) = rest.split_once(open) {
        kept.push_str(before);
        rest = after.split_once(close).map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    let lines = kept.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.fold(String::new(), |text, line| text + line + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_and_an_unknown_one_is_refused() {
        assert_eq!(
            fill("<a href=\"{{icons}}\">{{icons}}</a>", &[("icons", "/i.svg")]).unwrap(),
            "<a href=\"/i.svg\">/i.svg</a>"
        );
        assert!(fill("{{nobody}}", &[("icons", "/i.svg")]).is_err());
    }

    #[test]
    fn comments_and_blank_lines_go_and_rules_stay() {
        assert_eq!(
            without("/* a\n b */\n\n  p {\n    margin: 0; /* none */\n  }\n", "/*", "*/"),
            "p {\nmargin: 0;\n}\n"
        );
        assert_eq!(without_comments("<svg><!-- x --><g/></svg>"), "<svg><g/></svg>\n");
    }

    #[test]
    fn the_fonts_of_a_sheet_are_found() {
        let sheet = "src: url(\"fonts/a.woff2\") format(\"woff2\"); background: url(\"keyline.svg\")";
        assert_eq!(fonts(sheet), BTreeSet::from(["fonts/a.woff2".to_owned()]));
    }
}

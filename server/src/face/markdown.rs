//! Markdown as people of the provider write it, made into HTML that cannot do anything but be read.
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};

/// The HTML of a text in CommonMark with tables. Raw HTML is shown as the text that it is, pictures by their words;
/// links lead by http, https, mailto and tel, or to this portal's own pages, all others are mere text.
/// Headings begin at the second level: the first is the page's.
pub fn to_html(text: &str) -> String {
    let mut written = String::with_capacity(text.len() * 3 / 2);
    let mut links = Vec::new();
    let events = Parser::new_ext(text, Options::ENABLE_TABLES).map(|event| harmless(event, &mut links));
    html::push_html(&mut written, events.flatten());
    written
}

/// The event as it may be written; none for what is left out. `links` remembers which open ones were written.
fn harmless<'a>(event: Event<'a>, links: &mut Vec<bool>) -> Option<Event<'a>> {
    Some(match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => return None,
        Event::Start(Tag::Link {
            link_type,
            dest_url,
            title,
            id,
        }) => {
            let is_written = leads_somewhere_good(&dest_url);
            links.push(is_written);
            if !is_written {
                return None;
            }
            let dest_url = mail_address(link_type, dest_url);
            Event::Start(Tag::Link {
                link_type: pulldown_cmark::LinkType::Inline,
                dest_url,
                title,
                id,
            })
        }
        Event::End(TagEnd::Link) if !links.pop().unwrap_or_default() => return None,
        Event::Start(Tag::Heading { level, .. }) => Event::Start(Tag::Heading {
            level: deeper(level),
            id: None,
            classes: Vec::new(),
            attrs: Vec::new(),
        }),
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(deeper(level))),
        other => other,
    })
}

/// `<name@example.org>` is a link by mail.
fn mail_address(kind: pulldown_cmark::LinkType, address: CowStr<'_>) -> CowStr<'_> {
    if kind == pulldown_cmark::LinkType::Email {
        format!("mailto:{}", address.trim_start_matches("mailto:")).into()
    } else {
        address
    }
}

fn leads_somewhere_good(address: &str) -> bool {
    let is_own = address.starts_with('/') && !address.starts_with("//") && !address.contains('\\');
    match address.split_once(':') {
        Some((scheme, _)) if !is_own => {
            let known = ["http", "https", "mailto", "tel"];
            known.iter().any(|known| scheme.eq_ignore_ascii_case(known))
        }
        _ => is_own || (address.contains('@') && !address.contains(['/', '\\'])),
    }
}

fn deeper(level: pulldown_cmark::HeadingLevel) -> pulldown_cmark::HeadingLevel {
    use pulldown_cmark::HeadingLevel::{H2, H3, H4, H5, H6};
    match level {
        pulldown_cmark::HeadingLevel::H1 => H2,
        H2 => H3,
        H3 => H4,
        H4 => H5,
        H5 | H6 => H6,
    }
}

#[cfg(test)]
mod tests {
    use super::to_html;

    #[test]
    fn text_is_marked_up() {
        assert_eq!(
            to_html("# Anbieter\n\nLindwerk *Netze*\n\n- eins\n- zwei"),
            "<h2>Anbieter</h2>\n<p>Lindwerk <em>Netze</em></p>\n<ul>\n<li>eins</li>\n<li>zwei</li>\n</ul>\n"
        );
    }

    #[test]
    fn links_to_the_web_by_mail_by_phone_and_within_are_links() {
        for (text, address) in [
            ("[a](https://a.example/x)", "https://a.example/x"),
            ("[a](HTTP://a.example)", "HTTP://a.example"),
            ("[a](mailto:a@b.example)", "mailto:a@b.example"),
            ("[a](tel:+49201555)", "tel:+49201555"),
            ("[a](/help)", "/help"),
            ("<a@b.example>", "mailto:a@b.example"),
        ] {
            assert!(
                to_html(text).contains(&format!("<a href=\"{address}\">")),
                "{text}: {}",
                to_html(text)
            );
        }
    }

    #[test]
    fn nothing_else_becomes_an_address() {
        for text in [
            "[a](javascript:alert(1))",
            "[a](JaVaScRiPt:alert(1))",
            "[a](java&#115;cript:alert(1))",
            "[a]( javascript:alert(1))",
            "[a](data:text/html,x)",
            "[a](vbscript:x)",
            "[a](//evil.example)",
            "[a](/\\evil.example)",
            "[a](file:///etc/passwd)",
            "[a](blob:x)",
            "[a][b]\n\n[b]: javascript:alert(1)",
            "<javascript:alert(1)>",
            "![a](https://evil.example/pixel.png)",
        ] {
            let html = to_html(text);
            assert!(!html.contains("href=") && !html.contains("src="), "{text}: {html}");
        }
    }

    #[test]
    fn raw_html_is_shown_as_text() {
        for text in [
            "<script>alert(1)</script>",
            "a <img src=x onerror=alert(1)> b",
            "<svg onload=alert(1)>",
            "<!-- <b> -->",
            "a <b onclick=x>b</b>",
            "<a href=\"javascript:alert(1)\">a</a>",
            "# <iframe src=//x>",
            "```\n<script>\n```",
        ] {
            let html = to_html(text);
            let tags = ["<script", "<img", "<svg", "<b", "<a", "<iframe", "<!--"];
            assert!(tags.iter().all(|tag| !html.contains(tag)), "{text}: {html}");
        }
    }
}

//! The few pages that are not the client's: they have to stand where the person may not be signed in, or where the
//! browser is on its way to another origin.
use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use openidconnect::url::form_urlencoded;
use sha2::{Digest, Sha256};

use crate::sso::{authorize::origin_of, client::Sso};

const STYLE: &str = ":root{color-scheme:light dark;background:#fff;color:#161616}a{color:#0b4ea2}body{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:4rem auto;padding:0 1rem}button,a{font:inherit}button{padding:.5rem 1rem;min-height:2.75rem;border:0;border-radius:.375rem;background:#0b4ea2;color:#fff}@media(prefers-color-scheme:dark){:root{background:#161616;color:#f2f2f2}a{color:#a9ccff}button{background:#a9ccff;color:#161616}}";

const SUBMIT: &str = "document.forms[0].submit()";

/// The words of these pages.
struct Words {
    language: &'static str,
    refused: &'static str,
    home: &'static str,
    passing: &'static str,
    go_on: &'static str,
    sign_out: &'static str,
    sign_out_text: &'static str,
    yes: &'static str,
    no: &'static str,
}

const GERMAN: Words = Words {
    language: "de",
    refused: "Hier geht es nicht weiter",
    home: "Zum Portal",
    passing: "Weiter zur Anwendung",
    go_on: "Weiter",
    sign_out: "Abmelden?",
    sign_out_text: "Eine Anwendung möchte Sie vom Portal abmelden. Sie werden damit auch dort abgemeldet, wohin Sie von hier aus gegangen sind.",
    yes: "Abmelden",
    no: "Angemeldet bleiben",
};

const ENGLISH: Words = Words {
    language: "en",
    refused: "This way is closed",
    home: "To the portal",
    passing: "On to the application",
    go_on: "Continue",
    sign_out: "Sign out?",
    sign_out_text: "An application wants to sign you out of the portal. That signs you out where you went from here, too.",
    yes: "Sign out",
    no: "Stay signed in",
};

/// German unless the browser prefers English (RFC 9110 section 12.5.4, first come first served).
fn words(headers: &HeaderMap) -> &'static Words {
    let accepted = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    let mut tags = accepted
        .unwrap_or_default()
        .split(',')
        .map(|tag| tag.trim().to_ascii_lowercase());
    let first = tags.find(|tag| tag.starts_with("de") || tag.starts_with("en"));
    if first.is_some_and(|tag| tag.starts_with("en")) {
        &ENGLISH
    } else {
        &GERMAN
    }
}

/// That a request goes nowhere, and why, for whoever sets up clients.
pub(super) fn refused(headers: &HeaderMap, text: &str) -> Response {
    let words = words(headers);
    let body = format!(
        "<h1>{}</h1><p lang=\"en\">{}</p><p><a href=\"/\">{}</a></p>",
        words.refused,
        escaped(text),
        words.home
    );
    page(StatusCode::BAD_REQUEST, words, words.refused, &body, None, "'self'")
}

/// A form that the browser posts to the client by itself (OAuth 2.0 Form Post Response Mode section 2).
pub(super) fn posted(headers: &HeaderMap, to: &str, parameters: &[(&'static str, String)]) -> Response {
    let words = words(headers);
    let fields: String = parameters.iter().map(|(name, value)| hidden(name, value)).collect();
    let body = format!(
        "<h1>{}</h1><form method=\"post\" action=\"{}\">{fields}<button>{}</button></form>",
        words.passing,
        escaped(to),
        words.go_on
    );
    let target = origin_of(to).unwrap_or_else(|| "'none'".to_owned());
    page(StatusCode::OK, words, words.passing, &body, Some(SUBMIT), &target)
}

/// Whether the person wants to sign out: the answer is a form that only this page can post.
pub(super) fn asked(headers: &HeaderMap, form: &str, sso: &Sso) -> Response {
    let words = words(headers);
    let fields: String = form_urlencoded::parse(form.as_bytes())
        .map(|(name, value)| hidden(&name, &value))
        .collect();
    let body = format!(
        "<h1>{}</h1><p>{}</p><form method=\"post\" action=\"/end-session\">{fields}<button>{}</button></form><p><a href=\"/\">{}</a></p>",
        words.sign_out, words.sign_out_text, words.yes, words.no
    );
    // The way after the form leads to the client, and browsers hold a policy against that step too.
    let addresses = sso.clients.iter().flat_map(|client| &client.post_logout_redirect_uris);
    let mut targets: Vec<_> = addresses.filter_map(|address| origin_of(address)).collect();
    targets.push("'self'".to_owned());
    targets.sort();
    targets.dedup();
    page(StatusCode::OK, words, words.sign_out, &body, None, &targets.join(" "))
}

fn hidden(name: &str, value: &str) -> String {
    format!(
        "<input type=\"hidden\" name=\"{}\" value=\"{}\">",
        escaped(name),
        escaped(value)
    )
}

/// Text as it may stand in an element and in a quoted attribute (HTML section 13.1.2).
pub(crate) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

fn page(
    status: StatusCode,
    words: &Words,
    title: &str,
    body: &str,
    script: Option<&str>,
    form_action: &str,
) -> Response {
    let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes())));
    let scripts = script.map_or_else(|| "'none'".to_owned(), hash);
    let policy = format!(
        "default-src 'none'; script-src {scripts}; style-src {}; form-action {form_action}; base-uri 'none'; frame-ancestors 'none'",
        hash(STYLE)
    );
    let script = script
        .map(|script| format!("<script>{script}</script>"))
        .unwrap_or_default();
    let html = format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{title} · Keyhaus</title><style>{STYLE}</style></head><body><main>{body}</main>{script}</body></html>",
        words.language
    );
    let mut response = (status, html).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out_of_a_page() {
        assert_eq!(
            escaped("<a b=\"c\" d='e'>&"),
            "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;"
        );
        assert_eq!(
            hidden("state", "\"><script>alert(1)</script>"),
            "<input type=\"hidden\" name=\"state\" value=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\">"
        );
    }

    #[test]
    fn a_page_speaks_the_language_that_comes_first() {
        let of = |accepted: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_str(accepted).unwrap());
            words(&headers).language
        };
        assert_eq!(
            ["", "de-DE,en;q=0.5", "en-US,de;q=0.5", "fr,en", "fr"].map(of),
            ["de", "de", "en", "en", "de"]
        );
    }
}

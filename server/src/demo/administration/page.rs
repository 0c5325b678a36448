//! The pages of the demo application: plain, so that nobody takes it for a part of the portal.
use super::{Guest, Line};
use crate::http::escaped;
use axum::{
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

const STYLE: &str = ":root{color-scheme:light dark;background:#fff;color:#161616}a{color:#0b4ea2}@media(prefers-color-scheme:dark){:root{background:#161616;color:#f2f2f2}a{color:#a9ccff}}body{font:1rem/1.5 Georgia,serif;max-width:46rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.4rem .8rem .4rem 0;border-bottom:1px solid}dt{font-weight:bold}dd{margin:0 0 .5rem;overflow-wrap:anywhere}button,a{font:inherit}button{padding:.5rem 1rem;min-height:2.75rem}.wide{overflow-x:auto}";

/// The words of the pages.
pub(super) struct Words {
    language: &'static str,
    title: &'static str,
    note: &'static str,
    who: &'static str,
    name: &'static str,
    user_name: &'static str,
    account: &'static str,
    rights: &'static str,
    class: &'static str,
    contracts: &'static str,
    number: &'static str,
    product: &'static str,
    label: &'static str,
    sign_out: &'static str,
    back: &'static str,
    closed: &'static str,
    open: &'static str,
    refused: &'static str,
}

impl Words {
    /// Whether they are German.
    pub(super) fn is_german(&self) -> bool {
        self.language == "de"
    }
}

const GERMAN: Words = Words {
    language: "de",
    title: "Vertragsverwaltung",
    note: "Eine erfundene Anwendung zum Ausprobieren. Sie weiß nur, was das Portal ihr sagt.",
    who: "Angemeldet",
    name: "Name",
    user_name: "Benutzername",
    account: "Kunde",
    rights: "Rechte",
    class: "Wie angemeldet",
    contracts: "Verträge",
    number: "Nummer",
    product: "Produkt",
    label: "Wofür",
    sign_out: "Abmelden",
    back: "Zurück zum Portal",
    closed: "Sie sind hier abgemeldet.",
    open: "Über das Portal anmelden",
    refused: "Das Portal hat Sie nicht hereingelassen:",
};

const ENGLISH: Words = Words {
    language: "en",
    title: "Contract administration",
    note: "An invented application to try. It knows only what the portal tells it.",
    who: "Signed in",
    name: "Name",
    user_name: "User name",
    account: "Customer",
    rights: "Rights",
    class: "How signed in",
    contracts: "Contracts",
    number: "Number",
    product: "Product",
    label: "For what",
    sign_out: "Sign out",
    back: "Back to the portal",
    closed: "You are signed out here.",
    open: "Sign in through the portal",
    refused: "The portal did not let you in:",
};

/// German unless the browser prefers English.
pub(super) fn words(headers: &HeaderMap) -> &'static Words {
    let accepted = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    if accepted.unwrap_or_default().starts_with("en") {
        &ENGLISH
    } else {
        &GERMAN
    }
}

/// Who came, and which contracts there are.
pub(super) fn inside(words: &Words, portal: &str, guest: &Guest, contracts: &[Line]) -> Response {
    let rights: Vec<_> = guest.portal.rights.iter().map(|right| format!("{right:?}")).collect();
    let account = format!("{}, {}", guest.portal.customer_number, guest.portal.account_name);
    let facts: String = [
        (words.name, guest.name.as_str()),
        (words.user_name, &guest.user_name),
        (words.account, &account),
        (words.rights, &rights.join(", ")),
        (words.class, &guest.class),
    ]
    .iter()
    .map(|(term, value)| format!("<div><dt>{term}</dt><dd>{}</dd></div>", escaped(value)))
    .collect();
    let rows: String = contracts
        .iter()
        .map(|line| {
            format!(
                "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
                escaped(&line.number),
                escaped(&line.product),
                escaped(&line.label)
            )
        })
        .collect();
    let body = format!(
        "<h1>{}</h1><p>{}</p><h2>{}</h2><dl>{facts}</dl><h2>{}</h2><div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead><tbody>{rows}</tbody></table></div><form method=\"post\" action=\"/sign-out\"><p><button>{}</button></p></form><p><a href=\"{portal}\">{}</a></p>",
        words.title,
        words.note,
        words.who,
        words.contracts,
        words.contracts,
        words.number,
        words.product,
        words.label,
        words.sign_out,
        words.back
    );
    page(StatusCode::OK, words, &body)
}

/// That nobody is signed in here, and the way in.
pub(super) fn signed_out(words: &Words, portal: &str) -> Response {
    let body = format!(
        "<h1>{}</h1><p>{}</p><p><a href=\"/start\">{}</a></p><p><a href=\"{portal}\">{}</a></p>",
        words.title, words.closed, words.open, words.back
    );
    page(StatusCode::OK, words, &body)
}

/// What the portal said instead of letting somebody in.
pub(super) fn refused(words: &Words, portal: &str, error: Option<&String>) -> Response {
    let error = error.map_or("?", String::as_str);
    let body = format!(
        "<h1>{}</h1><p>{} <code>{}</code></p><p><a href=\"{portal}\">{}</a></p>",
        words.title,
        words.refused,
        escaped(error),
        words.back
    );
    page(StatusCode::FORBIDDEN, words, &body)
}

fn page(status: StatusCode, words: &Words, body: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><link rel=\"icon\" href=\"data:,\"><title>{} (Demo)</title><style>{STYLE}</style></head><body><main>{body}</main></body></html>",
        words.language, words.title
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
        ),
    ];
    (status, headers, html).into_response()
}

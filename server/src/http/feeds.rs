//! `GET /feeds/invoices.json` (JSON Feed 1.1) and `GET /feeds/invoices.atom` (RFC 4287): invoices for programs, with
//! `Authorization: Bearer` and conditional requests (RFC 9110 section 13).
use super::{Caller, Served, escaped, files::refusal};
use crate::{
    error::{Error, Result as Outcome},
    file,
    invoice::{
        feed::{self, Feed},
        list::Head,
    },
};
use axum::{
    Router,
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use chrono::{DateTime, NaiveDateTime, SecondsFormat, SubsecRound, Utc};
use serde::Deserialize;
use serde_json::json;
use shared::{account::Language, error::ErrorCode, invoice::InvoiceKind};
use std::fmt::Write;

/// A date of HTTP (RFC 9110 section 5.6.7).
const HTTP_DATE: &str = "%a, %d %b %Y %H:%M:%S GMT";

/// The routes of this subject.
pub(super) fn routes() -> Router<Served> {
    Router::new()
        .route("/feeds/invoices.json", get(json_feed))
        .route("/feeds/invoices.atom", get(atom_feed))
}

/// What the address of a feed says.
#[derive(Deserialize)]
struct Asked {
    /// The page after this one.
    after: Option<String>,
    /// The language of titles; German if it is not given.
    #[serde(default)]
    language: Language,
}

async fn json_feed(
    State(served): State<Served>,
    caller: Caller,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Response {
    answer(
        &served,
        &caller,
        &headers,
        &asked,
        "application/feed+json; charset=utf-8",
        json_of,
    )
    .await
}

async fn atom_feed(
    State(served): State<Served>,
    caller: Caller,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Response {
    answer(
        &served,
        &caller,
        &headers,
        &asked,
        "application/atom+xml; charset=utf-8",
        atom_of,
    )
    .await
}

/// A page as text, by the portal's origin, the language and the provider's name.
type Form = fn(&Feed, &str, Language, &str) -> String;

async fn answer(
    served: &Served,
    caller: &Caller,
    headers: &HeaderMap,
    asked: &Asked,
    media_type: &'static str,
    form: Form,
) -> Response {
    let app = &served.app;
    let page: Outcome<_> = async {
        let actor = caller.actor.as_ref().ok_or(Error::Unauthenticated)?;
        let page = feed::page(app, actor, asked.after.as_deref()).await?;
        Ok((page, crate::face::current(app).await?))
    }
    .await;
    let (page, face) = match page {
        Ok(found) => found,
        Err(error) => {
            let mut refused = refusal(&error);
            if error.code() == ErrorCode::Unauthenticated {
                let challenge = HeaderValue::from_static("Bearer");
                refused.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
            }
            return refused;
        }
    };
    let text = form(&page, &app.settings.origin, asked.language, &face.name);
    let tag = format!("\"{}\"", file::sha256(text.as_bytes()).get(..32).unwrap_or_default());
    let newest = page.heads.first().map(|head| head.visible_at.trunc_subsecs(0));
    let mut response = if is_known(headers, &tag, newest) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, media_type)], text).into_response()
    };
    let marks = [
        (header::ETAG, Some(tag)),
        (
            header::LAST_MODIFIED,
            newest.map(|newest| newest.format(HTTP_DATE).to_string()),
        ),
        // it may be kept by who asked, and is asked about each time
        (header::CACHE_CONTROL, Some("private, no-cache".to_owned())),
        (header::VARY, Some("authorization".to_owned())),
    ];
    for (name, value) in marks {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// Whether who asks has this page: by its tag, or, where he names none, by its date (RFC 9110 section 13.2.2).
fn is_known(headers: &HeaderMap, tag: &str, newest: Option<DateTime<Utc>>) -> bool {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    match (text(header::IF_NONE_MATCH), text(header::IF_MODIFIED_SINCE)) {
        (Some(tags), _) => tags
            .split(',')
            .map(|named| named.trim().trim_start_matches("W/"))
            .any(|named| named == tag || named == "*"),
        (None, Some(date)) => {
            let since = NaiveDateTime::parse_from_str(date, HTTP_DATE).map(|date| date.and_utc());
            since.is_ok_and(|since| newest.is_some_and(|newest| newest <= since))
        }
        (None, None) => false,
    }
}

fn word(language: Language, de: &'static str, en: &'static str) -> &'static str {
    if language == Language::De { de } else { en }
}

fn title(head: &Head, language: Language) -> String {
    let kind = match InvoiceKind::of_type_code(&head.type_code) {
        InvoiceKind::Invoice => word(language, "Rechnung", "Invoice"),
        InvoiceKind::CreditNote => word(language, "Gutschrift", "Credit note"),
        InvoiceKind::Correction => word(language, "Korrigierte Rechnung", "Corrected invoice"),
    };
    format!("{kind} {}", head.number)
}

/// The facts in a line.
fn summary(head: &Head, language: Language) -> String {
    let mut text = format!(
        "{}, {}: {} {}",
        head.seller_name, head.issue_date, head.gross_total, head.currency
    );
    if let Some(due) = head.due_date {
        let _ = write!(text, ", {} {due}", word(language, "fällig am", "due on"));
    }
    text
}

/// Address, media type and title of the files of an invoice; the original first.
fn files(head: &Head, origin: &str, language: Language) -> [(String, &'static str, &'static str); 3] {
    let at = format!("{origin}/download/invoices/{}", head.id);
    let tag = word(language, "DE", "EN");
    let is_pdf = head.media_type == "application/pdf";
    let original = if is_pdf { "application/pdf" } else { "application/xml" };
    [
        (at.clone(), original, "Original"),
        (format!("{at}/xml"), "application/xml", "XML"),
        (format!("{at}/pdf?language={tag}"), "application/pdf", "PDF"),
    ]
}

fn address(origin: &str, form: &str, language: Language, after: Option<&str>) -> String {
    let after = after.map(|after| format!("&after={after}")).unwrap_or_default();
    format!(
        "{origin}/feeds/invoices.{form}?language={}{after}",
        word(language, "DE", "EN")
    )
}

fn name(feed: &Feed, language: Language) -> String {
    let (number, name) = &feed.account;
    format!("{} {number} {name}", word(language, "Rechnungen", "Invoices"))
}

fn json_of(feed: &Feed, origin: &str, language: Language, provider: &str) -> String {
    let items = feed.heads.iter().map(|head| {
        let attachments = files(head, origin, language).map(|(url, media_type, title)| {
            let size = (title == "Original").then_some(head.file_size);
            json!({ "url": url, "mime_type": media_type, "title": title, "size_in_bytes": size })
        });
        json!({
            "id": format!("urn:uuid:{}", head.id),
            "url": format!("{origin}/invoices/{}", head.id),
            "title": title(head, language),
            "content_text": summary(head, language),
            "date_published": head.visible_at.to_rfc3339_opts(SecondsFormat::Secs, true),
            "attachments": attachments,
            "_keyhaus": {
                "number": head.number, "type_code": head.type_code, "seller": head.seller_name,
                "issue_date": head.issue_date, "due_date": head.due_date, "currency": head.currency,
                "net_total": head.net_total, "tax_total": head.tax_total, "gross_total": head.gross_total,
                "payable": head.payable, "sha256": head.sha256,
            },
        })
    });
    let mut page = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": name(feed, language),
        "home_page_url": format!("{origin}/invoices"),
        "feed_url": address(origin, "json", language, None),
        "language": word(language, "de", "en"),
        "authors": [{ "name": provider }],
        "items": items.collect::<Vec<_>>(),
    });
    if let Some(next) = &feed.next {
        page["next_url"] = address(origin, "json", language, Some(next)).into();
    }
    page.to_string()
}

fn atom_of(feed: &Feed, origin: &str, language: Language, provider: &str) -> String {
    // what XML 1.0 cannot hold is left out
    let text = |text: &str| escaped(&text.replace(|c: char| c.is_control(), " "));
    let stamp = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let at = address(origin, "atom", language, None);
    let updated = feed.heads.first().map_or(DateTime::UNIX_EPOCH, |head| head.visible_at);
    let mut page = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\
         <id>{origin}/feeds/invoices/{}</id><title>{}</title><updated>{}</updated><author><name>{}</name></author>\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/><link rel=\"alternate\" type=\"text/html\" \
         href=\"{origin}/invoices\"/>",
        word(language, "de", "en"),
        text(&feed.account.0),
        text(&name(feed, language)),
        stamp(updated),
        text(provider),
        escaped(&at),
    );
    if let Some(next) = &feed.next {
        let next = escaped(&address(origin, "atom", language, Some(next)));
        let _ = write!(
            page,
            "<link rel=\"next\" type=\"application/atom+xml\" href=\"{next}\"/>"
        );
    }
    for head in &feed.heads {
        let stamp = stamp(head.visible_at);
        let _ = write!(
            page,
            "<entry><id>urn:uuid:{}</id><title>{}</title><published>{stamp}</published><updated>{stamp}</updated>\
             <link rel=\"alternate\" type=\"text/html\" href=\"{origin}/invoices/{}\"/>",
            head.id,
            text(&title(head, language)),
            head.id,
        );
        for (url, media_type, title) in files(head, origin, language) {
            let url = escaped(&url);
            let _ = write!(
                page,
                "<link rel=\"enclosure\" type=\"{media_type}\" title=\"{title}\" href=\"{url}\"/>"
            );
        }
        let _ = write!(
            page,
            "<content type=\"text\">{}</content></entry>",
            text(&summary(head, language))
        );
    }
    page.push_str("</feed>\n");
    page
}

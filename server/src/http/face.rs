//! The provider's colours and logo, as browsers fetch them.
use super::{Served, files::refusal};
use crate::{
    error::{Error, Result as Outcome},
    face,
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

/// What a logo may do, should somebody open it as a page: nothing.
const LOGO_POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; sandbox");

/// A logo is named by its content: it may be kept for a year.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// The style sheet with the accent colour. Browsers ask each time whether it is still the same, and get it again only
/// if it is not.
pub(super) async fn style_sheet(State(served): State<Served>, headers: HeaderMap) -> Response {
    let face = match face::current(&served.app).await {
        Ok(face) => face,
        Err(error) => return refusal(&error),
    };
    let tag = format!("\"{}\"", face.version);
    let is_known = headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let sheet = face.accent.map(|accent| accent.style_sheet()).unwrap_or_default();
        ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], sheet).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

/// A logo of now or of former times, by its SHA-256.
pub(super) async fn logo(State(served): State<Served>, Path(sha256): Path<String>) -> Response {
    let found: Outcome<_> = async {
        let logo = face::logo_of(&served.app, &sha256)
            .await?
            .ok_or(Error::NotFound("logo"))?;
        let bytes = served.app.files.get(&logo.sha256).await?;
        Ok((logo, bytes))
    }
    .await;
    match found {
        Ok((logo, bytes)) => {
            let mut response = bytes.into_response();
            let headers = response.headers_mut();
            let media_type = if logo.media_type == "image/png" {
                "image/png"
            } else {
                "image/svg+xml"
            };
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
            headers.insert(header::CONTENT_SECURITY_POLICY, LOGO_POLICY);
            headers.insert(header::CACHE_CONTROL, FOR_EVER);
            response
        }
        Err(error) => refusal(&error),
    }
}

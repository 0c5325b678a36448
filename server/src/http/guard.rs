//! What a request that may change something has to show (security G01, G02): a page of another origin cannot
//! make a browser send it.
use axum::http::{HeaderMap, StatusCode, header};
use shared::CSRF_HEADER;

/// That the request comes from a page of ours, or from a program.
///
/// # Errors
/// 403 and the reason.
pub(super) fn same_origin(headers: &HeaderMap, origin: &str) -> Result<(), (StatusCode, &'static str)> {
    let refused = |why| Err((StatusCode::FORBIDDEN, why));
    if let Some(from) = headers.get(header::ORIGIN)
        && from.as_bytes() != origin.as_bytes()
    {
        return refused("this origin may not call the API");
    }
    if let Some(site) = headers.get("sec-fetch-site")
        && site != "same-origin"
        && site != "none"
    {
        return refused("the API is called by pages of this origin only");
    }
    if !headers.contains_key(CSRF_HEADER) {
        return refused("the header x-keyhaus-csrf is missing");
    }
    Ok(())
}

/// That the request was made by a page of ours, as browsers say of every request since 2023 (Fetch Metadata): for a
/// download that changes something, which cannot carry a header of its own.
///
/// # Errors
/// 403 and the reason.
pub(super) fn own_page(headers: &HeaderMap) -> Result<(), (StatusCode, &'static str)> {
    match headers.get("sec-fetch-site") {
        Some(site) if site == "same-origin" => Ok(()),
        _ => Err((
            StatusCode::FORBIDDEN,
            "this is downloaded from a page of the portal only",
        )),
    }
}

/// That the body is JSON and says so.
///
/// # Errors
/// 415 and the reason.
pub(super) fn json(headers: &HeaderMap) -> Result<(), (StatusCode, &'static str)> {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(declared), None) = (types.next().and_then(|value| value.to_str().ok()), types.next()) else {
        return Err((
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "send one content-type: application/json",
        ));
    };
    let declared = declared.to_ascii_lowercase();
    let (essence, parameters) = declared
        .split_once(';')
        .map_or((declared.trim(), ""), |(essence, rest)| (essence.trim(), rest.trim()));
    if essence == "application/json" && matches!(parameters, "" | "charset=utf-8") {
        Ok(())
    } else {
        Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, "send application/json"))
    }
}

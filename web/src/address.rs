//! Addresses of pages with what a list shows.

/// A path with a query of those pairs whose value is not empty, written as addresses want it (RFC 3986).
pub fn address(path: &str, pairs: impl IntoIterator<Item = (&'static str, String)>) -> String {
    let query = pairs
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", String::from(js_sys::encode_uri_component(&value))))
        .collect::<Vec<_>>()
        .join("&");
    if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{query}")
    }
}

//! The client: files that the build put into the binary, compressed already, named by their content.
use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::{EmbeddedFile, RustEmbed};

/// The policy of every page: nothing from other hosts, no inline script or style (security G10).
pub(super) const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// The policy of the playground: its editor (Monaco) writes style elements and carries an icon font in its sheet.
pub(super) const PLAYGROUND_POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// What `cargo xtask` built. A release carries it in itself; the dev profile reads it from the folder.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../target/client"]
#[allow_missing = true]
struct Client;

/// The longest time that a file named by its content may be kept: a year.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// Answers with a file of the client, or with its page: which page is shown is the client's affair.
pub(super) async fn serve(request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    let path = request.uri().path().trim_start_matches('/');
    let is_asset = path.contains("assets/");
    let name = match path {
        "playground" | "playground/" => "playground/index.html",
        path if is_asset || Client::get(path).is_some() => path,
        _ => "index.html",
    };
    match find(name, request.headers()) {
        Some((file, encoding)) => answer(name, is_asset, file, encoding),
        None if is_asset => StatusCode::NOT_FOUND.into_response(),
        None => (StatusCode::NOT_FOUND, "the client is not built: run `cargo xtask run`").into_response(),
    }
}

/// The smallest form of a file that the browser takes.
fn find(name: &str, headers: &HeaderMap) -> Option<(EmbeddedFile, Option<&'static str>)> {
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let takes = |encoding: &str| {
        accepted.split(',').map(str::trim).any(|part| {
            let (token, weight) = part.split_once(';').unwrap_or((part, ""));
            token.trim() == encoding && weight.trim() != "q=0"
        })
    };
    [("br", "br"), ("gz", "gzip")]
        .into_iter()
        .filter(|(_, encoding)| takes(encoding))
        .find_map(|(ending, encoding)| Client::get(&format!("{name}.{ending}")).map(|file| (file, Some(encoding))))
        .or_else(|| Client::get(name).map(|file| (file, None)))
}

fn answer(name: &str, is_asset: bool, file: EmbeddedFile, encoding: Option<&'static str>) -> Response {
    let media_type = match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        "json" => "application/json",
        "ttf" => "font/ttf",
        "png" => "image/png",
        _ => "application/octet-stream",
    };
    let mut response = file.data.into_owned().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(
        header::CACHE_CONTROL,
        if is_asset {
            FOR_EVER
        } else {
            HeaderValue::from_static("no-cache")
        },
    );
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

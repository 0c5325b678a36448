//! HTTP: the routes, the session behind a cookie, and the headers that every answer carries.
mod api;
mod bearer;
mod calendar;
mod client;
mod contracts;
mod documents;
mod exchange;
mod face;
mod feeds;
mod files;
mod guard;
mod invoices;
mod keys;
mod letter;
mod log;
mod read_rights;
mod receipts;
mod sso;
pub mod tls;

pub(crate) use sso::escaped;

use crate::{actor::Actor, app::App, graphql::ApiSchema, session};
use axum::{
    Router,
    extract::{ConnectInfo, DefaultBodyLimit, FromRequestParts, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts},
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use std::net::SocketAddr;
use tower_http::{catch_panic::CatchPanicLayer, limit::RequestBodyLimitLayer};

/// The largest body of a request to the API, in bytes (security G05).
pub const BODY_MAX: usize = 256 * 1024;

/// The name of the header that carries the request's id.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What the routes share.
#[derive(Clone)]
pub struct Served {
    /// The app.
    pub app: App,
    /// Its schema.
    pub schema: ApiSchema,
}

/// All routes of the server.
pub fn router(app: App) -> Router {
    let schema = crate::graphql::schema(&app);
    let served = Served { app, schema };
    let api = Router::new()
        .route("/graphql", post(api::graphql))
        .layer(DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(BODY_MAX));
    let uploads = Router::new()
        .route("/files", post(files::upload))
        .layer(DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(crate::file::FILE_MAX));
    Router::new()
        .merge(api)
        .merge(uploads)
        .merge(sso::routes())
        .merge(feeds::routes())
        .merge(invoices::routes())
        .route("/download/keys/{id}", get(keys::download))
        .route("/download/read-rights.csv", get(read_rights::csv))
        .route("/download/read-rights/{id}", get(read_rights::paper))
        .route("/download/assignments/{id}", get(read_rights::report))
        .route("/download/letters/{account}", get(letter::download))
        .route("/download/contracts.csv", get(contracts::csv))
        .route("/download/contracts/calendar.ics", get(calendar::of_all))
        .route("/download/contracts/{id}/calendar.ics", get(calendar::of_one))
        .route("/download/log", get(log::download))
        .route("/download/exchange/{file}", get(exchange::download))
        .route("/download/orders/{id}/receipt", get(receipts::download))
        .route("/download/agreements/{contract}", get(documents::agreement))
        .route("/download/documents/{id}", get(documents::download))
        .route("/download/mails/{mail}/{position}", get(documents::of_mail))
        .route("/face.css", get(face::style_sheet))
        .route("/face/logo/{sha256}", get(face::logo))
        .route("/playground", get(playground))
        .route("/playground/", get(playground))
        .route("/playground/{*file}", get(playground))
        .route("/healthz", get(async || "ok"))
        .route("/readyz", get(ready))
        .fallback(client::serve)
        .layer(CatchPanicLayer::new())
        .layer(middleware::from_fn_with_state(served.clone(), finish))
        .with_state(served)
}

/// Whether requests can be answered: the database is there.
async fn ready(State(served): State<Served>) -> Response {
    match served.app.db.ping().await {
        Ok(()) => "ready".into_response(),
        Err(error) => {
            tracing::warn!(cause = %error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database is not there").into_response()
        }
    }
}

/// The playground, for those who are signed in, where the setting allows it (security G06). Its scripts and styles are
/// everybody's; they say nothing of this API.
async fn playground(State(served): State<Served>, caller: Caller, request: Request) -> Response {
    let is_asset = request.uri().path().contains("/assets/");
    if !served.app.settings.playground {
        StatusCode::NOT_FOUND.into_response()
    } else if caller.actor.is_none() && !is_asset {
        Redirect::to("/sign-in").into_response()
    } else {
        client::serve(request).await
    }
}

/// Names the request, logs it, and puts the security headers (G10, G11) on its answer, errors included.
async fn finish(State(served): State<Served>, mut request: Request, next: Next) -> Response {
    use tracing::Instrument;
    let id = hex::encode(served.app.rng.bytes::<16>());
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    request.extensions_mut().insert(crate::graphql::RequestId(id.clone()));
    let span = tracing::info_span!("request", id);
    let mut response = next.run(request).instrument(span.clone()).await;
    span.in_scope(|| tracing::info!(%method, path, status = response.status().as_u16(), "answered"));
    let headers = response.headers_mut();
    let policy = if path.starts_with("/playground") {
        client::PLAYGROUND_POLICY
    } else {
        client::POLICY
    };
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    }
    for (name, value) in [
        (header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=()",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, id);
    }
    response
}

/// Where the request comes from and who sends it.
pub struct Caller {
    /// Address, browser and session of the request.
    pub origin: session::Origin,
    /// Who is signed in.
    pub actor: Option<Actor>,
}

impl FromRequestParts<Served> for Caller {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, served: &Served) -> Result<Self, Response> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
        let ip = client_ip(&served.app, peer, &parts.headers);
        if let Some(token) = bearer::token(&parts.headers) {
            return bearer::caller(&served.app, token, ip, parts).await;
        }
        let token = cookie(&parts.headers, session::COOKIE);
        let actor = match &token {
            Some(token) => session::actor(&served.app, token, ip.clone()).await.map_err(|error| {
                tracing::error!(cause = %error, "a session could not be read");
                StatusCode::SERVICE_UNAVAILABLE.into_response()
            })?,
            None => None,
        };
        let origin = session::Origin {
            ip,
            user_agent: user_agent(&parts.headers),
            session: token.as_deref().map(session::token_hash),
        };
        Ok(Self { origin, actor })
    }
}

/// What the browser or program calls itself, cut to 200 characters.
fn user_agent(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    value.map(|text| text.chars().take(200).collect())
}

/// The address of the browser: the peer's, or what a trusted proxy says of it (security B12).
fn client_ip(app: &App, peer: Option<SocketAddr>, headers: &HeaderMap) -> Option<String> {
    let peer = peer?.ip();
    let trusted = &app.settings.trusted_proxies;
    let forwarded = headers.get("x-forwarded-for").and_then(|value| value.to_str().ok());
    let Some(forwarded) = forwarded.filter(|_| trusted.contains(&peer)) else {
        return Some(peer.to_string());
    };
    let named = forwarded
        .rsplit(',')
        .filter_map(|part| part.trim().parse().ok())
        .find(|ip| !trusted.contains(ip));
    Some(named.unwrap_or(peer).to_string())
}

/// The value of a cookie (RFC 6265 section 5.4).
fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

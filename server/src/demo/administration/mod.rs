//! A small contract administration, so that the door to one can be seen: an application of its own on a port of its
//! own, which knows people by OpenID Connect alone. It runs in demo mode only and keeps what it knows in memory.
mod client;
mod page;

use crate::{
    app::{App, Chance},
    entity::{contract, product},
    error::Result as Outcome,
    settings::Settings,
    sso::{self, claims::PortalClaims, client::Client},
};
use anyhow::Context;
use axum::{
    Router,
    extract::{RawForm, RawQuery, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use client::{Begun, Provider};
use openidconnect::url::form_urlencoded;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use shared::id::AccountId;
use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// The name of its cookie. It lies at another host name than the portal's, so neither sees the other's.
const COOKIE: &str = "contracts-demo";

/// How many sign-ins it remembers that were begun and not finished.
const BEGUN_MAX: usize = 1000;

/// A demo application that has its port and is not served yet.
#[derive(Debug)]
pub struct Prepared {
    listener: TcpListener,
    origin: String,
    secret: String,
}

/// Takes a port for the demo application, the one after the portal's if it is free, and makes it a client. There is
/// none where the portal is not served by plain http on this machine, as a demo is.
///
/// # Errors
/// If there is no free port.
pub async fn prepare(settings: &mut Settings, rng: &Chance) -> anyhow::Result<Option<Prepared>> {
    let Some(authority) = settings.origin.strip_prefix("http://") else {
        return Ok(None);
    };
    // Another host name than the portal's is another site to browsers, as a real one would be.
    let host = if authority.starts_with("localhost") {
        "127.0.0.1"
    } else {
        "localhost"
    };
    let at = |port| SocketAddr::new(settings.listen.ip(), port);
    let next = settings.listen.port().checked_add(1).unwrap_or_default();
    let listener = match TcpListener::bind(at(next)).await {
        Ok(listener) => listener,
        Err(_) => TcpListener::bind(at(0))
            .await
            .context("the demo's contract administration has no port")?,
    };
    let port = listener.local_addr().context("a listener has no address")?.port();
    let origin = format!("http://{host}:{port}");
    let (secret, hash) = sso::new_secret(rng);
    settings.sso.clients.push(Client {
        id: "contract-administration".to_owned(),
        name: "Vertragsverwaltung".to_owned(),
        secret_sha256: Some(hash),
        redirect_uris: vec![format!("{origin}/back")],
        post_logout_redirect_uris: vec![format!("{origin}/goodbye")],
        backchannel_logout_uri: Some(format!("http://127.0.0.1:{port}/logout-token")),
        initiate_login_uri: Some(format!("{origin}/start")),
    });
    Ok(Some(Prepared {
        listener,
        origin,
        secret,
    }))
}

/// Serves the demo application until `stop`.
pub async fn run(app: App, prepared: Prepared, stop: CancellationToken) {
    let Prepared {
        listener,
        origin,
        secret,
    } = prepared;
    let place = match Provider::new(app.settings.origin.clone(), &origin, secret) {
        Ok(provider) => Arc::new(Place {
            app,
            provider,
            begun: Mutex::default(),
            guests: Mutex::default(),
        }),
        Err(error) => {
            tracing::error!(%error, "the demo's contract administration cannot call the portal");
            return;
        }
    };
    let router = Router::new()
        .route("/", get(home))
        .route("/start", get(start))
        .route("/back", get(back))
        .route("/sign-out", post(sign_out))
        .route("/goodbye", get(goodbye))
        .route("/logout-token", post(logout_token))
        .with_state(place);
    let served = axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned());
    if let Err(error) = served.await {
        tracing::error!(%error, "the demo's contract administration broke off");
    }
}

/// What the application knows.
struct Place {
    /// Only for its table of contracts, which a real one has itself.
    app: App,
    provider: Provider,
    /// Sign-ins under way, by the cookie of the browser.
    begun: Mutex<HashMap<String, Begun>>,
    /// Who is signed in, by the cookie of the browser.
    guests: Mutex<HashMap<String, Guest>>,
}

/// Somebody who came through the door.
#[derive(Clone)]
struct Guest {
    name: String,
    user_name: String,
    class: String,
    portal: PortalClaims,
    id_token: String,
}

/// A contract as its table shows it.
struct Line {
    number: String,
    product: String,
    label: String,
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn cookie(headers: &HeaderMap) -> Option<String> {
    let all = headers.get(header::COOKIE).and_then(|value| value.to_str().ok())?;
    let mut pairs = all.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, value)| value.to_owned())
}

fn see_other(to: &str, token: Option<&str>) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    if let Ok(to) = HeaderValue::from_str(to) {
        headers.insert(header::LOCATION, to);
    }
    if let Some(token) = token
        && let Ok(set) = HeaderValue::from_str(&format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax"))
    {
        headers.insert(header::SET_COOKIE, set);
    }
    response
}

impl Place {
    fn new_token(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.app.rng.bytes::<32>())
    }

    fn guest(&self, headers: &HeaderMap) -> Option<(String, Guest)> {
        let token = cookie(headers)?;
        let guest = locked(&self.guests).get(&token).cloned()?;
        Some((token, guest))
    }

    /// The contracts of an account, by number.
    async fn contracts(&self, account: AccountId, is_german: bool) -> Outcome<Vec<Line>> {
        let rows = contract::Entity::find()
            .filter(contract::COLUMN.account_id.eq(account))
            .order_by_asc(contract::Column::Number)
            .all(&self.app.db)
            .await?;
        let products = product::Entity::find().all(&self.app.db).await?;
        let names: HashMap<_, _> = products
            .into_iter()
            .map(|row| (row.id, if is_german { row.name_de } else { row.name_en }))
            .collect();
        let line = |row: contract::Model| Line {
            product: names.get(&row.product_id).cloned().unwrap_or_default(),
            number: row.number,
            label: row.label.unwrap_or_default(),
        };
        Ok(rows.into_iter().map(line).collect())
    }
}

async fn home(State(place): State<Arc<Place>>, headers: HeaderMap) -> Response {
    let words = page::words(&headers);
    let Some((_, guest)) = place.guest(&headers) else {
        return page::signed_out(words, &place.app.settings.origin);
    };
    let account = AccountId(guest.portal.account);
    match place.contracts(account, words.is_german()).await {
        Ok(contracts) => page::inside(words, &place.app.settings.origin, &guest, &contracts),
        Err(error) => {
            tracing::error!(%error, "the demo's contracts could not be read");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// Where the door leads: on to the portal, which knows the browser already.
async fn start(State(place): State<Arc<Place>>) -> Response {
    match place.provider.begin().await {
        Ok((address, begun)) => {
            let token = place.new_token();
            let mut all = locked(&place.begun);
            if all.len() >= BEGUN_MAX {
                all.clear();
            }
            all.insert(token.clone(), begun);
            see_other(&address, Some(&token))
        }
        Err(error) => failed(&error),
    }
}

/// Where the portal sends the browser back to.
async fn back(State(place): State<Arc<Place>>, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let said: HashMap<_, _> = form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .into_owned()
        .collect();
    let begun = cookie(&headers).and_then(|token| locked(&place.begun).remove(&token));
    let (Some(begun), Some(code)) = (begun.filter(|begun| begun.fits(&said)), said.get("code")) else {
        return page::refused(page::words(&headers), &place.app.settings.origin, said.get("error"));
    };
    match place.provider.finish(begun, code).await {
        Ok(guest) => {
            let token = place.new_token();
            locked(&place.guests).insert(token.clone(), guest);
            see_other("/", Some(&token))
        }
        Err(error) => failed(&error),
    }
}

fn failed(error: &anyhow::Error) -> Response {
    tracing::warn!(
        cause = format!("{error:#}"),
        "the demo's contract administration let nobody in"
    );
    (StatusCode::BAD_GATEWAY, "the portal did not answer as expected").into_response()
}

/// Signs out here, and asks the portal to do so too.
async fn sign_out(State(place): State<Arc<Place>>, headers: HeaderMap) -> Response {
    let Some((token, guest)) = place.guest(&headers) else {
        return see_other("/goodbye", None);
    };
    locked(&place.guests).remove(&token);
    see_other(&place.provider.end_address(&guest.id_token), None)
}

async fn goodbye(State(place): State<Arc<Place>>, headers: HeaderMap) -> Response {
    page::signed_out(page::words(&headers), &place.app.settings.origin)
}

/// The portal says that a session is over (OpenID Connect Back-Channel Logout 1.0 section 2.5).
async fn logout_token(State(place): State<Arc<Place>>, RawForm(form): RawForm) -> Response {
    let token = form_urlencoded::parse(&form).find(|(name, _)| name == "logout_token");
    let Some((_, token)) = token else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    match place.provider.ended(&token, place.app.clock.now().timestamp()).await {
        Ok(visit) => {
            locked(&place.guests).retain(|_, guest| guest.portal.sid != visit);
            ([(header::CACHE_CONTROL, "no-store")], StatusCode::OK).into_response()
        }
        Err(error) => {
            tracing::warn!(cause = format!("{error:#}"), "a logout token was refused");
            StatusCode::BAD_REQUEST.into_response()
        }
    }
}

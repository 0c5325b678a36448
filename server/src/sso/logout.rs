//! Signing out where a client sends the browser for it (OpenID Connect RP-Initiated Logout 1.0).
use super::{
    authorize::with_parameters,
    claims::PortalToken,
    key,
    request::{Parameters, REQUEST_MAX},
};
use crate::{
    actor::Actor,
    app::App,
    entity::{session, sso_visit},
    error::Result,
};
use anyhow::Context;
use chrono::{DateTime, Utc};
use openidconnect::{ClientId, IssuerUrl, Nonce, core::CoreIdTokenVerifier};
use sea_orm::{EntityTrait, prelude::Uuid};
use shared::id::UserId;
use std::str::FromStr;

/// What becomes of a request to sign out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// Nobody is signed in any more: on to this address.
    Done {
        /// Where the browser goes: one of the client's, or the sign-in page.
        to: String,
    },
    /// The person has to say that he wants it: no ID token of his session came along.
    Ask,
    /// The request cannot be right: the text is for people who set up clients.
    Refused(&'static str),
}

/// What an ID token of ours says, however old it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hinted {
    /// Of whom.
    pub user: UserId,
    /// Of which visit.
    pub visit: Uuid,
    /// To whom it was given.
    pub client: String,
}

/// Reads an ID token that comes back: signed by a key of ours that still counts, by ES256 and nothing else, whether it
/// has expired or not.
///
/// # Errors
/// If the database refuses; a token that is not ours is none.
pub async fn hinted(app: &App, token: &str) -> Result<Option<Hinted>> {
    let Ok(token) = PortalToken::from_str(token) else {
        return Ok(None);
    };
    let issuer = IssuerUrl::new(app.settings.origin.clone()).context("the origin is no address")?;
    let keys = key::public_set(app).await?;
    let verifier = CoreIdTokenVerifier::new_public_client(ClientId::new(String::new()), issuer, keys)
        .require_audience_match(false)
        .set_allowed_algs([key::ALGORITHM])
        .set_time_fn(|| DateTime::<Utc>::MIN_UTC);
    let any_nonce = |_: Option<&Nonce>| Ok(());
    let Ok(said) = token.claims(&verifier, any_nonce) else {
        return Ok(None);
    };
    let user = said.subject().as_str().parse().ok().map(UserId);
    let visit = said.additional_claims().sid.parse().ok();
    let client = said.audiences().first().map(|audience| audience.as_str().to_owned());
    Ok(match (user, visit, client) {
        (Some(user), Some(visit), Some(client)) => Some(Hinted { user, visit, client }),
        _ => None,
    })
}

/// Ends the actor's session as a client asks: at once if its ID token is of that session, otherwise once the person has
/// confirmed it. The browser goes back only to an address that the client is known to have.
///
/// # Errors
/// If the database refuses.
pub async fn end(app: &App, actor: Option<&Actor>, form: &str, is_confirmed: bool) -> Result<End> {
    if form.len() > REQUEST_MAX * 2 {
        return Ok(End::Refused("the request is too long"));
    }
    let said = Parameters::read(form.as_bytes());
    if said.has_double() {
        return Ok(End::Refused("a parameter came twice"));
    }
    let hint = match said.get("id_token_hint") {
        Some(token) => hinted(app, token).await?,
        None => None,
    };
    let named = said.get("client_id");
    if let (Some(hint), Some(named)) = (&hint, named)
        && hint.client != named
    {
        return Ok(End::Refused("id_token_hint was given to another client"));
    }
    let client = named.or(hint.as_ref().map(|hint| hint.client.as_str()));
    let client = client.and_then(|id| app.settings.sso.find(id));
    let back = said
        .get("post_logout_redirect_uri")
        .filter(|uri| client.is_some_and(|client| client.post_logout_redirect_uris.iter().any(|known| known == uri)));
    let state: Vec<_> = said
        .get("state")
        .map(|state| ("state", state.to_owned()))
        .into_iter()
        .collect();
    let to = back.map_or_else(|| "/sign-in".to_owned(), |uri| with_parameters(uri, &state));
    let Some(actor) = actor.filter(|actor| actor.require_session().is_ok()) else {
        return Ok(End::Done { to });
    };
    if !is_confirmed && !is_of_session(app, actor, hint.as_ref()).await? {
        return Ok(End::Ask);
    }
    crate::session::sign_out(app, actor).await?;
    Ok(End::Done { to })
}

/// Whether an ID token was made in the session of this request.
async fn is_of_session(app: &App, actor: &Actor, hint: Option<&Hinted>) -> Result<bool> {
    let Some(hint) = hint.filter(|hint| hint.user == actor.user) else {
        return Ok(false);
    };
    let own = session::Entity::find_by_id(actor.require_session()?)
        .one(&app.db)
        .await?;
    let visit = sso_visit::Entity::find_by_id(hint.visit).one(&app.db).await?;
    Ok(own
        .zip(visit)
        .is_some_and(|(own, visit)| own.id == visit.session_id && visit.client_id == hint.client))
}

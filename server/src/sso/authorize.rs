//! The authorization endpoint: who may go on to a client, and what has to happen first.
use super::{
    ACR_FACTOR, ACR_PASSWORD, ACT, code,
    request::{self, Fault, Mode, Parameters, Request, Told},
};
use crate::{
    actor::Actor,
    app::App,
    audit,
    error::{Error, Result},
    second_factor, session,
};
use chrono::{DateTime, Utc};
use openidconnect::url::{Url, form_urlencoded::Serializer};
use shared::{
    account::{AccountKind, Right},
    error::ErrorCode,
};

/// What a browser gets that comes with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// To the client: a code or an error.
    Client {
        /// Where to.
        redirect_uri: String,
        /// How.
        mode: Mode,
        /// With what.
        parameters: Vec<(&'static str, String)>,
    },
    /// To a page of ours, from which the same request comes back.
    Page(String),
    /// Nowhere: the text is for people who set up clients.
    Refused(&'static str),
}

/// What a person has to do before a request goes on.
enum First {
    /// Sign in, or set up the second factor that the account asks for: the pages of the portal see to it.
    SignIn,
    /// Give the password again, and a code where a second factor is on.
    Proof,
    /// Set up a second factor.
    Factor,
}

/// Answers a request: the query of the address, or the same as a form. `continue=…` is a request that waited.
///
/// # Errors
/// If the database refuses; what is wrong with the request is an [`Answer`].
pub async fn authorize(app: &App, actor: Option<&Actor>, origin: &session::Origin, form: &str) -> Result<Answer> {
    let waited = Parameters::read(form.as_bytes()).get("continue").map(str::to_owned);
    let (came_at, form) = match waited {
        None => (None, form.to_owned()),
        Some(sealed) => match request::open(app, &sealed) {
            Some((came_at, form)) => (Some(came_at), form),
            None => {
                return Ok(Answer::Refused(
                    "the request waited too long; begin again where you came from",
                ));
            }
        },
    };
    let actor = actor.filter(|actor| actor.require_session().is_ok());
    let request = match request::read(&app.settings.sso, &form) {
        Ok(request) => request,
        Err(Fault::Shown(text)) => {
            refuse(app, actor, origin, None, ErrorCode::Invalid).await;
            return Ok(Answer::Refused(text));
        }
        Err(Fault::Told(told)) => {
            refuse(app, actor, origin, None, ErrorCode::Invalid).await;
            return Ok(tell(app, told));
        }
    };
    match decide(app, actor, came_at, &request).await {
        Ok(Verdict::Go) => {
            let actor = actor.ok_or(Error::Unauthenticated)?;
            let code = code::issue(app, actor, origin, &request).await?;
            Ok(to_client(app, &request, vec![("code", code)]))
        }
        Ok(Verdict::First(first, _)) if !request.is_silent => {
            // the time of its first coming stays
            let sealed = request::seal(app, came_at.unwrap_or_else(|| app.clock.now()), &form)?;
            Ok(Answer::Page(match first {
                First::SignIn => format!("/continue?request={sealed}"),
                First::Proof => format!("/continue?request={sealed}&first=proof"),
                First::Factor => format!("/continue?request={sealed}&first=factor"),
            }))
        }
        Ok(Verdict::First(_, error)) => {
            refuse(app, actor, origin, Some(&request), ErrorCode::Unauthenticated).await;
            Ok(to_client(app, &request, vec![("error", error.to_owned())]))
        }
        Ok(Verdict::Denied) => {
            refuse(app, actor, origin, Some(&request), ErrorCode::Forbidden).await;
            let said = "the person does not manage contracts in the account in view".to_owned();
            let denied = vec![("error", "access_denied".to_owned()), ("error_description", said)];
            Ok(to_client(app, &request, denied))
        }
        Err(error) => Err(error),
    }
}

enum Verdict {
    /// A code.
    Go,
    /// Something comes first; the error is for those who may show nothing (`prompt=none`).
    First(First, &'static str),
    /// Not this person.
    Denied,
}

async fn decide(
    app: &App,
    actor: Option<&Actor>,
    came_at: Option<DateTime<Utc>>,
    request: &Request,
) -> Result<Verdict> {
    let Some(actor) = actor else {
        return Ok(Verdict::First(First::SignIn, "login_required"));
    };
    match actor.require(Right::ManageContracts) {
        Ok(account) if account.kind == AccountKind::Provider => return Ok(Verdict::Denied),
        Ok(_) => {}
        Err(Error::SecondFactorRequired) => {
            return Ok(Verdict::First(First::SignIn, "interaction_required"));
        }
        Err(_) => return Ok(Verdict::Denied),
    }
    if let Some(hint) = &request.id_token_hint {
        let expected = super::logout::hinted(app, hint).await?;
        if expected.is_none_or(|claims| claims.user != actor.user) {
            // somebody else is signed in than the client expects
            return Ok(if request.is_silent {
                Verdict::First(First::Proof, "login_required")
            } else {
                Verdict::Denied
            });
        }
    }
    let now = app.clock.now();
    // Since the request came first: otherwise `prompt=login` would ask for ever.
    let has_proved_for_it = came_at.is_some_and(|came_at| actor.authenticated_at > came_at);
    let is_too_old = request
        .max_age
        .is_some_and(|max_age| now - actor.authenticated_at > max_age);
    if (request.needs_login || is_too_old) && !has_proved_for_it {
        return Ok(Verdict::First(First::Proof, "login_required"));
    }
    let class = if actor.has_second_factor {
        ACR_FACTOR
    } else {
        ACR_PASSWORD
    };
    let wants = |class: &str| request.acr_values.iter().any(|value| value == class);
    if wants(ACR_FACTOR) && !wants(class) {
        return Ok(if second_factor::is_on(&app.db, actor.user).await? {
            Verdict::First(First::Proof, "login_required")
        } else {
            Verdict::First(First::Factor, "interaction_required")
        });
    }
    Ok(Verdict::Go)
}

/// Notes a refused request: a row where it is known who came, a count where it is not.
async fn refuse(
    app: &App,
    actor: Option<&Actor>,
    origin: &session::Origin,
    request: Option<&Request>,
    code: ErrorCode,
) {
    let entry = audit::Entry {
        user: actor.map(|actor| actor.user),
        account: actor.and_then(|actor| actor.account.as_ref()).map(|account| account.id),
        act: ACT,
        object: request.map(|request| request.client.clone()),
        reason: None,
        code: Some(code),
        ip: origin.ip.clone(),
        user_agent: origin.user_agent.clone(),
    };
    audit::refuse(app, entry).await;
}

fn tell(app: &App, told: Told) -> Answer {
    let mut parameters = vec![
        ("error", told.error.to_owned()),
        ("error_description", told.description.to_owned()),
    ];
    parameters.extend(told.state.map(|state| ("state", state)));
    parameters.push(("iss", app.settings.origin.clone()));
    Answer::Client {
        redirect_uri: told.redirect_uri,
        mode: told.mode,
        parameters,
    }
}

/// An answer to a request: with its state, and with who answers (RFC 9207).
fn to_client(app: &App, request: &Request, mut parameters: Vec<(&'static str, String)>) -> Answer {
    parameters.extend(request.state.clone().map(|state| ("state", state)));
    parameters.push(("iss", app.settings.origin.clone()));
    Answer::Client {
        redirect_uri: request.redirect_uri.clone(),
        mode: request.mode,
        parameters,
    }
}

/// The address with these parameters behind those that it has.
pub fn with_parameters(address: &str, parameters: &[(&'static str, String)]) -> String {
    let more = Serializer::new(String::new()).extend_pairs(parameters).finish();
    let separator = if address.contains('?') { '&' } else { '?' };
    if more.is_empty() {
        address.to_owned()
    } else {
        format!("{address}{separator}{more}")
    }
}

/// Scheme, host and port of an address, as a policy names them.
pub fn origin_of(address: &str) -> Option<String> {
    Url::parse(address).ok().map(|url| url.origin().ascii_serialization())
}

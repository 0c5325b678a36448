//! Signing in with name and password: charged before the password is looked at, told alike whatever is wrong.
use super::{
    Origin, SignedIn, list,
    throttle::{self, Charge, Guess, Verdict},
};
use crate::{
    app::App,
    audit::{self, Entry},
    entity::{sign_in_name, user},
    error::{Error, Result},
    second_factor,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use shared::{
    error::{ErrorCode, Reason},
    id::UserId,
};
use std::net::IpAddr;

/// After so many of 256 sign-ins, what is over is swept up: seldom enough to cost nothing, often enough that nothing
/// heaps up.
const SWEPT: u8 = 8;

/// Why a sign-in was refused, as the audit log alone says it.
#[derive(Clone, Copy, Debug)]
enum Refusal {
    WrongCredentials,
    Locked,
    Blocked,
}

impl Refusal {
    fn object(self) -> &'static str {
        match self {
            Self::WrongCredentials => "WRONG_CREDENTIALS",
            Self::Locked => "TEMP_LOCKED",
            Self::Blocked => "BLOCKED",
        }
    }
}

/// Signs somebody in with customer number, user name or e-mail address; gives a session, or half of one where a
/// second factor is on.
/// Unknown names, wrong passwords, locked and blocked users are told alike and cost the same (security B03, B08).
///
/// # Errors
/// [`Error::Invalid`] with `WRONG_CREDENTIALS`; [`Error::Throttled`] when too many failed from this address, or too
/// many sign in at once.
pub async fn sign_in(app: &App, origin: &Origin, name: &str, password: &str) -> Result<SignedIn> {
    let Verdict::Open(from_address) = throttle::charge(app, Guess::PasswordFromAddress, &address(origin)).await? else {
        return Err(Error::Throttled);
    };
    let name = name.trim().to_lowercase();
    let found = match sign_in_name::Entity::find_by_id(name.clone()).one(&app.db).await? {
        Some(row) => user::Entity::find_by_id(row.user_id).one(&app.db).await?,
        None => None,
    };
    // all names of a user count together; what nobody is called counts by itself
    let subject = found
        .as_ref()
        .map_or_else(|| format!("name {name}"), |user| user.id.to_string());
    let verdict = throttle::charge(app, Guess::Password, &subject).await?;
    let stored = found.as_ref().and_then(|user| user.password_hash.clone());
    let fits = match app.hasher.verify(password, stored).await {
        Err(Error::Throttled) => {
            // nothing was looked at, so nothing counts
            take_back(app, [Some(from_address), open(verdict)]).await?;
            return Err(Error::Throttled);
        }
        checked => checked?,
    };
    let known = found.as_ref().map(|user| user.id);
    let (user, charge) = match (found.filter(|_| fits), verdict) {
        (_, Verdict::Locked) => return refused(app, origin, known, Refusal::Locked).await,
        (Some(user), Verdict::Open(_)) if user.blocked_at.is_some() => {
            return refused(app, origin, known, Refusal::Blocked).await;
        }
        (Some(user), Verdict::Open(charge)) => (user, charge),
        (None, Verdict::Open(_)) => return refused(app, origin, known, Refusal::WrongCredentials).await,
    };
    take_back(app, [Some(from_address), Some(charge)]).await?;
    rehash(app, &user, password).await?;
    let tx = app.begin().await?;
    let signed_in = if second_factor::is_on(&tx, user.id).await? {
        let token = super::open_half(&tx, app, origin, user.id).await?;
        SignedIn::Half { token }
    } else {
        let token = super::open(&tx, app, origin, user.id).await?;
        SignedIn::Whole { user: user.id, token }
    };
    tx.commit().await?;
    app.mail_waits.notify_one();
    if app.rng.bytes::<1>()[0] < SWEPT {
        throttle::forget(app).await?;
        list::forget(app).await?;
    }
    Ok(signed_in)
}

fn open(verdict: Verdict) -> Option<Charge> {
    match verdict {
        Verdict::Open(charge) => Some(charge),
        Verdict::Locked => None,
    }
}

async fn take_back(app: &App, charges: [Option<Charge>; 2]) -> Result<()> {
    for charge in charges.into_iter().flatten() {
        charge.take_back(app).await?;
    }
    Ok(())
}

async fn refused<T>(app: &App, origin: &Origin, user: Option<UserId>, why: Refusal) -> Result<T> {
    let entry = Entry {
        user,
        act: "signIn",
        object: Some(why.object().to_owned()),
        code: Some(ErrorCode::Invalid),
        ip: origin.ip.clone(),
        user_agent: origin.user_agent.clone(),
        ..Entry::default()
    };
    audit::refuse(app, entry).await;
    Err(Error::invalid(
        "password",
        Reason::WrongCredentials,
        "name and password do not belong together",
    ))
}

/// What is counted of an address: all of an IPv4 one, the network of an IPv6 one, where a household has 2^64
/// (RFC 6177 section 2). Requests of which the address is not known count together.
pub fn address(origin: &Origin) -> String {
    let text = origin.ip.clone().unwrap_or_default();
    match text.parse::<IpAddr>().map(|ip| ip.to_canonical()) {
        Ok(IpAddr::V6(ip)) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        Ok(ip) => ip.to_string(),
        Err(_) => text,
    }
}

/// Hashes a right password anew if the cost was raised since (security A10).
async fn rehash(app: &App, user: &user::Model, password: &str) -> Result<()> {
    let is_old = user
        .password_hash
        .as_deref()
        .is_some_and(|hash| app.hasher.is_weaker(hash));
    if !is_old {
        return Ok(());
    }
    let hash = match app.hasher.hash(password).await {
        Err(Error::Throttled) => return Ok(()), // the next sign-in does it
        made => made?,
    };
    user::Entity::update_many()
        .set(user::ActiveModel {
            password_hash: Set(Some(hash)),
            ..Default::default()
        })
        .filter(user::COLUMN.id.eq(user.id))
        .filter(user::COLUMN.password_hash.eq(user.password_hash.clone()))
        .exec(&app.db)
        .await?;
    Ok(())
}

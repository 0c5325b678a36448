//! Who is asking: the first argument of every rule.
use crate::error::{Error, Result};
use chrono::{DateTime, TimeDelta, Utc};
use shared::{
    account::{AccountKind, Right, Rights},
    id::{AccountId, UserId},
};

/// How long after proving who one is risky acts are open (security D07).
pub const STEP_UP_WINDOW: TimeDelta = TimeDelta::minutes(10);

/// The account in view and what the actor may do in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InView {
    /// Which account.
    pub id: AccountId,
    /// What it is to the provider.
    pub kind: AccountKind,
    /// What the actor's membership allows.
    pub rights: Rights,
    /// Whether it is open only to those who gave a second factor.
    pub needs_second_factor: bool,
}

/// What the request was proved with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// A browser's session, by the hash of its token.
    Session(Vec<u8>),
    /// A personal access token, by its row. It never becomes a session and never steps up.
    Token(uuid::Uuid),
}

/// A signed-in user with the account in view.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Who.
    pub user: UserId,
    /// The account in view; none for somebody who belongs to no account, or whose membership has ended.
    pub account: Option<InView>,
    /// When the actor last proved who he is.
    pub authenticated_at: DateTime<Utc>,
    /// Whether a second factor was given.
    pub has_second_factor: bool,
    /// What the request was proved with.
    pub credential: Credential,
    /// Where the request came from.
    pub ip: Option<String>,
}

impl Actor {
    /// The account in view, if the actor may do `right` in it.
    ///
    /// # Errors
    /// [`Error::Forbidden`] otherwise; [`Error::SecondFactorRequired`] if the account is closed to those without one.
    pub fn require(&self, right: Right) -> Result<&InView> {
        let account = self.account.as_ref().filter(|account| account.rights.allow(right));
        self.open(account)
    }

    /// The account in view, whatever the actor may do in it.
    ///
    /// # Errors
    /// [`Error::Forbidden`] if there is none; [`Error::SecondFactorRequired`] as with [`Actor::require`].
    pub fn in_view(&self) -> Result<&InView> {
        self.open(self.account.as_ref())
    }

    fn open<'a>(&self, account: Option<&'a InView>) -> Result<&'a InView> {
        match account {
            None => Err(Error::Forbidden),
            Some(account) if account.needs_second_factor && !self.has_second_factor => Err(Error::SecondFactorRequired),
            Some(account) => Ok(account),
        }
    }

    /// The hash that names the actor's session: what concerns the person himself is done by him in a browser, never
    /// by a program with a token.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for a personal access token.
    pub fn require_session(&self) -> Result<&[u8]> {
        match &self.credential {
            Credential::Session(hash) => Ok(hash),
            Credential::Token(_) => Err(Error::Forbidden),
        }
    }

    /// Like [`Actor::require`], in an account of this kind only.
    ///
    /// # Errors
    /// [`Error::Forbidden`] otherwise.
    pub fn require_in(&self, kind: AccountKind, right: Right) -> Result<&InView> {
        self.require(right).and_then(|account| {
            if account.kind == kind {
                Ok(account)
            } else {
                Err(Error::Forbidden)
            }
        })
    }

    /// Whether the actor may do `right` in the account in view.
    pub fn may(&self, right: Right) -> bool {
        self.require(right).is_ok()
    }

    /// That the actor proved recently who he is.
    ///
    /// # Errors
    /// [`Error::StepUpRequired`] otherwise; [`Error::Forbidden`] for a personal access token.
    pub fn require_step_up(&self, now: DateTime<Utc>) -> Result<()> {
        self.require_session()?;
        if now - self.authenticated_at < STEP_UP_WINDOW {
            Ok(())
        } else {
            Err(Error::StepUpRequired)
        }
    }
}

/// The actor of the request, or [`Error::Unauthenticated`].
pub trait RequestActor {
    /// Who asks.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when nobody is signed in.
    fn actor(&self) -> Result<&Actor>;
}

impl RequestActor for async_graphql::Context<'_> {
    fn actor(&self) -> Result<&Actor> {
        self.data_opt::<Actor>().ok_or(Error::Unauthenticated)
    }
}

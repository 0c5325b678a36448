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
    /// Names the session's row.
    pub session: Vec<u8>,
    /// Where the request came from.
    pub ip: Option<String>,
}

impl Actor {
    /// The account in view, if the actor may do `right` in it.
    ///
    /// # Errors
    /// [`Error::Forbidden`] otherwise.
    pub fn require(&self, right: Right) -> Result<&InView> {
        self.account
            .as_ref()
            .filter(|account| account.rights.allow(right))
            .ok_or(Error::Forbidden)
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
    /// [`Error::StepUpRequired`] otherwise.
    pub fn require_step_up(&self, now: DateTime<Utc>) -> Result<()> {
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

//! What the provider's staff does for customers: making them, importing them, and sending them their access.
//!
//! A customer whom the provider makes is an account with an owner who has no password yet and signs in with the
//! customer number. The address is the provider's word until somebody opens the link that is mailed to it; an address
//! with which somebody signs in already is never given a second user: that customer gets his access by letter. Where a
//! customer stands is never written down: it follows from his password and what became of his newest mail.
pub mod command;
pub mod customer_file;
pub mod desk;
pub mod graphql;
pub mod import;
mod judge;
pub mod list;
pub mod people;
pub mod reason;
pub mod recent;
pub mod search;
pub mod wave;

use crate::{
    actor::Actor,
    audit,
    entity::{account, mail, onboarding, user},
    error::{Error, Result},
    invoice::import::Operator,
};
use sea_orm::{ColumnTrait, Condition};
use shared::{
    account::{AccountKind, Right},
    customer::CustomerState,
    id::{AccountId, UserId},
};

/// Who acts: staff in the browser, or whoever runs the program on its machine.
#[derive(Clone, Copy, Debug)]
pub enum Author<'a> {
    /// A member of the provider with the right to manage customers.
    Staff(&'a Actor),
    /// The command line and the demo's set-up, which nothing is asked of.
    Operator(Operator),
}

impl Author<'_> {
    /// That staff may manage customers.
    fn check(self) -> Result<()> {
        match self {
            Self::Staff(actor) => may_manage(actor),
            Self::Operator(Operator) => Ok(()),
        }
    }

    /// Who it is, if it is somebody.
    pub(crate) fn user(self) -> Option<UserId> {
        match self {
            Self::Staff(actor) => Some(actor.user),
            Self::Operator(Operator) => None,
        }
    }

    /// What the customer's log says of an act.
    pub(crate) fn entry(self, act: &'static str, account: AccountId, object: Option<String>) -> audit::Entry {
        audit::Entry {
            account: Some(account),
            ..self.entry_of(act, object)
        }
    }

    fn entry_of(self, act: &'static str, object: Option<String>) -> audit::Entry {
        audit::Entry {
            user: self.user(),
            act,
            object,
            ip: match self {
                Self::Staff(actor) => actor.ip.clone(),
                Self::Operator(Operator) => None,
            },
            user_agent: match self {
                Self::Staff(_) => None,
                Self::Operator(Operator) => Some(audit::COMMAND_LINE.to_owned()),
            },
            ..audit::Entry::default()
        }
    }

    /// As [`Author::entry`], for what belongs to no customer: the provider's own log says it.
    pub(crate) fn own_entry(self, act: &'static str, object: Option<String>) -> audit::Entry {
        let account = match self {
            Self::Staff(actor) => actor.account.as_ref().map(|account| account.id),
            Self::Operator(Operator) => None,
        };
        audit::Entry {
            account,
            ..self.entry_of(act, object)
        }
    }
}

fn may_manage(actor: &Actor) -> Result<()> {
    actor
        .require_in(AccountKind::Provider, Right::ManageCustomers)
        .map(|_| ())
}

/// A customer as staff sees him.
#[derive(Clone, Debug)]
pub struct Customer {
    /// The account.
    pub account: account::Model,
    /// How the provider brought him in; none for somebody who came by himself.
    pub onboarding: Option<onboarding::Model>,
    /// The owner whom the provider made.
    pub user: Option<user::Model>,
    /// The address of the first owner, where the provider did not make him.
    pub own_email: Option<String>,
    /// The newest mail with his access.
    pub mail: Option<mail::Model>,
}

impl Customer {
    /// Where the customer stands; [`is_in`] says the same to the database.
    pub fn state(&self) -> CustomerState {
        let is_active = self.user.as_ref().is_none_or(|user| user.password_hash.is_some());
        match &self.mail {
            _ if is_active => CustomerState::Activated,
            None => CustomerState::Prepared,
            Some(mail) if mail.bounced_at.is_some() || mail.given_up_at.is_some() => CustomerState::Bounced,
            Some(_) => CustomerState::Mailed,
        }
    }

    /// Why the newest mail came back, in the words of the server that refused it.
    pub fn bounce_reason(&self) -> Option<&str> {
        let mail = self.mail.as_ref()?;
        mail.bounce_reason
            .as_deref()
            .or_else(|| mail.given_up_at.and(mail.last_error.as_deref()))
    }
}

/// That a customer is in a state, where account, onboarding, user and mail are joined.
fn is_in(state: CustomerState) -> Condition {
    let active = Condition::any()
        .add(onboarding::Column::AccountId.is_null())
        .add(user::Column::PasswordHash.is_not_null());
    let back = Condition::any()
        .add(mail::Column::BouncedAt.is_not_null())
        .add(mail::Column::GivenUpAt.is_not_null());
    match state {
        CustomerState::Activated => active,
        CustomerState::Prepared => Condition::all().add(active.not()).add(mail::Column::Id.is_null()),
        CustomerState::Bounced => Condition::all().add(active.not()).add(back),
        CustomerState::Mailed => Condition::all()
            .add(active.not())
            .add(mail::Column::Id.is_not_null())
            .add(mail::Column::BouncedAt.is_null())
            .add(mail::Column::GivenUpAt.is_null()),
    }
}

fn not_a_customer() -> Error {
    Error::NotFound("customer")
}

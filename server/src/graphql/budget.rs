//! What everybody may cost in a while (security G06, G08), kept in the memory of the process.
use crate::{
    actor::Actor,
    error::{Error, Result},
    session::Origin,
};
use chrono::{DateTime, TimeDelta, Utc};
use shared::id::UserId;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// How long it takes until a spent budget is whole again.
const WINDOW: TimeDelta = TimeDelta::minutes(1);

/// How long the schema was read before it is read again.
const SCHEMA_PAUSE: TimeDelta = TimeDelta::seconds(1);

/// How many payers are remembered before those whose budget is whole again are forgotten.
const PAYERS_MAX: usize = 10_000;

/// Who pays for a document.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Payer {
    /// Who is signed in, in whatever account, by session or token.
    User(UserId),
    /// The address of somebody who is not.
    Address(String),
}

impl Payer {
    /// The payer of a request; nobody if neither user nor address is known.
    pub(super) fn of(actor: Option<&Actor>, origin: Option<&Origin>) -> Option<Self> {
        match actor {
            Some(actor) => Some(Self::User(actor.user)),
            None => origin?.ip.clone().map(Self::Address),
        }
    }
}

/// What one payer has left.
#[derive(Debug)]
struct Purse {
    /// The cost that was spent and not yet made good.
    spent: i64,
    /// When that was so.
    at: DateTime<Utc>,
    /// When the schema was read last.
    schema_at: Option<DateTime<Utc>>,
}

/// The budgets of all payers.
#[derive(Debug, Default)]
pub(super) struct Budgets(Mutex<HashMap<Payer, Purse>>);

impl Budgets {
    /// Takes the cost of a document from a budget that refills evenly within a minute.
    ///
    /// # Errors
    /// [`Error::Throttled`] if not enough is left; then nothing is taken.
    pub(super) fn spend(&self, payer: Payer, cost: i64, budget: i64, now: DateTime<Utc>) -> Result<()> {
        let mut purses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let refilled = |purse: &Purse| {
            let millis = (now - purse.at).num_milliseconds().clamp(0, WINDOW.num_milliseconds());
            let back = i128::from(budget) * i128::from(millis) / i128::from(WINDOW.num_milliseconds());
            i64::try_from(back).map_or(0, |back| (purse.spent - back).max(0))
        };
        if purses.len() >= PAYERS_MAX {
            purses.retain(|_, purse| refilled(purse) > 0);
        }
        let purse = purses.entry(payer).or_insert(Purse {
            spent: 0,
            at: now,
            schema_at: None,
        });
        let spent = refilled(purse).saturating_add(cost);
        if spent > budget {
            return Err(Error::Throttled);
        }
        purse.spent = spent;
        purse.at = now;
        Ok(())
    }

    /// Notes that the schema is read.
    ///
    /// # Errors
    /// [`Error::Throttled`] within a second after the last time.
    pub(super) fn read_schema(&self, payer: Payer, now: DateTime<Utc>) -> Result<()> {
        let mut purses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let purse = purses.entry(payer).or_insert(Purse {
            spent: 0,
            at: now,
            schema_at: None,
        });
        match purse.schema_at {
            Some(last) if last <= now && now - last < SCHEMA_PAUSE => Err(Error::Throttled),
            _ => {
                purse.schema_at = Some(now);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap()
    }

    fn payer(name: &str) -> Payer {
        Payer::Address(name.to_owned())
    }

    #[test]
    fn a_budget_is_spent_and_comes_back_evenly_within_a_minute_g08() {
        let budgets = Budgets::default();
        let spend = |name: &str, cost, second| budgets.spend(payer(name), cost, 600, at(second)).is_ok();
        assert!(spend("a", 600, 0));
        assert!(!spend("a", 1, 0));
        assert!(spend("b", 600, 0), "everybody has a budget of his own");
        assert!(!spend("a", 101, 10), "a sixth of it came back");
        assert!(spend("a", 100, 10), "and what was refused took nothing");
        assert!(!spend("a", 601, 1_000), "more than all is never there");
        assert!(spend("a", 600, 1_000));
    }

    #[test]
    fn whoever_has_a_whole_budget_again_is_forgotten() {
        let budgets = Budgets::default();
        for number in 0..PAYERS_MAX {
            budgets.spend(payer(&number.to_string()), 1, 600, at(0)).unwrap();
        }
        budgets.spend(payer("late"), 1, 600, at(60)).unwrap();
        assert_eq!(budgets.0.lock().unwrap().len(), 1);
    }

    #[test]
    fn the_schema_is_read_once_a_second_g06() {
        let budgets = Budgets::default();
        let read = |name: &str, second| budgets.read_schema(payer(name), at(second)).is_ok();
        assert!(read("a", 0));
        assert!(!read("a", 0));
        assert!(read("b", 0));
        assert!(read("a", 1));
    }
}

//! Who belongs to an account and what he may do in it: members, invitations, and the bounds of giving rights.
//!
//! Nobody gives, changes or takes a right that he does not have himself, and no access lasts longer than that of the
//! person who gives it (security E06). Rules that look at several members hold the account's row, so that of two
//! people who act at the same time the second one sees what the first one did.
pub mod accept;
pub mod change;
pub mod graphql;
pub mod invitation;
pub mod name;
pub mod rename;

use crate::{
    actor::{Actor, InView},
    app::App,
    entity::{account, audit, membership, second_factor, sign_in_name, user},
    error::{Error, Result},
    page::Page,
};
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};
use shared::{
    account::{AccountKind, Right, Rights},
    error::Reason,
    id::{AccountId, UserId},
};
use std::collections::{HashMap, HashSet};

/// The last year of a date that is kept: what is later was mistyped, and databases order it wrongly.
const LAST_YEAR: i32 = 9998;

/// The account in view, if the actor manages its members: whoever manages users, and at the provider whoever
/// administers the installation.
///
/// # Errors
/// [`Error::Forbidden`] otherwise; [`Error::SecondFactorRequired`] if the account is closed to those without one.
pub fn managed(actor: &Actor) -> Result<&InView> {
    let account = actor.in_view()?;
    if manages(account.kind, account.rights) {
        Ok(account)
    } else {
        Err(Error::Forbidden)
    }
}

fn manages(kind: AccountKind, rights: Rights) -> bool {
    match kind {
        AccountKind::Provider => rights.allow(Right::Administer),
        AccountKind::Customer | AccountKind::Dealer => rights.allow(Right::ManageUsers),
    }
}

/// The right that somebody has to keep in an account of this kind, or nobody could do everything in it any more.
fn chief(kind: AccountKind) -> Right {
    match kind {
        AccountKind::Provider => Right::Administer,
        AccountKind::Customer | AccountKind::Dealer => Right::Owner,
    }
}

/// What a member may do and until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The rights.
    pub rights: Rights,
    /// When the membership ends; none if it has no end.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Reads the last day of an access; it counts until that day is over in UTC.
///
/// # Errors
/// [`Error::Invalid`] with `DATE_IN_PAST`, or `END_TOO_LATE` for a day that no calendar of ours has.
fn end_of(app: &App, until: Option<NaiveDate>) -> Result<Option<DateTime<Utc>>> {
    let Some(until) = until else { return Ok(None) };
    if until < app.clock.today() {
        return Err(Error::invalid(
            "until",
            Reason::DateInPast,
            "the last day lies in the past",
        ));
    }
    let next = until.succ_opt().filter(|day| day.year() <= LAST_YEAR);
    let next = next.ok_or_else(|| Error::invalid("until", Reason::EndTooLate, "the last day is too far away"))?;
    Ok(Some(next.and_time(NaiveTime::MIN).and_utc()))
}

/// The last day of an access that ends at this time.
pub fn last_day(expires_at: DateTime<Utc>) -> NaiveDate {
    (expires_at - TimeDelta::microseconds(1)).date_naive()
}

/// What somebody who manages an account may give, read while its row is held.
struct Authority {
    account: account::Model,
    terms: Terms,
}

impl Authority {
    /// Holds the account in view until the transaction ends, and reads what the actor may do in it now.
    async fn of(tx: &DatabaseTransaction, app: &App, actor: &Actor) -> Result<Self> {
        let account = held(tx, managed(actor)?.id).await?;
        Self::of_member(tx, app, account, actor.user)
            .await?
            .ok_or(Error::Forbidden)
    }

    /// What a member may give now; none if he manages no members (any more).
    async fn of_member(
        tx: &DatabaseTransaction,
        app: &App,
        account: account::Model,
        user: UserId,
    ) -> Result<Option<Self>> {
        let now = app.clock.now();
        let member = membership::Entity::find_by_id((user, account.id)).one(tx).await?;
        let member = member.filter(|row| {
            row.blocked_at.is_none() && row.expires_at.is_none_or(|end| end > now) && manages(account.kind, row.rights)
        });
        Ok(member.map(|row| Self {
            account,
            terms: Terms {
                rights: row.rights,
                expires_at: row.expires_at,
            },
        }))
    }

    /// That these terms may be given.
    fn check(&self, terms: Terms) -> Result<()> {
        self.check_rights(terms.rights)?;
        self.check_end(terms.expires_at)
    }

    /// That these rights may be given: some, such as this kind of account has, and none that the giver lacks.
    fn check_rights(&self, rights: Rights) -> Result<()> {
        let granted = rights.to_vec();
        if granted.is_empty() {
            return Err(Error::invalid("rights", Reason::Missing, "choose at least one right"));
        }
        let is_staff = self.account.kind == AccountKind::Provider;
        if !self.terms.rights.cover(rights) || granted.iter().any(|right| right.is_of_staff() != is_staff) {
            return Err(Error::Forbidden);
        }
        Ok(())
    }

    /// That an access may end then: not after that of the giver.
    fn check_end(&self, expires_at: Option<DateTime<Utc>>) -> Result<()> {
        if self
            .terms
            .expires_at
            .is_some_and(|own| expires_at.is_none_or(|end| end > own))
        {
            return Err(Error::invalid(
                "until",
                Reason::EndTooLate,
                "the access would last longer than your own",
            ));
        }
        Ok(())
    }
}

/// The row of an account, held until the transaction ends.
async fn held(tx: &DatabaseTransaction, id: AccountId) -> Result<account::Model> {
    account::Entity::find_by_id(id)
        .lock_exclusive()
        .one(tx)
        .await?
        .ok_or(Error::NotFound("account"))
}

/// A member as those see him who manage the account.
#[derive(Clone, Debug)]
pub struct Member {
    /// Rights, end and block.
    pub membership: membership::Model,
    /// The person.
    pub user: user::Model,
    /// What the person signs in with that belongs to this account.
    pub user_names: Vec<String>,
    /// When the person last did something in this account that is in its log.
    pub last_seen_at: Option<DateTime<Utc>>,
    /// Whether the person signs in with a second factor.
    pub has_second_factor: bool,
    /// Whether the one who asks may change this member.
    pub may_change: bool,
}

/// A page of the members of the account in view, those who came first at the top, and how many there are.
///
/// # Errors
/// [`Error::Forbidden`] for all who do not manage members.
pub async fn list(app: &App, actor: &Actor, page: &Page<UserId>) -> Result<(Vec<Member>, u64)> {
    let account = managed(actor)?;
    let all = membership::Entity::find().filter(membership::COLUMN.account_id.eq(account.id));
    let total = all.clone().count(&app.db).await?;
    let rows = all
        .apply_if(page.after, |rows, after| {
            rows.filter(membership::COLUMN.user_id.gt(after))
        })
        .order_by_asc(membership::Column::UserId)
        .limit(page.limit())
        .all(&app.db)
        .await?;
    Ok((with_people(app, account, rows).await?, total))
}

/// One member of the account in view, as [`list`] shows him.
///
/// # Errors
/// [`Error::NotFound`] if he is none.
async fn show(app: &App, account: &InView, user: UserId) -> Result<Member> {
    let row = membership::Entity::find_by_id((user, account.id)).one(&app.db).await?;
    let shown = with_people(app, account, row.into_iter().collect()).await?;
    shown.into_iter().next().ok_or(Error::NotFound("member"))
}

/// Adds to memberships what is known of their people, in as many statements whatever their number.
async fn with_people(app: &App, account: &InView, rows: Vec<membership::Model>) -> Result<Vec<Member>> {
    let ids: Vec<UserId> = rows.iter().map(|row| row.user_id).collect();
    let users = user::Entity::find()
        .filter(user::COLUMN.id.is_in(ids.iter().copied()))
        .all(&app.db)
        .await?;
    let mut users: HashMap<_, _> = users.into_iter().map(|row| (row.id, row)).collect();
    let number = account::Entity::find_by_id(account.id)
        .one(&app.db)
        .await?
        .map(|row| row.number)
        .unwrap_or_default();
    let mut names: HashMap<UserId, Vec<String>> = HashMap::new();
    let of_account = sign_in_name::Entity::find()
        .filter(sign_in_name::COLUMN.user_id.is_in(ids.iter().copied()))
        .filter(names_of(&number))
        .order_by_asc(sign_in_name::Column::Name);
    for row in of_account.all(&app.db).await? {
        names.entry(row.user_id).or_default().push(row.name);
    }
    let with_factor = second_factor::Entity::find()
        .filter(second_factor::COLUMN.user_id.is_in(ids.iter().copied()))
        .all(&app.db)
        .await?;
    let with_factor: HashSet<_> = with_factor.into_iter().map(|row| row.user_id).collect();
    let seen: Vec<(UserId, DateTime<Utc>)> = audit::Entity::find()
        .filter(audit::COLUMN.account_id.eq(account.id))
        .filter(audit::COLUMN.user_id.is_in(ids))
        .select_only()
        .column(audit::Column::UserId)
        .column_as(audit::Column::At.max(), "seen")
        .group_by(audit::Column::UserId)
        .into_tuple()
        .all(&app.db)
        .await?;
    let seen: HashMap<_, _> = seen.into_iter().collect();
    let member = |membership: membership::Model| {
        let id = membership.user_id;
        Some(Member {
            user: users.remove(&id)?,
            user_names: names.remove(&id).unwrap_or_default(),
            last_seen_at: seen.get(&id).copied(),
            has_second_factor: with_factor.contains(&id),
            may_change: account.rights.cover(membership.rights),
            membership,
        })
    };
    Ok(rows.into_iter().filter_map(member).collect())
}

/// The sign-in names that belong to the account with this number: the number, and what begins with it and a slash.
fn names_of(number: &str) -> Condition {
    let number = number.to_lowercase();
    Condition::any()
        .add(sign_in_name::COLUMN.name.starts_with(format!("{number}/")))
        .add(sign_in_name::COLUMN.name.eq(number))
}

/// Whether somebody signs in with this name.
async fn is_taken(db: &impl ConnectionTrait, name: &str) -> Result<bool> {
    Ok(sign_in_name::Entity::find_by_id(name).one(db).await?.is_some())
}

//! What waits for staff, and the search, as the API offers them.
use super::CustomerRecent;
use crate::{
    actor::RequestActor,
    app::App,
    error::Result,
    office::{
        desk::{self, Waiting},
        recent,
        search::{self, Hit},
    },
};
use async_graphql::{Context, Object, SimpleObject};
use chrono::{DateTime, Utc};
use shared::{
    account::{AccountKind, Language},
    id::AccountId,
    office::{SearchKind, WorkKind},
};

/// The queries of this part.
#[derive(Debug, Default)]
pub struct DeskQuery;

#[Object]
impl DeskQuery {
    /// What waits for whoever of the staff asks: each kind of work that his rights let him do, those of which nothing
    /// waits included. Only for staff.
    async fn waiting_work(&self, ctx: &Context<'_>) -> Result<Vec<WaitingWork>> {
        let waiting = desk::waiting(ctx.data_unchecked::<App>(), ctx.actor()?).await?;
        Ok(waiting.into_iter().map(WaitingWork::from).collect())
    }

    /// Finds customers by what staff has at hand: number or name, an e-mail address, the number of a contract or an
    /// invoice, the serial number of a device. Names and addresses count wherever the text stands in them, numbers
    /// from their beginning, serial numbers from four digits on; case and marks make no difference. Only for staff with
    /// the right MANAGE_CUSTOMERS.
    async fn office_search(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to look for, at most 100 characters; less than two find nothing.")] text: String,
    ) -> Result<OfficeSearch> {
        let found = search::search(ctx.data_unchecked::<App>(), ctx.actor()?, &text).await?;
        Ok(OfficeSearch {
            hits: found.hits.into_iter().map(SearchHit::from).collect(),
            more: found.more,
        })
    }

    /// The newest of what a customer has. Only for staff with the right MANAGE_CUSTOMERS.
    async fn customer_recent(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which account.")] id: AccountId,
        #[graphql(desc = "The language of names and titles; German if it is not given.")] language: Option<Language>,
    ) -> Result<CustomerRecent> {
        let found = recent::recent(ctx.data_unchecked::<App>(), ctx.actor()?, id).await?;
        Ok(CustomerRecent::of(found, language.unwrap_or_default()))
    }
}

/// Work of one kind that waits for staff.
#[derive(Clone, SimpleObject)]
pub struct WaitingWork {
    /// What.
    pub kind: WorkKind,
    /// How much of it.
    pub count: u64,
    /// Since when the oldest waits; null where nothing waits or that is not known.
    pub oldest_at: Option<DateTime<Utc>>,
}

impl From<Waiting> for WaitingWork {
    fn from(waiting: Waiting) -> Self {
        Self {
            kind: waiting.kind,
            count: waiting.count,
            oldest_at: waiting.oldest_at,
        }
    }
}

/// What a search found.
#[derive(Clone, SimpleObject)]
pub struct OfficeSearch {
    /// Customers, at most six of each kind, kind by kind.
    pub hits: Vec<SearchHit>,
    /// The kinds of which there are more than are shown.
    pub more: Vec<SearchKind>,
}

/// A customer who was found.
#[derive(Clone, SimpleObject)]
pub struct SearchHit {
    /// By what.
    pub kind: SearchKind,
    /// What fitted, as it is written: a name, an address, a number.
    pub text: String,
    /// The customer's account.
    pub account_id: AccountId,
    /// Whether a customer or a dealer.
    pub account_kind: AccountKind,
    /// The customer number.
    pub number: String,
    /// The customer's name.
    pub name: String,
}

impl From<Hit> for SearchHit {
    fn from(hit: Hit) -> Self {
        Self {
            kind: hit.kind,
            text: hit.text,
            account_id: hit.account.id,
            account_kind: hit.account.kind,
            number: hit.account.number,
            name: hit.account.name,
        }
    }
}

//! The log as the API shows it.
use super::list::{self, Filter, Shown};
use crate::{
    actor::RequestActor,
    app::App,
    error::Result,
    page::{Connection, Page},
};
use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use shared::{audit::Doer, error::ErrorCode, id::AccountId};

/// The queries of this subject.
#[derive(Debug, Default)]
pub struct AuditQuery;

#[Object]
impl AuditQuery {
    /// Who did what, newest first: the viewer's own acts, and all that concern the account in view if he manages its
    /// users. Refused acts too.
    async fn audit_entries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
        #[graphql(desc = "Which rows; all if it is not given.")] filter: Option<AuditFilter>,
        #[graphql(desc = "Only what concerns this account: the one in view, or any for staff who manages customers.")]
        account: Option<AccountId>,
    ) -> Result<Connection<AuditEntry>> {
        let page = Page::read(first, after)?;
        let filter = filter.map(Filter::from).unwrap_or_default();
        let (rows, total) = list::entries(ctx.data_unchecked::<App>(), ctx.actor()?, account, &filter, &page).await?;
        Ok(Connection::new(
            &page,
            rows.into_iter().map(AuditEntry).collect(),
            total,
            |entry| entry.0.row.id,
        ))
    }

    /// The acts that occur in what the viewer sees, by name.
    async fn audit_acts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what concerns this account, as with `auditEntries`.")] account: Option<AccountId>,
    ) -> Result<Vec<String>> {
        list::acts(ctx.data_unchecked(), ctx.actor()?, account).await
    }
}

/// Which rows of the log; what is left out does not limit.
#[derive(InputObject)]
pub struct AuditFilter {
    /// Only this act: the name of a mutation.
    pub act: Option<String>,
    /// Not before.
    pub from: Option<DateTime<Utc>>,
    /// Before.
    pub until: Option<DateTime<Utc>>,
    /// Only what was done (true), or only what was refused (false).
    pub is_allowed: Option<bool>,
    /// Only what the viewer did himself.
    #[graphql(default)]
    pub is_mine: bool,
}

impl From<AuditFilter> for Filter {
    fn from(filter: AuditFilter) -> Self {
        Self {
            act: filter.act,
            from: filter.from,
            until: filter.until,
            is_allowed: filter.is_allowed,
            is_mine: filter.is_mine,
        }
    }
}

/// A row of the log: who did what, when, where from, and whether it was allowed.
#[derive(Clone, Debug)]
pub struct AuditEntry(Shown);

/// A row of the log: who did what, when, where from, and whether it was allowed.
#[Object]
impl AuditEntry {
    /// Names the row.
    async fn id(&self) -> ID {
        self.0.row.id.into()
    }

    /// When.
    async fn at(&self) -> DateTime<Utc> {
        self.0.row.at
    }

    /// What was done or tried: the name of the mutation.
    async fn act(&self) -> &str {
        &self.0.row.act
    }

    /// Who it was, as far as the viewer may know.
    async fn doer(&self) -> Doer {
        self.0.doer
    }

    /// What the person is called; null for the provider's staff, for others and for the system.
    async fn person_name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// To what: ids and counts, never contents.
    async fn object(&self) -> Option<&str> {
        self.0.row.object.as_deref()
    }

    /// Why staff did it to the customer's things, in the words of whoever did; null for other acts.
    async fn reason(&self) -> Option<&str> {
        self.0.row.reason.as_deref()
    }

    /// Whether it was done.
    async fn is_allowed(&self) -> bool {
        self.0.row.is_allowed
    }

    /// Why it was refused; null for what was done.
    async fn code(&self) -> Option<ErrorCode> {
        let code = self.0.row.code.clone()?;
        serde_json::from_value(code.into()).ok()
    }

    /// The address that it came from.
    async fn ip(&self) -> Option<&str> {
        self.0.row.ip.as_deref()
    }

    /// What the browser or program called itself.
    async fn user_agent(&self) -> Option<&str> {
        self.0.row.user_agent.as_deref()
    }
}

//! The start page as the API offers it.
use super::{Change, Task, What, recent, tasks};
use crate::{actor::RequestActor, agreement::text::product_name, error::Result};
use async_graphql::{Context, Object};
use chrono::{DateTime, Utc};
use shared::{
    account::Language,
    audit::Doer,
    id::{ContractId, InvoiceId, OrderId},
    order::{OrderKind, OrderState},
    start::{ChangeKind, TaskKind},
};

/// The queries of this subject.
#[derive(Debug, Default)]
pub struct StartQuery;

#[Object]
impl StartQuery {
    /// What the portal asks of the viewer, the most pressing first; at most ten of a kind.
    #[graphql(complexity = "100 + 10 * child_complexity")]
    async fn tasks(&self, ctx: &Context<'_>) -> Result<Vec<ViewerTask>> {
        let tasks = tasks(ctx.data_unchecked(), ctx.actor()?).await?;
        Ok(tasks.into_iter().map(ViewerTask).collect())
    }

    /// What has changed lately, newest first, as far as the viewer may know: at most eight changes.
    #[graphql(complexity = "100 + 8 * child_complexity")]
    async fn recent_changes(&self, ctx: &Context<'_>) -> Result<Vec<RecentChange>> {
        let changes = recent(ctx.data_unchecked(), ctx.actor()?).await?;
        Ok(changes.into_iter().map(RecentChange).collect())
    }
}

/// Something that the viewer is asked to do.
#[derive(Clone, Debug)]
pub struct ViewerTask(Task);

/// Something that the viewer is asked to do.
#[Object]
impl ViewerTask {
    /// The contract whose agreement is to be concluded.
    async fn contract_id(&self) -> Option<ContractId> {
        match &self.0 {
            Task::ConcludeAgreement(open) => Some(open.contract.id),
            _ => None,
        }
    }

    /// How many orders are pending, or how many requests for keys are to be decided.
    async fn count(&self) -> Option<u64> {
        match &self.0 {
            Task::PendingOrders(count) | Task::DecideKeyRequests(count) => Some(*count),
            _ => None,
        }
    }

    /// Whether the account stays closed until it is done.
    async fn is_required(&self) -> bool {
        matches!(self.0, Task::SecondFactor(true))
    }

    /// What is asked.
    async fn kind(&self) -> TaskKind {
        match self.0 {
            Task::SecondFactor(_) => TaskKind::SecondFactor,
            Task::ConfirmEmail(_) => TaskKind::ConfirmEmail,
            Task::ConfirmBillingEmail(_) => TaskKind::ConfirmBillingEmail,
            Task::ConcludeAgreement(_) => TaskKind::ConcludeAgreement,
            Task::AcceptReadRights(_) => TaskKind::AcceptReadRights,
            Task::DecideKeyRequests(_) => TaskKind::DecideKeyRequests,
            Task::PendingOrders(_) => TaskKind::PendingOrders,
        }
    }

    /// What it is about: an address, a product, or a dealer.
    async fn subject(
        &self,
        #[graphql(desc = "In which language; German if it is not given.")] language: Option<Language>,
    ) -> Option<&str> {
        match &self.0 {
            Task::ConfirmEmail(email) | Task::ConfirmBillingEmail(email) => Some(email),
            Task::AcceptReadRights(dealer) => Some(dealer),
            Task::ConcludeAgreement(open) => Some(product_name(&open.product, language.unwrap_or_default())),
            Task::SecondFactor(_) | Task::DecideKeyRequests(_) | Task::PendingOrders(_) => None,
        }
    }

    /// The version of the agreement.
    async fn version(&self) -> Option<i32> {
        match &self.0 {
            Task::ConcludeAgreement(open) => Some(open.version),
            _ => None,
        }
    }
}

/// Something that has changed.
#[derive(Clone, Debug)]
pub struct RecentChange(Change);

/// Something that has changed.
#[Object]
impl RecentChange {
    /// What was done: the name of the mutation. Null for all but rows of the log.
    async fn act(&self) -> Option<&str> {
        match &self.0.what {
            What::Act(shown) => Some(&shown.row.act),
            _ => None,
        }
    }

    /// When.
    async fn at(&self) -> DateTime<Utc> {
        self.0.at
    }

    /// Who did it, as far as the viewer may know. Null for all but rows of the log.
    async fn doer(&self) -> Option<Doer> {
        match &self.0.what {
            What::Act(shown) => Some(shown.doer),
            _ => None,
        }
    }

    /// The invoice.
    async fn invoice_id(&self) -> Option<InvoiceId> {
        match &self.0.what {
            What::Invoice(id, _) => Some(*id),
            _ => None,
        }
    }

    /// What has changed.
    async fn kind(&self) -> ChangeKind {
        match self.0.what {
            What::Act(_) => ChangeKind::Act,
            What::Invoice(..) => ChangeKind::Invoice,
            What::Document(_) => ChangeKind::Document,
            What::Placed(..) => ChangeKind::OrderPlaced,
            What::Decided(..) => ChangeKind::OrderDecided,
        }
    }

    /// The number of the invoice or order.
    async fn number(&self) -> Option<&str> {
        match &self.0.what {
            What::Invoice(_, number) => Some(number),
            What::Placed(order, _) | What::Decided(order, _) => Some(&order.number),
            What::Act(_) | What::Document(_) => None,
        }
    }

    /// The order.
    async fn order_id(&self) -> Option<OrderId> {
        match &self.0.what {
            What::Placed(order, _) | What::Decided(order, _) => Some(order.id),
            _ => None,
        }
    }

    /// What the order asks for.
    async fn order_kind(&self) -> Option<OrderKind> {
        match &self.0.what {
            What::Placed(order, _) | What::Decided(order, _) => Some(order.kind),
            _ => None,
        }
    }

    /// Where the order stands now.
    async fn order_state(&self) -> Option<OrderState> {
        match &self.0.what {
            What::Placed(order, _) | What::Decided(order, _) => Some(order.state),
            _ => None,
        }
    }

    /// What the person is called who did it; null for the provider's staff, for others, and for all but rows of the log.
    async fn person_name(&self) -> Option<&str> {
        match &self.0.what {
            What::Act(shown) => shown.name.as_deref(),
            _ => None,
        }
    }

    /// What the document is called, or the product of the order.
    async fn title(
        &self,
        #[graphql(desc = "In which language; German if it is not given.")] language: Option<Language>,
    ) -> Option<&str> {
        let language = language.unwrap_or_default();
        match (&self.0.what, language) {
            (What::Document(row), Language::De) => Some(&row.title_de),
            (What::Document(row), Language::En) => Some(&row.title_en),
            (What::Placed(_, Some(product)) | What::Decided(_, Some(product)), _) => {
                Some(product_name(product, language))
            }
            _ => None,
        }
    }
}

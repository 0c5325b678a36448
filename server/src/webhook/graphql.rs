//! Webhooks as the API offers them to staff that administers.
use super::{
    endpoint::{self, NewWebhook},
    log::{self, Counts, Filter, Shown},
};
use crate::{
    actor::RequestActor,
    app::App,
    entity::webhook,
    error::Result,
    page::{Connection, Page},
};
use async_graphql::{Context, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use shared::{
    id::{DeliveryId, EventId, WebhookId},
    webhook::{DeliveryState, EventKind},
};

/// The queries of this subject.
#[derive(Debug, Default)]
pub struct WebhookQuery;

#[Object]
impl WebhookQuery {
    /// The endpoints of other systems that are told of events, in the order in which they were made; at most 20. For
    /// staff that administers.
    async fn webhooks(&self, ctx: &Context<'_>) -> Result<Vec<Webhook>> {
        let (app, actor) = (ctx.data_unchecked::<App>(), ctx.actor()?);
        let rows = endpoint::list(app, actor).await?;
        let counts = log::counts(app, actor).await?;
        let counts = |row: &webhook::Model| counts.get(&row.id).copied().unwrap_or_default();
        Ok(rows
            .into_iter()
            .map(|row| Webhook::of(app, counts(&row), row))
            .collect())
    }

    /// The ways of events to endpoints, the newest first. For staff that administers.
    async fn deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
        #[graphql(desc = "Only those to this endpoint.")] webhook_id: Option<WebhookId>,
        #[graphql(desc = "Only those that stand so.")] state: Option<DeliveryState>,
    ) -> Result<Connection<Delivery>> {
        let page = Page::read(first, after)?;
        let filter = Filter {
            webhook: webhook_id,
            state,
        };
        let (rows, total) = log::deliveries(ctx.data_unchecked(), ctx.actor()?, &filter, &page).await?;
        let rows = rows.into_iter().map(Delivery::from).collect();
        Ok(Connection::new(&page, rows, total, |row| row.id))
    }
}

/// The mutations of this subject.
#[derive(Debug, Default)]
pub struct WebhookMutation;

#[Object]
impl WebhookMutation {
    /// Makes an endpoint that is told of events. For staff that administers; needs a step-up.
    async fn create_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the endpoint is.")] input: CreateWebhookInput,
    ) -> Result<WebhookSecretPayload> {
        let app = ctx.data_unchecked::<App>();
        let new = NewWebhook {
            name: input.name,
            url: input.url,
            kinds: input.kinds,
        };
        let (row, secret) = endpoint::create(app, ctx.actor()?, new).await?;
        Ok(WebhookSecretPayload {
            webhook: Webhook::of(app, Counts::default(), row),
            secret,
        })
    }

    /// Changes an endpoint. While it is not enabled nothing is sent there; what waits goes on waiting. As with
    /// `createWebhook`.
    async fn change_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the endpoint is from now on.")] input: ChangeWebhookInput,
    ) -> Result<ChangeWebhookPayload> {
        let (app, actor) = (ctx.data_unchecked::<App>(), ctx.actor()?);
        let new = NewWebhook {
            name: input.name,
            url: input.url,
            kinds: input.kinds,
        };
        let row = endpoint::change(app, actor, input.id, new, input.is_enabled).await?;
        let counts = log::counts(app, actor).await?;
        let counts = counts.get(&row.id).copied().unwrap_or_default();
        Ok(ChangeWebhookPayload {
            webhook: Webhook::of(app, counts, row),
        })
    }

    /// Removes an endpoint with all that waits for it, and with its log. As with `createWebhook`.
    async fn delete_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which endpoint.")] input: WebhookInput,
    ) -> Result<DeleteWebhookPayload> {
        endpoint::delete(ctx.data_unchecked(), ctx.actor()?, input.id).await?;
        Ok(DeleteWebhookPayload { id: input.id })
    }

    /// Gives an endpoint a new secret. The former one signs beside it for 24 hours. As with `createWebhook`.
    async fn rotate_webhook_secret(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which endpoint.")] input: WebhookInput,
    ) -> Result<WebhookSecretPayload> {
        let (app, actor) = (ctx.data_unchecked::<App>(), ctx.actor()?);
        let (row, secret) = endpoint::rotate_secret(app, actor, input.id).await?;
        let counts = log::counts(app, actor).await?;
        let counts = counts.get(&row.id).copied().unwrap_or_default();
        Ok(WebhookSecretPayload {
            webhook: Webhook::of(app, counts, row),
            secret,
        })
    }

    /// Sends an event of the kind `TEST` to an endpoint that is enabled. For staff that administers.
    async fn send_test_event(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which endpoint.")] input: WebhookInput,
    ) -> Result<SendTestEventPayload> {
        let id = endpoint::send_test(ctx.data_unchecked(), ctx.actor()?, input.id).await?;
        Ok(SendTestEventPayload { delivery_id: id })
    }

    /// Sends an event again to the endpoint, with the same id, whatever became of it. For staff that administers.
    async fn replay_delivery(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which delivery.")] input: ReplayDeliveryInput,
    ) -> Result<ReplayDeliveryPayload> {
        let shown = log::replay(ctx.data_unchecked(), ctx.actor()?, input.id).await?;
        Ok(ReplayDeliveryPayload { delivery: shown.into() })
    }

    /// Sends all events of a period again that were given up on their way to an endpoint. For staff that administers.
    async fn replay_failed_deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which deliveries.")] input: ReplayFailedDeliveriesInput,
    ) -> Result<ReplayFailedDeliveriesPayload> {
        let (app, actor) = (ctx.data_unchecked(), ctx.actor()?);
        let count = log::replay_failed(app, actor, input.webhook_id, input.from, input.until).await?;
        Ok(ReplayFailedDeliveriesPayload { count })
    }
}

/// What `createWebhook` takes.
#[derive(InputObject)]
pub struct CreateWebhookInput {
    /// What staff calls it; at most 100 characters.
    pub name: String,
    /// Where events are posted to: https, or http on this machine itself; at most 500 characters.
    pub url: String,
    /// Which kinds of events; at least one, and not `TEST`.
    pub kinds: Vec<EventKind>,
}

/// What `changeWebhook` takes.
#[derive(InputObject)]
pub struct ChangeWebhookInput {
    /// Which endpoint.
    pub id: WebhookId,
    /// What staff calls it; at most 100 characters.
    pub name: String,
    /// Where events are posted to, as with `createWebhook`.
    pub url: String,
    /// Which kinds of events; at least one, and not `TEST`.
    pub kinds: Vec<EventKind>,
    /// Whether events are sent there.
    pub is_enabled: bool,
}

/// Names an endpoint.
#[derive(InputObject)]
pub struct WebhookInput {
    /// Which endpoint.
    pub id: WebhookId,
}

/// What `replayDelivery` takes.
#[derive(InputObject)]
pub struct ReplayDeliveryInput {
    /// Which delivery.
    pub id: DeliveryId,
}

/// What `replayFailedDeliveries` takes.
#[derive(InputObject)]
pub struct ReplayFailedDeliveriesInput {
    /// Those to this endpoint.
    pub webhook_id: WebhookId,
    /// Of events that happened then or later.
    pub from: DateTime<Utc>,
    /// Of events that happened before.
    pub until: DateTime<Utc>,
}

/// An endpoint with its new secret.
#[derive(SimpleObject)]
pub struct WebhookSecretPayload {
    /// The endpoint.
    pub webhook: Webhook,
    /// With which a receiver checks the signature of what comes: `whsec_` and Base64. It is shown this once.
    pub secret: String,
}

/// What `changeWebhook` gives.
#[derive(SimpleObject)]
pub struct ChangeWebhookPayload {
    /// The endpoint.
    pub webhook: Webhook,
}

/// What `deleteWebhook` gives.
#[derive(SimpleObject)]
pub struct DeleteWebhookPayload {
    /// The endpoint that was removed.
    pub id: WebhookId,
}

/// What `sendTestEvent` gives.
#[derive(SimpleObject)]
pub struct SendTestEventPayload {
    /// The way of the test to the endpoint.
    pub delivery_id: DeliveryId,
}

/// What `replayDelivery` gives.
#[derive(SimpleObject)]
pub struct ReplayDeliveryPayload {
    /// The delivery, which waits again.
    pub delivery: Delivery,
}

/// What `replayFailedDeliveries` gives.
#[derive(SimpleObject)]
pub struct ReplayFailedDeliveriesPayload {
    /// How many wait again.
    pub count: u64,
}

/// An endpoint of another system that is told of events.
#[derive(SimpleObject)]
pub struct Webhook {
    /// Names the endpoint.
    pub id: WebhookId,
    /// What staff calls it.
    pub name: String,
    /// Where events are posted to.
    pub url: String,
    /// Which kinds of events.
    pub kinds: Vec<EventKind>,
    /// Whether events are sent there.
    pub is_enabled: bool,
    /// Until when the secret before this one signs beside it; null if there is none that does.
    pub former_secret_until: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// How many events wait for their first or next try.
    pub waiting_count: u64,
    /// How many events were given up.
    pub failed_count: u64,
}

impl Webhook {
    fn of(app: &App, counts: Counts, row: webhook::Model) -> Self {
        Self {
            id: row.id,
            name: row.name,
            url: row.url,
            kinds: row.kinds.to_vec(),
            is_enabled: row.disabled_at.is_none(),
            former_secret_until: row.former_until.filter(|until| *until > app.clock.now()),
            created_at: row.created_at,
            waiting_count: counts.waiting,
            failed_count: counts.failed,
        }
    }
}

/// The way of an event to one endpoint.
#[derive(Clone, Debug, SimpleObject)]
pub struct Delivery {
    /// Names the way.
    pub id: DeliveryId,
    /// Names the event: the `webhook-id` of every try.
    pub event_id: EventId,
    /// The endpoint.
    pub webhook_id: WebhookId,
    /// What happened.
    pub kind: EventKind,
    /// The number of the customer whom it concerns.
    pub customer_number: Option<String>,
    /// What is sent, JSON.
    pub body: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// When it happened.
    pub created_at: DateTime<Utc>,
    /// How often it was tried since it was last asked for; 10 times at most.
    pub attempts: i32,
    /// When it was last tried.
    pub tried_at: Option<DateTime<Utc>>,
    /// When it is tried next, if it waits.
    pub next_try_at: Option<DateTime<Utc>>,
    /// The HTTP status of the last try; null if nobody answered.
    pub status: Option<i32>,
    /// How long the last try took, in milliseconds.
    pub duration_ms: Option<i32>,
    /// Why the last try failed, in English.
    pub problem: Option<String>,
    /// The beginning of the last answer, as one line.
    pub answer: Option<String>,
}

impl From<Shown> for Delivery {
    fn from(shown: Shown) -> Self {
        let state = shown.state();
        let row = shown.delivery;
        Self {
            id: row.id,
            event_id: row.event_id,
            webhook_id: row.webhook_id,
            kind: shown.event.kind,
            customer_number: shown.customer_number,
            body: shown.event.body,
            state,
            created_at: row.created_at,
            attempts: row.attempts,
            tried_at: row.tried_at,
            next_try_at: (state == DeliveryState::Waiting).then_some(row.due_at),
            status: row.status,
            duration_ms: row.duration_ms,
            problem: row.problem,
            answer: row.answer,
        }
    }
}

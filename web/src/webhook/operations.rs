//! What the page of webhooks asks the server.
use super::query::DeliveryQuery;
use crate::{
    api::{self, ApiError, Instant, PageInfo, schema},
    place::Rows,
};
use cynic::{MutationBuilder, QueryBuilder};
use shared::{
    id::{DeliveryId, WebhookId},
    webhook::{DeliveryState, EventKind},
};

/// How many deliveries a page has.
const PAGE: i32 = 25;

/// An endpoint.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// How many events were given up.
    pub failed_count: i32,
    /// Until when the former secret signs too.
    pub former_secret_until: Option<Instant>,
    /// Names the endpoint.
    pub id: WebhookId,
    /// Whether events are sent there.
    pub is_enabled: bool,
    /// Which kinds of events.
    pub kinds: Vec<EventKind>,
    /// What staff calls it.
    pub name: String,
    /// Where events go.
    pub url: String,
    /// How many events wait.
    pub waiting_count: i32,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query")]
struct WebhooksQuery {
    webhooks: Vec<Webhook>,
}

/// All endpoints.
pub async fn webhooks() -> Result<Vec<Webhook>, ApiError> {
    Ok(api::send(WebhooksQuery::build(())).await?.webhooks)
}

/// An event on its way to an endpoint.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The beginning of the last answer.
    pub answer: Option<String>,
    /// How often it was tried.
    pub attempts: i32,
    /// When it happened.
    pub created_at: Instant,
    /// Whom it concerns.
    pub customer_number: Option<String>,
    /// How long the last try took.
    pub duration_ms: Option<i32>,
    /// Names the way.
    pub id: DeliveryId,
    /// What happened.
    pub kind: EventKind,
    /// When it is tried next.
    pub next_try_at: Option<Instant>,
    /// Why the last try failed.
    pub problem: Option<String>,
    /// Where it stands.
    pub state: DeliveryState,
    /// The HTTP status of the last try.
    pub status: Option<i32>,
    /// The endpoint.
    pub webhook_id: WebhookId,
}

/// A page of deliveries.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct DeliveryConnection {
    /// The deliveries.
    pub nodes: Vec<Delivery>,
    /// Where the page ends.
    pub page_info: PageInfo,
    /// How many there are on all pages.
    pub total_count: i32,
}

#[derive(cynic::QueryVariables)]
struct DeliveriesVariables {
    after: Option<String>,
    first: Option<i32>,
    state: Option<DeliveryState>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "DeliveriesVariables")]
struct DeliveriesQuery {
    #[arguments(after: $after, first: $first, state: $state)]
    deliveries: DeliveryConnection,
}

/// A page of deliveries, the newest first.
pub async fn deliveries(rows: Rows<DeliveryQuery>) -> Result<DeliveryConnection, ApiError> {
    let variables = DeliveriesVariables {
        after: rows.after,
        first: Some(PAGE),
        state: rows.query.state,
    };
    Ok(api::send(DeliveriesQuery::build(variables)).await?.deliveries)
}

/// What a new endpoint is.
#[derive(cynic::InputObject, Clone, Debug)]
pub struct CreateWebhookInput {
    /// Which kinds of events.
    pub kinds: Vec<EventKind>,
    /// What staff calls it.
    pub name: String,
    /// Where events go.
    pub url: String,
}

/// What an endpoint is from now on.
#[derive(cynic::InputObject, Clone, Debug)]
pub struct ChangeWebhookInput {
    /// Which endpoint.
    pub id: WebhookId,
    /// Whether events are sent there.
    pub is_enabled: bool,
    /// Which kinds of events.
    pub kinds: Vec<EventKind>,
    /// What staff calls it.
    pub name: String,
    /// Where events go.
    pub url: String,
}

#[derive(cynic::InputObject)]
struct WebhookInput {
    id: WebhookId,
}

#[derive(cynic::InputObject)]
struct ReplayDeliveryInput {
    id: DeliveryId,
}

/// Which deliveries are sent again.
#[derive(cynic::InputObject, Clone, Debug)]
pub struct ReplayFailedDeliveriesInput {
    /// Of events from then on.
    pub from: Instant,
    /// Of events before.
    pub until: Instant,
    /// To this endpoint.
    pub webhook_id: WebhookId,
}

#[derive(cynic::QueryFragment)]
struct WebhookSecretPayload {
    secret: String,
}

#[derive(cynic::QueryFragment)]
struct ChangeWebhookPayload {
    webhook: WebhookName,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Webhook")]
struct WebhookName {
    name: String,
}

#[derive(cynic::QueryFragment)]
struct DeleteWebhookPayload {
    id: WebhookId,
}

#[derive(cynic::QueryFragment)]
struct SendTestEventPayload {
    delivery_id: DeliveryId,
}

#[derive(cynic::QueryFragment)]
struct ReplayDeliveryPayload {
    delivery: DeliveryKey,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Delivery")]
struct DeliveryKey {
    id: DeliveryId,
}

#[derive(cynic::QueryFragment)]
struct ReplayFailedDeliveriesPayload {
    count: i32,
}

#[derive(cynic::QueryVariables)]
struct CreateVariables {
    input: CreateWebhookInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "CreateVariables")]
struct Create {
    #[arguments(input: $input)]
    create_webhook: WebhookSecretPayload,
}

/// Makes an endpoint, and gives its secret, which is shown once.
pub async fn create_webhook(input: CreateWebhookInput) -> Result<String, ApiError> {
    let operation = Create::build(CreateVariables { input });
    Ok(api::send(operation).await?.create_webhook.secret)
}

#[derive(cynic::QueryVariables)]
struct ChangeVariables {
    input: ChangeWebhookInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "ChangeVariables")]
struct Change {
    #[arguments(input: $input)]
    change_webhook: ChangeWebhookPayload,
}

/// Changes an endpoint; gives its name.
pub async fn change_webhook(input: ChangeWebhookInput) -> Result<String, ApiError> {
    let operation = Change::build(ChangeVariables { input });
    Ok(api::send(operation).await?.change_webhook.webhook.name)
}

#[derive(cynic::QueryVariables)]
struct DeleteVariables {
    input: WebhookInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "DeleteVariables")]
struct Delete {
    #[arguments(input: $input)]
    delete_webhook: DeleteWebhookPayload,
}

/// Removes an endpoint; gives which one.
pub async fn delete_webhook(id: WebhookId) -> Result<WebhookId, ApiError> {
    let operation = Delete::build(DeleteVariables {
        input: WebhookInput { id },
    });
    Ok(api::send(operation).await?.delete_webhook.id)
}

#[derive(cynic::QueryVariables)]
struct RotateVariables {
    input: WebhookInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "RotateVariables")]
struct Rotate {
    #[arguments(input: $input)]
    rotate_webhook_secret: WebhookSecretPayload,
}

/// Gives an endpoint a new secret, which is shown once.
pub async fn rotate_secret(id: WebhookId) -> Result<String, ApiError> {
    let operation = Rotate::build(RotateVariables {
        input: WebhookInput { id },
    });
    Ok(api::send(operation).await?.rotate_webhook_secret.secret)
}

#[derive(cynic::QueryVariables)]
struct SendTestVariables {
    input: WebhookInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "SendTestVariables")]
struct SendTest {
    #[arguments(input: $input)]
    send_test_event: SendTestEventPayload,
}

/// Sends a test to an endpoint; gives its delivery.
pub async fn send_test(id: WebhookId) -> Result<DeliveryId, ApiError> {
    let operation = SendTest::build(SendTestVariables {
        input: WebhookInput { id },
    });
    Ok(api::send(operation).await?.send_test_event.delivery_id)
}

#[derive(cynic::QueryVariables)]
struct ReplayVariables {
    input: ReplayDeliveryInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "ReplayVariables")]
struct Replay {
    #[arguments(input: $input)]
    replay_delivery: ReplayDeliveryPayload,
}

/// Sends an event again; gives which delivery.
pub async fn replay(id: DeliveryId) -> Result<DeliveryId, ApiError> {
    let operation = Replay::build(ReplayVariables {
        input: ReplayDeliveryInput { id },
    });
    Ok(api::send(operation).await?.replay_delivery.delivery.id)
}

#[derive(cynic::QueryVariables)]
struct ReplayFailedVariables {
    input: ReplayFailedDeliveriesInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "ReplayFailedVariables")]
struct ReplayFailed {
    #[arguments(input: $input)]
    replay_failed_deliveries: ReplayFailedDeliveriesPayload,
}

/// Sends the failed events of a period again; gives how many.
pub async fn replay_failed(input: ReplayFailedDeliveriesInput) -> Result<i32, ApiError> {
    let operation = ReplayFailed::build(ReplayFailedVariables { input });
    Ok(api::send(operation).await?.replay_failed_deliveries.count)
}

//! The endpoints that are told of events: made, changed and removed by staff that administers.
use super::{Event, send, signature, target::Reach};
use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::{delivery, event, webhook},
    error::{Error, Result},
};
use chrono::TimeDelta;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
};
use shared::{
    account::{AccountKind, Right},
    error::Reason,
    id::{DeliveryId, WebhookId},
    webhook::{EventKind, EventKinds},
};

/// How many endpoints an installation has at most.
pub const ENDPOINTS_MAX: u64 = 20;

/// The longest name of an endpoint, in characters.
pub const NAME_MAX: usize = 100;

/// How long a secret that was replaced goes on signing beside the new one.
pub const FORMER_LIFE: TimeDelta = TimeDelta::hours(24);

/// What an endpoint is made of.
#[derive(Clone, Debug)]
pub struct NewWebhook {
    /// What staff calls it.
    pub name: String,
    /// Where events go.
    pub url: String,
    /// Which kinds of events.
    pub kinds: Vec<EventKind>,
}

/// What a valid endpoint is made of.
struct Checked {
    name: String,
    url: String,
    kinds: EventKinds,
}

impl NewWebhook {
    fn checked(self, app: &App) -> Result<Checked> {
        let name = self.name.trim();
        if name.is_empty() {
            return Err(Error::invalid("name", Reason::Missing, "give the endpoint a name"));
        }
        if name.chars().count() > NAME_MAX {
            let most = format!("a name has at most {NAME_MAX} characters");
            return Err(Error::invalid("name", Reason::TooLong, most));
        }
        let reach = Reach {
            is_private_open: app.settings.webhooks_to_private,
        };
        let url = reach.read(&self.url).map_err(|reason| {
            Error::invalid(
                "url",
                reason,
                "an https address of at most 500 characters, outside of inner networks",
            )
        })?;
        let kinds = EventKinds::of(&self.kinds);
        if self.kinds.contains(&EventKind::Test) || kinds == EventKinds::default() {
            return Err(Error::invalid(
                "kinds",
                Reason::Missing,
                "tick at least one kind of events",
            ));
        }
        Ok(Checked {
            name: name.replace(char::is_control, " "),
            url: url.into(),
            kinds,
        })
    }
}

/// That the actor is staff which administers.
pub(super) fn may_administer(actor: &Actor) -> Result<()> {
    actor.require_in(AccountKind::Provider, Right::Administer).map(|_| ())
}

/// All endpoints, in the order in which they were made; at most [`ENDPOINTS_MAX`].
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that administers.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<webhook::Model>> {
    may_administer(actor)?;
    Ok(webhook::Entity::find()
        .order_by_asc(webhook::Column::Id)
        .all(&app.db)
        .await?)
}

/// One endpoint.
pub(super) async fn find(db: &impl ConnectionTrait, id: WebhookId) -> Result<webhook::Model> {
    let row = webhook::Entity::find_by_id(id).one(db).await?;
    row.ok_or(Error::NotFound("webhook"))
}

/// Makes an endpoint, and gives it with its secret, which is shown this once.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that administers; [`Error::StepUpRequired`]; [`Error::Invalid`] at `name`,
/// `url` or `kinds`, see [`Reach::read`]; [`Error::TooLarge`] if there are [`ENDPOINTS_MAX`].
pub async fn create(app: &App, actor: &Actor, new: NewWebhook) -> Result<(webhook::Model, String)> {
    may_administer(actor)?;
    actor.require_step_up(app.clock.now())?;
    let new = new.checked(app)?;
    let id = WebhookId(app.new_id());
    let (sealed, secret) = signature::create(app, id)?;
    let tx = app.begin().await?;
    if webhook::Entity::find().count(&tx).await? >= ENDPOINTS_MAX {
        return Err(Error::TooLarge("an installation has at most 20 endpoints"));
    }
    let row = webhook::Model {
        id,
        name: new.name,
        url: new.url,
        kinds: new.kinds,
        sealed: sealed.bytes,
        key_version: sealed.version,
        former_sealed: None,
        former_key_version: None,
        former_until: None,
        disabled_at: None,
        created_at: app.clock.now(),
    };
    row.clone().into_active_model().insert(&tx).await?;
    audit::record(&tx, app, Some(actor), "createWebhook", Some(id.to_string()), true).await?;
    tx.commit().await?;
    Ok((row, secret))
}

/// Changes an endpoint; while it is not enabled nothing is sent there, what waits goes on waiting, and new events are
/// not kept for it.
///
/// # Errors
/// As with [`create`]; [`Error::NotFound`] if there is none.
pub async fn change(
    app: &App,
    actor: &Actor,
    id: WebhookId,
    new: NewWebhook,
    is_enabled: bool,
) -> Result<webhook::Model> {
    may_administer(actor)?;
    actor.require_step_up(app.clock.now())?;
    let new = new.checked(app)?;
    let tx = app.begin().await?;
    let row = find(&tx, id).await?;
    let disabled_at = row.disabled_at.unwrap_or_else(|| app.clock.now());
    let row = webhook::Model {
        name: new.name,
        url: new.url,
        kinds: new.kinds,
        disabled_at: (!is_enabled).then_some(disabled_at),
        ..row
    };
    row.clone().into_active_model().reset_all().update(&tx).await?;
    audit::record(&tx, app, Some(actor), "changeWebhook", Some(id.to_string()), true).await?;
    tx.commit().await?;
    app.webhooks_wait.notify_one();
    Ok(row)
}

/// Removes an endpoint with all that waits for it and all that is known of its deliveries.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that administers; [`Error::StepUpRequired`]; [`Error::NotFound`].
pub async fn delete(app: &App, actor: &Actor, id: WebhookId) -> Result<()> {
    may_administer(actor)?;
    actor.require_step_up(app.clock.now())?;
    let tx = app.begin().await?;
    find(&tx, id).await?;
    delivery::Entity::delete_many()
        .filter(delivery::COLUMN.webhook_id.eq(id))
        .exec(&tx)
        .await?;
    webhook::Entity::delete_by_id(id).exec(&tx).await?;
    let told = delivery::Entity::find()
        .select_only()
        .column(delivery::Column::EventId)
        .into_query();
    event::Entity::delete_many()
        .filter(event::Column::Id.not_in_subquery(told))
        .exec(&tx)
        .await?;
    audit::record(&tx, app, Some(actor), "deleteWebhook", Some(id.to_string()), true).await?;
    tx.commit().await?;
    Ok(())
}

/// Gives an endpoint a new secret, which is shown this once. The former one signs beside it for [`FORMER_LIFE`]; the
/// one before that no more.
///
/// # Errors
/// As with [`delete`].
pub async fn rotate_secret(app: &App, actor: &Actor, id: WebhookId) -> Result<(webhook::Model, String)> {
    may_administer(actor)?;
    actor.require_step_up(app.clock.now())?;
    let (sealed, secret) = signature::create(app, id)?;
    let tx = app.begin().await?;
    let row = find(&tx, id).await?;
    let row = webhook::Model {
        former_sealed: Some(row.sealed),
        former_key_version: Some(row.key_version),
        former_until: Some(app.clock.now() + FORMER_LIFE),
        sealed: sealed.bytes,
        key_version: sealed.version,
        ..row
    };
    row.clone().into_active_model().reset_all().update(&tx).await?;
    audit::record(&tx, app, Some(actor), "rotateWebhookSecret", Some(id.to_string()), true).await?;
    tx.commit().await?;
    Ok((row, secret))
}

/// Sends a test event to an endpoint, whichever kinds it asks for.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that administers; [`Error::NotFound`]; [`Error::Conflict`] if it is not
/// enabled.
pub async fn send_test(app: &App, actor: &Actor, id: WebhookId) -> Result<DeliveryId> {
    may_administer(actor)?;
    let tx = app.begin().await?;
    let row = find(&tx, id).await?;
    if row.disabled_at.is_some() {
        return Err(Error::Conflict("the endpoint is not enabled"));
    }
    let event = send(&tx, app, None, &Event::Test {}, &[row]).await?;
    let delivery = delivery::Entity::find()
        .filter(delivery::COLUMN.event_id.eq(event))
        .one(&tx)
        .await?
        .ok_or(Error::NotFound("delivery"))?;
    audit::record(&tx, app, Some(actor), "sendTestEvent", Some(id.to_string()), true).await?;
    tx.commit().await?;
    app.webhooks_wait.notify_one();
    Ok(delivery.id)
}

//! An invented endpoint that was told what happened in the demo, and is switched off: nothing leaves the machine.
use crate::{
    actor::Actor,
    app::App,
    entity::{delivery, webhook},
    webhook::endpoint::{NewWebhook, change, create},
};
use chrono::TimeDelta;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, QueryOrder, Set};
use shared::{id::WebhookId, webhook::EventKind};

/// The endpoint of the invented enterprise resource planning.
fn endpoint() -> NewWebhook {
    NewWebhook {
        name: "Warenwirtschaft".to_owned(),
        url: "https://wawi.lindwerk.example/keyhaus".to_owned(),
        kinds: vec![
            EventKind::OrderPlaced,
            EventKind::OrderDecided,
            EventKind::AgreementConcluded,
            EventKind::ContactChanged,
        ],
    }
}

/// Makes it, before the rest of the demo happens; none if it is there. `staff` administers.
pub(super) async fn add(app: &App, staff: &Actor) -> anyhow::Result<Option<WebhookId>> {
    if webhook::Entity::find().one(&app.db).await?.is_some() {
        return Ok(None);
    }
    let (row, _) = create(app, staff, endpoint()).await?;
    Ok(Some(row.id))
}

/// Says what became of its events: taken, but for the newest, which was given up; then switches it off.
pub(super) async fn finish(app: &App, staff: &Actor, id: WebhookId) -> anyhow::Result<()> {
    let rows = delivery::Entity::find()
        .order_by_desc(delivery::Column::Id)
        .all(&app.db)
        .await?;
    for (place, row) in rows.into_iter().enumerate() {
        let at = row.created_at + TimeDelta::milliseconds(400);
        let mut row = row.into_active_model();
        row.tried_at = Set(Some(at));
        row.claims = Set(1);
        if place == 0 {
            row.attempts = Set(crate::webhook::worker::TRIES_MAX);
            row.status = Set(Some(503));
            row.duration_ms = Set(Some(1204));
            row.problem = Set(Some("answered 503 Service Unavailable".to_owned()));
            row.answer = Set(Some("Wartung bis 6 Uhr".to_owned()));
            row.given_up_at = Set(Some(at));
        } else {
            row.attempts = Set(1);
            row.status = Set(Some(204));
            row.duration_ms = Set(Some(84));
            row.delivered_at = Set(Some(at));
        }
        row.update(&app.db).await?;
    }
    change(app, staff, id, endpoint(), false).await?;
    Ok(())
}

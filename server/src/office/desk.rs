//! What waits for whoever of the staff asks: each kind of work in one count, by the rights that it takes.
use super::{
    is_in,
    list::{CustomerFilter, matching},
};
use crate::{
    actor::Actor,
    agreement::{self, coverage},
    app::App,
    entity::{account, dealer_request, delivery, intake, invoice, mail, order},
    error::Result,
    face::gaps,
    invoice::desk,
    order::receipt,
    page::Page,
};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QuerySelect, Select, sea_query::Expr};
use shared::{
    account::{AccountKind, Right},
    customer::CustomerState,
    device::DealerRequestState,
    invoice::{IntakeState, InvoiceStand},
    office::WorkKind,
    order::OrderState,
};

/// Work of one kind that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// What.
    pub kind: WorkKind,
    /// How much of it.
    pub count: u64,
    /// Since when the oldest waits, where that is known.
    pub oldest_at: Option<DateTime<Utc>>,
}

/// All that waits and that the actor may do, kinds of which nothing waits included; as many statements whatever waits.
///
/// # Errors
/// [`Error::Forbidden`](crate::error::Error::Forbidden) for all but staff.
pub async fn waiting(app: &App, actor: &Actor) -> Result<Vec<Waiting>> {
    let view = actor.in_view()?;
    if view.kind != AccountKind::Provider {
        return Err(crate::error::Error::Forbidden);
    }
    let mut all = Vec::new();
    if view.rights.allow(Right::HandleRequests) {
        let placed = order::Entity::find().filter(order::COLUMN.state.eq(OrderState::Placed));
        let oldest = Expr::col((order::Entity, order::Column::PlacedAt));
        let known = placed.clone().filter(order::COLUMN.account_id.is_not_null());
        all.push(count(app, WorkKind::Orders, known, oldest.clone()).await?);
        let unknown = placed.filter(order::COLUMN.account_id.is_null());
        all.push(count(app, WorkKind::UnmatchedDeclarations, unknown, oldest.clone()).await?);
        let failed = order::Entity::find().filter(receipt::undelivered());
        all.push(count(app, WorkKind::UndeliveredReceipts, failed, oldest).await?);
        let asked =
            dealer_request::Entity::find().filter(dealer_request::COLUMN.state.eq(DealerRequestState::Requested));
        let since = Expr::col((dealer_request::Entity, dealer_request::Column::CreatedAt));
        all.push(count(app, WorkKind::DealerRequests, asked, since).await?);
    }
    if view.rights.allow(Right::ManageInvoices) {
        let came = || Expr::col((invoice::Entity, invoice::Column::CreatedAt));
        for (kind, stand) in [
            (WorkKind::UnmatchedInvoices, InvoiceStand::Unmatched),
            (WorkKind::HeldInvoices, InvoiceStand::Held),
        ] {
            let waiting = invoice::Entity::find().filter(desk::stands(stand));
            all.push(count(app, kind, waiting, came()).await?);
        }
        let conflicts = intake::Entity::find().filter(intake::COLUMN.state.eq(IntakeState::Conflict));
        let came = Expr::col((intake::Entity, intake::Column::CreatedAt));
        all.push(count(app, WorkKind::InvoiceConflicts, conflicts, came).await?);
    }
    if view.rights.allow(Right::ManageCustomers) {
        let bounced = of_state(CustomerState::Bounced)?;
        let sent = Expr::col((mail::Entity, mail::Column::CreatedAt));
        all.push(count(app, WorkKind::BouncedAccess, bounced, sent).await?);
        let unsent = of_state(CustomerState::Prepared)?;
        let made = Expr::col((account::Entity, account::Column::CreatedAt));
        all.push(count(app, WorkKind::UnsentAccess, unsent, made).await?);
        let filter = agreement::Filter {
            is_concluded: Some(false),
            ..agreement::Filter::default()
        };
        let (_, open) = coverage(app, actor, &filter, &Page::read(Some(1), None)?).await?;
        all.push(Waiting {
            kind: WorkKind::OpenAgreements,
            count: open,
            oldest_at: None,
        });
    }
    if view.rights.allow(Right::Administer) {
        let failed = delivery::Entity::find().filter(delivery::COLUMN.given_up_at.is_not_null());
        let since = Expr::col((delivery::Entity, delivery::Column::CreatedAt));
        all.push(count(app, WorkKind::FailedDeliveries, failed, since).await?);
        all.push(Waiting {
            kind: WorkKind::MissingTexts,
            count: gaps::list(app, actor).await?.len() as u64,
            oldest_at: None,
        });
    }
    Ok(all)
}

fn of_state(state: CustomerState) -> Result<Select<account::Entity>> {
    Ok(matching(&CustomerFilter::default())?.filter(is_in(state)))
}

/// Rows and the oldest of them, in one statement.
async fn count<E: EntityTrait>(app: &App, kind: WorkKind, rows: Select<E>, at: Expr) -> Result<Waiting> {
    let found: Option<(i64, Option<DateTime<Utc>>)> = rows
        .select_only()
        .expr(Expr::val(1).count())
        .expr(at.min())
        .into_tuple()
        .one(&app.db)
        .await?;
    let (count, oldest_at) = found.unwrap_or_default();
    Ok(Waiting {
        kind,
        count: u64::try_from(count).unwrap_or_default(),
        oldest_at,
    })
}

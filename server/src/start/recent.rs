//! What has changed lately, as far as the viewer may know.
use crate::{
    actor::Actor,
    app::App,
    audit::list::{self, Shown},
    entity::{document, invoice, order, product},
    error::Result,
};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, IntoSimpleExpr, Order, QueryFilter, QueryOrder, QuerySelect, sea_query::Func};
use shared::{
    account::Right,
    id::{InvoiceId, ProductId},
    order::OrderState,
};
use std::collections::HashMap;

/// How many changes there are at most.
const SHOWN: usize = 8;

/// How many there are at most of invoices, of documents and of orders, so that many at once hide nothing else.
const OF_A_KIND: u64 = 3;

/// What changes nothing, or stands in the list by another name.
const LEFT_OUT: [&str; 24] = [
    "signIn",
    "signOut",
    "stepUp",
    "switchAccount",
    "singleSignOn",
    "verifySecondFactor",
    "revealKey",
    "proveKeys",
    "exportKeys",
    "fetchKeys",
    "sendAgreement",
    "importInvoice",
    "assignInvoice",
    "attachDocument",
    "concludeAgreement",
    "placeOrder",
    "cancelContract",
    "decideOrder",
    "completeOrder",
    "assignOrder",
    "declareCancellation",
    "declareRevocation",
    "accessLetter",
    "mailBounced",
];

/// What has changed.
#[derive(Clone, Debug)]
pub enum What {
    /// A row of the log.
    Act(Box<Shown>),
    /// A new invoice with its number.
    Invoice(InvoiceId, String),
    /// A new document.
    Document(Box<document::Model>),
    /// An order that was placed, with its product.
    Placed(Box<order::Model>, Option<product::Model>),
    /// An order that was decided, with its product.
    Decided(Box<order::Model>, Option<product::Model>),
}

/// A change.
#[derive(Clone, Debug)]
pub struct Change {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub what: What,
}

/// The newest changes, at most eight: what the viewer sees of the log, and the invoices, documents and orders of the
/// account in view as his rights allow. Seven statements at most, whatever there is.
///
/// # Errors
/// If the database refuses.
pub async fn recent(app: &App, actor: &Actor) -> Result<Vec<Change>> {
    let limit = u64::try_from(SHOWN).unwrap_or(u64::MAX);
    let acts = list::recent(app, actor, &LEFT_OUT, limit).await?;
    let mut changes: Vec<_> = acts
        .into_iter()
        .map(|shown| Change {
            at: shown.row.at,
            what: What::Act(Box::new(shown)),
        })
        .collect();
    if let Ok(view) = actor.require(Right::SeeInvoices) {
        let rows: Vec<(InvoiceId, String, DateTime<Utc>)> = invoice::Entity::find()
            .select_only()
            .columns([invoice::Column::Id, invoice::Column::Number, invoice::Column::CreatedAt])
            .filter(invoice::COLUMN.account_id.eq(view.id))
            .order_by_desc(invoice::Column::IssueDate)
            .order_by_desc(invoice::Column::Id)
            .limit(OF_A_KIND)
            .into_tuple()
            .all(&app.db)
            .await?;
        changes.extend(rows.into_iter().map(|(id, number, at)| Change {
            at,
            what: What::Invoice(id, number),
        }));
    }
    if let Ok(view) = actor.require(Right::ManageContracts) {
        let rows = document::Entity::find()
            .filter(document::COLUMN.account_id.eq(view.id))
            .filter(document::COLUMN.withdrawn_at.is_null())
            .order_by_desc(document::Column::CreatedAt)
            .limit(OF_A_KIND)
            .all(&app.db)
            .await?;
        changes.extend(rows.into_iter().map(|row| Change {
            at: row.created_at,
            what: What::Document(Box::new(row)),
        }));
        let last = Func::coalesce([
            order::Column::DecidedAt.into_simple_expr(),
            order::Column::PlacedAt.into_simple_expr(),
        ]);
        let orders = order::Entity::find()
            .filter(order::COLUMN.account_id.eq(view.id))
            .order_by(last, Order::Desc)
            .limit(OF_A_KIND)
            .all(&app.db)
            .await?;
        let products: HashMap<ProductId, product::Model> = product::Entity::find()
            .filter(product::COLUMN.id.is_in(orders.iter().filter_map(|row| row.product_id)))
            .all(&app.db)
            .await?
            .into_iter()
            .map(|row| (row.id, row))
            .collect();
        for row in orders {
            let product = row.product_id.and_then(|id| products.get(&id).cloned());
            let decided = row.decided_at.filter(|_| row.state != OrderState::Withdrawn);
            changes.extend(decided.map(|at| Change {
                at,
                what: What::Decided(Box::new(row.clone()), product.clone()),
            }));
            changes.push(Change {
                at: row.placed_at,
                what: What::Placed(Box::new(row), product),
            });
        }
    }
    changes.sort_by_key(|change| std::cmp::Reverse(change.at));
    changes.truncate(SHOWN);
    Ok(changes)
}

//! What came lately, for programs that look again and again: newest first, only what never changes of an invoice. An
//! invoice stands where its account began to see it: one that waited for a customer, or was held, still comes first then.
use super::list::{self, Head};
use crate::{
    actor::{Actor, Credential},
    app::App,
    entity::invoice,
    error::{Error, Result},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use sea_orm::{
    EntityTrait, IntoSimpleExpr, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use shared::{account::Right, error::Reason, id::InvoiceId};

/// How many invoices a page of a feed has.
pub const PAGE: u64 = 50;

/// Where a page of a feed begins: since when the account sees the last invoice before it, and which it was.
type Key = (DateTime<Utc>, InvoiceId);

/// A page of a feed.
#[derive(Clone, Debug)]
pub struct Feed {
    /// The number of the account and its name.
    pub account: (String, String),
    /// At most [`PAGE`] invoices, the one that came last first.
    pub heads: Vec<Head>,
    /// What to give as `after` for the next page.
    pub next: Option<String>,
}

/// A page of the feed of the account that a token opens.
///
/// # Errors
/// [`Error::Unauthenticated`] for who comes without a token: feeds are for programs. [`Error::Forbidden`] without the
/// right to see invoices; [`Error::Invalid`] for a page that was never named.
pub async fn page(app: &App, actor: &Actor, after: Option<&str>) -> Result<Feed> {
    if !matches!(actor.credential, Credential::Token(_)) {
        return Err(Error::Unauthenticated);
    }
    let account = actor.require(Right::SeeInvoices)?.id;
    let mut found = list::heads(false).filter(list::shown(account));
    if let Some(after) = after {
        let key = || -> Option<Key> { serde_json::from_slice(&URL_SAFE_NO_PAD.decode(after).ok()?).ok() };
        let (at, id) = key().ok_or_else(|| Error::invalid("after", Reason::BadCursor, "not a page of this feed"))?;
        let place = [
            invoice::Column::VisibleAt.into_simple_expr(),
            invoice::Column::Id.into_simple_expr(),
        ];
        found = found.filter(Expr::tuple(place).lt(Expr::tuple([Expr::val(at), Expr::val(id)])));
    }
    let found = found
        .order_by_desc(invoice::Column::VisibleAt)
        .order_by_desc(invoice::Column::Id)
        .limit(PAGE + 1);
    let mut heads: Vec<Head> = found.into_model().all(&app.db).await?;
    let has_more = heads.len() as u64 > PAGE;
    heads.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let last = heads.last().filter(|_| has_more);
    let next =
        last.map(|head| URL_SAFE_NO_PAD.encode(serde_json::to_vec(&(head.visible_at, head.id)).unwrap_or_default()));
    let owner = crate::entity::account::Entity::find_by_id(account).one(&app.db).await?;
    let owner = owner.ok_or(Error::NotFound("account"))?;
    Ok(Feed {
        account: (owner.number, owner.name),
        heads,
        next,
    })
}

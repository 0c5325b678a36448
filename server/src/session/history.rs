//! How often somebody signed in, or tried to, as the audit log knows it.
use crate::{actor::Actor, app::App, entity::audit, error::Result, page::Page};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, prelude::Uuid,
};
use shared::session::SignInResult;

/// The acts that belong to signing in.
const ACTS: [&str; 2] = ["signIn", "verifySecondFactor"];

/// How a sign-in ended, as its row of the log says.
pub fn result(row: &audit::Model) -> SignInResult {
    match (row.is_allowed, row.object.as_deref()) {
        (true, _) => SignInResult::SignedIn,
        (false, Some("TEMP_LOCKED")) => SignInResult::Locked,
        (false, Some("BLOCKED")) => SignInResult::Blocked,
        (false, Some("WRONG_CODE")) => SignInResult::WrongCode,
        (false, _) => SignInResult::WrongPassword,
    }
}

/// A page of the actor's sign-ins, allowed and refused, newest first, and how many there are.
///
/// # Errors
/// [`crate::error::Error::Forbidden`] for a personal access token.
pub async fn sign_ins(app: &App, actor: &Actor, page: &Page<Uuid>) -> Result<(Vec<audit::Model>, u64)> {
    actor.require_session()?;
    let found = audit::Entity::find()
        .filter(audit::COLUMN.user_id.eq(actor.user))
        .filter(audit::COLUMN.act.is_in(ACTS));
    let total = found.clone().count(&app.db).await?;
    let rows = found
        .filter(Condition::all().add_option(page.after.map(|after| audit::COLUMN.id.lt(after))))
        .order_by_desc(audit::Column::Id)
        .limit(page.limit())
        .all(&app.db)
        .await?;
    Ok((rows, total))
}

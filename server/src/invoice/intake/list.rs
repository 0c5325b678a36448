//! What came in and what became of it, for staff.
use super::may_manage;
use crate::{
    actor::Actor,
    app::App,
    entity::intake,
    error::{Error, Result},
    page::Page,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use shared::{id::IntakeId, invoice::IntakeState};

/// A page of the files that came in, the last ones first, and how many there are. With `states` only those.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that manages invoices.
pub async fn page(
    app: &App,
    actor: &Actor,
    states: Option<&[IntakeState]>,
    page: &Page<IntakeId>,
) -> Result<(Vec<intake::Model>, u64)> {
    may_manage(actor)?;
    let mut found = intake::Entity::find();
    if let Some(states) = states {
        found = found.filter(intake::Column::State.is_in(states.iter().copied()));
    }
    let count = found.clone().count(&app.db).await?;
    let mut rows = found.order_by_desc(intake::Column::Id);
    if let Some(last) = page.after {
        rows = rows.filter(intake::COLUMN.id.lt(last));
    }
    Ok((rows.limit(page.limit()).all(&app.db).await?, count))
}

/// One file that came in.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that manages invoices; [`Error::NotFound`].
pub async fn get(app: &App, actor: &Actor, id: IntakeId) -> Result<intake::Model> {
    may_manage(actor)?;
    let found = intake::Entity::find_by_id(id).one(&app.db).await?;
    found.ok_or(Error::NotFound("intake"))
}

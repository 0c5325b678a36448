//! What becomes of read rights when devices go to another dealer.
use super::standing;
use crate::{
    actor::Actor,
    app::App,
    entity::{assignment, read_right},
    error::Result,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QuerySelect, QueryTrait,
    sea_query::{Expr, SelectStatement},
};
use shared::{
    device::RightsThen,
    id::{AccountId, AssignmentId},
};

/// How many assignments go into one statement.
const CHUNK: usize = 500;

/// Sets apart what an assignment says of the devices that `among` selects: the assignment itself if it is about nothing
/// else, or a new one that stands like it; none if it is about none of them.
pub(super) async fn apart(
    db: &impl ConnectionTrait,
    app: &App,
    row: &assignment::Model,
    among: &SelectStatement,
) -> Result<Option<AssignmentId>> {
    let all = read_right::Entity::find().filter(read_right::COLUMN.assignment_id.eq(row.id));
    let among = read_right::Column::DeviceId.in_subquery(among.clone());
    let total = all.clone().count(db).await?;
    let part = all.filter(among.clone()).count(db).await?;
    if part == 0 {
        return Ok(None);
    }
    if part == total {
        return Ok(Some(row.id));
    }
    let split = assignment::Model {
        id: AssignmentId(app.new_id()),
        ..row.clone()
    };
    let id = split.id;
    split.into_active_model().insert(db).await?;
    read_right::Entity::update_many()
        .col_expr(read_right::Column::AssignmentId, Expr::value(id))
        .filter(read_right::COLUMN.assignment_id.eq(row.id))
        .filter(among)
        .exec(db)
        .await?;
    Ok(Some(id))
}

/// Carries the pending and active rights that `from` gave on devices over to `to`, or ends them; rights on other devices
/// stay, and so does what is over. It takes a few statements for each assignment, however many devices it is about. Its
/// callers call it in the transaction in which the devices move, before they do.
///
/// # Errors
/// If the database refuses.
pub(crate) async fn follow(
    db: &impl ConnectionTrait,
    app: &App,
    actor: &Actor,
    (from, to): (AccountId, AccountId),
    devices: &SelectStatement,
    rights: RightsThen,
) -> Result<()> {
    let concerned = read_right::Entity::find()
        .select_only()
        .column(read_right::Column::AssignmentId)
        .filter(read_right::Column::DeviceId.in_subquery(devices.clone()))
        .into_query();
    let rows = assignment::Entity::find()
        .filter(assignment::COLUMN.account_id.eq(from))
        .filter(assignment::Column::Id.in_subquery(concerned))
        .filter(standing(app.clock.today()))
        .lock_exclusive()
        .all(db)
        .await?;
    let mut moved = Vec::new();
    for row in &rows {
        moved.extend(apart(db, app, row, devices).await?);
    }
    for ids in moved.chunks(CHUNK) {
        let change = assignment::Entity::update_many()
            .filter(assignment::COLUMN.account_id.eq(from))
            .filter(assignment::COLUMN.id.is_in(ids.iter().copied()));
        let change = match rights {
            // whoever takes the devices over answers for the rights; who gave them, and why, is of another house
            RightsThen::Keep => change
                .col_expr(assignment::Column::AccountId, Expr::value(to))
                .col_expr(assignment::Column::UserId, Expr::value(actor.user))
                .col_expr(assignment::Column::Note, Expr::value(None::<String>)),
            RightsThen::End => change
                .col_expr(assignment::Column::RevokedAt, Expr::value(app.clock.now()))
                .col_expr(assignment::Column::RevokedBy, Expr::value(actor.user)),
        };
        change.exec(db).await?;
    }
    Ok(())
}

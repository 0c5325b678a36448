//! What a dealer has given to others, as lists.
use super::{dealer, in_state, standing};
use crate::{
    actor::Actor,
    app::App,
    entity::{assignment, device, read_right},
    error::{Error, Result},
    meter::{self, DeviceSelection},
    page::Page,
};
use chrono::NaiveDate;
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    RelationDef, Select,
    sea_query::{Expr, LikeExpr},
};
use shared::{
    device::ReadRightState,
    id::{AccountId, AssignmentId},
};

/// Which assignments; what is left out does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Where they stand.
    pub state: Option<ReadRightState>,
    /// A part of the address.
    pub email: Option<String>,
    /// The beginning of the serial number of a device that they are about.
    pub serial_prefix: Option<String>,
}

pub(super) fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// The assignments of a dealer that match.
pub(super) fn matching(dealer: AccountId, filter: &Filter, today: NaiveDate) -> Select<assignment::Entity> {
    let escaped = |text: &str| {
        let text = text.to_lowercase();
        text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
    };
    assignment::Entity::find()
        .filter(assignment::COLUMN.account_id.eq(dealer))
        .apply_if(filter.state, |rows, state| rows.filter(in_state(state, today)))
        .apply_if(given(filter.email.as_deref()), |rows, email| {
            let pattern = LikeExpr::new(format!("%{}%", escaped(email))).escape('!');
            rows.filter(Expr::col((assignment::Entity, assignment::Column::Email)).like(pattern))
        })
        .apply_if(given(filter.serial_prefix.as_deref()), |rows, prefix| {
            let with_device = read_right::Entity::find()
                .select_only()
                .column(read_right::Column::AssignmentId)
                .join(JoinType::InnerJoin, to_device())
                .filter(meter::by_serial(prefix));
            rows.filter(assignment::Column::Id.in_subquery(with_device.into_query()))
        })
}

pub(super) fn to_device() -> RelationDef {
    read_right::Entity::belongs_to(device::Entity)
        .from(read_right::Column::DeviceId)
        .to(device::Column::Id)
        .into()
}

/// A page of what the dealer has given, newest first, and how many there are.
///
/// # Errors
/// [`Error::Forbidden`] for all but dealers who manage keys.
pub async fn list(
    app: &App,
    actor: &Actor,
    filter: &Filter,
    page: &Page<AssignmentId>,
) -> Result<(Vec<assignment::Model>, u64)> {
    let matching = matching(dealer(actor)?, filter, app.clock.today());
    let total = matching.clone().count(&app.db).await?;
    let rows = matching
        .apply_if(page.after, |rows, after| rows.filter(assignment::COLUMN.id.lt(after)))
        .order_by_desc(assignment::Column::Id)
        .limit(page.limit())
        .all(&app.db)
        .await?;
    Ok((rows, total))
}

/// An assignment of the dealer.
///
/// # Errors
/// [`Error::Forbidden`] for all but dealers who manage keys; [`Error::NotFound`] for those of others.
pub async fn get(app: &App, actor: &Actor, id: AssignmentId) -> Result<assignment::Model> {
    let dealer = dealer(actor)?;
    let found = assignment::Entity::find_by_id(id)
        .filter(assignment::COLUMN.account_id.eq(dealer))
        .one(&app.db)
        .await?;
    found.ok_or(Error::NotFound("assignment"))
}

/// A page of who can read devices of a selection, or will once a pending right is accepted, newest first: the assignments,
/// how many of the selected devices each is about, and how many assignments there are.
///
/// # Errors
/// [`Error::Forbidden`] for all but dealers who manage keys; those of [`meter::choose`].
pub async fn readers(
    app: &App,
    actor: &Actor,
    selection: &DeviceSelection,
    page: &Page<AssignmentId>,
) -> Result<(Vec<(assignment::Model, i64)>, u64)> {
    let dealer = dealer(actor)?;
    let today = app.clock.today();
    let chosen = meter::choose(dealer, selection, today)?;
    let selected = device::Entity::find().filter(chosen.devices.clone());
    chosen.compare(selected.clone().count(&app.db).await?)?;
    let devices = selected.select_only().column(device::Column::Id).into_query();
    let counted = super::rights(standing(today).add(assignment::COLUMN.account_id.eq(dealer)))
        .filter(read_right::Column::DeviceId.in_subquery(devices))
        .select_only()
        .column(read_right::Column::AssignmentId)
        .column_as(read_right::Column::DeviceId.count(), "devices")
        .group_by(read_right::Column::AssignmentId)
        .order_by_desc(read_right::Column::AssignmentId);
    let total = counted.clone().count(&app.db).await?;
    let counts: Vec<(AssignmentId, i64)> = counted
        .apply_if(page.after, |rows, after| {
            rows.filter(read_right::COLUMN.assignment_id.lt(after))
        })
        .limit(page.limit())
        .into_tuple()
        .all(&app.db)
        .await?;
    let ids = counts.iter().map(|(id, _)| *id);
    let rows = assignment::Entity::find()
        .filter(assignment::COLUMN.account_id.eq(dealer))
        .filter(assignment::COLUMN.id.is_in(ids))
        .order_by_desc(assignment::Column::Id)
        .all(&app.db)
        .await?;
    let counted = rows.into_iter().zip(counts);
    Ok((counted.map(|(row, (_, count))| (row, count)).collect(), total))
}

//! What the invented books know: most invoices are paid, one in part, one is overdue.
use crate::{
    app::App,
    entity::{account, invoice},
    invoice::{import::Operator, payment},
};
use chrono::Days;
use sea_orm::{EntityTrait, QueryFilter, QueryOrder};
use shared::{invoice::CREDIT_NOTES, money::Amount};
use std::{collections::HashMap, fmt::Write};

/// The number of the customer who has paid a part of the newest invoice.
const PAYS_IN_PARTS: &str = "105120";

/// Through the same import as real ones.
///
/// # Errors
/// If the database refuses.
pub(super) async fn add(app: &App) -> anyhow::Result<()> {
    let today = app.clock.today();
    let rows = invoice::Entity::find()
        .filter(invoice::COLUMN.type_code.is_not_in(CREDIT_NOTES))
        .order_by_desc(invoice::Column::IssueDate)
        .all(&app.db)
        .await?;
    let accounts: HashMap<_, _> = account::Entity::find()
        .all(&app.db)
        .await?
        .into_iter()
        .map(|account| (account.id, account.number))
        .collect();
    let mut table = payment::COLUMNS.join(",");
    let mut is_partly_there = false;
    for row in rows {
        let Some(number) = row.account_id.and_then(|id| accounts.get(&id)) else {
            continue;
        };
        let (paid, on) = match row.due_date {
            Some(due) if row.payable == Amount(0) && due <= today => (row.gross_total, due),
            _ if row.payable > Amount(10_000) && number == PAYS_IN_PARTS && !is_partly_there => {
                is_partly_there = true;
                let on = row.issue_date + Days::new(3);
                (Amount(10_000), on.min(today))
            }
            _ => continue,
        };
        write!(table, "\n{},{},{paid},{on}", row.number, number)?;
    }
    payment::import(app, Operator, table.as_bytes(), false).await?;
    Ok(())
}

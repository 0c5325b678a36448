//! How many devices an account holds of each order, model and kind, kept by the database itself: a list of half a million
//! says how long it is without being read.
use crate::{reference, table};
use sea_orm_migration::{
    prelude::*,
    schema::*,
    sea_orm::{ConnectionTrait, DbBackend},
};

/// This step.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// What of a device decides where it is counted; an empty text stands for what a device does not have.
const KEY: &str = "account_id, order_number, model, kind";

/// Those columns of `{row}`.
const OF_ROW: &str = "{row}.account_id, coalesce({row}.order_number, ''), coalesce({row}.model, ''), {row}.kind";

const ADD_UP: &str = "ON CONFLICT (account_id, order_number, model, kind) \
     DO UPDATE SET count = device_count.count + excluded.count;";

/// SQLite calls its triggers for each row.
fn on_sqlite() -> Vec<String> {
    let change = |row: &str, sign: i8| {
        let of_row = OF_ROW.replace("{row}", row);
        format!("INSERT INTO device_count ({KEY}, count) SELECT {of_row}, {sign} WHERE true {ADD_UP}")
    };
    let add = change("NEW", 1);
    let remove = change("OLD", -1) + " DELETE FROM device_count WHERE account_id = OLD.account_id AND count = 0;";
    vec![
        format!("CREATE TRIGGER device_added AFTER INSERT ON device BEGIN {add} END"),
        format!("CREATE TRIGGER device_removed AFTER DELETE ON device BEGIN {remove} END"),
        format!("CREATE TRIGGER device_changed AFTER UPDATE OF {KEY} ON device BEGIN {remove} {add} END"),
    ]
}

/// PostgreSQL calls them for each statement: a row of counts that changed thousands of times in a transaction would be
/// there in as many versions.
fn on_postgres() -> Vec<String> {
    let of_row = OF_ROW.replace("{row}", "device");
    let change = |counted: &str| {
        format!(
            "INSERT INTO device_count ({KEY}, count) SELECT a, o, m, k, sum(n) FROM ({counted}) AS counted (a, o, m, k, n) \
             GROUP BY a, o, m, k HAVING sum(n) <> 0 ORDER BY a, o, m, k {ADD_UP}"
        )
    };
    let rows = |of: &str, sign: i8| format!("SELECT {of_row}, {sign} FROM {of} AS device");
    let (added, removed) = (rows("added", 1), rows("removed", -1));
    let emptied = "DELETE FROM device_count WHERE count = 0 AND account_id IN (SELECT account_id FROM removed);";
    let both = format!("{added} UNION ALL {removed}");
    [
        ("device_added", "INSERT", "NEW TABLE AS added", change(&added)),
        (
            "device_removed",
            "DELETE",
            "OLD TABLE AS removed",
            change(&removed) + emptied,
        ),
        (
            "device_changed",
            "UPDATE",
            "OLD TABLE AS removed NEW TABLE AS added",
            change(&both) + emptied,
        ),
    ]
    .into_iter()
    .flat_map(|(name, event, tables, body)| {
        [
            format!("CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$"),
            format!(
                "CREATE TRIGGER {name} AFTER {event} ON device REFERENCING {tables} \
                 FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
            ),
        ]
    })
    .collect()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        // on SQLite too: of a step that was cut off nothing stays
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let mut key = Index::create();
        key.col("account_id").col("order_number").col("model").col("kind");
        manager
            .create_table(
                table("device_count")
                    .col(uuid("account_id"))
                    .col(string("order_number"))
                    .col(string("model"))
                    .col(text("kind"))
                    .col(big_integer("count"))
                    .primary_key(&mut key)
                    .foreign_key(&mut reference("device_count", "account_id", "account"))
                    .to_owned(),
            )
            .await?;
        let of_row = OF_ROW.replace("{row}", "device");
        db.execute_unprepared(&format!(
            "INSERT INTO device_count ({KEY}, count) SELECT {of_row}, count(*) FROM device GROUP BY {of_row}"
        ))
        .await?;
        let triggers = match manager.get_database_backend() {
            DbBackend::Sqlite => on_sqlite(),
            _ => on_postgres(),
        };
        for sql in triggers {
            db.execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}

//! Migrations and entities say the same.
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use server as _;
use std::collections::BTreeSet;

/// Every column of every table but the migrations' own, as the database tells it.
async fn columns(db: &DatabaseConnection) -> BTreeSet<(String, String)> {
    let sql = match db.get_database_backend() {
        DbBackend::Sqlite => {
            "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'"
        }
        _ => "SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = 'public'",
    };
    let rows = db
        .query_all_raw(Statement::from_string(db.get_database_backend(), sql))
        .await
        .unwrap();
    let column = |row: &sea_orm::QueryResult| {
        (
            row.try_get_by_index::<String>(0).unwrap(),
            row.try_get_by_index::<String>(1).unwrap(),
        )
    };
    rows.iter()
        .map(column)
        .filter(|(table, _)| table != "seaql_migrations")
        .collect()
}

crate::on_both! {
    async fn a_database_of_the_entities_has_the_columns_of_one_of_the_migrations(app: TestApp) {
        let migrated = columns(app.db()).await;
        let tables: BTreeSet<_> = migrated.iter().map(|(table, _)| table.clone()).collect();
        assert!(tables.contains("device_key") && tables.contains("mail"), "{tables:?}");
        let cascade = match app.db().get_database_backend() {
            DbBackend::Sqlite => {
                app.db().execute_unprepared("PRAGMA foreign_keys = OFF").await.unwrap();
                ""
            }
            _ => "CASCADE",
        };
        // In any order: what is still referred to goes in a later round.
        for _ in &tables {
            for table in &tables {
                app.db().execute_unprepared(&format!("DROP TABLE IF EXISTS \"{table}\" {cascade}")).await.ok();
            }
        }
        assert_eq!(columns(app.db()).await, BTreeSet::new());
        app.db().get_schema_registry("server::*").sync(app.db()).await.unwrap();
        assert_eq!(columns(app.db()).await, migrated);
    }
}

//! Migrations and entities say the same.
use crate::app::TestApp;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use server as _;

/// Every column of every table, as the database tells it.
async fn columns(db: &DatabaseConnection) -> Vec<String> {
    let sql = match db.get_database_backend() {
        DbBackend::Sqlite => "SELECT m.name || '.' || c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY 1",
        _ => "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1",
    };
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index::<String>(0).unwrap()).collect()
}

crate::on_both! {
    async fn the_entities_add_nothing_to_what_the_migrations_made(app: TestApp) {
        let before = columns(app.db()).await;
        assert!(before.contains(&"device_key.sealed".to_owned()), "{before:?}");
        app.db().get_schema_registry("server::*").sync(app.db()).await.unwrap();
        assert_eq!(columns(app.db()).await, before);
    }

    async fn every_column_that_the_migrations_made_is_in_an_entity(app: TestApp) {
        let before = columns(app.db()).await;
        for table in before.iter().map(|column| column.split('.').next().unwrap()).filter(|table| !table.starts_with("seaql") && !table.starts_with("sqlite")).collect::<std::collections::BTreeSet<_>>() {
            app.db().execute_unprepared(&format!("DROP TABLE \"{table}\"{}", if app.db().get_database_backend() == DbBackend::Sqlite { "" } else { " CASCADE" })).await.ok();
        }
        for table in before.iter().map(|column| column.split('.').next().unwrap()).filter(|table| !table.starts_with("seaql") && !table.starts_with("sqlite")).collect::<std::collections::BTreeSet<_>>() {
            app.db().execute_unprepared(&format!("DROP TABLE IF EXISTS \"{table}\"")).await.ok();
        }
        app.db().get_schema_registry("server::*").sync(app.db()).await.unwrap();
        assert_eq!(columns(app.db()).await, before);
    }
}

//! The rotation of key-encryption keys while the portal serves.
use crate::{
    app::TestApp,
    meter::{actor, give_devices, key_of},
};
use chrono::TimeDelta;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryOrder,
    Statement,
};
use server::{
    entity::device_key,
    meter,
    rotation::{self, Rewrapped, columns, rewrap, usage},
    seal::Keyring,
};
use shared::account::AccountKind;
use std::collections::BTreeMap;
use tokio_util::sync::CancellationToken;

fn serials(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("5000{n:04}")).collect()
}

async fn devices(app: &TestApp, count: usize) {
    let numbers = serials(count);
    give_devices(app, app.dealer, &numbers.iter().map(String::as_str).collect::<Vec<_>>()).await;
}

crate::on_both! {
    async fn a_rotation_seals_everything_again_and_goes_on_after_it_was_broken_off_h02(app: TestApp) {
        devices(&app, 250).await;
        let file = app.app.settings.key_file.clone();
        assert_eq!(usage(&app.app).await.unwrap(), BTreeMap::from([(1, 250)]));
        assert_eq!(Keyring::add_version(&file, &app.app.rng).unwrap(), 2);

        let stop = CancellationToken::new();
        let done = rewrap(&app.app, &stop, |_| stop.cancel()).await.unwrap();
        assert_eq!(done, Rewrapped { count: 100, broken: 0, is_complete: false });
        assert_eq!(usage(&app.app).await.unwrap(), BTreeMap::from([(1, 150), (2, 100)]));
        // old and new ones open meanwhile, in the portal that serves and in one that was started again
        let dealer = actor(&app, app.dealer, AccountKind::Dealer);
        let rows = server::entity::device::Entity::find().order_by_asc(server::entity::device::Column::SerialNumber).all(app.db()).await.unwrap();
        for at in [0, 9, 19] {
            let (_, key) = meter::reveal(&app.app, &dealer, rows[at].id, "DEK", None).await.unwrap();
            assert_eq!(*key, key_of(&rows[at].serial_number));
        }
        let now = app.app.clock.now() + TimeDelta::days(3650);
        assert!(Keyring::remove_version(&file, 2, now).unwrap_err().to_string().contains("seals now"));

        let app = app.restarted(|_| {});
        let done = rewrap(&app.app, &CancellationToken::new(), |_| {}).await.unwrap();
        assert_eq!(done, Rewrapped { count: 150, broken: 0, is_complete: true });
        assert_eq!(usage(&app.app).await.unwrap(), BTreeMap::from([(2, 250)]));
        let written: chrono::DateTime<chrono::Utc> = std::fs::metadata(&file).unwrap().modified().unwrap().into();
        assert!(Keyring::remove_version(&file, 1, written + TimeDelta::minutes(9)).unwrap_err().to_string().contains("wait"));
        Keyring::remove_version(&file, 1, written + TimeDelta::minutes(11)).unwrap();
        assert!(Keyring::remove_version(&file, 1, now).unwrap_err().to_string().contains("has no version 1"));
        let app = app.restarted(|_| {});
        assert_eq!(app.app.keys.versions(), [2]);
        let dealer = actor(&app, app.dealer, AccountKind::Dealer);
        let (_, key) = meter::reveal(&app.app, &dealer, rows[5].id, "DEK", None).await.unwrap();
        assert_eq!(*key, key_of(&rows[5].serial_number));
    }

    async fn swapped_rows_do_not_open_and_are_counted_h01(app: TestApp) {
        devices(&app, 3).await;
        let rows = device_key::Entity::find().order_by_asc(device_key::Column::DeviceId).all(app.db()).await.unwrap();
        for (from, to) in [(0, 1), (1, 0)] {
            let mut row = rows[to].clone().into_active_model();
            row.sealed = Set(rows[from].sealed.clone());
            row.update(app.db()).await.unwrap();
        }
        let dealer = actor(&app, app.dealer, AccountKind::Dealer);
        for row in &rows[..2] {
            assert!(meter::reveal(&app.app, &dealer, row.device_id, "DEK", None).await.is_err());
        }
        Keyring::add_version(&app.app.settings.key_file, &app.app.rng).unwrap();
        let done = rewrap(&app.app, &CancellationToken::new(), |_| {}).await.unwrap();
        assert_eq!(done, Rewrapped { count: 1, broken: 2, is_complete: true });
        assert_eq!(usage(&app.app).await.unwrap(), BTreeMap::from([(1, 2), (2, 1)]));
        assert_eq!(device_key::Entity::find().count(app.db()).await.unwrap(), 3);
    }

    async fn every_column_with_sealed_values_is_rotated_h02(app: TestApp) {
        let known: Vec<_> = columns().map(|(table, sealed, version)| (table.to_owned(), sealed.to_owned(), version.to_owned())).collect();
        let sql = match app.db().get_database_backend() {
            sea_orm::DbBackend::Sqlite => "SELECT m.name AS t, c.name AS c FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name LIKE '%key_version'",
            _ => "SELECT table_name::text AS t, column_name::text AS c FROM information_schema.columns WHERE table_schema = current_schema() AND column_name LIKE '%key_version'",
        };
        let rows = app.db().query_all_raw(Statement::from_string(app.db().get_database_backend(), sql)).await.unwrap();
        assert!(rows.len() >= 10, "{}", rows.len());
        for row in rows {
            let (table, column): (String, String) = (row.try_get("", "t").unwrap(), row.try_get("", "c").unwrap());
            assert!(known.iter().any(|(of, _, version)| *of == table && *version == column), "{table}.{column}");
        }
        let _all = rotation::usage(&app.app).await.unwrap();
    }
}

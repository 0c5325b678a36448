//! The chain over the log: whoever changes it in the database is found out.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]
use crate::app::TestApp;
use chrono::TimeDelta;
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set};
use server::{
    audit::{
        chain::{head_file, seal_waiting},
        verify::{Fault, Report, verify},
    },
    entity::{audit, audit_refusal, audit_seal},
};
use std::fs;

/// Five sealed rows, as five sign-ins write them; gives them in the order of the chain.
async fn sealed(app: &TestApp) -> Vec<audit::Model> {
    for person in [app.customer, app.bookkeeper, app.stranger, app.dealer, app.staff] {
        app.client(person).await;
        app.pass(TimeDelta::seconds(1));
    }
    assert_eq!(seal_waiting(&app.app).await.unwrap(), 5);
    audit::Entity::find()
        .order_by_asc(audit::Column::Id)
        .all(app.db())
        .await
        .unwrap()
}

async fn faults(app: &TestApp) -> Vec<Fault> {
    verify(&app.app).await.unwrap().faults
}

crate::on_both! {
    async fn an_untouched_log_is_whole(app: TestApp) {
        sealed(&app).await;
        let expected = Report { sealed: 5, ..Report::default() };
        assert_eq!(verify(&app.app).await.unwrap(), expected);
        assert_eq!(expected.to_string(), "5 sealed rows, 0 waiting for their seal: the log is whole\n");
    }

    async fn sealing_twice_seals_once(app: TestApp) {
        sealed(&app).await;
        assert_eq!(seal_waiting(&app.app).await.unwrap(), 0);
        app.client(app.customer).await;
        assert_eq!(seal_waiting(&app.app).await.unwrap(), 1);
        assert_eq!(faults(&app).await, []);
    }

    async fn two_sealers_at_once_make_one_chain(app: TestApp) {
        for _ in 0..20 {
            app.client(app.customer).await;
        }
        let (one, two) = tokio::join!(seal_waiting(&app.app), seal_waiting(&app.app));
        assert_eq!(one.unwrap() + two.unwrap(), 20);
        assert_eq!(verify(&app.app).await.unwrap(), Report { sealed: 20, ..Report::default() });
    }

    async fn an_altered_row_is_named_and_no_other_h06(app: TestApp) {
        let rows = sealed(&app).await;
        let mut altered = rows[2].clone().into_active_model();
        altered.act = Set("signOut".into());
        altered.update(app.db()).await.unwrap();
        assert_eq!(faults(&app).await, [Fault::Altered { sequence: 3, row: rows[2].id }]);
    }

    async fn a_moved_time_an_address_and_a_refusal_made_allowed_are_named_h06(app: TestApp) {
        let rows = sealed(&app).await;
        let mut time = rows[0].clone().into_active_model();
        time.at = Set(rows[0].at + TimeDelta::microseconds(1));
        time.update(app.db()).await.unwrap();
        let mut address = rows[1].clone().into_active_model();
        address.ip = Set(Some("192.0.2.1".into()));
        address.update(app.db()).await.unwrap();
        let mut result = rows[4].clone().into_active_model();
        result.is_allowed = Set(false);
        result.update(app.db()).await.unwrap();
        let named: Vec<_> = [(1, 0), (2, 1), (5, 4)]
            .map(|(sequence, row)| Fault::Altered { sequence, row: rows[row].id })
            .into();
        assert_eq!(faults(&app).await, named);
    }

    async fn a_deleted_row_is_named_h06(app: TestApp) {
        let rows = sealed(&app).await;
        audit::Entity::delete_by_id(rows[1].id).exec(app.db()).await.unwrap();
        assert_eq!(faults(&app).await, [Fault::Missing { sequence: 2, row: rows[1].id }]);
    }

    async fn a_row_deleted_with_its_seal_leaves_a_gap_h06(app: TestApp) {
        let rows = sealed(&app).await;
        audit_seal::Entity::delete_by_id(2).exec(app.db()).await.unwrap();
        audit::Entity::delete_by_id(rows[1].id).exec(app.db()).await.unwrap();
        assert_eq!(faults(&app).await, [Fault::Gap { from: 2, to: 2 }]);
    }

    async fn reordered_rows_are_named_h06(app: TestApp) {
        let rows = sealed(&app).await;
        for (sequence, row) in [(2, uuid::Uuid::nil()), (3, rows[1].id), (2, rows[2].id)] {
            let seal = audit_seal::Entity::find_by_id(sequence).one(app.db()).await.unwrap().unwrap();
            let mut seal = seal.into_active_model();
            seal.audit_id = Set(row);
            seal.update(app.db()).await.unwrap();
        }
        assert_eq!(
            faults(&app).await,
            [Fault::Altered { sequence: 2, row: rows[2].id }, Fault::Altered { sequence: 3, row: rows[1].id }]
        );
    }

    async fn an_end_that_was_cut_off_is_found_by_the_head_outside_the_database_h06(app: TestApp) {
        let rows = sealed(&app).await;
        audit_seal::Entity::delete_many().filter(audit_seal::COLUMN.sequence.gt(3)).exec(app.db()).await.unwrap();
        for row in &rows[3..] {
            audit::Entity::delete_by_id(row.id).exec(app.db()).await.unwrap();
        }
        assert_eq!(faults(&app).await, [Fault::CutOff { last: 3, known: 5 }]);
    }

    async fn a_chain_made_anew_after_cutting_differs_from_the_head_h06(app: TestApp) {
        let rows = sealed(&app).await;
        audit_seal::Entity::delete_by_id(5).exec(app.db()).await.unwrap();
        audit::Entity::delete_by_id(rows[4].id).exec(app.db()).await.unwrap();
        app.client(app.customer).await;
        assert_eq!(seal_waiting(&app.app).await.unwrap(), 1);
        // the newest line of the file is true, the older one still knows what stood there
        let heads = fs::read_to_string(head_file(&app.app)).unwrap();
        let first = heads.lines().next().unwrap();
        assert!(first.starts_with("5 "), "{heads}");
        assert_eq!(faults(&app).await, [Fault::OtherHead { sequence: 5 }]);
    }

    async fn a_row_added_behind_the_back_is_named_h06(app: TestApp) {
        let rows = sealed(&app).await;
        app.pass(TimeDelta::minutes(2));
        let forged = audit::Model { id: uuid::Uuid::from_u128(rows[0].id.as_u128() - (1 << 96)), ..rows[0].clone() };
        forged.clone().into_active_model().insert(app.db()).await.unwrap();
        assert_eq!(faults(&app).await, [Fault::Unsealed { row: forged.id }]);
    }

    async fn a_row_that_commits_late_is_sealed_in_its_own_place(app: TestApp) {
        let rows = sealed(&app).await;
        let late = audit::Model { id: uuid::Uuid::from_u128(rows[2].id.as_u128() - 1), ..rows[2].clone() };
        late.into_active_model().insert(app.db()).await.unwrap();
        assert_eq!(seal_waiting(&app.app).await.unwrap(), 1);
        assert_eq!(verify(&app.app).await.unwrap(), Report { sealed: 6, ..Report::default() });
    }

    async fn refusals_of_nobody_are_counted_by_the_minute_and_then_sealed_h07(app: TestApp) {
        let query = "mutation { signOut { isSignedOut } }";
        for _ in 0..7 {
            assert_eq!(app.anonymous().code(query, serde_json::json!({})).await, "UNAUTHENTICATED");
        }
        assert_eq!(seal_waiting(&app.app).await.unwrap(), 0);
        app.pass(TimeDelta::minutes(1));
        assert_eq!(seal_waiting(&app.app).await.unwrap(), 1);
        let row = audit::Entity::find().one(app.db()).await.unwrap().unwrap();
        assert_eq!((row.act.as_str(), row.object.as_deref()), ("signOut", Some("7 times in this minute")));
        assert_eq!((row.is_allowed, row.code.as_deref()), (false, Some("UNAUTHENTICATED")));
        assert_eq!(audit_refusal::Entity::find().one(app.db()).await.unwrap(), None);
    }

    async fn what_cannot_be_written_to_the_log_does_not_happen_h05(app: TestApp) {
        let mut client = app.client(app.customer).await;
        app.db().execute_unprepared("ALTER TABLE audit RENAME TO away").await.unwrap();
        let answer = client.graphql("mutation { signOut { isSignedOut } }", serde_json::json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "INTERNAL");
        app.db().execute_unprepared("ALTER TABLE away RENAME TO audit").await.unwrap();
        let viewer = client.data("{ viewer { id } }", serde_json::json!({})).await;
        assert_eq!(viewer["viewer"]["id"], app.customer.user.to_string());
    }
}

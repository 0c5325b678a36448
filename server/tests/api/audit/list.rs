//! Who sees what of the log, and takes it away as a table.
use crate::app::{Client, TestApp};
use axum::http::StatusCode;
use chrono::TimeDelta;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use serde_json::{Value, json};
use server::{
    audit::{self, Entry},
    entity,
};

const ENTRIES: &str = "query($filter: AuditFilter, $account: AccountId, $after: String, $first: Int) {
    auditEntries(filter: $filter, account: $account, after: $after, first: $first) {
        totalCount pageInfo { endCursor hasNextPage }
        nodes { act doer personName isAllowed code object ip }
    }
}";

async fn acts(client: &mut Client, variables: Value) -> Vec<(String, String)> {
    let data = client.data(ENTRIES, variables).await;
    let nodes = data["auditEntries"]["nodes"].as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    nodes
        .iter()
        .map(|node| (text(&node["act"]), text(&node["doer"])))
        .collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected
        .iter()
        .map(|(act, doer)| ((*act).to_owned(), (*doer).to_owned()))
        .collect()
}

/// A row of the staff's that concerns the customer.
async fn staff_acts(app: &TestApp) {
    let entry = Entry {
        user: Some(app.staff.user),
        account: Some(app.customer.account),
        act: "resendAccess",
        ..Entry::default()
    };
    audit::add(app.db(), &app.app, entry)
        .await
        .unwrap_or_else(|error| unreachable!("{error}"));
}

crate::on_both! {
    async fn an_owner_sees_his_account_and_a_member_himself(app: TestApp) {
        let mut bookkeeper = app.client(app.bookkeeper).await;
        app.pass(TimeDelta::seconds(1));
        staff_acts(&app).await;
        app.pass(TimeDelta::seconds(1));
        let mut owner = app.client(app.customer).await;
        assert_eq!(
            acts(&mut owner, json!({})).await,
            pairs(&[("signIn", "YOU"), ("resendAccess", "PROVIDER"), ("signIn", "MEMBER")])
        );
        assert_eq!(acts(&mut bookkeeper, json!({})).await, pairs(&[("signIn", "YOU")]));
    }

    async fn nobody_sees_another_account(app: TestApp) {
        app.client(app.customer).await;
        let mut stranger = app.client(app.stranger).await;
        assert_eq!(acts(&mut stranger, json!({})).await, pairs(&[("signIn", "YOU")]));
        let foreign = json!({ "account": app.customer.account });
        assert_eq!(stranger.code(ENTRIES, foreign.clone()).await, "NOT_FOUND");
        assert_eq!(stranger.code("query($account: AccountId) { auditActs(account: $account) }", foreign).await, "NOT_FOUND");
        let missing = json!({ "account": uuid::Uuid::nil() });
        assert_eq!(stranger.code(ENTRIES, missing).await, "NOT_FOUND");
    }

    async fn staff_sees_what_concerns_a_customer(app: TestApp) {
        app.client(app.customer).await;
        let mut staff = app.client(app.staff).await;
        let account = json!({ "account": app.customer.account });
        assert_eq!(acts(&mut staff, account).await, pairs(&[("signIn", "MEMBER")]));
    }

    async fn the_log_is_filtered_by_act_time_and_result(app: TestApp) {
        let mut owner = app.client(app.customer).await;
        app.pass(TimeDelta::minutes(1));
        owner.code("mutation { stepUp(input: { password: \"x\" }) { validUntil } }", json!({})).await;
        let middle = app.app.clock.now() - TimeDelta::seconds(30);
        let only = async |owner: &mut Client, filter: Value| acts(owner, json!({ "filter": filter })).await;
        let (refused, done) = (pairs(&[("stepUp", "YOU")]), pairs(&[("signIn", "YOU")]));
        assert_eq!(only(&mut owner, json!({ "isAllowed": false })).await, refused);
        assert_eq!(only(&mut owner, json!({ "isAllowed": true })).await, done);
        assert_eq!(only(&mut owner, json!({ "act": "stepUp" })).await, refused);
        assert_eq!(only(&mut owner, json!({ "from": middle })).await, refused);
        assert_eq!(only(&mut owner, json!({ "until": middle })).await, done);
        assert_eq!(owner.data("{ auditActs }", json!({})).await["auditActs"], json!(["signIn", "stepUp"]));
    }

    async fn a_page_costs_the_same_whatever_its_size(app: TestApp) {
        let mut owner = app.client(app.customer).await;
        for _ in 0..99 {
            app.client(app.bookkeeper).await;
        }
        let ten = app.statements(acts(&mut owner, json!({ "first": 10 }))).await;
        let hundred = app.statements(acts(&mut owner, json!({ "first": 100 }))).await;
        assert_eq!(ten, hundred);
    }

    async fn pages_follow_each_other_without_a_gap(app: TestApp) {
        let mut owner = app.client(app.customer).await;
        for _ in 0..4 {
            app.pass(TimeDelta::seconds(1));
            app.client(app.bookkeeper).await;
        }
        let first = owner.data(ENTRIES, json!({ "first": 3 })).await;
        assert_eq!(first["auditEntries"]["totalCount"], 5);
        let after = first["auditEntries"]["pageInfo"]["endCursor"].clone();
        let rest = acts(&mut owner, json!({ "first": 3, "after": after })).await;
        assert_eq!(rest, pairs(&[("signIn", "MEMBER"), ("signIn", "YOU")]));
    }

    async fn the_export_holds_what_the_page_shows_and_no_formula_h08(app: TestApp) {
        let mut owner = app.client(app.customer).await;
        let row = entity::audit::Model {
            id: app.app.new_id(),
            at: app.app.clock.now(),
            user_id: Some(app.customer.user),
            account_id: Some(app.customer.account),
            act: "signOut".into(),
            object: None,
            reason: None,
            is_allowed: true,
            code: None,
            ip: Some("192.0.2.7".into()),
            user_agent: Some("=HYPERLINK(\"http://evil.example\")".into()),
        };
        row.into_active_model().insert(app.db()).await.unwrap();
        let answer = owner.get("/download/log?act=signOut").await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(
            answer.text(),
            "Zeit (UTC),Wer,Name,Vorgang,Gegenstand,Ergebnis,IP-Adresse,Gerät,Grund\r\n\
             2026-11-23T09:00:00Z,Sie,k104233@kunde.example,signOut,,erledigt,192.0.2.7,\
             \"'=HYPERLINK(\"\"http://evil.example\"\")\",\r\n"
        );
    }

    async fn an_export_of_many_rows_has_each_once(app: TestApp) {
        let mut owner = app.client(app.customer).await;
        let rows = (0..1_203).map(|_| {
            entity::audit::Model {
                id: app.app.new_id(),
                at: app.app.clock.now(),
                user_id: Some(app.customer.user),
                account_id: Some(app.customer.account),
                act: "signOut".into(),
                object: None,
                reason: None,
                is_allowed: true,
                code: None,
                ip: None,
                user_agent: None,
            }
            .into_active_model()
        });
        entity::audit::Entity::insert_many(rows).exec_without_returning(app.db()).await.unwrap();
        let text = owner.get("/download/log").await.text();
        assert_eq!(text.lines().count(), 1_205);
    }

    async fn strangers_and_nobody_get_no_export_e04(app: TestApp) {
        assert_eq!(app.anonymous().get("/download/log").await.status, StatusCode::UNAUTHORIZED);
        let path = format!("/download/log?account={}", app.customer.account);
        assert_eq!(app.client(app.stranger).await.get(&path).await.status, StatusCode::NOT_FOUND);
    }
}

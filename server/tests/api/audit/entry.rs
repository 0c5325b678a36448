//! Which rows the log gets: one for each act that was done, one for each that was refused.
use crate::app::TestApp;
use chrono::TimeDelta;
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::json;
use server::entity::audit;

const SWITCH: &str = "mutation($input: SwitchAccountInput!) { switchAccount(input: $input) { viewer { id } } }";
const STEP_UP: &str = "mutation($input: StepUpInput!) { stepUp(input: $input) { validUntil } }";

async fn newest(app: &TestApp) -> audit::Model {
    let row = audit::Entity::find()
        .order_by_desc(audit::Column::Id)
        .one(app.db())
        .await;
    row.ok().flatten().unwrap_or_else(|| unreachable!("the log is empty"))
}

crate::on_both! {
    async fn a_refused_act_says_who_what_where_and_why_h07(app: TestApp) {
        let mut client = app.client(app.customer).await;
        app.pass(TimeDelta::seconds(1));
        let input = json!({ "input": { "accountId": app.stranger.account } });
        assert_eq!(client.code(SWITCH, input).await, "NOT_FOUND");
        let row = newest(&app).await;
        assert_eq!((row.act.as_str(), row.code.as_deref(), row.is_allowed), ("switchAccount", Some("NOT_FOUND"), false));
        assert_eq!((row.user_id, row.account_id), (Some(app.customer.user), Some(app.customer.account)));
    }

    async fn a_wrong_password_is_a_refused_act_and_stands_nowhere_in_it_h07(app: TestApp) {
        let mut client = app.client(app.customer).await;
        app.pass(TimeDelta::seconds(1));
        assert_eq!(client.code(STEP_UP, json!({ "input": { "password": "Falsch-Geraten-1" } })).await, "INVALID");
        let row = newest(&app).await;
        assert_eq!((row.act.as_str(), row.object.as_deref()), ("stepUp", Some("WRONG_PASSWORD")));
        assert!(!format!("{row:?}").contains("Geraten"));
    }

    async fn what_is_only_asked_leaves_no_row(app: TestApp) {
        let mut client = app.client(app.bookkeeper).await;
        let before = newest(&app).await.id;
        assert_eq!(client.code("{ contracts { totalCount } }", json!({})).await, "FORBIDDEN");
        assert_eq!(newest(&app).await.id, before);
    }

    async fn a_name_cannot_add_lines_to_the_log_h07(app: TestApp) {
        let mut client = app.client(app.customer).await;
        let query = "mutation X { switchAccount(input: { accountId: \"x\\r\\n2026 signIn\" }) { viewer { id } } }";
        assert_eq!(client.code(query, json!({})).await, "MALFORMED");
        let rows = audit::Entity::find().all(app.db()).await.unwrap();
        assert!(rows.iter().all(|row| !format!("{} {:?}", row.act, row.object).contains(['\r', '\n'])));
    }
}

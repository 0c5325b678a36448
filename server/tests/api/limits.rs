//! What a caller may cost: the schema, the dearest document, the time of a query, the budget of a user (G06, G08, G09).
use crate::app::{Answer, Client};
use async_graphql::{Context, EmptyMutation, EmptySubscription, Object, Schema};
use axum::{
    body::Body,
    http::{Method, Request},
};
use chrono::TimeDelta;
use serde_json::json;
use server::{
    app::App,
    error::Error,
    graphql::{Limits, QUERY_TIME},
};
use shared::account::Right;
use std::time::Duration;

const SCHEMA: &str = "{ __schema { queryType { name } } }";

/// Costs 1 + 25 × 2.
const PRODUCTS: &str = "{ products { nodes { id } } }";

/// A query that takes a connection out of the pool and never ends.
struct Slow;

#[Object]
impl Slow {
    async fn wait(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        let app = ctx.data::<App>()?;
        let _taken = app.begin().await?;
        std::future::pending().await
    }
}

async fn send(client: &mut Client, method: &str, path: &str) -> Answer {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    let request = Request::builder().method(method).uri(path).body(Body::empty());
    client.send(request.unwrap()).await
}

crate::on_both! {
    async fn the_schema_is_read_by_people_and_programs_never_by_nobody_g06(app: TestApp) {
        assert_eq!(app.anonymous().code(SCHEMA, json!({})).await, "UNAUTHENTICATED");
        assert_eq!(app.client(app.customer).await.data(SCHEMA, json!({})).await["__schema"]["queryType"]["name"], "Query");
        let mut program = app.program(app.stranger, &[Right::SeeInvoices]).await;
        assert_eq!(program.data(SCHEMA, json!({})).await["__schema"]["queryType"]["name"], "Query");
    }

    async fn the_schema_is_read_once_a_second_g06(app: TestApp) {
        let mut customer = app.client(app.customer).await;
        customer.data(SCHEMA, json!({})).await;
        assert_eq!(customer.code(SCHEMA, json!({})).await, "THROTTLED");
        customer.data("{ viewer { id } }", json!({})).await;
        app.client(app.stranger).await.data(SCHEMA, json!({})).await;
        app.pass(TimeDelta::seconds(1));
        customer.data(SCHEMA, json!({})).await;
    }

    async fn an_installation_can_keep_its_schema_to_itself_g06(app: TestApp) {
        let app = app.restarted(|settings| settings.playground = false);
        let mut customer = app.client(app.customer).await;
        assert_eq!(customer.code(SCHEMA, json!({})).await, "FORBIDDEN");
        assert_eq!(app.anonymous().code(SCHEMA, json!({})).await, "UNAUTHENTICATED");
        for path in ["/playground", "/playground/", "/playground/index.html", "/playground/assets/x.js"] {
            assert_eq!(customer.get(path).await.status, 404, "{path}");
        }
        customer.data(PRODUCTS, json!({})).await;
    }

    async fn the_playground_is_shown_to_those_who_are_signed_in_g06(app: TestApp) {
        for path in ["/playground", "/playground/", "/playground/index.html"] {
            let answer = app.anonymous().get(path).await;
            assert_eq!((answer.status.as_u16(), &answer.headers["location"]), (303, &"/sign-in".parse().unwrap()), "{path}");
            let answer = app.client(app.customer).await.get(path).await;
            assert!(!answer.headers.contains_key("location"), "{path}");
        }
    }

    async fn the_dearest_document_is_refused_before_it_is_run_g06(app: TestApp) {
        let mut customer = app.client(app.customer).await;
        let wide: String = (0..9).map(|n| format!("p{n}: products(first: $first) {{ nodes {{ {} }} }} ", (0..30).map(|m| format!("a{m}: id ")).collect::<String>())).collect();
        let query = format!("query($first: Int) {{ {wide} }}");
        let mut code = String::new();
        let statements = app.statements(async { code = customer.code(&query, json!({ "first": 100 })).await }).await;
        let who = app.statements(async { customer.code("{ nothing }", json!({})).await; }).await;
        assert_eq!((code.as_str(), statements), ("TOO_LARGE", who), "nothing but the session was read");
        customer.data(&query, json!({ "first": 10 })).await;
    }

    async fn a_slow_query_is_stopped_and_gives_its_connection_back_g08(app: TestApp) {
        assert_eq!(QUERY_TIME, Duration::from_secs(5));
        let schema = Schema::build(Slow, EmptyMutation, EmptySubscription)
            .extension(Limits::within(Duration::from_millis(20)))
            .data(app.app.clone())
            .finish();
        // More than the pool has: had one kept its connection, the last would wait for it in vain.
        for _ in 0..20 {
            let answer = schema.execute("{ wait }").await;
            let cause = answer.errors[0].source::<Error>();
            assert!(matches!(cause, Some(Error::TooLarge("a query may take 5 seconds"))), "{:?}", answer.errors);
        }
        let mut customer = app.client(app.customer).await;
        customer.data(PRODUCTS, json!({})).await;
        app.app.begin().await.unwrap().commit().await.unwrap();
    }

    async fn whoever_has_spent_his_budget_waits_g08(app: TestApp) {
        let app = app.restarted(|settings| settings.query_budget = 60);
        let mut customer = app.client(app.customer).await;
        customer.data(PRODUCTS, json!({})).await;
        assert_eq!(customer.code(PRODUCTS, json!({})).await, "THROTTLED");
        assert_eq!(app.client(app.customer).await.code(PRODUCTS, json!({})).await, "THROTTLED", "another session of his");
        app.client(app.stranger).await.data(PRODUCTS, json!({})).await;
        app.pass(TimeDelta::minutes(1));
        customer.data(PRODUCTS, json!({})).await;
    }

    async fn without_a_database_nobody_is_let_in_and_nothing_is_told_h14(app: TestApp) {
        let mut customer = app.client(app.customer).await;
        app.db().clone().close().await.unwrap();
        let answer = send(&mut customer, "GET", "/download/log").await;
        assert_eq!((answer.status.as_u16(), answer.text().as_str()), (503, ""));
        let sign_in = "mutation($input: SignInInput!) { signIn(input: $input) { viewer { id } } }";
        let mut nobody = app.anonymous();
        let input = json!({ "input": { "name": "104233", "password": crate::app::PASSWORD } });
        let answer = nobody.graphql(sign_in, input).await;
        assert_eq!((&answer["errors"][0]["extensions"]["code"], &answer["data"], nobody.cookie), (&json!("INTERNAL"), &json!(null), None));
        assert_eq!(answer["errors"][0]["message"], "something broke on our side");
    }

    async fn no_method_is_answered_that_is_not_meant_g09(app: TestApp) {
        let mut client = app.client(app.customer).await;
        for path in ["/", "/products", "/graphql", "/files", "/healthz", "/readyz", "/face.css", "/download/log", "/playground/", "/assets/x.js"] {
            for method in ["TRACE", "TRACK", "CONNECT", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND", "KEYHAUS"] {
                let answer = send(&mut client, method, path).await;
                assert_eq!((answer.status.as_u16(), answer.text().as_str()), (405, ""), "{method} {path}");
            }
        }
        assert_eq!(send(&mut client, "GET", "/graphql").await.status, 405);
        assert_eq!(send(&mut client, "POST", "/healthz").await.status, 405);
    }

    async fn no_answer_says_which_software_or_version_it_is_g09(app: TestApp) {
        let mut client = app.client(app.customer).await;
        for (method, path) in [("GET", "/"), ("GET", "/graphql"), ("GET", "/healthz"), ("GET", "/readyz"), ("TRACE", "/"), ("GET", "/download/invoices/x"), ("POST", "/files"), ("POST", "/graphql")] {
            let answer = send(&mut client, method, path).await;
            for name in ["server", "x-powered-by", "via", "x-version"] {
                assert!(!answer.headers.contains_key(name), "{method} {path}: {name}");
            }
            let all = format!("{:?} {}", answer.headers, answer.text()).to_ascii_lowercase();
            for banner in [env!("CARGO_PKG_VERSION"), "axum", "hyper", "async-graphql", "sea-orm", "sqlite", "postgres", "rust/"] {
                assert!(!all.contains(banner), "{method} {path} names {banner}");
            }
        }
    }
}

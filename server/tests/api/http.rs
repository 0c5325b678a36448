//! What is refused before anything is read (G01–G05), and what every answer carries (G07, G10, G11).
use crate::app::{Client, ORIGIN, PASSWORD};
use axum::{body::Body, http::Request};
use serde_json::json;

const SIGN_IN: &str = "mutation($input: SignInInput!) { signIn(input: $input) { viewer { id } } }";

fn body() -> String {
    json!({ "query": SIGN_IN, "variables": { "input": { "name": "104233", "password": PASSWORD } } }).to_string()
}

/// Sends a sign-in with these headers; gives the status and whether it was carried out.
async fn sign_in_with(client: &mut Client, headers: &[(&str, &str)]) -> (u16, bool) {
    let mut request = Request::post("/graphql");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = client.send(request.body(Body::from(body())).unwrap()).await;
    (answer.status.as_u16(), answer.headers.contains_key("set-cookie"))
}

const JSON: (&str, &str) = ("content-type", "application/json");
const CSRF: (&str, &str) = ("x-keyhaus-csrf", "1");

crate::on_both! {
    async fn g01_only_a_post_of_json_is_read(app: TestApp) {
        let mut client = app.anonymous();
        assert_eq!(sign_in_with(&mut client, &[JSON, CSRF]).await, (200, true));
        assert_eq!(sign_in_with(&mut client, &[("content-type", "application/json; charset=utf-8"), CSRF]).await, (200, true));
        for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/graphql", "application/json; charset=utf-7", "application/jsonx"] {
            assert_eq!(sign_in_with(&mut client, &[("content-type", kind), CSRF]).await, (415, false), "{kind}");
        }
        assert_eq!(sign_in_with(&mut client, &[CSRF]).await, (415, false));
        assert_eq!(client.get("/graphql?query=%7B__typename%7D").await.status, 405);
        let batch = Request::post("/graphql").header(JSON.0, JSON.1).header(CSRF.0, CSRF.1).body(Body::from(format!("[{}]", body()))).unwrap();
        assert_eq!(client.send(batch).await.status, 400);
    }

    async fn g02_another_origin_is_refused(app: TestApp) {
        let mut client = app.anonymous();
        assert_eq!(sign_in_with(&mut client, &[JSON, CSRF, ("origin", ORIGIN), ("sec-fetch-site", "same-origin")]).await, (200, true));
        for header in [("origin", "https://evil.example"), ("origin", "null"), ("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site")] {
            assert_eq!(sign_in_with(&mut client, &[JSON, CSRF, header]).await, (403, false), "{header:?}");
        }
        assert_eq!(sign_in_with(&mut client, &[JSON]).await, (403, false), "without the custom header");
    }

    async fn g03_many_operations_in_one_request_are_refused(app: TestApp) {
        let mut client = app.anonymous();
        let aliases: String = (0..150).map(|n| format!("a{n}: signIn(input: $input) {{ viewer {{ id }} }} ")).collect();
        let query = format!("mutation($input: SignInInput!) {{ {aliases} }}");
        let before = app.app.hasher.count();
        let code = client.code(&query, json!({ "input": { "name": "104233", "password": PASSWORD } })).await;
        assert_eq!((code.as_str(), app.app.hasher.count()), ("TOO_LARGE", before));
        let typenames = format!("{{ {} }}", (0..600).map(|n| format!("a{n}: __typename ")).collect::<String>());
        assert_eq!(client.code(&typenames, json!({})).await, "TOO_LARGE");
    }

    async fn g04_deep_documents_and_large_pages_are_refused(app: TestApp) {
        let mut client = app.client(app.customer).await;
        let cycle = "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }";
        assert_eq!(client.code(cycle, json!({})).await, "MALFORMED");
        let deep = format!("{}a{}", "{ a ".repeat(13), " }".repeat(13));
        assert_eq!(client.code(&deep, json!({})).await, "TOO_LARGE");
        for first in [0, -1, 101, 1_000_000_000] {
            let refusal = client.refusal("query($first: Int) { products(first: $first) { totalCount } }", json!({ "first": first })).await;
            assert_eq!((&refusal["field"], &refusal["reason"]), (&json!("first"), &json!("PAGE_TOO_LARGE")), "{first}");
        }
        let refusal = client.refusal("{ products(after: \"x\") { totalCount } }", json!({})).await;
        assert_eq!((&refusal["field"], &refusal["reason"]), (&json!("after"), &json!("BAD_CURSOR")));
    }

    async fn g05_a_body_over_256_kib_is_refused(app: TestApp) {
        let mut client = app.anonymous();
        let padded = |length: usize| Request::post("/graphql").header(JSON.0, JSON.1).header(CSRF.0, CSRF.1)
            .body(Body::from(format!("{}{}", " ".repeat(length - body().len()), body()))).unwrap();
        assert_eq!(client.send(padded(256 * 1024)).await.status, 200);
        assert_eq!(client.send(padded(256 * 1024 + 1)).await.status, 413);
        let mut customer = app.client(app.customer).await;
        let file = |length: usize| Request::post("/files?name=x").header(CSRF.0, CSRF.1).body(Body::from(vec![0; length])).unwrap();
        assert_eq!(customer.send(file(10 * 1024 * 1024)).await.status, 200);
        assert_eq!(customer.send(file(10 * 1024 * 1024 + 1)).await.status, 413);
        assert_eq!(client.send(file(1)).await.status, 200, "signed in by the request above");
        assert_eq!(app.anonymous().send(file(1)).await.status, 401);
    }

    async fn g07_an_answer_never_repeats_the_question(app: TestApp) {
        let mut client = app.anonymous();
        for query in ["{ secretCanary", "{ secretCanary }", "{ viewer { secretCanary } }", "query($secretCanary: Nope) { viewer { id } }"] {
            let answer = client.graphql(query, json!({})).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "MALFORMED", "{answer}");
            assert!(!answer.to_string().contains("secretCanary"), "{answer}");
        }
    }

    async fn g10_g11_every_answer_carries_the_headers(app: TestApp) {
        let mut client = app.anonymous();
        for path in ["/", "/graphql", "/healthz", "/readyz", "/download/invoices/x", "/assets/none.js", "/playground/", "/files"] {
            let answer = client.get(path).await;
            let header = |name: &str| answer.headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
            let policy = header("content-security-policy");
            assert!(policy.starts_with("default-src 'self'; script-src 'self'"), "{path}: {policy}");
            for part in ["object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
                assert!(policy.contains(part), "{path}: {policy}");
            }
            assert_eq!(policy.contains("unsafe-inline"), path.starts_with("/playground"), "{path}");
            assert!(header("strict-transport-security").starts_with("max-age=63072000"), "{path}");
            assert_eq!(header("x-content-type-options"), "nosniff");
            assert_eq!(header("referrer-policy"), "no-referrer");
            assert_eq!(header("cross-origin-opener-policy"), "same-origin");
            assert_eq!(header("cross-origin-resource-policy"), "same-origin");
            assert_eq!(header("x-request-id").len(), 32);
        }
    }

    async fn the_server_says_that_it_lives_and_whether_it_is_ready(app: TestApp) {
        let mut client = app.anonymous();
        assert_eq!(client.get("/healthz").await.status, 200);
        assert_eq!(client.get("/readyz").await.status, 200);
        app.db().clone().close().await.unwrap();
        assert_eq!(client.get("/healthz").await.status, 200);
        assert_eq!(client.get("/readyz").await.status, 503);
    }
}

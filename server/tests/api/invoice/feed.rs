//! Feeds for bookkeepers: JSON Feed 1.1 and Atom, with a token that opens invoices only.
use super::{Short, add, id_of, imported_fixture};
use crate::app::{Answer, Client};
use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use shared::account::Right;

async fn conditional(client: &mut Client, path: &str, name: &str, value: &str) -> Answer {
    client
        .send(Request::get(path).header(name, value).body(Body::empty()).unwrap())
        .await
}

crate::on_both! {
    async fn a_feed_names_what_came_and_where_its_files_are(app: TestApp) {
        let id = id_of(&imported_fixture(&app, "xrechnung-ubl.xml").await);
        id_of(&imported_fixture(&app, "factur-x.pdf").await);
        imported_fixture(&app, "unknown-buyer.xml").await;
        let mut program = app.program(app.bookkeeper, &[Right::SeeInvoices]).await;
        let answer = program.get("/feeds/invoices.json?language=EN").await;
        assert_eq!((answer.status, answer.headers["content-type"].to_str().unwrap()), (StatusCode::OK, "application/feed+json; charset=utf-8"));
        let feed = answer.json();
        assert_eq!((&feed["version"], &feed["language"]), (&"https://jsonfeed.org/version/1.1".into(), &"en".into()));
        assert_eq!(feed["items"].as_array().unwrap().len(), 1);
        let item = &feed["items"][0];
        assert_eq!((&item["id"], &item["title"], &item["date_published"]), (&format!("urn:uuid:{id}").into(), &"Invoice RE-2026-009417".into(), &"2026-11-23T09:00:00Z".into()));
        assert_eq!((&item["_keyhaus"]["gross_total"], &item["_keyhaus"]["due_date"]), (&"1332.65".into(), &"2026-12-02".into()));
        for (file, path) in [("Original", ""), ("XML", "/xml"), ("PDF", "/pdf?language=EN")].iter().enumerate().map(|(index, (title, path))| { assert_eq!(&item["attachments"][index]["title"], title); (&item["attachments"][index], path) }) {
            let url = file["url"].as_str().unwrap();
            let (_, local) = url.split_once("/download").unwrap();
            assert!(url.ends_with(&format!("/download/invoices/{id}{path}")), "{url}");
            assert_eq!(program.get(&format!("/download{local}")).await.status, StatusCode::OK);
        }
        assert_eq!(program.get("/download/invoices.zip?month=2026-11").await.status, StatusCode::OK);
        let atom = program.get("/feeds/invoices.atom").await;
        assert_eq!(atom.headers["content-type"], "application/atom+xml; charset=utf-8");
        let text = String::from_utf8(atom.body.to_vec()).unwrap();
        let tree = roxmltree::Document::parse(&text).unwrap();
        let named = |name: &str| tree.descendants().filter(|node| node.has_tag_name(("http://www.w3.org/2005/Atom", name))).map(|node| node.text().unwrap_or_default().to_owned()).collect::<Vec<_>>();
        assert_eq!(named("id")[1..], [format!("urn:uuid:{id}")]);
        assert_eq!(named("title")[1], "Rechnung RE-2026-009417");
        assert_eq!((named("updated").len(), named("author").len(), named("published")[0].as_str()), (2, 1, "2026-11-23T09:00:00Z"));
    }

    async fn pages_of_a_feed_follow_each_other_in_a_fixed_number_of_statements(app: TestApp) {
        let mut program = app.program(app.bookkeeper, &[Right::SeeInvoices]).await;
        add(&app, app.customer, Short("R-000", "380", "2026-01-01", None, "EUR", 100, "A & <B>")).await;
        program.get("/feeds/invoices.json").await;
        let with_one = app.statements(program.get("/feeds/invoices.json")).await;
        for number in 1..=120 {
            app.pass(chrono::TimeDelta::milliseconds(1));
            add(&app, app.customer, Short(&format!("R-{number:03}"), "380", "2026-01-01", None, "EUR", 100, "A & <B>")).await;
        }
        assert_eq!(app.statements(program.get("/feeds/invoices.json")).await, with_one);
        let mut seen = Vec::new();
        let mut path = "/feeds/invoices.json?language=DE".to_owned();
        loop {
            let feed = program.get(&path).await.json();
            seen.extend(feed["items"].as_array().unwrap().iter().map(|item| item["_keyhaus"]["number"].as_str().unwrap().to_owned()));
            let Some(next) = feed["next_url"].as_str() else { break };
            path = next[next.find("/feeds").unwrap()..].to_owned();
        }
        let expected: Vec<_> = (0..=120).rev().map(|number| format!("R-{number:03}")).collect();
        assert_eq!(seen, expected);
        let atom = String::from_utf8(program.get("/feeds/invoices.atom").await.body.to_vec()).unwrap();
        let tree = roxmltree::Document::parse(&atom).unwrap();
        assert!(tree.descendants().any(|node| node.attribute("rel") == Some("next")));
        assert!(tree.descendants().any(|node| node.text().is_some_and(|text| text.starts_with("A & <B>, "))));
    }

    async fn who_has_a_page_is_told_so_and_no_more(app: TestApp) {
        id_of(&imported_fixture(&app, "xrechnung-ubl.xml").await);
        let mut program = app.program(app.bookkeeper, &[Right::SeeInvoices]).await;
        for path in ["/feeds/invoices.json", "/feeds/invoices.atom"] {
            let first = program.get(path).await;
            let (tag, date) = (first.headers["etag"].to_str().unwrap().to_owned(), first.headers["last-modified"].to_str().unwrap().to_owned());
            assert_eq!((date.as_str(), first.headers["cache-control"].to_str().unwrap()), ("Mon, 23 Nov 2026 09:00:00 GMT", "private, no-cache"));
            for (name, value, status) in [
                ("if-none-match", tag.as_str(), 304),
                ("if-none-match", "\"x\", *", 304),
                ("if-none-match", "\"x\"", 200),
                ("if-modified-since", date.as_str(), 304),
                ("if-modified-since", "Mon, 23 Nov 2026 08:59:59 GMT", 200),
                ("if-modified-since", "yesterday", 200),
            ] {
                let answer = conditional(&mut program, path, name, value).await;
                assert_eq!((answer.status.as_u16(), answer.body.is_empty()), (status, status == 304), "{path} {name} {value}");
                assert_eq!(answer.headers["etag"].to_str().unwrap(), tag);
            }
        }
    }

    async fn a_feed_is_for_tokens_that_may_see_invoices(app: TestApp) {
        id_of(&imported_fixture(&app, "xrechnung-ubl.xml").await);
        for path in ["/feeds/invoices.json", "/feeds/invoices.atom"] {
            for mut client in [app.anonymous(), app.client(app.customer).await] {
                let answer = client.get(path).await;
                assert_eq!((answer.status, answer.headers["www-authenticate"].to_str().unwrap()), (StatusCode::UNAUTHORIZED, "Bearer"));
            }
            let mut keys = app.program(app.customer, &[Right::ReadKeys]).await;
            assert_eq!(keys.get(path).await.status, StatusCode::FORBIDDEN);
            let mut program = app.program(app.bookkeeper, &[Right::SeeInvoices]).await;
            assert_eq!(program.get(&format!("{path}?after=x")).await.status, StatusCode::BAD_REQUEST);
            let stranger = app.program(app.stranger, &[Right::SeeInvoices]).await.get(path).await;
            assert!(stranger.status == StatusCode::OK && !String::from_utf8(stranger.body.to_vec()).unwrap().contains("RE-2026-009417"));
        }
    }
}

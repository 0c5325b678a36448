//! What the provider says of itself: edited by staff, shown on pages, in mails and on papers.
use crate::{
    app::{Client, Person, TestApp},
    letter::{PNG, text, widths_of_images},
    mail::{Sink, pass},
};
use axum::{body::Body, http::Request};
use chrono::TimeDelta;
use lopdf::Document;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use server::{
    account::{self, NewAccount},
    entity::{audit, face, legal_text},
    letter::print_by_operator,
    mail::{self, Template},
    user::{self, NewUser},
};
use shared::{
    account::{AccountKind, Language, Right, Rights},
    name::EmailAddress,
};

const CHANGE: &str = "mutation($input: ChangeFaceInput!) { changeFace(input: $input) { gaps face { version name address \
                      phone hours supportEmail mailSender accentLight accentDark logo author editedAt } } }";
const CHANGE_TEXT: &str = "mutation($input: ChangeLegalTextInput!) { changeLegalText(input: $input) { version { version \
                           author editedAt } } }";
const READ: &str = "query($kind: LegalKind!, $language: Language!, $version: Int) { legalText(kind: $kind, language: \
                    $language, version: $version) { version changedAt html versions { version writtenAt } } }";

/// All that a provider can say, on top of version 0.
fn all() -> Value {
    json!({
        "version": 0,
        "name": "Stadtwerke Neuhafen",
        "address": "Kai 1, 26121 Neuhafen",
        "phone": "0441 555 200",
        "hours": "Mo bis Fr, 8 bis 16 Uhr",
        "hoursEn": "Mon to Fri, 8 am to 4 pm",
        "supportEmail": "Hilfe@Neuhafen.example",
        "mailSender": "portal@neuhafen.example",
        "accentLight": "#7A1F3D",
        "accentDark": "#f2a7bf",
    })
}

/// The same with something else in one place.
fn with(field: &str, value: Value) -> Value {
    let mut input = all();
    input[field] = value;
    input
}

async fn change(client: &mut Client, input: Value) -> Value {
    client.data(CHANGE, json!({ "input": input })).await["changeFace"].clone()
}

async fn faces(app: &TestApp) -> u64 {
    face::Entity::find().count(app.db()).await.unwrap()
}

async fn texts(app: &TestApp) -> u64 {
    legal_text::Entity::find().count(app.db()).await.unwrap()
}

fn imprint(version: i32, german: &str, english: &str) -> Value {
    json!({ "input": { "kind": "IMPRINT", "version": version, "german": german, "english": english } })
}

async fn read(client: &mut Client, kind: &str, language: &str, version: Option<i32>) -> Value {
    let variables = json!({ "kind": kind, "language": language, "version": version });
    client.data(READ, variables).await["legalText"].clone()
}

/// A customer made by the provider: no password yet, so that a letter can be printed.
async fn new_customer(app: &TestApp) {
    let new = NewAccount {
        kind: AccountKind::Customer,
        number: "105555".to_owned(),
        name: "Gärtnerei Lüders".to_owned(),
        street: None,
        postal_code: None,
        city: None,
        vat_id: None,
    };
    let account = account::add(app.db(), &app.app, new).await.unwrap();
    let new = NewUser {
        name: None,
        email: None,
        password_hash: None,
        language: Language::De,
        sign_in_names: vec!["105555".to_owned()],
    };
    let user = user::add(app.db(), &app.app, new).await.unwrap();
    let owner = Rights::of(&[Right::Owner]);
    account::add_member(app.db(), &app.app, account, user, owner)
        .await
        .unwrap();
}

/// A member of the staff without the right ADMINISTER.
async fn clerk(app: &TestApp) -> Person {
    let rights = [Right::ManageCustomers, Right::HandleRequests, Right::ManageInvoices];
    app.member(app.staff.account, "1/amt", &rights).await
}

crate::on_both! {
    async fn what_staff_says_stands_on_pages_in_mails_and_on_letters(app: TestApp) {
        let mut staff = app.client(app.staff).await;
        let changed = change(&mut staff, all()).await;
        assert_eq!(changed["face"], json!({
            "version": 1,
            "name": "Stadtwerke Neuhafen",
            "address": "Kai 1, 26121 Neuhafen",
            "phone": "0441 555 200",
            "hours": "Mo bis Fr, 8 bis 16 Uhr",
            "supportEmail": "hilfe@neuhafen.example",
            "mailSender": "portal@neuhafen.example",
            "accentLight": "#7a1f3d",
            "accentDark": "#f2a7bf",
            "logo": null,
            "author": "k1@kunde.example",
            "editedAt": "2026-11-23T09:00:00+00:00",
        }));
        assert_eq!(changed["gaps"], json!(["LOGO", "IMPRINT", "PRIVACY", "TERMS", "ACCESSIBILITY"]));

        let fields = "{ portal { providerName providerAddress providerPhone providerHours providerHoursEn supportEmail providerLogo } }";
        let portal = app.anonymous().data(fields, json!({})).await;
        assert_eq!(portal["portal"], json!({
            "providerName": "Stadtwerke Neuhafen",
            "providerAddress": "Kai 1, 26121 Neuhafen",
            "providerPhone": "0441 555 200",
            "providerHours": "Mo bis Fr, 8 bis 16 Uhr",
            "providerHoursEn": "Mon to Fri, 8 am to 4 pm",
            "supportEmail": "hilfe@neuhafen.example",
            "providerLogo": null,
        }));

        let sink = Sink::start().await;
        let address = EmailAddress::parse("anna@example.org").unwrap();
        let template = Template::RightsChanged { account: "Bäckerei".to_owned() };
        mail::enqueue(app.db(), &app.app, &address, Language::De, &template).await.unwrap();
        let foot = "\nStadtwerke Neuhafen\nKai 1, 26121 Neuhafen\n0441 555 200 (Mo bis Fr, 8 bis 16 Uhr)\nhilfe@neuhafen.example\n";
        assert!(app.mails().await[0].text.ends_with(foot), "{}", app.mails().await[0].text);
        assert_eq!(pass(&app, &sink.transport(&app)).await, 1);
        let (_, message) = &sink.taken()[0];
        let from = "From: \"Stadtwerke Neuhafen\" <portal@neuhafen.example>";
        assert!(message.lines().any(|line| line == from), "{message}");
        mail::enqueue(app.db(), &app.app, &address, Language::En, &template).await.unwrap();
        let english = foot.replace("Mo bis Fr, 8 bis 16 Uhr", "Mon to Fri, 8 am to 4 pm");
        let mails = app.mails().await;
        assert_eq!(mails.iter().filter(|mail| mail.text.ends_with(&english)).count(), 1, "{mails:?}");

        new_customer(&app).await;
        let letter = print_by_operator(&app.app, "105555").await.unwrap();
        let words = text(&Document::load_mem(&letter.pdf).unwrap());
        for part in ["Stadtwerke Neuhafen, Kai 1, 26121 Neuhafen", "hilfe@neuhafen.example, 0441 555 200"] {
            assert!(words.contains(part), "{part}: {words}");
        }
        assert_eq!(widths_of_images(&letter.pdf), [0; 0]);

        let mut staff = app.client(app.staff).await;
        let file = staff.upload("logo.png", hex::decode(PNG).unwrap()).await;
        let mut input = with("logoFileId", json!(file));
        input["version"] = json!(1);
        change(&mut staff, input).await;
        let letter = print_by_operator(&app.app, "105555").await.unwrap();
        assert_eq!(widths_of_images(&letter.pdf), [3], "the logo of three points");
    }

    async fn the_settings_speak_until_staff_does(app: TestApp) {
        let portal = app.anonymous().data("{ portal { providerName providerAddress } }", json!({})).await;
        assert_eq!(portal["portal"], json!({ "providerName": "Lindwerk Netze GmbH", "providerAddress": null }));
        let fields = "{ providerFace { version name author editedAt } faceGaps }";
        let shown = app.client(app.staff).await.data(fields, json!({})).await;
        assert_eq!(shown["providerFace"], json!({ "version": 0, "name": "Lindwerk Netze GmbH", "author": null, "editedAt": null }));
        let gaps = ["ADDRESS", "PHONE", "HOURS", "SUPPORT_EMAIL", "MAIL_SENDER", "LOGO", "ACCENT", "IMPRINT", "PRIVACY", "TERMS", "ACCESSIBILITY"];
        assert_eq!(shown["faceGaps"], json!(gaps));
    }

    async fn bad_input_is_refused_at_its_field_and_nothing_changes(app: TestApp) {
        let mut staff = app.client(app.staff).await;
        for (field, value, reason) in [
            ("name", json!(""), "MISSING"),
            ("name", json!(" \n "), "MISSING"),
            ("name", json!("x".repeat(151)), "TOO_LONG"),
            ("address", json!("x".repeat(151)), "TOO_LONG"),
            ("hours", json!("x".repeat(151)), "TOO_LONG"),
            ("phone", json!("ruf an"), "NOT_A_PHONE_NUMBER"),
            ("phone", json!("12"), "NOT_A_PHONE_NUMBER"),
            ("supportEmail", json!("hilfe"), "NOT_AN_EMAIL"),
            ("supportEmail", json!("a@b.example\r\nBcc: c@d.example"), "NOT_AN_EMAIL"),
            ("mailSender", json!("Portal <a@b.example>"), "NOT_AN_EMAIL"),
            ("accentLight", json!("red"), "NOT_A_COLOUR"),
            ("accentLight", json!("#12345"), "NOT_A_COLOUR"),
            ("accentLight", json!("#000000;} body{display:none"), "NOT_A_COLOUR"),
            ("accentLight", json!("#ffd400"), "LOW_CONTRAST"),
            ("accentLight", json!("#777777"), "LOW_CONTRAST"),
            ("accentDark", json!("#7a1f3d"), "LOW_CONTRAST"),
            ("accentLight", json!(null), "MISSING"),
        ] {
            let refusal = staff.refusal(CHANGE, json!({ "input": with(field, value.clone()) })).await;
            assert_eq!(refusal, json!({ "code": "INVALID", "field": field, "reason": reason }), "{field} {value}");
        }
        assert_eq!(faces(&app).await, 0);
        assert!(!audit::Entity::find().all(app.db()).await.unwrap().iter().any(|row| row.act == "changeFace" && row.is_allowed));
    }

    async fn a_message_about_contrast_names_the_ratio_that_was_computed(app: TestApp) {
        let mut staff = app.client(app.staff).await;
        let answer = staff.graphql(CHANGE, json!({ "input": with("accentLight", json!("#ff0000")) })).await;
        // 4.00 on white, less on its own tint, which lies under selected rows
        let message = answer["errors"][0]["message"].as_str().unwrap();
        assert_eq!(message, "accentLight: its contrast is 3.37, and 4.5 is needed (WCAG 2.2, 1.4.3)");
    }

    async fn a_colour_for_dark_pages_is_made_where_none_is_said(app: TestApp) {
        let mut staff = app.client(app.staff).await;
        let changed = change(&mut staff, with("accentDark", json!(null))).await;
        let dark = changed["face"]["accentDark"].as_str().unwrap();
        let colour = shared::colour::Colour::parse(dark).unwrap();
        let contrast = shared::colour::contrast_on_pages(colour, shared::colour::Scheme::Dark);
        assert!(contrast >= 4.5, "{dark}: {contrast}");
    }

    async fn only_staff_with_the_right_and_a_fresh_password_edits(app: TestApp) {
        let clerk = clerk(&app).await;
        for person in [app.customer, app.dealer, clerk] {
            let mut client = app.client(person).await;
            assert_eq!(client.code(CHANGE, json!({ "input": all() })).await, "FORBIDDEN");
            assert_eq!(client.code(CHANGE_TEXT, imprint(0, "a", "b")).await, "FORBIDDEN");
            for query in ["{ providerFace { name } }", "{ faceGaps }", "{ faceVersions { totalCount } }", "{ legalVersions(kind: TERMS) { totalCount } }", "{ legalDraft(kind: TERMS) { german } }", "{ markdownPreview(text: \"a\") }"] {
                assert_eq!(client.code(query, json!({})).await, "FORBIDDEN", "{query}");
            }
        }
        let mut staff = app.client(app.staff).await;
        app.pass(TimeDelta::minutes(11));
        assert_eq!(staff.code(CHANGE, json!({ "input": all() })).await, "STEP_UP_REQUIRED");
        assert_eq!(staff.code(CHANGE_TEXT, imprint(0, "a", "b")).await, "STEP_UP_REQUIRED");
        assert_eq!((faces(&app).await, texts(&app).await), (0, 0));
    }

    async fn of_two_who_edit_the_same_version_the_second_is_told(app: TestApp) {
        let mut staff = app.client(app.staff).await;
        change(&mut staff, all()).await;
        assert_eq!(staff.code(CHANGE, json!({ "input": with("name", json!("Anders")) })).await, "CONFLICT");
        assert_eq!(staff.code(CHANGE, json!({ "input": with("version", json!(7)) })).await, "CONFLICT");
        staff.data(CHANGE_TEXT, imprint(0, "eins", "one")).await;
        assert_eq!(staff.code(CHANGE_TEXT, imprint(0, "zwei", "two")).await, "CONFLICT");
        assert_eq!((faces(&app).await, texts(&app).await), (1, 1));
    }

    async fn every_version_stays_with_author_and_time(app: TestApp) {
        let mut staff = app.client(app.staff).await;
        change(&mut staff, all()).await;
        app.pass(TimeDelta::minutes(5));
        let mut second = with("name", json!("Stadtwerke Neuhafen AG"));
        second["version"] = json!(1);
        change(&mut staff, second).await;
        let fields = "{ faceVersions { totalCount nodes { version name author editedAt } } }";
        let versions = staff.data(fields, json!({})).await["faceVersions"].clone();
        assert_eq!(versions, json!({ "totalCount": 2, "nodes": [
            { "version": 2, "name": "Stadtwerke Neuhafen AG", "author": "k1@kunde.example", "editedAt": "2026-11-23T09:05:00+00:00" },
            { "version": 1, "name": "Stadtwerke Neuhafen", "author": "k1@kunde.example", "editedAt": "2026-11-23T09:00:00+00:00" },
        ] }));
        let rows = audit::Entity::find().all(app.db()).await.unwrap();
        let objects: Vec<_> = rows.iter().filter(|row| row.act == "changeFace").map(|row| row.object.clone().unwrap()).collect();
        assert_eq!(objects, ["face/1", "face/2"]);
    }

    async fn a_neutral_text_stands_in_for_each_text_in_both_languages(app: TestApp) {
        let mut anybody = app.anonymous();
        for kind in ["IMPRINT", "PRIVACY", "TERMS", "ACCESSIBILITY"] {
            for (language, notice) in [("DE", "mit dem das Portal ausgeliefert wird"), ("EN", "that the portal ships with")] {
                let shown = read(&mut anybody, kind, language, None).await;
                assert_eq!((&shown["version"], &shown["changedAt"], &shown["versions"]), (&json!(0), &json!(null), &json!([])));
                let html = shown["html"].as_str().unwrap();
                assert!(html.starts_with("<h2>") && html.contains("Lindwerk Netze GmbH") && html.contains(notice), "{kind} {language}: {html}");
            }
        }
    }

    async fn a_text_is_read_by_everybody_in_its_language_and_its_former_version_too(app: TestApp) {
        let mut staff = app.client(app.staff).await;
        staff.data(CHANGE_TEXT, imprint(0, "# Anbieter\n\nalt", "# Provider\n\nold")).await;
        app.pass(TimeDelta::minutes(5));
        staff.data(CHANGE_TEXT, imprint(1, "# Anbieter\n\nneu", "# Provider\n\nnew")).await;
        let mut anybody = app.anonymous();
        let versions = json!([
            { "version": 2, "writtenAt": "2026-11-23T09:05:00+00:00" },
            { "version": 1, "writtenAt": "2026-11-23T09:00:00+00:00" },
        ]);
        for (language, version, number, html) in [
            ("DE", None, 2, "<h2>Anbieter</h2>\n<p>neu</p>\n"),
            ("EN", None, 2, "<h2>Provider</h2>\n<p>new</p>\n"),
            ("DE", Some(1), 1, "<h2>Anbieter</h2>\n<p>alt</p>\n"),
            ("EN", Some(1), 1, "<h2>Provider</h2>\n<p>old</p>\n"),
        ] {
            let shown = read(&mut anybody, "IMPRINT", language, version).await;
            assert_eq!((&shown["version"], shown["html"].as_str().unwrap(), &shown["versions"]), (&json!(number), html, &versions));
        }
        for version in [0, 3, -1] {
            let variables = json!({ "kind": "IMPRINT", "language": "DE", "version": version });
            assert_eq!(anybody.code(READ, variables).await, "NOT_FOUND", "{version}");
        }
        let fields = "{ legalVersions(kind: IMPRINT) { totalCount nodes { version german author } } legalDraft(kind: IMPRINT) { version english } faceGaps }";
        let kept = staff.data(fields, json!({})).await;
        assert_eq!(kept["legalVersions"], json!({ "totalCount": 2, "nodes": [
            { "version": 2, "german": "# Anbieter\n\nneu", "author": "k1@kunde.example" },
            { "version": 1, "german": "# Anbieter\n\nalt", "author": "k1@kunde.example" },
        ] }));
        assert_eq!(kept["legalDraft"], json!({ "version": 2, "english": "# Provider\n\nnew" }));
        assert!(!kept["faceGaps"].as_array().unwrap().contains(&json!("IMPRINT")));
    }

    async fn a_text_needs_both_languages_and_an_end(app: TestApp) {
        let mut staff = app.client(app.staff).await;
        let long = "x".repeat(60_001);
        for (german, english, field, reason) in [
            ("", "b", "german", "MISSING"),
            ("a", " \n\t", "english", "MISSING"),
            ("\u{0}\u{7}", "b", "german", "MISSING"),
            (long.as_str(), "b", "german", "TOO_LONG"),
            ("a", long.as_str(), "english", "TOO_LONG"),
        ] {
            let refusal = staff.refusal(CHANGE_TEXT, imprint(0, german, english)).await;
            assert_eq!(refusal, json!({ "code": "INVALID", "field": field, "reason": reason }));
        }
        assert_eq!(texts(&app).await, 0);
    }

    async fn markdown_cannot_act(app: TestApp) {
        let mut staff = app.client(app.staff).await;
        let bad = "<script>alert(1)</script>\n\n[x](javascript:alert(1)) <img src=x onerror=alert(1)>";
        staff.data(CHANGE_TEXT, imprint(0, bad, "x")).await;
        let html = read(&mut app.anonymous(), "IMPRINT", "DE", None).await["html"].as_str().unwrap().to_owned();
        let preview = "query($text: String!) { markdownPreview(text: $text) }";
        let previewed = staff.data(preview, json!({ "text": bad })).await;
        assert_eq!(previewed["markdownPreview"], json!(html.clone()));
        for tag in ["<script", "<img", "href="] {
            assert!(!html.contains(tag), "{html}");
        }
        assert!(html.contains("&lt;script&gt;"), "{html}");
    }

    async fn the_accent_is_a_style_sheet_that_browsers_keep_until_it_changes(app: TestApp) {
        let mut anybody = app.anonymous();
        let own = anybody.get("/face.css").await;
        assert_eq!((own.status.as_u16(), own.text()), (200, String::new()));
        assert_eq!(own.headers["content-type"], "text/css; charset=utf-8");
        assert_eq!((own.headers["etag"].to_str().unwrap(), own.headers["cache-control"].to_str().unwrap()), ("\"0\"", "no-cache"));
        change(&mut app.client(app.staff).await, all()).await;
        let accent = anybody.get("/face.css").await;
        assert_eq!(accent.headers["etag"], "\"1\"");
        assert!(accent.text().starts_with(":root{--accent:light-dark(#7a1f3d,#f2a7bf);"), "{}", accent.text());
        let again = Request::get("/face.css").header("if-none-match", "\"1\"").body(Body::empty()).unwrap();
        let again = anybody.send(again).await;
        assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
    }

    async fn a_logo_is_cleaned_kept_by_its_content_and_cannot_act(app: TestApp) {
        let mut staff = app.client(app.staff).await;
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 8 8\"><script>alert(1)</script><path d=\"M0 0h8\" onclick=\"alert(1)\"/></svg>";
        let file = staff.upload("logo.svg", svg.into()).await;
        let changed = change(&mut staff, with("logoFileId", json!(file))).await;
        let address = changed["face"]["logo"].as_str().unwrap().to_owned();
        assert!(!changed["gaps"].as_array().unwrap().contains(&json!("LOGO")));
        let logo = app.anonymous().get(&address).await;
        assert_eq!(logo.text(), "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 8 8\"><path d=\"M0 0h8\"></path></svg>");
        for (name, value) in [
            ("content-type", "image/svg+xml"),
            ("content-security-policy", "default-src 'none'; sandbox"),
            ("x-content-type-options", "nosniff"),
            ("cache-control", "public, max-age=31536000, immutable"),
        ] {
            assert_eq!(logo.headers[name], value);
        }
        let portal = app.anonymous().data("{ portal { providerLogo } }", json!({})).await;
        assert_eq!(portal["portal"]["providerLogo"], json!(address));

        let mut kept = with("name", json!("Neu"));
        kept["version"] = json!(1);
        assert_eq!(change(&mut staff, kept).await["face"]["logo"], json!(address));
        let mut removed = with("removesLogo", json!(true));
        removed["version"] = json!(2);
        assert_eq!(change(&mut staff, removed).await["face"]["logo"], json!(null));
        assert_eq!(app.anonymous().get(&address).await.status.as_u16(), 200, "pages of before show it still");
        for other in ["/face/logo/x", "/face/logo/0000000000000000000000000000000000000000000000000000000000000000"] {
            assert_eq!(app.anonymous().get(other).await.status.as_u16(), 404);
        }
    }

    async fn what_is_no_picture_or_somebody_elses_is_no_logo(app: TestApp) {
        let mut staff = app.client(app.staff).await;
        for bytes in [b"GIF89a".to_vec(), b"<svg/>".to_vec(), b"<html><script>alert(1)</script></html>".to_vec(), Vec::new(), vec![b' '; 300_000], hex::decode(PNG).unwrap()[..50].iter().copied().chain(*b"\0\0\0\0IEND\xaeB`\x82").collect()] {
            let file = staff.upload("logo", bytes).await;
            let refusal = staff.refusal(CHANGE, json!({ "input": with("logoFileId", json!(file)) })).await;
            assert_eq!(refusal, json!({ "code": "INVALID", "field": "logoFileId", "reason": "NOT_A_LOGO" }));
        }
        let foreign = app.client(app.dealer).await.upload("logo.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_vec()).await;
        assert_eq!(staff.code(CHANGE, json!({ "input": with("logoFileId", json!(foreign)) })).await, "NOT_FOUND");
        assert_eq!(faces(&app).await, 0);
    }
}

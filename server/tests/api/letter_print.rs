//! Who gets an access letter, and what it costs.
use crate::{
    app::{Answer, Client, Person, TestApp},
    letter::text,
};
use axum::{body::Body, http::Request};
use chrono::TimeDelta;
use lopdf::Document;
use sea_orm::{EntityTrait, PaginatorTrait};
use server::{
    account::{self, NewAccount},
    entity::{audit, letter_code},
    letter::print_by_operator,
    user::{self, NewUser},
};
use shared::{
    account::{AccountKind, Language, Right, Rights},
    id::AccountId,
};

/// A customer made by the provider: no password yet.
async fn new_customer(app: &TestApp) -> Person {
    let new = NewAccount {
        kind: AccountKind::Customer,
        number: "105555".to_owned(),
        name: "Gärtnerei Lüders".to_owned(),
        street: Some("Am Hang 3".to_owned()),
        postal_code: Some("45468".to_owned()),
        city: Some("Mülheim".to_owned()),
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
    Person { user, account }
}

/// Downloads a letter as a page of the portal does.
async fn download(client: &mut Client, account: AccountId) -> Answer {
    let request = Request::get(format!("/download/letters/{account}")).header("sec-fetch-site", "same-origin");
    client.send(request.body(Body::empty()).unwrap()).await
}

async fn codes(app: &TestApp) -> u64 {
    letter_code::Entity::find().count(app.db()).await.unwrap()
}

crate::on_both! {
    async fn staff_prints_a_letter_whose_code_opens_the_account_and_the_customer_sees_that(app: TestApp) {
        let customer = new_customer(&app).await;
        let answer = download(&mut app.client(app.staff).await, customer.account).await;
        assert_eq!((answer.status.as_u16(), answer.headers["content-type"].to_str().unwrap()), (200, "application/pdf"));
        assert_eq!(answer.headers["cache-control"], "no-store");
        assert!(answer.headers["content-disposition"].to_str().unwrap().starts_with("attachment; filename=\"105555.pdf\""));
        let words = text(&Document::load_mem(&answer.body).unwrap());
        for part in ["Gärtnerei Lüders", "Am Hang 3", "45468 Mülheim", "105555", "22.12.2026"] {
            assert!(words.contains(part), "{part}: {words}");
        }
        let (_, rest) = words.split_once("Briefcode ").unwrap();
        let code = rest.split_whitespace().next().unwrap();
        user::letter_code::redeem(&app.app, &server::session::Origin::default(), "105555", code).await.unwrap();
        let rows = audit::Entity::find().all(app.db()).await.unwrap();
        let row = rows.iter().find(|row| row.act == "accessLetter").unwrap();
        assert_eq!((row.user_id, row.account_id, row.is_allowed), (Some(app.staff.user), Some(customer.account), true));
        assert!(!rows.iter().any(|row| row.object.as_deref().is_some_and(|object| object.contains(code))));
    }

    async fn a_second_letter_ends_the_code_of_the_first(app: TestApp) {
        new_customer(&app).await;
        let code = |pdf: &[u8]| {
            let words = text(&Document::load_mem(pdf).unwrap());
            let (_, rest) = words.split_once("Briefcode ").unwrap();
            rest.split_whitespace().next().unwrap().to_owned()
        };
        let first = code(&print_by_operator(&app.app, "105555").await.unwrap().pdf);
        let second = code(&print_by_operator(&app.app, "105555").await.unwrap().pdf);
        let redeem = async |code: &str| user::letter_code::redeem(&app.app, &server::session::Origin::default(), "105555", code).await;
        assert!(redeem(&first).await.is_err());
        assert!(redeem(&second).await.is_ok());
    }

    async fn only_staff_that_proved_itself_lately_prints_and_only_from_a_page_of_ours(app: TestApp) {
        let customer = new_customer(&app).await;
        for person in [app.customer, app.bookkeeper, app.dealer] {
            assert_eq!(download(&mut app.client(person).await, customer.account).await.status, 403);
        }
        assert_eq!(download(&mut app.anonymous(), customer.account).await.status, 401);
        let mut staff = app.client(app.staff).await;
        for site in ["cross-site", "same-site", "none"] {
            let request = Request::get(format!("/download/letters/{}", customer.account)).header("sec-fetch-site", site);
            assert_eq!(staff.send(request.body(Body::empty()).unwrap()).await.status, 403, "{site}");
        }
        assert_eq!(staff.get(&format!("/download/letters/{}", customer.account)).await.status, 403);
        let mut program = app.program(app.staff, &[Right::ManageCustomers]).await;
        assert_eq!(download(&mut program, customer.account).await.status, 403);
        app.pass(TimeDelta::minutes(10));
        let late = download(&mut staff, customer.account).await;
        assert_eq!((late.status.as_u16(), &late.json()["code"]), (403, &serde_json::json!("STEP_UP_REQUIRED")));
        assert_eq!(codes(&app).await, 0);
        let refused = audit::Entity::find().all(app.db()).await.unwrap();
        assert_eq!(refused.iter().filter(|row| row.act == "accessLetter" && !row.is_allowed).count(), 5);
    }

    async fn nobody_gets_a_letter_for_an_account_that_is_open_already_or_is_none(app: TestApp) {
        let mut staff = app.client(app.staff).await;
        assert_eq!(download(&mut staff, app.customer.account).await.status, 409);
        assert_eq!(download(&mut staff, app.staff.account).await.status, 404);
        assert_eq!(download(&mut staff, AccountId(uuid::Uuid::nil())).await.status, 404);
        assert_eq!(staff.send(Request::get("/download/letters/x").header("sec-fetch-site", "same-origin").body(Body::empty()).unwrap()).await.status, 404);
        assert!(print_by_operator(&app.app, "999999").await.is_err());
        assert_eq!(codes(&app).await, 0);
    }
}

//! Dokumente: what staff puts there, who gets it, and how it is taken back.
use crate::app::{Client, TestApp};
use axum::http::StatusCode;
use chrono::TimeDelta;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use server::{
    entity::{audit, document},
    product::{self, NewContract, NewProduct},
};
use shared::{
    id::{AccountId, ContractId, ProductId},
    product::{ContractState, PricePeriod},
};

const ATTACH: &str = "mutation($input: AttachDocumentInput!) { attachDocument(input: $input) { document { id path fileName \
                      mediaType size } } }";
const WITHDRAW: &str = "mutation($input: WithdrawDocumentInput!) { withdrawDocument(input: $input) { document { \
                        withdrawalReason } } }";
const LIST: &str = "query($filter: DocumentFilter, $first: Int, $after: String) { documents(filter: $filter, first: \
                    $first, after: $after) { totalCount pageInfo { endCursor } nodes { id title kind contractNumber \
                    customerName path withdrawalReason } } }";
const OFFICE: &str = "query($filter: DocumentFilter) { customerDocuments(filter: $filter) { totalCount nodes { title \
                      customerNumber } } }";

/// A product and a contract over it.
pub(crate) async fn contract(app: &TestApp, account: AccountId, number: &str) -> (ProductId, ContractId) {
    let product = NewProduct {
        code: format!("P-{number}"),
        name_de: "Internet 500 für Betriebe".into(),
        name_en: "Internet 500 for business".into(),
        currency: "EUR".into(),
        price_period: PricePeriod::Month,
        ..NewProduct::default()
    };
    let product = product::add_product(app.db(), &app.app, product).await.unwrap();
    let contract = contract_over(app, account, product, number).await;
    (product, contract)
}

/// A further contract over a product.
pub(crate) async fn contract_over(app: &TestApp, account: AccountId, product: ProductId, number: &str) -> ContractId {
    let contract = NewContract {
        account,
        product,
        number: number.into(),
        label: None,
        state: ContractState::Active,
        price: None,
        currency: "EUR".into(),
        price_period: PricePeriod::Month,
        started_on: app.app.clock.today(),
        ends_on: None,
        notice_by: None,
        terms: None,
        details: Vec::new(),
        option_of: None,
    };
    product::add_contract(app.db(), &app.app, contract).await.unwrap()
}

async fn input(staff: &mut Client, contract: ContractId, name: &str, bytes: &[u8]) -> Value {
    let file = staff.upload(name, bytes.to_vec()).await;
    json!({ "input": { "contractId": contract, "fileId": file, "kind": "CONTRACT", "titleGerman": "Auftrag 17",
        "titleEnglish": "Order 17" } })
}

/// Staff puts a PDF with this title to a contract.
pub(crate) async fn attach(app: &TestApp, contract: ContractId, title: &str) {
    let mut staff = app.client(app.staff).await;
    let mut new = input(&mut staff, contract, "a.pdf", b"%PDF-1.7").await;
    new["input"]["titleGerman"] = json!(title);
    staff.data(ATTACH, new).await;
}

async fn count(app: &TestApp) -> (u64, usize) {
    (
        document::Entity::find().count(app.db()).await.unwrap(),
        app.mails().await.len(),
    )
}

crate::on_both! {
    async fn a_document_of_staff_reaches_the_customer_and_nobody_else_e04(app: TestApp) {
        let (_, deal) = contract(&app, app.customer.account, "V-1").await;
        let mut staff = app.client(app.staff).await;
        let new = input(&mut staff, deal, "Auftrag.exe", b"%PDF-1.7 x").await;
        let added = staff.data(ATTACH, new).await["attachDocument"]["document"].clone();
        assert_eq!(added["fileName"], "Auftrag.exe.pdf");
        assert_eq!(added["mediaType"], "application/pdf");
        assert_eq!(added["size"], 10);
        let mails = app.mails().await;
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].subject, "Neues Dokument: Auftrag 17");
        assert!(mails[0].text.contains("V-1") && mails[0].text.contains("/documents"), "{}", mails[0].text);

        let mut customer = app.client(app.customer).await;
        let list = customer.data(LIST, json!({})).await["documents"].clone();
        assert_eq!(list["totalCount"], 1);
        let titles = customer.data("{ documents { nodes { title en: title(language: EN) } } }", json!({})).await;
        assert_eq!(titles["documents"]["nodes"], json!([{ "title": "Auftrag 17", "en": "Order 17" }]));
        assert_eq!(list["nodes"][0]["contractNumber"], "V-1");
        assert_eq!(list["nodes"][0]["customerName"], Value::Null);
        let path = added["path"].as_str().unwrap().to_owned();
        let got = customer.get(&path).await;
        assert_eq!((got.status, got.text()), (StatusCode::OK, "%PDF-1.7 x".to_owned()));
        assert_eq!(got.headers["content-type"], "application/pdf");
        assert_eq!(got.headers["x-content-type-options"], "nosniff");
        assert!(got.headers["content-disposition"].to_str().unwrap().starts_with("attachment;"));
        let missing = format!("/download/documents/{}", app.app.new_id());
        for person in [app.stranger, app.dealer, app.other_dealer] {
            let (foreign, absent) = (app.client(person).await.get(&path).await, app.client(person).await.get(&missing).await);
            assert_eq!((foreign.status, &foreign.body), (StatusCode::NOT_FOUND, &absent.body));
            assert_eq!(app.client(person).await.data(LIST, json!({})).await["documents"]["totalCount"], 0);
        }
        for person in [app.bookkeeper, app.technician] {
            assert_eq!(app.client(person).await.get(&path).await.status, StatusCode::FORBIDDEN);
        }
        assert_eq!(app.anonymous().get(&path).await.status, StatusCode::UNAUTHORIZED);

        let rows = audit::Entity::find().all(app.db()).await.unwrap();
        let row = rows.iter().find(|row| row.act == "attachDocument").unwrap();
        assert_eq!((row.account_id, row.user_id), (Some(app.customer.account), Some(app.staff.user)));
    }

    async fn what_is_no_document_is_refused_at_its_field(app: TestApp) {
        let (_, deal) = contract(&app, app.customer.account, "V-1").await;
        let mut staff = app.client(app.staff).await;
        let good = input(&mut staff, deal, "a.pdf", b"%PDF-1.7").await;
        let with = |field: &str, value: Value| {
            let mut input = good.clone();
            input["input"][field] = value;
            input
        };
        let program = input(&mut staff, deal, "a.pdf", b"MZ\x90").await;
        let page = input(&mut staff, deal, "a.txt", b" <html>").await;
        for (bad, field, reason) in [
            (with("titleGerman", json!(" \n")), "titleGerman", "MISSING"),
            (with("titleEnglish", json!("")), "titleEnglish", "MISSING"),
            (with("titleGerman", json!("x".repeat(121))), "titleGerman", "TOO_LONG"),
            (with("kind", json!("AGREEMENT")), "kind", "NOT_A_DOCUMENT"),
            (program, "fileId", "NOT_A_DOCUMENT"),
            (page, "fileId", "NOT_A_DOCUMENT"),
        ] {
            let refusal = staff.refusal(ATTACH, bad).await;
            assert_eq!((&refusal["field"], &refusal["reason"]), (&json!(field), &json!(reason)));
        }
        assert_eq!(staff.code(ATTACH, with("contractId", json!(app.app.new_id()))).await, "NOT_FOUND");
        assert_eq!(app.client(app.customer).await.code(ATTACH, good).await, "FORBIDDEN");
        assert_eq!(count(&app).await, (0, 0));
    }

    async fn a_withdrawn_document_stays_with_its_reason_and_is_not_handed_out_e04(app: TestApp) {
        let (_, deal) = contract(&app, app.customer.account, "V-1").await;
        let mut staff = app.client(app.staff).await;
        let new = input(&mut staff, deal, "a.pdf", b"%PDF-1.7").await;
        let added = staff.data(ATTACH, new).await["attachDocument"]["document"].clone();
        let path = added["path"].as_str().unwrap().to_owned();
        let back = |reason: &str| json!({ "input": { "id": added["id"], "reason": reason } });
        assert_eq!(staff.refusal(WITHDRAW, back(" ")).await["field"], "reason");
        assert_eq!(app.client(app.customer).await.code(WITHDRAW, back("x")).await, "FORBIDDEN");
        let mut customer = app.client(app.customer).await;
        assert_eq!(customer.get(&path).await.status, StatusCode::OK);
        staff.data(WITHDRAW, back("Falscher Vertrag")).await;
        assert_eq!(staff.code(WITHDRAW, back("noch einmal")).await, "CONFLICT");
        assert_eq!(customer.get(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(staff.get(&path).await.status, StatusCode::OK);
        let row = customer.data(LIST, json!({})).await["documents"]["nodes"][0].clone();
        assert_eq!((&row["withdrawalReason"], &row["path"]), (&json!("Falscher Vertrag"), &Value::Null));
    }

    async fn staff_finds_the_contract_by_its_number_or_its_customer(app: TestApp) {
        let (_, first) = contract(&app, app.customer.account, "V-1").await;
        app.pass(TimeDelta::seconds(1));
        let (_, second) = contract(&app, app.stranger.account, "V-2").await;
        let find = "query($text: String, $first: Int) { documentContracts(text: $text, first: $first) { totalCount nodes { id \
                    number customerNumber productName } } }";
        let mut staff = app.client(app.staff).await;
        for (text, expected) in [("", vec![second, first]), ("v-2", vec![second]), ("104233", vec![first]), ("V-3", vec![])] {
            let found = staff.data(find, json!({ "text": text })).await["documentContracts"]["nodes"].clone();
            let ids: Vec<_> = found.as_array().unwrap().iter().map(|row| row["id"].clone()).collect();
            assert_eq!(json!(ids), json!(expected), "{text}");
        }
        let one = app.statements(staff.data(find, json!({ "first": 1 }))).await;
        assert_eq!(one, app.statements(staff.data(find, json!({}))).await);
        let refusal = staff.refusal(find, json!({ "text": "x".repeat(101) })).await;
        assert_eq!((&refusal["field"], &refusal["reason"]), (&json!("text"), &json!("TOO_LONG")));
    }

    async fn a_list_is_narrowed_by_kind_contract_and_text_a_fixed_number_of_statements_a_page(app: TestApp) {
        let (_, first) = contract(&app, app.customer.account, "V-1").await;
        let (_, second) = contract(&app, app.customer.account, "V-2").await;
        let (_, foreign) = contract(&app, app.stranger.account, "V-3").await;
        let mut staff = app.client(app.staff).await;
        for (deal, kind, title) in [
            (first, "TERMS", "Preisblatt 50% Ärger"),
            (second, "LETTER", "Brief"),
            (second, "TERMS", "Preisblatt 2"),
            (foreign, "TERMS", "Preisblatt fremd"),
        ] {
            let mut new = input(&mut staff, deal, "a.pdf", b"%PDF-1.7").await;
            new["input"]["kind"] = json!(kind);
            new["input"]["titleGerman"] = json!(title);
            staff.data(ATTACH, new).await;
            app.pass(TimeDelta::seconds(1));
        }
        let mut customer = app.client(app.customer).await;
        for (filter, expected) in [
            (json!({}), vec!["Preisblatt 2", "Brief", "Preisblatt 50% Ärger"]),
            (json!({ "kind": "TERMS" }), vec!["Preisblatt 2", "Preisblatt 50% Ärger"]),
            (json!({ "contractId": second }), vec!["Preisblatt 2", "Brief"]),
            (json!({ "contractId": foreign }), vec![]),
            (json!({ "text": "preisBLATT" }), vec!["Preisblatt 2", "Preisblatt 50% Ärger"]),
            (json!({ "text": "50%" }), vec!["Preisblatt 50% Ärger"]),
            (json!({ "text": "%" }), vec!["Preisblatt 50% Ärger"]),
        ] {
            let list = customer.data(LIST, json!({ "filter": filter })).await["documents"]["nodes"].clone();
            let titles: Vec<_> = list.as_array().unwrap().iter().map(|row| row["title"].as_str().unwrap()).collect();
            assert_eq!(titles, expected, "{filter}");
        }
        let one = json!({ "first": 1 });
        let of_one = app.statements(customer.data(LIST, one)).await;
        let of_all = app.statements(customer.data(LIST, json!({}))).await;
        assert_eq!(of_one, of_all);
        let refusal = customer.refusal(LIST, json!({ "filter": { "text": "x".repeat(101) } })).await;
        assert_eq!((&refusal["field"], &refusal["reason"]), (&json!("filter.text"), &json!("TOO_LONG")));
        let found = staff.data(OFFICE, json!({ "filter": { "text": "104871" } })).await["customerDocuments"].clone();
        assert_eq!(found, json!({ "totalCount": 1, "nodes": [{ "title": "Preisblatt fremd", "customerNumber": "104871" }] }));
    }
}

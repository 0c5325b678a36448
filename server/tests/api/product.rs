//! The catalogue and contracts.
use crate::app::{Person, TestApp};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, PaginatorTrait};
use serde_json::{Value, json};
use server::{
    entity::{contract, product},
    error::Error,
    product::{NewContract, NewProduct, add_contract, add_product, dates::Terms},
};
use shared::{
    id::{ContractId, ProductId},
    money::Amount,
    product::{ContractState, PricePeriod},
    term::{NoticeTo, Renewal},
};
use std::collections::BTreeSet;

const PRODUCTS: &str = "query($first: Int, $after: String) { products(first: $first, after: $after) {
    nodes { code name description } pageInfo { endCursor hasNextPage } totalCount } }";
const CONTRACTS: &str = "query($first: Int, $after: String) { contracts(first: $first, after: $after) {
    nodes { number product { code } } pageInfo { endCursor hasNextPage } totalCount } }";
/// As the client's pages ask for it.
const PAGE: &str = "query($first: Int, $after: String, $language: Language) { contracts(first: $first, after: $after) {
    nodes { id endsOn label noticeBy number price { amount currency } pricePeriod startedOn state
        product { id code name(language: $language) description(language: $language) } }
    pageInfo { endCursor hasNextPage } totalCount } }";
const CONTRACT: &str = "query($id: ContractId!) { contract(id: $id) {
    id number label state price { amount currency } pricePeriod startedOn endsOn noticeBy
    product { code name(language: EN) price { amount currency } pricePeriod } } }";

fn fibre(code: &str) -> NewProduct {
    NewProduct {
        code: code.to_owned(),
        name_de: "Glasfaser 250".to_owned(),
        name_en: "Fibre 250".to_owned(),
        description_de: Some("Bis 250 Mbit/s".to_owned()),
        description_en: None,
        price: Some(Amount(4_990)),
        currency: "EUR".to_owned(),
        price_period: PricePeriod::Month,
        ..NewProduct::default()
    }
}

fn contract(owner: Person, product: ProductId, number: &str) -> NewContract {
    NewContract {
        account: owner.account,
        product,
        number: number.to_owned(),
        label: Some("Gartenstraße 4".to_owned()),
        state: ContractState::Active,
        price: Some(Amount(4_490)),
        currency: "EUR".to_owned(),
        price_period: PricePeriod::Month,
        started_on: "2024-03-01".parse().unwrap(),
        ends_on: None,
        notice_by: Some("2027-01-31".parse().unwrap()),
        terms: None,
        details: Vec::new(),
        option_of: None,
    }
}

/// One product, and a contract over it for each of these numbers.
async fn with_contracts(app: &TestApp, owner: Person, numbers: &[&str]) -> Vec<ContractId> {
    let product = add_product(app.db(), &app.app, fibre(&format!("F-{}", numbers[0])))
        .await
        .unwrap();
    let mut ids = Vec::new();
    for number in numbers {
        ids.push(
            add_contract(app.db(), &app.app, contract(owner, product, number))
                .await
                .unwrap(),
        );
    }
    ids
}

fn texts<'a>(list: &'a Value, field: &str) -> Vec<&'a str> {
    list["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| node[field].as_str().unwrap())
        .collect()
}

crate::on_both! {
    async fn the_dates_of_contracts_are_a_calendar_and_nobody_else_s(app: TestApp) {
        let ids = with_contracts(&app, app.customer, &["V-1", "V-2"]).await;
        with_contracts(&app, app.stranger, &["V-9"]).await;
        let mut browser = app.client(app.customer).await;
        let of_one = format!("/download/contracts/{}/calendar.ics", ids[0]);
        let one = browser.get(&of_one).await.text();
        assert!(one.starts_with("BEGIN:VCALENDAR\r\n"), "{one}");
        assert_eq!(one.matches("BEGIN:VEVENT").count(), 1);
        assert!(one.contains("DTSTART;VALUE=DATE:20270131") && one.contains("BEGIN:VALARM"), "{one}");
        assert!(one.replace("\r\n ", "").contains(&format!("UID:contract-{}-notice@portal.example", ids[0])), "{one}");
        let all = browser.get("/download/contracts/calendar.ics").await.text().replace("\r\n ", "");
        assert!(all.contains("(V-1)") && all.contains("(V-2)") && !all.contains("(V-9)"), "{all}");
        let foreign = app.client(app.stranger).await.get(&of_one).await;
        let missing = format!("/download/contracts/{}/calendar.ics", ContractId(app.app.new_id()));
        let missing = app.client(app.stranger).await.get(&missing).await;
        assert_eq!((foreign.status, foreign.text()), (missing.status, missing.text()));
        assert_eq!(foreign.status.as_u16(), 404);
        assert_eq!(app.anonymous().get(&of_one).await.status.as_u16(), 401);
    }

    async fn everybody_who_is_signed_in_pages_through_the_catalogue_by_code(app: TestApp) {
        for code in ["C", "A", "B"] {
            add_product(app.db(), &app.app, fibre(code)).await.unwrap();
        }
        for person in [app.customer, app.bookkeeper, app.dealer, app.staff] {
            let mut browser = app.client(person).await;
            let first = browser.data(PRODUCTS, json!({ "first": 2 })).await;
            let first = &first["products"];
            assert_eq!((texts(first, "code"), &first["totalCount"], &first["pageInfo"]["hasNextPage"]), (vec!["A", "B"], &json!(3), &json!(true)));
            let after = first["pageInfo"]["endCursor"].clone();
            let last = browser.data(PRODUCTS, json!({ "first": 2, "after": after })).await;
            let last = &last["products"];
            assert_eq!((texts(last, "code"), &last["pageInfo"]["hasNextPage"]), (vec!["C"], &json!(false)));
        }
        assert_eq!(app.anonymous().code(PRODUCTS, json!({})).await, "UNAUTHENTICATED");
    }

    async fn a_name_is_german_unless_another_language_is_asked_for(app: TestApp) {
        add_product(app.db(), &app.app, fibre("A")).await.unwrap();
        let data = app.client(app.customer).await.data(
            "{ products { nodes { plain: name de: name(language: DE) en: name(language: EN)
                description none: description(language: EN) } } }",
            json!({}),
        ).await;
        assert_eq!(data["products"]["nodes"][0], json!({
            "plain": "Glasfaser 250", "de": "Glasfaser 250", "en": "Fibre 250", "description": "Bis 250 Mbit/s", "none": null,
        }));
    }

    async fn an_owner_sees_a_contract_with_its_product(app: TestApp) {
        let ids = with_contracts(&app, app.customer, &["V-1"]).await;
        let data = app.client(app.customer).await.data(CONTRACT, json!({ "id": ids[0] })).await;
        assert_eq!(data["contract"], json!({
            "id": ids[0], "number": "V-1", "label": "Gartenstraße 4", "state": "ACTIVE",
            "price": { "amount": "44.90", "currency": "EUR" }, "pricePeriod": "MONTH",
            "startedOn": "2024-03-01", "endsOn": null, "noticeBy": "2027-01-31",
            "product": { "code": "F-V-1", "name": "Fibre 250", "price": { "amount": "49.90", "currency": "EUR" }, "pricePeriod": "MONTH" },
        }));
    }

    async fn contracts_are_those_of_the_account_in_view_page_by_page(app: TestApp) {
        with_contracts(&app, app.customer, &["V-3", "V-1", "V-2"]).await;
        with_contracts(&app, app.stranger, &["V-0", "V-4"]).await;
        let mut browser = app.client(app.customer).await;
        let first = browser.data(CONTRACTS, json!({ "first": 2 })).await;
        let first = &first["contracts"];
        assert_eq!((texts(first, "number"), &first["totalCount"]), (vec!["V-1", "V-2"], &json!(3)));
        let after = first["pageInfo"]["endCursor"].clone();
        let last = browser.data(CONTRACTS, json!({ "first": 2, "after": after })).await;
        assert_eq!(texts(&last["contracts"], "number"), ["V-3"]);
        let foreign = app.client(app.stranger).await.data(CONTRACTS, json!({})).await;
        assert_eq!(texts(&foreign["contracts"], "number"), ["V-0", "V-4"]);
    }

    async fn contracts_are_searched_narrowed_and_ordered_and_ended_ones_stay(app: TestApp) {
        let ids = with_contracts(&app, app.customer, &["V-1", "V-2", "V-3"]).await;
        with_contracts(&app, app.stranger, &["V-9"]).await;
        for (id, state, day, label) in [(ids[0], ContractState::Active, "2024-03-01", "=Halle 7"), (ids[1], ContractState::Ended, "2020-01-01", "Markt 4"), (ids[2], ContractState::Cancelled, "2024-03-01", "100 % Ökostrom")] {
            let row = contract::Entity::find_by_id(id).one(app.db()).await.unwrap().unwrap();
            let changed = contract::Model { state, started_on: day.parse().unwrap(), label: Some(label.to_owned()), ..row };
            changed.into_active_model().reset_all().update(app.db()).await.unwrap();
        }
        let mut browser = app.client(app.customer).await;
        let list = "query($filter: ContractFilter, $order: ContractOrder, $first: Int, $after: String) { contracts(filter: $filter, order: $order, first: $first, after: $after) { nodes { number } pageInfo { endCursor hasNextPage } totalCount } }";
        for (filter, numbers) in [
            (json!({}), vec!["V-1", "V-2", "V-3"]),
            (json!({ "state": "ENDED" }), vec!["V-2"]),
            (json!({ "text": "markt" }), vec!["V-2"]),
            (json!({ "text": "v-3" }), vec!["V-3"]),
            (json!({ "text": "FIBRE" }), vec!["V-1", "V-2", "V-3"]),
            (json!({ "text": "%" }), vec!["V-3"]),
            (json!({ "text": "_" }), vec![]),
            (json!({ "text": "halle", "state": "CANCELLED" }), vec![]),
        ] {
            let found = browser.data(list, json!({ "filter": filter })).await;
            assert_eq!((texts(&found["contracts"], "number"), &found["contracts"]["totalCount"]), (numbers.clone(), &json!(numbers.len())), "{filter}");
        }
        for (order, numbers) in [("NUMBER", ["V-1", "V-2", "V-3"]), ("NUMBER_LAST", ["V-3", "V-2", "V-1"]), ("NEWEST", ["V-3", "V-1", "V-2"]), ("OLDEST", ["V-2", "V-1", "V-3"])] {
            let (mut seen, mut after) = (Vec::new(), Value::Null);
            loop {
                let page = browser.data(list, json!({ "order": order, "first": 1, "after": after })).await;
                seen.extend(texts(&page["contracts"], "number").into_iter().map(str::to_owned));
                if page["contracts"]["pageInfo"]["hasNextPage"] == json!(false) { break }
                after = page["contracts"]["pageInfo"]["endCursor"].clone();
            }
            assert_eq!(seen, numbers, "{order}");
        }
        let refusal = browser.refusal(list, json!({ "filter": { "text": "x".repeat(101) } })).await;
        assert_eq!((&refusal["field"], &refusal["reason"]), (&json!("text"), &json!("TOO_LONG")));
        let file = browser.get("/download/contracts.csv?order=NEWEST&language=EN").await;
        let lines: Vec<_> = file.text().lines().map(str::to_owned).collect();
        assert_eq!(lines[0], "Contract number,Product,Label,State,First day,Last day,Notice by,Next end,First term until,Net price,Currency,Price per");
        assert_eq!(lines[2], "V-1,Fibre 250,'=Halle 7,active,2024-03-01,,2027-01-31,,,44.90,EUR,month");
        assert_eq!(lines.len(), 4);
        let narrowed = browser.get("/download/contracts.csv?state=ENDED").await;
        assert_eq!(narrowed.text().lines().count(), 2);
        assert_eq!(app.client(app.bookkeeper).await.get("/download/contracts.csv").await.status, 403);
    }

    async fn a_day_for_notice_ends_at_midnight_where_the_provider_is(app: TestApp) {
        let product = add_product(app.db(), &app.app, fibre("F-1")).await.unwrap();
        let new = NewContract {
            started_on: "2024-01-01".parse().unwrap(),
            notice_by: None,
            terms: Some(Terms {
                minimum: Some("P12M".parse().unwrap()),
                renewal: Renewal::Term,
                renewal_term: Some("P12M".parse().unwrap()),
                notice: "P1M".parse().unwrap(),
                open_notice: "P1M".parse().unwrap(),
                notice_to: NoticeTo::AnyDay,
            }),
            ..contract(app.customer, product, "V-1")
        };
        add_contract(app.db(), &app.app, new).await.unwrap();
        // an hour before midnight UTC is midnight in Berlin, in winter
        for (at, notice_by, next_end) in [
            ("2026-11-30T22:59:59Z", "2026-11-30", "2026-12-31"),
            ("2026-11-30T23:00:00Z", "2027-11-30", "2027-12-31"),
        ] {
            app.app.clock.set(at.parse().unwrap());
            let found = app.client(app.customer).await.data("{ contracts { nodes { dates { noticeBy nextEnd } } } }", json!({})).await;
            assert_eq!(found["contracts"]["nodes"][0]["dates"], json!({ "noticeBy": notice_by, "nextEnd": next_end }), "{at}");
        }
    }

    async fn a_foreign_contract_and_a_missing_one_are_the_same(app: TestApp) {
        let ids = with_contracts(&app, app.customer, &["V-1"]).await;
        let mut stranger = app.client(app.stranger).await;
        let foreign = stranger.graphql(CONTRACT, json!({ "id": ids[0] })).await;
        let missing = stranger.graphql(CONTRACT, json!({ "id": uuid::Uuid::nil() })).await;
        assert_eq!(foreign, missing);
        assert_eq!(foreign["errors"][0]["extensions"]["code"], "NOT_FOUND");
    }

    async fn a_bookkeeper_and_a_passer_by_see_no_contracts(app: TestApp) {
        let ids = with_contracts(&app, app.customer, &["V-1"]).await;
        let mut bookkeeper = app.client(app.bookkeeper).await;
        assert_eq!(bookkeeper.code(CONTRACTS, json!({})).await, "FORBIDDEN");
        assert_eq!(bookkeeper.code(CONTRACT, json!({ "id": ids[0] })).await, "FORBIDDEN");
        assert_eq!(app.anonymous().code(CONTRACTS, json!({})).await, "UNAUTHENTICATED");
        assert_eq!(app.anonymous().code(CONTRACT, json!({ "id": ids[0] })).await, "UNAUTHENTICATED");
    }

    async fn a_page_of_contracts_costs_the_same_whatever_its_size(app: TestApp) {
        for number in 0..100 {
            with_contracts(&app, app.customer, &[&format!("V-{number:02}")]).await; // each over a product of its own
        }
        let mut browser = app.client(app.customer).await;
        let mut costs = Vec::new();
        for first in [10, 100] {
            costs.push(app.statements(async {
                let data = browser.data(PAGE, json!({ "first": first, "language": "EN" })).await;
                let codes: BTreeSet<_> = data["contracts"]["nodes"].as_array().unwrap().iter().map(|node| node["product"]["code"].as_str().unwrap().to_owned()).collect();
                assert_eq!(codes.len(), first);
            }).await);
        }
        assert_eq!(costs[0], costs[1]);
    }

    async fn a_page_has_at_most_a_hundred_rows_and_cursors_of_its_own(app: TestApp) {
        let mut browser = app.client(app.customer).await;
        for first in [0, -1, 101] {
            assert_eq!(browser.refusal(PRODUCTS, json!({ "first": first })).await["reason"], "PAGE_TOO_LARGE");
        }
        assert_eq!(browser.refusal(CONTRACTS, json!({ "after": "x" })).await["reason"], "BAD_CURSOR");
    }

    async fn codes_and_numbers_are_taken_once(app: TestApp) {
        let product_id = add_product(app.db(), &app.app, fibre("A")).await.unwrap();
        let twice = add_product(app.db(), &app.app, fibre("A")).await;
        assert!(matches!(twice, Err(Error::Conflict(_))), "{twice:?}");
        add_contract(app.db(), &app.app, contract(app.customer, product_id, "V-1")).await.unwrap();
        let twice = add_contract(app.db(), &app.app, contract(app.stranger, product_id, "V-1")).await;
        assert!(matches!(twice, Err(Error::Conflict(_))), "{twice:?}");
        assert_eq!(product::Entity::find().count(app.db()).await.unwrap(), 1);
        assert_eq!(contract::Entity::find().count(app.db()).await.unwrap(), 1);
    }
}

//! What waits for staff, and the one box that finds a customer.
use crate::{
    access::assign_all,
    app::{Person, TestApp},
    invoice::{fixture, imported},
    meter::{actor, give_devices},
};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
use serde_json::{Value, json};
use server::{
    entity::{assignment, billing_email},
    product::{NewContract, NewProduct, add_contract, add_product},
};
use shared::{
    account::{AccountKind, Language},
    id::BillingEmailId,
    product::{ContractState, PricePeriod},
};

const SEARCH: &str = "query($text: String!) { officeSearch(text: $text) { hits { kind text number name } more } }";
const WORK: &str = "{ waitingWork { kind count oldestAt } }";

async fn hits(app: &TestApp, text: &str) -> Vec<(String, String, String)> {
    let found = app.client(app.staff).await.data(SEARCH, json!({ "text": text })).await;
    let text = |hit: &Value, field: &str| hit[field].as_str().unwrap().to_owned();
    let hits = found["officeSearch"]["hits"].as_array().unwrap().iter();
    hits.map(|hit| (text(hit, "kind"), text(hit, "text"), text(hit, "number")))
        .collect()
}

fn hit(kind: &str, text: &str, number: &str) -> (String, String, String) {
    (kind.to_owned(), text.to_owned(), number.to_owned())
}

async fn with_contract(app: &TestApp, owner: Person, number: &str) {
    let product = add_product(
        app.db(),
        &app.app,
        NewProduct {
            code: number.to_owned(),
            ..NewProduct::default()
        },
    );
    let product = product.await.unwrap();
    let contract = NewContract {
        account: owner.account,
        product,
        number: number.to_owned(),
        label: None,
        state: ContractState::Active,
        price: None,
        currency: "EUR".to_owned(),
        price_period: PricePeriod::Month,
        started_on: "2025-01-01".parse().unwrap(),
        ends_on: None,
        notice_by: None,
        terms: None,
        details: Vec::new(),
        option_of: None,
    };
    add_contract(app.db(), &app.app, contract).await.unwrap();
}

async fn with_billing_email(app: &TestApp, owner: Person, email: &str) {
    let row = billing_email::Model {
        id: BillingEmailId(app.app.new_id()),
        account_id: owner.account,
        email: email.to_owned(),
        language: Language::De,
        created_at: crate::app::now(),
        sent_at: crate::app::now(),
        confirmed_at: None,
        removed_at: None,
    };
    row.into_active_model().insert(app.db()).await.unwrap();
}

crate::on_both! {
    async fn a_customer_is_found_by_number_and_name_whatever_case_and_marks(app: TestApp) {
        let own = vec![hit("CUSTOMER", "Bäckerei Öztürk GmbH", "104233")];
        for text in ["104233", " 1042", "öztürk", "ÖZTÜRK", "Ozturk", "bäckerei  ö", "BÄCKEREI", "rei Özt"] {
            let found: Vec<_> = hits(&app, text).await.into_iter().filter(|(kind, ..)| kind == "CUSTOMER").collect();
            assert_eq!(found, own, "{text}");
        }
    }

    async fn a_customer_is_found_by_the_addresses_of_members_and_invoices(app: TestApp) {
        with_billing_email(&app, app.customer, "rechnung@kontor.example").await;
        assert_eq!(hits(&app, "K104233@kunde").await, [hit("EMAIL", "k104233@kunde.example", "104233")]);
        assert_eq!(hits(&app, "kontor.ex").await, [hit("EMAIL", "rechnung@kontor.example", "104233")]);
    }

    async fn a_customer_is_found_by_the_number_of_a_contract_from_its_beginning(app: TestApp) {
        with_contract(&app, app.customer, "V-20411").await;
        with_contract(&app, app.stranger, "V-20399").await;
        assert_eq!(hits(&app, "v-2041").await, [hit("CONTRACT", "V-20411", "104233")]);
        assert_eq!(hits(&app, "V-20").await, [hit("CONTRACT", "V-20399", "104871"), hit("CONTRACT", "V-20411", "104233")]);
        assert_eq!(hits(&app, "20411").await, []);
    }

    async fn a_customer_is_found_by_the_number_of_an_invoice(app: TestApp) {
        imported(&app, "a.xml", fixture("xrechnung-ubl.xml"), Some(app.customer.account)).await;
        let number = server::entity::invoice::Entity::find().one(app.db()).await.unwrap().unwrap().number;
        let typed = number.to_lowercase();
        assert_eq!(hits(&app, &typed).await, [hit("INVOICE", &number, "104233")]);
    }

    async fn a_device_leads_to_who_holds_it_and_to_who_may_read_it_and_shows_no_key(app: TestApp) {
        give_devices(&app, app.dealer, &["76348701", "76348702"]).await;
        assert_eq!(hits(&app, "76348701").await, [hit("DEVICE", "76348701", "200014")]);
        assign_all(&app, &actor(&app, app.dealer, AccountKind::Dealer), "k104871@kunde.example").await;
        let row = assignment::Entity::find().one(app.db()).await.unwrap().unwrap();
        let row = assignment::ActiveModel { reader_account_id: Set(Some(app.stranger.account)), ..row.into_active_model() };
        row.update(app.db()).await.unwrap();
        assert_eq!(hits(&app, "7634").await, [
            hit("DEVICE", "76348701", "200014"), hit("DEVICE", "76348701", "104871"),
            hit("DEVICE", "76348702", "200014"), hit("DEVICE", "76348702", "104871"),
        ]);
        assert_eq!(hits(&app, "763").await, [], "three digits begin too many serial numbers");
    }

    async fn what_is_typed_stands_for_itself_and_is_bounded(app: TestApp) {
        for text in ["%", "%%", "_____", "!!", "\\\\", "' OR 1=1 --", "1"] {
            assert_eq!(hits(&app, text).await, [], "{text}");
        }
        let mut staff = app.client(app.staff).await;
        let refusal = staff.refusal(SEARCH, json!({ "text": "ä".repeat(101) })).await;
        assert_eq!((&refusal["field"], &refusal["reason"]), (&json!("text"), &json!("TOO_LONG")));
    }

    async fn more_than_six_of_a_kind_are_said_to_be_more_in_as_many_statements(app: TestApp) {
        let mut staff = app.client(app.staff).await;
        let none = app.statements(staff.data(SEARCH, json!({ "text": "W-1" }))).await;
        for number in 0..9 {
            with_contract(&app, app.customer, &format!("W-1{number}")).await;
        }
        let mut found = Value::Null;
        let many = app.statements(async { found = staff.data(SEARCH, json!({ "text": "W-1" })).await }).await;
        assert_eq!((found["officeSearch"]["hits"].as_array().unwrap().len(), &found["officeSearch"]["more"]), (6, &json!(["CONTRACT"])));
        assert_eq!(many, none);
    }

    async fn waiting_work_counts_what_is_there_in_as_many_statements(app: TestApp) {
        let mut staff = app.client(app.staff).await;
        let mut before = Value::Null;
        let few = app.statements(async { before = staff.data(WORK, json!({})).await }).await;
        let of = |work: &Value, kind: &str| {
            let found = work["waitingWork"].as_array().unwrap().iter().find(|work| work["kind"] == kind);
            found.unwrap_or_else(|| panic!("{kind} is missing")).clone()
        };
        assert_eq!(of(&before, "UNSENT_ACCESS"), json!({ "kind": "UNSENT_ACCESS", "count": 0, "oldestAt": null }));
        assert_eq!(of(&before, "ORDERS")["count"], 0);
        for number in 0..3 {
            let input = json!({ "input": { "number": format!("50000{number}"), "name": "Neu", "email": format!("n{number}@neu.example") } });
            staff.data("mutation($input: CreateCustomerInput!) { createCustomer(input: $input) { customer { number } } }", input).await;
        }
        let mut after = Value::Null;
        let many = app.statements(async { after = staff.data(WORK, json!({})).await }).await;
        assert_eq!(of(&after, "UNSENT_ACCESS"), json!({ "kind": "UNSENT_ACCESS", "count": 3, "oldestAt": "2026-11-23T09:00:00+00:00" }));
        assert_eq!(many, few);
    }
}

//! The start page: what the portal asks of the viewer, and what has changed lately.
use crate::{
    access::assign_all,
    agreement::{conclude, publish},
    app::{Client, TestApp},
    document::{attach, contract_over},
    meter::{actor, give_devices},
    order,
};
use chrono::TimeDelta;
use sea_orm::{ActiveModelTrait, IntoActiveModel};
use serde_json::{Value, json};
use server::{
    entity::billing_email,
    invoice::{
        import::{Operator, Source, import},
        report::Outcome,
    },
};
use shared::{
    account::{AccountKind, Language},
    id::BillingEmailId,
};

const TASKS: &str = "{ tasks { kind subject version count isRequired contractId } }";
const RECENT: &str =
    "{ recentChanges { at kind act doer personName number title orderKind orderState invoiceId orderId } }";
const OWN: &str = "k104233@kunde.example";

async fn tasks(client: &mut Client) -> Vec<(String, Value)> {
    let found = client.data(TASKS, json!({})).await["tasks"].clone();
    let tasks = found.as_array().unwrap().iter();
    tasks
        .map(|task| (task["kind"].as_str().unwrap().to_owned(), task["subject"].clone()))
        .collect()
}

async fn recent(client: &mut Client) -> Vec<(String, Value)> {
    let found = client.data(RECENT, json!({})).await["recentChanges"].clone();
    let changes = found.as_array().unwrap().iter();
    let what = |change: &Value| match change["kind"].as_str().unwrap() {
        "ACT" => change["act"].clone(),
        "DOCUMENT" => change["title"].clone(),
        "INVOICE" => change["number"].clone(),
        _ => change["orderState"].clone(),
    };
    changes
        .map(|change| (change["kind"].as_str().unwrap().to_owned(), what(change)))
        .collect()
}

/// An address for invoices of the customer that nobody has confirmed.
async fn billing_email(app: &TestApp, email: &str) {
    let now = app.app.clock.now();
    let row = billing_email::Model {
        id: BillingEmailId(app.app.new_id()),
        account_id: app.customer.account,
        email: email.to_owned(),
        language: Language::De,
        created_at: now,
        sent_at: now,
        confirmed_at: None,
        removed_at: None,
    };
    row.into_active_model().insert(app.db()).await.unwrap();
}

async fn invoice(app: &TestApp) {
    let source = Source {
        file_name: "RE-1.xml".into(),
        bytes: include_bytes!("../fixtures/invoices/xrechnung-ubl.xml").to_vec(),
    };
    let imported = import(&app.app, Operator, source, Some(app.customer.account))
        .await
        .unwrap();
    assert!(matches!(imported, Outcome::Imported { .. }), "{imported:?}");
}

crate::on_both! {
    async fn tasks_come_and_go_with_what_there_is_to_do(app: TestApp) {
        let shop = order::shop(&app).await;
        let mut customer = app.client(app.customer).await;
        let factor = ("SECOND_FACTOR".to_owned(), Value::Null);
        assert_eq!(tasks(&mut customer).await, std::slice::from_ref(&factor));
        publish(&app, shop.slow, |text| text).await;
        billing_email(&app, "rechnung@oeztuerk.example").await;
        order::placed(&mut customer, &shop).await;
        give_devices(&app, app.dealer, &["76348700"]).await;
        assign_all(&app, &actor(&app, app.dealer, AccountKind::Dealer), OWN).await;
        let expected = [
            factor.clone(),
            ("CONCLUDE_AGREEMENT".to_owned(), json!("Netz N-500")),
            ("ACCEPT_READ_RIGHTS".to_owned(), json!(dealer_name(&app).await)),
            ("CONFIRM_BILLING_EMAIL".to_owned(), json!("rechnung@oeztuerk.example")),
            ("PENDING_ORDERS".to_owned(), Value::Null),
        ];
        assert_eq!(tasks(&mut customer).await, expected);
        let found = customer.data(TASKS, json!({})).await["tasks"].clone();
        assert_eq!((&found[1]["version"], &found[1]["contractId"]), (&json!(1), &json!(shop.contract)));
        assert_eq!((&found[4]["count"], &found[0]["isRequired"]), (&json!(1), &json!(false)));
        conclude(&app, shop.contract).await;
        let left: Vec<_> = expected.iter().filter(|(kind, _)| kind != "CONCLUDE_AGREEMENT").cloned().collect();
        assert_eq!(tasks(&mut customer).await, left);
        for person in [app.bookkeeper, app.technician, app.stranger, app.staff] {
            let kinds: Vec<_> = tasks(&mut app.client(person).await).await.into_iter().map(|(kind, _)| kind).collect();
            assert_eq!(kinds, ["SECOND_FACTOR"], "what the account is asked is asked of who manages its contracts");
        }
        let changed = "mutation($input: ChangeEmailInput!) { changeEmail(input: $input) { pendingEmail } }";
        customer.data(changed, json!({ "input": { "email": "neu@oeztuerk.example" } })).await;
        assert_eq!(tasks(&mut customer).await[1], ("CONFIRM_EMAIL".to_owned(), json!("neu@oeztuerk.example")));
    }

    async fn changes_are_told_by_the_rights_of_the_viewer(app: TestApp) {
        let shop = order::shop(&app).await;
        let mut customer = app.client(app.customer).await;
        assert_eq!(recent(&mut customer).await, []);
        let step = || app.pass(TimeDelta::seconds(1));
        step();
        invoice(&app).await;
        step();
        attach(&app, shop.contract, "Auftrag 17").await;
        step();
        let id = order::placed(&mut customer, &shop).await;
        step();
        let profile = "mutation($input: ChangeProfileInput!) { changeProfile(input: $input) { viewer { name } } }";
        customer.data(profile, json!({ "input": { "name": "Aylin Öztürk" } })).await;
        step();
        let decide = "mutation($input: DecideOrderInput!) { decideOrder(input: $input) { order { state } } }";
        app.client(app.staff).await.data(decide, order::decision(&id, "REJECT")).await;
        let invoice = recent(&mut app.client(app.bookkeeper).await).await;
        assert_eq!(invoice.iter().map(|(kind, _)| kind.as_str()).collect::<Vec<_>>(), ["INVOICE"]);
        let is = |kind: &str, what: &str| (kind.to_owned(), json!(what));
        let expected = [
            is("ORDER_DECIDED", "REJECTED"),
            is("ACT", "changeProfile"),
            is("ORDER_PLACED", "REJECTED"),
            is("DOCUMENT", "Auftrag 17"),
            invoice[0].clone(),
        ];
        assert_eq!(recent(&mut customer).await, expected);
        assert_eq!(recent(&mut app.client(app.technician).await).await, []);
        assert_eq!(recent(&mut app.client(app.stranger).await).await, []);
        let found = customer.data(RECENT, json!({})).await["recentChanges"].clone();
        assert_eq!((&found[1]["doer"], &found[1]["personName"]), (&json!("YOU"), &json!("Aylin Öztürk")));
        assert_eq!((&found[0]["orderKind"], &found[0]["title"], &found[0]["orderId"]), (&json!("CHANGE"), &json!("Netz N-1000"), &json!(id)));
    }

    async fn the_start_page_takes_the_same_statements_whatever_there_is(app: TestApp) {
        let shop = order::shop(&app).await;
        let page = "{ tasks { kind subject } recentChanges { kind act number title personName } }";
        let mut customer = app.client(app.customer).await;
        let profile = "mutation($input: ChangeProfileInput!) { changeProfile(input: $input) { viewer { name } } }";
        customer.data(profile, json!({ "input": { "name": "Aylin" } })).await;
        let before = app.statements(customer.data(page, json!({}))).await;
        publish(&app, shop.slow, |text| text).await;
        for number in 0..12 {
            contract_over(&app, app.customer.account, shop.slow, &format!("W-{number}")).await;
            attach(&app, shop.contract, &format!("Brief {number}")).await;
            billing_email(&app, &format!("r{number}@oeztuerk.example")).await;
            customer.data(profile, json!({ "input": { "name": format!("Aylin {number}") } })).await;
            app.pass(TimeDelta::seconds(1));
        }
        invoice(&app).await;
        order::placed(&mut customer, &shop).await;
        give_devices(&app, app.dealer, &["76348700", "76348701"]).await;
        assign_all(&app, &actor(&app, app.dealer, AccountKind::Dealer), OWN).await;
        assert_eq!(app.statements(customer.data(page, json!({}))).await, before);
        let found = customer.data(page, json!({})).await;
        assert_eq!(found["recentChanges"].as_array().unwrap().len(), 8);
        let asked = tasks(&mut customer).await.into_iter().filter(|(kind, _)| kind == "CONCLUDE_AGREEMENT").count();
        assert_eq!(asked, 10, "the rest is under Dokumente");
    }
}

async fn dealer_name(app: &TestApp) -> String {
    use sea_orm::EntityTrait;
    let row = server::entity::account::Entity::find_by_id(app.dealer.account);
    row.one(app.db()).await.unwrap().unwrap().name
}

//! The two buttons of the law: reachable without signing in, and telling nothing.
use super::{DECIDE, decision, key, orders, shop, the_contract};
use serde_json::{Value, json};
use shared::product::ContractState;

const DECLARE: &str =
    "mutation($input: DeclareCancellationInput!) { declareCancellation(input: $input) { number receivedAt } }";
const REVOKE: &str =
    "mutation($input: DeclareRevocationInput!) { declareRevocation(input: $input) { number receivedAt } }";
const UNMATCHED: &str = "{ officeOrders(filter: { isMatched: false }) {
    nodes { order { id kind source state } declaration { name identification email contract } } } }";
const ASSIGN: &str = "mutation($input: AssignOrderInput!) { assignOrder(input: $input) { order { state effectiveOn contract { number } } } }";

fn typed(number: u128, identification: &str, contract: &str) -> Value {
    json!({ "input": { "idempotencyKey": key(number), "name": "Aylin Öztürk", "identification": identification,
        "email": "aylin@example.org", "contract": contract, "isExtraordinary": false, "language": "DE" } })
}

crate::on_both! {
    async fn the_answer_and_the_receipt_say_nothing_about_whether_there_is_a_contract(app: TestApp) {
        let shop = shop(&app).await;
        let mut client = app.anonymous();
        let known = client.data(DECLARE, typed(1, "104233", "V-104233-1")).await;
        let unknown = client.data(DECLARE, typed(2, "999999", "V-999999-9")).await;
        let bytes = |answer: &Value| answer.to_string().len();
        assert_eq!(bytes(&known), bytes(&unknown));
        let mails = app.mails().await;
        let masked = |id: &str, contract: &str, answer: &Value| {
            let number = answer["declareCancellation"]["number"].as_str().unwrap();
            let mail = mails.iter().find(|mail| mail.text.contains(number)).unwrap();
            format!("{}\n{}", mail.subject, mail.text)
                .replace(number, "#")
                .replace(contract, "C")
                .replace(id, "ID")
        };
        let receipt = masked("104233", "V-104233-1", &known);
        let other = masked("999999", "V-999999-9", &unknown);
        assert_eq!(receipt, other);
        assert_eq!(mails[0].recipient, "aylin@example.org");
        for part in ["Eingangsbestätigung: Kündigung", "23.11.2026 um 10:00:00 Uhr", "Ordentliche Kündigung", "so bald wie möglich"] {
            assert!(receipt.contains(part), "{part}\n{receipt}");
        }
        assert!(!receipt.contains("Markt 4") && !receipt.contains("Netz N-"), "{receipt}");
        assert_eq!(the_contract(&app, &shop).await.state, ContractState::Active);
    }

    async fn staff_matches_a_declaration_and_its_decision_ends_the_contract(app: TestApp) {
        let shop = shop(&app).await;
        let mut client = app.anonymous();
        client.data(DECLARE, typed(1, "104233", "V-104233-1")).await;
        let mut staff = app.client(app.staff).await;
        let found = staff.data(UNMATCHED, json!({})).await;
        let node = &found["officeOrders"]["nodes"][0];
        assert_eq!(node["declaration"]["identification"], "104233");
        assert_eq!(node["order"]["source"], "LEGAL_BUTTON");
        let id = node["order"]["id"].as_str().unwrap().to_owned();
        assert_eq!(staff.code(DECIDE, decision(&id, "CONFIRM")).await, "CONFLICT", "whose is it?");
        let assign = |contract: &str| json!({ "input": { "id": id, "accountNumber": "104233", "contractNumber": contract } });
        assert_eq!(staff.code(ASSIGN, assign("V-0")).await, "NOT_FOUND");
        let matched = staff.data(ASSIGN, assign("V-104233-1")).await;
        let expected = json!({ "state": "PLACED", "effectiveOn": "2027-02-28", "contract": { "number": "V-104233-1" } });
        assert_eq!(matched["assignOrder"]["order"], expected);
        staff.data(DECIDE, decision(&id, "CONFIRM")).await;
        assert_eq!(the_contract(&app, &shop).await.state, ContractState::Cancelled);
        let mails = app.mails().await;
        assert_eq!(mails.len(), 2);
        assert_eq!(mails[1].recipient, "aylin@example.org");
        let mut customer = app.client(app.customer).await;
        let own = customer.data("{ orders { nodes { state source } } }", json!({})).await;
        assert_eq!(own["orders"]["nodes"], json!([{ "state": "CONFIRMED", "source": "LEGAL_BUTTON" }]));
    }

    async fn a_revocation_gets_a_receipt_with_content_date_and_time(app: TestApp) {
        let input = json!({ "input": { "idempotencyKey": key(1), "name": "Petra Schäfer", "identification": "104871",
            "email": "petra@example.org", "contract": "Glasfaser vom 20.11.", "language": "EN" } });
        let mut client = app.anonymous();
        let first = client.data(REVOKE, input.clone()).await;
        assert_eq!(client.data(REVOKE, input).await, first, "two clicks are one");
        assert_eq!(orders(&app).await, 1);
        let mails = app.mails().await;
        assert_eq!(mails.len(), 1);
        for part in ["Received on: 23 November 2026 at 10:00:00", "Contract: Glasfaser vom 20.11.", "Name: Petra Schäfer"] {
            assert!(mails[0].text.contains(part), "{part}\n{}", mails[0].text);
        }
    }

    async fn bad_input_names_its_field_and_too_many_are_throttled(app: TestApp) {
        let mut client = app.anonymous();
        for field in ["name", "identification", "contract"] {
            let mut input = typed(1, "104233", "V");
            input["input"][field] = json!(" ");
            let refusal = client.refusal(DECLARE, input).await;
            assert_eq!((&refusal["field"], &refusal["reason"]), (&json!(field), &json!("MISSING")));
        }
        let mut input = typed(1, "104233", "V");
        input["input"]["email"] = json!("keine");
        assert_eq!(client.refusal(DECLARE, input).await["field"], "email");
        let mut input = typed(1, "104233", "V");
        input["input"]["isExtraordinary"] = json!(true);
        assert_eq!(client.refusal(DECLARE, input).await["field"], "reason");
        let mut input = typed(1, "104233", "V");
        input["input"]["endsOn"] = json!("2026-11-22");
        assert_eq!(client.refusal(DECLARE, input).await["field"], "endsOn");
        assert_eq!(orders(&app).await, 0);
        for number in 1..=5 {
            client.data(DECLARE, typed(number, "104233", "V")).await;
        }
        assert_eq!(client.code(DECLARE, typed(6, "104233", "V")).await, "THROTTLED");
        assert_eq!((orders(&app).await, app.mails().await.len()), (5, 5));
    }

    async fn a_mail_cannot_be_written_by_who_declares(app: TestApp) {
        let mut input = typed(1, "104233", "V");
        input["input"]["name"] = json!("A\nBestätigt: Kündigung\u{202e}");
        app.anonymous().data(DECLARE, input).await;
        let text = &app.mails().await[0].text;
        assert!(text.contains("Name: A Bestätigt: Kündigung"), "{text}");
    }

    async fn without_consumers_there_are_no_such_buttons(app: TestApp) {
        let says = "{ portal { hasConsumers } }";
        assert_eq!(app.anonymous().data(says, json!({})).await["portal"]["hasConsumers"], true);
        let app = app.restarted(|settings| settings.consumers = false);
        assert_eq!(app.anonymous().data(says, json!({})).await["portal"]["hasConsumers"], false);
        let mut client = app.anonymous();
        assert_eq!(client.code(DECLARE, typed(1, "104233", "V")).await, "NOT_FOUND");
        assert_eq!(orders(&app).await, 0);
    }
}

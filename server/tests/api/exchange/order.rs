//! Orders of all customers as files: history goes in, decisions go by the office's rule.
use super::{take, verdicts, written};
use crate::{
    app::TestApp,
    order::{PLACE, Shop, decision, faster, orders, placed, shop, the_contract},
};
use chrono::TimeDelta;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::json;
use server::{
    audit::COMMAND_LINE,
    entity::{audit, contract, order},
    exchange::{import, table::Format},
    invoice::import::Operator,
    office::Author,
};
use shared::{
    account::Right,
    exchange::{ImportProblem as P, ImportVerdict as V, Subject},
    order::OrderState,
    product::ContractState,
};

const HISTORY: &str = "number,customer_number,kind,state,product_code,contract_number,made_contract_number,label,price_before,period_before,price,price_period,setup_price,tax_rate,currency,effective_on,is_extraordinary,reason,placed_at,decided_at,decision_reason\r\n\
E-1,104233,NEW_PRODUCT,PLACED,N-1000,,,Lager,,,299.00,MONTH,49.00,19,EUR,2026-12-01,false,,2026-11-20T09:00:00Z,,\r\n\
E-2,104233,CHANGE,REJECTED,N-1000,V-104233-1,,Markt 4,249.00,MONTH,299.00,MONTH,,7,EUR,2026-09-01,false,,2026-08-01T07:30:00.250Z,2026-08-02T07:30:00Z,\"Kein Anschluss,\nleider\"\r\n\
E-3,104233,OPTION,DONE,O-IP,V-104233-1,,Markt 4,249.00,MONTH,5.00,MONTH,,8.1,EUR,2026-10-01,false,,2026-09-20T09:00:00Z,2026-09-21T09:00:00Z,Gern\r\n\
E-4,104233,CANCELLATION,WITHDRAWN,N-500,V-104233-1,,Markt 4,249.00,MONTH,,,,,EUR,2027-02-28,true,Umzug,2026-11-01T09:00:00Z,,\r\n\
E-5,104233,CHANGE,CONFIRMED,N-1000,V-104233-1,,Markt 4,249.00,MONTH,299.00,MONTH,,19,EUR,2026-12-01,false,,2026-11-02T09:00:00Z,2026-11-03T09:00:00Z,\r\n";

const IMPORT: &str = "mutation($input: ImportFileInput!) { importOrders(input: $input) {
    newCount changedCount sameCount refusedCount rows { key verdict column problem } } }";

async fn the_order(app: &TestApp, number: &str) -> order::Model {
    let rows = order::Entity::find().all(app.db()).await.unwrap();
    rows.into_iter().find(|row| row.number == number).unwrap()
}

/// An order of the customer that waits; its number.
async fn waiting(app: &TestApp, shop: &Shop) -> String {
    placed(&mut app.client(app.customer).await, shop).await;
    app.pass(TimeDelta::milliseconds(2)); // what comes next is newer
    order::Entity::find().one(app.db()).await.unwrap().unwrap().number
}

async fn problem(app: &TestApp, text: &str) -> (&'static str, P) {
    let report = take(app, Subject::Orders, text).await;
    assert_eq!(verdicts(&report), [V::Refused], "{text}");
    report.rows[0].problem.unwrap()
}

crate::on_both! {
    async fn history_goes_in_and_comes_out_byte_for_byte_and_nobody_is_told(app: TestApp) {
        shop(&app).await;
        assert_eq!(verdicts(&take(&app, Subject::Orders, HISTORY).await), [V::New; 5]);
        assert_eq!(written(&app, Subject::Orders, Format::Csv).await, HISTORY);
        assert_eq!(verdicts(&take(&app, Subject::Orders, HISTORY).await), [V::Same; 5]);
        let json = written(&app, Subject::Orders, Format::Json).await;
        assert_eq!(verdicts(&take(&app, Subject::Orders, &json).await), [V::Same; 5]);
        assert_eq!(written(&app, Subject::Orders, Format::Json).await, json);
        assert_eq!(app.mails().await.len(), 0);
        let mut acts = audit::Entity::find().all(app.db()).await.unwrap();
        acts.retain(|act| act.act == "importOrders");
        assert_eq!(acts.len(), 5);
        let is_honest = |act: &audit::Model| act.user_id.is_none() && act.user_agent.as_deref() == Some(COMMAND_LINE);
        assert!(acts.iter().all(|act| is_honest(act) && act.account_id == Some(app.customer.account)));
        let log = "{ auditEntries(filter: { act: \"importOrders\" }) { nodes { doer } } }";
        let seen = app.client(app.customer).await.data(log, json!({})).await;
        assert_eq!(seen["auditEntries"]["nodes"][0]["doer"], "OPERATOR");
    }

    async fn a_new_order_is_what_the_catalogue_and_the_contract_say_unless_the_row_does(app: TestApp) {
        let shop = shop(&app).await;
        let text = "number,customer_number,kind,product_code,contract_number\nE-1,104233,change,N-1000,V-104233-1\n";
        assert_eq!(verdicts(&take(&app, Subject::Orders, text).await), [V::New]);
        let row = the_order(&app, "E-1").await;
        assert_eq!((row.state, row.contract_id, row.placed_at), (OrderState::Placed, Some(shop.contract), app.app.clock.now()));
        let out = written(&app, Subject::Orders, Format::Csv).await;
        let line = out.lines().nth(1).unwrap();
        assert_eq!(line, "E-1,104233,CHANGE,PLACED,N-1000,V-104233-1,,Markt 4,249.00,MONTH,299.00,MONTH,,19,EUR,,false,,2026-11-23T09:00:00Z,,");
    }

    async fn decisions_go_by_the_rule_of_the_office_once(app: TestApp) {
        let shop = shop(&app).await;
        let number = waiting(&app, &shop).await;
        let text = format!("number;state;decision_reason;effective_on\n{number};confirmed;Leitung geprüft;15.12.2026\n");
        let rehearsed = import(&app.app, Author::Operator(Operator), Subject::Orders, text.clone().into_bytes(), true).await.unwrap();
        assert_eq!(the_order(&app, &number).await.state, OrderState::Placed);
        assert_eq!(app.mails().await.len(), 1, "the receipt");
        let report = take(&app, Subject::Orders, &text).await;
        assert_eq!(report, rehearsed);
        assert_eq!(report.rows[0].changes, ["state", "effective_on", "decided_at", "decision_reason"]);
        let row = the_order(&app, &number).await;
        assert_eq!((row.state, row.decided_by), (OrderState::Confirmed, None));
        assert_eq!(row.effective_on, "2026-12-15".parse().ok());
        let mails = app.mails().await;
        assert!(mails.len() == 2 && mails[1].text.contains("Unsere Begründung: Leitung geprüft"), "{mails:?}");
        assert_eq!(verdicts(&take(&app, Subject::Orders, &text).await), [V::Same]);
        let no = format!("number,state,decision_reason\n{number},REJECTED,doch nicht\n");
        assert_eq!(problem(&app, &no).await, ("state", P::NotAStep));
        let why = format!("number,decision_reason\n{number},anders\n");
        assert_eq!(problem(&app, &why).await, ("decision_reason", P::Fixed));
        assert_eq!(app.mails().await.len(), 2, "nobody is told of what did not happen");
        let acts = audit::Entity::find().all(app.db()).await.unwrap();
        let decided: Vec<_> = acts.iter().filter(|act| act.act == "decideOrder").collect();
        assert!(decided.len() == 1 && decided[0].user_agent.as_deref() == Some(COMMAND_LINE), "{decided:?}");
        let mut staff = app.client(app.staff).await;
        let code = staff.code(crate::order::DECIDE, decision(&row.id.to_string(), "REJECT")).await;
        assert_eq!(code, "CONFLICT");
    }

    async fn what_the_back_end_did_is_done_from_the_day_it_says(app: TestApp) {
        let shop = shop(&app).await;
        let number = waiting(&app, &shop).await;
        let done = format!("number,state,decision_reason,effective_on\n{number},DONE,geschaltet,");
        assert_eq!(problem(&app, &format!("{done}2026-12-24\n")).await, ("effective_on", P::NotPossible));
        assert_eq!(problem(&app, &format!("{done}2026-11-22\n")).await, ("effective_on", P::DateInPast));
        assert_eq!(the_order(&app, &number).await.state, OrderState::Placed);
        assert_eq!(verdicts(&take(&app, Subject::Orders, &format!("{done}\n")).await), [V::Changed]);
        let row = the_order(&app, &number).await;
        assert_eq!((row.state, row.effective_on), (OrderState::Done, "2026-11-23".parse().ok()));
        assert_eq!(the_contract(&app, &shop).await.product_id, shop.fast);
        assert_eq!(verdicts(&take(&app, Subject::Orders, &format!("{done}\n")).await), [V::Same]);
    }

    async fn a_confirmed_order_is_done_earlier_than_its_day_and_its_contract_begins_then(app: TestApp) {
        let shop = shop(&app).await;
        let new = "number,customer_number,kind,product_code,effective_on\nE-9,104233,NEW_PRODUCT,N-1000,2026-12-20\n";
        take(&app, Subject::Orders, new).await;
        take(&app, Subject::Orders, "number,state,decision_reason\nE-9,CONFIRMED,gern\n").await;
        let made = the_order(&app, "E-9").await.made_contract_id.unwrap();
        assert_ne!(made, shop.contract);
        app.pass(TimeDelta::days(3));
        assert_eq!(problem(&app, "number,state,effective_on\nE-9,DONE,2026-11-27\n").await, ("effective_on", P::NotPossible));
        assert_eq!(problem(&app, "number,state,effective_on\nE-9,DONE,2026-11-22\n").await, ("effective_on", P::DateInPast));
        let report = take(&app, Subject::Orders, "number,state,effective_on\nE-9,DONE,2026-11-25\n").await;
        assert_eq!((verdicts(&report), report.rows[0].changes.clone()), (vec![V::Changed], vec!["state", "effective_on"]));
        let contract = contract::Entity::find_by_id(made).one(app.db()).await.unwrap().unwrap();
        assert_eq!((contract.state, contract.started_on), (ContractState::Active, "2026-11-25".parse().unwrap()));
        let mails = app.mails().await;
        assert_eq!(mails.len(), 2, "who manages the contracts hears of the decision and of the beginning");
        assert!(mails[1].subject.starts_with("Ausgeführt: Bestellung E-9"), "{}", mails[1].subject);
    }

    async fn one_bad_row_leaves_the_others(app: TestApp) {
        let shop = shop(&app).await;
        let number = waiting(&app, &shop).await;
        let text = format!("number,customer_number,kind,product_code,state,decision_reason\n{number},,,,REJECTED,\nE-1,104233,NEW_PRODUCT,N-1000,,\n");
        let report = take(&app, Subject::Orders, &text).await;
        assert_eq!(verdicts(&report), [V::Refused, V::New]);
        assert_eq!(report.rows[0].problem, Some(("decision_reason", P::Missing)));
        assert_eq!(the_order(&app, &number).await.state, OrderState::Placed);
        assert_eq!(orders(&app).await, 2);
    }

    async fn what_does_not_fit_is_refused_by_column_and_changes_nothing(app: TestApp) {
        let shop = shop(&app).await;
        let number = waiting(&app, &shop).await;
        let before = written(&app, Subject::Orders, Format::Csv).await;
        let head = "number,customer_number,kind,product_code,contract_number,state,decision_reason,effective_on,placed_at,price,tax_rate,made_contract_number\n";
        for (row, expected) in [
            ("E 1,104233,NEW_PRODUCT,N-1000,,,,,,,,", ("number", P::NotACode)),
            ("E-1,,NEW_PRODUCT,N-1000,,,,,,,,", ("customer_number", P::Missing)),
            ("E-1,999,NEW_PRODUCT,N-1000,,,,,,,,", ("customer_number", P::UnknownCustomer)),
            ("E-1,1,NEW_PRODUCT,N-1000,,,,,,,,", ("customer_number", P::UnknownCustomer)),
            ("E-1,104233,,N-1000,,,,,,,,", ("kind", P::Missing)),
            ("E-1,104233,GIFT,N-1000,,,,,,,,", ("kind", P::UnknownWord)),
            ("E-1,104233,NEW_PRODUCT,,,,,,,,,", ("product_code", P::Missing)),
            ("E-1,104233,NEW_PRODUCT,NOPE,,,,,,,,", ("product_code", P::UnknownProduct)),
            ("E-1,104233,CHANGE,N-1000,,,,,,,,", ("contract_number", P::Missing)),
            ("E-1,104233,CHANGE,N-1000,V-0,,,,,,,", ("contract_number", P::UnknownContract)),
            ("E-1,104871,CHANGE,N-1000,V-104233-1,,,,,,,", ("contract_number", P::OtherCustomer)),
            ("E-1,104233,NEW_PRODUCT,N-1000,V-104233-1,,,,,,,", ("contract_number", P::NotPossible)),
            ("E-1,104233,CHANGE,N-1000,V-104233-1,OVER,,,,,,", ("state", P::UnknownWord)),
            ("E-1,104233,CHANGE,N-1000,V-104233-1,REJECTED,,,,,,", ("decision_reason", P::Missing)),
            ("E-1,104233,CHANGE,N-1000,V-104233-1,PLACED,weil,,,,,", ("decision_reason", P::NotPossible)),
            ("E-1,104233,CHANGE,N-1000,V-104233-1,CONFIRMED,weil,,,,,", ("effective_on", P::Missing)),
            ("E-1,104233,CHANGE,N-1000,V-104233-1,,,2026-02-30,,,,", ("effective_on", P::NotADate)),
            ("E-1,104233,CHANGE,N-1000,V-104233-1,,,,gestern,,,", ("placed_at", P::NotATime)),
            ("E-1,104233,CHANGE,N-1000,V-104233-1,,,,2026-11-24T00:00:00Z,,,", ("placed_at", P::NotPossible)),
            ("E-1,104233,CHANGE,N-1000,V-104233-1,,,,,-1,,", ("price", P::NotAnAmount)),
            ("E-1,104233,CHANGE,N-1000,V-104233-1,,,,,1,190,", ("tax_rate", P::NotATaxRate)),
            ("E-1,104233,CANCELLATION,,V-104233-1,,,,,1,,", ("price", P::NotPossible)),
            ("E-1,104233,NEW_PRODUCT,N-1000,,CONFIRMED,weil,2026-12-01,,,,", ("made_contract_number", P::Missing)),
            ("E-1,104233,CHANGE,N-1000,V-104233-1,,,,,,,V-104233-1", ("made_contract_number", P::NotPossible)),
            ("#,104871,,,,CONFIRMED,ja,,,,,", ("customer_number", P::Fixed)),
            ("#,,NEW_PRODUCT,,,CONFIRMED,ja,,,,,", ("kind", P::Fixed)),
            ("#,,,,,CONFIRMED,ja,,,300,,", ("price", P::Fixed)),
            ("#,,,,,CONFIRMED,ja,,,,7,", ("tax_rate", P::Fixed)),
            ("#,,,,,CONFIRMED,,,,,,", ("decision_reason", P::Missing)),
            ("#,,,,,CONFIRMED,ja,2026-11-01,,,,", ("effective_on", P::DateInPast)),
            ("#,,,,,WITHDRAWN,,,,,,", ("state", P::NotAStep)),
            ("#,,,,,,schon,,,,,", ("decision_reason", P::NotPossible)),
            ("#,,,,,,,2026-12-24,,,,", ("effective_on", P::NotPossible)),
        ] {
            assert_eq!(problem(&app, &format!("{head}{}\n", row.replace('#', &number))).await, expected, "{row}");
        }
        let long = format!("number,state,decision_reason\n{number},REJECTED,{}\n", "x".repeat(1001));
        assert_eq!(problem(&app, &long).await, ("decision_reason", P::TooLong));
        let twice = "number,customer_number,kind,product_code\nE-1,104233,NEW_PRODUCT,N-1000\nE-1,104233,NEW_PRODUCT,N-1000\n";
        let report = import(&app.app, Author::Operator(Operator), Subject::Orders, twice.into(), true).await.unwrap();
        assert_eq!(report.rows[1].problem, Some(("number", P::Duplicate)));
        assert_eq!(written(&app, Subject::Orders, Format::Csv).await, before);
        assert_eq!(app.mails().await.len(), 1);
    }

    async fn a_declaration_that_nobody_has_matched_cannot_be_confirmed_by_a_file(app: TestApp) {
        let declare = "mutation($input: DeclareCancellationInput!) { declareCancellation(input: $input) { number } }";
        let typed = json!({ "input": { "idempotencyKey": crate::order::key(1), "name": "A", "identification": "104233",
            "email": "a@example.org", "contract": "V", "isExtraordinary": false, "language": "DE" } });
        let made = app.anonymous().data(declare, typed).await;
        let number = made["declareCancellation"]["number"].as_str().unwrap();
        let yes = format!("number,state,decision_reason\n{number},CONFIRMED,ja\n");
        assert_eq!(problem(&app, &yes).await, ("customer_number", P::Missing));
        assert_eq!(verdicts(&take(&app, Subject::Orders, &yes.replace("CONFIRMED", "REJECTED")).await), [V::Changed]);
    }

    async fn a_program_decides_with_its_token_and_a_person_gives_the_password_again(app: TestApp) {
        let shop = shop(&app).await;
        let number = waiting(&app, &shop).await;
        let text = format!("number,state,decision_reason\n{number},CONFIRMED,ja\n");
        let mut staff = app.client(app.staff).await;
        let file = staff.upload("orders.csv", text.clone().into_bytes()).await;
        app.pass(TimeDelta::minutes(11));
        let input = |is_dry_run: bool| json!({ "input": { "fileId": file, "isDryRun": is_dry_run } });
        let expected = json!({ "importOrders": { "newCount": 0, "changedCount": 1, "sameCount": 0, "refusedCount": 0,
            "rows": [{ "key": number, "verdict": "CHANGED", "column": null, "problem": null }] } });
        assert_eq!(staff.data(IMPORT, input(true)).await, expected);
        assert_eq!(staff.code(IMPORT, input(false)).await, "STEP_UP_REQUIRED");
        assert_eq!(the_order(&app, &number).await.state, OrderState::Placed);
        let mut clerk = app.program(app.staff, &[Right::ManageCustomers]).await;
        assert_eq!(clerk.get("/download/exchange/orders.csv").await.status, 403);
        let mut program = app.program(app.staff, &[Right::HandleRequests]).await;
        let request = axum::http::Request::post("/files?name=x.csv").body(axum::body::Body::from(text)).unwrap();
        let id = program.send(request).await.json()["id"].clone();
        assert_eq!(program.data(IMPORT, json!({ "input": { "fileId": id } })).await, expected);
        let row = the_order(&app, &number).await;
        assert_eq!((row.state, row.decided_by), (OrderState::Confirmed, Some(app.staff.user)));
        let out = program.get("/download/exchange/orders.csv").await;
        assert_eq!(String::from_utf8(out.body.to_vec()).unwrap(), written(&app, Subject::Orders, Format::Csv).await);
        let customer = app.client(app.customer).await.get("/download/exchange/orders.csv").await;
        assert_eq!((customer.status.as_u16(), app.anonymous().get("/download/exchange/orders.json").await.status.as_u16()), (403, 401));
        assert_eq!(program.get("/download/exchange/orders.exe").await.status, 404);
        assert_eq!(program.get("/download/exchange/users.csv").await.status, 404);
    }

    async fn five_hundred_orders_take_few_statements(app: TestApp) {
        shop(&app).await;
        let mut text = "number,customer_number,kind,product_code\n".to_owned();
        for number in 0..500 {
            text.push_str(&format!("E-{number},104233,NEW_PRODUCT,N-1000\n"));
        }
        let count = app.statements(take(&app, Subject::Orders, &text)).await;
        assert!(count < 20, "{count}");
        assert_eq!(order::Entity::find().count(app.db()).await.unwrap(), 500);
        let again = app.statements(take(&app, Subject::Orders, &text)).await;
        assert!(again < 20, "{again}");
    }

    async fn confirming_what_costs_asks_for_the_password_and_rejecting_does_not(app: TestApp) {
        let shop = shop(&app).await;
        let mut client = app.client(app.customer).await;
        let id = placed(&mut client, &shop).await;
        let mut staff = app.client(app.staff).await;
        let mut program = app.program(app.staff, &[Right::HandleRequests]).await;
        app.pass(TimeDelta::minutes(11));
        let mails = app.mails().await.len();
        assert_eq!(staff.code(crate::order::DECIDE, decision(&id, "CONFIRM")).await, "STEP_UP_REQUIRED");
        assert_eq!(program.code(crate::order::DECIDE, decision(&id, "CONFIRM")).await, "FORBIDDEN");
        let waits = client.data("{ orders(filter: { state: PLACED }) { totalCount } }", json!({})).await;
        assert_eq!((waits["orders"]["totalCount"].as_i64(), app.mails().await.len()), (Some(1), mails));
        let again = "mutation($input: StepUpInput!) { stepUp(input: $input) { validUntil } }";
        staff.data(again, json!({ "input": { "password": crate::app::PASSWORD } })).await;
        let decided = staff.data(crate::order::DECIDE, decision(&id, "CONFIRM")).await;
        assert_eq!(decided["decideOrder"]["order"]["state"], "CONFIRMED");

        let mut other = app.client(app.customer).await;
        let mut input = faster(&shop, 2);
        input["input"]["kind"] = json!("NEW_PRODUCT");
        input["input"]["seenEffectiveOn"] = json!("2026-11-23");
        let made = other.data(PLACE, input).await;
        app.pass(TimeDelta::minutes(11));
        let id = made["placeOrder"]["order"]["id"].as_str().unwrap();
        assert_eq!(staff.data(crate::order::DECIDE, decision(id, "REJECT")).await["decideOrder"]["order"]["state"], "REJECTED");
    }
}

//! Giving read rights, and what the dealer sees of them.
use super::*;

crate::on_both! {
    async fn the_answer_is_the_same_whether_the_address_is_registered_or_not(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        let mut browser = app.client(app.dealer).await;
        let mut answers = Vec::new();
        let mut statements = Vec::new();
        for email in [STRANGER, "nobody@example.org"] {
            let mut answer = Value::Null;
            let work = async { answer = browser.data(ASSIGN, to(email, &ids)).await };
            statements.push(app.statements(work).await);
            let given = answer["assignReadRights"]["assignments"][0].as_object_mut().unwrap();
            assert_eq!((given.remove("email"), given.remove("id").is_some()), (Some(json!(email)), true));
            answers.push(answer);
        }
        assert_eq!(answers[0], answers[1]);
        assert_eq!(statements[0], statements[1]);
        let mails: Vec<_> = app.mails().await.into_iter().map(|mail| mail.subject).collect();
        assert_eq!((mails.len(), &mails[0]), (2, &mails[1]));
    }

    async fn one_foreign_device_in_a_selection_and_nothing_is_given_e07(app: TestApp) {
        let mut ids = give_devices(&app, app.dealer, &["76348701", "76348702"]).await;
        let foreign = give_devices(&app, app.other_dealer, &["76348703"]).await;
        let before = counts(&app).await;
        let mut browser = app.client(app.dealer).await;
        for stray in [foreign[0], DeviceId(app.app.new_id())] {
            ids.push(stray);
            assert_eq!(browser.code(ASSIGN, to("anna@example.org", &ids)).await, "NOT_FOUND");
            ids.pop();
        }
        assert_eq!(counts(&app).await, before);
        browser.data(ASSIGN, to("anna@example.org", &ids)).await;
        assert_eq!(counts(&app).await, [1, 2, 1, 1, before[4] + 1]);
    }

    async fn what_is_wrong_with_an_assignment_is_said_by_field_and_changes_nothing(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        let before = counts(&app).await;
        let mut browser = app.client(app.dealer).await;
        let good = json!({ "emails": ["anna@example.org"], "selection": { "ids": ids }, "until": "2026-11-23", "note": "ä".repeat(500) });
        for (field, value, reason) in [
            ("emails", json!(["anna"]), "NOT_AN_EMAIL"),
            ("emails", json!(["anna@example.org\r\nBcc: eve@example.org"]), "NOT_AN_EMAIL"),
            ("emails", json!(["anna@example.org", "bert@"]), "NOT_AN_EMAIL"),
            ("emails", json!([]), "MISSING"),
            ("emails", json!((0..21).map(|n| format!("a{n}@example.org")).collect::<Vec<_>>()), "TOO_MANY"),
            ("until", json!("2026-11-22"), "DATE_IN_PAST"),
            ("note", json!("ä".repeat(501)), "TOO_LONG"),
            ("selection", json!({}), "NOTHING_SELECTED"),
            ("selection", json!({ "ids": [] }), "NOTHING_SELECTED"),
            ("selection", json!({ "ids": ids, "filter": {} }), "NOTHING_SELECTED"),
            ("selection", json!({ "ids": ids, "except": ids }), "NOTHING_SELECTED"),
            ("selection", json!({ "filter": {}, "except": ids }), "NOTHING_SELECTED"),
            ("selection", json!({ "filter": { "serialPrefix": "9" } }), "NOTHING_SELECTED"),
        ] {
            let mut input = good.clone();
            input[field] = value;
            let refusal = browser.refusal(ASSIGN, json!({ "input": input })).await;
            assert_eq!((&refusal["code"], &refusal["field"], &refusal["reason"]), (&json!("INVALID"), &json!(field), &json!(reason)));
        }
        assert_eq!(counts(&app).await, before);
        browser.data(ASSIGN, json!({ "input": good })).await;
    }

    async fn all_that_match_a_filter_but_for_exceptions_take_one_statement_more_or_less(app: TestApp) {
        let numbers: Vec<_> = (0..1000).map(|n| format!("5000{n:04}")).collect();
        let ids = give_devices(&app, app.dealer, &numbers.iter().map(String::as_str).collect::<Vec<_>>()).await;
        give_devices(&app, app.other_dealer, &["50001000"]).await;
        let mut browser = app.client(app.dealer).await;
        let mut statements = Vec::new();
        for (prefix, expected) in [("5000000", 9), ("", 999)] {
            let input = json!({ "input": {
                "emails": ["anna@example.org"], "selection": { "filter": { "serialPrefix": prefix }, "except": [ids[3]] },
            }});
            let mut data = Value::Null;
            statements.push(app.statements(async { data = browser.data(ASSIGN, input).await }).await);
            assert_eq!(data["assignReadRights"]["assignments"][0]["deviceCount"], expected);
        }
        assert_eq!(statements[0], statements[1]);
        let rights = read_right::Entity::find().all(app.db()).await.unwrap();
        assert_eq!(rights.len(), 9 + 999);
        assert!(rights.iter().all(|right| right.device_id != ids[3] && ids.contains(&right.device_id)));
    }

    async fn a_dealer_sees_what_is_pending_in_force_and_over(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701", "76348702"]).await;
        let mut dealer = app.client(app.dealer).await;
        let over = accepted(&app, app.customer, "k104233@kunde.example", &ids, None).await;
        dealer.data(REVOKE, of_ids(&[&over])).await;
        app.pass(TimeDelta::seconds(1));
        accepted(&app, app.stranger, STRANGER, &ids[..1], None).await;
        app.pass(TimeDelta::seconds(1));
        dealer.data(ASSIGN, to("anna@example.org", &ids)).await;

        let row = |email: &str, state: &str, count: u32| json!({ "email": email, "state": state, "deviceCount": count });
        let pending = row("anna@example.org", "PENDING", 2);
        let active = row(STRANGER, "ACTIVE", 1);
        let ended = row("k104233@kunde.example", "REVOKED", 0);
        for (state, expected) in [
            (Value::Null, json!([pending, active, ended])),
            (json!("PENDING"), json!([pending])),
            (json!("ACTIVE"), json!([active])),
            (json!("REVOKED"), json!([ended])),
            (json!("ENDED"), json!([])),
        ] {
            let list = dealer.data(ASSIGNMENTS, json!({ "state": state })).await;
            assert_eq!(list["assignments"]["nodes"], expected);
            assert_eq!(list["assignments"]["totalCount"], expected.as_array().unwrap().len());
        }
        let first = dealer.data(ASSIGNMENTS, json!({ "first": 2 })).await;
        assert_eq!(first["assignments"]["nodes"], json!([pending, active]));
        let after = &first["assignments"]["pageInfo"]["endCursor"];
        let last = dealer.data(ASSIGNMENTS, json!({ "first": 2, "after": after })).await;
        assert_eq!((&last["assignments"]["nodes"], &last["assignments"]["pageInfo"]["hasNextPage"]), (&json!([ended]), &json!(false)));
        assert_eq!(app.client(app.other_dealer).await.data(ASSIGNMENTS, json!({})).await["assignments"]["totalCount"], 0);

        for (assigned, expected) in [("FREE", vec![]), ("PENDING", vec!["76348701", "76348702"]), ("ACTIVE", vec!["76348701"])] {
            let found = dealer.data(DEVICES, json!({ "filter": { "assigned": assigned } })).await;
            assert_eq!(serials(&found), expected, "{assigned}");
        }
        let devices = dealer.data(DEVICES, json!({})).await;
        let right = |email: &str, state: &str| json!({ "email": email, "state": state });
        assert_eq!(devices["devices"]["nodes"][0]["readRights"], json!([right("anna@example.org", "PENDING"), right(STRANGER, "ACTIVE")]));
        assert_eq!(devices["devices"]["nodes"][1]["readRights"], json!([right("anna@example.org", "PENDING")]));
        assert_eq!(devices["devices"]["nodes"][0]["viewerCanAssign"], true);
    }

    async fn a_device_shows_its_ten_newest_rights(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701", "76348702"]).await;
        let mut dealer = app.client(app.dealer).await;
        for number in 0..12 {
            app.pass(TimeDelta::milliseconds(1));
            dealer.data(ASSIGN, to(&format!("a{number}@example.org"), &ids[..1])).await;
        }
        let devices = dealer.data(DEVICES, json!({})).await;
        let emails: Vec<_> = devices["devices"]["nodes"][0]["readRights"].as_array().unwrap().iter().map(|right| right["email"].as_str().unwrap()).collect();
        let expected: Vec<_> = (2..12).rev().map(|number| format!("a{number}@example.org")).collect();
        assert_eq!(emails, expected);
        assert_eq!(devices["devices"]["nodes"][1]["readRights"], json!([]));
    }

    async fn a_page_of_a_hundred_assignments_costs_as_many_statements_as_one_of_ten(app: TestApp) {
        give_devices(&app, app.dealer, &["76348701"]).await;
        let dealer = actor(&app, app.dealer, AccountKind::Dealer);
        for number in 0..100 {
            assign_all(&app, &dealer, &format!("a{number}@example.org")).await;
        }
        let mut browser = app.client(app.dealer).await;
        let ten = app.statements(browser.data(ASSIGNMENTS, json!({ "first": 10 }))).await;
        let hundred = app.statements(browser.data(ASSIGNMENTS, json!({ "first": 100 }))).await;
        assert_eq!(ten, hundred);
    }

    async fn the_token_is_stored_nowhere_but_in_the_mail(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        let answer = app.client(app.dealer).await.data(ASSIGN, to("anna@example.org", &ids)).await;
        let token = token_for(&app, "anna@example.org").await;
        let row = link::Entity::find().one(app.db()).await.unwrap().unwrap();
        assert_eq!((row.token_hash.len(), row.email.as_str()), (32, "anna@example.org"));
        assert_eq!(row.expires_at - row.created_at, TimeDelta::days(7));
        let audit = audit::Entity::find().all(app.db()).await.unwrap();
        assert!(!format!("{answer} {row:?} {audit:?}").contains(&token));
    }

    async fn only_the_dealer_himself_revokes(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        let id = accepted(&app, app.stranger, STRANGER, &ids, None).await;
        let input = of_ids(&[&id]);
        for (person, code) in [(app.other_dealer, "NOT_FOUND"), (app.stranger, "FORBIDDEN"), (app.staff, "FORBIDDEN")] {
            assert_eq!(app.client(person).await.code(REVOKE, input.clone()).await, code);
        }
        assert_eq!(assignment::Entity::find().one(app.db()).await.unwrap().unwrap().revoked_at, None);
    }
}

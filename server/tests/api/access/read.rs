//! Accepting read rights, using them, and their end.
use super::*;

crate::on_both! {
    async fn whoever_is_not_registered_gets_a_mail_registers_and_reads_exactly_what_was_given(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701", "76348702", "76348703"]).await;
        let input = json!({ "input": {
            "emails": [" Mara.Lehmann@Example.org "], "selection": { "ids": [ids[0], ids[2]] }, "until": "2026-12-31", "note": " Haus 4 ",
        }});
        let data = app.client(app.dealer).await.data(ASSIGN, input).await;
        let mut given = data["assignReadRights"]["assignments"][0].clone();
        given.as_object_mut().unwrap().remove("id");
        assert_eq!(given, json!({
            "email": "mara.lehmann@example.org", "state": "PENDING", "deviceCount": 2, "until": "2026-12-31", "note": "Haus 4",
            "createdAt": "2026-11-23T09:00:00+00:00",
        }));
        let token = token_for(&app, "mara.lehmann@example.org").await;
        assert_eq!(token.len(), 43, "256 bits in base64url");

        let mut browser = app.anonymous();
        let looked = browser.data(LINK, json!({ "token": token })).await;
        assert_eq!(looked["link"], json!({
            "email": "mara.lehmann@example.org", "from": "Haustechnik Brandt & Söhne KG", "deviceCount": 2,
            "until": "2026-12-31", "needsRegistration": true,
        }));
        let registration = json!({ "input": { "token": token, "password": PASSWORD, "name": "Mara", "language": "DE" } });
        let registered = browser.data(REGISTER, registration).await;
        assert_eq!(registered["completeRegistration"]["viewer"], json!({ "email": "mara.lehmann@example.org", "deviceCount": 2 }));

        let devices = browser.data(DEVICES, json!({})).await;
        let device = |serial: &str| json!({
            "serialNumber": serial, "readableUntil": "2026-12-31", "readableThrough": "Haustechnik Brandt & Söhne KG",
            "viewerCanAssign": false, "viewerCanReveal": true, "readRights": [],
        });
        assert_eq!(devices["devices"], json!({ "totalCount": 2, "nodes": [device("76348701"), device("76348703")] }));
        assert_eq!(browser.code(REVEAL, reveal_input(ids[0])).await, "STEP_UP_REQUIRED");
        let step_up = "mutation($input: StepUpInput!) { stepUp(input: $input) { validUntil } }";
        browser.data(step_up, json!({ "input": { "password": PASSWORD } })).await;
        let revealed = browser.data(REVEAL, reveal_input(ids[0])).await;
        assert_eq!(revealed["revealKey"]["key"], key_of("76348701"));
        assert_eq!(browser.code(REVEAL, reveal_input(ids[1])).await, "NOT_FOUND");
        assert_eq!(browser.code(DEVICE, json!({ "id": ids[1] })).await, "NOT_FOUND");
        assert_eq!(browser.refusal(LINK, json!({ "token": token })).await["reason"], "LINK_INVALID");
    }

    async fn whoever_is_registered_accepts_once_for_the_account_in_view(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701", "76348702"]).await;
        app.client(app.dealer).await.data(ASSIGN, to(STRANGER, &ids[..1])).await;
        let token = token_for(&app, STRANGER).await;
        let mut browser = app.client(app.stranger).await;
        assert_eq!(browser.data(LINK, json!({ "token": token })).await["link"]["needsRegistration"], false);
        assert_eq!(serials(&browser.data(DEVICES, json!({})).await), Vec::<&str>::new());
        let accepted = browser.data(ACCEPT, token_input(&token)).await;
        assert_eq!(accepted["acceptReadRights"], json!({ "deviceCount": 1, "viewer": { "deviceCount": 1 } }));
        assert_eq!(serials(&browser.data(DEVICES, json!({})).await), ["76348701"]);
        let again = browser.refusal(ACCEPT, token_input(&token)).await;
        assert_eq!((&again["code"], &again["field"], &again["reason"]), (&json!("INVALID"), &json!("token"), &json!("LINK_INVALID")));
        let register = json!({ "input": { "token": token, "password": PASSWORD, "language": "DE" } });
        assert_eq!(app.anonymous().refusal(REGISTER, register).await["reason"], "LINK_INVALID");
    }

    async fn a_customer_reads_a_key_with_a_second_factor_only_where_the_provider_says_so_e08(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        app.client(app.dealer).await.data(ASSIGN, to(STRANGER, &ids)).await;
        let token = token_for(&app, STRANGER).await;
        app.client(app.stranger).await.data(ACCEPT, token_input(&token)).await;
        let app = app.restarted(|settings| settings.require_second_factor = true);
        let mut reader = app.client(app.stranger).await;
        assert_eq!(serials(&reader.data(DEVICES, json!({})).await), ["76348701"], "the list is open to him");
        assert_eq!(reader.code(REVEAL, reveal_input(ids[0])).await, "SECOND_FACTOR_REQUIRED");
        assert_eq!(reader.code(REVEAL, reveal_input(DeviceId(app.app.new_id()))).await, "NOT_FOUND");
        let reads = audit::Entity::find().filter(audit::COLUMN.act.eq("revealKey")).filter(audit::COLUMN.is_allowed.eq(true));
        assert_eq!(reads.count(app.db()).await.unwrap(), 0);
    }

    async fn a_link_counts_for_its_address_only_and_stays_good_when_others_try(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        app.client(app.dealer).await.data(ASSIGN, to(STRANGER, &ids)).await;
        let token = token_for(&app, STRANGER).await;
        let before = counts(&app).await;
        for person in [app.customer, app.bookkeeper, app.other_dealer, app.dealer, app.staff] {
            assert_eq!(app.client(person).await.code(ACCEPT, token_input(&token)).await, "FORBIDDEN");
        }
        assert_eq!(app.anonymous().code(ACCEPT, token_input(&token)).await, "UNAUTHENTICATED");
        let register = json!({ "input": { "token": token, "password": PASSWORD, "language": "DE" } });
        assert_eq!(app.anonymous().refusal(REGISTER, register).await["reason"], "ALREADY_REGISTERED");
        assert_eq!(counts(&app).await, before);
        assert_eq!(app.client(app.customer).await.data(DEVICES, json!({})).await["devices"]["totalCount"], 0);
        assert_eq!(app.client(app.stranger).await.data(ACCEPT, token_input(&token)).await["acceptReadRights"]["deviceCount"], 1);
    }

    async fn a_right_counts_through_its_last_day_and_not_a_moment_longer(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        accepted(&app, app.stranger, STRANGER, &ids, Some("2026-11-24")).await;
        app.app.clock.set("2026-11-24T23:59:59Z".parse().unwrap());
        let mut browser = app.client(app.stranger).await;
        assert_eq!(browser.data(REVEAL, reveal_input(ids[0])).await["revealKey"]["key"], key_of("76348701"));
        app.app.clock.set("2026-11-25T00:00:00Z".parse().unwrap());
        assert_eq!(browser.code(REVEAL, reveal_input(ids[0])).await, "NOT_FOUND");
        assert_eq!(browser.code(DEVICE, json!({ "id": ids[0] })).await, "NOT_FOUND");
        assert_eq!(browser.data(DEVICES, json!({})).await["devices"], json!({ "totalCount": 0, "nodes": [] }));
        let ended = app.client(app.dealer).await.data(ASSIGNMENTS, json!({})).await;
        assert_eq!(ended["assignments"]["nodes"], json!([{ "email": STRANGER, "state": "ENDED", "deviceCount": 0 }]));
    }

    async fn a_revoked_right_ends_on_the_next_request_e05(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        let id = accepted(&app, app.stranger, STRANGER, &ids, None).await;
        let mut browser = app.client(app.stranger).await;
        let seen = browser.data(DEVICES, json!({})).await;
        assert_eq!(seen["devices"]["nodes"][0]["readableUntil"], Value::Null);
        assert_eq!(browser.data(REVEAL, reveal_input(ids[0])).await["revealKey"]["key"], key_of("76348701"));
        let revoked = app.client(app.dealer).await.data(REVOKE, of_ids(&[&id])).await;
        assert_eq!(revoked["revokeReadRights"]["assignments"], json!([{ "id": id, "state": "REVOKED", "deviceCount": 0 }]));
        assert_eq!(browser.code(REVEAL, reveal_input(ids[0])).await, "NOT_FOUND");
        assert_eq!(browser.data(DEVICES, json!({})).await["devices"], json!({ "totalCount": 0, "nodes": [] }));
        assert_eq!(app.client(app.dealer).await.code(REVOKE, of_ids(&[&id])).await, "CONFLICT");
    }

    async fn a_pending_link_dies_with_its_assignment_its_last_day_and_after_a_week(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        let mut dealer = app.client(app.dealer).await;
        let mut reader = app.client(app.stranger).await;

        let given = dealer.data(ASSIGN, to(STRANGER, &ids)).await;
        let revoked = token_for(&app, STRANGER).await;
        dealer.data(REVOKE, of_ids(&[&given["assignReadRights"]["assignments"][0]["id"]])).await;
        assert_eq!(reader.refusal(LINK, json!({ "token": revoked })).await["reason"], "LINK_INVALID");
        assert_eq!(reader.refusal(ACCEPT, token_input(&revoked)).await["reason"], "LINK_INVALID");

        dealer.data(ASSIGN, json!({ "input": { "emails": [STRANGER], "selection": { "ids": ids }, "until": "2026-11-23" } })).await;
        let today = token_for(&app, STRANGER).await;
        dealer.data(ASSIGN, to(STRANGER, &ids)).await;
        let week = token_for(&app, STRANGER).await;
        app.app.clock.set("2026-11-24T00:00:00Z".parse().unwrap());
        let mut reader = app.client(app.stranger).await;
        assert_eq!(reader.refusal(ACCEPT, token_input(&today)).await["reason"], "LINK_INVALID");
        app.app.clock.set("2026-11-30T09:00:01Z".parse().unwrap());
        let mut reader = app.client(app.stranger).await;
        assert_eq!(reader.refusal(ACCEPT, token_input(&week)).await["reason"], "LINK_INVALID");
        app.app.clock.set("2026-11-30T09:00:00Z".parse().unwrap());
        assert_eq!(reader.data(ACCEPT, token_input(&week)).await["acceptReadRights"]["deviceCount"], 1);
    }

    async fn of_two_who_use_a_link_at_once_one_gets_it(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        app.client(app.dealer).await.data(ASSIGN, to(STRANGER, &ids)).await;
        let token = token_for(&app, STRANGER).await;
        let (mut one, mut two) = (app.client(app.stranger).await, app.client(app.stranger).await);
        let answers = tokio::join!(one.graphql(ACCEPT, token_input(&token)), two.graphql(ACCEPT, token_input(&token)));
        let refused = [&answers.0, &answers.1].iter().filter(|answer| answer["errors"][0]["extensions"]["reason"] == "LINK_INVALID").count();
        assert_eq!(refused, 1, "{answers:?}");
    }

    async fn a_reader_learns_nothing_of_the_rights_of_others(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        accepted(&app, app.stranger, STRANGER, &ids, None).await;
        app.client(app.dealer).await.data(ASSIGN, to("anna@example.org", &ids)).await;
        let mut browser = app.client(app.stranger).await;
        assert_eq!(browser.data(DEVICES, json!({})).await["devices"]["nodes"][0]["readRights"], json!([]));
        for assigned in ["FREE", "PENDING", "ACTIVE"] {
            let found = browser.data(DEVICES, json!({ "filter": { "assigned": assigned } })).await;
            assert_eq!(found["devices"]["totalCount"], 0, "{assigned}");
        }
    }

    async fn of_several_rights_the_one_that_lasts_longest_is_shown(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        let shown = async |app: &TestApp| app.client(app.stranger).await.data(DEVICES, json!({})).await["devices"].clone();
        for (until, expected) in [
            (Some("2026-12-01"), json!("2026-12-01")),
            (Some("2027-06-30"), json!("2027-06-30")),
            (Some("2027-01-01"), json!("2027-06-30")),
            (None, Value::Null),
            (Some("2027-02-01"), Value::Null),
        ] {
            accepted(&app, app.stranger, STRANGER, &ids, until).await;
            let devices = shown(&app).await;
            assert_eq!((&devices["totalCount"], &devices["nodes"][0]["readableUntil"]), (&json!(1), &expected));
        }
    }

    async fn a_page_of_a_hundred_costs_a_reader_as_many_statements_as_one_of_ten(app: TestApp) {
        const PAGE: &str = "query($first: Int) { devices(first: $first) { totalCount nodes {
            serialNumber keyNames readableUntil readableThrough viewerCanReveal readRights { email } } } }";
        let numbers: Vec<_> = (0..120).map(|n| format!("50000{n:03}")).collect();
        give_devices(&app, app.dealer, &numbers.iter().map(String::as_str).collect::<Vec<_>>()).await;
        assign_all(&app, &actor(&app, app.dealer, AccountKind::Dealer), STRANGER).await;
        let token = token_for(&app, STRANGER).await;
        let mut browser = app.client(app.stranger).await;
        browser.data(ACCEPT, token_input(&token)).await;
        let mut page = Value::Null;
        let ten = app.statements(async { page = browser.data(PAGE, json!({ "first": 10 })).await }).await;
        assert_eq!((page["devices"]["nodes"].as_array().unwrap().len(), &page["devices"]["totalCount"]), (10, &json!(120)));
        let hundred = app.statements(async { page = browser.data(PAGE, json!({ "first": 100 })).await }).await;
        assert_eq!(page["devices"]["nodes"][99]["readableThrough"], "Haustechnik Brandt & Söhne KG");
        assert_eq!(ten, hundred);
    }

    async fn a_dealer_may_read_what_another_dealer_gave_him_besides_his_own(app: TestApp) {
        let own = give_devices(&app, app.other_dealer, &["76348700"]).await;
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        accepted(&app, app.other_dealer, "k200015@kunde.example", &ids, None).await;
        let mut browser = app.client(app.other_dealer).await;
        let devices = browser.data(DEVICES, json!({})).await;
        let shown = |serial: &str, through: Option<&str>, assign: bool| json!({
            "serialNumber": serial, "readableUntil": null, "readableThrough": through, "viewerCanAssign": assign, "viewerCanReveal": true, "readRights": [],
        });
        assert_eq!(devices["devices"]["nodes"], json!([
            shown("76348700", None, true), shown("76348701", Some("Haustechnik Brandt & Söhne KG"), false),
        ]));
        assert_eq!(browser.data(REVEAL, reveal_input(own[0])).await["revealKey"]["key"], key_of("76348700"));
        assert_eq!(browser.data(REVEAL, reveal_input(ids[0])).await["revealKey"]["key"], key_of("76348701"));
        assert_eq!(browser.code(ASSIGN, to("anna@example.org", &ids)).await, "NOT_FOUND");
    }
}

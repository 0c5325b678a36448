//! Inviting people, and their accepting.
use super::*;

crate::on_both! {
    async fn somebody_new_registers_by_the_link_and_may_what_was_offered_f01(app: TestApp) {
        let token = invited(&app, KAMP, &["SEE_INVOICES"]).await;
        let mut browser = app.anonymous();
        let offer = browser.data(OFFER, json!({ "token": token })).await["invitation"].clone();
        assert_eq!(offer, json!({
            "email": KAMP, "accountName": "Bäckerei Öztürk GmbH", "accountNumber": "104233", "from": null, "name": "Lena Kamp",
            "userName": "104233/kamp", "rights": ["SEE_INVOICES"], "until": null, "needsRegistration": true,
        }));
        let viewer = browser.data(COMPLETE, completion(&token)).await["completeInvitation"]["viewer"].clone();
        assert_eq!(viewer, json!({ "name": "Lena Kamp", "email": KAMP, "account": { "number": "104233" }, "rights": ["SEE_INVOICES"] }));
        assert_eq!(browser.data(INVOICES, json!({})).await["invoices"]["totalCount"], 0);
        assert_eq!(browser.code("{ contracts { totalCount } }", json!({})).await, "FORBIDDEN");
        assert_eq!(browser.code("{ members { totalCount } }", json!({})).await, "FORBIDDEN");
        for name in ["104233/KAMP", KAMP] {
            let signed_in = app.anonymous().data(SIGN_IN, json!({ "input": { "name": name, "password": PASSWORD } })).await;
            assert_eq!(signed_in["signIn"]["viewer"]["account"]["number"], "104233", "{name}");
        }
        assert_eq!(app.client(app.customer).await.data(INVITATIONS, json!({})).await["invitations"]["totalCount"], 0);
        let used = refused(&app, &mut app.anonymous(), COMPLETE, completion(&token), "INVALID").await;
        assert_eq!(used["reason"], "LINK_INVALID");
        let acts = acts(&app).await;
        assert!(acts.iter().any(|act| act == "inviteMember") && acts.iter().any(|act| act == "completeInvitation"), "{acts:?}");
    }

    async fn of_two_who_register_by_a_link_at_once_one_becomes_a_user_f01(app: TestApp) {
        let token = invited(&app, KAMP, &["SEE_INVOICES"]).await;
        let users = user::Entity::find().count(app.db()).await.unwrap();
        let (mut one, mut other) = (app.anonymous(), app.anonymous());
        let (one, other) = tokio::join!(one.graphql(COMPLETE, completion(&token)), other.graphql(COMPLETE, completion(&token)));
        let done = [one, other].iter().filter(|answer| answer.get("errors").is_none()).count();
        assert_eq!((done, user::Entity::find().count(app.db()).await.unwrap()), (1, users + 1));
    }

    async fn the_inviter_does_not_learn_whether_an_address_is_registered_b09(app: TestApp) {
        let mut browser = app.client(app.customer).await;
        let (mut answers, mut statements) = (Vec::new(), Vec::new());
        for email in ["k104871@kunde.example", "niemand@kunde.example"] {
            let mut answer = Value::Null;
            let work = async { answer = browser.data(INVITE, invitation(email, &["SEE_INVOICES"])).await };
            statements.push(app.statements(work).await);
            let made = answer["inviteMember"]["invitation"].as_object_mut().unwrap();
            assert_eq!((made.remove("email"), made.remove("id").is_some()), (Some(json!(email)), true));
            answers.push(answer);
            let listed = browser.data(INVITATIONS, json!({})).await["invitations"].clone();
            assert_eq!(listed["nodes"][0]["email"], email);
            let id = listed["nodes"][0]["id"].clone();
            browser.data(WITHDRAW, json!({ "input": { "id": id } })).await;
        }
        assert_eq!((&answers[0], statements[0]), (&answers[1], statements[1]));
        let mails = app.mails().await;
        assert_eq!((mails.len(), &mails[0].subject), (2, &mails[1].subject));
    }

    async fn an_invitation_opened_by_somebody_else_moves_no_right_f02(app: TestApp) {
        let token = invited(&app, "k104871@kunde.example", &["SEE_INVOICES"]).await;
        for other in [app.dealer, app.staff, app.customer, app.bookkeeper] {
            refused(&app, &mut app.client(other).await, ACCEPT, with_token(&token), "FORBIDDEN").await;
        }
        let registered = refused(&app, &mut app.anonymous(), COMPLETE, completion(&token), "INVALID").await;
        assert_eq!(registered["reason"], "ALREADY_REGISTERED");
        refused(&app, &mut app.anonymous(), ACCEPT, with_token(&token), "UNAUTHENTICATED").await;

        let mut browser = app.client(app.stranger).await;
        let viewer = browser.data(ACCEPT, with_token(&token)).await["acceptInvitation"]["viewer"].clone();
        assert_eq!(viewer, json!({ "account": { "number": "104233" }, "rights": ["SEE_INVOICES"] }));
        let seen = browser.data(VIEWER, json!({})).await["viewer"].clone();
        let numbers: Vec<_> = seen["memberships"].as_array().unwrap().iter().map(|row| row["account"]["number"].clone()).collect();
        assert_eq!((&seen["account"]["number"], numbers), (&json!("104233"), vec![json!("104871"), json!("104233")]));
        refused(&app, &mut browser, ACCEPT, with_token(&token), "INVALID").await;
    }

    async fn a_newer_invitation_or_link_ends_the_older_and_a_withdrawn_one_gives_nothing_f03(app: TestApp) {
        let first = invited(&app, KAMP, &["SEE_INVOICES"]).await;
        let second = invited(&app, KAMP, &["READ_KEYS"]).await;
        let dead = async |token: &str| {
            let refusal = refused(&app, &mut app.anonymous(), COMPLETE, completion(token), "INVALID").await;
            assert_eq!(refusal["reason"], "LINK_INVALID");
            assert_eq!(app.anonymous().refusal(OFFER, json!({ "token": token })).await["reason"], "LINK_INVALID");
        };
        dead(&first).await;
        let mut owner = app.client(app.customer).await;
        let listed = owner.data(INVITATIONS, json!({})).await["invitations"].clone();
        assert_eq!(listed["totalCount"], 1);
        let id = json!({ "input": { "id": listed["nodes"][0]["id"] } });
        owner.data(RESEND, id.clone()).await;
        let third = token_for(&app, KAMP).await;
        dead(&second).await;
        assert_eq!(app.anonymous().data(OFFER, json!({ "token": third })).await["invitation"]["rights"], json!(["READ_KEYS"]));
        owner.data(WITHDRAW, id.clone()).await;
        dead(&third).await;
        refused(&app, &mut owner, RESEND, id.clone(), "NOT_FOUND").await;
        refused(&app, &mut owner, WITHDRAW, id, "NOT_FOUND").await;
        assert_eq!(owner.data(INVITATIONS, json!({})).await["invitations"]["totalCount"], 0);
        assert_eq!(user::Entity::find().filter(user::COLUMN.email.eq(KAMP)).one(app.db()).await.unwrap(), None);
    }

    async fn a_link_lasts_a_week_and_its_invitation_ninety_days_longer_f03(app: TestApp) {
        let token = invited(&app, KAMP, &["SEE_INVOICES"]).await;
        let list = async |days: i64| {
            app.pass(TimeDelta::days(days));
            app.client(app.customer).await.data(INVITATIONS, json!({})).await["invitations"].clone()
        };
        let over = list(7).await;
        assert_eq!((&over["totalCount"], &over["nodes"][0]["isLinkOver"]), (&json!(1), &json!(true)));
        let refusal = refused(&app, &mut app.anonymous(), COMPLETE, completion(&token), "INVALID").await;
        assert_eq!(refusal["reason"], "LINK_INVALID");
        assert_eq!(list(89).await["totalCount"], 1);
        let id = json!({ "input": { "id": over["nodes"][0]["id"] } });
        app.client(app.customer).await.data(RESEND, id.clone()).await;
        assert_eq!(list(96).await["totalCount"], 1);
        assert_eq!(list(1).await["totalCount"], 0);
        refused(&app, &mut app.client(app.customer).await, RESEND, id, "NOT_FOUND").await;
    }

    async fn a_link_that_the_invited_person_renews_ends_later_and_the_invitation_does_not_f03(app: TestApp) {
        let token = invited(&app, KAMP, &["SEE_INVOICES"]).await;
        let renew = "mutation($input: RenewLinkInput!) { renewLink(input: $input) { isTakenDown } }";
        let list = async |days: i64| {
            app.pass(TimeDelta::days(days));
            app.client(app.customer).await.data(INVITATIONS, json!({})).await["invitations"].clone()
        };
        assert_eq!(list(8).await["nodes"][0]["isLinkOver"], true);
        app.anonymous().data(renew, json!({ "input": { "token": token } })).await;
        assert_eq!(app.mails().await.len(), 2);
        let renewed = list(0).await;
        assert_eq!((&renewed["totalCount"], &renewed["nodes"][0]["isLinkOver"]), (&json!(1), &json!(false)));
        assert_eq!(list(88).await["totalCount"], 1);
        assert_eq!(list(1).await["totalCount"], 0, "97 days after it was sent");
    }

    async fn looking_at_an_invitation_three_times_changes_nothing_f04(app: TestApp) {
        let token = invited(&app, KAMP, &["SEE_INVOICES"]).await;
        let before = state(&app).await;
        for _ in 0..3 {
            app.anonymous().data(OFFER, json!({ "token": token })).await;
            app.anonymous().get("/invitation").await;
        }
        assert!(state(&app).await == before);
        app.anonymous().data(COMPLETE, completion(&token)).await;
    }

    async fn an_invitation_is_worth_what_its_inviter_may_still_give_e06(app: TestApp) {
        let manager = app.member(app.customer.account, "104233/leitung", &[Right::ManageUsers, Right::SeeInvoices]).await;
        app.client(manager).await.data(INVITE, invitation(KAMP, &["SEE_INVOICES"])).await;
        let token = token_for(&app, KAMP).await;
        given(&app, manager, &[Right::ManageUsers], None).await;
        let refusal = refused(&app, &mut app.anonymous(), COMPLETE, completion(&token), "INVALID").await;
        assert_eq!(refusal["reason"], "LINK_INVALID");
        given(&app, manager, &[Right::ManageUsers, Right::SeeInvoices], None).await;

        app.client(app.customer).await.data(BLOCK, whom(manager)).await;
        assert_eq!(app.client(app.customer).await.data(INVITATIONS, json!({})).await["invitations"]["totalCount"], 0);
        app.client(app.customer).await.data(UNBLOCK, whom(manager)).await;
        refused(&app, &mut app.anonymous(), COMPLETE, completion(&token), "INVALID").await;
    }

    async fn what_is_wrong_with_an_invitation_is_said_by_field(app: TestApp) {
        let token = invited(&app, KAMP, &["SEE_INVOICES"]).await;
        let mut owner = app.client(app.customer).await;
        let good = json!({ "email": "neu@oeztuerk.example", "userName": "104233/neu", "name": "ä".repeat(100), "rights": ["READ_KEYS"], "until": "2026-11-23" });
        for (field, value, reason) in [
            ("email", json!("neu"), "NOT_AN_EMAIL"),
            ("email", json!("neu@oeztuerk.example\r\nBcc: eve@example.org"), "NOT_AN_EMAIL"),
            ("email", json!("Buchhaltung@oeztuerk.example"), "ALREADY_MEMBER"),
            ("userName", json!("neu"), "NOT_A_USER_NAME"),
            ("userName", json!("104871/neu"), "NOT_A_USER_NAME"),
            ("userName", json!("104871"), "NOT_A_USER_NAME"),
            ("userName", json!("104233/Buch"), "NAME_TAKEN"),
            ("userName", json!("104233/KAMP"), "NAME_TAKEN"),
            ("name", json!("ä".repeat(101)), "TOO_LONG"),
            ("rights", json!([]), "MISSING"),
            ("until", json!("2026-11-22"), "DATE_IN_PAST"),
            ("until", json!("9999-01-01"), "END_TOO_LATE"),
        ] {
            let mut input = good.clone();
            input[field] = value;
            let refusal = refused(&app, &mut owner, INVITE, json!({ "input": input }), "INVALID").await;
            assert_eq!((&refusal["field"], &refusal["reason"]), (&json!(field), &json!(reason)));
        }
        owner.data(INVITE, json!({ "input": good })).await;

        let mut weak = completion(&token);
        weak["input"]["password"] = json!("104233-Kamp-a");
        let refusal = refused(&app, &mut app.anonymous(), COMPLETE, weak, "INVALID").await;
        assert_eq!((&refusal["field"], &refusal["reason"], &refusal["rules"]), (&json!("password"), &json!("WEAK_PASSWORD"), &json!(["NOT_YOUR_NAME"])));
        let mut long = completion(&token);
        long["input"]["name"] = json!("ä".repeat(101));
        assert_eq!(refused(&app, &mut app.anonymous(), COMPLETE, long, "INVALID").await["field"], "name");
    }

    async fn a_hundred_invitations_wait_at_most(app: TestApp) {
        let mut owner = app.client(app.customer).await;
        for number in 0..100 {
            let input = json!({ "email": format!("a{number}@example.org"), "userName": format!("104233/a{number}"), "rights": ["READ_KEYS"] });
            owner.data(INVITE, json!({ "input": input })).await;
        }
        let listing = "query($first: Int) { invitations(first: $first) { nodes { id email userName name rights until createdAt linkEndsAt } } }";
        let ten = app.statements(owner.data(listing, json!({ "first": 10 }))).await;
        let hundred = app.statements(owner.data(listing, json!({ "first": 100 }))).await;
        assert_eq!(ten, hundred);
        refused(&app, &mut owner, INVITE, invitation(KAMP, &["READ_KEYS"]), "TOO_LARGE").await;
    }
}

//! Changing, blocking and removing members.
use super::*;

const BOOKKEEPER: &str = "buchhaltung@oeztuerk.example";

crate::on_both! {
    async fn the_list_says_who_belongs_to_the_account(app: TestApp) {
        given(&app, app.technician, &[Right::ReadKeys], Some(3)).await;
        let mut owner = app.client(app.customer).await;
        let list = owner.data(MEMBERS, json!({})).await["members"].clone();
        let nodes = list["nodes"].as_array().unwrap();
        assert_eq!(list["totalCount"], 3);
        let find = |name: &str| nodes.iter().find(|node| node["userNames"] == json!([name])).unwrap();
        assert_eq!(find("104233"), &json!({
            "userNames": ["104233"], "email": "k104233@kunde.example", "rights": ["OWNER"], "until": null, "hasEnded": false,
            "blockedAt": null, "lastSeenAt": "2026-11-23T09:00:00+00:00", "hasSecondFactor": false, "isViewer": true, "viewerCanChange": true,
        }));
        let technician = find("104233/technik");
        assert_eq!((&technician["until"], &technician["lastSeenAt"]), (&json!("2026-11-26"), &Value::Null));
        let manager = app.member(app.customer.account, "104233/leitung", &[Right::ManageUsers]).await;
        let seen = app.client(manager).await.data(MEMBERS, json!({})).await["members"]["nodes"].clone();
        assert!(seen.as_array().unwrap().iter().all(|node| node["viewerCanChange"] == node["isViewer"]), "{seen}");
        assert_eq!(app.client(app.stranger).await.data(MEMBERS, json!({})).await["members"]["totalCount"], 1);
    }

    async fn a_page_of_a_hundred_members_costs_as_many_statements_as_one_of_ten(app: TestApp) {
        for number in 0..97 {
            app.member(app.customer.account, &format!("104233/m{number}"), &[Right::ReadKeys]).await;
        }
        let mut owner = app.client(app.customer).await;
        let listing = "query($first: Int, $after: String) { members(first: $first, after: $after) {
            nodes { userId name email userNames rights lastSeenAt } pageInfo { endCursor hasNextPage } } }";
        let mut page = Value::Null;
        let ten = app.statements(async { page = owner.data(listing, json!({ "first": 10 })).await }).await;
        let hundred = app.statements(owner.data(listing, json!({ "first": 100 }))).await;
        assert_eq!(ten, hundred);
        let after = &page["members"]["pageInfo"]["endCursor"];
        let rest = owner.data(listing, json!({ "first": 100, "after": after })).await["members"].clone();
        assert_eq!((rest["nodes"].as_array().unwrap().len(), &rest["pageInfo"]["hasNextPage"]), (90, &json!(false)));
    }

    async fn a_change_counts_at_the_next_request_and_the_person_is_told_e05(app: TestApp) {
        let mut bookkeeper = app.client(app.bookkeeper).await;
        let mut owner = app.client(app.customer).await;
        bookkeeper.data(INVOICES, json!({})).await;
        let changed = owner.data(CHANGE, rights_of(app.bookkeeper, &["READ_KEYS", "MANAGE_CONTRACTS"])).await;
        assert_eq!(changed["changeMember"]["member"], json!({ "rights": ["MANAGE_CONTRACTS", "READ_KEYS"], "until": null }));
        assert_eq!(bookkeeper.code(INVOICES, json!({})).await, "FORBIDDEN");
        bookkeeper.data("{ contracts { totalCount } }", json!({})).await;
        let ends = |until: Value| json!({ "input": { "userId": app.bookkeeper.user, "until": until } });
        let changed = owner.data(CHANGE, ends(json!("2026-11-24"))).await;
        assert_eq!(changed["changeMember"]["member"], json!({ "rights": ["MANAGE_CONTRACTS", "READ_KEYS"], "until": "2026-11-24" }));
        assert_eq!(subjects(&app, BOOKKEEPER).await, vec!["Ihre Rechte im Konto Bäckerei Öztürk GmbH wurden geändert"; 2]);
        assert_eq!(acts(&app).await, ["changeMember", "changeMember"]);

        let last_moment: chrono::DateTime<chrono::Utc> = "2026-11-24T23:59:59Z".parse().unwrap();
        app.app.clock.set(last_moment);
        let mut bookkeeper = app.client(app.bookkeeper).await;
        bookkeeper.data("{ contracts { totalCount } }", json!({})).await;
        app.pass(TimeDelta::seconds(1));
        assert_eq!(bookkeeper.code("{ contracts { totalCount } }", json!({})).await, "FORBIDDEN");
        app.client(app.customer).await.data(CHANGE, ends(Value::Null)).await;
        bookkeeper.data("{ contracts { totalCount } }", json!({})).await;
    }

    async fn whoever_is_blocked_or_removed_sees_nothing_at_the_next_request_e05(app: TestApp) {
        let mut open = app.client(app.bookkeeper).await;
        open.data(INVOICES, json!({})).await;
        let nothing = json!({ "account": null, "rights": [], "memberships": [] });
        let mut owner = app.client(app.customer).await;

        owner.data(BLOCK, whom(app.bookkeeper)).await;
        assert_eq!(open.code(INVOICES, json!({})).await, "FORBIDDEN");
        assert_eq!(open.data(VIEWER, json!({})).await["viewer"], nothing);
        let credentials = json!({ "input": { "name": "104233/buch", "password": PASSWORD } });
        let signed_in = app.anonymous().data(SIGN_IN, credentials.clone()).await;
        assert_eq!(signed_in["signIn"]["viewer"]["account"], Value::Null);
        refused(&app, &mut owner, BLOCK, whom(app.bookkeeper), "CONFLICT").await;

        app.pass(TimeDelta::milliseconds(1));
        owner.data(UNBLOCK, whom(app.bookkeeper)).await;
        open.data(INVOICES, json!({})).await;
        refused(&app, &mut owner, UNBLOCK, whom(app.bookkeeper), "CONFLICT").await;

        app.pass(TimeDelta::milliseconds(1));
        owner.data(REMOVE, whom(app.bookkeeper)).await;
        assert_eq!(open.code(INVOICES, json!({})).await, "FORBIDDEN");
        assert_eq!(open.data(VIEWER, json!({})).await["viewer"], nothing);
        assert_eq!(app.anonymous().refusal(SIGN_IN, credentials).await["reason"], "WRONG_CREDENTIALS");
        let by_address = json!({ "input": { "name": BOOKKEEPER, "password": PASSWORD } });
        assert_eq!(app.anonymous().data(SIGN_IN, by_address).await["signIn"]["viewer"]["account"], Value::Null);
        refused(&app, &mut owner, REMOVE, whom(app.bookkeeper), "NOT_FOUND").await;
        assert_eq!(subjects(&app, BOOKKEEPER).await, [
            "Ihr Zugang zum Konto Bäckerei Öztürk GmbH ist gesperrt",
            "Ihr Zugang zum Konto Bäckerei Öztürk GmbH ist wieder offen",
            "Sie gehören nicht mehr zum Konto Bäckerei Öztürk GmbH",
        ]);
        assert_eq!(acts(&app).await, ["blockMember", "unblockMember", "removeMember"]);
    }

    async fn nobody_gives_what_he_does_not_have_nor_raises_himself_e06(app: TestApp) {
        let manager = app.member(app.customer.account, "104233/leitung", &[Right::ManageUsers, Right::SeeInvoices]).await;
        let mut browser = app.client(manager).await;
        for right in ["OWNER", "MANAGE_CONTRACTS", "READ_KEYS", "MANAGE_KEYS", "ADMINISTER", "MANAGE_CUSTOMERS"] {
            let rights = ["SEE_INVOICES", right];
            refused(&app, &mut browser, INVITE, invitation(KAMP, &rights), "FORBIDDEN").await;
            refused(&app, &mut browser, CHANGE, rights_of(app.bookkeeper, &rights), "FORBIDDEN").await;
            refused(&app, &mut browser, CHANGE, rights_of(manager, &rights), "FORBIDDEN").await;
        }
        let mut owner = app.client(app.customer).await;
        for right in ["HANDLE_REQUESTS", "MANAGE_CUSTOMERS", "MANAGE_INVOICES", "ADMINISTER"] {
            refused(&app, &mut owner, CHANGE, rights_of(app.customer, &["OWNER", right]), "FORBIDDEN").await;
            refused(&app, &mut owner, INVITE, invitation(KAMP, &[right]), "FORBIDDEN").await;
        }
        let mut staff = app.client(app.staff).await;
        let input = json!({ "input": { "email": KAMP, "userName": "1/kamp", "rights": ["OWNER"] } });
        refused(&app, &mut staff, INVITE, input, "FORBIDDEN").await;
        let input = json!({ "input": { "email": KAMP, "userName": "1/kamp", "rights": ["HANDLE_REQUESTS"] } });
        staff.data(INVITE, input).await;
        browser.data(CHANGE, rights_of(app.bookkeeper, &["MANAGE_USERS"])).await;
    }

    async fn nobody_touches_those_who_may_more_than_he_e06(app: TestApp) {
        let manager = app.member(app.customer.account, "104233/leitung", &[Right::ManageUsers, Right::SeeInvoices]).await;
        let mut browser = app.client(manager).await;
        for above in [app.customer, app.technician] {
            for operation in [BLOCK, UNBLOCK, REMOVE] {
                refused(&app, &mut browser, operation, whom(above), "FORBIDDEN").await;
            }
            refused(&app, &mut browser, CHANGE, rights_of(above, &["SEE_INVOICES"]), "FORBIDDEN").await;
        }
        app.client(app.customer).await.data(INVITE, invitation(KAMP, &["READ_KEYS"])).await;
        let id = browser.data(INVITATIONS, json!({})).await["invitations"]["nodes"][0]["id"].clone();
        for operation in [RESEND, WITHDRAW] {
            refused(&app, &mut browser, operation, json!({ "input": { "id": id } }), "FORBIDDEN").await;
        }
        for foreign in [app.stranger, app.dealer] {
            for operation in [BLOCK, UNBLOCK, REMOVE] {
                refused(&app, &mut app.client(app.customer).await, operation, whom(foreign), "NOT_FOUND").await;
            }
        }
    }

    async fn no_access_outlives_that_of_who_gives_it_e06(app: TestApp) {
        let manager = app.member(app.customer.account, "104233/leitung", &[Right::ManageUsers, Right::SeeInvoices]).await;
        given(&app, manager, &[Right::ManageUsers, Right::SeeInvoices], Some(10)).await;
        let mut browser = app.client(manager).await;
        let until = |until: Value| json!({ "input": { "userId": app.bookkeeper.user, "until": until } });
        let invite = |until: Value| json!({ "input": { "email": KAMP, "userName": "104233/kamp", "rights": ["SEE_INVOICES"], "until": until } });
        for late in [Value::Null, json!("2026-12-03")] {
            let own = json!({ "input": { "userId": manager.user, "until": late } });
            for (operation, variables) in [(CHANGE, until(late.clone())), (INVITE, invite(late.clone())), (CHANGE, own)] {
                let refusal = refused(&app, &mut browser, operation, variables, "INVALID").await;
                assert_eq!((&refusal["field"], &refusal["reason"]), (&json!("until"), &json!("END_TOO_LATE")));
            }
        }
        browser.data(CHANGE, until(json!("2026-12-02"))).await;
        browser.data(INVITE, invite(json!("2026-12-02"))).await;
    }

    async fn the_last_owner_cannot_be_lost_e06(app: TestApp) {
        let mut owner = app.client(app.customer).await;
        let other = app.member(app.customer.account, "104233/zwei", &[Right::Owner]).await;
        let last = async |browser: &mut Client, field: &str, operation: &str, variables: Value| {
            let refusal = refused(&app, browser, operation, variables, "INVALID").await;
            assert_eq!((&refusal["field"], &refusal["reason"]), (&json!(field), &json!("LAST_OWNER")));
        };
        for days in [Some(5), None] {
            // Somebody whose own access ends, or who is blocked, is nobody to rely on.
            given(&app, other, &[Right::Owner], days).await;
            if days.is_none() {
                owner.data(BLOCK, whom(other)).await;
            }
            last(&mut owner, "rights", CHANGE, rights_of(app.customer, &["SEE_INVOICES"])).await;
            last(&mut owner, "until", CHANGE, json!({ "input": { "userId": app.customer.user, "until": "2026-12-01" } })).await;
            last(&mut owner, "userId", BLOCK, whom(app.customer)).await;
            last(&mut owner, "userId", REMOVE, whom(app.customer)).await;
        }
        owner.data(UNBLOCK, whom(other)).await;
        owner.data(REMOVE, whom(app.customer)).await;
        let mut staff = app.client(app.staff).await;
        last(&mut staff, "rights", CHANGE, rights_of(app.staff, &["HANDLE_REQUESTS"])).await;
        last(&mut staff, "userId", REMOVE, whom(app.staff)).await;
    }

    async fn of_two_owners_who_remove_each_other_at_once_one_stays_e06(app: TestApp) {
        let other = app.member(app.customer.account, "104233/zwei", &[Right::Owner]).await;
        let (mut one, mut two) = (app.client(app.customer).await, app.client(other).await);
        let (one, two) = tokio::join!(one.graphql(REMOVE, whom(other)), two.graphql(REMOVE, whom(app.customer)));
        let done = [&one, &two].iter().filter(|answer| answer.get("errors").is_none()).count();
        let owners = membership::Entity::find()
            .filter(membership::COLUMN.account_id.eq(app.customer.account))
            .filter(membership::COLUMN.rights.eq(Rights::of(&[Right::Owner])))
            .count(app.db())
            .await
            .unwrap();
        assert_eq!((done, owners), (1, 1), "{one} {two}");
    }

    async fn everything_about_members_asks_for_the_password_again_d07(app: TestApp) {
        invited(&app, KAMP, &["SEE_INVOICES"]).await;
        let mut owner = app.client(app.customer).await;
        let id = owner.data(INVITATIONS, json!({})).await["invitations"]["nodes"][0]["id"].clone();
        app.pass(TimeDelta::minutes(10));
        let id = json!({ "input": { "id": id } });
        for (operation, variables) in [
            (INVITE, invitation("neu@example.org", &["SEE_INVOICES"])),
            (RESEND, id.clone()),
            (WITHDRAW, id),
            (CHANGE, rights_of(app.bookkeeper, &["READ_KEYS"])),
            (BLOCK, whom(app.bookkeeper)),
            (UNBLOCK, whom(app.bookkeeper)),
            (REMOVE, whom(app.bookkeeper)),
        ] {
            refused(&app, &mut owner, operation, variables, "STEP_UP_REQUIRED").await;
        }
    }
}

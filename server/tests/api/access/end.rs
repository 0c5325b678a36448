//! Mails before the end of rights, and what is known of the keys when a right has ended.
use super::*;
use server::access::ending::tell_all;

const RECEIPT: &str = "query($id: AssignmentId!) { assignment(id: $id) { state acceptedAt revokedAt
    receipt { deviceCount shownCount exportedCount seenCount stillReadableCount }
    keyUses { totalCount nodes { serialNumber name how at } } } }";

fn numbers(all: u32, shown: u32, exported: u32, seen: u32, still: u32) -> Value {
    json!({ "deviceCount": all, "shownCount": shown, "exportedCount": exported, "seenCount": seen, "stillReadableCount": still })
}

crate::on_both! {
    async fn the_end_of_a_right_is_told_once_fourteen_days_before_to_reader_and_dealer(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701", "76348702"]).await;
        accepted(&app, app.stranger, STRANGER, &ids, Some("2026-12-31")).await;
        accepted(&app, app.customer, "k104233@kunde.example", &ids[..1], Some("2026-12-30")).await;
        accepted(&app, app.stranger, STRANGER, &ids[..1], None).await;
        let over = accepted(&app, app.stranger, STRANGER, &ids[..1], Some("2026-12-29")).await;
        app.client(app.dealer).await.data(REVOKE, of_ids(&[&over])).await;
        let mut dealer = app.client(app.dealer).await;
        dealer.data(ASSIGN, json!({ "input": { "emails": ["anna@example.org"], "selection": { "ids": ids }, "until": "2026-12-28" } })).await;
        let before = app.mails().await.len();
        app.app.clock.set("2026-12-15T23:59:59Z".parse().unwrap());
        assert_eq!((tell_all(&app.app).await.unwrap(), app.mails().await.len()), (0, before));
        app.app.clock.set("2026-12-17T00:00:00Z".parse().unwrap());
        assert_eq!(tell_all(&app.app).await.unwrap(), 2, "neither what was revoked, nor what is pending, nor what has no end");
        let mails = app.mails().await.split_off(before);
        let told: Vec<_> = mails.iter().map(|mail| (mail.recipient.as_str(), mail.subject.as_str())).collect();
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(told.contains(&(STRANGER, "Ihr Zugang zu 2 Zählern endet am 31.12.2026")), "{told:?}");
        assert!(told.contains(&("k104233@kunde.example", "Ihr Zugang zu 1 Zähler endet am 30.12.2026")), "{told:?}");
        let digest = mails.iter().find(|mail| mail.subject.ends_with("enden bald")).unwrap();
        assert_eq!(digest.subject, "Leserechte von Haustechnik Brandt & Söhne KG enden bald");
        assert!(digest.text.contains("- 30.12.2026: k104233@kunde.example, 1 Gerät\n- 31.12.2026: k104871@kunde.example, 2 Geräte\n"), "{}", digest.text);
        assert!(digest.text.contains(&format!("{ORIGIN}/read-rights?state=active")), "{}", digest.text);
        assert_eq!((tell_all(&app.app).await.unwrap(), app.mails().await.len()), (0, before + 3), "once");
    }

    async fn how_long_before_is_a_setting_and_who_got_less_is_not_told(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        accepted(&app, app.stranger, STRANGER, &ids, Some("2026-12-07")).await;
        accepted(&app, app.stranger, STRANGER, &ids, Some("2026-12-20")).await;
        let before = app.mails().await.len();
        assert_eq!(tell_all(&app.app).await.unwrap(), 1);
        assert_eq!(app.mails().await.len(), before, "given for fourteen days: the end is known");
        let app = app.restarted(|settings| settings.right_end_days = 0);
        app.app.clock.set("2026-12-19T08:00:00Z".parse().unwrap());
        assert_eq!(tell_all(&app.app).await.unwrap(), 0);
        let app = app.restarted(|settings| settings.right_end_days = 3);
        assert_eq!(tell_all(&app.app).await.unwrap(), 1);
        assert_eq!(app.mails().await.len(), before + 2);
    }

    async fn a_receipt_says_what_was_seen_and_what_was_not(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701", "76348702", "76348703"]).await;
        let id = accepted(&app, app.stranger, STRANGER, &ids, None).await;
        accepted(&app, app.stranger, STRANGER, &ids[2..], None).await;
        let mut dealer = app.client(app.dealer).await;
        let nothing = dealer.data(RECEIPT, json!({ "id": id })).await["assignment"].clone();
        assert_eq!((&nothing["receipt"], &nothing["keyUses"]["totalCount"]), (&numbers(3, 0, 0, 0, 3), &json!(0)));
        let mut reader = app.client(app.stranger).await;
        reader.data(REVEAL, reveal_input(ids[0])).await;
        let export = "mutation($input: ExportKeysInput!) { exportKeys(input: $input) { id } }";
        reader.data(export, json!({ "input": { "selection": { "ids": [ids[0], ids[1]] }, "format": "CSV" } })).await;
        // what the dealer himself looks at is nothing that the reader saw
        app.client(app.dealer).await.data(REVEAL, reveal_input(ids[2])).await;
        app.pass(TimeDelta::hours(1));
        let mut dealer = app.client(app.dealer).await;
        dealer.data(REVOKE, of_ids(&[&id])).await;
        let found = dealer.data(RECEIPT, json!({ "id": id })).await["assignment"].clone();
        assert_eq!((&found["state"], &found["receipt"]), (&json!("REVOKED"), &numbers(3, 1, 2, 2, 1)));
        assert!(found["revokedAt"].as_str().unwrap() > found["acceptedAt"].as_str().unwrap());
        assert_eq!(found["keyUses"]["totalCount"], 3);
        let uses: Vec<_> = found["keyUses"]["nodes"].as_array().unwrap().iter().map(|used| (used["serialNumber"].clone(), used["how"].clone())).collect();
        assert!(uses.contains(&(json!("76348701"), json!("SHOWN"))) && uses.contains(&(json!("76348702"), json!("EXPORTED"))), "{uses:?}");
        let path = format!("/download/read-rights/{}?language=EN", id.as_str().unwrap());
        let paper = dealer.get(&path).await;
        assert_eq!((paper.status.as_u16(), &paper.body[..5]), (200, &b"%PDF-"[..]));
        for (person, status) in [(app.other_dealer, 404), (app.stranger, 403), (app.staff, 403)] {
            let mut other = app.client(person).await;
            assert_eq!(other.get(&path).await.status, status);
            assert_eq!(other.code(RECEIPT, json!({ "id": id })).await, if status == 404 { "NOT_FOUND" } else { "FORBIDDEN" });
        }
    }

    async fn the_receipt_of_a_right_that_nobody_accepted_says_so(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        // the same person sees the key by another right, of which this offer says nothing
        accepted(&app, app.stranger, STRANGER, &ids, None).await;
        app.client(app.stranger).await.data(REVEAL, reveal_input(ids[0])).await;
        let mut dealer = app.client(app.dealer).await;
        let id = dealer.data(ASSIGN, to(STRANGER, &ids)).await["assignReadRights"]["assignments"][0]["id"].clone();
        dealer.data(REVOKE, of_ids(&[&id])).await;
        let found = dealer.data(RECEIPT, json!({ "id": id })).await["assignment"].clone();
        assert_eq!((&found["acceptedAt"], &found["receipt"], &found["keyUses"]["totalCount"]), (&Value::Null, &numbers(1, 0, 0, 0, 0), &json!(0)));
    }
}

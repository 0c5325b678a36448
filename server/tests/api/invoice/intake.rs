//! Ways in: uploads, ZIPs, the watched folder; what is decided about them, and the rules that find customers.
use super::{acts, fixture, id_of, imported, imported_fixture, imported_path, rows};
use crate::app::TestApp;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use server::{
    entity::{buyer_rule, intake},
    invoice::{
        intake::{folder::Watched, unpack::ENTRIES_MAX, worker::take_waiting},
        report::Outcome,
    },
};
use shared::invoice::IntakeState;
use std::{
    fs,
    io::{Cursor, Write},
};
use tokio_util::sync::CancellationToken;
use zip::{ZipWriter, write::SimpleFileOptions};

const TAKE: &str =
    "mutation($input: TakeInvoicesInput!) { takeInvoices(input: $input) { intakes { fileName state source } } }";
const INTAKES: &str = "query($states: [IntakeState!]) { intakes(states: $states) { totalCount nodes {
    id fileName container state source problem(language: DE) findingCount decisionReason
    invoice { number stand account { number } } } } }";
const DECIDE: &str = "mutation($input: DecideInvoiceConflictInput!) { decideInvoiceConflict(input: $input) { intake { state decisionReason } } }";
const DISCARD: &str = "mutation($input: DiscardInvoiceInput!) { discardInvoice(input: $input) { id } }";
const ADD_RULE: &str = "mutation($input: AddBuyerRuleInput!) { addBuyerRule(input: $input) { assignedCount rule { id term value account { number } } } }";
const REMOVE_RULE: &str = "mutation($input: RemoveBuyerRuleInput!) { removeBuyerRule(input: $input) { id } }";
const ASSIGN: &str = "mutation($input: AssignInvoiceInput!) { assignInvoice(input: $input) { invoice { stand } } }";
const UNMATCHED: &str = "{ officeInvoices(filter: { stand: UNMATCHED }) { totalCount nodes { id number buyer { name city } buyerTerms { term value } } } }";

fn zipped(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The UBL fixture under another number.
fn numbered(number: &str) -> Vec<u8> {
    let text = String::from_utf8(fixture("xrechnung-ubl.xml")).unwrap();
    text.replace("RE-2026-009417", number).into_bytes()
}

async fn intakes(app: &TestApp) -> Vec<intake::Model> {
    intake::Entity::find()
        .order_by_asc(intake::Column::Id)
        .all(app.db())
        .await
        .unwrap()
}

async fn read_all(app: &TestApp) -> u64 {
    take_waiting(&app.app, &CancellationToken::new()).await.unwrap()
}

/// State and file name of each that came in, by name.
async fn states(app: &TestApp) -> Vec<(String, IntakeState)> {
    let mut states: Vec<_> = intakes(app)
        .await
        .into_iter()
        .map(|row| (row.file_name, row.state))
        .collect();
    states.sort_by(|one, other| one.0.cmp(&other.0));
    states
}

crate::on_both! {
    async fn what_staff_uploads_is_taken_in_and_told_file_by_file(app: TestApp) {
        let mut staff = app.client(app.staff).await;
        let zip = zipped(&[
            ("März/a.xml", numbered("A-1")), ("__MACOSX/._a.xml", b"x".to_vec()), (".DS_Store", b"x".to_vec()),
            ("b.pdf", fixture("factur-x.pdf")), ("c.xml", fixture("without-number.xml")), ("d.zip", zipped(&[("x", b"x".to_vec())])),
        ]);
        let mut files = Vec::new();
        for (name, bytes) in [("one.xml", fixture("xrechnung-ubl.xml")), ("alle.zip", zip), ("sums.xml", fixture("sums-do-not-add-up.xml")), ("who.xml", fixture("unknown-buyer.xml"))] {
            files.push(staff.upload(name, bytes).await);
        }
        let taken = staff.data(TAKE, json!({ "input": { "files": files } })).await;
        assert_eq!(taken["takeInvoices"]["intakes"][1], json!({ "fileName": "alle.zip", "state": "WAITING", "source": "UPLOAD" }));
        assert_eq!(read_all(&app).await, 7, "four files, and three of the ZIP");
        let told = staff.data(INTAKES, json!({ "states": null })).await;
        let mut told: Vec<_> = told["intakes"]["nodes"].as_array().unwrap().iter().map(|node| {
            let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
            [text(&node["fileName"]), text(&node["container"]), text(&node["state"]), text(&node["invoice"]["account"]["number"]), text(&node["problem"])]
        }).collect();
        told.sort();
        assert_eq!(told, [
            ["a.xml", "alle.zip", "IMPORTED", "104233", "-"],
            ["alle.zip", "-", "UNPACKED", "-", "-"],
            ["b.pdf", "alle.zip", "IMPORTED", "104871", "-"],
            ["c.xml", "alle.zip", "REFUSED", "-", "Der Rechnung fehlt: Rechnungsnummer (BT-1)"],
            ["d.zip", "alle.zip", "REFUSED", "-", "Ein ZIP in einem ZIP wird nicht gelesen"],
            ["one.xml", "-", "IMPORTED", "104233", "-"],
            ["sums.xml", "-", "HELD", "104233", "-"],
            ["who.xml", "-", "UNMATCHED", "-", "-"],
        ].map(|row| row.map(str::to_owned)));
        let held = staff.data(INTAKES, json!({ "states": ["HELD", "UNMATCHED"] })).await;
        assert_eq!(held["intakes"]["totalCount"], 2);
        assert_eq!(rows(&app).await.len(), 5);
        // again: the same files, and nothing is doubled
        staff.data(TAKE, json!({ "input": { "files": files } })).await;
        read_all(&app).await;
        assert_eq!(rows(&app).await.len(), 5);
        let there = staff.data(INTAKES, json!({ "states": ["ALREADY_THERE"] })).await;
        assert_eq!(there["intakes"]["totalCount"], 5);
    }

    async fn an_upload_that_names_a_customer_is_his_whatever_it_says(app: TestApp) {
        let mut staff = app.client(app.staff).await;
        let file = staff.upload("who.xml", fixture("unknown-buyer.xml")).await;
        let before = intakes(&app).await;
        for (files, number, field) in [(json!([file]), "999", "accountNumber"), (json!([]), "104233", "files"), (json!(vec![&file; 101]), "104233", "files")] {
            let refusal = staff.refusal(TAKE, json!({ "input": { "files": files, "accountNumber": number } })).await;
            assert!(refusal.to_string().contains(field), "{refusal}");
        }
        let mut dealer = app.client(app.dealer).await;
        let foreign = dealer.upload("x.xml", fixture("xrechnung-ubl.xml")).await;
        assert_eq!(staff.code(TAKE, json!({ "input": { "files": [file, foreign] } })).await, "NOT_FOUND");
        assert_eq!(dealer.code(TAKE, json!({ "input": { "files": [foreign] } })).await, "FORBIDDEN");
        assert_eq!(intakes(&app).await, before);
        staff.data(TAKE, json!({ "input": { "files": [file], "accountNumber": " 104233 " } })).await;
        read_all(&app).await;
        assert_eq!(rows(&app).await[0].account_id, Some(app.customer.account));
    }

    async fn a_file_that_is_read_by_two_at_once_makes_one_invoice_and_one_report(app: TestApp) {
        let mut staff = app.client(app.staff).await;
        let mut files = Vec::new();
        for number in 0..4 {
            files.push(staff.upload("a.xml", numbered(&format!("A-{number}"))).await);
        }
        staff.data(TAKE, json!({ "input": { "files": files } })).await;
        let stop = CancellationToken::new();
        let (one, other) = tokio::join!(take_waiting(&app.app, &stop), take_waiting(&app.app, &stop));
        one.unwrap();
        other.unwrap();
        assert_eq!(rows(&app).await.len(), 4);
        assert!(intakes(&app).await.iter().all(|row| row.state == IntakeState::Imported), "{:?}", states(&app).await);
        assert_eq!(read_all(&app).await, 0);
    }

    async fn a_file_that_ends_the_reader_three_times_is_refused_and_holds_up_no_other(app: TestApp) {
        let mut staff = app.client(app.staff).await;
        let bad = staff.upload("bad.xml", fixture("xrechnung-ubl.xml")).await;
        let good = staff.upload("good.xml", numbered("G-1")).await;
        staff.data(TAKE, json!({ "input": { "files": [bad, good] } })).await;
        let first = intakes(&app).await.into_iter().find(|row| row.file_name == "bad.xml").unwrap();
        let three = intake::Entity::update_many()
            .col_expr(intake::Column::Attempts, sea_orm::sea_query::Expr::value(3))
            .filter(intake::COLUMN.id.eq(first.id));
        three.exec(app.db()).await.unwrap();
        read_all(&app).await;
        assert_eq!(states(&app).await, [("bad.xml".to_owned(), IntakeState::Refused), ("good.xml".to_owned(), IntakeState::Imported)]);
    }

    async fn hostile_and_broken_zips_are_refused_and_nothing_of_them_is_kept(app: TestApp) {
        let mut staff = app.client(app.staff).await;
        let bomb = zipped(&[("a.xml", vec![b' '; 9 * 1024 * 1024])]);
        assert!(bomb.len() < 64 * 1024);
        let empty: Vec<(String, Vec<u8>)> = (0..=ENTRIES_MAX).map(|number| (number.to_string(), Vec::new())).collect();
        let many = zipped(&empty.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect::<Vec<_>>());
        let mut broken = zipped(&[("a.xml", numbered("A-1"))]);
        broken.truncate(broken.len() / 2);
        let cases = [
            ("bomb.zip", bomb, "a.xml", "Im ZIP sind zu viele Dateien, oder sein Inhalt ist zu groß"),
            ("many.zip", many, "many.zip", "Im ZIP sind zu viele Dateien, oder sein Inhalt ist zu groß"),
            ("broken.zip", broken, "broken.zip", "Das ZIP ist beschädigt: "),
        ];
        for (name, bytes, refused, problem) in cases {
            let file = staff.upload(name, bytes).await;
            staff.data(TAKE, json!({ "input": { "files": [file] } })).await;
            read_all(&app).await;
            let row = intakes(&app).await.into_iter().find(|row| row.state == IntakeState::Refused && row.file_name == refused);
            let said = row.unwrap_or_else(|| panic!("{name}")).problem_de.unwrap();
            assert!(said.starts_with(problem), "{name}: {said}");
        }
        assert!(rows(&app).await.is_empty());
    }

    async fn other_bytes_of_an_invoice_wait_for_a_person_who_keeps_or_replaces(app: TestApp) {
        let id = id_of(&imported_fixture(&app, "xrechnung-ubl.xml").await);
        let folder = app.folder().join("in");
        fs::create_dir_all(&folder).unwrap();
        let other = String::from_utf8(fixture("xrechnung-ubl.xml")).unwrap().replace("2026-12-02", "2026-12-24");
        fs::write(folder.join("b.xml"), &other).unwrap();
        for _ in 0..2 {
            let reports = imported_path(&app, &folder, None).await.unwrap();
            assert!(matches!(reports[0].outcome, Outcome::Conflict { .. }), "{}", reports[0]);
        }
        let mut staff = app.client(app.staff).await;
        let told = staff.data(INTAKES, json!({ "states": ["CONFLICT"] })).await;
        assert_eq!((&told["intakes"]["totalCount"], &told["intakes"]["nodes"][0]["source"]), (&json!(1), &json!("COMMAND")));
        let conflict = told["intakes"]["nodes"][0]["id"].clone();
        let decide = |decision: &str, reason: &str| json!({ "input": { "id": conflict, "decision": decision, "reason": reason } });
        let mut customer = app.client(app.customer).await;
        let before = (rows(&app).await, intakes(&app).await, acts(&app).await);
        assert!(staff.refusal(DECIDE, decide("REPLACE", " ")).await.to_string().contains("reason"));
        assert_eq!(customer.code(DECIDE, decide("REPLACE", "ja")).await, "FORBIDDEN");
        assert_eq!((rows(&app).await, intakes(&app).await, acts(&app).await), before);
        let done = staff.data(DECIDE, decide("REPLACE", "Neues Zahlungsziel vereinbart")).await;
        assert_eq!(done["decideInvoiceConflict"]["intake"], json!({ "state": "REPLACED", "decisionReason": "Neues Zahlungsziel vereinbart" }));
        let row = rows(&app).await.remove(0);
        assert_eq!((row.id, row.sha256 == before.0[0].sha256, row.created_at), (id, false, before.0[0].created_at));
        assert_eq!(customer.get(&format!("/download/invoices/{id}")).await.body, other.as_bytes());
        assert_eq!(intakes(&app).await[0].replaced_sha256.as_deref(), Some(&*before.0[0].sha256));
        assert_eq!(staff.code(DECIDE, decide("KEEP", "noch einmal")).await, "CONFLICT");
        assert_eq!(imported_fixture(&app, "xrechnung-ubl.xml").await.to_string().split(':').next(), Some("conflict"));
    }

    async fn what_is_kept_stays_as_it_was(app: TestApp) {
        id_of(&imported_fixture(&app, "xrechnung-ubl.xml").await);
        let mut staff = app.client(app.staff).await;
        let other = String::from_utf8(fixture("xrechnung-ubl.xml")).unwrap() + "<!-- -->";
        let file = staff.upload("b.xml", other.into_bytes()).await;
        staff.data(TAKE, json!({ "input": { "files": [file] } })).await;
        read_all(&app).await;
        let before = rows(&app).await;
        let row = intakes(&app).await.remove(0);
        assert_eq!(row.state, IntakeState::Conflict);
        staff.data(DECIDE, json!({ "input": { "id": row.id, "decision": "KEEP", "reason": "Doppelter Versand" } })).await;
        assert_eq!(rows(&app).await, before);
        assert_eq!(intakes(&app).await[0].state, IntakeState::Kept);
    }

    async fn what_is_none_of_ours_is_taken_away_with_a_reason(app: TestApp) {
        let Outcome::Waiting { id, .. } = imported_fixture(&app, "unknown-buyer.xml").await else { panic!("does not wait") };
        let seen = id_of(&imported_fixture(&app, "xrechnung-ubl.xml").await);
        let mut staff = app.client(app.staff).await;
        let mut customer = app.client(app.customer).await;
        let before = (rows(&app).await, acts(&app).await);
        assert!(staff.refusal(DISCARD, json!({ "input": { "id": id, "reason": "" } })).await.to_string().contains("reason"));
        assert_eq!(staff.code(DISCARD, json!({ "input": { "id": seen, "reason": "x" } })).await, "CONFLICT");
        assert_eq!(customer.code(DISCARD, json!({ "input": { "id": id, "reason": "x" } })).await, "FORBIDDEN");
        assert_eq!((rows(&app).await, acts(&app).await), before);
        staff.data(DISCARD, json!({ "input": { "id": id, "reason": "Irrläufer eines Vorlieferanten" } })).await;
        assert_eq!(rows(&app).await.len(), 1);
    }

    async fn a_rule_finds_customers_of_what_waits_and_of_what_comes(app: TestApp) {
        let Outcome::Waiting { id, .. } = imported_fixture(&app, "unknown-buyer.xml").await else { panic!("does not wait") };
        let mut staff = app.client(app.staff).await;
        let waiting = staff.data(UNMATCHED, json!({})).await["officeInvoices"]["nodes"][0].clone();
        let term = waiting["buyerTerms"][0].clone();
        let mut customer = app.client(app.customer).await;
        let before = (rows(&app).await, buyer_rule::Entity::find().all(app.db()).await.unwrap(), acts(&app).await);
        let rule = |value: &str, number: &str| json!({ "input": { "term": term["term"], "value": value, "accountNumber": number } });
        for (value, number, field) in [("", "104233", "value"), ("–", "104233", "value"), (&*"x".repeat(201), "104233", "value"), ("K-1", "999", "accountNumber"), ("K-1", "1", "accountNumber")] {
            let refusal = staff.refusal(ADD_RULE, rule(value, number)).await;
            assert!(refusal.to_string().contains(field), "{value}: {refusal}");
        }
        assert_eq!(customer.code(ADD_RULE, rule("K-1", "104233")).await, "FORBIDDEN");
        assert_eq!((rows(&app).await, buyer_rule::Entity::find().all(app.db()).await.unwrap(), acts(&app).await), before);
        let made = staff.data(ADD_RULE, rule(term["value"].as_str().unwrap(), "104871")).await;
        assert_eq!((&made["addBuyerRule"]["assignedCount"], &made["addBuyerRule"]["rule"]["account"]["number"]), (&json!(1), &json!("104871")));
        let row = rows(&app).await.remove(0);
        assert_eq!((row.id, row.account_id), (id, Some(app.stranger.account)));
        assert!(staff.refusal(ADD_RULE, rule(&term["value"].as_str().unwrap().to_lowercase(), "104233")).await.to_string().contains("value"));
        let next = String::from_utf8(fixture("unknown-buyer.xml")).unwrap().replace(&row.number, "N-2");
        let next = imported(&app, "n.xml", next.into_bytes(), None).await;
        assert!(matches!(&next, Outcome::Imported { account_number, .. } if account_number == "104871"), "{next}");
        let rule_id = made["addBuyerRule"]["rule"]["id"].clone();
        assert_eq!(customer.code(REMOVE_RULE, json!({ "input": { "id": rule_id } })).await, "FORBIDDEN");
        staff.data(REMOVE_RULE, json!({ "input": { "id": rule_id } })).await;
        assert_eq!(staff.code(REMOVE_RULE, json!({ "input": { "id": rule_id } })).await, "NOT_FOUND");
        let third = String::from_utf8(fixture("unknown-buyer.xml")).unwrap().replace(&row.number, "N-3");
        assert!(matches!(imported(&app, "n.xml", third.into_bytes(), None).await, Outcome::Waiting { .. }));
    }

    async fn assigning_an_invoice_can_be_remembered_for_those_like_it(app: TestApp) {
        let first = fixture("unknown-buyer.xml");
        let Outcome::Waiting { id, .. } = imported(&app, "1.xml", first.clone(), None).await else { panic!("does not wait") };
        let number = rows(&app).await[0].number.clone();
        let second = String::from_utf8(first).unwrap().replace(&number, "N-2").into_bytes();
        assert!(matches!(imported(&app, "2.xml", second, None).await, Outcome::Waiting { .. }));
        let mut staff = app.client(app.staff).await;
        let waiting = staff.data(UNMATCHED, json!({})).await;
        let has: Vec<&str> = waiting["officeInvoices"]["nodes"][0]["buyerTerms"].as_array().unwrap().iter().map(|term| term["term"].as_str().unwrap()).collect();
        let missing = ["CONTRACT_REFERENCE", "ELECTRONIC_ADDRESS", "VAT_ID", "BUYER_ID"].into_iter().find(|term| !has.contains(term)).unwrap();
        let assign = |term: &str| json!({ "input": { "id": id, "accountNumber": "104233", "remember": term } });
        let before = (rows(&app).await, acts(&app).await);
        assert!(staff.refusal(ASSIGN, assign(missing)).await.to_string().contains("remember"));
        assert_eq!((rows(&app).await, acts(&app).await), before);
        staff.data(ASSIGN, assign(has[0])).await;
        assert!(rows(&app).await.iter().all(|row| row.account_id == Some(app.customer.account)));
    }

    async fn the_watched_folder_takes_whole_files_in_and_puts_them_away(app: TestApp) {
        let folder = app.folder().join("watched");
        fs::create_dir_all(&folder).unwrap();
        let put = |name: &str, bytes: &[u8]| fs::write(folder.join(name), bytes).unwrap();
        let whole = fixture("xrechnung-ubl.xml");
        put("a.xml", &whole[..100]);
        put("b.pdf", &fixture("without-invoice.pdf"));
        put("c.xml.part", b"<");
        let mut watched = Watched::new(folder.clone());
        watched.look(&app.app).await.unwrap();
        assert!(intakes(&app).await.is_empty(), "a file is looked at twice before it is read");
        put("a.xml", &whole);
        watched.look(&app.app).await.unwrap();
        assert_eq!(states(&app).await, [("b.pdf".to_owned(), IntakeState::Waiting)], "a file that grew is waited for");
        watched.look(&app.app).await.unwrap();
        read_all(&app).await;
        watched.look(&app.app).await.unwrap();
        let names = |at: &str| {
            let mut names: Vec<_> = fs::read_dir(folder.join(at)).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
            names.sort();
            names
        };
        assert_eq!((names(""), names("done"), names("refused")), (
            ["c.xml.part", "done", "refused"].map(str::to_owned).to_vec(), vec!["a.xml".to_owned()], vec!["b.pdf".to_owned()],
        ));
        assert_eq!(rows(&app).await[0].account_id, Some(app.customer.account));
        // the same file once more: it is put away beside its twin, and nothing is doubled
        put("a.xml", &whole);
        watched.look(&app.app).await.unwrap();
        watched.look(&app.app).await.unwrap();
        assert_eq!((names("done"), rows(&app).await.len(), intakes(&app).await.len()), (vec!["2-a.xml".to_owned(), "a.xml".to_owned()], 1, 2));
    }

    async fn a_zip_on_the_command_line_is_told_file_by_file(app: TestApp) {
        let zip = zipped(&[("a.xml", numbered("A-1")), ("in/b.xml", numbered("B-1")), ("c.txt", b"hello".to_vec())]);
        let path = app.folder().join("alle.bin");
        fs::write(&path, zip).unwrap();
        for said in ["imported into account 104233", "already there"] {
            let reports = imported_path(&app, &path, None).await.unwrap();
            let lines: Vec<_> = reports.iter().map(|report| report.to_string().replace(&format!("{}/", path.display()), "")).collect();
            assert_eq!(lines, [format!("a.xml: {said}"), format!("in/b.xml: {said}"), "c.txt: refused: the file is neither XML nor PDF".to_owned()]);
        }
        assert_eq!(rows(&app).await.len(), 2);
    }

    async fn a_page_of_files_costs_as_many_statements_as_one_file(app: TestApp) {
        let mut staff = app.client(app.staff).await;
        let mut files = Vec::new();
        for number in 0..20 {
            files.push(staff.upload("a.xml", numbered(&format!("A-{number}"))).await);
        }
        staff.data(TAKE, json!({ "input": { "files": files } })).await;
        read_all(&app).await;
        let page = |first: i32| format!("{{ intakes(first: {first}) {{ nodes {{ invoice {{ number account {{ number }} }} }} }} }}");
        let mut counts = Vec::new();
        for first in [1, 20] {
            let query = page(first);
            counts.push(app.statements(staff.data(&query, json!({}))).await);
        }
        assert_eq!(counts[0], counts[1]);
    }
}

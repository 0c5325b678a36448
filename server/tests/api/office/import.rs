//! Importing files of customers: verdicts before anything is written, good rows alone, and again without a change.
use crate::app::{Client, TestApp};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use server::{
    account,
    entity::{account as account_row, audit, onboarding, sign_in_name, user},
    invoice::import::Operator,
    office::{Author, command, import},
};
use shared::customer::CustomerVerdict;
use std::fs;

const PREVIEW: &str = "query($input: ImportCustomersInput!) { customerImportPreview(input: $input) {
    newCount changedCount sameCount refusedCount rows { line number verdict column problem } } }";
const IMPORT: &str = "mutation($input: ImportCustomersInput!) { importCustomers(input: $input) { import {
    newCount changedCount sameCount refusedCount rows { line number verdict column problem } } } }";

const FILE: &str = "Kundennummer;Name;E-Mail;Straße;PLZ;Ort;Sprache\r\n\
    300100;Gasthof Lohmann;info@lohmann.example;Am Markt 2;46045;Oberhausen;de\r\n\
    300101;Praxis Yıldız;praxis@yildiz.example;;;;en\r\n\
    104871;Petra Schäfer-Blum;k104871@kunde.example;Lindenhof 7;46047;Oberhausen;\r\n\
    300100;Zweimal;;;;;\r\n\
    300102;Ohne;info@lohmann.example;;;;\r\n\
    300103;;;;;;\r\n\
    1;Wir;;;;;\r\n\
    104233/buch;Fremd;;;;;\r\n\
    300104;Kaputt;kaputt@;;;;\r\n\
    300105;Franz;;;;;fr\r\n";

async fn ask(staff: &mut Client, query: &str, file: &str) -> Value {
    let id = staff.upload("kunden.csv", file.as_bytes().to_vec()).await;
    staff.data(query, json!({ "input": { "fileId": id } })).await
}

async fn counts(app: &TestApp) -> [u64; 3] {
    [
        account_row::Entity::find().count(app.db()).await.unwrap(),
        user::Entity::find().count(app.db()).await.unwrap(),
        onboarding::Entity::find().count(app.db()).await.unwrap(),
    ]
}

crate::on_both! {
    async fn good_rows_are_taken_and_the_others_say_which_column_is_wrong(app: TestApp) {
        let mut staff = app.client(app.staff).await;
        let expected = json!({
            "newCount": 3, "changedCount": 1, "sameCount": 0, "refusedCount": 6,
            "rows": [
                { "line": 5, "number": "300100", "verdict": "REFUSED", "column": "NUMBER", "problem": "DUPLICATE" },
                { "line": 6, "number": "300102", "verdict": "NEW", "column": "EMAIL", "problem": "EMAIL_IN_USE" },
                { "line": 7, "number": "300103", "verdict": "REFUSED", "column": "NAME", "problem": "MISSING" },
                { "line": 8, "number": "1", "verdict": "REFUSED", "column": "NUMBER", "problem": "TAKEN" },
                { "line": 9, "number": "104233/buch", "verdict": "REFUSED", "column": "NUMBER", "problem": "NOT_A_NUMBER" },
                { "line": 10, "number": "300104", "verdict": "REFUSED", "column": "EMAIL", "problem": "NOT_AN_EMAIL" },
                { "line": 11, "number": "300105", "verdict": "REFUSED", "column": "LANGUAGE", "problem": "UNKNOWN_LANGUAGE" },
                { "line": 2, "number": "300100", "verdict": "NEW", "column": null, "problem": null },
                { "line": 3, "number": "300101", "verdict": "NEW", "column": null, "problem": null },
                { "line": 4, "number": "104871", "verdict": "CHANGED", "column": null, "problem": null },
            ],
        });
        let before = counts(&app).await;
        assert_eq!(ask(&mut staff, PREVIEW, FILE).await["customerImportPreview"], expected);
        assert_eq!(counts(&app).await, before);
        assert_eq!(ask(&mut staff, IMPORT, FILE).await["importCustomers"]["import"], expected);
        assert_eq!(counts(&app).await, [before[0] + 3, before[1] + 3, before[2] + 3]);
        let schaefer = account::find_by_number(app.db(), "104871").await.unwrap().unwrap();
        assert_eq!((schaefer.name.as_str(), schaefer.city.as_deref()), ("Petra Schäfer-Blum", Some("Oberhausen")));
        assert!(app.mails().await.is_empty());
        let log = audit::Entity::find().filter(audit::Column::Act.eq("importCustomers")).filter(audit::Column::IsAllowed.eq(true));
        assert_eq!(log.clone().count(app.db()).await.unwrap(), 4);
        assert_eq!(log.filter(audit::Column::AccountId.eq(schaefer.id)).count(app.db()).await.unwrap(), 1);
    }

    async fn a_file_that_is_taken_twice_changes_nothing_the_second_time(app: TestApp) {
        let mut staff = app.client(app.staff).await;
        ask(&mut staff, IMPORT, FILE).await;
        let (before, users) = (counts(&app).await, user::Entity::find().all(app.db()).await.unwrap());
        let again = ask(&mut staff, IMPORT, FILE).await;
        let again = &again["importCustomers"]["import"];
        assert_eq!([&again["newCount"], &again["changedCount"], &again["sameCount"], &again["refusedCount"]], [0, 0, 4, 6]);
        assert_eq!(counts(&app).await, before);
        assert_eq!(user::Entity::find().all(app.db()).await.unwrap(), users);
        let empty = "Kundennummer;Name;Ort\n300100;;\n";
        assert_eq!(ask(&mut staff, IMPORT, empty).await["importCustomers"]["import"]["sameCount"], 1);
        let moved = "number,name,city,email\n300100,,Essen,neu@lohmann.example\n";
        assert_eq!(ask(&mut staff, IMPORT, moved).await["importCustomers"]["import"]["changedCount"], 1);
        let row = account::find_by_number(app.db(), "300100").await.unwrap().unwrap();
        assert_eq!((row.name.as_str(), row.street.as_deref(), row.city.as_deref()), ("Gasthof Lohmann", Some("Am Markt 2"), Some("Essen")));
    }

    async fn what_is_no_table_of_customers_is_refused_at_the_file(app: TestApp) {
        let mut staff = app.client(app.staff).await;
        for file in ["", "Name;Ort\nA;B\n", "%PDF-1.7\n"] {
            let id = staff.upload("kunden.csv", file.as_bytes().to_vec()).await;
            for query in [PREVIEW, IMPORT] {
                let refused = staff.refusal(query, json!({ "input": { "fileId": id } })).await;
                assert_eq!((&refused["field"], &refused["reason"]), (&json!("fileId"), &json!("NOT_A_CUSTOMER_FILE")));
            }
        }
        assert_eq!(counts(&app).await, [5, 7, 0]);
    }

    async fn ten_thousand_rows_take_a_few_statements_each_batch(app: TestApp) {
        let rows: String = (0..10_000).map(|number| format!("5{number:05};Kunde {number};k{number}@viele.example\n")).collect();
        let file = format!("Kundennummer;Name;E-Mail\n{rows}").into_bytes();
        let author = Author::Operator(Operator);
        let first = app.statements(async {
            let report = import::import(&app.app, author, file.clone()).await.unwrap();
            assert_eq!(report.count(CustomerVerdict::New), 10_000);
        }).await;
        assert!(first <= 20 * 12, "{first} statements");
        let second = app.statements(async {
            let report = import::import(&app.app, author, file).await.unwrap();
            assert_eq!(report.count(CustomerVerdict::Same), 10_000);
        }).await;
        assert!(second <= 20 * 7, "{second} statements");
        let moved: String = (0..10_000).map(|number| format!("5{number:05};Kundin {number};n{number}@viele.example\n")).collect();
        let file = format!("Kundennummer;Name;E-Mail\n{moved}").into_bytes();
        let third = app.statements(async {
            let report = import::import(&app.app, author, file).await.unwrap();
            assert_eq!(report.count(CustomerVerdict::Changed), 10_000);
        }).await;
        assert!(third <= 20 * 14, "{third} statements");
        let row = account_row::Entity::find().filter(account_row::COLUMN.number.eq("509999")).one(app.db()).await.unwrap().unwrap();
        assert_eq!(row.name, "Kundin 9999");
        let names = sign_in_name::Entity::find().filter(sign_in_name::COLUMN.name.contains("9999@viele.example"));
        let names: Vec<_> = names.all(app.db()).await.unwrap().into_iter().map(|row| row.name).collect();
        assert_eq!(names, ["n9999@viele.example"], "the former address signs in nobody");
    }

    async fn the_command_line_does_the_same_as_the_page(app: TestApp) {
        let path = app.folder().join("kunden.csv");
        fs::write(&path, FILE).unwrap();
        let dry = command::import_customers(&app.app, Operator, &path, true).await.unwrap();
        assert_eq!(counts(&app).await, [5, 7, 0]);
        let report = command::import_customers(&app.app, Operator, &path, false).await.unwrap();
        assert_eq!(report, dry);
        let text = report.to_string();
        assert!(text.starts_with("line 5: 300100: refused, customer number stands in an earlier line too\n"), "{text}");
        assert!(text.ends_with("3 new, 1 changed, 0 unchanged, 6 refused\n"), "{text}");
        let wave = command::send_access(&app.app, Operator, None, None).await.unwrap().unwrap();
        assert_eq!((wave.mailed_count, wave.skipped_count, wave.user_id), (2, 1, None));
        assert_eq!(command::send_access(&app.app, Operator, None, None).await.unwrap(), None);
        assert!(command::send_access(&app.app, Operator, Some("999"), None).await.is_err());
        assert_eq!(app.mails().await.len(), 2);
    }
}

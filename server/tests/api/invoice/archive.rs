//! Several invoices at once: CSV and ZIP, and whose they are.
use super::{Short, add, fixture, id_of, imported, imported_fixture};
use crate::app::TestApp;
use axum::http::StatusCode;
use sea_orm::{EntityTrait, QueryFilter};
use server::entity::{audit, invoice};
use shared::id::InvoiceId;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Names and contents of a ZIP, in its order.
fn entries(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut found = Vec::new();
    for index in 0..zip.len() {
        let mut file = zip.by_index(index).unwrap();
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        found.push((file.name().unwrap().into_owned(), content));
    }
    found
}

async fn id(app: &TestApp, number: &str) -> InvoiceId {
    let row = invoice::Entity::find()
        .filter(invoice::COLUMN.number.eq(number))
        .one(app.db())
        .await
        .unwrap();
    row.unwrap().id
}

crate::on_both! {
    async fn a_list_as_csv_has_what_the_filter_says_and_no_formula_h08(app: TestApp) {
        for short in [
            Short("=1+1", "380", "2026-11-19", Some("2026-12-03"), "EUR", 30_050, "@SUM(A1) GmbH"),
            Short("G-1", "381", "2026-11-18", None, "EUR", 4_800, "Lindwerk Netze GmbH"),
            Short("R-0", "380", "2025-01-02", Some("2025-01-16"), "CHF", 100, "Lindwerk, \"Netze\""),
        ] {
            add(&app, app.customer, short).await;
        }
        add(&app, app.stranger, Short("R-9", "380", "2026-11-22", None, "EUR", 99_999, "Lindwerk Netze GmbH")).await;
        let mut browser = app.client(app.bookkeeper).await;
        let answer = browser.get("/download/invoices.csv?year=2026").await;
        assert_eq!((answer.status, answer.headers["content-type"].to_str().unwrap()), (StatusCode::OK, "text/csv; charset=utf-8"));
        assert!(answer.headers["content-disposition"].to_str().unwrap().starts_with("attachment; filename=\"Rechnungen-2026.csv\""));
        assert_eq!(String::from_utf8(answer.body.to_vec()).unwrap(), "Nummer,Datum,Fällig,Art,Stand,Verkäufer,Währung,Netto,Umsatzsteuer,Brutto,Zu zahlen,Bezahlt,Bezahlt am,Noch zu zahlen\r\n\
            '=1+1,2026-11-19,2026-12-03,Rechnung,fällig,'@SUM(A1) GmbH,EUR,,,300.50,300.50,,,300.50\r\n\
            G-1,2026-11-18,,Gutschrift,nichts zu zahlen,Lindwerk Netze GmbH,EUR,,,48.00,48.00,,,0.00\r\n");
        let one = browser.get(&format!("/download/invoices.csv?language=EN&ids={}", id(&app, "R-0").await)).await;
        assert_eq!(String::from_utf8(one.body.to_vec()).unwrap(), "Number,Date,Due,Kind,State,Seller,Currency,Net,VAT,Gross,Payable,Paid,Paid on,Still to pay\r\n\
            R-0,2025-01-02,2025-01-16,Invoice,past due,\"Lindwerk, \"\"Netze\"\"\",CHF,,,1.00,1.00,,,1.00\r\n");
    }

    async fn a_zip_has_the_originals_once_each_and_a_manifest(app: TestApp) {
        let first = id_of(&imported_fixture(&app, "xrechnung-ubl.xml").await);
        let other = String::from_utf8(fixture("xrechnung-ubl.xml")).unwrap().replace("RE-2026-009417", "RE-2026-009418");
        let second = id_of(&imported(&app, "XRECHNUNG-UBL.xml", other.clone().into_bytes(), None).await);
        let mut browser = app.client(app.bookkeeper).await;
        let answer = browser.get("/download/invoices.zip?month=2026-11").await;
        assert_eq!((answer.status, answer.headers["content-type"].to_str().unwrap()), (StatusCode::OK, "application/zip"));
        let found = entries(&answer.body);
        let names: Vec<_> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["XRECHNUNG-UBL.xml", "xrechnung-ubl (2).xml", "manifest.csv"]);
        assert!(found[0].1 == other.as_bytes() && found[1].1 == fixture("xrechnung-ubl.xml"));
        let sums = [other.as_bytes(), &fixture("xrechnung-ubl.xml")].map(server::file::sha256);
        assert_eq!(String::from_utf8(found[2].1.clone()).unwrap(), format!("file,number,issue_date,type_code,currency,gross_total,sha256\r\n\
            XRECHNUNG-UBL.xml,RE-2026-009418,2026-11-18,380,EUR,1332.65,{}\r\n\
            xrechnung-ubl (2).xml,RE-2026-009417,2026-11-18,380,EUR,1332.65,{}\r\n", sums[0], sums[1]));
        let but_one = entries(&browser.get(&format!("/download/invoices.zip?year=2026&except={second}")).await.body);
        assert_eq!(but_one.len(), 2);
        assert!(but_one[0].1 == fixture("xrechnung-ubl.xml"));
        let named = entries(&browser.get(&format!("/download/invoices.zip?ids={first}")).await.body);
        assert_eq!(named[0].0, "xrechnung-ubl.xml");
        let acts = audit::Entity::find().filter(audit::COLUMN.act.eq("downloadInvoices")).all(app.db()).await.unwrap();
        assert_eq!(acts.iter().map(|row| row.object.as_deref().unwrap()).collect::<Vec<_>>(), ["2", "1", "1"]);
    }

    async fn a_selection_reaches_no_foreign_invoice_and_says_what_is_wrong(app: TestApp) {
        let own = id_of(&imported_fixture(&app, "xrechnung-ubl.xml").await);
        let foreign = id_of(&imported_fixture(&app, "factur-x.pdf").await);
        let many = vec![own.to_string(); 101].join(",");
        let mut browser = app.client(app.bookkeeper).await;
        for (query, status) in [
            (format!("ids={own},{foreign}"), 404),
            (format!("ids={foreign}"), 404),
            ("ids=x".to_owned(), 404),
            ("ids=".to_owned(), 404),
            ("year=1999".to_owned(), 404),
            ("month=2026-13".to_owned(), 400),
            ("month=x".to_owned(), 400),
            ("state=LOST".to_owned(), 400),
            (format!("ids={many}"), 413),
            (format!("except={many}"), 413),
            (format!("text={}", "x".repeat(101)), 400),
        ] {
            for form in ["csv", "zip"] {
                let answer = browser.get(&format!("/download/invoices.{form}?{query}")).await;
                assert_eq!(answer.status.as_u16(), status, "{form} {query}");
            }
        }
        for form in ["csv", "zip"] {
            assert_eq!(app.anonymous().get(&format!("/download/invoices.{form}")).await.status, 401);
            assert_eq!(app.client(app.technician).await.get(&format!("/download/invoices.{form}")).await.status, 403);
            assert_eq!(app.client(app.dealer).await.get(&format!("/download/invoices.{form}")).await.status, 404);
        }
        let acts = audit::Entity::find().filter(audit::COLUMN.act.is_in(["downloadInvoices", "exportInvoices"])).all(app.db()).await.unwrap();
        assert_eq!(acts.iter().filter(|row| row.is_allowed).count(), 0);
    }
}

//! The files of an invoice: XML, the PDF for reading, attachments, and that fetching them is in the log.
use super::{fixture, id_of, imported_fixture};
use axum::http::StatusCode;
use lopdf::{Document, Object};
use sea_orm::{EntityTrait, QueryFilter};
use serde_json::json;
use server::entity::audit;
use std::{fs, process::Command};

/// The one file that a PDF carries, its relation, and whether the catalog names it (ISO 19005-3).
fn enclosed(pdf: &Document) -> (Vec<u8>, String, usize) {
    let catalog = pdf.catalog().unwrap();
    let associated = pdf
        .dereference(catalog.get(b"AF").unwrap())
        .unwrap()
        .1
        .as_array()
        .unwrap();
    let specification = pdf.dereference(&associated[0]).unwrap().1.as_dict().unwrap();
    let relation = specification.get(b"AFRelationship").unwrap().as_name().unwrap();
    let files = specification.get(b"EF").unwrap().as_dict().unwrap();
    let stream = pdf
        .dereference(files.get(b"F").unwrap())
        .unwrap()
        .1
        .as_stream()
        .unwrap();
    let bytes = stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
    (bytes, String::from_utf8_lossy(relation).into_owned(), associated.len())
}

fn text(pdf: &Document) -> String {
    let pages: Vec<u32> = pdf.get_pages().keys().copied().collect();
    let text = pdf.extract_text(&pages).unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

crate::on_both! {
    async fn the_xml_of_an_invoice_is_the_original_or_what_its_pdf_carries(app: TestApp) {
        let plain = id_of(&imported_fixture(&app, "xrechnung-ubl.xml").await);
        let answer = app.client(app.bookkeeper).await.get(&format!("/download/invoices/{plain}/xml")).await;
        assert_eq!((answer.status, answer.headers["content-type"].to_str().unwrap()), (StatusCode::OK, "application/xml"));
        assert!(answer.headers["content-disposition"].to_str().unwrap().starts_with("attachment; filename=\"RE-2026-009417.xml\""));
        assert!(answer.body == fixture("xrechnung-ubl.xml"));
        let hybrid = id_of(&imported_fixture(&app, "factur-x.pdf").await);
        let answer = app.client(app.stranger).await.get(&format!("/download/invoices/{hybrid}/xml")).await;
        let carried = server::invoice::read::embedded_xml(&fixture("factur-x.pdf")).unwrap().unwrap();
        assert!(answer.status == StatusCode::OK && answer.body == carried);
    }

    async fn a_pdf_for_reading_is_archivable_tagged_and_carries_the_xml(app: TestApp) {
        let id = id_of(&imported_fixture(&app, "xrechnung-ubl.xml").await);
        let mut browser = app.client(app.bookkeeper).await;
        for (language, words, tag) in [
            ("DE", ["Ansicht zum Lesen, nicht die Rechnung", "Rechnung RE-2026-009417", "1.332,65", "02.12.2026", "1.846"], "de"),
            ("EN", ["A view for reading, not the invoice", "Invoice RE-2026-009417", "1,332.65", "02/12/2026", "1,846"], "en"),
        ] {
            let answer = browser.get(&format!("/download/invoices/{id}/pdf?language={language}")).await;
            assert_eq!((answer.status, answer.headers["content-type"].to_str().unwrap()), (StatusCode::OK, "application/pdf"));
            let pdf = Document::load_mem(&answer.body).unwrap();
            let shown = text(&pdf);
            for word in words.iter().chain(&["Strom Gewerbe, Arbeitspreis", "DE89370400440532013000", "Treuerabatt Internet, 5 %", "KST 4400"]) {
                assert!(shown.contains(word), "{word}: {shown}");
            }
            let catalog = pdf.catalog().unwrap();
            assert_eq!(catalog.get(b"Lang").unwrap().as_str().unwrap(), tag.as_bytes());
            assert!(catalog.has(b"StructTreeRoot") && catalog.has(b"OutputIntents"));
            let metadata = pdf.dereference(catalog.get(b"Metadata").unwrap()).unwrap().1.as_stream().unwrap();
            let metadata = String::from_utf8_lossy(&metadata.content).into_owned();
            assert!(metadata.contains("pdfaid:part>3<") || metadata.contains("pdfaid:part=\"3\""), "{metadata}");
            let (xml, relation, count) = enclosed(&pdf);
            assert_eq!((relation.as_str(), count), ("Alternative", 1));
            assert!(xml == fixture("xrechnung-ubl.xml"));
            let fonts = pdf.objects.values().filter_map(|object| object.as_dict().ok()).filter(|found| found.get(b"Type").and_then(Object::as_name).is_ok_and(|name| name == b"FontDescriptor"));
            let embedded: Vec<bool> = fonts.map(|font| font.has(b"FontFile2") || font.has(b"FontFile3")).collect();
            assert!(!embedded.is_empty() && embedded.iter().all(|is_embedded| *is_embedded));
            let path = app.folder().join("view.pdf");
            fs::write(&path, &answer.body).unwrap();
            match Command::new("qpdf").arg("--check").arg(&path).output() {
                Ok(checked) => assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout)),
                Err(_) => println!("qpdf is not installed: its check is left out"),
            }
            let again = browser.get(&format!("/download/invoices/{id}/pdf?language={language}")).await;
            assert!(again.body == answer.body, "the same invoice gives the same bytes");
        }
    }

    async fn the_pdf_of_a_hybrid_is_the_original(app: TestApp) {
        let id = id_of(&imported_fixture(&app, "factur-x.pdf").await);
        let answer = app.client(app.stranger).await.get(&format!("/download/invoices/{id}/pdf?language=EN")).await;
        assert!(answer.status == StatusCode::OK && answer.body == fixture("factur-x.pdf"));
    }

    async fn an_attachment_comes_out_and_is_never_a_page(app: TestApp) {
        let id = id_of(&imported_fixture(&app, "xrechnung-ubl.xml").await);
        let mut browser = app.client(app.customer).await;
        let data = browser.data("query($id: InvoiceId!) { invoice(id: $id) { attachments { url size } } }", json!({ "id": id })).await;
        let attachment = &data["invoice"]["attachments"][0];
        assert_eq!(attachment["url"], format!("/download/invoices/{id}/attachments/0"));
        let answer = browser.get(attachment["url"].as_str().unwrap()).await;
        assert_eq!((answer.status, answer.headers["content-type"].to_str().unwrap(), answer.body.len()), (StatusCode::OK, "text/csv", 474));
        assert!(answer.headers["content-disposition"].to_str().unwrap().starts_with("attachment;"));
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        for index in ["1", "x", "-1", "18446744073709551616"] {
            assert_eq!(browser.get(&format!("/download/invoices/{id}/attachments/{index}")).await.status, StatusCode::NOT_FOUND, "{index}");
        }
    }

    async fn what_was_fetched_is_in_the_log_and_a_refusal_is_no_fetch(app: TestApp) {
        let id = id_of(&imported_fixture(&app, "xrechnung-ubl.xml").await);
        let mut browser = app.client(app.bookkeeper).await;
        for part in ["", "/xml", "/pdf"] {
            assert_eq!(app.client(app.stranger).await.get(&format!("/download/invoices/{id}{part}")).await.status, StatusCode::NOT_FOUND);
            assert_eq!(app.client(app.technician).await.get(&format!("/download/invoices/{id}{part}")).await.status, StatusCode::FORBIDDEN);
            assert_eq!(app.anonymous().get(&format!("/download/invoices/{id}{part}")).await.status, StatusCode::UNAUTHORIZED);
        }
        browser.get(&format!("/download/invoices/{id}")).await;
        let rows = audit::Entity::find().filter(audit::COLUMN.act.eq("downloadInvoice")).all(app.db()).await.unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!((rows[0].user_id, rows[0].account_id, rows[0].object.clone()), (Some(app.bookkeeper.user), Some(app.bookkeeper.account), Some(id.to_string())));
    }

    async fn a_giro_code_is_there_where_something_is_to_be_paid_in_euros(app: TestApp) {
        let id = id_of(&imported_fixture(&app, "xrechnung-ubl.xml").await);
        let query = "query($id: InvoiceId!) { invoice(id: $id) { giroCode { text pictureSize picturePath } payment { isDebited } } }";
        let data = app.client(app.customer).await.data(query, json!({ "id": id })).await;
        let code = &data["invoice"]["giroCode"];
        assert_eq!(code["text"], "BCD\n002\n1\nSCT\nCOBADEFFXXX\nLindwerk Netze GmbH\nDE89370400440532013000\nEUR1332.65\n\n\nRE-2026-009417");
        assert_eq!((code["pictureSize"].as_u64().unwrap() - 8 - 21) % 4, 0);
        assert!(code["picturePath"].as_str().unwrap().starts_with("M4 4h1v1h-1z"));
        assert_eq!(data["invoice"]["payment"]["isDebited"], false);
    }
}

//! Agreements on the processing of personal data: mailed, concluded, kept with their evidence, asked for again.
use crate::{
    app::{Client, Person, TestApp},
    document::contract,
    mail::{Sink, pass},
};
use axum::http::StatusCode;
use chrono::TimeDelta;
use lopdf::{Document, Object};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use server::{
    entity::{agreement, audit, document as document_row, event, mail_attachment},
    file::sha256,
};
use shared::id::{ContractId, ProductId};

const SAVE: &str = "mutation($input: SaveAgreementDraftInput!) { saveAgreementDraft(input: $input) { text { id version \
                    revision publishedAt german } } }";
const PUBLISH: &str = "mutation($input: PublishAgreementInput!) { publishAgreement(input: $input) { text { version \
                       publishedAt } } }";
const PRODUCT: &str = "query($id: ProductId!) { agreementProduct(id: $id) { de: proposal(language: DE) en: \
                       proposal(language: EN) draftVersion draftRevision texts { version publishedAt german } } }";
const AGREEMENT: &str = "query($id: ContractId!) { agreement(contractId: $id) { textId version isConcluded path de: \
                         sha256(language: DE) en: sha256(language: EN) concluded { version path sha256 signerName } } }";
const COVERAGE: &str = "query($filter: AgreementContractFilter, $first: Int) { agreementContracts(filter: $filter, first: \
                        $first) { totalCount nodes { id number version isConcluded concluded { version } } } }";
const OPEN: &str = "{ openAgreements { contractNumber productName version formerVersion } }";
const SEND: &str = "mutation($input: SendAgreementInput!) { sendAgreement(input: $input) { email } }";
const CONCLUDE: &str = "mutation($input: ConcludeAgreementInput!) { concludeAgreement(input: $input) { agreement { \
                        isConcluded concluded { version path sha256 } } } }";

/// The next version of a product's text, published by staff.
pub(crate) async fn publish(app: &TestApp, product: ProductId, change: impl Fn(String) -> String) -> String {
    let mut staff = app.client(app.staff).await;
    let found = staff.data(PRODUCT, json!({ "id": product })).await["agreementProduct"].clone();
    let text = |language: &str| change(found[language].as_str().unwrap().to_owned());
    let draft = json!({ "input": { "productId": product, "german": text("de"), "english": text("en"),
        "version": found["draftVersion"], "revision": found["draftRevision"] } });
    let saved = staff.data(SAVE, draft).await["saveAgreementDraft"]["text"].clone();
    let id = saved["id"].clone();
    staff
        .data(PUBLISH, json!({ "input": { "id": id, "revision": saved["revision"] } }))
        .await;
    id.as_str().unwrap().to_owned()
}

async fn agreement(client: &mut Client, id: ContractId) -> Value {
    client.data(AGREEMENT, json!({ "id": id })).await["agreement"].clone()
}

/// What a person says who agrees to the German text.
fn yes(id: ContractId, found: &Value) -> Value {
    json!({
        "contractId": id,
        "textId": found["textId"],
        "language": "DE",
        "sha256": found["de"],
        "signerName": "Aylin Öztürk",
        "signerRole": "Geschäftsführerin",
        "isAgreed": true,
    })
}

/// The text of all pages, white space joined.
fn text(pdf: &Document) -> String {
    let pages: Vec<_> = pdf.get_pages().keys().copied().collect();
    let text = pdf.extract_text(&pages).unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The customer concludes the newest text of a contract.
pub(crate) async fn conclude(app: &TestApp, id: ContractId) {
    let mut customer = app.client(app.customer).await;
    let found = agreement(&mut customer, id).await;
    customer.data(CONCLUDE, json!({ "input": yes(id, &found) })).await;
}

async fn count(app: &TestApp) -> (u64, u64, usize) {
    (
        agreement::Entity::find().count(app.db()).await.unwrap(),
        document_row::Entity::find().count(app.db()).await.unwrap(),
        app.mails().await.len(),
    )
}

/// The customer's contract over a product with a published text.
async fn asked(app: &TestApp) -> (ProductId, ContractId) {
    let found = contract(app, app.customer.account, "V-1").await;
    publish(app, found.0, |text| text).await;
    found
}

crate::on_both! {
    async fn an_agreement_is_mailed_with_its_annexes_as_an_accessible_archive_pdf(app: TestApp) {
        let (_, deal) = asked(&app).await;
        let mut customer = app.client(app.customer).await;
        let sent = customer.data(SEND, json!({ "input": { "contractId": deal, "language": "DE" } })).await;
        let mails = app.mails().await;
        assert_eq!(sent["sendAgreement"]["email"], mails[0].recipient);
        assert_eq!(mails[0].subject, "Vereinbarung zur Auftragsverarbeitung: Internet 500 für Betriebe");
        let attached = mail_attachment::Entity::find().all(app.db()).await.unwrap();
        assert_eq!(attached[0].name, "Vereinbarung-V-1-1.pdf");
        let sink = Sink::start().await;
        assert_eq!(pass(&app, &sink.transport(&app)).await, 1);
        let (_, message) = &sink.taken()[0];
        for part in ["multipart/mixed", "application/pdf", "filename=\"Vereinbarung-V-1-1.pdf\""] {
            assert!(message.contains(part), "{part}");
        }
        let found = agreement(&mut customer, deal).await;
        let got = customer.get(&format!("{}?language=DE", found["path"].as_str().unwrap())).await;
        assert_eq!(got.status, StatusCode::OK);
        assert_eq!(found["de"], sha256(&got.body));
        let pdf = Document::load_mem(&got.body).unwrap();
        let text = text(&pdf);
        for part in [
            "Internet 500 für Betriebe", "V-1", "104233", "dokumentierte Weisung", "Anlage 1", "Anlage 2", "Seite 1 von",
            "Version 1",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        let root = pdf.catalog().unwrap();
        let metadata = pdf.dereference(root.get(b"Metadata").unwrap()).unwrap().1.as_stream().unwrap();
        let xmp = String::from_utf8(metadata.content.clone()).unwrap();
        assert!(xmp.contains("<pdfaid:part>2</pdfaid:part>") && xmp.contains("<pdfuaid:part>1</pdfuaid:part>"), "{xmp}");
        assert!(root.has(b"StructTreeRoot") && root.has(b"OutputIntents"));
        assert_eq!(root.get(b"Lang").unwrap().as_str().unwrap(), b"de");
        let fonts = pdf.objects.values().filter_map(|object| object.as_dict().ok());
        let fonts = fonts.filter(|font| font.get(b"Type").and_then(Object::as_name).ok() == Some(b"FontDescriptor"));
        let embedded: Vec<_> = fonts.map(|font| font.has(b"FontFile2") || font.has(b"FontFile3")).collect();
        assert!(embedded.len() >= 2 && embedded.iter().all(|is_there| *is_there), "{embedded:?}");
        let english = customer.get(&format!("{}?language=EN", found["path"].as_str().unwrap())).await;
        assert_eq!(found["en"], sha256(&english.body));
        let acts = audit::Entity::find().all(app.db()).await.unwrap();
        assert!(acts.iter().any(|row| row.act == "sendAgreement" && row.account_id == Some(app.customer.account)));
    }

    async fn an_agreement_is_concluded_once_and_kept_with_its_evidence(app: TestApp) {
        let (_, deal) = asked(&app).await;
        let mut customer = app.client(app.customer).await;
        let found = agreement(&mut customer, deal).await;
        let agreed = customer.get(found["path"].as_str().unwrap()).await.body;
        let done = customer.data(CONCLUDE, json!({ "input": yes(deal, &found) })).await["concludeAgreement"]["agreement"].clone();
        assert_eq!(done["isConcluded"], true);
        assert_eq!(done["concluded"][0]["sha256"], sha256(&agreed));
        let bytes = customer.get(done["concluded"][0]["path"].as_str().unwrap()).await.body;
        let pdf = Document::load_mem(&bytes).unwrap();
        let text = text(&pdf);
        for part in [
            "Vereinbarung zur Auftragsverarbeitung", "104233", "Internet 500 für Betriebe", "V-1", "Version 1",
            "Nachweis über den Abschluss", "Aylin Öztürk", "Geschäftsführerin", "UTC", "dokumentierte Weisung",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(text.replace(' ', "").contains(&sha256(&agreed)), "{text}");
        let streams = pdf.objects.values().filter_map(|object| object.as_stream().ok());
        assert!(streams.map(|stream| stream.content.as_slice()).any(|content| content == &agreed[..]), "the agreed PDF is within");
        let again = agreement(&mut customer, deal).await;
        assert_eq!(customer.code(CONCLUDE, json!({ "input": yes(deal, &again) })).await, "CONFLICT");
        assert_eq!(count(&app).await, (1, 1, 1));
        let mails = app.mails().await;
        assert_eq!(mails[0].subject, "Vereinbarung geschlossen: Internet 500 für Betriebe");
        let withdraw = "mutation($input: WithdrawDocumentInput!) { withdrawDocument(input: $input) { document { id } } }";
        let row = document_row::Entity::find().one(app.db()).await.unwrap().unwrap();
        let mut staff = app.client(app.staff).await;
        assert_eq!(staff.code(withdraw, json!({ "input": { "id": row.id, "reason": "x" } })).await, "CONFLICT");
        let office = staff.data("{ agreements(text: \"104233\") { totalCount nodes { customerNumber contractNumber concluded { signerName version } } } }", json!({})).await;
        assert_eq!(office["agreements"], json!({ "totalCount": 1, "nodes": [{ "customerNumber": "104233", "contractNumber": "V-1",
            "concluded": { "signerName": "Aylin Öztürk", "version": 1 } }] }));
    }

    async fn other_systems_are_told_of_a_conclusion_and_only_of_that(app: TestApp) {
        let (_, deal) = asked(&app).await;
        let new = "mutation($input: CreateWebhookInput!) { createWebhook(input: $input) { webhook { id } } }";
        let to = json!({ "input": { "name": "ERP", "url": "https://erp.example/hook", "kinds": ["AGREEMENT_CONCLUDED"] } });
        app.client(app.staff).await.data(new, to).await;
        let mut customer = app.client(app.customer).await;
        let found = agreement(&mut customer, deal).await;
        let mut stale = yes(deal, &found);
        stale["sha256"] = json!("0".repeat(64));
        assert_eq!(customer.code(CONCLUDE, json!({ "input": stale })).await, "CONFLICT");
        assert_eq!(event::Entity::find().count(app.db()).await.unwrap(), 0, "what is refused is told to nobody");
        customer.data(CONCLUDE, json!({ "input": yes(deal, &found) })).await;
        let told = event::Entity::find().all(app.db()).await.unwrap();
        assert_eq!(told.len(), 1);
        let body: Value = serde_json::from_str(&told[0].body).unwrap();
        assert_eq!((&body["type"], &body["customerNumber"]), (&json!("agreement.concluded"), &json!("104233")));
        assert_eq!((&body["data"]["contractNumber"], &body["data"]["sha256"]), (&json!("V-1"), &found["de"]));
        assert_eq!(body["data"]["signer"], "Aylin Öztürk, Geschäftsführerin");
    }

    async fn nothing_is_concluded_by_who_may_not_or_says_too_little(app: TestApp) {
        let (_, deal) = asked(&app).await;
        let mut customer = app.client(app.customer).await;
        let found = agreement(&mut customer, deal).await;
        let with = |field: &str, value: Value| {
            let mut input = yes(deal, &found);
            input[field] = value;
            json!({ "input": input })
        };
        for (field, value, reason) in [
            ("signerName", json!(" "), "MISSING"),
            ("signerName", json!("x".repeat(101)), "TOO_LONG"),
            ("signerRole", json!(""), "MISSING"),
            ("isAgreed", json!(false), "MISSING"),
        ] {
            let refusal = customer.refusal(CONCLUDE, with(field, value)).await;
            assert_eq!((&refusal["field"], &refusal["reason"]), (&json!(field), &json!(reason)));
        }
        assert_eq!(customer.code(CONCLUDE, with("sha256", json!("0".repeat(64)))).await, "CONFLICT");
        assert_eq!(customer.code(CONCLUDE, with("textId", json!(app.app.new_id()))).await, "CONFLICT");
        let input = json!({ "input": yes(deal, &found) });
        for (person, code) in [(app.stranger, "NOT_FOUND"), (app.bookkeeper, "FORBIDDEN"), (app.staff, "FORBIDDEN")] {
            let person: Person = person;
            assert_eq!(app.client(person).await.code(CONCLUDE, input.clone()).await, code);
            assert_eq!(app.client(person).await.get(found["path"].as_str().unwrap()).await.status.as_u16(),
                if code == "NOT_FOUND" { 404 } else { 403 });
        }
        app.pass(TimeDelta::minutes(11));
        assert_eq!(customer.code(CONCLUDE, input).await, "STEP_UP_REQUIRED");
        assert_eq!(count(&app).await, (0, 0, 0));
    }

    async fn a_published_text_never_changes_and_a_new_one_asks_again(app: TestApp) {
        let (product, deal) = asked(&app).await;
        let mut customer = app.client(app.customer).await;
        let open = json!([{ "contractNumber": "V-1", "productName": "Internet 500 für Betriebe", "version": 1, "formerVersion": null }]);
        assert_eq!(customer.data(OPEN, json!({})).await["openAgreements"], open);
        let first = agreement(&mut customer, deal).await;
        customer.data(CONCLUDE, json!({ "input": yes(deal, &first) })).await;
        assert_eq!(customer.data(OPEN, json!({})).await["openAgreements"], json!([]));
        let mut staff = app.client(app.staff).await;
        let draft = |revision: i32| json!({ "input": { "productId": product, "german": "# Neu {version}",
            "english": "# New {version}", "version": 2, "revision": revision } });
        let saved = staff.data(SAVE, draft(0)).await["saveAgreementDraft"]["text"].clone();
        assert_eq!((&saved["version"], &saved["publishedAt"]), (&json!(2), &Value::Null));
        assert_eq!(staff.data(SAVE, draft(1)).await["saveAgreementDraft"]["text"]["id"], saved["id"]);
        assert_eq!(customer.data(OPEN, json!({})).await["openAgreements"], json!([]), "a draft asks nobody");
        let publish = json!({ "input": { "id": saved["id"], "revision": 2 } });
        staff.data(PUBLISH, publish.clone()).await;
        assert_eq!(staff.code(PUBLISH, publish).await, "CONFLICT");
        let texts = staff.data(PRODUCT, json!({ "id": product })).await["agreementProduct"]["texts"].clone();
        assert!(texts[1]["german"].as_str().unwrap().contains("dokumentierte Weisung"), "version 1 is as it was");
        let open = customer.data(OPEN, json!({})).await["openAgreements"].clone();
        assert_eq!((&open[0]["version"], &open[0]["formerVersion"]), (&json!(2), &json!(1)));
        assert_eq!(customer.code(CONCLUDE, json!({ "input": yes(deal, &first) })).await, "CONFLICT", "of the text that was read");
        app.pass(TimeDelta::minutes(1));
        let second = agreement(&mut customer, deal).await;
        assert_eq!((&second["isConcluded"], &second["version"]), (&json!(false), &json!(2)));
        customer.data(CONCLUDE, json!({ "input": yes(deal, &second) })).await;
        let listed = customer.data("{ documents(filter: { kind: AGREEMENT }) { nodes { title } } }", json!({})).await;
        assert_eq!(listed["documents"]["nodes"], json!([{ "title": "Vereinbarung zur Auftragsverarbeitung 2" },
            { "title": "Vereinbarung zur Auftragsverarbeitung 1" }]));
    }

    async fn a_draft_is_never_written_over_by_who_has_not_read_it(app: TestApp) {
        let (product, _) = contract(&app, app.customer.account, "V-1").await;
        let (mut first, mut second) = (app.client(app.staff).await, app.client(app.staff).await);
        let draft = |german: &str, version: i32, revision: i32| json!({ "input": { "productId": product, "german": german,
            "english": "x", "version": version, "revision": revision } });
        let read = second.data(PRODUCT, json!({ "id": product })).await["agreementProduct"].clone();
        assert_eq!((&read["draftVersion"], &read["draftRevision"]), (&json!(1), &json!(0)));
        let saved = first.data(SAVE, draft("eins", 1, 0)).await["saveAgreementDraft"]["text"].clone();
        assert_eq!(saved["revision"], 1);
        assert_eq!(second.code(SAVE, draft("zwei", 1, 0)).await, "CONFLICT");
        assert_eq!(first.data(SAVE, draft("drei", 1, 1)).await["saveAgreementDraft"]["text"]["revision"], 2);
        let publish = |revision: i32| json!({ "input": { "id": saved["id"], "revision": revision } });
        assert_eq!(second.code(PUBLISH, publish(1)).await, "CONFLICT", "what was not read is not published");
        let texts = |found: &Value| found["texts"].clone();
        let found = second.data(PRODUCT, json!({ "id": product })).await["agreementProduct"].clone();
        assert_eq!(texts(&found), json!([{ "version": 1, "publishedAt": null, "german": "drei" }]));
        second.data(PUBLISH, publish(2)).await;
        assert_eq!(first.code(SAVE, draft("vier", 1, 2)).await, "CONFLICT", "the version is published by now");
        let found = first.data(PRODUCT, json!({ "id": product })).await["agreementProduct"].clone();
        assert_eq!((&found["draftVersion"], &found["draftRevision"]), (&json!(2), &json!(0)));
        assert_eq!(texts(&found)[0]["german"], "drei");
    }

    async fn staff_sees_who_has_concluded_and_who_has_not(app: TestApp) {
        let (product, deal) = asked(&app).await;
        let (_, without) = contract(&app, app.customer.account, "V-9").await;
        app.pass(TimeDelta::seconds(1));
        let foreign = crate::document::contract_over(&app, app.stranger.account, product, "V-2").await;
        let mut customer = app.client(app.customer).await;
        let found = agreement(&mut customer, deal).await;
        customer.data(CONCLUDE, json!({ "input": yes(deal, &found) })).await;
        let mut staff = app.client(app.staff).await;
        let list = async |staff: &mut Client, filter: Value| {
            let found = staff.data(COVERAGE, json!({ "filter": filter })).await["agreementContracts"].clone();
            let rows = found["nodes"].as_array().unwrap().iter();
            let rows: Vec<_> = rows.map(|row| (row["number"].as_str().unwrap().to_owned(), row["concluded"]["version"].as_i64())).collect();
            assert_eq!(found["totalCount"], rows.len());
            rows
        };
        let both = vec![("V-2".to_owned(), None), ("V-1".to_owned(), Some(1))];
        assert_eq!(list(&mut staff, json!({})).await, both, "{without} asks for none");
        assert_eq!(list(&mut staff, json!({ "isConcluded": true })).await, [("V-1".to_owned(), Some(1))]);
        assert_eq!(list(&mut staff, json!({ "isConcluded": false })).await, [("V-2".to_owned(), None)]);
        assert_eq!(list(&mut staff, json!({ "text": "104871" })).await, [("V-2".to_owned(), None)]);
        assert_eq!(list(&mut staff, json!({ "text": "v-1" })).await, [("V-1".to_owned(), Some(1))]);
        let one = app.statements(staff.data(COVERAGE, json!({ "first": 1 }))).await;
        assert_eq!(one, app.statements(staff.data(COVERAGE, json!({}))).await);
        publish(&app, product, |text| format!("{text}\n\nNeu")).await;
        assert_eq!(list(&mut staff, json!({ "isConcluded": true })).await, []);
        assert_eq!(list(&mut staff, json!({ "isConcluded": false, "productId": product })).await, both);
        for id in [foreign, deal] {
            let row = staff.data(COVERAGE, json!({})).await["agreementContracts"]["nodes"].clone();
            let row = row.as_array().unwrap().iter().find(|row| row["id"] == json!(id)).unwrap().clone();
            assert_eq!((&row["version"], &row["isConcluded"]), (&json!(2), &json!(false)));
        }
        let long = json!({ "filter": { "text": "x".repeat(101) } });
        assert_eq!(staff.refusal(COVERAGE, long).await["field"], "filter.text");
    }

    async fn texts_are_written_by_administrators_alone_and_in_both_languages(app: TestApp) {
        let (product, _) = contract(&app, app.customer.account, "V-1").await;
        let mut staff = app.client(app.staff).await;
        let draft = |german: &str, english: &str| json!({ "input": { "productId": product, "german": german, "english": english,
            "version": 1, "revision": 0 } });
        for (bad, field, reason) in [
            (draft(" ", "x"), "german", "MISSING"),
            (draft("x", "\n"), "english", "MISSING"),
            (draft(&"x".repeat(60_001), "x"), "german", "TOO_LONG"),
        ] {
            let refusal = staff.refusal(SAVE, bad).await;
            assert_eq!((&refusal["field"], &refusal["reason"]), (&json!(field), &json!(reason)));
        }
        assert_eq!(app.client(app.customer).await.code(SAVE, draft("x", "y")).await, "FORBIDDEN");
        let id = staff.data(SAVE, draft("x", "y")).await["saveAgreementDraft"]["text"]["id"].clone();
        app.pass(TimeDelta::minutes(11));
        assert_eq!(staff.code(PUBLISH, json!({ "input": { "id": id, "revision": 1 } })).await, "STEP_UP_REQUIRED");
        let texts = staff.data(PRODUCT, json!({ "id": product })).await["agreementProduct"]["texts"].clone();
        assert_eq!(texts, json!([{ "version": 1, "publishedAt": null, "german": "x" }]));
    }
}

#[test]
fn greek_and_cyrillic_names_are_printed_as_they_are() {
    use server::paper::{Block, Paper, letterhead::Letterhead, pdf};
    let paper = Paper {
        title: "Schrift".to_owned(),
        language: shared::account::Language::De,
        author: "Lindwerk".to_owned(),
        letterhead: Letterhead::default(),
        foot: String::new(),
        date: crate::app::now(),
        blocks: vec![Block::Paragraph("Αθηνά Παπαδοπούλου, Дмитрий Щукин, 東".to_owned())],
        enclosed: None,
    };
    let bytes = pdf(&paper).unwrap();
    assert_eq!(bytes, pdf(&paper).unwrap(), "the same paper gives the same bytes");
    // the commas are of another face, which the extraction sets apart
    let text = text(&Document::load_mem(&bytes).unwrap()).replace(" ,", ",");
    assert!(text.contains("Αθηνά Παπαδοπούλου, Дмитрий Щукин, ?"), "{text}");
}

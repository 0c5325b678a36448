//! What becomes of files: imported, waiting, already there, in conflict, refused.
use super::{Short, acts, add, fixture, id_of, imported, imported_fixture, imported_path, rows};
use crate::app::TestApp;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
use server::{
    entity::account,
    invoice::{
        import::{Operator, Source, import},
        report::{Outcome, Refusal},
    },
};
use shared::id::AccountId;

/// A copy of the UBL fixture in which each first text is the second.
fn changed(changes: &[(&str, &str)]) -> Vec<u8> {
    let text = String::from_utf8(fixture("xrechnung-ubl.xml")).unwrap();
    let text = changes.iter().fold(text, |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    });
    text.into_bytes()
}

/// Gives the customer a VAT identifier.
async fn with_vat_id(app: &TestApp, id: AccountId, vat_id: &str) {
    let row = account::Entity::find_by_id(id).one(app.db()).await.unwrap().unwrap();
    let mut row = row.into_active_model();
    row.vat_id = Set(Some(vat_id.to_owned()));
    row.update(app.db()).await.unwrap();
}

const BUYER_ID: &str = "<cbc:ID>104233</cbc:ID>";

crate::on_both! {
    async fn each_syntax_finds_its_buyer_by_customer_number(app: TestApp) {
        for (name, owner) in [
            ("xrechnung-ubl.xml", app.customer),
            ("credit-note-ubl.xml", app.customer),
            ("zugferd-1.pdf", app.customer),
            ("factur-x.pdf", app.stranger),
        ] {
            let outcome = imported_fixture(&app, name).await;
            let row = rows(&app).await.into_iter().find(|row| row.id == id_of(&outcome)).unwrap();
            assert_eq!((row.account_id, row.file_name.as_str()), (Some(owner.account), name));
            assert_eq!(app.app.files.get(&row.sha256).await.unwrap(), fixture(name));
        }
    }

    async fn the_buyer_reference_and_the_vat_id_find_the_buyer_too(app: TestApp) {
        let by_reference = changed(&[(BUYER_ID, "<cbc:ID>4711</cbc:ID>"), ("KST 4400", "104233"), ("RE-2026-009417", "A")]);
        id_of(&imported(&app, "a.xml", by_reference, None).await);
        with_vat_id(&app, app.stranger.account, "DE111111111").await;
        let vat_scheme = "<cac:PartyTaxScheme><cbc:CompanyID>de 111 111 111</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>";
        let text = String::from_utf8(changed(&[(BUYER_ID, "<cbc:ID>4711</cbc:ID>"), ("RE-2026-009417", "B")])).unwrap();
        let (head, buyer) = text.split_once("<cac:AccountingCustomerParty>").unwrap();
        let buyer = buyer.replacen("</cac:PostalAddress>", &format!("</cac:PostalAddress>{vat_scheme}"), 1);
        let by_vat_id = format!("{head}<cac:AccountingCustomerParty>{buyer}");
        id_of(&imported(&app, "b.xml", by_vat_id.into_bytes(), None).await);
        let accounts: Vec<_> = rows(&app).await.into_iter().map(|row| (row.number, row.account_id)).collect();
        assert_eq!(accounts, [("A".to_owned(), Some(app.customer.account)), ("B".to_owned(), Some(app.stranger.account))]);
    }

    async fn a_name_alone_finds_nobody(app: TestApp) {
        let bytes = changed(&[(BUYER_ID, "<cbc:ID>4711</cbc:ID>")]);
        assert!(matches!(imported(&app, "a.xml", bytes, None).await, Outcome::Waiting { findings: 0, .. }));
        let rows = rows(&app).await;
        assert_eq!((rows.len(), rows[0].account_id, rows[0].buyer_name.as_str()), (1, None, "Bäckerei Öztürk GmbH"));
    }

    async fn what_names_two_customers_waits(app: TestApp) {
        let bytes = changed(&[("KST 4400", "104871")]);
        assert!(matches!(imported(&app, "a.xml", bytes, None).await, Outcome::Waiting { .. }));
    }

    async fn what_waits_goes_to_the_account_that_is_named_later(app: TestApp) {
        let Outcome::Waiting { id, .. } = imported_fixture(&app, "unknown-buyer.xml").await else { panic!("does not wait") };
        assert_eq!(imported_fixture(&app, "unknown-buyer.xml").await, Outcome::AlreadyThere { id });
        let named = imported(&app, "again.xml", fixture("unknown-buyer.xml"), Some(app.customer.account)).await;
        assert_eq!(named, Outcome::Imported { id, account_number: "104233".to_owned(), findings: 0, is_held: false });
        assert_eq!(imported_fixture(&app, "unknown-buyer.xml").await, Outcome::AlreadyThere { id });
        let rows = rows(&app).await;
        assert_eq!((rows.len(), rows[0].account_id), (1, Some(app.customer.account)));
    }

    async fn what_a_person_put_elsewhere_stays_there(app: TestApp) {
        let id = id_of(&imported(&app, "a.xml", fixture("xrechnung-ubl.xml"), Some(app.stranger.account)).await);
        assert_eq!(imported_fixture(&app, "xrechnung-ubl.xml").await, Outcome::AlreadyThere { id });
        assert_eq!(rows(&app).await.len(), 1);
    }

    async fn twice_doubles_nothing(app: TestApp) {
        let id = id_of(&imported_fixture(&app, "factur-x.pdf").await);
        let before = (rows(&app).await, acts(&app).await);
        assert_eq!(imported_fixture(&app, "factur-x.pdf").await, Outcome::AlreadyThere { id });
        assert_eq!(imported(&app, "b.pdf", fixture("factur-x.pdf"), Some(app.stranger.account)).await, Outcome::AlreadyThere { id });
        assert_eq!((rows(&app).await, acts(&app).await), before);
    }

    async fn two_at_once_double_nothing(app: TestApp) {
        for name in ["xrechnung-ubl.xml", "unknown-buyer.xml"] {
            let (one, two, three) = tokio::join!(imported_fixture(&app, name), imported_fixture(&app, name), imported_fixture(&app, name));
            let there = [one, two, three].iter().filter(|outcome| matches!(outcome, Outcome::AlreadyThere { .. })).count();
            assert_eq!(there, 2, "{name}");
        }
        assert_eq!(rows(&app).await.len(), 2);
    }

    async fn other_bytes_of_the_same_invoice_are_a_conflict_within_the_account_only(app: TestApp) {
        let id = id_of(&imported_fixture(&app, "xrechnung-ubl.xml").await);
        let before = (rows(&app).await, acts(&app).await);
        let other = changed(&[("Trinkwasser", "Wasser")]);
        let number = "RE-2026-009417".to_owned();
        let conflict = Outcome::Conflict { id, number, account_number: "104233".to_owned() };
        assert_eq!(imported(&app, "b.xml", other.clone(), None).await, conflict);
        assert_eq!((rows(&app).await, acts(&app).await), before);
        assert!(app.app.files.get(&server::file::sha256(&other)).await.is_err());
        id_of(&imported(&app, "b.xml", other, Some(app.stranger.account)).await);
        id_of(&imported(&app, "c.xml", changed(&[(">380<", ">384<")]), None).await);
        assert_eq!(rows(&app).await.len(), 3);
    }

    async fn a_sum_that_does_not_add_up_is_a_finding(app: TestApp) {
        let outcome = imported_fixture(&app, "sums-do-not-add-up.xml").await;
        assert!(matches!(outcome, Outcome::Imported { findings, .. } if findings > 0), "{outcome:?}");
        let row = rows(&app).await.pop().unwrap();
        assert!(row.finding_count > 0);
    }

    async fn refused_files_leave_nothing_and_say_why(app: TestApp) {
        let too_many_decimals = changed(&[(">1332.65<", ">1332.655<")]);
        let too_long = changed(&[("<cbc:ID>RE-2026-009417<", &format!("<cbc:ID>{}<", "9".repeat(201)))]);
        for (name, bytes, reason) in [
            ("truncated.xml", fixture("truncated.xml"), "the XML is broken"),
            ("with-dtd.xml", fixture("with-dtd.xml"), "document type declaration"),
            ("without-number.xml", fixture("without-number.xml"), "the invoice has no number (BT-1)"),
            ("other-standard.xml", fixture("other-standard.xml"), "another standard"),
            ("order.pdf", fixture("order.pdf"), "the document is an order"),
            ("without-invoice.pdf", fixture("without-invoice.pdf"), "the PDF contains no e-invoice"),
            ("truncated.pdf", fixture("truncated.pdf"), "the PDF is broken"),
            ("empty.xml", Vec::new(), "neither XML nor PDF"),
            ("decimals.xml", too_many_decimals, "1332.655"),
            ("long.xml", too_long, "the number (BT-1) is longer than 200 characters"),
        ] {
            let outcome = imported(&app, name, bytes, None).await;
            assert!(outcome.is_failure(), "{name}: {outcome}");
            assert!(outcome.to_string().starts_with("refused: ") && outcome.to_string().contains(reason), "{name}: {outcome}");
        }
        assert_eq!((rows(&app).await.len(), acts(&app).await), (0, 0));
        assert_eq!(std::fs::read_dir(app.folder().join("files")).unwrap().count(), 0);
    }

    async fn an_account_that_is_not_there_imports_nothing(app: TestApp) {
        let source = Source { file_name: "a.xml".to_owned(), bytes: fixture("xrechnung-ubl.xml") };
        let unknown = Some(AccountId(uuid::Uuid::nil()));
        assert!(import(&app.app, Operator, source, unknown).await.is_err());
        let error = imported_path(&app, app.folder(), Some("999")).await.unwrap_err();
        assert_eq!(error.to_string(), "there is no account with the number 999");
        assert!(rows(&app).await.is_empty());
    }

    async fn a_folder_is_read_with_its_folders_in_order_of_names(app: TestApp) {
        let folder = app.folder().join("in");
        std::fs::create_dir_all(folder.join("b")).unwrap();
        for (path, name) in [("c.xml", "xrechnung-ubl.xml"), ("a.pdf", "order.pdf"), ("b/x.pdf", "factur-x.pdf"), (".hidden.xml", "credit-note-ubl.xml")] {
            std::fs::write(folder.join(path), fixture(name)).unwrap();
        }
        let large = std::fs::File::create(folder.join("d.xml")).unwrap();
        large.set_len(10 * 1024 * 1024 + 1).unwrap();
        std::fs::write(folder.join("e\u{1b}[2J.xml"), fixture("unknown-buyer.xml")).unwrap();
        add(&app, app.customer, Short("RE-2026-009418", "380", "2026-11-18", None, "EUR", 1, "Andere")).await;
        let reports = imported_path(&app, &folder, None).await.unwrap();
        let lines: Vec<_> = reports.iter().map(|report| report.to_string().replace(&format!("{}/", folder.display()), "")).collect();
        assert_eq!(lines, [
            "a.pdf: refused: the document is an order, not an invoice",
            "b/x.pdf: imported into account 104871",
            "c.xml: imported into account 104233",
            "d.xml: refused: the file has 10485761 bytes, more than the limit of 10485760",
            "e\u{fffd}[2J.xml: kept, waits unmatched: its buyer is no customer for certain",
        ]);
        let failures: Vec<_> = reports.iter().map(|report| report.outcome.is_failure()).collect();
        assert_eq!(failures, [true, false, false, true, false]);
        let again = imported_path(&app, &folder.join("c.xml"), Some(" 104233 ")).await.unwrap();
        assert_eq!(again[0].to_string(), format!("{}: already there", folder.join("c.xml").display()));
        assert_eq!(rows(&app).await.len(), 4);
    }

    async fn an_amount_that_no_invoice_has_is_refused(app: TestApp) {
        let huge = changed(&[(">1332.65<", ">10000000000000.01<")]);
        let outcome = imported(&app, "a.xml", huge, None).await;
        assert!(matches!(outcome, Outcome::Refused(Refusal::BadAmount { .. })), "{outcome:?}");
        assert!(rows(&app).await.is_empty());
    }
}

//! What is read from the fixtures, compared with values written by hand.
use server::invoice::read::{self, Account, Identifier, InvoiceDocument, Profile, Syntax, Weight};

use crate::{amount, document, fixture};

fn id(value: &str, scheme: Option<&str>) -> Identifier {
    Identifier {
        value: value.to_owned(),
        scheme: scheme.map(str::to_owned),
    }
}

fn date(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

#[test]
fn a_ubl_xrechnung_is_read_whole() {
    let invoice = document("xrechnung-ubl.xml");
    assert_eq!(
        (invoice.syntax, invoice.profile),
        (Syntax::UblInvoice, Profile::Xrechnung)
    );
    assert_eq!(invoice.embedded_name, None);
    assert_eq!(
        (invoice.number.as_str(), invoice.type_code.as_str()),
        ("RE-2026-009417", "380")
    );
    assert_eq!(invoice.issue_date, date("2026-11-18"));
    assert_eq!(invoice.due_date, Some(date("2026-12-02")));
    let period = invoice.period.unwrap();
    assert_eq!(
        (period.start, period.end),
        (Some(date("2026-10-01")), Some(date("2026-11-30")))
    );
    assert_eq!(
        (invoice.currency.as_str(), invoice.tax_currency.as_deref()),
        ("EUR", None)
    );
    assert_eq!(invoice.buyer_reference.as_deref(), Some("KST 4400"));
    assert_eq!(invoice.order_reference, None);

    let seller = &invoice.seller;
    assert_eq!(seller.shown_name(), "Lindwerk Netze GmbH");
    assert_eq!(
        (seller.vat_id.as_deref(), seller.tax_number.as_deref()),
        (Some("DE299999999"), Some("124/5800/9999"))
    );
    assert_eq!(seller.contact_phone.as_deref(), Some("0208 555 0100"));
    assert_eq!(seller.contact_email.as_deref(), Some("rechnung@lindwerk.example"));
    assert_eq!(seller.registration, Some(id("HRB 99999", None)));
    let buyer = &invoice.buyer;
    assert_eq!(buyer.shown_name(), "Bäckerei Öztürk GmbH");
    assert_eq!(buyer.ids, [id("104233", None)]);
    assert_eq!(
        buyer.electronic_address,
        Some(id("a.oeztuerk@baeckerei-oeztuerk.example", Some("EM")))
    );
    assert_eq!(buyer.street, ["Markt 4"]);
    assert_eq!(
        (buyer.postcode.as_deref(), buyer.city.as_deref()),
        (Some("46045"), Some("Oberhausen"))
    );
    assert_eq!(
        (buyer.country.as_deref(), buyer.contact_name.as_deref()),
        (Some("DE"), Some("Buchhaltung"))
    );

    let payment = &invoice.payment;
    assert_eq!(
        (payment.means_code.as_deref(), payment.remittance.as_deref()),
        (Some("58"), Some("RE-2026-009417"))
    );
    let account = Account {
        iban: "DE89370400440532013000".to_owned(),
        bic: Some("COBADEFFXXX".to_owned()),
        name: Some("Lindwerk Netze GmbH".to_owned()),
    };
    assert_eq!(payment.accounts, [account]);
    let terms = "Bitte zahlen Sie bis zum 2. Dezember 2026 ohne Abzug. Geben Sie dabei die Rechnungsnummer an.";
    assert_eq!(payment.terms.as_deref(), Some(terms));
    assert_eq!(invoice.findings, []);
}

#[test]
fn lines_allowances_vat_and_totals_are_exact() {
    let invoice = document("xrechnung-ubl.xml");
    let lines: Vec<_> = invoice
        .lines
        .iter()
        .map(|line| (line.id.as_str(), line.name.as_deref().unwrap(), line.net))
        .collect();
    assert_eq!(
        lines,
        [
            ("1", "Internet Business 500", amount("249.00").unwrap()),
            ("2", "Feste IPv4-Adressen, Netz /29", amount("15.00").unwrap()),
            ("3", "Hosting Pro", amount("89.00").unwrap()),
            ("4", "Zusätzlicher Speicher", amount("24.00").unwrap()),
            ("5", "Strom Gewerbe, Arbeitspreis", amount("593.30").unwrap()),
            ("6", "Strom Gewerbe, Grundpreis", amount("18.50").unwrap()),
            ("7", "Messung", amount("90.00").unwrap()),
            ("8", "Trinkwasser", amount("59.52").unwrap()),
        ]
    );
    let electricity = &invoice.lines[4];
    assert_eq!(
        electricity.description.as_deref(),
        Some("Oktober 2026, Zähler 1 LGZ 0034 7711")
    );
    assert_eq!(
        (electricity.quantity, electricity.unit.as_deref()),
        (amount("1846"), Some("KWH"))
    );
    assert_eq!((electricity.price, electricity.base_quantity), (amount("0.3214"), None));
    assert_eq!(
        (electricity.vat_category.as_str(), electricity.vat_rate),
        ("S", amount("19"))
    );
    assert_eq!(invoice.lines[7].vat_rate, amount("7"));

    let discount = &invoice.allowances[0];
    assert_eq!((invoice.allowances.len(), invoice.charges.len()), (1, 0));
    assert_eq!(
        (Some(discount.amount), discount.base, discount.percent),
        (amount("12.45"), amount("249"), amount("5"))
    );
    assert_eq!(discount.reason.as_deref(), Some("Treuerabatt Internet, 5 %"));
    let vat: Vec<_> = invoice
        .vat
        .iter()
        .map(|vat| (vat.rate, Some(vat.basis), Some(vat.tax)))
        .collect();
    assert_eq!(
        vat,
        [
            (amount("7"), amount("59.52"), amount("4.17")),
            (amount("19"), amount("1066.35"), amount("202.61"))
        ]
    );
    let totals = &invoice.totals;
    assert_eq!(
        (totals.lines, totals.allowances, totals.charges),
        (amount("1138.32"), amount("12.45"), None)
    );
    assert_eq!(
        (totals.net, totals.tax, totals.gross),
        (amount("1125.87"), amount("206.78"), amount("1332.65"))
    );
    assert_eq!(
        (totals.prepaid, totals.rounding, totals.payable),
        (None, None, amount("1332.65"))
    );
}

#[test]
fn an_attachment_is_listed_and_its_bytes_are_kept() {
    let attachment = document("xrechnung-ubl.xml").attachments.remove(0);
    assert_eq!(
        (attachment.name.as_str(), attachment.media_type.as_str()),
        ("Einzelnachweis Oktober 2026.csv", "text/csv")
    );
    assert_eq!(
        (attachment.size, attachment.description.as_deref()),
        (474, Some("Einzelnachweis Strom je Tag"))
    );
    let bytes = read::attachment(&fixture("xrechnung-ubl.xml"), 0).unwrap().unwrap();
    let table = String::from_utf8(bytes).unwrap();
    assert!(
        table.starts_with("Tag;kWh\r\n01.10.2026;59\r\n02.10.2026;60\r\n"),
        "{table}"
    );
    assert_eq!(read::attachment(&fixture("xrechnung-ubl.xml"), 1), Ok(None));
}

#[test]
fn an_attachment_cannot_leave_the_folder_nor_turn_its_name_round() {
    assert_eq!(document("attachment-name.xml").attachments[0].name, "_script_gpj.csv");
}

#[test]
fn a_credit_note_carries_positive_amounts_and_the_invoice_it_credits() {
    let note = document("credit-note-ubl.xml");
    assert_eq!((note.syntax, note.type_code.as_str()), (Syntax::UblCreditNote, "381"));
    assert!(note.is_credit());
    assert_eq!((note.number.as_str(), note.due_date), ("GU-2026-000971", None));
    assert_eq!(
        (note.totals.net, note.totals.tax, note.totals.gross),
        (amount("40.34"), amount("7.66"), amount("48.00"))
    );
    assert_eq!(note.preceding_invoices.len(), 1);
    assert_eq!(note.preceding_invoices[0].number, "RE-2026-003498");
    assert_eq!(note.preceding_invoices[0].issue_date, Some(date("2026-08-18")));
    assert_eq!(
        note.notes,
        ["Für die Störung Ihres Anschlusses schreiben wir Ihnen gut:"]
    );
    assert_eq!(note.findings, []);
}

#[test]
fn a_cii_xrechnung_is_read_with_three_vat_rates() {
    let invoice = document("xrechnung-cii.xml");
    assert_eq!((invoice.syntax, invoice.profile), (Syntax::Cii, Profile::Xrechnung));
    assert_eq!(
        (invoice.number.as_str(), invoice.type_code.as_str()),
        ("RE-2026-009403", "380")
    );
    assert_eq!(
        (invoice.issue_date, invoice.due_date),
        (date("2026-05-21"), Some(date("2026-06-11")))
    );
    assert_eq!(
        (invoice.buyer.shown_name(), &invoice.buyer.ids[..]),
        ("Hausverwaltung Lange", &[id("105120", None)][..])
    );
    assert_eq!(invoice.lines.len(), 5);
    let vat: Vec<_> = invoice
        .vat
        .iter()
        .map(|vat| (vat.category.as_str(), vat.rate, Some(vat.basis), Some(vat.tax)))
        .collect();
    assert_eq!(
        vat,
        [
            ("S", amount("7"), amount("376.32"), amount("26.34")),
            ("S", amount("19"), amount("1202.31"), amount("228.44")),
            ("Z", amount("0"), amount("1640.00"), amount("0.00")),
        ]
    );
    assert_eq!(
        (invoice.totals.net, invoice.totals.gross),
        (amount("3218.63"), amount("3473.41"))
    );
    assert_eq!(invoice.findings, []);
}

#[test]
fn the_invoice_is_found_in_a_hybrid_pdf() {
    let invoice = document("factur-x.pdf");
    assert_eq!((invoice.syntax, invoice.profile), (Syntax::Cii, Profile::En16931));
    assert_eq!(invoice.embedded_name.as_deref(), Some("factur-x.xml"));
    assert_eq!(
        (invoice.number.as_str(), invoice.buyer.shown_name()),
        ("RE-2026-009398", "Petra Schäfer")
    );
    assert_eq!((invoice.lines.len(), invoice.vat.len()), (4, 2));
    assert_eq!(
        (invoice.totals.net, invoice.totals.payable),
        (amount("160.99"), amount("185.36"))
    );
    let payment = &invoice.payment;
    assert_eq!(
        (payment.means_code.as_deref(), payment.mandate.as_deref()),
        (Some("59"), Some("LN-104871-01"))
    );
    assert_eq!(payment.creditor_id.as_deref(), Some("DE98ZZZ09999999999"));
    assert_eq!(
        (payment.debited_iban.as_deref(), payment.accounts.len()),
        (Some("DE02120300000000202051"), 0)
    );
    assert_eq!((invoice.attachments, invoice.findings), (vec![], vec![]));
}

#[test]
fn the_xml_of_a_hybrid_comes_out_byte_for_byte() {
    let pdf = fixture("zugferd-1.pdf");
    let xml = read::embedded_xml(&pdf).unwrap().unwrap();
    assert_eq!(xml, include_bytes!("../../examples/make_fixtures/zugferd-1.xml"));
    assert_eq!(read::embedded_xml(&fixture("xrechnung-ubl.xml")), Ok(None));
}

#[test]
fn zugferd_1_is_read_with_notes_freight_and_other_files() {
    let invoice = document("zugferd-1.pdf");
    assert_eq!(
        (invoice.syntax, invoice.profile),
        (Syntax::Zugferd1, Profile::Zugferd1Comfort)
    );
    assert_eq!(invoice.embedded_name.as_deref(), Some("ZUGFeRD-invoice.xml"));
    assert_eq!(
        (invoice.number.as_str(), invoice.type_code.as_str()),
        ("RE-2014-000317", "380")
    );
    assert_eq!(
        (invoice.issue_date, invoice.due_date),
        (date("2014-11-03"), Some(date("2014-11-17")))
    );
    assert_eq!(invoice.delivery_date, Some(date("2014-10-30")));
    assert_eq!(invoice.seller.shown_name(), "Lindwerk Netze GmbH");
    assert_eq!(invoice.seller.vat_id.as_deref(), Some("DE299999999"));
    assert_eq!(invoice.buyer.shown_name(), "Bäckerei Öztürk GmbH");
    assert_eq!(
        (&invoice.buyer.ids[..], &invoice.buyer.street[..]),
        (
            &[id("104233", None)][..],
            &["Buchhaltung".to_owned(), "Markt 4".to_owned()][..]
        )
    );
    assert_eq!(invoice.payment.accounts[0].iban, "DE89370400440532013000");
    assert_eq!(invoice.lines.len(), 3);
    assert_eq!(
        (invoice.lines[0].note.as_deref(), invoice.lines[0].quantity),
        (Some("Gemäß Angebot vom 20.10.2014:"), None)
    );
    assert_eq!(
        (invoice.lines[2].price, invoice.lines[2].net),
        (amount("42.5000"), amount("85.00").unwrap())
    );
    assert_eq!(
        (invoice.allowances[0].amount, invoice.charges[0].amount),
        (amount("4.10").unwrap(), amount("5.90").unwrap())
    );
    assert_eq!(
        (invoice.vat[0].rate, Some(invoice.vat[0].basis)),
        (amount("19"), amount("215.80"))
    );
    assert_eq!(
        (invoice.totals.net, invoice.totals.tax, invoice.totals.gross),
        (amount("215.80"), amount("41.00"), amount("256.80"))
    );
    assert_eq!(
        (invoice.totals.prepaid, invoice.totals.payable),
        (None, amount("256.80"))
    );
    assert_eq!(invoice.findings, []);
    assert_eq!(invoice.attachments.len(), 1);
    assert_eq!(
        (
            invoice.attachments[0].name.as_str(),
            invoice.attachments[0].media_type.as_str()
        ),
        ("Lieferschein.txt", "text/plain")
    );
    assert_eq!(
        read::attachment(&fixture("zugferd-1.pdf"), 0),
        Ok(Some(b"1 Router".to_vec()))
    );
}

#[test]
fn sums_that_do_not_add_up_are_found_with_both_amounts() {
    let invoice = document("sums-do-not-add-up.xml");
    assert!(invoice.contradicts_itself());
    assert_eq!(invoice.findings.len(), 1);
    let finding = &invoice.findings[0];
    assert_eq!(
        (finding.rule.as_str(), finding.weight),
        ("BR-CO-15", Weight::Contradiction)
    );
    assert_eq!(
        (finding.params["stated"].as_str(), finding.params["computed"].as_str()),
        ("1352.65", "1332.65")
    );
}

#[test]
fn what_was_read_survives_being_kept_as_json() {
    for name in [
        "xrechnung-ubl.xml",
        "credit-note-ubl.xml",
        "xrechnung-cii.xml",
        "factur-x.pdf",
        "zugferd-1.pdf",
        "sums-do-not-add-up.xml",
    ] {
        let invoice = document(name);
        let json = serde_json::to_string(&invoice).unwrap();
        assert_eq!(
            serde_json::from_str::<InvoiceDocument>(&json).unwrap(),
            invoice,
            "{name}"
        );
    }
    let json = serde_json::to_value(document("xrechnung-ubl.xml")).unwrap();
    assert_eq!(json["totals"]["gross"], "1332.65", "amounts are exact text, not floats");
}

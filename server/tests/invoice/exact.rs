//! What other programs write beside or against the standard and a person still wants to read as it stands: accounts beside a
//! card or a mandate, and amounts with more than two decimals.
use rust_decimal::Decimal;
use server::invoice::{
    giro::is_debited,
    read::{self, Account, InvoiceDocument},
};

use crate::{document, fixture};

/// The fixture with each text exchanged for another at its first place.
fn changed(name: &str, changes: &[(&str, &str)]) -> InvoiceDocument {
    let mut text = String::from_utf8(fixture(name)).unwrap();
    for (old, new) in changes {
        assert!(text.contains(old), "{old}");
        text = text.replacen(old, new, 1);
    }
    read::read(text.as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn rules(invoice: &InvoiceDocument) -> Vec<&str> {
    invoice.findings.iter().map(|finding| finding.rule.as_str()).collect()
}

const CARD: &str = "<ram:ApplicableTradeSettlementFinancialCard><ram:ID>4970xx0265</ram:ID></ram:ApplicableTradeSettlementFinancialCard>";
const PAYEE: &str = "<ram:PayeePartyCreditorFinancialAccount>";

#[test]
fn the_account_beside_a_card_is_read_in_cii() {
    let invoice = changed("xrechnung-cii.xml", &[(PAYEE, &format!("{CARD}{PAYEE}"))]);
    assert_eq!(
        invoice.payment.accounts,
        [Account {
            iban: "DE89370400440532013000".to_owned(),
            bic: Some("COBADEFFXXX".to_owned()),
            name: Some("Lindwerk Netze GmbH".to_owned()),
        }]
    );
    assert!(!is_debited(&invoice.payment));
}

#[test]
fn the_account_beside_one_that_is_debited_is_read_in_cii() {
    let payer = "<ram:PayerPartyDebtorFinancialAccount><ram:IBANID>DE02120300000000202051</ram:IBANID></ram:PayerPartyDebtorFinancialAccount>";
    let invoice = changed("xrechnung-cii.xml", &[(PAYEE, &format!("{payer}{PAYEE}"))]);
    assert_eq!(invoice.payment.accounts.len(), 1);
    assert_eq!(invoice.payment.accounts[0].iban, "DE89370400440532013000");
    assert_eq!(invoice.payment.debited_iban.as_deref(), Some("DE02120300000000202051"));
}

#[test]
fn with_a_mandate_beside_the_account_nobody_is_asked_to_pay() {
    let debit = "</cac:PaymentMeans><cac:PaymentMeans><cbc:PaymentMeansCode>59</cbc:PaymentMeansCode><cac:PaymentMandate><cbc:ID>M-7</cbc:ID></cac:PaymentMandate></cac:PaymentMeans>";
    let invoice = changed("xrechnung-ubl.xml", &[("</cac:PaymentMeans>", debit)]);
    assert_eq!(invoice.payment.accounts, document("xrechnung-ubl.xml").payment.accounts);
    assert_eq!(invoice.payment.means_code.as_deref(), Some("58"));
    assert_eq!(invoice.payment.mandate.as_deref(), Some("M-7"));
    assert!(is_debited(&invoice.payment));
    assert!(!is_debited(&document("xrechnung-ubl.xml").payment));
}

#[test]
fn amounts_of_lines_and_taxes_keep_all_their_decimals() {
    let ubl = changed(
        "xrechnung-ubl.xml",
        &[
            (
                ">249.00</cbc:LineExtensionAmount>",
                ">249.0004</cbc:LineExtensionAmount>",
            ),
            (">59.52</cbc:TaxableAmount>", ">59.5178</cbc:TaxableAmount>"),
            (">4.17</cbc:TaxAmount>", ">4.1662</cbc:TaxAmount>"),
        ],
    );
    assert_eq!(ubl.lines[0].net, number("249.0004"));
    assert_eq!(ubl.vat[0].basis, number("59.5178"));
    assert_eq!(ubl.vat[0].tax, number("4.1662"));
    // lines are rounded in their sum, as in the official test; taxes are not
    assert_eq!(rules(&ubl), ["MALFORMED", "MALFORMED", "MALFORMED", "BR-CO-14"]);

    let cii = changed(
        "xrechnung-cii.xml",
        &[
            (">994.71</ram:LineTotalAmount>", ">994.7083</ram:LineTotalAmount>"),
            (">376.32</ram:BasisAmount>", ">376.3215</ram:BasisAmount>"),
        ],
    );
    assert_eq!(cii.lines[0].net, number("994.7083"));
    assert_eq!(cii.vat[0].basis, number("376.3215"));
    assert!(!cii.contradicts_itself(), "{:?}", cii.findings);
}

#[test]
fn decimals_that_add_nothing_change_no_amount() {
    let invoice = changed(
        "xrechnung-ubl.xml",
        &[(
            ">249.00</cbc:LineExtensionAmount>",
            ">249.000000</cbc:LineExtensionAmount>",
        )],
    );
    assert_eq!(invoice.lines, document("xrechnung-ubl.xml").lines);
    assert_eq!(rules(&invoice), ["MALFORMED"]);
}

#[test]
fn a_minimum_profile_may_leave_less_to_pay_than_its_total() {
    let minimum = (
        "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0",
        "urn:factur-x.eu:1p0:minimum",
    );
    let payable = (">3473.41</ram:DuePayableAmount>", ">3000.00</ram:DuePayableAmount>");
    let found = |changes: &[(&str, &str)]| {
        let invoice = changed("xrechnung-cii.xml", changes);
        (invoice.contradicts_itself(), rules(&invoice).contains(&"BR-CO-16"))
    };
    assert_eq!(found(&[payable]), (true, true));
    assert_eq!(found(&[minimum, payable]), (false, false));
    let prepaid = (
        "<ram:DuePayableAmount>",
        "<ram:TotalPrepaidAmount>1.00</ram:TotalPrepaidAmount><ram:DuePayableAmount>",
    );
    assert_eq!(found(&[minimum, payable, prepaid]), (true, true));
}

#[test]
fn a_tax_may_differ_by_as_much_as_the_official_tests_allow() {
    // 7 % of 59.52 are 4.17, of 376.32 are 26.34
    let ubl = |tax: &str| {
        let changes = [(">4.17</cbc:TaxAmount>", format!(">{tax}</cbc:TaxAmount>"))];
        let changes: Vec<_> = changes.iter().map(|(old, new)| (*old, new.as_str())).collect();
        rules(&changed("xrechnung-ubl.xml", &changes)).contains(&"BR-CO-17")
    };
    let cii = |tax: &str| {
        let new = format!(">{tax}</ram:CalculatedAmount>");
        rules(&changed(
            "xrechnung-cii.xml",
            &[(">26.34</ram:CalculatedAmount>", &new)],
        ))
        .contains(&"BR-CO-17")
    };
    assert_eq!(["3.18", "5.16", "3.17", "5.17"].map(ubl), [false, false, true, true]);
    assert_eq!(
        ["25.34", "27.34", "25.33", "27.35"].map(cii),
        [false, false, true, true]
    );
}

//! Which rules of EN 16931 a changed invoice breaks, with what stands there and what should.
use server::invoice::read::{self, Finding, InvoiceDocument, Weight};

use crate::fixture;

/// The sound fixture with one text exchanged for another at its first place.
fn changed(old: &str, new: &str) -> InvoiceDocument {
    let ubl = String::from_utf8(fixture("xrechnung-ubl.xml")).unwrap();
    assert!(ubl.contains(old), "{old}");
    read::read(ubl.replacen(old, new, 1).as_bytes()).unwrap_or_else(|error| panic!("{old}: {error}"))
}

/// Rule, stated and computed.
fn shown(finding: &Finding) -> (&str, &str, &str) {
    let said = |name: &str| finding.params.get(name).map(String::as_str).unwrap_or_default();
    (finding.rule.as_str(), said("stated"), said("computed"))
}

#[test]
fn each_sum_that_is_wrong_is_a_contradiction_with_both_amounts() {
    type Case = (
        &'static str,
        &'static str,
        &'static [(&'static str, &'static str, &'static str)],
    );
    let cases: [Case; 7] = [
        (
            ">1138.32</cbc:LineExtensionAmount>",
            ">1138.33</cbc:LineExtensionAmount>",
            &[("BR-CO-10", "1138.33", "1138.32"), ("BR-CO-13", "1125.87", "1125.88")],
        ),
        (
            ">12.45</cbc:AllowanceTotalAmount>",
            ">12.44</cbc:AllowanceTotalAmount>",
            &[("BR-CO-11", "12.44", "12.45"), ("BR-CO-13", "1125.87", "1125.88")],
        ),
        (
            "    <cbc:PayableAmount",
            "    <cbc:ChargeTotalAmount currencyID=\"EUR\">1.05</cbc:ChargeTotalAmount>\n    <cbc:PayableAmount",
            &[("BR-CO-12", "1.05", "0"), ("BR-CO-13", "1125.87", "1126.92")],
        ),
        (
            ">1332.65</cbc:TaxInclusiveAmount>",
            ">1332.66</cbc:TaxInclusiveAmount>",
            &[("BR-CO-15", "1332.66", "1332.65"), ("BR-CO-16", "1332.65", "1332.66")],
        ),
        (
            ">206.78</cbc:TaxAmount>",
            ">206.79</cbc:TaxAmount>",
            &[("BR-CO-14", "206.79", "206.78"), ("BR-CO-15", "1332.65", "1332.66")],
        ),
        (
            ">1332.65</cbc:PayableAmount>",
            ">1332.61</cbc:PayableAmount>",
            &[("BR-CO-16", "1332.61", "1332.65")],
        ),
        (
            ">202.61</cbc:TaxAmount>",
            ">302.61</cbc:TaxAmount>",
            &[("BR-CO-14", "206.78", "306.78"), ("BR-CO-17", "302.61", "202.61")],
        ),
    ];
    for (old, new, expected) in cases {
        let invoice = changed(old, new);
        let found: Vec<_> = invoice.findings.iter().map(shown).collect();
        assert_eq!(found, expected, "{new}");
        assert!(invoice.contradicts_itself(), "{new}");
    }
}

#[test]
fn prepaid_rounding_and_negative_amounts_add_up() {
    let payable = ">1332.65</cbc:PayableAmount>";
    let extra = |parts: &str, due: &str| {
        let old = format!("    <cbc:PayableAmount currencyID=\"EUR\"{payable}");
        changed(
            &old,
            &format!("{parts}<cbc:PayableAmount currencyID=\"EUR\">{due}</cbc:PayableAmount>"),
        )
    };
    let prepaid = "<cbc:PrepaidAmount currencyID=\"EUR\">1400.00</cbc:PrepaidAmount>";
    let rounding = "<cbc:PayableRoundingAmount currencyID=\"EUR\">0.05</cbc:PayableRoundingAmount>";
    assert_eq!(extra(prepaid, "-67.35").findings, []);
    assert_eq!(extra(rounding, "1332.70").findings, []);
    assert_eq!(extra(&format!("{prepaid}{rounding}"), "-67.30").findings, []);
    let wrong = extra(&format!("{prepaid}{rounding}"), "-67.35");
    assert_eq!(
        wrong.findings.iter().map(shown).collect::<Vec<_>>(),
        [("BR-CO-16", "-67.35", "-67.30")]
    );
}

#[test]
fn each_mandatory_term_that_is_missing_is_a_notice_with_its_rule() {
    let specification = "<cbc:CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0</cbc:CustomizationID>";
    let seller_country = "<cbc:PostalZone>46049</cbc:PostalZone>
        <cac:Country>
          <cbc:IdentificationCode>DE</cbc:IdentificationCode>
        </cac:Country>";
    let buyer_country = seller_country.replace("46049", "46045");
    let cases = [
        (specification, "", "BR-01"),
        (
            "<cbc:RegistrationName>Lindwerk Netze GmbH</cbc:RegistrationName>",
            "",
            "BR-06",
        ),
        (
            "<cbc:RegistrationName>Bäckerei Öztürk GmbH</cbc:RegistrationName>",
            "",
            "BR-07",
        ),
        (seller_country, "", "BR-09"),
        (buyer_country.as_str(), "", "BR-11"),
        (
            "<cbc:LineExtensionAmount currencyID=\"EUR\">1138.32</cbc:LineExtensionAmount>",
            "",
            "BR-12",
        ),
        (
            "<cbc:TaxExclusiveAmount currencyID=\"EUR\">1125.87</cbc:TaxExclusiveAmount>",
            "",
            "BR-13",
        ),
        (
            "<cbc:TaxInclusiveAmount currencyID=\"EUR\">1332.65</cbc:TaxInclusiveAmount>",
            "",
            "BR-14",
        ),
        (
            "<cbc:PayableAmount currencyID=\"EUR\">1332.65</cbc:PayableAmount>",
            "",
            "BR-15",
        ),
        ("<cbc:Name>Internet Business 500</cbc:Name>", "", "BR-25"),
        (
            "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>",
            "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode><cbc:TaxCurrencyCode>SEK</cbc:TaxCurrencyCode>",
            "BR-53",
        ),
    ];
    for (old, new, rule) in cases {
        let invoice = changed(old, new);
        let found: Vec<_> = invoice
            .findings
            .iter()
            .map(|finding| (finding.rule.as_str(), finding.weight))
            .collect();
        assert_eq!(found, [(rule, Weight::Notice)], "{old}");
        assert!(!invoice.contradicts_itself(), "{rule}");
    }
    let unnamed = changed("<cbc:Name>Internet Business 500</cbc:Name>", "");
    assert_eq!(unnamed.findings[0].params["line"], "1");
}

#[test]
fn a_foreign_tax_currency_with_its_amount_is_no_finding() {
    let ubl = String::from_utf8(fixture("xrechnung-ubl.xml")).unwrap();
    let ubl = ubl
        .replacen(
            "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>",
            "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode><cbc:TaxCurrencyCode>SEK</cbc:TaxCurrencyCode>",
            1,
        )
        .replacen(
            "  <cac:LegalMonetaryTotal>",
            "<cac:TaxTotal><cbc:TaxAmount currencyID=\"SEK\">2332.10</cbc:TaxAmount></cac:TaxTotal><cac:LegalMonetaryTotal>",
            1,
        );
    let invoice = read::read(ubl.as_bytes()).unwrap();
    assert_eq!(invoice.findings, []);
    assert_eq!(invoice.tax_currency.as_deref(), Some("SEK"));
    assert_eq!(invoice.totals.tax_in_tax_currency, crate::amount("2332.10"));
    assert_eq!(invoice.totals.tax, crate::amount("206.78"));
}

#[test]
fn latin_9_is_read_with_its_euro_sign() {
    let ubl = String::from_utf8(fixture("xrechnung-ubl.xml"))
        .unwrap()
        .replacen("UTF-8", "ISO-8859-15", 1)
        .replacen("KST 4400", "€ 4400 Šž", 1);
    let bytes: Vec<u8> = ubl
        .chars()
        .map(|c| match c {
            '€' => 0xA4,
            'Š' => 0xA6,
            'ž' => 0xB8,
            c => u8::try_from(u32::from(c)).unwrap(),
        })
        .collect();
    let invoice = read::read(&bytes).unwrap();
    assert_eq!(invoice.buyer_reference.as_deref(), Some("€ 4400 Šž"));
    assert_eq!(invoice.buyer.shown_name(), "Bäckerei Öztürk GmbH");
    assert_eq!(invoice.findings, []);
}

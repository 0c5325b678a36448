//! The rules of EN 16931 that an invoice may break, in words.
use crate::{i18n::*, locale::Words};

/// What is odd where this rule does not hold; none where there are no words for it here.
pub fn rule_words(i18n: Words, rule: &str) -> Option<&'static str> {
    Some(match rule {
        "BR-CO-10" => t_string!(i18n, invoice.rules.br_co_10),
        "BR-CO-11" => t_string!(i18n, invoice.rules.br_co_11),
        "BR-CO-12" => t_string!(i18n, invoice.rules.br_co_12),
        "BR-CO-13" => t_string!(i18n, invoice.rules.br_co_13),
        "BR-CO-14" => t_string!(i18n, invoice.rules.br_co_14),
        "BR-CO-15" => t_string!(i18n, invoice.rules.br_co_15),
        "BR-CO-16" => t_string!(i18n, invoice.rules.br_co_16),
        "BR-CO-17" => t_string!(i18n, invoice.rules.br_co_17),
        "BR-01" => t_string!(i18n, invoice.rules.br_01),
        "BR-04" => t_string!(i18n, invoice.rules.br_04),
        "BR-06" => t_string!(i18n, invoice.rules.br_06),
        "BR-07" => t_string!(i18n, invoice.rules.br_07),
        "BR-09" => t_string!(i18n, invoice.rules.br_09),
        "BR-11" => t_string!(i18n, invoice.rules.br_11),
        "BR-12" => t_string!(i18n, invoice.rules.br_12),
        "BR-13" => t_string!(i18n, invoice.rules.br_13),
        "BR-14" => t_string!(i18n, invoice.rules.br_14),
        "BR-15" => t_string!(i18n, invoice.rules.br_15),
        "BR-16" => t_string!(i18n, invoice.rules.br_16),
        "BR-21" => t_string!(i18n, invoice.rules.br_21),
        "BR-23" => t_string!(i18n, invoice.rules.br_23),
        "BR-25" => t_string!(i18n, invoice.rules.br_25),
        "BR-53" => t_string!(i18n, invoice.rules.br_53),
        "BR-CO-04" => t_string!(i18n, invoice.rules.br_co_04),
        "BR-CO-18" => t_string!(i18n, invoice.rules.br_co_18),
        "BR-CO-25" => t_string!(i18n, invoice.rules.br_co_25),
        "BR-CO-26" => t_string!(i18n, invoice.rules.br_co_26),
        "MALFORMED" => t_string!(i18n, invoice.rules.malformed),
        "DUPLICATE" => t_string!(i18n, invoice.rules.duplicate),
        "ENCODING" => t_string!(i18n, invoice.rules.encoding),
        "PDF-NUMBER" => t_string!(i18n, invoice.rules.pdf_number),
        "PDF-TOTAL" => t_string!(i18n, invoice.rules.pdf_total),
        _ => return None,
    })
}

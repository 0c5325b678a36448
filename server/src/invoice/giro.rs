//! GiroCode: a credit transfer as a QR code that the app of a bank reads (EPC069-12, "Quick Response Code: Guidelines to
//! Enable Data Capture for the Initiation of a SEPA Credit Transfer", version 002).
use super::read::Payment;
use shared::money::Amount;

/// The longest name of a beneficiary, in characters.
const NAME_MAX: usize = 70;

/// The longest unstructured remittance information, in characters.
const TEXT_MAX: usize = 140;

/// The largest payload, in bytes.
const PAYLOAD_MAX: usize = 331;

/// The largest amount, in hundredths: 999,999,999.99 euros.
const AMOUNT_MAX: i64 = 99_999_999_999;

/// Countries of the European Economic Area; to others a transfer needs a BIC in version 002, too.
const EEA: [&str; 30] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT",
    "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// Codes of UNTDID 4461 by which the seller takes the amount himself.
const DEBITS: [&str; 2] = ["49", "59"];

/// Whether the seller takes the amount from the buyer's account, so that nobody should pay it: by the code, or by a mandate
/// that is named beside an account.
pub fn is_debited(payment: &Payment) -> bool {
    payment.mandate.is_some() || payment.means_code.as_deref().is_some_and(|code| DEBITS.contains(&code))
}

/// The payload: lines that end with LF, the last filled one without. None unless the amount is between 0.01 and
/// 999,999,999.99 euros and there is a true IBAN, with a BIC where it lies outside the European Economic Area.
///
/// `seller` is paid where the account has no name; `number` is what the transfer says where the invoice asks for nothing.
pub fn payload(payment: &Payment, seller: &str, number: &str, amount: Amount, currency: &str) -> Option<String> {
    if currency != "EUR" || !(1..=AMOUNT_MAX).contains(&amount.0) || is_debited(payment) {
        return None;
    }
    let account = payment.accounts.first()?;
    let iban = compact(&account.iban);
    if !is_iban(&iban) {
        return None;
    }
    let bic = account.bic.as_deref().map(compact).filter(|bic| is_bic(bic));
    if bic.is_none() && !EEA.contains(&iban.get(..2)?) {
        return None;
    }
    let name = line(account.name.as_deref().unwrap_or(seller), NAME_MAX);
    let name = if name.is_empty() { line(seller, NAME_MAX) } else { name };
    if name.is_empty() {
        return None;
    }
    let asked = payment.remittance.as_deref().map(|text| line(text, TEXT_MAX));
    let asked = asked
        .filter(|text| !text.is_empty())
        .unwrap_or_else(|| line(number, TEXT_MAX));
    let structured = Some(compact(&asked)).filter(|text| is_creditor_reference(text));
    // eighth line: purpose; then either reference or text
    let end = match &structured {
        Some(reference) => reference.clone(),
        None if asked.is_empty() => String::new(),
        None => format!("\n{asked}"),
    };
    let bic = bic.unwrap_or_default();
    let head = format!("BCD\n002\n1\nSCT\n{bic}\n{name}\n{iban}\nEUR{amount}");
    let room = PAYLOAD_MAX.checked_sub(head.len() + 2)?;
    let payload = if end.is_empty() {
        head
    } else {
        format!("{head}\n\n{}", fitting(&end, room))
    };
    Some(payload)
}

/// As many characters as fit into so many bytes.
fn fitting(text: &str, room: usize) -> &str {
    let mut end = text.len().min(room);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default().trim_end_matches(' ')
}

/// One line without control characters, at most so many characters.
fn line(text: &str, max: usize) -> String {
    let one: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let joined = one.split_whitespace().collect::<Vec<_>>().join(" ");
    joined.chars().take(max).collect::<String>().trim_end().to_owned()
}

fn compact(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

/// An International Bank Account Number with its check digits (ISO 13616).
pub fn is_iban(iban: &str) -> bool {
    let country = iban.bytes().take(2).all(|byte| byte.is_ascii_uppercase());
    let digits = iban.bytes().skip(2).take(2).all(|byte| byte.is_ascii_digit());
    (15..=34).contains(&iban.len()) && country && digits && has_check_digits(iban)
}

/// A structured creditor reference with its check digits (ISO 11649), such as RF18539007547034.
fn is_creditor_reference(text: &str) -> bool {
    let digits = text.bytes().skip(2).take(2).all(|byte| byte.is_ascii_digit());
    text.starts_with("RF") && (5..=25).contains(&text.len()) && digits && has_check_digits(text)
}

/// ISO/IEC 7064, MOD 97-10, with the first four characters behind the others.
fn has_check_digits(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() < 5
        || !bytes
            .iter()
            .all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
    {
        return false;
    }
    let (first, rest) = bytes.split_at(4);
    let rest = rest.iter().chain(first).fold(0_u32, |rest, byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        letter => (rest * 100 + u32::from(letter - b'A') + 10) % 97,
    });
    rest == 1
}

/// A Business Identifier Code (ISO 9362).
fn is_bic(bic: &str) -> bool {
    let letters = bic.bytes().take(6).all(|byte| byte.is_ascii_uppercase());
    let rest = bic
        .bytes()
        .skip(6)
        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    matches!(bic.len(), 8 | 11) && letters && rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invoice::read::Account;

    fn payment(iban: &str, bic: Option<&str>, name: Option<&str>, remittance: Option<&str>) -> Payment {
        Payment {
            remittance: remittance.map(str::to_owned),
            accounts: vec![Account {
                iban: iban.to_owned(),
                bic: bic.map(str::to_owned),
                name: name.map(str::to_owned),
            }],
            ..Payment::default()
        }
    }

    const IBAN: &str = "DE89370400440532013000";

    fn code(payment: &Payment, cents: i64) -> Option<String> {
        payload(payment, "Lindwerk Netze GmbH", "RE-1", Amount(cents), "EUR")
    }

    #[test]
    fn the_bytes_are_those_of_epc069_12() {
        let full = payment(
            "DE89 3704 0044 0532 0130 00",
            Some("COBADEFFXXX"),
            Some("Lindwerk Netze GmbH"),
            Some("RE-2026-009417"),
        );
        assert_eq!(
            code(&full, 133_265).unwrap().as_bytes(),
            b"BCD\n002\n1\nSCT\nCOBADEFFXXX\nLindwerk Netze GmbH\nDE89370400440532013000\nEUR1332.65\n\n\nRE-2026-009417"
        );
        let structured = payment(IBAN, None, None, Some("RF18 5390 0754 7034"));
        assert_eq!(
            code(&structured, 1).unwrap(),
            "BCD\n002\n1\nSCT\n\nLindwerk Netze GmbH\nDE89370400440532013000\nEUR0.01\n\nRF18539007547034"
        );
        // a reference whose check digits are wrong is text
        let wrong = payment(IBAN, None, None, Some("RF19539007547034"));
        assert!(code(&wrong, 1).unwrap().ends_with("EUR0.01\n\n\nRF19539007547034"));
        let umlauts = payment(IBAN, None, Some("Bäckerei Öztürk"), None);
        assert_eq!(
            code(&umlauts, 100).unwrap().as_bytes(),
            "BCD\n002\n1\nSCT\n\nBäckerei Öztürk\nDE89370400440532013000\nEUR1.00\n\n\nRE-1".as_bytes()
        );
    }

    #[test]
    fn only_euros_between_a_cent_and_the_limit_to_a_true_iban() {
        let good = payment(IBAN, None, None, None);
        for (cents, is_there) in [
            (-1, false),
            (0, false),
            (1, true),
            (99_999_999_999, true),
            (100_000_000_000, false),
        ] {
            assert_eq!(code(&good, cents).is_some(), is_there, "{cents}");
        }
        assert_eq!(payload(&good, "L", "R", Amount(100), "CHF"), None);
        for iban in [
            "",
            "12345678",
            "DE88370400440532013000",
            "de8937040044053201300",
            "DE89370400440532013000X\n",
        ] {
            assert_eq!(code(&payment(iban, None, None, None), 100), None, "{iban}");
        }
        let swiss = "CH9300762011623852957";
        assert_eq!(code(&payment(swiss, None, None, None), 100), None);
        assert!(code(&payment(swiss, Some("POFICHBEXXX"), None, None), 100).is_some());
        assert_eq!(code(&Payment::default(), 100), None);
        let debited = Payment {
            means_code: Some("59".to_owned()),
            ..good
        };
        assert_eq!(code(&debited, 100), None);
    }

    #[test]
    fn no_field_breaks_its_line_or_grows_over_its_limit() {
        let long = "ä".repeat(400);
        let made = code(
            &payment(IBAN, Some("no bic"), Some("A\nB\tC\u{0}D"), Some("x\r\ny")),
            100,
        )
        .unwrap();
        assert_eq!(
            made,
            "BCD\n002\n1\nSCT\n\nA B C D\nDE89370400440532013000\nEUR1.00\n\n\nx y"
        );
        let made = code(
            &payment(IBAN, Some("COBADEFFXXX"), Some(&long), Some(&long)),
            99_999_999_999,
        )
        .unwrap();
        let lines: Vec<&str> = made.split('\n').collect();
        assert_eq!(
            (lines.len(), lines[5].chars().count(), made.len() <= PAYLOAD_MAX),
            (11, 70, true)
        );
        assert!(
            crate::qr::picture(made.as_bytes()).unwrap().0 <= 69 + 8,
            "not above version 13"
        );
    }
}

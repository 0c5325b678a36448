//! The codes on letters, as both sides read them: twelve signs that are not taken for each other (Crockford's Base32)
//! and a check sign (the Luhn algorithm over 32 signs, ISO/IEC 7812-1 annex B widened).

/// The signs: digits and capitals without I, L, O and U.
const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Signs that carry the code; one more checks them.
const CARRYING: usize = 12;

/// The code of 60 of these 64 random bits, as it is printed: `7K2M-9QXA-4TBC-W`.
pub fn write(random: [u8; 8]) -> String {
    let bits = u64::from_be_bytes(random);
    let values: Vec<u8> = (0..CARRYING).map(|at| (bits >> (5 * at)) as u8 & 31).collect();
    let check = check(&values);
    let signs: Vec<char> = values
        .into_iter()
        .chain([check])
        .map(|value| char::from(SIGNS[usize::from(value)]))
        .collect();
    let groups: Vec<String> = signs.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

/// The code that was typed, as it is printed, if its check sign fits: capitals or not, with or without hyphens and
/// blanks, O for 0, I and L for 1.
pub fn read(typed: &str) -> Option<String> {
    let mut values = Vec::with_capacity(CARRYING + 1);
    for sign in typed.chars().filter(|c| !c.is_whitespace() && *c != '-') {
        let sign = match sign.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            sign => sign,
        };
        let value = SIGNS.iter().position(|known| char::from(*known) == sign)?;
        values.push(u8::try_from(value).ok()?);
    }
    let (last, carrying) = values.split_last()?;
    if carrying.len() != CARRYING || check(carrying) != *last {
        return None;
    }
    let signs: Vec<char> = values
        .iter()
        .map(|value| char::from(SIGNS[usize::from(*value)]))
        .collect();
    let groups: Vec<String> = signs.chunks(4).map(|group| group.iter().collect()).collect();
    Some(groups.join("-"))
}

/// The check value: every second value from the right is doubled, digits of the doubled in base 32 are added.
fn check(values: &[u8]) -> u8 {
    let sum: u32 = values
        .iter()
        .rev()
        .enumerate()
        .map(|(place, value)| {
            let factor = if place % 2 == 0 { 2 } else { 1 };
            let product = u32::from(*value) * factor;
            product / 32 + product % 32
        })
        .sum();
    u8::try_from((32 - sum % 32) % 32).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_twelve_signs_and_a_check_sign_f01() {
        assert_eq!(write([0; 8]), "0000-0000-0000-0");
        let code = write(0x0123_4567_89AB_CDEF_u64.to_be_bytes());
        assert_eq!((code.len(), read(&code)), (16, Some(code.clone())));
    }

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = write([0x10; 8]);
        for typed in [
            code.to_lowercase(),
            code.replace('-', ""),
            code.replace('-', " "),
            code.replace('0', "o"),
        ] {
            assert_eq!(read(&typed).as_deref(), Some(code.as_str()), "{typed}");
        }
    }

    #[test]
    fn every_wrong_sign_is_found_f01() {
        let code: Vec<char> = write(0x0123_4567_89AB_CDEF_u64.to_be_bytes())
            .replace('-', "")
            .chars()
            .collect();
        for place in 0..code.len() {
            for sign in SIGNS
                .iter()
                .map(|sign| char::from(*sign))
                .filter(|sign| *sign != code[place])
            {
                let mut typed = code.clone();
                typed[place] = sign;
                assert_eq!(read(&typed.iter().collect::<String>()), None, "{sign} at {place}");
            }
        }
    }

    #[test]
    fn what_is_no_code_is_told_so() {
        for typed in [
            "",
            "-",
            "ABCD",
            "0000-0000-0000-1",
            "0000-0000-0000-00",
            "0000-0000-0000-Ä",
            "UUUU-UUUU-UUUU-U",
        ] {
            assert_eq!(read(typed), None, "{typed}");
        }
    }
}

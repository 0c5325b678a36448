//! Names as they are searched for: alike whatever their case and marks, on every database.
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// A text without case and without marks above or below letters, with single blanks: "Bäckerei  ÖZTÜRK" is
/// "backerei ozturk", "Straße" is "strasse". The decompositions are those of Unicode (UAX #15, NFKD).
pub fn fold(text: &str) -> String {
    let plain: String = text.nfkd().filter(|sign| !is_combining_mark(*sign)).collect();
    let lower = plain.to_lowercase().replace('ß', "ss").replace('ı', "i");
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_marks_make_no_difference() {
        for (text, folded) in [
            ("Bäckerei  ÖZTÜRK\tGmbH", "backerei ozturk gmbh"),
            ("O\u{308}ztu\u{308}rk", "ozturk"),
            ("Große Straße", "grosse strasse"),
            ("Praxis Dr. Yıldız", "praxis dr. yildiz"),
            ("  ", ""),
        ] {
            assert_eq!(fold(text), folded);
        }
    }
}

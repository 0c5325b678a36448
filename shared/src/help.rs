//! What the help is about, and how what people search for finds it.
use serde::{Deserialize, Serialize};

/// What an article is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum HelpTopic {
    /// Getting in.
    Access,
    /// The portal as a whole.
    Portal,
    /// Products, contracts and documents.
    Contracts,
    /// Invoices.
    Invoices,
    /// The customer's data and users.
    Account,
    /// Password, second factor and sessions.
    Security,
    /// Meters and their keys.
    Keys,
}

/// A text as it is compared: small letters, umlauts and accents as plain letters, everything else a blank. "Schlüssel",
/// "schluessel" and "SCHLUSSEL" are the same.
pub fn folded(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'ä' | 'à' | 'á' | 'â' => written.push('a'),
            'ö' | 'ò' | 'ó' | 'ô' => written.push('o'),
            'ü' | 'ù' | 'ú' | 'û' => written.push('u'),
            'é' | 'è' | 'ê' => written.push('e'),
            'ß' => written.push_str("ss"),
            '\u{300}'..='\u{36f}' => {} // a combining mark: the letter before it stands alone
            c if c.is_alphanumeric() => written.push(c),
            '-' => {}
            _ => written.push(' '),
        }
    }
    // people without the keys write two letters
    written.replace("ae", "a").replace("oe", "o").replace("ue", "u")
}

/// How well an article fits what is searched for, 0 for not at all: every word that was typed must be found, be it by
/// its stem. Words of the title count ten times as much as those of the answer, key words five times.
pub fn fit(searched: &str, title: &str, keywords: &str, answer: &str) -> u32 {
    let parts = [(folded(title), 10), (folded(keywords), 5), (folded(answer), 1)];
    let searched = folded(searched);
    let mut sum = 0;
    for typed in searched.split_whitespace() {
        let best = |(text, weight): &(String, u32)| {
            let closest = text.split_whitespace().map(|word| likeness(typed, word)).max();
            weight * closest.unwrap_or_default()
        };
        match parts.iter().map(best).max() {
            Some(best) if best > 0 => sum += best,
            _ => return 0,
        }
    }
    sum
}

/// How like a word is to what was typed: the same, begun or contained, of the same stem, or not at all.
fn likeness(typed: &str, word: &str) -> u32 {
    let length = typed.chars().count();
    let stem = || {
        typed
            .char_indices()
            .nth(length.saturating_sub(2))
            .map_or("", |(end, _)| &typed[..end])
    };
    if word == typed {
        3
    } else if word.starts_with(typed) || (length >= 4 && word.contains(typed)) {
        2
    } else if length >= 6 && word.starts_with(stem()) {
        1
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::{fit, folded};

    #[test]
    fn spellings_of_a_word_are_equal() {
        for spelling in ["Schlüssel", "schluessel", "SCHLÜSSEL", "Schlussel", "Schlu\u{308}ssel"] {
            assert_eq!(folded(spelling), "schlussel", "{spelling}");
        }
        assert_eq!(folded("Straße, 2-Faktor"), "strasse  2faktor");
    }

    #[test]
    fn the_title_counts_more_than_key_words_and_these_more_than_the_answer() {
        let title = fit("passwort", "Wie ändere ich mein Passwort?", "", "");
        let keyword = fit("passwort", "Wie?", "Kennwort, Passwort", "");
        let answer = fit("passwort", "Wie?", "", "Ihr Passwort");
        assert!(
            title > keyword && keyword > answer && answer > 0,
            "{title} {keyword} {answer}"
        );
    }

    #[test]
    fn every_word_must_be_found() {
        let fits = |searched: &str| {
            fit(
                searched,
                "Wie ändere ich mein Passwort?",
                "Kennwort",
                "Öffnen Sie Sicherheit.",
            ) > 0
        };
        for searched in [
            "passw",
            "Passwort andern",
            "aendere passwort",
            "KENNWORT",
            "wort",
            "sicherheit öffnen",
        ] {
            assert!(fits(searched), "{searched}");
        }
        for searched in ["", "  ", "Rechnung", "passwort rechnung", "ort"] {
            assert!(!fits(searched), "{searched}");
        }
    }
}

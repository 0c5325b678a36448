//! What a new password must be: the policy, which the form knows too, and that it is none of those that everybody
//! tries first, which the server alone knows (security A01–A06).
use crate::{
    app::App,
    error::{Error, Result},
    face,
};
use shared::{error::Reason, password::failed_rules};

/// So many guesses are no obstacle to somebody who tries the common passwords first and then varies them.
const COMMON_BELOW: f64 = 50_000_000.0;

/// More than this is not looked at when guesses are counted; the rest only adds to them.
const LOOKED_AT: usize = 64;

/// The portal's own name.
const PRODUCT: &str = "Keyhaus";

/// German words that people take for passwords, in the order in which they would be tried. The dictionaries behind
/// the estimate are English.
const GERMAN: [&str; 64] = [
    "passwort",
    "hallo",
    "schatz",
    "qwertz",
    "qwertzuiop",
    "geheim",
    "sommer",
    "winter",
    "herbst",
    "frühling",
    "fruehling",
    "kennwort",
    "willkommen",
    "schalke",
    "fussball",
    "fußball",
    "bayern",
    "dortmund",
    "berlin",
    "hamburg",
    "münchen",
    "muenchen",
    "köln",
    "koeln",
    "frankfurt",
    "deutschland",
    "januar",
    "februar",
    "märz",
    "maerz",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "dezember",
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonntag",
    "liebe",
    "sonne",
    "sonnenschein",
    "schmetterling",
    "ichliebedich",
    "hallihallo",
    "asdfghjklö",
    "yxcvbnm",
    "arschloch",
    "ficken",
    "mausi",
    "schnecke",
    "engel",
    "sternchen",
    "start",
    "anfang",
    "rechnung",
    "strom",
];

/// Checks a password that somebody wants. `names` are what must not be in it: the person's name, local part of the
/// address, customer number, user names; the portal's and the provider's are added. `field` is the input's name.
/// `has_second_factor` says whether the password is not all that guards the person (security A01).
///
/// # Errors
/// [`Error::WeakPassword`] with all rules that are not met; [`Error::Invalid`] with `COMMON_PASSWORD`.
pub async fn check_new(
    app: &App,
    field: &'static str,
    password: &str,
    names: &[&str],
    has_second_factor: bool,
) -> Result<()> {
    let face = face::current(app).await?;
    let names: Vec<&str> = names.iter().copied().chain([PRODUCT, face.name.as_str()]).collect();
    let rules = failed_rules(app.settings.password_mode, has_second_factor, password, &names);
    if !rules.is_empty() {
        return Err(Error::WeakPassword { field, rules });
    }
    if is_common(password) {
        return Err(Error::invalid(
            field,
            Reason::CommonPassword,
            "this is one of the passwords that are tried first",
        ));
    }
    Ok(())
}

/// Whether a password is guessed soon, because it is a common one or a common one with the usual ornaments.
fn is_common(password: &str) -> bool {
    let looked_at: String = password.chars().take(LOOKED_AT).collect();
    zxcvbn::zxcvbn(&looked_at, &GERMAN).guesses_log10() < COMMON_BELOW.log10()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everybody_tries_first_is_common_a06() {
        for password in [
            "Password1!",
            "Passwort1!",
            "P@ssw0rd1",
            "Passw0rd!",
            "Sommer2026!",
            "Winter2025!",
            "Qwertz123!",
            "Qwerty123!",
            "Welcome1!",
            "Willkommen1!",
            "Hallo123!",
            "Schalke04!",
            "Admin123!",
            "Iloveyou1!",
            "Letmein1!",
            "Dragon123!",
            "1q2w3e4R!",
            "Zaq12wsx!",
            "Abcd1234!",
            "Berlin2024!",
            "Geheim123!",
            "aaaaaaaaaaaaaaa",
            "passwortpasswort",
            "123456789012345",
        ] {
            assert!(is_common(password), "{password}");
        }
    }

    #[test]
    fn a_few_words_that_do_not_belong_together_are_not_common() {
        for password in [
            "Sieben-Wege-26",
            "Xk7#pQ2m",
            "just small letters",
            "Kaffee-Tasse-9",
            "Grün-Weg-26",
        ] {
            assert!(!is_common(password), "{password}");
        }
        assert!(!is_common(&"Langer Satz mit Sinn. ".repeat(11)));
    }
}

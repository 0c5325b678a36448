//! What the members of an account are called and sign in with.
use crate::error::{Error, Result};
use shared::error::Reason;

/// The longest name of a person, in characters.
pub const NAME_MAX: usize = 100;

/// The longest user name after the account's number and the slash, in characters.
pub const USER_NAME_MAX: usize = 40;

/// Reads what a person is called.
///
/// # Errors
/// [`Error::Invalid`] with `TOO_LONG`.
pub(super) fn person_name(name: Option<String>) -> Result<Option<String>> {
    let name = name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    if name.as_ref().is_some_and(|name| name.chars().count() > NAME_MAX) {
        return Err(Error::invalid(
            "name",
            Reason::TooLong,
            format!("a name has at most {NAME_MAX} characters"),
        ));
    }
    Ok(name)
}

/// Reads a user name of the account with this number. As all of them begin with it, one that is taken says nothing
/// of the users of others.
pub(super) fn user_name(text: &str, number: &str) -> Result<String> {
    let text = text.trim().to_lowercase();
    let own = text.strip_prefix(&format!("{}/", number.to_lowercase()));
    let fits = |name: &&str| {
        (1..=USER_NAME_MAX).contains(&name.len())
            && name
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c))
    };
    own.filter(fits).map(|_| text.clone()).ok_or_else(|| {
        Error::invalid(
            "userName",
            Reason::NotAUserName,
            format!("a user name is {number}/ and up to {USER_NAME_MAX} letters, digits, dots, dashes or underscores"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_name_begins_with_the_number_of_its_account() {
        let read = |text: &str| user_name(text, "104233").ok();
        assert_eq!(read(" 104233/L.Kamp-2_b ").as_deref(), Some("104233/l.kamp-2_b"));
        assert_eq!(
            read(&format!("104233/{}", "a".repeat(40))).map(|name| name.len()),
            Some(47)
        );
        for text in [
            "kamp",
            "104234/kamp",
            "104233/",
            "104233//kamp",
            "104233/ka mp",
            "104233/käthe",
            "104233/a@b",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read(&format!("104233/{}", "a".repeat(41))), None);
        assert_eq!(
            user_name("p00000007/x", "P00000007").ok().as_deref(),
            Some("p00000007/x")
        );
    }
}

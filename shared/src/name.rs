//! Names that are parsed once and valid for ever.
use serde::{Deserialize, Serialize};

/// The longest e-mail address that is accepted, in bytes (RFC 5321 section 4.5.3.1.3, less the brackets).
pub const EMAIL_MAX: usize = 254;

/// An e-mail address in the one spelling that is compared: trimmed, lower case, no control characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

/// The text is not an e-mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address")]
pub struct NotAnEmail;

impl EmailAddress {
    /// Reads an address as a person types it: one `@`, a local part of at most 64 bytes (RFC 5321), a domain of
    /// dot-separated labels. Line breaks, spaces, commas and brackets are refused, so that an address can
    /// never become a second recipient or header (security F06).
    ///
    /// # Errors
    /// [`NotAnEmail`] for everything else.
    pub fn parse(text: &str) -> Result<Self, NotAnEmail> {
        let text = text.trim_matches(' ');
        let (local, domain) = text.rsplit_once('@').ok_or(NotAnEmail)?;
        // RFC 5322 section 3.2.3 "atext", with the letters and digits of RFC 6531
        let allowed = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
        let dotted = |part: &str| !part.split('.').any(str::is_empty);
        let label = |label: &str| {
            label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        };
        let valid = text.len() <= EMAIL_MAX
            && (1..=64).contains(&local.len())
            && local.chars().all(allowed)
            && dotted(local)
            && domain.contains('.')
            && domain.split('.').all(|part| !part.is_empty() && label(part));
        if valid {
            Ok(Self(text.to_lowercase()))
        } else {
            Err(NotAnEmail)
        }
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = NotAnEmail;
    fn try_from(text: String) -> Result<Self, NotAnEmail> {
        Self::parse(&text)
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_address_are_equal() {
        let address = EmailAddress::parse("anna@example.org");
        assert_eq!(EmailAddress::parse("  Anna@Example.ORG "), address);
        assert!(EmailAddress::parse("a.b+c@müller.example").is_ok());
    }

    #[test]
    fn what_could_become_a_second_recipient_is_refused() {
        for text in [
            "",
            "anna",
            "anna@",
            "@example.org",
            "anna@example",
            "a b@example.org",
            "a@b@example.org",
            "anna@example.org\r\nBcc: eve@example.org",
            "anna@example.org,eve@example.org",
            "<anna@example.org>",
            "anna@-x.org",
            "anna@x..org",
            "a..b@example.org",
            "anna@example.org\u{0}",
            "an\u{202E}na@example.org",
            "an\u{200B}na@example.org",
        ] {
            assert_eq!(EmailAddress::parse(text), Err(NotAnEmail), "{text:?}");
        }
    }
}

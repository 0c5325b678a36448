//! The password policy: one function, live in the form and decisive on the server.
use serde::{Deserialize, Serialize};

/// The longest password that is accepted, in code points.
pub const PASSWORD_MAX: usize = 256;

/// Which rules hold for new passwords.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PasswordMode {
    /// The key service's guide: at least 8 characters with lower case, upper case, digit and special character.
    #[default]
    Guide,
    /// NIST SP 800-63B: at least 15 characters, or 8 beside a second factor, no rule of composition.
    Standard,
}

/// One rule of the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PasswordRule {
    /// At least 8 characters, or 15 in the standard's mode.
    Length,
    /// A lower-case letter.
    Lower,
    /// An upper-case letter.
    Upper,
    /// A digit.
    Digit,
    /// A character that is no letter and no digit.
    Special,
    /// The person's name, local e-mail part and customer number are not in it.
    NotYourName,
}

impl PasswordRule {
    /// The rules of a mode, in the order in which a form shows them.
    pub fn of(mode: PasswordMode) -> &'static [Self] {
        match mode {
            PasswordMode::Guide => &[
                Self::Length,
                Self::Lower,
                Self::Upper,
                Self::Digit,
                Self::Special,
                Self::NotYourName,
            ],
            PasswordMode::Standard => &[Self::Length, Self::NotYourName],
        }
    }
}

/// The fewest code points of a password. Fewer are enough for somebody who gives a second factor too.
pub fn min_length(mode: PasswordMode, has_second_factor: bool) -> usize {
    match mode {
        PasswordMode::Standard if !has_second_factor => 15,
        PasswordMode::Guide | PasswordMode::Standard => 8,
    }
}

/// The rules that `password` fails; empty means that the policy is met. `names` are what must not be in it: name
/// of the person, local part of the address, customer number. Parts of names under three characters never count.
pub fn failed_rules(mode: PasswordMode, has_second_factor: bool, password: &str, names: &[&str]) -> Vec<PasswordRule> {
    let length = password.chars().count();
    let folded = password.to_lowercase();
    let contains_name = names
        .iter()
        .flat_map(|name| name.split(|c: char| !c.is_alphanumeric()))
        .filter(|part| part.chars().count() >= 3)
        .any(|part| folded.contains(&part.to_lowercase()));
    let meets = |rule: &PasswordRule| match rule {
        PasswordRule::Length => (min_length(mode, has_second_factor)..=PASSWORD_MAX).contains(&length),
        PasswordRule::Lower => password.chars().any(char::is_lowercase),
        PasswordRule::Upper => password.chars().any(char::is_uppercase),
        PasswordRule::Digit => password.chars().any(char::is_numeric),
        PasswordRule::Special => password.chars().any(|c| !c.is_alphanumeric()),
        PasswordRule::NotYourName => !contains_name,
    };
    PasswordRule::of(mode)
        .iter()
        .copied()
        .filter(|rule| !meets(rule))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_fails_alone() {
        for (password, failed) in [
            ("Ab3!efg", PasswordRule::Length),
            ("AB3!EFGH", PasswordRule::Lower),
            ("ab3!efgh", PasswordRule::Upper),
            ("abC!efgh", PasswordRule::Digit),
            ("abC4efgh", PasswordRule::Special),
            ("xxANNAxx4!a", PasswordRule::NotYourName),
        ] {
            assert_eq!(
                failed_rules(PasswordMode::Guide, false, password, &["Anna"]),
                [failed],
                "{password}"
            );
        }
        assert_eq!(
            failed_rules(
                PasswordMode::Guide,
                false,
                "Sieben-Wege-26",
                &["Thomas Nowak", "t.nowak"]
            ),
            []
        );
    }

    #[test]
    fn short_and_missing_names_never_block() {
        assert_eq!(
            failed_rules(PasswordMode::Guide, false, "Abc-Li-4x", &["", "Li", "A"]),
            []
        );
    }

    #[test]
    fn length_counts_code_points() {
        assert_eq!(
            failed_rules(PasswordMode::Guide, false, "aB3!🔑🔑🔑", &[]),
            [PasswordRule::Length]
        );
        assert_eq!(failed_rules(PasswordMode::Guide, false, "aB3!🔑🔑🔑🔑", &[]), []);
    }

    #[test]
    fn the_standard_asks_for_fewer_beside_a_second_factor_a01() {
        let mode = PasswordMode::Standard;
        assert_eq!(failed_rules(mode, false, "fourteen chars", &[]), [PasswordRule::Length]);
        assert_eq!(failed_rules(mode, false, "fifteen chars !", &[]), []);
        assert_eq!(failed_rules(mode, true, "eight ch", &[]), []);
        assert_eq!(failed_rules(mode, true, "seven c", &[]), [PasswordRule::Length]);
    }

    #[test]
    fn the_standard_asks_for_length_only() {
        assert_eq!(
            failed_rules(PasswordMode::Standard, false, "just small letters", &[]),
            []
        );
        assert_eq!(
            failed_rules(PasswordMode::Standard, false, "fourteen chars", &[]),
            [PasswordRule::Length]
        );
    }
}

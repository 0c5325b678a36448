//! Amounts of money: hundredths inside, decimal text on the wire, never a float.
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, str::FromStr};

/// An amount in hundredths of its currency. On the wire it is decimal text with two places: `"-12.45"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "server", derive(sea_orm::DeriveValueType))]
pub struct Amount(pub i64);

/// The text is not an amount with at most two decimal places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an amount with at most two decimal places")]
pub struct NotAnAmount;

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let hundredths = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", hundredths / 100, hundredths % 100)
    }
}

impl FromStr for Amount {
    type Err = NotAnAmount;

    fn from_str(text: &str) -> Result<Self, NotAnAmount> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let fraction = fraction.trim_end_matches('0');
        let numeric = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !numeric(whole) || !numeric(fraction) || fraction.len() > 2 {
            return Err(NotAnAmount);
        }
        let hundredths = format!("{whole}{fraction:0<2}")
            .parse::<i64>()
            .map_err(|_| NotAnAmount)?;
        Ok(Self(if negative { -hundredths } else { hundredths }))
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "server")]
async_graphql::scalar!(
    Amount,
    "Amount",
    "Decimal text with two places, such as \"1332.65\" or \"-12.45\"; never a float."
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back_is_the_same_amount() {
        for (text, hundredths) in [("0.00", 0), ("-0.05", -5), ("1332.65", 133_265), ("-233.47", -23_347)] {
            assert_eq!(text.parse(), Ok(Amount(hundredths)));
            assert_eq!(Amount(hundredths).to_string(), text);
        }
        assert_eq!("92000".parse(), Ok(Amount(9_200_000)));
        assert_eq!("834.9".parse(), Ok(Amount(83_490)));
        assert_eq!("1.5000".parse(), Ok(Amount(150)));
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in [
            "",
            "-",
            "1,5",
            "1.234",
            ".5",
            "1e3",
            "--1",
            "99999999999999999999",
            "1 000",
        ] {
            assert_eq!(text.parse::<Amount>(), Err(NotAnAmount), "{text}");
        }
    }
}

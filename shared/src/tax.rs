//! Rates of value added tax: hundredths of a percent inside, decimal text on the wire, never a float.
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, str::FromStr};

/// A rate of value added tax in hundredths of a percent, 0 to 100 percent. On the wire it is the percent as decimal
/// text: `"19"`, `"8.1"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "server", derive(sea_orm::DeriveValueType))]
pub struct TaxRate(pub i32);

/// The highest rate, in hundredths of a percent.
const MAX: i32 = 10_000;

/// The text is not a percentage from 0 to 100 with at most two decimal places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a percentage from 0 to 100 with at most two decimal places")]
pub struct NotATaxRate;

/// The rate that counts where nothing else is said: 19 percent (UStG § 12 para. 1).
impl Default for TaxRate {
    fn default() -> Self {
        Self(1900)
    }
}

impl fmt::Display for TaxRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, fraction) = (self.0 / 100, self.0 % 100);
        match (fraction, fraction % 10) {
            (0, _) => write!(f, "{whole}"),
            (_, 0) => write!(f, "{whole}.{}", fraction / 10),
            _ => write!(f, "{whole}.{fraction:02}"),
        }
    }
}

impl FromStr for TaxRate {
    type Err = NotATaxRate;

    fn from_str(text: &str) -> Result<Self, NotATaxRate> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let numeric = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !numeric(whole) || !numeric(fraction) || fraction.len() > 2 {
            return Err(NotATaxRate);
        }
        let rate = format!("{whole}{fraction:0<2}").parse().map_err(|_| NotATaxRate)?;
        if rate > MAX {
            return Err(NotATaxRate);
        }
        Ok(Self(rate))
    }
}

impl Serialize for TaxRate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TaxRate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "server")]
async_graphql::scalar!(
    TaxRate,
    "TaxRate",
    "A rate of value added tax: percent from 0 to 100 as decimal text, such as \"19\" or \"8.1\"; never a float."
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back_is_the_same_rate() {
        for (text, rate) in [
            ("0", 0),
            ("7", 700),
            ("19", 1900),
            ("8.1", 810),
            ("2.05", 205),
            ("100", 10_000),
        ] {
            assert_eq!(text.parse(), Ok(TaxRate(rate)));
            assert_eq!(TaxRate(rate).to_string(), text);
        }
        assert_eq!("19.00".parse(), Ok(TaxRate::default()));
    }

    #[test]
    fn what_is_no_rate_is_refused() {
        for text in [
            "",
            "-1",
            "19,5",
            "19 %",
            "1.234",
            "100.01",
            "1000000000000",
            ".5",
            "1e1",
        ] {
            assert_eq!(text.parse::<TaxRate>(), Err(NotATaxRate), "{text}");
        }
    }
}

//! Money and exact numbers as the API shows them.
use async_graphql::SimpleObject;
use rust_decimal::{RoundingStrategy, prelude::ToPrimitive};
use serde::{Deserialize, Serialize};
use shared::money::Amount;

/// An amount with its currency.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct Money {
    /// How much.
    pub amount: Amount,
    /// Three letters (ISO 4217), such as EUR.
    pub currency: String,
}

/// An exact decimal number of any places, as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Decimal(String);

async_graphql::scalar!(
    Decimal,
    "Decimal",
    "Decimal text of any places, such as \"0.2895\"; never a float."
);

impl From<rust_decimal::Decimal> for Decimal {
    fn from(number: rust_decimal::Decimal) -> Self {
        Self(number.to_string())
    }
}

/// The amount that a number is; none if it has more than two decimal places or is too large to be kept.
pub fn exact(number: rust_decimal::Decimal) -> Option<Amount> {
    let hundredths = number.checked_mul(rust_decimal::Decimal::ONE_HUNDRED)?;
    if hundredths.fract().is_zero() {
        hundredths.to_i64().map(Amount)
    } else {
        None
    }
}

/// The amount nearest to a number, half away from zero; none if it is too large to be kept.
pub fn rounded(number: rust_decimal::Decimal) -> Option<Amount> {
    exact(number.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_keeps_its_hundredths_or_is_none() {
        let read = |text: &str| text.parse().ok().and_then(exact);
        assert_eq!(read("-233.47"), Some(Amount(-23_347)));
        assert_eq!(read("1.5000"), Some(Amount(150)));
        assert_eq!(read("92000"), Some(Amount(9_200_000)));
        assert_eq!(read("0.005"), None);
        assert_eq!(read("99999999999999999999"), None);
    }

    #[test]
    fn halves_are_rounded_away_from_zero() {
        let read = |text: &str| text.parse().ok().and_then(rounded);
        assert_eq!(read("0.005"), Some(Amount(1)));
        assert_eq!(read("-0.005"), Some(Amount(-1)));
        assert_eq!(read("0.0049"), Some(Amount(0)));
    }
}

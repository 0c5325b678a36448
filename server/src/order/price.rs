//! What an order costs, exactly.
use crate::{
    entity::{contract, product},
    money::rounded,
};
use rust_decimal::Decimal;
use shared::{money::Amount, order::OrderKind, product::PricePeriod};

/// The rate of value added tax in percent (UStG § 12 para. 1).
pub const TAX_RATE: i64 = 19;

/// A price without tax. No amount where a price list says more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    /// How much.
    pub amount: Option<Amount>,
    /// In what (ISO 4217).
    pub currency: String,
    /// For what.
    pub period: PricePeriod,
}

impl Price {
    /// What the catalogue asks for a product.
    pub fn of_product(product: &product::Model) -> Self {
        Self {
            amount: product.price,
            currency: product.currency.clone(),
            period: product.price_period,
        }
    }

    /// What was agreed for a contract.
    pub fn of_contract(contract: &contract::Model) -> Self {
        Self {
            amount: contract.price,
            currency: contract.currency.clone(),
            period: contract.price_period,
        }
    }
}

/// An amount with value added tax, to the hundredth; none if it is too large to be kept.
pub fn with_tax(net: Amount) -> Option<Amount> {
    let factor = Decimal::new(100 + TAX_RATE, 2);
    rounded(Decimal::new(net.0, 2).checked_mul(factor)?)
}

/// What a contract costs with an order, without tax: an option comes on top, anything else takes its place. None
/// where that is no one sum: a price list, other currencies or other periods.
pub fn total(kind: OrderKind, before: Option<&Price>, ordered: &Price) -> Option<Amount> {
    let amount = ordered.amount?;
    match (kind, before) {
        (OrderKind::Option, Some(before)) => {
            let fits = before.currency == ordered.currency && before.period == ordered.period;
            let sum = before.amount?.0.checked_add(amount.0)?;
            fits.then_some(Amount(sum))
        }
        _ => Some(amount),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn price(amount: i64, period: PricePeriod) -> Price {
        Price {
            amount: Some(Amount(amount)),
            currency: "EUR".to_owned(),
            period,
        }
    }

    #[test]
    fn tax_is_rounded_to_the_hundredth_half_up() {
        assert_eq!(with_tax(Amount(4_990)), Some(Amount(5_938))); // 59.3810
        assert_eq!(with_tax(Amount(50)), Some(Amount(60))); // 0.5950
        assert_eq!(with_tax(Amount(0)), Some(Amount(0)));
        assert_eq!(with_tax(Amount(i64::MAX)), None);
    }

    #[test]
    fn an_option_comes_on_top_and_a_change_takes_the_place() {
        let (before, ordered) = (price(24_900, PricePeriod::Month), price(500, PricePeriod::Month));
        assert_eq!(total(OrderKind::Option, Some(&before), &ordered), Some(Amount(25_400)));
        assert_eq!(total(OrderKind::Change, Some(&before), &ordered), Some(Amount(500)));
        assert_eq!(total(OrderKind::NewProduct, None, &ordered), Some(Amount(500)));
        let yearly = price(500, PricePeriod::Year);
        assert_eq!(total(OrderKind::Option, Some(&before), &yearly), None);
    }
}

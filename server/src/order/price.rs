//! What an order costs, exactly.
use crate::{
    entity::{contract, order, product},
    money::rounded,
};
use rust_decimal::Decimal;
use shared::{money::Amount, order::OrderKind, product::PricePeriod, tax::TaxRate};

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
pub fn with_tax(net: Amount, rate: TaxRate) -> Option<Amount> {
    let factor = Decimal::new(10_000 + i64::from(rate.0), 4);
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

/// What a contract costs with an order that was placed, without tax, as [`total`].
pub fn total_of(row: &order::Model) -> Option<Amount> {
    let price = |amount, period: Option<PricePeriod>| {
        Some(Price {
            amount,
            currency: row.currency.clone(),
            period: period?,
        })
    };
    let before = price(row.price_before, row.period_before);
    total(row.kind, before.as_ref(), &price(row.price_after, row.period_after)?)
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
        let gross = |net, rate| with_tax(Amount(net), TaxRate(rate));
        assert_eq!(gross(4_990, 1900), Some(Amount(5_938))); // 59.3810
        assert_eq!(gross(50, 1900), Some(Amount(60))); // 0.5950
        assert_eq!(gross(4_990, 810), Some(Amount(5_394))); // 53.94190
        assert_eq!(gross(4_990, 0), Some(Amount(4_990)));
        assert_eq!(gross(0, 1900), Some(Amount(0)));
        assert_eq!(gross(i64::MAX, 1900), None);
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

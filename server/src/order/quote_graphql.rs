//! What an order would cost, as the API offers it.
use super::{graphql::money, price::with_tax, quote::Quote};
use crate::{
    money::Money,
    product::graphql::{ContractTerms, Product},
};
use async_graphql::{InputObject, Object};
use chrono::NaiveDate;
use shared::{
    id::{ContractId, ProductId},
    order::OrderKind,
    product::PricePeriod,
    tax::TaxRate,
};

/// What an order would cost, and from when.
pub struct OrderQuote(pub(super) Quote);

/// What an order would cost, and from when.
#[Object]
impl OrderQuote {
    /// The product.
    async fn product(&self) -> Product {
        Product(self.0.product.clone())
    }

    /// What the contract costs now, without tax; null for a further product or by a price list.
    async fn price_before(&self) -> Option<Money> {
        let before = self.0.before.as_ref()?;
        money(before.amount, &before.currency)
    }

    /// What `priceBefore` is for.
    async fn period_before(&self) -> Option<PricePeriod> {
        self.0.before.as_ref().map(|before| before.period)
    }

    /// What the product costs, without tax; null where a price list says more. Give it back as `seenPrice`.
    async fn price_after(&self) -> Option<Money> {
        money(self.0.ordered.amount, &self.0.ordered.currency)
    }

    /// What `priceAfter` is for. Give it back as `seenPeriod`.
    async fn period_after(&self) -> PricePeriod {
        self.0.ordered.period
    }

    /// What the contract costs with it, without tax, if that is one sum.
    async fn total_after(&self) -> Option<Money> {
        money(self.0.total(), &self.0.ordered.currency)
    }

    /// `totalAfter` with value added tax.
    async fn gross_after(&self) -> Option<Money> {
        money(
            self.0
                .total()
                .and_then(|total| with_tax(total, self.0.product.tax_rate)),
            &self.0.ordered.currency,
        )
    }

    /// What is paid once, without tax. Give it back as `seenSetupPrice`.
    async fn setup_price(&self) -> Option<Money> {
        money(self.0.product.setup_price, &self.0.ordered.currency)
    }

    /// `setupPrice` with value added tax.
    async fn gross_setup_price(&self) -> Option<Money> {
        let setup = self.0.product.setup_price;
        let gross = setup.and_then(|price| with_tax(price, self.0.product.tax_rate));
        money(gross, &self.0.ordered.currency)
    }

    /// The rate of value added tax. Give it back as `seenTaxRate`.
    async fn tax_rate(&self) -> TaxRate {
        self.0.product.tax_rate
    }

    /// Its first day. Give it back as `seenEffectiveOn`.
    async fn effective_on(&self) -> NaiveDate {
        self.0.effective_on
    }

    /// How it runs and ends; null where the catalogue says nothing.
    async fn terms(&self) -> Option<ContractTerms> {
        self.0.terms.map(ContractTerms::from)
    }
}

/// What `orderQuote` takes.
#[derive(InputObject)]
pub struct OrderQuoteInput {
    /// `NEW_PRODUCT`, `OPTION` or `CHANGE`.
    pub kind: OrderKind,
    /// Which product.
    pub product_id: ProductId,
    /// The contract that it changes or belongs to.
    pub contract_id: Option<ContractId>,
    /// Where or for what it is, at most 100 characters.
    pub label: Option<String>,
    /// From when; as soon as possible if it is not given.
    pub wished_on: Option<NaiveDate>,
}

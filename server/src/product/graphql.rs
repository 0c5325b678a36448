//! The catalogue and contracts as the API shows them.
use super::{ProductsById, catalogue, contracts, get_contract};
use crate::{
    actor::RequestActor,
    app::App,
    entity::{contract, product},
    error::{Error, Result},
    money::Money,
    page::{Connection, Page},
};
use async_graphql::{Context, Object, dataloader::DataLoader};
use chrono::NaiveDate;
use shared::{
    account::Language,
    id::{ContractId, ProductId},
    product::{ContractState, PricePeriod},
};

/// Queries about products.
#[derive(Debug, Default)]
pub struct ProductQuery;

#[Object]
impl ProductQuery {
    /// The provider's catalogue, by code. Everybody who is signed in sees it.
    async fn products(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
    ) -> Result<Connection<Product>> {
        let actor = ctx.actor()?;
        let page = Page::read(first, after)?;
        let (rows, total) = catalogue(ctx.data_unchecked::<App>(), actor, &page).await?;
        Ok(Connection::new(
            &page,
            rows.into_iter().map(Product).collect(),
            total,
            |product| product.0.code.clone(),
        ))
    }

    /// The contracts of the account in view, by number. Only who may manage contracts.
    async fn contracts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
    ) -> Result<Connection<Contract>> {
        let actor = ctx.actor()?;
        let page = Page::read(first, after)?;
        let (rows, total) = contracts(ctx.data_unchecked::<App>(), actor, &page).await?;
        Ok(Connection::new(
            &page,
            rows.into_iter().map(Contract).collect(),
            total,
            |contract| contract.0.number.clone(),
        ))
    }

    /// A contract of the account in view. Only who may manage contracts.
    async fn contract(&self, ctx: &Context<'_>, #[graphql(desc = "Which one.")] id: ContractId) -> Result<Contract> {
        Ok(Contract(
            get_contract(ctx.data_unchecked::<App>(), ctx.actor()?, id).await?,
        ))
    }
}

/// A product of the provider's catalogue.
#[derive(Clone, Debug)]
pub struct Product(product::Model);

/// A product of the provider's catalogue.
#[Object]
impl Product {
    /// The provider's own number of it.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// What it is; null where the catalogue says nothing more.
    async fn description(
        &self,
        #[graphql(desc = "In which language; German if it is not given.")] language: Option<Language>,
    ) -> Option<&str> {
        match language.unwrap_or_default() {
            Language::De => self.0.description_de.as_deref(),
            Language::En => self.0.description_en.as_deref(),
        }
    }

    /// Names the product.
    async fn id(&self) -> ProductId {
        self.0.id
    }

    /// What it is called.
    async fn name(
        &self,
        #[graphql(desc = "In which language; German if it is not given.")] language: Option<Language>,
    ) -> &str {
        match language.unwrap_or_default() {
            Language::De => &self.0.name_de,
            Language::En => &self.0.name_en,
        }
    }

    /// Its price without tax; null where a price list says more.
    async fn price(&self) -> Option<Money> {
        self.0.price.map(|amount| Money {
            amount,
            currency: self.0.currency.clone(),
        })
    }

    /// What the price is for.
    async fn price_period(&self) -> PricePeriod {
        self.0.price_period
    }
}

/// What an account has of a product.
#[derive(Clone, Debug)]
pub struct Contract(contract::Model);

/// What an account has of a product.
#[Object]
impl Contract {
    /// Its last day; null while it has none.
    async fn ends_on(&self) -> Option<NaiveDate> {
        self.0.ends_on
    }

    /// Names the contract.
    async fn id(&self) -> ContractId {
        self.0.id
    }

    /// Where or for what it is, such as an address or a domain.
    async fn label(&self) -> Option<&str> {
        self.0.label.as_deref()
    }

    /// The last day for notice to end at the next possible date.
    async fn notice_by(&self) -> Option<NaiveDate> {
        self.0.notice_by
    }

    /// Its number.
    async fn number(&self) -> &str {
        &self.0.number
    }

    /// What was agreed, without tax; null where a price list says more.
    async fn price(&self) -> Option<Money> {
        self.0.price.map(|amount| Money {
            amount,
            currency: self.0.currency.clone(),
        })
    }

    /// What the price is for.
    async fn price_period(&self) -> PricePeriod {
        self.0.price_period
    }

    /// What it is about.
    async fn product(&self, ctx: &Context<'_>) -> Result<Product> {
        let products = ctx.data_unchecked::<DataLoader<ProductsById>>();
        products
            .load_one(self.0.product_id)
            .await?
            .map(Product)
            .ok_or(Error::NotFound("product"))
    }

    /// Its first day.
    async fn started_on(&self) -> NaiveDate {
        self.0.started_on
    }

    /// Where it stands.
    async fn state(&self) -> ContractState {
        self.0.state
    }
}

//! The catalogue and contracts as the API shows them.
use super::{
    ProductsById, catalogue,
    dates::{Dates, Terms},
    get_contract, list, terms,
};
use crate::{
    actor::RequestActor,
    app::App,
    entity::{contract, product},
    error::{Error, Result},
    money::Money,
    page::{Connection, Page},
};
use async_graphql::{Context, InputObject, Object, SimpleObject, dataloader::DataLoader};
use chrono::NaiveDate;
use shared::{
    account::Language,
    id::{ContractId, ProductId},
    product::{ContractOrder, ContractState, PricePeriod, ProductKind},
    tax::TaxRate,
    term::{NoticeTo, Renewal},
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

    /// The contracts of the account in view, ended ones among them. Only who may manage contracts.
    async fn contracts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which; all if it is not given.")] filter: Option<ContractFilter>,
        #[graphql(desc = "In which order; by number if it is not given.")] order: Option<ContractOrder>,
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
    ) -> Result<Connection<Contract>> {
        let actor = ctx.actor()?;
        let page = Page::read(first, after)?;
        let filter = filter.map(list::Filter::from).unwrap_or_default();
        let app = ctx.data_unchecked::<App>();
        let (rows, total) = list::page(app, actor, &filter, order.unwrap_or_default(), &page).await?;
        let key = |contract: &Contract| (contract.0.started_on, contract.0.number.clone());
        Ok(Connection::new(
            &page,
            rows.into_iter().map(Contract).collect(),
            total,
            key,
        ))
    }

    /// A contract of the account in view. Only who may manage contracts.
    async fn contract(&self, ctx: &Context<'_>, #[graphql(desc = "Which one.")] id: ContractId) -> Result<Contract> {
        Ok(Contract(
            get_contract(ctx.data_unchecked::<App>(), ctx.actor()?, id).await?,
        ))
    }
}

/// Which contracts; what is not given does not matter.
#[derive(Debug, Default, InputObject)]
pub struct ContractFilter {
    /// Over which product.
    product_id: Option<ProductId>,
    /// Where they stand.
    state: Option<ContractState>,
    /// A part of the number, of the label or of the product's name in either language, upper and lower case alike. At
    /// most 100 characters.
    text: Option<String>,
}

impl From<ContractFilter> for list::Filter {
    fn from(filter: ContractFilter) -> Self {
        let ContractFilter {
            product_id,
            state,
            text,
        } = filter;
        Self {
            state,
            product: product_id,
            text,
        }
    }
}

/// A product of the provider's catalogue.
#[derive(Clone, Debug)]
pub struct Product(pub product::Model);

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

    /// What is paid once, without tax; null where nothing is.
    async fn setup_price(&self) -> Option<Money> {
        self.0.setup_price.map(|amount| Money {
            amount,
            currency: self.0.currency.clone(),
        })
    }

    /// The rate of value added tax on its prices.
    async fn tax_rate(&self) -> TaxRate {
        self.0.tax_rate
    }

    /// Whether it stands for itself or goes with another.
    async fn kind(&self) -> ProductKind {
        self.0.kind
    }

    /// Products of one family can be changed into each other; options go with the others of theirs.
    async fn family(&self) -> Option<&str> {
        self.0.family.as_deref()
    }

    /// Whether customers can order it.
    async fn is_orderable(&self) -> bool {
        self.0.is_orderable
    }
}

/// What an account has of a product.
#[derive(Clone, Debug)]
pub struct Contract(pub contract::Model);

impl Contract {
    fn known_dates(&self, ctx: &Context<'_>) -> Result<Dates> {
        terms::dates(&self.0, terms::today(ctx.data_unchecked::<App>()))
    }
}

/// What matters of a contract on a day. Spans are counted as BGB §§ 187, 188 do.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct ContractDates {
    /// The last day of the first term; null without one.
    pub minimum_until: Option<NaiveDate>,
    /// The last day of the term that runs; null while it runs without a fixed end.
    pub term_until: Option<NaiveDate>,
    /// Its last day if notice is given today.
    pub next_end: Option<NaiveDate>,
    /// The last day for notice to `nextEnd`; null where every day leads to an end of its own.
    pub notice_by: Option<NaiveDate>,
    /// The end that counts if notice comes the day after `noticeBy`.
    pub following_end: Option<NaiveDate>,
}

impl From<Dates> for ContractDates {
    fn from(dates: Dates) -> Self {
        let Dates {
            minimum_until,
            term_until,
            next_end,
            notice_by,
            following_end,
        } = dates;
        Self {
            minimum_until,
            term_until,
            next_end,
            notice_by,
            following_end,
        }
    }
}

/// How a contract runs and ends. Spans are ISO 8601 durations of one part, such as `P24M`.
#[derive(Clone, Debug, SimpleObject)]
pub struct ContractTerms {
    /// The first term; null where it can be ended from the beginning.
    pub minimum: Option<String>,
    /// What follows the first term.
    pub renewal: Renewal,
    /// The length of further terms, where `renewal` is `TERM`.
    pub renewal_term: Option<String>,
    /// The notice to the end of a term.
    pub notice: String,
    /// The notice while it runs without a fixed end.
    pub open_notice: String,
    /// To which day the open notice ends it.
    pub notice_to: NoticeTo,
}

impl From<Terms> for ContractTerms {
    fn from(terms: Terms) -> Self {
        Self {
            minimum: terms.minimum.map(|span| span.to_string()),
            renewal: terms.renewal,
            renewal_term: terms.renewal_term.map(|span| span.to_string()),
            notice: terms.notice.to_string(),
            open_notice: terms.open_notice.to_string(),
            notice_to: terms.notice_to,
        }
    }
}

/// What else is agreed in a contract.
#[derive(Clone, Debug, SimpleObject)]
pub struct ContractDetail {
    /// What it is.
    pub label: String,
    /// The value.
    pub value: String,
}

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
    async fn notice_by(&self, ctx: &Context<'_>) -> Result<Option<NaiveDate>> {
        Ok(self.known_dates(ctx)?.notice_by)
    }

    /// What matters of it today, where the provider is.
    async fn dates(&self, ctx: &Context<'_>) -> Result<ContractDates> {
        Ok(self.known_dates(ctx)?.into())
    }

    /// How it runs and ends; null where that is not known.
    async fn terms(&self) -> Result<Option<ContractTerms>> {
        Ok(terms::of_contract(&self.0)?.map(ContractTerms::from))
    }

    /// What else is agreed, such as a speed or a place of delivery.
    async fn details(
        &self,
        #[graphql(desc = "In which language; German if it is not given.")] language: Option<Language>,
    ) -> Result<Vec<ContractDetail>> {
        let details = terms::details(&self.0)?.into_iter().map(|detail| ContractDetail {
            label: match language.unwrap_or_default() {
                Language::De => detail.label_de,
                Language::En => detail.label_en,
            },
            value: detail.value,
        });
        Ok(details.collect())
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

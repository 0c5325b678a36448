//! Agreements as staff sees them in the API.
use super::{Asked, Concluded, Filter, graphql::ConcludedAgreement, template, text};
use crate::{entity::agreement_template, error::Result, user::graphql::UsersById};
use async_graphql::{Context, InputObject, Object, dataloader::DataLoader};
use chrono::{DateTime, Utc};
use shared::{
    account::Language,
    id::{AccountId, AgreementTemplateId, ContractId, ProductId},
};

/// Which contracts; what is not given does not matter.
#[derive(Clone, Debug, Default, InputObject)]
pub struct AgreementContractFilter {
    /// Whether the newest version is concluded.
    pub is_concluded: Option<bool>,
    /// Over which product.
    pub product_id: Option<ProductId>,
    /// A part of the contract's number, or of the customer's name or number; at most 100 characters.
    pub text: Option<String>,
}

impl From<AgreementContractFilter> for Filter {
    fn from(filter: AgreementContractFilter) -> Self {
        Self {
            is_concluded: filter.is_concluded,
            product: filter.product_id,
            text: filter.text,
        }
    }
}

/// A contract that runs and whose product asks for an agreement.
#[derive(Clone, Debug)]
pub struct AgreementContract(pub(super) Asked);

/// A contract that runs and whose product asks for an agreement.
#[Object]
impl AgreementContract {
    /// The newest agreement that was concluded; null if there was none.
    async fn concluded(&self) -> Option<ConcludedAgreement> {
        let (row, version) = self.0.concluded.as_ref()?;
        Some(ConcludedAgreement::of(row, *version))
    }

    /// The customer's account.
    async fn account_id(&self) -> AccountId {
        self.0.account.id
    }

    /// The customer's name.
    async fn customer_name(&self) -> &str {
        &self.0.account.name
    }

    /// The customer number.
    async fn customer_number(&self) -> &str {
        &self.0.account.number
    }

    /// Names the contract.
    async fn id(&self) -> ContractId {
        self.0.contract.id
    }

    /// Whether the version that is asked for is concluded.
    async fn is_concluded(&self) -> bool {
        self.0.concluded.as_ref().map(|(_, version)| *version) == Some(self.0.version)
    }

    /// The number of the contract.
    async fn number(&self) -> &str {
        &self.0.contract.number
    }

    /// What the product is called.
    async fn product_name(
        &self,
        #[graphql(desc = "In which language; German if it is not given.")] language: Option<Language>,
    ) -> &str {
        text::product_name(&self.0.product, language.unwrap_or_default())
    }

    /// The version that is asked for.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// An agreement that was concluded, as staff sees it.
#[derive(Clone, Debug)]
pub struct Agreement(pub(super) Concluded);

/// An agreement that was concluded, as staff sees it.
#[Object]
impl Agreement {
    /// What was concluded.
    async fn concluded(&self) -> ConcludedAgreement {
        ConcludedAgreement::of(&self.0.row, self.0.version)
    }

    /// The number of the contract.
    async fn contract_number(&self) -> &str {
        &self.0.contract.number
    }

    /// The customer's name.
    async fn customer_name(&self) -> &str {
        &self.0.account.name
    }

    /// The customer number.
    async fn customer_number(&self) -> &str {
        &self.0.account.number
    }

    /// What the product is called.
    async fn product_name(
        &self,
        #[graphql(desc = "In which language; German if it is not given.")] language: Option<Language>,
    ) -> &str {
        text::product_name(&self.0.product, language.unwrap_or_default())
    }
}

/// A product with the texts of its agreement.
#[derive(Clone, Debug)]
pub struct AgreementProduct(pub(super) template::Texts);

/// A product with the texts of its agreement.
#[Object]
impl AgreementProduct {
    /// The provider's own number of it.
    async fn code(&self) -> &str {
        &self.0.product.code
    }

    /// The revision of the draft that is being written; 0 where nobody began.
    async fn draft_revision(&self) -> i32 {
        self.0.draft().1
    }

    /// The version that is being written, or would be.
    async fn draft_version(&self) -> i32 {
        self.0.draft().0
    }

    /// Names the product.
    async fn id(&self) -> ProductId {
        self.0.product.id
    }

    /// What it is called.
    async fn name(
        &self,
        #[graphql(desc = "In which language; German if it is not given.")] language: Option<Language>,
    ) -> &str {
        text::product_name(&self.0.product, language.unwrap_or_default())
    }

    /// The text to begin a draft with: the newest version, or the one that ships with the portal.
    async fn proposal(&self, #[graphql(desc = "In which language.")] language: Language) -> &str {
        match (self.0.versions.first(), language) {
            (Some(newest), Language::De) => &newest.german,
            (Some(newest), Language::En) => &newest.english,
            (None, _) => text::neutral(language),
        }
    }

    /// All versions, newest first; the first may be a draft.
    async fn texts(&self) -> Vec<AgreementText> {
        self.0.versions.iter().cloned().map(AgreementText).collect()
    }
}

/// A version of the text of a product's agreement.
#[derive(Clone, Debug)]
pub struct AgreementText(pub(super) agreement_template::Model);

/// A version of the text of a product's agreement.
#[Object]
impl AgreementText {
    /// Who wrote it last; null for the program itself.
    async fn author(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let Some(user) = self.0.edited_by else { return Ok(None) };
        let row = ctx.data_unchecked::<DataLoader<UsersById>>().load_one(user).await?;
        Ok(row.and_then(|row| row.name.or(row.email)))
    }

    /// When it was last written.
    async fn edited_at(&self) -> DateTime<Utc> {
        self.0.edited_at
    }

    /// The English text, in Markdown.
    async fn english(&self) -> &str {
        &self.0.english
    }

    /// The German text, in Markdown.
    async fn german(&self) -> &str {
        &self.0.german
    }

    /// Names the version.
    async fn id(&self) -> AgreementTemplateId {
        self.0.id
    }

    /// Since when it never changes; null for a draft.
    async fn published_at(&self) -> Option<DateTime<Utc>> {
        self.0.published_at
    }

    /// How often it was saved.
    async fn revision(&self) -> i32 {
        self.0.revision
    }

    /// Its number, from 1.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

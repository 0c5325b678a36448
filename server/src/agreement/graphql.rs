//! Agreements as the API offers them.
use super::{
    Conclude, Filter, OfContract, Open, conclude, coverage, list, of_contract,
    office_graphql::{Agreement, AgreementContract, AgreementContractFilter, AgreementProduct, AgreementText},
    open, send, template, text,
};
use crate::{
    actor::RequestActor,
    app::App,
    entity::agreement,
    error::Result,
    file,
    page::{Connection, Page},
};
use async_graphql::{Context, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use shared::{
    account::Language,
    id::{AgreementId, AgreementTemplateId, ContractId, DocumentId, ProductId},
};

/// The queries of this subject.
#[derive(Debug, Default)]
pub struct AgreementQuery;

#[Object]
impl AgreementQuery {
    /// The agreement of a contract of the account in view. Only who may manage contracts.
    async fn agreement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which contract.")] contract_id: ContractId,
    ) -> Result<ContractAgreement> {
        let found = of_contract(ctx.data_unchecked(), ctx.actor()?, contract_id).await?;
        Ok(ContractAgreement(found))
    }

    /// The agreements that the account in view is asked to conclude. Only who may manage contracts.
    async fn open_agreements(&self, ctx: &Context<'_>) -> Result<Vec<OpenAgreement>> {
        let open = open(ctx.data_unchecked(), ctx.actor()?).await?;
        Ok(open.into_iter().map(OpenAgreement).collect())
    }

    /// All agreements that were concluded, newest first. Only for staff who manage customers.
    async fn agreements(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A part of the customer's name or number, at most 100 characters.")] text: Option<String>,
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
    ) -> Result<Connection<Agreement>> {
        let page = Page::read(first, after)?;
        let (rows, total) = list(ctx.data_unchecked(), ctx.actor()?, text.as_deref(), &page).await?;
        let rows = rows.into_iter().map(Agreement).collect();
        Ok(Connection::new(&page, rows, total, |row| row.0.row.id))
    }

    /// The contracts that run and whose product asks for an agreement, newest first, each with what was concluded: who
    /// has, and who has not. Only for staff who manage customers.
    async fn agreement_contracts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones; all if it is not given.")] filter: Option<AgreementContractFilter>,
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
    ) -> Result<Connection<AgreementContract>> {
        let page = Page::read(first, after)?;
        let filter = filter.map(Filter::from).unwrap_or_default();
        let (rows, total) = coverage(ctx.data_unchecked(), ctx.actor()?, &filter, &page).await?;
        let rows = rows.into_iter().map(AgreementContract).collect();
        Ok(Connection::new(&page, rows, total, |row| row.0.contract.id))
    }

    /// The catalogue by code, with the texts of each product's agreement. Only for staff with the right ADMINISTER.
    async fn agreement_products(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
    ) -> Result<Connection<AgreementProduct>> {
        let page = Page::read(first, after)?;
        let (rows, total) = template::list(ctx.data_unchecked(), ctx.actor()?, &page).await?;
        let rows = rows.into_iter().map(AgreementProduct).collect();
        Ok(Connection::new(&page, rows, total, |row| row.0.product.code.clone()))
    }

    /// The texts of a product's agreement. As with `agreementProducts`.
    async fn agreement_product(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which product.")] id: ProductId,
    ) -> Result<AgreementProduct> {
        let texts = template::get(ctx.data_unchecked(), ctx.actor()?, id).await?;
        Ok(AgreementProduct(texts))
    }
}

/// The mutations of this subject.
#[derive(Debug, Default)]
pub struct AgreementMutation;

#[Object]
impl AgreementMutation {
    /// Mails the newest agreement of a contract as a PDF with its annexes to your confirmed address, or else to the
    /// contact person. Only who may manage contracts.
    async fn send_agreement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which contract, in which language.")] input: SendAgreementInput,
    ) -> Result<SendAgreementPayload> {
        let address = send(ctx.data_unchecked(), ctx.actor()?, input.contract_id, input.language).await?;
        Ok(SendAgreementPayload {
            email: address.as_str().to_owned(),
        })
    }

    /// Concludes the newest agreement of a contract. Only who may manage contracts, with a recent step-up. CONFLICT if
    /// there is a newer text than the one that was read.
    async fn conclude_agreement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is agreed to, and who agrees.")] input: ConcludeAgreementInput,
    ) -> Result<ConcludeAgreementPayload> {
        let app = ctx.data_unchecked::<App>();
        let contract = input.contract_id;
        conclude(app, ctx.actor()?, input.into()).await?;
        let found = of_contract(app, ctx.actor()?, contract).await?;
        Ok(ConcludeAgreementPayload {
            agreement: ContractAgreement(found),
        })
    }

    /// Writes the draft of the next text of a product's agreement. Only for staff with the right ADMINISTER. CONFLICT if
    /// somebody saved or published it since it was read: load it again, and put your words in.
    async fn save_agreement_draft(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The text in both languages.")] input: SaveAgreementDraftInput,
    ) -> Result<SaveAgreementDraftPayload> {
        let draft = template::Draft {
            product: input.product_id,
            version: input.version,
            revision: input.revision,
            german: input.german,
            english: input.english,
        };
        let row = template::save(ctx.data_unchecked(), ctx.actor()?, draft).await?;
        Ok(SaveAgreementDraftPayload {
            text: AgreementText(row),
        })
    }

    /// Publishes a draft: it never changes after that, and customers of the product are asked to conclude it. Only for
    /// staff with the right ADMINISTER, with a recent step-up. CONFLICT if it was saved since it was read.
    async fn publish_agreement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which draft.")] input: PublishAgreementInput,
    ) -> Result<PublishAgreementPayload> {
        let row = template::publish(ctx.data_unchecked(), ctx.actor()?, input.id, input.revision).await?;
        Ok(PublishAgreementPayload {
            text: AgreementText(row),
        })
    }
}

/// What `sendAgreement` takes.
#[derive(InputObject)]
pub struct SendAgreementInput {
    /// Of which contract.
    pub contract_id: ContractId,
    /// In which language.
    pub language: Language,
}

/// What `sendAgreement` gives.
#[derive(SimpleObject)]
pub struct SendAgreementPayload {
    /// The address that it is sent to.
    pub email: String,
}

/// What `concludeAgreement` takes.
#[derive(InputObject)]
pub struct ConcludeAgreementInput {
    /// For which contract.
    pub contract_id: ContractId,
    /// Which version of the text, as `agreement` names it.
    pub text_id: AgreementTemplateId,
    /// In which language.
    pub language: Language,
    /// The SHA-256 of the PDF that was read, as `agreement` gives it.
    pub sha256: String,
    /// The name of the person who signs, at most 100 characters.
    pub signer_name: String,
    /// What entitles the person, such as managing director; at most 100 characters.
    pub signer_role: String,
    /// That the person agrees; nothing happens otherwise.
    pub is_agreed: bool,
}

impl From<ConcludeAgreementInput> for Conclude {
    fn from(input: ConcludeAgreementInput) -> Self {
        Self {
            contract: input.contract_id,
            template: input.text_id,
            language: input.language,
            sha256: input.sha256,
            signer_name: input.signer_name,
            signer_role: input.signer_role,
            is_agreed: input.is_agreed,
        }
    }
}

/// What `concludeAgreement` gives.
#[derive(SimpleObject)]
pub struct ConcludeAgreementPayload {
    /// The agreement as it stands now.
    pub agreement: ContractAgreement,
}

/// What `saveAgreementDraft` takes.
#[derive(InputObject)]
pub struct SaveAgreementDraftInput {
    /// For which product.
    pub product_id: ProductId,
    /// The German text with its annexes, in Markdown; at most 60,000 characters. Fields in braces are filled:
    /// `{provider}`, `{provider_address}`, `{customer}`, `{customer_address}`, `{customer_number}`, `{product}`,
    /// `{contract}`, `{version}`.
    pub german: String,
    /// The English text, likewise.
    pub english: String,
    /// The revision of the draft that was read, as `agreementProduct` gives it; 0 where there was none.
    pub revision: i32,
    /// Which version is written, as `agreementProduct` gives it.
    pub version: i32,
}

/// What `saveAgreementDraft` gives.
#[derive(SimpleObject)]
pub struct SaveAgreementDraftPayload {
    /// The draft.
    pub text: AgreementText,
}

/// What `publishAgreement` takes.
#[derive(InputObject)]
pub struct PublishAgreementInput {
    /// Which draft.
    pub id: AgreementTemplateId,
    /// Its revision that was read.
    pub revision: i32,
}

/// What `publishAgreement` gives.
#[derive(SimpleObject)]
pub struct PublishAgreementPayload {
    /// The version.
    pub text: AgreementText,
}

/// The agreement of a contract.
#[derive(Clone, Debug)]
pub struct ContractAgreement(OfContract);

/// The agreement of a contract.
#[Object]
impl ContractAgreement {
    /// The agreements that were concluded, newest version first.
    async fn concluded(&self) -> Vec<ConcludedAgreement> {
        let all = self.0.concluded.iter();
        all.map(|(row, version)| ConcludedAgreement::of(row, *version))
            .collect()
    }

    /// Whether the newest version is concluded.
    async fn is_concluded(&self) -> bool {
        self.0.current().is_some()
    }

    /// The path of the newest text as a PDF, by GET with `language=DE` or `language=EN`; null if the product has none.
    async fn path(&self) -> Option<String> {
        self.0.template.as_ref()?;
        Some(format!("/download/agreements/{}", self.0.contract.id))
    }

    /// The SHA-256 of the newest text as a PDF, in hexadecimal digits: what `concludeAgreement` agrees to.
    #[graphql(complexity = "50")]
    async fn sha256(&self, #[graphql(desc = "In which language.")] language: Language) -> Result<Option<String>> {
        if self.0.template.is_none() {
            return Ok(None);
        }
        Ok(Some(file::sha256(&self.0.pdf(language).await?)))
    }

    /// The newest version of the text; null if the product has no agreement.
    async fn text_id(&self) -> Option<AgreementTemplateId> {
        self.0.template.as_ref().map(|text| text.id)
    }

    /// The number of that version, from 1.
    async fn version(&self) -> Option<i32> {
        self.0.template.as_ref().map(|text| text.version)
    }
}

/// An agreement that was concluded.
#[derive(Clone, Debug, SimpleObject)]
pub struct ConcludedAgreement {
    /// When.
    pub concluded_at: DateTime<Utc>,
    /// The document that holds it.
    pub document_id: DocumentId,
    /// Names the agreement.
    pub id: AgreementId,
    /// The path of the PDF with its evidence, by GET.
    pub path: String,
    /// The SHA-256 of the PDF that was agreed.
    pub sha256: String,
    /// Who signed.
    pub signer_name: String,
    /// As what.
    pub signer_role: String,
    /// The version of the text.
    pub version: i32,
}

impl ConcludedAgreement {
    pub(super) fn of(row: &agreement::Model, version: i32) -> Self {
        Self {
            concluded_at: row.concluded_at,
            document_id: row.document_id,
            id: row.id,
            path: format!("/download/documents/{}", row.document_id),
            sha256: row.text_sha256.clone(),
            signer_name: row.signer_name.clone(),
            signer_role: row.signer_role.clone(),
            version,
        }
    }
}

/// An agreement that is to be concluded.
#[derive(Clone, Debug)]
pub struct OpenAgreement(Open);

/// An agreement that is to be concluded.
#[Object]
impl OpenAgreement {
    /// For which contract.
    async fn contract_id(&self) -> ContractId {
        self.0.contract.id
    }

    /// The number of the contract.
    async fn contract_number(&self) -> &str {
        &self.0.contract.number
    }

    /// The newest version that was concluded; null if there was none.
    async fn former_version(&self) -> Option<i32> {
        self.0.former
    }

    /// What the product is called.
    async fn product_name(
        &self,
        #[graphql(desc = "In which language; German if it is not given.")] language: Option<Language>,
    ) -> &str {
        text::product_name(&self.0.product, language.unwrap_or_default())
    }

    /// The version to conclude.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

//! What the office asks the server about agreements and documents.
use super::query::{AgreementQuery, OfficeDocumentQuery};
use crate::{
    api::{self, ApiError, Instant, PageInfo, schema},
    place::Rows,
};
use cynic::{MutationBuilder, QueryBuilder};
use shared::{
    account::Language,
    document::DocumentKind,
    id::{AccountId, AgreementTemplateId, ContractId, DocumentId, FileId, ProductId},
};

/// How many rows a page has.
const PAGE: i32 = 25;

/// How many products a page has.
const PRODUCTS: i32 = 100;

/// How many contracts are offered for a document.
const TARGETS: i32 = 20;

#[derive(cynic::QueryVariables)]
pub struct ProductsVariables {
    after: Option<String>,
    first: Option<i32>,
    language: Option<Language>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "ProductsVariables")]
struct Products {
    #[arguments(after: $after, first: $first)]
    agreement_products: AgreementProductConnection,
}

/// A page of the catalogue.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(variables = "ProductsVariables")]
pub struct AgreementProductConnection {
    /// The products, by code.
    pub nodes: Vec<ListedProduct>,
    /// Where the page ends.
    pub page_info: PageInfo,
}

/// A product with the versions of its text.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "AgreementProduct", variables = "ProductsVariables")]
pub struct ListedProduct {
    /// The provider's own number.
    pub code: String,
    /// Names it.
    pub id: ProductId,
    /// What it is called.
    #[arguments(language: $language)]
    pub name: String,
    /// Its versions, newest first.
    pub texts: Vec<TextVersion>,
}

/// A version of a text, without its words.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "AgreementText")]
pub struct TextVersion {
    /// Who wrote it last.
    pub author: Option<String>,
    /// When it was last written.
    pub edited_at: Instant,
    /// Names it.
    pub id: AgreementTemplateId,
    /// Since when it never changes.
    pub published_at: Option<Instant>,
    /// How often it was saved.
    pub revision: i32,
    /// Its number.
    pub version: i32,
}

/// A page of the catalogue with the texts of each product.
pub async fn products(language: Language, after: Option<String>) -> Result<AgreementProductConnection, ApiError> {
    let variables = ProductsVariables {
        after,
        first: Some(PRODUCTS),
        language: Some(language),
    };
    Ok(api::send(Products::build(variables)).await?.agreement_products)
}

#[derive(cynic::QueryVariables)]
pub struct ProductVariables {
    english: Language,
    german: Language,
    id: ProductId,
    language: Option<Language>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "ProductVariables")]
struct OneProduct {
    #[arguments(id: $id)]
    agreement_product: EditedProduct,
}

/// A product with the text to write on.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "AgreementProduct", variables = "ProductVariables")]
pub struct EditedProduct {
    /// The revision of the draft; 0 where nobody began.
    pub draft_revision: i32,
    /// The version that is written.
    pub draft_version: i32,
    /// The German text.
    #[arguments(language: $german)]
    #[cynic(alias, rename = "proposal")]
    pub german: String,
    /// The English text.
    #[arguments(language: $english)]
    #[cynic(alias, rename = "proposal")]
    pub english: String,
    /// What it is called.
    #[arguments(language: $language)]
    pub name: String,
    /// Its versions, newest first.
    pub texts: Vec<TextVersion>,
}

/// A product with the text to write on.
pub async fn product(id: ProductId, language: Language) -> Result<EditedProduct, ApiError> {
    let variables = ProductVariables {
        english: Language::En,
        german: Language::De,
        id,
        language: Some(language),
    };
    Ok(api::send(OneProduct::build(variables)).await?.agreement_product)
}

/// What is written into a draft.
#[derive(cynic::InputObject, Clone)]
pub struct SaveAgreementDraftInput {
    /// The English text.
    pub english: String,
    /// The German text.
    pub german: String,
    /// For which product.
    pub product_id: ProductId,
    /// The revision that was read.
    pub revision: i32,
    /// Which version.
    pub version: i32,
}

#[derive(cynic::QueryVariables)]
struct SaveVariables {
    input: SaveAgreementDraftInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "SaveVariables")]
struct SaveDraft {
    #[arguments(input: $input)]
    #[allow(dead_code, reason = "what is selected must be named")]
    save_agreement_draft: SaveAgreementDraftPayload,
}

#[derive(cynic::QueryFragment)]
struct SaveAgreementDraftPayload {
    #[allow(dead_code, reason = "what is selected must be named")]
    text: Written,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "AgreementText")]
struct Written {
    #[allow(dead_code, reason = "what is selected must be named")]
    id: AgreementTemplateId,
}

/// Saves a draft.
pub async fn save_draft(input: SaveAgreementDraftInput) -> Result<(), ApiError> {
    api::send(SaveDraft::build(SaveVariables { input })).await.map(|_| ())
}

/// Which draft is published.
#[derive(cynic::InputObject, Clone, Copy)]
pub struct PublishAgreementInput {
    /// Which one.
    pub id: AgreementTemplateId,
    /// The revision that was read.
    pub revision: i32,
}

#[derive(cynic::QueryVariables)]
struct PublishVariables {
    input: PublishAgreementInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "PublishVariables")]
struct Publish {
    #[arguments(input: $input)]
    #[allow(dead_code, reason = "what is selected must be named")]
    publish_agreement: PublishAgreementPayload,
}

#[derive(cynic::QueryFragment)]
struct PublishAgreementPayload {
    #[allow(dead_code, reason = "what is selected must be named")]
    text: Written,
}

/// Publishes a draft.
pub async fn publish(input: PublishAgreementInput) -> Result<(), ApiError> {
    api::send(Publish::build(PublishVariables { input })).await.map(|_| ())
}

/// Which contracts.
#[derive(cynic::InputObject)]
pub struct AgreementContractFilter {
    is_concluded: Option<bool>,
    product_id: Option<ProductId>,
    text: Option<String>,
}

#[derive(cynic::QueryVariables)]
pub struct CoverageVariables {
    after: Option<String>,
    filter: Option<AgreementContractFilter>,
    first: Option<i32>,
    language: Option<Language>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "CoverageVariables")]
struct Coverage {
    #[arguments(after: $after, filter: $filter, first: $first)]
    agreement_contracts: AgreementContractConnection,
}

/// A page of the contracts that are asked.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(variables = "CoverageVariables")]
pub struct AgreementContractConnection {
    /// The contracts.
    pub nodes: Vec<AgreementContract>,
    /// Where the page ends.
    pub page_info: PageInfo,
    /// How many there are on all pages.
    pub total_count: i32,
}

/// A contract whose product asks for an agreement.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(variables = "CoverageVariables")]
pub struct AgreementContract {
    /// The customer's account.
    pub account_id: AccountId,
    /// What was concluded.
    pub concluded: Option<OfficeAgreement>,
    /// The customer's name.
    pub customer_name: String,
    /// The customer number.
    pub customer_number: String,
    /// Whether the version that is asked for is concluded.
    pub is_concluded: bool,
    /// The number of the contract.
    pub number: String,
    /// What the product is called.
    #[arguments(language: $language)]
    pub product_name: String,
    /// The version that is asked for.
    pub version: i32,
}

/// An agreement that was concluded.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "ConcludedAgreement")]
pub struct OfficeAgreement {
    /// When.
    pub concluded_at: Instant,
    /// Where it is.
    pub path: String,
    /// Who signed.
    pub signer_name: String,
    /// As what.
    pub signer_role: String,
    /// The version.
    pub version: i32,
}

/// A page of the contracts that are asked.
pub async fn coverage(language: Language, rows: Rows<AgreementQuery>) -> Result<AgreementContractConnection, ApiError> {
    let filter = AgreementContractFilter {
        is_concluded: rows.query.is_concluded,
        product_id: None,
        text: Some(rows.query.text),
    };
    let variables = CoverageVariables {
        after: rows.after,
        filter: Some(filter),
        first: Some(PAGE),
        language: Some(language),
    };
    Ok(api::send(Coverage::build(variables)).await?.agreement_contracts)
}

/// Which documents.
#[derive(cynic::InputObject)]
#[cynic(graphql_type = "DocumentFilter")]
pub struct OfficeDocumentFilter {
    kind: Option<DocumentKind>,
    text: Option<String>,
}

#[derive(cynic::QueryVariables)]
pub struct OfficeDocumentsVariables {
    after: Option<String>,
    filter: Option<OfficeDocumentFilter>,
    first: Option<i32>,
    language: Option<Language>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "OfficeDocumentsVariables")]
struct OfficeDocuments {
    #[arguments(after: $after, filter: $filter, first: $first)]
    customer_documents: OfficeDocumentConnection,
}

/// A page of the documents of all customers.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "DocumentConnection", variables = "OfficeDocumentsVariables")]
pub struct OfficeDocumentConnection {
    /// The documents, newest first.
    pub nodes: Vec<OfficeDocument>,
    /// Where the page ends.
    pub page_info: PageInfo,
    /// How many there are on all pages.
    pub total_count: i32,
}

/// A document as staff sees it.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "Document", variables = "OfficeDocumentsVariables")]
pub struct OfficeDocument {
    /// The number of its contract.
    pub contract_number: Option<String>,
    /// When it was put there.
    pub created_at: Instant,
    /// The customer's name.
    pub customer_name: Option<String>,
    /// The customer number.
    pub customer_number: Option<String>,
    /// Names it.
    pub id: DocumentId,
    /// What it is.
    pub kind: DocumentKind,
    /// Where it is fetched from.
    pub path: Option<String>,
    /// What it is called.
    #[arguments(language: $language)]
    pub title: String,
    /// Why it was withdrawn.
    pub withdrawal_reason: Option<String>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Instant>,
}

/// A page of the documents of all customers.
pub async fn office_documents(
    language: Language,
    rows: Rows<OfficeDocumentQuery>,
) -> Result<OfficeDocumentConnection, ApiError> {
    let filter = OfficeDocumentFilter {
        kind: rows.query.kind,
        text: Some(rows.query.text),
    };
    let variables = OfficeDocumentsVariables {
        after: rows.after,
        filter: Some(filter),
        first: Some(PAGE),
        language: Some(language),
    };
    Ok(api::send(OfficeDocuments::build(variables)).await?.customer_documents)
}

#[derive(cynic::QueryVariables)]
pub struct TargetsVariables {
    first: Option<i32>,
    language: Option<Language>,
    text: Option<String>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "TargetsVariables")]
struct Targets {
    #[arguments(first: $first, text: $text)]
    document_contracts: TargetConnection,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "DocumentContractConnection", variables = "TargetsVariables")]
struct TargetConnection {
    nodes: Vec<Target>,
}

/// A contract that a document can be put to.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "DocumentContract", variables = "TargetsVariables")]
pub struct Target {
    /// The customer's name.
    pub customer_name: String,
    /// The customer number.
    pub customer_number: String,
    /// Names it.
    pub id: ContractId,
    /// Its number.
    pub number: String,
    /// What its product is called.
    #[arguments(language: $language)]
    pub product_name: String,
}

/// The newest contracts that a text fits.
pub async fn targets(language: Language, text: String) -> Result<Vec<Target>, ApiError> {
    let variables = TargetsVariables {
        first: Some(TARGETS),
        language: Some(language),
        text: Some(text),
    };
    Ok(api::send(Targets::build(variables)).await?.document_contracts.nodes)
}

/// What is put to a contract.
#[derive(cynic::InputObject, Clone)]
pub struct AttachDocumentInput {
    /// For which contract.
    pub contract_id: ContractId,
    /// The uploaded file.
    pub file_id: FileId,
    /// What it is.
    pub kind: DocumentKind,
    /// What it is called in English.
    pub title_english: String,
    /// What it is called in German.
    pub title_german: String,
}

#[derive(cynic::QueryVariables)]
struct AttachVariables {
    input: AttachDocumentInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "AttachVariables")]
struct Attach {
    #[arguments(input: $input)]
    #[allow(dead_code, reason = "what is selected must be named")]
    attach_document: AttachDocumentPayload,
}

#[derive(cynic::QueryFragment)]
struct AttachDocumentPayload {
    #[allow(dead_code, reason = "what is selected must be named")]
    document: Named,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Document")]
struct Named {
    #[allow(dead_code, reason = "what is selected must be named")]
    id: DocumentId,
}

/// Puts a document to a contract.
pub async fn attach(input: AttachDocumentInput) -> Result<(), ApiError> {
    api::send(Attach::build(AttachVariables { input })).await.map(|_| ())
}

/// What is taken back, and why.
#[derive(cynic::InputObject, Clone)]
pub struct WithdrawDocumentInput {
    /// Which one.
    pub id: DocumentId,
    /// Why.
    pub reason: String,
}

#[derive(cynic::QueryVariables)]
struct WithdrawVariables {
    input: WithdrawDocumentInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "WithdrawVariables")]
struct Withdraw {
    #[arguments(input: $input)]
    #[allow(dead_code, reason = "what is selected must be named")]
    withdraw_document: WithdrawDocumentPayload,
}

#[derive(cynic::QueryFragment)]
struct WithdrawDocumentPayload {
    #[allow(dead_code, reason = "what is selected must be named")]
    document: Named,
}

/// Takes a document back.
pub async fn withdraw(input: WithdrawDocumentInput) -> Result<(), ApiError> {
    api::send(Withdraw::build(WithdrawVariables { input }))
        .await
        .map(|_| ())
}

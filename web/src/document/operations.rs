//! What Dokumente and the agreement ask the server.
use super::query::DocumentQuery;
use crate::{
    api::{self, ApiError, Instant, PageInfo, schema},
    place::Rows,
};
use cynic::{MutationBuilder, QueryBuilder};
use shared::{
    account::Language,
    document::DocumentKind,
    id::{AgreementTemplateId, ContractId, DocumentId},
};

/// How many documents a page has.
const PAGE: i32 = 25;

/// Which documents.
#[derive(cynic::InputObject, Clone)]
pub struct DocumentFilter {
    contract_id: Option<ContractId>,
    kind: Option<DocumentKind>,
    text: Option<String>,
}

#[derive(cynic::QueryVariables)]
pub struct DocumentsVariables {
    after: Option<String>,
    filter: Option<DocumentFilter>,
    first: Option<i32>,
    language: Option<Language>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "DocumentsVariables")]
struct Documents {
    #[arguments(after: $after, filter: $filter, first: $first)]
    documents: DocumentConnection,
}

/// A page of documents.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(variables = "DocumentsVariables")]
pub struct DocumentConnection {
    /// The documents, newest first.
    pub nodes: Vec<Document>,
    /// Where the page ends.
    pub page_info: PageInfo,
    /// How many there are on all pages.
    pub total_count: i32,
}

/// A document of the account in view.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(variables = "DocumentsVariables")]
pub struct Document {
    /// Names it.
    pub id: DocumentId,
    /// What it is called.
    #[arguments(language: $language)]
    pub title: String,
    /// What it is.
    pub kind: DocumentKind,
    /// The number of its contract.
    pub contract_number: Option<String>,
    /// When it was put there.
    pub created_at: Instant,
    /// Where it is fetched from; none once it is withdrawn.
    pub path: Option<String>,
    /// Why it was withdrawn.
    pub withdrawal_reason: Option<String>,
}

/// A page of the documents of the account in view.
pub async fn documents(language: Language, rows: Rows<DocumentQuery>) -> Result<DocumentConnection, ApiError> {
    let filter = DocumentFilter {
        contract_id: rows.query.contract,
        kind: rows.query.kind,
        text: Some(rows.query.text),
    };
    let variables = DocumentsVariables {
        after: rows.after,
        filter: Some(filter),
        first: Some(PAGE),
        language: Some(language),
    };
    Ok(api::send(Documents::build(variables)).await?.documents)
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query")]
struct OwnContracts {
    #[arguments(first: 100)]
    contracts: OwnContractConnection,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "ContractConnection")]
struct OwnContractConnection {
    nodes: Vec<OwnContract>,
}

/// A contract of the account in view.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "Contract")]
pub struct OwnContract {
    /// Names it.
    pub id: ContractId,
    /// As people name it.
    pub number: String,
}

/// The contracts that documents can belong to, at most a hundred.
pub async fn own_contracts() -> Result<Vec<OwnContract>, ApiError> {
    Ok(api::send(OwnContracts::build(())).await?.contracts.nodes)
}

/// Which agreement, in which language.
#[derive(cynic::QueryVariables)]
pub struct AgreementVariables {
    id: ContractId,
    language: Language,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "AgreementVariables")]
struct AgreementOf {
    #[arguments(contractId: $id)]
    agreement: ContractAgreement,
}

/// The agreement of a contract.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(variables = "AgreementVariables")]
pub struct ContractAgreement {
    /// What was concluded, newest version first.
    pub concluded: Vec<ConcludedAgreement>,
    /// Whether the newest version is.
    pub is_concluded: bool,
    /// Where the newest text is.
    pub path: Option<String>,
    /// Its SHA-256 in the language of the page.
    #[arguments(language: $language)]
    pub sha256: Option<String>,
    /// Names it.
    pub text_id: Option<AgreementTemplateId>,
    /// Its number.
    pub version: Option<i32>,
}

/// An agreement that was concluded.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct ConcludedAgreement {
    /// When.
    pub concluded_at: Instant,
    /// Where it is.
    pub path: String,
    /// Who signed.
    pub signer_name: String,
    /// The version.
    pub version: i32,
}

/// The agreement of a contract.
pub async fn agreement(id: ContractId, language: Language) -> Result<ContractAgreement, ApiError> {
    Ok(api::send(AgreementOf::build(AgreementVariables { id, language }))
        .await?
        .agreement)
}

/// Which agreement is mailed.
#[derive(cynic::InputObject)]
pub struct SendAgreementInput {
    contract_id: ContractId,
    language: Language,
}

#[derive(cynic::QueryVariables)]
struct SendVariables {
    input: SendAgreementInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "SendVariables")]
struct SendAgreement {
    #[arguments(input: $input)]
    send_agreement: Sent,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "SendAgreementPayload")]
struct Sent {
    email: String,
}

/// Mails the agreement; gives the address.
pub async fn send_agreement(contract_id: ContractId, language: Language) -> Result<String, ApiError> {
    let input = SendAgreementInput { contract_id, language };
    Ok(api::send(SendAgreement::build(SendVariables { input }))
        .await?
        .send_agreement
        .email)
}

/// What is agreed to, and who agrees.
#[derive(cynic::InputObject, Clone)]
pub struct ConcludeAgreementInput {
    /// For which contract.
    pub contract_id: ContractId,
    /// That the person agrees.
    pub is_agreed: bool,
    /// In which language.
    pub language: Language,
    /// The SHA-256 of the PDF.
    pub sha256: String,
    /// Who signs.
    pub signer_name: String,
    /// As what.
    pub signer_role: String,
    /// Which version.
    pub text_id: AgreementTemplateId,
}

#[derive(cynic::QueryVariables)]
struct ConcludeVariables {
    input: ConcludeAgreementInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "ConcludeVariables")]
struct Conclude {
    #[arguments(input: $input)]
    #[allow(dead_code, reason = "what is selected must be named")]
    conclude_agreement: ConcludedPayload,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "ConcludeAgreementPayload")]
struct ConcludedPayload {
    #[allow(dead_code, reason = "what is selected must be named")]
    agreement: Stands,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "ContractAgreement")]
struct Stands {
    #[allow(dead_code, reason = "what is selected must be named")]
    is_concluded: bool,
}

/// Concludes an agreement.
pub async fn conclude(input: ConcludeAgreementInput) -> Result<(), ApiError> {
    api::send(Conclude::build(ConcludeVariables { input }))
        .await
        .map(|_| ())
}

//! Dokumente as the API offers them.
use super::{Attach, Filter, Listed, Target, attach, list, list_of_all, targets, withdraw};
use crate::{
    actor::RequestActor,
    entity::document,
    error::Result,
    page::{Connection, Page},
};
use async_graphql::{Context, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use shared::{
    account::Language,
    document::DocumentKind,
    id::{ContractId, DocumentId, FileId},
};

/// The queries of this subject.
#[derive(Debug, Default)]
pub struct DocumentQuery;

#[Object]
impl DocumentQuery {
    /// The documents of the account in view, newest first. Only who may manage contracts.
    async fn documents(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones; all if it is not given.")] filter: Option<DocumentFilter>,
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
    ) -> Result<Connection<Document>> {
        let page = Page::read(first, after)?;
        let filter = filter.unwrap_or_default().into();
        let (rows, total) = list(ctx.data_unchecked(), ctx.actor()?, &filter, &page).await?;
        Ok(connection(&page, rows, total, false))
    }

    /// The documents of all customers, newest first. Only for staff who manage customers.
    async fn customer_documents(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones; all if it is not given.")] filter: Option<DocumentFilter>,
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
    ) -> Result<Connection<Document>> {
        let page = Page::read(first, after)?;
        let filter = filter.unwrap_or_default().into();
        let (rows, total) = list_of_all(ctx.data_unchecked(), ctx.actor()?, &filter, &page).await?;
        Ok(connection(&page, rows, total, true))
    }

    /// The contracts of all customers that a document can be put to, newest first. Only for staff who manage customers.
    async fn document_contracts(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "A part of the contract's number, or of the customer's name or number; at most 100 characters."
        )]
        text: Option<String>,
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
    ) -> Result<Connection<DocumentContract>> {
        let page = Page::read(first, after)?;
        let (rows, total) = targets(ctx.data_unchecked(), ctx.actor()?, text.as_deref(), &page).await?;
        let rows = rows.into_iter().map(DocumentContract).collect();
        Ok(Connection::new(&page, rows, total, |row| row.0.contract.id))
    }
}

/// The mutations of this subject.
#[derive(Debug, Default)]
pub struct DocumentMutation;

#[Object]
impl DocumentMutation {
    /// Puts an uploaded file under a customer's documents and tells the customer by mail. Only for staff who manage
    /// customers.
    async fn attach_document(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What, and for which contract.")] input: AttachDocumentInput,
    ) -> Result<AttachDocumentPayload> {
        let new = Attach {
            contract: input.contract_id,
            kind: input.kind,
            title_de: input.title_german,
            title_en: input.title_english,
            file: input.file_id,
        };
        let row = attach(ctx.data_unchecked(), ctx.actor()?, new).await?;
        Ok(AttachDocumentPayload { document: row.into() })
    }

    /// Takes a document back: it stays in the customer's list with the reason, and is not handed out any more. Only for
    /// staff who manage customers. CONFLICT for agreements.
    async fn withdraw_document(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and why.")] input: WithdrawDocumentInput,
    ) -> Result<WithdrawDocumentPayload> {
        let row = withdraw(ctx.data_unchecked(), ctx.actor()?, input.id, &input.reason).await?;
        Ok(WithdrawDocumentPayload { document: row.into() })
    }
}

fn connection(page: &Page<DocumentId>, rows: Vec<Listed>, total: u64, is_staff: bool) -> Connection<Document> {
    let documents = rows.into_iter().map(|row| Document { listed: row, is_staff });
    Connection::new(page, documents.collect(), total, |document| document.listed.row.id)
}

/// Which documents; what is not given does not matter.
#[derive(Clone, Debug, Default, InputObject)]
pub struct DocumentFilter {
    /// What they are.
    pub kind: Option<DocumentKind>,
    /// Which contract they belong to.
    pub contract_id: Option<ContractId>,
    /// A part of the title or the file's name, for staff also of the customer's name or number; upper and lower case
    /// alike, at most 100 characters.
    pub text: Option<String>,
}

impl From<DocumentFilter> for Filter {
    fn from(filter: DocumentFilter) -> Self {
        Self {
            kind: filter.kind,
            contract: filter.contract_id,
            text: filter.text,
        }
    }
}

/// What `attachDocument` takes.
#[derive(InputObject)]
pub struct AttachDocumentInput {
    /// For which contract.
    pub contract_id: ContractId,
    /// A file that you uploaded by POST /files: PDF, PNG, JPEG, WebP, or text or CSV in UTF-8, at most 10 MiB.
    pub file_id: FileId,
    /// What it is; not `AGREEMENT`.
    pub kind: DocumentKind,
    /// What it is called in German, at most 120 characters.
    pub title_german: String,
    /// What it is called in English, at most 120 characters.
    pub title_english: String,
}

/// What `attachDocument` gives.
#[derive(SimpleObject)]
pub struct AttachDocumentPayload {
    /// The document.
    pub document: Document,
}

/// What `withdrawDocument` takes.
#[derive(InputObject)]
pub struct WithdrawDocumentInput {
    /// Which document.
    pub id: DocumentId,
    /// Why, as the customer reads it; at most 500 characters.
    pub reason: String,
}

/// What `withdrawDocument` gives.
#[derive(SimpleObject)]
pub struct WithdrawDocumentPayload {
    /// The document.
    pub document: Document,
}

/// A document of a customer.
#[derive(Clone, Debug)]
pub struct Document {
    listed: Listed,
    is_staff: bool,
}

/// As staff sees it.
impl From<document::Model> for Document {
    fn from(row: document::Model) -> Self {
        let listed = Listed {
            row,
            contract: None,
            account: None,
        };
        Self { listed, is_staff: true }
    }
}

/// A document of a customer.
#[Object]
impl Document {
    /// The number of its contract; null for what concerns the customer as a whole.
    async fn contract_number(&self) -> Option<&str> {
        self.listed.contract.as_ref().map(|contract| contract.number.as_str())
    }

    /// Its contract.
    async fn contract_id(&self) -> Option<ContractId> {
        self.listed.row.contract_id
    }

    /// When it was put there.
    async fn created_at(&self) -> DateTime<Utc> {
        self.listed.row.created_at
    }

    /// The customer's name; null for all but staff.
    async fn customer_name(&self) -> Option<&str> {
        self.listed.account.as_ref().map(|account| account.name.as_str())
    }

    /// The customer number; null for all but staff.
    async fn customer_number(&self) -> Option<&str> {
        self.listed.account.as_ref().map(|account| account.number.as_str())
    }

    /// What the file is called.
    async fn file_name(&self) -> &str {
        &self.listed.row.file_name
    }

    /// Names the document.
    async fn id(&self) -> DocumentId {
        self.listed.row.id
    }

    /// What it is.
    async fn kind(&self) -> DocumentKind {
        self.listed.row.kind
    }

    /// What the file is, by its content.
    async fn media_type(&self) -> &str {
        &self.listed.row.media_type
    }

    /// The path that it is fetched from, by GET; null for customers once it is withdrawn.
    async fn path(&self) -> Option<String> {
        let is_open = self.is_staff || self.listed.row.withdrawn_at.is_none();
        is_open.then(|| format!("/download/documents/{}", self.listed.row.id))
    }

    /// How large the file is, in bytes.
    async fn size(&self) -> i64 {
        self.listed.row.size
    }

    /// What it is called.
    async fn title(
        &self,
        #[graphql(desc = "In which language; German if it is not given.")] language: Option<Language>,
    ) -> &str {
        match language.unwrap_or_default() {
            Language::De => &self.listed.row.title_de,
            Language::En => &self.listed.row.title_en,
        }
    }

    /// Why it was withdrawn; null while it counts.
    async fn withdrawal_reason(&self) -> Option<&str> {
        self.listed.row.withdrawal_reason.as_deref()
    }

    /// When it was withdrawn; null while it counts.
    async fn withdrawn_at(&self) -> Option<DateTime<Utc>> {
        self.listed.row.withdrawn_at
    }
}

/// A contract that a document can be put to, as staff sees it.
#[derive(Clone, Debug)]
pub struct DocumentContract(Target);

/// A contract that a document can be put to, as staff sees it.
#[Object]
impl DocumentContract {
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

    /// Its number.
    async fn number(&self) -> &str {
        &self.0.contract.number
    }

    /// What its product is called.
    async fn product_name(
        &self,
        #[graphql(desc = "In which language; German if it is not given.")] language: Option<Language>,
    ) -> &str {
        match language.unwrap_or_default() {
            Language::De => &self.0.product.name_de,
            Language::En => &self.0.product.name_en,
        }
    }
}

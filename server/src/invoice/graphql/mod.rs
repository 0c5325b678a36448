//! Invoices as the API shows them.
pub mod desk;
pub mod detail;
pub mod history;
pub mod intake;
pub mod mail;
pub mod object;

use super::{
    list::{self, Cursor, Filter},
    sums,
};
use crate::{
    actor::RequestActor,
    app::App,
    error::Result,
    invoice::{self, history as past},
    money::Money,
    page::{Connection, Edge, Page, PageInfo},
};
use async_graphql::{ComplexObject, Context, InputObject, Object, SelectionField, SimpleObject};
use chrono::NaiveDate;
use history::InvoiceHistory;
use object::Invoice;
use shared::{
    account::Language,
    id::{ContractId, InvoiceId},
    invoice::{InvoiceKind, InvoiceOrder, InvoiceState},
    money::Amount,
};

/// Queries about invoices.
#[derive(Debug, Default)]
pub struct InvoiceQuery;

#[Object]
impl InvoiceQuery {
    /// An invoice of the account in view. Only who may see invoices.
    async fn invoice(&self, ctx: &Context<'_>, #[graphql(desc = "Which one.")] id: InvoiceId) -> Result<Invoice> {
        let app: &App = ctx.data_unchecked();
        Invoice::of(
            invoice::get(app, ctx.actor()?, id).await?,
            InvoiceOrder::default(),
            app.clock.today(),
        )
    }

    /// What was invoiced in this month and the eleven before it, oldest first, credit notes less: twelve sums for each
    /// currency that occurs. Only who may see invoices.
    async fn invoice_months(&self, ctx: &Context<'_>) -> Result<Vec<InvoiceMonth>> {
        let months = sums::months(ctx.data_unchecked(), ctx.actor()?).await?;
        let month = |month: sums::Month| InvoiceMonth {
            currency: month.currency,
            month: month.first_day,
            total: month.total,
        };
        Ok(months.into_iter().map(month).collect())
    }

    /// The contracts that invoices are about, by number. Only who may see invoices.
    async fn invoice_contracts(&self, ctx: &Context<'_>) -> Result<Vec<InvoiceContract>> {
        let found = list::contracts(ctx.data_unchecked(), ctx.actor()?).await?;
        Ok(found.into_iter().map(InvoiceContract::from).collect())
    }

    /// What became of an invoice of the account in view, as far as it is recorded, and which other ones it is about.
    /// Only who may see invoices.
    async fn invoice_history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: InvoiceId,
    ) -> Result<InvoiceHistory> {
        Ok(past::of(ctx.data_unchecked(), ctx.actor()?, id).await?.into())
    }

    /// The years that have invoices, newest first. Only who may see invoices.
    async fn invoice_years(&self, ctx: &Context<'_>) -> Result<Vec<InvoiceYear>> {
        let years = sums::years(ctx.data_unchecked(), ctx.actor()?).await?;
        Ok(years
            .into_iter()
            .map(|year| InvoiceYear {
                count: year.count,
                sums: money_of(year.sums),
                year: year.year,
            })
            .collect())
    }

    /// The invoices of the account in view. Only who may see invoices.
    async fn invoices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
        #[graphql(desc = "Which ones; all if it is not given.")] filter: Option<InvoiceFilter>,
        #[graphql(desc = "In which order; newest first if it is not given.")] order: Option<InvoiceOrder>,
    ) -> Result<InvoiceConnection> {
        let app: &App = ctx.data_unchecked();
        let actor = ctx.actor()?;
        let page: Page<Cursor> = Page::read(first, after)?;
        let filter = filter.unwrap_or_default().into();
        let order = order.unwrap_or_default();
        let asked = list::Asked {
            documents: selects_detail(ctx),
            rows: selects_rows(ctx),
            totals: selects_totals(ctx),
        };
        let listed = list::list(app, actor, &filter, order, &page, asked).await?;
        let today = app.clock.today();
        let rows: Result<Vec<_>> = listed
            .heads
            .into_iter()
            .map(|head| Invoice::of(head, order, today))
            .collect();
        let Connection {
            edges,
            nodes,
            page_info,
            total_count,
        } = Connection::new(&page, rows?, listed.total_count, Invoice::key);
        Ok(InvoiceConnection {
            edges,
            nodes,
            page_info,
            total_count,
            due_sums: money_of(listed.due_sums),
            sums: money_of(listed.sums),
        })
    }
}

fn money_of(sums: Vec<(String, Amount)>) -> Vec<Money> {
    sums.into_iter()
        .map(|(currency, amount)| Money { amount, currency })
        .collect()
}

/// The fields that a row of the list has without its document.
const OF_THE_ROW: [&str; 27] = [
    "__typename",
    "contractId",
    "currency",
    "dueAmount",
    "dueDate",
    "fileName",
    "fileSize",
    "grossTotal",
    "id",
    "issueDate",
    "kind",
    "mediaType",
    "netTotal",
    "number",
    "originalUrl",
    "paidOn",
    "paidTotal",
    "payable",
    "pdfUrl",
    "profile",
    "receivedAt",
    "sha256",
    "state",
    "syntax",
    "taxTotal",
    "typeCode",
    "xmlUrl",
];

/// Whether the query asks for more of the invoices of a list than a row has. Names of seller and buyer are in the row.
fn selects_detail(ctx: &Context<'_>) -> bool {
    let list = ctx.look_ahead();
    let nodes = [list.field("nodes"), list.field("edges").field("node")];
    nodes.iter().flat_map(|node| node.selection_fields()).any(|node| {
        node.selection_set()
            .any(|field: SelectionField<'_>| match field.name() {
                "buyer" | "seller" => field
                    .selection_set()
                    .any(|part| !matches!(part.name(), "name" | "__typename")),
                name => !OF_THE_ROW.contains(&name),
            })
    })
}

/// Whether the query asks for rows, or whether there are more of them.
fn selects_rows(ctx: &Context<'_>) -> bool {
    let list = ctx.look_ahead();
    let rows = ["nodes", "edges", "pageInfo"];
    rows.iter().any(|name| list.field(name).exists())
}

/// Whether the query asks what the whole list comes to.
fn selects_totals(ctx: &Context<'_>) -> bool {
    let list = ctx.look_ahead();
    let totals = ["totalCount", "sums", "dueSums"];
    totals.iter().any(|name| list.field(name).exists())
}

/// Which invoices; what is not given does not matter.
#[derive(Debug, Default, InputObject)]
pub struct InvoiceFilter {
    /// The contract that it is about.
    contract_id: Option<ContractId>,
    /// What it is.
    kind: Option<InvoiceKind>,
    /// Where it stands today.
    state: Option<InvoiceState>,
    /// A part of the number or of the seller's name, at most 100 characters.
    text: Option<String>,
    /// Whether it is about no contract that the portal knows.
    without_contract: Option<bool>,
    /// The year of the issue date.
    year: Option<i32>,
}

impl From<InvoiceFilter> for Filter {
    fn from(
        InvoiceFilter {
            contract_id,
            kind,
            state,
            text,
            without_contract,
            year,
        }: InvoiceFilter,
    ) -> Self {
        Self {
            year,
            kind,
            state,
            text,
            contract: contract_id,
            is_without_contract: without_contract.unwrap_or_default(),
        }
    }
}

/// A page of invoices.
#[derive(Debug, SimpleObject)]
pub struct InvoiceConnection {
    /// The rows with their cursors.
    edges: Vec<Edge<Invoice>>,
    /// The rows alone.
    nodes: Vec<Invoice>,
    /// Where this page stands in the list.
    page_info: PageInfo,
    /// How many invoices match.
    total_count: u64,
    /// What of all that match is still to be paid, a sum for each currency that something is due in.
    due_sums: Vec<Money>,
    /// The gross totals of all that match, credit notes less, a sum for each currency.
    sums: Vec<Money>,
}

/// What was invoiced in a year.
#[derive(Debug, SimpleObject)]
pub struct InvoiceYear {
    /// How many.
    count: i64,
    /// The gross totals, credit notes less, a sum for each currency.
    sums: Vec<Money>,
    /// The year of their issue dates.
    year: i32,
}

/// What was invoiced in a month.
#[derive(Debug, SimpleObject)]
pub struct InvoiceMonth {
    /// Three letters (ISO 4217).
    currency: String,
    /// The first day of the month.
    month: NaiveDate,
    /// The gross totals, credit notes less.
    total: Amount,
}

/// A contract that invoices are about.
#[derive(Debug, SimpleObject)]
#[graphql(complex)]
pub struct InvoiceContract {
    /// Names the contract.
    id: ContractId,
    /// Where or for what it is.
    label: Option<String>,
    /// The number of the contract.
    number: String,
    #[graphql(skip)]
    product_name_de: String,
    #[graphql(skip)]
    product_name_en: String,
}

#[ComplexObject]
impl InvoiceContract {
    /// What of the catalogue it is.
    async fn product_name(
        &self,
        #[graphql(desc = "In which language; German if it is not given.")] language: Option<Language>,
    ) -> &str {
        match language.unwrap_or_default() {
            Language::De => &self.product_name_de,
            Language::En => &self.product_name_en,
        }
    }
}

impl From<list::Billed> for InvoiceContract {
    fn from(list::Billed { contract, product }: list::Billed) -> Self {
        Self {
            id: contract.id,
            label: contract.label,
            number: contract.number,
            product_name_de: product.name_de,
            product_name_en: product.name_en,
        }
    }
}

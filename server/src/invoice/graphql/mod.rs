//! Invoices as the API shows them.
pub mod desk;
pub mod detail;
pub mod intake;
pub mod object;

use super::list::{self, Filter, Key};
use crate::{
    actor::RequestActor,
    app::App,
    error::Result,
    invoice,
    money::Money,
    page::{Connection, Edge, Page, PageInfo},
};
use async_graphql::{Context, InputObject, Object, SelectionField, SimpleObject};
use chrono::NaiveDate;
use object::Invoice;
use shared::{
    id::InvoiceId,
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
        Invoice::of(invoice::get(app, ctx.actor()?, id).await?, app.clock.today())
    }

    /// What was invoiced in this month and the eleven before it, oldest first, credit notes less: twelve sums for each
    /// currency that occurs. Only who may see invoices.
    async fn invoice_months(&self, ctx: &Context<'_>) -> Result<Vec<InvoiceMonth>> {
        let months = list::months(ctx.data_unchecked(), ctx.actor()?).await?;
        let month = |month: list::Month| InvoiceMonth {
            currency: month.currency,
            month: month.first_day,
            total: month.total,
        };
        Ok(months.into_iter().map(month).collect())
    }

    /// The years that have invoices, newest first. Only who may see invoices.
    async fn invoice_years(&self, ctx: &Context<'_>) -> Result<Vec<InvoiceYear>> {
        let years = list::years(ctx.data_unchecked(), ctx.actor()?).await?;
        Ok(years
            .into_iter()
            .map(|(year, count)| InvoiceYear { count, year })
            .collect())
    }

    /// The invoices of the account in view, by issue date. Only who may see invoices.
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
        let page: Page<Key> = Page::read(first, after)?;
        let filter = filter.unwrap_or_default().into();
        let listed = list::list(
            app,
            actor,
            &filter,
            order.unwrap_or_default(),
            &page,
            selects_detail(ctx),
        )
        .await?;
        let today = app.clock.today();
        let rows: Result<Vec<_>> = listed.heads.into_iter().map(|head| Invoice::of(head, today)).collect();
        let Connection {
            edges,
            nodes,
            page_info,
            total_count,
        } = Connection::new(&page, rows?, listed.total_count, Invoice::key);
        let sums = listed
            .sums
            .into_iter()
            .map(|(currency, amount)| Money { amount, currency })
            .collect();
        Ok(InvoiceConnection {
            edges,
            nodes,
            page_info,
            total_count,
            sums,
        })
    }
}

/// The fields that a row of the list has without its document.
const OF_THE_ROW: [&str; 25] = [
    "__typename",
    "currency",
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

/// Which invoices; what is not given does not matter.
#[derive(Debug, Default, InputObject)]
pub struct InvoiceFilter {
    /// What it is.
    kind: Option<InvoiceKind>,
    /// Where it stands today.
    state: Option<InvoiceState>,
    /// A part of the number or of the seller's name, at most 100 characters.
    text: Option<String>,
    /// The year of the issue date.
    year: Option<i32>,
}

impl From<InvoiceFilter> for Filter {
    fn from(
        InvoiceFilter {
            kind,
            state,
            text,
            year,
        }: InvoiceFilter,
    ) -> Self {
        Self {
            year,
            kind,
            state,
            text,
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
    /// The gross totals of all that match, credit notes less, a sum for each currency.
    sums: Vec<Money>,
}

/// How many invoices a year has.
#[derive(Debug, SimpleObject)]
pub struct InvoiceYear {
    /// How many.
    count: i64,
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

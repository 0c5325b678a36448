//! Customers, their import and their access as the API offers them to staff.
use super::{
    Author,
    customer_file::TypedCustomer,
    import::{self, ImportReport, RowReport},
    list::{self, CustomerFilter},
    wave::{self, CustomerSelection},
};
use crate::{
    actor::RequestActor,
    app::App,
    error::Result,
    file,
    page::{Connection, Page},
};
use async_graphql::{Context, InputObject, Object, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use shared::{
    account::{AccountKind, Language},
    customer::{CustomerColumn, CustomerProblem, CustomerState, CustomerVerdict},
    id::{AccountId, FileId, WaveId},
};

/// The most rows of a report that an answer carries: those to look at first.
const SHOWN_MAX: usize = 200;

/// The queries of this subject.
#[derive(Debug, Default)]
pub struct OfficeQuery;

#[Object]
impl OfficeQuery {
    /// The customers and dealers of the provider, by number. Only for staff with the right MANAGE_CUSTOMERS.
    async fn customers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which; all if it is not given.")] filter: Option<CustomerFilter>,
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
    ) -> Result<Connection<Customer>> {
        let page = Page::read(first, after)?;
        let filter = filter.unwrap_or_default();
        let (rows, total) = list::customers(ctx.data_unchecked(), ctx.actor()?, &filter, &page).await?;
        let rows = rows.into_iter().map(Customer).collect();
        Ok(Connection::new(&page, rows, total, |row| row.0.account.number.clone()))
    }

    /// How many customers stand where: all states, in their order. As with `customers`; the state of the filter does
    /// not count.
    async fn customer_counts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which; all if it is not given.")] filter: Option<CustomerFilter>,
    ) -> Result<Vec<CustomerCount>> {
        let counts = list::counts(ctx.data_unchecked(), ctx.actor()?, &filter.unwrap_or_default()).await?;
        Ok(counts.into_iter().map(CustomerCount::from).collect())
    }

    /// One customer. As with `customers`.
    async fn customer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which account.")] id: AccountId,
    ) -> Result<Customer> {
        Ok(Customer(list::customer(ctx.data_unchecked(), ctx.actor()?, id).await?))
    }

    /// The waves in which access was sent, newest first. As with `customers`.
    async fn waves(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
    ) -> Result<Connection<Wave>> {
        let page = Page::read(first, after)?;
        let (rows, total) = list::waves(ctx.data_unchecked(), ctx.actor()?, &page).await?;
        let rows = rows.into_iter().map(Wave).collect();
        Ok(Connection::new(&page, rows, total, |row| row.0.row.id))
    }

    /// How many of a selection `sendAccess` would reach. As with `customers`.
    async fn access_reach(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom.")] selection: CustomerSelection,
    ) -> Result<AccessReach> {
        let author = Author::Staff(ctx.actor()?);
        let reach = wave::reach(ctx.data_unchecked(), author, &selection).await?;
        Ok(AccessReach {
            mailed_count: reach.mailed,
            skipped_count: reach.skipped,
        })
    }

    /// What `importCustomers` would do with a file; nothing is changed. As with `customers`. The file is CSV with a
    /// header line in German or English: customer number, name, and if you like e-mail, street, postal code, city and
    /// language.
    async fn customer_import_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The file.")] input: ImportCustomersInput,
    ) -> Result<CustomerImport> {
        let (app, actor) = (ctx.data_unchecked::<App>(), ctx.actor()?);
        let author = Author::Staff(actor);
        author.check()?;
        let (_, bytes) = file::get(app, actor, input.file_id).await?;
        Ok(import::preview(app, author, bytes).await?.into())
    }
}

/// The mutations of this subject.
#[derive(Debug, Default)]
pub struct OfficeMutation;

#[Object]
impl OfficeMutation {
    /// Makes a customer: an account with an owner who signs in with the customer number and has no password yet. No
    /// mail is sent. If somebody signs in with the address already, the customer is made without it, and gets his
    /// access by letter. Only for staff with the right MANAGE_CUSTOMERS.
    async fn create_customer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is known of the customer.")] input: CreateCustomerInput,
    ) -> Result<CustomerPayload> {
        let typed = TypedCustomer {
            number: input.number,
            name: input.name,
            email: input.email.unwrap_or_default(),
            street: input.street.unwrap_or_default(),
            postal_code: input.postal_code.unwrap_or_default(),
            city: input.city.unwrap_or_default(),
            language: input.language.map(word).unwrap_or_default().to_owned(),
        };
        let customer = import::create(ctx.data_unchecked(), Author::Staff(ctx.actor()?), typed).await?;
        Ok(CustomerPayload {
            customer: Customer(customer),
        })
    }

    /// Changes what the provider knows of a customer. The address and the language are the customer's own once he has
    /// chosen a password. Links that were mailed to a former address are worth nothing from here on. As with
    /// `createCustomer`.
    async fn change_customer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom, and what to change; what is left out stays.")] input: ChangeCustomerInput,
    ) -> Result<CustomerPayload> {
        let typed = TypedCustomer {
            number: String::new(),
            name: input.name.unwrap_or_default(),
            email: input.email.unwrap_or_default(),
            street: input.street.unwrap_or_default(),
            postal_code: input.postal_code.unwrap_or_default(),
            city: input.city.unwrap_or_default(),
            language: input.language.map(word).unwrap_or_default().to_owned(),
        };
        let author = Author::Staff(ctx.actor()?);
        let customer = import::change(ctx.data_unchecked(), author, input.account_id, typed).await?;
        Ok(CustomerPayload {
            customer: Customer(customer),
        })
    }

    /// Makes and changes customers as a file says: its good rows are taken, the others are reported. Taking a file
    /// twice is the same as taking it once. As with `createCustomer`.
    async fn import_customers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The file.")] input: ImportCustomersInput,
    ) -> Result<ImportCustomersPayload> {
        let (app, actor) = (ctx.data_unchecked::<App>(), ctx.actor()?);
        let author = Author::Staff(actor);
        author.check()?;
        let (_, bytes) = file::get(app, actor, input.file_id).await?;
        Ok(ImportCustomersPayload {
            import: import::import(app, author, bytes).await?.into(),
        })
    }

    /// Mails all of a selection a link with which they choose a password; links that they got before are worth nothing
    /// from here on. Those who have an access or no address are left out. As with `createCustomer`.
    async fn send_access(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom, and what is announced.")] input: SendAccessInput,
    ) -> Result<SendAccessPayload> {
        let author = Author::Staff(ctx.actor()?);
        let row = wave::send(ctx.data_unchecked(), author, &input.selection, input.announced_from).await?;
        Ok(SendAccessPayload {
            wave_id: row.id,
            mailed_count: u64::try_from(row.mailed_count).unwrap_or_default(),
            skipped_count: u64::try_from(row.skipped_count).unwrap_or_default(),
        })
    }

    /// Mails one customer a new link; the one that he got before is worth nothing from here on. Refused with the
    /// reason `NO_ADDRESS` for a customer without an e-mail address. As with `createCustomer`.
    async fn resend_access(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom.")] input: ResendAccessInput,
    ) -> Result<CustomerPayload> {
        let author = Author::Staff(ctx.actor()?);
        let customer = wave::resend(ctx.data_unchecked(), author, input.account_id).await?;
        Ok(CustomerPayload {
            customer: Customer(customer),
        })
    }
}

/// A language as a file says it.
fn word(language: Language) -> &'static str {
    match language {
        Language::De => "de",
        Language::En => "en",
    }
}

/// A customer or dealer as staff sees him: who he is and whether he has come into the portal, nothing of what he has
/// in it.
#[derive(Clone)]
pub struct Customer(super::Customer);

/// A customer or dealer as staff sees him: who he is and whether he has come into the portal, nothing of what he has
/// in it.
#[Object]
impl Customer {
    /// Names the account.
    async fn account_id(&self) -> AccountId {
        self.0.account.id
    }

    /// Whether a customer or a dealer.
    async fn kind(&self) -> AccountKind {
        self.0.account.kind
    }

    /// The customer number.
    async fn number(&self) -> &str {
        &self.0.account.number
    }

    /// The name, as on a letter.
    async fn name(&self) -> &str {
        &self.0.account.name
    }

    /// The address with which the owner signs in whom the provider made; null for customers who came by themselves.
    async fn email(&self) -> Option<&str> {
        self.0.user.as_ref()?.email.as_deref()
    }

    /// The address that the provider has, but with which somebody else signs in already: this customer gets his access
    /// by letter.
    async fn unused_email(&self) -> Option<&str> {
        self.0.onboarding.as_ref()?.unused_email.as_deref()
    }

    /// Street and house number.
    async fn street(&self) -> Option<&str> {
        self.0.account.street.as_deref()
    }

    /// The postal code.
    async fn postal_code(&self) -> Option<&str> {
        self.0.account.postal_code.as_deref()
    }

    /// The city.
    async fn city(&self) -> Option<&str> {
        self.0.account.city.as_deref()
    }

    /// The language of the owner whom the provider made.
    async fn language(&self) -> Option<Language> {
        self.0.user.as_ref().map(|user| user.language)
    }

    /// How far the customer has come.
    async fn state(&self) -> CustomerState {
        self.0.state()
    }

    /// When the newest mail with the access was written.
    async fn mailed_at(&self) -> Option<DateTime<Utc>> {
        self.0.onboarding.as_ref()?.mailed_at
    }

    /// Why it came back, in the words of the server that refused it.
    async fn bounce_reason(&self) -> Option<&str> {
        self.0.bounce_reason()
    }

    /// When the account was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.account.created_at
    }
}

/// How many customers stand somewhere.
#[derive(Clone, SimpleObject)]
pub struct CustomerCount {
    /// Where.
    pub state: CustomerState,
    /// How many.
    pub count: u64,
}

impl From<(CustomerState, u64)> for CustomerCount {
    fn from((state, count): (CustomerState, u64)) -> Self {
        Self { state, count }
    }
}

/// A wave: access that was sent to many customers at once.
#[derive(Clone)]
pub struct Wave(list::Wave);

/// A wave: access that was sent to many customers at once.
#[Object]
impl Wave {
    /// Names the wave.
    async fn id(&self) -> WaveId {
        self.0.row.id
    }

    /// When it was sent.
    async fn sent_at(&self) -> DateTime<Utc> {
        self.0.row.created_at
    }

    /// Who sent it; null for the command line.
    async fn sent_by(&self) -> Option<&str> {
        self.0.by.as_deref()
    }

    /// From when the portal replaces what was before, as the mails say.
    async fn announced_from(&self) -> Option<NaiveDate> {
        self.0.row.announced_from
    }

    /// How many mails went out.
    async fn mailed_count(&self) -> i32 {
        self.0.row.mailed_count
    }

    /// How many were selected but have an access already, or no address.
    async fn skipped_count(&self) -> i32 {
        self.0.row.skipped_count
    }

    /// How many of those whose newest wave this is stand where: all states, in their order.
    async fn counts(&self) -> Vec<CustomerCount> {
        self.0.counts.iter().copied().map(CustomerCount::from).collect()
    }
}

/// How many of a selection get a mail.
#[derive(SimpleObject)]
pub struct AccessReach {
    /// How many.
    pub mailed_count: u64,
    /// How many are selected but have an access already, or no address.
    pub skipped_count: u64,
}

/// What an import does, or would do.
#[derive(Clone, SimpleObject)]
pub struct CustomerImport {
    /// How many customers are made.
    pub new_count: u64,
    /// How many change.
    pub changed_count: u64,
    /// How many are known and stay as they are.
    pub same_count: u64,
    /// How many rows are left out.
    pub refused_count: u64,
    /// At most 200 rows: first those with something to be known, then the others, in the order of the file.
    pub rows: Vec<CustomerImportRow>,
}

/// A row of a file of customers.
#[derive(Clone, SimpleObject)]
pub struct CustomerImportRow {
    /// Its line in the file, the header line being the first.
    pub line: u64,
    /// The customer number, as it stands there.
    pub number: String,
    /// The name, as it stands there.
    pub name: String,
    /// What is done with it.
    pub verdict: CustomerVerdict,
    /// In which column something is to be known.
    pub column: Option<CustomerColumn>,
    /// What is to be known.
    pub problem: Option<CustomerProblem>,
}

impl From<RowReport> for CustomerImportRow {
    fn from(row: RowReport) -> Self {
        let (column, problem) = row.problem.unzip();
        Self {
            line: row.line,
            number: row.number,
            name: row.name,
            verdict: row.verdict,
            column,
            problem,
        }
    }
}

impl From<ImportReport> for CustomerImport {
    fn from(report: ImportReport) -> Self {
        let count = |verdict| report.count(verdict) as u64;
        let (new, changed) = (count(CustomerVerdict::New), count(CustomerVerdict::Changed));
        let (same, refused) = (count(CustomerVerdict::Same), count(CustomerVerdict::Refused));
        let (noted, plain): (Vec<_>, Vec<_>) = report.rows.into_iter().partition(|row| row.problem.is_some());
        Self {
            new_count: new,
            changed_count: changed,
            same_count: same,
            refused_count: refused,
            rows: noted
                .into_iter()
                .chain(plain)
                .take(SHOWN_MAX)
                .map(CustomerImportRow::from)
                .collect(),
        }
    }
}

/// What `createCustomer` takes.
#[derive(InputObject)]
pub struct CreateCustomerInput {
    /// The customer number: up to 32 letters, digits, dots, dashes and underscores.
    pub number: String,
    /// The name, as on a letter. At most 100 characters, as with all that follows.
    pub name: String,
    /// The e-mail address.
    pub email: Option<String>,
    /// Street and house number.
    pub street: Option<String>,
    /// The postal code.
    pub postal_code: Option<String>,
    /// The city.
    pub city: Option<String>,
    /// The language of mails and letters; German if it is not given.
    pub language: Option<Language>,
}

/// What `changeCustomer` takes.
#[derive(InputObject)]
pub struct ChangeCustomerInput {
    /// The customer.
    pub account_id: AccountId,
    /// The name, as on a letter. At most 100 characters, as with all that follows.
    pub name: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// Street and house number.
    pub street: Option<String>,
    /// The postal code.
    pub postal_code: Option<String>,
    /// The city.
    pub city: Option<String>,
    /// The language of mails and letters.
    pub language: Option<Language>,
}

/// What `createCustomer`, `changeCustomer` and `resendAccess` give.
#[derive(SimpleObject)]
pub struct CustomerPayload {
    /// The customer as he is now.
    pub customer: Customer,
}

/// What `importCustomers` and `customerImportPreview` take.
#[derive(InputObject)]
pub struct ImportCustomersInput {
    /// The file, as `POST /files` named it.
    pub file_id: FileId,
}

/// What `importCustomers` gives.
#[derive(SimpleObject)]
pub struct ImportCustomersPayload {
    /// What was done.
    pub import: CustomerImport,
}

/// What `sendAccess` takes.
#[derive(InputObject)]
pub struct SendAccessInput {
    /// Whom.
    pub selection: CustomerSelection,
    /// From when the portal replaces what was before, if the mails shall say so; at most a year ahead. The links work
    /// at once.
    pub announced_from: Option<NaiveDate>,
}

/// What `sendAccess` gives.
#[derive(SimpleObject)]
pub struct SendAccessPayload {
    /// The wave.
    pub wave_id: WaveId,
    /// How many mails go out.
    pub mailed_count: u64,
    /// How many were selected but have an access already, or no address.
    pub skipped_count: u64,
}

/// What `resendAccess` takes.
#[derive(InputObject)]
pub struct ResendAccessInput {
    /// The customer.
    pub account_id: AccountId,
}

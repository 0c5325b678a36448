//! Customers, their import and their access as the API offers them to staff.
mod desk;
mod object;
mod recent;

use super::{
    Author,
    customer_file::TypedCustomer,
    import,
    list::{self, CustomerFilter},
    people,
    wave::{self, CustomerSelection},
};
use crate::{
    actor::RequestActor,
    app::App,
    error::Result,
    file,
    page::{Connection, Page},
};
use async_graphql::{Context, Object};
use shared::{account::Language, id::AccountId};

pub use desk::DeskQuery;
pub use object::{
    AccessReach, ChangeCustomerInput, CreateCustomerInput, Customer, CustomerCount, CustomerImport, CustomerImportRow,
    CustomerPayload, CustomerPerson, ImportCustomersInput, ImportCustomersPayload, ResendAccessInput, SendAccessInput,
    SendAccessPayload, Wave,
};
pub use recent::{CustomerRecent, RecentAgreement, RecentContract, RecentDocument, RecentInvoice, RecentOrder};

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
    async fn customer(&self, ctx: &Context<'_>, #[graphql(desc = "Which account.")] id: AccountId) -> Result<Customer> {
        Ok(Customer(list::customer(ctx.data_unchecked(), ctx.actor()?, id).await?))
    }

    /// The people who act in a customer's account, at most 100. As with `customers`.
    async fn customer_people(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which account.")] id: AccountId,
    ) -> Result<Vec<CustomerPerson>> {
        let people = people::people(ctx.data_unchecked(), ctx.actor()?, id).await?;
        Ok(people.into_iter().map(CustomerPerson::from).collect())
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
    /// chosen a password. Links that were mailed to a former address are worth nothing from here on. For a customer who
    /// has an access a reason is needed, which he reads in his log. As with `createCustomer`.
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
        let besides = import::Besides {
            kind: input.customer_kind,
            reason: input.reason,
        };
        let customer = import::change(ctx.data_unchecked(), author, input.account_id, typed, besides).await?;
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

//! What the API says of customers and waves, and what it takes.
use crate::office::{
    self,
    import::{ImportReport, RowReport},
    list,
    people::Person,
    wave::CustomerSelection,
};
use async_graphql::{InputObject, Object, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use shared::{
    account::{AccountKind, Language},
    customer::{CustomerColumn, CustomerProblem, CustomerState, CustomerVerdict},
    id::{AccountId, FileId, UserId, WaveId},
    term::CustomerKind,
};

/// The most rows of a report that an answer carries: those to look at first.
const SHOWN_MAX: usize = 200;

/// A customer or dealer as staff sees him: who he is and whether he has come into the portal, nothing of what he has
/// in it.
#[derive(Clone)]
pub struct Customer(pub(super) office::Customer);

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

    /// The address with which the owner signs in: whom the provider made or, of a customer who came by himself, who
    /// has been an owner longest.
    async fn email(&self) -> Option<&str> {
        match &self.0.user {
            Some(user) => user.email.as_deref(),
            None => self.0.own_email.as_deref(),
        }
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

    /// What the law takes the customer for: it decides which terms a product has for him.
    async fn customer_kind(&self) -> CustomerKind {
        self.0.account.customer_kind
    }

    /// When the account was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.account.created_at
    }
}

/// Somebody who acts in a customer's account.
#[derive(Clone, SimpleObject)]
pub struct CustomerPerson {
    /// Names the user.
    pub user_id: UserId,
    /// The name; null if it is not known.
    pub name: Option<String>,
    /// The confirmed e-mail address; null if there is none.
    pub email: Option<String>,
    /// Whether the person may do everything in the account.
    pub is_owner: bool,
    /// When the person last did something in the account; null if that is not known.
    pub last_seen_at: Option<DateTime<Utc>>,
    /// Whether the person signs in with a second factor, which `resetSecondFactor` takes off.
    pub has_second_factor: bool,
}

impl From<Person> for CustomerPerson {
    fn from(person: Person) -> Self {
        Self {
            user_id: person.user.id,
            name: person.user.name,
            email: person.user.email,
            is_owner: person.is_owner,
            last_seen_at: person.last_seen_at,
            has_second_factor: person.has_second_factor,
        }
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
pub struct Wave(pub(super) list::Wave);

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
    /// What the law takes the customer for: it decides which terms a product has for him.
    pub customer_kind: Option<CustomerKind>,
    /// Why; needed for a customer who has an access, and shown in his log. At most 500 characters.
    pub reason: Option<String>,
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

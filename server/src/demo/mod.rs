//! A portal to try: invented people, contracts, invoices and devices, made through the same doors as real ones.
pub mod administration;
mod customers;
pub mod devices;
pub mod invoices;

use crate::{
    access::{self, NewAssignment},
    account::{self, NewAccount},
    actor::{Actor, Credential, InView},
    app::App,
    entity::{assignment, mail, sign_in_name},
    invoice::{
        import::{Operator, Source, import},
        report::Outcome,
    },
    meter::{self, graphql::DeviceFilter, graphql::DeviceSelection},
    product::{self, NewContract, NewProduct},
    settings::Provider,
    user::{self, NewUser},
};
use anyhow::{Context, bail};
use chrono::{Datelike, Months, NaiveDate};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use shared::{
    account::{AccountKind, Language, Right, Rights},
    id::{AccountId, UserId},
    money::Amount,
    name::EmailAddress,
    product::{ContractState, PricePeriod},
};

/// The password of all invented people.
pub const PASSWORD: &str = "Demo-Haus-26";

/// The invented provider.
pub fn provider() -> Provider {
    Provider {
        name: "Lindwerk Netze GmbH".to_owned(),
        address: Some("Ruhrallee 12, 45138 Essen".to_owned()),
        phone: Some("0208 555 0100".to_owned()),
        hours: Some("Montag bis Freitag, 8 bis 18 Uhr".to_owned()),
        support_email: Some("service@lindwerk.example".to_owned()),
    }
}

/// An invented person with an account of his own.
struct Person {
    kind: AccountKind,
    number: &'static str,
    account: &'static str,
    street: &'static str,
    city: (&'static str, &'static str),
    name: &'static str,
    email: &'static str,
    rights: &'static [Right],
    /// What the list of sign-ins says.
    role: &'static str,
}

const OWNER: &[Right] = &[Right::Owner];

const BAKERY: &str = "104233";
const HOUSEHOLD: &str = "104871";
const MANAGER: &str = "105120";
const DEALER: &str = "200014";

const PEOPLE: [Person; 5] = [
    Person {
        kind: AccountKind::Customer,
        number: BAKERY,
        account: "Bäckerei Öztürk GmbH",
        street: "Markt 4",
        city: ("46045", "Oberhausen"),
        name: "Aylin Öztürk",
        email: "aylin@baeckerei-oeztuerk.example",
        rights: OWNER,
        role: "customer with contracts and invoices",
    },
    Person {
        kind: AccountKind::Customer,
        number: HOUSEHOLD,
        account: "Petra Schäfer",
        street: "Lindenhof 7",
        city: ("46047", "Oberhausen"),
        name: "Petra Schäfer",
        email: "p.schaefer@mieter.example",
        rights: OWNER,
        role: "customer, a household",
    },
    Person {
        kind: AccountKind::Customer,
        number: MANAGER,
        account: "Hausverwaltung Lange",
        street: "Hafenstraße 31",
        city: ("46049", "Oberhausen"),
        name: "Henrike Lange",
        email: "hv-lange@hausverwaltung-lange.example",
        rights: OWNER,
        role: "customer, a property manager",
    },
    Person {
        kind: AccountKind::Dealer,
        number: DEALER,
        account: "Haustechnik Brandt & Söhne KG",
        street: "Werkstraße 3",
        city: ("46117", "Oberhausen"),
        name: "Holger Brandt",
        email: "h.brandt@haustechnik-brandt.example",
        rights: OWNER,
        role: "dealer with smart meters",
    },
    Person {
        kind: AccountKind::Provider,
        number: "1",
        account: "Lindwerk Netze GmbH",
        street: "Hafenstraße 12",
        city: ("46049", "Oberhausen"),
        name: "Jonas Reimann",
        email: "j.reimann@lindwerk.example",
        rights: &[
            Right::HandleRequests,
            Right::ManageCustomers,
            Right::ManageInvoices,
            Right::Administer,
        ],
        role: "staff of the provider",
    },
];

/// What the start of a demo prints.
pub fn sign_ins(origin: &str) -> String {
    let mut text = format!("\n  Keyhaus demo: {origin}\n\n  Sign in with          as\n");
    for person in &PEOPLE {
        let name = if person.kind == AccountKind::Provider {
            person.email
        } else {
            person.number
        };
        text.push_str(&format!("  {name:<28}  {}\n", person.role));
    }
    text.push_str(&format!(
        "\n  Password of all: {PASSWORD}\n  Mails are shown at {origin}/demo/mails, the API at {origin}/playground/\n"
    ));
    text
}

/// Somebody invented, as he is in the database.
#[derive(Clone, Copy)]
struct Member {
    number: &'static str,
    user: UserId,
    account: AccountId,
}

/// Fills an empty database; a second start keeps what is there. What was begun and broken off is gone on with.
///
/// # Errors
/// If something of the demo is refused: a mistake of ours.
pub async fn seed(app: &App) -> anyhow::Result<()> {
    let people = people(app).await?;
    let of = |number: &str| {
        people
            .iter()
            .copied()
            .find(|member| member.number == number)
            .context("somebody invented")
    };
    let dealer = of(DEALER)?;
    if assignment::Entity::find()
        .filter(assignment::COLUMN.account_id.eq(dealer.account))
        .one(&app.db)
        .await?
        .is_some()
    {
        return Ok(());
    }
    import_invoices(app).await?;
    customers::prepare(app).await?;
    let in_view = InView {
        id: dealer.account,
        kind: AccountKind::Dealer,
        rights: Rights::of(OWNER),
        needs_second_factor: false,
    };
    let dealer = Actor {
        user: dealer.user,
        account: Some(in_view),
        authenticated_at: app.clock.now(),
        has_second_factor: false,
        credential: Credential::Session(Vec::new()),
        ip: None,
    };
    for file in devices::demo_devices()? {
        let password = devices::KEY_FILE_PASSWORD.to_owned();
        meter::import::import(app, &dealer, &file.name, file.bytes, password).await?;
    }
    hand_out(app, &dealer, of(HOUSEHOLD)?.account, of(MANAGER)?.account).await
}

/// The invented people with the catalogue, made at the first start.
async fn people(app: &App) -> anyhow::Result<Vec<Member>> {
    let mut members = Vec::new();
    for person in &PEOPLE {
        if let Some(account) = account::find_by_number(&app.db, person.number).await? {
            let name = sign_in_name::Entity::find_by_id(person.number)
                .one(&app.db)
                .await?
                .context("a sign-in name")?;
            members.push(Member {
                number: person.number,
                user: name.user_id,
                account: account.id,
            });
        }
    }
    if members.len() == PEOPLE.len() {
        return Ok(members);
    }
    let hash = app.hasher.hash(PASSWORD).await?;
    let tx = app.begin().await?;
    for person in &PEOPLE {
        members.push(add(&tx, app, person, &hash).await?);
    }
    let of = |number: &str| {
        members
            .iter()
            .find(|member| member.number == number)
            .context("somebody invented")
    };
    catalogue(&tx, app, of(BAKERY)?.account, of(HOUSEHOLD)?.account).await?;
    tx.commit().await?;
    Ok(members)
}

async fn add(tx: &sea_orm::DatabaseTransaction, app: &App, person: &Person, hash: &str) -> anyhow::Result<Member> {
    let new = NewAccount {
        kind: person.kind,
        number: person.number.to_owned(),
        name: person.account.to_owned(),
        street: Some(person.street.to_owned()),
        postal_code: Some(person.city.0.to_owned()),
        city: Some(person.city.1.to_owned()),
        vat_id: None,
    };
    let account = account::add(tx, app, new).await?;
    let new = NewUser {
        name: Some(person.name.to_owned()),
        email: Some(EmailAddress::parse(person.email)?),
        password_hash: Some(hash.to_owned()),
        language: Language::De,
        sign_in_names: vec![person.number.to_owned()],
    };
    let user = user::add(tx, app, new).await?;
    account::add_member(tx, app, account, user, Rights::of(person.rights)).await?;
    Ok(Member {
        number: person.number,
        user,
        account,
    })
}

/// An invented product: code, names, price in hundredths, period.
type Item = (&'static str, &'static str, &'static str, Option<i64>, PricePeriod);

const CATALOGUE: [Item; 6] = [
    (
        "NET-500",
        "Internet Business 500",
        "Internet Business 500",
        Some(24_900),
        PricePeriod::Month,
    ),
    (
        "HOST-PRO",
        "Hosting Pro",
        "Hosting Pro",
        Some(8_900),
        PricePeriod::Month,
    ),
    (
        "STROM-G",
        "Strom Gewerbe",
        "Business electricity",
        None,
        PricePeriod::Usage,
    ),
    ("MESS", "Messung", "Metering", Some(9_000), PricePeriod::Month),
    (
        "MAIL-ARCHIV",
        "Mail-Archiv",
        "Mail archive",
        Some(1_200),
        PricePeriod::Month,
    ),
    (
        "NET-100",
        "Internet Zuhause 100",
        "Internet Home 100",
        Some(3_990),
        PricePeriod::Month,
    ),
];

/// An invented contract: product, number, label, state, months since its start, months to its end, to the notice.
type Deal = (
    usize,
    &'static str,
    Option<&'static str>,
    ContractState,
    u32,
    Option<u32>,
    Option<u32>,
);

async fn catalogue(
    tx: &sea_orm::DatabaseTransaction,
    app: &App,
    bakery: AccountId,
    household: AccountId,
) -> anyhow::Result<()> {
    let mut products = Vec::new();
    for (code, name_de, name_en, price, price_period) in CATALOGUE {
        let new = NewProduct {
            code: code.to_owned(),
            name_de: name_de.to_owned(),
            name_en: name_en.to_owned(),
            description_de: None,
            description_en: None,
            price: price.map(Amount),
            currency: "EUR".to_owned(),
            price_period,
            ..NewProduct::default()
        };
        products.push(product::add_product(tx, app, new).await?);
    }
    let first = app.clock.today().with_day(1).context("a month has a first day")?;
    let month = |months: u32| {
        first
            .checked_add_months(Months::new(months))
            .and_then(|day| day.pred_opt())
    };
    let deals: [(AccountId, Deal); 6] = [
        (
            bakery,
            (
                0,
                "V-20411",
                Some("Markt 4, Oberhausen"),
                ContractState::Active,
                23,
                Some(4),
                Some(1),
            ),
        ),
        (
            bakery,
            (
                1,
                "V-20412",
                Some("baeckerei-oeztuerk.example"),
                ContractState::Active,
                31,
                None,
                None,
            ),
        ),
        (
            bakery,
            (
                2,
                "V-20413",
                Some("1 LGZ 0034 7711"),
                ContractState::Active,
                14,
                Some(11),
                Some(10),
            ),
        ),
        (bakery, (3, "V-20414", None, ContractState::Active, 14, None, None)),
        (
            bakery,
            (4, "V-20415", None, ContractState::Cancelled, 40, Some(2), None),
        ),
        (
            household,
            (
                5,
                "V-31877",
                Some("Lindenhof 7, Oberhausen"),
                ContractState::Active,
                8,
                Some(16),
                Some(15),
            ),
        ),
    ];
    for (account, (item, number, label, state, since, end, notice)) in deals {
        let (_, _, _, price, price_period) = CATALOGUE[item];
        let new = NewContract {
            account,
            product: products[item],
            number: number.to_owned(),
            label: label.map(str::to_owned),
            state,
            price: price.map(Amount),
            currency: "EUR".to_owned(),
            price_period,
            started_on: first.checked_sub_months(Months::new(since)).unwrap_or(first),
            ends_on: end.and_then(month),
            notice_by: notice.and_then(month),
            terms: None,
            details: Vec::new(),
            option_of: None,
        };
        product::add_contract(tx, app, new).await?;
    }
    Ok(())
}

/// Through the same import as real ones, each with the customer number in it.
async fn import_invoices(app: &App) -> anyhow::Result<()> {
    for made in invoices::demo_invoices(app.clock.today())? {
        let file_name = made.file_name.clone();
        let source = Source {
            file_name: made.file_name,
            bytes: made.bytes,
        };
        match import(app, Operator, source, None).await? {
            Outcome::Imported { .. } | Outcome::AlreadyThere { .. } => {}
            other => bail!("{file_name} of the demo was not imported: {other:?}"),
        }
    }
    Ok(())
}

/// Rights in each of their states: accepted, pending, and with an end.
async fn hand_out(app: &App, dealer: &Actor, household: AccountId, manager: AccountId) -> anyhow::Result<()> {
    let end = NaiveDate::from_ymd_opt(app.clock.today().year() + 1, 12, 31);
    let given = [
        ("p.schaefer@mieter.example", "7634870", end, Some(household)),
        ("hv-lange@hausverwaltung-lange.example", "7634872", None, Some(manager)),
        ("energie@stadtwerke-hamm.example", "7634873", end, None),
    ];
    for (email, serial_prefix, until, reader) in given {
        let filter = DeviceFilter {
            serial_prefix: Some(serial_prefix.to_owned()),
            ..DeviceFilter::default()
        };
        let selection = DeviceSelection {
            ids: None,
            filter: Some(filter),
            except: None,
        };
        let new = NewAssignment {
            selection,
            email: email.to_owned(),
            starts_on: None,
            until,
            verify_only: false,
            note: None,
        };
        access::assign(app, dealer, new).await?;
        if let Some(account) = reader {
            accept(app, email, account).await?;
        }
    }
    Ok(())
}

/// Follows the link in the last mail to an address.
async fn accept(app: &App, email: &str, account: AccountId) -> anyhow::Result<()> {
    let mail = mail::Entity::find()
        .filter(mail::COLUMN.recipient.eq(email))
        .order_by_desc(mail::Column::Id)
        .one(&app.db)
        .await?
        .context("a mail about read rights")?;
    let links = crate::mail::links(&mail.text);
    let token = links
        .iter()
        .find_map(|link| link.split_once('#'))
        .context("a link in the mail")?
        .1;
    let tx = app.begin().await?;
    let link = access::take_link(&tx, app, token).await?;
    access::accept(&tx, app, &link, account).await?;
    tx.commit().await?;
    Ok(())
}

//! A portal to try: invented people, contracts, invoices and devices, made through the same doors as real ones.
pub mod administration;
mod agreements;
mod contact;
mod customers;
pub mod devices;
mod documents;
mod intake;
pub mod invoices;
mod key_use;
mod orders;
mod payments;
mod products;
mod rights;
mod webhooks;

use crate::{
    account::{self, NewAccount},
    actor::{Actor, Credential, InView},
    app::App,
    dealer,
    entity::{assignment, mail, sign_in_name},
    invoice::{
        arrival,
        import::{Operator, Source, import},
        report::Outcome,
    },
    meter,
    settings::Provider,
    user::{self, NewUser},
};
use anyhow::{Context, bail};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use shared::{
    account::{AccountKind, Language, Right, Rights},
    id::{AccountId, UserId},
    name::EmailAddress,
    term::CustomerKind,
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
        hours_en: Some("Monday to Friday, 8 am to 6 pm".to_owned()),
        support_email: Some("service@lindwerk.example".to_owned()),
    }
}

/// An invented person with an account of his own.
struct Person {
    kind: AccountKind,
    /// What it is to the law, as a customer.
    customer: CustomerKind,
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
const OTHER_DEALER: &str = "200021";
const PROVIDER: &str = "1";

const PEOPLE: [Person; 6] = [
    Person {
        kind: AccountKind::Customer,
        customer: CustomerKind::LargeFirm,
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
        customer: CustomerKind::Consumer,
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
        customer: CustomerKind::SmallFirm,
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
        customer: CustomerKind::SmallFirm,
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
        kind: AccountKind::Dealer,
        customer: CustomerKind::SmallFirm,
        number: OTHER_DEALER,
        account: "Messdienst Ruhr GmbH",
        street: "Am Kanal 9",
        city: ("46117", "Oberhausen"),
        name: "Selin Acar",
        email: "s.acar@messdienst-ruhr.example",
        rights: OWNER,
        role: "another dealer, who has no devices yet",
    },
    Person {
        kind: AccountKind::Provider,
        customer: CustomerKind::LargeFirm,
        number: PROVIDER,
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

impl Member {
    /// The owner at work in the account; in the provider's, staff that administers.
    fn actor(self, app: &App, kind: AccountKind) -> Actor {
        Actor {
            user: self.user,
            account: Some(InView {
                id: self.account,
                kind,
                rights: match kind {
                    AccountKind::Provider => Rights::of(&[Right::Administer, Right::ManageInvoices]),
                    AccountKind::Customer | AccountKind::Dealer => Rights::of(OWNER),
                },
                needs_second_factor: false,
            }),
            authenticated_at: app.clock.now(),
            has_second_factor: false,
            credential: Credential::Session(Vec::new()),
            ip: None,
        }
    }
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
    // the mailbox of the demo shows what people do, not fourteen months of invoices
    arrival::skip(app).await?;
    payments::add(app).await?;
    customers::prepare(app).await?;
    let customer = of(BAKERY)?.actor(app, AccountKind::Customer);
    let staff = of(PROVIDER)?.actor(app, AccountKind::Provider);
    intake::add(app, &staff).await?;
    let endpoint = webhooks::add(app, &staff).await?;
    orders::add(app, &customer).await?;
    agreements::add(app, &customer).await?;
    documents::add(app, &customer).await?;
    contact::add(app, &of(MANAGER)?.actor(app, AccountKind::Customer)).await?;
    if let Some(endpoint) = endpoint {
        webhooks::finish(app, &staff, endpoint).await?;
    }
    let (holder, holder_actor) = (dealer, dealer.actor(app, AccountKind::Dealer));
    for file in devices::demo_devices()? {
        let password = devices::KEY_FILE_PASSWORD.to_owned();
        meter::import::import(app, &holder_actor, &file.name, file.bytes, password).await?;
    }
    for file in devices::demo_stock()? {
        let password = devices::KEY_FILE_PASSWORD.to_owned();
        meter::import::import(app, &staff, &file.name, file.bytes, password).await?;
    }
    let wish = dealer::NewRequest {
        company: "Lange Messdienst GmbH".to_owned(),
        customer_number: Some(MANAGER.to_owned()),
        message: Some("Es geht um die Zähler unserer Häuser, Auftrag A-2026-0466.".to_owned()),
    };
    dealer::request(app, &of(MANAGER)?.actor(app, AccountKind::Customer), wish).await?;
    rights::give(app, &holder_actor, of(HOUSEHOLD)?.account, of(MANAGER)?.account).await?;
    devices::prove(app, dealer.account).await?;
    key_use::add(app, holder, of(HOUSEHOLD)?, of(MANAGER)?).await
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
    products::add(&tx, app, of(BAKERY)?.account, of(HOUSEHOLD)?.account).await?;
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
    if person.kind == AccountKind::Customer {
        account::set_customer_kind(tx, account, person.customer).await?;
    }
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

/// The token of the link in the last mail to an address.
async fn token_to(app: &App, email: &str) -> anyhow::Result<String> {
    let mail = mail::Entity::find()
        .filter(mail::COLUMN.recipient.eq(email))
        .order_by_desc(mail::Column::Id)
        .one(&app.db)
        .await?
        .context("a mail to the address")?;
    let links = crate::mail::links(&mail.text);
    let (_, token) = links
        .iter()
        .find_map(|link| link.split_once('#'))
        .context("a link in the mail")?;
    Ok(token.to_owned())
}

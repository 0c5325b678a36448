//! An invented catalogue, and contracts of all kinds over it.
use crate::{
    app::App,
    product::{self, NewContract, NewProduct, dates::Terms},
};
use anyhow::Context;
use chrono::{Datelike, Days, Months, NaiveDate};
use sea_orm::DatabaseTransaction;
use shared::{
    id::{AccountId, ProductId},
    money::Amount,
    product::{ContractState, Detail, PricePeriod, ProductKind},
    term::{CustomerKind, NoticeTo, Renewal, TermLaw},
};

struct Item {
    code: &'static str,
    /// In German and in English.
    name: (&'static str, &'static str),
    about: (&'static str, &'static str),
    price: Option<i64>,
    setup: Option<i64>,
    kind: ProductKind,
    family: Option<&'static str>,
    law: TermLaw,
}

const PLAIN: Item = Item {
    code: "",
    name: ("", ""),
    about: ("", ""),
    price: None,
    setup: None,
    kind: ProductKind::Main,
    family: None,
    law: TermLaw::General,
};

const NET: Item = Item {
    family: Some("NET-BUSINESS"),
    law: TermLaw::Telecommunication,
    ..PLAIN
};

const HOME: Item = Item {
    family: Some("NET-HOME"),
    law: TermLaw::Telecommunication,
    ..PLAIN
};

const CATALOGUE: [Item; 10] = [
    Item {
        code: "NET-500",
        name: ("Internet Business 500", "Internet Business 500"),
        about: (
            "Glasfaser mit 500 Mbit/s im Download und 250 Mbit/s im Upload.",
            "Fibre with 500 Mbit/s down and 250 Mbit/s up.",
        ),
        price: Some(24_900),
        ..NET
    },
    Item {
        code: "HOST-PRO",
        name: ("Hosting Pro", "Hosting Pro"),
        about: (
            "Webseiten, Datenbanken und Postfächer auf Servern in Essen.",
            "Web sites, databases and mailboxes on servers in Essen.",
        ),
        price: Some(8_900),
        ..PLAIN
    },
    Item {
        code: "STROM-G",
        name: ("Strom Gewerbe", "Business electricity"),
        about: (
            "Strom aus Wasserkraft, abgerechnet nach Verbrauch.",
            "Electricity from water, billed by what you use.",
        ),
        ..PLAIN
    },
    Item {
        code: "MESS",
        name: ("Messung", "Metering"),
        about: ("Ablesung und Betrieb Ihrer Zähler.", "Reading and running your meters."),
        price: Some(9_000),
        ..PLAIN
    },
    Item {
        code: "MAIL-ARCHIV",
        name: ("Mail-Archiv", "Mail archive"),
        about: (
            "Alle Mails zehn Jahre lang unverändert aufbewahrt.",
            "All mails kept unchanged for ten years.",
        ),
        price: Some(1_200),
        ..PLAIN
    },
    Item {
        code: "NET-100",
        name: ("Internet Zuhause 100", "Internet Home 100"),
        about: ("Glasfaser mit 100 Mbit/s im Download.", "Fibre with 100 Mbit/s down."),
        price: Some(3_990),
        ..HOME
    },
    Item {
        code: "NET-1000",
        name: ("Internet Business 1000", "Internet Business 1000"),
        about: (
            "Glasfaser mit 1.000 Mbit/s im Download und 500 Mbit/s im Upload.",
            "Fibre with 1,000 Mbit/s down and 500 Mbit/s up.",
        ),
        price: Some(32_900),
        setup: Some(9_900),
        ..NET
    },
    Item {
        code: "NET-250",
        name: ("Internet Business 250", "Internet Business 250"),
        about: (
            "Glasfaser mit 250 Mbit/s im Download und 100 Mbit/s im Upload.",
            "Fibre with 250 Mbit/s down and 100 Mbit/s up.",
        ),
        price: Some(17_900),
        ..NET
    },
    Item {
        code: "NET-IP29",
        name: ("Feste IPv4-Adressen, Netz /29", "Fixed IPv4 addresses, network /29"),
        about: (
            "Acht öffentliche Adressen, fünf davon für Ihre Geräte.",
            "Eight public addresses, five of them for your devices.",
        ),
        price: Some(1_500),
        kind: ProductKind::Option,
        ..NET
    },
    Item {
        code: "NET-300",
        name: ("Internet Zuhause 300", "Internet Home 300"),
        about: ("Glasfaser mit 300 Mbit/s im Download.", "Fibre with 300 Mbit/s down."),
        price: Some(4_990),
        ..HOME
    },
];

/// An invented contract over an item of the catalogue.
struct Deal {
    item: usize,
    number: &'static str,
    label: Option<&'static str>,
    state: ContractState,
    /// Months since its start.
    since: u32,
    /// Months to its end, for what is cancelled or over.
    end: Option<i32>,
    terms: Option<Terms>,
    details: &'static [(&'static str, &'static str, &'static str)],
}

/// Adds the catalogue, a business's contracts and a household's.
pub(super) async fn add(
    tx: &DatabaseTransaction,
    app: &App,
    business: AccountId,
    household: AccountId,
) -> anyhow::Result<()> {
    let mut products = Vec::new();
    for item in &CATALOGUE {
        products.push(product::add_product(tx, app, new_product(item)?).await?);
    }
    let first = app.clock.today().with_day(1).context("a month has a first day")?;
    for (account, deal) in deals()?.into_iter().map(|deal| {
        (
            if deal.number == HOUSEHOLD_DEAL {
                household
            } else {
                business
            },
            deal,
        )
    }) {
        add_deal(tx, app, account, &products, deal, first).await?;
    }
    Ok(())
}

const HOUSEHOLD_DEAL: &str = "V-31877";

fn new_product(item: &Item) -> anyhow::Result<NewProduct> {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let period = if item.code == "STROM-G" {
        PricePeriod::Usage
    } else {
        PricePeriod::Month
    };
    Ok(NewProduct {
        code: item.code.to_owned(),
        name_de: item.name.0.to_owned(),
        name_en: item.name.1.to_owned(),
        description_de: some(item.about.0),
        description_en: some(item.about.1),
        price: item.price.map(Amount),
        price_period: period,
        setup_price: item.setup.map(Amount),
        kind: item.kind,
        family: item.family.map(str::to_owned),
        is_orderable: item.code != "MESS",
        law: item.law,
        terms: vec![
            (CustomerKind::Consumer, runs_on()?),
            (CustomerKind::SmallFirm, runs_on()?),
            (CustomerKind::LargeFirm, renews("P24M", "P3M")?),
        ],
        ..NewProduct::default()
    })
}

/// 24 months, then without an end, with a month's notice.
fn runs_on() -> anyhow::Result<Terms> {
    Ok(Terms {
        minimum: Some("P24M".parse()?),
        renewal: Renewal::Open,
        renewal_term: None,
        notice: "P1M".parse()?,
        open_notice: "P1M".parse()?,
        notice_to: NoticeTo::AnyDay,
    })
}

/// A first term, then year by year.
fn renews(minimum: &str, notice: &str) -> anyhow::Result<Terms> {
    Ok(Terms {
        minimum: Some(minimum.parse()?),
        renewal: Renewal::Term,
        renewal_term: Some("P12M".parse()?),
        notice: notice.parse()?,
        open_notice: notice.parse()?,
        notice_to: NoticeTo::AnyDay,
    })
}

fn deals() -> anyhow::Result<[Deal; 7]> {
    let deal = |item, number, label, state, since| Deal {
        item,
        number,
        label,
        state,
        since,
        end: None,
        terms: None,
        details: &[],
    };
    use ContractState::{Active, Cancelled, Ended};
    Ok([
        Deal {
            terms: Some(renews("P24M", "P3M")?), // notice ends with the month in which the demo is started
            details: &[
                ("Bandbreite", "Bandwidth", "500 / 250 Mbit/s"),
                ("Netz", "Network", "203.0.113.40/29"),
                ("Entstörung", "Repair", "8 h, Mo–Sa"),
            ],
            ..deal(0, "V-20411", Some("Markt 4, Oberhausen"), Active, 20)
        },
        Deal {
            terms: Some(renews("P12M", "P1M")?),
            ..deal(1, "V-20412", Some("baeckerei-oeztuerk.example"), Active, 31)
        },
        Deal {
            terms: Some(renews("P24M", "P1M")?),
            details: &[("Zähler", "Meter", "1 LGZ 0034 7711")],
            ..deal(2, "V-20413", Some("1 LGZ 0034 7711"), Active, 14)
        },
        Deal {
            terms: Some(Terms {
                minimum: None,
                ..runs_on()?
            }),
            ..deal(3, "V-20414", None, Active, 14)
        },
        Deal {
            end: Some(2),
            terms: Some(runs_on()?),
            ..deal(4, "V-20415", None, Cancelled, 40)
        },
        Deal {
            end: Some(-3),
            ..deal(7, "V-20421", None, Ended, 60)
        },
        Deal {
            terms: Some(runs_on()?),
            details: &[("Bandbreite", "Bandwidth", "100 / 40 Mbit/s")],
            ..deal(5, HOUSEHOLD_DEAL, Some("Lindenhof 7, Oberhausen"), Active, 8)
        },
    ])
}

async fn add_deal(
    tx: &DatabaseTransaction,
    app: &App,
    account: AccountId,
    products: &[ProductId],
    deal: Deal,
    first: NaiveDate,
) -> anyhow::Result<()> {
    let item = &CATALOGUE[deal.item];
    let end = |months: i32| {
        let far = Months::new(months.unsigned_abs());
        let day = if months < 0 {
            first.checked_sub_months(far)
        } else {
            first.checked_add_months(far)
        };
        day.and_then(|day| day.checked_sub_days(Days::new(1)))
    };
    let details = deal.details.iter().map(|(label_de, label_en, value)| Detail {
        label_de: (*label_de).to_owned(),
        label_en: (*label_en).to_owned(),
        value: (*value).to_owned(),
    });
    let new = NewContract {
        account,
        product: products[deal.item],
        number: deal.number.to_owned(),
        label: deal.label.map(str::to_owned),
        state: deal.state,
        price: item.price.map(Amount),
        currency: "EUR".to_owned(),
        price_period: new_product(item)?.price_period,
        started_on: first.checked_sub_months(Months::new(deal.since)).unwrap_or(first),
        ends_on: deal.end.and_then(end),
        notice_by: None,
        terms: deal.terms,
        details: details.collect(),
        option_of: None,
    };
    product::add_contract(tx, app, new).await?;
    Ok(())
}

//! Fourteen months of plausible invoices of the demo provider for three customers, counted back from a given day.
//!
//! They are real e-invoices that the importer reads like any others: XRechnung in UBL and CII, and hybrid PDFs. For the
//! 23rd of November 2026 the bakery's invoices are those of the design pictures, to the cent.

pub mod draft;
mod paper;

use chrono::{Datelike, Days, Months, NaiveDate};
use rust_decimal::Decimal;

use draft::{Buyer, Discount, Draft, Item};
pub use paper::pdf;

/// A bakery: internet, hosting, electricity, metering and water.
pub const BAKERY: Buyer = Buyer {
    number: "104233",
    name: "Bäckerei Öztürk GmbH",
    contact: Some("Buchhaltung"),
    street: "Markt 4",
    postcode: "46045",
    city: "Oberhausen",
    email: "a.oeztuerk@baeckerei-oeztuerk.example",
    reference: Some("KST 4400"),
    direct_debit: None,
};

/// A private household that pays by direct debit.
pub const HOUSEHOLD: Buyer = Buyer {
    number: "104871",
    name: "Petra Schäfer",
    contact: None,
    street: "Buchenweg 7",
    postcode: "46047",
    city: "Oberhausen",
    email: "petra.schaefer@post.example",
    reference: None,
    direct_debit: Some(("LN-104871-01", "DE02120300000000202051")),
};

/// A property management with meters in several houses.
pub const MANAGEMENT: Buyer = Buyer {
    number: "105120",
    name: "Hausverwaltung Lange",
    contact: Some("Nebenkosten"),
    street: "Marktstraße 88",
    postcode: "46045",
    city: "Oberhausen",
    email: "nebenkosten@hv-lange.example",
    reference: Some("VW-2210"),
    direct_debit: None,
};

/// A file to be imported, and whose it is.
#[derive(Clone, Debug)]
pub struct DemoInvoice {
    /// Customer number, also in the file as buyer identifier (BT-46).
    pub customer_number: &'static str,
    /// File name, from the invoice number.
    pub file_name: String,
    /// The e-invoice.
    pub bytes: Vec<u8>,
}

/// All demo invoices as of `today`, oldest first within each customer. The bakery's latest is due in nine days and the
/// one before is past due; what the other two owe is not yet due; everything earlier is paid.
///
/// # Errors
/// If a draft broke a rule of its profile, which a test rules out.
pub fn demo_invoices(today: NaiveDate) -> anyhow::Result<Vec<DemoInvoice>> {
    let mut invoices = Vec::new();
    for draft in bakery(today) {
        let file = if draft.number.ends_with(BAKERY_HYBRID) {
            pdf_file(&draft)?
        } else {
            xml_file(&draft, draft.to_ubl()?)
        };
        invoices.push(file);
    }
    for draft in household(today) {
        invoices.push(pdf_file(&draft)?);
    }
    for draft in management(today) {
        invoices.push(xml_file(&draft, draft.to_cii()?));
    }
    Ok(invoices)
}

fn xml_file(draft: &Draft, xml: String) -> DemoInvoice {
    DemoInvoice {
        customer_number: draft.buyer.number,
        file_name: format!("{}.xml", draft.number),
        bytes: xml.into_bytes(),
    }
}

fn pdf_file(draft: &Draft) -> anyhow::Result<DemoInvoice> {
    Ok(DemoInvoice {
        customer_number: draft.buyer.number,
        file_name: format!("{}.pdf", draft.number),
        bytes: draft.to_hybrid()?,
    })
}

/// How many months are invoiced.
const MONTHS: u32 = 14;

/// The bakery's months, latest first: day of issue, running number, electricity in kWh, water in m³, storage in GB. The
/// day of the first is not used: it is always five days ago.
const BAKERY_MONTHS: [(u32, u32, [i64; 3]); MONTHS as usize] = [
    (18, 4417, [1846, 31, 200]),
    (20, 4111, [1470, 31, 190]),
    (18, 3806, [1127, 27, 195]),
    (18, 3498, [934, 28, 190]),
    (17, 3187, [805, 39, 185]),
    (18, 2876, [874, 33, 180]),
    (18, 2570, [1039, 30, 175]),
    (17, 2263, [1233, 36, 175]),
    (18, 1949, [1712, 31, 165]),
    (18, 1322, [2046, 24, 160]),
    (20, 841, [2354, 23, 145]),
    (17, 5012, [2233, 25, 150]),
    (19, 4688, [2034, 32, 145]),
    (19, 4371, [1567, 25, 135]),
];

/// End of the number of the bakery's one hybrid invoice.
const BAKERY_HYBRID: &str = "-005012";

fn bakery(today: NaiveDate) -> Vec<Draft> {
    let latest = today - Days::new(5);
    let mut drafts = Vec::new();
    for (back, &(day, running, consumption)) in (0..MONTHS).zip(&BAKERY_MONTHS) {
        let month = first(latest) - Months::new(back);
        // Early enough in a short month that the second is past due when the first is five days old.
        let issued = if back == 0 {
            latest
        } else {
            month + Days::new(u64::from(day.min(last(month).day() - 10) - 1))
        };
        drafts.push(Draft {
            is_paid: back > 1,
            contract: Some("V-20411"),
            ..bakery_month(issued, running, consumption)
        });
        if running == CREDITED {
            drafts.push(Draft {
                contract: Some("V-20411"),
                ..bakery_credit(month + Months::new(1), issued)
            });
        }
    }
    drafts.sort_by_key(|draft| draft.issued);
    drafts
}

/// An invoice of the bakery: internet and hosting for the month of issue, consumption (kWh, m³, GB) for the month
/// before. Issued on 18 November 2026 with number 4417 and 1846, 31, 200 it is the invoice of the design pictures.
#[must_use]
pub fn bakery_month(issued: NaiveDate, running: u32, [electricity, water, storage]: [i64; 3]) -> Draft {
    let before = issued - Months::new(1);
    let (this_month, last_month) = (paper::month(issued), paper::month(before));
    let meter = |number: &str| Some(format!("{last_month}, Zähler {number}"));
    Draft {
        due: Some(issued + Days::new(14)),
        period: (first(before), last(issued)),
        items: vec![
            item(
                "Internet Business 500",
                (1, "MON"),
                Decimal::from(249),
                19,
                Some(this_month.clone()),
            ),
            item(
                "Feste IPv4-Adressen, Netz /29",
                (1, "MON"),
                Decimal::from(15),
                19,
                Some(this_month.clone()),
            ),
            item("Hosting Pro", (1, "MON"), Decimal::from(89), 19, Some(this_month)),
            item("Zusätzlicher Speicher", (storage, "E34"), cents(12), 19, None),
            item(
                "Strom Gewerbe, Arbeitspreis",
                (electricity, "KWH"),
                Decimal::new(3214, 4),
                19,
                meter("1 LGZ 0034 7711"),
            ),
            item("Strom Gewerbe, Grundpreis", (1, "MON"), cents(1850), 19, None),
            item("Messung", (12, "C62"), cents(750), 19, Some(last_month.clone())),
            item("Trinkwasser", (water, "MTQ"), cents(192), 7, meter("90000001")),
        ],
        discount: Some(Discount {
            reason: "Treuerabatt Internet, 5 %",
            base: Decimal::from(249),
            percent: Decimal::from(5),
        }),
        attachments: vec![(
            format!("Einzelnachweis {last_month}.csv"),
            "text/csv",
            "Einzelnachweis Strom je Tag",
            daily(before, electricity).into_bytes(),
        )],
        ..draft(format!("RE-{}-{running:06}", issued.year()), issued, BAKERY)
    }
}

/// Running number of the invoice that the credit note is for.
const CREDITED: u32 = 3498;

/// A credit note of the bakery over 48.00 for an outage, for its invoice with the running number 3498.
#[must_use]
pub fn bakery_credit(issued: NaiveDate, credited: NaiveDate) -> Draft {
    Draft {
        credits: Some((format!("RE-{}-{CREDITED:06}", credited.year()), credited)),
        note: Some("Für die Störung Ihres Anschlusses schreiben wir Ihnen gut:".to_owned()),
        items: vec![item(
            "Erstattung Störung Internet",
            (1, "C62"),
            cents(4034),
            19,
            Some(paper::month(credited)),
        )],
        ..draft(format!("GU-{}-000071", issued.year()), issued, BAKERY)
    }
}

fn household(today: NaiveDate) -> Vec<Draft> {
    let mut drafts = monthly(today, 14, |issued, back| Draft {
        contract: Some("V-31877"),
        ..household_month(issued, 4_398 - 310 * back)
    });
    let wrong = drafts.len().saturating_sub(CORRECTED);
    let correction = drafts.get(wrong).map(|wrong| Draft {
        contract: wrong.contract,
        ..household_correction(wrong)
    });
    if let Some(correction) = correction {
        drafts.insert(wrong + 1, correction);
    }
    drafts
}

/// The how-manieth last invoice of the household was corrected.
const CORRECTED: usize = 4;

/// A correction: the router had been sent back before the month began.
fn household_correction(wrong: &Draft) -> Draft {
    let issued = wrong.issued + Days::new(9);
    Draft {
        corrects: Some((wrong.number.clone(), wrong.issued)),
        note: Some("Der Router war schon zurückgegeben. Wir berichtigen unsere Rechnung:".to_owned()),
        items: vec![item(
            "Router zur Miete",
            (-1, "MON"),
            cents(419),
            19,
            Some(paper::month(wrong.issued)),
        )],
        ..draft(format!("KR-{}-000018", issued.year()), issued, HOUSEHOLD)
    }
}

fn management(today: NaiveDate) -> Vec<Draft> {
    monthly(today, 21, |issued, back| management_month(issued, 4_403 - 309 * back))
}

/// The latest months' drafts, issued on `day` of each month, oldest first; paid if the due date is past.
fn monthly(today: NaiveDate, day: u32, draft: impl Fn(NaiveDate, u32) -> Draft) -> Vec<Draft> {
    let latest = if today.day() >= day {
        first(today)
    } else {
        first(today) - Months::new(1)
    };
    let mut drafts: Vec<Draft> = (0..MONTHS)
        .map(|back| draft(latest - Months::new(back) + Days::new(u64::from(day - 1)), back))
        .map(|draft| Draft {
            is_paid: draft.due.is_some_and(|due| due < today),
            ..draft
        })
        .collect();
    drafts.reverse();
    drafts
}

/// An invoice of the household for the month of issue; every third month with water.
#[must_use]
pub fn household_month(issued: NaiveDate, running: u32) -> Draft {
    let month = paper::month(issued);
    let mut items = vec![
        item("Internet Privat 250", (1, "MON"), cents(3353), 19, Some(month.clone())),
        item("Router zur Miete", (1, "MON"), cents(419), 19, Some(month.clone())),
        item("Strom Haushalt, Abschlag", (1, "MON"), cents(7143), 19, Some(month)),
    ];
    if issued.month().is_multiple_of(3) {
        let from = paper::month(issued - Months::new(2));
        items.push(item(
            "Trinkwasser",
            (27, "MTQ"),
            cents(192),
            7,
            Some(format!("ab {from}, Zähler 90000417")),
        ));
    }
    Draft {
        due: Some(issued + Days::new(10)),
        period: (first(issued), last(issued)),
        items,
        ..draft(format!("RE-{}-{running:06}", issued.year()), issued, HOUSEHOLD)
    }
}

/// An invoice of the property management: heat and water of the month before, reading of the meters; in May an
/// inverter at the zero rate.
#[must_use]
pub fn management_month(issued: NaiveDate, running: u32) -> Draft {
    let before = issued - Months::new(1);
    let last_month = paper::month(before);
    // More heat in winter: the months' distance from July.
    let cold = i64::from(before.month().abs_diff(7));
    let mut items = vec![
        item(
            "Fernwärme, Arbeitspreis",
            (1_450 + 2_310 * cold, "KWH"),
            Decimal::new(1187, 4),
            19,
            Some(format!("{last_month}, Lindenstraße 3")),
        ),
        item(
            "Fernwärme, Grundpreis",
            (1, "MON"),
            cents(14280),
            19,
            Some(last_month.clone()),
        ),
        item(
            "Trinkwasser",
            (214 - 6 * cold, "MTQ"),
            cents(192),
            7,
            Some(format!("{last_month}, Lindenstraße 3")),
        ),
        item("Zählerfernauslesung", (48, "C62"), cents(135), 19, Some(last_month)),
    ];
    if issued.month() == 5 {
        items.push(item(
            "Wechselrichter Photovoltaik",
            (1, "C62"),
            Decimal::from(1_640),
            0,
            Some("§ 12 Abs. 3 UStG".to_owned()),
        ));
    }
    Draft {
        due: Some(issued + Days::new(21)),
        period: (first(before), last(before)),
        items,
        ..draft(format!("RE-{}-{running:06}", issued.year()), issued, MANAGEMENT)
    }
}

/// An empty invoice for the month of issue.
fn draft(number: String, issued: NaiveDate, buyer: Buyer) -> Draft {
    Draft {
        number,
        credits: None,
        corrects: None,
        contract: None,
        issued,
        due: None,
        period: (first(issued), last(issued)),
        buyer,
        items: Vec::new(),
        discount: None,
        is_paid: false,
        note: None,
        attachments: Vec::new(),
    }
}

/// An item: name, quantity and unit, price, VAT rate in per cent, description.
fn item(
    name: &'static str,
    (quantity, unit): (i64, &'static str),
    price: Decimal,
    vat_rate: u8,
    description: Option<String>,
) -> Item {
    Item {
        name,
        description,
        quantity: quantity.into(),
        unit,
        price,
        vat_rate,
    }
}

fn cents(amount: i64) -> Decimal {
    Decimal::new(amount, 2)
}

/// A table of the month's days whose amounts add up to `total` kWh.
fn daily(month: NaiveDate, total: i64) -> String {
    let days = i64::from(last(month).day());
    let rows = (0..days).map(|day| {
        let amount = total * (day + 1) / days - total * day / days;
        format!("{:02}.{:02}.{};{amount}\r\n", day + 1, month.month(), month.year())
    });
    format!("Tag;kWh\r\n{}", rows.collect::<String>())
}

/// First day of the month.
fn first(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// Last day of the month.
fn last(day: NaiveDate) -> NaiveDate {
    (first(day) + Months::new(1)).pred_opt().unwrap_or(day)
}

//! What mails say of orders: the whole content, so that the mail is the receipt.
use super::{Around, price::with_tax};
use crate::{app::App, entity::order};
use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use shared::{
    account::Language,
    money::Amount,
    order::{OrderKind, OrderSource, OrderState},
    product::PricePeriod,
    tax::TaxRate,
};

/// What happened to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Occasion {
    /// It arrived.
    Placed,
    /// The customer took it back.
    Withdrawn,
    /// Staff decided.
    Decided,
    /// Its day has come.
    InEffect,
}

/// A mail about an order.
#[derive(Clone, Debug)]
pub struct Letter {
    occasion: Occasion,
    order: order::Model,
    /// German and English name of the product.
    product: Option<(String, String)>,
    /// What the product is, in both languages.
    features: (Option<String>, Option<String>),
    contract: Option<String>,
    declaration: Option<crate::entity::declaration::Model>,
    received: DateTime<Tz>,
    page: String,
}

impl Letter {
    pub(super) fn new(app: &App, row: &order::Model, around: &Around, occasion: Occasion) -> Self {
        let product = around.product.as_ref();
        Self {
            occasion,
            order: row.clone(),
            product: product.map(|product| (product.name_de.clone(), product.name_en.clone())),
            features: product.map_or((None, None), |product| {
                (product.description_de.clone(), product.description_en.clone())
            }),
            contract: around.contract.as_ref().map(|contract| contract.number.clone()),
            declaration: around.declaration.clone(),
            received: row.placed_at.with_timezone(&app.settings.time_zone),
            page: format!("{}/orders/{}", app.settings.origin, row.id),
        }
    }

    /// Subject, first sentence and facts, for a sheet of paper.
    pub(super) fn page(&self, language: Language) -> (String, String, Vec<(String, String)>) {
        let (subject, _) = self.words(language);
        let facts = self.content(language);
        let facts = facts.lines().filter_map(|line| line.split_once(": "));
        let opening = match language {
            Language::De => {
                "Diese Erklärung ist bei uns eingegangen. Dieses Blatt bestätigt Inhalt, Datum und Uhrzeit des Eingangs."
            }
            Language::En => {
                "We have received this declaration. This sheet confirms its content, and date and time of receipt."
            }
        };
        let facts = facts.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        (subject, opening.to_owned(), facts)
    }

    /// Subject and text.
    pub(crate) fn words(&self, language: Language) -> (String, String) {
        let say = |german: &str, english: &str| match language {
            Language::De => german.to_owned(),
            Language::En => english.to_owned(),
        };
        let number = &self.order.number;
        let what = match (self.order.kind, language) {
            (OrderKind::Cancellation, Language::De) => "Kündigung",
            (OrderKind::Cancellation, Language::En) => "cancellation",
            (OrderKind::Revocation, Language::De) => "Widerruf",
            (OrderKind::Revocation, Language::En) => "withdrawal from the contract",
            (_, Language::De) => "Bestellung",
            (_, Language::En) => "order",
        };
        let (subject, first) = match (self.occasion, self.order.state) {
            (Occasion::Placed, _) => (
                say(
                    &format!("Eingangsbestätigung: {what} {number}"),
                    &format!("Received: {what} {number}"),
                ),
                say(
                    &format!(
                        "dies ist bei uns eingegangen ({what}). Diese E-Mail bestätigt Inhalt, Datum und Uhrzeit des Eingangs; über die Entscheidung bekommen Sie eine weitere."
                    ),
                    &format!(
                        "we have received this ({what}). This mail confirms content, date and time of receipt; you get another one about the decision."
                    ),
                ),
            ),
            (Occasion::Withdrawn, _) => (
                say(
                    &format!("Zurückgenommen: {what} {number}"),
                    &format!("Taken back: {what} {number}"),
                ),
                say(
                    "dies wurde zurückgenommen. Es bleibt alles, wie es ist.",
                    "this was taken back. Everything stays as it is.",
                ),
            ),
            (Occasion::Decided, OrderState::Rejected) => (
                say(
                    &format!("Abgelehnt: {what} {number}"),
                    &format!("Declined: {what} {number}"),
                ),
                say(
                    "dies konnten wir nicht annehmen. Es bleibt alles, wie es ist.",
                    "we could not accept this. Everything stays as it is.",
                ),
            ),
            (Occasion::Decided, _) => (
                say(
                    &format!("Bestätigt: {what} {number}"),
                    &format!("Confirmed: {what} {number}"),
                ),
                say("dies bestätigen wir.", "we confirm this."),
            ),
            (Occasion::InEffect, _) => (
                say(
                    &format!("Ausgeführt: {what} {number}"),
                    &format!("Done: {what} {number}"),
                ),
                say("dies ist jetzt ausgeführt.", "this is done now."),
            ),
        };
        let mut text = format!("{first}\n\n{}", self.content(language));
        if self.order.source != OrderSource::LegalButton {
            text.push_str(&format!("\n{}\n", self.page));
        }
        (subject, text)
    }

    /// What was asked for, a line each.
    fn content(&self, language: Language) -> String {
        let order = &self.order;
        let is_german = language == Language::De;
        let mut lines = String::new();
        let mut line = |german: &str, english: &str, value: Option<String>| {
            if let Some(value) = value {
                let label = if is_german { german } else { english };
                lines.push_str(&format!("{label}: {}\n", one_line(&value)));
            }
        };
        let received = if is_german {
            self.received.format("%d.%m.%Y um %H:%M:%S Uhr (%Z)")
        } else {
            self.received.format("%-d %B %Y at %H:%M:%S (%Z)")
        };
        line("Vorgang", "Reference", Some(order.number.clone()));
        line("Eingegangen am", "Received on", Some(received.to_string()));
        line("Art", "Kind", Some(kind(order, language).to_owned()));
        let own = self.declaration.as_ref();
        line("Name", "Name", own.map(|own| own.name.clone()));
        line(
            "Kundennummer oder Ähnliches",
            "Customer number or the like",
            own.map(|own| own.identification.clone()),
        );
        line("E-Mail", "E-mail", own.map(|own| own.email.clone()));
        line("Vertrag", "Contract", own.map(|own| own.contract.clone()));
        let wished = own.map(|own| {
            own.wished_on.map_or_else(
                || {
                    if is_german {
                        "so bald wie möglich"
                    } else {
                        "as soon as possible"
                    }
                    .to_owned()
                },
                |wished| day(language, wished),
            )
        });
        line(
            "Gewünschtes Ende",
            "Wished end",
            wished.filter(|_| order.kind == OrderKind::Cancellation),
        );
        // who declares without signing in reads what he typed and nothing that the portal knows
        if own.is_none() || self.occasion != Occasion::Placed {
            let name = self
                .product
                .as_ref()
                .map(|(german, english)| if is_german { german } else { english });
            line("Produkt", "Product", name.cloned());
            let features = if is_german { &self.features.0 } else { &self.features.1 };
            line(
                "Merkmale",
                "Features",
                features.clone().filter(|_| order.kind.is_paid()),
            );
            line("Vertragsnummer", "Contract number", self.contract.clone());
            line("Wofür", "For", order.label.clone());
            let was = price(language, order.price_before, order.period_before, order);
            line("Preis bisher", "Price before", was.filter(|_| order.kind.is_paid()));
            let german = if order.kind == OrderKind::Option {
                "Preis der Option"
            } else {
                "Preis"
            };
            let english = if order.kind == OrderKind::Option {
                "Price of the option"
            } else {
                "Price"
            };
            line(
                german,
                english,
                price(language, order.price_after, order.period_after, order),
            );
            let once = order
                .setup_price
                .map(|setup| amount(language, setup, &order.currency, order.tax_rate));
            line("Einmalig", "Once", once);
            let (german, english) = if order.kind.is_paid() {
                ("Ab", "From")
            } else {
                ("Letzter Tag", "Last day")
            };
            line(german, english, order.effective_on.map(|on| day(language, on)));
        }
        line("Grund", "Reason", order.reason.clone());
        line("Unsere Begründung", "Our reason", order.decision_reason.clone());
        lines
    }
}

fn kind(order: &order::Model, language: Language) -> &'static str {
    match (order.kind, order.is_extraordinary, language) {
        (OrderKind::NewProduct, _, Language::De) => "Weiteres Produkt",
        (OrderKind::NewProduct, _, Language::En) => "Further product",
        (OrderKind::Option, _, Language::De) => "Option",
        (OrderKind::Option, _, Language::En) => "Option",
        (OrderKind::Change, _, Language::De) => "Produktwechsel",
        (OrderKind::Change, _, Language::En) => "Change of product",
        (OrderKind::Cancellation, false, Language::De) => "Ordentliche Kündigung",
        (OrderKind::Cancellation, false, Language::En) => "Ordinary cancellation",
        (OrderKind::Cancellation, true, Language::De) => "Außerordentliche Kündigung",
        (OrderKind::Cancellation, true, Language::En) => "Cancellation for cause",
        (OrderKind::Revocation, _, Language::De) => "Widerruf des Vertrags",
        (OrderKind::Revocation, _, Language::En) => "Withdrawal from the contract",
    }
}

fn price(language: Language, net: Option<Amount>, period: Option<PricePeriod>, order: &order::Model) -> Option<String> {
    let per = match (period?, language) {
        (PricePeriod::Month, Language::De) => "im Monat",
        (PricePeriod::Month, Language::En) => "a month",
        (PricePeriod::Year, Language::De) => "im Jahr",
        (PricePeriod::Year, Language::En) => "a year",
        (PricePeriod::Usage, Language::De) => "nach Verbrauch",
        (PricePeriod::Usage, Language::En) => "by consumption",
    };
    Some(match (net, language) {
        (Some(net), _) => format!("{} {per}", amount(language, net, &order.currency, order.tax_rate)),
        (None, Language::De) => "nach Preisliste".to_owned(),
        (None, Language::En) => "by price list".to_owned(),
    })
}

/// Net, and what is paid in the end where the rate is known.
fn amount(language: Language, net: Amount, currency: &str, rate: Option<TaxRate>) -> String {
    let write = |amount: Amount| match language {
        Language::De => format!("{} {currency}", amount.to_string().replace('.', ",")),
        Language::En => format!("{currency} {amount}"),
    };
    let Some(rate) = rate else { return write(net) };
    let gross = with_tax(net, rate).map(write).unwrap_or_default();
    match language {
        Language::De => {
            let rate = rate.to_string().replace('.', ",");
            format!("{} netto, {gross} mit {rate} % Umsatzsteuer", write(net))
        }
        Language::En => format!("{} net, {gross} with {rate}% value added tax", write(net)),
    }
}

fn day(language: Language, day: NaiveDate) -> String {
    let form = match language {
        Language::De => "%d.%m.%Y",
        Language::En => "%-d %B %Y",
    };
    day.format(form).to_string()
}

/// What somebody typed cannot add lines to a mail that look like ours.
fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_control() || c.is_whitespace());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

//! Numbers, money and dates as people write them, by the browser's own `Intl`.
use crate::{
    api::{Day, Instant, Money},
    i18n::Locale,
};
use js_sys::{Array, Date, Function, Object, Reflect};
use leptos::prelude::*;
use shared::{account::Language, money::Amount};
use std::cell::{Cell, RefCell};
use wasm_bindgen::{JsCast, JsValue};

pub use crate::i18n::Words;

const LANGUAGE_KEY: &str = "keyhaus-language";

/// The language that a locale stands for on the wire.
pub fn language_of(locale: Locale) -> Language {
    match locale {
        Locale::de => Language::De,
        Locale::en => Language::En,
    }
}

/// The locale of a language.
fn locale_of(language: Language) -> Locale {
    match language {
        Language::De => Locale::de,
        Language::En => Locale::en,
    }
}

thread_local! {
    // Without storage (private windows) a choice lasts as long as the page.
    static CHOSEN: Cell<Option<Locale>> = const { Cell::new(None) };
}

/// The language that somebody chose on this browser, if there is one.
fn chosen() -> Option<Locale> {
    CHOSEN.get().or_else(stored)
}

fn stored() -> Option<Locale> {
    match storage()?.get_item(LANGUAGE_KEY).ok()??.as_str() {
        "de" => Some(Locale::de),
        "en" => Some(Locale::en),
        _ => None,
    }
}

/// The language to begin with: the chosen one, else the first of the browser's that there are words for, else
/// German.
pub fn first() -> Locale {
    chosen().unwrap_or_else(|| {
        let wanted = window().navigator().languages();
        wanted
            .iter()
            .filter_map(|tag| tag.as_string())
            .find_map(|tag| of_tag(&tag))
            .unwrap_or(Locale::de)
    })
}

/// The locale of a language tag such as `en-US` (RFC 5646).
fn of_tag(tag: &str) -> Option<Locale> {
    match tag.split('-').next()?.to_ascii_lowercase().as_str() {
        "de" => Some(Locale::de),
        "en" => Some(Locale::en),
        _ => None,
    }
}

/// Shows the app in a language from now on, and on the next visit.
pub fn choose(words: Words, locale: Locale) {
    CHOSEN.set(Some(locale));
    if let Some(storage) = storage() {
        // Where storage is full, the choice lasts as long as the page.
        storage.set_item(LANGUAGE_KEY, tag(locale)).ok();
    }
    words.set_locale(locale);
}

/// Shows the app in the language that the viewer has chosen elsewhere, unless one was chosen on this browser.
pub fn follow_viewer(words: Words, language: Language) {
    if chosen().is_none() {
        words.set_locale(locale_of(language));
    }
}

/// Shows times in a zone from now on; in the browser's own where the browser does not know it.
pub fn follow_zone(zone: &str) {
    let known = zone_options(zone).and_then(|options| construct("DateTimeFormat", Locale::de, &options));
    let zone = known.ok().map(|_| zone.to_owned());
    if ZONE.replace(zone.clone()) != zone {
        FORMATS.with_borrow_mut(|all| all.retain(|(_, kind, _)| *kind != Kind::Time(Shape::Stamp)));
    }
}

fn zone_options(zone: &str) -> Result<Object, JsValue> {
    let options = Object::new();
    Reflect::set(&options, &"timeZone".into(), &zone.into())?;
    Ok(options)
}

/// The zones that the browser knows, by their names in the IANA database; none in browsers that do not tell.
pub fn zones() -> Vec<String> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into());
    let tell = intl.and_then(|intl| Reflect::get(&intl, &"supportedValuesOf".into())?.dyn_into::<Function>());
    let names = tell.and_then(|tell| tell.call1(&JsValue::UNDEFINED, &"timeZone".into())?.dyn_into::<Array>());
    names.map_or_else(
        |_| Vec::new(),
        |names| names.iter().filter_map(|name| name.as_string()).collect(),
    )
}

/// What the browser keeps for this origin; nothing where it is forbidden.
pub fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// The tag of the words: `de` or `en`.
pub fn tag(locale: Locale) -> &'static str {
    match locale {
        Locale::de => "de",
        Locale::en => "en",
    }
}

/// The tag of the formats: English words go with British dates.
fn format_tag(locale: Locale) -> &'static str {
    match locale {
        Locale::de => "de-DE",
        Locale::en => "en-GB",
    }
}

/// How a day or a time is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Lists,
    Text,
    TextWithYear,
    Month,
    MonthWithYear,
    Stamp,
    Clock,
    ShortDay,
}

impl Shape {
    fn options(self, locale: Locale) -> &'static [(&'static str, &'static str)] {
        match (self, locale) {
            (Self::Lists, Locale::de) => &[("day", "2-digit"), ("month", "2-digit"), ("year", "numeric")],
            (Self::Lists, Locale::en) => &[("day", "numeric"), ("month", "short"), ("year", "numeric")],
            (Self::Text, _) => &[("day", "numeric"), ("month", "long")],
            (Self::TextWithYear, _) => &[("day", "numeric"), ("month", "long"), ("year", "numeric")],
            (Self::Month, _) => &[("month", "short")],
            (Self::MonthWithYear, _) => &[("month", "long"), ("year", "numeric")],
            (Self::Stamp, _) => &[("dateStyle", "medium"), ("timeStyle", "short")],
            (Self::Clock, _) => &[("timeStyle", "short")],
            (Self::ShortDay, _) => &[("day", "numeric"), ("month", "short")],
        }
    }
}

#[derive(Clone, PartialEq, Eq)]
enum Kind {
    Money(String),
    MoneyWhole(String),
    Price(String),
    Number,
    Percent,
    Time(Shape),
}

thread_local! {
    // Making a formatter costs a thousand times what using it does.
    static ZONE: RefCell<Option<String>> = const { RefCell::new(None) };
    static FORMATS: RefCell<Vec<(Locale, Kind, Function)>> = const { RefCell::new(Vec::new()) };
}

/// The browser's `format` function of a kind; `None` only for a currency that is no ISO 4217 code.
fn formatter(locale: Locale, kind: &Kind) -> Option<Function> {
    let known = FORMATS.with_borrow(|all| {
        all.iter()
            .find(|(l, k, _)| *l == locale && k == kind)
            .map(|(_, _, function)| function.clone())
    });
    if known.is_some() {
        return known;
    }
    let function = make(locale, kind).ok()?;
    FORMATS.with_borrow_mut(|all| all.push((locale, kind.clone(), function.clone())));
    Some(function)
}

fn make(locale: Locale, kind: &Kind) -> Result<Function, JsValue> {
    let options = Object::new();
    let set = |key: &str, value: &str| Reflect::set(&options, &key.into(), &value.into()).map(drop);
    let class = match kind {
        Kind::Money(currency) => {
            set("style", "currency")?;
            set("currency", currency)?;
            "NumberFormat"
        }
        Kind::MoneyWhole(currency) => {
            set("style", "currency")?;
            set("currency", currency)?;
            Reflect::set(&options, &"maximumFractionDigits".into(), &0.into())?;
            "NumberFormat"
        }
        Kind::Price(currency) => {
            set("style", "currency")?;
            set("currency", currency)?;
            Reflect::set(&options, &"maximumFractionDigits".into(), &6.into())?;
            "NumberFormat"
        }
        Kind::Number | Kind::Percent => {
            Reflect::set(&options, &"maximumFractionDigits".into(), &6.into())?;
            "NumberFormat"
        }
        Kind::Time(shape) => {
            for (key, value) in shape.options(locale) {
                set(key, value)?;
            }
            if !matches!(shape, Shape::Stamp | Shape::Clock | Shape::ShortDay) {
                set("timeZone", "UTC")?;
            } else if let Some(zone) = ZONE.with_borrow(Clone::clone) {
                set("timeZone", &zone)?;
            }
            "DateTimeFormat"
        }
    };
    let format = construct(class, locale, &options)?;
    Reflect::get(&format, &"format".into())?.dyn_into()
}

fn construct(class: &str, locale: Locale, options: &Object) -> Result<JsValue, JsValue> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into())?;
    let class: Function = Reflect::get(&intl, &class.into())?.dyn_into()?;
    Reflect::construct(&class, &Array::of2(&format_tag(locale).into(), options))
}

fn written(locale: Locale, kind: &Kind, value: &JsValue) -> Option<String> {
    formatter(locale, kind)?
        .call1(&JsValue::UNDEFINED, value)
        .ok()?
        .as_string()
}

/// An amount with its currency, such as `1.332,65 €` or `€1,332.65`. Exact: the browser gets the decimal text.
pub fn amount(words: Words, amount: Amount, currency: &str) -> String {
    let text = amount.to_string();
    written(
        words.get_locale(),
        &Kind::Money(currency.to_owned()),
        &text.as_str().into(),
    )
    .unwrap_or_else(|| format!("{text} {currency}"))
}

/// An amount without its hundredths, for the scale of a chart.
pub fn amount_whole(words: Words, amount: Amount, currency: &str) -> String {
    let text = amount.to_string();
    written(
        words.get_locale(),
        &Kind::MoneyWhole(currency.to_owned()),
        &text.as_str().into(),
    )
    .unwrap_or_else(|| format!("{text} {currency}"))
}

/// The price of one, which may have more places than an amount: `0,3214 €`.
pub fn price(words: Words, decimal: &str, currency: &str) -> String {
    written(words.get_locale(), &Kind::Price(currency.to_owned()), &decimal.into())
        .unwrap_or_else(|| format!("{decimal} {currency}"))
}

/// [`amount`] of what carries its currency.
pub fn money(words: Words, money: &Money) -> String {
    amount(words, money.amount, &money.currency)
}

/// An exact decimal as people write it, such as `1.234,5`.
pub fn number(words: Words, decimal: &str) -> String {
    written(words.get_locale(), &Kind::Number, &decimal.into()).unwrap_or_else(|| decimal.to_owned())
}

/// A count with its thousands parted.
pub fn count(words: Words, count: i32) -> String {
    number(words, &count.to_string())
}

/// A rate in percent, such as `19 %`.
pub fn percent(words: Words, decimal: &str) -> String {
    let number = written(words.get_locale(), &Kind::Percent, &decimal.into()).unwrap_or_else(|| decimal.to_owned());
    match words.get_locale() {
        Locale::de => format!("{number}\u{a0}%"),
        Locale::en => format!("{number}%"),
    }
}

fn day(words: Words, day: &Day, shape: Shape) -> String {
    let date = Date::new(&format!("{}T00:00:00Z", day.0).into());
    written(words.get_locale(), &Kind::Time(shape), &date).unwrap_or_else(|| day.0.clone())
}

/// A day in lists and tables: `02.12.2026`, `2 Dec 2026`.
pub fn date(words: Words, of: &Day) -> String {
    day(words, of, Shape::Lists)
}

/// A day in a sentence: `2. Dezember`, with the year where it is not the current one.
pub fn day_in_text(words: Words, of: &Day) -> String {
    let this_year = of.0.starts_with(&Date::new_0().get_full_year().to_string());
    day(words, of, if this_year { Shape::Text } else { Shape::TextWithYear }).replace(' ', "\u{a0}")
}

/// A month at the foot of a chart: `Nov`.
pub fn month_short(words: Words, of: &Day) -> String {
    day(words, of, Shape::Month)
}

/// A month in a sentence: `November 2026`.
pub fn month(words: Words, of: &Day) -> String {
    day(words, of, Shape::MonthWithYear)
}

/// A point in time in the viewer's zone: `20.11.2026, 08:12`.
pub fn stamp(words: Words, of: &Instant) -> String {
    instant(words, of, Shape::Stamp)
}

/// A point in time where there is little room: `08:12` of today, `20. Nov.` else.
pub fn moment(words: Words, of: &Instant) -> String {
    let is_today = day_of(&Date::new(&of.0.as_str().into())) == today();
    instant(words, of, if is_today { Shape::Clock } else { Shape::ShortDay })
}

fn instant(words: Words, of: &Instant, shape: Shape) -> String {
    let date = Date::new(&of.0.as_str().into());
    written(words.get_locale(), &Kind::Time(shape), &date).unwrap_or_else(|| of.0.clone())
}

/// Today in the viewer's zone.
pub fn today() -> Day {
    day_of(&Date::new_0())
}

/// The day of a point in time in the viewer's zone.
fn day_of(date: &Date) -> Day {
    let options = Object::new();
    if let Some(zone) = ZONE.with_borrow(Clone::clone) {
        // An object made here takes what is set.
        Reflect::set(&options, &"timeZone".into(), &zone.into()).ok();
    }
    // In Swedish a day is written as in ISO 8601.
    Day(date.to_locale_date_string("sv-SE", &options).into())
}

/// How many days lie between two days; negative where `to` comes first, nothing where one is no day.
pub fn days_between(from: &Day, to: &Day) -> Option<i64> {
    Some(day_number(to)? - day_number(from)?)
}

/// How many days from today until a day; negative for the past.
pub fn days_until(of: &Day) -> Option<i64> {
    days_between(&today(), of)
}

/// Days since an epoch of the proleptic Gregorian calendar (the civil-from-days formula, turned round).
fn day_number(day: &Day) -> Option<i64> {
    let mut parts = day.0.split('-').map(str::parse::<i64>);
    let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    let year = if month <= 2 { year - 1 } else { year };
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + of_year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_across_months_and_leap_years() {
        for (from, to, days) in [
            ("2026-11-22", "2026-12-02", 10),
            ("2026-11-22", "2026-11-02", -20),
            ("2024-02-28", "2024-03-01", 2),
            ("2025-02-28", "2025-03-01", 1),
            ("2000-02-28", "2000-03-01", 2),
            ("2025-12-31", "2026-12-31", 365),
        ] {
            assert_eq!(
                days_between(&Day(from.into()), &Day(to.into())),
                Some(days),
                "{from} {to}"
            );
        }
        assert_eq!(days_between(&Day("soon".into()), &Day("2026-01-01".into())), None);
    }

    #[test]
    fn a_region_does_not_hide_the_language() {
        assert_eq!(of_tag("en-US"), Some(Locale::en));
        assert_eq!(of_tag("DE"), Some(Locale::de));
        assert_eq!(of_tag("fr-FR"), None);
    }
}

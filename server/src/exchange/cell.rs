//! What a cell says, by the kind of its column.
use super::table::Typed;
use chrono::{DateTime, DurationRound, NaiveDate, SecondsFormat, TimeDelta, Utc};
use sea_orm::{ActiveEnum, Iterable};
use shared::{exchange::ImportProblem, money::Amount, tax::TaxRate};

/// What is wrong with a row, and in which column.
pub(crate) type Fault = (&'static str, ImportProblem);

/// The longest number or code, in characters.
const CODE_MAX: usize = 64;

/// The number or code of a row, which every row has.
pub(super) fn code(row: &Typed, column: &'static str) -> Result<String, Fault> {
    let text = row.text(column).ok_or((column, ImportProblem::Missing))?;
    if text.chars().count() > CODE_MAX {
        return Err((column, ImportProblem::TooLong));
    }
    if !text.chars().all(|c| c.is_ascii_alphanumeric() || "._-/".contains(c)) {
        return Err((column, ImportProblem::NotACode));
    }
    Ok(text.to_owned())
}

/// A text: what is known of it where the row says nothing.
pub(super) fn text(
    row: &Typed,
    column: &'static str,
    max: usize,
    known: Option<String>,
) -> Result<Option<String>, Fault> {
    match row.said(column) {
        None => Ok(known),
        Some(Some(text)) if text.chars().count() > max => Err((column, ImportProblem::TooLong)),
        Some(said) => Ok(said.map(str::to_owned)),
    }
}

/// A text that must be there.
pub(super) fn needed(row: &Typed, column: &'static str, max: usize, known: Option<String>) -> Result<String, Fault> {
    text(row, column, max, known)?.ok_or((column, ImportProblem::Missing))
}

/// An amount of at least nothing, with a point or a comma before the hundredths.
pub(crate) fn amount(row: &Typed, column: &'static str, known: Option<Amount>) -> Result<Option<Amount>, Fault> {
    let Some(said) = row.said(column) else { return Ok(known) };
    let read = |text: &str| {
        let amount: Amount = text.replace(',', ".").parse().ok()?;
        (amount.0 >= 0).then_some(amount)
    };
    said.map(|text| read(text).ok_or((column, ImportProblem::NotAnAmount)))
        .transpose()
}

/// A rate of value added tax in percent, with a point or a comma before the places.
pub(super) fn tax_rate(row: &Typed, column: &'static str, known: Option<TaxRate>) -> Result<Option<TaxRate>, Fault> {
    let Some(said) = row.said(column) else { return Ok(known) };
    said.map(|text| {
        let text = text.trim_end_matches('%').trim_end().replace(',', ".");
        text.parse().map_err(|_| (column, ImportProblem::NotATaxRate))
    })
    .transpose()
}

/// A currency (ISO 4217).
pub(super) fn currency(row: &Typed, column: &'static str, known: Option<String>) -> Result<String, Fault> {
    let text = row.text(column).map(str::to_owned).or(known);
    let text = text.unwrap_or_else(|| "EUR".to_owned());
    if text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase()) {
        Ok(text)
    } else {
        Err((column, ImportProblem::NotACurrency))
    }
}

/// A day as ISO 8601 or German people write it.
pub(crate) fn day(row: &Typed, column: &'static str, known: Option<NaiveDate>) -> Result<Option<NaiveDate>, Fault> {
    let Some(said) = row.said(column) else { return Ok(known) };
    let read = |text: &str| {
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").or_else(|_| NaiveDate::parse_from_str(text, "%d.%m.%Y"));
        let years = 1900..=2200;
        day.ok().filter(|day| years.contains(&chrono::Datelike::year(day)))
    };
    said.map(|text| read(text).ok_or((column, ImportProblem::NotADate)))
        .transpose()
}

/// A point in time (RFC 3339).
pub(super) fn instant(
    row: &Typed,
    column: &'static str,
    known: Option<DateTime<Utc>>,
) -> Result<Option<DateTime<Utc>>, Fault> {
    let Some(text) = row.text(column) else { return Ok(known) };
    let wrong = (column, ImportProblem::NotATime);
    let at = DateTime::parse_from_rfc3339(text).map_err(|_| wrong)?.to_utc();
    let years = 1900..=2200;
    if years.contains(&chrono::Datelike::year(&at)) {
        at.duration_trunc(TimeDelta::microseconds(1))
            .map(Some)
            .map_err(|_| wrong)
    } else {
        Err(wrong)
    }
}

/// A point in time as an export writes it: in UTC, with as many places as it has.
pub(super) fn written_instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// `true` or `false`.
pub(super) fn yes(row: &Typed, column: &'static str, known: bool) -> Result<bool, Fault> {
    match row.text(column).map(str::to_lowercase).as_deref() {
        None => Ok(row.said(column).is_none() && known),
        Some("true" | "ja" | "yes" | "1") => Ok(true),
        Some("false" | "nein" | "no" | "0") => Ok(false),
        Some(_) => Err((column, ImportProblem::UnknownWord)),
    }
}

/// One of the words of an enum, as the API spells them, in any case.
pub(super) fn word<E>(row: &Typed, column: &'static str, known: Option<E>) -> Result<Option<E>, Fault>
where
    E: ActiveEnum<Value = String> + Iterable,
{
    let Some(text) = row.text(column) else { return Ok(known) };
    let upper = text.to_uppercase();
    let found = E::iter().find(|one| one.to_value() == upper);
    found.map(Some).ok_or((column, ImportProblem::UnknownWord))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::table::read;
    use shared::product::PricePeriod;

    fn row(cell: &str) -> Typed {
        let text = serde_json::json!([{ "x": cell }]).to_string();
        read(text.as_bytes(), &["x"]).unwrap().remove(0)
    }

    #[test]
    fn amounts_and_days_are_read_as_both_countries_write_them() {
        for (text, hundredths) in [("249", 24_900), ("249.5", 24_950), ("249,00", 24_900), ("0", 0)] {
            assert_eq!(amount(&row(text), "x", None), Ok(Some(Amount(hundredths))), "{text}");
        }
        for text in ["-1", "1.234", "1.000,00", "x", "1e3"] {
            assert_eq!(
                amount(&row(text), "x", None),
                Err(("x", ImportProblem::NotAnAmount)),
                "{text}"
            );
        }
        for (text, rate) in [("19", 1900), ("8,1", 810), ("7 %", 700), ("0", 0)] {
            assert_eq!(tax_rate(&row(text), "x", None), Ok(Some(TaxRate(rate))), "{text}");
        }
        for text in ["-1", "101", "19.123", "x"] {
            assert_eq!(
                tax_rate(&row(text), "x", None),
                Err(("x", ImportProblem::NotATaxRate)),
                "{text}"
            );
        }
        let at = |text: &str| instant(&row(text), "x", None).map(|at| at.map(written_instant));
        assert_eq!(
            at("2026-11-23T10:00:00.1234567+01:00"),
            Ok(Some("2026-11-23T09:00:00.123456Z".to_owned()))
        );
        for text in ["2026-11-23", "2026-11-23T25:00:00Z", "0001-01-01T00:00:00Z", "x"] {
            assert_eq!(at(text), Err(("x", ImportProblem::NotATime)), "{text}");
        }
        let leap = NaiveDate::from_ymd_opt(2028, 2, 29);
        assert_eq!(
            (day(&row("2028-02-29"), "x", None), day(&row("29.02.2028"), "x", None)),
            (Ok(leap), Ok(leap))
        );
        for text in ["2027-02-29", "31.04.2026", "0026-01-01", "12/31/2026", "x"] {
            assert_eq!(
                day(&row(text), "x", None),
                Err(("x", ImportProblem::NotADate)),
                "{text}"
            );
        }
    }

    #[test]
    fn words_codes_and_currencies_are_checked() {
        assert_eq!(word(&row("month"), "x", None), Ok(Some(PricePeriod::Month)));
        assert_eq!(
            word::<PricePeriod>(&row("decade"), "x", None),
            Err(("x", ImportProblem::UnknownWord))
        );
        assert_eq!(code(&row("V-1/2_a.b"), "x"), Ok("V-1/2_a.b".to_owned()));
        assert_eq!(code(&row(""), "x"), Err(("x", ImportProblem::Missing)));
        assert_eq!(code(&row("a b"), "x"), Err(("x", ImportProblem::NotACode)));
        assert_eq!(code(&row(&"1".repeat(65)), "x"), Err(("x", ImportProblem::TooLong)));
        assert_eq!(currency(&row("CHF"), "x", None), Ok("CHF".to_owned()));
        assert_eq!(
            currency(&row("eur"), "x", None),
            Err(("x", ImportProblem::NotACurrency))
        );
        assert_eq!(currency(&row(""), "x", None), Ok("EUR".to_owned()));
    }
}

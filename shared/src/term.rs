//! How long contracts run, as both sides name it.
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The longest span that is taken, in its unit: nobody binds himself for longer, and no date overflows.
pub const COUNT_MAX: u16 = 1200;

/// What a span is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SpanUnit {
    /// Days.
    Day,
    /// Weeks of seven days.
    Week,
    /// Months of the calendar.
    Month,
    /// Years of the calendar.
    Year,
}

/// A length of time by the calendar, such as 24 months. As text it is an ISO 8601 duration of one part: `P24M`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// How many, 1 to [`COUNT_MAX`].
    count: u16,
    unit: SpanUnit,
}

/// A text that is not a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a span is P, a number from 1 to 1200, and D, W, M or Y, such as P24M")]
pub struct NotASpan;

impl Span {
    /// So many of a unit; none outside 1 to [`COUNT_MAX`].
    pub fn new(count: u16, unit: SpanUnit) -> Option<Self> {
        (1..=COUNT_MAX).contains(&count).then_some(Self { count, unit })
    }

    /// How many.
    pub fn count(self) -> u16 {
        self.count
    }

    /// Of what.
    pub fn unit(self) -> SpanUnit {
        self.unit
    }

    /// How many months it has, if it is counted in months or years.
    pub fn months(self) -> Option<u32> {
        match self.unit {
            SpanUnit::Month => Some(self.count.into()),
            SpanUnit::Year => Some(u32::from(self.count) * 12),
            SpanUnit::Day | SpanUnit::Week => None,
        }
    }

    /// How many days it has, if it is counted in days or weeks.
    pub fn days(self) -> Option<u32> {
        match self.unit {
            SpanUnit::Day => Some(self.count.into()),
            SpanUnit::Week => Some(u32::from(self.count) * 7),
            SpanUnit::Month | SpanUnit::Year => None,
        }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            SpanUnit::Day => 'D',
            SpanUnit::Week => 'W',
            SpanUnit::Month => 'M',
            SpanUnit::Year => 'Y',
        };
        write!(f, "P{}{unit}", self.count)
    }
}

impl FromStr for Span {
    type Err = NotASpan;

    fn from_str(text: &str) -> Result<Self, NotASpan> {
        let part = text.trim().strip_prefix('P').ok_or(NotASpan)?;
        let (unit, count) = [
            ('D', SpanUnit::Day),
            ('W', SpanUnit::Week),
            ('M', SpanUnit::Month),
            ('Y', SpanUnit::Year),
        ]
        .into_iter()
        .find_map(|(letter, unit)| Some((unit, part.strip_suffix(letter)?)))
        .ok_or(NotASpan)?;
        if !count.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(NotASpan);
        }
        count
            .parse()
            .ok()
            .and_then(|count| Self::new(count, unit))
            .ok_or(NotASpan)
    }
}

impl Serialize for Span {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Who a customer is before the law: what binds him may differ (BGB § 309 No. 9, TKG §§ 56, 71).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "server",
    derive(async_graphql::Enum, sea_orm::EnumIter, sea_orm::DeriveActiveEnum)
)]
#[cfg_attr(
    feature = "server",
    sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CustomerKind {
    /// A person for private purposes (BGB § 13).
    #[default]
    Consumer,
    /// A micro or small enterprise, or a non-profit organisation, which the TKG protects like a consumer.
    SmallFirm,
    /// Any other enterprise or public body.
    LargeFirm,
}

/// Which law limits the terms of a product.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "server",
    derive(async_graphql::Enum, sea_orm::EnumIter, sea_orm::DeriveActiveEnum)
)]
#[cfg_attr(
    feature = "server",
    sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TermLaw {
    /// Deliveries and services of all kinds: BGB § 309 No. 9.
    #[default]
    General,
    /// Telecommunication open to the public: TKG §§ 56, 71.
    Telecommunication,
}

/// To which day a contract can be ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "server",
    derive(async_graphql::Enum, sea_orm::EnumIter, sea_orm::DeriveActiveEnum)
)]
#[cfg_attr(
    feature = "server",
    sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NoticeTo {
    /// To any day.
    #[default]
    AnyDay,
    /// To the last day of a month.
    MonthEnd,
}

/// What becomes of a contract after its term, if nobody gives notice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "server",
    derive(async_graphql::Enum, sea_orm::EnumIter, sea_orm::DeriveActiveEnum)
)]
#[cfg_attr(
    feature = "server",
    sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Renewal {
    /// It ends.
    Ends,
    /// It runs on without an end, and can be ended by the open notice.
    #[default]
    Open,
    /// It runs for another fixed term.
    Term,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_and_written_as_durations() {
        for text in ["P14D", "P6W", "P24M", "P2Y", "P1200M"] {
            assert_eq!(text.parse::<Span>().unwrap().to_string(), text);
        }
        for wrong in [
            "",
            "P",
            "PM",
            "24M",
            "P0M",
            "P1201D",
            "P-1M",
            "P+1M",
            "P1H",
            "P1M2D",
            "PT1M",
            "P99999999999M",
        ] {
            assert_eq!(wrong.parse::<Span>(), Err(NotASpan), "{wrong}");
        }
    }

    #[test]
    fn years_are_months_and_weeks_are_days() {
        let span = |text: &str| text.parse::<Span>().unwrap();
        assert_eq!((span("P2Y").months(), span("P2Y").days()), (Some(24), None));
        assert_eq!((span("P6W").months(), span("P6W").days()), (None, Some(42)));
    }
}

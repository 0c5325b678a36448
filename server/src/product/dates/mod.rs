//! When contracts end: terms, renewal and notice, by the calendar and nothing else.
//!
//! Spans are counted as BGB §§ 187, 188 do:
//!
//! - A term begins with its first day (§ 187 para. 2), so that a month from the 15th ends with the 14th; where the month
//!   has no such day it ends with its last (§ 188 para. 3), so that a month from the 31st of January ends with February.
//! - Notice begins with an event, its arrival, whose day is not counted (§ 187 para. 1), so that a month's notice of
//!   the 15th takes effect with the 15th; the 31st of January leads to the last day of February.
//! - § 193, which moves deadlines from Sundays, holidays and Saturdays to the next working day, does not apply to
//!   periods of notice: they protect who receives it, and would be shortened (settled case law of the BGH). So no day
//!   here is moved.
//!
//! All days are the provider's own: a notice of 23:59 there is one of that day, whatever the date elsewhere.
use chrono::{Days, Months, NaiveDate};
use shared::term::{CustomerKind, NoticeTo, Renewal, Span, TermLaw};

/// How a contract runs and ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The first term; none where the contract can be ended from the beginning.
    pub minimum: Option<Span>,
    /// What follows the first term.
    pub renewal: Renewal,
    /// The length of further terms; for [`Renewal::Term`] only.
    pub renewal_term: Option<Span>,
    /// The notice to the end of a term.
    pub notice: Span,
    /// The notice while the contract runs without a fixed end.
    pub open_notice: Span,
    /// To which day the open notice ends it.
    pub notice_to: NoticeTo,
}

/// What matters of a contract on a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dates {
    /// The last day of the first term; none without one.
    pub minimum_until: Option<NaiveDate>,
    /// The last day of the term that runs; none while it runs without a fixed end.
    pub term_until: Option<NaiveDate>,
    /// The last day of the contract if notice is given on the day that was asked about.
    pub next_end: Option<NaiveDate>,
    /// The last day for notice to `next_end`; none where every day leads to an end of its own.
    pub notice_by: Option<NaiveDate>,
    /// The end that counts if notice comes the day after `notice_by`.
    pub following_end: Option<NaiveDate>,
}

/// The most terms that are walked through: a contract of weekly terms for 190 years.
const TERMS_MAX: u32 = 10_000;

/// The last day of a span that begins with `first`; none beyond what calendars hold.
pub fn last_day(first: NaiveDate, span: Span) -> Option<NaiveDate> {
    match (span.months(), span.days()) {
        (Some(months), _) => last_day_of_months(first, months),
        (None, Some(days)) => first.checked_add_days(Days::new(u64::from(days) - 1)),
        (None, None) => None,
    }
}

fn last_day_of_months(first: NaiveDate, months: u32) -> Option<NaiveDate> {
    use chrono::Datelike as _;
    let same = first.checked_add_months(Months::new(months))?; // the last day of the month, where there is no such day
    if same.day() == first.day() {
        same.pred_opt()
    } else {
        Some(same)
    }
}

/// The day with which notice takes effect that arrives on a day; none beyond what calendars hold.
pub fn takes_effect(arrival: NaiveDate, notice: Span) -> Option<NaiveDate> {
    match (notice.months(), notice.days()) {
        (Some(months), _) => arrival.checked_add_months(Months::new(months)),
        (None, Some(days)) => arrival.checked_add_days(Days::new(days.into())),
        (None, None) => None,
    }
}

/// The last day on which notice may arrive to take effect with `end` or before.
pub fn last_arrival(end: NaiveDate, notice: Span) -> Option<NaiveDate> {
    let mut arrival = match (notice.months(), notice.days()) {
        (Some(months), _) => end.checked_sub_months(Months::new(months))?,
        (None, Some(days)) => return end.checked_sub_days(Days::new(days.into())),
        (None, None) => return None,
    };
    // Months differ by at most three days: from the end of February, the last days of January lead there as well.
    while takes_effect(arrival.succ_opt()?, notice)? <= end {
        arrival = arrival.succ_opt()?;
    }
    Some(arrival)
}

impl Terms {
    /// The last days of the fixed terms of a contract that began on `start`, in their order. Each is counted from the
    /// start, so that a contract from the 31st does not creep to the 28th.
    fn ends(&self, start: NaiveDate) -> impl Iterator<Item = NaiveDate> {
        let (minimum, renewal_term) = (self.minimum, self.renewal_term);
        let further = if self.renewal == Renewal::Term { TERMS_MAX } else { 0 };
        let first = usize::from(minimum.is_none());
        (0..=further)
            .map_while(move |renewals| nth_end(start, minimum, renewal_term, renewals))
            .skip(first)
    }

    /// What matters of a contract that began, or will begin, on `start`, on a day.
    pub fn dates(&self, start: NaiveDate, today: NaiveDate) -> Dates {
        let minimum_until = self.minimum.and_then(|span| last_day(start, span));
        let term_until = self.ends(start).find(|end| *end >= today);
        let Some(next_end) = self.next_end(start, today) else {
            return Dates {
                minimum_until,
                term_until,
                ..Dates::default()
            };
        };
        let is_fixed = self
            .ends(start)
            .take_while(|end| *end <= next_end)
            .any(|end| end == next_end);
        let notice_by = if is_fixed {
            last_arrival(next_end, self.notice).map(|day| day.max(today))
        } else if self.notice_to == NoticeTo::MonthEnd {
            last_arrival(next_end, self.open_notice).map(|day| day.max(today))
        } else {
            None
        };
        let ends_by_itself = is_fixed && self.renewal == Renewal::Ends;
        let following_end = notice_by
            .filter(|_| !ends_by_itself)
            .and_then(|day| self.next_end(start, day.succ_opt()?));
        Dates {
            minimum_until,
            term_until,
            next_end: Some(next_end),
            notice_by: notice_by.filter(|_| !ends_by_itself),
            following_end,
        }
    }

    /// The last day of the contract if notice arrives on a day.
    pub fn next_end(&self, start: NaiveDate, arrival: NaiveDate) -> Option<NaiveDate> {
        let effect = takes_effect(arrival, self.notice)?;
        let mut last = None;
        for end in self.ends(start) {
            if effect <= end {
                return Some(end);
            }
            last = Some(end);
        }
        match self.renewal {
            Renewal::Ends => last,
            Renewal::Term => None,
            Renewal::Open => {
                let open = takes_effect(arrival, self.open_notice)?;
                // Whoever missed the notice to the first end is past it at least.
                let past = last.map_or(Some(start), |last| last.succ_opt())?;
                let earliest = open.max(past);
                match self.notice_to {
                    NoticeTo::AnyDay => Some(earliest),
                    NoticeTo::MonthEnd => month_end(earliest),
                }
            }
        }
    }
}

/// The last day of the term after so many renewals; without a first term, renewals begin with the contract.
fn nth_end(start: NaiveDate, minimum: Option<Span>, renewal: Option<Span>, renewals: u32) -> Option<NaiveDate> {
    let total = |of: fn(Span) -> Option<u32>| {
        let first = minimum.map_or(Some(0), of)?;
        let further = if renewals == 0 {
            0
        } else {
            of(renewal?)?.checked_mul(renewals)?
        };
        first.checked_add(further)
    };
    if let Some(months) = total(Span::months) {
        return if months == 0 {
            start.pred_opt()
        } else {
            last_day_of_months(start, months)
        };
    }
    if let Some(days) = total(Span::days) {
        return start.checked_add_days(Days::new(days.into()))?.pred_opt();
    }
    // A first term in months and further ones in days, or the other way round.
    let mut end = last_day(start, minimum?)?;
    for _ in 0..renewals {
        end = last_day(end.succ_opt()?, renewal?)?;
    }
    Some(end)
}

fn month_end(day: NaiveDate) -> Option<NaiveDate> {
    use chrono::Datelike as _;
    day.with_day(1)?.checked_add_months(Months::new(1))?.pred_opt()
}

/// What the law says against terms for a kind of customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Objection {
    /// The first term is longer than two years (BGB § 309 No. 9 a, TKG § 56 para. 1).
    MinimumTooLong,
    /// The contract renews itself for a fixed term (BGB § 309 No. 9 b, TKG § 56 para. 3).
    RenewsForTerm,
    /// The notice to the end of the first term is longer than a month (BGB § 309 No. 9 c).
    NoticeTooLong,
    /// The notice while it runs on is longer than a month (BGB § 309 No. 9 b, TKG § 56 para. 3).
    OpenNoticeTooLong,
    /// After the first term it can be ended to the end of a month only, not at any time.
    NotAtAnyTime,
}

/// What the law says against terms in the provider's own general conditions for a kind of customer, in the order of
/// [`Objection`]; nothing where it leaves them to the parties.
pub fn objections(terms: &Terms, customer: CustomerKind, law: TermLaw) -> Vec<Objection> {
    let is_protected = match (customer, law) {
        (CustomerKind::Consumer, _) | (CustomerKind::SmallFirm, TermLaw::Telecommunication) => true,
        (CustomerKind::SmallFirm, TermLaw::General) | (CustomerKind::LargeFirm, _) => false,
    };
    if !is_protected {
        return Vec::new();
    }
    let longer = |span: Span, months: u32, days: u32| match (span.months(), span.days()) {
        (Some(has), _) => has > months,
        (None, has) => has.is_some_and(|has| has > days),
    };
    let runs_on = terms.renewal == Renewal::Open;
    [
        (
            terms.minimum.is_some_and(|span| longer(span, 24, 730)),
            Objection::MinimumTooLong,
        ),
        (terms.renewal == Renewal::Term, Objection::RenewsForTerm),
        (
            terms.minimum.is_some() && terms.renewal != Renewal::Ends && longer(terms.notice, 1, 28),
            Objection::NoticeTooLong,
        ),
        (
            runs_on && longer(terms.open_notice, 1, 28),
            Objection::OpenNoticeTooLong,
        ),
        (
            runs_on && terms.notice_to == NoticeTo::MonthEnd,
            Objection::NotAtAnyTime,
        ),
    ]
    .into_iter()
    .filter_map(|(applies, objection)| applies.then_some(objection))
    .collect()
}

#[cfg(test)]
mod tests;

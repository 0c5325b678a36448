//! Terms and notice by tables of cases, and by what must hold for all of them.
use super::*;
use shared::term::SpanUnit;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn span(text: &str) -> Span {
    text.parse().unwrap()
}

/// A first term of 24 months, then open with a month's notice: what consumers get.
fn consumer() -> Terms {
    Terms {
        minimum: Some(span("P24M")),
        renewal: Renewal::Open,
        renewal_term: None,
        notice: span("P1M"),
        open_notice: span("P1M"),
        notice_to: NoticeTo::AnyDay,
    }
}

/// Three years, then year by year, three months' notice to the end of the term.
fn firm() -> Terms {
    Terms {
        minimum: Some(span("P36M")),
        renewal: Renewal::Term,
        renewal_term: Some(span("P12M")),
        notice: span("P3M"),
        open_notice: span("P3M"),
        notice_to: NoticeTo::AnyDay,
    }
}

#[test]
fn a_term_ends_the_day_before_its_first_day_comes_again() {
    for (first, length, last) in [
        ("2026-01-15", "P1M", "2026-02-14"),
        ("2026-01-01", "P1M", "2026-01-31"),
        ("2026-01-01", "P24M", "2027-12-31"),
        ("2026-01-31", "P1M", "2026-02-28"),
        ("2026-01-30", "P1M", "2026-02-28"),
        ("2026-01-29", "P1M", "2026-02-28"),
        ("2026-01-28", "P1M", "2026-02-27"),
        ("2024-01-31", "P1M", "2024-02-29"),
        ("2024-01-30", "P1M", "2024-02-29"),
        ("2024-01-29", "P1M", "2024-02-28"),
        ("2024-02-29", "P12M", "2025-02-28"),
        ("2024-02-29", "P48M", "2028-02-28"),
        ("2024-03-01", "P12M", "2025-02-28"),
        ("2023-03-01", "P1Y", "2024-02-29"),
        ("2026-08-31", "P1M", "2026-09-30"),
        ("2026-12-31", "P2M", "2027-02-28"),
        ("2026-03-29", "P1D", "2026-03-29"), // the day on which the clocks change
        ("2026-03-23", "P1W", "2026-03-29"),
        ("2026-02-26", "P14D", "2026-03-11"),
    ] {
        assert_eq!(last_day(day(first), span(length)), Some(day(last)), "{first} {length}");
    }
}

#[test]
fn notice_takes_effect_on_the_day_of_the_same_number() {
    for (arrival, notice, effect) in [
        ("2026-01-15", "P1M", "2026-02-15"),
        ("2026-01-31", "P1M", "2026-02-28"),
        ("2024-01-31", "P1M", "2024-02-29"),
        ("2026-02-28", "P1M", "2026-03-28"),
        ("2026-11-30", "P3M", "2027-02-28"),
        ("2026-10-31", "P4W", "2026-11-28"),
        ("2026-12-18", "P14D", "2027-01-01"),
    ] {
        assert_eq!(
            takes_effect(day(arrival), span(notice)),
            Some(day(effect)),
            "{arrival} {notice}"
        );
    }
}

#[test]
fn the_last_day_for_notice_is_as_late_as_it_can_be() {
    for (end, notice, by) in [
        ("2026-12-31", "P3M", "2026-09-30"),
        ("2027-02-28", "P1M", "2027-01-31"), // not the 28th: three later days do as well
        ("2028-02-29", "P1M", "2028-01-31"),
        ("2026-09-30", "P1M", "2026-08-31"),
        ("2026-10-31", "P1M", "2026-09-30"),
        ("2026-02-14", "P1M", "2026-01-14"),
        ("2026-05-03", "P14D", "2026-04-19"), // a Sunday, and it stays one: § 193 does not apply
    ] {
        assert_eq!(last_arrival(day(end), span(notice)), Some(day(by)), "{end} {notice}");
    }
}

#[test]
fn a_consumer_s_contract_runs_on_after_its_first_term() {
    let start = day("2025-03-01");
    let first = consumer().dates(start, day("2026-11-22"));
    assert_eq!(
        first,
        Dates {
            minimum_until: Some(day("2027-02-28")),
            term_until: Some(day("2027-02-28")),
            next_end: Some(day("2027-02-28")),
            notice_by: Some(day("2027-01-31")),
            following_end: Some(day("2027-03-01")),
        }
    );
    assert_eq!(consumer().next_end(start, day("2027-01-31")), Some(day("2027-02-28")));
    assert_eq!(consumer().next_end(start, day("2027-02-10")), Some(day("2027-03-10")));
    let open = consumer().dates(start, day("2028-05-31"));
    assert_eq!(
        (open.term_until, open.next_end, open.notice_by, open.following_end),
        (None, Some(day("2028-06-30")), None, None)
    );
}

#[test]
fn a_firm_s_contract_renews_itself_year_by_year() {
    let start = day("2024-01-31");
    let dates = |today| firm().dates(start, day(today));
    let now = dates("2026-10-30");
    assert_eq!(
        (now.next_end, now.notice_by, now.following_end),
        (
            Some(day("2027-01-30")),
            Some(day("2026-10-30")),
            Some(day("2028-01-30"))
        )
    );
    let late = dates("2026-10-31");
    assert_eq!(
        (late.term_until, late.next_end),
        (Some(day("2027-01-30")), Some(day("2028-01-30")))
    );
    assert_eq!(dates("2031-01-31").term_until, Some(day("2032-01-30"))); // it does not creep
}

#[test]
fn a_contract_that_ends_by_itself_needs_no_notice() {
    let terms = Terms {
        renewal: Renewal::Ends,
        ..consumer()
    };
    let dates = terms.dates(day("2025-03-01"), day("2027-02-20"));
    assert_eq!(
        (dates.next_end, dates.notice_by, dates.following_end),
        (Some(day("2027-02-28")), None, None)
    );
}

#[test]
fn without_a_first_term_every_day_has_its_end() {
    let terms = Terms {
        minimum: None,
        notice: span("P14D"),
        open_notice: span("P14D"),
        ..consumer()
    };
    let dates = terms.dates(day("2026-01-01"), day("2026-11-22"));
    assert_eq!(
        dates,
        Dates {
            next_end: Some(day("2026-12-06")),
            ..Dates::default()
        }
    );
    let monthly = Terms {
        notice_to: NoticeTo::MonthEnd,
        ..terms
    };
    let dates = monthly.dates(day("2026-01-01"), day("2026-11-22"));
    assert_eq!(
        (dates.next_end, dates.notice_by, dates.following_end),
        (
            Some(day("2026-12-31")),
            Some(day("2026-12-17")),
            Some(day("2027-01-31"))
        )
    );
}

#[test]
fn a_contract_that_has_not_begun_can_be_ended_to_its_first_end() {
    let dates = consumer().dates(day("2027-01-01"), day("2026-11-22"));
    assert_eq!(dates.next_end, Some(day("2028-12-31")));
    let open = Terms {
        minimum: None,
        ..consumer()
    };
    assert_eq!(
        open.next_end(day("2027-06-01"), day("2026-11-22")),
        Some(day("2027-06-01"))
    );
}

#[test]
fn the_law_objects_to_what_binds_consumers_too_long() {
    use Objection::*;
    let of = |terms: &Terms, customer, law| objections(terms, customer, law);
    assert_eq!(of(&consumer(), CustomerKind::Consumer, TermLaw::General), []);
    assert_eq!(
        of(&firm(), CustomerKind::Consumer, TermLaw::General),
        [MinimumTooLong, RenewsForTerm, NoticeTooLong]
    );
    assert_eq!(of(&firm(), CustomerKind::SmallFirm, TermLaw::General), []);
    assert_eq!(
        of(&firm(), CustomerKind::SmallFirm, TermLaw::Telecommunication),
        [MinimumTooLong, RenewsForTerm, NoticeTooLong]
    );
    assert_eq!(of(&firm(), CustomerKind::LargeFirm, TermLaw::Telecommunication), []);
    let slow = Terms {
        open_notice: span("P6W"),
        notice_to: NoticeTo::MonthEnd,
        ..consumer()
    };
    assert_eq!(
        of(&slow, CustomerKind::Consumer, TermLaw::General),
        [OpenNoticeTooLong, NotAtAnyTime]
    );
}

/// Random numbers (xorshift) from a seed that is printed, or given in `KEYHAUS_SEED`.
struct Chance(u64);

impl Chance {
    fn new() -> Self {
        use std::hash::{BuildHasher, RandomState};
        let given = std::env::var("KEYHAUS_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed: u64 = given.unwrap_or_else(|| RandomState::new().hash_one(()));
        println!("KEYHAUS_SEED={seed}");
        Self(seed | 1)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % limit
    }

    fn span(&mut self, most: u64) -> Span {
        let units = [SpanUnit::Day, SpanUnit::Week, SpanUnit::Month, SpanUnit::Year];
        let unit = units[self.below(4) as usize];
        Span::new(1 + self.below(most) as u16, unit).unwrap()
    }

    fn day(&mut self) -> NaiveDate {
        day("2020-01-01").checked_add_days(Days::new(self.below(4000))).unwrap()
    }
}

#[test]
fn what_holds_for_every_contract() {
    let mut chance = Chance::new();
    for _ in 0..2_000 {
        let renewal = [Renewal::Ends, Renewal::Open, Renewal::Term][chance.below(3) as usize];
        let minimum = (renewal != Renewal::Open || chance.below(2) == 0).then(|| chance.span(4));
        let terms = Terms {
            minimum,
            renewal,
            renewal_term: (renewal == Renewal::Term).then(|| chance.span(3)),
            notice: chance.span(3),
            open_notice: chance.span(3),
            notice_to: [NoticeTo::AnyDay, NoticeTo::MonthEnd][chance.below(2) as usize],
        };
        let (start, today) = (chance.day(), chance.day());
        let dates = terms.dates(start, today);
        let about = format!("{terms:?} from {start} on {today}: {dates:?}");
        let next = dates.next_end.unwrap();
        if renewal != Renewal::Ends {
            let soonest = takes_effect(today, terms.notice).min(takes_effect(today, terms.open_notice));
            assert!(Some(next) >= soonest, "{about}");
        }
        assert!(dates.minimum_until.is_none_or(|end| next >= end), "{about}");
        if let Some(by) = dates.notice_by {
            assert!(by >= today, "{about}");
            assert_eq!(terms.next_end(start, by), Some(next), "{about}");
            let after = terms.next_end(start, by.succ_opt().unwrap()).unwrap();
            assert!(after > next, "{about}");
            assert_eq!(dates.following_end, Some(after), "{about}");
        }
        let tomorrow = terms.next_end(start, today.succ_opt().unwrap()).unwrap();
        assert!(
            tomorrow >= next,
            "a later notice never ends a contract earlier: {about}"
        );
    }
}

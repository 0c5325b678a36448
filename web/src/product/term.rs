//! How a contract runs, drawn to scale where there is room, and as a list of dates, which is what is read aloud.
use super::operations::ContractDates;
use crate::{
    api::Day,
    i18n::*,
    locale::{self, Words},
    ui::Icon,
};
use leptos::prelude::*;

/// From so many days on, the last day for notice is a warning.
const SOON: i64 = 14;

/// The days that are drawn, in their order, and where between 0 and 100 each stands.
#[derive(Clone, Debug, PartialEq)]
struct Drawing {
    begin: Day,
    today: f64,
    notice: Option<(f64, Day)>,
    next_end: (f64, Day),
    following: Option<Day>,
}

impl Drawing {
    /// The drawing of a contract that runs on a day; none before its first day and where it has no end to speak of.
    fn of(begin: &Day, today: &Day, dates: &ContractDates) -> Option<Self> {
        let next_end = dates.next_end.clone()?;
        let last = dates.following_end.as_ref().unwrap_or(&next_end);
        let whole = locale::days_between(begin, last)?;
        if whole <= 0 || begin > today || today > last {
            return None;
        }
        let place = |day: &Day| Some(100.0 * locale::days_between(begin, day)? as f64 / whole as f64);
        Some(Self {
            today: place(today)?,
            notice: dates.notice_by.clone().and_then(|day| Some((place(&day)?, day))),
            next_end: (place(&next_end)?, next_end),
            following: dates.following_end.clone(),
            begin: begin.clone(),
        })
    }
}

/// A day with its words; whether it is today, and whether it is a warning.
type Entry = (Day, fn(Words) -> &'static str, bool, bool);

/// The dates of a contract that runs.
#[component]
pub fn Term(
    /// Its first day.
    begin: Day,
    /// What matters of it today.
    dates: ContractDates,
) -> AnyView {
    let i18n = use_i18n();
    let today = locale::today();
    let drawing = Drawing::of(&begin, &today, &dates);
    let is_drawn = drawing.is_some();
    let entry = move |day: Day, words: fn(Words) -> &'static str, is_today: bool, is_warning: bool| {
        let shown = day.clone();
        view! {
            <li aria-current=is_today.then_some("date") data-tone=is_warning.then_some("warn")>
                <time datetime=day.0>{text(move || locale::date(i18n, &shown))}</time>
                <span>{follow(i18n, words)}</span>
            </li>
        }
        .into_any()
    };
    let soon = days_left(&dates);
    let mut days: Vec<Entry> = vec![
        (begin, |i18n| t_string!(i18n, product.term_begin), false, false),
        (today, |i18n| t_string!(i18n, product.term_today), true, false),
    ];
    if let Some(day) = dates.notice_by.clone() {
        days.push((day, |i18n| t_string!(i18n, product.term_notice), false, soon.is_some()));
    }
    if let Some(day) = dates.next_end.clone() {
        days.push((day, |i18n| t_string!(i18n, product.term_end), false, false));
    }
    if let Some(day) = dates.following_end.clone() {
        days.push((day, |i18n| t_string!(i18n, product.term_following), false, false));
    }
    days.sort_by(|one, other| one.0.cmp(&other.0));
    view! {
        <div class="term-box">
            {drawing.map(|drawing| drawn(i18n, drawing))}
            <ol class="term" class:drawn=is_drawn>
                {days.into_iter().map(|(day, words, now, warns)| entry(day, words, now, warns)).collect_view()}
            </ol>
        </div>
        {soon.map(|left| warning(i18n, left, dates))}
    }
    .into_any()
}

/// How many days are left for notice, where it is time to think of it.
fn days_left(dates: &ContractDates) -> Option<i64> {
    let left = locale::days_until(dates.notice_by.as_ref()?)?;
    (0..=SOON).contains(&left).then_some(left)
}

fn warning(i18n: Words, left: i64, dates: ContractDates) -> AnyView {
    let ContractDates {
        notice_by,
        next_end,
        following_end,
        ..
    } = dates;
    let (Some(by), Some(end)) = (notice_by, next_end) else {
        return ().into_any();
    };
    let lead = text(move || match left {
        0 => t_string!(i18n, product.notice_today).to_owned(),
        1 => t_string!(i18n, product.notice_tomorrow).to_owned(),
        days => t_string!(i18n, product.notice_days, days = days.to_string()),
    });
    let what = text(move || {
        let (by, end) = (locale::day_in_text(i18n, &by), locale::day_in_text(i18n, &end));
        match &following_end {
            Some(next) => {
                let next = locale::day_in_text(i18n, next);
                t_string!(i18n, product.notice_or, by = by, end = end, next = next)
            }
            None => t_string!(i18n, product.notice_for, by = by, end = end),
        }
    });
    view! {
        <div class="notice" data-tone="warn">
            <Icon name="clock" />
            <p><b>{lead}</b>" "{what}</p>
        </div>
    }
    .into_any()
}

/// The drawing, which is for the eye alone.
fn drawn(i18n: Words, drawing: Drawing) -> AnyView {
    let Drawing {
        begin,
        today,
        notice,
        next_end: (end, end_day),
        following,
    } = drawing;
    let at = |place: f64| format!("{place:.1}%");
    let wide = |from: f64, to: f64| format!("{:.1}%", (to - from).max(0.0));
    let label = move |place: f64,
                      anchor: &'static str,
                      top: u32,
                      class: &'static str,
                      words: fn(Words) -> &'static str,
                      day: Day| {
        let (first, second) = (top.to_string(), (top + 19).to_string());
        view! {
            <text class=class x=at(place) y=first text-anchor=anchor>{follow(i18n, words)}</text>
            <text class="when" x=at(place) y=second text-anchor=anchor>{text(move || locale::day_in_text(i18n, &day))}</text>
        }
        .into_any()
    };
    // A label stands on the side of its line where there is room; what would meet another goes below.
    let side = |place: f64| {
        if place < 40.0 {
            ("start", place + 1.0)
        } else {
            ("end", place - 1.0)
        }
    };
    let end_is_below = end < 30.0
        || notice
            .as_ref()
            .is_some_and(|(place, _)| *place < 40.0 && end - place < 32.0);
    let (today_anchor, _) = side(today);
    let meets = (end_is_below || end > 74.0) && (end - today).abs() < 30.0;
    let is_soon = notice
        .as_ref()
        .and_then(|(_, day)| locale::days_until(day))
        .is_some_and(|left| (0..=SOON).contains(&left));
    view! {
        <svg class="term-drawing" aria-hidden="true">
            <rect class="gone" x="0" width=wide(0.0, today.min(end)) y="66" height="14" />
            <rect class="rest" x=at(today) width=wide(today, end) y="66" height="14" />
            {following.is_some().then(|| view! {
                <rect class="next" x=at(end) width=wide(end, 99.9) y="66.5" height="13" />
            })}
            <line class="mark" x1="0.08%" x2="0.08%" y1="48" y2="80" />
            {(notice.as_ref().is_none_or(|(place, _)| *place > 20.0)).then(|| {
                label(0.0, "start", 18, "", |i18n| t_string!(i18n, product.term_begin), begin)
            })}
            {notice.map(|(place, day)| {
                let (anchor, x) = side(place);
                view! {
                    <line class=if is_soon { "soon-mark" } else { "mark" } x1=at(place) x2=at(place) y1="4" y2="80" />
                    {label(x, anchor, 18, if is_soon { "soon" } else { "" }, |i18n| t_string!(i18n, product.term_notice_short), day)}
                }
            })}
            <line class="mark" x1=at(end) x2=at(end) y1=if end_is_below { "66" } else { "4" } y2=if end_is_below { "146" } else { "80" } />
            {
                let (anchor, x) = if end > 74.0 && !end_is_below { ("end", end) } else { ("start", end + 1.0) };
                let top = if end_is_below || end > 74.0 { 118 } else { 18 };
                label(x, anchor, top, "", |i18n| t_string!(i18n, product.term_end_short), end_day)
            }
            <line class="mark" x1=at(today) x2=at(today) y1="80" y2="100" />
            {(!meets).then(|| {
                label(today, today_anchor, 118, "", |i18n| t_string!(i18n, product.term_today), locale::today())
            })}
            {following.filter(|_| end <= 74.0 && !(end_is_below && end > 60.0)).map(|day| {
                label(100.0, "end", 118, "", |i18n| t_string!(i18n, product.term_following_short), day)
            })}
        </svg>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day(text.to_owned())
    }

    fn dates(next_end: Option<&str>, notice_by: Option<&str>, following_end: Option<&str>) -> ContractDates {
        ContractDates {
            minimum_until: None,
            next_end: next_end.map(day),
            notice_by: notice_by.map(day),
            following_end: following_end.map(day),
        }
    }

    #[test]
    fn days_stand_to_scale_between_the_first_and_the_last() {
        let dates = dates(Some("2026-04-11"), Some("2026-03-11"), Some("2026-04-11"));
        let drawing = Drawing::of(&day("2026-01-01"), &day("2026-02-20"), &dates).unwrap();
        assert_eq!(drawing.today, 50.0);
        assert_eq!(drawing.notice, Some((69.0, day("2026-03-11"))));
        assert_eq!(drawing.next_end, (100.0, day("2026-04-11")));
    }

    #[test]
    fn nothing_is_drawn_before_the_first_day_or_without_an_end() {
        let open = dates(None, None, None);
        assert_eq!(Drawing::of(&day("2026-01-01"), &day("2026-02-20"), &open), None);
        let later = dates(Some("2026-12-31"), None, None);
        assert_eq!(Drawing::of(&day("2026-06-01"), &day("2026-02-20"), &later), None);
    }
}

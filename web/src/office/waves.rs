//! Waves and what became of those who were in them.
use super::{
    operations::{CustomerCount, Wave},
    query::state_words,
};
use crate::{i18n::*, locale, ui::Empty};
use leptos::prelude::*;
use leptos_router::components::A;
use shared::customer::CustomerState;

/// The newest waves with their progress.
#[component]
pub fn Waves(
    /// Newest first.
    waves: Vec<Wave>,
) -> AnyView {
    let i18n = use_i18n();
    if waves.is_empty() {
        return view! { <Empty icon="send" title=t!(i18n, office.no_waves) text=t!(i18n, office.no_waves_text) /> }
            .into_any();
    }
    view! {
        <table role="table" class="cards">
            <caption class="away">{t!(i18n, office.waves_caption)}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">{t!(i18n, office.wave)}</th>
                    <th role="columnheader" scope="col" class="wide-cell">{t!(i18n, office.progress)}</th>
                    <th role="columnheader" scope="col" class="num">{t!(i18n, office.activated)}</th>
                    <th role="columnheader" scope="col" class="num">{t!(i18n, office.open)}</th>
                    <th role="columnheader" scope="col" class="num">{t!(i18n, office.bounced)}</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{waves.into_iter().map(|wave| view! { <WaveRow wave /> }).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn of(counts: &[CustomerCount], state: CustomerState) -> i32 {
    let found = counts.iter().find(|entry| entry.state == state);
    found.map_or(0, |entry| entry.count)
}

#[component]
fn WaveRow(wave: Wave) -> AnyView {
    let i18n = use_i18n();
    let Wave {
        announced_from,
        counts,
        id,
        mailed_count,
        sent_at,
        sent_by,
    } = wave;
    let (done, open, back) = (
        of(&counts, CustomerState::Activated),
        of(&counts, CustomerState::Mailed) + of(&counts, CustomerState::Prepared),
        of(&counts, CustomerState::Bounced),
    );
    let whole = f64::from((done + open + back).max(1));
    let part = move |count: i32| f64::from(count) * 100.0 / whole;
    let bars = [("good", 0, done), ("wait", done, open), ("bad", done + open, back)]
        .into_iter()
        .filter(|(_, _, count)| *count > 0)
        .map(|(class, before, count)| {
            view! { <rect class=class x=format!("{:.1}%", part(before)) width=format!("{:.1}%", part(count)) height="100%" /> }
        })
        .collect_view();
    let label = move || {
        t_string!(
            i18n,
            office.progress_words,
            activated = done,
            open = open,
            bounced = back
        )
    };
    let at = text(move || locale::stamp(i18n, &sent_at));
    let about = text(move || {
        let count = locale::count(i18n, mailed_count);
        let mut words = match &sent_by {
            Some(name) => t_string!(i18n, office.wave_by, count = count, name = name.clone()),
            None => t_string!(i18n, office.wave_of, count = count),
        };
        if let Some(day) = &announced_from {
            words.push_str(&t_string!(i18n, office.wave_from, date = locale::date(i18n, day)));
        }
        words
    });
    let number = move |count: i32| text(move || locale::count(i18n, count));
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="lead-cell">
                <A href=format!("/customers?wave={id}")>{at}</A>
                <span class="sub">{about}</span>
            </th>
            <td role="cell"><svg class="bar" role="img" aria-label=label>{bars}</svg></td>
            <td role="cell" class="num" data-label=t!(i18n, office.activated)>{number(done)}</td>
            <td role="cell" class="num" data-label=t!(i18n, office.open)>{number(open)}</td>
            <td role="cell" class="num" data-label=move || state_words(i18n, CustomerState::Bounced)>{number(back)}</td>
        </tr>
    }
    .into_any()
}

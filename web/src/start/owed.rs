//! What is owed: the one big figure of the start page.
use super::operations::{OpenInvoice, Owed, owed};
use crate::{
    api::Money,
    i18n::*,
    loading::{Loaded, load},
    locale::{self, Words},
    ui::{Badge, Tone, asset},
};
use leptos::prelude::*;
use leptos_router::components::A;

/// The panel "Offene Rechnungen".
#[component]
pub fn OwedPanel() -> AnyView {
    let i18n = use_i18n();
    let found = load(owed);
    view! {
        <section class="owed-panel" aria-labelledby="open">
            <div class="block-head">
                <h2 id="open">{t!(i18n, start.open)}</h2>
                <A href="/invoices">{t!(i18n, start.all_invoices)}</A>
            </div>
            <Loaded resource=found rows=4 let:owed><Sum owed /></Loaded>
        </section>
    }
    .into_any()
}

#[component]
fn Sum(owed: Owed) -> AnyView {
    let i18n = use_i18n();
    let Owed {
        sums,
        overdue,
        invoices,
    } = owed;
    let bitting = format!("{}#bitting", asset("keyline"));
    if sums.iter().all(|sum| sum.amount.0 == 0) {
        return view! {
            <p class="owed"><span class="soft">{t!(i18n, start.nothing_owed)}</span></p>
            <svg class="bitting" aria-hidden="true"><use_ href=bitting /></svg>
        }
        .into_any();
    }
    let late = overdue.iter().any(|sum| sum.amount.0 > 0);
    view! {
        <p class="owed">
            <span class="figure">{text(move || joined(i18n, &sums))}</span>
            {late.then(|| view! {
                <span class="soft">{text(move || t_string!(i18n, start.overdue, amount = joined(i18n, &overdue)))}</span>
            })}
        </p>
        <svg class="bitting" aria-hidden="true"><use_ href=bitting /></svg>
        <ul class="rows linked">{invoices.into_iter().map(|invoice| view! { <Row invoice /> }).collect_view()}</ul>
    }
    .into_any()
}

fn joined(i18n: Words, sums: &[Money]) -> String {
    sums.iter()
        .map(|sum| locale::money(i18n, sum))
        .collect::<Vec<_>>()
        .join(" + ")
}

#[component]
fn Row(invoice: OpenInvoice) -> AnyView {
    let i18n = use_i18n();
    let OpenInvoice {
        id,
        currency,
        due_date,
        issue_date,
        due_amount,
        number,
    } = invoice;
    let days = due_date.as_ref().and_then(locale::days_until);
    let tone = if days.is_some_and(|days| days < 0) {
        Tone::Bad
    } else {
        Tone::Wait
    };
    let due = move || match (days, &due_date) {
        (Some(0), _) => t_string!(i18n, start.due_today).to_owned(),
        (Some(-1), _) => t_string!(i18n, start.due_since_one).to_owned(),
        (Some(days), _) if days < 0 => t_string!(i18n, start.due_since, days = -days),
        (Some(_), Some(day)) => t_string!(i18n, start.due_on, date = locale::day_in_text(i18n, day)),
        _ => t_string!(i18n, start.no_due_date).to_owned(),
    };
    view! {
        <li>
            <div>
                <p class="rows-title">
                    <A href=format!("/invoices/{}", id.0)>
                        {text(move || t_string!(i18n, start.invoice_of, date = locale::day_in_text(i18n, &issue_date)))}
                    </A>
                </p>
                <p class="rows-text"><span class="id">{number}</span></p>
            </div>
            <div class="rows-end">
                <b class="money">{text(move || locale::amount(i18n, due_amount, &currency))}</b>
                <br />
                <Badge tone>{text(due)}</Badge>
            </div>
        </li>
    }
    .into_any()
}

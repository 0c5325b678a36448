//! What has changed lately.
use super::later_operations::{RecentChange, recent};
use crate::{
    audit::act_words,
    i18n::*,
    loading::{Loaded, load},
    locale::{self, Words},
    order::{kind_words, state_words},
    ui::BlockHead,
};
use leptos::prelude::*;
use leptos_router::components::A;
use shared::{audit::Doer, start::ChangeKind};

/// The part "Zuletzt geändert".
#[component]
pub fn Recent() -> AnyView {
    let i18n = use_i18n();
    let found = load(move || recent(locale::language_of(i18n.get_locale())));
    view! {
        <section aria-labelledby="recent">
            <BlockHead id="recent" title=t!(i18n, start.recent)><A href="/log">{t!(i18n, nav.log)}</A></BlockHead>
            <Loaded resource=found rows=3 let:changes>
                {if changes.is_empty() {
                    view! { <p class="block-foot soft">{t!(i18n, start.recent_none)}</p> }.into_any()
                } else {
                    view! { <ul class="log">{changes.into_iter().map(row).collect_view()}</ul> }.into_any()
                }}
            </Loaded>
        </section>
    }
    .into_any()
}

fn row(change: RecentChange) -> AnyView {
    let i18n = use_i18n();
    let at = change.at.clone();
    let stamp = change.at.0.clone();
    view! {
        <li>
            <time datetime=stamp>{text(move || locale::moment(i18n, &at))}</time>
            <span>{what(i18n, change)}</span>
        </li>
    }
    .into_any()
}

fn what(i18n: Words, change: RecentChange) -> AnyView {
    let RecentChange {
        act,
        doer,
        invoice_id,
        kind,
        number,
        order_id,
        order_kind,
        order_state,
        person_name,
        title,
        ..
    } = change;
    let number = number.unwrap_or_default();
    match kind {
        ChangeKind::Act => {
            let act = act.unwrap_or_default();
            let who = text(move || match (doer, &person_name) {
                (Some(Doer::You), _) => t_string!(i18n, audit.you).to_owned(),
                (Some(Doer::Member), Some(name)) => name.clone(),
                (Some(Doer::Member), None) => t_string!(i18n, audit.member).to_owned(),
                (Some(Doer::Provider), _) => t_string!(i18n, audit.provider).to_owned(),
                (Some(Doer::Other), _) => t_string!(i18n, audit.other).to_owned(),
                (Some(Doer::Operator), _) => t_string!(i18n, audit.operator).to_owned(),
                (Some(Doer::Nobody) | None, _) => t_string!(i18n, audit.nobody).to_owned(),
            });
            view! { {text(move || act_words(i18n, &act))} <small>{who}</small> }.into_any()
        }
        ChangeKind::Invoice => {
            let href = invoice_id.map_or_else(|| "/invoices".to_owned(), |id| format!("/invoices/{id}"));
            view! { {t!(i18n, start.new_invoice)} " " <A href=href attr:class="id">{number}</A> }.into_any()
        }
        ChangeKind::Document => view! {
            {t!(i18n, start.new_document)} " " <A href="/documents">{title.unwrap_or_default()}</A>
        }
        .into_any(),
        ChangeKind::OrderPlaced | ChangeKind::OrderDecided => {
            let href = order_id.map_or_else(|| "/orders".to_owned(), |id| format!("/orders/{id}"));
            let words = text(move || {
                order_kind
                    .map(|kind| kind_words(i18n, kind).to_owned())
                    .unwrap_or_default()
            });
            let state = text(move || match (kind, order_state) {
                (ChangeKind::OrderDecided, Some(state)) => state_words(i18n, state).to_owned(),
                _ => t_string!(i18n, start.ordered).to_owned(),
            });
            let of = title.map(|title| format!(": {title}"));
            view! { <A href=href>{words}{of}</A> <small>{state} " · " <span class="id">{number}</span></small> }
                .into_any()
        }
    }
}

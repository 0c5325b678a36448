//! The newest of what a customer has, each kind with the way to all of it where the office has a list.
use super::recent_operations::{
    CustomerRecent, RecentAgreement, RecentContract, RecentDocument, RecentInvoice, RecentOrder, recent,
};
use crate::{
    document,
    i18n::*,
    invoice,
    loading::{Loaded, load},
    locale, order, product,
    ui::{Badge, Tone},
};
use leptos::prelude::*;
use leptos_router::components::A;
use shared::id::AccountId;

/// What the customer of an account has, newest first.
#[component]
pub fn Recent(account: AccountId, number: String) -> AnyView {
    let i18n = use_i18n();
    let found = load(move || {
        let language = locale::language_of(i18n.get_locale());
        recent(account, language)
    });
    view! {
        <Loaded resource=found rows=8 let:recent><Parts recent number=number.clone() /></Loaded>
    }
    .into_any()
}

#[component]
fn Parts(recent: CustomerRecent, number: String) -> AnyView {
    let i18n = use_i18n();
    let CustomerRecent {
        agreements,
        contracts,
        documents,
        invoices,
        orders,
    } = recent;
    let all = |list: &str, words: AnyView| {
        let address = format!("/office/{list}?text={number}");
        view! { <A href=address>{words}</A> }.into_any()
    };
    let orders_link = all("orders", t!(i18n, desk.all_orders).into_any());
    let agreements_link = all("agreements", t!(i18n, desk.all_agreements).into_any());
    let documents_link = all("documents", t!(i18n, papers.all_documents).into_any());
    let (none, title) = (().into_any(), t!(i18n, desk.kind_contract).into_any());
    view! {
        {part("contracts", title, none, contracts.into_iter().map(contract_row).collect())}
        {part("orders", t!(i18n, order.title).into_any(), orders_link, orders.into_iter().map(order_row).collect())}
        {part("invoices", t!(i18n, desk.kind_invoice).into_any(), ().into_any(), invoices.into_iter().map(invoice_row).collect())}
        {part("agreements", t!(i18n, papers.agreements).into_any(), agreements_link, agreements.into_iter().map(agreement_row).collect())}
        {part("documents", t!(i18n, document.title).into_any(), documents_link, documents.into_iter().map(document_row).collect())}
    }
    .into_any()
}

fn part(id: &'static str, title: AnyView, all: AnyView, rows: Vec<AnyView>) -> AnyView {
    let i18n = use_i18n();
    let rows = if rows.is_empty() {
        view! { <p class="soft">{t!(i18n, desk.no_rows)}</p> }.into_any()
    } else {
        view! { <ul class="rows">{rows}</ul> }.into_any()
    };
    view! {
        <section class="part" aria-labelledby=id>
            <div class="part-head">
                <h2 id=id>{title}</h2>
                <p>{all}</p>
            </div>
            {rows}
        </section>
    }
    .into_any()
}

fn row(title: AnyView, words: AnyView, end: AnyView) -> AnyView {
    view! {
        <li>
            <div>
                <p class="rows-title">{title}</p>
                <p class="rows-text">{words}</p>
            </div>
            <div class="rows-end">{end}</div>
        </li>
    }
    .into_any()
}

fn contract_row(of: RecentContract) -> AnyView {
    let i18n = use_i18n();
    let since = text(move || locale::date(i18n, &of.started_on));
    row(
        of.product_name.into_any(),
        view! { <span class="id">{of.number}</span> " · " {since} }.into_any(),
        product::state_badge(i18n, of.state),
    )
}

fn order_row(of: RecentOrder) -> AnyView {
    let i18n = use_i18n();
    let (kind, state) = (of.kind, of.state);
    let at = text(move || locale::stamp(i18n, &of.placed_at));
    let word = text(move || order::state_words(i18n, state).to_owned());
    row(
        view! { <A href=format!("/office/orders/{}", of.id)>{move || order::kind_words(i18n, kind)}</A> }.into_any(),
        view! { <span class="id">{of.number}</span> " · " {at} }.into_any(),
        view! { <Badge tone=order::tone(state)>{word}</Badge> }.into_any(),
    )
}

fn invoice_row(of: RecentInvoice) -> AnyView {
    let i18n = use_i18n();
    row(
        view! { <A href=format!("/office/invoices/{}", of.id)><span class="id">{of.number}</span></A> }.into_any(),
        text(move || locale::date(i18n, &of.issue_date)).into_any(),
        invoice::state_badge(i18n, of.state),
    )
}

fn agreement_row(of: RecentAgreement) -> AnyView {
    let i18n = use_i18n();
    let version = text(move || t_string!(i18n, papers.has, version = of.version).to_string());
    row(
        view! { <span class="id">{of.contract_number}</span> }.into_any(),
        text(move || locale::stamp(i18n, &of.concluded_at)).into_any(),
        view! { <Badge tone=Tone::Good>{version}</Badge> }.into_any(),
    )
}

fn document_row(of: RecentDocument) -> AnyView {
    let i18n = use_i18n();
    let kind = of.kind;
    row(
        of.title.into_any(),
        text(move || document::kind_words(i18n, kind).to_owned()).into_any(),
        text(move || locale::stamp(i18n, &of.added_at)).into_any(),
    )
}

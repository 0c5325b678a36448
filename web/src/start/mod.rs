//! The start page: what is owed, what there is, and what was invoiced.
mod chart;
mod later_operations;
mod operations;
mod owed;
mod recent;
mod tasks;

use crate::later::{Page, later};
use crate::{
    i18n::*,
    loading::{Loaded, load},
    locale::{self, Words},
    product::{ContractTable, contracts},
    session::{Viewer, use_viewer},
    ui::{BlockHead, Empty, Icon, PageHead},
};
use chart::InvoiceChart;
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::components::{A, Redirect};
use operations::invoice_months;
use owed::OwedPanel;
use recent::Recent;
use shared::account::{AccountKind, Right};
use tasks::Tasks;

/// The page "Start". Dealers begin with their devices instead.
#[component]
pub fn StartPage() -> AnyView {
    let i18n = use_i18n();
    let viewer = use_viewer();
    if viewer.read_untracked().as_ref().is_some_and(begins_with_devices) {
        return view! { <Redirect path="/devices" /> }.into_any();
    }
    let body = move || {
        let viewer = viewer.get()?;
        Some(match viewer.account.as_ref().map(|account| account.kind) {
            Some(AccountKind::Customer | AccountKind::Dealer) => view! { <CustomerStart viewer /> }.into_any(),
            Some(AccountKind::Provider) => later(crate::office::desk),
            None => view! {
                <Empty
                    icon="key"
                    title=t!(i18n, start.no_account)
                    text=t!(i18n, start.no_account_text)
                />
            }
            .into_any(),
        })
    };
    view! {
        <div class="page">
            <PageHead
                help="/"
                title=move || greeting(i18n, viewer.get().as_ref())
                window_title=t!(i18n, nav.start)
                lead=move || lead(i18n, viewer.get().as_ref())
            />
            {body}
        </div>
    }
    .into_any()
}

fn begins_with_devices(viewer: &Viewer) -> bool {
    viewer
        .account
        .as_ref()
        .is_some_and(|account| account.kind == AccountKind::Dealer)
        && viewer.may(Right::ManageKeys)
}

/// A greeting by the time of day, with the name where there is one.
fn greeting(i18n: Words, viewer: Option<&Viewer>) -> String {
    let greeting = match js_sys::Date::new_0().get_hours() {
        4..=10 => t_string!(i18n, start.morning),
        11..=17 => t_string!(i18n, start.day),
        _ => t_string!(i18n, start.evening),
    };
    match viewer
        .and_then(|viewer| viewer.name.clone())
        .filter(|name| !name.is_empty())
    {
        Some(name) => t_string!(i18n, start.greeting, greeting = greeting, name = name),
        None => greeting.to_owned(),
    }
}

/// What is to be done, in a sentence.
fn lead(i18n: Words, viewer: Option<&Viewer>) -> String {
    let Some(viewer) = viewer else { return String::new() };
    if let Some(account) = viewer
        .account
        .as_ref()
        .filter(|account| account.kind != AccountKind::Customer)
    {
        return t_string!(i18n, start.staff, name = account.name.clone());
    }
    match viewer.due_invoice_count {
        0 => t_string!(i18n, start.lead_none).to_owned(),
        1 => t_string!(i18n, start.lead_one).to_owned(),
        count => t_string!(i18n, start.lead_many, count = locale::count(i18n, count)),
    }
}

#[component]
fn CustomerStart(viewer: Viewer) -> AnyView {
    let sees_invoices = viewer.may(Right::SeeInvoices);
    let sees_contracts = viewer.may(Right::ManageContracts);
    let sees_keys = viewer.may(Right::ReadKeys) && viewer.device_count > 0;
    view! {
        <div class="split">
            {sees_invoices.then(|| view! { <OwedPanel /> })}
            <div class="stack-6">
                {later(tasks_part)}
                {sees_keys.then(|| view! { <Keys count=viewer.device_count /> })}
            </div>
        </div>
        {sees_contracts.then(|| view! { <Products /> })}
        <div class="split start-part">
            {sees_invoices.then(|| later(invoiced))}
            {later(recent_part)}
        </div>
    }
    .into_any()
}

#[component]
fn Keys(count: i32) -> AnyView {
    let i18n = use_i18n();
    let words = move || match count {
        1 => t_string!(i18n, start.keys_one).to_owned(),
        count => t_string!(i18n, start.keys_many, count = locale::count(i18n, count)),
    };
    view! {
        <section aria-labelledby="keys">
            <BlockHead id="keys" title=t!(i18n, start.keys)>""</BlockHead>
            <ul class="rows linked">
                <li>
                    <Icon name="key" />
                    <div>
                        <p class="rows-title"><A href="/devices">{t!(i18n, start.keys_open)}</A></p>
                        <p class="rows-text">{text(words)}</p>
                    </div>
                    <Icon name="right" small=true />
                </li>
            </ul>
        </section>
    }
    .into_any()
}

#[component]
fn Products() -> AnyView {
    let i18n = use_i18n();
    let found = load(move || contracts(locale::language_of(i18n.get_locale()), 6));
    view! {
        <section class="start-part" aria-labelledby="products">
            <BlockHead id="products" title=t!(i18n, start.products)>
                <A href="/products">{t!(i18n, start.all_products)}</A>
            </BlockHead>
            <Loaded resource=found let:list>
                {if list.nodes.is_empty() {
                    view! { <p class="block-foot soft">{t!(i18n, product.none_text)}</p> }.into_any()
                } else {
                    view! { <ContractTable contracts=list.nodes /> }.into_any()
                }}
            </Loaded>
        </section>
    }
    .into_any()
}

#[wasm_split(chart, wasm_split_path = ::leptos::wasm_split, fallible)]
fn tasks_part() -> Page {
    Ok(view! { <Tasks /> }.into_any())
}

#[wasm_split(chart, wasm_split_path = ::leptos::wasm_split, fallible)]
fn recent_part() -> Page {
    Ok(view! { <Recent /> }.into_any())
}

/// What was invoiced in the last twelve months, as a chart with its table.
pub fn invoiced_part() -> AnyView {
    later(invoiced)
}

/// The chart, which comes after all that one looks at first.
#[wasm_split(chart, wasm_split_path = ::leptos::wasm_split, fallible)]
fn invoiced() -> Page {
    Ok(view! { <Invoiced /> }.into_any())
}

#[component]
fn Invoiced() -> AnyView {
    let found = load(invoice_months);
    view! { <Loaded resource=found rows=2 let:months><InvoiceChart months /></Loaded> }.into_any()
}

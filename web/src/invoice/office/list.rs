//! The list of all invoices, for staff.
use super::{
    operations::{InvoiceConnection, ListedInvoice, office_invoices},
    query::{OfficeInvoiceQuery, STANDS, stand_of, stand_tone, stand_word, stand_words},
};
use crate::{
    api::Money,
    i18n::*,
    loading::{Loaded, load},
    locale,
    place::{Place, use_place},
    ui::{Badge, Empty, PageHead, Pager, SelectField, TextField},
};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::components::A;

/// The page "Rechnungen" of the office. What it shows is in its address.
#[component]
pub fn OfficeInvoicesPage() -> AnyView {
    let i18n = use_i18n();
    let place = use_place::<OfficeInvoiceQuery>();
    let found = load(move || {
        let rows = place.rows.get();
        async move { office_invoices(rows).await }
    });
    let typed = place.typed(|query| &query.text, |query, typed| query.text = typed.trim().to_owned());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        typed.search.run(());
    };
    let options = move || {
        let all = (String::new(), t_string!(i18n, bills.all).to_owned());
        let each = STANDS
            .into_iter()
            .map(|stand| (stand_word(stand).to_owned(), stand_words(i18n, stand).to_owned()));
        std::iter::once(all).chain(each).collect::<Vec<_>>()
    };
    view! {
        <div class="page wide">
            <PageHead title=t!(i18n, nav.invoices) lead=t!(i18n, bills.lead)>
                <A href="/office/invoices/rules" attr:class="button">{t!(i18n, bills.rules)}</A>
                <A href="/office/invoices/intake" attr:class="button primary">{t!(i18n, bills.intake)}</A>
            </PageHead>
            <search>
                <form class="filters" on:submit=submit>
                    <TextField id="invoice-text" label=t!(i18n, bills.search) value=typed.value kind="search" icon="search" class="grow" />
                    <SelectField
                        id="invoice-stand"
                        label=t!(i18n, office.state)
                        value=Signal::derive(move || place.query.read().stand.map(stand_word).unwrap_or_default().to_owned())
                        on_change=move |word: String| place.filter(|query| query.stand = stand_of(&word))
                        options=Signal::derive(options)
                    />
                </form>
            </search>
            <Loaded resource=found rows=10 let:list><Listed list place /></Loaded>
        </div>
    }
    .into_any()
}

#[component]
fn Listed(list: InvoiceConnection, place: Place<OfficeInvoiceQuery>) -> AnyView {
    let i18n = use_i18n();
    if list.nodes.is_empty() {
        return view! { <Empty icon="invoice" title=t!(i18n, bills.none) text=t!(i18n, bills.none_text) /> }.into_any();
    }
    let rows = list
        .nodes
        .iter()
        .cloned()
        .map(|invoice| view! { <Row invoice /> })
        .collect_view();
    let skipped = place.skipped();
    let (count, total) = (list.nodes.len(), list.total_count);
    let small = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
    let words = move || {
        t_string!(
            i18n,
            office.range,
            from = locale::count(i18n, small(skipped + 1)),
            to = locale::count(i18n, small(skipped + count)),
            total = locale::count(i18n, total)
        )
    };
    let previous = (skipped > 0).then(|| Callback::new(move |()| place.previous()));
    let end = list.page_info.end_cursor;
    let next = list
        .page_info
        .has_next_page
        .then(|| Callback::new(move |()| place.next(count, end.clone())));
    view! {
        <table role="table" class="cards">
            <caption class="away">{t!(i18n, nav.invoices)}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">{t!(i18n, bills.number)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, office.customer)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, bills.issued)}</th>
                    <th role="columnheader" scope="col" class="num">{t!(i18n, bills.gross)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, office.state)}</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
        <Pager text=words previous=Signal::stored(previous) next=Signal::stored(next) />
    }
    .into_any()
}

#[component]
fn Row(invoice: ListedInvoice) -> AnyView {
    let i18n = use_i18n();
    let ListedInvoice {
        account,
        buyer_name,
        currency,
        gross_total,
        id,
        issue_date,
        number,
        stand,
    } = invoice;
    let sum = Money {
        amount: gross_total,
        currency,
    };
    let word = text(move || stand_words(i18n, stand).to_owned());
    let who = match account {
        Some(account) => {
            view! { {account.name} <span class="sub"><span class="id">{account.number}</span></span> }.into_any()
        }
        None => view! { {buyer_name} <span class="sub">{t!(i18n, bills.by_invoice)}</span> }.into_any(),
    };
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="lead-cell">
                <A href=format!("/office/invoices/{id}")><span class="id">{number}</span></A>
            </th>
            <td role="cell" data-label=t!(i18n, office.customer)>{who}</td>
            <td role="cell" data-label=t!(i18n, bills.issued)>{text(move || locale::date(i18n, &issue_date))}</td>
            <td role="cell" class="num" data-label=t!(i18n, bills.gross)>{text(move || locale::money(i18n, &sum))}</td>
            <td role="cell" class="end-cell"><Badge tone=stand_tone(stand)>{word}</Badge></td>
        </tr>
    }
    .into_any()
}

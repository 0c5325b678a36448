//! The page "Vereinbarungen" of the office: the texts of each product, and who has concluded them.
use super::{
    operations::{
        AgreementContract, AgreementContractConnection, AgreementProductConnection, ListedProduct, coverage, products,
    },
    query::{AgreementQuery, concluded_of, concluded_word},
};
use crate::{
    i18n::*,
    loading::{Loaded, load},
    locale,
    place::{Place, use_place},
    session::use_viewer,
    ui::{Badge, BlockHead, Empty, Icon, PageHead, Pager, SelectField, TextField, Tone},
};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::components::A;
use shared::account::Right;

/// The page "Vereinbarungen".
#[component]
pub fn AgreementsPage() -> AnyView {
    let i18n = use_i18n();
    let viewer = use_viewer();
    let may = move |right| viewer.read_untracked().as_ref().is_some_and(|viewer| viewer.may(right));
    view! {
        <div class="page wide">
            <PageHead title=t!(i18n, papers.agreements) lead=t!(i18n, papers.agreements_lead) />
            {may(Right::Administer).then(|| view! { <Texts /> })}
            {may(Right::ManageCustomers).then(|| view! { <Coverage /> })}
        </div>
    }
    .into_any()
}

/// The texts of all products.
#[component]
fn Texts() -> AnyView {
    let i18n = use_i18n();
    // The cursors of the pages before this one.
    let trail = RwSignal::new(Vec::<String>::new());
    let found = load(move || {
        let after = trail.read().last().cloned();
        let language = locale::language_of(i18n.get_locale());
        async move { products(language, after).await }
    });
    view! {
        <section class="start-part" aria-labelledby="texts">
            <BlockHead id="texts" title=t!(i18n, papers.texts) />
            <Loaded resource=found rows=4 let:list><TextTable list trail /></Loaded>
        </section>
    }
    .into_any()
}

#[component]
fn TextTable(list: AgreementProductConnection, trail: RwSignal<Vec<String>>) -> AnyView {
    let i18n = use_i18n();
    if list.nodes.is_empty() {
        return view! { <p class="block-foot soft">{t!(i18n, papers.no_products)}</p> }.into_any();
    }
    let is_first = trail.read_untracked().is_empty();
    let previous = (!is_first).then(|| Callback::new(move |()| trail.update(|trail| drop(trail.pop()))));
    let end = list.page_info.end_cursor.filter(|_| list.page_info.has_next_page);
    let next = end.map(|end| Callback::new(move |()| trail.update(|trail| trail.push(end.clone()))));
    let has_pages = previous.is_some() || next.is_some();
    view! {
        <table role="table" class="cards">
            <caption class="away">{t!(i18n, papers.texts)}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">{t!(i18n, product.name)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, papers.published)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, papers.draft)}</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{list.nodes.into_iter().map(product_row).collect_view()}</tbody>
        </table>
        {has_pages.then(|| view! {
            <Pager text="" previous=Signal::stored(previous) next=Signal::stored(next) />
        })}
    }
    .into_any()
}

fn product_row(product: ListedProduct) -> AnyView {
    let i18n = use_i18n();
    let ListedProduct { code, id, name, texts } = product;
    let published = texts.iter().find(|text| text.published_at.is_some()).cloned();
    let draft = texts.into_iter().find(|text| text.published_at.is_none());
    let published = text(move || match &published {
        Some(of) => {
            let at = of
                .published_at
                .as_ref()
                .map(|at| locale::stamp(i18n, at))
                .unwrap_or_default();
            t_string!(i18n, papers.version_at, version = of.version, at = at).to_string()
        }
        None => t_string!(i18n, papers.none_yet).to_owned(),
    });
    let draft = text(move || match &draft {
        Some(of) => {
            let at = locale::stamp(i18n, &of.edited_at);
            t_string!(i18n, papers.version_at, version = of.version, at = at).to_string()
        }
        None => "–".to_owned(),
    });
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="lead-cell">
                <A href=format!("/office/agreements/{id}")>{name}</A>
                <span class="sub"><span class="id">{code}</span></span>
            </th>
            <td role="cell" data-label=t!(i18n, papers.published)>{published}</td>
            <td role="cell" data-label=t!(i18n, papers.draft)>{draft}</td>
        </tr>
    }
    .into_any()
}

/// Who has concluded which version, and who has not. What it shows is in the address.
#[component]
fn Coverage() -> AnyView {
    let i18n = use_i18n();
    let place = use_place::<AgreementQuery>();
    let found = load(move || {
        let rows = place.rows.get();
        let language = locale::language_of(i18n.get_locale());
        async move { coverage(language, rows).await }
    });
    let typed = place.typed(|query| &query.text, |query, typed| query.text = typed.trim().to_owned());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        typed.search.run(());
    };
    let states = Signal::derive(move || {
        vec![
            (String::new(), t_string!(i18n, document.all).to_owned()),
            ("missing".to_owned(), t_string!(i18n, papers.missing).to_owned()),
            ("concluded".to_owned(), t_string!(i18n, papers.concluded).to_owned()),
        ]
    });
    view! {
        <section class="start-part" aria-labelledby="coverage">
            <BlockHead id="coverage" title=t!(i18n, papers.coverage)>
                <A href="/office/documents?kind=agreement">{t!(i18n, papers.all_concluded)}</A>
            </BlockHead>
            <search>
                <form class="filters" on:submit=submit>
                    <TextField id="agreement-text" label=t!(i18n, papers.search_contracts) value=typed.value kind="search" icon="search" class="grow" />
                    <SelectField
                        id="agreement-state"
                        label=t!(i18n, office.state)
                        value=Signal::derive(move || concluded_word(place.query.read().is_concluded).to_owned())
                        on_change=move |word: String| place.filter(|query| query.is_concluded = concluded_of(&word))
                        options=states
                    />
                </form>
            </search>
            <Loaded resource=found rows=8 let:list><Contracts list place /></Loaded>
        </section>
    }
    .into_any()
}

#[component]
fn Contracts(list: AgreementContractConnection, place: Place<AgreementQuery>) -> AnyView {
    let i18n = use_i18n();
    if list.nodes.is_empty() {
        return view! { <Empty icon="search" title=t!(i18n, papers.no_contracts) text=t!(i18n, papers.no_contracts_text) /> }
            .into_any();
    }
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
    let has_next = list.page_info.has_next_page;
    let next = has_next.then(|| Callback::new(move |()| place.next(count, end.clone())));
    view! {
        <table role="table" class="cards">
            <caption class="away">{t!(i18n, papers.coverage)}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">{t!(i18n, office.customer)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, document.contract)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, office.state)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, papers.concluded)}</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{list.nodes.into_iter().map(contract_row).collect_view()}</tbody>
        </table>
        <Pager text=words previous=Signal::stored(previous) next=Signal::stored(next) />
    }
    .into_any()
}

fn contract_row(of: AgreementContract) -> AnyView {
    let i18n = use_i18n();
    let AgreementContract {
        account_id,
        concluded,
        customer_name,
        customer_number,
        is_concluded,
        number,
        product_name,
        version,
    } = of;
    let (tone, word) = if is_concluded {
        (
            Tone::Good,
            text(move || t_string!(i18n, papers.has, version = version).to_string()),
        )
    } else {
        (
            Tone::Wait,
            text(move || t_string!(i18n, papers.lacks, version = version).to_string()),
        )
    };
    let signed = match concluded {
        None => view! { "–" }.into_any(),
        Some(agreement) => {
            let name = customer_name.clone();
            let (path, version, at) = (agreement.path, agreement.version, agreement.concluded_at);
            let who = format!("{}, {}", agreement.signer_name, agreement.signer_role);
            view! {
                {text(move || t_string!(i18n, papers.version_at, version = version, at = locale::stamp(i18n, &at)).to_string())}
                <span class="sub">{who}</span>
                <a class="button s" href=path download="" rel="external">
                    <Icon name="download" />{t!(i18n, document.fetch)}<span class="away">" "{name}</span>
                </a>
            }
            .into_any()
        }
    };
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="lead-cell">
                <A href=format!("/customers/{account_id}")>{customer_name}</A>
                <span class="sub"><span class="id">{customer_number}</span></span>
            </th>
            <td role="cell" data-label=t!(i18n, document.contract)>
                <span class="id">{number}</span>
                <span class="sub">{product_name}</span>
            </td>
            <td role="cell" class="end-cell"><Badge tone>{word}</Badge></td>
            <td role="cell" data-label=t!(i18n, papers.concluded)>{signed}</td>
        </tr>
    }
    .into_any()
}

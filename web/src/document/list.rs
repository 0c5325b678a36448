//! The page "Dokumente".
use super::{
    operations::{Document, DocumentConnection, documents, own_contracts},
    query::{DocumentQuery, kind_of, kind_word, kind_words},
};
use crate::{
    i18n::*,
    loading::{Loaded, load},
    locale,
    place::{Place, use_place},
    ui::{Badge, Empty, Icon, PageHead, Pager, SelectField, TextField, Tone},
};
use leptos::{ev::SubmitEvent, prelude::*};
use shared::{document::DocumentKind, id::ContractId};

/// The page "Dokumente". What it shows is in its address.
#[component]
pub fn DocumentsPage() -> AnyView {
    let i18n = use_i18n();
    let place = use_place::<DocumentQuery>();
    let found = load(move || {
        let rows = place.rows.get();
        let language = locale::language_of(i18n.get_locale());
        async move { documents(language, rows).await }
    });
    let typed = place.typed(|query| &query.text, |query, typed| query.text = typed.trim().to_owned());
    let kinds = Signal::derive(move || {
        let all = (String::new(), t_string!(i18n, document.all).to_owned());
        let kind = |kind| (kind_word(Some(kind)).to_owned(), kind_words(i18n, kind).to_owned());
        std::iter::once(all)
            .chain(DocumentKind::ALL.map(kind))
            .collect::<Vec<_>>()
    });
    let contracts = load(own_contracts);
    let own = Signal::derive(move || {
        let all = (String::new(), t_string!(i18n, document.all).to_owned());
        let known = contracts.get().and_then(Result::ok).unwrap_or_default();
        let mut own: Vec<_> = known.into_iter().map(|of| (of.id.to_string(), of.number)).collect();
        own.insert(0, all);
        own
    });
    let chosen = Signal::derive(move || place.query.read().contract.map(|id| id.to_string()).unwrap_or_default());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        typed.search.run(());
    };
    view! {
        <div class="page">
            <PageHead title=t!(i18n, document.title) lead=t!(i18n, document.lead) help="/documents" />
            <search>
                <form class="filters" on:submit=submit>
                    <TextField id="document-text" label=t!(i18n, document.search) value=typed.value kind="search" />
                    <SelectField
                        id="document-kind"
                        label=t!(i18n, document.kind)
                        value=Signal::derive(move || kind_word(place.query.read().kind).to_owned())
                        on_change=move |word: String| place.filter(|query| query.kind = kind_of(&word))
                        options=kinds
                    />
                    <SelectField
                        id="document-contract"
                        label=t!(i18n, document.contract)
                        value=chosen
                        on_change=move |id: String| place.filter(|query| query.contract = id.parse().ok().map(ContractId))
                        options=own
                    />
                </form>
            </search>
            <Loaded resource=found rows=6 let:list><Listed list place /></Loaded>
        </div>
    }
    .into_any()
}

#[component]
fn Listed(list: DocumentConnection, place: Place<DocumentQuery>) -> AnyView {
    let i18n = use_i18n();
    if list.nodes.is_empty() {
        return view! { <Empty icon="invoice" title=t!(i18n, document.none) text=t!(i18n, document.none_text) /> }
            .into_any();
    }
    let rows = list.nodes.iter().cloned().map(row).collect_view();
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
    let next = (list.page_info.has_next_page).then(|| Callback::new(move |()| place.next(count, end.clone())));
    view! {
        <table role="table" class="cards">
            <caption class="away">{t!(i18n, document.title)}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">{t!(i18n, document.one)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, document.contract)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, document.since)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, document.file)}</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
        <Pager text=words previous=Signal::stored(previous) next=Signal::stored(next) />
    }
    .into_any()
}

fn row(document: Document) -> AnyView {
    let i18n = use_i18n();
    let Document {
        title,
        kind,
        contract_number,
        created_at,
        path,
        withdrawal_reason,
        ..
    } = document;
    let name = title.clone();
    let file = match path {
        Some(path) => view! {
            <a class="button s" href=path download="" rel="external">
                <Icon name="download" />{t!(i18n, document.fetch)}" "<span class="away">{name}</span>
            </a>
        }
        .into_any(),
        None => view! { <Badge tone=Tone::Off>{t!(i18n, document.withdrawn)}</Badge> }.into_any(),
    };
    let reason = withdrawal_reason.map(|reason| view! { <span class="sub">{reason}</span> });
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="lead-cell">
                {title}
                <span class="sub">{text(move || kind_words(i18n, kind).to_owned())}</span>
                {reason}
            </th>
            <td role="cell" data-label=t!(i18n, document.contract)>
                <span class="id">{contract_number.unwrap_or_else(|| "–".to_owned())}</span>
            </td>
            <td role="cell" data-label=t!(i18n, document.since)>{text(move || locale::stamp(i18n, &created_at))}</td>
            <td role="cell" class="end-cell">{file}</td>
        </tr>
    }
    .into_any()
}

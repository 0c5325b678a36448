//! The page "Dokumente" of the office: what lies there for all customers, put there and taken back.
use super::{
    attach::AttachForm,
    operations::{OfficeDocument, OfficeDocumentConnection, WithdrawDocumentInput, office_documents, withdraw},
    query::OfficeDocumentQuery,
};
use crate::{
    api::ApiError,
    document::query::{kind_of, kind_word, kind_words},
    i18n::*,
    loading::{Loaded, load},
    locale,
    place::{Place, use_place},
    refusal,
    ui::{
        Badge, BlockHead, Button, Dialog, Empty, FieldError, Icon, Notice, PageHead, Pager, SelectField, TextField,
        Toasts, Tone,
    },
};
use leptos::{ev::SubmitEvent, prelude::*};
use shared::{document::DocumentKind, id::DocumentId};

/// The page "Dokumente". What it shows is in its address.
#[component]
pub fn OfficeDocumentsPage() -> AnyView {
    let i18n = use_i18n();
    let place = use_place::<OfficeDocumentQuery>();
    let found = load(move || {
        let rows = place.rows.get();
        let language = locale::language_of(i18n.get_locale());
        async move { office_documents(language, rows).await }
    });
    let done = Callback::new(move |()| found.refetch());
    let typed = place.typed(|query| &query.text, |query, typed| query.text = typed.trim().to_owned());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        typed.search.run(());
    };
    let kinds = Signal::derive(move || {
        let all = (String::new(), t_string!(i18n, document.all).to_owned());
        let kind = |kind| (kind_word(Some(kind)).to_owned(), kind_words(i18n, kind).to_owned());
        std::iter::once(all)
            .chain(DocumentKind::ALL.map(kind))
            .collect::<Vec<_>>()
    });
    let taken = RwSignal::new(None::<(DocumentId, String)>);
    view! {
        <div class="page wide">
            <PageHead title=t!(i18n, document.title) lead=t!(i18n, papers.documents_lead) />
            <AttachForm done />
            <section class="start-part" aria-labelledby="documents">
                <BlockHead id="documents" title=t!(i18n, papers.all_documents) />
                <search>
                    <form class="filters" on:submit=submit>
                        <TextField id="document-text" label=t!(i18n, papers.search_documents) value=typed.value kind="search" icon="search" class="grow" />
                        <SelectField
                            id="document-filter"
                            label=t!(i18n, document.kind)
                            value=Signal::derive(move || kind_word(place.query.read().kind).to_owned())
                            on_change=move |word: String| place.filter(|query| query.kind = kind_of(&word))
                            options=kinds
                        />
                    </form>
                </search>
                <Loaded resource=found rows=8 let:list><Listed list place taken /></Loaded>
            </section>
            <WithdrawDialog taken done />
        </div>
    }
    .into_any()
}

#[component]
fn Listed(
    list: OfficeDocumentConnection,
    place: Place<OfficeDocumentQuery>,
    taken: RwSignal<Option<(DocumentId, String)>>,
) -> AnyView {
    let i18n = use_i18n();
    if list.nodes.is_empty() {
        return view! { <Empty icon="search" title=t!(i18n, document.none) text=t!(i18n, document.none_text) /> }
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
    let rows = list
        .nodes
        .into_iter()
        .map(|document| row(document, taken))
        .collect_view();
    view! {
        <table role="table" class="cards">
            <caption class="away">{t!(i18n, document.title)}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">{t!(i18n, document.one)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, office.customer)}</th>
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

fn row(document: OfficeDocument, taken: RwSignal<Option<(DocumentId, String)>>) -> AnyView {
    let i18n = use_i18n();
    let OfficeDocument {
        contract_number,
        created_at,
        customer_name,
        customer_number,
        id,
        kind,
        path,
        title,
        withdrawal_reason,
        withdrawn_at,
    } = document;
    let name = title.clone();
    let again = title.clone();
    let file = path.map(|path| {
        view! {
            <a class="button s" href=path download="" rel="external">
                <Icon name="download" />{t!(i18n, document.fetch)}<span class="away">" "{name}</span>
            </a>
        }
    });
    let is_open = withdrawn_at.is_none();
    let back = (is_open && kind != DocumentKind::Agreement).then(|| {
        let words = again.clone();
        view! {
            <Button look="s" on_press=move |()| taken.set(Some((id, again.clone())))>
                {t!(i18n, papers.withdraw)}<span class="away">" "{words}</span>
            </Button>
        }
    });
    let withdrawn = withdrawal_reason.map(|reason| {
        view! { <span class="sub"><Badge tone=Tone::Off>{t!(i18n, document.withdrawn)}</Badge> " " {reason}</span> }
    });
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="lead-cell">
                {title}
                <span class="sub">{text(move || kind_words(i18n, kind).to_owned())}</span>
                {withdrawn}
            </th>
            <td role="cell" data-label=t!(i18n, office.customer)>
                {customer_name} <span class="sub"><span class="id">{customer_number}</span></span>
            </td>
            <td role="cell" data-label=t!(i18n, document.contract)>
                <span class="id">{contract_number.unwrap_or_else(|| "–".to_owned())}</span>
            </td>
            <td role="cell" data-label=t!(i18n, document.since)>{text(move || locale::stamp(i18n, &created_at))}</td>
            <td role="cell" class="end-cell"><div class="actions">{file}{back}</div></td>
        </tr>
    }
    .into_any()
}

/// Asks for the reason, which the customer reads, and takes the document back.
#[component]
fn WithdrawDialog(taken: RwSignal<Option<(DocumentId, String)>>, done: Callback<()>) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let open = RwSignal::new(false);
    let reason = RwSignal::new(String::new());
    let act = Action::new_local(move |id: &DocumentId| {
        let input = WithdrawDocumentInput {
            id: *id,
            reason: reason.get_untracked(),
        };
        async move {
            withdraw(input).await?;
            toasts.say(tu_string!(i18n, papers.withdrawn));
            open.set(false);
            done.run(());
            Ok::<_, ApiError>(())
        }
    });
    Effect::new(move |_| {
        if taken.read().is_some() {
            reason.set(String::new());
            act.value().set(None);
            open.set(true);
        }
    });
    let refused = move || act.value().get()?.err().filter(|_| !act.pending().get());
    let error: FieldError = Signal::derive(move || {
        let error = refused().filter(|error| error.field() == Some("reason"))?;
        Some(refusal::words(i18n, &error))
    });
    let other = move || {
        let error = refused().filter(|error| error.field().is_none())?;
        Some(view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    view! {
        <Dialog
            id="withdraw-document"
            open
            small=true
            title=t!(i18n, papers.withdraw)
            on_close=move |()| taken.set(None)
            on_submit=move |()| {
                if let Some((id, _)) = taken.get_untracked()
                    && !act.pending().get_untracked()
                {
                    act.dispatch(id);
                }
            }
            foot=move || view! {
                <Button on_press=move |()| open.set(false)>{t!(i18n, ui.cancel)}</Button>
                <Button look="danger" submit=true busy=act.pending()>{t!(i18n, papers.withdraw)}</Button>
            }
        >
            <p><b>{move || taken.get().map(|(_, title)| title)}</b></p>
            <TextField id="withdraw-reason" label=t!(i18n, papers.reason) hint=t!(i18n, papers.reason_hint) value=reason required=true error=error />
            {other}
        </Dialog>
    }
    .into_any()
}

//! A document for a customer's contract, with its upload.
use super::operations::{AttachDocumentInput, Target, attach, targets};
use crate::{
    api::ApiError,
    document::query::{kind_of, kind_word, kind_words},
    i18n::*,
    loading::load,
    locale, refusal,
    ui::{Button, Field, FieldError, Notice, SelectField, TextField, Toasts, Tone, describe, live},
    upload::{MAX_FILE, upload},
};
use leptos::{ev::SubmitEvent, html, prelude::*};
use shared::{document::DocumentKind, error::ErrorCode, id::ContractId};
use std::time::Duration;

/// How long after the last key the contracts are looked for.
const PAUSE: Duration = Duration::from_millis(300);

/// The form above the list.
#[component]
pub fn AttachForm(done: Callback<()>) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let file = NodeRef::<html::Input>::new();
    let (german, english) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let kind = RwSignal::new(DocumentKind::Contract);
    let contract = RwSignal::new(None::<ContractId>);
    let part = RwSignal::new(None::<f64>);
    let was_tried = RwSignal::new(false);
    let has_file = RwSignal::new(false);
    let chosen = move || {
        let files = file.get_untracked()?.files()?;
        files.get(0)
    };
    let act = Action::new_local(move |contract_id: &ContractId| {
        let contract_id = *contract_id;
        async move {
            let Some(chosen) = chosen() else { return Ok(()) };
            let sent = upload(&chosen, move |done| {
                let _gone = part.try_set(Some(done));
            })
            .await;
            let _gone = part.try_set(None);
            attach(AttachDocumentInput {
                contract_id,
                file_id: sent?,
                kind: kind.get_untracked(),
                title_english: english.get_untracked(),
                title_german: german.get_untracked(),
            })
            .await?;
            toasts.say(tu_string!(i18n, papers.attached));
            was_tried.set(false);
            has_file.set(false);
            german.set(String::new());
            english.set(String::new());
            if let Some(input) = file.get_untracked() {
                input.set_value("");
            }
            done.run(());
            Ok::<_, ApiError>(())
        }
    });
    let choose = move |_| {
        let chosen = chosen();
        has_file.set(chosen.is_some());
        let is_large = chosen.is_some_and(|chosen| chosen.size() > MAX_FILE);
        act.value()
            .set(is_large.then(|| Err(ApiError::refused(ErrorCode::TooLarge))));
    };
    let is_too_large =
        move || matches!(act.value().get_untracked(), Some(Err(error)) if error.code() == Some(ErrorCode::TooLarge));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        was_tried.set(true);
        let is_whole = [german, english]
            .iter()
            .all(|title| !title.read_untracked().trim().is_empty());
        match contract.get_untracked() {
            Some(contract)
                if is_whole && has_file.get_untracked() && !act.pending().get_untracked() && !is_too_large() =>
            {
                act.dispatch(contract);
            }
            _ => {}
        }
    };
    let refused = move || act.value().get()?.err().filter(|_| !act.pending().get());
    let missing =
        move |is_missing: bool| (was_tried.get() && is_missing).then(|| t_string!(i18n, refusal.missing).to_owned());
    let error_of = move |field: &'static str| {
        let error = refused().filter(|error| error.field() == Some(field))?;
        Some(refusal::words(i18n, &error))
    };
    let title_error = move |title: RwSignal<String>, field: &'static str| -> FieldError {
        Signal::derive(move || missing(title.read().trim().is_empty()).or_else(|| error_of(field)))
    };
    let file_error: FieldError = Signal::derive(move || {
        missing(!has_file.get()).or_else(|| error_of("fileId")).or_else(|| {
            let error = refused().filter(|error| error.code() == Some(ErrorCode::TooLarge))?;
            Some(refusal::words(i18n, &error))
        })
    });
    let contract_error: FieldError = Signal::derive(move || missing(contract.get().is_none()));
    let other = move || {
        let error = refused().filter(|error| error.field().is_none() && error.code() != Some(ErrorCode::TooLarge))?;
        Some(view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    let kinds = Signal::derive(move || {
        let all = DocumentKind::ALL.into_iter();
        all.filter(|kind| *kind != DocumentKind::Agreement)
            .map(|kind| (kind_word(Some(kind)).to_owned(), kind_words(i18n, kind).to_owned()))
            .collect::<Vec<_>>()
    });
    view! {
        <section class="part" aria-labelledby="attach">
            <div class="part-head">
                <h2 id="attach">{t!(i18n, papers.attach)}</h2>
                <p>{t!(i18n, papers.attach_text)}</p>
            </div>
            <form class="form" novalidate on:submit=submit>
                <ContractChoice contract error=contract_error />
                <SelectField
                    id="attach-kind"
                    class="short"
                    label=t!(i18n, document.kind)
                    value=Signal::derive(move || kind_word(Some(kind.get())).to_owned())
                    on_change=move |word: String| kind.set(kind_of(&word).unwrap_or(DocumentKind::Other))
                    options=kinds
                />
                <TextField id="title-german" label=t!(i18n, papers.title_german) value=german required=true error=title_error(german, "titleGerman") />
                <TextField id="title-english" label=t!(i18n, papers.title_english) value=english required=true error=title_error(english, "titleEnglish") />
                <Field id="attach-file" label=t!(i18n, document.file) hint=t!(i18n, papers.file_hint) error=file_error>
                    <div class="drop">
                        <input
                            id="attach-file"
                            type="file"
                            accept=".pdf,.png,.jpg,.jpeg,.webp,.txt,.md,.csv"
                            node_ref=file
                            aria-invalid=move || file_error.read().is_some().then_some("true")
                            aria-describedby=describe("attach-file", true, file_error)
                            on:change=choose
                        />
                    </div>
                </Field>
                {live(move || part.get().map(|part| view! {
                    <progress aria-label=t_string!(i18n, office.uploading) max="1" value=part.to_string()></progress>
                }).into_any())}
                {live(move || other().into_any())}
                <Button look="primary" icon="upload" submit=true busy=act.pending()>{t!(i18n, papers.attach_now)}</Button>
            </form>
        </section>
    }
    .into_any()
}

/// The contract: a search in the words of the office, and a choice of what it finds.
#[component]
fn ContractChoice(contract: RwSignal<Option<ContractId>>, #[prop(into)] error: FieldError) -> AnyView {
    let i18n = use_i18n();
    let typed = RwSignal::new(String::new());
    let settled = RwSignal::new(String::new());
    let pending = StoredValue::new(None::<TimeoutHandle>);
    Effect::watch(
        move || typed.get(),
        move |typed, _, _| {
            if let Some(handle) = pending.get_value() {
                handle.clear();
            }
            let typed = typed.trim().to_owned();
            let settle = move || {
                let _gone = settled.try_set(typed);
            };
            pending.set_value(set_timeout_with_handle(settle, PAUSE).ok());
        },
        false,
    );
    let found = load(move || {
        let language = locale::language_of(i18n.get_locale());
        let text = settled.get();
        async move { targets(language, text).await }
    });
    let known = Signal::derive(move || found.get().and_then(Result::ok).unwrap_or_default());
    // What was chosen stays only while it is among what is offered.
    Effect::new(move |_| {
        let known = known.read();
        let is_there = contract
            .get_untracked()
            .is_some_and(|id| known.iter().any(|of| of.id == id));
        if !is_there {
            contract.set(match known.as_slice() {
                [only] => Some(only.id),
                _ => None,
            });
        }
    });
    let options = Signal::derive(move || {
        let choose = (String::new(), t_string!(i18n, papers.choose).to_owned());
        let words = |of: Target| {
            let words = format!(
                "{} · {} ({}) · {}",
                of.number, of.customer_name, of.customer_number, of.product_name
            );
            (of.id.to_string(), words)
        };
        std::iter::once(choose)
            .chain(known.get().into_iter().map(words))
            .collect::<Vec<_>>()
    });
    view! {
        <TextField id="contract-search" kind="search" icon="search" label=t!(i18n, papers.search_contracts) value=typed hint=t!(i18n, papers.search_hint) error=error />
        <SelectField
            id="attach-contract"
            label=t!(i18n, document.contract)
            value=Signal::derive(move || contract.get().map(|id| id.to_string()).unwrap_or_default())
            on_change=move |id: String| contract.set(id.parse().ok())
            options=options
        />
    }
    .into_any()
}

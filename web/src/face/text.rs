//! A legal text in both languages, with how it will look beside it.
use super::{
    edition, kind_words,
    operations::{DraftState, LegalDraft, LegalVersion, change_text, draft, preview},
};
use crate::{
    api::ApiError,
    i18n::*,
    loading::{Loaded, load},
    refusal,
    ui::{BlockHead, Button, Crumbs, Field, FieldError, Notice, PageHead, Toasts, Tone, describe, live},
};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::{components::A, hooks::use_params_map};
use shared::{error::ErrorCode, legal::LegalKind};
use std::time::Duration;

/// How long after the last key the preview follows.
const PAUSE: Duration = Duration::from_millis(400);

/// The page of a legal text.
#[component]
pub fn TextPage() -> AnyView {
    let i18n = use_i18n();
    let params = use_params_map();
    let kind = Memo::new(move |_| LegalKind::of_slug(&params.read().get("kind").unwrap_or_default()));
    let found = load(move || {
        let kind = kind.get();
        async move {
            let kind = kind.ok_or(ApiError::refused(ErrorCode::NotFound))?;
            draft(kind).await.map(|state| (kind, state))
        }
    });
    let done = Callback::new(move |()| found.refetch());
    view! {
        <div class="page">
            <Crumbs way=vec![("/office/face".to_owned(), t_string!(i18n, nav.face).into())] />
            <Loaded resource=found page=true rows=8 let:loaded>
                {
                    let (kind, state): (LegalKind, DraftState) = loaded;
                    view! {
                        <PageHead title=move || kind_words(i18n, kind) lead=t!(i18n, face.markdown)>
                            <A href=format!("/legal/{}", kind.slug()) attr:class="button">{t!(i18n, face.as_shown)}</A>
                        </PageHead>
                        <div class="stack-6">
                        {(state.legal_draft.version == 0).then(|| view! {
                            <Notice tone=Tone::Warn><p>{t!(i18n, face.neutral)}</p></Notice>
                        })}
                        <TextForm kind draft=state.legal_draft done />
                        <Editions kind versions=state.legal_versions.nodes />
                        </div>
                    }
                }
            </Loaded>
        </div>
    }
    .into_any()
}

#[component]
fn TextForm(kind: LegalKind, draft: LegalDraft, done: Callback<()>) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let (german, english) = (RwSignal::new(draft.german), RwSignal::new(draft.english));
    let version = draft.version;
    let save = Action::new_local(move |(): &()| {
        let draft = LegalDraft {
            english: english.get_untracked(),
            german: german.get_untracked(),
            version,
        };
        async move { change_text(kind, draft).await }
    });
    Effect::new(move |_| {
        if let Some(Ok(_)) = save.value().get() {
            toasts.say(tu_string!(i18n, face.saved));
            done.run(());
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !save.pending().get_untracked() {
            save.dispatch(());
        }
    };
    let refused = move || save.value().get()?.err().filter(|_| !save.pending().get());
    let error_of = move |field: &'static str| -> FieldError {
        Signal::derive(move || {
            let error = refused().filter(|error| error.field() == Some(field))?;
            Some(refusal::words(i18n, &error))
        })
    };
    let other = move || {
        let error: ApiError = refused().filter(|error| error.field().is_none())?;
        Some(view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    view! {
        <form novalidate on:submit=submit class="stack-5">
            <Side id="text-german" label=t!(i18n, office.german) value=german error=error_of("german") />
            <Side id="text-english" label=t!(i18n, office.english) value=english error=error_of("english") />
            {other}
            <Button look="primary" submit=true busy=save.pending()>{t!(i18n, face.save_text)}</Button>
        </form>
    }
    .into_any()
}

/// One language: what is typed, and how it will look.
#[component]
pub fn Side(
    /// The id of the field.
    id: &'static str,
    /// Which language.
    #[prop(into)]
    label: TextProp,
    /// What is typed.
    value: RwSignal<String>,
    /// What is wrong.
    #[prop(into)]
    error: FieldError,
) -> AnyView {
    let i18n = use_i18n();
    let settled = RwSignal::new(value.get_untracked());
    let pending = StoredValue::new(None::<TimeoutHandle>);
    let stop = Effect::watch(
        move || value.get(),
        move |typed, _, _| {
            if let Some(handle) = pending.get_value() {
                handle.clear();
            }
            let typed = typed.clone();
            let settle = move || {
                let _gone = settled.try_set(typed);
            };
            pending.set_value(set_timeout_with_handle(settle, PAUSE).ok());
        },
        false,
    );
    on_cleanup(move || {
        stop.stop();
        if let Some(handle) = pending.try_get_value().flatten() {
            handle.clear();
        }
    });
    let shown = load(move || preview(settled.get()));
    view! {
        <div class="split">
            <Field id label error>
                <textarea
                    id=id
                    rows="18"
                    class="id"
                    bind:value=value
                    aria-invalid=move || error.read().is_some().then_some("true")
                    aria-describedby=describe(id, false, error)
                ></textarea>
            </Field>
            <div>
                <h2 class="small">{t!(i18n, face.preview)}</h2>
                <Loaded resource=shown let:html>
                    <div class="prose card" inner_html=html></div>
                </Loaded>
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn Editions(kind: LegalKind, versions: Vec<LegalVersion>) -> AnyView {
    let i18n = use_i18n();
    if versions.is_empty() {
        return ().into_any();
    }
    let row = move |of: LegalVersion| {
        let href = format!("/legal/{}?version={}", kind.slug(), of.version);
        let words = text(move || edition(i18n, of.version, of.author.clone(), Some(of.edited_at.clone())));
        view! { <li><A href=href>{words}</A></li> }
    };
    view! {
        <section aria-labelledby="text-versions">
            <BlockHead id="text-versions" title=t!(i18n, foot.editions) />
            <ul class="stack-3">{live({
                let rows = StoredValue::new(versions);
                move || rows.get_value().into_iter().map(row).collect_view().into_any()
            })}</ul>
        </section>
    }
    .into_any()
}

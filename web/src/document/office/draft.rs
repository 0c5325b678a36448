//! The text of a product's agreement: written as a draft in both languages, published as a version.
use super::operations::{
    EditedProduct, PublishAgreementInput, SaveAgreementDraftInput, TextVersion, product, publish, save_draft,
};
use crate::{
    api::ApiError,
    face::Side,
    i18n::*,
    loading::{Loaded, load},
    locale, refusal,
    ui::{BlockHead, Button, Crumbs, Dialog, FieldError, Notice, PageHead, Toasts, Tone, live},
};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::hooks::use_params_map;
use shared::{error::ErrorCode, id::ProductId};

/// What is filled for each contract.
const FIELDS: [&str; 8] = [
    "{provider}",
    "{provider_address}",
    "{customer}",
    "{customer_address}",
    "{customer_number}",
    "{product}",
    "{contract}",
    "{version}",
];

/// The page of a product's text.
#[component]
pub fn DraftPage() -> AnyView {
    let i18n = use_i18n();
    let params = use_params_map();
    let found = load(move || {
        let id = params.read().get("id").and_then(|id| id.parse().ok()).map(ProductId);
        let language = locale::language_of(i18n.get_locale());
        async move {
            match id {
                Some(id) => Ok((id, product(id, language).await?)),
                None => Err(ApiError::refused(ErrorCode::NotFound)),
            }
        }
    });
    let done = Callback::new(move |()| found.refetch());
    view! {
        <div class="page wide">
            <Crumbs way=vec![("/office/agreements".to_owned(), t_string!(i18n, papers.agreements).into())] />
            <Loaded resource=found page=true rows=8 let:found>
                {
                    let (id, product): (ProductId, EditedProduct) = found;
                    let name = product.name.clone();
                    let texts = product.texts.clone();
                    view! {
                        <PageHead title=name lead=t!(i18n, papers.draft_lead) />
                        <div class="stack-6">
                            <DraftForm id product done />
                            <Versions texts />
                        </div>
                    }
                }
            </Loaded>
        </div>
    }
    .into_any()
}

#[component]
fn DraftForm(id: ProductId, product: EditedProduct, done: Callback<()>) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let EditedProduct {
        draft_revision: revision,
        draft_version: version,
        german: german_before,
        english: english_before,
        texts,
        ..
    } = product;
    let (german, english) = (
        RwSignal::new(german_before.clone()),
        RwSignal::new(english_before.clone()),
    );
    let is_changed = Signal::derive(move || *german.read() != german_before || *english.read() != english_before);
    let draft = texts.into_iter().find(|text| text.published_at.is_none());
    let save = Action::new_local(move |(): &()| {
        let input = SaveAgreementDraftInput {
            english: english.get_untracked(),
            german: german.get_untracked(),
            product_id: id,
            revision,
            version,
        };
        async move { save_draft(input).await }
    });
    let to_publish = draft.as_ref().map(|draft| PublishAgreementInput {
        id: draft.id,
        revision: draft.revision,
    });
    let asks = RwSignal::new(false);
    let publish = Action::new_local(move |(): &()| async move {
        match to_publish {
            Some(input) => publish(input).await,
            None => Ok(()),
        }
    });
    Effect::new(move |_| {
        if let Some(Ok(())) = save.value().get() {
            toasts.say(tu_string!(i18n, papers.saved));
            done.run(());
        }
    });
    Effect::new(move |_| match publish.value().get() {
        Some(Ok(())) => {
            toasts.say(tu_string!(i18n, papers.is_published));
            done.run(());
        }
        Some(Err(_)) => asks.set(false),
        None => {}
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !save.pending().get_untracked() {
            save.dispatch(());
        }
    };
    let refused = move || {
        let of_save = save
            .value()
            .get()
            .and_then(Result::err)
            .filter(|_| !save.pending().get());
        let of_publish = publish
            .value()
            .get()
            .and_then(Result::err)
            .filter(|_| !publish.pending().get());
        of_save.or(of_publish)
    };
    let error_of = move |field: &'static str| -> FieldError {
        Signal::derive(move || {
            let error = refused().filter(|error| error.field() == Some(field))?;
            Some(refusal::words(i18n, &error))
        })
    };
    let other = move || {
        let error: ApiError = refused().filter(|error| error.field().is_none())?;
        if error.code() != Some(ErrorCode::Conflict) {
            return Some(view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> });
        }
        Some(view! {
            <Notice tone=Tone::Warn live=true>
                <p>{t!(i18n, papers.conflict)}</p>
                <Button look="s" on_press=move |()| done.run(())>{t!(i18n, papers.load_anew)}</Button>
            </Notice>
        })
    };
    let state = text(move || match &draft {
        Some(draft) => {
            let at = locale::stamp(i18n, &draft.edited_at);
            let author = draft.author.clone().unwrap_or_else(|| "Keyhaus".to_owned());
            t_string!(i18n, papers.draft_of, version = version, at = at, author = author).to_string()
        }
        None => t_string!(i18n, papers.no_draft, version = version).to_string(),
    });
    let blocked = Signal::derive(move || to_publish.is_none() || is_changed.get());
    view! {
        <form novalidate on:submit=submit class="stack-5">
            <p class="soft">{state}</p>
            <details>
                <summary>{t!(i18n, papers.fields)}</summary>
                <p>{t!(i18n, papers.fields_text)}</p>
                <p>{FIELDS.map(|field| view! { <code class="id">{field}</code> " " }).into_iter().collect_view()}</p>
            </details>
            <Side id="agreement-german" label=t!(i18n, office.german) value=german error=error_of("german") />
            <Side id="agreement-english" label=t!(i18n, office.english) value=english error=error_of("english") />
            {move || other()}
            <div class="actions">
                <Button look="primary" submit=true busy=save.pending()>{t!(i18n, papers.save)}</Button>
                <Button busy=publish.pending() disabled=blocked on_press=move |()| asks.set(true)>
                    {text(move || t_string!(i18n, papers.publish, version = version).to_string())}
                </Button>
            </div>
            {live(move || blocked.get().then(|| view! { <p class="soft small">{t!(i18n, papers.save_first)}</p> }).into_any())}
        </form>
        <Dialog
            id="publish-agreement"
            open=asks
            small=true
            title=move || t_string!(i18n, papers.publish, version = version).to_string()
            on_submit=move |()| {
                if !publish.pending().get_untracked() {
                    publish.dispatch(());
                }
            }
            foot=move || view! {
                <Button on_press=move |()| asks.set(false)>{t!(i18n, ui.cancel)}</Button>
                <Button look="primary" submit=true busy=publish.pending()>{t!(i18n, papers.publish_now)}</Button>
            }
        >
            <p>{t!(i18n, papers.publish_text)}</p>
        </Dialog>
    }
    .into_any()
}

#[component]
fn Versions(texts: Vec<TextVersion>) -> AnyView {
    let i18n = use_i18n();
    let published: Vec<_> = texts.into_iter().filter(|text| text.published_at.is_some()).collect();
    if published.is_empty() {
        return ().into_any();
    }
    let row = move |of: TextVersion| {
        let words = text(move || {
            let at = of
                .published_at
                .as_ref()
                .map(|at| locale::stamp(i18n, at))
                .unwrap_or_default();
            t_string!(i18n, papers.version_at, version = of.version, at = at).to_string()
        });
        view! { <li>{words} {of.author.map(|author| format!(", {author}"))}</li> }
    };
    view! {
        <section aria-labelledby="agreement-versions">
            <BlockHead id="agreement-versions" title=t!(i18n, foot.editions) />
            <ul class="stack-3">{published.into_iter().map(row).collect_view()}</ul>
        </section>
    }
    .into_any()
}

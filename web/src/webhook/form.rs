//! The dialog for an endpoint: a new one with its secret, or one that is known.
use super::{
    operations::{ChangeWebhookInput, CreateWebhookInput, Webhook, change_webhook, create_webhook},
    query::kind_words,
};
use crate::{
    api::ApiError,
    i18n::*,
    refusal,
    ui::{Button, CopyButton, Dialog, FieldError, Icon, Notice, TextField, Toasts, Tone, live},
};
use leptos::prelude::*;
use shared::webhook::EventKind;

/// The fields that say themselves what is wrong with them.
const FIELDS: [&str; 3] = ["name", "url", "kinds"];

/// What the dialog is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A new endpoint.
    New,
    /// One that is known.
    Known(Webhook),
}

/// A secret, which is shown once.
pub fn secret_part(i18n: crate::locale::Words, secret: String) -> AnyView {
    let copied = secret.clone();
    view! {
        <Notice tone=Tone::Warn live=true><p>{t!(i18n, webhook.once)}</p></Notice>
        <p class="secret">
            <span class="id" id="webhook-secret">{secret}</span>
            " "
            <CopyButton text=copied what=t!(i18n, webhook.secret) only=true />
        </p>
    }
    .into_any()
}

/// Name, address and kinds; then, for a new endpoint, its secret.
#[component]
pub fn EndpointDialog(
    /// What it is about; open while there is something.
    asked: RwSignal<Option<Asked>>,
    /// Hears that endpoints have changed.
    done: Callback<()>,
) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let open = RwSignal::new(false);
    let name = RwSignal::new(String::new());
    let url = RwSignal::new(String::new());
    let kinds = RwSignal::new(Vec::<EventKind>::new());
    let is_enabled = RwSignal::new(true);
    let was_tried = RwSignal::new(false);
    let secret = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        let known = match asked.get() {
            Some(Asked::Known(known)) => Some(known),
            Some(Asked::New) => None,
            None => return open.set(false),
        };
        name.set(known.as_ref().map(|known| known.name.clone()).unwrap_or_default());
        url.set(known.as_ref().map(|known| known.url.clone()).unwrap_or_default());
        is_enabled.set(known.as_ref().is_none_or(|known| known.is_enabled));
        kinds.set(known.map_or_else(|| EventKind::ALL.to_vec(), |known| known.kinds));
        open.set(true);
    });
    let is_new = move || !matches!(asked.get(), Some(Asked::Known(_)));
    let save = Action::new_local(move |(): &()| {
        let (name, url) = (name.get_untracked(), url.get_untracked());
        let (kinds, is_enabled) = (kinds.get_untracked(), is_enabled.get_untracked());
        let known = match asked.get_untracked() {
            Some(Asked::Known(known)) => Some(known.id),
            _ => None,
        };
        async move {
            match known {
                Some(id) => {
                    let input = ChangeWebhookInput {
                        id,
                        is_enabled,
                        kinds,
                        name,
                        url,
                    };
                    let name = change_webhook(input).await?;
                    toasts.say(tu_string!(i18n, webhook.saved, name = name).to_string());
                    let _gone = open.try_set(false);
                }
                None => {
                    let made = create_webhook(CreateWebhookInput { kinds, name, url }).await?;
                    let _gone = secret.try_set(Some(made));
                }
            }
            done.run(());
            Ok::<_, ApiError>(())
        }
    });
    let submit = Callback::new(move |()| {
        if secret.read_untracked().is_some() {
            return open.set(false);
        }
        was_tried.set(true);
        let is_whole = !name.read_untracked().trim().is_empty()
            && !url.read_untracked().trim().is_empty()
            && !kinds.read_untracked().is_empty();
        if is_whole && !save.pending().get_untracked() {
            save.dispatch(());
        }
    });
    let closed = Callback::new(move |()| {
        asked.set(None);
        secret.set(None);
        was_tried.set(false);
        save.value().set(None);
    });
    let missing =
        move |is_missing: bool| (was_tried.get() && is_missing).then(|| t_string!(i18n, refusal.missing).to_owned());
    let refused = move |field: &'static str| {
        let error = save.value().get()?.err()?;
        (!save.pending().get() && error.field() == Some(field)).then(|| refusal::words(i18n, &error))
    };
    let name_error: FieldError =
        Signal::derive(move || missing(name.read().trim().is_empty()).or_else(|| refused("name")));
    let url_error: FieldError =
        Signal::derive(move || missing(url.read().trim().is_empty()).or_else(|| refused("url")));
    let kinds_error: FieldError = Signal::derive(move || missing(kinds.read().is_empty()).or_else(|| refused("kinds")));
    let other = move || {
        let error = save.value().get()?.err()?;
        let has_field = error.field().is_some_and(|field| FIELDS.contains(&field));
        (!save.pending().get() && !has_field)
            .then(|| view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    let tick = move |kind: EventKind| {
        let change = move |is_ticked: bool| {
            kinds.update(|kinds| {
                kinds.retain(|each| *each != kind);
                if is_ticked {
                    kinds.push(kind);
                }
            });
        };
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    name="webhook-kind"
                    prop:checked=move || kinds.read().contains(&kind)
                    on:change:target=move |event| change(event.target().checked())
                />
                " "
                <span>{live(move || kind_words(i18n, kind).into_any())}</span>
            </label>
        }
    };
    let form = move || {
        view! {
            <TextField id="webhook-name" label=t!(i18n, webhook.name) value=name required=true error=name_error />
            <TextField
                id="webhook-url"
                label=t!(i18n, webhook.url)
                hint=t!(i18n, webhook.url_hint)
                value=url
                kind="url"
                autocapitalize="none"
                required=true
                error=url_error
            />
            <fieldset>
                <legend class="label">{t!(i18n, webhook.kinds)}</legend>
                {live(move || kinds_error.get().map(|text| view! {
                    <p class="field-error" role="alert"><Icon name="stop" /><span>{text}</span></p>
                }).into_any())}
                <div class="checks">{EventKind::ALL.map(tick).collect_view()}</div>
            </fieldset>
            {live(move || (!is_new()).then(|| view! {
                <label class="check">
                    <input
                        type="checkbox"
                        id="webhook-enabled"
                        prop:checked=is_enabled
                        on:change:target=move |event| is_enabled.set(event.target().checked())
                    />
                    " "
                    <span>{t!(i18n, webhook.is_enabled)}</span>
                </label>
            }).into_any())}
            {other}
        }
        .into_any()
    };
    let foot = move || {
        live(move || {
            if secret.read().is_some() {
                view! { <Button look="primary" submit=true>{t!(i18n, webhook.close)}</Button> }.into_any()
            } else {
                view! {
                    <Button on_press=move |()| open.set(false)>{t!(i18n, ui.cancel)}</Button>
                    <Button look="primary" submit=true busy=save.pending()>{t!(i18n, webhook.save)}</Button>
                }
                .into_any()
            }
        })
    };
    let title = move || {
        if is_new() {
            t_string!(i18n, webhook.create).to_owned()
        } else {
            t_string!(i18n, webhook.change).to_owned()
        }
    };
    view! {
        <Dialog id="webhook" open title on_submit=submit on_close=closed foot>
            <div class="form">
                {live(move || match secret.get() {
                    Some(made) => secret_part(i18n, made),
                    None => form(),
                })}
            </div>
        </Dialog>
    }
    .into_any()
}

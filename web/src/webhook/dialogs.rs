//! The questions before an endpoint gets a new secret, is removed, or gets what failed once more.
use super::{
    form::secret_part,
    operations::{ReplayFailedDeliveriesInput, Webhook, delete_webhook, replay_failed, rotate_secret},
};
use crate::{
    api::{ApiError, Instant},
    i18n::*,
    locale, refusal,
    ui::{Button, Dialog, Notice, TextField, Toasts, Tone, live},
};
use leptos::prelude::*;

/// Keeps a dialog open while something is asked.
fn follows(asked: RwSignal<Option<Webhook>>) -> RwSignal<bool> {
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(asked.read().is_some()));
    open
}

/// Why an action was refused.
fn refused<I: 'static, T: Clone + Send + Sync + 'static>(action: Action<I, Result<T, ApiError>>) -> AnyView {
    let i18n = use_i18n();
    live(move || {
        let error = action
            .value()
            .get()
            .and_then(Result::err)
            .filter(|_| !action.pending().get());
        error
            .map(|error| view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
            .into_any()
    })
}

/// Replaces the secret and shows the new one.
#[component]
pub fn RotateDialog(asked: RwSignal<Option<Webhook>>, done: Callback<()>) -> AnyView {
    let i18n = use_i18n();
    let open = follows(asked);
    let secret = RwSignal::new(None::<String>);
    let rotate = Action::new_local(move |row: &Webhook| {
        let id = row.id;
        async move {
            let made = rotate_secret(id).await?;
            let _gone = secret.try_set(Some(made));
            done.run(());
            Ok::<_, ApiError>(())
        }
    });
    let submit = Callback::new(move |()| match asked.get_untracked() {
        Some(row) if secret.read_untracked().is_none() => {
            if !rotate.pending().get_untracked() {
                rotate.dispatch(row);
            }
        }
        _ => open.set(false),
    });
    let closed = Callback::new(move |()| {
        asked.set(None);
        secret.set(None);
        rotate.value().set(None);
    });
    let foot = move || {
        live(move || {
            if secret.read().is_some() {
                view! { <Button look="primary" submit=true>{t!(i18n, webhook.close)}</Button> }.into_any()
            } else {
                view! {
                    <Button on_press=move |()| open.set(false)>{t!(i18n, ui.cancel)}</Button>
                    <Button look="primary" submit=true busy=rotate.pending()>{t!(i18n, webhook.rotate)}</Button>
                }
                .into_any()
            }
        })
    };
    view! {
        <Dialog id="webhook-rotate" open title=t!(i18n, webhook.rotate) on_submit=submit on_close=closed foot>
            {live(move || match secret.get() {
                Some(made) => secret_part(i18n, made),
                None => view! { <p>{t!(i18n, webhook.rotate_text)}</p> }.into_any(),
            })}
            {refused(rotate)}
        </Dialog>
    }
    .into_any()
}

/// Says what goes with an endpoint, before it is removed.
#[component]
pub fn DeleteDialog(asked: RwSignal<Option<Webhook>>, done: Callback<()>) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let open = follows(asked);
    let delete = Action::new_local(move |row: &Webhook| {
        let Webhook { id, name, .. } = row.clone();
        async move {
            delete_webhook(id).await?;
            toasts.say(tu_string!(i18n, webhook.deleted, name = name).to_string());
            let _gone = open.try_set(false);
            done.run(());
            Ok::<_, ApiError>(())
        }
    });
    let submit = Callback::new(move |()| {
        if let Some(row) = asked.get_untracked()
            && !delete.pending().get_untracked()
        {
            delete.dispatch(row);
        }
    });
    let closed = Callback::new(move |()| {
        asked.set(None);
        delete.value().set(None);
    });
    let question = move || Some(t_string!(i18n, webhook.question, name = asked.get()?.name).to_string());
    let foot = move || {
        view! {
            <Button on_press=move |()| open.set(false)>{t!(i18n, ui.cancel)}</Button>
            <Button look="danger" submit=true busy=delete.pending()>{t!(i18n, webhook.delete)}</Button>
        }
        .into_any()
    };
    view! {
        <Dialog id="webhook-delete" open small=true title=t!(i18n, webhook.delete) on_submit=submit on_close=closed foot>
            <p>{question}</p>
            {refused(delete)}
        </Dialog>
    }
    .into_any()
}

/// Sends what failed in a period once more.
#[component]
pub fn ReplayDialog(asked: RwSignal<Option<Webhook>>, done: Callback<()>) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let open = follows(asked);
    let from = RwSignal::new(locale::today().0);
    let until = RwSignal::new(locale::today().0);
    let replay = Action::new_local(move |row: &Webhook| {
        let input = ReplayFailedDeliveriesInput {
            from: Instant(format!("{}T00:00:00Z", from.get_untracked())),
            until: Instant(format!("{}T23:59:59.999999Z", until.get_untracked())),
            webhook_id: row.id,
        };
        async move {
            let count = replay_failed(input).await?;
            toasts.say(t_string!(i18n, webhook.replayed_many, count = locale::count(i18n, count)).to_string());
            let _gone = open.try_set(false);
            done.run(());
            Ok::<_, ApiError>(())
        }
    });
    let submit = Callback::new(move |()| {
        let has_days = !from.read_untracked().is_empty() && !until.read_untracked().is_empty();
        if let Some(row) = asked.get_untracked()
            && has_days
            && !replay.pending().get_untracked()
        {
            replay.dispatch(row);
        }
    });
    let closed = Callback::new(move |()| {
        asked.set(None);
        replay.value().set(None);
    });
    let foot = move || {
        view! {
            <Button on_press=move |()| open.set(false)>{t!(i18n, ui.cancel)}</Button>
            <Button look="primary" submit=true busy=replay.pending()>{t!(i18n, webhook.replay)}</Button>
        }
        .into_any()
    };
    view! {
        <Dialog id="webhook-replay" open title=t!(i18n, webhook.replay_failed) on_submit=submit on_close=closed foot>
            <div class="form">
                <div class="field-row">
                    <TextField id="replay-from" label=t!(i18n, webhook.from) value=from kind="date" required=true />
                    <TextField id="replay-until" label=t!(i18n, webhook.until) value=until kind="date" required=true />
                </div>
                {refused(replay)}
            </div>
        </Dialog>
    }
    .into_any()
}

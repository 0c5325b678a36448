//! The question before rights are taken back.
use super::operations::{Assignment, revoke_read_rights};
use crate::{
    api::ApiError,
    i18n::*,
    locale, refusal,
    ui::{Button, Dialog, Notice, Toasts, Tone},
};
use leptos::prelude::*;

/// Says what follows from taking rights back, and for how many devices, before it happens.
#[component]
pub fn RevokeDialog(
    /// Which rights; none while nothing is asked.
    asked: RwSignal<Vec<Assignment>>,
    /// Hears that they are taken back.
    done: Callback<()>,
) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(!asked.read().is_empty()));
    let revoke = Action::new_local(move |asked: &Vec<Assignment>| {
        let ids = asked.iter().map(|row| row.id).collect();
        async move {
            let rows = revoke_read_rights(ids, None).await?;
            toasts.say(match rows.as_slice() {
                [row] => tu_string!(i18n, access.revoked, email = row.email.clone()).to_string(),
                rows => t_string!(i18n, access.revoked_many, count = rows.len()).to_string(),
            });
            let _gone = open.try_set(false);
            done.run(());
            Ok::<_, ApiError>(())
        }
    });
    let submit = Callback::new(move |()| {
        if !revoke.pending().get_untracked() {
            revoke.dispatch(asked.get_untracked());
        }
    });
    let closed = Callback::new(move |()| {
        asked.set(Vec::new());
        revoke.value().set(None);
    });
    let question = move || match asked.get().as_slice() {
        [] => String::new(),
        [row] => match row.device_count {
            1 => t_string!(i18n, access.question_one, email = row.email.clone()),
            count => t_string!(
                i18n,
                access.question_many,
                email = row.email.clone(),
                count = locale::count(i18n, count)
            ),
        },
        rows => t_string!(i18n, access.question_all, count = rows.len()),
    };
    let refused = move || {
        let error = revoke.value().get()?.err()?;
        (!revoke.pending().get())
            .then(|| view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    let foot = move || {
        view! {
            <Button on_press=move |()| open.set(false)>{t!(i18n, ui.cancel)}</Button>
            <Button look="danger primary" submit=true busy=revoke.pending()>{t!(i18n, access.revoke)}</Button>
        }
    };
    view! {
        <Dialog id="revoke" open small=true title=t!(i18n, access.revoke_title) on_submit=submit on_close=closed foot>
            <p>{question}</p>
            <p class="soft">{t!(i18n, access.revoke_text)}</p>
            {refused}
        </Dialog>
    }
    .into_any()
}

//! An invitation that waits: sending it again, or withdrawing it.
use super::{
    invitation_operations::{resend_invitation, withdraw_invitation},
    list::Asked,
    operations::Invitation,
};
use crate::{
    api::ApiError,
    i18n::*,
    locale, refusal,
    ui::{Button, Dialog, Notice, Toasts, Tone},
};
use leptos::prelude::*;

/// Shows to whom an invitation went and until when its link works.
#[component]
pub fn InvitedDialog(
    /// What it is about.
    asked: Asked,
) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(asked.invited.read().is_some()));
    let act = Action::new_local(move |(invitation, withdraws): &(Invitation, bool)| {
        let (invitation, withdraws) = (invitation.clone(), *withdraws);
        async move {
            let email = invitation.email;
            if withdraws {
                withdraw_invitation(invitation.id).await?;
                toasts.say(tu_string!(i18n, member.withdrawn, email = email).to_string());
            } else {
                resend_invitation(invitation.id).await?;
                toasts.say(tu_string!(i18n, member.resent, email = email).to_string());
            }
            let _ = open.try_set(false);
            asked.is_done();
            Ok::<_, ApiError>(())
        }
    });
    let run = move |withdraws: bool| {
        if let Some(invitation) = asked.invited.get_untracked()
            && !act.pending().get_untracked()
        {
            act.dispatch((invitation, withdraws));
        }
    };
    let submit = Callback::new(move |()| run(false));
    let closed = Callback::new(move |()| {
        asked.invited.set(None);
        act.value().set(None);
    });
    let refused = move || {
        let error = act.value().get()?.err()?;
        (!act.pending().get())
            .then(|| view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    let foot = move || {
        view! {
            <Button look="danger" busy=act.pending() on_press=move |()| run(true)>{t!(i18n, member.withdraw)}</Button>
            <Button look="primary" submit=true busy=act.pending()>{t!(i18n, member.resend)}</Button>
        }
    };
    let facts = move || {
        let Invitation {
            email,
            user_name,
            link_ends_at,
            ..
        } = asked.invited.get()?;
        Some(view! {
            <dl class="facts">
                <div><dt>{t!(i18n, member.email)}</dt><dd>{email}</dd></div>
                <div><dt>{t!(i18n, member.user_name)}</dt><dd class="id">{user_name}</dd></div>
                <div><dt>{t!(i18n, member.link_ends)}</dt><dd>{text(move || locale::stamp(i18n, &link_ends_at))}</dd></div>
            </dl>
        })
    };
    view! {
        <Dialog id="invited" open small=true title=t!(i18n, member.invitation) on_submit=submit on_close=closed foot>
            {facts}
            <p class="soft">{t!(i18n, member.invitation_text)}</p>
            {refused}
        </Dialog>
    }
    .into_any()
}

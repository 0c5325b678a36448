//! Changing a member, and the questions before he is shut out, let in or removed.
use super::{
    list::Asked,
    operations::{
        ChangeMemberInput, Member, block_member, change_member, remove_member, rename_member, reset_second_factor,
        unblock_member,
    },
    rights::RightsField,
};
use crate::{
    api::{ApiError, Day},
    i18n::*,
    locale::{self, Words},
    refusal,
    ui::{Button, Dialog, FieldError, Notice, TextField, Toasts, Tone},
};
use leptos::prelude::*;
use shared::account::{AccountKind, Right};

/// What is to happen to a member, once it is confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What.
    pub act: Act,
    /// To whom.
    pub member: Member,
}

/// What can happen to a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Shut him out.
    Block,
    /// Let him in again.
    Unblock,
    /// Take his second factor off, which he has lost.
    ResetSecondFactor,
    /// Remove him.
    Remove,
}

impl Act {
    fn title(self, i18n: Words) -> &'static str {
        match self {
            Self::Block => t_string!(i18n, member.block_title),
            Self::Unblock => t_string!(i18n, member.unblock_title),
            Self::ResetSecondFactor => t_string!(i18n, second_factor.reset_title),
            Self::Remove => t_string!(i18n, member.remove_title),
        }
    }

    fn verb(self, i18n: Words) -> &'static str {
        match self {
            Self::Block => t_string!(i18n, member.block),
            Self::Unblock => t_string!(i18n, member.unblock),
            Self::ResetSecondFactor => t_string!(i18n, second_factor.reset),
            Self::Remove => t_string!(i18n, member.remove),
        }
    }

    /// What follows from it.
    fn follows(self, i18n: Words, name: String) -> String {
        match self {
            Self::Block => t_string!(i18n, member.block_text, name = name),
            Self::Unblock => t_string!(i18n, member.unblock_text, name = name),
            Self::ResetSecondFactor => t_string!(i18n, second_factor.reset_text, name = name),
            Self::Remove => t_string!(i18n, member.remove_text, name = name),
        }
    }

    /// What is said once it is done.
    fn done(self, i18n: Words, name: String) -> String {
        match self {
            Self::Block => tu_string!(i18n, member.is_blocked, name = name).to_string(),
            Self::Unblock => tu_string!(i18n, member.is_unblocked, name = name).to_string(),
            Self::ResetSecondFactor => tu_string!(i18n, second_factor.is_reset, name = name).to_string(),
            Self::Remove => tu_string!(i18n, member.is_removed, name = name).to_string(),
        }
    }
}

/// What a member may do and until when; from here he is shut out or removed too.
#[component]
pub fn ChangeDialog(
    /// What the account is.
    kind: AccountKind,
    /// What the viewer may give.
    own: Vec<Right>,
    /// Whom it is about.
    asked: Asked,
) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let open = RwSignal::new(false);
    let rights = RwSignal::new(Vec::<Right>::new());
    let until = RwSignal::new(String::new());
    let user_name = RwSignal::new(String::new());
    Effect::new(move |_| {
        if let Some(member) = asked.change.get() {
            user_name.set(member.user_name().unwrap_or_default().to_owned());
            rights.set(member.rights);
            until.set(member.until.map(|day| day.0).unwrap_or_default());
            open.set(true);
        } else {
            open.set(false);
        }
    });
    let change = Action::new_local(move |(member, wanted): &(Member, ChangeMemberInput)| {
        let (mut member, wanted) = (member.clone(), wanted.clone());
        let name = user_name.get_untracked().trim().to_lowercase();
        async move {
            // The person gets a mail for each, so that only what differs is sent.
            if !name.is_empty() && member.user_name() != Some(name.as_str()) {
                member = rename_member(member.user_id, name).await?;
                let _ = asked.change.try_update_untracked(|shown| *shown = Some(member.clone()));
            }
            if wanted.rights.as_ref() != Some(&member.rights) || wanted.until != member.until {
                member = change_member(wanted).await?;
            }
            toasts.say(tu_string!(i18n, member.changed, name = member.display_name()).to_string());
            let _ = open.try_set(false);
            asked.is_done();
            Ok::<_, ApiError>(())
        }
    });
    let submit = Callback::new(move |()| {
        let Some(member) = asked.change.get_untracked() else {
            return;
        };
        if !change.pending().get_untracked() {
            let wanted = ChangeMemberInput {
                rights: Some(rights.get_untracked()),
                until: Some(until.get_untracked()).filter(|day| !day.is_empty()).map(Day),
                user_id: member.user_id,
            };
            change.dispatch((member, wanted));
        }
    });
    let closed = Callback::new(move |()| {
        asked.change.set(None);
        change.value().set(None);
    });
    let refused = move |field: &'static str| {
        let error = change.value().get()?.err()?;
        (!change.pending().get() && error.field() == Some(field)).then(|| refusal::words(i18n, &error))
    };
    let rights_error: FieldError = Signal::derive(move || refused("rights"));
    let until_error: FieldError = Signal::derive(move || refused("until"));
    let name_error: FieldError = Signal::derive(move || refused("userName"));
    let other = move || {
        let error = change.value().get()?.err()?;
        let has_field = matches!(error.field(), Some("rights" | "until" | "userName"));
        (!change.pending().get() && !has_field)
            .then(|| view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    let ask = move |act: Act| {
        if let Some(member) = asked.change.get_untracked() {
            open.set(false);
            asked.question.set(Some(Question { act, member }));
        }
    };
    let foot = move || {
        view! {
            <Button on_press=move |()| open.set(false)>{t!(i18n, ui.cancel)}</Button>
            <Button look="primary" submit=true busy=change.pending()>{t!(i18n, member.save)}</Button>
        }
    };
    let title = move || {
        let name = asked.change.get().map(|member| member.display_name());
        t_string!(i18n, member.change_whom, name = name.unwrap_or_default())
    };
    view! {
        <Dialog id="change" open title on_submit=submit on_close=closed foot>
            {move || asked.change.get_untracked().and_then(|member| member.email).map(|email| view! { <p class="soft">{email}</p> })}
            <TextField
                id="change-user-name"
                label=t!(i18n, member.user_name)
                value=user_name
                autocapitalize="none"
                optional=true
                error=name_error
            />
            <RightsField id="change" kind own=own.clone() rights error=rights_error />
            <TextField
                id="change-until"
                class="short"
                label=t!(i18n, member.until)
                value=until
                kind="date"
                optional=true
                min=locale::today().0
                error=until_error
            />
            {other}
            <div class="actions">
                {move || match asked.change.get_untracked().is_some_and(|member| member.blocked_at.is_some()) {
                    true => view! { <Button look="s" on_press=move |()| ask(Act::Unblock)>{t!(i18n, member.unblock)}</Button> },
                    false => view! { <Button look="s" on_press=move |()| ask(Act::Block)>{t!(i18n, member.block)}</Button> },
                }}
                {move || asked.change.get_untracked().is_some_and(|member| member.has_second_factor).then(|| view! {
                    <Button look="s" on_press=move |()| ask(Act::ResetSecondFactor)>{t!(i18n, second_factor.reset)}</Button>
                })}
                <Button look="danger s" on_press=move |()| ask(Act::Remove)>{t!(i18n, member.remove)}</Button>
            </div>
        </Dialog>
    }
    .into_any()
}

/// Says what follows, before somebody is shut out, let in or removed.
#[component]
pub fn QuestionDialog(
    /// What it is about.
    asked: Asked,
) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(asked.question.read().is_some()));
    let act = Action::new_local(move |question: &Question| {
        let Question { act, member } = question.clone();
        async move {
            match act {
                Act::Block => block_member(member.user_id).await.map(drop)?,
                Act::Unblock => unblock_member(member.user_id).await.map(drop)?,
                Act::ResetSecondFactor => reset_second_factor(member.user_id).await.map(drop)?,
                Act::Remove => remove_member(member.user_id).await.map(drop)?,
            }
            toasts.say(act.done(i18n, member.display_name()));
            let _ = open.try_set(false);
            asked.is_done();
            Ok::<_, ApiError>(())
        }
    });
    let submit = Callback::new(move |()| {
        if let Some(question) = asked.question.get_untracked()
            && !act.pending().get_untracked()
        {
            act.dispatch(question);
        }
    });
    let closed = Callback::new(move |()| {
        asked.question.set(None);
        act.value().set(None);
    });
    let refused = move || {
        let error = act.value().get()?.err()?;
        (!act.pending().get())
            .then(|| view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    let what = move || asked.question.get().map(|question| question.act);
    let foot = move || {
        let look = if asked
            .question
            .get_untracked()
            .is_some_and(|question| question.act == Act::Unblock)
        {
            "primary"
        } else {
            "danger primary"
        };
        view! {
            <Button on_press=move |()| open.set(false)>{t!(i18n, ui.cancel)}</Button>
            <Button look submit=true busy=act.pending()>{move || what().map(|act| act.verb(i18n))}</Button>
        }
    };
    let title = move || what().map_or("", |act| act.title(i18n));
    let follows = move || {
        let question = asked.question.get()?;
        Some(question.act.follows(i18n, question.member.display_name()))
    };
    view! {
        <Dialog id="member-question" open small=true title on_submit=submit on_close=closed foot>
            <p>{follows}</p>
            {refused}
        </Dialog>
    }
    .into_any()
}

//! Completing a registration from a link: the password policy is ticked off while typing.
use super::{
    SessionStoreFields,
    link::offer,
    operations::{CompleteRegistrationInput, Link, complete_registration},
    set_viewer, use_session,
};
use crate::{
    api::ApiError,
    i18n::*,
    locale::{self, Words},
    refusal,
    ui::{Button, Heading, Icon, Notice, PasswordField, TextField, Toasts, Tone, live},
};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::hooks::use_navigate;
use shared::{
    error::Reason,
    password::{PasswordMode, PasswordRule, failed_rules, min_length},
};
use std::time::Duration;

/// Name, password twice, and the policy beside them.
#[component]
pub fn RegisterForm(
    /// What the link stands for.
    link: Link,
    /// Out of the link.
    token: String,
) -> AnyView {
    let i18n = use_i18n();
    let session = use_session();
    let toasts = expect_context::<Toasts>();
    let name = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let repeat = RwSignal::new(String::new());
    let was_tried = RwSignal::new(false);

    let email = StoredValue::new(link.email.clone());
    let mode = move || {
        session
            .portal()
            .read()
            .as_ref()
            .map_or(PasswordMode::Guide, |portal| portal.password_mode)
    };
    let failed = Memo::new(move |_| {
        let local = email.with_value(|email| email.split('@').next().unwrap_or_default().to_owned());
        failed_rules(mode(), &password.read(), &[&name.read(), &local])
    });

    let navigate = use_navigate();
    let register = Action::new_local(move |input: &CompleteRegistrationInput| {
        let (input, navigate) = (input.clone(), navigate.clone());
        async move {
            let viewer = complete_registration(input).await?;
            set_viewer(session, i18n, viewer);
            toasts.say(tu_string!(i18n, register.done));
            // Once this action has told the page that it is done: the page goes with all that listens to it.
            set_timeout(move || navigate("/devices", Default::default()), Duration::ZERO);
            Ok::<_, ApiError>(())
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        was_tried.set(true);
        let is_ready = failed.read_untracked().is_empty() && *password.read_untracked() == *repeat.read_untracked();
        if !is_ready || register.pending().get_untracked() {
            return;
        }
        let given = name.get_untracked().trim().to_owned();
        register.dispatch(CompleteRegistrationInput {
            language: locale::language_of(i18n.get_locale_untracked()),
            name: (!given.is_empty()).then_some(given),
            password: password.get_untracked(),
            token: token.clone(),
        });
    };
    let refusal = move || register.value().get()?.err();
    let of_password = |error: &ApiError| matches!(error.reason(), Some(Reason::WeakPassword | Reason::CommonPassword));
    let password_error = Signal::derive(move || {
        if was_tried.get() && !failed.read().is_empty() {
            return Some(t_string!(i18n, register.weak).to_owned());
        }
        refusal().filter(of_password).map(|error| refusal::words(i18n, &error))
    });
    let repeat_error = Signal::derive(move || {
        let differs = was_tried.get() && *password.read() != *repeat.read();
        differs.then(|| t_string!(i18n, register.differs).to_owned())
    });
    let refused = move || {
        let error = refusal().filter(|error| !of_password(error))?;
        Some(view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };

    let address = link.email.clone();
    view! {
        <Steps />
        <Heading text=t!(i18n, register.title) />
        <p class="lead">{t!(i18n, register.for_email)} " " <b>{address.clone()}</b> ". " {text(move || offer(i18n, &link))}</p>
        <form class="form beside" novalidate on:submit=submit>
            // Password managers file the password under this name.
            <input type="text" name="username" autocomplete="username" value=address hidden readonly />
            <TextField
                id="name"
                label=t!(i18n, register.name)
                value=name
                autocomplete="name"
                optional=true
            />
            <PasswordField
                id="new-password"
                label=t!(i18n, register.password)
                value=password
                autocomplete="new-password"
                described_by="policy"
                error=password_error
            />
            <aside class="card sunk top" aria-labelledby="policy-title">
                <h2 id="policy-title">{t!(i18n, register.policy)}</h2>
                <ul class="ticks" id="policy" aria-live="polite">
                    {live(move || PasswordRule::of(mode()).iter().map(|rule| {
                        let state = RuleState::of(*rule, &failed.read(), password.read().is_empty());
                        view! { <RuleItem rule=*rule state mode=mode() /> }
                    }).collect_view().into_any())}
                </ul>
            </aside>
            <PasswordField
                id="repeat"
                label=t!(i18n, register.repeat)
                value=repeat
                autocomplete="new-password"
                error=repeat_error
            />
            {refused}
            <Button look="primary" submit=true busy=register.pending()>{t!(i18n, register.submit)}</Button>
        </form>
    }
    .into_any()
}

/// How a rule of the policy stands while somebody types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RuleState {
    Open,
    Met,
    Broken,
}

impl RuleState {
    /// What asks for something is open until it is there; what forbids something is broken at once. An empty
    /// field meets nothing.
    fn of(rule: PasswordRule, failed: &[PasswordRule], is_empty: bool) -> Self {
        match (failed.contains(&rule), rule) {
            (true, PasswordRule::NotYourName) => Self::Broken,
            (true, _) => Self::Open,
            (false, _) if is_empty => Self::Open,
            (false, _) => Self::Met,
        }
    }
}

#[component]
fn RuleItem(rule: PasswordRule, state: RuleState, mode: PasswordMode) -> AnyView {
    let i18n = use_i18n();
    let (tone, icon) = match state {
        RuleState::Open => (None, None),
        RuleState::Met => (Some("good"), Some("check")),
        RuleState::Broken => (Some("bad"), Some("close")),
    };
    let aside = follow(
        i18n,
        match state {
            RuleState::Open => |i18n| t_string!(i18n, register.unmet),
            RuleState::Met => |i18n| t_string!(i18n, register.met),
            RuleState::Broken => |i18n| t_string!(i18n, register.broken),
        },
    );
    let hidden = if state == RuleState::Broken { "" } else { "away" };
    view! {
        <li data-tone=tone>
            {icon.map(|name| view! { <Icon name /> })}
            <span>{text(move || rule_words(i18n, rule, mode))} <span class=hidden>" " {aside}</span></span>
        </li>
    }
    .into_any()
}

fn rule_words(i18n: Words, rule: PasswordRule, mode: PasswordMode) -> String {
    match rule {
        PasswordRule::Length => t_string!(i18n, register.rule_length, count = min_length(mode)),
        PasswordRule::Lower => t_string!(i18n, register.rule_lower).to_owned(),
        PasswordRule::Upper => t_string!(i18n, register.rule_upper).to_owned(),
        PasswordRule::Digit => t_string!(i18n, register.rule_digit).to_owned(),
        PasswordRule::Special => t_string!(i18n, register.rule_special).to_owned(),
        PasswordRule::NotYourName => t_string!(i18n, register.rule_name).to_owned(),
    }
}

#[component]
fn Steps() -> AnyView {
    let i18n = use_i18n();
    view! {
        <ol class="steps" aria-label=t!(i18n, register.steps)>
            <li data-tone="good">{t!(i18n, register.step_email)}<span class="away">" " {t!(i18n, register.step_done)}</span></li>
            <li data-tone="good">{t!(i18n, register.step_link)}<span class="away">" " {t!(i18n, register.step_done)}</span></li>
            <li aria-current="step">{t!(i18n, register.step_password)}</li>
        </ol>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::RuleState;
    use shared::password::PasswordRule::{Digit, NotYourName};

    #[test]
    fn an_empty_password_meets_nothing_and_breaks_nothing() {
        assert_eq!(RuleState::of(NotYourName, &[Digit], true), RuleState::Open);
        assert_eq!(RuleState::of(Digit, &[Digit], true), RuleState::Open);
    }

    #[test]
    fn a_name_is_broken_while_a_digit_is_only_missing() {
        assert_eq!(
            RuleState::of(NotYourName, &[NotYourName, Digit], false),
            RuleState::Broken
        );
        assert_eq!(RuleState::of(Digit, &[NotYourName, Digit], false), RuleState::Open);
        assert_eq!(RuleState::of(Digit, &[NotYourName], false), RuleState::Met);
    }
}

//! Choosing a password: twice, with the policy beside it, which is ticked off while somebody types.
use super::{SessionStoreFields, use_session};
use crate::{
    api::ApiError,
    i18n::*,
    locale::Words,
    refusal,
    ui::{Icon, PasswordField, live},
};
use leptos::prelude::*;
use shared::{
    error::Reason,
    password::{PasswordMode, PasswordRule, failed_rules, min_length},
};

/// What is typed into the fields of a new password.
#[derive(Clone, Copy)]
pub struct NewPassword {
    password: RwSignal<String>,
    repeat: RwSignal<String>,
    was_tried: RwSignal<bool>,
    failed: Memo<Vec<PasswordRule>>,
    mode: Memo<PasswordMode>,
    has_second_factor: bool,
    is_another: bool,
}

impl NewPassword {
    /// Nothing typed yet. The password must contain neither `name`, which may still be typed, nor one of `names`.
    /// Somebody who has a second factor may choose a shorter one.
    pub fn new(name: Signal<String>, mut names: Vec<String>, has_second_factor: bool) -> Self {
        let session = use_session();
        let mode = Memo::new(move |_| {
            let portal = session.portal().read();
            portal
                .as_ref()
                .map_or(PasswordMode::Guide, |portal| portal.password_mode)
        });
        let portal = session.portal().get_untracked();
        names.extend(
            portal
                .map(|portal| portal.provider_name)
                .into_iter()
                .chain(["Keyhaus".to_owned()]),
        );
        let password = RwSignal::new(String::new());
        let failed = Memo::new(move |_| {
            let name = name.read();
            let all: Vec<&str> = std::iter::once(name.as_str())
                .chain(names.iter().map(String::as_str))
                .collect();
            failed_rules(mode.get(), has_second_factor, &password.read(), &all)
        });
        Self {
            password,
            repeat: RwSignal::new(String::new()),
            was_tried: RwSignal::new(false),
            failed,
            mode,
            has_second_factor,
            is_another: false,
        }
    }

    /// The password takes the place of one that the person knows.
    pub fn instead(self) -> Self {
        Self {
            is_another: true,
            ..self
        }
    }

    /// What was typed, if it meets the policy and was repeated; otherwise the fields say from here on what is missing.
    pub fn take(self) -> Option<String> {
        self.was_tried.set(true);
        let password = self.password.get_untracked();
        let is_ready = self.failed.read_untracked().is_empty() && password == *self.repeat.read_untracked();
        is_ready.then_some(password)
    }

    /// Whether a refusal is about the password, so that the field says it.
    pub fn is_about(error: &ApiError) -> bool {
        matches!(error.reason(), Some(Reason::WeakPassword | Reason::CommonPassword))
    }

    /// Both fields and the policy, for a form of the class `beside`.
    pub fn fields(self, refusal: Signal<Option<ApiError>>) -> AnyView {
        let i18n = use_i18n();
        let Self {
            password,
            repeat,
            was_tried,
            failed,
            mode,
            has_second_factor,
            is_another,
        } = self;
        let password_error = Signal::derive(move || {
            if was_tried.get() && !failed.read().is_empty() {
                return Some(t_string!(i18n, register.weak).to_owned());
            }
            let refused = refusal.get().filter(Self::is_about);
            refused.map(|error| refusal::words(i18n, &error))
        });
        let repeat_error = Signal::derive(move || {
            let differs = was_tried.get() && *password.read() != *repeat.read();
            differs.then(|| t_string!(i18n, register.differs).to_owned())
        });
        view! {
            <PasswordField
                id="new-password"
                label=move || if is_another {
                    t_string!(i18n, security.new_password)
                } else {
                    t_string!(i18n, register.password)
                }
                value=password
                autocomplete="new-password"
                described_by="policy"
                error=password_error
            />
            <aside class="card sunk top" aria-labelledby="policy-title">
                <h2 id="policy-title">{t!(i18n, register.policy)}</h2>
                <ul class="ticks" id="policy" aria-live="polite">
                    {live(move || PasswordRule::of(mode.get()).iter().map(|rule| {
                        let state = RuleState::of(*rule, &failed.read(), password.read().is_empty());
                        view! { <RuleItem rule=*rule state length=min_length(mode.get(), has_second_factor) /> }
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
        }
        .into_any()
    }
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
fn RuleItem(rule: PasswordRule, state: RuleState, length: usize) -> AnyView {
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
            <span>{text(move || rule_words(i18n, rule, length))} <span class=hidden>" " {aside}</span></span>
        </li>
    }
    .into_any()
}

fn rule_words(i18n: Words, rule: PasswordRule, length: usize) -> String {
    match rule {
        PasswordRule::Length => t_string!(i18n, register.rule_length, count = length),
        PasswordRule::Lower => t_string!(i18n, register.rule_lower).to_owned(),
        PasswordRule::Upper => t_string!(i18n, register.rule_upper).to_owned(),
        PasswordRule::Digit => t_string!(i18n, register.rule_digit).to_owned(),
        PasswordRule::Special => t_string!(i18n, register.rule_special).to_owned(),
        PasswordRule::NotYourName => t_string!(i18n, register.rule_name).to_owned(),
    }
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

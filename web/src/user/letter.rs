//! Getting in with the code of a letter.
use super::operations::{RedeemLetterCodeInput, redeem_letter_code};
use crate::{
    api::ApiError,
    i18n::*,
    refusal,
    session::Entrance,
    ui::{Button, Heading, Notice, TextField, Tone},
};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::{components::A, hooks::use_navigate};
use shared::{error::Reason, letter};
use std::time::Duration;

/// Customer number and code. A typing error is told before anything is sent.
#[component]
pub fn LetterPage() -> AnyView {
    let i18n = use_i18n();
    let number = RwSignal::new(String::new());
    let code = RwSignal::new(String::new());
    let was_tried = RwSignal::new(false);
    let navigate = use_navigate();
    let redeem = Action::new_local(move |input: &RedeemLetterCodeInput| {
        let (input, navigate) = (input.clone(), navigate.clone());
        async move {
            let token = redeem_letter_code(input).await?;
            // Once this action has told the page that it is done: the page goes with all that listens to it.
            set_timeout(
                move || navigate(&format!("/password#{token}"), Default::default()),
                Duration::ZERO,
            );
            Ok::<_, ApiError>(())
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        was_tried.set(true);
        let customer_number = number.get_untracked().trim().to_owned();
        let read = letter::read(&code.read_untracked());
        if let (false, Some(code), false) = (customer_number.is_empty(), read, redeem.pending().get_untracked()) {
            redeem.dispatch(RedeemLetterCodeInput { code, customer_number });
        }
    };
    let number_error = Signal::derive(move || {
        let missing = was_tried.get() && number.read().trim().is_empty();
        missing.then(|| t_string!(i18n, user.missing_number).to_owned())
    });
    let code_error = Signal::derive(move || {
        let is_wrong = was_tried.get() && letter::read(&code.read()).is_none();
        is_wrong.then(|| t_string!(i18n, refusal.mistyped).to_owned())
    });
    let refused = move || {
        let error = redeem.value().get()?.err()?;
        let words = match error.reason() {
            Some(Reason::WrongCode) => t_string!(i18n, user.wrong_letter_code).to_owned(),
            _ => refusal::words(i18n, &error),
        };
        (!redeem.pending().get()).then(|| view! { <Notice tone=Tone::Bad live=true><p>{words}</p></Notice> })
    };
    view! {
        <Entrance>
            <Heading text=t!(i18n, user.letter_title) />
            <p class="lead">{t!(i18n, user.letter_lead)}</p>
            <form class="form" novalidate on:submit=submit>
                <TextField
                    id="number"
                    label=t!(i18n, user.number)
                    value=number
                    autocomplete="username"
                    autocapitalize="none"
                    required=true
                    input_class="id"
                    error=number_error
                />
                <TextField
                    id="code"
                    label=t!(i18n, user.letter_code)
                    hint=t!(i18n, user.letter_code_hint)
                    value=code
                    autocomplete="one-time-code"
                    autocapitalize="characters"
                    required=true
                    input_class="id"
                    error=code_error
                />
                {refused}
                <Button look="primary full" submit=true busy=redeem.pending()>{t!(i18n, user.letter_submit)}</Button>
                <p><A href="/sign-in">{t!(i18n, user.to_sign_in)}</A></p>
            </form>
        </Entrance>
    }
    .into_any()
}

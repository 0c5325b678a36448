//! Asking for the password again before something that matters: one dialog for the whole app.
use super::operations;
use crate::{
    api::ApiError,
    i18n::*,
    refusal,
    ui::{Button, Dialog, PasswordField},
};
use leptos::prelude::*;
use shared::error::Reason;
use std::cell::{Cell, RefCell};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

thread_local! {
    static OPEN: Cell<Option<RwSignal<bool>>> = const { Cell::new(None) };
    // The requests that wait for the answer; one dialog answers them all.
    static WAITING: RefCell<Vec<js_sys::Function>> = const { RefCell::new(Vec::new()) };
}

/// Opens the dialog and waits: whether the person has given the right password.
pub async fn confirm() -> bool {
    let Some(open) = OPEN.get() else { return false };
    let answer = js_sys::Promise::new(&mut |resolve, _| WAITING.with_borrow_mut(|all| all.push(resolve)));
    open.set(true);
    JsFuture::from(answer).await.is_ok_and(|answer| answer.is_truthy())
}

fn answer(confirmed: bool) {
    for resolve in WAITING.take() {
        // Resolving a promise does not throw.
        resolve.call1(&JsValue::UNDEFINED, &confirmed.into()).ok();
    }
}

/// The dialog "Sind Sie es?". It is there once, beside all pages.
#[component]
pub fn StepUpDialog() -> AnyView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    OPEN.set(Some(open));
    let password = RwSignal::new(String::new());
    let missing = RwSignal::new(false);

    let confirm = Action::new_local(move |given: &String| {
        let given = given.clone();
        async move {
            operations::step_up(given).await?;
            answer(true);
            open.set(false);
            Ok::<_, ApiError>(())
        }
    });
    let submit = Callback::new(move |()| {
        let given = password.get_untracked();
        missing.set(given.is_empty());
        if !given.is_empty() && !confirm.pending().get_untracked() {
            confirm.dispatch(given);
        }
    });
    let closed = Callback::new(move |()| {
        answer(false);
        password.set(String::new());
        missing.set(false);
        confirm.clear();
    });
    let error = Signal::derive(move || {
        if missing.get() {
            return Some(t_string!(i18n, sign_in.missing_password).to_owned());
        }
        let error = confirm.value().get()?.err()?;
        Some(match error.reason() {
            Some(Reason::WrongPassword) => t_string!(i18n, step_up.wrong).to_owned(),
            _ => refusal::words(i18n, &error),
        })
    });
    let foot = move || {
        view! {
            <Button on_press=move |()| open.set(false)>{t!(i18n, ui.cancel)}</Button>
            <Button look="primary" submit=true busy=confirm.pending()>{t!(i18n, step_up.submit)}</Button>
        }
    };

    view! {
        <Dialog
            id="step-up"
            open
            small=true
            title=t!(i18n, step_up.title)
            on_submit=submit
            on_close=closed
            foot
        >
            <p class="soft">{t!(i18n, step_up.text)}</p>
            <PasswordField
                id="step-up-password"
                label=t!(i18n, step_up.password)
                value=password
                autocomplete="current-password"
                error
            />
        </Dialog>
    }
    .into_any()
}

//! Asking for the password again before something that matters: one dialog for the whole app.
use super::{
    operations,
    second_factor::{CodeField, code_error, is_about_code},
    use_viewer,
};
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
    let code = RwSignal::new(String::new());
    let missing_code = RwSignal::new(false);
    let viewer = use_viewer();
    let needs_code = Memo::new(move |_| viewer.read().as_ref().is_some_and(|viewer| viewer.second_factor.is_on));

    let confirm = Action::new_local(move |(given, code): &(String, Option<String>)| {
        let (given, code) = (given.clone(), code.clone());
        async move {
            operations::step_up(given, code).await?;
            answer(true);
            open.set(false);
            Ok::<_, ApiError>(())
        }
    });
    let submit = Callback::new(move |()| {
        let given = password.get_untracked();
        let given_code = needs_code
            .get_untracked()
            .then(|| code.get_untracked().trim().to_owned());
        missing.set(given.is_empty());
        missing_code.set(given_code.as_ref().is_some_and(String::is_empty));
        let is_whole = !missing.get_untracked() && !missing_code.get_untracked();
        if is_whole && !confirm.pending().get_untracked() {
            confirm.dispatch((given, given_code));
        }
    });
    let closed = Callback::new(move |()| {
        answer(false);
        password.set(String::new());
        code.set(String::new());
        missing.set(false);
        missing_code.set(false);
        confirm.clear();
    });
    let error = Signal::derive(move || {
        if missing.get() {
            return Some(t_string!(i18n, sign_in.missing_password).to_owned());
        }
        let error = confirm.value().get()?.err().filter(|error| !is_about_code(error))?;
        Some(match error.reason() {
            Some(Reason::WrongPassword) => t_string!(i18n, step_up.wrong).to_owned(),
            _ => refusal::plain(i18n, &error),
        })
    });
    let refused = Signal::derive(move || confirm.value().get()?.err());
    let wrong_code = Signal::derive(move || code_error(i18n, missing_code.get(), refused.get()));
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
            {move || needs_code.get().then(|| view! { <CodeField id="step-up-code" value=code error=wrong_code /> })}
        </Dialog>
    }
    .into_any()
}

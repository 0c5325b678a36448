//! The access letter of a customer: for those without an e-mail address, and those whose mail came back.
use crate::{
    api::ApiError,
    download,
    i18n::*,
    refusal,
    ui::{Button, Notice, Toasts, Tone},
};
use leptos::prelude::*;
use shared::id::AccountId;

/// Makes the letter and saves it; what stands in the way is said below the button.
#[component]
pub fn LetterButton(
    /// Whose letter.
    account: AccountId,
    /// The customer number, after which the file is named.
    number: String,
) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let print = Action::new_local(move |(): &()| {
        let file_name = format!("{number}.pdf");
        async move {
            download::save(&format!("/download/letters/{account}"), &file_name).await?;
            toasts.say(tu_string!(i18n, letter.made).to_owned());
            Ok::<_, ApiError>(())
        }
    });
    let press = move |()| {
        if !print.pending().get_untracked() {
            print.dispatch(());
        }
    };
    let refused = move || {
        let error = print.value().get()?.err().filter(|_| !print.pending().get())?;
        Some(view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    view! {
        <Button icon="print" busy=print.pending() on_press=press>{t!(i18n, office.letter)}</Button>
        {refused}
    }
    .into_any()
}

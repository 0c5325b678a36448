//! Whether mails about invoices are sent, and whether the originals go with them.
use super::operations::{InvoiceMail, change_invoice_mail, invoice_mail};
use crate::{
    api::ApiError,
    i18n::*,
    loading::{Loaded, load},
    refusal,
    ui::{Notice, Toasts, Tone},
};
use leptos::prelude::*;

/// The two choices; each counts at once.
#[component]
pub fn InvoiceMailChoice() -> AnyView {
    let found = load(invoice_mail);
    view! { <Loaded resource=found rows=1 let:wish><Choice wish /></Loaded> }.into_any()
}

#[component]
fn Choice(wish: InvoiceMail) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let wish = RwSignal::new(wish);
    let act = Action::new_local(move |asked: &InvoiceMail| {
        let asked = *asked;
        async move {
            let now = change_invoice_mail(asked).await;
            // what was not kept is not shown as if it were
            let _ = wish.try_update(|wish| {
                if let Ok(now) = &now {
                    *wish = *now;
                }
            });
            now?;
            toasts.say(tu_string!(i18n, account.billing_mail_saved).to_owned());
            Ok::<_, ApiError>(())
        }
    });
    let busy = act.pending();
    let error = move || {
        let error = act.value().get()?.err()?;
        (!busy.get()).then(|| view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    view! {
        <div class="stack-3">
            <label class="check">
                <input
                    type="checkbox"
                    disabled=move || busy.get()
                    prop:checked=move || wish.read().is_sent
                    on:change:target=move |event| {
                        let is_sent = event.target().checked();
                        act.dispatch(InvoiceMail { is_sent, ..wish.get_untracked() });
                    }
                />
                " "
                <span>{t!(i18n, account.billing_mail_sent)}<small>{t!(i18n, account.billing_mail_text)}</small></span>
            </label>
            <label class="check">
                <input
                    type="checkbox"
                    disabled=move || busy.get() || !wish.read().is_sent
                    prop:checked=move || wish.read().is_enclosed
                    on:change:target=move |event| {
                        let is_enclosed = event.target().checked();
                        act.dispatch(InvoiceMail { is_enclosed, ..wish.get_untracked() });
                    }
                />
                " "
                <span>{t!(i18n, account.billing_mail_enclosed)}</span>
            </label>
            {error}
        </div>
    }
    .into_any()
}

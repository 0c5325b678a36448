//! A receipt that did not arrive: staff sends it again, or prints and posts it.
use super::office_operations::{OfficeOrder, OfficeReceipt, note_posted, resend};
use crate::{
    api::ApiError,
    download,
    i18n::*,
    loading::Loading,
    refusal,
    ui::{Button, FieldError, Notice, TextField, Toasts, Tone, live},
};
use leptos::{ev::SubmitEvent, prelude::*};
use shared::id::OrderId;

/// What became of a receipt, and what can be done; nothing for one that arrived, as far as is known.
#[component]
pub fn ReceiptPart(id: OrderId, number: String, receipt: OfficeReceipt, found: Loading<OfficeOrder>) -> AnyView {
    let i18n = use_i18n();
    let OfficeReceipt {
        has_failed,
        posted_at,
        problem,
        recipient,
    } = receipt;
    if !has_failed || posted_at.is_some() {
        return ().into_any();
    }
    let toasts = expect_context::<Toasts>();
    let email = RwSignal::new(recipient.clone().unwrap_or_default());
    let send = Action::new_local(move |(): &()| {
        let email = Some(email.get_untracked()).filter(|email| !email.trim().is_empty());
        async move {
            resend(id, email).await?;
            toasts.say(t_string!(i18n, receipt.sent).to_owned());
            found.refetch();
            Ok::<_, ApiError>(())
        }
    });
    let print = Action::new_local(move |(): &()| {
        let file_name = format!("{number}.pdf");
        async move { download::save(&format!("/download/orders/{id}/receipt"), &file_name).await }
    });
    let post = Action::new_local(move |(): &()| async move {
        note_posted(id).await?;
        toasts.say(t_string!(i18n, receipt.noted).to_owned());
        found.refetch();
        Ok::<_, ApiError>(())
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !send.pending().get_untracked() {
            send.dispatch(());
        }
    };
    let email_error: FieldError = Signal::derive(move || {
        let refused = send
            .value()
            .get()?
            .err()
            .filter(|error| error.field() == Some("email"))?;
        Some(refusal::words(i18n, &refused))
    });
    let refused = move || {
        let sent = send
            .value()
            .get()
            .and_then(Result::err)
            .filter(|error| error.field().is_none());
        let printed = print.value().get().and_then(Result::err);
        let error = sent.or(printed).or(post.value().get().and_then(Result::err));
        error
            .map(|error| view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
            .into_any()
    };
    let why = match (recipient, problem) {
        (Some(recipient), Some(problem)) => format!("{recipient}: {problem}"),
        (Some(recipient), None) => recipient,
        (None, _) => "–".to_owned(),
    };
    view! {
        <section class="part" aria-labelledby="receipt">
            <div class="part-head">
                <h2 id="receipt">{t!(i18n, receipt.title)}</h2>
                <p>{t!(i18n, receipt.text)}</p>
            </div>
            <div class="stack-5">
                <Notice tone=Tone::Warn><p>{why}</p></Notice>
                <form class="form" novalidate on:submit=submit>
                    <TextField id="receipt-email" label=t!(i18n, user.email) value=email kind="email" error=email_error />
                    <div class="actions">
                        <Button look="primary" submit=true icon="send" busy=send.pending()>{t!(i18n, receipt.send)}</Button>
                        <Button icon="print" busy=print.pending() on_press=move |()| { print.dispatch(()); }>
                            {t!(i18n, receipt.print)}
                        </Button>
                        <Button look="quiet" busy=post.pending() on_press=move |()| { post.dispatch(()); }>
                            {t!(i18n, receipt.posted)}
                        </Button>
                    </div>
                </form>
                {live(refused)}
            </div>
        </section>
    }
    .into_any()
}

//! What became of an invoice, as far as it is recorded, and which other ones it is about.
use super::{
    detail_operations::{InvoiceHistory, InvoiceReference},
    words::kind_words,
};
use crate::{i18n::*, locale, ui::Icon};
use leptos::prelude::*;
use leptos_router::components::A;

/// The part "Verlauf".
#[component]
pub fn History(
    /// What is recorded.
    history: InvoiceHistory,
    /// Of its amounts.
    currency: String,
) -> AnyView {
    let i18n = use_i18n();
    let InvoiceHistory {
        downloaded_at,
        mail_count,
        mailed_at,
        paid_on,
        paid_total,
        referred_to_by,
        refers_to,
        visible_at,
    } = history;
    let row = |icon: &'static str, title: AnyView, when: AnyView| {
        view! {
            <li>
                <Icon name=icon />
                <div><p class="rows-title">{title}</p><p class="rows-text">{when}</p></div>
            </li>
        }
        .into_any()
    };
    let stamp = move |at| text(move || locale::stamp(i18n, &at)).into_any();
    let other = move |other: InvoiceReference, is_earlier: bool| {
        let InvoiceReference {
            id,
            kind,
            number,
            visible_at,
        } = other;
        let kind = kind_words(i18n, kind);
        let title = view! { <A href=format!("/invoices/{id}")>{move || format!("{} {number}", kind())}</A> };
        let about = if is_earlier {
            follow(i18n, |i18n| t_string!(i18n, invoice.refers_to_this)).into_any()
        } else {
            let at = visible_at;
            text(move || t_string!(i18n, invoice.refers_back, date = locale::stamp(i18n, &at))).into_any()
        };
        row("document", title.into_any(), about)
    };
    let mailed = mailed_at.zip(mail_count).map(|(at, count)| {
        let words = text(move || match count {
            1 => t_string!(i18n, invoice.mailed_one).to_owned(),
            count => t_string!(i18n, invoice.mailed_many, count = locale::count(i18n, count)),
        });
        row("mail", words.into_any(), stamp(at))
    });
    let paid = paid_total.filter(|paid| paid.0 > 0).map(|paid| {
        let words = text(move || {
            t_string!(
                i18n,
                invoice.paid_amount,
                amount = locale::amount(i18n, paid, &currency)
            )
        });
        let on = text(move || {
            paid_on
                .as_ref()
                .map(|day| locale::day_in_text(i18n, day))
                .unwrap_or_default()
        });
        row("done", words.into_any(), on.into_any())
    });
    view! {
        <section aria-labelledby="history">
            <div class="block-head"><h2 id="history">{t!(i18n, invoice.history)}</h2></div>
            <ul class="rows">
                {refers_to.map(|earlier| other(earlier, true))}
                {row("invoice", follow(i18n, |i18n| t_string!(i18n, invoice.arrived)).into_any(), stamp(visible_at))}
                {mailed}
                {downloaded_at.map(|at| {
                    row("download", follow(i18n, |i18n| t_string!(i18n, invoice.downloaded)).into_any(), stamp(at))
                })}
                {paid}
                {referred_to_by.into_iter().map(|later| other(later, false)).collect_view()}
            </ul>
        </section>
    }
    .into_any()
}

//! What is paid of an invoice, as staff says it.
use super::{
    detail::{field_error, refused},
    operations::set_payment,
};
use crate::{
    api::{ApiError, Day},
    i18n::*,
    ui::{Button, TextField, Toasts},
};
use leptos::{ev::SubmitEvent, prelude::*};
use shared::{id::InvoiceId, money::Amount};

/// An amount as people type it in German or English, such as `1.234,50`, `1,234.50`, `1234,5` or `1234`.
fn amount(typed: &str) -> Option<Amount> {
    let plain: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '€').collect();
    let decimal = plain.rfind([',', '.']).filter(|at| plain.len() - at <= 3);
    let (whole, fraction) = match decimal {
        Some(at) => (plain.get(..at)?, plain.get(at + 1..)?),
        None => (plain.as_str(), ""),
    };
    let whole: String = whole.chars().filter(|c| !matches!(c, ',' | '.')).collect();
    let text = if fraction.is_empty() {
        whole
    } else {
        format!("{whole}.{fraction}")
    };
    text.parse().ok()
}

/// How much is paid by now, and since when.
#[component]
pub fn PaymentForm(
    /// Of which invoice.
    id: InvoiceId,
    /// What is known.
    paid_total: Option<Amount>,
    /// The day of the last payment that is known.
    paid_on: Option<Day>,
    /// Hears that it was changed.
    done: Callback<()>,
) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let typed = RwSignal::new(paid_total.map(|paid| paid.to_string()).unwrap_or_default());
    let on = RwSignal::new(paid_on.map(|day| day.0).unwrap_or_default());
    let is_no_amount = RwSignal::new(false);
    let send = Action::new_local(move |(): &()| {
        let paid = amount(&typed.read_untracked());
        let day = Some(on.get_untracked()).filter(|day| !day.is_empty()).map(Day);
        async move {
            let Some(paid) = paid else { return Ok(()) };
            set_payment(id, paid, day).await?;
            toasts.say(t_string!(i18n, bills.paid_kept).to_owned());
            done.run(());
            Ok::<_, ApiError>(())
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        is_no_amount.set(amount(&typed.read_untracked()).is_none());
        if !is_no_amount.get_untracked() && !send.pending().get_untracked() {
            send.dispatch(());
        }
    };
    let of_server = field_error(send, "paidTotal");
    let paid_error = Signal::derive(move || {
        if is_no_amount.get() {
            return Some(t_string!(i18n, bills.no_amount).to_owned());
        }
        of_server.get()
    });
    view! {
        <section class="part" aria-labelledby="payment">
            <div class="part-head">
                <h2 id="payment">{t!(i18n, bills.payment)}</h2>
                <p>{t!(i18n, bills.payment_text)}</p>
            </div>
            <form class="form" novalidate on:submit=submit>
                <div class="field-row">
                    <TextField id="paid-total" label=t!(i18n, bills.paid_total) value=typed required=true error=paid_error />
                    <TextField id="paid-on" label=t!(i18n, bills.paid_on) value=on kind="date" optional=true error=field_error(send, "paidOn") />
                </div>
                {refused(send, &["paidTotal", "paidOn"])}
                <div class="actions"><Button submit=true busy=send.pending()>{t!(i18n, bills.keep_payment)}</Button></div>
            </form>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_of_both_languages_type_them() {
        for (typed, hundredths) in [
            ("1.234,50", 123_450),
            ("1,234.50", 123_450),
            ("1234,5", 123_450),
            (" 1 234 € ", 123_400),
            ("1.234", 123_400),
            ("0", 0),
            ("-1,00", -100),
        ] {
            assert_eq!(amount(typed), Some(Amount(hundredths)), "{typed}");
        }
        for typed in ["", "x", "1,2,3x", "–"] {
            assert_eq!(amount(typed), None, "{typed}");
        }
    }
}

//! Deciding a request, and handing devices to a dealer: both name devices of the stock and look before they act.
use super::office_operations::{DealerStock, StockInput, grant, hand, reject, stock};
use crate::{
    api::ApiError,
    i18n::*,
    locale, refusal,
    ui::{Button, Field, FieldError, Notice, TextField, Toasts, Tone, describe, live},
};
use leptos::prelude::*;
use shared::id::DealerRequestId;

/// What was typed of devices.
#[derive(Clone, Copy)]
struct Typed {
    orders: RwSignal<String>,
    serials: RwSignal<String>,
}

impl Typed {
    fn new() -> Self {
        Self {
            orders: RwSignal::new(String::new()),
            serials: RwSignal::new(String::new()),
        }
    }

    fn input(self) -> StockInput {
        StockInput::typed(&self.orders.read_untracked(), &self.serials.read_untracked())
    }

    fn clear(self) {
        self.orders.set(String::new());
        self.serials.set(String::new());
    }
}

type Looking = Action<(), Result<DealerStock, ApiError>>;

/// What is wrong at a field, as one of the actions says it.
fn wrong<I, T>(i18n: locale::Words, action: Action<I, Result<T, ApiError>>, name: &'static str) -> Option<String>
where
    I: Send + Sync + 'static,
    T: Clone + Send + Sync + 'static,
{
    let refused = action
        .value()
        .get()?
        .err()
        .filter(|error| error.field() == Some(name))?;
    Some(refusal::words(i18n, &refused))
}

/// The two fields that name devices, and what of them is there.
#[component]
fn StockFields(
    /// Sets the ids of the fields apart.
    prefix: &'static str,
    typed: Typed,
    looking: Looking,
    /// What the act itself says of a field.
    error: Callback<&'static str, Option<String>>,
) -> AnyView {
    let i18n = use_i18n();
    let at = move |name: &'static str| -> FieldError {
        Signal::derive(move || error.run(name).or_else(|| wrong(i18n, looking, name)))
    };
    let (orders_id, serials_id) = match prefix {
        "hand" => ("hand-orders", "hand-serials"),
        _ => ("grant-orders", "grant-serials"),
    };
    let serials_error = at("serials");
    let seen = move || {
        let found = looking.value().get()?.ok()?;
        let (count, missing) = (found.count, found.missing);
        let tone = if missing.is_empty() { Tone::Good } else { Tone::Warn };
        let words = text(move || match count {
            1 => t_string!(i18n, dealer.named_one).to_owned(),
            count => t_string!(i18n, dealer.named_many, count = locale::count(i18n, count)),
        });
        let rest = (!missing.is_empty()).then(|| {
            let list = missing.join(", ");
            view! { <p>{text(move || t_string!(i18n, dealer.missing, list = list.clone()))}</p> }
        });
        Some(view! { <Notice tone live=true><p>{words}</p>{rest}</Notice> })
    };
    view! {
        <TextField
            id=orders_id
            label=t!(i18n, dealer.orders)
            value=typed.orders
            optional=true
            hint=t!(i18n, dealer.orders_hint)
            error=at("orders")
        />
        <Field id=serials_id label=t!(i18n, dealer.serials) hint=t!(i18n, dealer.serials_hint) error=serials_error>
            <textarea
                id=serials_id
                class="id"
                rows="3"
                spellcheck="false"
                aria-invalid=move || serials_error.read().is_some().then_some("true")
                aria-describedby=describe(serials_id, true, serials_error)
                prop:value=move || typed.serials.get()
                on:input:target=move |event| typed.serials.set(event.target().value())
            ></textarea>
        </Field>
        {live(move || seen().into_any())}
    }
    .into_any()
}

/// Grants or rejects a request.
#[component]
pub fn Deciding(
    /// Which.
    id: DealerRequestId,
    /// Whose.
    company: String,
    /// Hears that it is decided.
    again: Callback<()>,
) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let typed = Typed::new();
    let reason = RwSignal::new(String::new());
    let was_rejected = RwSignal::new(false);
    let looking: Looking = Action::new_local(move |(): &()| stock(typed.input()));
    let granting = Action::new_local(move |(): &()| {
        let company = company.clone();
        async move {
            grant(id, typed.input()).await?;
            toasts.say(tu_string!(i18n, dealer.granted_now, company = company).to_string());
            again.run(());
            Ok::<_, ApiError>(())
        }
    });
    let rejecting = Action::new_local(move |(): &()| async move {
        reject(id, reason.get_untracked()).await?;
        toasts.say(t_string!(i18n, dealer.rejected_now).to_owned());
        again.run(());
        Ok::<_, ApiError>(())
    });
    let error = Callback::new(move |name| wrong(i18n, granting, name));
    let reason_error: FieldError = Signal::derive(move || {
        if was_rejected.get() && reason.read().trim().is_empty() {
            return Some(t_string!(i18n, refusal.missing).to_owned());
        }
        wrong(i18n, rejecting, "reason")
    });
    let rest = move || {
        let of = |action: Action<(), Result<(), ApiError>>| action.value().get().and_then(Result::err);
        let error = of(granting).or_else(|| of(rejecting))?;
        let is_at_field = error
            .field()
            .is_some_and(|field| ["orders", "serials", "reason"].contains(&field));
        (!is_at_field)
            .then(|| view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    let busy = Signal::derive(move || granting.pending().get() || rejecting.pending().get());
    let refuse = move |()| {
        was_rejected.set(true);
        if !reason.read_untracked().trim().is_empty() && !busy.get_untracked() {
            rejecting.dispatch(());
        }
    };
    view! {
        <div class="form">
            <StockFields prefix="grant" typed looking error />
            <div class="actions">
                <Button look="primary" busy on_press=move |()| { granting.dispatch(()); }>{t!(i18n, dealer.grant)}</Button>
                <Button busy=looking.pending() on_press=move |()| { looking.dispatch(()); }>{t!(i18n, dealer.look)}</Button>
            </div>
            <TextField id="reject-reason" label=t!(i18n, dealer.reason) value=reason hint=t!(i18n, dealer.reason_hint) error=reason_error />
            <div class="actions">
                <Button look="danger" busy on_press=refuse>{t!(i18n, dealer.reject)}</Button>
            </div>
            {live(move || rest().into_any())}
        </div>
    }
    .into_any()
}

/// Hands more devices to somebody who is a dealer already.
#[component]
pub fn Handing() -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let typed = Typed::new();
    let number = RwSignal::new(String::new());
    let was_tried = RwSignal::new(false);
    let looking: Looking = Action::new_local(move |(): &()| stock(typed.input()));
    let send = Action::new_local(move |(): &()| async move {
        let count = hand(number.get_untracked(), typed.input()).await?;
        toasts.say(t_string!(i18n, dealer.handed, count = locale::count(i18n, count)));
        typed.clear();
        was_tried.set(false);
        looking.value().set(None);
        Ok::<_, ApiError>(())
    });
    let missing =
        move |is_missing: bool| (was_tried.get() && is_missing).then(|| t_string!(i18n, refusal.missing).to_owned());
    let number_error: FieldError =
        Signal::derive(move || missing(number.read().trim().is_empty()).or_else(|| wrong(i18n, send, "accountNumber")));
    let error = Callback::new(move |name| {
        wrong(i18n, send, name).or_else(|| wrong(i18n, send, "devices").filter(|_| name == "serials"))
    });
    let rest = move || {
        let error = send.value().get()?.err()?;
        let fields = ["orders", "serials", "devices", "accountNumber"];
        let is_at_field = error.field().is_some_and(|field| fields.contains(&field));
        (!is_at_field)
            .then(|| view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    let press = move |()| {
        was_tried.set(true);
        if !number.read_untracked().trim().is_empty() && !send.pending().get_untracked() {
            send.dispatch(());
        }
    };
    view! {
        <section class="part" aria-labelledby="hand">
            <div class="part-head">
                <h2 id="hand">{t!(i18n, dealer.hand)}</h2>
                <p>{t!(i18n, dealer.hand_text)}</p>
            </div>
            <div class="form">
                <TextField id="dealer-number" label=t!(i18n, dealer.dealer_number) value=number required=true error=number_error />
                <StockFields prefix="hand" typed looking error />
                <div class="actions">
                    <Button look="primary" busy=send.pending() on_press=press>{t!(i18n, dealer.hand)}</Button>
                    <Button busy=looking.pending() on_press=move |()| { looking.dispatch(()); }>{t!(i18n, dealer.look)}</Button>
                </div>
                {live(move || rest().into_any())}
            </div>
        </section>
    }
    .into_any()
}

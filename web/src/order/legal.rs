//! The two buttons of the law: "Verträge hier kündigen" (BGB § 312k) and "Vertrag widerrufen" (Directive (EU)
//! 2023/2673, Article 11a). A form, a page that says what will be declared, a receipt that can be printed.
use super::legal_operations::{DeclarationReceipt, DeclareCancellationInput, declare};
use crate::{
    api::{ApiError, Day, Key},
    i18n::*,
    locale::{self, Words},
    refusal,
    session::Entrance,
    ui::{Button, Heading, Notice, TextField, Tone, live},
};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::components::A;

/// The page "Verträge hier kündigen".
#[component]
pub fn CancelPage() -> AnyView {
    view! { <Entrance><Declaring is_revocation=false /></Entrance> }.into_any()
}

/// The page "Vertrag widerrufen".
#[component]
pub fn WithdrawPage() -> AnyView {
    view! { <Entrance><Declaring is_revocation=true /></Entrance> }.into_any()
}

/// What is typed.
#[derive(Clone, Copy)]
struct Form {
    name: RwSignal<String>,
    identification: RwSignal<String>,
    email: RwSignal<String>,
    contract: RwSignal<String>,
    is_extraordinary: RwSignal<bool>,
    reason: RwSignal<String>,
    ends_on: RwSignal<String>,
    was_tried: RwSignal<bool>,
    key: StoredValue<Key>,
}

impl Form {
    fn new() -> Self {
        let empty = || RwSignal::new(String::new());
        Self {
            name: empty(),
            identification: empty(),
            email: empty(),
            contract: empty(),
            is_extraordinary: RwSignal::new(false),
            reason: empty(),
            ends_on: empty(),
            was_tried: RwSignal::new(false),
            key: StoredValue::new(Key::new()),
        }
    }

    fn is_whole(self) -> bool {
        let has = |typed: RwSignal<String>| !typed.read_untracked().trim().is_empty();
        let must = [self.name, self.identification, self.email, self.contract];
        must.into_iter().all(has) && (!self.is_extraordinary.get_untracked() || has(self.reason))
    }

    fn input(self, i18n: Words) -> DeclareCancellationInput {
        let text = |typed: RwSignal<String>| typed.get_untracked().trim().to_owned();
        let given = |typed: RwSignal<String>| Some(text(typed)).filter(|text| !text.is_empty());
        DeclareCancellationInput {
            idempotency_key: self.key.get_value(),
            name: text(self.name),
            identification: text(self.identification),
            email: text(self.email),
            contract: text(self.contract),
            is_extraordinary: self.is_extraordinary.get_untracked(),
            reason: given(self.reason),
            ends_on: given(self.ends_on).map(Day),
            language: locale::language_of(i18n.get_locale_untracked()),
        }
    }
}

#[component]
fn Declaring(is_revocation: bool) -> AnyView {
    let i18n = use_i18n();
    let form = Form::new();
    let is_checking = RwSignal::new(false);
    let send = Action::new_local(move |(): &()| async move {
        let done = declare(form.input(i18n), is_revocation).await;
        if done.is_err() {
            form.key.set_value(Key::new()); // what is typed now may be another declaration
        }
        done
    });
    let step = Memo::new(move |_| match &*send.value().read() {
        Some(Ok(_)) => 2,
        Some(Err(error)) if error.field().is_some() => 0,
        _ => u8::from(is_checking.get()),
    });
    view! {
        {live(move || match step.get() {
            0 => view! { <Filling form is_revocation is_checking send /> }.into_any(),
            1 => view! { <Checking form is_revocation is_checking send /> }.into_any(),
            _ => match send.value().get_untracked() {
                Some(Ok(receipt)) => view! { <Received form is_revocation receipt /> }.into_any(),
                _ => ().into_any(),
            },
        })}
    }
    .into_any()
}

type Sending = Action<(), Result<DeclarationReceipt, ApiError>>;

fn title(i18n: Words, is_revocation: bool) -> &'static str {
    if is_revocation {
        t_string!(i18n, legal.withdraw)
    } else {
        t_string!(i18n, legal.cancel)
    }
}

#[component]
fn Filling(form: Form, is_revocation: bool, is_checking: RwSignal<bool>, send: Sending) -> AnyView {
    let i18n = use_i18n();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        form.was_tried.set(true);
        if form.is_whole() {
            send.value().set(None);
            is_checking.set(true);
        }
    };
    let error = move |name: &'static str, typed: RwSignal<String>| {
        Signal::derive(move || {
            if form.was_tried.get() && typed.read().trim().is_empty() {
                return Some(t_string!(i18n, refusal.missing).to_owned());
            }
            let refused = send.value().get()?.err().filter(|error| error.field() == Some(name))?;
            Some(refusal::words(i18n, &refused))
        })
    };
    let refused_day = Signal::derive(move || {
        let refused = send
            .value()
            .get()?
            .err()
            .filter(|error| error.field() == Some("endsOn"))?;
        Some(refusal::words(i18n, &refused))
    });
    view! {
        <Heading text=follow(i18n, if is_revocation { |i18n| title(i18n, true) } else { |i18n| title(i18n, false) }) />
        <p class="lead">
            {if is_revocation { t!(i18n, legal.withdraw_lead).into_any() } else { t!(i18n, legal.cancel_lead).into_any() }}
        </p>
        <form class="form" novalidate on:submit=submit>
            {(!is_revocation).then(|| view! {
                <fieldset class="field">
                    <legend>{t!(i18n, legal.kind)}</legend>
                    <label class="choice">
                        <input type="radio" name="kind" prop:checked=move || !form.is_extraordinary.get()
                            on:change=move |_| form.is_extraordinary.set(false) />
                        {t!(i18n, legal.ordinary)}
                    </label>
                    <label class="choice">
                        <input type="radio" name="kind" prop:checked=move || form.is_extraordinary.get()
                            on:change=move |_| form.is_extraordinary.set(true) />
                        {t!(i18n, legal.extraordinary)}
                    </label>
                </fieldset>
                {live(move || form.is_extraordinary.get().then(|| view! {
                    <TextField id="reason" label=t!(i18n, order.reason) value=form.reason required=true error=error("reason", form.reason) />
                }).into_any())}
            })}
            <TextField id="name" label=t!(i18n, legal.name) value=form.name autocomplete="name" required=true error=error("name", form.name) />
            <TextField id="identification" label=t!(i18n, legal.identification) value=form.identification autocomplete="off"
                hint=t!(i18n, legal.identification_hint) required=true error=error("identification", form.identification) />
            <TextField id="contract" label=t!(i18n, legal.contract) value=form.contract hint=t!(i18n, legal.contract_hint)
                required=true error=error("contract", form.contract) />
            {(!is_revocation).then(|| view! {
                <TextField id="ends-on" label=t!(i18n, legal.ends_on) value=form.ends_on kind="date" optional=true
                    hint=t!(i18n, legal.ends_on_hint) error=refused_day />
            })}
            <TextField id="email" label=t!(i18n, user.email) value=form.email kind="email" autocomplete="email"
                hint=t!(i18n, legal.email_hint) autocapitalize="none" required=true error=error("email", form.email) />
            <Button look="primary full" submit=true>{t!(i18n, ui.next)}</Button>
            <p><A href="/sign-in">{t!(i18n, user.to_sign_in)}</A></p>
        </form>
    }
    .into_any()
}

/// What is declared, a line each.
#[component]
fn Content(form: Form, is_revocation: bool) -> AnyView {
    let i18n = use_i18n();
    let line = |term: AnyView, value: String| {
        (!value.trim().is_empty()).then(|| view! { <div><dt>{term}</dt><dd>{value}</dd></div> })
    };
    let kind = (!is_revocation).then(|| {
        let kind = text(move || {
            let words = if form.is_extraordinary.get() {
                t_string!(i18n, legal.extraordinary)
            } else {
                t_string!(i18n, legal.ordinary)
            };
            words.to_owned()
        });
        view! { <div><dt>{t!(i18n, legal.kind)}</dt><dd>{kind}</dd></div> }
    });
    let end = (!is_revocation).then(|| {
        let day = form.ends_on.get_untracked();
        let words = text(move || match day.as_str() {
            "" => t_string!(i18n, legal.soon).to_owned(),
            day => locale::date(i18n, &Day(day.to_owned())),
        });
        view! { <div><dt>{t!(i18n, legal.ends_on)}</dt><dd>{words}</dd></div> }
    });
    let reason = form.reason.get_untracked();
    let reason = if form.is_extraordinary.get_untracked() {
        reason
    } else {
        String::new()
    };
    view! {
        <dl class="facts">
            {kind}
            {line(t!(i18n, order.reason).into_any(), reason)}
            {line(t!(i18n, legal.name).into_any(), form.name.get_untracked())}
            {line(t!(i18n, legal.identification).into_any(), form.identification.get_untracked())}
            {line(t!(i18n, legal.contract).into_any(), form.contract.get_untracked())}
            {end}
            {line(t!(i18n, user.email).into_any(), form.email.get_untracked())}
        </dl>
    }
    .into_any()
}

#[component]
fn Checking(form: Form, is_revocation: bool, is_checking: RwSignal<bool>, send: Sending) -> AnyView {
    let i18n = use_i18n();
    let refused = live(move || {
        let error = send.value().get().and_then(Result::err);
        error
            .map(|error| view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
            .into_any()
    });
    let press = move |()| {
        if !send.pending().get_untracked() {
            send.dispatch(());
        }
    };
    view! {
        <Heading text=t!(i18n, legal.check) />
        <p class="lead">
            {if is_revocation { t!(i18n, legal.withdraw_check).into_any() } else { t!(i18n, legal.cancel_check).into_any() }}
        </p>
        <Content form is_revocation />
        {refused}
        <div class="actions">
            <Button look="primary" busy=send.pending() on_press=press>
                {if is_revocation { t!(i18n, legal.withdraw_now).into_any() } else { t!(i18n, legal.cancel_now).into_any() }}
            </Button>
            <Button on_press=move |()| is_checking.set(false)>{t!(i18n, ui.previous)}</Button>
        </div>
    }
    .into_any()
}

#[component]
fn Received(form: Form, is_revocation: bool, receipt: DeclarationReceipt) -> AnyView {
    let i18n = use_i18n();
    let DeclarationReceipt { number, received_at } = receipt;
    let at = text(move || locale::stamp(i18n, &received_at));
    view! {
        <Heading text=t!(i18n, legal.received) />
        <p class="lead" role="status">{t!(i18n, legal.received_text)}</p>
        <dl class="facts">
            <div><dt>{t!(i18n, order.number)}</dt><dd><span class="id">{number}</span></dd></div>
            <div><dt>{t!(i18n, order.placed_at)}</dt><dd>{at}</dd></div>
        </dl>
        <Content form is_revocation />
        <div class="actions">
            <Button icon="download" on_press=move |()| { window().print().ok(); }>{t!(i18n, legal.print)}</Button>
            <A href="/sign-in" attr:class="button">{t!(i18n, user.to_sign_in)}</A>
        </div>
    }
    .into_any()
}

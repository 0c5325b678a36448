//! The people of a customer: who can sign in, and taking off a second factor that was lost.
use super::people_operations::{CustomerPerson, people, reset_second_factor};
use crate::{
    api::ApiError,
    i18n::*,
    loading::{Loaded, Loading, load},
    locale, refusal,
    ui::{Button, Dialog, FieldError, Notice, TextField, Toasts, Tone},
};
use leptos::prelude::*;
use shared::id::AccountId;

/// Everybody who acts in the customer's account.
#[component]
pub fn People(account: AccountId) -> AnyView {
    let i18n = use_i18n();
    let found = load(move || people(account));
    view! {
        <section class="part" aria-labelledby="people">
            <div class="part-head">
                <h2 id="people">{t!(i18n, office.people)}</h2>
                <p>{t!(i18n, office.people_text)}</p>
            </div>
            <Loaded resource=found rows=2 let:people>
                <ul class="rows">
                    {people.into_iter().map(|person| view! { <Row person found /> }).collect_view()}
                </ul>
            </Loaded>
        </section>
    }
    .into_any()
}

#[component]
fn Row(person: CustomerPerson, found: Loading<Vec<CustomerPerson>>) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let CustomerPerson {
        email,
        has_second_factor,
        is_owner,
        last_seen_at,
        name,
        user_id,
    } = person;
    let called = name.clone().or(email.clone()).unwrap_or_else(|| "–".to_owned());
    let about = text(move || {
        let role = is_owner.then(|| t_string!(i18n, office.owner).to_owned());
        let factor = if has_second_factor {
            t_string!(i18n, office.with_factor)
        } else {
            t_string!(i18n, office.without_factor)
        };
        let address = name.is_some().then(|| email.clone()).flatten();
        let seen = last_seen_at
            .as_ref()
            .map(|at| t_string!(i18n, office.last_seen, at = locale::stamp(i18n, at)));
        [address, role, Some(factor.to_owned()), seen]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", ")
    });
    let open = RwSignal::new(false);
    let reason = RwSignal::new(String::new());
    let reset = Action::new_local(move |why: &String| {
        let why = why.clone();
        async move {
            reset_second_factor(user_id, why).await?;
            toasts.say(t_string!(i18n, office.factor_reset).to_owned());
            let _ = open.try_set(false);
            found.refetch();
            Ok::<_, ApiError>(())
        }
    });
    let reason_error: FieldError = Signal::derive(move || {
        let error = reset
            .value()
            .get()?
            .err()
            .filter(|error| error.field() == Some("reason"))?;
        Some(refusal::words(i18n, &error)).filter(|_| !reset.pending().get())
    });
    let refused = move || {
        let error = reset
            .value()
            .get()?
            .err()
            .filter(|error| !reset.pending().get() && error.field() != Some("reason"))?;
        Some(view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    let submit = Callback::new(move |()| {
        if !reset.pending().get_untracked() {
            reset.dispatch(reason.get_untracked());
        }
    });
    let foot = move || {
        view! {
            <Button on_press=move |()| open.set(false)>{t!(i18n, ui.cancel)}</Button>
            <Button look="danger primary" submit=true busy=reset.pending()>{t!(i18n, second_factor.reset)}</Button>
        }
    };
    let asked = StoredValue::new(called.clone());
    let of_whom = called.clone();
    view! {
        <li>
            <div>
                <p class="rows-title">{called}</p>
                <p class="rows-text">{about}</p>
            </div>
            {has_second_factor.then(|| view! {
                <div class="rows-end">
                    <Button look="quiet s" on_press=move |()| open.set(true)>
                        {t!(i18n, second_factor.reset)} <span class="away">" " {of_whom}</span>
                    </Button>
                </div>
                <Dialog id="reset-factor" small=true open title=t!(i18n, second_factor.reset_title) on_submit=submit foot>
                    <p>{text(move || t_string!(i18n, second_factor.reset_text, name = asked.get_value()))}</p>
                    <TextField
                        id="reset-reason"
                        label=t!(i18n, office.reason)
                        value=reason
                        required=true
                        hint=t!(i18n, office.reason_hint)
                        error=reason_error
                    />
                    {refused}
                </Dialog>
            })}
        </li>
    }
    .into_any()
}

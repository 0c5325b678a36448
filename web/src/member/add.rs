//! The form "Benutzer anlegen": an invitation by mail; the person chooses the password.
use super::{
    invitation_operations::{InviteMemberInput, invite_member},
    list::Asked,
    rights::RightsField,
};
use crate::{
    api::{ApiError, Day},
    i18n::*,
    locale, refusal,
    ui::{Button, Field, FieldError, Notice, TextField, Toasts, Tone, describe, live},
};
use leptos::{ev::SubmitEvent, prelude::*};
use shared::{
    account::{AccountKind, Right},
    name::EmailAddress,
};

/// The fields that say themselves what is wrong with them.
const FIELDS: [&str; 5] = ["name", "email", "userName", "rights", "until"];

/// What is proposed as the user name of a person: the last word of the name in plain letters.
fn proposed(name: &str) -> String {
    let last = name.split_whitespace().last().unwrap_or_default().to_lowercase();
    let plain = last
        .replace('ä', "ae")
        .replace('ö', "oe")
        .replace('ü', "ue")
        .replace('ß', "ss");
    let fits = |c: &char| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '-';
    plain.chars().filter(fits).take(40).collect()
}

/// Asks whom to invite and to what. What was typed stays when it is refused.
#[component]
pub fn AddForm(
    /// What the account is.
    kind: AccountKind,
    /// Its customer number, with which the user name begins.
    number: String,
    /// What the viewer may give.
    own: Vec<Right>,
    /// Hears that somebody was invited.
    asked: Asked,
) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let empty = || RwSignal::new(String::new());
    let (name, email, user_name, until) = (empty(), empty(), empty(), empty());
    let rights = RwSignal::new(Vec::<Right>::new());
    let was_tried = RwSignal::new(false);
    let number = StoredValue::new(number);
    // The proposal follows the name until somebody types another user name.
    let proposal = StoredValue::new(String::new());
    Effect::new(move |_| {
        let next = proposed(&name.read());
        if *user_name.read_untracked() == proposal.get_value() {
            user_name.set(next.clone());
        }
        proposal.set_value(next);
    });

    let invite = Action::new_local(move |input: &InviteMemberInput| {
        let input = input.clone();
        async move {
            let invitation = invite_member(input).await?;
            toasts.say(tu_string!(i18n, member.invited, email = invitation.email).to_string());
            for typed in [name, email, user_name, until] {
                drop(typed.try_set(String::new()));
            }
            drop(rights.try_set(Vec::new()));
            let _ = was_tried.try_set(false);
            asked.is_done();
            Ok::<_, ApiError>(())
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        was_tried.set(true);
        let is_ready = EmailAddress::parse(&email.read_untracked()).is_ok()
            && !user_name.read_untracked().trim().is_empty()
            && !rights.read_untracked().is_empty();
        if !is_ready || invite.pending().get_untracked() {
            return;
        }
        let set =
            |typed: RwSignal<String>| Some(typed.get_untracked().trim().to_owned()).filter(|text| !text.is_empty());
        invite.dispatch(InviteMemberInput {
            email: email.get_untracked().trim().to_owned(),
            name: set(name),
            rights: rights.get_untracked(),
            until: set(until).map(Day),
            user_name: format!("{}/{}", number.get_value(), user_name.get_untracked().trim()),
        });
    };

    let refused = move |field: &'static str| {
        let error = invite.value().get()?.err()?;
        (!invite.pending().get() && error.field() == Some(field)).then(|| refusal::words(i18n, &error))
    };
    let missing =
        move |is_missing: bool| (was_tried.get() && is_missing).then(|| t_string!(i18n, refusal.missing).to_owned());
    let email_error: FieldError = Signal::derive(move || {
        if was_tried.get() && EmailAddress::parse(&email.read()).is_err() {
            return Some(t_string!(i18n, refusal.not_an_email).to_owned());
        }
        refused("email")
    });
    let user_name_error: FieldError =
        Signal::derive(move || missing(user_name.read().trim().is_empty()).or_else(|| refused("userName")));
    let rights_error: FieldError =
        Signal::derive(move || missing(rights.read().is_empty()).or_else(|| refused("rights")));
    let name_error: FieldError = Signal::derive(move || refused("name"));
    let until_error: FieldError = Signal::derive(move || refused("until"));
    let other = move || {
        let error = invite.value().get()?.err()?;
        let has_field = error.field().is_some_and(|field| FIELDS.contains(&field));
        (!invite.pending().get() && !has_field).then(|| {
            view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> }
        })
    };
    let described = describe("new-user", true, user_name_error);
    let hint = move || {
        let typed = user_name.read();
        let whole = format!("{}/{}", number.get_value(), typed.trim());
        t_string!(i18n, member.user_name_hint, name = whole)
    };
    view! {
        <section class="part start-part" aria-labelledby="add">
            <div class="part-head">
                <h2 id="add">{t!(i18n, member.add)}</h2>
                <p>{t!(i18n, member.add_text)}</p>
            </div>
            <form class="form" novalidate on:submit=submit>
                <div class="field-row">
                    <TextField id="new-name" label=t!(i18n, member.name) value=name error=name_error />
                    <TextField
                        id="new-mail"
                        label=t!(i18n, member.email)
                        value=email
                        kind="email"
                        autocapitalize="none"
                        required=true
                        error=email_error
                    />
                </div>
                <Field id="new-user" label=t!(i18n, member.user_name) error=user_name_error hint=hint>
                    <div class="prefixed">
                        <span class="id" aria-hidden="true">{move || format!("{}/", number.get_value())}</span>
                        <input
                            class="id"
                            id="new-user"
                            name="new-user"
                            autocomplete="off"
                            autocapitalize="none"
                            spellcheck="false"
                            required
                            aria-invalid=move || user_name_error.read().is_some().then_some("true")
                            aria-describedby=described
                            prop:value=move || user_name.get()
                            on:input:target=move |event| user_name.set(event.target().value())
                        />
                    </div>
                </Field>
                {live(move || {
                    // Made anew after an invitation, so that no preset stays chosen.
                    asked.done.track();
                    view! { <RightsField id="new" kind own=own.clone() rights error=rights_error /> }.into_any()
                })}
                <TextField
                    id="new-until"
                    class="short"
                    label=t!(i18n, member.until)
                    value=until
                    kind="date"
                    optional=true
                    min=locale::today().0
                    error=until_error
                />
                {other}
                <Button look="primary" submit=true busy=invite.pending()>{t!(i18n, member.invite)}</Button>
            </form>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::proposed;

    #[test]
    fn the_proposal_is_the_last_name_in_plain_letters() {
        assert_eq!(proposed("Lena Kamp"), "kamp");
        assert_eq!(proposed("Jörg Groß-Müller "), "gross-mueller");
        assert_eq!(proposed(""), "");
    }
}

//! Signing in.
use super::{
    Entrance, SessionStoreFields, is_signed_in,
    operations::{SignInInput, sign_in},
    second_factor::{Back, second_step},
    set_viewer, use_session, way_on,
};
use crate::{
    api::ApiError,
    i18n::*,
    later::later,
    refusal,
    ui::{Button, Heading, Icon, Notice, PasswordField, TextField, Tone, live},
};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::{
    NavigateOptions,
    components::A,
    hooks::{use_location, use_navigate, use_query_map},
};
use shared::error::Reason;

/// Name and password. What was typed stays when they are refused.
#[component]
pub fn SignInPage() -> AnyView {
    let i18n = use_i18n();
    let session = use_session();
    let query = use_query_map();
    let hash = use_location().hash;
    let name = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let was_tried = RwSignal::new(false);
    let awaits_code = RwSignal::new(false);

    let enter = Action::new_local(move |input: &SignInInput| {
        let input = input.clone();
        async move {
            match sign_in(input).await? {
                Some(viewer) => set_viewer(session, i18n, viewer),
                None => awaits_code.set(true),
            }
            Ok::<_, ApiError>(())
        }
    });
    let navigate = use_navigate();
    Effect::new(move |_| {
        if is_signed_in(session) == Some(true) {
            let behind = hash.read_untracked().trim_start_matches('#').to_owned();
            let to = way_on(if behind.is_empty() {
                query.read_untracked().get("to")
            } else {
                Some(behind)
            });
            navigate(
                &to,
                NavigateOptions {
                    replace: true,
                    ..Default::default()
                },
            );
        }
    });

    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        was_tried.set(true);
        let input = SignInInput {
            name: name.get_untracked().trim().to_owned(),
            password: password.get_untracked(),
        };
        if !input.name.is_empty() && !input.password.is_empty() && !enter.pending().get_untracked() {
            enter.dispatch(input);
        }
    };
    let name_error = Signal::derive(move || {
        let missing = was_tried.get() && name.read().trim().is_empty();
        missing.then(|| t_string!(i18n, sign_in.missing_name).to_owned())
    });
    let password_error = Signal::derive(move || {
        let missing = was_tried.get() && password.read().is_empty();
        missing.then(|| t_string!(i18n, sign_in.missing_password).to_owned())
    });
    let refused = move || {
        let error = enter.value().get()?.err()?;
        let text = match error.reason() {
            Some(Reason::WrongCredentials) => t_string!(i18n, sign_in.wrong).to_owned(),
            _ => refusal::plain(i18n, &error),
        };
        (!enter.pending().get()).then(|| {
            view! {
                <Notice tone=Tone::Bad live=true><p>{text}</p></Notice>
            }
        })
    };

    let first = move || {
        view! {
            <Heading text=t!(i18n, sign_in.title) />
            <p class="lead">{t!(i18n, sign_in.lead)}</p>
            <form class="form" novalidate on:submit=submit>
                {live(move || session.has_ended().get().then(|| view! {
                    <Notice tone=Tone::Warn live=true><p>{t!(i18n, sign_in.ended)}</p></Notice>
                }).into_any())}
                <TextField
                    id="username"
                    label=t!(i18n, sign_in.name)
                    value=name
                    autocomplete="username"
                    autocapitalize="none"
                    required=true
                    error=name_error
                />
                <PasswordField
                    id="password"
                    label=t!(i18n, sign_in.password)
                    value=password
                    autocomplete="current-password"
                    error=password_error
                />
                {refused}
                <Button look="primary full" submit=true busy=enter.pending()>{t!(i18n, sign_in.submit)}</Button>
                <p><A href="/forgotten">{t!(i18n, sign_in.forgotten)}</A></p>
                <div class="notice">
                    <Icon name="mail" />
                    <h2>{t!(i18n, sign_in.first_time)}</h2>
                    <p>
                        {t!(i18n, sign_in.first_time_text)} " "
                        <A href="/letter">{t!(i18n, sign_in.letter)}</A>
                    </p>
                    <p>{t!(i18n, sign_in.no_access)} " " <A href="/registration">{t!(i18n, sign_in.register)}</A></p>
                </div>
            </form>
        }
        .into_any()
    };
    let back = Callback::new(move |()| {
        password.set(String::new());
        was_tried.set(false);
        awaits_code.set(false);
    });
    provide_context(Back(back));
    view! {
        <Entrance panel=true>
            {live(move || if awaits_code.get() { later(second_step) } else { first() })}
        </Entrance>
    }
    .into_any()
}

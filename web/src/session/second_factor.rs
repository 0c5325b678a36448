//! The second step of signing in, the field for codes, and the page of an account that asks for a second factor.
use super::{operations::verify_second_factor, set_viewer, use_session, use_viewer};
use crate::{
    api::ApiError,
    i18n::*,
    later::Page,
    refusal,
    ui::{Button, Field, FieldError, Heading, Notice, Tone, describe, live},
};
use leptos::{ev::SubmitEvent, prelude::*, wasm_split::wasm_split};
use leptos_router::components::A;
use shared::error::Reason;

/// A code of the app; where none is at hand, a recovery code.
#[component]
pub fn CodeField(
    /// The id of the input.
    id: &'static str,
    /// What is typed.
    value: RwSignal<String>,
    /// What is wrong.
    #[prop(into)]
    error: FieldError,
    /// What it is called; "code of the app" without it.
    #[prop(optional, into)]
    label: Option<TextProp>,
    /// A recovery code will not do.
    #[prop(optional)]
    app_only: bool,
) -> AnyView {
    let i18n = use_i18n();
    let by_paper = RwSignal::new(false);
    let own = label.unwrap_or_else(|| TextProp::from(move || t_string!(i18n, second_factor.code)));
    let label = TextProp::from(move || {
        if by_paper.get() {
            t_string!(i18n, second_factor.recovery_code).into()
        } else {
            own.get()
        }
    });
    let described = describe(id, false, error);
    let turn = Callback::new(move |()| {
        value.set(String::new());
        by_paper.update(|by_paper| *by_paper = !*by_paper);
    });
    view! {
        <Field id label error>
            <input
                id=id
                name=id
                type="text"
                class=move || if by_paper.get() { "id" } else { "code" }
                inputmode=move || if by_paper.get() { "text" } else { "numeric" }
                autocomplete=move || if by_paper.get() { "off" } else { "one-time-code" }
                autocapitalize="characters"
                spellcheck="false"
                maxlength=move || if by_paper.get() { "30" } else { "7" }
                required
                aria-invalid=move || error.read().is_some().then_some("true")
                aria-describedby=described
                prop:value=move || value.get()
                on:input:target=move |event| value.set(event.target().value())
            />
        </Field>
        {(!app_only).then(|| view! {
            <p>
                <Button look="quiet s" on_press=turn>
                    {live(move || (if by_paper.get() {
                        t_string!(i18n, second_factor.use_app)
                    } else {
                        t_string!(i18n, second_factor.use_recovery_code)
                    }).into_any())}
                </Button>
            </p>
        })}
    }
    .into_any()
}

/// What is said at the field of a code: that it is missing, or why it was refused.
pub fn code_error(i18n: crate::locale::Words, is_missing: bool, refused: Option<ApiError>) -> Option<String> {
    if is_missing {
        return Some(t_string!(i18n, second_factor.missing).to_owned());
    }
    let error = refused.filter(is_about_code)?;
    Some(match error.reason() {
        Some(Reason::WrongCode) => t_string!(i18n, refusal.wrong_code).to_owned(),
        Some(Reason::SetupExpired) => t_string!(i18n, refusal.setup_expired).to_owned(),
        Some(Reason::Missing) => t_string!(i18n, second_factor.missing).to_owned(),
        _ => refusal::plain(i18n, &error),
    })
}

/// Whether a refusal is told at the field of the code.
pub fn is_about_code(error: &ApiError) -> bool {
    matches!(error.field(), Some("code"))
}

/// Hears that the person wants to begin to sign in again.
#[derive(Clone, Copy, Debug)]
pub struct Back(pub Callback<()>);

/// The second step, in the context of a [`Back`]: the password was right. Its code is fetched when it is needed, as most
/// people stay signed in.
#[wasm_split(entrance, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn second_step() -> Page {
    Ok(view! { <SecondStep /> }.into_any())
}

#[component]
fn SecondStep() -> AnyView {
    let i18n = use_i18n();
    let Back(on_back) = expect_context();
    let session = use_session();
    let code = RwSignal::new(String::new());
    let is_missing = RwSignal::new(false);
    let verify = Action::new_local(move |code: &String| {
        let code = code.clone();
        async move {
            let viewer = verify_second_factor(code).await?;
            set_viewer(session, i18n, viewer);
            Ok::<_, ApiError>(())
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let given = code.get_untracked().trim().to_owned();
        is_missing.set(given.is_empty());
        if !given.is_empty() && !verify.pending().get_untracked() {
            verify.dispatch(given);
        }
    };
    let refused = Signal::derive(move || {
        if verify.pending().get() {
            None
        } else {
            verify.value().get()?.err()
        }
    });
    let error = Signal::derive(move || code_error(i18n, is_missing.get(), refused.get()));
    let other = move || {
        let error = refused.get().filter(|error| !is_about_code(error))?;
        Some(view! { <Notice tone=Tone::Bad live=true><p>{refusal::plain(i18n, &error)}</p></Notice> })
    };
    view! {
        <Heading text=t!(i18n, second_factor.step_title) />
        <p class="lead">{t!(i18n, second_factor.step_lead)}</p>
        <form class="form" novalidate on:submit=submit>
            <CodeField id="code" value=code error />
            {other}
            <Button look="primary full" submit=true busy=verify.pending()>{t!(i18n, sign_in.submit)}</Button>
            <Button look="quiet" on_press=on_back>{t!(i18n, second_factor.back)}</Button>
        </form>
    }
    .into_any()
}

/// What the account in view shows instead of its pages to somebody without a second factor.
#[wasm_split(settings, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn needed_page() -> Page {
    Ok(view! { <NeededPage /> }.into_any())
}

#[component]
fn NeededPage() -> AnyView {
    let i18n = use_i18n();
    let is_on = use_viewer()
        .get_untracked()
        .is_some_and(|viewer| viewer.second_factor.is_on);
    view! {
        <div class="page">
            <div class="page-head"><div><Heading text=t!(i18n, second_factor.needed_title) /></div></div>
            <div class="narrow">
                <p class="lead">{live(move || (if is_on {
                    t_string!(i18n, second_factor.needed_sign_in)
                } else {
                    t_string!(i18n, second_factor.needed_text)
                }).into_any())}</p>
                {(!is_on).then(|| view! {
                    <p class="block-foot"><A href="/security" attr:class="button primary">{t!(i18n, second_factor.set_up)}</A></p>
                })}
            </div>
        </div>
    }
    .into_any()
}

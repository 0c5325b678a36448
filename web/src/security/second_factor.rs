//! The part "Zwei-Faktor-Anmeldung": setting it up, changing the app, turning it off, new recovery codes.
use super::{
    for_all::ForAllRow,
    second_factor_operations::{ConfirmSecondFactorInput, Setup, begin, confirm, disable, replace_recovery_codes},
};
use crate::{
    api::ApiError,
    i18n::*,
    refusal,
    session::{
        self,
        second_factor::{CodeField, code_error, is_about_code},
        use_session, use_viewer,
    },
    ui::{Badge, Button, CopyButton, Dialog, FieldError, Notice, Toasts, Tone, live},
};
use leptos::{ev::SubmitEvent, prelude::*};

/// What a dialog asks a code for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    TurnOff,
    NewCodes,
}

/// The second factor of the viewer.
#[component]
pub fn SecondFactorPart(
    /// Takes the recovery codes, to show them.
    codes: RwSignal<Option<Vec<String>>>,
    /// Is told whether the second factor was turned on with them.
    is_new: RwSignal<bool>,
) -> AnyView {
    let i18n = use_i18n();
    let viewer = use_viewer();
    let factor = Memo::new(move |_| viewer.read().as_ref().map(|viewer| viewer.second_factor));
    let setup = RwSignal::new(None::<Setup>);
    let asked = RwSignal::new(None::<Act>);
    let start = Action::new_local(move |(): &()| async move {
        let made = begin().await?;
        let _ = setup.try_set(Some(made));
        Ok::<_, ApiError>(())
    });
    let refused = move || {
        let of = |pending: bool, value: Option<Result<(), ApiError>>| if pending { None } else { value?.err() };
        let error = of(start.pending().get(), start.value().get())?;
        Some(view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    let begin_it = Callback::new(move |()| {
        if !start.pending().get_untracked() {
            start.dispatch(());
        }
    });
    let rows = move || {
        let Some(factor) = factor.get() else {
            return ().into_any();
        };
        if !factor.is_on {
            return view! {
                <Button look="primary" busy=start.pending() on_press=begin_it>{t!(i18n, second_factor.set_up)}</Button>
            }
            .into_any();
        }
        let left = factor.recovery_codes_left;
        view! {
            <ul class="rows">
                <li>
                    <div>
                        <p class="rows-title">{t!(i18n, second_factor.app)} " " <Badge tone=Tone::Good>{t!(i18n, second_factor.on)}</Badge></p>
                        <p class="rows-text">{t!(i18n, second_factor.app_text)}</p>
                    </div>
                    <div class="rows-end actions">
                        <Button look="s" busy=start.pending() on_press=begin_it>{t!(i18n, second_factor.replace)}</Button>
                        <Button look="s danger" on_press=move |()| asked.set(Some(Act::TurnOff))>{t!(i18n, second_factor.turn_off)}</Button>
                    </div>
                </li>
                <li>
                    <div>
                        <p class="rows-title">{t!(i18n, second_factor.step_codes)}</p>
                        <p class="rows-text">{live(move || t_string!(i18n, second_factor.left, count = left).into_any())}</p>
                    </div>
                    <Button look="s" on_press=move |()| asked.set(Some(Act::NewCodes))>{t!(i18n, second_factor.new_codes)}</Button>
                </li>
                <ForAllRow />
            </ul>
        }
        .into_any()
    };
    let body = move || match setup.get() {
        Some(made) => {
            let is_on = factor.get_untracked().is_some_and(|factor| factor.is_on);
            view! { <SetUp made setup codes is_new is_on /> }.into_any()
        }
        None => rows(),
    };
    view! {
        <section class="part" aria-labelledby="second-factor">
            <div class="part-head">
                <h2 id="second-factor">{t!(i18n, second_factor.title)}</h2>
                <p>{t!(i18n, second_factor.lead)}</p>
            </div>
            <div>{refused}{live(body)}</div>
        </section>
        <ActDialog asked codes is_new />
    }
    .into_any()
}

/// The picture, the secret, and the first code.
#[component]
fn SetUp(
    made: Setup,
    setup: RwSignal<Option<Setup>>,
    codes: RwSignal<Option<Vec<String>>>,
    is_new: RwSignal<bool>,
    is_on: bool,
) -> AnyView {
    let i18n = use_i18n();
    let session = use_session();
    let Setup {
        picture_path,
        picture_size,
        secret,
        uri,
    } = made;
    let (code, current) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let was_tried = RwSignal::new(false);
    let confirming = Action::new_local(move |input: &ConfirmSecondFactorInput| {
        let input = input.clone();
        async move {
            let made = confirm(input).await?;
            session::load(session, i18n);
            is_new.set(true);
            // Once this action has told the form that it is done: the form goes with all that listens to it.
            set_timeout(move || drop(codes.try_set(Some(made))), std::time::Duration::ZERO);
            Ok::<_, ApiError>(())
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        was_tried.set(true);
        let given = code.get_untracked().trim().to_owned();
        let former = is_on.then(|| current.get_untracked().trim().to_owned());
        let is_whole = !given.is_empty() && former.as_ref().is_none_or(|former| !former.is_empty());
        if is_whole && !confirming.pending().get_untracked() {
            confirming.dispatch(ConfirmSecondFactorInput {
                code: given,
                current_code: former,
            });
        }
    };
    let refused = Signal::derive(move || {
        if confirming.pending().get() {
            None
        } else {
            confirming.value().get()?.err()
        }
    });
    let error =
        Signal::derive(move || code_error(i18n, was_tried.get() && code.read().trim().is_empty(), refused.get()));
    let current_error: FieldError = Signal::derive(move || {
        if was_tried.get() && current.read().trim().is_empty() {
            return Some(t_string!(i18n, second_factor.missing).to_owned());
        }
        let error = refused.get().filter(|error| error.field() == Some("currentCode"))?;
        Some(refusal::words(i18n, &error))
    });
    let other = move || {
        let error = refused
            .get()
            .filter(|error| !is_about_code(error) && error.field() != Some("currentCode"))?;
        Some(view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    let copied = secret.clone();
    view! {
        <ol class="steps" aria-label=t!(i18n, second_factor.set_up)>
            <li data-tone="good">{t!(i18n, second_factor.step_password)}<span class="away">" " {t!(i18n, second_factor.step_done)}</span></li>
            <li aria-current="step">{t!(i18n, second_factor.step_app)}</li>
            <li>{t!(i18n, second_factor.step_codes)}</li>
        </ol>
        <div class="scan">
            <div class="qr">
                <svg role="img" aria-label=t!(i18n, second_factor.picture) viewBox=format!("0 0 {picture_size} {picture_size}") shape-rendering="crispEdges">
                    <path fill="#000" d=picture_path />
                </svg>
            </div>
            <form class="form" novalidate on:submit=submit>
                <div>
                    <h3>{t!(i18n, second_factor.scan)}</h3>
                    <p class="soft">{t!(i18n, second_factor.scan_text)}</p>
                </div>
                <p class="secret">
                    <span class="id" id="second-factor-secret">{secret}</span>
                    " "
                    <CopyButton text=copied what=t!(i18n, second_factor.secret) only=true />
                </p>
                <p><a href=uri>{t!(i18n, second_factor.open_app)}</a></p>
                {is_on.then(|| view! {
                    <CodeField id="current-code" value=current error=current_error label=t!(i18n, second_factor.current_code) />
                })}
                <CodeField id="new-code" value=code error app_only=true label=t!(i18n, second_factor.new_code) />
                {other}
                <div class="actions">
                    <Button look="primary" submit=true busy=confirming.pending()>{t!(i18n, second_factor.confirm)}</Button>
                    <Button look="quiet" on_press=move |()| setup.set(None)>{t!(i18n, ui.cancel)}</Button>
                </div>
            </form>
        </div>
    }
    .into_any()
}

/// Asks for a code before the second factor goes or its recovery codes are replaced.
#[component]
fn ActDialog(asked: RwSignal<Option<Act>>, codes: RwSignal<Option<Vec<String>>>, is_new: RwSignal<bool>) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let session = use_session();
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(asked.read().is_some()));
    let code = RwSignal::new(String::new());
    let is_missing = RwSignal::new(false);
    let doing = Action::new_local(move |(act, code): &(Act, String)| {
        let (act, code) = (*act, code.clone());
        async move {
            match act {
                Act::TurnOff => {
                    disable(code).await?;
                    toasts.say(tu_string!(i18n, second_factor.is_off).to_owned());
                }
                Act::NewCodes => {
                    let made = replace_recovery_codes(code).await?;
                    is_new.set(false);
                    set_timeout(move || drop(codes.try_set(Some(made))), std::time::Duration::ZERO);
                }
            }
            let _ = open.try_set(false);
            session::load(session, i18n);
            Ok::<_, ApiError>(())
        }
    });
    let submit = Callback::new(move |()| {
        let given = code.get_untracked().trim().to_owned();
        is_missing.set(given.is_empty());
        if let Some(act) = asked.get_untracked()
            && !given.is_empty()
            && !doing.pending().get_untracked()
        {
            doing.dispatch((act, given));
        }
    });
    let closed = Callback::new(move |()| {
        asked.set(None);
        code.set(String::new());
        is_missing.set(false);
        doing.value().set(None);
    });
    let refused = Signal::derive(move || {
        if doing.pending().get() {
            None
        } else {
            doing.value().get()?.err()
        }
    });
    let error = Signal::derive(move || code_error(i18n, is_missing.get(), refused.get()));
    let other = move || {
        let error = refused.get().filter(|error| !is_about_code(error))?;
        Some(view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    let is_off = move || asked.get() == Some(Act::TurnOff);
    let title = TextProp::from(move || {
        if is_off() {
            t_string!(i18n, second_factor.off_title)
        } else {
            t_string!(i18n, second_factor.new_codes)
        }
    });
    let question = move || {
        if is_off() {
            t_string!(i18n, second_factor.off_text)
        } else {
            t_string!(i18n, second_factor.new_codes_text)
        }
    };
    let foot = move || {
        view! {
            <Button on_press=move |()| open.set(false)>{t!(i18n, ui.cancel)}</Button>
            {live(move || if is_off() {
                view! { <Button look="danger primary" submit=true busy=doing.pending()>{t!(i18n, second_factor.turn_off)}</Button> }.into_any()
            } else {
                view! { <Button look="primary" submit=true busy=doing.pending()>{t!(i18n, second_factor.make_codes)}</Button> }.into_any()
            })}
        }
    };
    view! {
        <Dialog id="second-factor-act" open small=true title on_submit=submit on_close=closed foot>
            <p class="soft">{question}</p>
            <CodeField id="act-code" value=code error />
            {other}
        </Dialog>
    }
    .into_any()
}

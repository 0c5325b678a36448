//! The agreement on the processing of personal data, as the page of a product has it.
use super::operations::{
    ConcludeAgreementInput, ConcludedAgreement, ContractAgreement, agreement, conclude, send_agreement,
};
use crate::{
    api::ApiError,
    i18n::*,
    loading::{Loaded, load},
    locale, refusal,
    ui::{Button, FieldError, Icon, Notice, TextField, Toasts, Tone, describe, live},
};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::components::A;
use shared::{account::Language, id::ContractId};

/// The part of the page; nothing where the product has no agreement.
#[component]
pub fn AgreementPart(id: ContractId) -> AnyView {
    let i18n = use_i18n();
    let turn = RwSignal::new(0);
    let found = load(move || {
        turn.track();
        let language = locale::language_of(i18n.get_locale());
        async move { Ok((language, agreement(id, language).await?)) }
    });
    view! {
        <Loaded resource=found rows=2 let:found>
            <Part id language=found.0 agreement=found.1 on_change=Callback::new(move |()| turn.update(|turn| *turn += 1)) />
        </Loaded>
    }
    .into_any()
}

#[component]
fn Part(id: ContractId, language: Language, agreement: ContractAgreement, on_change: Callback<()>) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let ContractAgreement {
        concluded,
        is_concluded,
        path,
        sha256,
        text_id,
        version,
    } = agreement;
    let (Some(path), Some(sha256), Some(text_id), Some(version)) = (path, sha256, text_id, version) else {
        return ().into_any();
    };
    let send = Action::new_local(move |(): &()| async move {
        let email = send_agreement(id, language).await?;
        toasts.say(tu_string!(i18n, document.sent, email = email).to_string());
        Ok::<_, ApiError>(())
    });
    let refused = move || {
        let error = send.value().get()?.err()?;
        (!send.pending().get())
            .then(|| view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    let word = match language {
        Language::De => "DE",
        Language::En => "EN",
    };
    let form = (!is_concluded).then(|| {
        let input = ConcludeAgreementInput {
            contract_id: id,
            is_agreed: true,
            language,
            sha256,
            signer_name: String::new(),
            signer_role: String::new(),
            text_id,
        };
        view! { <Form input on_change /> }
    });
    view! {
        <section class="part" aria-labelledby="agreement">
            <div class="part-head">
                <h2 id="agreement">{t!(i18n, document.agreement)}</h2>
                <p>{t!(i18n, document.agreement_text)} " " <A href="/help?place=/documents">{t!(i18n, help.title)}</A></p>
            </div>
            <div class="stack-5">
                {concluded.into_iter().map(done).collect_view()}
                <div class="actions">
                    <a class="button" href=format!("{path}?language={word}") download="" rel="external">
                        <Icon name="download" />{t!(i18n, document.read, version = version)}
                    </a>
                    <Button busy=send.pending() on_press=Callback::new(move |()| { send.dispatch(()); })>
                        {t!(i18n, document.send)}
                    </Button>
                </div>
                {refused}
                {form}
            </div>
        </section>
    }
    .into_any()
}

fn done(agreement: ConcludedAgreement) -> AnyView {
    let i18n = use_i18n();
    let ConcludedAgreement {
        concluded_at,
        path,
        signer_name,
        version,
    } = agreement;
    view! {
        <p>
            {text(move || t_string!(
                i18n,
                document.concluded,
                version = version,
                at = locale::stamp(i18n, &concluded_at),
                signer = signer_name.clone()
            ).to_string())}
            " "
            <a href=path download="" rel="external">{t!(i18n, document.fetch)}</a>
        </p>
    }
    .into_any()
}

#[component]
fn Form(input: ConcludeAgreementInput, on_change: Callback<()>) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let (name, role) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let agrees = RwSignal::new(false);
    let act = Action::new_local(move |input: &ConcludeAgreementInput| {
        let input = input.clone();
        async move {
            conclude(input).await?;
            toasts.say(tu_string!(i18n, document.done).to_owned());
            on_change.run(());
            Ok::<_, ApiError>(())
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if act.pending().get_untracked() {
            return;
        }
        act.dispatch(ConcludeAgreementInput {
            signer_name: name.get_untracked(),
            signer_role: role.get_untracked(),
            is_agreed: agrees.get_untracked(),
            ..input.clone()
        });
    };
    let error = move || act.value().get()?.err().filter(|_| !act.pending().get());
    let of = move |field: &'static str| -> FieldError {
        Signal::derive(move || {
            error()
                .filter(|error| error.field() == Some(field))
                .map(|error| refusal::words(i18n, &error))
        })
    };
    let agreed = of("isAgreed");
    let other = move || {
        let error = error()?;
        let is_shown = matches!(error.field(), Some("signerName" | "signerRole" | "isAgreed"));
        (!is_shown).then(|| view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    view! {
        <form class="form" novalidate on:submit=submit>
            <div class="field-row">
                <TextField id="signer-name" label=t!(i18n, document.signer_name) value=name required=true error=of("signerName") />
                <TextField id="signer-role" label=t!(i18n, document.signer_role) value=role required=true error=of("signerRole") />
            </div>
            <div class="field">
                <label class="check">
                    <input
                        id="is-agreed"
                        type="checkbox"
                        prop:checked=agrees
                        required
                        aria-invalid=move || agreed.read().is_some().then_some("true")
                        aria-describedby=describe("is-agreed", false, agreed)
                        on:change:target=move |event| agrees.set(event.target().checked())
                    />
                    <span>{t!(i18n, document.agree)}</span>
                </label>
                {live(move || agreed.get().map(|text| view! {
                    <p class="field-error" id="is-agreed-error"><Icon name="stop" /><span>{text}</span></p>
                }).into_any())}
            </div>
            {other}
            <Button look="primary" submit=true busy=act.pending()>{t!(i18n, document.conclude)}</Button>
        </form>
    }
    .into_any()
}

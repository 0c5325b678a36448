//! The form for a customer: a new one, or what the provider knows of one.
use super::operations::{ChangeCustomerInput, CreateCustomerInput, Customer, change_customer, create_customer};
use crate::{
    api::ApiError,
    i18n::*,
    locale::Words,
    refusal,
    ui::{Button, Crumbs, FieldError, Notice, PageHead, SelectField, TextField, Toasts, Tone},
};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::hooks::use_navigate;
use shared::{account::Language, term::CustomerKind};

/// The fields that say themselves what is wrong with them.
const FIELDS: [&str; 7] = ["number", "name", "email", "street", "postalCode", "city", "reason"];

/// What the law takes customers for.
const KINDS: [CustomerKind; 3] = [CustomerKind::Consumer, CustomerKind::SmallFirm, CustomerKind::LargeFirm];

fn word_of(kind: CustomerKind) -> &'static str {
    match kind {
        CustomerKind::Consumer => "consumer",
        CustomerKind::SmallFirm => "small",
        CustomerKind::LargeFirm => "large",
    }
}

fn kind_of(word: &str) -> CustomerKind {
    let found = KINDS.into_iter().find(|kind| word_of(*kind) == word);
    found.unwrap_or_default()
}

fn kind_words(i18n: Words, kind: CustomerKind) -> &'static str {
    match kind {
        CustomerKind::Consumer => t_string!(i18n, office.kind_consumer),
        CustomerKind::SmallFirm => t_string!(i18n, office.kind_small),
        CustomerKind::LargeFirm => t_string!(i18n, office.kind_large),
    }
}

/// The page "Kunde anlegen".
#[component]
pub fn NewCustomerPage() -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let navigate = use_navigate();
    let done = Callback::new(move |customer: Customer| {
        toasts.say(tu_string!(i18n, office.created, name = customer.name).to_string());
        navigate(&format!("/customers/{}", customer.account_id), Default::default());
    });
    view! {
        <div class="page">
            <Crumbs way=vec![("/customers".to_owned(), t_string!(i18n, nav.customers).into())] />
            <PageHead title=t!(i18n, office.create) lead=t!(i18n, office.create_lead) />
            <CustomerForm done />
        </div>
    }
    .into_any()
}

/// Asks for what the provider knows of a customer. What was typed stays when it is refused.
#[component]
pub fn CustomerForm(
    /// Who is changed; a new one without it.
    #[prop(optional)]
    customer: Option<Customer>,
    /// Hears what was made of it.
    #[prop(into)]
    done: Callback<Customer>,
) -> AnyView {
    let i18n = use_i18n();
    let known = |of: fn(&Customer) -> Option<String>| RwSignal::new(customer.as_ref().and_then(of).unwrap_or_default());
    let number = RwSignal::new(String::new());
    let name = known(|customer| Some(customer.name.clone()));
    let email = known(|customer| customer.email.clone().or_else(|| customer.unused_email.clone()));
    let street = known(|customer| customer.street.clone());
    let postal_code = known(|customer| customer.postal_code.clone());
    let city = known(|customer| customer.city.clone());
    let language = RwSignal::new(
        customer
            .as_ref()
            .and_then(|customer| customer.language)
            .unwrap_or_default(),
    );
    let kind = RwSignal::new(
        customer
            .as_ref()
            .map(|customer| customer.customer_kind)
            .unwrap_or_default(),
    );
    let reason = RwSignal::new(String::new());
    let id = customer.as_ref().map(|customer| customer.account_id);
    let has_own_address = customer
        .as_ref()
        .is_some_and(|customer| customer.state == shared::customer::CustomerState::Activated);
    let made = RwSignal::new(None::<Customer>);
    // The page may be left by what `done` does: so it runs once the action is over.
    Effect::new(move |_| {
        if let Some(customer) = made.get() {
            done.run(customer);
        }
    });
    let save = Action::new_local(move |(): &()| {
        let set =
            |typed: RwSignal<String>| Some(typed.get_untracked().trim().to_owned()).filter(|text| !text.is_empty());
        let language = Some(language.get_untracked());
        let asked = match id {
            Some(account_id) => Err(ChangeCustomerInput {
                account_id,
                city: set(city),
                customer_kind: Some(kind.get_untracked()),
                email: set(email).filter(|_| !has_own_address),
                language: language.filter(|_| !has_own_address),
                name: set(name),
                postal_code: set(postal_code),
                reason: set(reason),
                street: set(street),
            }),
            None => Ok(CreateCustomerInput {
                city: set(city),
                email: set(email),
                language,
                name: name.get_untracked(),
                number: number.get_untracked(),
                postal_code: set(postal_code),
                street: set(street),
            }),
        };
        async move {
            let customer = match asked {
                Ok(input) => create_customer(input).await?,
                Err(input) => change_customer(input).await?,
            };
            drop(reason.try_set(String::new()));
            let _ = made.try_set(Some(customer));
            Ok::<_, ApiError>(())
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !save.pending().get_untracked() {
            save.dispatch(());
        }
    };
    let refused = move || save.value().get()?.err().filter(|_| !save.pending().get());
    let error_of = move |field: &'static str| -> FieldError {
        Signal::derive(move || {
            let error = refused().filter(|error| error.field() == Some(field))?;
            Some(refusal::words(i18n, &error))
        })
    };
    let other = move || {
        let error = refused().filter(|error| !error.field().is_some_and(|field| FIELDS.contains(&field)))?;
        Some(view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    let languages = Signal::derive(move || {
        vec![
            ("de".to_owned(), t_string!(i18n, office.german).to_owned()),
            ("en".to_owned(), t_string!(i18n, office.english).to_owned()),
        ]
    });
    let word = Signal::derive(move || match language.get() {
        Language::De => "de".to_owned(),
        Language::En => "en".to_owned(),
    });
    let kinds = Signal::derive(move || {
        let named = |kind| (word_of(kind).to_owned(), kind_words(i18n, kind).to_owned());
        KINDS.into_iter().map(named).collect::<Vec<_>>()
    });
    let kind_word = Signal::derive(move || word_of(kind.get()).to_owned());
    let choose = move |word: String| language.set(if word == "en" { Language::En } else { Language::De });
    view! {
        <form class="form" novalidate on:submit=submit>
            {id.is_none().then(|| view! {
                <TextField
                    id="customer-number"
                    class="short"
                    input_class="id"
                    label=t!(i18n, office.number)
                    value=number
                    autocapitalize="none"
                    required=true
                    hint=t!(i18n, office.number_hint)
                    error=error_of("number")
                />
            })}
            <TextField id="customer-name" label=t!(i18n, office.name) value=name required=true error=error_of("name") />
            {(!has_own_address).then(|| view! {
                <TextField
                    id="customer-email"
                    label=t!(i18n, office.email)
                    value=email
                    kind="email"
                    autocapitalize="none"
                    optional=true
                    hint=t!(i18n, office.email_hint)
                    error=error_of("email")
                />
            })}
            <TextField id="customer-street" label=t!(i18n, office.street) value=street optional=true error=error_of("street") />
            <div class="field-row">
                <TextField
                    id="customer-postal-code"
                    label=t!(i18n, office.postal_code)
                    value=postal_code
                    optional=true
                    error=error_of("postalCode")
                />
                <TextField id="customer-city" label=t!(i18n, office.city) value=city optional=true error=error_of("city") />
            </div>
            {(!has_own_address).then(|| view! {
                <SelectField
                    id="customer-language"
                    class="short"
                    label=t!(i18n, office.language)
                    value=word
                    on_change=choose
                    options=languages
                />
            })}
            {id.is_some().then(|| view! {
                <SelectField
                    id="customer-kind"
                    class="short"
                    label=t!(i18n, office.kind)
                    value=kind_word
                    on_change=move |word: String| kind.set(kind_of(&word))
                    options=kinds
                />
            })}
            {has_own_address.then(|| view! {
                <TextField
                    id="customer-reason"
                    label=t!(i18n, office.reason)
                    value=reason
                    required=true
                    hint=t!(i18n, office.reason_hint)
                    error=error_of("reason")
                />
            })}
            {other}
            <Button look="primary" submit=true busy=save.pending()>
                {if id.is_some() { t_string!(i18n, office.save) } else { t_string!(i18n, office.create) }}
            </Button>
        </form>
    }
    .into_any()
}

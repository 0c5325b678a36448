//! One invoice in the office: whose it is, what is odd about it, and what staff does with it.
use super::{
    operations::{BuyerTermValue, OfficeInvoice, assign, discard, office_invoice, publish},
    payment::PaymentForm,
    query::{stand_tone, stand_words, term_of, term_word, term_words},
};
use crate::{
    api::{ApiError, Money},
    i18n::*,
    invoice::{side::finding, words::kind_words},
    loading::{Loaded, Loading, load},
    locale, refusal,
    ui::{Badge, Button, Crumbs, Icon, Notice, PageHead, SelectField, TextField, Toasts, Tone, live},
};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::{
    components::A,
    hooks::{use_navigate, use_params_map},
};
use shared::{error::ErrorCode, id::InvoiceId, invoice::InvoiceStand};

/// The page of one invoice in the office.
#[component]
pub fn OfficeInvoicePage() -> AnyView {
    let i18n = use_i18n();
    let params = use_params_map();
    let found = load(move || {
        let id = params.read().get("id").and_then(|id| id.parse::<InvoiceId>().ok());
        async move {
            match id {
                Some(id) => office_invoice(id).await,
                None => Err(ApiError::refused(ErrorCode::NotFound)),
            }
        }
    });
    view! {
        <div class="page">
            <Crumbs way=vec![("/office/invoices".to_owned(), t_string!(i18n, nav.invoices).into())] />
            <Loaded resource=found page=true rows=8 let:invoice><Detail invoice found /></Loaded>
        </div>
    }
    .into_any()
}

#[component]
fn Detail(invoice: OfficeInvoice, found: Loading<OfficeInvoice>) -> AnyView {
    let i18n = use_i18n();
    let (id, stand) = (invoice.id, invoice.stand);
    let word = text(move || stand_words(i18n, stand).to_owned());
    let kind = kind_words(i18n, invoice.kind);
    let sum = |amount| Money {
        amount,
        currency: invoice.currency.clone(),
    };
    let (gross, payable) = (sum(invoice.gross_total), sum(invoice.payable));
    let (issued, due, received) = (invoice.issue_date, invoice.due_date, invoice.received_at);
    let fact = |term: AnyView, value: AnyView| view! { <div><dt>{term}</dt><dd>{value}</dd></div> }.into_any();
    let who = match &invoice.account {
        Some(account) => format!("{} · {}", account.name, account.number),
        None => "–".to_owned(),
    };
    let city = [invoice.buyer.postal_code, invoice.buyer.city];
    let city = city.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let address: Vec<_> = [invoice.buyer.name]
        .into_iter()
        .chain(invoice.buyer.lines)
        .chain(Some(city).filter(|city| !city.is_empty()))
        .map(|line| view! { {line} <br /> })
        .collect();
    let terms = invoice.buyer_terms.clone();
    let named = terms.clone().into_iter().map(|BuyerTermValue { term, value }| {
        fact(
            text(move || term_words(i18n, term).to_owned()).into_any(),
            view! { <span class="id">{value}</span> }.into_any(),
        )
    });
    let findings = invoice
        .findings
        .into_iter()
        .map(|found| finding(i18n, found))
        .collect_view();
    let has_findings = stand == InvoiceStand::Held;
    let act = match stand {
        InvoiceStand::Unmatched => view! { <Assigning id terms found /> }.into_any(),
        InvoiceStand::Held => view! { <Publishing id found /> }.into_any(),
        InvoiceStand::Published => view! {
            <PaymentForm id paid_total=invoice.paid_total paid_on=invoice.paid_on done=Callback::new(move |()| found.refetch()) />
        }
        .into_any(),
    };
    view! {
        <PageHead title=invoice.number lead=kind>
            <Badge tone=stand_tone(stand)>{word}</Badge>
            <a class="button" href=format!("/download/office/invoices/{id}") download rel="external">
                <Icon name="download" />{t!(i18n, bills.original)}
            </a>
        </PageHead>
        <section class="part" aria-labelledby="facts">
            <div class="part-head"><h2 id="facts">{t!(i18n, bills.facts)}</h2></div>
            <dl class="facts">
                {fact(t!(i18n, office.customer).into_any(), who.into_any())}
                {fact(t!(i18n, bills.buyer).into_any(), address.into_any())}
                {named.collect_view()}
                {fact(t!(i18n, bills.seller).into_any(), invoice.seller_name.into_any())}
                {fact(t!(i18n, bills.issued).into_any(), text(move || locale::date(i18n, &issued)).into_any())}
                {due.map(|due| fact(t!(i18n, bills.due).into_any(), text(move || locale::date(i18n, &due)).into_any()))}
                {fact(t!(i18n, bills.gross).into_any(), text(move || locale::money(i18n, &gross)).into_any())}
                {fact(t!(i18n, bills.payable).into_any(), text(move || locale::money(i18n, &payable)).into_any())}
                {fact(t!(i18n, bills.file).into_any(), invoice.file_name.into_any())}
                {fact(t!(i18n, bills.received).into_any(), text(move || locale::stamp(i18n, &received)).into_any())}
                {invoice.release_reason.map(|reason| fact(t!(i18n, bills.release_reason).into_any(), reason.into_any()))}
            </dl>
        </section>
        {has_findings.then(|| view! {
            <section class="part" aria-labelledby="findings">
                <div class="part-head"><h2 id="findings">{t!(i18n, invoice.findings)}</h2></div>
                <ul class="findings">{findings}</ul>
            </section>
        })}
        {act}
        {(stand != InvoiceStand::Published).then(|| view! { <Discarding id /> })}
    }
    .into_any()
}

#[component]
fn Assigning(id: InvoiceId, terms: Vec<BuyerTermValue>, found: Loading<OfficeInvoice>) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let number = RwSignal::new(String::new());
    let remember = RwSignal::new(String::new());
    let send = Action::new_local(move |(): &()| {
        let (number, term) = (number.get_untracked(), term_of(&remember.read_untracked()));
        async move {
            assign(id, number, term).await?;
            toasts.say(t_string!(i18n, bills.assigned).to_owned());
            found.refetch();
            Ok::<_, ApiError>(())
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !send.pending().get_untracked() {
            send.dispatch(());
        }
    };
    let options = move || {
        let no = (String::new(), t_string!(i18n, bills.remember_not).to_owned());
        let each = terms.iter().map(|BuyerTermValue { term, value }| {
            (
                term_word(*term).to_owned(),
                format!("{}: {value}", term_words(i18n, *term)),
            )
        });
        std::iter::once(no).chain(each).collect::<Vec<_>>()
    };
    view! {
        <section class="part" aria-labelledby="assign">
            <div class="part-head">
                <h2 id="assign">{t!(i18n, bills.assign)}</h2>
                <p>{t!(i18n, bills.assign_text)} " " <A href="/customers">{t!(i18n, desk.customers)}</A></p>
            </div>
            <form class="form" novalidate on:submit=submit>
                <TextField id="account-number" label=t!(i18n, office.number) value=number required=true error=field_error(send, "accountNumber") />
                <SelectField
                    id="remember"
                    label=t!(i18n, bills.remember)
                    value=Signal::derive(move || remember.get())
                    on_change=move |word: String| remember.set(word)
                    options=Signal::derive(options)
                />
                {refused(send, &["accountNumber"])}
                <div class="actions"><Button look="primary" submit=true busy=send.pending()>{t!(i18n, bills.assign)}</Button></div>
            </form>
        </section>
    }
    .into_any()
}

#[component]
fn Publishing(id: InvoiceId, found: Loading<OfficeInvoice>) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let reason = RwSignal::new(String::new());
    let send = Action::new_local(move |(): &()| {
        let reason = reason.get_untracked();
        async move {
            publish(id, reason).await?;
            toasts.say(t_string!(i18n, bills.was_published).to_owned());
            found.refetch();
            Ok::<_, ApiError>(())
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !send.pending().get_untracked() {
            send.dispatch(());
        }
    };
    view! {
        <section class="part" aria-labelledby="publish">
            <div class="part-head">
                <h2 id="publish">{t!(i18n, bills.publish)}</h2>
                <p>{t!(i18n, bills.publish_text)}</p>
            </div>
            <form class="form" novalidate on:submit=submit>
                <TextField id="publish-reason" label=t!(i18n, bills.reason) value=reason required=true error=field_error(send, "reason") />
                {refused(send, &["reason"])}
                <div class="actions"><Button look="primary" submit=true busy=send.pending()>{t!(i18n, bills.publish)}</Button></div>
            </form>
        </section>
    }
    .into_any()
}

#[component]
fn Discarding(id: InvoiceId) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let navigate = use_navigate();
    let reason = RwSignal::new(String::new());
    let send = Action::new_local(move |(): &()| {
        let reason = reason.get_untracked();
        async move {
            discard(id, reason).await?;
            toasts.say(t_string!(i18n, bills.discarded).to_owned());
            Ok::<_, ApiError>(())
        }
    });
    // after the action: leaving the page from within would end it before it is noted as done
    Effect::new(move |_| {
        if matches!(send.value().get(), Some(Ok(()))) {
            navigate("/office/invoices", Default::default());
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !send.pending().get_untracked() {
            send.dispatch(());
        }
    };
    view! {
        <section class="part" aria-labelledby="discard">
            <div class="part-head">
                <h2 id="discard">{t!(i18n, bills.discard)}</h2>
                <p>{t!(i18n, bills.discard_text)}</p>
            </div>
            <form class="form" novalidate on:submit=submit>
                <TextField id="discard-reason" label=t!(i18n, bills.reason) value=reason required=true error=field_error(send, "reason") />
                {refused(send, &["reason"])}
                <div class="actions"><Button look="danger" submit=true busy=send.pending()>{t!(i18n, bills.discard)}</Button></div>
            </form>
        </section>
    }
    .into_any()
}

/// What an action of a form says.
pub(super) type Sent = Action<(), Result<(), ApiError>>;

/// What was wrong with a field.
pub(super) fn field_error(send: Sent, field: &'static str) -> Signal<Option<String>> {
    let i18n = use_i18n();
    Signal::derive(move || {
        let error = send.value().get()?.err().filter(|error| error.field() == Some(field))?;
        Some(refusal::words(i18n, &error))
    })
}

/// What was wrong with none of these fields.
pub(super) fn refused(send: Sent, fields: &'static [&'static str]) -> AnyView {
    let i18n = use_i18n();
    live(move || {
        let error = send.value().get().and_then(Result::err);
        let error = error.filter(|error| error.field().is_none_or(|field| !fields.contains(&field)));
        error
            .map(|error| view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
            .into_any()
    })
}

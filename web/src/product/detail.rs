//! One contract with all that is known of it.
use super::{
    operations::{AgreedDetail, ContractDetail, contract},
    span::term_facts,
    table::{Deadline, deadline_view, price_words, state_badge},
    term::Term,
};
use crate::{
    api::{ApiError, Day},
    document::{AgreementPart, ContractDocuments},
    i18n::*,
    loading::{Loaded, load},
    locale::{self, Words},
    order::ContractOrders,
    sso::Doors,
    ui::{Crumbs, Icon, PageHead},
};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_params_map};
use shared::{error::ErrorCode, id::ContractId, product::ContractState};

/// The page of one product.
#[component]
pub fn ProductPage() -> AnyView {
    let i18n = use_i18n();
    let params = use_params_map();
    let found = load(move || {
        let id = params.read().get("id").and_then(|id| id.parse().ok()).map(ContractId);
        let language = locale::language_of(i18n.get_locale());
        async move {
            match id {
                Some(id) => Ok((id, contract(id, language).await?)),
                None => Err(ApiError::refused(ErrorCode::NotFound)),
            }
        }
    });
    view! {
        <div class="page">
            <Loaded resource=found page=true rows=8 let:found><Detail id=found.0 contract=found.1 /></Loaded>
        </div>
    }
    .into_any()
}

#[component]
fn Detail(id: ContractId, contract: ContractDetail) -> AnyView {
    let i18n = use_i18n();
    let ContractDetail {
        dates,
        details,
        ends_on,
        label,
        notice_by,
        number,
        price,
        price_period,
        product,
        started_on,
        state,
        terms,
    } = contract;
    let deadline = Deadline::of(state, notice_by, ends_on.clone(), dates.next_end.clone());
    let facts =
        matches!(state, ContractState::Active | ContractState::Ordered).then(|| term_facts(i18n, terms, dates.clone()));
    let name = product.name;
    let lead = label.clone().or(product.description.clone());
    let about = product.description.filter(|_| label.is_some());
    let runs = matches!(
        state,
        ContractState::Active | ContractState::Cancelled | ContractState::Ordered
    );
    let begin = started_on.clone();
    let calendar = format!("/download/contracts/{}/calendar.ics", id.0);
    view! {
        <Crumbs way=vec![("/products".to_owned(), (t!(i18n, product.title)).into())] />
        <PageHead title=name lead=lead.unwrap_or_default() help="/products">{state_badge(i18n, state)}</PageHead>
        {(runs && dates.next_end.is_some()).then(|| view! {
            <section class="part" aria-labelledby="term">
                <div class="part-head">
                    <h2 id="term">{t!(i18n, product.term)}</h2>
                </div>
                <div class="stack-5">
                    <Term begin dates />
                    <div class="actions">
                        <a class="button" href=calendar download="">
                            <Icon name="download" />{t!(i18n, product.calendar)}
                        </a>
                    </div>
                </div>
            </section>
        })}
        <section class="part" aria-labelledby="contract">
            <div class="part-head">
                <h2 id="contract">{t!(i18n, product.about)}</h2>
                {about.map(|about| view! { <p>{about}</p> })}
            </div>
            <dl class="facts">
                {details.into_iter().map(|AgreedDetail { label, value }| view! {
                    <div><dt>{label}</dt><dd>{value}</dd></div>
                }).collect_view()}
                {fact(i18n, |i18n| t_string!(i18n, product.price), view! {
                    {text(move || price_words(i18n, price.as_ref(), price_period))}
                    " "<small>{t!(i18n, product.net_prices)}</small>
                }.into_any())}
                {fact(i18n, |i18n| t_string!(i18n, product.contract_number), view! { <span class="id">{number}</span> }.into_any())}
                {fact(i18n, |i18n| t_string!(i18n, product.started_on), day(i18n, started_on))}
                {facts}
                {ends_on.map(|end| fact(i18n, |i18n| t_string!(i18n, product.ends_on), day(i18n, end)))}
                {fact(i18n, |i18n| t_string!(i18n, product.deadline), deadline_view(i18n, deadline))}
            </dl>
        </section>
        <section class="part" aria-labelledby="ordering">
            <div class="part-head">
                <h2 id="ordering">{t!(i18n, order.title)}</h2>
                <p><A href=format!("/orders?contract={id}")>{t!(i18n, order.of_contract)}</A></p>
            </div>
            <div class="stack-5">
                <ContractOrders id />
                {matches!(state, ContractState::Active | ContractState::Ordered).then(|| view! {
                    <div class="actions">
                        {(state == ContractState::Active).then(|| view! {
                            <A href=format!("/orders/new?contract={id}") attr:class="button">{t!(i18n, order.change_or_add)}</A>
                        })}
                        <A href=format!("/orders/cancel?contract={id}") attr:class="button">{t!(i18n, order.cancel_title)}</A>
                    </div>
                })}
            </div>
        </section>
        <ContractDocuments id />
        <AgreementPart id />
        <Doors />
    }
    .into_any()
}

fn fact(i18n: Words, term: fn(Words) -> &'static str, value: AnyView) -> AnyView {
    view! { <div><dt>{follow(i18n, term)}</dt><dd>{value}</dd></div> }.into_any()
}

fn day(i18n: Words, day: Day) -> AnyView {
    view! { {text(move || locale::date(i18n, &day))} }.into_any()
}

//! Requests for dealer access in the office, and handing devices of the stock to dealers.
use super::{
    decide::{Deciding, Handing},
    office_operations::{OfficeDealerRequest, OfficeDealerRequestConnection, requests},
    query::{RequestsQuery, STATES, state_of, state_word, state_words, tone},
};
use crate::{
    i18n::*,
    loading::{Loaded, load},
    locale,
    place::{Place, use_place},
    ui::{Badge, Button, Empty, PageHead, Pager, SelectField, live},
};
use leptos::prelude::*;
use leptos_router::components::A;
use shared::{device::DealerRequestState, id::DealerRequestId};

/// The page "Händlerzugänge". What the list shows is in its address.
#[component]
pub fn DealerRequestsPage() -> AnyView {
    let i18n = use_i18n();
    let place = use_place::<RequestsQuery>();
    let found = load(move || {
        let rows = place.rows.get();
        async move { requests(rows).await }
    });
    let again = Callback::new(move |()| found.refetch());
    let options = Signal::derive(move || {
        let all = (String::new(), t_string!(i18n, meter.all).to_owned());
        let states = STATES.map(|(state, word)| (word.to_owned(), state_words(i18n, state).to_owned()));
        std::iter::once(all).chain(states).collect::<Vec<_>>()
    });
    view! {
        <div class="page">
            <PageHead title=t!(i18n, nav.dealers) lead=t!(i18n, dealer.office_lead)>
                <A href="/imports" attr:class="button">{t!(i18n, dealer.to_stock)}</A>
            </PageHead>
            <search>
                <form class="filters" on:submit=move |event| event.prevent_default()>
                    <SelectField
                        id="state"
                        label=t!(i18n, dealer.state)
                        value=Signal::derive(move || state_word(place.query.read().state).to_owned())
                        on_change=move |word: String| place.filter(|query| query.state = state_of(&word))
                        options
                    />
                </form>
            </search>
            <Loaded resource=found rows=4 let:list><Listed list place again /></Loaded>
            <Handing />
        </div>
    }
    .into_any()
}

#[component]
fn Listed(list: OfficeDealerRequestConnection, place: Place<RequestsQuery>, again: Callback<()>) -> AnyView {
    let i18n = use_i18n();
    if list.nodes.is_empty() {
        return view! { <Empty icon="inbox" title=t!(i18n, dealer.none) /> }.into_any();
    }
    let (count, total, skipped) = (list.nodes.len(), list.total_count, place.skipped());
    let words = move || match total {
        1 => t_string!(i18n, dealer.count_one).to_owned(),
        total => t_string!(i18n, dealer.count_many, count = locale::count(i18n, total)),
    };
    let previous = (skipped > 0).then(|| Callback::new(move |()| place.previous()));
    let end = list.page_info.end_cursor;
    let has_next = list.page_info.has_next_page;
    let next = has_next.then(|| Callback::new(move |()| place.next(count, end.clone())));
    let is_paged = previous.is_some() || next.is_some();
    let is_open = |found: &&OfficeDealerRequest| found.request.state == DealerRequestState::Requested;
    // one form at a time: the page stays short, and its fields have ids of their own
    let current = RwSignal::new(list.nodes.iter().find(is_open).map(|found| found.request.id));
    view! {
        {list.nodes.into_iter().map(|found| view! { <One found again current /> }).collect_view()}
        {is_paged.then(|| view! {
            <Pager text=words previous=Signal::stored(previous) next=Signal::stored(next) />
        })}
    }
    .into_any()
}

#[component]
fn One(found: OfficeDealerRequest, again: Callback<()>, current: RwSignal<Option<DealerRequestId>>) -> AnyView {
    let i18n = use_i18n();
    let OfficeDealerRequest {
        account,
        applicant,
        request,
    } = found;
    let (id, state) = (request.id, request.state);
    let heading = format!("request-{id}");
    let labelled = heading.clone();
    let (created_at, expected_on) = (request.created_at, request.expected_on);
    let is_open = state == DealerRequestState::Requested;
    let company = request.company.clone();
    let account = account.map(|account| format!("{} · {}", account.name, account.number));
    let due = is_open.then(|| text(move || t_string!(i18n, dealer.step_due, date = locale::date(i18n, &expected_on))));
    let fact =
        |term: AnyView, value: Option<String>| value.map(|value| view! { <div><dt>{term}</dt><dd>{value}</dd></div> });
    let handed = request.device_count.map(|count| {
        view! { <div><dt>{t!(i18n, dealer.devices)}</dt><dd>{text(move || locale::count(i18n, count))}</dd></div> }
    });
    view! {
        <section class="part" aria-labelledby=labelled>
            <div class="part-head">
                <h2 id=heading>{request.company.clone()}</h2>
                <p><Badge tone=tone(state)>{text(move || state_words(i18n, state).to_owned())}</Badge></p>
                {due.map(|due| view! { <p>{due}</p> })}
            </div>
            <div class="stack-5">
                <dl class="facts">
                    {fact(t!(i18n, dealer.account).into_any(), account)}
                    {fact(t!(i18n, dealer.applicant).into_any(), applicant)}
                    {fact(t!(i18n, dealer.customer_number).into_any(), request.customer_number)}
                    {fact(t!(i18n, dealer.message).into_any(), request.message)}
                    <div><dt>{t!(i18n, dealer.asked_on)}</dt><dd>{text(move || locale::stamp(i18n, &created_at))}</dd></div>
                    {handed}
                    {fact(t!(i18n, dealer.reason).into_any(), request.reason)}
                </dl>
                {is_open.then(|| live(move || if current.get() == Some(id) {
                    view! { <Deciding id company=company.clone() again /> }.into_any()
                } else {
                    view! {
                        <div class="actions">
                            <Button on_press=move |()| current.set(Some(id))>{t!(i18n, dealer.decide)}</Button>
                        </div>
                    }
                    .into_any()
                }))}
            </div>
        </section>
    }
    .into_any()
}

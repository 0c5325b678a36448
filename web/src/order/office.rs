//! Orders in the office: the list, and one order with the decision and whose declaration it is.
use super::{
    detail::{gross_view, net_view, price_view},
    office_operations::{
        Declaration, ListedOfficeOrder, OfficeOrder, OfficeOrderConnection, assign, decide, office_order, office_orders,
    },
    query::{OfficeQuery, kind_words, state_of, state_options, state_word, state_words, tone},
    receipt::ReceiptPart,
};
use crate::{
    api::{ApiError, Day},
    i18n::*,
    loading::{Loaded, Loading, load},
    locale,
    place::{Place, use_place},
    refusal,
    ui::{Badge, Button, Crumbs, Empty, Notice, PageHead, Pager, SelectField, TextField, Toasts, Tone, live},
};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::{components::A, hooks::use_params_map};
use shared::{
    error::ErrorCode,
    id::OrderId,
    order::{Decision, OrderSource, OrderState},
};

/// Only declarations of which nobody knows whose they are.
const UNMATCHED: &str = "unmatched";

/// Only those whose receipt did not arrive.
const UNDELIVERED: &str = "undelivered";

/// What the list is narrowed to.
fn which(query: &OfficeQuery) -> &'static str {
    match (query.is_unmatched, query.is_undelivered) {
        (true, _) => UNMATCHED,
        (_, true) => UNDELIVERED,
        _ => "",
    }
}

/// The page "Bestellungen" of the office. What it shows is in its address.
#[component]
pub fn OfficeOrdersPage() -> AnyView {
    let i18n = use_i18n();
    let place = use_place::<OfficeQuery>();
    let found = load(move || {
        let rows = place.rows.get();
        async move { office_orders(rows).await }
    });
    let typed = place.typed(|query| &query.text, |query, typed| query.text = typed.trim().to_owned());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        typed.search.run(());
    };
    view! {
        <div class="page wide">
            <PageHead title=t!(i18n, order.title) lead=t!(i18n, order.office_lead) />
            <search>
                <form class="filters" on:submit=submit>
                    <TextField id="order-text" label=t!(i18n, order.search) value=typed.value kind="search" icon="search" class="grow" />
                    <SelectField
                        id="order-state"
                        label=t!(i18n, office.state)
                        value=Signal::derive(move || state_word(place.query.read().state).to_owned())
                        on_change=move |word: String| place.filter(|query| query.state = state_of(&word))
                        options=Signal::derive(move || state_options(i18n))
                    />
                    <SelectField
                        id="order-which"
                        label=t!(i18n, order.which)
                        value=Signal::derive(move || which(&place.query.read()).to_owned())
                        on_change=move |word: String| place.filter(|query| {
                            query.is_unmatched = word == UNMATCHED;
                            query.is_undelivered = word == UNDELIVERED;
                        })
                        options=Signal::derive(move || [
                            ("", t_string!(i18n, office.all_states)),
                            (UNMATCHED, t_string!(i18n, order.unmatched)),
                            (UNDELIVERED, t_string!(i18n, receipt.only)),
                        ].map(|(word, text)| (word.to_owned(), text.to_owned())).to_vec())
                    />
                </form>
            </search>
            <Loaded resource=found rows=10 let:list><Listed list place /></Loaded>
        </div>
    }
    .into_any()
}

#[component]
fn Listed(list: OfficeOrderConnection, place: Place<OfficeQuery>) -> AnyView {
    let i18n = use_i18n();
    if list.nodes.is_empty() {
        return view! { <Empty icon="search" title=t!(i18n, order.none) text=t!(i18n, office.none_found_text) /> }
            .into_any();
    }
    let rows = list
        .nodes
        .iter()
        .cloned()
        .map(|order| view! { <Row order /> })
        .collect_view();
    let skipped = place.skipped();
    let (count, total) = (list.nodes.len(), list.total_count);
    let small = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
    let words = move || {
        t_string!(
            i18n,
            office.range,
            from = locale::count(i18n, small(skipped + 1)),
            to = locale::count(i18n, small(skipped + count)),
            total = locale::count(i18n, total)
        )
    };
    let previous = (skipped > 0).then(|| Callback::new(move |()| place.previous()));
    let end = list.page_info.end_cursor;
    let has_next = list.page_info.has_next_page;
    let next = has_next.then(|| Callback::new(move |()| place.next(count, end.clone())));
    view! {
        <table role="table" class="cards">
            <caption class="away">{t!(i18n, order.title)}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">{t!(i18n, order.one)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, office.customer)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, order.placed_at)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, office.state)}</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
        <Pager text=words previous=Signal::stored(previous) next=Signal::stored(next) />
    }
    .into_any()
}

#[component]
fn Row(order: ListedOfficeOrder) -> AnyView {
    let i18n = use_i18n();
    let ListedOfficeOrder {
        account,
        declaration,
        order,
    } = order;
    let (kind, state, at) = (order.kind, order.state, order.placed_at);
    let kind = text(move || kind_words(i18n, kind).to_owned());
    let word = text(move || state_words(i18n, state).to_owned());
    let at = text(move || locale::stamp(i18n, &at));
    let who = match (account, declaration) {
        (Some(account), _) => {
            view! { {account.name} <span class="sub"><span class="id">{account.number}</span></span> }.into_any()
        }
        (None, Some(typed)) => {
            view! { {typed.name} <span class="sub">{t!(i18n, order.unmatched_one)}</span> }.into_any()
        }
        (None, None) => view! { "–" }.into_any(),
    };
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="lead-cell">
                <A href=format!("/office/orders/{}", order.id)>{kind}</A>
                <span class="sub"><span class="id">{order.number}</span></span>
            </th>
            <td role="cell" data-label=t!(i18n, office.customer)>{who}</td>
            <td role="cell" data-label=t!(i18n, order.placed_at)>{at}</td>
            <td role="cell" class="end-cell"><Badge tone=tone(state)>{word}</Badge></td>
        </tr>
    }
    .into_any()
}

/// The page of one order in the office.
#[component]
pub fn OfficeOrderPage() -> AnyView {
    let i18n = use_i18n();
    let params = use_params_map();
    let found = load(move || {
        let id = params.read().get("id").and_then(|id| id.parse::<OrderId>().ok());
        let language = locale::language_of(i18n.get_locale());
        async move {
            match id {
                Some(id) => office_order(id, language).await,
                None => Err(ApiError::refused(ErrorCode::NotFound)),
            }
        }
    });
    view! {
        <div class="page">
            <Loaded resource=found page=true rows=8 let:order><Detail order found /></Loaded>
        </div>
    }
    .into_any()
}

#[component]
fn Detail(order: OfficeOrder, found: Loading<OfficeOrder>) -> AnyView {
    let i18n = use_i18n();
    let OfficeOrder {
        account,
        declaration,
        order,
        receipt,
    } = order;
    let (id, kind, state) = (order.id, order.kind, order.state);
    let word = text(move || state_words(i18n, state).to_owned());
    let is_open = state == OrderState::Placed;
    let number = order.number;
    let is_declared = order.source == OrderSource::LegalButton;
    let can_confirm = account.is_some();
    let fact = |term: AnyView, value: AnyView| view! { <div><dt>{term}</dt><dd>{value}</dd></div> }.into_any();
    let words = |term: AnyView, value: Option<String>| value.map(|value| fact(term, value.into_any()));
    let effective = order.effective_on.map(|day| {
        let term = if kind.is_paid() {
            t!(i18n, order.from).into_any()
        } else {
            t!(i18n, order.last_day).into_any()
        };
        fact(term, text(move || locale::date(i18n, &day)).into_any())
    });
    let before = order.period_before.map(|period| (order.price_before, period));
    let after = order.period_after.map(|period| (order.total_after, period));
    let placed_at = order.placed_at;
    let total = gross_view(i18n, order.gross_after, order.period_after, order.tax_rate);
    let customer = account.map(|account| format!("{} · {}", account.name, account.number));
    let how = order.is_extraordinary.then(|| {
        fact(
            t!(i18n, legal.kind).into_any(),
            t!(i18n, legal.extraordinary).into_any(),
        )
    });
    view! {
        <Crumbs way=vec![("/office/orders".to_owned(), t_string!(i18n, order.title).into())] />
        <PageHead title=move || kind_words(i18n, kind) lead=number.clone()>
            <Badge tone=tone(state)>{word}</Badge>
        </PageHead>
        <section class="part" aria-labelledby="order">
            <div class="part-head"><h2 id="order">{t!(i18n, order.content)}</h2></div>
            <dl class="facts">
                {words(t!(i18n, office.customer).into_any(), customer)}
                {words(t!(i18n, product.name).into_any(), order.product.map(|product| product.name))}
                {words(t!(i18n, product.contract_number).into_any(), order.contract.map(|contract| contract.number))}
                {words(t!(i18n, order.label).into_any(), order.label)}
                {before.map(|(price, period)| fact(t!(i18n, order.price_before).into_any(), price_view(i18n, price, period)))}
                {after.map(|(price, period)| fact(t!(i18n, order.price_after).into_any(), price_view(i18n, price, period)))}
                {total.map(|total| fact(t!(i18n, order.total).into_any(), total))}
                {order.setup_price.map(|price| fact(t!(i18n, order.once).into_any(), net_view(i18n, price)))}
                {how}
                {effective}
                {words(t!(i18n, order.reason).into_any(), order.reason)}
                {fact(t!(i18n, order.placed_at).into_any(), text(move || locale::stamp(i18n, &placed_at)).into_any())}
                {words(t!(i18n, order.decision_reason).into_any(), order.decision_reason)}
            </dl>
        </section>
        {receipt.map(|receipt| view! { <ReceiptPart id number=number.clone() receipt found /> })}
        {declaration.map(|declaration| view! { <Declared declaration /> })}
        {(is_open && is_declared).then(|| view! { <Assigning id found /> })}
        {is_open.then(|| view! { <Deciding id can_confirm found /> })}
    }
    .into_any()
}

#[component]
fn Declared(declaration: Declaration) -> AnyView {
    let i18n = use_i18n();
    let wished = declaration.wished_on;
    let wished = text(move || match &wished {
        Some(day) => locale::date(i18n, day),
        None => t_string!(i18n, legal.soon).to_owned(),
    });
    view! {
        <section class="part" aria-labelledby="declared">
            <div class="part-head">
                <h2 id="declared">{t!(i18n, order.declared)}</h2>
                <p>{t!(i18n, order.declared_text)}</p>
            </div>
            <dl class="facts">
                <div><dt>{t!(i18n, legal.name)}</dt><dd>{declaration.name}</dd></div>
                <div><dt>{t!(i18n, legal.identification)}</dt><dd>{declaration.identification}</dd></div>
                <div><dt>{t!(i18n, legal.contract)}</dt><dd>{declaration.contract}</dd></div>
                <div><dt>{t!(i18n, legal.ends_on)}</dt><dd>{wished}</dd></div>
                <div><dt>{t!(i18n, user.email)}</dt><dd>{declaration.email}</dd></div>
            </dl>
        </section>
    }
    .into_any()
}

#[component]
fn Assigning(id: OrderId, found: Loading<OfficeOrder>) -> AnyView {
    let i18n = use_i18n();
    let (account, contract) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let send = Action::new_local(move |(): &()| {
        let (account, contract) = (account.get_untracked(), contract.get_untracked());
        async move {
            assign(id, account, contract).await?;
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
        <section class="part" aria-labelledby="assign">
            <div class="part-head"><h2 id="assign">{t!(i18n, order.assign)}</h2></div>
            <form class="form" novalidate on:submit=submit>
                <TextField id="account-number" label=t!(i18n, office.number) value=account required=true />
                <TextField id="contract-number" label=t!(i18n, product.contract_number) value=contract required=true />
                {live(move || send.value().get().and_then(Result::err).map(|error| view! {
                    <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice>
                }).into_any())}
                <Button submit=true busy=send.pending()>{t!(i18n, order.assign)}</Button>
            </form>
        </section>
    }
    .into_any()
}

#[component]
fn Deciding(id: OrderId, can_confirm: bool, found: Loading<OfficeOrder>) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let (reason, effective_on) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let was_tried = RwSignal::new(false);
    let send = Action::new_local(move |decision: &Decision| {
        let (decision, reason) = (*decision, reason.get_untracked());
        let day = Some(effective_on.get_untracked())
            .filter(|day| !day.is_empty())
            .map(Day);
        async move {
            decide(id, decision, reason, day).await?;
            toasts.say(t_string!(i18n, order.decided).to_owned());
            found.refetch();
            Ok::<_, ApiError>(())
        }
    });
    let press = move |decision: Decision| {
        was_tried.set(true);
        if !reason.read_untracked().trim().is_empty() && !send.pending().get_untracked() {
            send.dispatch(decision);
        }
    };
    let error = move |name: &'static str| {
        Signal::derive(move || {
            if name == "reason" && was_tried.get() && reason.read().trim().is_empty() {
                return Some(t_string!(i18n, refusal.missing).to_owned());
            }
            let refused = send.value().get()?.err().filter(|error| error.field() == Some(name))?;
            Some(refusal::words(i18n, &refused))
        })
    };
    view! {
        <section class="part" aria-labelledby="decide">
            <div class="part-head">
                <h2 id="decide">{t!(i18n, order.decide)}</h2>
                <p>{t!(i18n, order.decide_text)}</p>
            </div>
            <div class="form">
                <TextField id="reason" label=t!(i18n, order.decision_reason) value=reason required=true error=error("reason") />
                <TextField id="effective-on" label=t!(i18n, order.other_day) value=effective_on kind="date" optional=true error=error("effectiveOn") />
                {live(move || send.value().get().and_then(Result::err).filter(|error| error.field().is_none()).map(|error| view! {
                    <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice>
                }).into_any())}
                <div class="actions">
                    <Button look="primary" busy=send.pending() disabled=!can_confirm on_press=move |()| press(Decision::Confirm)>
                        {t!(i18n, order.confirm)}
                    </Button>
                    <Button look="danger" busy=send.pending() on_press=move |()| press(Decision::Reject)>{t!(i18n, order.reject)}</Button>
                </div>
            </div>
        </section>
    }
    .into_any()
}

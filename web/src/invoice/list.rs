//! The invoices of the account in view: sums, filters, table.
use super::{
    filters::InvoiceFilters,
    operations::{self, Found, Invoice, InvoiceConnection, InvoiceContract, Totals, invoices, totals},
    query::InvoiceQuery,
    words::{Standing, kind_words, sums},
};
use crate::{
    address::address,
    i18n::*,
    loading::{Loaded, load},
    locale::{self, Words},
    place::{Place, Query, use_place},
    selection::Selection,
    ui::{Button, Empty, Icon, PageHead, Pager, SelectionBar, TickCell, live},
};
use leptos::prelude::*;
use leptos_router::components::A;
use shared::{account::Language, id::InvoiceId, invoice::InvoiceKind, money::Amount};

/// The page "Rechnungen".
#[component]
pub fn InvoicesPage() -> AnyView {
    let i18n = use_i18n();
    let place = use_place();
    let above = load(move || totals(locale::language_of(i18n.get_locale())));
    let found = load(move || {
        let rows = place.rows.get();
        async move { invoices(rows).await }
    });
    let counted = load(move || operations::found(place.query.get()));
    let counted = Signal::derive(move || counted.get().and_then(Result::ok));
    let selection = RwSignal::new(Selection::<InvoiceId>::default());
    // "All that match" is about the filter that held when it was said.
    Effect::watch(
        move || place.query.get(),
        move |_, _, _| selection.set(Selection::default()),
        false,
    );
    let contracts = Signal::derive(move || {
        let totals = above.get().and_then(Result::ok);
        totals.map(|totals| totals.contracts).unwrap_or_default()
    });
    let total = Signal::derive(move || {
        let count = counted
            .get()
            .map(|found| usize::try_from(found.total_count).unwrap_or_default());
        count.unwrap_or_default()
    });
    let page = Signal::derive(move || match found.get() {
        Some(Ok(list)) => list.nodes.iter().map(|invoice| invoice.id).collect(),
        _ => Vec::<InvoiceId>::new(),
    });
    let selected = move || selection.read().count(total.get());
    // Where the list is refused, it says so once.
    let is_there = Memo::new(move |_| matches!(found.get(), Some(Ok(_))));
    let words = move || {
        t_string!(
            i18n,
            meter.selected,
            count = locale::count(i18n, small(selected())),
            total = locale::count(i18n, small(total.get()))
        )
    };
    let more = move || {
        view! {
            <Button look="quiet s" on_press=move |()| select_page(selection, &page.get_untracked(), true)>
                {text(move || t_string!(i18n, meter.select_page, count = page.read().len()))}
            </Button>
            <Button look="quiet s" on_press=move |()| selection.set(Selection::all())>
                {text(move || t_string!(i18n, meter.select_all, count = locale::count(i18n, small(total.get()))))}
            </Button>
        }
    };
    let all_as_csv = move || export(i18n, &place.query.read(), &Selection::all(), "csv");
    let chosen_as = move |form: &'static str| move || export(i18n, &place.query.read(), &selection.read(), form);
    view! {
        <div class="page">
            <PageHead title=t!(i18n, nav.invoices) help="/invoices">
                <A href="/invoices/feed" attr:class="button quiet"><Icon name="net" />{t!(i18n, invoice.feed)}</A>
                {move || (total.get() > 0).then(|| view! {
                    <a class="button" href=all_as_csv download rel="external">
                        <Icon name="download" />{t!(i18n, invoice.list_csv)}
                    </a>
                })}
            </PageHead>
            // Where the sums fail, the list says why.
            {live(move || above.get().and_then(Result::ok).map(|totals| view! { <Above totals /> }).into_any())}
            <InvoiceFilters place totals=above />
            <Loaded resource=found rows=10 let:list><Listed list place selection page contracts counted /></Loaded>
            {live(move || is_there.get().then(crate::start::invoiced_part).into_any())}
        </div>
        <SelectionBar
            shown=Signal::derive(move || selected() > 0)
            text=words
            more
            on_clear=move |()| selection.set(Selection::default())
        >
            <a class="button s" href=chosen_as("csv") download rel="external">{t!(i18n, invoice.as_csv)}</a>
            <a class="button primary s" href=chosen_as("zip") download rel="external">
                <Icon name="download" />{t!(i18n, invoice.as_zip)}
            </a>
        </SelectionBar>
    }
    .into_any()
}

/// Where what is selected is downloaded.
fn export(i18n: Words, query: &InvoiceQuery, selection: &Selection<InvoiceId>, form: &'static str) -> String {
    let ids = selection
        .named
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(",");
    let language = match locale::language_of(i18n.get_locale()) {
        Language::De => "DE",
        Language::En => "EN",
    };
    let mut pairs = vec![("language", language.to_owned())];
    if selection.is_all {
        pairs.extend(query.download());
        pairs.push(("except", ids));
    } else {
        pairs.push(("ids", ids));
    }
    address(&format!("/download/invoices.{form}"), pairs)
}

fn select_page(selection: RwSignal<Selection<InvoiceId>>, page: &[InvoiceId], is_selected: bool) {
    selection.update(|selection| selection.set_each(page, is_selected));
}

#[component]
fn Above(totals: Totals) -> AnyView {
    let i18n = use_i18n();
    let Totals {
        due, past_due, years, ..
    } = totals;
    let mut open = due;
    for late in &past_due {
        match open.iter_mut().find(|sum| sum.currency == late.currency) {
            Some(sum) => sum.amount.0 = sum.amount.0.saturating_add(late.amount.0),
            None => open.push(late.clone()),
        }
    }
    open.retain(|sum| sum.amount.0 != 0);
    let is_late = past_due.iter().any(|sum| sum.amount.0 > 0);
    let total = text(move || {
        if open.is_empty() {
            t_string!(i18n, invoice.nothing_open).to_owned()
        } else {
            sums(i18n, &open)
        }
    });
    let late = is_late.then(|| {
        let words = text(move || t_string!(i18n, invoice.overdue_sum, amount = sums(i18n, &past_due)));
        view! { <small class="tone-bad">{words}</small> }
    });
    let year = move |year: super::operations::InvoiceYear| {
        let words = text(move || match year.count {
            1 => t_string!(i18n, invoice.count_one).to_owned(),
            count => t_string!(i18n, invoice.count_many, count = locale::count(i18n, count)),
        });
        let together = text(move || sums(i18n, &year.sums));
        view! { <div><dt>{year.year}</dt><dd class="money">{together} " " <small>{words}</small></dd></div> }
    };
    view! {
        <dl class="sums">
            <div><dt>{t!(i18n, invoice.open)}</dt><dd class="money">{total} " " {late}</dd></div>
            {years.into_iter().take(3).map(year).collect_view()}
        </dl>
    }
    .into_any()
}

#[component]
fn Listed(
    list: InvoiceConnection,
    place: Place<InvoiceQuery>,
    selection: RwSignal<Selection<InvoiceId>>,
    page: Signal<Vec<InvoiceId>>,
    contracts: Signal<Vec<InvoiceContract>>,
    counted: Signal<Option<Found>>,
) -> AnyView {
    let i18n = use_i18n();
    let InvoiceConnection { nodes, page_info } = list;
    if nodes.is_empty() {
        return view! { <Nothing place /> }.into_any();
    }
    let count = text(move || match counted.get().map(|found| found.total_count) {
        None => String::new(),
        Some(1) => t_string!(i18n, invoice.count_one).to_owned(),
        Some(count) => t_string!(i18n, invoice.count_many, count = locale::count(i18n, count)),
    });
    let together = text(move || {
        let found = counted.get();
        found.map_or_else(String::new, |found| {
            t_string!(i18n, invoice.together, amount = sums(i18n, &found.sums))
        })
    });
    let skipped = place.skipped();
    let rows = nodes.len();
    let range = move || {
        t_string!(
            i18n,
            invoice.range,
            from = locale::count(i18n, small(skipped + 1)),
            to = locale::count(i18n, small(skipped + rows)),
            total = counted
                .get()
                .map_or_else(|| "…".to_owned(), |found| locale::count(i18n, found.total_count))
        )
    };
    let previous = (skipped > 0).then(|| Callback::new(move |()| place.previous()));
    let end = page_info.end_cursor;
    let next = page_info
        .has_next_page
        .then(|| Callback::new(move |()| place.next(rows, end.clone())));
    let all = Signal::derive(move || page.read().iter().all(|id| selection.read().has(*id)));
    let some = Signal::derive(move || !all.get() && page.read().iter().any(|id| selection.read().has(*id)));
    let head = move |words: fn(locale::Words) -> &'static str, class: &'static str| {
        view! { <th role="columnheader" scope="col" class=class>{follow(i18n, words)}</th> }
    };
    view! {
        <p class="hits" role="status"><span><b>{count}</b> " " {together}</span></p>
        <table role="table" class="cards">
            <caption class="away">{t!(i18n, invoice.caption)}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <TickCell
                        head=true
                        checked=all
                        partly=some
                        label=t!(i18n, meter.select_this_page)
                        on_change=move |is_selected| select_page(selection, &page.get_untracked(), is_selected)
                    />
                    {head(|i18n| t_string!(i18n, invoice.date), "")}
                    {head(|i18n| t_string!(i18n, invoice.number), "")}
                    {head(|i18n| t_string!(i18n, invoice.kind), "tablet-away")}
                    {head(|i18n| t_string!(i18n, invoice.product), "tablet-away")}
                    {head(|i18n| t_string!(i18n, invoice.state), "")}
                    {head(|i18n| t_string!(i18n, invoice.amount), "num")}
                    <th role="columnheader" scope="col" class="fit">
                        <span class="away">{t!(i18n, invoice.download)}</span>
                    </th>
                </tr>
            </thead>
            <tbody role="rowgroup">
                {nodes.into_iter().map(|invoice| view! { <Row invoice selection contracts /> }).collect_view()}
            </tbody>
        </table>
        <Pager text=range previous=Signal::stored(previous) next=Signal::stored(next) />
    }
    .into_any()
}

fn small(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

#[component]
fn Nothing(place: Place<InvoiceQuery>) -> AnyView {
    let i18n = use_i18n();
    if place.query.get_untracked().is_filtered() {
        view! {
            <Empty icon="search" title=t!(i18n, invoice.none_found) text=t!(i18n, invoice.none_found_text)>
                <Button on_press=move |()| place.filter(|query| *query = Default::default())>
                    {t!(i18n, invoice.clear)}
                </Button>
            </Empty>
        }
        .into_any()
    } else {
        view! { <Empty icon="invoice" title=t!(i18n, invoice.none) text=t!(i18n, invoice.none_text) /> }.into_any()
    }
}

#[component]
fn Row(
    invoice: Invoice,
    selection: RwSignal<Selection<InvoiceId>>,
    contracts: Signal<Vec<InvoiceContract>>,
) -> AnyView {
    let i18n = use_i18n();
    let Invoice {
        contract_id,
        currency,
        due_date,
        gross_total,
        id,
        issue_date,
        kind,
        number,
        original_url,
        paid_on,
        paid_total,
        state,
    } = invoice;
    // A credit note names what is paid back; in a list with invoices that is less.
    let amount = match kind {
        InvoiceKind::CreditNote => Amount(gross_total.0.saturating_neg()),
        InvoiceKind::Invoice | InvoiceKind::Correction => gross_total,
    };
    let machine = issue_date.0.clone();
    let kind_class = if kind == InvoiceKind::Invoice {
        "soft phone-away tablet-away"
    } else {
        "soft tablet-away"
    };
    let standing = Standing {
        due_date,
        kind,
        paid_on,
        paid_total,
        state,
    };
    let product = text(move || {
        let known = contracts.read();
        let named = contract_id.and_then(|id| known.iter().find(|contract| contract.id == id));
        match (contract_id, named) {
            (_, Some(contract)) => contract.product_name.clone(),
            (Some(_), None) => "…".to_owned(),
            (None, None) => t_string!(i18n, invoice.without_product).to_owned(),
        }
    });
    let product_class = if contract_id.is_none() {
        "soft phone-away tablet-away"
    } else {
        "tablet-away"
    };
    let what = number.clone();
    let label = number.clone();
    view! {
        <tr role="row">
            <TickCell
                checked=Signal::derive(move || selection.read().has(id))
                label=move || t_string!(i18n, meter.select, serial = label.clone())
                on_change=move |is_selected| selection.update(|selection| selection.set(id, is_selected))
            />
            <td role="cell" class="sub-cell" data-label=t!(i18n, invoice.date)>
                <time datetime=machine>{text(move || locale::date(i18n, &issue_date))}</time>
            </td>
            <th role="rowheader" scope="row" class="lead-cell">
                <A href=format!("/invoices/{id}") attr:class="id">{number}</A>
            </th>
            <td role="cell" class=kind_class data-label=t!(i18n, invoice.kind)>{kind_words(i18n, kind)}</td>
            <td role="cell" class=product_class data-label=t!(i18n, invoice.product)>{product}</td>
            <td role="cell" class="sub-end-cell" data-label=t!(i18n, invoice.state)>{standing.badge(i18n)}</td>
            <td role="cell" class="num end-cell">{text(move || locale::amount(i18n, amount, &currency))}</td>
            <td role="cell" class="fit phone-away">
                <a class="button quiet only s" href=original_url download rel="external">
                    <Icon name="download" />
                    <span class="away">{t!(i18n, invoice.download)} " " {what}</span>
                </a>
            </td>
        </tr>
    }
    .into_any()
}

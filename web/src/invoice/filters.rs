//! Search and filters above the invoices.
use super::{
    operations::{InvoiceContract, Totals},
    query::{
        InvoiceQuery, ORDERS, kind_of, kind_word, order_of, order_word, product_of, product_word, searchable, state_of,
        state_word,
    },
    words::kind_words,
};
use crate::{
    i18n::*,
    loading::Loading,
    place::{Place, Query},
    ui::{Button, Icon, SelectField, TextField, live},
};
use leptos::{ev::SubmitEvent, prelude::*};
use shared::invoice::{InvoiceKind, InvoiceOrder};

/// Text, year, state, kind, product and order.
#[component]
pub fn InvoiceFilters(
    /// Where the list stands.
    place: Place<InvoiceQuery>,
    /// Which years there are.
    totals: Loading<Totals>,
) -> AnyView {
    let i18n = use_i18n();
    let typed = place.typed(|query| &query.text, |query, typed| query.text = searchable(typed));
    let all = move || (String::new(), t_string!(i18n, invoice.all).to_owned());
    let years = Signal::derive(move || {
        let known = totals
            .get()
            .and_then(Result::ok)
            .map(|totals| totals.years)
            .unwrap_or_default();
        // The year of the address is there before the server has said which ones there are.
        let asked = place
            .query
            .read()
            .year
            .filter(|year| known.iter().all(|known| known.year != *year));
        let years = known.iter().map(|known| known.year).chain(asked);
        std::iter::once(all())
            .chain(years.map(|year| (year.to_string(), year.to_string())))
            .collect::<Vec<_>>()
    });
    let states = Signal::derive(move || {
        vec![
            all(),
            ("due".to_owned(), t_string!(i18n, invoice.state_due).to_owned()),
            (
                "past-due".to_owned(),
                t_string!(i18n, invoice.state_past_due).to_owned(),
            ),
            ("settled".to_owned(), t_string!(i18n, invoice.state_settled).to_owned()),
        ]
    });
    let kinds = Signal::derive(move || {
        let kinds = [InvoiceKind::Invoice, InvoiceKind::CreditNote, InvoiceKind::Correction];
        std::iter::once(all())
            .chain(kinds.map(|kind| (kind_word(Some(kind)).to_owned(), kind_words(i18n, kind)().to_owned())))
            .collect::<Vec<_>>()
    });
    let products = Signal::derive(move || {
        let known = totals
            .get()
            .and_then(Result::ok)
            .map(|totals| totals.contracts)
            .unwrap_or_default();
        // as with the years
        let asked = product_word(place.query.read().product);
        let is_known = |word: &str| word == "none" || known.iter().any(|contract| contract.id.to_string() == word);
        let asked = (!asked.is_empty() && !is_known(&asked)).then(|| (asked.clone(), "…".to_owned()));
        let product = |contract: &InvoiceContract| {
            let label = contract.label.as_deref().unwrap_or(&contract.number);
            (contract.id.to_string(), format!("{} ({label})", contract.product_name))
        };
        std::iter::once(all())
            .chain(known.iter().map(product))
            .chain(asked)
            .chain([("none".to_owned(), t_string!(i18n, invoice.without_product).to_owned())])
            .collect::<Vec<_>>()
    });
    let orders = Signal::derive(move || {
        let words = |order| match order {
            InvoiceOrder::Newest => t_string!(i18n, invoice.order_newest),
            InvoiceOrder::Oldest => t_string!(i18n, invoice.order_oldest),
            InvoiceOrder::FirstDue => t_string!(i18n, invoice.order_first_due),
            InvoiceOrder::LastDue => t_string!(i18n, invoice.order_last_due),
            InvoiceOrder::NumberUp => t_string!(i18n, invoice.order_number),
            InvoiceOrder::NumberDown => t_string!(i18n, invoice.order_number_down),
            InvoiceOrder::AmountDown => t_string!(i18n, invoice.order_largest),
            InvoiceOrder::AmountUp => t_string!(i18n, invoice.order_smallest),
        };
        ORDERS
            .map(|(order, word)| (word.to_owned(), words(order).to_owned()))
            .to_vec()
    });
    let is_open = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        typed.search.run(());
    };
    view! {
        <search>
            <form class="filters" on:submit=submit>
                <TextField
                    id="text"
                    label=t!(i18n, invoice.search)
                    value=typed.value
                    kind="search"
                    icon="search"
                    class="grow"
                />
                <button
                    type="button"
                    aria-expanded=move || if is_open.get() { "true" } else { "false" }
                    on:click=move |_| is_open.update(|open| *open = !*open)
                >
                    <Icon name="filter" />
                    {t!(i18n, invoice.filter)}
                </button>
                <SelectField
                    id="year"
                    label=t!(i18n, invoice.year)
                    value=Signal::derive(move || place.query.read().year.map(|year| year.to_string()).unwrap_or_default())
                    on_change=move |year: String| place.filter(|query| query.year = year.parse().ok())
                    options=years
                />
                <SelectField
                    id="state"
                    label=t!(i18n, invoice.state)
                    value=Signal::derive(move || state_word(place.query.read().state).to_owned())
                    on_change=move |word: String| place.filter(|query| query.state = state_of(&word))
                    options=states
                />
                <SelectField
                    id="kind"
                    label=t!(i18n, invoice.kind)
                    value=Signal::derive(move || kind_word(place.query.read().kind).to_owned())
                    on_change=move |word: String| place.filter(|query| query.kind = kind_of(&word))
                    options=kinds
                />
                <SelectField
                    id="product"
                    label=t!(i18n, invoice.product)
                    value=Signal::derive(move || product_word(place.query.read().product))
                    on_change=move |word: String| place.filter(|query| query.product = product_of(&word))
                    options=products
                />
                <SelectField
                    id="order"
                    label=t!(i18n, invoice.sorted)
                    value=Signal::derive(move || order_word(place.query.read().order).to_owned())
                    on_change=move |word: String| place.filter(|query| query.order = order_of(&word))
                    options=orders
                />
            </form>
        </search>
        {live(move || place.query.read().is_filtered().then(|| view! {
            <p><Button look="quiet s" on_press=move |()| place.filter(|query| *query = Default::default())>
                {t!(i18n, invoice.clear)}
            </Button></p>
        }).into_any())}
    }
    .into_any()
}

//! Search and filters above the invoices.
use super::{
    operations::Totals,
    query::{InvoiceQuery, kind_of, kind_word, searchable, state_of, state_word},
    words::kind_words,
};
use crate::{
    i18n::*,
    loading::Loading,
    place::{Place, Query},
    ui::{Button, Icon, SelectField, TextField, live},
};
use leptos::{ev::SubmitEvent, prelude::*};
use shared::invoice::InvoiceKind;

/// Text, year, state and kind.
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

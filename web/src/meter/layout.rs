//! How a table of keys is read: what was found out, for correction.
use super::staged_operations::{KeyTableLayout, KeyTableLine, LayOutKeyImportInput, lay_out};
use crate::{
    api::ApiError,
    i18n::*,
    refusal,
    ui::{Button, Icon, Notice, SelectField, TextField, Tone, live},
};
use leptos::{ev::SubmitEvent, prelude::*};
use shared::{device::KeyColumn, id::StagedImportId};

const COLUMNS: [KeyColumn; 12] = [
    KeyColumn::Ignored,
    KeyColumn::Serial,
    KeyColumn::Manufacturer,
    KeyColumn::Key,
    KeyColumn::KeyName,
    KeyColumn::Model,
    KeyColumn::TypeNumber,
    KeyColumn::ConfigNumber,
    KeyColumn::OrderNumber,
    KeyColumn::OwnNumber,
    KeyColumn::Version,
    KeyColumn::Medium,
];

/// The layout of a table with the first lines, and a button that has it read anew.
#[component]
pub fn LayoutForm(
    /// Of which import.
    id: StagedImportId,
    /// What counts now.
    layout: KeyTableLayout,
    /// The first lines, keys hidden.
    sample: Vec<KeyTableLine>,
    /// Hears that the rows are judged anew.
    changed: Callback<()>,
) -> AnyView {
    let i18n = use_i18n();
    let width = sample.iter().map(|line| line.cells.len()).max().unwrap_or_default();
    let mut columns = layout.columns.clone();
    columns.resize(width.max(columns.len()), KeyColumn::Ignored);
    let width = columns.len();
    let columns = RwSignal::new(columns);
    let delimiter = RwSignal::new(layout.delimiter);
    let has_header = RwSignal::new(layout.has_header);
    let restores_zeros = RwSignal::new(layout.restores_zeros);
    let manufacturer = RwSignal::new(layout.manufacturer.unwrap_or_default());
    let run = Action::new_local(move |(): &()| async move {
        let letters = manufacturer.get_untracked();
        let input = LayOutKeyImportInput {
            columns: columns.get_untracked(),
            delimiter: delimiter.get_untracked(),
            has_header: has_header.get_untracked(),
            id,
            manufacturer: Some(letters).filter(|letters| !letters.trim().is_empty()),
            restores_zeros: restores_zeros.get_untracked(),
        };
        lay_out(input).await?;
        changed.run(());
        Ok::<_, ApiError>(())
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        run.dispatch(());
    };
    let delimiters = Signal::derive(move || {
        vec![
            (";".to_owned(), ";".to_owned()),
            (",".to_owned(), ",".to_owned()),
            ("\t".to_owned(), "Tab".to_owned()),
            ("|".to_owned(), "|".to_owned()),
            (" ".to_owned(), t_string!(i18n, key_import.blank).to_owned()),
        ]
    });
    let yes_no = Signal::derive(move || {
        vec![
            ("yes".to_owned(), t_string!(i18n, key_import.yes).to_owned()),
            ("no".to_owned(), t_string!(i18n, key_import.no).to_owned()),
        ]
    });
    let word = |is: bool| if is { "yes".to_owned() } else { "no".to_owned() };
    let refused = move || {
        let error = run.value().get()?.err()?;
        let text = refusal::words(i18n, &error);
        Some(view! { <Notice tone=Tone::Bad live=true><p>{text}</p></Notice> }.into_any())
    };
    let lines = sample
        .into_iter()
        .map(|line| {
            let cells = line
                .cells
                .into_iter()
                .map(|cell| view! { <span class="id">{cell}</span> " · " })
                .collect_view();
            view! { <li class="sub">{cells}</li> }
        })
        .collect_view();
    let selects = (0..width).map(|at| view! { <ColumnField at columns /> }).collect_view();
    view! {
        <details>
            <summary>{t!(i18n, key_import.layout)}</summary>
            <form class="form" novalidate on:submit=submit>
                <ol>{lines}</ol>
                <SelectField
                    id="delimiter"
                    label=t!(i18n, key_import.delimiter)
                    value=delimiter
                    on_change=Callback::new(move |chosen| delimiter.set(chosen))
                    options=delimiters
                />
                <SelectField
                    id="has-header"
                    label=t!(i18n, key_import.has_header)
                    value=Signal::derive(move || word(has_header.get()))
                    on_change=Callback::new(move |chosen: String| has_header.set(chosen == "yes"))
                    options=yes_no
                />
                {selects}
                <TextField id="manufacturer" label=t!(i18n, key_import.manufacturer) value=manufacturer />
                <SelectField
                    id="restores-zeros"
                    label=t!(i18n, key_import.restore_zeros)
                    value=Signal::derive(move || word(restores_zeros.get()))
                    on_change=Callback::new(move |chosen: String| restores_zeros.set(chosen == "yes"))
                    options=yes_no
                />
                {live(move || refused().into_any())}
                <Button submit=true busy=run.pending()>{t!(i18n, key_import.again)}</Button>
            </form>
        </details>
    }
    .into_any()
}

/// What one column holds.
#[component]
fn ColumnField(at: usize, columns: RwSignal<Vec<KeyColumn>>) -> AnyView {
    let i18n = use_i18n();
    let id = format!("column-{at}");
    let label = text(move || t_string!(i18n, key_import.column, number = at + 1));
    let choose = move |chosen: String| {
        if let Some(kind) = COLUMNS.into_iter().find(|kind| format!("{kind:?}") == chosen) {
            columns.update(|columns| columns[at] = kind);
        }
    };
    let options = COLUMNS
        .into_iter()
        .map(|kind| {
            let selected = columns.read_untracked().get(at) == Some(&kind);
            let words = text(move || column_word(i18n, kind).to_owned());
            view! { <option value=format!("{kind:?}") selected=selected>{words}</option> }
        })
        .collect_view();
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <div class="select">
                <select id=id.clone() name=id on:change:target=move |event| choose(event.target().value())>{options}</select>
                <Icon name="down" />
            </div>
        </div>
    }
    .into_any()
}

fn column_word(i18n: Words, kind: KeyColumn) -> &'static str {
    match kind {
        KeyColumn::Ignored => t_string!(i18n, key_import.column_ignored),
        KeyColumn::Serial => t_string!(i18n, key_import.column_serial),
        KeyColumn::Manufacturer => t_string!(i18n, key_import.column_manufacturer),
        KeyColumn::Key => t_string!(i18n, key_import.column_key),
        KeyColumn::KeyName => t_string!(i18n, key_import.column_key_name),
        KeyColumn::Model => t_string!(i18n, key_import.column_model),
        KeyColumn::TypeNumber => t_string!(i18n, key_import.column_type),
        KeyColumn::ConfigNumber => t_string!(i18n, key_import.column_config),
        KeyColumn::OrderNumber => t_string!(i18n, key_import.column_order),
        KeyColumn::OwnNumber => t_string!(i18n, key_import.column_own),
        KeyColumn::Version => t_string!(i18n, key_import.column_version),
        KeyColumn::Medium => t_string!(i18n, key_import.column_medium),
    }
}

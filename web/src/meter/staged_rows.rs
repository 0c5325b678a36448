//! What becomes of each row of an import that waits, row by row.
use super::{
    layout::LayoutForm,
    staged::of,
    staged_operations::{DecideKeyImportInput, RowsWanted, StagedKeyImport, StagedKeyRow, decide},
};
use crate::{
    api::ApiError,
    i18n::*,
    locale, refusal,
    ui::{Badge, Button, SelectField, Tone, live},
};
use leptos::prelude::*;
use shared::{
    device::{KeyFileFormat, RowNote, RowVerdict},
    id::StagedImportId,
};

const VERDICTS: [RowVerdict; 7] = [
    RowVerdict::New,
    RowVerdict::Same,
    RowVerdict::DifferentKey,
    RowVerdict::Duplicate,
    RowVerdict::LostZeros,
    RowVerdict::WeakKey,
    RowVerdict::Malformed,
];

/// The rows of an import with what becomes of each, and how a table is read.
#[component]
pub fn Judged(
    /// The import.
    import: StagedKeyImport,
    /// Which of its rows are shown.
    wanted: RwSignal<RowsWanted>,
    /// Hears that the table is read anew.
    changed: Callback<()>,
    /// How many rows replace a stored key.
    replacing: RwSignal<i32>,
) -> AnyView {
    let i18n = use_i18n();
    let id = import.id;
    let format = match import.format {
        KeyFileFormat::Kem => "KEM",
        KeyFileFormat::Kem2 => "KEM2",
        KeyFileFormat::Table => "CSV",
        KeyFileFormat::Json => "JSON",
    };
    let order = import
        .order_number
        .clone()
        .map(|order| view! { ", " {t!(i18n, key_import.order)} " " <span class="id">{order}</span> });
    let (new, same) = (of(&import, RowVerdict::New), of(&import, RowVerdict::Same));
    let all: i32 = import.verdicts.iter().map(|counted| counted.count).sum();
    let sums = text(move || {
        t_string!(
            i18n,
            key_import.sums,
            new = locale::count(i18n, new),
            same = locale::count(i18n, same),
            skipped = locale::count(i18n, all - new - same)
        )
    });
    let counts = import.verdicts.clone();
    let options = Signal::derive(move || {
        let counted = |verdict: &RowVerdict| {
            let counted = counts.iter().find(|counted| counted.verdict == *verdict)?;
            let words = format!(
                "{} ({})",
                verdict_word(i18n, *verdict),
                locale::count(i18n, counted.count)
            );
            Some((format!("{verdict:?}"), words))
        };
        let all = (String::new(), t_string!(i18n, key_import.all_rows).to_owned());
        std::iter::once(all)
            .chain(VERDICTS.iter().filter_map(counted))
            .collect::<Vec<_>>()
    });
    let value = Signal::derive(move || {
        wanted
            .read()
            .verdict
            .map(|verdict| format!("{verdict:?}"))
            .unwrap_or_default()
    });
    let narrow = Callback::new(move |chosen: String| {
        let verdict = VERDICTS.into_iter().find(|verdict| format!("{verdict:?}") == chosen);
        wanted.set(RowsWanted { verdict, after: None });
    });
    let next = import
        .rows
        .page_info
        .has_next_page
        .then(|| import.rows.page_info.end_cursor.clone())
        .flatten();
    let is_first = wanted.read_untracked().after.is_none();
    let turn = move |after: Option<String>| wanted.update(|wanted| wanted.after = after);
    let layout = import.layout.clone().map(|layout| {
        view! { <LayoutForm id=import.id layout sample=import.sample.clone() changed /> }
    });
    let file_name = import.file_name;
    view! {
        <div class="stack-3">
            <p><span class="id">{file_name}</span> ", " {format} {order}</p>
            <p role="status">{sums}</p>
        </div>
        {layout}
        <div class="filters">
            <SelectField id="verdict" label=t!(i18n, key_import.show) value on_change=narrow options />
        </div>
        <table role="table" class="cards">
            <caption class="away">{t!(i18n, key_import.preview)}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">{t!(i18n, device.serial)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, device.model)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, key_import.verdict)}</th>
                </tr>
            </thead>
            <tbody role="rowgroup">
                {import.rows.nodes.into_iter().map(|row| view! { <PreviewRow import=id row replacing /> }).collect_view()}
            </tbody>
        </table>
        <div class="actions">
            {(!is_first).then(|| view! {
                <Button look="s" icon="left" on_press=move |()| turn(None)>{t!(i18n, key_import.first_page)}</Button>
            })}
            {next.map(|after| view! {
                <Button look="s" on_press=move |()| turn(Some(after.clone()))>{t!(i18n, ui.next)}</Button>
            })}
        </div>
    }
    .into_any()
}

#[component]
fn PreviewRow(import: StagedImportId, row: StagedKeyRow, replacing: RwSignal<i32>) -> AnyView {
    let i18n = use_i18n();
    let tone = match row.verdict {
        RowVerdict::New => Tone::Good,
        RowVerdict::Same => Tone::Off,
        RowVerdict::Duplicate | RowVerdict::LostZeros => Tone::Warn,
        RowVerdict::DifferentKey | RowVerdict::Malformed | RowVerdict::WeakKey => Tone::Bad,
    };
    let (verdict, position) = (row.verdict, row.position);
    let replaces = RwSignal::new(row.replaces);
    let word = text(move || {
        if replaces.get() {
            t_string!(i18n, key_import.replaced).to_owned()
        } else {
            verdict_word(i18n, verdict).to_owned()
        }
    });
    let line = text(move || t_string!(i18n, key_import.row, position = position));
    let label = row.serial_number.clone().unwrap_or_default();
    let choice = (verdict == RowVerdict::DifferentKey)
        .then(|| view! { <Choice import position serial=label replaces replacing /> });
    let serial = match row.serial_number {
        Some(serial) => view! { <span class="id">{serial}</span> }.into_any(),
        None => view! { {line} }.into_any(),
    };
    let key = row.key_name.map(|name| view! { <span class="sub id">{name}</span> });
    let note = row.note.map(|note| {
        let words = text(move || note_word(i18n, note).to_owned());
        view! { <span class="sub">{words}</span> }
    });
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="lead-cell">{serial}</th>
            <td role="cell" data-label=t!(i18n, device.model)>{row.model.unwrap_or_else(|| "–".to_owned())}</td>
            <td role="cell" data-label=t!(i18n, key_import.verdict)>
                <Badge tone>{word}</Badge>
                {key}
                {note}
                {choice}
            </td>
        </tr>
    }
    .into_any()
}

/// Keeps the stored key of one device or puts that of the file in its place.
#[component]
fn Choice(
    import: StagedImportId,
    position: i32,
    serial: String,
    replaces: RwSignal<bool>,
    replacing: RwSignal<i32>,
) -> AnyView {
    let i18n = use_i18n();
    let turn = Action::new_local(move |(): &()| async move {
        let now = !replaces.get_untracked();
        let input = DecideKeyImportInput {
            id: import,
            positions: Some(vec![position]),
            replaces: now,
        };
        decide(input).await?;
        // Gone with the page: then there is nobody to show it to.
        let _gone = replaces.try_set(now);
        let _gone = replacing.try_update(|count| *count += if now { 1 } else { -1 });
        Ok::<_, ApiError>(())
    });
    let word = text(move || {
        let word = if replaces.get() {
            t_string!(i18n, key_import.keep_this)
        } else {
            t_string!(i18n, key_import.replace_this)
        };
        word.to_owned()
    });
    let refused = move || {
        let words = refusal::words(i18n, &turn.value().get()?.err()?);
        Some(view! { <span class="sub">{words}</span> }.into_any())
    };
    view! {
        <div>
            <Button look="quiet s" busy=turn.pending() on_press=move |()| { turn.dispatch(()); }>
                {word}
                <span class="away">" " {serial}</span>
            </Button>
        </div>
        {live(move || refused().into_any())}
    }
    .into_any()
}

fn verdict_word(i18n: Words, verdict: RowVerdict) -> &'static str {
    match verdict {
        RowVerdict::New => t_string!(i18n, key_import.new),
        RowVerdict::Same => t_string!(i18n, key_import.same),
        RowVerdict::DifferentKey => t_string!(i18n, key_import.different_key),
        RowVerdict::Duplicate => t_string!(i18n, key_import.duplicate),
        RowVerdict::Malformed => t_string!(i18n, key_import.malformed),
        RowVerdict::WeakKey => t_string!(i18n, key_import.weak_key),
        RowVerdict::LostZeros => t_string!(i18n, key_import.lost_zeros),
    }
}

fn note_word(i18n: Words, note: RowNote) -> &'static str {
    match note {
        RowNote::CountingKey => t_string!(i18n, key_import.counting_key),
        RowNote::SharedKey => t_string!(i18n, key_import.shared_key),
        RowNote::ZerosRestored => t_string!(i18n, key_import.zeros_restored),
        RowNote::PasteRepaired => t_string!(i18n, key_import.paste_repaired),
        RowNote::NoSerial => t_string!(i18n, key_import.no_serial),
        RowNote::NotASerial => t_string!(i18n, key_import.not_a_serial),
        RowNote::NoManufacturer => t_string!(i18n, key_import.no_manufacturer),
        RowNote::NoKey => t_string!(i18n, key_import.no_key),
        RowNote::NotAKey => t_string!(i18n, key_import.not_a_key),
        RowNote::OpenQuote => t_string!(i18n, key_import.open_quote),
        RowNote::Unreadable => t_string!(i18n, key_import.unreadable),
    }
}

//! An import that waits: what becomes of each row, how a table is read, and doing it or dropping it.
use super::{
    layout::LayoutForm,
    staged_operations::{
        DecideKeyImportInput, RowsWanted, StagedKeyImport, StagedKeyRow, commit, decide, forget, staged,
    },
};
use crate::{
    api::ApiError,
    i18n::*,
    loading::{Loaded, load},
    locale, refusal,
    ui::{Badge, Button, Notice, SelectField, Toasts, Tone, live},
};
use leptos::prelude::*;
use shared::{
    device::{KeyFileFormat, RowNote, RowVerdict, StagedImportState},
    id::StagedImportId,
};
use std::time::Duration;

/// How often the state of the judging is asked for.
const INTERVAL: Duration = Duration::from_millis(500);

const VERDICTS: [RowVerdict; 7] = [
    RowVerdict::New,
    RowVerdict::Same,
    RowVerdict::DifferentKey,
    RowVerdict::Duplicate,
    RowVerdict::LostZeros,
    RowVerdict::WeakKey,
    RowVerdict::Malformed,
];

/// An import that waits.
#[component]
pub fn Staged(
    /// Which.
    id: StagedImportId,
    /// Hears that it is done or dropped.
    on_end: Callback<()>,
) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let wanted = RwSignal::new(RowsWanted::default());
    let found = load(move || {
        let wanted = wanted.get();
        async move { staged(id, wanted).await }
    });
    Effect::new(move |_| {
        let is_judging = found
            .get()
            .is_some_and(|found| found.is_ok_and(|import| import.state == StagedImportState::Judging));
        if is_judging {
            set_timeout(move || found.refetch(), INTERVAL);
        }
    });
    let changed = Callback::new(move |()| {
        wanted.set(RowsWanted::default());
        found.refetch();
    });
    let run = Action::new_local(move |(): &()| async move {
        let import = commit(id).await?;
        toasts.say(match import.new_count {
            1 => t_string!(i18n, key_import.added_one).to_owned(),
            count => t_string!(i18n, key_import.added_many, count = locale::count(i18n, count)),
        });
        on_end.run(());
        Ok::<_, ApiError>(())
    });
    let leave = Action::new_local(move |(): &()| async move {
        forget(id).await?;
        on_end.run(());
        Ok::<_, ApiError>(())
    });
    let replace = Action::new_local(move |replaces: &bool| {
        let replaces = *replaces;
        async move {
            let input = DecideKeyImportInput {
                id,
                positions: None,
                replaces,
            };
            decide(input).await?;
            found.refetch();
            Ok::<_, ApiError>(())
        }
    });
    let refused = move || {
        let of = |action: Action<(), Result<(), ApiError>>| action.value().get().and_then(Result::err);
        let error = of(run)
            .or_else(|| of(leave))
            .or_else(|| replace.value().get().and_then(Result::err))?;
        let text = refusal::words(i18n, &error);
        Some(view! { <Notice tone=Tone::Bad live=true><p>{text}</p></Notice> }.into_any())
    };
    view! {
        <section class="start-part" aria-labelledby="preview">
            <div class="block-head"><h2 id="preview">{t!(i18n, key_import.preview)}</h2></div>
            <Loaded resource=found rows=3 let:import>
                {if import.state == StagedImportState::Judging {
                    judging(i18n, &import)
                } else {
                    let count = of(&import, RowVerdict::New);
                    let other = of(&import, RowVerdict::DifferentKey);
                    let words = text(move || match count {
                        1 => t_string!(i18n, key_import.import_one).to_owned(),
                        count => t_string!(i18n, key_import.import_many, count = locale::count(i18n, count)),
                    });
                    let replaces = import.rows.nodes.iter().any(|row| row.replaces);
                    view! {
                        <Judged import wanted changed />
                        {(other > 0).then(|| view! {
                            <Notice tone=Tone::Warn>
                                <p>{t!(i18n, key_import.replace_text)}</p>
                                <div class="actions">
                                    <Button look="s" busy=replace.pending() on_press=move |()| { replace.dispatch(true); }>
                                        {t!(i18n, key_import.replace)}
                                    </Button>
                                    <Button look="quiet s" on_press=move |()| { replace.dispatch(false); }>
                                        {t!(i18n, key_import.keep)}
                                    </Button>
                                </div>
                            </Notice>
                        })}
                        <div class="actions">
                            <Button
                                look="primary"
                                icon="upload"
                                busy=run.pending()
                                disabled=Signal::stored(count == 0 && !replaces && other == 0)
                                on_press=move |()| { run.dispatch(()); }
                            >
                                {words}
                            </Button>
                            <Button busy=leave.pending() on_press=move |()| { leave.dispatch(()); }>
                                {t!(i18n, key_import.drop)}
                            </Button>
                        </div>
                    }
                    .into_any()
                }}
            </Loaded>
            {live(move || refused().into_any())}
        </section>
    }
    .into_any()
}

fn of(import: &StagedKeyImport, verdict: RowVerdict) -> i32 {
    let found = import.verdicts.iter().find(|counted| counted.verdict == verdict);
    found.map_or(0, |counted| counted.count)
}

fn judging(i18n: Words, import: &StagedKeyImport) -> AnyView {
    let (done, total) = (import.judged_count, import.row_count);
    let words = text(move || {
        t_string!(
            i18n,
            key_import.judging,
            done = locale::count(i18n, done),
            total = locale::count(i18n, total)
        )
    });
    view! {
        <p role="status">{words}</p>
        <progress aria-label=t_string!(i18n, key_import.judging_label) max=total.to_string() value=done.to_string()></progress>
    }
    .into_any()
}

#[component]
fn Judged(import: StagedKeyImport, wanted: RwSignal<RowsWanted>, changed: Callback<()>) -> AnyView {
    let i18n = use_i18n();
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
        <p><span class="id">{file_name}</span> ", " {format} {order}</p>
        <p role="status">{sums}</p>
        {layout}
        <SelectField id="verdict" label=t!(i18n, key_import.show) value on_change=narrow options />
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
                {import.rows.nodes.into_iter().map(|row| view! { <PreviewRow row /> }).collect_view()}
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
fn PreviewRow(row: StagedKeyRow) -> AnyView {
    let i18n = use_i18n();
    let tone = match row.verdict {
        RowVerdict::New => Tone::Good,
        RowVerdict::Same => Tone::Off,
        RowVerdict::Duplicate | RowVerdict::LostZeros => Tone::Warn,
        RowVerdict::DifferentKey | RowVerdict::Malformed | RowVerdict::WeakKey => Tone::Bad,
    };
    let (verdict, replaces, position) = (row.verdict, row.replaces, row.position);
    let word = text(move || {
        if replaces {
            t_string!(i18n, key_import.replaced).to_owned()
        } else {
            verdict_word(i18n, verdict).to_owned()
        }
    });
    let line = text(move || t_string!(i18n, key_import.row, position = position));
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
            </td>
        </tr>
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

//! An import that waits: its preview, and doing it or dropping it.
use super::{
    staged_operations::{DecideKeyImportInput, RowsWanted, StagedKeyImport, commit, decide, forget, staged, written},
    staged_rows::Judged,
};
use crate::{
    api::ApiError,
    i18n::*,
    loading::{Loaded, load},
    locale, refusal,
    ui::{Button, Notice, Toasts, Tone, live},
};
use leptos::prelude::*;
use shared::{
    device::{RowVerdict, StagedImportState},
    id::StagedImportId,
};
use std::time::Duration;

/// How often it is asked how far judging or writing have come.
const INTERVAL: Duration = Duration::from_millis(500);

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
        toasts.say(done_words(i18n, import.new_count, import.replaced_count));
        on_end.run(());
        Ok::<_, ApiError>(())
    });
    let leave = Action::new_local(move |(): &()| async move {
        forget(id).await?;
        on_end.run(());
        Ok::<_, ApiError>(())
    });
    let replace = Action::new_local(move |replaces: &bool| {
        let input = DecideKeyImportInput {
            id,
            positions: None,
            replaces: *replaces,
        };
        async move {
            decide(input).await?;
            found.refetch();
            Ok::<_, ApiError>(())
        }
    });
    let count_written = written_while(id, run.pending());
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
                    let other = of(&import, RowVerdict::DifferentKey);
                    let new = of(&import, RowVerdict::New);
                    let replacing = RwSignal::new(import.replacing_count);
                    let words = text(move || import_words(i18n, new, replacing.get()));
                    view! {
                        <div class="stack-5">
                            <Judged import wanted changed replacing />
                            {(other > 0).then(|| view! { <Others replace /> })}
                            <Writing written=count_written total=Signal::derive(move || new + replacing.get()) />
                            <div class="actions">
                                <Button
                                    look="primary"
                                    icon="upload"
                                    busy=run.pending()
                                    disabled=Signal::derive(move || new + replacing.get() == 0)
                                    on_press=move |()| { run.dispatch(()); }
                                >
                                    {words}
                                </Button>
                                <Button busy=leave.pending() on_press=move |()| { leave.dispatch(()); }>
                                    {t!(i18n, key_import.drop)}
                                </Button>
                            </div>
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

/// How many rows have a verdict.
pub fn of(import: &StagedKeyImport, verdict: RowVerdict) -> i32 {
    let found = import.verdicts.iter().find(|counted| counted.verdict == verdict);
    found.map_or(0, |counted| counted.count)
}

/// What the button that does the import says.
fn import_words(i18n: Words, new: i32, replacing: i32) -> String {
    match (new, replacing) {
        (1, 0) => t_string!(i18n, key_import.import_one).to_owned(),
        (new, 0) => t_string!(i18n, key_import.import_many, count = locale::count(i18n, new)),
        (0, 1) => t_string!(i18n, key_import.replace_one).to_owned(),
        (0, replacing) => t_string!(i18n, key_import.replace_many, count = locale::count(i18n, replacing)),
        (new, replacing) => t_string!(
            i18n,
            key_import.both,
            new = locale::count(i18n, new),
            replaced = locale::count(i18n, replacing)
        ),
    }
}

/// What was done.
fn done_words(i18n: Words, new: i32, replaced: i32) -> String {
    let devices = match new {
        1 => t_string!(i18n, key_import.added_one).to_owned(),
        count => t_string!(i18n, key_import.added_many, count = locale::count(i18n, count)),
    };
    let keys = match replaced {
        1 => t_string!(i18n, key_import.replaced_one).to_owned(),
        count => t_string!(i18n, key_import.replaced_many, count = locale::count(i18n, count)),
    };
    match (new, replaced) {
        (_, 0) => devices,
        (0, _) => keys,
        _ => format!("{devices} {keys}"),
    }
}

/// How many rows are written while an import is being done; nothing at other times.
fn written_while(id: StagedImportId, is_running: Memo<bool>) -> Signal<Option<i32>> {
    let count = RwSignal::new(None);
    let ask = Action::new_local(move |(): &()| async move {
        // Once the import is done it is gone: then nothing more is to be said.
        let _gone = count.try_set(written(id).await.unwrap_or_default());
    });
    Effect::new(move |_| {
        let asked = ask.version().get();
        if is_running.get() {
            let wait = if asked == 0 { Duration::ZERO } else { INTERVAL };
            set_timeout(
                move || {
                    // The page may be gone by now.
                    if count.try_get_untracked().is_some() {
                        ask.dispatch(());
                    }
                },
                wait,
            );
        } else {
            count.set(None);
        }
    });
    count.into()
}

/// How far an import has come that is being done.
#[component]
fn Writing(written: Signal<Option<i32>>, total: Signal<i32>) -> AnyView {
    let i18n = use_i18n();
    let bar = move || {
        let done = written.get()?;
        let words = text(move || {
            t_string!(
                i18n,
                key_import.writing,
                done = locale::count(i18n, done),
                total = locale::count(i18n, total.get())
            )
        });
        let bar = view! {
            <p>{words}</p>
            <progress aria-label=t_string!(i18n, key_import.writing_label) max=total.get().to_string() value=done.to_string()></progress>
        };
        Some(bar.into_any())
    };
    live(move || bar().into_any())
}

/// What becomes of all rows whose devices have another key.
#[component]
fn Others(replace: Action<bool, Result<(), ApiError>>) -> AnyView {
    let i18n = use_i18n();
    view! {
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
    }
    .into_any()
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

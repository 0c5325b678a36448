//! Who can read the selected devices, and taking their rights on these back.
use super::{
    operations::{DeviceSelection, SelectionReader, SelectionReaderConnection, revoke_read_rights, selection_readers},
    rights::{state_tone, state_words},
};
use crate::{
    api::ApiError,
    i18n::*,
    loading::{Loaded, load},
    locale, refusal,
    ui::{Badge, Button, Notice, Toasts, Tone, live},
};
use leptos::prelude::*;
use shared::id::AssignmentId;

/// Who can read the selected devices; nothing where that is nobody.
#[component]
pub fn Readers(
    /// The devices, as many as were seen.
    #[prop(into)]
    selection: Signal<Option<DeviceSelection>>,
    /// Hears that rights were taken back.
    done: Callback<()>,
) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let ticked = RwSignal::new(Vec::<AssignmentId>::new());
    let is_sure = RwSignal::new(false);
    let found = load(move || {
        let selection = selection.get();
        async move {
            match selection {
                Some(selection) => selection_readers(selection).await.map(Some),
                None => Ok(None),
            }
        }
    });
    let revoke = Action::new_local(move |ids: &Vec<AssignmentId>| {
        let (ids, devices) = (ids.clone(), selection.get_untracked());
        async move {
            let rows = revoke_read_rights(ids, devices).await?;
            toasts.say(t_string!(i18n, access.revoked_many, count = rows.len()).to_string());
            let _gone = ticked.try_set(Vec::new());
            let _gone = is_sure.try_set(false);
            done.run(());
            Ok::<_, ApiError>(())
        }
    });
    let refused = move || {
        let error = revoke.value().get()?.err()?;
        (!revoke.pending().get())
            .then(|| view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    let end = move || {
        if ticked.read().is_empty() {
            return ().into_any();
        }
        if !is_sure.get() {
            return view! {
                <Button look="s" on_press=move |()| is_sure.set(true)>{t!(i18n, access.revoke)}</Button>
            }
            .into_any();
        }
        view! {
            <p role="status">{t!(i18n, access.revoke_text)}</p>
            <Button
                look="danger s"
                busy=revoke.pending()
                on_press=move |()| { revoke.dispatch(ticked.get_untracked()); }
            >
                {text(move || t_string!(i18n, access.revoke_here, count = ticked.read().len()).to_string())}
            </Button>
        }
        .into_any()
    };
    view! {
        <Loaded resource=found rows=1 let:list>
            {list.filter(|list| !list.nodes.is_empty()).map(|list| view! { <List list ticked is_sure /> })}
        </Loaded>
        <div class="actions">{live(end)}</div>
        {live(move || refused().into_any())}
    }
    .into_any()
}

#[component]
fn List(list: SelectionReaderConnection, ticked: RwSignal<Vec<AssignmentId>>, is_sure: RwSignal<bool>) -> AnyView {
    let i18n = use_i18n();
    let total = list.total_count;
    let row = move |reader: SelectionReader| {
        let SelectionReader {
            assignment,
            device_count,
        } = reader;
        let (id, state) = (assignment.id, assignment.state);
        let change = move |is_ticked: bool| {
            is_sure.set(false);
            ticked.update(|ids| {
                ids.retain(|other| *other != id);
                if is_ticked {
                    ids.push(id);
                }
            });
        };
        let devices = text(move || match device_count {
            1 => t_string!(i18n, meter.device_one).to_owned(),
            count => t_string!(i18n, meter.device_many, count = locale::count(i18n, count)),
        });
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || ticked.read().contains(&id)
                    on:change:target=move |event| change(event.target().checked())
                />
                " "
                <span>
                    {assignment.email} " "
                    <Badge tone=state_tone(state)>{text(move || state_words(i18n, state).to_owned())}</Badge>
                    <small>{devices}</small>
                </span>
            </label>
        }
    };
    view! {
        <details class="picked">
            <summary>{text(move || t_string!(i18n, access.readers, count = locale::count(i18n, total)))}</summary>
            <fieldset>
                <legend class="away">{t!(i18n, meter.readers)}</legend>
                {list.nodes.into_iter().map(row).collect_view()}
            </fieldset>
        </details>
    }
    .into_any()
}

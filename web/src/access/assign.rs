//! The dialog "Leserechte zuordnen": who reads the selected devices already, and who may from now on.
use super::{
    operations::{
        AssignReadRightsInput, DeviceSelection, DeviceSelectionSummary, SampleDevice, assign_read_rights,
        device_selection,
    },
    readers::Readers,
};
use crate::{
    api::{ApiError, Day},
    i18n::*,
    loading::{Loaded, load},
    locale,
    meter::DeviceQuery,
    refusal,
    selection::Selection,
    ui::{Button, Dialog, FieldError, Icon, Notice, TextField, Toasts, Tone, live},
};
use leptos::prelude::*;
use shared::{error::ErrorCode, id::DeviceId, name::EmailAddress};

/// What the selection is on the wire.
pub fn wire(selection: &Selection<DeviceId>, filter: &DeviceQuery) -> DeviceSelection {
    let named = selection.named.clone();
    if selection.is_all {
        DeviceSelection {
            except: (!named.is_empty()).then_some(named),
            expected_count: None,
            filter: Some(filter.into()),
            ids: None,
        }
    } else {
        DeviceSelection {
            except: None,
            expected_count: None,
            filter: None,
            ids: Some(named),
        }
    }
}

/// The addresses in what somebody typed.
fn addresses(typed: &str) -> Vec<String> {
    let parts = typed.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'));
    parts.filter(|part| !part.is_empty()).map(ToOwned::to_owned).collect()
}

/// Whether somebody typed addresses and nothing else.
fn are_addresses(typed: &str) -> bool {
    let typed = addresses(typed);
    !typed.is_empty() && typed.iter().all(|address| EmailAddress::parse(address).is_ok())
}

/// Asks to whom the selected devices are assigned. What was typed stays when it is refused.
#[component]
pub fn AssignDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Which devices.
    selection: RwSignal<Selection<DeviceId>>,
    /// The filter that "all" is about.
    filter: Memo<DeviceQuery>,
    /// Hears that they are assigned.
    done: Callback<()>,
) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let typed = || RwSignal::new(String::new());
    let (email, from, until, note) = (typed(), typed(), typed(), typed());
    let verify_only = RwSignal::new(false);
    let was_tried = RwSignal::new(false);
    let picked = load(move || {
        let wanted = open.get().then(|| wire(&selection.read(), &filter.read()));
        async move {
            match wanted {
                Some(selection) => device_selection(selection).await.map(Some),
                None => Ok(None),
            }
        }
    });
    let count = move || match picked.get() {
        Some(Ok(Some(summary))) => summary.count,
        _ => 0,
    };
    let seen = Signal::derive(move || {
        let count = count();
        (open.get() && count > 0).then(|| DeviceSelection {
            expected_count: Some(count),
            ..wire(&selection.read(), &filter.read())
        })
    });
    let taken = Callback::new(move |()| {
        let _ = open.try_set(false);
        done.run(());
    });
    let assign = Action::new_local(move |input: &AssignReadRightsInput| {
        let input = input.clone();
        async move {
            let assignments = match assign_read_rights(input).await {
                Err(error) => {
                    if error.code() == Some(ErrorCode::Conflict) {
                        picked.refetch();
                    }
                    return Err(error);
                }
                Ok(assignments) => assignments,
            };
            let to: Vec<_> = assignments.iter().map(|row| row.email.as_str()).collect();
            let to = to.join(", ");
            toasts.say(
                match assignments.first().map_or(0, |row| row.device_count) {
                    1 => tu_string!(i18n, access.assigned_one, email = to),
                    count => tu_string!(i18n, access.assigned_many, count = count, email = to),
                }
                .to_string(),
            );
            let _ = open.try_set(false);
            for typed in [email, from, until, note] {
                drop(typed.try_set(String::new()));
            }
            done.run(());
            Ok::<_, ApiError>(())
        }
    });
    let submit = Callback::new(move |()| {
        was_tried.set(true);
        if !are_addresses(&email.read_untracked()) || assign.pending().get_untracked() {
            return;
        }
        let set =
            |typed: RwSignal<String>| Some(typed.get_untracked().trim().to_owned()).filter(|text| !text.is_empty());
        assign.dispatch(AssignReadRightsInput {
            emails: addresses(&email.read_untracked()),
            note: set(note),
            selection: DeviceSelection {
                expected_count: Some(count()),
                ..wire(&selection.read_untracked(), &filter.read_untracked())
            },
            starts_on: set(from).map(Day),
            until: set(until).map(Day),
            verify_only: Some(verify_only.get_untracked()),
        });
    });
    let closed = Callback::new(move |()| {
        was_tried.set(false);
        assign.value().set(None);
    });

    let refused = move |field: &'static str| {
        let error = assign.value().get()?.err()?;
        (!assign.pending().get() && error.field() == Some(field)).then(|| refusal::words(i18n, &error))
    };
    let email_error: FieldError = Signal::derive(move || {
        if was_tried.get() && !are_addresses(&email.read()) {
            return Some(t_string!(i18n, refusal.not_an_email).to_owned());
        }
        refused("emails")
    });
    let from_error: FieldError = Signal::derive(move || refused("startsOn"));
    let until_error: FieldError = Signal::derive(move || refused("until"));
    let note_error: FieldError = Signal::derive(move || refused("note"));
    let other = move || {
        let error = assign.value().get()?.err()?;
        let has_field = matches!(error.field(), Some("emails" | "startsOn" | "until" | "note"));
        (!assign.pending().get() && !has_field).then(|| {
            view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> }
        })
    };
    let foot = move || {
        view! {
            <Button on_press=move |()| open.set(false)>{t!(i18n, ui.cancel)}</Button>
            <Button look="primary" submit=true busy=assign.pending() disabled=Signal::derive(move || count() == 0)>
                {text(move || match count() {
                    0 | 1 => t_string!(i18n, access.assign_one).to_owned(),
                    count => t_string!(i18n, access.assign_many, count = locale::count(i18n, count)),
                })}
            </Button>
        }
    };
    view! {
        <Dialog id="assign" open title=t!(i18n, access.assign_title) on_submit=submit on_close=closed foot>
            <Loaded resource=picked rows=3 let:summary>{summary.map(|summary| view! { <Picked summary /> })}</Loaded>
            <Readers selection=seen done=taken />
            <TextField
                id="assign-email"
                label=t!(i18n, access.email)
                value=email
                autocapitalize="none"
                required=true
                hint=t!(i18n, access.email_hint)
                error=email_error
            />
            <div class="field-row">
                <TextField
                    id="assign-from"
                    label=t!(i18n, access.from)
                    value=from
                    kind="date"
                    optional=true
                    error=from_error
                />
                <TextField
                    id="assign-until"
                    label=t!(i18n, access.until)
                    value=until
                    kind="date"
                    optional=true
                    min=locale::today().0
                    error=until_error
                />
            </div>
            <TextField
                id="assign-note"
                label=t!(i18n, access.note)
                value=note
                optional=true
                error=note_error
            />
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || verify_only.get()
                    on:change:target=move |event| verify_only.set(event.target().checked())
                />
                " "
                <span>{t!(i18n, access.verify_only)} <small>{t!(i18n, access.verify_only_text)}</small></span>
            </label>
            <p class="notice calm"><Icon name="info" /><span>{t!(i18n, access.stays)}</span></p>
            {other}
        </Dialog>
    }
    .into_any()
}

#[component]
fn Picked(summary: DeviceSelectionSummary) -> AnyView {
    let i18n = use_i18n();
    let DeviceSelectionSummary {
        assigned_count,
        count,
        sample,
    } = summary;
    let rest = usize::try_from(count).unwrap_or_default().saturating_sub(sample.len());
    let row = move |device: SampleDevice| {
        let reader = match device.read_rights.into_iter().next() {
            Some(right) => view! { <span>{right.email}</span> }.into_any(),
            None => view! { <span class="faint">{t!(i18n, meter.free)}</span> }.into_any(),
        };
        view! {
            <li>
                <span class="id">{device.serial_number}</span>
                " "
                <span class="soft">{device.model.unwrap_or_default()}</span>
                " "
                {reader}
            </li>
        }
    };
    let words = text(move || {
        let devices = match count {
            1 => t_string!(i18n, meter.device_one).to_owned(),
            count => t_string!(i18n, meter.device_many, count = locale::count(i18n, count)),
        };
        match assigned_count {
            0 => devices,
            taken => t_string!(
                i18n,
                access.of_them_read,
                devices = devices,
                count = locale::count(i18n, taken)
            ),
        }
    });
    let more = live(move || {
        (rest > 0)
            .then(|| view! { <li class="soft">{t_string!(i18n, access.and_more, count = rest)}</li> })
            .into_any()
    });
    view! {
        <details class="picked" open>
            <summary>{words}</summary>
            <ul class="picked-list" tabindex="0" aria-label=t!(i18n, access.selected)>
                {sample.into_iter().map(row).collect_view()}
                {more}
            </ul>
        </details>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_addresses_are_typed_with_commas_blanks_or_lines() {
        let typed = " anna@example.org,bert@example.org; carl@example.org\ndora@example.org ";
        assert_eq!(addresses(typed).len(), 4);
        assert!(are_addresses(typed));
        for typed in ["", " , ", "anna@example.org, bert"] {
            assert!(!are_addresses(typed), "{typed:?}");
        }
    }

    #[test]
    fn all_but_one_is_a_filter_with_an_exception() {
        let id = DeviceId(uuid::Uuid::from_u128(7));
        let filter = DeviceQuery {
            serial: "7634".into(),
            ..DeviceQuery::default()
        };
        let all = wire(
            &Selection {
                is_all: true,
                named: vec![id],
            },
            &filter,
        );
        assert_eq!((all.ids, all.except), (None, Some(vec![id])));
        assert_eq!(
            all.filter.and_then(|filter| filter.serial_prefix),
            Some("7634".to_owned())
        );
        let some = wire(
            &Selection {
                is_all: false,
                named: vec![id],
            },
            &filter,
        );
        assert_eq!((some.ids, some.except, some.filter), (Some(vec![id]), None, None));
    }
}

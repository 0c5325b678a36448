//! The dialog that offers the selected devices to another dealer.
use super::operations::{OfferTransferInput, offer};
use crate::{
    access::{DeviceSelection, device_selection, wire},
    api::ApiError,
    i18n::*,
    loading::load,
    locale,
    meter::DeviceQuery,
    refusal,
    selection::Selection,
    ui::{Button, Dialog, FieldError, Notice, SelectField, TextField, Toasts, Tone},
};
use leptos::prelude::*;
use shared::{
    device::{RightsThen, TransferKind},
    error::ErrorCode,
    id::DeviceId,
};

/// The fields that say themselves what is wrong with them.
const FIELDS: [&str; 2] = ["accountNumber", "note"];

/// Asks to whom the selected devices go, and how. What was typed stays when it is refused.
#[component]
pub fn OfferDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Which devices.
    selection: RwSignal<Selection<DeviceId>>,
    /// The filter that "all" is about.
    filter: Memo<DeviceQuery>,
    /// Hears that they are offered.
    done: Callback<()>,
) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let (number, note) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (passes_on, ends) = (RwSignal::new(false), RwSignal::new(false));
    let was_tried = RwSignal::new(false);
    let picked = load(move || {
        let wanted = open.get().then(|| wire(&selection.read(), &filter.read()));
        async move {
            match wanted {
                Some(selection) => device_selection(selection).await.map(|found| found.count),
                None => Ok(0),
            }
        }
    });
    let count = move || match picked.get() {
        Some(Ok(count)) => count,
        _ => 0,
    };
    let send = Action::new_local(move |input: &OfferTransferInput| {
        let input = input.clone();
        async move {
            let offered = offer(input).await;
            if offered
                .as_ref()
                .is_err_and(|error| error.code() == Some(ErrorCode::Conflict))
            {
                picked.refetch();
            }
            let count = offered?;
            toasts.say(t_string!(
                i18n,
                transfer.offered_now,
                count = locale::count(i18n, count)
            ));
            let _gone = open.try_set(false);
            number.set(String::new());
            note.set(String::new());
            done.run(());
            Ok::<_, ApiError>(())
        }
    });
    let submit = Callback::new(move |()| {
        was_tried.set(true);
        if number.read_untracked().trim().is_empty() || send.pending().get_untracked() {
            return;
        }
        send.dispatch(OfferTransferInput {
            account_number: number.get_untracked(),
            kind: if passes_on.get_untracked() {
                TransferKind::PassOn
            } else {
                TransferKind::Transfer
            },
            note: Some(note.get_untracked()).filter(|note| !note.trim().is_empty()),
            rights: if ends.get_untracked() {
                RightsThen::End
            } else {
                RightsThen::Keep
            },
            selection: DeviceSelection {
                expected_count: Some(count()),
                ..wire(&selection.read_untracked(), &filter.read_untracked())
            },
        });
    });
    let closed = Callback::new(move |()| {
        was_tried.set(false);
        send.value().set(None);
    });
    let refused = move |field: &'static str| {
        let error = send.value().get()?.err()?;
        (!send.pending().get() && error.field() == Some(field)).then(|| refusal::words(i18n, &error))
    };
    let number_error: FieldError = Signal::derive(move || {
        if was_tried.get() && number.read().trim().is_empty() {
            return Some(t_string!(i18n, refusal.missing).to_owned());
        }
        refused("accountNumber")
    });
    let note_error: FieldError = Signal::derive(move || refused("note"));
    let other = move || {
        let error = send.value().get()?.err()?;
        let has_field = error.field().is_some_and(|field| FIELDS.contains(&field));
        (!send.pending().get() && !has_field)
            .then(|| view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    let word = |flag: bool| if flag { "1" } else { "" }.to_owned();
    let foot = move || {
        view! {
            <Button on_press=move |()| open.set(false)>{t!(i18n, ui.cancel)}</Button>
            <Button look="primary" submit=true busy=send.pending() disabled=Signal::derive(move || count() == 0)>
                {text(move || match count() {
                    0 | 1 => t_string!(i18n, transfer.offer_one).to_owned(),
                    count => t_string!(i18n, transfer.offer_many, count = locale::count(i18n, count)),
                })}
            </Button>
        }
    };
    view! {
        <Dialog id="offer" open title=t!(i18n, transfer.offer_title) on_submit=submit on_close=closed foot>
            <p class="soft">{t!(i18n, transfer.offer_text)}</p>
            <TextField
                id="offer-number"
                label=t!(i18n, transfer.number)
                value=number
                autocapitalize="none"
                required=true
                hint=t!(i18n, transfer.number_hint)
                error=number_error
            />
            <SelectField
                id="offer-kind"
                label=t!(i18n, transfer.kind)
                value=Signal::derive(move || word(passes_on.get()))
                on_change=move |chosen: String| passes_on.set(!chosen.is_empty())
                options=Signal::derive(move || vec![
                    (String::new(), t_string!(i18n, transfer.for_good).to_owned()),
                    ("1".to_owned(), t_string!(i18n, transfer.on_loan).to_owned()),
                ])
            />
            <SelectField
                id="offer-rights"
                label=t!(i18n, transfer.rights)
                value=Signal::derive(move || word(ends.get()))
                on_change=move |chosen: String| ends.set(!chosen.is_empty())
                options=Signal::derive(move || vec![
                    (String::new(), t_string!(i18n, transfer.rights_keep).to_owned()),
                    ("1".to_owned(), t_string!(i18n, transfer.rights_end).to_owned()),
                ])
            />
            <TextField id="offer-note" label=t!(i18n, transfer.note) value=note optional=true error=note_error />
            {other}
        </Dialog>
    }
    .into_any()
}

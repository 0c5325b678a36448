//! The dialog "Zugang senden": how many get a mail, and from when the portal is announced.
use super::{
    operations::{AccessReach, CustomerSelection, SendAccessInput, access_reach, send_access},
    query::CustomerQuery,
};
use crate::{
    api::{ApiError, Day},
    i18n::*,
    loading::{Loaded, load},
    locale, refusal,
    selection::Selection,
    ui::{Button, Dialog, FieldError, Notice, TextField, Toasts, Tone},
};
use leptos::prelude::*;
use shared::id::AccountId;

/// A selection as the API takes it.
fn wire(selection: &Selection<AccountId>, filter: &CustomerQuery) -> CustomerSelection {
    let named = selection.named.clone();
    if selection.is_all || named.is_empty() {
        CustomerSelection {
            except: Some(named).filter(|named| !named.is_empty()),
            filter: Some(filter.into()),
            ids: None,
        }
    } else {
        CustomerSelection {
            except: None,
            filter: None,
            ids: Some(named),
        }
    }
}

/// Asks before a wave goes to those who are selected.
#[component]
pub fn SendDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Whom it is about; all that match the filter where nothing is selected.
    selection: RwSignal<Selection<AccountId>>,
    /// The filter of the list.
    filter: Memo<CustomerQuery>,
    /// Hears that it was sent.
    done: Callback<()>,
) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let from = RwSignal::new(String::new());
    let reach = load(move || {
        let wanted = open.get().then(|| wire(&selection.read(), &filter.read()));
        async move {
            match wanted {
                Some(selection) => access_reach(selection).await.map(Some),
                None => Ok(None),
            }
        }
    });
    let count = move || match reach.get() {
        Some(Ok(Some(reach))) => reach.mailed_count,
        _ => 0,
    };
    let send = Action::new_local(move |input: &SendAccessInput| {
        let input = input.clone();
        async move {
            let words = match send_access(input).await? {
                1 => t_string!(i18n, office.sent_one).to_owned(),
                count => t_string!(i18n, office.sent_many, count = locale::count(i18n, count)),
            };
            toasts.say(words);
            let _ = open.try_set(false);
            drop(from.try_set(String::new()));
            done.run(());
            Ok::<_, ApiError>(())
        }
    });
    let submit = Callback::new(move |()| {
        if count() == 0 || send.pending().get_untracked() {
            return;
        }
        let day = from.get_untracked().trim().to_owned();
        send.dispatch(SendAccessInput {
            announced_from: Some(day).filter(|day| !day.is_empty()).map(Day),
            selection: wire(&selection.read_untracked(), &filter.read_untracked()),
        });
    });
    let closed = Callback::new(move |()| send.value().set(None));
    let refused = move || send.value().get()?.err().filter(|_| !send.pending().get());
    let from_error: FieldError = Signal::derive(move || {
        let error = refused().filter(|error| error.field() == Some("announcedFrom"))?;
        Some(refusal::words(i18n, &error))
    });
    let other = move || {
        let error = refused().filter(|error| error.field() != Some("announcedFrom"))?;
        Some(view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    let foot = move || {
        view! {
            <Button on_press=move |()| open.set(false)>{t!(i18n, ui.cancel)}</Button>
            <Button look="primary" submit=true busy=send.pending() disabled=Signal::derive(move || count() == 0)>
                {text(move || match count() {
                    0 | 1 => t_string!(i18n, office.send_one).to_owned(),
                    count => t_string!(i18n, office.send_many, count = locale::count(i18n, count)),
                })}
            </Button>
        }
    };
    view! {
        <Dialog id="send-access" open title=t!(i18n, office.send_title) on_submit=submit on_close=closed foot>
            <Loaded resource=reach rows=2 let:reach>{reach.map(|reach| view! { <Reached reach /> })}</Loaded>
            <TextField
                id="announced-from"
                class="short"
                label=t!(i18n, office.announced_from)
                value=from
                kind="date"
                optional=true
                min=locale::today().0
                hint=t!(i18n, office.announced_hint)
                error=from_error
            />
            {other}
        </Dialog>
    }
    .into_any()
}

#[component]
fn Reached(reach: AccessReach) -> AnyView {
    let i18n = use_i18n();
    let AccessReach {
        mailed_count,
        skipped_count,
    } = reach;
    let mailed = text(move || match mailed_count {
        0 => t_string!(i18n, office.reach_none).to_owned(),
        1 => t_string!(i18n, office.reach_one).to_owned(),
        count => t_string!(i18n, office.reach_many, count = locale::count(i18n, count)),
    });
    let skipped = text(move || match skipped_count {
        0 => String::new(),
        count => t_string!(i18n, office.reach_skipped, count = locale::count(i18n, count)),
    });
    view! { <p>{mailed} " " <span class="soft">{skipped}</span></p> }.into_any()
}

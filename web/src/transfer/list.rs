//! The offers that a dealer made and got: answering them, taking them back, and giving back what was passed on.
use super::operations::{Transfer, TransferDevice, accept, decline, devices, give_back, transfers, withdraw};
use crate::{
    api::ApiError,
    i18n::*,
    loading::{Loaded, load},
    locale, refusal,
    ui::{Badge, Button, Empty, Field, FieldError, Notice, PageHead, TextField, Toasts, Tone, describe, live},
};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_query_map};
use shared::{
    device::{RightsThen, TransferKind, TransferState},
    id::TransferId,
};

/// The page "Übergaben". Its place in the list is in its address.
#[component]
pub fn TransfersPage() -> AnyView {
    let i18n = use_i18n();
    let query = use_query_map();
    let found = load(move || {
        let after = query.read().get("after");
        async move { transfers(after).await }
    });
    // one form at a time: the page stays short, and its fields have ids of their own
    let current = RwSignal::new(None::<TransferId>);
    let again = Callback::new(move |()| {
        current.set(None);
        found.refetch();
    });
    view! {
        <div class="page">
            <PageHead title=t!(i18n, nav.transfers) lead=t!(i18n, transfer.lead) />
            <Loaded resource=found rows=4 let:list>
                {if list.nodes.is_empty() {
                    view! {
                        <Empty icon="send" title=t!(i18n, transfer.none) text=t!(i18n, transfer.none_text)>
                            <A href="/devices" attr:class="button">{t!(i18n, access.to_devices)}</A>
                        </Empty>
                    }
                    .into_any()
                } else {
                    let next = list.page_info.has_next_page.then_some(list.page_info.end_cursor).flatten();
                    view! {
                        {list.nodes.into_iter().map(|found| view! { <One found again current /> }).collect_view()}
                        {next.map(|after| view! {
                            <p><A href=format!("/transfers?after={after}")>{t!(i18n, key_use.older)}</A></p>
                        })}
                    }
                    .into_any()
                }}
            </Loaded>
        </div>
    }
    .into_any()
}

fn state_words(i18n: locale::Words, state: TransferState) -> (Tone, &'static str) {
    match state {
        TransferState::Offered => (Tone::Wait, t_string!(i18n, transfer.offered)),
        TransferState::Accepted => (Tone::Good, t_string!(i18n, transfer.accepted)),
        TransferState::Declined => (Tone::Bad, t_string!(i18n, transfer.declined)),
        TransferState::Withdrawn => (Tone::Off, t_string!(i18n, transfer.withdrawn)),
        TransferState::Expired => (Tone::Off, t_string!(i18n, transfer.expired)),
    }
}

#[component]
fn One(found: Transfer, again: Callback<()>, current: RwSignal<Option<TransferId>>) -> AnyView {
    let i18n = use_i18n();
    let Transfer {
        created_at,
        device_count,
        expires_at,
        held_count,
        id,
        is_incoming,
        kind,
        note,
        other_name,
        other_number,
        reason,
        rights,
        state,
        ..
    } = found;
    let heading = format!("transfer-{id}");
    let labelled = heading.clone();
    let name = other_name.clone();
    let title = text(move || {
        let count = match device_count {
            1 => t_string!(i18n, meter.device_one).to_owned(),
            count => t_string!(i18n, meter.device_many, count = locale::count(i18n, count)),
        };
        if is_incoming {
            t_string!(i18n, transfer.from, devices = count, name = name.clone())
        } else {
            t_string!(i18n, transfer.to, devices = count, name = name.clone())
        }
    });
    let tone = state_words(i18n, state).0;
    let word = text(move || state_words(i18n, state).1.to_owned());
    let how = text(move || match kind {
        TransferKind::Transfer => t_string!(i18n, transfer.for_good).to_owned(),
        TransferKind::PassOn => t_string!(i18n, transfer.on_loan).to_owned(),
    });
    let then = text(move || match rights {
        RightsThen::Keep => t_string!(i18n, transfer.rights_keep).to_owned(),
        RightsThen::End => t_string!(i18n, transfer.rights_end).to_owned(),
    });
    let is_open = state == TransferState::Offered;
    let fact =
        |term: AnyView, value: Option<String>| value.map(|value| view! { <div><dt>{term}</dt><dd>{value}</dd></div> });
    let until = is_open.then(|| {
        view! { <div><dt>{t!(i18n, transfer.until)}</dt><dd>{text(move || locale::stamp(i18n, &expires_at))}</dd></div> }
    });
    let held = (held_count > 0).then(|| {
        view! { <div><dt>{t!(i18n, transfer.held)}</dt><dd>{text(move || locale::count(i18n, held_count))}</dd></div> }
    });
    let shown = matches!(state, TransferState::Offered | TransferState::Accepted);
    view! {
        <section class="part" aria-labelledby=labelled>
            <div class="part-head">
                <h2 id=heading>{title}</h2>
                <p><Badge tone>{word}</Badge></p>
            </div>
            <div class="stack-5">
                <dl class="facts">
                    {fact(t!(i18n, transfer.number).into_any(), Some(other_number))}
                    <div><dt>{t!(i18n, transfer.kind)}</dt><dd>{how}</dd></div>
                    <div><dt>{t!(i18n, transfer.rights)}</dt><dd>{then}</dd></div>
                    <div><dt>{t!(i18n, transfer.made)}</dt><dd>{text(move || locale::stamp(i18n, &created_at))}</dd></div>
                    {until}
                    {fact(t!(i18n, transfer.note).into_any(), note)}
                    {fact(t!(i18n, transfer.reason).into_any(), reason)}
                    {held}
                </dl>
                {shown.then(|| view! { <Devices id /> })}
                {is_open.then(|| if is_incoming {
                    view! { <Answering id again current /> }.into_any()
                } else {
                    view! { <Withdrawing id again /> }.into_any()
                })}
                {(held_count > 0).then(|| view! { <GivingBack id is_incoming again current /> })}
            </div>
        </section>
    }
    .into_any()
}

/// Which devices, once somebody wants to know.
#[component]
fn Devices(id: TransferId) -> AnyView {
    let i18n = use_i18n();
    let is_open = RwSignal::new(false);
    let found = load(move || {
        let is_open = is_open.get();
        async move { if is_open { devices(id).await.map(Some) } else { Ok(None) } }
    });
    let row = |device: TransferDevice| {
        let about = [device.model, device.order_number];
        let about = about.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        view! { <li><span class="id">{device.serial_number}</span> " " <span class="soft">{about}</span></li> }
    };
    let list = move || {
        let list = found.get()?.ok()??;
        let rest = list.total_count - i32::try_from(list.nodes.len()).unwrap_or(i32::MAX);
        Some(view! {
            <ul class="picked-list" tabindex="0" aria-label=t_string!(i18n, transfer.devices)>
                {list.nodes.into_iter().map(row).collect_view()}
                {(rest > 0).then(|| view! { <li class="soft">{t_string!(i18n, access.and_more, count = rest)}</li> })}
            </ul>
        })
    };
    view! {
        <details class="picked" on:toggle=move |_| is_open.set(true)>
            <summary>{t!(i18n, transfer.devices)}</summary>
            {live(move || list().into_any())}
        </details>
    }
    .into_any()
}

type Step = Action<(), Result<(), ApiError>>;

/// What an action was refused with, but for what stands at a field.
fn refused(i18n: locale::Words, step: Step, fields: &[&str]) -> Option<AnyView> {
    let error = step.value().get()?.err()?;
    let is_at_field = error.field().is_some_and(|field| fields.contains(&field));
    (!is_at_field)
        .then(|| view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> }.into_any())
}

#[component]
fn Answering(id: TransferId, again: Callback<()>, current: RwSignal<Option<TransferId>>) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let reason = RwSignal::new(String::new());
    let taking: Step = Action::new_local(move |(): &()| async move {
        let count = accept(id).await?;
        toasts.say(t_string!(
            i18n,
            transfer.accepted_now,
            count = locale::count(i18n, count)
        ));
        again.run(());
        Ok(())
    });
    let declining: Step = Action::new_local(move |(): &()| async move {
        decline(
            id,
            Some(reason.get_untracked()).filter(|reason| !reason.trim().is_empty()),
        )
        .await?;
        toasts.say(t_string!(i18n, transfer.declined_now).to_owned());
        again.run(());
        Ok(())
    });
    let error: FieldError = Signal::derive(move || {
        let refused = declining
            .value()
            .get()?
            .err()
            .filter(|error| error.field() == Some("reason"))?;
        Some(refusal::words(i18n, &refused))
    });
    let declined = move || {
        (current.get() == Some(id)).then(|| {
            view! {
                <TextField id="decline-reason" label=t!(i18n, transfer.reason) value=reason optional=true error />
                <div class="actions">
                    <Button look="danger" busy=declining.pending() on_press=move |()| { declining.dispatch(()); }>
                        {t!(i18n, transfer.decline_now)}
                    </Button>
                </div>
            }
        })
    };
    view! {
        <div class="form">
            <div class="actions">
                <Button look="primary" busy=taking.pending() on_press=move |()| { taking.dispatch(()); }>{t!(i18n, transfer.accept)}</Button>
                <Button on_press=move |()| current.set(Some(id))>{t!(i18n, transfer.decline)}</Button>
            </div>
            {live(move || declined().into_any())}
            {live(move || refused(i18n, taking, &[]).or_else(|| refused(i18n, declining, &["reason"])).into_any())}
        </div>
    }
    .into_any()
}

#[component]
fn Withdrawing(id: TransferId, again: Callback<()>) -> AnyView {
    let i18n = use_i18n();
    let step: Step = Action::new_local(move |(): &()| async move {
        withdraw(id).await?;
        again.run(());
        Ok(())
    });
    view! {
        <div class="actions">
            <Button busy=step.pending() on_press=move |()| { step.dispatch(()); }>{t!(i18n, transfer.withdraw)}</Button>
        </div>
        {live(move || refused(i18n, step, &[]).into_any())}
    }
    .into_any()
}

/// Takes back what was passed on, or gives it back: all, or some serial numbers.
#[component]
fn GivingBack(
    id: TransferId,
    is_incoming: bool,
    again: Callback<()>,
    current: RwSignal<Option<TransferId>>,
) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let serials = RwSignal::new(String::new());
    let step: Step = Action::new_local(move |(): &()| async move {
        let named = Some(serials.get_untracked()).filter(|serials| !serials.trim().is_empty());
        let count = give_back(id, named, RightsThen::Keep).await?;
        toasts.say(t_string!(i18n, transfer.back_now, count = locale::count(i18n, count)));
        again.run(());
        Ok(())
    });
    let error: FieldError = Signal::derive(move || {
        let refused = step
            .value()
            .get()?
            .err()
            .filter(|error| error.field() == Some("serials"))?;
        Some(refusal::words(i18n, &refused))
    });
    let words = move || {
        if is_incoming {
            t_string!(i18n, transfer.give_back)
        } else {
            t_string!(i18n, transfer.take_back)
        }
    };
    let form = move || {
        (current.get() == Some(id)).then(|| {
            view! {
                <Field id="back-serials" label=t!(i18n, dealer.serials) hint=t!(i18n, transfer.back_hint) error>
                    <textarea
                        id="back-serials"
                        class="id"
                        rows="2"
                        spellcheck="false"
                        aria-invalid=move || error.read().is_some().then_some("true")
                        aria-describedby=describe("back-serials", true, error)
                        prop:value=move || serials.get()
                        on:input:target=move |event| serials.set(event.target().value())
                    ></textarea>
                </Field>
                <div class="actions">
                    <Button look="primary" busy=step.pending() on_press=move |()| { step.dispatch(()); }>
                        {text(move || words().to_owned())}
                    </Button>
                </div>
            }
            .into_any()
        })
    };
    let opener = move || {
        (current.get() != Some(id)).then(|| {
            view! {
                <div class="actions">
                    <Button on_press=move |()| current.set(Some(id))>{text(move || words().to_owned())}</Button>
                </div>
            }
        })
    };
    view! {
        <div class="form">
            {live(move || opener().into_any())}
            {live(move || form().into_any())}
            {live(move || refused(i18n, step, &["serials"]).into_any())}
        </div>
    }
    .into_any()
}

//! Requests for more keys than the quota allows: one's own, and those that wait for one's decision.
use super::{
    take::TakeDialog,
    use_operations::{KeyRequest, Step, Wanted, key_requests, step},
};
use crate::{
    api::ApiError,
    i18n::*,
    loading::{Loaded, load},
    locale, refusal,
    ui::{Badge, Button, Crumbs, Empty, Icon, Notice, PageHead, Tone, live},
};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_query_map};
use shared::device::KeyRequestState;

/// The page "Freigaben". Its place in the list is in its address.
#[component]
pub fn ApprovalsPage() -> AnyView {
    let i18n = use_i18n();
    let query = use_query_map();
    let found = load(move || {
        let after = query.read().get("after");
        async move { key_requests(after).await }
    });
    let again = Callback::new(move |()| found.refetch());
    let (taking, taken) = (RwSignal::new(false), RwSignal::new(None::<KeyRequest>));
    let take = Callback::new(move |request: KeyRequest| {
        taken.set(Some(request));
        taking.set(true);
    });
    let dialog = move |request: KeyRequest| {
        let (wanted, count) = (Signal::stored(Wanted::Request(request.id)), request.device_count);
        let selected = move || t_string!(i18n, key_use.devices, count = locale::count(i18n, count));
        view! { <TakeDialog open=taking wanted selected on_close=again /> }
    };
    view! {
        <div class="page">
            <Crumbs way=vec![("/devices".to_owned(), t_string!(i18n, nav.meters).into())] />
            <PageHead title=t!(i18n, key_use.approvals) lead=t!(i18n, key_use.approvals_text) help="/approvals" />
            <Loaded resource=found rows=4 let:list>
                {if list.nodes.is_empty() {
                    view! { <Empty icon="key" title=t!(i18n, key_use.none) /> }.into_any()
                } else {
                    let next = list.page_info.has_next_page.then_some(list.page_info.end_cursor).flatten();
                    view! {
                        <ul class="rows">
                            {list.nodes.into_iter().map(|request| view! { <Row request again take /> }).collect_view()}
                        </ul>
                        {next.map(|after| view! {
                            <p><A href=format!("/approvals?after={after}")>{t!(i18n, key_use.older)}</A></p>
                        })}
                    }
                    .into_any()
                }}
            </Loaded>
        </div>
        {live(move || taken.get().map(dialog).into_any())}
    }
    .into_any()
}

/// The way to the requests, where some wait for the viewer, or are his own and not over.
#[component]
pub fn ApprovalsLink() -> AnyView {
    let i18n = use_i18n();
    let found = load(|| key_requests(None));
    let standing = move || match found.get() {
        Some(Ok(list)) => {
            let concerns = |request: &&KeyRequest| request.viewer_can_decide || request.is_own && stands(request.state);
            list.nodes.iter().filter(concerns).count()
        }
        _ => 0,
    };
    live(move || match standing() {
        0 => ().into_any(),
        count => {
            view! { <A href="/approvals" attr:class="button">{t!(i18n, key_use.approvals)} {format!(" ({count})")}</A> }
                .into_any()
        }
    })
}

/// Whether something can still be done with a request.
fn stands(state: KeyRequestState) -> bool {
    matches!(
        state,
        KeyRequestState::Pending | KeyRequestState::Waiting | KeyRequestState::Open
    )
}

#[component]
fn Row(request: KeyRequest, again: Callback<()>, take: Callback<KeyRequest>) -> AnyView {
    let i18n = use_i18n();
    let id = request.id;
    let done = Action::new_local(move |what: &Step| {
        let what = *what;
        async move {
            step(id, what).await?;
            again.run(());
            Ok::<_, ApiError>(())
        }
    });
    let button = move |what: Step, look: &'static str, words: String| {
        view! { <Button look busy=done.pending() on_press=move |()| { done.dispatch(what); }>{words}</Button> }
    };
    let state = request.state;
    let (tone, word) = state_words(i18n, state);
    let who = request.asked_by.clone().unwrap_or_default();
    let account = request.account_name.clone().unwrap_or_default();
    let (created, until) = (request.created_at.clone(), request.until.clone());
    let count = request.device_count;
    let own = request.clone();
    let can_take = request.is_own && request.state == KeyRequestState::Open;
    let error = move || {
        let error = done.value().get()?.err()?;
        (!done.pending().get())
            .then(|| view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    view! {
        <li>
            <Icon name="key" />
            <div>
                <p class="rows-title">{text(move || t_string!(i18n, key_use.devices, count = locale::count(i18n, count)))}</p>
                <p class="rows-text">{format!("{who} · {account} · ")}{text(move || locale::stamp(i18n, &created))}</p>
                {until.map(|until| view! {
                    <p class="rows-text">{text(move || match state {
                        KeyRequestState::Waiting => t_string!(i18n, key_use.opens, time = locale::stamp(i18n, &until)),
                        _ => t_string!(i18n, key_use.until, time = locale::stamp(i18n, &until)),
                    })}</p>
                })}
                {request.decided_by.map(|name| view! {
                    <p class="rows-text">{text(move || t_string!(i18n, key_use.decided_by, name = name.clone()))}</p>
                })}
                <div class="actions">
                    {can_take.then(|| view! {
                        <Button look="primary s" icon="download" on_press=move |()| take.run(own.clone())>
                            {t!(i18n, key_use.take)}
                        </Button>
                    })}
                    {request.viewer_can_decide.then(|| view! {
                        {button(Step::Approve, "primary s", t_string!(i18n, key_use.approve).to_owned())}
                        {button(Step::Refuse, "s", t_string!(i18n, key_use.refuse).to_owned())}
                    })}
                    {request.viewer_can_cancel.then(|| button(Step::Cancel, "quiet s", t_string!(i18n, key_use.cancel).to_owned()))}
                </div>
                {live(move || error().into_any())}
            </div>
            <Badge tone>{word}</Badge>
        </li>
    }
    .into_any()
}

fn state_words(i18n: Words, state: KeyRequestState) -> (Tone, &'static str) {
    match state {
        KeyRequestState::Pending => (Tone::Wait, t_string!(i18n, key_use.pending)),
        KeyRequestState::Waiting => (Tone::Wait, t_string!(i18n, key_use.waiting)),
        KeyRequestState::Open => (Tone::Good, t_string!(i18n, key_use.open)),
        KeyRequestState::Refused => (Tone::Bad, t_string!(i18n, key_use.refused)),
        KeyRequestState::Cancelled => (Tone::Off, t_string!(i18n, key_use.cancelled)),
        KeyRequestState::Used => (Tone::Off, t_string!(i18n, key_use.used)),
        KeyRequestState::Expired => (Tone::Off, t_string!(i18n, key_use.expired)),
    }
}

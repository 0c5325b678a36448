//! The page "Benutzerverwaltung": who belongs to the account and what each may do, as a matrix.
use super::{
    add::AddForm,
    change::{ChangeDialog, Question, QuestionDialog},
    invited::InvitedDialog,
    operations::{Invitation, Member, PAGE, People, people},
    rights,
};
use crate::{
    address::address,
    i18n::*,
    loading::{Loaded, load},
    locale,
    security::ForAllRow,
    session::use_viewer,
    ui::{Badge, Icon, PageHead, Pager, Tone, live},
};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};
use shared::account::{AccountKind, Right};

/// What the dialogs of the page are about, and that something was changed.
#[derive(Clone, Copy)]
pub struct Asked {
    /// Whose rights are to be changed.
    pub change: RwSignal<Option<Member>>,
    /// Whether somebody is to be shut out, let in or removed.
    pub question: RwSignal<Option<Question>>,
    /// Which invitation is looked at.
    pub invited: RwSignal<Option<Invitation>>,
    /// Counts changes; the list loads again.
    pub done: RwSignal<u32>,
}

impl Asked {
    /// Says that something was changed.
    pub fn is_done(self) {
        let _ = self.done.try_update(|times| *times += 1);
    }
}

/// The page "Benutzerverwaltung". The place of the list is in its address.
#[component]
pub fn UsersPage() -> AnyView {
    let i18n = use_i18n();
    let viewer = use_viewer();
    let query = use_query_map();
    let after = Memo::new(move |_| query.read().get("after"));
    let asked = Asked {
        change: RwSignal::new(None),
        question: RwSignal::new(None),
        invited: RwSignal::new(None),
        done: RwSignal::new(0),
    };
    let found = load(move || {
        asked.done.track();
        let after = after.get();
        async move { people(after).await }
    });
    let account = move || viewer.get_untracked().and_then(|viewer| viewer.account);
    let name = account().map(|account| account.name).unwrap_or_default();
    let kind = account().map_or(AccountKind::Customer, |account| account.kind);
    let number = account().map(|account| account.number).unwrap_or_default();
    let own = viewer.get_untracked().map(|viewer| viewer.rights).unwrap_or_default();
    let (of_change, of_form) = (own.clone(), own);
    view! {
        <div class="page">
            <PageHead title=t!(i18n, nav.users) help="/users" lead=move || t_string!(i18n, member.lead, account = name.clone()) />
            <Loaded resource=found rows=8 let:people>
                <Matrix people kind asked after=after.get_untracked() />
                <ul class="rows"><ForAllRow /></ul>
                <AddForm kind number=number.clone() own=of_form.clone() asked />
            </Loaded>
        </div>
        <ChangeDialog kind own=of_change asked />
        <QuestionDialog asked />
        <InvitedDialog asked />
    }
    .into_any()
}

#[component]
fn Matrix(people: People, kind: AccountKind, asked: Asked, after: Option<String>) -> AnyView {
    let i18n = use_i18n();
    let People { members, invitations } = people;
    let navigate = use_navigate();
    let go = Callback::new(move |after: Option<String>| {
        let options = NavigateOptions {
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&address("/users", [("after", after.unwrap_or_default())]), options);
    });
    let is_first = after.is_none();
    let total = members.total_count;
    let blocked = members
        .nodes
        .iter()
        .filter(|member| member.blocked_at.is_some())
        .count() as i32;
    let ended = |member: &&Member| member.blocked_at.is_none() && member.has_ended;
    let ended = members.nodes.iter().filter(ended).count() as i32;
    let waiting = invitations.total_count;
    let is_whole = is_first && !members.page_info.has_next_page;
    let sum = text(move || {
        let count = |count| locale::count(i18n, count);
        let mut parts = if is_whole {
            vec![t_string!(
                i18n,
                member.active_count,
                count = count(total - blocked - ended)
            )]
        } else {
            vec![t_string!(i18n, member.total_count, count = count(total))]
        };
        if waiting > 0 {
            parts.push(t_string!(i18n, member.invited_count, count = count(waiting)));
        }
        if is_whole && blocked > 0 {
            parts.push(t_string!(i18n, member.blocked_count, count = count(blocked)));
        }
        if is_whole && ended > 0 {
            parts.push(t_string!(i18n, member.ended_count, count = count(ended)));
        }
        parts.join(", ")
    });
    let head = move |right: Right| {
        view! { <th role="columnheader" scope="col">{live(move || rights::words(i18n, right).into_any())}</th> }
    };
    let previous = (!is_first).then(|| Callback::new(move |()| go.run(None)));
    let end = members.page_info.end_cursor;
    let next = members
        .page_info
        .has_next_page
        .then(|| Callback::new(move |()| go.run(end.clone())));
    let invited = if is_first { invitations.nodes } else { Vec::new() };
    view! {
        <section aria-labelledby="people">
            <div class="block-head">
                <h2 id="people">{t!(i18n, member.people)}</h2>
                <span class="soft" role="status">{sum}</span>
            </div>
            <div class="scroll" role="region" aria-label=t!(i18n, member.table) tabindex="0">
                <table role="table" class="matrix cards">
                    <caption class="away">{t!(i18n, member.caption)}</caption>
                    <thead role="rowgroup">
                        <tr role="row">
                            <th role="columnheader" scope="col">{t!(i18n, member.user)}</th>
                            {rights::of_kind(kind).iter().copied().map(head).collect_view()}
                            <th role="columnheader" scope="col">{t!(i18n, member.until_short)}</th>
                            <th role="columnheader" scope="col"><span class="away">{t!(i18n, member.change)}</span></th>
                        </tr>
                    </thead>
                    <tbody role="rowgroup">
                        {members.nodes.into_iter().map(|member| view! { <MemberRow member kind asked /> }).collect_view()}
                        {invited.into_iter().map(|invitation| view! { <InvitedRow invitation kind asked /> }).collect_view()}
                    </tbody>
                </table>
            </div>
            {(!is_first || total > PAGE).then(|| view! {
                <Pager
                    text=move || t_string!(i18n, member.total_count, count = locale::count(i18n, total))
                    previous=Signal::stored(previous)
                    next=Signal::stored(next)
                />
            })}
        </section>
    }
    .into_any()
}

/// The cells of what somebody may do.
fn cells(kind: AccountKind, granted: Vec<Right>) -> AnyView {
    let i18n = use_i18n();
    let cell = move |right: Right| {
        let label = move || rights::words(i18n, right);
        if rights::allows(&granted, right) {
            view! {
                <td role="cell" data-label=label>
                    <Icon name="check" class="yes" />
                    <span class="away">{t!(i18n, member.yes)}</span>
                </td>
            }
            .into_any()
        } else {
            view! {
                <td role="cell" data-label=label>
                    <Icon name="minus" class="no" />
                    <span class="away">{t!(i18n, member.no)}</span>
                </td>
            }
            .into_any()
        }
    };
    rights::of_kind(kind)
        .iter()
        .copied()
        .map(cell)
        .collect_view()
        .into_any()
}

fn until_cell(until: Option<crate::api::Day>) -> AnyView {
    let i18n = use_i18n();
    match until {
        Some(day) => view! {
            <td role="cell" data-label=t!(i18n, member.until_short)>{text(move || locale::date(i18n, &day))}</td>
        }
        .into_any(),
        None => view! { <td role="cell" class="soft phone-away">"–"</td> }.into_any(),
    }
}

#[component]
fn MemberRow(member: Member, kind: AccountKind, asked: Asked) -> AnyView {
    let i18n = use_i18n();
    let name = member.display_name();
    let is_chief = member.rights.contains(&rights::chief(kind));
    let is_off = member.blocked_at.is_some() || member.has_ended;
    let granted = if is_off { Vec::new() } else { member.rights.clone() };
    let below = match (&member.blocked_at, member.has_ended) {
        (Some(since), _) => {
            let since = since.clone();
            let words = text(move || t_string!(i18n, member.blocked_since, date = locale::stamp(i18n, &since)));
            view! { <Badge tone=Tone::Off>{words}</Badge> }.into_any()
        }
        (None, true) => view! { <Badge tone=Tone::Off>{t!(i18n, member.ended)}</Badge> }.into_any(),
        (None, false) => {
            let shown = member.user_names.first().cloned().or_else(|| member.email.clone());
            view! { <span class="id">{shown.unwrap_or_default()}</span> }.into_any()
        }
    };
    let (seen_at, has_factor) = (member.last_seen_at.clone(), member.has_second_factor);
    let seen = text(move || {
        let seen = match &seen_at {
            Some(at) => t_string!(i18n, member.seen, time = locale::stamp(i18n, at)),
            None => t_string!(i18n, member.never_seen).to_owned(),
        };
        let factor = if has_factor {
            t_string!(i18n, member.with_factor)
        } else {
            t_string!(i18n, member.without_factor)
        };
        format!("{seen}, {factor}")
    });
    let whose = name.clone();
    let change = (member.viewer_can_change && !member.is_viewer).then(|| {
        let member = member.clone();
        view! {
            <button type="button" class="quiet only s" on:click=move |_| asked.change.set(Some(member.clone()))>
                <Icon name="more" />
                <span class="away">{t!(i18n, member.change_whom, name = whose.clone())}</span>
            </button>
        }
    });
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="lead-cell">
                {name}
                {is_chief.then(|| view! { " " <span class="tag">{t!(i18n, member.owner)}</span> })}
                <span class="sub">{below}</span>
                <span class="sub">{seen}</span>
            </th>
            {cells(kind, granted)}
            {until_cell(member.until)}
            <td role="cell" class="end-cell">{change}</td>
        </tr>
    }
    .into_any()
}

#[component]
fn InvitedRow(invitation: Invitation, kind: AccountKind, asked: Asked) -> AnyView {
    let i18n = use_i18n();
    let name = invitation.display_name();
    let (ends, is_over) = (invitation.link_ends_at.clone(), invitation.is_link_over);
    let badge = text(move || {
        let date = locale::stamp(i18n, &ends);
        if is_over {
            t_string!(i18n, member.link_over, date = date)
        } else {
            t_string!(i18n, member.link_until, date = date)
        }
    });
    let tone = if is_over { Tone::Warn } else { Tone::Wait };
    let (whose, opened) = (name.clone(), invitation.clone());
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="lead-cell">
                {name}
                <span class="sub"><Badge tone>{badge}</Badge></span>
            </th>
            {cells(kind, invitation.rights)}
            {until_cell(invitation.until)}
            <td role="cell" class="end-cell">
                <button type="button" class="quiet only s" on:click=move |_| asked.invited.set(Some(opened.clone()))>
                    <Icon name="more" />
                    <span class="away">{t!(i18n, member.invitation_of, name = whose.clone())}</span>
                </button>
            </td>
        </tr>
    }
    .into_any()
}

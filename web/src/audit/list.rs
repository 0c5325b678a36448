//! The page "Protokoll": who did what, with filters in its address.
use super::{
    operations::{AuditEntry, AuditEntryConnection, PAGE, acts, entries},
    query::LogQuery,
    words::{act_words, result_words},
};
use crate::{
    i18n::*,
    loading::{Loaded, load},
    locale,
    ui::{Badge, Empty, Hits, Icon, PageHead, Pager, SelectField, TextField, Tone},
};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};
use shared::audit::Doer;

/// The page "Protokoll".
#[component]
pub fn LogPage() -> AnyView {
    let i18n = use_i18n();
    let params = use_query_map();
    let navigate = use_navigate();
    let query = Memo::new(move |_| LogQuery::of(&params.read()));
    let go = Callback::new(move |query: LogQuery| {
        let options = NavigateOptions {
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&query.address(), options);
    });
    let found = load(move || {
        let query = query.get();
        async move { entries(query.filter(), query.after).await }
    });
    view! {
        <div class="page wide">
            <PageHead title=t!(i18n, audit.title) help="/log" lead=t!(i18n, audit.lead)>
                <a class="button" href=move || query.read().export_address() rel="external" download>
                    <Icon name="download" />
                    {t!(i18n, audit.export)}
                </a>
            </PageHead>
            <LogFilters query go />
            <Loaded resource=found rows=12 let:list><Listed list query=query.get_untracked() go /></Loaded>
        </div>
    }
    .into_any()
}

#[component]
fn LogFilters(query: Memo<LogQuery>, go: Callback<LogQuery>) -> AnyView {
    let i18n = use_i18n();
    let known = load(acts);
    let all = move || (String::new(), t_string!(i18n, audit.all).to_owned());
    let change = move |change: &dyn Fn(&mut LogQuery)| {
        let mut changed = query.get_untracked();
        change(&mut changed);
        changed.after = None;
        if changed != query.get_untracked() {
            go.run(changed);
        }
    };
    let act_options = Signal::derive(move || {
        let known = known.get().and_then(Result::ok).unwrap_or_default();
        let asked = Some(query.read().act.clone()).filter(|act| !act.is_empty() && !known.contains(act));
        let mut named: Vec<_> = known
            .into_iter()
            .chain(asked)
            .map(|act| {
                let words = act_words(i18n, &act);
                (act, words)
            })
            .collect();
        named.sort_by(|one, two| one.1.cmp(&two.1));
        std::iter::once(all()).chain(named).collect::<Vec<_>>()
    });
    let result_options = Signal::derive(move || {
        vec![
            all(),
            ("done".to_owned(), t_string!(i18n, audit.done).to_owned()),
            ("refused".to_owned(), t_string!(i18n, audit.refused).to_owned()),
        ]
    });
    let who_options = Signal::derive(move || {
        vec![
            (String::new(), t_string!(i18n, audit.everybody).to_owned()),
            ("1".to_owned(), t_string!(i18n, audit.only_me).to_owned()),
        ]
    });
    let (from, until) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    Effect::new(move |_| {
        let query = query.read();
        from.set(query.from.clone());
        until.set(query.until.clone());
    });
    Effect::watch(
        move || (from.get(), until.get()),
        move |(from, until), _, _| {
            change(&|query| {
                query.from.clone_from(from);
                query.until.clone_from(until);
            });
        },
        false,
    );
    view! {
        <search>
            <form class="filters" on:submit=|event| event.prevent_default()>
                <SelectField
                    id="act"
                    label=t!(i18n, audit.act)
                    value=Signal::derive(move || query.read().act.clone())
                    on_change=move |act: String| change(&|query| query.act.clone_from(&act))
                    options=act_options
                    class="grow"
                />
                <SelectField
                    id="result"
                    label=t!(i18n, audit.result)
                    value=Signal::derive(move || query.read().result.clone())
                    on_change=move |result: String| change(&|query| query.result.clone_from(&result))
                    options=result_options
                />
                <SelectField
                    id="who"
                    label=t!(i18n, audit.who)
                    value=Signal::derive(move || if query.read().is_mine { "1" } else { "" }.to_owned())
                    on_change=move |mine: String| change(&|query| query.is_mine = mine == "1")
                    options=who_options
                />
                <TextField id="from" label=t!(i18n, audit.from) value=from kind="date" />
                <TextField id="until" label=t!(i18n, audit.until) value=until kind="date" />
            </form>
        </search>
    }
    .into_any()
}

#[component]
fn Listed(list: AuditEntryConnection, query: LogQuery, go: Callback<LogQuery>) -> AnyView {
    let i18n = use_i18n();
    let AuditEntryConnection {
        nodes,
        page_info,
        total_count,
    } = list;
    if nodes.is_empty() {
        return if query.is_filtered() {
            view! { <Empty icon="search" title=t!(i18n, audit.none_found) text=t!(i18n, audit.none_found_text) /> }
                .into_any()
        } else {
            view! { <Empty icon="log" title=t!(i18n, audit.none) text=t!(i18n, audit.none_text) /> }.into_any()
        };
    }
    let words = move || match total_count {
        1 => t_string!(i18n, audit.count_one).to_owned(),
        count => t_string!(i18n, audit.count_many, count = locale::count(i18n, count)),
    };
    let head = move |words: fn(locale::Words) -> &'static str, class: &'static str| {
        view! { <th role="columnheader" scope="col" class=class>{follow(i18n, words)}</th> }
    };
    let is_first = query.after.is_none();
    let is_paged = !is_first || total_count > PAGE;
    let start = LogQuery {
        after: None,
        ..query.clone()
    };
    let previous = (!is_first).then(|| Callback::new(move |()| go.run(start.clone())));
    let next = page_info.has_next_page.then(|| {
        let next = LogQuery {
            after: page_info.end_cursor,
            ..query
        };
        Callback::new(move |()| go.run(next.clone()))
    });
    view! {
        <Hits text=words />
        <table role="table" class="cards">
            <caption class="away">{t!(i18n, audit.caption)}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    {head(|i18n| t_string!(i18n, audit.what), "")}
                    {head(|i18n| t_string!(i18n, audit.who), "")}
                    {head(|i18n| t_string!(i18n, audit.at), "")}
                    {head(|i18n| t_string!(i18n, audit.ip), "tablet-away")}
                    {head(|i18n| t_string!(i18n, audit.result), "")}
                </tr>
            </thead>
            <tbody role="rowgroup">
                {nodes.into_iter().map(|entry| view! { <Row entry /> }).collect_view()}
            </tbody>
        </table>
        {is_paged.then(|| view! {
            <Pager text=words previous=Signal::stored(previous) next=Signal::stored(next) />
        })}
    }
    .into_any()
}

#[component]
fn Row(entry: AuditEntry) -> AnyView {
    let i18n = use_i18n();
    let AuditEntry {
        act,
        at,
        code,
        doer,
        ip,
        person_name,
        reason,
    } = entry;
    let who = text(move || match (doer, &person_name) {
        (Doer::You, _) => t_string!(i18n, audit.you).to_owned(),
        (Doer::Member, Some(name)) => name.clone(),
        (Doer::Member, None) => t_string!(i18n, audit.member).to_owned(),
        (Doer::Provider, _) => t_string!(i18n, audit.provider).to_owned(),
        (Doer::Other, _) => t_string!(i18n, audit.other).to_owned(),
        (Doer::Operator, _) => t_string!(i18n, audit.operator).to_owned(),
        (Doer::Nobody, _) => t_string!(i18n, audit.nobody).to_owned(),
    });
    let tone = if code.is_none() { Tone::Good } else { Tone::Off };
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="lead-cell">
                {text(move || act_words(i18n, &act))}
                {reason.map(|reason| view! { <span class="sub">{reason}</span> })}
            </th>
            <td role="cell" data-label=t!(i18n, audit.who)>{who}</td>
            <td role="cell" data-label=t!(i18n, audit.at)>{text(move || locale::stamp(i18n, &at))}</td>
            <td role="cell" class="tablet-away" data-label=t!(i18n, audit.ip)>
                {ip.map_or_else(|| view! { "–" }.into_any(), |ip| view! { <span class="id">{ip}</span> }.into_any())}
            </td>
            <td role="cell" class="end-cell"><Badge tone>{text(move || result_words(i18n, code).to_owned())}</Badge></td>
        </tr>
    }
    .into_any()
}

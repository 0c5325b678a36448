//! The part "Anmeldungen": who came in under the viewer's name, or tried to.
use super::{
    operations::{PAGE, SignIn, SignInConnection, sign_ins},
    sessions::device_words,
};
use crate::{
    address::address,
    i18n::*,
    loading::{Loaded, load},
    locale::{self, Words},
    ui::{Badge, Pager, Tone},
};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};
use shared::session::SignInResult;

/// The sign-ins. The place of the list is in the address.
#[component]
pub fn HistoryPart() -> AnyView {
    let i18n = use_i18n();
    let query = use_query_map();
    let after = Memo::new(move |_| query.read().get("after"));
    let found = load(move || sign_ins(after.get()));
    view! {
        <section class="part" aria-labelledby="history">
            <div class="part-head">
                <h2 id="history">{t!(i18n, security.history)}</h2>
                <p>{t!(i18n, security.history_lead)}</p>
            </div>
            <div><Loaded resource=found rows=5 let:list><List list after=after.get_untracked() /></Loaded></div>
        </section>
    }
    .into_any()
}

#[component]
fn List(list: SignInConnection, after: Option<String>) -> AnyView {
    let i18n = use_i18n();
    let navigate = use_navigate();
    let go = Callback::new(move |after: Option<String>| {
        let options = NavigateOptions {
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&address("/security", [("after", after.unwrap_or_default())]), options);
    });
    let SignInConnection {
        nodes,
        page_info,
        total_count,
    } = list;
    if nodes.is_empty() {
        return view! { <p class="soft">{t!(i18n, security.history_none)}</p> }.into_any();
    }
    let words = move || match total_count {
        1 => t_string!(i18n, security.count_one).to_owned(),
        count => t_string!(i18n, security.count_many, count = locale::count(i18n, count)),
    };
    let is_first = after.is_none();
    let is_paged = !is_first || total_count > PAGE;
    let previous = (!is_first).then(|| Callback::new(move |()| go.run(None)));
    let next = page_info
        .has_next_page
        .then(|| Callback::new(move |()| go.run(page_info.end_cursor.clone())));
    let head = move |words: fn(Words) -> &'static str| {
        view! { <th role="columnheader" scope="col">{follow(i18n, words)}</th> }
    };
    view! {
        <table role="table" class="cards">
            <caption class="away">{t!(i18n, security.history)}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    {head(|i18n| t_string!(i18n, security.when))}
                    {head(|i18n| t_string!(i18n, security.which))}
                    {head(|i18n| t_string!(i18n, security.place))}
                    {head(|i18n| t_string!(i18n, security.result))}
                </tr>
            </thead>
            <tbody role="rowgroup">{nodes.into_iter().map(|row| view! { <Row row /> }).collect_view()}</tbody>
        </table>
        {is_paged.then(|| view! {
            <Pager text=words previous=Signal::stored(previous) next=Signal::stored(next) />
        })}
    }
    .into_any()
}

#[component]
fn Row(row: SignIn) -> AnyView {
    let i18n = use_i18n();
    let SignIn { at, device, ip, result } = row;
    let tone = match result {
        SignInResult::SignedIn => Tone::Good,
        _ => Tone::Bad,
    };
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="lead-cell">{text(move || locale::stamp(i18n, &at))}</th>
            <td role="cell" data-label=t!(i18n, security.which)>
                {text(move || device_words(i18n, device.as_ref()))}
            </td>
            <td role="cell" data-label=t!(i18n, security.place)>
                {ip.map_or_else(|| view! { "–" }.into_any(), |ip| view! { <span class="id">{ip}</span> }.into_any())}
            </td>
            <td role="cell" class="end-cell">
                <Badge tone>{text(move || result_words(i18n, result).to_owned())}</Badge>
            </td>
        </tr>
    }
    .into_any()
}

fn result_words(i18n: Words, result: SignInResult) -> &'static str {
    match result {
        SignInResult::SignedIn => t_string!(i18n, security.signed_in),
        SignInResult::WrongPassword => t_string!(i18n, security.wrong_password),
        SignInResult::WrongCode => t_string!(i18n, security.wrong_code),
        SignInResult::Locked => t_string!(i18n, security.locked),
        SignInResult::Blocked => t_string!(i18n, security.blocked),
    }
}

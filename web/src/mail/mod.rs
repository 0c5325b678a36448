//! The demo mailbox: what would have been sent. The server has it in demo mode only.
mod operations;

use crate::{
    api,
    i18n::*,
    loading::{Loaded, load},
    locale,
    session::Entrance,
    ui::{Empty, Heading},
};
use leptos::prelude::*;
use operations::{Mail, mails};

/// All mails of the demo, newest first.
#[component]
pub fn DemoMailsPage() -> AnyView {
    let i18n = use_i18n();
    let found = load(mails);
    view! {
        <Entrance broad=true>
            <Heading text=t!(i18n, mail.title) />
            <p class="lead">{t!(i18n, mail.lead)}</p>
            <Loaded resource=found let:mails>
                {if mails.is_empty() {
                    view! {
                        <Empty
                            icon="mail"
                            title=t!(i18n, mail.none)
                            text=t!(i18n, mail.none_text)
                        />
                    }.into_any()
                } else {
                    let letters = mails.into_iter().map(|mail| view! { <Letter mail /> }).collect_view();
                    view! { <div class="stack-5">{letters}</div> }.into_any()
                }}
            </Loaded>
        </Entrance>
    }
    .into_any()
}

#[component]
fn Letter(mail: Mail) -> AnyView {
    let i18n = use_i18n();
    let Mail {
        attachments,
        created_at,
        links,
        subject,
        text: letter,
        to,
        ..
    } = mail;
    let lines = letter
        .lines()
        .map(|line| view! { {line.to_owned()} <br /> })
        .collect_view();
    view! {
        <article class="card">
            <div class="card-head">
                <div>
                    <h2>{subject}</h2>
                    <p class="soft small">{t!(i18n, mail.to)} " " <span class="id">{to}</span></p>
                </div>
                <p class="soft small">{text(move || locale::stamp(i18n, &created_at))}</p>
            </div>
            <p>{lines}</p>
            <div class="actions">
                {links.into_iter().map(|link| view! {
                    <a class="button" href=own_address(&link)>{t!(i18n, mail.open_link)}</a>
                }).collect_view()}
                {attachments.into_iter().map(|file| {
                    let name = file.name.clone();
                    view! { <a class="button" href=file.path download=name>{file.name}</a> }
                }).collect_view()}
            </div>
        </article>
    }
    .into_any()
}

/// Links of this portal lead to the page itself, also where it is served under another name than it writes.
fn own_address(link: &str) -> String {
    link.strip_prefix(&api::origin()).unwrap_or(link).to_owned()
}

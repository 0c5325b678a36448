//! How a program gets the invoices by itself.
use crate::{
    i18n::*,
    ui::{CopyButton, Crumbs, PageHead},
};
use leptos::prelude::*;
use leptos_router::components::A;

/// The page "Automatisch abrufen".
#[component]
pub fn FeedPage() -> AnyView {
    let i18n = use_i18n();
    let origin = window().location().origin().unwrap_or_default();
    let row = |name: &'static str, address: String| {
        view! {
            <div class="pay-row">
                <dt>{name}</dt>
                <dd class="id">{address.clone()}</dd>
                <dd><CopyButton text=address what=name only=true /></dd>
            </div>
        }
    };
    view! {
        <div class="page">
            <Crumbs way=vec![("/invoices".to_owned(), (t!(i18n, nav.invoices)).into())] />
            <PageHead title=t!(i18n, invoice.feed) lead=t!(i18n, invoice.feed_lead) />
            <div class="narrow">
                <section aria-labelledby="token">
                    <div class="block-head"><h2 id="token">{t!(i18n, invoice.feed_token)}</h2></div>
                    <p>{t!(i18n, invoice.feed_token_text)}</p>
                    <p><A href="/security" attr:class="button">{t!(i18n, invoice.feed_token_way)}</A></p>
                </section>
                <section aria-labelledby="addresses">
                    <div class="block-head"><h2 id="addresses">{t!(i18n, invoice.feed_addresses)}</h2></div>
                    <dl>
                        {row("JSON Feed 1.1", format!("{origin}/feeds/invoices.json"))}
                        {row("Atom", format!("{origin}/feeds/invoices.atom"))}
                        {row("ZIP", format!("{origin}/download/invoices.zip?month=2026-11"))}
                    </dl>
                    <p>{t!(i18n, invoice.feed_header)} " " <code class="id">"Authorization: Bearer khp_…"</code></p>
                    <p class="soft">{t!(i18n, invoice.feed_why)}</p>
                </section>
            </div>
        </div>
    }
    .into_any()
}

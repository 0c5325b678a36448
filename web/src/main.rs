//! Keyhaus in the browser.
#![expect(unreachable_pub, reason = "a binary exports nothing; `pub` is what other subjects may use")]

mod access;
mod api;
mod app;
mod frame;
mod invoice;
mod loading;
mod locale;
mod mail;
mod meter;
mod product;
mod refusal;
mod session;
mod start;
mod theme;
mod ui;
mod upload;

#[allow(missing_docs, unused_imports, dead_code, reason = "generated from locales/, which has the words")]
mod words {
    include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));
}
use words::i18n;

fn main() {
    leptos::mount::mount_to_body(app::App);
}

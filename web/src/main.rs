//! Keyhaus in the browser.
#![expect(
    unreachable_pub,
    reason = "a binary exports nothing; `pub` is what other subjects may use"
)]

mod access;
mod account;
mod address;
mod api;
mod app;
mod audit;
mod broken;
mod dealer;
mod document;
mod download;
mod face;
mod frame;
mod help;
mod i18n;
mod invoice;
mod later;
mod loading;
mod locale;
mod mail;
mod member;
mod meter;
mod office;
mod order;
mod place;
mod product;
mod refusal;
mod security;
mod selection;
mod session;
mod sso;
mod start;
mod theme;
mod transfer;
mod ui;
mod upload;
mod user;
mod webhook;

fn main() {
    broken::watch();
    leptos::mount::mount_to_body(app::App);
}

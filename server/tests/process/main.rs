//! The binary as an operator meets it: what it says when it cannot start, and what it keeps when it is killed.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test may stop, and says what it skips"
)]

mod admin;
mod arrival;
mod audit;
mod dependency;
mod durability;
mod exchange;
mod intake;
mod keys;
mod mail;
mod portal;
mod postgres;
mod settings;
mod sso;
mod tls;
mod webhook;

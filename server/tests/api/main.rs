//! The API, asked over HTTP in process, on SQLite and PostgreSQL.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may stop, and says what it skips"
)]

mod access;
mod account;
mod agreement;
mod app;
mod audit;
mod authorization;
mod bounce;
mod client;
mod dealer;
mod document;
mod drift;
mod email_change;
mod exchange;
mod face;
mod help;
mod http;
mod invoice;
mod letter;
mod letter_code;
mod letter_print;
mod limits;
mod log;
mod mail;
mod mail_link;
mod member;
mod meter;
mod office;
mod order;
mod password;
mod product;
mod recovery;
mod registration;
mod rotation;
mod schema;
mod second_factor;
mod session;
mod sso;
mod start;
mod throttle;
mod token;
mod transfer;
mod webhook;

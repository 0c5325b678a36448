//! The API, asked over HTTP in process, on SQLite and PostgreSQL.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may stop, and says what it skips"
)]

mod access;
mod app;
mod audit;
mod authorization;
mod bounce;
mod drift;
mod http;
mod invoice;
mod letter;
mod mail;
mod mail_link;
mod member;
mod meter;
mod product;
mod schema;
mod session;
mod token;

//! The binary as an operator meets it: what it says when it cannot start, and what it keeps when it is killed.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

mod admin;
mod audit;
mod dependency;
mod durability;
mod mail;
mod portal;
mod postgres;
mod settings;
mod sso;
mod tls;

//! The binary as an operator meets it: what it says when it cannot start, and what it keeps when it is killed.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may stop, and says what it skips"
)]

mod durability;
mod portal;
mod settings;

//! The words that server and client share: ids, enums, input rules and the reasons a request can fail.
pub mod account;
pub mod audit;
pub mod colour;
pub mod customer;
pub mod device;
pub mod document;
pub mod error;
pub mod exchange;
pub mod help;
pub mod id;
pub mod invoice;
pub mod legal;
pub mod letter;
pub mod link;
pub mod money;
pub mod name;
pub mod office;
pub mod order;
pub mod password;
pub mod product;
pub mod session;
pub mod start;
pub mod tax;
pub mod telegram;
pub mod term;
pub mod webhook;

/// The header that every request of a browser to the API must carry (security G02): a page of another
/// origin cannot set it without asking first.
pub const CSRF_HEADER: &str = "x-keyhaus-csrf";

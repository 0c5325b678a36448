//! The log of who did what: written for allowed and refused acts, chained, shown to those whom it concerns.
mod chain;
mod entry;
mod list;

//! Why staff acts for a customer: asked for where it changes the customer's things, and shown in his log.
use crate::error::{Error, Result};
use shared::error::Reason;

/// The longest reason, in characters.
pub const REASON_MAX: usize = 500;

/// A reason as it is kept: one line of text.
///
/// # Errors
/// [`Error::Invalid`] at `reason` with `MISSING` or `TOO_LONG`.
pub fn required(reason: Option<&str>) -> Result<String> {
    let words: Vec<_> = reason.unwrap_or_default().split_whitespace().collect();
    let reason = words.join(" ");
    if reason.is_empty() {
        return Err(Error::invalid(
            "reason",
            Reason::Missing,
            "say why: the customer reads it",
        ));
    }
    if reason.chars().count() > REASON_MAX {
        let message = format!("at most {REASON_MAX} characters");
        return Err(Error::invalid("reason", Reason::TooLong, message));
    }
    Ok(reason)
}

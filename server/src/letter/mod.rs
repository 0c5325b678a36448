//! The access letter: for customers without an e-mail address, or whose mail came back. It carries a code that opens
//! their account once, so making one is an act of its own, noted in the customer's log.
mod paper;
mod print;
mod words;

pub use print::{PrintedLetter, print, print_by_operator};

use crate::paper::letterhead::Letterhead;
use chrono::NaiveDate;
use shared::account::Language;

/// What an access letter says.
#[derive(Clone, Debug)]
pub struct AccessLetter {
    /// The language of the customer.
    pub language: Language,
    /// The provider's name.
    pub provider: String,
    /// How the provider shows on paper.
    pub letterhead: Letterhead,
    /// The provider's postal address in one line, as it stands above the window.
    pub provider_address: Option<String>,
    /// Where customers ask for help: e-mail address, telephone number.
    pub support: Option<String>,
    /// Where the portal is, without a slash at the end.
    pub origin: String,
    /// The lines in the window, the name first.
    pub recipient: Vec<String>,
    /// The customer number.
    pub number: String,
    /// The letter code, in groups.
    pub code: String,
    /// The day of the letter.
    pub date: NaiveDate,
    /// The last day on which the code counts.
    pub until: NaiveDate,
}

impl AccessLetter {
    /// The letter as a PDF.
    ///
    /// # Errors
    /// If it cannot be made as PDF/A asks.
    pub fn pdf(&self) -> anyhow::Result<Vec<u8>> {
        paper::pdf(self)
    }
}

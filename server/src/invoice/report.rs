//! What became of a file that was to be imported, in words for the operator.
use super::read::Unreadable;
use shared::id::InvoiceId;
use std::{fmt, path::PathBuf};

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is an invoice of an account now.
    Imported {
        /// Names it.
        id: InvoiceId,
        /// The customer number of the account.
        account_number: String,
        /// How many findings it carries.
        findings: usize,
        /// Whether the account does not see it before staff publishes it, as its sums contradict themselves.
        is_held: bool,
    },
    /// It is kept, but nobody sees it: a person has to say whose it is.
    Waiting {
        /// Names it.
        id: InvoiceId,
        /// How many findings it carries.
        findings: usize,
    },
    /// The same bytes are there already. Nothing changed.
    AlreadyThere {
        /// Names what is there.
        id: InvoiceId,
    },
    /// The account has an invoice of this seller, number and type with other bytes. Nothing changed.
    Conflict {
        /// Names what is there.
        id: InvoiceId,
        /// Its number (BT-1).
        number: String,
        /// The customer number of the account.
        account_number: String,
    },
    /// It is no invoice that can be shown. Nothing changed.
    Refused(Refusal),
}

impl Outcome {
    /// Whether a person has to look at the file: it was refused or is in conflict.
    pub fn is_failure(&self) -> bool {
        matches!(self, Self::Refused(_) | Self::Conflict { .. })
    }
}

/// Why a file was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// The number or the type is too long to be one.
    #[error("the {term} is longer than {limit} characters")]
    TooLong {
        /// The term.
        term: &'static str,
        /// The most characters it may have.
        limit: usize,
    },
    /// Neither total is there.
    #[error("the invoice has neither a total with VAT (BT-112) nor an amount to pay (BT-115)")]
    NoTotal,
    /// An amount has more than two decimals (EN 16931 BR-DEC-01 to 28) or is larger than any invoice.
    #[error("the {term} is not an amount with at most two decimals: {found}")]
    BadAmount {
        /// The term.
        term: &'static str,
        /// What stands there.
        found: String,
    },
    /// Reading it took too long.
    #[error("reading it took longer than {0} seconds")]
    TooSlow(u64),
    /// The reader itself failed at it.
    #[error("the reader failed at it")]
    ReaderFailed,
    /// A ZIP cannot be taken apart.
    #[error("the ZIP is broken: {0}")]
    BrokenZip(String),
    /// A ZIP has more in it, or unpacks to more, than is read.
    #[error("the ZIP has too many files in it, or unpacks to too much")]
    LargeZip,
    /// A ZIP lies in a ZIP.
    #[error("a ZIP within a ZIP is not read")]
    NestedZip,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let findings = |findings: usize| match findings {
            0 => String::new(),
            1 => ", with 1 finding".to_owned(),
            many => format!(", with {many} findings"),
        };
        match self {
            Self::Imported {
                account_number,
                findings: count,
                is_held,
                ..
            } => {
                let held = if *is_held { ", held until it is published" } else { "" };
                write!(f, "imported into account {account_number}{}{held}", findings(*count))
            }
            Self::Waiting { findings: count, .. } => {
                write!(
                    f,
                    "kept, waits unmatched: its buyer is no customer for certain{}",
                    findings(*count)
                )
            }
            Self::AlreadyThere { .. } => f.write_str("already there"),
            Self::Conflict {
                number, account_number, ..
            } => {
                write!(
                    f,
                    "conflict: account {account_number} has an invoice {number} of this seller with other contents"
                )
            }
            Self::Refused(refusal) => write!(f, "refused: {refusal}"),
        }
    }
}

/// What became of one file of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The file.
    pub path: PathBuf,
    /// What became of it.
    pub outcome: Outcome,
}

impl fmt::Display for Report {
    /// One line: control characters of foreign file names do not reach the terminal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display().to_string().replace(char::is_control, "\u{fffd}");
        let outcome = self.outcome.to_string().replace(char::is_control, "\u{fffd}");
        write!(f, "{path}: {outcome}")
    }
}

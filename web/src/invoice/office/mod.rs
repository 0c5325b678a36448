//! Invoices in the office: all of them, files that come in, and the rules by which they find their customer.
mod detail;
mod intake;
mod list;
mod operations;
mod payment;
mod query;
mod rules;

pub use detail::OfficeInvoicePage;
pub use intake::IntakePage;
pub use list::OfficeInvoicesPage;
pub use rules::RulesPage;

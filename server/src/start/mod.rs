//! The start page: what the portal asks of the viewer, and what has changed lately.
pub mod graphql;
mod recent;
mod task;

pub use recent::{Change, What, recent};
pub use task::{Task, tasks};

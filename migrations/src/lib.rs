//! The steps that make the database.

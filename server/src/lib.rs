//! The Keyhaus server.

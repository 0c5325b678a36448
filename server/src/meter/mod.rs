//! Devices and their keys: import, proof against a telegram.
pub mod address;
pub mod kem;
pub mod key;
pub mod telegram;

//! The tables, one a file, nothing but the table.
#![expect(
    missing_docs,
    reason = "a column is named after what it holds; what is not plain is said"
)]
pub mod account;
pub mod agreement;
pub mod agreement_template;
pub mod assignment;
pub mod audit;
pub mod audit_refusal;
pub mod audit_seal;
pub mod audit_sealer;
pub mod billing_email;
pub mod contact_person;
pub mod contract;
pub mod declaration;
pub mod delivery;
pub mod device;
pub mod device_key;
pub mod document;
pub mod entrance_request;
pub mod event;
pub mod face;
pub mod file;
pub mod idempotency;
pub mod invitation;
pub mod invoice;
pub mod key_export;
pub mod key_import;
pub mod key_request;
pub mod key_request_device;
pub mod key_use;
pub mod legal_text;
pub mod letter_code;
pub mod link;
pub mod mail;
pub mod mail_attachment;
pub mod membership;
pub mod onboarding;
pub mod order;
pub mod product;
pub mod product_term;
pub mod read_right;
pub mod recovery_code;
pub mod second_factor;
pub mod second_factor_setup;
pub mod session;
pub mod sign_in_name;
pub mod sso_code;
pub mod sso_key;
pub mod sso_token;
pub mod sso_visit;
pub mod throttle;
pub mod token;
pub mod user;
pub mod wave;
pub mod webhook;

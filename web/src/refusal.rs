//! Refusals in words: only the client knows the language of the person.
use crate::{
    api::ApiError,
    i18n::{Words, t_string},
};
use shared::error::{ErrorCode, Reason};

/// What a person reads beside the button when something was refused.
pub fn words(i18n: Words, error: &ApiError) -> String {
    let text = match error {
        ApiError::Unreachable => t_string!(i18n, refusal.unreachable),
        ApiError::NotConfirmed => t_string!(i18n, refusal.not_confirmed),
        ApiError::Refused {
            reason: Some(reason), ..
        } => of_reason(i18n, *reason),
        ApiError::Refused { code, .. } => of_code(i18n, *code),
    };
    text.to_owned()
}

/// Like [`words`], without the words of the reasons: for sign-in, whose code is fetched before anything is shown, and
/// which knows the few reasons that it can meet itself.
pub fn plain(i18n: Words, error: &ApiError) -> String {
    let text = match error {
        ApiError::Unreachable => t_string!(i18n, refusal.unreachable),
        ApiError::NotConfirmed => t_string!(i18n, refusal.not_confirmed),
        ApiError::Refused { code, .. } => of_code(i18n, *code),
    };
    text.to_owned()
}

fn of_code(i18n: Words, code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::Unauthenticated => t_string!(i18n, refusal.unauthenticated),
        ErrorCode::Forbidden => t_string!(i18n, refusal.forbidden),
        ErrorCode::NotFound => t_string!(i18n, refusal.not_found),
        ErrorCode::Invalid => t_string!(i18n, refusal.invalid),
        ErrorCode::StepUpRequired => t_string!(i18n, refusal.step_up),
        ErrorCode::SecondFactorRequired => t_string!(i18n, refusal.second_factor),
        ErrorCode::Throttled => t_string!(i18n, refusal.throttled),
        ErrorCode::Conflict => t_string!(i18n, refusal.conflict),
        ErrorCode::TooLarge => t_string!(i18n, refusal.too_large),
        ErrorCode::Malformed => t_string!(i18n, refusal.malformed),
        ErrorCode::Internal => t_string!(i18n, refusal.internal),
    }
}

fn of_reason(i18n: Words, reason: Reason) -> &'static str {
    match reason {
        Reason::Missing => t_string!(i18n, refusal.missing),
        Reason::TooLong => t_string!(i18n, refusal.too_long),
        Reason::NotAnEmail => t_string!(i18n, refusal.not_an_email),
        Reason::NotAWebAddress => t_string!(i18n, refusal.not_a_web_address),
        Reason::InnerNetwork => t_string!(i18n, refusal.inner_network),
        Reason::NotATable => t_string!(i18n, refusal.not_a_table),
        Reason::WrongCredentials => t_string!(i18n, refusal.wrong_credentials),
        Reason::WrongPassword => t_string!(i18n, refusal.wrong_password),
        Reason::WrongCode => t_string!(i18n, refusal.wrong_code),
        Reason::Mistyped => t_string!(i18n, refusal.mistyped),
        Reason::SetupExpired => t_string!(i18n, refusal.setup_expired),
        Reason::WeakPassword => t_string!(i18n, refusal.weak_password),
        Reason::CommonPassword => t_string!(i18n, refusal.common_password),
        Reason::LinkInvalid => t_string!(i18n, refusal.link_invalid),
        Reason::AlreadyRegistered => t_string!(i18n, refusal.already_registered),
        Reason::NotAUserName => t_string!(i18n, refusal.not_a_user_name),
        Reason::NameTaken => t_string!(i18n, refusal.name_taken),
        Reason::AlreadyMember => t_string!(i18n, refusal.already_member),
        Reason::EndTooLate => t_string!(i18n, refusal.end_too_late),
        Reason::LastOwner => t_string!(i18n, refusal.last_owner),
        Reason::DateTooFar => t_string!(i18n, refusal.date_too_far),
        Reason::EndBeforeStart => t_string!(i18n, refusal.end_before_start),
        Reason::DateInPast => t_string!(i18n, refusal.date_in_past),
        Reason::NumberTaken => t_string!(i18n, refusal.number_taken),
        Reason::NotANumber => t_string!(i18n, refusal.not_a_number),
        Reason::NoAddress => t_string!(i18n, refusal.no_address),
        Reason::NotACustomerFile => t_string!(i18n, refusal.not_a_customer_file),
        Reason::AddressListed => t_string!(i18n, refusal.address_listed),
        Reason::TooMany => t_string!(i18n, refusal.too_many),
        Reason::NotAPhoneNumber => t_string!(i18n, refusal.not_a_phone_number),
        Reason::NotAColour => t_string!(i18n, refusal.not_a_colour),
        Reason::LowContrast => t_string!(i18n, refusal.low_contrast),
        Reason::NotALogo => t_string!(i18n, refusal.not_a_logo),
        Reason::NotADocument => t_string!(i18n, refusal.not_a_document),
        Reason::NotATimeZone => t_string!(i18n, refusal.not_a_time_zone),
        Reason::NothingSelected => t_string!(i18n, refusal.nothing_selected),
        Reason::NotAKemFile => t_string!(i18n, refusal.not_a_kem_file),
        Reason::WrongFilePassword => t_string!(i18n, refusal.wrong_file_password),
        Reason::BrokenFile => t_string!(i18n, refusal.broken_file),
        Reason::NotAManufacturer => t_string!(i18n, refusal.not_a_manufacturer),
        Reason::KeySeen => t_string!(i18n, refusal.key_seen),
        Reason::ReplacedSince => t_string!(i18n, refusal.replaced_since),
        Reason::DeviceInUse => t_string!(i18n, refusal.device_in_use),
        Reason::DevicesHeld => t_string!(i18n, refusal.devices_held),
        Reason::DevicesBound => t_string!(i18n, refusal.devices_bound),
        Reason::NoDealer => t_string!(i18n, refusal.no_dealer),
        Reason::NotASerial => t_string!(i18n, refusal.not_a_serial),
        Reason::NotInStock => t_string!(i18n, refusal.not_in_stock),
        Reason::KeyQuota => t_string!(i18n, refusal.key_quota),
        Reason::BadCursor => t_string!(i18n, refusal.bad_cursor),
        Reason::PageTooLarge => t_string!(i18n, refusal.page_too_large),
    }
}

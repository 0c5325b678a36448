//! What acts and their results are called.
use crate::{i18n::*, locale::Words};
use shared::error::ErrorCode;

/// An act in words; one that has none yet by the name that the API gives it.
pub fn act_words(i18n: Words, act: &str) -> String {
    let words = match act {
        "signIn" => t_string!(i18n, audit.acts.sign_in),
        "signOut" => t_string!(i18n, audit.acts.sign_out),
        "stepUp" => t_string!(i18n, audit.acts.step_up),
        "switchAccount" => t_string!(i18n, audit.acts.switch_account),
        "completeRegistration" => t_string!(i18n, audit.acts.complete_registration),
        "importKeys" => t_string!(i18n, audit.acts.import_keys),
        "revealKey" => t_string!(i18n, audit.acts.reveal_key),
        "assignReadRights" => t_string!(i18n, audit.acts.assign_read_rights),
        "revokeAssignment" => t_string!(i18n, audit.acts.revoke_assignment),
        "acceptReadRights" => t_string!(i18n, audit.acts.accept_read_rights),
        "changePassword" => t_string!(i18n, audit.acts.change_password),
        "choosePassword" => t_string!(i18n, audit.acts.choose_password),
        "requestAccess" => t_string!(i18n, audit.acts.request_access),
        "register" => t_string!(i18n, audit.acts.register),
        "renewLink" => t_string!(i18n, audit.acts.renew_link),
        "redeemLetterCode" => t_string!(i18n, audit.acts.redeem_letter_code),
        "endSession" => t_string!(i18n, audit.acts.end_session),
        "endOtherSessions" => t_string!(i18n, audit.acts.end_other_sessions),
        "changePreferences" => t_string!(i18n, audit.acts.change_preferences),
        "changeProfile" => t_string!(i18n, audit.acts.change_profile),
        "createCustomer" => t_string!(i18n, audit.acts.create_customer),
        "changeCustomer" => t_string!(i18n, audit.acts.change_customer),
        "importCustomers" => t_string!(i18n, audit.acts.import_customers),
        "sendAccess" | "resendAccess" => t_string!(i18n, audit.acts.send_access),
        "acceptInvitation" => t_string!(i18n, audit.acts.accept_invitation),
        "completeInvitation" => t_string!(i18n, audit.acts.complete_invitation),
        "inviteMember" => t_string!(i18n, audit.acts.invite_member),
        "resendInvitation" => t_string!(i18n, audit.acts.resend_invitation),
        "withdrawInvitation" => t_string!(i18n, audit.acts.withdraw_invitation),
        "changeMember" => t_string!(i18n, audit.acts.change_member),
        "blockMember" => t_string!(i18n, audit.acts.block_member),
        "unblockMember" => t_string!(i18n, audit.acts.unblock_member),
        "removeMember" => t_string!(i18n, audit.acts.remove_member),
        "addBillingEmail" => t_string!(i18n, audit.acts.add_billing_email),
        "removeBillingEmail" => t_string!(i18n, audit.acts.remove_billing_email),
        "resendBillingEmail" => t_string!(i18n, audit.acts.resend_billing_email),
        "changeContactPerson" => t_string!(i18n, audit.acts.change_contact_person),
        "changeEmail" => t_string!(i18n, audit.acts.change_email),
        "confirmAddress" => t_string!(i18n, audit.acts.confirm_address),
        "undoChange" => t_string!(i18n, audit.acts.undo_change),
        "beginSecondFactor" => t_string!(i18n, audit.acts.begin_second_factor),
        "confirmSecondFactor" => t_string!(i18n, audit.acts.confirm_second_factor),
        "disableSecondFactor" => t_string!(i18n, audit.acts.disable_second_factor),
        "replaceRecoveryCodes" => t_string!(i18n, audit.acts.replace_recovery_codes),
        "resetSecondFactor" => t_string!(i18n, audit.acts.reset_second_factor),
        "requireSecondFactor" => t_string!(i18n, audit.acts.require_second_factor),
        "verifySecondFactor" => t_string!(i18n, audit.acts.verify_second_factor),
        "createToken" => t_string!(i18n, audit.acts.create_token),
        "revokeToken" => t_string!(i18n, audit.acts.revoke_token),
        "endSessionsOfUser" => t_string!(i18n, audit.acts.end_sessions_of_user),
        "accessLetter" => t_string!(i18n, audit.acts.access_letter),
        "mailBounced" => t_string!(i18n, audit.acts.mail_bounced),
        "importInvoice" => t_string!(i18n, audit.acts.import_invoice),
        "assignInvoice" => t_string!(i18n, audit.acts.assign_invoice),
        "createAdmin" => t_string!(i18n, audit.acts.create_admin),
        "proveKeys" => t_string!(i18n, audit.acts.prove_keys),
        other => other,
    };
    words.to_owned()
}

/// What came of it.
pub fn result_words(i18n: Words, code: Option<ErrorCode>) -> &'static str {
    match code {
        None => t_string!(i18n, audit.is_done),
        Some(ErrorCode::Forbidden) => t_string!(i18n, audit.not_allowed),
        Some(ErrorCode::StepUpRequired) => t_string!(i18n, audit.needs_password),
        Some(ErrorCode::SecondFactorRequired) => t_string!(i18n, audit.needs_factor),
        Some(ErrorCode::Throttled) => t_string!(i18n, audit.too_often),
        Some(ErrorCode::NotFound) => t_string!(i18n, audit.not_found),
        Some(ErrorCode::Unauthenticated) => t_string!(i18n, audit.not_signed_in),
        Some(_) => t_string!(i18n, audit.is_refused),
    }
}

//! Who may do what with each mutation. The rows are tried in this order, so that what removes something comes last.
use super::{BAD, CLOSED, GONE, NO, OK, Row, WHO, World};
use serde_json::{Value, json};

pub(super) fn mutations(world: &World) -> Vec<Row> {
    let input = |input: Value| json!({ "input": input });
    let nothing = || json!({});
    let managers = [WHO, OK, NO, NO, GONE, GONE, GONE, GONE];
    vec![
        (
            "signIn",
            "mutation($input: SignInInput!) { signIn(input: $input) { viewer { id } } }",
            input(json!({ "name": "104233", "password": "x" })),
            [BAD; 8],
        ),
        (
            "signOut",
            "mutation { signOut { isSignedOut } }",
            nothing(),
            [WHO, OK, OK, OK, OK, OK, OK, OK],
        ),
        (
            "stepUp",
            "mutation($input: StepUpInput!) { stepUp(input: $input) { validUntil } }",
            input(json!({ "password": "x" })),
            [WHO, BAD, BAD, BAD, BAD, BAD, BAD, BAD],
        ),
        (
            "changePassword",
            "mutation($input: ChangePasswordInput!) { changePassword(input: $input) { changedAt } }",
            input(json!({ "currentPassword": "x", "newPassword": "Acht-Tore-27" })),
            [WHO, BAD, BAD, BAD, BAD, BAD, BAD, BAD],
        ),
        (
            "endSession",
            "mutation($input: EndSessionInput!) { endSession(input: $input) { id } }",
            input(json!({ "id": world.session })),
            [WHO, OK, GONE, GONE, GONE, GONE, GONE, GONE],
        ),
        (
            "endOtherSessions",
            "mutation { endOtherSessions { count } }",
            nothing(),
            [WHO, OK, OK, OK, OK, OK, OK, OK],
        ),
        (
            "endSessionsOfUser",
            "mutation($input: EndSessionsOfUserInput!) { endSessionsOfUser(input: $input) { count } }",
            input(json!({ "userId": world.member })),
            [WHO, NO, NO, NO, NO, NO, NO, OK],
        ),
        (
            "verifySecondFactor",
            "mutation($input: VerifySecondFactorInput!) { verifySecondFactor(input: $input) { viewer { id } } }",
            input(json!({ "code": "123456" })),
            [WHO; 8],
        ),
        (
            "confirmSecondFactor",
            "mutation($input: ConfirmSecondFactorInput!) { confirmSecondFactor(input: $input) { recoveryCodes } }",
            input(json!({ "code": "123456" })),
            [WHO, BAD, BAD, BAD, BAD, BAD, BAD, BAD],
        ),
        (
            "beginSecondFactor",
            "mutation { beginSecondFactor { pictureSize } }",
            nothing(),
            [WHO, OK, OK, OK, OK, OK, OK, OK],
        ),
        (
            "disableSecondFactor",
            "mutation($input: DisableSecondFactorInput!) { disableSecondFactor(input: $input) { isOn } }",
            input(json!({ "code": "123456" })),
            [WHO, GONE, GONE, GONE, GONE, GONE, GONE, GONE],
        ),
        (
            "replaceRecoveryCodes",
            "mutation($input: ReplaceRecoveryCodesInput!) { replaceRecoveryCodes(input: $input) { recoveryCodes } }",
            input(json!({ "code": "123456" })),
            [WHO, GONE, GONE, GONE, GONE, GONE, GONE, GONE],
        ),
        (
            "resetSecondFactor",
            "mutation($input: ResetSecondFactorInput!) { resetSecondFactor(input: $input) { userId } }",
            input(json!({ "userId": world.member })),
            [WHO, GONE, NO, NO, GONE, GONE, GONE, GONE],
        ),
        (
            "requireSecondFactor",
            "mutation($input: RequireSecondFactorInput!) { requireSecondFactor(input: $input) { viewer { id } } }",
            input(json!({ "isRequired": true })),
            [WHO, CLOSED, NO, NO, CLOSED, CLOSED, CLOSED, NO],
        ),
        (
            "switchAccount",
            "mutation($input: SwitchAccountInput!) { switchAccount(input: $input) { viewer { id } } }",
            input(json!({ "accountId": world.account })),
            [WHO, OK, OK, OK, GONE, GONE, GONE, GONE],
        ),
        (
            "changePreferences",
            "mutation($input: ChangePreferencesInput!) { changePreferences(input: $input) { viewer { language } } }",
            input(json!({ "language": "EN" })),
            [WHO, OK, OK, OK, OK, OK, OK, OK],
        ),
        (
            "changeProfile",
            "mutation($input: ChangeProfileInput!) { changeProfile(input: $input) { viewer { name } } }",
            input(json!({ "name": "Wer" })),
            [WHO, OK, OK, OK, OK, OK, OK, OK],
        ),
        (
            "changeEmail",
            "mutation($input: ChangeEmailInput!) { changeEmail(input: $input) { pendingEmail } }",
            input(json!({ "email": "x" })),
            [WHO, BAD, BAD, BAD, BAD, BAD, BAD, BAD],
        ),
        (
            "confirmAddress",
            "mutation($input: ConfirmAddressInput!) { confirmAddress(input: $input) { confirmed { email } } }",
            input(json!({ "token": "x" })),
            [BAD; 8],
        ),
        (
            "undoChange",
            "mutation($input: UndoChangeInput!) { undoChange(input: $input) { undone { email } } }",
            input(json!({ "token": "x" })),
            [BAD; 8],
        ),
        (
            "changeContactPerson",
            "mutation($input: ChangeContactPersonInput!) { changeContactPerson(input: $input) { contactPerson { name } } }",
            input(json!({ "name": "Wer" })),
            [WHO, OK, NO, NO, OK, OK, OK, NO],
        ),
        (
            "addBillingEmail",
            "mutation($input: AddBillingEmailInput!) { addBillingEmail(input: $input) { billingEmail { id } } }",
            input(json!({ "email": "buero@example.org" })),
            [WHO, OK, NO, NO, OK, OK, OK, NO],
        ),
        (
            "resendBillingEmail",
            "mutation($input: ResendBillingEmailInput!) { resendBillingEmail(input: $input) { billingEmail { id } } }",
            input(json!({ "id": world.billing_email })),
            [WHO, OK, NO, NO, GONE, GONE, GONE, NO],
        ),
        (
            "removeBillingEmail",
            "mutation($input: RemoveBillingEmailInput!) { removeBillingEmail(input: $input) { id } }",
            input(json!({ "id": world.billing_email })),
            [WHO, OK, NO, NO, GONE, GONE, GONE, NO],
        ),
        (
            "completeRegistration",
            "mutation($input: CompleteRegistrationInput!) { completeRegistration(input: $input) { viewer { id } } }",
            input(json!({ "token": "x", "password": "Sieben-Wege-26", "language": "DE" })),
            [BAD; 8],
        ),
        (
            "acceptReadRights",
            "mutation($input: AcceptReadRightsInput!) { acceptReadRights(input: $input) { deviceCount } }",
            input(json!({ "token": "x" })),
            [WHO, BAD, BAD, BAD, BAD, BAD, BAD, BAD],
        ),
        (
            "importKeys",
            "mutation($input: ImportKeysInput!) { importKeys(input: $input) { import { id } } }",
            input(json!({ "fileId": world.file, "password": "x" })),
            [WHO, NO, NO, NO, NO, GONE, GONE, NO],
        ),
        (
            "revealKey",
            "mutation($input: RevealKeyInput!) { revealKey(input: $input) { key } }",
            input(json!({ "deviceId": world.device, "name": "DEK" })),
            [WHO, GONE, NO, GONE, GONE, GONE, GONE, NO],
        ),
        (
            "assignReadRights",
            "mutation($input: AssignReadRightsInput!) { assignReadRights(input: $input) { assignment { id } } }",
            input(json!({ "email": "x@example.org", "selection": { "ids": [world.device] } })),
            [WHO, NO, NO, NO, NO, OK, GONE, NO],
        ),
        (
            "assignReadRights",
            "mutation($input: AssignReadRightsInput!) { assignReadRights(input: $input) { assignment { id } } }",
            input(json!({ "email": "x@example.org", "selection": { "filter": {}, "except": [world.device] } })),
            [WHO, NO, NO, NO, NO, BAD, BAD, NO],
        ),
        (
            "revokeAssignment",
            "mutation($input: RevokeAssignmentInput!) { revokeAssignment(input: $input) { assignment { id } } }",
            input(json!({ "id": world.assignment })),
            [WHO, NO, NO, NO, NO, OK, GONE, NO],
        ),
        (
            "createToken",
            "mutation($input: CreateTokenInput!) { createToken(input: $input) { secret } }",
            input(json!({ "name": "x", "scopes": ["SEE_INVOICES"], "expiresOn": "2026-12-31" })),
            [WHO, OK, OK, NO, OK, OK, OK, NO],
        ),
        (
            "createToken",
            "mutation($input: CreateTokenInput!) { createToken(input: $input) { secret } }",
            input(
                json!({ "name": "x", "scopes": ["SEE_INVOICES"], "expiresOn": "2026-12-31", "accountId": world.account }),
            ),
            [WHO, OK, OK, NO, GONE, GONE, GONE, GONE],
        ),
        (
            "revokeToken",
            "mutation($input: RevokeTokenInput!) { revokeToken(input: $input) { id } }",
            input(json!({ "id": world.token })),
            [WHO, OK, GONE, GONE, GONE, GONE, GONE, GONE],
        ),
        (
            "createCustomer",
            "mutation($input: CreateCustomerInput!) { createCustomer(input: $input) { customer { number } } }",
            input(json!({ "number": "300100", "name": "Gasthof Lohmann" })),
            [WHO, NO, NO, NO, NO, NO, NO, OK],
        ),
        (
            "changeCustomer",
            "mutation($input: ChangeCustomerInput!) { changeCustomer(input: $input) { customer { number } } }",
            input(json!({ "accountId": world.account, "city": "Essen" })),
            [WHO, NO, NO, NO, NO, NO, NO, OK],
        ),
        (
            "importCustomers",
            "mutation($input: ImportCustomersInput!) { importCustomers(input: $input) { import { newCount } } }",
            input(json!({ "fileId": world.file })),
            [WHO, NO, NO, NO, NO, NO, NO, GONE],
        ),
        (
            "sendAccess",
            "mutation($input: SendAccessInput!) { sendAccess(input: $input) { mailedCount } }",
            input(json!({ "selection": { "ids": [world.account] } })),
            [WHO, NO, NO, NO, NO, NO, NO, BAD],
        ),
        (
            "sendAccess",
            "mutation($input: SendAccessInput!) { sendAccess(input: $input) { mailedCount } }",
            input(json!({ "selection": { "filter": { "waveId": world.wave }, "except": [world.account] } })),
            [WHO, NO, NO, NO, NO, NO, NO, BAD],
        ),
        (
            "sendAccess",
            "mutation($input: SendAccessInput!) { sendAccess(input: $input) { mailedCount } }",
            input(json!({ "selection": { "filter": { "waveId": world.wave }, "except": [world.account] } })),
            [WHO, NO, NO, NO, NO, NO, NO, BAD],
        ),
        (
            "resendAccess",
            "mutation($input: ResendAccessInput!) { resendAccess(input: $input) { customer { number } } }",
            input(json!({ "accountId": world.account })),
            [WHO, NO, NO, NO, NO, NO, NO, "CONFLICT"],
        ),
        (
            "inviteMember",
            "mutation($input: InviteMemberInput!) { inviteMember(input: $input) { invitation { id } } }",
            input(json!({ "email": "neu@example.org", "userName": "104233/neu", "rights": ["SEE_INVOICES"] })),
            [WHO, OK, NO, NO, BAD, BAD, BAD, NO],
        ),
        (
            "resendInvitation",
            "mutation($input: ResendInvitationInput!) { resendInvitation(input: $input) { invitation { id } } }",
            input(json!({ "id": world.invitation })),
            managers,
        ),
        (
            "withdrawInvitation",
            "mutation($input: WithdrawInvitationInput!) { withdrawInvitation(input: $input) { id } }",
            input(json!({ "id": world.invitation })),
            managers,
        ),
        (
            "acceptInvitation",
            "mutation($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { viewer { id } } }",
            input(json!({ "token": "x" })),
            [WHO, BAD, BAD, BAD, BAD, BAD, BAD, BAD],
        ),
        (
            "completeInvitation",
            "mutation($input: CompleteInvitationInput!) { completeInvitation(input: $input) { viewer { id } } }",
            input(json!({ "token": "x", "password": "Sieben-Wege-26", "language": "DE" })),
            [BAD; 8],
        ),
        (
            "changeMember",
            "mutation($input: ChangeMemberInput!) { changeMember(input: $input) { member { userId } } }",
            input(json!({ "userId": world.member, "rights": ["SEE_INVOICES"] })),
            managers,
        ),
        (
            "blockMember",
            "mutation($input: BlockMemberInput!) { blockMember(input: $input) { member { userId } } }",
            input(json!({ "userId": world.member })),
            managers,
        ),
        (
            "unblockMember",
            "mutation($input: UnblockMemberInput!) { unblockMember(input: $input) { member { userId } } }",
            input(json!({ "userId": world.member })),
            managers,
        ),
        (
            "removeMember",
            "mutation($input: RemoveMemberInput!) { removeMember(input: $input) { userId } }",
            input(json!({ "userId": world.member })),
            managers,
        ),
    ]
}

//! What signing in and registering ask the server.
use crate::api::{self, ApiError, Day, schema};
use cynic::{MutationBuilder, QueryBuilder};
use shared::{
    account::{AccountKind, Language, Right},
    id::{AccountId, UserId},
    password::PasswordMode,
};

/// An account: a customer, a dealer or the provider.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Names the account.
    pub id: AccountId,
    /// What it is to the provider.
    pub kind: AccountKind,
    /// Its name, as on a letter.
    pub name: String,
    /// Its customer number.
    pub number: String,
}

/// An account that the viewer belongs to.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The account.
    pub account: Account,
}

/// Who is signed in, and the account in view.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// Names the user.
    pub id: UserId,
    /// The account in view.
    pub account: Option<Account>,
    /// How many invoices are to be paid.
    pub due_invoice_count: i32,
    /// How many devices the account in view holds or may read.
    pub device_count: i32,
    /// The address of the person.
    pub email: Option<String>,
    /// What mails and pages are written in.
    pub language: Language,
    /// All accounts that can be switched to.
    pub memberships: Vec<Membership>,
    /// The name of the person.
    pub name: Option<String>,
    /// Whether the account in view stays closed until there is a second factor.
    pub needs_second_factor: bool,
    /// What the viewer may do in the account in view.
    pub rights: Vec<Right>,
    /// The second factor of the person.
    pub second_factor: SecondFactor,
    /// The zone in which times are shown, by its name in the IANA database.
    pub time_zone: String,
}

/// A person's second factor.
#[derive(cynic::QueryFragment, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SecondFactor {
    /// Whether it is on.
    pub is_on: bool,
    /// Whether the account requires it of all its members, by its owner's word.
    pub is_required_by_account: bool,
    /// How many recovery codes are unused.
    pub recovery_codes_left: i32,
}

impl Viewer {
    /// Whether the viewer may do something in the account in view; the server decides anew each time.
    pub fn may(&self, right: Right) -> bool {
        self.rights.contains(&right)
    }

    /// What the person is called: the name, else the address, else the name of the account.
    pub fn display_name(&self) -> String {
        let name = self.name.clone().filter(|name| !name.trim().is_empty());
        name.or_else(|| self.email.clone())
            .or_else(|| self.account.as_ref().map(|account| account.name.clone()))
            .unwrap_or_default()
    }

    /// One or two capital letters for the round sign.
    pub fn initials(&self) -> String {
        let name = self.display_name();
        let local = name.split('@').next().unwrap_or_default();
        let letters: Vec<char> = local
            .split([' ', '.', '-', '_'])
            .filter_map(|part| part.chars().find(|c| c.is_alphanumeric()))
            .flat_map(char::to_uppercase)
            .collect();
        match letters.as_slice() {
            [] => "?".to_owned(),
            [one] => one.to_string(),
            [first, .., last] => format!("{first}{last}"),
        }
    }
}

/// This installation.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct Portal {
    /// Whether it shows its mails instead of sending them.
    pub is_demo: bool,
    /// Whether some customers are consumers.
    pub has_consumers: bool,
    /// Which rules hold for new passwords.
    pub password_mode: PasswordMode,
    /// The postal address of the provider in one line.
    pub provider_address: Option<String>,
    /// When somebody answers the phone.
    pub provider_hours: Option<String>,
    /// The same in English.
    pub provider_hours_en: Option<String>,
    /// Where the logo of the provider is.
    pub provider_logo: Option<String>,
    /// Who runs the portal.
    pub provider_name: String,
    /// The phone of the provider.
    pub provider_phone: Option<String>,
    /// Where questions go.
    pub support_email: Option<String>,
}

impl Portal {
    /// When somebody answers the phone, in a language.
    pub fn hours_in(&self, language: Language) -> Option<String> {
        let english = self.provider_hours_en.clone().filter(|_| language == Language::En);
        english.or_else(|| self.provider_hours.clone())
    }
}

/// What the app needs to begin.
#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query")]
pub struct Beginning {
    /// Who is signed in, if anybody is.
    pub viewer: Option<Viewer>,
    /// This installation.
    pub portal: Portal,
}

/// What the app needs to begin.
pub async fn begin() -> Result<Beginning, ApiError> {
    api::send_once(Beginning::build(())).await
}

/// Name and password.
#[derive(cynic::InputObject, Clone, Debug)]
pub struct SignInInput {
    /// Customer number, user name or address.
    pub name: String,
    /// The password.
    pub password: String,
}

#[derive(cynic::QueryVariables)]
struct SignInVariables {
    input: SignInInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "SignInVariables")]
struct SignIn {
    #[arguments(input: $input)]
    sign_in: SignInPayload,
}

#[derive(cynic::QueryFragment)]
struct SignInPayload {
    viewer: Option<Viewer>,
}

/// Begins a session; nobody is signed in yet where a second factor is on.
pub async fn sign_in(input: SignInInput) -> Result<Option<Viewer>, ApiError> {
    Ok(api::send_once(SignIn::build(SignInVariables { input }))
        .await?
        .sign_in
        .viewer)
}

#[derive(cynic::InputObject)]
struct VerifySecondFactorInput {
    code: String,
}

#[derive(cynic::QueryVariables)]
struct VerifyVariables {
    input: VerifySecondFactorInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "VerifyVariables")]
struct Verify {
    #[arguments(input: $input)]
    verify_second_factor: VerifySecondFactorPayload,
}

#[derive(cynic::QueryFragment)]
struct VerifySecondFactorPayload {
    viewer: Viewer,
}

/// The second step of signing in.
pub async fn verify_second_factor(code: String) -> Result<Viewer, ApiError> {
    let input = VerifySecondFactorInput { code };
    Ok(api::send_once(Verify::build(VerifyVariables { input }))
        .await?
        .verify_second_factor
        .viewer)
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation")]
struct SignOut {
    sign_out: SignOutPayload,
}

#[derive(cynic::QueryFragment)]
struct SignOutPayload {
    is_signed_out: bool,
}

/// Ends the session; whether there was one to end.
pub async fn sign_out() -> Result<bool, ApiError> {
    Ok(api::send_once(SignOut::build(())).await?.sign_out.is_signed_out)
}

#[derive(cynic::InputObject)]
struct StepUpInput {
    #[cynic(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    password: String,
}

#[derive(cynic::QueryVariables)]
struct StepUpVariables {
    input: StepUpInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "StepUpVariables")]
struct StepUp {
    #[arguments(input: $input)]
    step_up: StepUpPayload,
}

#[derive(cynic::QueryFragment)]
struct StepUpPayload {
    valid_until: api::Instant,
}

/// Gives the password again, with a code where a second factor is on; until when that holds.
pub async fn step_up(password: String, code: Option<String>) -> Result<api::Instant, ApiError> {
    let operation = StepUp::build(StepUpVariables {
        input: StepUpInput { code, password },
    });
    Ok(api::send_once(operation).await?.step_up.valid_until)
}

#[derive(cynic::InputObject)]
struct SwitchAccountInput {
    account_id: AccountId,
}

#[derive(cynic::QueryVariables)]
struct SwitchAccountVariables {
    input: SwitchAccountInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "SwitchAccountVariables")]
struct SwitchAccount {
    #[arguments(input: $input)]
    switch_account: SwitchAccountPayload,
}

#[derive(cynic::QueryFragment)]
struct SwitchAccountPayload {
    viewer: Viewer,
}

/// Puts another account in view.
pub async fn switch_account(account_id: AccountId) -> Result<Viewer, ApiError> {
    let operation = SwitchAccount::build(SwitchAccountVariables {
        input: SwitchAccountInput { account_id },
    });
    Ok(api::send(operation).await?.switch_account.viewer)
}

#[derive(cynic::InputObject)]
struct ChangePreferencesInput {
    #[cynic(skip_serializing_if = "Option::is_none")]
    language: Option<Language>,
}

#[derive(cynic::QueryVariables)]
struct ChangePreferencesVariables {
    input: ChangePreferencesInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "ChangePreferencesVariables")]
struct ChangePreferences {
    #[arguments(input: $input)]
    change_preferences: ChangePreferencesPayload,
}

#[derive(cynic::QueryFragment)]
struct ChangePreferencesPayload {
    viewer: Viewer,
}

/// Sets the language of mails and pages.
pub async fn choose_language(language: Language) -> Result<Viewer, ApiError> {
    let input = ChangePreferencesInput {
        language: Some(language),
    };
    let operation = ChangePreferences::build(ChangePreferencesVariables { input });
    Ok(api::send(operation).await?.change_preferences.viewer)
}

#[derive(cynic::QueryVariables)]
struct LinkVariables {
    token: String,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "LinkVariables")]
struct LinkQuery {
    #[arguments(token: $token)]
    link: Link,
}

/// What a link out of a mail stands for.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// How many devices it lets read.
    pub device_count: i32,
    /// Whom it was sent to.
    pub email: String,
    /// Who gave the rights.
    pub from: String,
    /// Whether the person must register first.
    pub needs_registration: bool,
    /// The last day of the rights.
    pub until: Option<Day>,
}

/// What a link out of a mail stands for. Looking changes nothing.
pub async fn link(token: String) -> Result<Link, ApiError> {
    Ok(api::send_once(LinkQuery::build(LinkVariables { token })).await?.link)
}

/// What a new user chooses.
#[derive(cynic::InputObject, Clone, Debug)]
pub struct CompleteRegistrationInput {
    /// What pages and mails are written in.
    pub language: Language,
    /// What the person is called.
    pub name: Option<String>,
    /// The password.
    pub password: String,
    /// Out of the link.
    pub token: String,
}

#[derive(cynic::QueryVariables)]
struct CompleteRegistrationVariables {
    input: CompleteRegistrationInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "CompleteRegistrationVariables")]
struct CompleteRegistration {
    #[arguments(input: $input)]
    complete_registration: CompleteRegistrationPayload,
}

#[derive(cynic::QueryFragment)]
struct CompleteRegistrationPayload {
    viewer: Viewer,
}

/// Makes the user, accepts the rights of the link and begins a session.
pub async fn complete_registration(input: CompleteRegistrationInput) -> Result<Viewer, ApiError> {
    let operation = CompleteRegistration::build(CompleteRegistrationVariables { input });
    Ok(api::send_once(operation).await?.complete_registration.viewer)
}

#[derive(cynic::InputObject)]
struct AcceptReadRightsInput {
    token: String,
}

#[derive(cynic::QueryVariables)]
struct AcceptReadRightsVariables {
    input: AcceptReadRightsInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "AcceptReadRightsVariables")]
struct AcceptReadRights {
    #[arguments(input: $input)]
    accept_read_rights: AcceptReadRightsPayload,
}

/// What was accepted.
#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct AcceptReadRightsPayload {
    /// How many devices the account in view may read through it.
    pub device_count: i32,
    /// The viewer with them.
    pub viewer: Viewer,
}

/// Accepts the rights of a link for the account in view.
pub async fn accept_read_rights(token: String) -> Result<AcceptReadRightsPayload, ApiError> {
    let operation = AcceptReadRights::build(AcceptReadRightsVariables {
        input: AcceptReadRightsInput { token },
    });
    Ok(api::send(operation).await?.accept_read_rights)
}

//! What the data of account and person ask the server.
use crate::{
    api::{self, ApiError, Instant, schema},
    session::Viewer,
};
use cynic::{MutationBuilder, QueryBuilder};
use shared::{account::Language, id::BillingEmailId, link::LinkPurpose};

/// The account that the provider keeps the data of.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The city of its address.
    pub city: Option<String>,
    /// Its name, as on a letter.
    pub name: String,
    /// Its customer number.
    pub number: String,
}

/// What the provider keeps of an account.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct AccountDetails {
    /// Name, number, city.
    pub account: Account,
    /// Where its invoices go.
    pub billing_emails: Vec<BillingEmail>,
    /// Whom the provider turns to.
    pub contact_person: Option<ContactPerson>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Since when the portal knows it.
    pub since: Instant,
    /// Street and house number.
    pub street: Option<String>,
    /// VAT identification number.
    pub vat_id: Option<String>,
}

/// Whom the provider turns to about the contracts.
#[derive(cynic::QueryFragment, Clone, Debug, Default, PartialEq, Eq)]
pub struct ContactPerson {
    /// City.
    pub city: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// What the person is called.
    pub name: String,
    /// Telephone number.
    pub phone: Option<String>,
    /// What the person does there.
    pub position: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Street and house number.
    pub street: Option<String>,
}

/// An address for invoices.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct BillingEmail {
    /// Since when it counts.
    pub confirmed_at: Option<Instant>,
    /// The address.
    pub email: String,
    /// Names it.
    pub id: BillingEmailId,
    /// When the newest link was sent.
    pub sent_at: Instant,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query")]
struct Details {
    account: AccountDetails,
}

/// What the provider keeps of the account in view.
pub async fn details() -> Result<AccountDetails, ApiError> {
    Ok(api::send(Details::build(())).await?.account)
}

/// The person's own address, and the one that waits to take its place.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "Viewer")]
pub struct OwnEmail {
    /// The one that counts.
    pub email: Option<String>,
    /// The one that waits to be confirmed.
    pub pending_email: Option<String>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query")]
struct OwnEmailQuery {
    viewer: Option<OwnEmail>,
}

/// The person's own address.
pub async fn own_email() -> Result<Option<OwnEmail>, ApiError> {
    Ok(api::send(OwnEmailQuery::build(())).await?.viewer)
}

/// A contact person, as typed.
#[derive(cynic::InputObject, Clone, Debug)]
pub struct ChangeContactPersonInput {
    /// City.
    pub city: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// What the person is called.
    pub name: String,
    /// Telephone number.
    pub phone: Option<String>,
    /// What the person does there.
    pub position: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Street and house number.
    pub street: Option<String>,
}

#[derive(cynic::QueryVariables)]
struct ContactVariables {
    input: ChangeContactPersonInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "ContactVariables")]
struct ChangeContact {
    #[arguments(input: $input)]
    change_contact_person: ChangeContactPersonPayload,
}

#[derive(cynic::QueryFragment)]
struct ChangeContactPersonPayload {
    contact_person: ContactPerson,
}

/// Sets the contact person.
pub async fn change_contact(input: ChangeContactPersonInput) -> Result<ContactPerson, ApiError> {
    let operation = ChangeContact::build(ContactVariables { input });
    Ok(api::send(operation).await?.change_contact_person.contact_person)
}

#[derive(cynic::InputObject)]
struct AddBillingEmailInput {
    email: String,
}

#[derive(cynic::QueryVariables)]
struct AddVariables {
    input: AddBillingEmailInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "AddVariables")]
struct Add {
    #[arguments(input: $input)]
    add_billing_email: BillingEmailPayload,
}

#[derive(cynic::QueryFragment)]
struct BillingEmailPayload {
    billing_email: BillingEmail,
}

/// Adds an address for invoices; it waits to be confirmed.
pub async fn add_billing_email(email: String) -> Result<BillingEmail, ApiError> {
    let input = AddBillingEmailInput { email };
    let operation = Add::build(AddVariables { input });
    Ok(api::send(operation).await?.add_billing_email.billing_email)
}

#[derive(cynic::InputObject)]
struct ResendBillingEmailInput {
    id: BillingEmailId,
}

#[derive(cynic::QueryVariables)]
struct ResendVariables {
    input: ResendBillingEmailInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "ResendVariables")]
struct Resend {
    #[arguments(input: $input)]
    resend_billing_email: BillingEmailPayload,
}

/// Sends another link to an address.
pub async fn resend_billing_email(id: BillingEmailId) -> Result<BillingEmail, ApiError> {
    let input = ResendBillingEmailInput { id };
    let operation = Resend::build(ResendVariables { input });
    Ok(api::send(operation).await?.resend_billing_email.billing_email)
}

#[derive(cynic::InputObject)]
struct RemoveBillingEmailInput {
    id: BillingEmailId,
}

#[derive(cynic::QueryVariables)]
struct RemoveVariables {
    input: RemoveBillingEmailInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "RemoveVariables")]
struct Remove {
    #[arguments(input: $input)]
    remove_billing_email: RemoveBillingEmailPayload,
}

#[derive(cynic::QueryFragment)]
struct RemoveBillingEmailPayload {
    id: BillingEmailId,
}

/// Takes an address off the list; which one it was.
pub async fn remove_billing_email(id: BillingEmailId) -> Result<BillingEmailId, ApiError> {
    let input = RemoveBillingEmailInput { id };
    let operation = Remove::build(RemoveVariables { input });
    Ok(api::send(operation).await?.remove_billing_email.id)
}

#[derive(cynic::InputObject)]
struct ChangeProfileInput {
    name: Option<String>,
}

#[derive(cynic::QueryVariables)]
struct ProfileVariables {
    input: ChangeProfileInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "ProfileVariables")]
struct ChangeProfile {
    #[arguments(input: $input)]
    change_profile: ChangeProfilePayload,
}

#[derive(cynic::QueryFragment)]
struct ChangeProfilePayload {
    viewer: Viewer,
}

/// Sets what the person is called.
pub async fn change_profile(name: Option<String>) -> Result<Viewer, ApiError> {
    let input = ChangeProfileInput { name };
    let operation = ChangeProfile::build(ProfileVariables { input });
    Ok(api::send(operation).await?.change_profile.viewer)
}

#[derive(cynic::InputObject)]
struct ChangePreferencesInput {
    language: Option<Language>,
    time_zone: Option<String>,
}

#[derive(cynic::QueryVariables)]
struct PreferencesVariables {
    input: ChangePreferencesInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "PreferencesVariables")]
struct ChangePreferences {
    #[arguments(input: $input)]
    change_preferences: ChangePreferencesPayload,
}

#[derive(cynic::QueryFragment)]
struct ChangePreferencesPayload {
    viewer: Viewer,
}

/// Sets language and zone.
pub async fn change_preferences(language: Language, time_zone: String) -> Result<Viewer, ApiError> {
    let input = ChangePreferencesInput {
        language: Some(language),
        time_zone: Some(time_zone),
    };
    let operation = ChangePreferences::build(PreferencesVariables { input });
    Ok(api::send(operation).await?.change_preferences.viewer)
}

#[derive(cynic::InputObject)]
struct ChangeEmailInput {
    email: String,
}

#[derive(cynic::QueryVariables)]
struct EmailVariables {
    input: ChangeEmailInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "EmailVariables")]
struct ChangeEmail {
    #[arguments(input: $input)]
    change_email: ChangeEmailPayload,
}

#[derive(cynic::QueryFragment)]
struct ChangeEmailPayload {
    pending_email: String,
}

/// Sends a link to an address that shall become the person's; that address.
pub async fn change_email(email: String) -> Result<String, ApiError> {
    let input = ChangeEmailInput { email };
    let operation = ChangeEmail::build(EmailVariables { input });
    Ok(api::send(operation).await?.change_email.pending_email)
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation")]
struct WithdrawEmailChange {
    withdraw_email_change: WithdrawEmailChangePayload,
}

#[derive(cynic::QueryFragment)]
struct WithdrawEmailChangePayload {
    viewer: OwnEmail,
}

/// Withdraws the address that waits; what counts then.
pub async fn withdraw_email_change() -> Result<OwnEmail, ApiError> {
    let sent = api::send(WithdrawEmailChange::build(())).await?;
    Ok(sent.withdraw_email_change.viewer)
}

/// A link in a mail about an address.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct AddressLink {
    /// The account whose invoices it is about.
    pub account_name: Option<String>,
    /// The address that it was sent to.
    pub email: String,
    /// What it does.
    pub purpose: LinkPurpose,
}

#[derive(cynic::QueryVariables)]
struct LinkVariables {
    token: String,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "LinkVariables")]
struct LinkQuery {
    #[arguments(token: $token)]
    address_link: AddressLink,
}

/// What a link is about. Looking changes nothing.
pub async fn address_link(token: String) -> Result<AddressLink, ApiError> {
    Ok(api::send_once(LinkQuery::build(LinkVariables { token }))
        .await?
        .address_link)
}

#[derive(cynic::InputObject)]
struct ConfirmAddressInput {
    token: String,
}

#[derive(cynic::QueryVariables)]
struct ConfirmVariables {
    input: ConfirmAddressInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "ConfirmVariables")]
struct Confirm {
    #[arguments(input: $input)]
    confirm_address: ConfirmAddressPayload,
}

#[derive(cynic::QueryFragment)]
struct ConfirmAddressPayload {
    confirmed: AddressLink,
}

/// Confirms the address of a link.
pub async fn confirm_address(token: String) -> Result<AddressLink, ApiError> {
    let input = ConfirmAddressInput { token };
    let operation = Confirm::build(ConfirmVariables { input });
    Ok(api::send_once(operation).await?.confirm_address.confirmed)
}

#[derive(cynic::InputObject)]
struct UndoChangeInput {
    token: String,
}

#[derive(cynic::QueryVariables)]
struct UndoVariables {
    input: UndoChangeInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "UndoVariables")]
struct Undo {
    #[arguments(input: $input)]
    undo_change: UndoChangePayload,
}

#[derive(cynic::QueryFragment)]
struct UndoChangePayload {
    undone: AddressLink,
}

/// Takes back the change that a link is about.
pub async fn undo_change(token: String) -> Result<AddressLink, ApiError> {
    let input = UndoChangeInput { token };
    let operation = Undo::build(UndoVariables { input });
    Ok(api::send_once(operation).await?.undo_change.undone)
}

/// How the account is told of invoices.
#[derive(cynic::QueryFragment, Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvoiceMail {
    /// Whether the originals go with the mails.
    pub is_enclosed: bool,
    /// Whether mails are sent at all.
    pub is_sent: bool,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query")]
struct InvoiceMailQuery {
    invoice_mail: InvoiceMail,
}

/// How the account in view is told of invoices.
pub async fn invoice_mail() -> Result<InvoiceMail, ApiError> {
    Ok(api::send(InvoiceMailQuery::build(())).await?.invoice_mail)
}

#[derive(cynic::InputObject)]
struct ChangeInvoiceMailInput {
    is_enclosed: bool,
    is_sent: bool,
}

#[derive(cynic::QueryVariables)]
struct InvoiceMailVariables {
    input: ChangeInvoiceMailInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "InvoiceMailVariables")]
struct ChangeInvoiceMail {
    #[arguments(input: $input)]
    change_invoice_mail: ChangeInvoiceMailPayload,
}

#[derive(cynic::QueryFragment)]
struct ChangeInvoiceMailPayload {
    invoice_mail: InvoiceMail,
}

/// Says how the account in view is told of invoices.
pub async fn change_invoice_mail(wish: InvoiceMail) -> Result<InvoiceMail, ApiError> {
    let InvoiceMail { is_enclosed, is_sent } = wish;
    let input = ChangeInvoiceMailInput { is_enclosed, is_sent };
    let operation = ChangeInvoiceMail::build(InvoiceMailVariables { input });
    Ok(api::send(operation).await?.change_invoice_mail.invoice_mail)
}

//! What the pages of devices that change hands ask the server.
use crate::{
    access::DeviceSelection,
    api::{self, ApiError, Instant, PageInfo, schema},
};
use cynic::{MutationBuilder, QueryBuilder};
use shared::{
    device::{RightsThen, TransferKind, TransferState},
    id::TransferId,
};

cynic::impl_scalar!(TransferId, schema::TransferId);
cynic::impl_scalar!(TransferKind, schema::TransferKind);
cynic::impl_scalar!(TransferState, schema::TransferState);
cynic::impl_scalar!(RightsThen, schema::RightsThen);

/// How many offers a page has.
const PAGE: i32 = 25;

/// How many devices of an offer are shown.
const SHOWN: i32 = 100;

#[derive(cynic::QueryVariables)]
struct TransfersVariables {
    after: Option<String>,
    first: Option<i32>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "TransfersVariables")]
struct Transfers {
    #[arguments(after: $after, first: $first)]
    transfers: TransferConnection,
}

/// A page of offers.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct TransferConnection {
    /// The offers, newest first.
    pub nodes: Vec<Transfer>,
    /// Where the page ends.
    pub page_info: PageInfo,
}

/// An offer.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// When it was made.
    pub created_at: Instant,
    /// When it was answered or taken back.
    pub decided_at: Option<Instant>,
    /// How many devices it is about.
    pub device_count: i32,
    /// Until when it can be accepted.
    pub expires_at: Instant,
    /// How many of them are passed on still.
    pub held_count: i32,
    /// Names it.
    pub id: TransferId,
    /// Whether it is one to the account in view.
    pub is_incoming: bool,
    /// For good, or to a sub-dealer.
    pub kind: TransferKind,
    /// What the one who offers says.
    pub note: Option<String>,
    /// The dealer on the other side.
    pub other_name: String,
    /// His customer number.
    pub other_number: String,
    /// Why it was declined.
    pub reason: Option<String>,
    /// What becomes of the rights to read.
    pub rights: RightsThen,
    /// Where it stands.
    pub state: TransferState,
}

/// A page of the offers made and got.
pub async fn transfers(after: Option<String>) -> Result<TransferConnection, ApiError> {
    let first = Some(PAGE);
    Ok(api::send(Transfers::build(TransfersVariables { after, first }))
        .await?
        .transfers)
}

#[derive(cynic::QueryVariables)]
struct DevicesVariables {
    first: Option<i32>,
    id: TransferId,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "DevicesVariables")]
struct DevicesOf {
    #[arguments(first: $first, id: $id)]
    transfer_devices: TransferDeviceConnection,
}

/// The first devices of an offer.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct TransferDeviceConnection {
    /// The devices, by serial number.
    pub nodes: Vec<TransferDevice>,
    /// How many there are.
    pub total_count: i32,
}

/// A device of an offer.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct TransferDevice {
    /// The name of its model.
    pub model: Option<String>,
    /// The order that it came with.
    pub order_number: Option<String>,
    /// Eight digits.
    pub serial_number: String,
}

/// The first devices of an offer.
pub async fn devices(id: TransferId) -> Result<TransferDeviceConnection, ApiError> {
    let first = Some(SHOWN);
    Ok(api::send(DevicesOf::build(DevicesVariables { first, id }))
        .await?
        .transfer_devices)
}

/// Which devices are offered, to whom and how.
#[derive(cynic::InputObject, Clone)]
pub struct OfferTransferInput {
    /// The customer number of the dealer.
    pub account_number: String,
    /// For good or not.
    pub kind: TransferKind,
    /// What there is to say.
    pub note: Option<String>,
    /// What becomes of the rights to read.
    pub rights: RightsThen,
    /// The devices.
    pub selection: DeviceSelection,
}

#[derive(cynic::QueryVariables)]
struct OfferVariables {
    input: OfferTransferInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "OfferVariables")]
struct Offer {
    #[arguments(input: $input)]
    offer_transfer: TransferPayload,
}

/// The offer after a change.
#[derive(cynic::QueryFragment)]
pub struct TransferPayload {
    /// How many devices it is about.
    pub device_count: i32,
}

/// Offers devices, and says how many.
pub async fn offer(input: OfferTransferInput) -> Result<i32, ApiError> {
    let done = api::send(Offer::build(OfferVariables { input })).await?;
    Ok(done.offer_transfer.device_count)
}

#[derive(cynic::InputObject)]
struct TransferInput {
    id: TransferId,
}

#[derive(cynic::QueryVariables)]
struct StepVariables {
    input: TransferInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "StepVariables")]
struct Accept {
    #[arguments(input: $input)]
    accept_transfer: TransferPayload,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "StepVariables")]
struct Withdraw {
    #[arguments(input: $input)]
    withdraw_transfer: TransferPayload,
}

/// Takes the devices of an offer over.
pub async fn accept(id: TransferId) -> Result<i32, ApiError> {
    let input = TransferInput { id };
    let done = api::send(Accept::build(StepVariables { input })).await?;
    Ok(done.accept_transfer.device_count)
}

/// Takes an offer back.
pub async fn withdraw(id: TransferId) -> Result<i32, ApiError> {
    let input = TransferInput { id };
    let done = api::send(Withdraw::build(StepVariables { input })).await?;
    Ok(done.withdraw_transfer.device_count)
}

#[derive(cynic::InputObject)]
struct DeclineTransferInput {
    id: TransferId,
    reason: Option<String>,
}

#[derive(cynic::QueryVariables)]
struct DeclineVariables {
    input: DeclineTransferInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "DeclineVariables")]
struct Decline {
    #[arguments(input: $input)]
    decline_transfer: TransferPayload,
}

/// Says no to an offer.
pub async fn decline(id: TransferId, reason: Option<String>) -> Result<i32, ApiError> {
    let input = DeclineTransferInput { id, reason };
    let done = api::send(Decline::build(DeclineVariables { input })).await?;
    Ok(done.decline_transfer.device_count)
}

#[derive(cynic::InputObject)]
struct GiveDevicesBackInput {
    id: TransferId,
    rights: RightsThen,
    serials: Option<String>,
}

#[derive(cynic::QueryVariables)]
struct BackVariables {
    input: GiveDevicesBackInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "BackVariables")]
struct Back {
    #[arguments(input: $input)]
    give_devices_back: GiveDevicesBackPayload,
}

#[derive(cynic::QueryFragment)]
struct GiveDevicesBackPayload {
    device_count: i32,
}

/// Gives devices back that were passed on, and says how many.
pub async fn give_back(id: TransferId, serials: Option<String>, rights: RightsThen) -> Result<i32, ApiError> {
    let input = GiveDevicesBackInput { id, rights, serials };
    let done = api::send(Back::build(BackVariables { input })).await?;
    Ok(done.give_devices_back.device_count)
}

//! What the pages of keys in use ask the server: files of keys, requests above the quota, proofs.
use crate::{
    access::DeviceSelection,
    api::{self, ApiError, Instant, PageInfo, schema},
};
use cynic::{MutationBuilder, QueryBuilder};
use shared::{
    device::{KeyExportFormat, KeyRequestState},
    error::ErrorCode,
    id::{DeviceId, KeyExportId, KeyRequestId},
    telegram::{FrameFault, Quantity, Repair, TelegramVerdict},
};

cynic::impl_scalar!(Quantity, schema::ReadingQuantity);
cynic::impl_scalar!(Repair, schema::KeyRepair);
cynic::impl_scalar!(KeyExportFormat, schema::KeyExportFormat);
cynic::impl_scalar!(KeyRequestState, schema::KeyRequestState);
cynic::impl_scalar!(KeyRequestId, schema::KeyRequestId);
cynic::impl_scalar!(KeyExportId, schema::KeyExportId);
cynic::impl_scalar!(TelegramVerdict, schema::TelegramVerdict);
cynic::impl_scalar!(FrameFault, schema::FrameFault);

/// How many requests a page has.
pub const PAGE: i32 = 25;

/// What keys somebody wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Those of a device.
    Device(DeviceId),
    /// Those of all that is selected.
    Selection(DeviceSelection),
    /// Those of a request that is open.
    Request(KeyRequestId),
}

impl Wanted {
    /// As a selection and as a request, one of which there is.
    fn parts(self) -> (Option<DeviceSelection>, Option<KeyRequestId>) {
        match self {
            Self::Device(id) => {
                let ids = Some(vec![id]);
                let (except, expected_count, filter) = (None, None, None);
                (
                    Some(DeviceSelection {
                        except,
                        expected_count,
                        filter,
                        ids,
                    }),
                    None,
                )
            }
            Self::Selection(selection) => (Some(selection), None),
            Self::Request(id) => (None, Some(id)),
        }
    }
}

#[derive(cynic::InputObject)]
struct ExportKeysInput {
    format: KeyExportFormat,
    request_id: Option<KeyRequestId>,
    selection: Option<DeviceSelection>,
}

#[derive(cynic::QueryVariables)]
struct ExportVariables {
    input: ExportKeysInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "ExportVariables")]
struct ExportKeys {
    #[arguments(input: $input)]
    export_keys: ExportKeysPayload,
}

/// A file that waits to be fetched.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct ExportKeysPayload {
    /// What it is called.
    pub file_name: String,
    /// Names it.
    pub id: KeyExportId,
    /// What opens a key file.
    pub password: Option<String>,
}

/// Makes a file of keys. The server records it.
pub async fn export_keys(wanted: Wanted, format: KeyExportFormat) -> Result<ExportKeysPayload, ApiError> {
    let (selection, request_id) = wanted.parts();
    let input = ExportKeysInput {
        format,
        request_id,
        selection,
    };
    Ok(api::send(ExportKeys::build(ExportVariables { input }))
        .await?
        .export_keys)
}

#[derive(cynic::InputObject)]
struct RequestKeysInput {
    selection: DeviceSelection,
}

#[derive(cynic::QueryVariables)]
struct RequestVariables {
    input: RequestKeysInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "RequestVariables")]
struct RequestKeys {
    #[arguments(input: $input)]
    request_keys: KeyRequestPayload,
}

#[derive(cynic::QueryFragment)]
struct KeyRequestPayload {
    request: KeyRequest,
}

/// A request for more keys than the quota allows.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct KeyRequest {
    /// For which account.
    pub account_name: Option<String>,
    /// Who made it.
    pub asked_by: Option<String>,
    /// When.
    pub created_at: Instant,
    /// Who approved or refused it.
    pub decided_by: Option<String>,
    /// How many devices it is about.
    pub device_count: i32,
    /// Names it.
    pub id: KeyRequestId,
    /// Whether the viewer made it.
    pub is_own: bool,
    /// Where it stands.
    pub state: KeyRequestState,
    /// Until when it can be used, or from when on.
    pub until: Option<Instant>,
    /// Whether the viewer can take it back.
    pub viewer_can_cancel: bool,
    /// Whether the viewer can approve or refuse it.
    pub viewer_can_decide: bool,
}

/// Asks for keys above the quota.
pub async fn request_keys(wanted: Wanted) -> Result<KeyRequest, ApiError> {
    let (Some(selection), _) = wanted.parts() else {
        return Err(ApiError::refused(ErrorCode::Conflict)); // it is a request already
    };
    let input = RequestKeysInput { selection };
    let done = api::send(RequestKeys::build(RequestVariables { input })).await?;
    Ok(done.request_keys.request)
}

#[derive(cynic::InputObject)]
struct KeyRequestInput {
    id: KeyRequestId,
}

#[derive(cynic::QueryVariables)]
struct OneVariables {
    input: KeyRequestInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "OneVariables")]
struct Approve {
    #[arguments(input: $input)]
    approve_key_request: KeyRequestPayload,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "OneVariables")]
struct Refuse {
    #[arguments(input: $input)]
    refuse_key_request: KeyRequestPayload,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "OneVariables")]
struct Cancel {
    #[arguments(input: $input)]
    cancel_key_request: KeyRequestPayload,
}

/// What can be done with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Lets it be used.
    Approve,
    /// Does not.
    Refuse,
    /// Takes it back.
    Cancel,
}

/// Does something with a request.
pub async fn step(id: KeyRequestId, step: Step) -> Result<KeyRequest, ApiError> {
    let variables = OneVariables {
        input: KeyRequestInput { id },
    };
    let done = match step {
        Step::Approve => api::send(Approve::build(variables)).await?.approve_key_request,
        Step::Refuse => api::send(Refuse::build(variables)).await?.refuse_key_request,
        Step::Cancel => api::send(Cancel::build(variables)).await?.cancel_key_request,
    };
    Ok(done.request)
}

#[derive(cynic::QueryVariables)]
struct PageVariables {
    first: Option<i32>,
    after: Option<String>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "PageVariables")]
struct Requests {
    #[arguments(first: $first, after: $after)]
    key_requests: KeyRequestConnection,
}

/// A page of requests.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct KeyRequestConnection {
    /// The requests, newest first.
    pub nodes: Vec<KeyRequest>,
    /// Where the page ends.
    pub page_info: PageInfo,
}

/// A page of the requests that the viewer made or decides.
pub async fn key_requests(after: Option<String>) -> Result<KeyRequestConnection, ApiError> {
    let variables = PageVariables {
        first: Some(PAGE),
        after,
    };
    Ok(api::send(Requests::build(variables)).await?.key_requests)
}

#[derive(cynic::InputObject)]
struct ProveKeysInput {
    device_id: Option<DeviceId>,
    telegrams: String,
}

#[derive(cynic::QueryVariables)]
struct ProveVariables {
    input: ProveKeysInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "ProveVariables")]
struct ProveKeys {
    #[arguments(input: $input)]
    prove_keys: ProveKeysPayload,
}

#[derive(cynic::QueryFragment)]
struct ProveKeysPayload {
    proofs: Vec<TelegramProof>,
}

/// What one telegram proves.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct TelegramProof {
    /// The device, if the viewer sees it.
    pub device: Option<ProvenDevice>,
    /// Why it is no telegram that can be judged.
    pub fault: Option<FrameFault>,
    /// Another device whose key fits.
    pub fits_device: Option<ProvenDevice>,
    /// Whether only an earlier full telegram explains the values.
    pub is_compact: bool,
    /// Three letters.
    pub manufacturer: Option<String>,
    /// The name of the key that fits.
    pub key_name: Option<String>,
    /// How it is protected.
    pub mode: Option<String>,
    /// Its place among the pasted ones.
    pub position: i32,
    /// What the meter says.
    pub readings: Vec<MeterReading>,
    /// What went wrong with the stored key.
    pub repair: Option<Repair>,
    /// The number of the meter.
    pub serial_number: Option<String>,
    /// A wrong key is taken for right once in 2 to the power of this.
    pub strength_bits: Option<i32>,
    /// What it says about the keys.
    pub verdict: TelegramVerdict,
}

/// A device that a telegram found.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "Device")]
pub struct ProvenDevice {
    /// Names it.
    pub id: DeviceId,
    /// The name of its model.
    pub model: Option<String>,
    /// Eight digits.
    pub serial_number: String,
}

/// A value out of a telegram.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct MeterReading {
    /// What was measured.
    pub quantity: Quantity,
    /// Which stored value it is.
    pub storage: i32,
    /// The unit.
    pub unit: Option<String>,
    /// The number or text.
    pub value: String,
}

/// Tries stored keys on telegrams. The server records it.
pub async fn prove_keys(telegrams: String, device_id: Option<DeviceId>) -> Result<Vec<TelegramProof>, ApiError> {
    let input = ProveKeysInput { device_id, telegrams };
    Ok(api::send(ProveKeys::build(ProveVariables { input }))
        .await?
        .prove_keys
        .proofs)
}

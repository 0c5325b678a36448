//! The one way to the server: typed operations by POST, refusals as codes that pages can put into words.
use crate::session;
use cynic::Operation;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use shared::{
    account::{AccountKind, Language, Right},
    audit::Doer,
    customer::{CustomerColumn, CustomerProblem, CustomerState, CustomerVerdict},
    device::{
        AssignmentVerdict, DeviceAssigned, DeviceEventKind, DeviceKind, DeviceProof, KeyColumn, KeyFileFormat, KeyUse,
        Medium, ReadRightState, RowNote, RowVerdict, StagedImportState,
    },
    document::DocumentKind,
    error::{ErrorCode, Reason},
    exchange::{ImportProblem, ImportVerdict},
    help::HelpTopic,
    id::{
        AccountId, AgreementTemplateId, AssignmentId, AssignmentImportId, BillingEmailId, BuyerRuleId, ContractId,
        DeliveryId, DeviceId, DocumentId, FileId, IntakeId, InvitationId, InvoiceId, KeyImportId, MailId, OrderId,
        ProductId, SessionId, StagedImportId, TokenId, UserId, WaveId, WebhookId,
    },
    invoice::{
        BuyerTerm, ConflictDecision, IntakeSource, IntakeState, InvoiceKind, InvoiceOrder, InvoiceStand, InvoiceState,
    },
    legal::{FaceGap, LegalKind},
    link::LinkPurpose,
    money::Amount,
    office::{SearchKind, WorkKind},
    order::{Decision, OrderKind, OrderSource, OrderState},
    password::PasswordMode,
    product::{ContractOrder, ContractState, PricePeriod, ProductKind},
    session::SignInResult,
    start::{ChangeKind, TaskKind},
    tax::TaxRate,
    term::{CustomerKind, Renewal},
    webhook::{DeliveryState, EventKind},
};
use std::pin::Pin;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response};

/// What `schema.graphql` declares, as types.
#[cynic::schema("api")]
#[allow(missing_docs, dead_code, reason = "generated from the contract, which has the words")]
pub mod schema {}

macro_rules! scalars {
    ($($name:ident),+ $(,)?) => { $(cynic::impl_scalar!($name, schema::$name);)+ };
}

scalars!(
    AccountId,
    AccountKind,
    AgreementTemplateId,
    Amount,
    AssignmentId,
    AssignmentImportId,
    AssignmentVerdict,
    BillingEmailId,
    BuyerRuleId,
    BuyerTerm,
    ChangeKind,
    ConflictDecision,
    ContractId,
    ContractOrder,
    ContractState,
    CustomerColumn,
    CustomerKind,
    CustomerProblem,
    CustomerState,
    CustomerVerdict,
    Decision,
    DeliveryId,
    DeliveryState,
    DeviceAssigned,
    DeviceEventKind,
    DeviceId,
    DeviceKind,
    DeviceProof,
    DocumentId,
    DocumentKind,
    Doer,
    ErrorCode,
    EventKind,
    FaceGap,
    FileId,
    HelpTopic,
    ImportProblem,
    ImportVerdict,
    IntakeId,
    IntakeSource,
    IntakeState,
    InvitationId,
    InvoiceId,
    InvoiceKind,
    InvoiceOrder,
    InvoiceStand,
    InvoiceState,
    KeyColumn,
    KeyFileFormat,
    KeyImportId,
    KeyUse,
    Language,
    LegalKind,
    LinkPurpose,
    MailId,
    Medium,
    OrderId,
    OrderKind,
    OrderSource,
    OrderState,
    PasswordMode,
    PricePeriod,
    ProductId,
    ProductKind,
    ReadRightState,
    Renewal,
    Right,
    RowNote,
    RowVerdict,
    SearchKind,
    SessionId,
    SignInResult,
    StagedImportId,
    StagedImportState,
    TaskKind,
    TaxRate,
    TokenId,
    UserId,
    WaveId,
    WebhookId,
    WorkKind,
);

/// A calendar day: `2026-12-02` (RFC 3339 full-date).
#[derive(cynic::Scalar, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cynic(graphql_type = "NaiveDate")]
pub struct Day(pub String);

/// A point in time in UTC (RFC 3339).
#[derive(cynic::Scalar, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cynic(graphql_type = "DateTime")]
pub struct Instant(pub String);

/// Names an act of this browser, so that two clicks at once do one thing.
#[derive(cynic::Scalar, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "UUID")]
pub struct Key(pub String);

impl Key {
    /// A new one, random.
    pub fn new() -> Self {
        let crypto = js_sys::Reflect::get(&js_sys::global(), &"crypto".into());
        let made = crypto.and_then(|crypto| {
            let make = js_sys::Reflect::get(&crypto, &"randomUUID".into())?;
            make.dyn_into::<js_sys::Function>()?.call0(&crypto)
        });
        // Without one, which only a page without TLS elsewhere than on this machine meets, the server refuses the act.
        Self(made.ok().and_then(|key| key.as_string()).unwrap_or_default())
    }
}

/// An exact decimal number of any places, such as a quantity.
#[derive(cynic::Scalar, Clone, Debug, PartialEq, Eq)]
pub struct Decimal(pub String);

/// An amount with its currency (ISO 4217).
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct Money {
    /// How much.
    pub amount: Amount,
    /// Three letters, such as EUR.
    pub currency: String,
}

/// Where a page of a list ends.
#[derive(cynic::QueryFragment, Clone, Debug, Default, PartialEq, Eq)]
pub struct PageInfo {
    /// What to ask for with `after` to get the next page.
    pub end_cursor: Option<String>,
    /// Whether there is a next page.
    pub has_next_page: bool,
}

/// Why a request did not give what was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// No answer, or none that can be read: offline, or the server is down.
    #[error("the server can not be reached")]
    Unreachable,
    /// The person closed the dialog that asks for the password again. Nothing has happened.
    #[error("not confirmed")]
    NotConfirmed,
    /// The server said no.
    #[error("{code:?}")]
    Refused {
        /// What kind of refusal.
        code: ErrorCode,
        /// The input field that was refused, for [`ErrorCode::Invalid`].
        field: Option<String>,
        /// Why the field was refused.
        reason: Option<Reason>,
        /// The number of the request in the server's log.
        request_id: Option<String>,
        /// In English, for what has no words here.
        message: String,
    },
}

impl ApiError {
    /// A refusal that needs no server, such as an address that holds no id.
    pub fn refused(code: ErrorCode) -> Self {
        Self::Refused {
            code,
            field: None,
            reason: None,
            request_id: None,
            message: String::new(),
        }
    }

    /// The code of a refusal.
    pub fn code(&self) -> Option<ErrorCode> {
        match self {
            Self::Refused { code, .. } => Some(*code),
            _ => None,
        }
    }

    /// The reason of a refusal.
    pub fn reason(&self) -> Option<Reason> {
        match self {
            Self::Refused { reason, .. } => *reason,
            _ => None,
        }
    }

    /// The field that was refused.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Refused { field, .. } => field.as_deref(),
            _ => None,
        }
    }
}

/// An answer of the API (GraphQL over HTTP, section 7.1), its data still as text.
#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    errors: Option<Vec<Refusal>>,
}

#[derive(Deserialize)]
struct Refusal {
    message: String,
    extensions: Option<Extensions>,
}

/// What the server writes into `extensions`. Words it does not know yet read as nothing said.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Extensions {
    code: Option<serde_json::Value>,
    field: Option<String>,
    reason: Option<serde_json::Value>,
    request_id: Option<String>,
}

fn refusal(message: String, extensions: Option<Extensions>) -> ApiError {
    let extensions = extensions.unwrap_or_default();
    ApiError::Refused {
        code: extensions
            .code
            .and_then(|code| serde_json::from_value(code).ok())
            .unwrap_or(ErrorCode::Internal),
        field: extensions.field,
        reason: extensions.reason.and_then(|reason| serde_json::from_value(reason).ok()),
        request_id: extensions.request_id,
        message,
    }
}

/// Sends a query or mutation and gives its data, or the first error. Where the server wants the password again,
/// the person is asked for it and the operation is sent once more; where the session has ended, the app goes
/// back to the sign-in page.
///
/// # Errors
/// [`ApiError`]; [`ApiError::NotConfirmed`] when the person did not give the password.
pub async fn send<T: DeserializeOwned, V: Serialize>(operation: Operation<T, V>) -> Result<T, ApiError> {
    of_data(&exchange(written(&operation)?).await?)
}

/// Sends an operation as it is: no question for the password, no way back to the sign-in page.
///
/// # Errors
/// [`ApiError`].
pub async fn send_once<T: DeserializeOwned, V: Serialize>(operation: Operation<T, V>) -> Result<T, ApiError> {
    of_data(&exchange_once(written(&operation)?).await?)
}

fn written<T, V: Serialize>(operation: &Operation<T, V>) -> Result<String, ApiError> {
    serde_json::to_string(operation).map_err(|_| ApiError::Unreachable)
}

fn of_data<T: DeserializeOwned>(data: &str) -> Result<T, ApiError> {
    serde_json::from_str(data).map_err(|_| ApiError::Unreachable)
}

/// What both ways of sending have in common; boxed, so that it is in the program once and not once an operation.
type Exchange = Pin<Box<dyn Future<Output = Result<String, ApiError>>>>;

fn exchange(body: String) -> Exchange {
    Box::pin(async move {
        let first = exchange_once(body.clone()).await;
        match first.as_ref().err().and_then(ApiError::code) {
            Some(ErrorCode::StepUpRequired) => {
                if session::step_up::confirm().await {
                    exchange_once(body).await
                } else {
                    Err(ApiError::NotConfirmed)
                }
            }
            Some(ErrorCode::Unauthenticated) => {
                session::end();
                first
            }
            _ => first,
        }
    })
}

fn exchange_once(body: String) -> Exchange {
    Box::pin(async move { data_of(&post(body).await?) })
}

/// The data of an answer, or its first error.
fn data_of(text: &str) -> Result<String, ApiError> {
    let answer: Answer<'_> = serde_json::from_str(text).map_err(|_| ApiError::Unreachable)?;
    match (answer.data, answer.errors.into_iter().flatten().next()) {
        (_, Some(error)) => Err(refusal(error.message, error.extensions)),
        (Some(data), None) => Ok(data.get().to_owned()),
        (None, None) => Err(ApiError::Unreachable),
    }
}

/// The refusal of an endpoint beside GraphQL, which is the code alone: `{"code":"TOO_LARGE"}`.
pub fn refusal_of(text: &str) -> ApiError {
    match serde_json::from_str::<Extensions>(text) {
        Ok(extensions) => refusal(String::new(), Some(extensions)),
        Err(_) => ApiError::Unreachable,
    }
}

async fn post(body: String) -> Result<String, ApiError> {
    fetch(&body).await.map_err(|_| ApiError::Unreachable)
}

/// One request to the API of the origin that served the page; the browser adds the session's cookie. This is the
/// browser's own `fetch`: reqwest brings the tables of all the world's host names, 68 KB over the wire.
async fn fetch(body: &str) -> Result<String, JsValue> {
    let headers = Headers::new()?;
    headers.set("content-type", "application/json")?;
    headers.set(shared::CSRF_HEADER, "1")?;
    let options = RequestInit::new();
    options.set_method("POST");
    options.set_headers(&headers);
    options.set_body(&JsValue::from_str(body));
    let answer = leptos::prelude::window().fetch_with_str_and_init("/graphql", &options);
    let answer: Response = JsFuture::from(answer).await?.dyn_into()?;
    Ok(JsFuture::from(answer.text()?).await?.as_string().unwrap_or_default())
}

/// The origin that served the page, such as `https://portal.example`.
pub fn origin() -> String {
    leptos::prelude::window().location().origin().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_keeps_code_field_and_reason() {
        let answer = r#"{"data":null,"errors":[{"message":"no","extensions":{"code":"INVALID","field":"email","reason":"NOT_AN_EMAIL","requestId":"7F3A"}}]}"#;
        let refused = data_of(answer);
        assert_eq!(
            refused,
            Err(ApiError::Refused {
                code: ErrorCode::Invalid,
                field: Some("email".into()),
                reason: Some(Reason::NotAnEmail),
                request_id: Some("7F3A".into()),
                message: "no".into(),
            })
        );
    }

    #[test]
    fn an_unknown_code_reads_as_internal() {
        let answer = r#"{"errors":[{"message":"no","extensions":{"code":"TEAPOT","reason":"COLD"}}]}"#;
        let refused = data_of(answer);
        assert_eq!(
            refused.as_ref().err().and_then(ApiError::code),
            Some(ErrorCode::Internal)
        );
        assert_eq!(refused.as_ref().err().and_then(ApiError::reason), None);
    }

    #[test]
    fn an_upload_is_refused_with_the_code_alone() {
        assert_eq!(
            refusal_of(r#"{"code":"TOO_LARGE"}"#),
            ApiError::refused(ErrorCode::TooLarge)
        );
        assert_eq!(refusal_of("<html>502</html>"), ApiError::Unreachable);
    }

    #[test]
    fn what_is_no_answer_is_unreachable() {
        assert_eq!(data_of("<html>502</html>"), Err(ApiError::Unreachable));
        assert_eq!(data_of("{}"), Err(ApiError::Unreachable));
    }
}

//! What the parts about the password, signed-in devices and sign-ins ask the server.
use crate::api::{self, ApiError, Instant, PageInfo, schema};
use cynic::{MutationBuilder, QueryBuilder};
use shared::{id::SessionId, session::SignInResult};

/// Rows of a page of the sign-ins.
pub const PAGE: i32 = 10;

/// What a browser says that it is.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "SignInDevice")]
pub struct Device {
    /// Such as Firefox.
    pub browser: Option<String>,
    /// Such as Windows.
    pub system: Option<String>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query")]
struct Own {
    own_password: OwnPassword,
}

/// The viewer's password, as far as anybody may know it.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct OwnPassword {
    /// When it was chosen.
    pub changed_at: Option<Instant>,
    /// The fewest characters of a new one.
    pub min_length: i32,
}

/// The viewer's password.
pub async fn own_password() -> Result<OwnPassword, ApiError> {
    api::send(Own::build(())).await.map(|found| found.own_password)
}

/// The password as it is and as it shall be.
#[derive(cynic::InputObject, Clone, Debug)]
pub struct ChangePasswordInput {
    /// As it is.
    pub current_password: String,
    /// Whether all access tokens end, too.
    pub end_tokens: Option<bool>,
    /// As it shall be.
    pub new_password: String,
}

#[derive(cynic::QueryVariables)]
struct ChangeVariables {
    input: ChangePasswordInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "ChangeVariables")]
struct Change {
    #[arguments(input: $input)]
    change_password: ChangePasswordPayload,
}

#[derive(cynic::QueryFragment)]
struct ChangePasswordPayload {
    changed_at: Instant,
}

/// Changes the viewer's password; gives when.
pub async fn change_password(input: ChangePasswordInput) -> Result<Instant, ApiError> {
    let changed = api::send(Change::build(ChangeVariables { input })).await?;
    Ok(changed.change_password.changed_at)
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query")]
struct Sessions {
    sessions: Vec<Session>,
}

/// A browser in which the viewer is signed in.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// When the viewer signed in.
    pub created_at: Instant,
    /// What it says that it is.
    pub device: Option<Device>,
    /// Names the session.
    pub id: SessionId,
    /// Where from.
    pub ip: Option<String>,
    /// Whether it is this one.
    pub is_current: bool,
    /// When it last asked for something.
    pub last_seen_at: Instant,
}

/// The browsers in which the viewer is signed in.
pub async fn sessions() -> Result<Vec<Session>, ApiError> {
    api::send(Sessions::build(())).await.map(|found| found.sessions)
}

#[derive(cynic::InputObject)]
struct EndSessionInput {
    id: SessionId,
}

#[derive(cynic::QueryVariables)]
struct EndVariables {
    input: EndSessionInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "EndVariables")]
struct End {
    #[arguments(input: $input)]
    end_session: EndSessionPayload,
}

#[derive(cynic::QueryFragment)]
struct EndSessionPayload {
    id: SessionId,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation")]
struct EndOthers {
    end_other_sessions: EndedSessionsPayload,
}

#[derive(cynic::QueryFragment)]
struct EndedSessionsPayload {
    count: i32,
}

/// Signs a browser out, or all others without an id; gives how many that were.
pub async fn end(id: Option<SessionId>) -> Result<i32, ApiError> {
    match id {
        Some(id) => {
            let input = EndSessionInput { id };
            let ended = api::send(End::build(EndVariables { input })).await?.end_session.id;
            Ok(i32::from(ended == id))
        }
        None => Ok(api::send(EndOthers::build(())).await?.end_other_sessions.count),
    }
}

/// A sign-in, or a try.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// When.
    pub at: Instant,
    /// What the browser said that it is.
    pub device: Option<Device>,
    /// Where from.
    pub ip: Option<String>,
    /// How it ended.
    pub result: SignInResult,
}

/// A page of the sign-ins.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct SignInConnection {
    /// The rows.
    pub nodes: Vec<SignIn>,
    /// Where the page ends.
    pub page_info: PageInfo,
    /// How many there are on all pages.
    pub total_count: i32,
}

#[derive(cynic::QueryVariables)]
struct SignInsVariables {
    after: Option<String>,
    first: Option<i32>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "SignInsVariables")]
struct SignIns {
    #[arguments(after: $after, first: $first)]
    sign_ins: SignInConnection,
}

/// A page of the viewer's sign-ins, those after the cursor `after`.
pub async fn sign_ins(after: Option<String>) -> Result<SignInConnection, ApiError> {
    let variables = SignInsVariables {
        after,
        first: Some(PAGE),
    };
    api::send(SignIns::build(variables)).await.map(|found| found.sign_ins)
}

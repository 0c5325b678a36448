//! Keys in files, and requests for more of them than the quota allows, as the API offers them.
use super::{
    super::{hand_out, request},
    DeviceSelection,
};
use crate::{
    account::graphql::AccountsById,
    actor::{Actor, RequestActor},
    app::App,
    entity::{account, key_request, user},
    error::Result,
    page::{Connection, Page},
    user::graphql::UsersById,
};
use async_graphql::{ComplexObject, Context, InputObject, Object, SimpleObject, dataloader::DataLoader};
use chrono::{DateTime, Utc};
use shared::{
    device::{KeyExportFormat, KeyRequestState},
    id::{KeyExportId, KeyRequestId},
};

/// The queries of keys in use.
#[derive(Debug, Default)]
pub struct KeyUseQuery;

#[Object]
impl KeyUseQuery {
    /// The requests for keys of the account in view, and those that it has to decide, newest first. Only who may read
    /// or manage keys.
    async fn key_requests(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
    ) -> Result<Connection<KeyRequest>> {
        let (app, actor) = (ctx.data_unchecked::<App>(), ctx.actor()?);
        let page = Page::read(first, after)?;
        let (rows, total) = request::list(app, actor, &page).await?;
        let nodes = rows.into_iter().map(|row| KeyRequest::of(app, actor, row)).collect();
        Ok(Connection::new(&page, nodes, total, |row: &KeyRequest| row.id))
    }
}

/// The mutations of keys in use.
#[derive(Debug, Default)]
pub struct KeyUseMutation;

#[Object]
impl KeyUseMutation {
    /// Makes a file of all keys of devices, which this session fetches once, within 5 minutes, from
    /// `/download/keys/{id}`. It needs the password given lately (`stepUp`), is written to the audit log, and counts for
    /// the quota of an hour (refused with the reason `KEY_QUOTA`). Only who may read keys, only devices whose keys he may
    /// see, at most 10,000.
    async fn export_keys(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and in what form.")] input: ExportKeysInput,
    ) -> Result<ExportKeysPayload> {
        let wanted = hand_out::wanted(input.selection, input.request_id)?;
        let made = hand_out::hand_out(ctx.data_unchecked::<App>(), ctx.actor()?, wanted, input.format).await?;
        Ok(ExportKeysPayload {
            id: made.row.id,
            file_name: made.row.file_name,
            device_count: made.row.device_count,
            mark: made.row.mark,
            sha256: made.row.sha256,
            expires_at: made.row.expires_at,
            password: made.password.map(|password| password.to_string()),
        })
    }

    /// Asks for more keys than the quota allows. A second person of the account decides, else the dealer who gave all
    /// these devices; where there is neither, it opens a day later. Only who may read keys.
    async fn request_keys(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which devices.")] input: RequestKeysInput,
    ) -> Result<KeyRequestPayload> {
        let (app, actor) = (ctx.data_unchecked::<App>(), ctx.actor()?);
        let row = request::ask(app, actor, &input.selection).await?;
        Ok(KeyRequestPayload::of(app, actor, row))
    }

    /// Approves the request of another person: what it is about can be done once, within a day. It needs the password
    /// given lately (`stepUp`).
    async fn approve_key_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: KeyRequestInput,
    ) -> Result<KeyRequestPayload> {
        let (app, actor) = (ctx.data_unchecked::<App>(), ctx.actor()?);
        let row = request::decide(app, actor, input.id, true).await?;
        Ok(KeyRequestPayload::of(app, actor, row))
    }

    /// Refuses the request of another person. It needs the password given lately (`stepUp`).
    async fn refuse_key_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: KeyRequestInput,
    ) -> Result<KeyRequestPayload> {
        let (app, actor) = (ctx.data_unchecked::<App>(), ctx.actor()?);
        let row = request::decide(app, actor, input.id, false).await?;
        Ok(KeyRequestPayload::of(app, actor, row))
    }

    /// Takes a request of the account in view back. Only who may read keys.
    async fn cancel_key_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: KeyRequestInput,
    ) -> Result<KeyRequestPayload> {
        let (app, actor) = (ctx.data_unchecked::<App>(), ctx.actor()?);
        let row = request::cancel(app, actor, input.id).await?;
        Ok(KeyRequestPayload::of(app, actor, row))
    }
}

/// What `exportKeys` takes. Exactly one of `selection` and `requestId` is given.
#[derive(InputObject)]
pub struct ExportKeysInput {
    /// These devices, within the quota.
    pub selection: Option<DeviceSelection>,
    /// Those of a request of the viewer's that is open.
    pub request_id: Option<KeyRequestId>,
    /// In what form.
    pub format: KeyExportFormat,
}

/// What `exportKeys` gives.
#[derive(SimpleObject)]
pub struct ExportKeysPayload {
    /// Names the file.
    pub id: KeyExportId,
    /// What it is called.
    pub file_name: String,
    /// How many devices are in it.
    pub device_count: i32,
    /// What stands in its files and in no others.
    pub mark: String,
    /// Its SHA-256, 64 hexadecimal digits.
    pub sha256: String,
    /// Until when it can be fetched.
    pub expires_at: DateTime<Utc>,
    /// What opens a key file (`KEM`), shown here once and kept nowhere; null for other forms.
    pub password: Option<String>,
}

/// What `requestKeys` takes.
#[derive(InputObject)]
pub struct RequestKeysInput {
    /// The devices whose keys are asked for.
    pub selection: DeviceSelection,
}

/// What the mutations of one request take.
#[derive(InputObject)]
pub struct KeyRequestInput {
    /// The request.
    pub id: KeyRequestId,
}

/// What the mutations of one request give.
#[derive(SimpleObject)]
pub struct KeyRequestPayload {
    /// The request as it stands now.
    pub request: KeyRequest,
}

impl KeyRequestPayload {
    fn of(app: &App, actor: &Actor, row: key_request::Model) -> Self {
        Self {
            request: KeyRequest::of(app, actor, row),
        }
    }
}

/// A request for more keys than the quota allows.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct KeyRequest {
    /// Names it.
    pub id: KeyRequestId,
    /// How many devices it is about.
    pub device_count: i32,
    /// Where it stands.
    pub state: KeyRequestState,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when it can be used, or from when on if it waits; null while it has to be decided and once it is over.
    pub until: Option<DateTime<Utc>>,
    /// Whether the viewer made it.
    pub is_own: bool,
    /// Whether the viewer can approve or refuse it.
    pub viewer_can_decide: bool,
    /// Whether the viewer can take it back.
    pub viewer_can_cancel: bool,
    #[graphql(skip)]
    row: key_request::Model,
}

impl KeyRequest {
    fn of(app: &App, actor: &Actor, row: key_request::Model) -> Self {
        let (viewer_can_decide, viewer_can_cancel) = request::abilities(app, actor, &row);
        let state = request::state(&row, app.clock.now());
        let until = match state {
            KeyRequestState::Waiting => row.opens_at,
            KeyRequestState::Open => row.decided_at.or(row.opens_at).map(|open| open + request::OPEN_FOR),
            _ => None,
        };
        Self {
            id: row.id,
            device_count: row.device_count,
            state,
            created_at: row.created_at,
            until,
            is_own: row.user_id == actor.user,
            viewer_can_decide,
            viewer_can_cancel,
            row,
        }
    }
}

#[ComplexObject]
impl KeyRequest {
    /// Who made it.
    async fn asked_by(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let users = ctx.data_unchecked::<DataLoader<UsersById>>();
        let user: Option<user::Model> = users.load_one(self.row.user_id).await?;
        Ok(user.and_then(|user| user.name.or(user.email)))
    }

    /// For which account.
    async fn account_name(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let accounts = ctx.data_unchecked::<DataLoader<AccountsById>>();
        let account: Option<account::Model> = accounts.load_one(self.row.account_id).await?;
        Ok(account.map(|account| account.name))
    }

    /// Who approved or refused it.
    async fn decided_by(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let Some(id) = self.row.decided_by else { return Ok(None) };
        let users = ctx.data_unchecked::<DataLoader<UsersById>>();
        let user: Option<user::Model> = users.load_one(id).await?;
        Ok(user.and_then(|user| user.name.or(user.email)))
    }
}

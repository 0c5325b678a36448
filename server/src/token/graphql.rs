//! Personal access tokens as the API offers them.
use super::NewToken;
use crate::{
    account::graphql::{Account, AccountsById},
    actor::RequestActor,
    app::App,
    entity::token,
    error::{Error, Result},
};
use async_graphql::{ComplexObject, Context, InputObject, Object, SimpleObject, dataloader::DataLoader};
use chrono::{DateTime, NaiveDate, Utc};
use shared::{
    account::Right,
    id::{AccountId, TokenId},
};

/// The queries of this subject.
#[derive(Debug, Default)]
pub struct TokenQuery;

#[Object]
impl TokenQuery {
    /// The viewer's personal access tokens, the newest first, those that have ended included; at most 50.
    async fn tokens(&self, ctx: &Context<'_>) -> Result<Vec<Token>> {
        let app = ctx.data_unchecked::<App>();
        let rows = super::list(app, ctx.actor()?).await?;
        Ok(rows.into_iter().map(|row| Token::of(app, row)).collect())
    }
}

/// The mutations of this subject.
#[derive(Debug, Default)]
pub struct TokenMutation;

#[Object]
impl TokenMutation {
    /// Makes a personal access token, with which a program calls this API as `Authorization: Bearer`. Needs a step-up;
    /// a token makes no other tokens. A user has at most 50.
    async fn create_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is called, what it may do, and until when.")] input: CreateTokenInput,
    ) -> Result<CreateTokenPayload> {
        let app = ctx.data_unchecked::<App>();
        let new = NewToken {
            name: input.name,
            scopes: input.scopes,
            account: input.account_id,
            expires_on: input.expires_on,
        };
        let (row, secret) = super::create(app, ctx.actor()?, new).await?;
        Ok(CreateTokenPayload {
            token: Token::of(app, row),
            secret,
        })
    }

    /// Ends a personal access token of the viewer's. Its next request is refused.
    async fn revoke_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which token.")] input: RevokeTokenInput,
    ) -> Result<RevokeTokenPayload> {
        super::revoke(ctx.data_unchecked(), ctx.actor()?, input.id).await?;
        Ok(RevokeTokenPayload { id: input.id })
    }
}

/// What `createToken` takes.
#[derive(InputObject)]
pub struct CreateTokenInput {
    /// What the viewer calls it; at most 100 characters.
    pub name: String,
    /// What it may do at most; each one a right that the viewer has in the account.
    pub scopes: Vec<Right>,
    /// The account that it acts in, which the viewer belongs to; the one in view if left out.
    pub account_id: Option<AccountId>,
    /// The last day on which it counts, in UTC; at most 365 days from today.
    pub expires_on: NaiveDate,
}

/// What `createToken` gives.
#[derive(SimpleObject)]
pub struct CreateTokenPayload {
    /// The token.
    pub token: Token,
    /// What a program sends after `Authorization: Bearer`. It is shown this once.
    pub secret: String,
}

/// What `revokeToken` takes.
#[derive(InputObject)]
pub struct RevokeTokenInput {
    /// A token of the viewer's.
    pub id: TokenId,
}

/// What `revokeToken` gives.
#[derive(SimpleObject)]
pub struct RevokeTokenPayload {
    /// The token that was ended.
    pub id: TokenId,
}

/// A personal access token: a program acts with it in the viewer's name, in one account.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Token {
    /// Names the token.
    pub id: TokenId,
    /// What the viewer calls it.
    pub name: String,
    /// What it may do at most; at each request no more than the viewer may do then.
    pub scopes: Vec<Right>,
    /// The last day on which it counts, in UTC.
    pub expires_on: NaiveDate,
    /// Whether its last day is over.
    pub is_expired: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute; null for never.
    pub last_used_at: Option<DateTime<Utc>>,
    /// The address from which it was last used.
    pub last_used_from: Option<String>,
    #[graphql(skip)]
    account_id: AccountId,
}

impl Token {
    fn of(app: &App, row: token::Model) -> Self {
        Self {
            id: row.id,
            name: row.name,
            scopes: row.scopes.to_vec(),
            expires_on: row.expires_on,
            is_expired: row.expires_on < app.clock.today(),
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            last_used_from: row.last_used_from,
            account_id: row.account_id,
        }
    }
}

#[ComplexObject]
impl Token {
    /// The account that it acts in.
    async fn account(&self, ctx: &Context<'_>) -> Result<Account> {
        let row = ctx
            .data_unchecked::<DataLoader<AccountsById>>()
            .load_one(self.account_id)
            .await?;
        row.map(Account::from).ok_or(Error::NotFound("account"))
    }
}

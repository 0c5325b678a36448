//! Codes, what they are redeemed for, and what an access token tells (security threat 15).
use super::{
    ACT, CODE_LIFE, TOKEN_LIFE,
    claims::{self, About, PortalToken, TokenAnswer, UserAnswer},
    client::Client,
    key,
    request::Request,
    visit,
};
use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::{sso_code, sso_token, sso_visit},
    error::{Error, Result},
    session::{self, new_token, token_hash},
};
use anyhow::{Context, anyhow};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use openidconnect::{
    AccessToken, Audience, EmptyExtraTokenFields, IdTokenClaims, IdTokenFields, IssuerUrl, Nonce, Scope,
    core::CoreTokenType,
};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, QueryFilter, sea_query::Expr};
use sha2::{Digest, Sha256};
use shared::{
    account::{Right, Rights},
    error::ErrorCode,
    id::AccountId,
};
use subtle::ConstantTimeEq;

/// Gives the actor a code for the client of a request: 256 bits, for [`CODE_LIFE`], stored as a hash.
///
/// # Errors
/// [`Error::Forbidden`] or [`Error::SecondFactorRequired`] to those who may not; [`Error::Unauthenticated`] if the
/// session has ended in the meantime.
pub(super) async fn issue(app: &App, actor: &Actor, origin: &session::Origin, request: &Request) -> Result<String> {
    let account = actor.require(Right::ManageContracts)?.id;
    let code = new_token(app);
    let tx = app.begin().await?;
    let visit = visit::begin(&tx, app, actor, account, &request.client).await?;
    let row = sso_code::Model {
        code_hash: token_hash(&code),
        visit_id: visit.id,
        account_id: account,
        redirect_uri: request.redirect_uri.clone(),
        challenge: request.challenge.clone(),
        nonce: request.nonce.clone(),
        scope: request.scope.clone(),
        authenticated_at: actor.authenticated_at,
        has_second_factor: actor.has_second_factor,
        expires_at: app.clock.now() + CODE_LIFE,
        used_at: None,
    };
    row.into_active_model().insert(&tx).await?;
    let entry = audit::Entry {
        user: Some(actor.user),
        account: Some(account),
        act: ACT,
        object: Some(request.client.clone()),
        ip: origin.ip.clone(),
        user_agent: origin.user_agent.clone(),
        ..audit::Entry::default()
    };
    audit::add(&tx, app, entry).await?;
    tx.commit().await?;
    Ok(code)
}

/// What a client sends to redeem a code.
#[derive(Clone, Copy, Debug)]
pub struct Redeeming<'a> {
    /// The code.
    pub code: &'a str,
    /// Where it came to.
    pub redirect_uri: &'a str,
    /// What the challenge was made of (RFC 7636 section 4.1).
    pub verifier: &'a str,
}

/// Redeems a code: once, by the client that it was made for, with everything that the request said. Whatever is wrong,
/// the code is used up. A code that comes again takes back the tokens that were made from it.
///
/// # Errors
/// If the database refuses; none is `invalid_grant`.
pub async fn redeem(app: &App, client: &Client, given: Redeeming<'_>) -> Result<Option<TokenAnswer>> {
    let hash = token_hash(given.code);
    let now = app.clock.now();
    let tx = app.begin().await?;
    let used = sso_code::Entity::update_many()
        .col_expr(sso_code::Column::UsedAt, Expr::value(now))
        .filter(sso_code::COLUMN.code_hash.eq(hash.as_slice()))
        .filter(sso_code::COLUMN.used_at.is_null())
        .exec(&tx)
        .await?;
    let Some(row) = sso_code::Entity::find_by_id(hash.clone()).one(&tx).await? else {
        tx.rollback().await?;
        return Ok(None);
    };
    let visit = sso_visit::Entity::find_by_id(row.visit_id).one(&tx).await?;
    let visit = visit.ok_or_else(|| anyhow!("a code has no visit"))?;
    if used.rows_affected != 1 {
        sso_token::Entity::delete_many()
            .filter(sso_token::COLUMN.code_hash.eq(hash))
            .exec(&tx)
            .await?;
        tx.commit().await?;
        refuse(app, &visit).await;
        return Ok(None);
    }
    let is_right = visit.client_id == client.id
        && row.redirect_uri == given.redirect_uri
        && row.expires_at > now
        && is_proved(given.verifier, &row.challenge);
    if !is_right {
        tx.commit().await?;
        refuse(app, &visit).await;
        return Ok(None);
    }
    let token = new_token(app);
    let access = sso_token::Model {
        token_hash: token_hash(&token),
        code_hash: hash,
        visit_id: visit.id,
        account_id: row.account_id,
        scope: row.scope.clone(),
        expires_at: now + TOKEN_LIFE,
    };
    access.into_active_model().insert(&tx).await?;
    tx.commit().await?;
    let Some(rights) = visit::rights(app, &visit, row.account_id).await? else {
        refuse(app, &visit).await;
        return Ok(None);
    };
    answer(app, client, &visit, &row, rights, token).await.map(Some)
}

/// Whether the challenge is the hash of the verifier (RFC 7636 section 4.6).
fn is_proved(verifier: &str, challenge: &str) -> bool {
    let is_verifier = (43..=128).contains(&verifier.len())
        && verifier
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte));
    let hash = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
    is_verifier && bool::from(hash.as_bytes().ct_eq(challenge.as_bytes()))
}

async fn refuse(app: &App, visit: &sso_visit::Model) {
    let entry = audit::Entry {
        user: Some(visit.user_id),
        account: Some(visit.account_id),
        act: ACT,
        object: Some(visit.client_id.clone()),
        code: Some(ErrorCode::Invalid),
        ..audit::Entry::default()
    };
    audit::refuse(app, entry).await;
}

async fn answer(
    app: &App,
    client: &Client,
    visit: &sso_visit::Model,
    row: &sso_code::Model,
    rights: Rights,
    token: String,
) -> Result<TokenAnswer> {
    let (standard, portal) = claims::about(app, about(visit, row.account_id, rights, &row.scope)).await?;
    let now = whole_seconds(app.clock.now());
    let (class, methods) = claims::proof(row.has_second_factor);
    let issuer = IssuerUrl::new(app.settings.origin.clone()).context("the origin is no address")?;
    let audience = vec![Audience::new(client.id.clone())];
    let said = IdTokenClaims::new(issuer, audience, now + TOKEN_LIFE, now, standard, portal)
        .set_auth_time(Some(whole_seconds(row.authenticated_at)))
        .set_nonce(row.nonce.clone().map(Nonce::new))
        .set_auth_context_ref(Some(class))
        .set_auth_method_refs(Some(methods));
    let signing = key::current(app).await?;
    let access = AccessToken::new(token);
    let id_token = PortalToken::new(said, &signing, key::ALGORITHM, Some(&access), None)
        .map_err(|error| anyhow!("an ID token could not be signed: {error}"))?;
    let fields = IdTokenFields::new(Some(id_token), EmptyExtraTokenFields {});
    let mut answer = TokenAnswer::new(access, CoreTokenType::Bearer, fields);
    answer.set_expires_in(TOKEN_LIFE.to_std().ok().as_ref());
    answer.set_scopes(Some(
        row.scope.split(' ').map(|scope| Scope::new(scope.to_owned())).collect(),
    ));
    Ok(answer)
}

fn about<'a>(visit: &sso_visit::Model, account: AccountId, rights: Rights, scope: &'a str) -> About<'a> {
    About {
        visit: visit.id,
        user: visit.user_id,
        account,
        rights,
        scope,
    }
}

fn whole_seconds(time: DateTime<Utc>) -> DateTime<Utc> {
    time.duration_trunc(TimeDelta::seconds(1)).unwrap_or(time)
}

/// What an access token tells of its person, as it is now.
///
/// # Errors
/// [`Error::Unauthenticated`] if the token is unknown, too old, or its visit is over.
pub async fn user_info(app: &App, token: &str) -> Result<UserAnswer> {
    let row = sso_token::Entity::find_by_id(token_hash(token)).one(&app.db).await?;
    let row = row
        .filter(|row| row.expires_at > app.clock.now())
        .ok_or(Error::Unauthenticated)?;
    let visit = sso_visit::Entity::find_by_id(row.visit_id).one(&app.db).await?;
    let visit = visit.ok_or(Error::Unauthenticated)?;
    let rights = visit::rights(app, &visit, row.account_id).await?;
    let rights = rights.ok_or(Error::Unauthenticated)?;
    let (standard, portal) = claims::about(app, about(&visit, row.account_id, rights, &row.scope)).await?;
    Ok(UserAnswer::new(standard, portal))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verifier_is_the_one_of_rfc_7636_appendix_b() {
        let (verifier, challenge) = (
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        );
        assert!(is_proved(verifier, challenge));
        for wrong in [
            "",
            challenge,
            &verifier[1..],
            &format!("{verifier}a"),
            &verifier.to_lowercase(),
        ] {
            assert!(!is_proved(wrong, challenge), "{wrong}");
        }
        let short = "abc";
        let of_short = URL_SAFE_NO_PAD.encode(Sha256::digest(short));
        assert!(!is_proved(short, &of_short), "shorter than 43 characters");
    }
}

//! The code of a printed letter, the second way to a first sign-in (security F01): twelve signs of 60 random bits and a
//! check sign that tells a typing error at once. It lasts 30 days, works once, and guesses at it are counted.
use super::recovery;
use crate::{
    app::App,
    audit::{self, Entry},
    entity::{letter_code, sign_in_name, user},
    error::{Error, Result},
    session::{
        Origin,
        sign_in::address,
        throttle::{self, Guess, Verdict},
    },
};
use chrono::TimeDelta;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, sea_query::Expr,
};
use sha2::{Digest, Sha256};
use shared::{
    error::{ErrorCode, Reason},
    id::UserId,
    letter,
};

/// How long a letter's code counts.
pub const LIFE: TimeDelta = TimeDelta::days(30);

/// Makes a code for a user who has no password yet, in place of a former one; it is stored nowhere. No actor: who may
/// print letters is the caller's to check.
///
/// # Errors
/// If the database refuses.
pub async fn create(db: &impl ConnectionTrait, app: &App, user: UserId) -> Result<String> {
    let code = letter::write(app.rng.bytes::<8>());
    letter_code::Entity::delete_by_id(user).exec(db).await?;
    let row = letter_code::Model {
        user_id: user,
        code_hash: hash(user, &code),
        expires_at: app.clock.now() + LIFE,
        used_at: None,
    };
    row.into_active_model().insert(db).await?;
    Ok(code)
}

fn hash(user: UserId, code: &str) -> Vec<u8> {
    let signs = code.replace('-', "");
    Sha256::new()
        .chain_update(user.0.as_bytes())
        .chain_update(signs.as_bytes())
        .finalize()
        .to_vec()
}

/// Uses a letter's code up and gives the token of a link with which the person chooses a password.
///
/// # Errors
/// [`Error::Invalid`] at `code` with `MISTYPED` if the check sign does not fit, which costs no try; with `WRONG_CODE`
/// otherwise, alike for unknown customer numbers and while it is locked; [`Error::Throttled`] when too many tries came
/// from this address.
pub async fn redeem(app: &App, origin: &Origin, number: &str, typed: &str) -> Result<String> {
    let code = letter::read(typed).ok_or_else(|| {
        Error::invalid(
            "code",
            Reason::Mistyped,
            "the check sign does not fit: compare with the letter",
        )
    })?;
    let Verdict::Open(from_address) = throttle::charge(app, Guess::SecretFromAddress, &address(origin)).await? else {
        return Err(Error::Throttled);
    };
    let name = number.trim().to_lowercase();
    let verdict = throttle::charge(app, Guess::LetterCode, &name).await?;
    let known = sign_in_name::Entity::find_by_id(name).one(&app.db).await?;
    let Some(known) = known.filter(|_| matches!(verdict, Verdict::Open(_))) else {
        return Err(refused(app, origin, None).await);
    };
    let tx = app.begin().await?;
    let taken = letter_code::Entity::update_many()
        .col_expr(letter_code::Column::UsedAt, Expr::value(app.clock.now()))
        .filter(letter_code::COLUMN.user_id.eq(known.user_id))
        .filter(letter_code::COLUMN.code_hash.eq(hash(known.user_id, &code)))
        .filter(letter_code::COLUMN.expires_at.gt(app.clock.now()))
        .filter(letter_code::COLUMN.used_at.is_null())
        .exec(&tx)
        .await?;
    let row = user::Entity::find_by_id(known.user_id).one(&tx).await?;
    // a password that was chosen since is proof enough; the letter no longer opens anything
    let is_new = |row: &user::Model| row.password_hash.is_none() && row.blocked_at.is_none();
    let Some(row) = row.filter(|row| taken.rows_affected == 1 && is_new(row)) else {
        tx.rollback().await?;
        return Err(refused(app, origin, Some(known.user_id)).await);
    };
    let token = recovery::first_sign_in_token(&tx, app, &row).await?;
    let entry = Entry {
        user: Some(row.id),
        act: "redeemLetterCode",
        ip: origin.ip.clone(),
        user_agent: origin.user_agent.clone(),
        ..Entry::default()
    };
    audit::add(&tx, app, entry).await?;
    tx.commit().await?;
    from_address.take_back(app).await?;
    if let Verdict::Open(charge) = verdict {
        charge.take_back(app).await?;
    }
    Ok(token)
}

async fn refused(app: &App, origin: &Origin, user: Option<UserId>) -> Error {
    if user.is_some() {
        let entry = Entry {
            user,
            act: "redeemLetterCode",
            object: Some("WRONG_CODE".to_owned()),
            code: Some(ErrorCode::Invalid),
            ip: origin.ip.clone(),
            user_agent: origin.user_agent.clone(),
            ..Entry::default()
        };
        audit::refuse(app, entry).await;
    }
    Error::invalid(
        "code",
        Reason::WrongCode,
        "customer number and code do not belong together",
    )
}

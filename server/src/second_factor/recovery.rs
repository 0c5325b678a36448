//! Recovery codes: ten of 80 bits, on paper, each good once.
use crate::{app::App, entity::recovery_code, error::Result};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, sea_query::Expr,
};
use sha2::{Digest, Sha256};
use shared::id::UserId;

/// How many codes a set has.
pub const COUNT: usize = 10;

/// Bytes of a code: 80 bits are sixteen signs.
const BYTES: usize = 10;

/// Signs that are not taken for each other (Crockford's Base32).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Makes a new set; the former one is worth nothing from here on.
pub(super) async fn replace(db: &impl ConnectionTrait, app: &App, user: UserId) -> Result<Vec<String>> {
    remove(db, user).await?;
    let codes: Vec<String> = (0..COUNT).map(|_| written(app.rng.bytes::<BYTES>())).collect();
    let rows = codes.iter().map(|code| {
        let row = recovery_code::Model {
            code_hash: hash(user, &signs(code)),
            user_id: user,
            used_at: None,
        };
        row.into_active_model()
    });
    recovery_code::Entity::insert_many(rows)
        .exec_without_returning(db)
        .await?;
    Ok(codes)
}

/// Takes all codes of a user away.
pub(super) async fn remove(db: &impl ConnectionTrait, user: UserId) -> Result<()> {
    recovery_code::Entity::delete_many()
        .filter(recovery_code::COLUMN.user_id.eq(user))
        .exec(db)
        .await?;
    Ok(())
}

/// Uses a code up, in one statement, so that of two at the same time one gets in.
pub(super) async fn take(db: &impl ConnectionTrait, app: &App, user: UserId, code: &str) -> Result<bool> {
    let taken = recovery_code::Entity::update_many()
        .col_expr(recovery_code::Column::UsedAt, Expr::value(app.clock.now()))
        .filter(recovery_code::COLUMN.code_hash.eq(hash(user, &signs(code))))
        .filter(recovery_code::COLUMN.used_at.is_null())
        .exec(db)
        .await?;
    Ok(taken.rows_affected == 1)
}

/// How many codes are unused.
pub(super) async fn left(db: &impl ConnectionTrait, user: UserId) -> Result<u64> {
    Ok(recovery_code::Entity::find()
        .filter(recovery_code::COLUMN.user_id.eq(user))
        .filter(recovery_code::COLUMN.used_at.is_null())
        .count(db)
        .await?)
}

/// 80 random bits need no slow hash: nobody can try them all. The user's id keeps a code his own.
fn hash(user: UserId, signs: &str) -> Vec<u8> {
    Sha256::new()
        .chain_update(user.0.as_bytes())
        .chain_update(signs.as_bytes())
        .finalize()
        .to_vec()
}

/// Four groups of four signs.
fn written(bytes: [u8; BYTES]) -> String {
    let (mut text, mut buffer, mut bits) = (String::new(), 0_u32, 0);
    for byte in bytes {
        buffer = (buffer << 8) | u32::from(byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            if matches!(text.len(), 4 | 9 | 14) {
                text.push('-');
            }
            text.push(char::from(ALPHABET[(buffer >> bits) as usize & 31]));
        }
    }
    text
}

/// A code as it was meant: capitals or not, with or without hyphens, O for 0, I and L for 1.
fn signs(typed: &str) -> String {
    typed
        .chars()
        .filter(|c| c.is_ascii_alphanumeric())
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_four_groups_of_four_signs_of_80_bits_c11() {
        assert_eq!(written([0; BYTES]), "0000-0000-0000-0000");
        assert_eq!(written([255; BYTES]), "ZZZZ-ZZZZ-ZZZZ-ZZZZ");
        assert_eq!(written([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]), "0000-0000-0000-0001");
    }

    #[test]
    fn a_code_is_read_as_it_was_meant() {
        assert_eq!(signs("ab1o-liIo zz zz-0123"), "AB101110ZZZZ0123");
    }
}

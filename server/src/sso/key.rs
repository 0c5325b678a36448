//! The keys that sign: ES256 (RFC 7518 section 3.4), made here, the private half sealed at rest, replaced in time.
use crate::{
    app::App,
    entity::sso_key,
    error::{Error, Result},
    seal::{Place, Sealed},
};
use anyhow::anyhow;
use chrono::TimeDelta;
use openidconnect::{
    JsonWebKeyId, JsonWebKeySet, PrivateSigningKey, SigningError,
    core::{CoreJsonCurveType, CoreJsonWebKey, CoreJwsSigningAlgorithm},
};
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use sea_orm::{
    ActiveModelTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, SqlErr, prelude::Uuid,
    sea_query::Expr,
};

/// The one algorithm.
pub const ALGORITHM: CoreJwsSigningAlgorithm = CoreJwsSigningAlgorithm::EcdsaP256Sha256;

/// How long the public half is shown after the key was replaced: as long as a place may come back with what it signed,
/// which is a session's life and the tokens' own.
pub const SHOWN: TimeDelta = TimeDelta::hours(25);

/// Bytes of a coordinate of P-256.
const COORDINATE: usize = 32;

/// A key with which to sign.
pub struct Signing {
    id: Uuid,
    key: SigningKey,
}

impl Signing {
    /// Its name in public.
    pub fn kid(&self) -> String {
        self.id.simple().to_string()
    }

    /// The signature of `message`: r and s, 32 bytes each (RFC 7518 section 3.4).
    pub fn sign_bytes(&self, message: &[u8]) -> Vec<u8> {
        let signature: Signature = self.key.sign(message);
        signature.to_bytes().to_vec()
    }

    fn point(&self) -> Vec<u8> {
        self.key.verifying_key().to_sec1_point(false).as_bytes().to_vec()
    }
}

impl PrivateSigningKey for Signing {
    type VerificationKey = CoreJsonWebKey;

    fn sign(&self, algorithm: &CoreJwsSigningAlgorithm, message: &[u8]) -> Result<Vec<u8>, SigningError> {
        if *algorithm == ALGORITHM {
            Ok(self.sign_bytes(message))
        } else {
            Err(SigningError::UnsupportedAlg("only ES256".to_owned()))
        }
    }

    fn as_verification_key(&self) -> CoreJsonWebKey {
        public(self.id, &self.point())
    }
}

fn public(id: Uuid, point: &[u8]) -> CoreJsonWebKey {
    // 04, x, y (SEC 1 section 2.3.3)
    let (x, y) = point
        .get(1..)
        .unwrap_or_default()
        .split_at_checked(COORDINATE)
        .unwrap_or_default();
    CoreJsonWebKey::new_ec(
        x.to_vec(),
        y.to_vec(),
        CoreJsonCurveType::P256,
        Some(JsonWebKeyId::new(id.simple().to_string())),
    )
}

/// The key that signs now: the newest one. The first is made when it is asked for, the next when the settings say.
///
/// # Errors
/// If the database refuses, or the sealed key does not open.
pub async fn current(app: &App) -> Result<Signing> {
    let newest = newest(app).await?;
    let oldest = app.clock.now() - TimeDelta::days(app.settings.sso.key_days.into());
    let row = match newest {
        Some(row) if row.created_at > oldest => row,
        Some(row) => replace(app, Some(row.generation)).await?,
        None => replace(app, None).await?,
    };
    open(app, row)
}

async fn newest(app: &App) -> Result<Option<sso_key::Model>> {
    Ok(sso_key::Entity::find()
        .order_by_desc(sso_key::Column::Generation)
        .one(&app.db)
        .await?)
}

/// Makes a new key at once, as an operator does who fears that the old one is known. Gives its name.
///
/// # Errors
/// If the database refuses.
pub async fn rotate(app: &App) -> Result<String> {
    let generation = newest(app).await?.map(|row| row.generation);
    Ok(replace(app, generation).await?.id.simple().to_string())
}

/// Makes the key after `generation`. If another process has made it already, that one is given.
async fn replace(app: &App, generation: Option<i32>) -> Result<sso_key::Model> {
    let now = app.clock.now();
    let signing = Signing {
        id: app.new_id(),
        key: generate(app)?,
    };
    let sealed = app.keys.seal(
        &app.rng,
        place(signing.id.as_bytes()),
        signing.key.to_bytes().as_slice(),
    )?;
    let row = sso_key::Model {
        generation: generation.unwrap_or_default() + 1,
        id: signing.id,
        public_key: signing.point(),
        sealed: Some(sealed.bytes),
        key_version: Some(sealed.version),
        created_at: now,
        replaced_at: None,
    };
    let tx = app.begin().await?;
    match row.clone().into_active_model().insert(&tx).await {
        Ok(_) => {}
        Err(error) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
            tx.rollback().await?;
            let made = newest(app).await?;
            return made.ok_or_else(|| Error::from(anyhow!("the key that another process made is gone")));
        }
        Err(error) => return Err(error.into()),
    }
    sso_key::Entity::update_many()
        .col_expr(sso_key::Column::ReplacedAt, Expr::value(now))
        .col_expr(sso_key::Column::Sealed, Expr::value(Option::<Vec<u8>>::None))
        .col_expr(sso_key::Column::KeyVersion, Expr::value(Option::<i32>::None))
        .filter(sso_key::COLUMN.generation.lt(row.generation))
        .filter(sso_key::COLUMN.replaced_at.is_null())
        .exec(&tx)
        .await?;
    tx.commit().await?;
    tracing::info!(kid = %row.id.simple(), "a new key signs for other places");
    Ok(row)
}

/// A random number below the order of the curve: nearly every 256 bits are one.
fn generate(app: &App) -> Result<SigningKey> {
    (0..8)
        .find_map(|_| SigningKey::from_slice(&app.rng.bytes::<COORDINATE>()).ok())
        .ok_or_else(|| anyhow!("chance gives no key").into())
}

fn open(app: &App, row: sso_key::Model) -> Result<Signing> {
    let (Some(bytes), Some(version)) = (row.sealed, row.key_version) else {
        return Err(anyhow!("the newest key that signs has no private half").into());
    };
    let plain = app.keys.open(place(row.id.as_bytes()), &Sealed { bytes, version })?;
    let key = SigningKey::from_slice(&plain).map_err(|_| anyhow!("a key that signs is none"))?;
    Ok(Signing { id: row.id, key })
}

fn place(row: &[u8]) -> Place<'_> {
    Place {
        column: "sso_key.sealed",
        row,
        name: "ES256",
    }
}

/// The public halves of all keys whose signatures still count.
///
/// # Errors
/// If the database refuses.
pub async fn public_set(app: &App) -> Result<JsonWebKeySet<CoreJsonWebKey>> {
    current(app).await?;
    let counts = Condition::any()
        .add(sso_key::COLUMN.replaced_at.is_null())
        .add(sso_key::COLUMN.replaced_at.gt(app.clock.now() - SHOWN));
    let rows = sso_key::Entity::find()
        .filter(counts)
        .order_by_desc(sso_key::Column::Generation)
        .all(&app.db)
        .await?;
    Ok(JsonWebKeySet::new(
        rows.iter().map(|row| public(row.id, &row.public_key)).collect(),
    ))
}

//! The first member of the staff, made at the console: a new database has nobody who can sign in (security B11).
use super::{NewUser, add, is_registered, recovery};
use crate::{
    account::{self, NewAccount},
    app::App,
    audit::{self, Entry},
    entity::{account as account_row, sign_in_name, user},
    error::{Error, Result},
    face,
    invoice::import::Operator,
};
use anyhow::{Context, bail};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use shared::{
    account::{AccountKind, Language, Right, Rights},
    id::AccountId,
    name::EmailAddress,
};

/// The number of the provider's own account, if this is what makes it.
const PROVIDER_NUMBER: &str = "1";

/// All that staff can be allowed to do.
const RIGHTS: [Right; 4] = [
    Right::HandleRequests,
    Right::ManageCustomers,
    Right::ManageInvoices,
    Right::Administer,
];

/// Makes a member of the provider's staff without a password, and the provider's account if there is none; gives the
/// address of a link with which he chooses a password, once. All or nothing.
///
/// # Errors
/// If `email` is no address or belongs to somebody already, or the database refuses.
pub async fn create(app: &App, _: Operator, email: &str, name: Option<&str>) -> anyhow::Result<String> {
    let address = EmailAddress::parse(email).ok();
    let address = address.with_context(|| format!("{email:?} is not an e-mail address"))?;
    let name = name.map(str::trim).filter(|name| !name.is_empty());
    let tx = app.begin().await?;
    let signs_in = sign_in_name::Entity::find_by_id(address.as_str()).one(&tx).await?;
    if signs_in.is_some() || is_registered(&tx, address.as_str()).await? {
        bail!("{address} belongs to a user already");
    }
    let account = provider(&tx, app).await?;
    let new = NewUser {
        name: name.map(ToOwned::to_owned),
        email: Some(address),
        password_hash: None,
        language: Language::default(),
        sign_in_names: Vec::new(),
    };
    let id = add(&tx, app, new).await?;
    account::add_member(&tx, app, account, id, Rights::of(&RIGHTS)).await?;
    let made = user::Entity::find_by_id(id).one(&tx).await?;
    let link = recovery::first_sign_in_link(&tx, app, &made.ok_or(Error::NotFound("user"))?).await?;
    let entry = Entry {
        account: Some(account),
        act: "createAdmin",
        object: Some(format!("user {id}")),
        ..Entry::default()
    };
    audit::add(&tx, app, entry).await?;
    tx.commit().await?;
    Ok(link)
}

/// The provider's account.
async fn provider(db: &impl ConnectionTrait, app: &App) -> Result<AccountId> {
    let found = account_row::Entity::find()
        .filter(account_row::COLUMN.kind.eq(AccountKind::Provider))
        .one(db)
        .await?;
    if let Some(found) = found {
        return Ok(found.id);
    }
    if account::find_by_number(db, PROVIDER_NUMBER).await?.is_some() {
        return Err(Error::Conflict(
            "the number 1, which the provider's account has, belongs to a customer",
        ));
    }
    let new = NewAccount {
        kind: AccountKind::Provider,
        number: PROVIDER_NUMBER.to_owned(),
        name: face::current_in(db, app).await?.name.clone(),
        street: None,
        postal_code: None,
        city: None,
        vat_id: None,
    };
    account::add(db, app, new).await
}

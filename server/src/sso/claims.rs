//! What is said of a person at another place.
use super::{ACR_FACTOR, ACR_PASSWORD};
use crate::{
    app::App,
    entity::{account, sign_in_name, user},
    error::{Error, Result},
};
use openidconnect::{
    AdditionalClaims, AuthenticationContextClass, AuthenticationMethodReference, EmptyExtraTokenFields, EndUserEmail,
    EndUserName, EndUserUsername, IdToken, IdTokenFields, LanguageTag, LocalizedClaim, StandardClaims,
    StandardTokenResponse, SubjectIdentifier, UserInfoClaims,
    core::{CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreTokenType},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, prelude::Uuid};
use serde::{Deserialize, Serialize};
use shared::{
    account::{AccountKind, Language, Right, Rights},
    id::{AccountId, UserId},
};

/// What a customer portal says beside the standard claims.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalClaims {
    /// The visit, which a logout token names when it is over.
    pub sid: String,
    /// The customer number of the account in view.
    pub customer_number: String,
    /// The account in view.
    pub account: Uuid,
    /// What the account is called.
    pub account_name: String,
    /// What the account is to the provider.
    pub account_kind: AccountKind,
    /// What the person may do in the account; an owner has all rights of his kind of account.
    pub rights: Vec<Right>,
}

impl AdditionalClaims for PortalClaims {}

/// An ID token of this portal.
pub type PortalToken =
    IdToken<PortalClaims, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;

/// What the token endpoint answers.
pub type TokenAnswer = StandardTokenResponse<
    IdTokenFields<
        PortalClaims,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;

/// What `/userinfo` answers.
pub type UserAnswer = UserInfoClaims<PortalClaims, CoreGenderClaim>;

/// Whom a place is told about.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// The visit.
    pub visit: Uuid,
    /// The person.
    pub user: UserId,
    /// The account in view.
    pub account: AccountId,
    /// What the person may do in it.
    pub rights: Rights,
    /// What the place asked for.
    pub scope: &'a str,
}

/// Reads what is said of a person: as much as the scope asks for.
///
/// # Errors
/// [`Error::NotFound`] if person or account are gone.
pub async fn about(app: &App, about: About<'_>) -> Result<(StandardClaims<CoreGenderClaim>, PortalClaims)> {
    let user = user::Entity::find_by_id(about.user).one(&app.db).await?;
    let user = user.ok_or(Error::NotFound("user"))?;
    let account = account::Entity::find_by_id(about.account).one(&app.db).await?;
    let account = account.ok_or(Error::NotFound("account"))?;
    let names = sign_in_name::Entity::find()
        .filter(sign_in_name::COLUMN.user_id.eq(about.user))
        .order_by_asc(sign_in_name::Column::Name)
        .all(&app.db)
        .await?;
    let mut standard = StandardClaims::new(SubjectIdentifier::new(about.user.to_string()));
    let has = |scope: &str| about.scope.split(' ').any(|part| part == scope);
    if has("profile") {
        let name = user.name.as_deref().unwrap_or(&account.name).to_owned();
        let language = match user.language {
            Language::De => "de",
            Language::En => "en",
        };
        standard = standard
            .set_name(Some(LocalizedClaim::from(EndUserName::new(name))))
            .set_preferred_username(user_name(&names, &account.number).map(EndUserUsername::new))
            .set_locale(Some(LanguageTag::new(language.to_owned())));
    }
    if has("email") {
        // an address stands at a user only after it was confirmed
        standard = standard
            .set_email_verified(user.email.as_ref().map(|_| true))
            .set_email(user.email.map(EndUserEmail::new));
    }
    let rights = Right::ALL
        .into_iter()
        .filter(|right| about.rights.allow(*right) && !right.is_of_staff());
    let portal = PortalClaims {
        sid: about.visit.to_string(),
        customer_number: account.number,
        account: account.id.0,
        account_name: account.name,
        account_kind: account.kind,
        rights: rights.collect(),
    };
    Ok((standard, portal))
}

/// The user name of a person: one that belongs to the account, else any that is no e-mail address.
fn user_name(names: &[sign_in_name::Model], number: &str) -> Option<String> {
    let number = number.to_lowercase();
    let mut own = names.iter().filter(|row| !row.name.contains('@'));
    let of_account = own
        .clone()
        .find(|row| row.name == number || row.name.strip_prefix(&number).is_some_and(|rest| rest.starts_with('/')));
    of_account.or_else(|| own.next()).map(|row| row.name.clone())
}

/// How the person proved who he is (`acr`, and `amr` in the words of RFC 8176).
pub fn proof(has_second_factor: bool) -> (AuthenticationContextClass, Vec<AuthenticationMethodReference>) {
    let (class, methods): (_, &[&str]) = if has_second_factor {
        (ACR_FACTOR, &["pwd", "otp", "mfa"])
    } else {
        (ACR_PASSWORD, &["pwd"])
    };
    let methods = methods
        .iter()
        .map(|method| AuthenticationMethodReference::new((*method).to_owned()));
    (AuthenticationContextClass::new(class.to_owned()), methods.collect())
}

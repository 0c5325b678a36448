//! What other places learn of this provider by themselves (OpenID Connect Discovery 1.0 section 3).
use super::{ACR_FACTOR, ACR_PASSWORD, key::ALGORITHM};
use crate::{app::App, error::Result};
use anyhow::Context;
use openidconnect::{
    AdditionalProviderMetadata, AuthUrl, AuthenticationContextClass, IssuerUrl, JsonWebKeySetUrl,
    PkceCodeChallengeMethod, ProviderMetadata, ResponseTypes, Scope, TokenUrl, UserInfoUrl,
    core::{
        CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType, CoreJsonWebKey,
        CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreResponseMode, CoreResponseType,
        CoreSubjectIdentifierType,
    },
};
use serde::{Deserialize, Serialize};

/// What is said beside Discovery's own: logout, and the rules of codes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct More {
    /// OpenID Connect RP-Initiated Logout 1.0 section 2.1.
    pub end_session_endpoint: String,
    /// OpenID Connect Back-Channel Logout 1.0 section 2.1.
    pub backchannel_logout_supported: bool,
    /// Whether a logout token says which session.
    pub backchannel_logout_session_supported: bool,
    /// RFC 8414 section 2: no `plain`.
    pub code_challenge_methods_supported: Vec<PkceCodeChallengeMethod>,
    /// RFC 9207 section 3: an answer says who gives it.
    pub authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for More {}

/// The whole document.
pub type Metadata = ProviderMetadata<
    More,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// The document of this installation.
///
/// # Errors
/// If the origin of the installation is no address.
pub fn metadata(app: &App) -> Result<Metadata> {
    let at = |path: &str| format!("{}{path}", app.settings.origin);
    let wrong = || format!("the origin {} is no address", app.settings.origin);
    let more = More {
        end_session_endpoint: at("/end-session"),
        backchannel_logout_supported: true,
        backchannel_logout_session_supported: true,
        code_challenge_methods_supported: vec![PkceCodeChallengeMethod::new("S256".to_owned())],
        authorization_response_iss_parameter_supported: true,
    };
    let metadata = Metadata::new(
        IssuerUrl::new(app.settings.origin.clone()).with_context(wrong)?,
        AuthUrl::new(at("/authorize")).with_context(wrong)?,
        JsonWebKeySetUrl::new(at("/jwks")).with_context(wrong)?,
        vec![ResponseTypes::new(vec![CoreResponseType::Code])],
        vec![CoreSubjectIdentifierType::Public],
        vec![ALGORITHM],
        more,
    );
    let claims = [
        "sub",
        "iss",
        "aud",
        "exp",
        "iat",
        "auth_time",
        "nonce",
        "acr",
        "amr",
        "sid",
        "preferred_username",
        "name",
        "locale",
        "email",
        "email_verified",
        "customer_number",
        "account",
        "account_name",
        "account_kind",
        "rights",
    ];
    let acr = [ACR_PASSWORD, ACR_FACTOR].map(|class| AuthenticationContextClass::new(class.to_owned()));
    Ok(metadata
        .set_token_endpoint(Some(TokenUrl::new(at("/token")).with_context(wrong)?))
        .set_userinfo_endpoint(Some(UserInfoUrl::new(at("/userinfo")).with_context(wrong)?))
        .set_scopes_supported(Some(
            ["openid", "profile", "email"]
                .map(|scope| Scope::new(scope.to_owned()))
                .to_vec(),
        ))
        .set_response_modes_supported(Some(vec![CoreResponseMode::Query, CoreResponseMode::FormPost]))
        .set_grant_types_supported(Some(vec![CoreGrantType::AuthorizationCode]))
        .set_acr_values_supported(Some(acr.to_vec()))
        .set_token_endpoint_auth_methods_supported(Some(vec![
            CoreClientAuthMethod::ClientSecretBasic,
            CoreClientAuthMethod::ClientSecretPost,
            CoreClientAuthMethod::None,
        ]))
        .set_claims_supported(Some(claims.map(|claim| CoreClaimName::new(claim.to_owned())).to_vec()))
        .set_claims_parameter_supported(Some(false))
        .set_request_parameter_supported(Some(false))
        .set_request_uri_parameter_supported(Some(false)))
}

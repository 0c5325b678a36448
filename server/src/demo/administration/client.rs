//! The demo application's side of OpenID Connect: it learns all from the portal's documents.
use super::Guest;
use crate::sso::{
    claims::{PortalClaims, TokenAnswer},
    discovery::Metadata,
};
use anyhow::{Context, anyhow, bail, ensure};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openidconnect::{
    AsyncHttpClient, AuthenticationFlow, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IssuerUrl, JsonWebKey, Nonce,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, StandardErrorResponse, TokenResponse,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
        CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreResponseType, CoreRevocableToken,
        CoreRevocationErrorResponse, CoreTokenIntrospectionResponse,
    },
    url::form_urlencoded::Serializer,
};
use serde_json::Value;
use std::{collections::HashMap, pin::Pin, time::Duration};

/// The client of the portal's claims.
type PortalClient = Client<
    PortalClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    TokenAnswer,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// The portal, as this application sees it.
pub(super) struct Provider {
    issuer: String,
    back: String,
    goodbye: String,
    secret: String,
    http: Caller,
}

/// `openidconnect` brings no HTTP client of the version that is here.
struct Caller(reqwest::Client);

impl<'c> AsyncHttpClient<'c> for Caller {
    type Error = reqwest::Error;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, reqwest::Error>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let answer = self.0.execute(request.try_into()?).await?;
            let mut response = HttpResponse::new(Vec::new());
            *response.status_mut() = answer.status();
            *response.headers_mut() = answer.headers().clone();
            *response.body_mut() = answer.bytes().await?.to_vec();
            Ok(response)
        })
    }
}

/// A sign-in under way.
pub(super) struct Begun {
    state: CsrfToken,
    nonce: Nonce,
    verifier: PkceCodeVerifier,
    issuer: String,
}

impl Begun {
    /// Whether an answer belongs to this sign-in, and comes from the portal (RFC 9207).
    pub(super) fn fits(&self, said: &HashMap<String, String>) -> bool {
        said.get("state") == Some(self.state.secret()) && said.get("iss") == Some(&self.issuer)
    }
}

const ID: &str = "contract-administration";

impl Provider {
    pub(super) fn new(issuer: String, origin: &str, secret: String) -> anyhow::Result<Self> {
        // The client takes the process's cryptography. Somebody may have named one already: it is the same.
        let _already_named = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(Duration::from_secs(10))
            .build()?;
        Ok(Self {
            issuer,
            back: format!("{origin}/back"),
            goodbye: format!("{origin}/goodbye"),
            secret,
            http: Caller(http),
        })
    }

    async fn metadata(&self) -> anyhow::Result<Metadata> {
        let issuer = IssuerUrl::new(self.issuer.clone())?;
        Metadata::discover_async(issuer, &self.http)
            .await
            .context("the portal's documents cannot be read")
    }

    async fn client(&self) -> anyhow::Result<PortalClient> {
        let secret = ClientSecret::new(self.secret.clone());
        let client = Client::from_provider_metadata(self.metadata().await?, ClientId::new(ID.to_owned()), Some(secret));
        Ok(client.set_redirect_uri(RedirectUrl::new(self.back.clone())?))
    }

    /// Where to send the browser, and what to remember meanwhile.
    pub(super) async fn begin(&self) -> anyhow::Result<(String, Begun)> {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
        let client = self.client().await?;
        let (address, state, nonce) = client
            .authorize_url(flow, CsrfToken::new_random, Nonce::new_random)
            .add_scope(Scope::new("profile".to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        let begun = Begun {
            state,
            nonce,
            verifier,
            issuer: self.issuer.clone(),
        };
        Ok((address.to_string(), begun))
    }

    /// Redeems a code by back channel and checks what comes of it.
    pub(super) async fn finish(&self, begun: Begun, code: &str) -> anyhow::Result<Guest> {
        let client = self.client().await?;
        let answer = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))?
            .set_pkce_verifier(begun.verifier)
            .request_async(&self.http)
            .await
            .context("the code was not redeemed")?;
        let token = answer.id_token().context("there is no ID token")?;
        let verifier = client
            .id_token_verifier()
            .set_allowed_algs([CoreJwsSigningAlgorithm::EcdsaP256Sha256]);
        let said = token
            .claims(&verifier, &begun.nonce)
            .context("the ID token does not count")?;
        let name = said.name().and_then(|name| name.get(None)).map(|name| name.to_string());
        Ok(Guest {
            name: name.unwrap_or_default(),
            user_name: said
                .preferred_username()
                .map(|name| name.to_string())
                .unwrap_or_default(),
            class: said
                .auth_context_ref()
                .map(|class| class.to_string())
                .unwrap_or_default(),
            portal: said.additional_claims().clone(),
            id_token: token.to_string(),
        })
    }

    /// Where to send the browser so that the portal signs it out too.
    pub(super) fn end_address(&self, id_token: &str) -> String {
        let said = Serializer::new(String::new())
            .append_pair("id_token_hint", id_token)
            .append_pair("post_logout_redirect_uri", &self.goodbye)
            .finish();
        format!("{}/end-session?{said}", self.issuer)
    }

    /// Which visit a logout token ends (section 2.6: type, signature, issuer, audience, time, event, no nonce).
    pub(super) async fn ended(&self, token: &str, now: i64) -> anyhow::Result<String> {
        let (message, signature) = token.rsplit_once('.').context("it is no JWT")?;
        let (header, body) = message.split_once('.').context("it is no JWT")?;
        let read =
            |part: &str| -> anyhow::Result<Value> { Ok(serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part)?)?) };
        let (header, body) = (read(header)?, read(body)?);
        ensure!(
            header["alg"] == "ES256" && header["typ"] == "logout+jwt",
            "it is of another kind"
        );
        let metadata = self.metadata().await?;
        let key = metadata
            .jwks()
            .keys()
            .iter()
            .find(|key| key.key_id().is_some_and(|id| header["kid"] == id.as_str()));
        let signature = URL_SAFE_NO_PAD.decode(signature)?;
        key.context("its key is not known")?
            .verify_signature(
                &CoreJwsSigningAlgorithm::EcdsaP256Sha256,
                message.as_bytes(),
                &signature,
            )
            .map_err(|error| anyhow!("its signature is wrong: {error}"))?;
        ensure!(
            body["iss"] == self.issuer.as_str() && body["aud"] == ID,
            "it is not for us"
        );
        ensure!(body["exp"].as_i64().is_some_and(|end| end > now), "it is too old");
        ensure!(
            body["events"]["http://schemas.openid.net/event/backchannel-logout"].is_object() && body["nonce"].is_null(),
            "it is no logout token"
        );
        match body["sid"].as_str() {
            Some(visit) => Ok(visit.to_owned()),
            None => bail!("it names no visit"),
        }
    }
}

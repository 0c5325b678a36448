//! Files that are more than a link: the server may want the password first, and says why if there is none.
use crate::{
    api::{ApiError, refusal_of},
    session,
};
use leptos::prelude::{document, window};
use shared::error::ErrorCode;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, HtmlElement, Response, Url};

/// Fetches a file of this portal and lets the browser save it under this name. Where the server wants the password
/// again, the person is asked for it and the file is fetched once more.
///
/// # Errors
/// [`ApiError`]; [`ApiError::NotConfirmed`] when the person did not give the password.
pub async fn save(address: &str, file_name: &str) -> Result<(), ApiError> {
    let first = fetch(address).await;
    let file = match first.as_ref().err().and_then(ApiError::code) {
        Some(ErrorCode::StepUpRequired) if session::step_up::confirm().await => fetch(address).await?,
        Some(ErrorCode::StepUpRequired) => return Err(ApiError::NotConfirmed),
        _ => first?,
    };
    hand_over(&file, file_name).map_err(|_| ApiError::Unreachable)
}

async fn fetch(address: &str) -> Result<Blob, ApiError> {
    match answer(address).await {
        Ok(Ok(file)) => Ok(file),
        Ok(Err(text)) => Err(refusal_of(&text)),
        Err(_) => Err(ApiError::Unreachable),
    }
}

/// The file, or what the server says instead of it.
async fn answer(address: &str) -> Result<Result<Blob, String>, JsValue> {
    let answer: Response = JsFuture::from(window().fetch_with_str(address)).await?.dyn_into()?;
    if answer.ok() {
        return Ok(Ok(JsFuture::from(answer.blob()?).await?.dyn_into()?));
    }
    Ok(Err(JsFuture::from(answer.text()?)
        .await?
        .as_string()
        .unwrap_or_default()))
}

/// Presses a link to the file that nobody sees, as there is no other way to name what is saved.
fn hand_over(file: &Blob, file_name: &str) -> Result<(), JsValue> {
    let address = Url::create_object_url_with_blob(file)?;
    let link: HtmlElement = document().create_element("a")?.dyn_into()?;
    link.set_attribute("href", &address)?;
    link.set_attribute("download", file_name)?;
    link.click();
    Url::revoke_object_url(&address)
}

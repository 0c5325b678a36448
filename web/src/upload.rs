//! Files on their way to the server, with progress.
use crate::api::{self, ApiError};
use serde::Deserialize;
use shared::{error::ErrorCode, id::FileId};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, ProgressEvent, XmlHttpRequest};

/// The largest file that the server takes, in bytes (security G05).
pub const MAX_FILE: f64 = 10.0 * 1024.0 * 1024.0;

#[derive(Deserialize)]
struct Uploaded {
    id: FileId,
}

/// Sends one file to `POST /files` and gives the id that mutations take. `progress` hears the part that is done,
/// from 0 to 1.
///
/// # Errors
/// [`ApiError::Unreachable`], or [`ApiError::Refused`] with the code of the answer.
pub async fn upload(file: &File, progress: impl Fn(f64) + 'static) -> Result<FileId, ApiError> {
    let request = XmlHttpRequest::new().map_err(unreachable)?;
    let name = String::from(js_sys::encode_uri_component(&file.name()));
    let address = format!("{}/files?name={name}", api::origin());
    request.open_with_async("POST", &address, true).map_err(unreachable)?;
    for (header, value) in [("content-type", "application/octet-stream"), (shared::CSRF_HEADER, "1")] {
        request.set_request_header(header, value).map_err(unreachable)?;
    }

    let moved = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| {
        if event.length_computable() && event.total() > 0.0 {
            progress(event.loaded() / event.total());
        }
    });
    request
        .upload()
        .map_err(unreachable)?
        .set_onprogress(Some(moved.as_ref().unchecked_ref()));
    let done = js_sys::Promise::new(&mut |resolve, _| request.set_onloadend(Some(&resolve)));
    request.send_with_opt_blob(Some(file)).map_err(unreachable)?;
    JsFuture::from(done).await.map_err(unreachable)?;
    drop(moved);

    let text = request.response_text().ok().flatten().unwrap_or_default();
    match request.status().unwrap_or(0) {
        200..=299 => serde_json::from_str::<Uploaded>(&text)
            .map(|file| file.id)
            .map_err(|_| ApiError::Unreachable),
        0 => Err(ApiError::Unreachable),
        413 => Err(ApiError::refused(ErrorCode::TooLarge)),
        _ => Err(api::refusal_of(&text)),
    }
}

fn unreachable(_: JsValue) -> ApiError {
    ApiError::Unreachable
}

//! Who is signed in, as every page sees it, and the pages before that.
mod entrance;
mod link;
mod new_password;
mod operations;
mod register;
pub mod second_factor;
mod sign_in;
pub mod step_up;

pub use entrance::{Brand, Entrance};
pub use link::LinkPage;
pub use new_password::NewPassword;
#[cfg(test)]
pub use operations::{Account, SecondFactor};
pub use operations::{Membership, Portal, Viewer, choose_language, sign_out, switch_account};
pub use register::RegisterForm;
pub use sign_in::SignInPage;

use crate::{api::ApiError, locale};
use leptos::{prelude::*, task::spawn_local};
use reactive_stores::Store;
use std::cell::Cell;

/// What is known about who uses the app.
#[derive(Clone, Debug, Default, Store)]
pub struct Session {
    /// Who is signed in.
    viewer: Option<Viewer>,
    /// This installation.
    portal: Option<Portal>,
    /// The server has said who is signed in, or that nobody is.
    is_known: bool,
    /// There was a session, and it is over.
    has_ended: bool,
    /// Why the app could not begin.
    failure: Option<ApiError>,
}

thread_local! {
    // A request that finds the session gone is no component and so has no context.
    static SESSION: Cell<Option<Store<Session>>> = const { Cell::new(None) };
}

/// Makes the session reachable for all below, and asks the server who is signed in.
pub fn provide_session(words: locale::Words) -> Store<Session> {
    let session = Store::new(Session::default());
    provide_context(session);
    SESSION.set(Some(session));
    load(session, words);
    session
}

/// Asks the server (again) who is signed in.
pub fn load(session: Store<Session>, words: locale::Words) {
    spawn_local(async move {
        match operations::begin().await {
            Ok(begun) => {
                session.portal().set(Some(begun.portal));
                if let Some(viewer) = &begun.viewer {
                    locale::follow_viewer(words, viewer.language);
                    locale::follow_zone(&viewer.time_zone);
                }
                session.viewer().set(begun.viewer);
                session.failure().set(None);
                session.is_known().set(true);
            }
            Err(error) => session.failure().set(Some(error)),
        }
    });
}

/// The session, from context.
pub fn use_session() -> Store<Session> {
    expect_context()
}

/// Who is signed in; on pages that only signed-in people see it is there.
pub fn use_viewer() -> Signal<Option<Viewer>> {
    let session = use_session();
    Signal::derive(move || session.viewer().get())
}

/// Whether somebody is signed in; nothing while the server has not said so.
pub fn is_signed_in(session: Store<Session>) -> Option<bool> {
    session.is_known().get().then(|| session.viewer().read().is_some())
}

/// A session has begun, or its viewer has changed.
pub fn set_viewer(session: Store<Session>, words: locale::Words, viewer: Viewer) {
    locale::follow_viewer(words, viewer.language);
    locale::follow_zone(&viewer.time_zone);
    session.has_ended().set(false);
    session.viewer().set(Some(viewer));
}

/// The server no longer knows the session: back to the sign-in page, and from there to where the person was.
pub fn end() {
    if let Some(session) = SESSION.get()
        && session.viewer().read_untracked().is_some()
    {
        session.has_ended().set(true);
        session.viewer().set(None);
    }
}

/// The address of the sign-in page, which leads back to the page in view.
pub fn sign_in_address() -> String {
    let location = window().location();
    let (path, search) = (
        location.pathname().unwrap_or_default(),
        location.search().unwrap_or_default(),
    );
    if path == "/" || path == "/sign-in" {
        return "/sign-in".to_owned();
    }
    let hash = location.hash().unwrap_or_default();
    if !hash.is_empty() {
        // What stands behind the `#` may be a token; there it stays, so that no log of a server has it.
        return format!("/sign-in#{path}{search}{hash}");
    }
    format!(
        "/sign-in?to={}",
        String::from(js_sys::encode_uri_component(&format!("{path}{search}")))
    )
}

/// Where to go after signing in: an own page only, whatever a link says.
fn way_on(to: Option<String>) -> String {
    to.filter(|to| to.starts_with('/') && !to.starts_with("//") && !to.contains('\\'))
        .unwrap_or_else(|| "/".to_owned())
}

#[cfg(test)]
mod tests {
    use super::way_on;

    #[test]
    fn a_link_never_leads_to_another_origin() {
        for foreign in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "",
        ] {
            assert_eq!(way_on(Some(foreign.into())), "/", "{foreign}");
        }
        assert_eq!(way_on(Some("/invoices?year=2026".into())), "/invoices?year=2026");
        assert_eq!(way_on(None), "/");
    }
}

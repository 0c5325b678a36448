//! Whether everybody in the account in view needs a second factor: the owner says so, here and on "Benutzerverwaltung".
use super::second_factor_operations::require;
use crate::{
    api::ApiError,
    i18n::*,
    refusal,
    session::{self, use_session, use_viewer},
    ui::{Button, Notice, Tone, live},
};
use leptos::prelude::*;
use leptos_router::components::A;
use shared::account::Right;

/// The switch, as a row of a list; nothing for those who are no owners. Without a second factor of his own the owner is
/// led to where he gets one, as he would shut himself out.
#[component]
pub fn ForAllRow() -> AnyView {
    let i18n = use_i18n();
    let viewer = use_viewer();
    let session = use_session();
    let factor = Memo::new(move |_| {
        let viewer = viewer.read();
        let viewer = viewer.as_ref().filter(|viewer| viewer.may(Right::Owner))?;
        Some(viewer.second_factor)
    });
    let requiring = Action::new_local(move |is_required: &bool| {
        let is_required = *is_required;
        async move {
            require(is_required).await?;
            session::load(session, i18n);
            Ok::<_, ApiError>(())
        }
    });
    let refused = move || {
        let error = requiring.value().get()?.err().filter(|_| !requiring.pending().get())?;
        Some(view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    live(move || {
        let Some(factor) = factor.get() else {
            return ().into_any();
        };
        let is_required = factor.is_required_by_account;
        let act = if factor.is_on || is_required {
            view! {
                <Button look="s" busy=requiring.pending() on_press=move |()| { requiring.dispatch(!is_required); }>
                    {live(move || (if is_required {
                        t_string!(i18n, second_factor.release)
                    } else {
                        t_string!(i18n, second_factor.require)
                    }).into_any())}
                </Button>
            }
            .into_any()
        } else {
            view! { <A href="/security">{t!(i18n, second_factor.set_up)}</A> }.into_any()
        };
        view! {
            <li>
                <div>
                    <p class="rows-title">{t!(i18n, second_factor.for_all)}</p>
                    <p class="rows-text">{t!(i18n, second_factor.for_all_text)}</p>
                    {refused}
                </div>
                {act}
            </li>
        }
        .into_any()
    })
    .into_any()
}

//! What the provider keeps of the account and changes itself.
use super::operations::AccountDetails;
use crate::{i18n::*, locale, session::SessionStoreFields, session::use_session};
use leptos::prelude::*;

/// Number, name, address; to be read only.
#[component]
pub fn KeptPart(
    /// What is kept.
    details: AccountDetails,
) -> AnyView {
    let i18n = use_i18n();
    let session = use_session();
    let AccountDetails {
        account,
        postal_code,
        since,
        street,
        vat_id,
        ..
    } = details;
    let city = [postal_code, account.city]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ");
    let address: Vec<_> = [street, Some(city)]
        .into_iter()
        .flatten()
        .filter(|line| !line.is_empty())
        .collect();
    let address = (!address.is_empty()).then(|| {
        let lines = address
            .into_iter()
            .map(|line| view! { <span>{line}<br /></span> })
            .collect_view();
        view! { <div><dt>{t!(i18n, account.address)}</dt><dd>{lines}</dd></div> }
    });
    let vat_id = vat_id.map(|id| view! { <div><dt>{t!(i18n, account.vat_id)}</dt><dd class="id">{id}</dd></div> });
    let lead = move || {
        let portal = session.portal().get();
        let by = portal
            .as_ref()
            .map(|portal| portal.provider_name.clone())
            .unwrap_or_default();
        let contact = portal.and_then(|portal| portal.support_email.or(portal.provider_phone));
        match contact {
            Some(contact) => t_string!(i18n, account.kept_by_contact, by = by, contact = contact),
            None => t_string!(i18n, account.kept_by, by = by),
        }
    };
    view! {
        <section class="part" aria-labelledby="kept">
            <div class="part-head">
                <h2 id="kept">{t!(i18n, account.kept)}</h2>
                <p>{lead}</p>
            </div>
            <dl class="facts">
                <div><dt>{t!(i18n, account.name)}</dt><dd>{account.name}</dd></div>
                <div><dt>{t!(i18n, account.number)}</dt><dd class="id">{account.number}</dd></div>
                {address}
                {vat_id}
                <div><dt>{t!(i18n, account.since)}</dt><dd>{text(move || locale::stamp(i18n, &since))}</dd></div>
            </dl>
        </section>
    }
    .into_any()
}

//! One assignment: what is known of the keys that it opened. It is the receipt of a right that was taken back.
use super::{
    operations::{ReadRightsUse, RightsDetail, rights_detail},
    revoke::RevokeDialog,
    rights::{is_over, state_tone, state_words},
};
use crate::{
    api::{ApiError, Instant},
    i18n::*,
    loading::{Loaded, load},
    locale,
    ui::{Badge, Button, Crumbs, Icon, Notice, PageHead, Tone},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shared::{account::Language, device::KeyUse, error::ErrorCode, id::AssignmentId};

/// The page of one assignment.
#[component]
pub fn ReceiptPage() -> AnyView {
    let i18n = use_i18n();
    let params = use_params_map();
    let asked = RwSignal::new(Vec::new());
    let found = load(move || {
        let id = params.read().get("id").and_then(|id| id.parse::<AssignmentId>().ok());
        async move {
            match id {
                Some(id) => rights_detail(id).await,
                None => Err(ApiError::refused(ErrorCode::NotFound)),
            }
        }
    });
    let done = Callback::new(move |()| found.refetch());
    view! {
        <div class="page">
            <Crumbs way=vec![("/read-rights".to_owned(), (t!(i18n, nav.read_rights)).into())] />
            <Loaded resource=found page=true rows=6 let:detail><Detail detail asked /></Loaded>
        </div>
        <RevokeDialog asked done />
    }
    .into_any()
}

#[component]
fn Detail(detail: RightsDetail, asked: RwSignal<Vec<super::operations::Assignment>>) -> AnyView {
    let i18n = use_i18n();
    let RightsDetail {
        accepted_at,
        key_uses,
        receipt,
        revoked_at,
        ..
    } = detail.clone();
    let row = detail.assignment();
    let (id, state, until, created_at) = (row.id, row.state, row.until.clone(), row.created_at.clone());
    let (is_accepted, seen, all, still) = (
        accepted_at.is_some(),
        receipt.seen_count,
        receipt.device_count,
        receipt.still_readable_count,
    );
    let tone = if seen > 0 { Tone::Warn } else { Tone::Good };
    let verdict = text(move || match (is_accepted, seen) {
        (false, _) => t_string!(i18n, access.never).to_owned(),
        (true, 0) => t_string!(i18n, access.unseen).to_owned(),
        (true, seen) => t_string!(
            i18n,
            access.seen,
            seen = locale::count(i18n, seen),
            all = locale::count(i18n, all)
        ),
    });
    let others = (still > 0 && is_over(state)).then(|| {
        let words = text(move || t_string!(i18n, access.still, count = locale::count(i18n, still)));
        view! { <p>{words}</p> }
    });
    let stamp = move |at: Option<Instant>| {
        text(move || match &at {
            Some(at) => locale::stamp(i18n, at),
            None => "–".to_owned(),
        })
    };
    let number = move |count: i32| text(move || locale::count(i18n, count));
    let end = text(move || match &until {
        Some(day) => locale::date(i18n, day),
        None => t_string!(i18n, meter.no_end).to_owned(),
    });
    let paper = move || {
        let language = match locale::language_of(i18n.get_locale()) {
            Language::De => "DE",
            Language::En => "EN",
        };
        format!("/download/read-rights/{id}?language={language}")
    };
    let email = row.email.clone();
    let revoke = (!is_over(state)).then(|| {
        view! {
            <Button on_press=move |()| asked.set(vec![row.clone()])>{t!(i18n, access.revoke)}</Button>
        }
    });
    view! {
        <PageHead title=move || t_string!(i18n, access.receipt).to_owned() lead=email>
            {revoke}
            <a href=paper download rel="external" class="button"><Icon name="download" />{t!(i18n, access.receipt_pdf)}</a>
        </PageHead>
        <Notice tone><p>{verdict}</p>{others}</Notice>
        <dl class="facts">
            <dt>{t!(i18n, access.state)}</dt>
            <dd><Badge tone=state_tone(state)>{text(move || state_words(i18n, state).to_owned())}</Badge></dd>
            <dt>{t!(i18n, access.given_on)}</dt><dd>{stamp(Some(created_at))}</dd>
            <dt>{t!(i18n, access.accepted_on)}</dt><dd>{stamp(accepted_at)}</dd>
            <dt>{t!(i18n, access.until)}</dt><dd>{end}</dd>
            <dt>{t!(i18n, access.revoked_on)}</dt><dd>{stamp(revoked_at)}</dd>
            <dt>{t!(i18n, access.devices)}</dt><dd>{number(all)}</dd>
            <dt>{t!(i18n, access.shown)}</dt><dd>{number(receipt.shown_count)}</dd>
            <dt>{t!(i18n, access.exported)}</dt><dd>{number(receipt.exported_count)}</dd>
        </dl>
        {(!key_uses.nodes.is_empty()).then(|| view! { <Uses uses=key_uses.nodes total=key_uses.total_count /> })}
    }
    .into_any()
}

#[component]
fn Uses(uses: Vec<ReadRightsUse>, total: i32) -> AnyView {
    let i18n = use_i18n();
    let rest = total - i32::try_from(uses.len()).unwrap_or(i32::MAX);
    let row = move |used: ReadRightsUse| {
        let ReadRightsUse {
            at,
            how,
            name,
            serial_number,
        } = used;
        let word = text(move || {
            match how {
                KeyUse::Shown => t_string!(i18n, access.how_shown),
                KeyUse::Exported => t_string!(i18n, access.how_exported),
                KeyUse::Proved => t_string!(i18n, access.how_proved),
            }
            .to_owned()
        });
        view! {
            <tr role="row">
                <th role="rowheader" scope="row" class="lead-cell">
                    <span class="id">{serial_number}</span> " " <span class="id soft">{name}</span>
                </th>
                <td role="cell" data-label=t!(i18n, access.uses)>{word}</td>
                <td role="cell" data-label=t!(i18n, key_import.when)>{text(move || locale::stamp(i18n, &at))}</td>
            </tr>
        }
    };
    view! {
        <table role="table" class="cards">
            <caption class="away">{t!(i18n, access.uses)}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">{t!(i18n, device.serial)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, access.uses)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, key_import.when)}</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{uses.into_iter().map(row).collect_view()}</tbody>
        </table>
        {(rest > 0).then(|| view! { <p class="soft">{text(move || t_string!(i18n, access.and_more, count = rest))}</p> })}
    }
    .into_any()
}

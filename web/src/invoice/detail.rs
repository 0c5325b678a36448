//! One invoice: paper beside paying, files and findings.
use super::{
    detail_operations::{InvoiceDetail, InvoiceHistory, invoice},
    history::History,
    paper::Paper,
    side::{Files, Findings, Pay},
    words::{Standing, kind_words},
};
use crate::{
    api::ApiError,
    i18n::*,
    loading::{Loaded, load},
    locale,
    ui::{Button, Crumbs, Icon, PageHead},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shared::{error::ErrorCode, id::InvoiceId, invoice::InvoiceState};

/// The page of one invoice.
#[component]
pub fn InvoicePage() -> AnyView {
    let params = use_params_map();
    let found = load(move || {
        let id = params.read().get("id").and_then(|id| id.parse().ok()).map(InvoiceId);
        async move {
            match id {
                Some(id) => invoice(id).await,
                None => Err(ApiError::refused(ErrorCode::NotFound)),
            }
        }
    });
    view! {
        <div class="page">
            <Loaded resource=found page=true rows=10 let:found><Detail found /></Loaded>
        </div>
    }
    .into_any()
}

fn print() {
    // A browser without a printer shows its own message.
    window().print().ok();
}

#[component]
fn Detail(found: (InvoiceDetail, InvoiceHistory)) -> AnyView {
    let i18n = use_i18n();
    let (invoice, history) = found;
    let standing = Standing {
        due_date: invoice.due_date.clone(),
        kind: invoice.kind,
        paid_on: invoice.paid_on.clone(),
        paid_total: invoice.paid_total,
        state: invoice.state,
    };

    let kind = kind_words(i18n, invoice.kind);
    let (number, day) = (invoice.number.clone(), invoice.issue_date.clone());
    let title = move || format!("{} {number}", kind());
    let lead = move || t_string!(i18n, invoice.of_day, date = locale::day_in_text(i18n, &day));
    let url = invoice.original_url.clone();
    let to_pay = invoice.state != InvoiceState::Settled;
    view! {
        <Crumbs way=vec![("/invoices".to_owned(), (t!(i18n, nav.invoices)).into())] />
        <PageHead title lead>
            {(!to_pay).then(|| standing.badge(i18n))}
            <span class="phone-away">
                <Button look="quiet" icon="print" on_press=|()| print()>{t!(i18n, invoice.print)}</Button>
            </span>
            <a class="button" href=url download rel="external">
                <Icon name="download" />
                {t!(i18n, invoice.download_original)}
            </a>
        </PageHead>
        <div class="split aside">
            {to_pay.then(|| view! {
                <aside aria-label=t!(i18n, invoice.payment)><Pay invoice=invoice.clone() /></aside>
            })}
            <Paper invoice=invoice.clone() />
            <aside class="stack-6" aria-label=t!(i18n, invoice.files_and_findings)>
                <Files invoice=invoice.clone() />
                <History history currency=invoice.currency.clone() />
                <Findings invoice />
            </aside>
        </div>
    }
    .into_any()
}

//! The office's start page: what waits, and how far the waves have come.
use super::{
    desk_operations::{WaitingWork, waiting_work},
    operations::waves,
    waves::Waves,
};
use crate::{
    api::Instant,
    i18n::*,
    loading::{Loaded, load},
    locale::{self, Words},
    session::use_viewer,
    ui::{Badge, BlockHead, Icon, Tone},
};
use leptos::prelude::*;
use leptos_router::components::A;
use shared::{account::Right, office::WorkKind};

/// How many days something may wait before it is marked.
const PATIENCE: i64 = 2;

/// What waits for whoever of the staff is signed in.
#[component]
pub fn Desk() -> AnyView {
    let i18n = use_i18n();
    let manages = use_viewer()
        .read_untracked()
        .as_ref()
        .is_some_and(|viewer| viewer.may(Right::ManageCustomers));
    let found = load(waiting_work);
    view! {
        <section aria-labelledby="work">
            <BlockHead id="work" title=t!(i18n, desk.waits)>""</BlockHead>
            <Loaded resource=found rows=5 let:work><Work work /></Loaded>
        </section>
        {manages.then(|| view! { <NewestWaves /> })}
    }
    .into_any()
}

#[component]
fn NewestWaves() -> AnyView {
    let i18n = use_i18n();
    let found = load(waves);
    view! {
        <section class="start-part" aria-labelledby="waves">
            <BlockHead id="waves" title=t!(i18n, office.waves)>
                <A href="/customers">{t!(i18n, desk.customers)}</A>
            </BlockHead>
            <Loaded resource=found rows=3 let:waves><Waves waves /></Loaded>
        </section>
    }
    .into_any()
}

#[component]
fn Work(work: Vec<WaitingWork>) -> AnyView {
    let i18n = use_i18n();
    let waits: Vec<_> = work.into_iter().filter(|work| work.count > 0).collect();
    if waits.is_empty() {
        return view! { <p class="block-foot soft" role="status">{t!(i18n, desk.nothing)}</p> }.into_any();
    }
    let rows = waits.into_iter().map(|work| view! { <WorkRow work /> }).collect_view();
    view! { <ul class="rows linked">{rows}</ul> }.into_any()
}

#[component]
fn WorkRow(work: WaitingWork) -> AnyView {
    let i18n = use_i18n();
    let WaitingWork { count, kind, oldest_at } = work;
    let days = oldest_at.as_ref().map(days_since);
    let is_late = days.is_some_and(|days| days >= PATIENCE) && kind != WorkKind::UnsentAccess;
    let tone = if is_late { Tone::Warn } else { Tone::Wait };
    let since = text(move || match (&oldest_at, days) {
        (Some(_), Some(0)) => t_string!(i18n, desk.since_today).to_owned(),
        (Some(at), _) => t_string!(i18n, desk.since, at = locale::stamp(i18n, at)),
        (None, _) => String::new(),
    });
    view! {
        <li>
            <Icon name=icon(kind) />
            <div>
                <p class="rows-title"><A href=address(kind)>{move || words(i18n, kind)}</A></p>
                <p class="rows-text">{since}</p>
            </div>
            <div class="rows-end"><Badge tone>{text(move || locale::count(i18n, count))}</Badge></div>
        </li>
    }
    .into_any()
}

/// Whole days since a point in time.
fn days_since(at: &Instant) -> i64 {
    let then = js_sys::Date::parse(&at.0);
    ((js_sys::Date::now() - then) / 86_400_000.0).floor() as i64
}

/// Where the work is done: the list, with the filter that shows it.
fn address(kind: WorkKind) -> &'static str {
    match kind {
        WorkKind::Orders => "/office/orders?state=placed",
        WorkKind::UnmatchedDeclarations => "/office/orders?unmatched=1",
        WorkKind::UndeliveredReceipts => "/office/orders?undelivered=1",
        WorkKind::DealerRequests => "/office/requests?state=requested",
        WorkKind::UnmatchedInvoices => "/office/invoices?stand=unmatched",
        WorkKind::HeldInvoices => "/office/invoices?stand=held",
        WorkKind::InvoiceConflicts => "/office/invoices/intake?state=conflict",
        WorkKind::BouncedAccess => "/customers?state=bounced",
        WorkKind::UnsentAccess => "/customers?state=prepared",
        WorkKind::OpenAgreements => "/office/agreements?state=missing",
        WorkKind::FailedDeliveries => "/office/webhooks?state=failed",
        WorkKind::MissingTexts => "/office/face",
    }
}

fn icon(kind: WorkKind) -> &'static str {
    match kind {
        WorkKind::Orders | WorkKind::UnmatchedDeclarations => "product",
        WorkKind::UndeliveredReceipts | WorkKind::BouncedAccess | WorkKind::UnsentAccess => "mail",
        WorkKind::OpenAgreements
        | WorkKind::UnmatchedInvoices
        | WorkKind::HeldInvoices
        | WorkKind::InvoiceConflicts => "invoice",
        WorkKind::DealerRequests => "inbox",
        WorkKind::FailedDeliveries => "send",
        WorkKind::MissingTexts => "edit",
    }
}

fn words(i18n: Words, kind: WorkKind) -> &'static str {
    match kind {
        WorkKind::Orders => t_string!(i18n, desk.orders),
        WorkKind::UnmatchedDeclarations => t_string!(i18n, desk.unmatched_declarations),
        WorkKind::UndeliveredReceipts => t_string!(i18n, desk.undelivered_receipts),
        WorkKind::DealerRequests => t_string!(i18n, desk.dealer_requests),
        WorkKind::UnmatchedInvoices => t_string!(i18n, desk.unmatched_invoices),
        WorkKind::HeldInvoices => t_string!(i18n, desk.held_invoices),
        WorkKind::InvoiceConflicts => t_string!(i18n, desk.invoice_conflicts),
        WorkKind::BouncedAccess => t_string!(i18n, desk.bounced_access),
        WorkKind::UnsentAccess => t_string!(i18n, desk.unsent_access),
        WorkKind::OpenAgreements => t_string!(i18n, desk.open_agreements),
        WorkKind::FailedDeliveries => t_string!(i18n, desk.failed_deliveries),
        WorkKind::MissingTexts => t_string!(i18n, desk.missing_texts),
    }
}

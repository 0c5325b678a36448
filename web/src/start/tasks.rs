//! What the portal asks of the viewer.
use super::later_operations::{ViewerTask, tasks};
use crate::{
    i18n::*,
    loading::{Loaded, load},
    locale::{self, Words},
    ui::{BlockHead, Icon},
};
use leptos::prelude::*;
use leptos_router::components::A;
use shared::start::TaskKind;

/// The part "Aufgaben".
#[component]
pub fn Tasks() -> AnyView {
    let i18n = use_i18n();
    let found = load(move || tasks(locale::language_of(i18n.get_locale())));
    let count = move || {
        let count = found.get()?.ok()?.len();
        (count > 0).then(|| t_string!(i18n, start.tasks_count, count = count).to_string())
    };
    view! {
        <section aria-labelledby="tasks">
            <BlockHead id="tasks" title=t!(i18n, start.tasks)><span class="soft">{count}</span></BlockHead>
            <Loaded resource=found rows=3 let:tasks>
                {if tasks.is_empty() {
                    view! { <p class="block-foot soft">{t!(i18n, start.lead_none)}</p> }.into_any()
                } else {
                    view! { <ul class="rows linked">{tasks.into_iter().map(row).collect_view()}</ul> }.into_any()
                }}
            </Loaded>
        </section>
    }
    .into_any()
}

fn row(task: ViewerTask) -> AnyView {
    let i18n = use_i18n();
    let (icon, href) = match (task.kind, task.contract_id) {
        (TaskKind::SecondFactor, _) => ("shield", "/security".to_owned()),
        (TaskKind::ConfirmEmail | TaskKind::ConfirmBillingEmail, _) => ("mail", "/account".to_owned()),
        (TaskKind::ConcludeAgreement, Some(contract)) => ("document", format!("/products/{contract}")),
        (TaskKind::ConcludeAgreement, None) => ("document", "/products".to_owned()),
        (TaskKind::AcceptReadRights, _) => ("key", "/help/recipient-without-account".to_owned()),
        (TaskKind::DecideKeyRequests, _) => ("key", "/approvals".to_owned()),
        (TaskKind::PendingOrders, _) => ("clock", "/orders?state=placed".to_owned()),
    };
    let (kind, version) = (task.kind, task.version.unwrap_or_default());
    view! {
        <li>
            <Icon name=icon />
            <div>
                <p class="rows-title"><A href=href>{text(move || title(i18n, kind, version))}</A></p>
                <p class="rows-text">{text(move || about(i18n, &task))}</p>
            </div>
            <Icon name="right" small=true />
        </li>
    }
    .into_any()
}

fn title(i18n: Words, kind: TaskKind, version: i32) -> String {
    match kind {
        TaskKind::SecondFactor => t_string!(i18n, start.task_factor).to_owned(),
        TaskKind::ConfirmEmail => t_string!(i18n, start.task_email).to_owned(),
        TaskKind::ConfirmBillingEmail => t_string!(i18n, start.task_billing).to_owned(),
        TaskKind::ConcludeAgreement => t_string!(i18n, start.task_agreement, version = version).to_string(),
        TaskKind::AcceptReadRights => t_string!(i18n, start.task_rights).to_owned(),
        TaskKind::DecideKeyRequests => t_string!(i18n, start.task_keys).to_owned(),
        TaskKind::PendingOrders => t_string!(i18n, start.task_orders).to_owned(),
    }
}

fn about(i18n: Words, task: &ViewerTask) -> String {
    let subject = task.subject.clone().unwrap_or_default();
    match task.kind {
        TaskKind::SecondFactor if task.is_required => t_string!(i18n, start.factor_required).to_owned(),
        TaskKind::SecondFactor => t_string!(i18n, start.factor_text).to_owned(),
        TaskKind::ConfirmEmail | TaskKind::ConfirmBillingEmail => {
            t_string!(i18n, start.link_to, email = subject).to_string()
        }
        TaskKind::ConcludeAgreement => subject,
        TaskKind::AcceptReadRights => t_string!(i18n, start.rights_text, dealer = subject).to_string(),
        TaskKind::DecideKeyRequests => t_string!(i18n, start.requests, count = task.count.unwrap_or(1)).to_string(),
        TaskKind::PendingOrders => match task.count {
            Some(1) | None => t_string!(i18n, start.orders_one).to_owned(),
            Some(count) => t_string!(i18n, start.orders_many, count = locale::count(i18n, count)).to_string(),
        },
    }
}

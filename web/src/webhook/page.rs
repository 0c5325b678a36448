//! The page "Webhooks": the endpoints, and what became of the events.
use super::{
    dialogs::{DeleteDialog, ReplayDialog, RotateDialog},
    form::{Asked, EndpointDialog},
    log::Deliveries,
    operations::{Webhook, send_test, webhooks},
    query::{DeliveryQuery, kind_words},
};
use crate::{
    api::ApiError,
    i18n::*,
    loading::{Loaded, load},
    locale,
    place::use_place,
    refusal,
    ui::{Badge, Button, Empty, Icon, Notice, PageHead, Toasts, Tone, live},
};
use leptos::prelude::*;
use shared::id::WebhookId;

/// What is asked about an endpoint, each in a dialog of its own.
#[derive(Clone, Copy)]
struct Open {
    form: RwSignal<Option<Asked>>,
    rotate: RwSignal<Option<Webhook>>,
    delete: RwSignal<Option<Webhook>>,
    replay: RwSignal<Option<Webhook>>,
}

/// The page "Webhooks". What its list shows is in its address.
#[component]
pub fn WebhooksPage() -> AnyView {
    let i18n = use_i18n();
    let place = use_place::<DeliveryQuery>();
    let changed = RwSignal::new(0_u32);
    let found = load(move || {
        changed.track();
        webhooks()
    });
    let done = Callback::new(move |()| changed.update(|times| *times += 1));
    let open = Open {
        form: RwSignal::new(None),
        rotate: RwSignal::new(None),
        delete: RwSignal::new(None),
        replay: RwSignal::new(None),
    };
    view! {
        <div class="page wide">
            <PageHead title=t!(i18n, webhook.title) lead=t!(i18n, webhook.lead)>
                <Button icon="plus" on_press=move |()| open.form.set(Some(Asked::New))>{t!(i18n, webhook.create)}</Button>
            </PageHead>
            <Loaded resource=found rows=2 let:list><Endpoints list open done /></Loaded>
            <Deliveries place changed done />
        </div>
        <EndpointDialog asked=open.form done />
        <RotateDialog asked=open.rotate done />
        <DeleteDialog asked=open.delete done />
        <ReplayDialog asked=open.replay done />
    }
    .into_any()
}

#[component]
fn Endpoints(list: Vec<Webhook>, open: Open, done: Callback<()>) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let test = Action::new_local(move |id: &WebhookId| {
        let id = *id;
        async move {
            send_test(id).await?;
            toasts.say(t_string!(i18n, webhook.tested).to_owned());
            done.run(());
            Ok::<_, ApiError>(())
        }
    });
    let refused = move || {
        let error = test.value().get()?.err().filter(|_| !test.pending().get())?;
        Some(view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> }.into_any())
    };
    if list.is_empty() {
        return view! { <Empty icon="send" title=t!(i18n, webhook.none) text=t!(i18n, webhook.none_text) /> }
            .into_any();
    }
    let rows = list
        .into_iter()
        .map(|row| endpoint(i18n, row, open, test))
        .collect_view();
    view! {
        {live(move || refused().into_any())}
        <ul class="rows">{rows}</ul>
    }
    .into_any()
}

fn endpoint(i18n: locale::Words, row: Webhook, open: Open, test: Action<WebhookId, Result<(), ApiError>>) -> AnyView {
    let Webhook {
        failed_count,
        former_secret_until,
        id,
        is_enabled,
        kinds,
        name,
        url,
        waiting_count,
    } = row.clone();
    let kinds = text(move || {
        let words: Vec<_> = kinds.iter().map(|kind| kind_words(i18n, *kind)).collect();
        words.join(", ")
    });
    let counts = text(move || {
        t_string!(
            i18n,
            webhook.counts,
            waiting = locale::count(i18n, waiting_count),
            failed = locale::count(i18n, failed_count)
        )
        .to_string()
    });
    let former = former_secret_until.map(|until| {
        let words = text(move || t_string!(i18n, webhook.former, time = locale::stamp(i18n, &until)).to_string());
        view! { <p class="rows-text">{words}</p> }
    });
    let row = StoredValue::new(row);
    let whose = name.clone();
    let of = move || view! { <span class="away">" " {whose.clone()}</span> };
    let (change, rotate, replay, delete, tested) = (of.clone(), of.clone(), of.clone(), of.clone(), of);
    view! {
        <li>
            <Icon name="send" />
            <div>
                <p class="rows-title">{name}</p>
                <p class="rows-text"><span class="id">{url}</span></p>
                <p class="rows-text">{kinds}</p>
                <p class="rows-text">{counts}</p>
                {former}
                <p class="actions">
                    <Button look="s" on_press=move |()| open.form.set(Some(Asked::Known(row.get_value())))>
                        {t!(i18n, webhook.change)} {change()}
                    </Button>
                    {is_enabled.then(|| view! {
                        <Button look="s" busy=test.pending() on_press=move |()| { test.dispatch(id); }>
                            {t!(i18n, webhook.send_test)} {tested()}
                        </Button>
                    })}
                    {(is_enabled && failed_count > 0).then(|| view! {
                        <Button look="s" on_press=move |()| open.replay.set(Some(row.get_value()))>
                            {t!(i18n, webhook.replay_failed)} {replay()}
                        </Button>
                    })}
                    <Button look="s" on_press=move |()| open.rotate.set(Some(row.get_value()))>
                        {t!(i18n, webhook.rotate)} {rotate()}
                    </Button>
                    <Button look="s" on_press=move |()| open.delete.set(Some(row.get_value()))>
                        {t!(i18n, webhook.delete)} {delete()}
                    </Button>
                </p>
            </div>
            <div class="rows-end">
                {if is_enabled {
                    view! { <Badge tone=Tone::Good>{t!(i18n, webhook.enabled)}</Badge> }
                } else {
                    view! { <Badge tone=Tone::Off>{t!(i18n, webhook.disabled)}</Badge> }
                }}
            </div>
        </li>
    }
    .into_any()
}

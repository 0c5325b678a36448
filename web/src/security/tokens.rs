//! The part "Zugänge für Programme" of the page "Sicherheit": personal access tokens.
use super::token_operations::{
    CreateTokenInput, Token, TokenMembership, TokenViewer, Tokens, create_token, revoke_token, tokens,
};
use crate::{
    api::{ApiError, Day},
    i18n::*,
    loading::{Loaded, Loading, load},
    locale,
    member::{rights_of_kind, words_of_right},
    refusal,
    ui::{Badge, Button, CopyButton, Dialog, FieldError, Icon, Notice, SelectField, TextField, Toasts, Tone, live},
};
use js_sys::Date;
use leptos::prelude::*;
use shared::account::{Right, Rights};

/// How many days a new token counts if nothing else is chosen.
const DAYS: u32 = 90;

/// The fields that say themselves what is wrong with them.
const FIELDS: [&str; 3] = ["name", "scopes", "expiresOn"];

/// The day so many days from now, in the viewer's zone.
fn in_days(days: u32) -> Day {
    let day = Date::new_0();
    day.set_date(day.get_date() + days);
    Day(format!(
        "{:04}-{:02}-{:02}",
        day.get_full_year(),
        day.get_month() + 1,
        day.get_date()
    ))
}

/// What a token can be allowed in an account: each right that the viewer has in it. Managing users is for people:
/// the API closes it to tokens.
fn grantable(membership: &TokenMembership) -> Vec<Right> {
    let own = Rights::of(&membership.rights);
    rights_of_kind(membership.account.kind)
        .iter()
        .copied()
        .filter(|right| own.allow(*right) && *right != Right::ManageUsers)
        .collect()
}

/// The viewer's tokens, making one and ending one.
#[component]
pub fn TokensPart() -> AnyView {
    let i18n = use_i18n();
    let found = load(tokens);
    let is_new = RwSignal::new(false);
    let asked = RwSignal::new(None::<Token>);
    view! {
        <section class="part" aria-labelledby="tokens">
            <div class="part-head">
                <h2 id="tokens">{t!(i18n, token.title)}</h2>
                <p>{t!(i18n, token.lead)}</p>
            </div>
            <div class="stack-5">
                <Loaded resource=found rows=2 let:list>
                    <List list asked />
                </Loaded>
                <p>
                    <Button icon="plus" on_press=move |()| is_new.set(true)>{t!(i18n, token.create)}</Button>
                </p>
            </div>
        </section>
        <CreateDialog open=is_new found />
        <RevokeDialog asked found />
    }
    .into_any()
}

#[component]
fn List(list: Tokens, asked: RwSignal<Option<Token>>) -> AnyView {
    let i18n = use_i18n();
    let has_several = list.viewer.is_some_and(|viewer| viewer.memberships.len() > 1);
    if list.tokens.is_empty() {
        return view! { <p class="soft">{t!(i18n, token.none)}</p> }.into_any();
    }
    let rows = list
        .tokens
        .into_iter()
        .map(|token| row(i18n, token, has_several, asked));
    view! { <ul class="rows">{rows.collect_view()}</ul> }.into_any()
}

fn row(i18n: locale::Words, token: Token, has_several: bool, asked: RwSignal<Option<Token>>) -> AnyView {
    let Token {
        account,
        expires_on,
        is_expired,
        last_used_at,
        last_used_from,
        name,
        scopes,
        ..
    } = token.clone();
    let allowed = text(move || {
        let rights: Vec<_> = scopes.iter().map(|right| words_of_right(i18n, *right)).collect();
        rights.join(", ")
    });
    let account = has_several.then(|| view! { <p class="rows-text">{account.name}</p> });
    let until = text(move || t_string!(i18n, token.until, date = locale::date(i18n, &expires_on)).to_string());
    let used = text(move || match (&last_used_at, &last_used_from) {
        (Some(at), Some(from)) => t_string!(
            i18n,
            token.used_from,
            time = locale::stamp(i18n, at),
            address = from.clone()
        )
        .to_string(),
        (Some(at), None) => t_string!(i18n, token.used, time = locale::stamp(i18n, at)).to_string(),
        (None, _) => t_string!(i18n, token.unused).to_owned(),
    });
    let over = is_expired.then(|| view! { <Badge tone=Tone::Off>{t!(i18n, token.over)}</Badge> });
    let whose = name.clone();
    view! {
        <li>
            <Icon name="key" />
            <div>
                <p class="rows-title">{name}</p>
                {account}
                <p class="rows-text">{allowed}</p>
                <p class="rows-text">{until} ", " {used}</p>
            </div>
            <div class="rows-end">
                {over}
                <Button look="s" on_press=move |()| asked.set(Some(token.clone()))>
                    {t!(i18n, token.revoke)} <span class="away">" " {whose}</span>
                </Button>
            </div>
        </li>
    }
    .into_any()
}

/// Name, account, rights and last day; then the token itself, once.
#[component]
fn CreateDialog(open: RwSignal<bool>, found: Loading<Tokens>) -> AnyView {
    let i18n = use_i18n();
    let name = RwSignal::new(String::new());
    let account = RwSignal::new(String::new());
    let scopes = RwSignal::new(Vec::<Right>::new());
    let until = RwSignal::new(in_days(DAYS).0);
    let was_tried = RwSignal::new(false);
    let secret = RwSignal::new(None::<String>);
    let viewer = Memo::new(move |_| found.get().and_then(Result::ok).and_then(|list| list.viewer));
    let chosen = Memo::new(move |_| chosen(&viewer.get()?, &account.read()));

    let create = Action::new_local(move |input: &CreateTokenInput| {
        let input = input.clone();
        async move {
            let made = create_token(input).await?;
            let _ = secret.try_set(Some(made));
            found.refetch();
            Ok::<_, ApiError>(())
        }
    });
    let submit = Callback::new(move |()| {
        if secret.read_untracked().is_some() {
            return open.set(false);
        }
        was_tried.set(true);
        let name = name.get_untracked().trim().to_owned();
        let scopes = scopes.get_untracked();
        let until = until.get_untracked();
        if name.is_empty() || scopes.is_empty() || until.is_empty() || create.pending().get_untracked() {
            return;
        }
        create.dispatch(CreateTokenInput {
            account_id: chosen.get_untracked().map(|membership| membership.account.id),
            expires_on: Day(until),
            name,
            scopes,
        });
    });
    let closed = Callback::new(move |()| {
        secret.set(None);
        name.set(String::new());
        account.set(String::new());
        scopes.set(Vec::new());
        until.set(in_days(DAYS).0);
        was_tried.set(false);
        create.value().set(None);
    });

    let missing =
        move |is_missing: bool| (was_tried.get() && is_missing).then(|| t_string!(i18n, refusal.missing).to_owned());
    let refused = move |field: &'static str| {
        let error = create.value().get()?.err()?;
        (!create.pending().get() && error.field() == Some(field)).then(|| refusal::words(i18n, &error))
    };
    let name_error: FieldError =
        Signal::derive(move || missing(name.read().trim().is_empty()).or_else(|| refused("name")));
    let scopes_error: FieldError =
        Signal::derive(move || missing(scopes.read().is_empty()).or_else(|| refused("scopes")));
    let until_error: FieldError =
        Signal::derive(move || missing(until.read().is_empty()).or_else(|| refused("expiresOn")));
    let other = move || {
        let error = create.value().get()?.err()?;
        let has_field = error.field().is_some_and(|field| FIELDS.contains(&field));
        (!create.pending().get() && !has_field)
            .then(|| view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    let accounts = Signal::derive(move || {
        let memberships = viewer.get().map(|viewer| viewer.memberships).unwrap_or_default();
        let option = |membership: TokenMembership| (membership.account.id.to_string(), membership.account.name);
        memberships.into_iter().map(option).collect::<Vec<_>>()
    });
    let account_value = Signal::derive(move || {
        let chosen = chosen.get();
        chosen
            .map(|membership| membership.account.id.to_string())
            .unwrap_or_default()
    });
    let choose = Callback::new(move |id: String| {
        account.set(id);
        scopes.set(Vec::new());
    });
    let tick = move |right: Right| {
        let change = move |is_ticked: bool| {
            scopes.update(|scopes| {
                scopes.retain(|each| *each != right);
                if is_ticked {
                    scopes.push(right);
                }
            });
        };
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    name="token-right"
                    prop:checked=move || scopes.read().contains(&right)
                    on:change:target=move |event| change(event.target().checked())
                />
                " "
                <span>{live(move || words_of_right(i18n, right).into_any())}</span>
            </label>
        }
    };
    let ticks = move || {
        let rights = chosen.get().as_ref().map(grantable).unwrap_or_default();
        rights.into_iter().map(tick).collect_view().into_any()
    };
    let form = move || {
        view! {
            <TextField id="token-name" label=t!(i18n, token.name) hint=t!(i18n, token.name_hint) value=name required=true error=name_error />
            {live(move || (accounts.read().len() > 1).then(|| view! {
                <SelectField id="token-account" label=t!(i18n, token.account) value=account_value on_change=choose options=accounts />
            }).into_any())}
            <fieldset aria-describedby="token-rights-hint">
                <legend class="label">{t!(i18n, token.rights)}</legend>
                {live(move || scopes_error.get().map(|text| view! {
                    <p class="field-error" role="alert"><Icon name="stop" /><span>{text}</span></p>
                }).into_any())}
                <div class="checks">{live(ticks)}</div>
                <p class="field-hint" id="token-rights-hint">{t!(i18n, token.rights_hint)}</p>
            </fieldset>
            <TextField
                id="token-until"
                class="short"
                label=t!(i18n, token.last_day)
                hint=t!(i18n, token.last_day_hint)
                value=until
                kind="date"
                min=locale::today().0
                required=true
                error=until_error
            />
            {other}
        }
        .into_any()
    };
    let shown = move |made: String| {
        let copied = made.clone();
        view! {
            <Notice tone=Tone::Warn live=true><p>{t!(i18n, token.once)}</p></Notice>
            <p class="secret">
                <span class="id" id="token-secret">{made}</span>
                " "
                <CopyButton text=copied what=t!(i18n, token.token) only=true />
            </p>
            <p class="soft">{t!(i18n, token.how)}</p>
        }
        .into_any()
    };
    let foot = move || {
        live(move || {
            if secret.read().is_some() {
                view! { <Button look="primary" submit=true>{t!(i18n, token.done)}</Button> }.into_any()
            } else {
                view! {
                    <Button on_press=move |()| open.set(false)>{t!(i18n, ui.cancel)}</Button>
                    <Button look="primary" submit=true busy=create.pending()>{t!(i18n, token.create)}</Button>
                }
                .into_any()
            }
        })
    };
    view! {
        <Dialog id="new-token" open title=t!(i18n, token.create) on_submit=submit on_close=closed foot>
            <div class="form">
                {live(move || match secret.get() {
                    Some(made) => shown(made),
                    None => form(),
                })}
            </div>
        </Dialog>
    }
    .into_any()
}

/// The chosen account; at first the one in view.
fn chosen(viewer: &TokenViewer, id: &str) -> Option<TokenMembership> {
    let in_view = viewer.account.as_ref().map(|account| account.id.to_string());
    let wanted = if id.is_empty() { in_view? } else { id.to_owned() };
    let fits = |membership: &&TokenMembership| membership.account.id.to_string() == wanted;
    viewer.memberships.iter().find(fits).cloned()
}

/// Says what follows from ending a token, before it happens.
#[component]
fn RevokeDialog(asked: RwSignal<Option<Token>>, found: Loading<Tokens>) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(asked.read().is_some()));
    let revoke = Action::new_local(move |token: &Token| {
        let Token { id, name, .. } = token.clone();
        async move {
            revoke_token(id).await?;
            toasts.say(tu_string!(i18n, token.revoked, name = name).to_string());
            let _ = open.try_set(false);
            found.refetch();
            Ok::<_, ApiError>(())
        }
    });
    let submit = Callback::new(move |()| {
        if let Some(token) = asked.get_untracked()
            && !revoke.pending().get_untracked()
        {
            revoke.dispatch(token);
        }
    });
    let closed = Callback::new(move |()| {
        asked.set(None);
        revoke.value().set(None);
    });
    let question = move || Some(t_string!(i18n, token.question, name = asked.get()?.name).to_string());
    let refused = move || {
        let error = revoke.value().get()?.err()?;
        (!revoke.pending().get())
            .then(|| view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    let foot = move || {
        view! {
            <Button on_press=move |()| open.set(false)>{t!(i18n, ui.cancel)}</Button>
            <Button look="danger primary" submit=true busy=revoke.pending()>{t!(i18n, token.revoke)}</Button>
        }
    };
    view! {
        <Dialog id="revoke-token" open small=true title=t!(i18n, token.revoke_title) on_submit=submit on_close=closed foot>
            <p>{question}</p>
            {refused}
        </Dialog>
    }
    .into_any()
}

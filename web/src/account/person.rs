//! What the viewer says of himself: name, language, zone.
use super::operations::{change_preferences, change_profile};
use crate::{
    api::ApiError,
    i18n::*,
    locale, refusal,
    session::{Viewer, set_viewer, use_session},
    ui::{Button, FieldError, Notice, SelectField, TextField, Toasts, Tone},
};
use leptos::{ev::SubmitEvent, prelude::*};

/// What the viewer wants to be called.
#[component]
pub fn PersonPart(
    /// Who is signed in.
    viewer: Viewer,
) -> AnyView {
    let i18n = use_i18n();
    let session = use_session();
    let toasts = expect_context::<Toasts>();
    let name = RwSignal::new(viewer.name.unwrap_or_default());
    let change = Action::new_local(move |name: &String| {
        let name = Some(name.trim().to_owned()).filter(|name| !name.is_empty());
        async move {
            let viewer = change_profile(name).await?;
            set_viewer(session, i18n, viewer);
            toasts.say(tu_string!(i18n, account.name_saved).to_owned());
            Ok::<_, ApiError>(())
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !change.pending().get_untracked() {
            change.dispatch(name.get_untracked());
        }
    };
    let error: FieldError = Signal::derive(move || {
        let error = change.value().get()?.err()?;
        (!change.pending().get()).then(|| refusal::words(i18n, &error))
    });
    view! {
        <section class="part" aria-labelledby="person">
            <div class="part-head">
                <h2 id="person">{t!(i18n, account.person)}</h2>
                <p>{t!(i18n, account.person_text)}</p>
            </div>
            <form class="form" novalidate on:submit=submit>
                <TextField id="own-name" label=t!(i18n, account.own_name) value=name autocomplete="name" optional=true error />
                <Button submit=true busy=change.pending()>{t!(i18n, account.save_name)}</Button>
            </form>
        </section>
    }
    .into_any()
}

/// In which language and zone the portal speaks to the viewer.
#[component]
pub fn PreferencesPart(
    /// Who is signed in.
    viewer: Viewer,
) -> AnyView {
    let i18n = use_i18n();
    let session = use_session();
    let toasts = expect_context::<Toasts>();
    let language = RwSignal::new(locale::tag(i18n.get_locale_untracked()).to_owned());
    let mut names = locale::zones();
    if !names.contains(&viewer.time_zone) {
        names.push(viewer.time_zone.clone());
        names.sort();
    }
    let zone = RwSignal::new(viewer.time_zone);
    let languages = Signal::stored(vec![
        ("de".to_owned(), "Deutsch".to_owned()),
        ("en".to_owned(), "English".to_owned()),
    ]);
    let zones: Vec<_> = names
        .into_iter()
        .map(|name| (name.clone(), name.replace('_', " ")))
        .collect();
    let zones = Signal::stored(zones);
    let change = Action::new_local(move |(language, zone): &(Locale, String)| {
        let (language, zone) = (*language, zone.clone());
        async move {
            let viewer = change_preferences(locale::language_of(language), zone).await?;
            locale::choose(i18n, language);
            set_viewer(session, i18n, viewer);
            toasts.say(tu_string!(i18n, account.preferences_saved).to_owned());
            Ok::<_, ApiError>(())
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !change.pending().get_untracked() {
            let chosen = if *language.read_untracked() == "en" {
                Locale::en
            } else {
                Locale::de
            };
            change.dispatch((chosen, zone.get_untracked()));
        }
    };
    let refused = move || {
        let error = change.value().get()?.err()?;
        (!change.pending().get())
            .then(|| view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    view! {
        <section class="part" aria-labelledby="preferences">
            <div class="part-head">
                <h2 id="preferences">{t!(i18n, account.preferences)}</h2>
                <p>{t!(i18n, account.preferences_text)}</p>
            </div>
            <form class="form" novalidate on:submit=submit>
                <div class="field-row">
                    <SelectField
                        id="own-language"
                        label=t!(i18n, account.language)
                        value=language
                        on_change=move |chosen| language.set(chosen)
                        options=languages
                    />
                    <SelectField
                        id="own-zone"
                        label=t!(i18n, account.zone)
                        value=zone
                        on_change=move |chosen| zone.set(chosen)
                        options=zones
                    />
                </div>
                {refused}
                <Button submit=true busy=change.pending()>{t!(i18n, account.save_preferences)}</Button>
            </form>
        </section>
    }
    .into_any()
}

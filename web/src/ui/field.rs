//! Form fields: label above, hint below, error at the field.
use super::{Icon, live, shown};
use crate::i18n::*;
use leptos::{html, prelude::*};

/// What a field says is wrong with it; nothing while it is in order.
pub type FieldError = Signal<Option<String>>;

/// The value of `aria-describedby` for the control `id`: its error, then its hint.
pub fn describe(id: &'static str, has_hint: bool, error: FieldError) -> impl Fn() -> Option<String> + Clone {
    move || match (error.read().is_some(), has_hint) {
        (true, true) => Some(format!("{id}-error {id}-hint")),
        (true, false) => Some(format!("{id}-error")),
        (false, true) => Some(format!("{id}-hint")),
        (false, false) => None,
    }
}

/// Label, control, error and hint. The control has the id and describes itself by [`describe`].
#[component]
pub fn Field(
    /// The id of the control.
    id: &'static str,
    /// What is asked for.
    #[prop(into)]
    label: TextProp,
    /// May stay empty.
    #[prop(optional)]
    optional: bool,
    /// How to fill it in.
    #[prop(optional, into)]
    hint: Option<TextProp>,
    /// What is wrong.
    #[prop(optional, into)]
    error: FieldError,
    /// More classes, such as `grow`.
    #[prop(optional)]
    class: &'static str,
    /// The control.
    children: Children,
) -> AnyView {
    let i18n = use_i18n();
    view! {
        <div class=format!("field {class}")>
            <label for=id>
                {shown(label)}
                {optional.then(|| view! { " " <span class="field-optional">{t!(i18n, ui.optional)}</span> })}
            </label>
            {children()}
            {live(move || error.get().map(|text| view! {
                <p class="field-error" id=format!("{id}-error")><Icon name="stop" /><span>{text}</span></p>
            }).into_any())}
            {hint.map(|hint| view! { <p class="field-hint" id=format!("{id}-hint")>{shown(hint)}</p> })}
        </div>
    }
    .into_any()
}

/// One line of text.
#[component]
pub fn TextField(
    /// The id of the input.
    id: &'static str,
    /// What is asked for.
    #[prop(into)]
    label: TextProp,
    /// What is typed.
    value: RwSignal<String>,
    /// `text`, `email`, `date`, `search`, `number`.
    #[prop(default = "text")]
    kind: &'static str,
    /// What browsers and password managers fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// `none` for names that are no words.
    #[prop(optional)]
    autocapitalize: Option<&'static str>,
    /// May stay empty.
    #[prop(optional)]
    optional: bool,
    /// Must be filled in.
    #[prop(optional)]
    required: bool,
    /// How to fill it in.
    #[prop(optional, into)]
    hint: Option<TextProp>,
    /// What is wrong.
    #[prop(optional, into)]
    error: FieldError,
    /// A sign in front.
    #[prop(optional)]
    icon: Option<&'static str>,
    /// Classes of the input, such as `id`.
    #[prop(optional)]
    input_class: &'static str,
    /// Classes of the field, such as `grow`.
    #[prop(optional)]
    class: &'static str,
    /// The smallest value, for days and numbers.
    #[prop(optional, into)]
    min: Option<String>,
) -> AnyView {
    let described = describe(id, hint.is_some(), error);
    let input = view! {
        <input
            id=id
            name=id
            type=kind
            class=input_class
            autocomplete=autocomplete
            autocapitalize=autocapitalize
            spellcheck=autocapitalize.map(|_| "false")
            min=min
            required=required
            aria-invalid=move || error.read().is_some().then_some("true")
            aria-describedby=described
            prop:value=move || value.get()
            on:input:target=move |event| value.set(event.target().value())
        />
    };
    let control = match icon {
        Some(name) => view! { <div class="inset"><Icon name />{input}</div> }.into_any(),
        None => input.into_any(),
    };
    field(id, label, optional, hint, error, class, control)
}

fn field(
    id: &'static str,
    label: TextProp,
    optional: bool,
    hint: Option<TextProp>,
    error: FieldError,
    class: &'static str,
    control: AnyView,
) -> AnyView {
    let children: Children = Box::new(move || control);
    Field(FieldProps {
        id,
        label,
        optional,
        hint,
        error,
        class,
        children,
    })
    .into_any()
}

/// A password, which can be looked at. Pasting is allowed, and password managers know what it is (security A12).
#[component]
pub fn PasswordField(
    /// The id of the input.
    id: &'static str,
    /// What is asked for.
    #[prop(into)]
    label: TextProp,
    /// What is typed.
    value: RwSignal<String>,
    /// `current-password` or `new-password`.
    autocomplete: &'static str,
    /// The id of what describes it besides hint and error, such as the policy.
    #[prop(optional)]
    described_by: Option<&'static str>,
    /// How to fill it in.
    #[prop(optional, into)]
    hint: Option<TextProp>,
    /// What is wrong.
    #[prop(optional, into)]
    error: FieldError,
) -> AnyView {
    let i18n = use_i18n();
    let shown = RwSignal::new(false);
    let described = describe(id, hint.is_some(), error);
    let described = move || match (described(), described_by) {
        (Some(own), Some(other)) => Some(format!("{own} {other}")),
        (own, other) => own.or_else(|| other.map(str::to_owned)),
    };
    let control = view! {
        <div class="inset">
            <input
                id=id
                name=id
                type=move || if shown.get() { "text" } else { "password" }
                autocomplete=autocomplete
                autocapitalize="none"
                spellcheck="false"
                required
                    aria-invalid=move || error.read().is_some().then_some("true")
                aria-describedby=described
                prop:value=move || value.get()
                on:input:target=move |event| value.set(event.target().value())
            />
            <button
                type="button"
                class="quiet s"
                aria-pressed=move || if shown.get() { "true" } else { "false" }
                aria-controls=id
                on:click=move |_| shown.update(|shown| *shown = !*shown)
            >
                {live(move || (if shown.get() { t_string!(i18n, ui.hide) } else { t_string!(i18n, ui.show) }).into_any())}
            </button>
        </div>
    };
    field(id, label, false, hint, error, "", control.into_any())
}

/// One of several values. The children are `<option>`s.
#[component]
pub fn SelectField(
    /// The id of the control.
    id: &'static str,
    /// What is asked for.
    #[prop(into)]
    label: TextProp,
    /// The chosen value.
    #[prop(into)]
    value: Signal<String>,
    /// Hears the new value.
    #[prop(into)]
    on_change: Callback<String>,
    /// Classes of the field.
    #[prop(optional)]
    class: &'static str,
    /// The options: value and words.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
) -> AnyView {
    let node = NodeRef::<html::Select>::new();
    // The value can only be set once its option is there.
    Effect::new(move |_| {
        options.track();
        let chosen = value.get();
        if let Some(select) = node.get() {
            select.set_value(&chosen);
        }
    });
    let control = view! {
        <div class="select">
            <select id=id name=id node_ref=node on:change:target=move |event| on_change.run(event.target().value())>
                {live(move || options.get().into_iter().map(|(key, words)| {
                    let selected = value.get_untracked() == key;
                    view! { <option value=key selected=selected>{words}</option> }
                }).collect_view().into_any())}
            </select>
            <Icon name="down" />
        </div>
    };
    field(id, label, false, None, FieldError::default(), class, control.into_any())
}

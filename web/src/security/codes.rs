//! Recovery codes, shown once: to copy, to keep as a file, to print.
use crate::{
    i18n::*,
    locale,
    ui::{Button, CopyButton, Heading, Icon, Notice, Tone},
};
use leptos::{ev::SubmitEvent, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, HtmlAnchorElement, Url};

/// The codes, and that they were kept.
#[component]
pub fn CodesPage(
    /// The codes; none once they were kept.
    codes: RwSignal<Option<Vec<String>>>,
    /// The second factor was turned on with them.
    is_new: bool,
) -> AnyView {
    let i18n = use_i18n();
    let all = codes.get_untracked().unwrap_or_default();
    let as_lines = all.join("\n");
    let file = format!("{as_lines}\n");
    let count = all.len();
    let kept = RwSignal::new(false);
    let is_missing = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        is_missing.set(!kept.get_untracked());
        if kept.get_untracked() {
            codes.set(None);
        }
    };
    let print = Callback::new(move |()| {
        // Where nothing can be printed, the codes are still there to copy.
        window().print().ok();
    });
    let keep = Callback::new(move |()| {
        // Where no file can be made, the codes are still there to copy.
        download("keyhaus-codes.txt", &file).ok();
    });
    let shown = all.into_iter().map(|code| view! { <li>{code}</li> }).collect_view();
    view! {
        <div class="page">
            <div class="page-head"><div>
                <Heading text=t!(i18n, second_factor.codes_title) />
                <p class="lead">{t!(i18n, second_factor.codes_lead)}</p>
            </div></div>
            <div class="narrow">
                {is_new.then(|| view! {
                    <ol class="steps" aria-label=t!(i18n, second_factor.set_up)>
                        <li data-tone="good">{t!(i18n, second_factor.step_password)}<span class="away">" " {t!(i18n, second_factor.step_done)}</span></li>
                        <li data-tone="good">{t!(i18n, second_factor.step_app)}<span class="away">" " {t!(i18n, second_factor.step_done)}</span></li>
                        <li aria-current="step">{t!(i18n, second_factor.step_codes)}</li>
                    </ol>
                    <Notice tone=Tone::Good live=true>
                        <p><b>{t!(i18n, second_factor.is_on)}</b> " " {t!(i18n, second_factor.others_ended)}</p>
                    </Notice>
                })}
                <section class="card" aria-labelledby="codes">
                    <div class="card-head">
                        <h2 id="codes">{t!(i18n, second_factor.count_codes, count = count)}</h2>
                        <span class="soft small">{move || locale::day_in_text(i18n, &locale::today())}</span>
                    </div>
                    <ol class="codes">{shown}</ol>
                    <div class="actions">
                        <CopyButton text=as_lines what=t!(i18n, second_factor.step_codes) />
                        <Button icon="download" on_press=keep>{t!(i18n, second_factor.download)}</Button>
                        <Button icon="print" on_press=print>{t!(i18n, second_factor.print)}</Button>
                    </div>
                </section>
                <form class="form no-print" novalidate on:submit=submit>
                    <div class="field">
                        <label class="check">
                            <input
                                id="kept"
                                type="checkbox"
                                aria-invalid=move || is_missing.get().then_some("true")
                                aria-describedby=move || is_missing.get().then_some("kept-error")
                                prop:checked=move || kept.get()
                                on:change:target=move |event| kept.set(event.target().checked())
                            />
                            " "
                            <span>{t!(i18n, second_factor.kept)}</span>
                        </label>
                        {move || is_missing.get().then(|| view! {
                            <p class="field-error" id="kept-error" role="alert"><Icon name="stop" /><span>{t!(i18n, second_factor.not_kept)}</span></p>
                        })}
                    </div>
                    <div class="actions"><Button look="primary" submit=true>{t!(i18n, second_factor.done)}</Button></div>
                </form>
            </div>
        </div>
    }
    .into_any()
}

/// Hands a text to the browser's downloads; it never leaves the browser.
fn download(name: &str, text: &str) -> Result<(), JsValue> {
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    let address = Url::create_object_url_with_blob(&Blob::new_with_str_sequence(&parts)?)?;
    let anchor: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    anchor.set_href(&address);
    anchor.set_download(name);
    anchor.click();
    Url::revoke_object_url(&address)
}

//! The words of the portal in the language in use.
//!
//! `leptos_i18n` checks the keys when it compiles; what follows the language while the app runs is here: its own
//! context brings a parser of language tags, cookies and headers, and makes a type of its own of every text.
use leptos::prelude::*;
use leptos_i18n::Locale as _;

#[allow(
    clippy::all,
    clippy::expect_used,
    missing_docs,
    unused_imports,
    dead_code,
    reason = "generated from locales/, which has the words"
)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));
}

pub use generated::i18n::Locale;

/// The language in use; reading words in a closure makes the closure follow the language.
#[derive(Clone, Copy, Debug)]
pub struct Words(RwSignal<Locale>);

impl Words {
    /// The language, followed.
    pub fn get_locale(self) -> Locale {
        self.0.get()
    }

    /// The language as it is now.
    pub fn get_locale_untracked(self) -> Locale {
        self.0.get_untracked()
    }

    /// Speaks another language from now on.
    pub fn set_locale(self, locale: Locale) {
        if self.get_locale_untracked() != locale {
            self.0.set(locale);
        }
    }
}

/// Makes words reachable for all below, and the page's root say which language it is in.
pub fn provide_words(locale: Locale) -> Words {
    let words = Words(RwSignal::new(locale));
    provide_context(words);
    Effect::new(move |_| {
        if let Some(root) = document().document_element() {
            // The root element takes any attribute.
            root.set_attribute("lang", words.get_locale().as_str()).ok();
        }
    });
    words
}

/// The words, from context.
pub fn use_i18n() -> Words {
    expect_context()
}

/// A text without parameters as it follows the language. All of them are of one type, so that the code that keeps
/// a text up to date is in the program once.
pub fn follow(
    words: Words,
    text: fn(Words) -> &'static str,
) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
    move || text(words)
}

/// A text that is made anew when what it reads changes, again of one type for all.
pub fn text(text: impl Fn() -> String + Send + 'static) -> Box<dyn Fn() -> String + Send> {
    Box::new(text)
}

/// The text of a key, as a value; followed where it is read in a closure.
macro_rules! t_string {
    ($words:expr, $($key:tt)*) => { leptos_i18n::td_string!($words.get_locale(), $($key)*) };
}

/// The text of a key as it is now, for what is said once.
macro_rules! tu_string {
    ($words:expr, $($key:tt)*) => { leptos_i18n::td_string!($words.get_locale_untracked(), $($key)*) };
}

/// The text of a key in a view: follows the language.
macro_rules! t {
    ($words:expr, $($key:ident).+ $(,)?) => {
        $crate::i18n::follow($words, |words| leptos_i18n::td_string!(words.get_locale(), $($key).+))
    };
    ($words:expr, $($key:tt)*) => {
        $crate::i18n::text(move || leptos_i18n::td_string!($words.get_locale(), $($key)*).to_string())
    };
}

pub(crate) use {t, t_string, tu_string};

//! Light or dark: the system decides, unless the person did.
use crate::locale::storage;
use leptos::prelude::*;

const KEY: &str = "keyhaus-theme";

/// What the person chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// All of them, as the menu shows them.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// As storage and style sheets name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// What was chosen on this browser.
    pub fn chosen() -> Self {
        let name = storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
        Self::ALL
            .into_iter()
            .find(|theme| Some(theme.as_str()) == name.as_deref())
            .unwrap_or_default()
    }

    /// Shows it from now on, and on the next visit. The loader applies it before the first paint.
    pub fn choose(self) {
        if let Some(storage) = storage() {
            // Without storage (private windows) the choice lasts as long as the page.
            storage.set_item(KEY, self.as_str()).ok();
        }
        let Some(root) = document().document_element() else {
            return;
        };
        // The root element takes any attribute.
        match self {
            Self::System => root.remove_attribute("data-theme").ok(),
            Self::Light | Self::Dark => root.set_attribute("data-theme", self.as_str()).ok(),
        };
    }
}

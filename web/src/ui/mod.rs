//! The parts that all pages are made of: no GraphQL and no subject in here.
mod badge;
mod button;
mod dialog;
mod field;
mod head;
mod icon;
mod menu;
mod state;
mod table;
mod toast;

pub use badge::{Badge, Notice, Tone};
pub use button::{Button, CopyButton};
pub use dialog::Dialog;
pub use field::{Field, FieldError, PasswordField, SelectField, TextField, describe};
pub use head::{BlockHead, Crumbs, Heading, PageHead};
pub use icon::{Icon, Mark, asset};
pub use menu::{Menu, close_menus};
pub use state::{Delayed, Empty, Failed, SkeletonRows};
pub use table::{Hits, Pager, SelectionBar, TickCell};
pub use toast::{ToastRegion, Toasts, provide_toasts};

use leptos::prelude::*;

/// A text of a part's caller, as it follows what it reads; of one type for all parts.
fn shown(text: TextProp) -> impl Fn() -> leptos::oco::Oco<'static, str> + Clone + Send + Sync + 'static {
    move || text.get()
}

/// A part that is made anew when what it reads changes. All such parts are of one type, so that the code that keeps
/// them up to date is in the program once.
pub fn live(part: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    let part: Box<dyn Fn() -> AnyView + Send> = Box::new(part);
    view! { {part} }.into_any()
}

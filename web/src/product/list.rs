//! All contracts of the account in view.
use super::{ContractTable, operations::contracts};
use crate::{
    api::ApiError,
    i18n::*,
    loading::{Loaded, load},
    locale,
    ui::{Button, Empty, PageHead},
};
use leptos::prelude::*;

const PAGE: i32 = 50;

/// The page "Produkte".
#[component]
pub fn ProductsPage() -> AnyView {
    let i18n = use_i18n();
    let shown = RwSignal::new(PAGE);
    let found = load(move || {
        let (language, wanted) = (locale::language_of(i18n.get_locale()), shown.get());
        async move {
            let mut list = contracts(language, PAGE, None).await?;
            while list.page_info.has_next_page && (list.nodes.len() as i32) < wanted {
                let next = contracts(language, PAGE, list.page_info.end_cursor.take()).await?;
                list.nodes.extend(next.nodes);
                list.page_info = next.page_info;
            }
            Ok::<_, ApiError>(list)
        }
    });
    let lead = move || match found.get() {
        Some(Ok(list)) if list.total_count == 1 => t_string!(i18n, product.count_one).to_owned(),
        Some(Ok(list)) if list.total_count > 1 => {
            t_string!(i18n, product.count_many, count = locale::count(i18n, list.total_count))
        }
        _ => "\u{a0}".to_owned(),
    };
    view! {
        <div class="page">
            <PageHead title=t!(i18n, product.title) help="/products" lead />
            <Loaded resource=found rows=8 let:list>
                {if list.nodes.is_empty() {
                    view! {
                        <Empty
                            icon="product"
                            title=t!(i18n, product.none)
                            text=t!(i18n, product.none_text)
                        />
                    }.into_any()
                } else {
                    view! {
                        <ContractTable contracts=list.nodes />
                        {list.page_info.has_next_page.then(|| view! {
                            <Button on_press=move |()| shown.update(|shown| *shown += PAGE)>{t!(i18n, product.more)}</Button>
                        })}
                    }.into_any()
                }}
            </Loaded>
        </div>
    }
    .into_any()
}

//! Where a list of invoices stands: in the address of the page, so that it can be left, shared and found again.
use super::query::InvoiceQuery;
use crate::address::address;
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};

/// The list's query and the ways to another.
#[derive(Clone, Copy)]
pub struct InvoicePlace {
    /// What is shown.
    pub query: Memo<InvoiceQuery>,
    go: Callback<(String, bool)>,
    trail: StoredValue<Vec<InvoiceQuery>>,
}

/// The place of the list.
pub fn use_place() -> InvoicePlace {
    let params = use_query_map();
    let navigate = use_navigate();
    let go = Callback::new(move |(address, replace): (String, bool)| {
        let options = NavigateOptions {
            replace,
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&address, options);
    });
    InvoicePlace {
        query: Memo::new(move |_| InvoiceQuery::read(|name| params.read().get(name))),
        go,
        trail: StoredValue::new(Vec::new()),
    }
}

impl InvoicePlace {
    fn address(query: &InvoiceQuery) -> String {
        address("/invoices", query.pairs())
    }

    /// Shows the first page of another filter, in place of the former in the browser's history.
    pub fn filter(self, change: impl FnOnce(&mut InvoiceQuery)) {
        let mut query = self.query.get_untracked().at_start();
        change(&mut query);
        self.trail.set_value(Vec::new());
        if query != self.query.get_untracked() {
            self.go.run((Self::address(&query), true));
        }
    }

    /// Shows the page after one that has `rows` and ends at a cursor.
    pub fn next(self, rows: usize, end: Option<String>) {
        let query = self.query.get_untracked();
        let next = InvoiceQuery {
            after: end,
            skipped: query.skipped + rows,
            ..query.clone()
        };
        self.trail.update_value(|trail| trail.push(query));
        self.go.run((Self::address(&next), false));
    }

    /// Shows the page before; the first one where it is not known.
    pub fn previous(self) {
        let former = self.trail.try_update_value(Vec::pop).flatten();
        let query = former.unwrap_or_else(|| self.query.get_untracked().at_start());
        self.go.run((Self::address(&query), false));
    }
}

//! Where a list of devices stands: in the address of the page, so that it can be left, shared and found again.
use super::query::DeviceQuery;
use crate::address::address;
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};

/// The list's query and the ways to another.
#[derive(Clone, Copy)]
pub struct Place {
    /// What is shown.
    pub query: Memo<DeviceQuery>,
    go: Callback<(String, bool)>,
    trail: StoredValue<Vec<DeviceQuery>>,
}

/// The place of the list of devices.
pub fn use_place() -> Place {
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
    Place {
        query: Memo::new(move |_| DeviceQuery::read(|name| params.read().get(name))),
        go,
        trail: StoredValue::new(Vec::new()),
    }
}

impl Place {
    fn address(self, query: &DeviceQuery) -> String {
        address("/devices", query.pairs())
    }

    /// Shows the first page of another filter, in place of the former in the browser's history.
    pub fn filter(self, change: impl FnOnce(&mut DeviceQuery)) {
        let mut query = self.query.get_untracked().at_start();
        change(&mut query);
        self.trail.set_value(Vec::new());
        if query != self.query.get_untracked() {
            self.go.run((self.address(&query), true));
        }
    }

    /// Shows the page after one that has `rows` and ends at a cursor.
    pub fn next(self, rows: usize, end: Option<String>) {
        let query = self.query.get_untracked();
        let next = DeviceQuery {
            after: end,
            skipped: query.skipped + rows,
            ..query.clone()
        };
        self.trail.update_value(|trail| trail.push(query));
        self.go.run((self.address(&next), false));
    }

    /// Shows the page before; the first one where it is not known.
    pub fn previous(self) {
        let former = self.trail.try_update_value(Vec::pop).flatten();
        let query = former.unwrap_or_else(|| self.query.get_untracked().at_start());
        self.go.run((self.address(&query), false));
    }
}

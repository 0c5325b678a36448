//! Where a list stands: in the address of its page, so that it can be left, shared and found again.
use crate::address::address;
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};
use std::time::Duration;

/// How long after the last key a search begins.
const PAUSE: Duration = Duration::from_millis(300);

/// What narrows a list, as the address of its page says it.
pub trait Query: Clone + Default + PartialEq + Send + Sync + 'static {
    /// The path of the page.
    const PATH: &'static str;

    /// Reads the values of an address by their names; what it does not know is left out.
    fn read(value: &dyn Fn(&str) -> Option<String>) -> Self;

    /// The query as names and values; empty ones are left out of the address.
    fn pairs(&self) -> Vec<(&'static str, String)>;

    /// Whether anything narrows the list.
    fn is_filtered(&self) -> bool {
        *self != Self::default()
    }
}

/// A page of a list: what narrows the list, and which rows come before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows<Q> {
    /// What narrows the list.
    pub query: Q,
    /// The cursor of the row before the first; nothing at the start.
    pub after: Option<String>,
    /// How many rows are before the first.
    pub skipped: usize,
}

impl<Q: Query> Rows<Q> {
    /// The first page of a list.
    fn first(query: Q) -> Self {
        Self {
            query,
            after: None,
            skipped: 0,
        }
    }

    fn read(value: &dyn Fn(&str) -> Option<String>) -> Self {
        let after = value("after");
        let skipped = || value("skipped")?.parse().ok();
        Self {
            query: Q::read(value),
            skipped: after.as_ref().and_then(|_| skipped()).unwrap_or(0),
            after,
        }
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = self.query.pairs();
        if let Some(after) = &self.after {
            pairs.push(("after", after.clone()));
            pairs.push(("skipped", self.skipped.to_string()));
        }
        pairs
    }
}

/// What a list shows, and the ways to something else.
pub struct Place<Q: Query> {
    /// The rows that are shown.
    pub rows: Memo<Rows<Q>>,
    /// What narrows the list.
    pub query: Memo<Q>,
    go: Callback<(String, bool)>,
    trail: StoredValue<Vec<Rows<Q>>>,
}

impl<Q: Query> Clone for Place<Q> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Q: Query> Copy for Place<Q> {}

/// The place of the list on this page.
pub fn use_place<Q: Query>() -> Place<Q> {
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
    let rows = Memo::new(move |_| Rows::<Q>::read(&|name| params.read().get(name)));
    Place {
        rows,
        query: Memo::new(move |_| rows.read().query.clone()),
        go,
        trail: StoredValue::new(Vec::new()),
    }
}

impl<Q: Query> Place<Q> {
    /// Shows the first page of another filter, in place of the former in the browser's history.
    pub fn filter(self, change: impl FnOnce(&mut Q)) {
        let mut query = self.query.get_untracked();
        change(&mut query);
        let rows = Rows::first(query);
        self.trail.set_value(Vec::new());
        if rows != self.rows.get_untracked() {
            self.show(&rows, true);
        }
    }

    /// Shows the page after one that has `count` rows and ends at a cursor.
    pub fn next(self, count: usize, end: Option<String>) {
        let rows = self.rows.get_untracked();
        let next = Rows {
            after: end,
            skipped: rows.skipped + count,
            query: rows.query.clone(),
        };
        self.trail.update_value(|trail| trail.push(rows));
        self.show(&next, false);
    }

    /// Shows the page before; the first one where it is not known.
    pub fn previous(self) {
        let former = self.trail.try_update_value(Vec::pop).flatten();
        let rows = former.unwrap_or_else(|| Rows::first(self.query.get_untracked()));
        self.show(&rows, false);
    }

    /// How many rows are before the first, as it is now.
    pub fn skipped(self) -> usize {
        self.rows.read_untracked().skipped
    }

    fn show(self, rows: &Rows<Q>, replace: bool) {
        self.go.run((address(Q::PATH, rows.pairs()), replace));
    }

    /// A text of the query that people type: the list follows when they pause.
    pub fn typed(self, of: fn(&Q) -> &String, set: fn(&mut Q, &str)) -> Typed {
        let value = RwSignal::new(of(&self.query.read_untracked()).clone());
        let sent = StoredValue::new(value.get_untracked());
        let search = Callback::new(move |()| {
            let Some(typed) = value.try_get_untracked() else {
                return; // the page was left while the search waited
            };
            self.filter(|query| {
                set(query, &typed);
                sent.set_value(of(query).clone());
            });
        });
        Effect::watch(
            move || value.get(),
            move |_, _, former: Option<Option<TimeoutHandle>>| {
                if let Some(timer) = former.flatten() {
                    timer.clear();
                }
                set_timeout_with_handle(move || search.try_run(()).unwrap_or_default(), PAUSE).ok()
            },
            false,
        );
        // Back and forward change the address; what is being typed stays.
        Effect::watch(
            move || of(&self.query.read()).clone(),
            move |now, _, _| {
                if sent.get_value() != *now {
                    sent.set_value(now.clone());
                    value.set(now.clone());
                }
            },
            false,
        );
        Typed { value, search }
    }
}

/// A text that narrows a list while it is typed.
#[derive(Clone, Copy)]
pub struct Typed {
    /// What stands in the field.
    pub value: RwSignal<String>,
    /// Searches at once.
    pub search: Callback<()>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[derive(Clone, Debug, Default, PartialEq)]
    struct Named(String);

    impl Query for Named {
        const PATH: &'static str = "/names";

        fn read(value: &dyn Fn(&str) -> Option<String>) -> Self {
            Self(value("name").unwrap_or_default())
        }

        fn pairs(&self) -> Vec<(&'static str, String)> {
            vec![("name", self.0.clone())]
        }
    }

    fn read(pairs: &HashMap<&str, String>) -> Rows<Named> {
        Rows::read(&|name| pairs.get(name).cloned())
    }

    #[test]
    fn a_page_reads_back_as_it_was_written() {
        let rows = Rows {
            query: Named("Öztürk".into()),
            after: Some("c25".into()),
            skipped: 25,
        };
        assert_eq!(read(&rows.pairs().into_iter().collect()), rows);
        let first = Rows::first(Named::default());
        assert_eq!(first.pairs(), [("name", String::new())]);
        assert!(!first.query.is_filtered());
    }

    #[test]
    fn a_place_without_a_cursor_is_the_first_row() {
        let pairs = HashMap::from([("skipped", "50".to_owned()), ("name", "a".to_owned())]);
        assert_eq!(read(&pairs), Rows::first(Named("a".into())));
        let pairs = HashMap::from([("skipped", "-1".to_owned()), ("after", "c".to_owned())]);
        assert_eq!(read(&pairs).skipped, 0);
    }
}

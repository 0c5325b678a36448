//! Pages of lists: Relay connections over a keyset, never an offset.
use crate::error::{Error, Result};
use async_graphql::{OutputType, SimpleObject, TypeName};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};
use shared::error::Reason;

/// The most rows of a page (security G04).
pub const PAGE_MAX: u64 = 100;

/// The rows of a page if the caller does not say.
pub const PAGE_DEFAULT: u64 = 25;

/// Which page of a list: `first` rows after the row of a cursor. `K` is the key that orders the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<K> {
    /// How many rows, 1 to [`PAGE_MAX`].
    pub first: u64,
    /// The key of the last row of the page before.
    pub after: Option<K>,
}

impl<K: DeserializeOwned> Page<K> {
    /// Reads the arguments `first` and `after` of a connection.
    ///
    /// # Errors
    /// [`Error::Invalid`] for fewer than 1 or more than [`PAGE_MAX`] rows, or a cursor that this list never gave.
    pub fn read(first: Option<i32>, after: Option<String>) -> Result<Self> {
        let first = match first {
            None => PAGE_DEFAULT,
            Some(first) => u64::try_from(first)
                .ok()
                .filter(|first| (1..=PAGE_MAX).contains(first))
                .ok_or_else(|| {
                    Error::invalid(
                        "first",
                        Reason::PageTooLarge,
                        format!("a page has 1 to {PAGE_MAX} rows"),
                    )
                })?,
        };
        let key = |text: String| {
            let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
            serde_json::from_slice(&bytes).ok()
        };
        let after = after
            .map(|text| {
                key(text).ok_or_else(|| Error::invalid("after", Reason::BadCursor, "not a cursor of this list"))
            })
            .transpose()?;
        Ok(Self { first, after })
    }

    /// How many rows to ask the database for: one more, to know whether there is a next page.
    pub fn limit(&self) -> u64 {
        self.first + 1
    }
}

/// What a list shows of itself beside its rows.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct PageInfo {
    /// The cursor of the first row of this page.
    pub start_cursor: Option<String>,
    /// The cursor of the last row of this page: give it as `after` for the next one.
    pub end_cursor: Option<String>,
    /// Whether rows follow this page.
    pub has_next_page: bool,
    /// Whether this page was asked for with `after`, so that rows precede it.
    pub has_previous_page: bool,
}

/// A row of a list with its cursor.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name_type)]
pub struct Edge<T: OutputType> {
    /// Names this row's place in the list.
    pub cursor: String,
    /// The row.
    pub node: T,
}

impl<T: OutputType> TypeName for Edge<T> {
    fn type_name() -> std::borrow::Cow<'static, str> {
        format!("{}Edge", <T as OutputType>::type_name()).into()
    }
}

/// A page of a list.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name_type)]
pub struct Connection<T: OutputType + Clone> {
    /// The rows with their cursors.
    pub edges: Vec<Edge<T>>,
    /// The rows alone.
    pub nodes: Vec<T>,
    /// Where this page stands in the list.
    pub page_info: PageInfo,
    /// How many rows the whole list has.
    pub total_count: u64,
}

impl<T: OutputType + Clone> TypeName for Connection<T> {
    fn type_name() -> std::borrow::Cow<'static, str> {
        format!("{}Connection", <T as OutputType>::type_name()).into()
    }
}

impl<T: OutputType + Clone> Connection<T> {
    /// Makes a page of what the database gave for [`Page::limit`]; `key` is what orders the list.
    pub fn new<K: Serialize>(page: &Page<K>, mut rows: Vec<T>, total_count: u64, key: impl Fn(&T) -> K) -> Self {
        let has_next_page = rows.len() as u64 > page.first;
        rows.truncate(usize::try_from(page.first).unwrap_or(usize::MAX));
        let cursor = |row: &T| URL_SAFE_NO_PAD.encode(serde_json::to_vec(&key(row)).unwrap_or_default());
        let edges: Vec<_> = rows
            .iter()
            .map(|row| Edge {
                cursor: cursor(row),
                node: row.clone(),
            })
            .collect();
        let page_info = PageInfo {
            start_cursor: edges.first().map(|edge| edge.cursor.clone()),
            end_cursor: edges.last().map(|edge| edge.cursor.clone()),
            has_next_page,
            has_previous_page: page.after.is_some(),
        };
        Self {
            edges,
            nodes: rows,
            page_info,
            total_count,
        }
    }
}

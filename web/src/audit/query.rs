//! What the page of the log shows, as its address says it.
use super::operations::AuditFilter;
use crate::{address::address, api::Instant};
use leptos_router::params::ParamsMap;

/// The filter and the place of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogQuery {
    /// Only this act; empty for all.
    pub act: String,
    /// `done`, `refused`, or empty for both.
    pub result: String,
    /// The first day, `2026-11-23`; empty for the beginning.
    pub from: String,
    /// The last day; empty for now.
    pub until: String,
    /// Only what the viewer did himself.
    pub is_mine: bool,
    /// The cursor of the row before the first.
    pub after: Option<String>,
}

impl LogQuery {
    /// Out of an address.
    pub fn of(params: &ParamsMap) -> Self {
        let text = |name: &str| params.get(name).unwrap_or_default();
        Self {
            act: text("act"),
            result: text("result"),
            from: text("from"),
            until: text("until"),
            is_mine: text("mine") == "1",
            after: params.get("after"),
        }
    }

    /// The address of the page that shows this.
    pub fn address(&self) -> String {
        let mut pairs = self.filter_pairs();
        pairs.push(("after", self.after.clone().unwrap_or_default()));
        address("/log", pairs)
    }

    fn filter_pairs(&self) -> Vec<(&'static str, String)> {
        let mine = if self.is_mine { "1" } else { "" };
        vec![
            ("act", self.act.clone()),
            ("result", self.result.clone()),
            ("from", self.from.clone()),
            ("until", self.until.clone()),
            ("mine", mine.to_owned()),
        ]
    }

    /// Whether anything is left out.
    pub fn is_filtered(&self) -> bool {
        self.filter_pairs().iter().any(|(_, value)| !value.is_empty())
    }

    /// What the server is asked for. Days begin and end in the viewer's zone.
    pub fn filter(&self) -> AuditFilter {
        AuditFilter {
            act: Some(self.act.clone()).filter(|act| !act.is_empty()),
            from: midnight(&self.from, 0),
            until: midnight(&self.until, 1),
            is_allowed: match self.result.as_str() {
                "done" => Some(true),
                "refused" => Some(false),
                _ => None,
            },
            is_mine: self.is_mine,
        }
    }

    /// Where the same rows are to be had as a table for spreadsheets.
    pub fn export_address(&self) -> String {
        let filter = self.filter();
        let instant = |of: Option<Instant>| of.map(|instant| instant.0).unwrap_or_default();
        let pairs = [
            ("act", filter.act.unwrap_or_default()),
            ("from", instant(filter.from)),
            ("until", instant(filter.until)),
            (
                "isAllowed",
                filter.is_allowed.map(|allowed| allowed.to_string()).unwrap_or_default(),
            ),
            (
                "isMine",
                if filter.is_mine {
                    "true".to_owned()
                } else {
                    String::new()
                },
            ),
        ];
        address("/download/log", pairs)
    }
}

/// The beginning of a day in the viewer's zone, so many days later; nothing for what is no day.
fn midnight(day: &str, later: u32) -> Option<Instant> {
    let date = js_sys::Date::new(&format!("{day}T00:00:00").into());
    if date.get_time().is_nan() {
        return None;
    }
    date.set_date(date.get_date() + later);
    date.to_iso_string().as_string().map(Instant)
}

//! What a list of devices shows, as the address of the page says it, and which of its rows are selected.
use shared::{device::DeviceAssigned, id::DeviceId};

/// Filter and place of a list of devices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeviceQuery {
    /// The beginning of the serial number.
    pub serial: String,
    /// The order, or nothing for all.
    pub order: String,
    /// The model, or nothing for all.
    pub model: String,
    /// Whether somebody may read it.
    pub assigned: Option<DeviceAssigned>,
    /// The cursor of the row before the first.
    pub after: Option<String>,
    /// How many rows are before the first.
    pub skipped: usize,
}

impl DeviceQuery {
    /// Reads the query of an address by its names; what it does not know is left out.
    pub fn read(value: impl Fn(&str) -> Option<String>) -> Self {
        let text = |name: &str| value(name).unwrap_or_default();
        let after = value("after");
        Self {
            serial: text("serial").chars().filter(char::is_ascii_digit).take(8).collect(),
            order: text("order"),
            model: text("model"),
            assigned: assigned_of(&text("assigned")),
            skipped: after.as_ref().and_then(|_| text("skipped").parse().ok()).unwrap_or(0),
            after,
        }
    }

    /// The query as names and values, without what is not set.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = vec![
            ("serial", self.serial.clone()),
            ("order", self.order.clone()),
            ("model", self.model.clone()),
            ("assigned", assigned_word(self.assigned).to_owned()),
        ];
        if let Some(after) = &self.after {
            pairs.push(("after", after.clone()));
            pairs.push(("skipped", self.skipped.to_string()));
        }
        pairs.retain(|(_, value)| !value.is_empty());
        pairs
    }

    /// The same filter from its first row.
    pub fn at_start(self) -> Self {
        Self {
            after: None,
            skipped: 0,
            ..self
        }
    }

    /// Whether anything narrows the list.
    pub fn is_filtered(&self) -> bool {
        self.assigned.is_some() || !(self.serial.is_empty() && self.order.is_empty() && self.model.is_empty())
    }
}

/// The state of a word in an address.
pub fn assigned_of(word: &str) -> Option<DeviceAssigned> {
    match word {
        "free" => Some(DeviceAssigned::Free),
        "pending" => Some(DeviceAssigned::Pending),
        "active" => Some(DeviceAssigned::Active),
        _ => None,
    }
}

/// The word of a state in an address; empty for all states.
pub fn assigned_word(assigned: Option<DeviceAssigned>) -> &'static str {
    match assigned {
        Some(DeviceAssigned::Free) => "free",
        Some(DeviceAssigned::Pending) => "pending",
        Some(DeviceAssigned::Active) => "active",
        None => "",
    }
}

/// Which devices are selected: some by name, or all that match the filter but some.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// All that match, but those named.
    pub is_all: bool,
    /// Those that are selected; with `is_all`, those that are not.
    pub named: Vec<DeviceId>,
}

impl Selection {
    /// The most devices that can be named one by one.
    pub const MOST: usize = 100;

    /// Whether a device is selected.
    pub fn has(&self, id: DeviceId) -> bool {
        self.is_all != self.named.contains(&id)
    }

    /// Selects a device, or takes it out.
    pub fn set(&mut self, id: DeviceId, is_selected: bool) {
        if self.has(id) == is_selected {
            return;
        }
        if self.is_all == is_selected {
            self.named.retain(|named| *named != id);
        } else if self.named.len() < Self::MOST {
            self.named.push(id);
        }
    }

    /// How many are selected where `total` match.
    pub fn count(&self, total: usize) -> usize {
        if self.is_all {
            total.saturating_sub(self.named.len())
        } else {
            self.named.len()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    fn id(number: u128) -> DeviceId {
        DeviceId(uuid::Uuid::from_u128(number))
    }

    #[test]
    fn an_address_reads_back_as_it_was_written() {
        let query = DeviceQuery {
            serial: "7634".into(),
            model: "MC21".into(),
            assigned: Some(DeviceAssigned::Pending),
            after: Some("c25".into()),
            skipped: 25,
            ..DeviceQuery::default()
        };
        let pairs: HashMap<_, _> = query.pairs().into_iter().collect();
        assert_eq!(DeviceQuery::read(|name| pairs.get(name).cloned()), query);
    }

    #[test]
    fn a_place_without_a_cursor_is_the_first_row() {
        let pairs = HashMap::from([("skipped", "50"), ("serial", "76x34"), ("assigned", "maybe")]);
        let query = DeviceQuery::read(|name| pairs.get(name).map(|&value| value.to_owned()));
        assert_eq!(
            (query.skipped, query.serial.as_str(), query.assigned),
            (0, "7634", None)
        );
    }

    #[test]
    fn taking_one_out_of_all_leaves_the_others() {
        let mut selection = Selection {
            is_all: true,
            named: Vec::new(),
        };
        selection.set(id(7), false);
        assert_eq!(
            (selection.has(id(7)), selection.has(id(8)), selection.count(638)),
            (false, true, 637)
        );
        selection.set(id(7), true);
        assert_eq!(selection.count(638), 638);
    }

    #[test]
    fn no_more_are_named_than_the_server_takes() {
        let mut selection = Selection::default();
        for number in 0..150 {
            selection.set(id(number), true);
        }
        assert_eq!(selection.count(638), 100);
        selection.set(id(3), false);
        assert_eq!(selection.count(638), 99);
    }
}

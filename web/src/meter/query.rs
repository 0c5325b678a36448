//! What a list of devices shows, as the address of the page says it, and which of its rows are selected.
use crate::place::Query;
use shared::{device::DeviceAssigned, id::DeviceId};

/// The filter of a list of devices.
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
}

impl Query for DeviceQuery {
    const PATH: &'static str = "/devices";

    fn read(value: &dyn Fn(&str) -> Option<String>) -> Self {
        let text = |name: &str| value(name).unwrap_or_default();
        Self {
            serial: digits(&text("serial")),
            order: text("order"),
            model: text("model"),
            assigned: assigned_of(&text("assigned")),
        }
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        vec![
            ("serial", self.serial.clone()),
            ("order", self.order.clone()),
            ("model", self.model.clone()),
            ("assigned", assigned_word(self.assigned).to_owned()),
        ]
    }
}

/// The beginning of a serial number in what somebody typed.
pub fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).take(8).collect()
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
            ..DeviceQuery::default()
        };
        let pairs: HashMap<_, _> = query.pairs().into_iter().collect();
        assert_eq!(DeviceQuery::read(&|name| pairs.get(name).cloned()), query);
    }

    #[test]
    fn what_an_address_does_not_mean_is_left_out() {
        let pairs = HashMap::from([("serial", "76x34"), ("assigned", "maybe")]);
        let query = DeviceQuery::read(&|name| pairs.get(name).map(|&value| value.to_owned()));
        assert_eq!((query.serial.as_str(), query.assigned), ("7634", None));
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

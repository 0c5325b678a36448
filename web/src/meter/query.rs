//! What a list of devices shows, as the address of the page says it, and which of its rows are selected.
use super::words::{PROOFS, SORTS, Sort, of_word, word_of};
use crate::place::Query;
use shared::device::{DeviceAssigned, DeviceProof};

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
    /// Meters of one medium, or concentrators.
    pub sort: Option<Sort>,
    /// How its keys stand.
    pub proof: Option<DeviceProof>,
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
            sort: of_word(&SORTS, &text("kind")),
            proof: of_word(&PROOFS, &text("keys")),
        }
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        vec![
            ("serial", self.serial.clone()),
            ("order", self.order.clone()),
            ("model", self.model.clone()),
            ("assigned", assigned_word(self.assigned).to_owned()),
            ("kind", word_of(&SORTS, self.sort).to_owned()),
            ("keys", word_of(&PROOFS, self.proof).to_owned()),
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

#[cfg(test)]
mod tests {
    use super::*;
    use shared::device::Medium;
    use std::collections::HashMap;

    #[test]
    fn an_address_reads_back_as_it_was_written() {
        let query = DeviceQuery {
            serial: "7634".into(),
            model: "MC21".into(),
            assigned: Some(DeviceAssigned::Pending),
            sort: Some(Sort::Of(Medium::ColdWater)),
            proof: Some(DeviceProof::Doubtful),
            ..DeviceQuery::default()
        };
        let pairs: HashMap<_, _> = query.pairs().into_iter().collect();
        assert_eq!(DeviceQuery::read(&|name| pairs.get(name).cloned()), query);
    }

    #[test]
    fn what_an_address_does_not_mean_is_left_out() {
        let pairs = HashMap::from([("serial", "76x34"), ("assigned", "maybe"), ("kind", "cold water")]);
        let query = DeviceQuery::read(&|name| pairs.get(name).map(|&value| value.to_owned()));
        assert_eq!(
            (query.serial.as_str(), query.assigned, query.sort),
            ("7634", None, None)
        );
    }
}

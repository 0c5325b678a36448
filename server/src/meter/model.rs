//! What devices are called: key files have short names, people know them by the names on the housing.

/// The name on the housing for a short name of a key file: `MC21` is a Multical 21, `KWM2210` a flowIQ 2210. Other names
/// stay as they are.
pub fn model_name(short_name: &str) -> String {
    let numbered = |prefix: &str| {
        let number = short_name.strip_prefix(prefix)?;
        let begins_with_digit = number.starts_with(|first: char| first.is_ascii_digit());
        begins_with_digit.then_some(number)
    };
    match (numbered("MC"), numbered("KWM")) {
        (Some(number), _) => format!("Multical {number}"),
        (_, Some(number)) => format!("flowIQ {number}"),
        _ => short_name.to_owned(),
    }
}

/// Whether a device of this short name collects telegrams instead of measuring.
pub fn is_concentrator(short_name: &str) -> bool {
    let name = short_name.to_ascii_lowercase();
    ["ready", "concentrator", "konzentrator"]
        .iter()
        .any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_become_names_of_housings() {
        let names = ["MC21", "MC603", "KWM2210", "MCX", "READy Konzentrator", "K16", ""].map(model_name);
        assert_eq!(
            names,
            [
                "Multical 21",
                "Multical 603",
                "flowIQ 2210",
                "MCX",
                "READy Konzentrator",
                "K16",
                ""
            ]
        );
    }

    #[test]
    fn only_concentrators_are_concentrators() {
        assert!(is_concentrator("READy Konzentrator"));
        assert!(is_concentrator("RF Concentrator"));
        assert!(!is_concentrator("MC403"));
    }
}

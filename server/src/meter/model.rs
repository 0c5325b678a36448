//! What devices are called: key files have short names, people know them by the names on the housing.
use super::address::DeviceType;
use shared::device::Medium;

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

/// What a device of this word measures: words of key files (`VolumeCold`), of German and English tables, and device type
/// codes in two hexadecimal digits. None for what nobody knows.
pub fn medium(word: &str) -> Option<Medium> {
    let word = word.trim().to_ascii_lowercase();
    if let (2, Ok(code)) = (word.len(), u8::from_str_radix(&word, 16)) {
        return Some(match DeviceType::from(code) {
            DeviceType::Electricity => Medium::Electricity,
            DeviceType::Gas => Medium::Gas,
            DeviceType::Heat => Medium::Heat,
            DeviceType::Cooling => Medium::Cooling,
            DeviceType::HeatAndCooling => Medium::HeatAndCooling,
            DeviceType::WarmWater | DeviceType::HotWater => Medium::WarmWater,
            DeviceType::ColdWater => Medium::ColdWater,
            DeviceType::Water => Medium::Water,
            _ => Medium::Other,
        });
    }
    let has = |parts: &[&str]| parts.iter().any(|part| word.contains(part));
    if has(&["heatcool", "heat/cool", "wärme/kälte", "heat and cool"]) {
        Some(Medium::HeatAndCooling)
    } else if has(&["volumecold", "kaltwasser", "cold water", "coldwater"]) {
        Some(Medium::ColdWater)
    } else if has(&[
        "volumehot",
        "volumewarm",
        "warmwasser",
        "warm water",
        "hot water",
        "hotwater",
    ]) {
        Some(Medium::WarmWater)
    } else if has(&["heat", "wärme"]) {
        Some(Medium::Heat)
    } else if has(&["cool", "kälte"]) {
        Some(Medium::Cooling)
    } else if has(&["electric", "strom", "energy"]) {
        Some(Medium::Electricity)
    } else if has(&["gas"]) {
        Some(Medium::Gas)
    } else if has(&["water", "wasser", "volume"]) {
        Some(Medium::Water)
    } else {
        None
    }
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
    fn words_and_codes_name_what_is_measured() {
        for (word, expected) in [
            ("VolumeCold", Some(Medium::ColdWater)),
            ("VolumeHot", Some(Medium::WarmWater)),
            ("Heat", Some(Medium::Heat)),
            ("HeatCooling", Some(Medium::HeatAndCooling)),
            ("Wärme", Some(Medium::Heat)),
            ("16", Some(Medium::ColdWater)),
            ("0d", Some(Medium::HeatAndCooling)),
            ("1A", Some(Medium::Other)),
            ("Strom", Some(Medium::Electricity)),
            ("xyz", None),
            ("", None),
        ] {
            assert_eq!(medium(word), expected, "{word}");
        }
    }

    #[test]
    fn only_concentrators_are_concentrators() {
        assert!(is_concentrator("READy Konzentrator"));
        assert!(is_concentrator("RF Concentrator"));
        assert!(!is_concentrator("MC403"));
    }
}

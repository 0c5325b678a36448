//! Which driver of wmbusmeters reads a device.

/// A driver's name, as `wmbusmeters --listmeters` has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Driver {
    /// A known one.
    Named(&'static str),
    /// None is known: wmbusmeters guesses by itself, which its manual advises against in the long run.
    Guessed,
}

impl Driver {
    /// The word for a configuration.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Named(name) => name,
            Self::Guessed => "auto",
        }
    }
}

/// Beginnings of models and of type numbers, in capitals and without blanks, and the driver of each.
const KNOWN: [(&str, &str); 17] = [
    ("MULTICAL21", "kamwater"),
    ("MC21", "kamwater"),
    ("FLOWIQ", "kamwater"),
    ("KWM", "kamwater"),
    ("MULTICAL", "kamheat"),
    ("MC", "kamheat"),
    ("OMNIPOWER", "omnipower"),
    ("PRESSURESENSOR", "kampress"),
    ("EM24", "em24"),
    ("021", "kamwater"),
    ("02K", "kamwater"),
    ("302", "kamheat"),
    ("303", "kamheat"),
    ("402", "kamheat"),
    ("403", "kamheat"),
    ("603", "kamheat"),
    ("803", "kamheat"),
];

/// The driver for a model of Kamstrup (`KAM`, `KAW`), by its name, else by its type number.
pub(super) fn driver(manufacturer: Option<&str>, model: Option<&str>, type_number: Option<&str>) -> Driver {
    if !matches!(manufacturer, None | Some("KAM" | "KAW")) {
        return Driver::Guessed;
    }
    [model, type_number]
        .into_iter()
        .flatten()
        .map(|name| name.to_uppercase().replace(' ', ""))
        .find_map(|name| KNOWN.iter().find(|(beginning, _)| name.starts_with(beginning)))
        .map_or(Driver::Guessed, |(_, driver)| Driver::Named(driver))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kamstrup_s_models_have_their_drivers() {
        let of = |model, number| driver(Some("KAM"), model, number).word();
        assert_eq!(of(Some("Multical 21"), None), "kamwater");
        assert_eq!(of(Some("flowIQ 2210"), None), "kamwater");
        assert_eq!(of(Some("Multical 603"), None), "kamheat");
        assert_eq!(of(Some("OMNIPOWER"), None), "omnipower");
        assert_eq!(of(None, Some("02146C0G8RK")), "kamwater");
        assert_eq!(of(Some("?"), Some("403W12")), "kamheat");
        assert_eq!(of(None, None), "auto");
        assert_eq!(driver(Some("DME"), Some("Multical 21"), None).word(), "auto");
    }
}

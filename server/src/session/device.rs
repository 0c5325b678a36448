//! What a browser calls itself, in two words that people know.

/// A browser and the system that it runs on, as far as its name tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, async_graphql::SimpleObject)]
#[graphql(name = "SignInDevice")]
pub struct Device {
    /// The browser, such as `Firefox`; null if it cannot be told.
    pub browser: Option<&'static str>,
    /// The system, such as `Windows`; null if it cannot be told.
    pub system: Option<&'static str>,
}

/// Browsers by what their names contain. Most claim to be several; the first that fits is the true one.
const BROWSERS: [(&str, &str); 8] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

/// Systems, likewise.
const SYSTEMS: [(&str, &str); 7] = [
    ("Windows", "Windows"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

/// The device of a `User-Agent` (RFC 9110 section 10.1.5).
pub fn of(user_agent: &str) -> Device {
    let first = |known: &[(&str, &'static str)]| {
        known
            .iter()
            .find(|(sign, _)| user_agent.contains(sign))
            .map(|(_, name)| *name)
    };
    Device {
        browser: first(&BROWSERS),
        system: first(&SYSTEMS),
    }
}

impl Device {
    /// Both words with what the language puts between them; none if nothing is known.
    pub fn words(self, on: &str) -> Option<String> {
        match (self.browser, self.system) {
            (Some(browser), Some(system)) => Some(format!("{browser} {on} {system}")),
            (Some(one), None) | (None, Some(one)) => Some(one.to_owned()),
            (None, None) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_told_by_their_own_names() {
        for (user_agent, words) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
                Some("Edge auf Windows"),
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
                Some("Firefox auf Linux"),
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1",
                Some("Safari auf iPhone"),
            ),
            (
                "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
                Some("Chrome auf Android"),
            ),
            ("curl/8.5.0", None),
        ] {
            assert_eq!(of(user_agent).words("auf").as_deref(), words, "{user_agent}");
        }
    }
}

//! The provider's accent colour: how it stands out from what it is used on (WCAG 2.2), and what follows from it.
use std::fmt;

/// The least contrast of text to what it stands on (WCAG 2.2, success criterion 1.4.3, level AA).
pub const CONTRAST_MIN: f64 = 4.5;

/// A colour of the sRGB space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour {
    red: u8,
    green: u8,
    blue: u8,
}

/// Whether pages are light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Dark ink on light grounds.
    Light,
    /// Light ink on dark grounds.
    Dark,
}

const WHITE: Colour = Colour::of(0xff, 0xff, 0xff);
const BLACK: Colour = Colour::of(0, 0, 0);

/// The ink on buttons in the accent, where white is too faint.
const DARK_INK: Colour = Colour::of(0x03, 0x0c, 0x0b);

/// The words of an error on the panel of the entrance, light and dark: the palest that has to be read there.
const ON_PANEL_BAD: Pair = Pair {
    light: Colour::of(0xff, 0xc3, 0xbb),
    dark: Colour::of(0xff, 0xad, 0xa3),
};

/// What floats over the page in the light and the dark scheme.
const FLOAT: Pair = Pair {
    light: Colour::of(0x0f, 0x1f, 0x1d),
    dark: Colour::of(0x29, 0x40, 0x42),
};

impl Colour {
    const fn of(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// Red, green and blue, 0 to 255 each.
    pub fn parts(self) -> (u8, u8, u8) {
        (self.red, self.green, self.blue)
    }

    /// Reads `#` and six hexadecimal digits (CSS Color Module Level 4, section 5.2); anything else is none.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.trim().strip_prefix('#')?;
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let part = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
        Some(Self::of(part(0)?, part(2)?, part(4)?))
    }

    /// How bright it is, 0 for black to 1 for white ("relative luminance", WCAG 2.2).
    pub fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }

    /// How it stands out from another one, 1 to 21 ("contrast ratio", WCAG 2.2).
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// The two mixed: `share` of the other one, 0 to 1.
    fn mixed(self, other: Self, share: f64) -> Self {
        let mix = |one: u8, two: u8| {
            let mixed = f64::from(one).mul_add(1.0 - share, f64::from(two) * share);
            mixed.round() as u8
        };
        Self::of(
            mix(self.red, other.red),
            mix(self.green, other.green),
            mix(self.blue, other.blue),
        )
    }

    /// The first of ever larger shares of `other` that is right; the last one if none is.
    fn mixed_until(self, other: Self, from: f64, is_right: impl Fn(Self) -> bool) -> Self {
        let mut share = from;
        while share < 1.0 {
            let mixed = self.mixed(other, share);
            if is_right(mixed) {
                return mixed;
            }
            share += 0.04;
        }
        other
    }

    /// The same colour for dark pages: lighter, as far as it has to be.
    pub fn for_dark_pages(self) -> Self {
        self.mixed_until(WHITE, 0.0, |colour| {
            contrast_on_pages(colour, Scheme::Dark) >= CONTRAST_MIN
        })
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

/// The grounds on which the accent is read: those of the style's `--ground`, `--sheet`, `--raised`, `--sunk` and
/// `--hover`.
const LIGHT_GROUNDS: [Colour; 5] = [
    Colour::of(0xf2, 0xf5, 0xf4),
    Colour::of(0xff, 0xff, 0xff),
    Colour::of(0xff, 0xff, 0xff),
    Colour::of(0xf5, 0xf7, 0xf7),
    Colour::of(0xed, 0xf2, 0xf1),
];

/// As [`LIGHT_GROUNDS`], in the dark scheme.
const DARK_GROUNDS: [Colour; 5] = [
    Colour::of(0x0c, 0x13, 0x12),
    Colour::of(0x12, 0x1b, 0x19),
    Colour::of(0x1a, 0x25, 0x23),
    Colour::of(0x0f, 0x17, 0x16),
    Colour::of(0x1d, 0x29, 0x27),
];

fn grounds(scheme: Scheme) -> [Colour; 5] {
    match scheme {
        Scheme::Light => LIGHT_GROUNDS,
        Scheme::Dark => DARK_GROUNDS,
    }
}

/// The least contrast of an accent colour to anything it is used on: all grounds of the scheme, its own tint, and the
/// ink on buttons that are filled with it. At least [`CONTRAST_MIN`] is needed.
pub fn contrast_on_pages(accent: Colour, scheme: Scheme) -> f64 {
    let on_grounds = grounds(scheme).map(|ground| accent.contrast(ground));
    let used = [accent.contrast(tint(accent, scheme)), accent.contrast(ink_on(accent))];
    on_grounds.into_iter().chain(used).fold(f64::INFINITY, f64::min)
}

/// What is faintly laid under selected rows and notices.
fn tint(accent: Colour, scheme: Scheme) -> Colour {
    match scheme {
        Scheme::Light => accent.mixed(WHITE, 0.9),
        Scheme::Dark => accent.mixed(DARK_GROUNDS[1], 0.88),
    }
}

/// What is written on a button that is filled with the accent.
pub fn ink_on(accent: Colour) -> Colour {
    if accent.contrast(WHITE) >= accent.contrast(DARK_INK) {
        WHITE
    } else {
        DARK_INK
    }
}

/// A colour for light pages and one for dark ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// On light pages.
    pub light: Colour,
    /// On dark pages.
    pub dark: Colour,
}

impl Pair {
    fn each(self, turn: impl Fn(Colour, Scheme) -> Colour) -> Self {
        Self {
            light: turn(self.light, Scheme::Light),
            dark: turn(self.dark, Scheme::Dark),
        }
    }

    /// What the accent sets in the style: names of custom properties and their values.
    fn properties(self) -> [(&'static str, Self); 12] {
        let strong = self.each(|accent, scheme| match scheme {
            Scheme::Light => accent.mixed(BLACK, 0.3),
            Scheme::Dark => accent.mixed(WHITE, 0.3),
        });
        let line = self.each(|accent, scheme| match scheme {
            Scheme::Light => accent.mixed(WHITE, 0.6),
            Scheme::Dark => accent.mixed(DARK_GROUNDS[1], 0.6),
        });
        let darkest = self.light;
        let panel = Self {
            light: darkest.mixed_until(BLACK, 0.12, |panel| panel.contrast(ON_PANEL_BAD.light) >= 6.0),
            dark: darkest.mixed_until(BLACK, 0.4, |panel| panel.contrast(ON_PANEL_BAD.dark) >= 7.0),
        };
        let on_float = Self {
            light: self
                .dark
                .mixed_until(WHITE, 0.4, |words| words.contrast(FLOAT.light) >= CONTRAST_MIN),
            dark: self
                .dark
                .mixed_until(WHITE, 0.4, |words| words.contrast(FLOAT.dark) >= CONTRAST_MIN),
        };
        [
            ("accent", self),
            ("accent-strong", strong),
            ("on-accent", self.each(|accent, _| ink_on(accent))),
            ("accent-tint", self.each(tint)),
            ("accent-line", line),
            ("focus", self),
            ("panel", panel),
            ("panel-line", panel.each(|panel, _| panel.mixed(WHITE, 0.22))),
            ("on-panel-2", panel.each(|panel, _| panel.mixed(WHITE, 0.78))),
            ("on-float-accent", on_float),
            ("chart-1", self),
            (
                "chart-2",
                self.each(|accent, scheme| accent.mixed(grounds(scheme)[1], 0.25)),
            ),
        ]
    }

    /// The style sheet that puts the accent in place of the portal's own.
    pub fn style_sheet(self) -> String {
        let properties = self.properties();
        let written = properties.map(|(name, Self { light, dark })| format!("--{name}:light-dark({light},{dark})"));
        format!(":root{{{}}}\n", written.join(";"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKENS: &str = include_str!("../../web/style/01-tokens.css");

    fn colour(text: &str) -> Colour {
        Colour::parse(text).unwrap_or(BLACK)
    }

    /// The two values of a token of the style.
    fn token(name: &str) -> Option<Pair> {
        let line = TOKENS
            .lines()
            .find(|line| line.trim_start().starts_with(&format!("--{name}:")))?;
        let (_, values) = line.split_once("light-dark(")?;
        let (light, dark) = values.split_once(')')?.0.split_once(',')?;
        Some(Pair {
            light: Colour::parse(light)?,
            dark: Colour::parse(dark)?,
        })
    }

    #[test]
    fn contrast_is_that_of_the_standard() {
        assert!((BLACK.contrast(WHITE) - 21.0).abs() < 1e-9);
        assert!((WHITE.contrast(WHITE) - 1.0).abs() < 1e-9);
        // the known border cases of grey on white
        assert!(colour("#767676").contrast(WHITE) >= 4.5);
        assert!(colour("#777777").contrast(WHITE) < 4.5);
    }

    #[test]
    fn only_six_digits_are_a_colour() {
        assert_eq!(Colour::parse(" #00535E "), Some(Colour::of(0, 0x53, 0x5e)));
        assert_eq!(colour("#00535e").to_string(), "#00535e");
        for bad in [
            "",
            "#",
            "00535e",
            "#00535",
            "#00535e0",
            "#00535g",
            "red",
            "#+0535e",
            "#ä535e",
            "rgb(0,0,0)",
            "#00535e;}",
        ] {
            assert_eq!(Colour::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_grounds_are_those_of_the_style() {
        for (at, name) in ["ground", "sheet", "raised", "sunk", "hover"].into_iter().enumerate() {
            let pair = Pair {
                light: LIGHT_GROUNDS[at],
                dark: DARK_GROUNDS[at],
            };
            assert_eq!(token(name), Some(pair), "{name}");
        }
        assert_eq!(token("float"), Some(FLOAT));
        assert_eq!(token("on-panel-bad"), Some(ON_PANEL_BAD));
    }

    #[test]
    fn the_own_accent_of_the_portal_passes_and_pale_ones_do_not() {
        assert!(contrast_on_pages(colour("#00535e"), Scheme::Light) >= CONTRAST_MIN);
        assert!(contrast_on_pages(colour("#6fcbd0"), Scheme::Dark) >= CONTRAST_MIN);
        for (pale, scheme) in [
            ("#ffd400", Scheme::Light),
            ("#777777", Scheme::Light),
            ("#00535e", Scheme::Dark),
            ("#101010", Scheme::Dark),
        ] {
            assert!(contrast_on_pages(colour(pale), scheme) < CONTRAST_MIN, "{pale}");
        }
    }

    #[test]
    fn whatever_follows_from_an_accent_that_passes_can_be_read() {
        let steps = [0_u8, 0x33, 0x66, 0x99, 0xcc, 0xff];
        let mut tried = 0;
        for red in steps {
            for green in steps {
                for blue in steps {
                    let light = Colour::of(red, green, blue);
                    if contrast_on_pages(light, Scheme::Light) < CONTRAST_MIN {
                        continue;
                    }
                    tried += 1;
                    let accent = Pair {
                        light,
                        dark: light.for_dark_pages(),
                    };
                    assert!(contrast_on_pages(accent.dark, Scheme::Dark) >= CONTRAST_MIN, "{light}");
                    let all = accent.properties();
                    let of = |wanted: &str| all.iter().find(|(name, _)| *name == wanted).map(|(_, pair)| *pair);
                    let readable = |ink: Option<Pair>, on: Option<Pair>, least: f64| {
                        let (Some(ink), Some(on)) = (ink, on) else { return false };
                        ink.light.contrast(on.light) >= least && ink.dark.contrast(on.dark) >= least
                    };
                    for (ink, on) in [
                        ("accent", "accent-tint"),
                        ("accent-strong", "accent-tint"),
                        ("on-accent", "accent"),
                        ("on-accent", "accent-strong"),
                        ("on-panel-2", "panel"),
                    ] {
                        assert!(readable(of(ink), of(on), CONTRAST_MIN), "{light}: {ink} on {on}");
                    }
                    assert!(
                        readable(of("on-float-accent"), Some(FLOAT), CONTRAST_MIN),
                        "{light}: float"
                    );
                    assert!(
                        readable(Some(ON_PANEL_BAD), of("panel"), CONTRAST_MIN),
                        "{light}: panel"
                    );
                    assert!(readable(of("focus"), token("sheet"), 3.0), "{light}: focus");
                }
            }
        }
        assert!(tried > 50, "{tried}");
    }

    #[test]
    fn the_style_sheet_sets_custom_properties_only() {
        let accent = Pair {
            light: colour("#7a1f3d"),
            dark: colour("#f2a7bf"),
        };
        let sheet = accent.style_sheet();
        assert!(
            sheet.starts_with(":root{--accent:light-dark(#7a1f3d,#f2a7bf);--accent-strong:light-dark(#"),
            "{sheet}"
        );
        for (name, _) in accent.properties() {
            assert!(
                TOKENS.contains(&format!("--{name}:")),
                "{name} is no token of the style"
            );
        }
    }
}

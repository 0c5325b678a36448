//! Notices of what happened to somebody's access: each says what it was, and what to do if it was not him.
use crate::session::device::Device;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use shared::account::Language;

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Somebody signed in with a device that was not used lately.
    NewSignIn {
        /// When.
        at: DateTime<Utc>,
        /// With what.
        device: Device,
        /// From which address.
        ip: Option<String>,
    },
    /// Somebody signed in after several wrong passwords.
    SignInAfterFailures,
    /// The password was changed.
    PasswordChanged,
    /// The second factor was turned on.
    SecondFactorOn,
    /// Another app took the place of the one before.
    SecondFactorReplaced,
    /// The second factor was turned off.
    SecondFactorOff,
    /// Whoever looks after the account took the second factor off.
    SecondFactorReset,
    /// The password was right several times and the code wrong.
    SecondFactorFailed,
    /// A recovery code stood in for the app.
    RecoveryCodeUsed {
        /// How many are unused.
        left: u64,
    },
    /// New recovery codes took the place of the ones before.
    RecoveryCodesReplaced,
}

impl Notice {
    /// Subject and first sentences.
    pub(super) fn words(&self, language: Language, zone: Tz) -> (String, String) {
        let (subject, what) = match language {
            Language::De => self.german(zone),
            Language::En => self.english(zone),
        };
        (subject.to_owned(), what)
    }

    fn german(&self, zone: Tz) -> (&'static str, String) {
        match self {
            Self::NewSignIn { at, device, ip } => {
                let when = at.with_timezone(&zone).format("%d.%m.%Y um %H:%M Uhr");
                let device = device.words("auf").unwrap_or_else(|| "einem unbekannten Gerät".to_owned());
                let from = ip.as_ref().map(|ip| format!(", IP-Adresse {ip}")).unwrap_or_default();
                (
                    "Anmeldung mit einem neuen Gerät",
                    format!("am {when} hat sich jemand mit Ihrem Zugang angemeldet: {device}{from}."),
                )
            }
            Self::SignInAfterFailures => (
                "Anmeldung nach falschen Passwörtern",
                "nach mehreren Versuchen mit falschem Passwort hat sich jemand mit Ihrem Zugang angemeldet.".to_owned(),
            ),
            Self::PasswordChanged => ("Ihr Passwort wurde geändert", "Ihr Passwort wurde geändert. Alle anderen Sitzungen sind beendet.".to_owned()),
            Self::SecondFactorOn => (
                "Zwei-Faktor-Anmeldung eingeschaltet",
                "für Ihren Zugang ist die Zwei-Faktor-Anmeldung jetzt eingeschaltet. Nach dem Passwort fragen wir ab jetzt einen Code aus Ihrer App ab.".to_owned(),
            ),
            Self::SecondFactorReplaced => (
                "Neue App für die Zwei-Faktor-Anmeldung",
                "für die Zwei-Faktor-Anmeldung gilt jetzt eine andere App. Die Codes der bisherigen gelten nicht mehr.".to_owned(),
            ),
            Self::SecondFactorOff => (
                "Zwei-Faktor-Anmeldung ausgeschaltet",
                "für Ihren Zugang ist die Zwei-Faktor-Anmeldung jetzt ausgeschaltet. Zum Anmelden genügt das Passwort.".to_owned(),
            ),
            Self::SecondFactorReset => (
                "Zwei-Faktor-Anmeldung zurückgesetzt",
                "wer Ihr Konto betreut, hat Ihre Zwei-Faktor-Anmeldung zurückgesetzt. Zum Anmelden genügt das Passwort, bis Sie eine neue App einrichten. Alle Sitzungen sind beendet.".to_owned(),
            ),
            Self::SecondFactorFailed => (
                "Richtiges Passwort, falscher Code",
                "jemand hat Ihr richtiges Passwort eingegeben und danach mehrmals einen falschen Code. Angemeldet hat er sich nicht.".to_owned(),
            ),
            Self::RecoveryCodeUsed { left } => (
                "Ersatzcode verwendet",
                match left {
                    0 => "ein Ersatzcode wurde verwendet. Es war der letzte; erzeugen Sie bitte neue.".to_owned(),
                    1 => "ein Ersatzcode wurde verwendet. Einer ist noch übrig; erzeugen Sie bitte neue.".to_owned(),
                    _ => format!("ein Ersatzcode wurde verwendet. {left} sind noch übrig."),
                },
            ),
            Self::RecoveryCodesReplaced => (
                "Neue Ersatzcodes",
                "für Ihren Zugang wurden neue Ersatzcodes erzeugt. Die bisherigen gelten nicht mehr.".to_owned(),
            ),
        }
    }

    fn english(&self, zone: Tz) -> (&'static str, String) {
        match self {
            Self::NewSignIn { at, device, ip } => {
                let when = at.with_timezone(&zone).format("%-d %B %Y at %H:%M");
                let device = device.words("on").unwrap_or_else(|| "an unknown device".to_owned());
                let from = ip.as_ref().map(|ip| format!(", IP address {ip}")).unwrap_or_default();
                (
                    "Sign-in with a new device",
                    format!("On {when}, somebody signed in as you: {device}{from}."),
                )
            }
            Self::SignInAfterFailures => (
                "Sign-in after wrong passwords",
                "After several tries with a wrong password, somebody signed in as you.".to_owned(),
            ),
            Self::PasswordChanged => (
                "Your password was changed",
                "Your password was changed. All other sessions have ended.".to_owned(),
            ),
            Self::SecondFactorOn => (
                "Two-factor sign-in turned on",
                "Two-factor sign-in is on for your access. After the password we now ask for a code of your app.".to_owned(),
            ),
            Self::SecondFactorReplaced => (
                "New app for two-factor sign-in",
                "Another app now makes the codes for your two-factor sign-in. Those of the former one no longer work.".to_owned(),
            ),
            Self::SecondFactorOff => (
                "Two-factor sign-in turned off",
                "Two-factor sign-in is off for your access. The password alone is enough to sign in.".to_owned(),
            ),
            Self::SecondFactorReset => (
                "Two-factor sign-in reset",
                "Whoever looks after your account has reset your two-factor sign-in. The password alone is enough to sign in until you set up a new app. All sessions have ended.".to_owned(),
            ),
            Self::SecondFactorFailed => (
                "Right password, wrong code",
                "Somebody gave your right password and then, several times, a wrong code. They did not get in.".to_owned(),
            ),
            Self::RecoveryCodeUsed { left } => (
                "Recovery code used",
                match left {
                    0 => "A recovery code was used. It was the last one; please make new ones.".to_owned(),
                    1 => "A recovery code was used. One is left; please make new ones.".to_owned(),
                    _ => format!("A recovery code was used. {left} are left."),
                },
            ),
            Self::RecoveryCodesReplaced => (
                "New recovery codes",
                "New recovery codes were made for your access. The former ones no longer work.".to_owned(),
            ),
        }
    }
}

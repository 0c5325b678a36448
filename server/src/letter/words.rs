//! What the access letter says, in both languages.
use super::AccessLetter;
use chrono::NaiveDate;
use shared::account::Language;

/// The texts of a letter, in the order of the paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Words {
    pub date: String,
    pub number_label: &'static str,
    pub date_label: &'static str,
    pub subject: &'static str,
    pub greeting: &'static str,
    pub opening: String,
    pub access: &'static str,
    pub code_label: &'static str,
    pub until_label: &'static str,
    pub until: String,
    pub how: &'static str,
    pub steps: [String; 3],
    pub caution: &'static str,
    pub help: Option<String>,
    pub regards: &'static str,
    /// RFC 5646.
    pub tag: &'static str,
}

/// The words of a letter.
pub(super) fn words(letter: &AccessLetter) -> Words {
    let AccessLetter {
        language,
        provider,
        support,
        origin,
        ..
    } = letter;
    let page = format!("{origin}/letter");
    match language {
        Language::De => Words {
            date: day(*language, letter.date),
            number_label: "Kundennummer",
            date_label: "Datum",
            subject: "Ihr Zugang zum Kundenportal",
            greeting: "Guten Tag,",
            opening: format!(
                "im Kundenportal von {provider} sehen Sie Ihre Verträge und Rechnungen und regeln, was Sie sonst \
                 schriftlich mit uns regeln würden. Mit den Angaben in diesem Brief richten Sie Ihren Zugang ein."
            ),
            access: "Ihre Zugangsdaten",
            code_label: "Briefcode",
            until_label: "Gültig bis",
            until: day(*language, letter.until),
            how: "So richten Sie Ihren Zugang ein",
            steps: [
                format!("Öffnen Sie im Browser die Adresse {page}"),
                "Geben Sie Ihre Kundennummer und den Briefcode ein. Der Code gilt einmal; die Striche können Sie \
                 weglassen."
                    .to_owned(),
                "Wählen Sie ein Passwort. Von da an melden Sie sich mit Ihrer Kundennummer und diesem Passwort an."
                    .to_owned(),
            ],
            caution: "Mit diesem Brief kann jeder Ihren Zugang einrichten: Geben Sie ihn nicht weiter. Wir fragen \
                      nie nach Ihrem Code, weder am Telefon noch in einer E-Mail. Lag der Brief offen oder kennen Sie \
                      ihn nicht, sagen Sie es uns; wir sperren den Code.",
            help: support
                .as_ref()
                .map(|support| format!("Fragen beantworten wir Ihnen gern: {support}")),
            regards: "Freundliche Grüße",
            tag: "de",
        },
        Language::En => Words {
            date: day(*language, letter.date),
            number_label: "Customer number",
            date_label: "Date",
            subject: "Your access to the customer portal",
            greeting: "Hello,",
            opening: format!(
                "in the customer portal of {provider} you see your contracts and invoices, and settle what you would \
                 otherwise settle with us in writing. With what this letter says you set up your access."
            ),
            access: "Your access",
            code_label: "Letter code",
            until_label: "Valid until",
            until: day(*language, letter.until),
            how: "How to set up your access",
            steps: [
                format!("Open the address {page} in your browser"),
                "Enter your customer number and the letter code. The code works once; you may leave out the dashes."
                    .to_owned(),
                "Choose a password. From then on you sign in with your customer number and this password.".to_owned(),
            ],
            caution: "With this letter anybody can set up your access: do not pass it on. We never ask for your \
                      code, neither on the telephone nor by e-mail. If the letter lay open, or you do not know what \
                      it is about, tell us; we will block the code.",
            help: support
                .as_ref()
                .map(|support| format!("We are glad to answer questions: {support}")),
            regards: "Kind regards",
            tag: "en",
        },
    }
}

fn day(language: Language, day: NaiveDate) -> String {
    let form = match language {
        Language::De => "%d.%m.%Y",
        Language::En => "%-d %B %Y",
    };
    day.format(form).to_string()
}

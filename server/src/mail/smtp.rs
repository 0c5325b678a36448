//! How a mail leaves: by SMTP (RFC 5321), or, in demo mode, by staying in the mailbox.
use super::attachment::Enclosed;
use crate::{entity::mail, face::Face, settings::Settings};
use anyhow::Context;
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Attachment, Mailbox, MultiPart, SinglePart,
        header::{ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::{Error, extension::ClientId},
};
use std::time::{Duration, SystemTime};

/// How long the server may take over one command.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a whole delivery may take; shorter than the lease of a mail, so that no two run at once.
const DELIVERY_TIMEOUT: Duration = Duration::from_secs(90);

/// The longest note of an error that is kept, in characters.
const NOTE_MAX: usize = 300;

/// Where mails go.
#[derive(Clone, Debug)]
pub enum Transport {
    /// Nowhere: they are shown in the demo mailbox.
    Mailbox,
    /// To an SMTP server.
    Smtp(Box<Smtp>),
}

/// An SMTP server and what is the same for all mails.
#[derive(Clone, Debug)]
pub struct Smtp {
    connection: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    domain: String,
}

/// Why a mail was not taken, in a note without secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Another try may work.
    Passing(String),
    /// No other try of this mail can work.
    Lasting(String),
}

impl Transport {
    /// The transport of these settings; none if neither demo mode nor an SMTP server is set, so that mails wait.
    ///
    /// # Errors
    /// If the URL of the server or the sender's address cannot be read.
    pub fn of(settings: &Settings) -> anyhow::Result<Option<Self>> {
        if settings.is_demo {
            return Ok(Some(Self::Mailbox));
        }
        let Some(url) = &settings.smtp_url else { return Ok(None) };
        let domain = domain(&settings.origin).to_owned();
        let connection = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|_| {
                anyhow::anyhow!("KEYHAUS_SMTP_URL is not a URL such as smtps://user:password@mail.example.org")
            })?
            .hello_name(ClientId::Domain(domain.clone()))
            .timeout(Some(COMMAND_TIMEOUT))
            .build();
        let from = settings
            .mail_from
            .parse()
            .context("KEYHAUS_MAIL_FROM is not an address such as Portal <portal@example.org>")?;
        Ok(Some(Self::Smtp(Box::new(Smtp {
            connection,
            from,
            domain,
        }))))
    }

    /// Whether the text of a mail has to stay after it has left.
    pub fn keeps_text(&self) -> bool {
        matches!(self, Self::Mailbox)
    }

    /// Hands a mail over with its files, from the provider as it calls itself now.
    ///
    /// # Errors
    /// If it was not taken.
    pub async fn send(&self, mail: &mail::Model, files: Vec<Enclosed>, face: &Face) -> Result<(), Failure> {
        let Self::Smtp(smtp) = self else { return Ok(()) };
        let message = smtp.message(mail, files, face).map_err(Failure::Lasting)?;
        match tokio::time::timeout(DELIVERY_TIMEOUT, smtp.connection.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(failure(&error)),
            Err(_) => Err(Failure::Passing("the server took too long".to_owned())),
        }
    }
}

impl Smtp {
    /// Name and address of the provider as staff has written them; until then those of the settings.
    fn sender(&self, face: &Face) -> Mailbox {
        let own = face.mail_sender.as_ref().and_then(|address| address.parse().ok());
        Mailbox {
            name: if face.version > 0 {
                Some(face.name.clone())
            } else {
                self.from.name.clone()
            },
            email: own.unwrap_or_else(|| self.from.email.clone()),
        }
    }

    /// The message with its headers. The recipient is parsed again, and the builder encodes the subject, so that
    /// neither can add a header (security F06). The Message-ID is the row's id: whoever gets a mail twice, after a
    /// crash between sending and noting it, can see that it is the same one (RFC 5322 section 3.6.4).
    fn message(&self, mail: &mail::Model, files: Vec<Enclosed>, face: &Face) -> Result<Message, String> {
        let recipient: Address = mail
            .recipient
            .parse()
            .map_err(|_| "the recipient's address cannot be mailed".to_owned())?;
        let automatic = HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        );
        let builder = Message::builder()
            .from(self.sender(face))
            .to(Mailbox::new(None, recipient))
            .subject(mail.subject.as_str())
            .date(SystemTime::from(mail.created_at))
            .message_id(Some(format!("<{}@{}>", mail.id, self.domain)))
            .raw_header(automatic);
        let text = SinglePart::plain(mail.text.clone());
        let message = if files.is_empty() {
            builder.singlepart(text)
        } else {
            let mut parts = MultiPart::mixed().singlepart(text);
            for file in files {
                let kind = ContentType::parse(&file.media_type)
                    .map_err(|_| "a file's media type cannot be written".to_owned())?;
                parts = parts.singlepart(Attachment::new(file.name).body(file.bytes, kind));
            }
            builder.multipart(parts)
        };
        message.map_err(|error| note(&error.to_string()))
    }
}

/// What an answer of the server means. A reply 5yz is final (RFC 5321 section 4.2.1), but not when it is about the
/// connection rather than the mail: 530 to 538 ask for another sign-in (RFC 4954 section 6), 521 says that this is
/// no mail server (RFC 7504); these are mended by the operator, and the mail then goes.
fn failure(error: &Error) -> Failure {
    let code: Option<u16> = error.status().map(Into::into);
    let text = note(&error.to_string());
    match code {
        Some(code) if error.is_permanent() && code != 521 && !(530..=538).contains(&code) => Failure::Lasting(text),
        _ => Failure::Passing(text),
    }
}

/// A short note on one line.
fn note(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(NOTE_MAX)
        .collect()
}

/// The host of an origin such as `https://portal.example.org:8443`; an IPv6 address keeps its brackets.
fn domain(origin: &str) -> &str {
    let authority = origin.split_once("://").map_or(origin, |(_, rest)| rest);
    let authority = authority.split('/').next().unwrap_or(authority);
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use super::domain;

    #[test]
    fn the_domain_is_the_host_of_the_origin() {
        assert_eq!(domain("https://portal.example.org"), "portal.example.org");
        assert_eq!(domain("http://127.0.0.1:8080/"), "127.0.0.1");
        assert_eq!(domain("http://[::1]:8080"), "[::1]");
        assert_eq!(domain("http://[::1]"), "[::1]");
    }
}

//! What a delivery report says (RFC 3464): which mail, and whether it failed for good.
use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};
use shared::id::MailId;
use std::collections::BTreeMap;

/// The longest reason that is kept, in characters.
const WHY_MAX: usize = 300;

/// A failure for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The mail, if its Message-ID has the form of ours.
    pub mail: Option<MailId>,
    /// Why, in the words of the server that refused it: one line.
    pub why: String,
}

/// Why a message cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Nothing in it looks like a message (RFC 5322).
    #[error("this is no mail")]
    NoMessage,
    /// It says that it is a report, and has none.
    #[error("the report has no part message/delivery-status")]
    NoStatus,
    /// The report names no recipient.
    #[error("the report names no recipient with action and status (RFC 3464 section 2.3)")]
    NoRecipient,
    /// What the mail was that came back cannot be told.
    #[error("the report carries no Message-ID of the mail that it is about")]
    NoOriginal,
    /// Larger than reports are.
    #[error("larger than a report is")]
    TooLarge,
}

/// Reads a message: a failure for good, or why it is none.
///
/// # Errors
/// If it cannot be read.
pub fn read(bytes: &[u8]) -> Result<Result<Failure, &'static str>, Unreadable> {
    let message = MessageParser::default().parse(bytes).ok_or(Unreadable::NoMessage)?;
    let status = message
        .parts
        .iter()
        .find(|part| is(part, "message", &["delivery-status", "global-delivery-status"]));
    let Some(status) = status else {
        let is_report = message.content_type().is_some_and(|kind| {
            kind.subtype()
                .is_some_and(|subtype| subtype.eq_ignore_ascii_case("report"))
                && kind
                    .attribute("report-type")
                    .is_some_and(|of| of.eq_ignore_ascii_case("delivery-status"))
        });
        return match is_report {
            true => Err(Unreadable::NoStatus),
            false => Ok(Err("no delivery report")),
        };
    };
    let groups = groups(&String::from_utf8_lossy(status.contents()));
    let recipients: Vec<_> = groups
        .iter()
        .filter(|group| group.contains_key("action") && group.contains_key("status"))
        .collect();
    if recipients.is_empty() {
        return Err(Unreadable::NoRecipient);
    }
    let Some(failed) = recipients.iter().find(|group| is_final(group)) else {
        return Ok(Err("no failure for good"));
    };
    let id = original(&message).ok_or(Unreadable::NoOriginal)?;
    Ok(Ok(Failure {
        mail: mail(&id),
        why: why(failed),
    }))
}

fn is(part: &MessagePart<'_>, kind: &str, subtypes: &[&str]) -> bool {
    part.content_type().is_some_and(|found| {
        found.ctype().eq_ignore_ascii_case(kind)
            && found
                .subtype()
                .is_some_and(|subtype| subtypes.iter().any(|name| subtype.eq_ignore_ascii_case(name)))
    })
}

/// The groups of fields of a status part, the names in small letters; folded lines are joined (RFC 3464 section 2.1).
fn groups(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut groups = vec![BTreeMap::<String, String>::new()];
    let mut last = None::<String>;
    for line in text.lines() {
        if line.trim().is_empty() {
            groups.push(BTreeMap::new());
            last = None;
            continue;
        }
        let Some(group) = groups.last_mut() else { continue };
        if line.starts_with([' ', '\t']) {
            if let Some(value) = last.as_ref().and_then(|name| group.get_mut(name)) {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            let name = name.trim().to_ascii_lowercase();
            group.entry(name.clone()).or_insert_with(|| value.trim().to_owned());
            last = Some(name);
        }
    }
    groups
}

/// A value without comments in brackets (RFC 5322 section 3.2.2).
fn without_comment(value: &str) -> &str {
    value.split('(').next().unwrap_or_default().trim()
}

/// `Action: failed` with a status of class 5 (RFC 3463 section 3.1).
fn is_final(group: &BTreeMap<String, String>) -> bool {
    let value = |name: &str| group.get(name).map(|value| without_comment(value)).unwrap_or_default();
    value("action").eq_ignore_ascii_case("failed") && value("status").starts_with("5.")
}

/// What the refusing server said, else the status.
fn why(group: &BTreeMap<String, String>) -> String {
    let said = group.get("diagnostic-code").filter(|said| !said.is_empty());
    let status = group.get("status").map(String::as_str).unwrap_or_default();
    let text = match said {
        Some(said) => said.split_once(';').map_or(said.as_str(), |(_, text)| text.trim()),
        None => status,
    };
    let clean: String = text
        .split(|c: char| c.is_control() || c.is_whitespace())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    clean.chars().take(WHY_MAX).collect()
}

/// The Message-ID of the mail that came back: from its copy, from its headers, or from what the report answers to.
fn original(message: &Message<'_>) -> Option<String> {
    let returned = message.parts.iter().find_map(|part| match &part.body {
        PartType::Message(copy) => copy.message_id().map(str::to_owned),
        _ if is(part, "text", &["rfc822-headers"]) || is(part, "message", &["global-headers"]) => {
            let headers = MessageParser::default().parse_headers(part.contents())?;
            headers.message_id().map(str::to_owned)
        }
        _ => None,
    });
    returned.or_else(|| {
        [message.in_reply_to(), message.references()]
            .into_iter()
            .find_map(|value| value.as_text_list().and_then(<[_]>::last).map(|id| id.to_string()))
            .or_else(|| message.in_reply_to().as_text().map(str::to_owned))
    })
}

/// The mail of a Message-ID: ours begin with the id of their row.
fn mail(message_id: &str) -> Option<MailId> {
    let (local, _) = message_id.trim_matches(['<', '>', ' ']).split_once('@')?;
    local.parse().ok()
}

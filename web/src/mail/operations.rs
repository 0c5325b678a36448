//! What the demo mailbox asks the server.
use crate::api::{self, ApiError, Instant, schema};
use cynic::QueryBuilder;
use shared::id::MailId;

#[derive(cynic::QueryVariables)]
struct MailsVariables {
    first: Option<i32>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "MailsVariables")]
struct Mails {
    #[arguments(first: $first)]
    mails: MailConnection,
}

#[derive(cynic::QueryFragment)]
struct MailConnection {
    nodes: Vec<Mail>,
}

/// A mail that would have been sent.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The files that go with it.
    pub attachments: Vec<MailAttachment>,
    /// Names the mail.
    pub id: MailId,
    /// When it was written.
    pub created_at: Instant,
    /// The absolute links in the text, in their order.
    pub links: Vec<String>,
    /// The subject.
    pub subject: String,
    /// The text.
    pub text: String,
    /// The recipient.
    pub to: String,
}

/// A file that goes with a mail.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct MailAttachment {
    /// What it is called.
    pub name: String,
    /// Where it is fetched from.
    pub path: String,
}

/// The newest mails, newest first.
pub async fn mails() -> Result<Vec<Mail>, ApiError> {
    Ok(api::send_once(Mails::build(MailsVariables { first: Some(50) }))
        .await?
        .mails
        .nodes)
}

//! The demo mailbox as the API shows it.
use super::{links, mailbox};
use crate::{
    app::App,
    entity::mail,
    error::Result,
    page::{Connection, Page},
};
use async_graphql::{Context, Object, SimpleObject};
use chrono::{DateTime, Utc};
use shared::id::MailId;

/// Queries about mails.
#[derive(Debug, Default)]
pub struct MailQuery;

#[Object]
impl MailQuery {
    /// The demo mailbox, newest first: what would have been sent. Open to everybody in demo mode, and not there
    /// otherwise (NOT_FOUND).
    async fn mails(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
    ) -> Result<Connection<Mail>> {
        let page = Page::read(first, after)?;
        let (rows, total) = mailbox(ctx.data_unchecked::<App>(), &page).await?;
        Ok(Connection::new(
            &page,
            rows.into_iter().map(Mail::from).collect(),
            total,
            |mail| mail.id,
        ))
    }
}

/// A mail of the demo mailbox.
#[derive(Clone, Debug, SimpleObject)]
pub struct Mail {
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// Names the mail; also its Message-ID.
    pub id: MailId,
    /// Absolute links in the text, in their order.
    pub links: Vec<String>,
    /// When it left the outbox; null while it waits.
    pub sent_at: Option<DateTime<Utc>>,
    /// Its subject.
    pub subject: String,
    /// Its text, plain.
    pub text: String,
    /// The address that it goes to.
    pub to: String,
}

impl From<mail::Model> for Mail {
    fn from(row: mail::Model) -> Self {
        Self {
            created_at: row.created_at,
            id: row.id,
            links: links(&row.text),
            sent_at: row.sent_at,
            subject: row.subject,
            text: row.text,
            to: row.recipient,
        }
    }
}

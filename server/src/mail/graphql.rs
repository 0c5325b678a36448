//! The demo mailbox as the API shows it.
use super::{attachment, links, mailbox};
use crate::{
    app::App,
    entity::{mail, mail_attachment},
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
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        let files = attachment::of_mails(&ctx.data_unchecked::<App>().db, &ids).await?;
        let mails = rows.into_iter().map(|row| Mail::of(row, &files)).collect();
        Ok(Connection::new(&page, mails, total, |mail| mail.id))
    }
}

/// A mail of the demo mailbox.
#[derive(Clone, Debug, SimpleObject)]
pub struct Mail {
    /// The files that go with it, in their order.
    pub attachments: Vec<MailAttachment>,
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

/// A file that goes with a mail of the demo mailbox.
#[derive(Clone, Debug, SimpleObject)]
pub struct MailAttachment {
    /// What it is called.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// The path that it is fetched from, by GET.
    pub path: String,
}

impl Mail {
    /// With those of the files that are its own.
    fn of(row: mail::Model, files: &[mail_attachment::Model]) -> Self {
        let own = files.iter().filter(|file| file.mail_id == row.id);
        Self {
            attachments: own.map(MailAttachment::from).collect(),
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

impl From<&mail_attachment::Model> for MailAttachment {
    fn from(row: &mail_attachment::Model) -> Self {
        Self {
            name: row.name.clone(),
            media_type: row.media_type.clone(),
            path: format!("/download/mails/{}/{}", row.mail_id, row.position),
        }
    }
}

//! The outbox: mails are written in the transaction that causes them and sent after it (security H12).
pub mod attachment;
pub mod bounce;
pub mod graphql;
mod notice;
pub mod smtp;
pub mod template;
pub mod worker;

use crate::{
    app::App,
    entity::{mail, user},
    error::{Error, Result},
    face,
    page::Page,
};
use chrono_tz::Tz;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use shared::{
    account::Language,
    id::{MailId, UserId},
    name::EmailAddress,
};
use template::Sender;
pub use {
    attachment::{Attachment, add_with},
    notice::Notice,
    template::Template,
};

/// Puts a mail into the outbox. Call it in the transaction that causes the mail, and `app.mail_waits.notify_one()`
/// once that is committed: what is rolled back is never sent.
///
/// # Errors
/// If the row cannot be written.
pub async fn enqueue(
    db: &impl ConnectionTrait,
    app: &App,
    recipient: &EmailAddress,
    language: Language,
    template: &Template,
) -> Result<()> {
    add(db, app, recipient, language, template).await.map(|_| ())
}

/// Like [`enqueue`]; gives which mail it is, for whoever wants to know what became of it.
///
/// # Errors
/// If the row cannot be written.
pub async fn add(
    db: &impl ConnectionTrait,
    app: &App,
    recipient: &EmailAddress,
    language: Language,
    template: &Template,
) -> Result<MailId> {
    let face = face::current_in(db, app).await?;
    let sender = Sender {
        name: &face.name,
        address: face.address.as_deref(),
        phone: face.phone.as_deref(),
        hours: face.hours_in(language),
        support_email: face.support_email.as_deref(),
    };
    let words = template.words(language, sender);
    let now = app.clock.now();
    let id = MailId(app.new_id());
    let row = mail::Model {
        id,
        recipient: recipient.as_str().to_owned(),
        subject: words.subject,
        text: words.text,
        language,
        created_at: now,
        due_at: now,
        attempts: 0,
        last_error: None,
        sent_at: None,
        given_up_at: None,
        bounced_at: None,
        bounce_reason: None,
    };
    mail::Entity::insert(row.into_active_model())
        .exec_without_returning(db)
        .await?;
    Ok(id)
}

/// Puts a mail to a user into the outbox, in his language, if he has a confirmed address; otherwise nothing is sent.
///
/// # Errors
/// If the database refuses.
pub async fn enqueue_to(db: &impl ConnectionTrait, app: &App, user: UserId, template: &Template) -> Result<()> {
    add_to(db, app, user, template).await.map(|_| ())
}

/// Like [`enqueue_to`]; gives which mail it is, if there is one.
///
/// # Errors
/// If the database refuses.
pub async fn add_to(db: &impl ConnectionTrait, app: &App, user: UserId, template: &Template) -> Result<Option<MailId>> {
    let Some(row) = user::Entity::find_by_id(user).one(db).await? else {
        return Ok(None);
    };
    match row.email.as_deref().map(EmailAddress::parse) {
        Some(Ok(address)) => add(db, app, &address, row.language, template).await.map(Some),
        _ => Ok(None),
    }
}

/// Tells a user what happened to his access, if he has a confirmed address.
///
/// # Errors
/// If the database refuses.
pub async fn notify(db: &impl ConnectionTrait, app: &App, user: UserId, notice: Notice) -> Result<()> {
    let row = user::Entity::find_by_id(user).one(db).await?;
    let zone = row.and_then(|row| row.time_zone.parse().ok()).unwrap_or(Tz::UTC);
    let page = format!("{}/security", app.settings.origin);
    enqueue_to(db, app, user, &Template::Notice { notice, zone, page }).await
}

/// A page of the demo mailbox, newest first, and how many mails it has. Everybody sees it, signed in or not: in
/// demo mode all people and mails are invented.
///
/// # Errors
/// [`Error::NotFound`] outside demo mode.
pub async fn mailbox(app: &App, page: &Page<MailId>) -> Result<(Vec<mail::Model>, u64)> {
    if !app.settings.is_demo {
        return Err(Error::NotFound("mailbox"));
    }
    let all = mail::Entity::find();
    let total = all.clone().count(&app.db).await?;
    let rows = match page.after {
        Some(id) => all.filter(mail::COLUMN.id.lt(id)),
        None => all,
    };
    Ok((
        rows.order_by_desc(mail::COLUMN.id)
            .limit(page.limit())
            .all(&app.db)
            .await?,
        total,
    ))
}

/// The absolute links of a text, in their order, without the punctuation that follows them.
pub fn links(text: &str) -> Vec<String> {
    text.split_whitespace()
        .filter(|word| word.starts_with("https://") || word.starts_with("http://"))
        .map(|word| {
            word.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '>'])
                .to_owned()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_without_what_surrounds_them() {
        let text =
            "Hier:\n\nhttps://a.example/link/x-_9\n\noder http://127.0.0.1:8080/x?y=1. Nicht: httpx://b, a.example";
        assert_eq!(
            links(text),
            ["https://a.example/link/x-_9", "http://127.0.0.1:8080/x?y=1"]
        );
    }
}

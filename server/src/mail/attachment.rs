//! Files that go with a mail: kept as rows that name stored files, read when the mail is sent.
use super::{Template, add};
use crate::{
    app::App,
    entity::{file, mail_attachment},
    error::{Error, Result},
    file::clean_name,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use shared::{
    account::Language,
    id::{FileId, MailId},
    name::EmailAddress,
};

/// A stored file that goes with a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Which file.
    pub file: FileId,
    /// What it is called in the mail.
    pub name: String,
    /// Its media type (RFC 6838), such as `application/pdf`.
    pub media_type: String,
}

/// A file of a mail with its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enclosed {
    /// What it is called.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Like [`super::add`], with files, in their order.
///
/// # Errors
/// If a row cannot be written, or there is no such file.
pub async fn add_with(
    db: &impl ConnectionTrait,
    app: &App,
    recipient: &EmailAddress,
    language: Language,
    template: &Template,
    attachments: &[Attachment],
) -> Result<MailId> {
    let mail = add(db, app, recipient, language, template).await?;
    for (position, attachment) in (0..).zip(attachments) {
        let row = mail_attachment::Model {
            mail_id: mail,
            position,
            file_id: attachment.file,
            name: clean_name(&attachment.name),
            media_type: attachment.media_type.clone(),
        };
        mail_attachment::Entity::insert(row.into_active_model())
            .exec_without_returning(db)
            .await?;
    }
    Ok(mail)
}

/// The files of these mails without their bytes, in the order of each mail.
///
/// # Errors
/// If the database refuses.
pub async fn of_mails(db: &impl ConnectionTrait, mails: &[MailId]) -> Result<Vec<mail_attachment::Model>> {
    Ok(mail_attachment::Entity::find()
        .filter(mail_attachment::COLUMN.mail_id.is_in(mails.iter().copied()))
        .order_by_asc(mail_attachment::Column::MailId)
        .order_by_asc(mail_attachment::Column::Position)
        .all(db)
        .await?)
}

/// The files of a mail with their bytes.
///
/// # Errors
/// If the database refuses, or a file is not what it was.
pub(super) async fn enclosed(app: &App, mail: MailId) -> Result<Vec<Enclosed>> {
    let mut enclosed = Vec::new();
    for row in of_mails(&app.db, &[mail]).await? {
        enclosed.push(read(app, row).await?);
    }
    Ok(enclosed)
}

/// A file of the demo mailbox. Everybody may have it: in demo mode all people and mails are invented.
///
/// # Errors
/// [`Error::NotFound`] outside demo mode, or if the mail has no such file.
pub async fn of_mailbox(app: &App, mail: MailId, position: i32) -> Result<Enclosed> {
    if !app.settings.is_demo {
        return Err(Error::NotFound("attachment"));
    }
    let row = mail_attachment::Entity::find_by_id((mail, position))
        .one(&app.db)
        .await?
        .ok_or(Error::NotFound("attachment"))?;
    read(app, row).await
}

async fn read(app: &App, row: mail_attachment::Model) -> Result<Enclosed> {
    let stored = file::Entity::find_by_id(row.file_id)
        .one(&app.db)
        .await?
        .ok_or(Error::NotFound("file"))?;
    Ok(Enclosed {
        name: row.name,
        media_type: row.media_type,
        bytes: app.files.get(&stored.sha256).await?,
    })
}

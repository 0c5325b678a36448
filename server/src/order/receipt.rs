//! Receipts of cancellations and withdrawals that did not reach whoever declared: the law wants them to arrive (BGB
//! § 312k para. 4, Directive (EU) 2023/2673, Article 11a), so staff sees them until they are sent again or posted.
use super::{around, may_handle, notice::Letter, notice::Occasion, wake};
use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::{account, mail as mail_row, order, user},
    error::{Error, Result},
    face,
    mail::{self, Template},
    office::Author,
    paper::{Block, Paper},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, sea_query::Expr,
};
use shared::{
    account::Language,
    error::Reason,
    id::{MailId, OrderId},
    name::EmailAddress,
    order::{OrderKind, OrderSource},
};

/// A receipt on paper.
#[derive(Clone, Debug)]
pub struct Printed {
    /// What the file is called.
    pub file_name: String,
    /// The PDF.
    pub pdf: Vec<u8>,
}

/// That an order is one of those whose receipt the law asks for.
pub(super) fn is_owed(row: &order::Model) -> bool {
    matches!(row.kind, OrderKind::Cancellation | OrderKind::Revocation) && row.source != OrderSource::Import
}

/// That a receipt is owed, did not reach the person, and was not posted: the mail was refused for good, came back, or
/// there was no address.
pub fn undelivered() -> Condition {
    let failed = mail_row::Entity::find()
        .select_only()
        .column(mail_row::Column::Id)
        .filter(
            Condition::any()
                .add(mail_row::COLUMN.given_up_at.is_not_null())
                .add(mail_row::COLUMN.bounced_at.is_not_null()),
        );
    Condition::all()
        .add(
            order::COLUMN
                .kind
                .is_in([OrderKind::Cancellation, OrderKind::Revocation]),
        )
        .add(order::COLUMN.source.ne(OrderSource::Import))
        .add(order::COLUMN.receipt_posted_at.is_null())
        .add(
            Condition::any()
                .add(order::COLUMN.receipt_mail_id.is_null())
                .add(order::Column::ReceiptMailId.in_subquery(failed.into_query())),
        )
}

/// Notes which mail is the receipt of an order; none if there was no address.
pub(super) async fn note(tx: &impl ConnectionTrait, id: OrderId, mail: Option<MailId>) -> Result<()> {
    order::Entity::update_many()
        .col_expr(order::Column::ReceiptMailId, Expr::value(mail))
        .filter(order::COLUMN.id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Mails a receipt that did not arrive once more, to another address if one is given.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that handles requests; [`Error::NotFound`]; [`Error::Conflict`] for a receipt
/// that is not known to have failed; [`Error::Invalid`] at `email` with `NOT_AN_EMAIL`, or `MISSING` where no address
/// is known.
pub async fn resend(app: &App, actor: &Actor, id: OrderId, email: Option<&str>) -> Result<order::Model> {
    may_handle(actor)?;
    let typed = email.map(str::trim).filter(|email| !email.is_empty());
    let typed = typed
        .map(EmailAddress::parse)
        .transpose()
        .map_err(|_| Error::invalid("email", Reason::NotAnEmail, "an address that mails reach"))?;
    let tx = app.begin().await?;
    let row = failed(&tx, id).await?;
    let (letter, language, known) = written(&tx, app, &row).await?;
    let address = typed
        .or(known)
        .ok_or_else(|| Error::invalid("email", Reason::Missing, "no address is known"))?;
    let mail = mail::add(&tx, app, &address, language, &Template::Order(Box::new(letter))).await?;
    note(&tx, id, Some(mail)).await?;
    log(&tx, app, actor, "resendReceipt", &row).await?;
    tx.commit().await?;
    wake(app);
    Ok(row)
}

/// A receipt that did not arrive, on paper.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that handles requests; [`Error::NotFound`]; [`Error::Conflict`] for a receipt
/// that is not known to have failed.
pub async fn print(app: &App, actor: &Actor, id: OrderId) -> Result<Printed> {
    may_handle(actor)?;
    let tx = app.begin().await?;
    let row = failed(&tx, id).await?;
    let (letter, language, _) = written(&tx, app, &row).await?;
    let whom = match row.account_id {
        Some(account) => account::Entity::find_by_id(account).one(&tx).await?,
        None => None,
    };
    let face = face::current_in(&tx, app).await?;
    let letterhead = face.letterhead(app).await?;
    log(&tx, app, actor, "printReceipt", &row).await?;
    let (title, opening, facts) = letter.page(language);
    let address = whom.map(|row| {
        let city = [row.postal_code, row.city]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ");
        let lines = [Some(row.name), row.street, Some(city)].into_iter().flatten();
        lines
            .filter(|line| !line.trim().is_empty())
            .collect::<Vec<_>>()
            .join(", ")
    });
    let paper = Paper {
        title: title.clone(),
        language,
        author: face.name.clone(),
        letterhead,
        foot: face.address.clone().unwrap_or_default(),
        date: app.clock.now(),
        blocks: address
            .map(Block::Paragraph)
            .into_iter()
            .chain([Block::Heading(1, title), Block::Paragraph(opening), Block::Facts(facts)])
            .collect(),
        enclosed: None,
    };
    let pdf = tokio::task::spawn_blocking(move || crate::paper::pdf(&paper))
        .await
        .map_err(|error| Error::from(anyhow::Error::new(error)))??;
    tx.commit().await?;
    Ok(Printed {
        file_name: format!("{}.pdf", row.number),
        pdf,
    })
}

/// Notes that a receipt which no mail could bring went by post: it waits no longer.
///
/// # Errors
/// As [`print`].
pub async fn note_posted(app: &App, actor: &Actor, id: OrderId) -> Result<order::Model> {
    may_handle(actor)?;
    let tx = app.begin().await?;
    let mut row = failed(&tx, id).await?;
    row.receipt_posted_at = Some(app.clock.now());
    order::Entity::update_many()
        .col_expr(order::Column::ReceiptPostedAt, Expr::value(row.receipt_posted_at))
        .filter(order::COLUMN.id.eq(id))
        .exec(&tx)
        .await?;
    log(&tx, app, actor, "noteReceiptPosted", &row).await?;
    tx.commit().await?;
    Ok(row)
}

/// An order whose receipt failed; staff that handles requests sees all of them.
async fn failed(db: &impl ConnectionTrait, id: OrderId) -> Result<order::Model> {
    let found = order::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or(Error::NotFound("order"))?;
    let is_failed = order::Entity::find_by_id(id)
        .filter(undelivered())
        .one(db)
        .await?
        .is_some();
    if is_failed {
        Ok(found)
    } else {
        Err(Error::Conflict("this receipt is not known to have failed"))
    }
}

/// The receipt as it was, whatever was decided since; its language, and where it went.
async fn written(
    db: &impl ConnectionTrait,
    app: &App,
    row: &order::Model,
) -> Result<(Letter, Language, Option<EmailAddress>)> {
    let around = around(db, row).await?;
    let person = match row.placed_by {
        Some(user) => user::Entity::find_by_id(user).one(db).await?,
        None => None,
    };
    let declared = around.declaration.as_ref();
    let language = declared
        .map(|own| own.language)
        .or(person.as_ref().map(|row| row.language));
    let email = declared
        .map(|own| own.email.clone())
        .or(person.and_then(|row| row.email));
    let as_placed = order::Model {
        decision_reason: None,
        ..row.clone()
    };
    let letter = Letter::new(app, &as_placed, &around, Occasion::Placed);
    Ok((
        letter,
        language.unwrap_or_default(),
        email.and_then(|email| EmailAddress::parse(&email).ok()),
    ))
}

async fn log(db: &impl ConnectionTrait, app: &App, actor: &Actor, act: &'static str, row: &order::Model) -> Result<()> {
    let (author, object) = (Author::Staff(actor), Some(row.id.to_string()));
    let entry = match row.account_id {
        Some(account) => author.entry(act, account, object),
        None => author.own_entry(act, object),
    };
    audit::add(db, app, entry).await
}

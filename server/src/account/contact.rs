//! Whom the provider turns to about the contracts of an account.
use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::{account, contact_person},
    error::{Error, Result},
    webhook::{self, ContactFacts, Event},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, sea_query::OnConflict,
};
use shared::{account::Right, error::Reason, id::AccountId, name::EmailAddress};

/// The longest name, position, street or city, in characters.
const TEXT_MAX: usize = 100;

/// The longest postal code of the world has ten characters; a country's sign may stand before it.
const POSTAL_CODE_MAX: usize = 16;

/// The longest telephone number, in characters: fifteen digits (ITU-T E.164 section 6), spaces and an extension.
const PHONE_MAX: usize = 40;

/// Fewer digits are no number that can be called from elsewhere.
const PHONE_DIGITS_MIN: usize = 4;

/// What somebody fills in. Empty texts are left out.
#[derive(Clone, Debug, Default)]
pub struct NewContact {
    /// What the person is called.
    pub name: String,
    /// What the person does there.
    pub position: Option<String>,
    /// The address as typed.
    pub email: Option<String>,
    /// The number as typed.
    pub phone: Option<String>,
    /// Street and house number.
    pub street: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// City.
    pub city: Option<String>,
}

/// The account in view with all that the provider keeps of it.
///
/// # Errors
/// [`Error::Forbidden`] for those who do not manage its contracts.
pub async fn show(app: &App, actor: &Actor) -> Result<account::Model> {
    let account = actor.require(Right::ManageContracts)?.id;
    let row = account::Entity::find_by_id(account).one(&app.db).await?;
    row.ok_or(Error::NotFound("account"))
}

/// The contact person of an account, if there is one.
///
/// # Errors
/// If the database refuses.
pub async fn find(db: &impl ConnectionTrait, account: AccountId) -> Result<Option<contact_person::Model>> {
    Ok(contact_person::Entity::find()
        .filter(contact_person::COLUMN.account_id.eq(account))
        .one(db)
        .await?)
}

/// Sets the contact person of the account in view. Another e-mail address needs the password given lately (security
/// D07): what is sent there could be meant for whoever set it.
///
/// # Errors
/// [`Error::Forbidden`] for those who do not manage contracts; [`Error::StepUpRequired`]; [`Error::Invalid`] at the
/// field with `MISSING`, `TOO_LONG`, `NOT_AN_EMAIL` or `NOT_A_PHONE_NUMBER`.
pub async fn change(app: &App, actor: &Actor, new: NewContact) -> Result<contact_person::Model> {
    let account = actor.require(Right::ManageContracts)?.id;
    actor.require_session()?;
    let row = contact_person::Model {
        account_id: account,
        name: text("name", Some(new.name), TEXT_MAX)?
            .ok_or_else(|| Error::invalid("name", Reason::Missing, "a contact person has a name"))?,
        position: text("position", new.position, TEXT_MAX)?,
        email: email(new.email)?,
        phone: phone(new.phone)?,
        street: text("street", new.street, TEXT_MAX)?,
        postal_code: text("postalCode", new.postal_code, POSTAL_CODE_MAX)?,
        city: text("city", new.city, TEXT_MAX)?,
        changed_at: app.clock.now(),
    };
    let tx = app.begin().await?;
    let former = find(&tx, account).await?;
    if former.as_ref().and_then(|former| former.email.as_ref()) != row.email.as_ref() {
        actor.require_step_up(app.clock.now())?;
    }
    let all = [
        contact_person::Column::Name,
        contact_person::Column::Position,
        contact_person::Column::Email,
        contact_person::Column::Phone,
        contact_person::Column::Street,
        contact_person::Column::PostalCode,
        contact_person::Column::City,
        contact_person::Column::ChangedAt,
    ];
    let instead = OnConflict::column(contact_person::Column::AccountId)
        .update_columns(all)
        .to_owned();
    contact_person::Entity::insert(row.clone().into_active_model().reset_all())
        .on_conflict(instead)
        .exec_without_returning(&tx)
        .await?;
    let object = Some(account.to_string());
    audit::record(&tx, app, Some(actor), "changeContactPerson", object, true).await?;
    webhook::tell(&tx, app, account, &Event::ContactChanged(facts(&row))).await?;
    tx.commit().await?;
    app.webhooks_wait.notify_one();
    Ok(row)
}

/// What other systems are told of a contact person.
fn facts(row: &contact_person::Model) -> ContactFacts {
    ContactFacts {
        name: row.name.clone(),
        position: row.position.clone(),
        email: row.email.clone(),
        phone: row.phone.clone(),
        street: row.street.clone(),
        postal_code: row.postal_code.clone(),
        city: row.city.clone(),
    }
}

/// A text of one line without what surrounds it; none if nothing is left.
///
/// # Errors
/// [`Error::Invalid`] at `field` with `TOO_LONG`.
pub(crate) fn text(field: &'static str, text: Option<String>, max: usize) -> Result<Option<String>> {
    let text = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    match text {
        Some(text) if text.chars().count() > max => Err(Error::invalid(
            field,
            Reason::TooLong,
            format!("at most {max} characters"),
        )),
        Some(text) => Ok(Some(text.replace(char::is_control, " "))),
        None => Ok(None),
    }
}

fn email(typed: Option<String>) -> Result<Option<String>> {
    let typed = typed.filter(|typed| !typed.trim().is_empty());
    let parsed = typed.map(|typed| EmailAddress::parse(&typed)).transpose();
    let parsed = parsed.map_err(|_| Error::invalid("email", Reason::NotAnEmail, "not an e-mail address"))?;
    Ok(parsed.map(String::from))
}

/// A telephone number in any usual spelling, such as `+49 (0)30 12345-67`.
///
/// # Errors
/// [`Error::Invalid`] at `phone` with `TOO_LONG` or `NOT_A_PHONE_NUMBER`.
pub(crate) fn phone(typed: Option<String>) -> Result<Option<String>> {
    let typed = text("phone", typed, PHONE_MAX)?;
    let is_number = |typed: &String| {
        let digits = typed.chars().filter(char::is_ascii_digit).count();
        digits >= PHONE_DIGITS_MIN && typed.chars().all(|c| c.is_ascii_digit() || " +-/().\u{a0}".contains(c))
    };
    if typed.as_ref().is_some_and(|typed| !is_number(typed)) {
        return Err(Error::invalid(
            "phone",
            Reason::NotAPhoneNumber,
            "digits, spaces and + - / ( ) .",
        ));
    }
    Ok(typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_taken_as_people_write_them() {
        for number in [
            "030 1234567",
            "+49 (0)30 12345-67",
            "0049.30/1234567",
            "(0211) 55\u{a0}44",
        ] {
            assert_eq!(
                phone(Some(number.to_owned())).ok().flatten().as_deref(),
                Some(number),
                "{number}"
            );
        }
        assert_eq!(phone(Some("  ".to_owned())).ok(), Some(None));
        for number in ["12", "ruf mich an", "030 1234567; DROP", "+49 30\u{202e}123456"] {
            assert!(phone(Some(number.to_owned())).is_err(), "{number}");
        }
    }
}

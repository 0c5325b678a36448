//! The two buttons of the law, reachable without signing in: "Verträge hier kündigen" (BGB § 312k) and "Vertrag
//! widerrufen" (Directive (EU) 2023/2673, Article 11a).
//!
//! Nothing is looked up: whoever declares learns nothing about whether there is such a customer or contract. The
//! receipt says what was typed and when it arrived, and staff finds out whose contract it is.
use super::{notice::Occasion, place::empty, prose, required, tell, today, wake};
use crate::{
    account::contact::text,
    app::App,
    audit,
    entity::{declaration, order},
    error::{Error, Result},
    idempotency::{self, Claim},
    session::{
        Origin, sign_in,
        throttle::{self, Guess, Verdict},
    },
};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ActiveModelTrait, IntoActiveModel};
use serde::{Deserialize, Serialize};
use shared::{
    account::Language,
    error::Reason,
    name::EmailAddress,
    order::{OrderKind, OrderSource},
};
use uuid::Uuid;

/// The longest name, identification or contract, in characters.
const TEXT_MAX: usize = 200;

/// What somebody declares.
#[derive(Clone, Debug, Serialize)]
pub struct NewDeclaration {
    /// A cancellation or a revocation.
    pub kind: OrderKind,
    /// Who.
    pub name: String,
    /// Customer number, or whatever else tells who it is.
    pub identification: String,
    /// Where the receipt goes.
    pub email: String,
    /// Which contract.
    pub contract: String,
    /// Whether a cancellation is one for cause.
    pub is_extraordinary: bool,
    /// Why; needed for cause.
    pub reason: Option<String>,
    /// When the contract shall end; none for as soon as possible.
    pub ends_on: Option<NaiveDate>,
    /// The language of the receipt.
    pub language: Language,
}

/// What the person gets back at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// As people name it.
    pub number: String,
    /// When it arrived.
    pub received_at: DateTime<Utc>,
}

/// Takes a declaration, once for each key, and mails the receipt.
///
/// # Errors
/// [`Error::NotFound`] where no customer is a consumer; [`Error::Throttled`] after too many from one address or to one
/// address; [`Error::Invalid`] at the field; [`Error::Conflict`] if the key was used for another one.
pub async fn declare(app: &App, origin: &Origin, key: Uuid, new: NewDeclaration) -> Result<Receipt> {
    if !app.settings.consumers {
        return Err(Error::NotFound("page"));
    }
    let must = |field, typed: &str| {
        let typed = text(field, Some(typed.to_owned()), TEXT_MAX)?;
        typed.ok_or_else(|| Error::invalid(field, Reason::Missing, "needed to know what is meant"))
    };
    let (name, identification) = (must("name", &new.name)?, must("identification", &new.identification)?);
    let email = EmailAddress::parse(&new.email)
        .map_err(|_| Error::invalid("email", Reason::NotAnEmail, "the receipt goes there"))?;
    let contract = must("contract", &new.contract)?;
    let reason = if new.is_extraordinary {
        Some(required("reason", new.reason.clone())?)
    } else {
        prose("reason", new.reason.clone())?
    };
    if new.ends_on.is_some_and(|day| day < today(app)) {
        return Err(Error::invalid("endsOn", Reason::DateInPast, "a day from today on"));
    }
    for (guess, subject) in [
        (Guess::MailFromAddress, sign_in::address(origin)),
        (Guess::MailTo, email.as_str().to_owned()),
    ] {
        if matches!(throttle::charge(app, guess, &subject).await?, Verdict::Locked) {
            return Err(Error::Throttled);
        }
    }
    let act = match new.kind {
        OrderKind::Revocation => "declareRevocation",
        _ => "declareCancellation",
    };
    let open = match idempotency::claim(app, None, act, key, &new).await? {
        Claim::Done(receipt) => return Ok(receipt),
        Claim::Open(open) => open,
    };
    let row = order::Model {
        is_extraordinary: new.is_extraordinary,
        reason,
        ..empty(app, new.kind, OrderSource::LegalButton)
    };
    let typed = declaration::Model {
        order_id: row.id,
        name,
        identification,
        email: email.as_str().to_owned(),
        contract,
        wished_on: new.ends_on,
        language: new.language,
    };
    row.clone().into_active_model().insert(&open.tx).await?;
    typed.into_active_model().insert(&open.tx).await?;
    let entry = audit::Entry {
        act,
        object: Some(row.id.to_string()),
        ip: origin.ip.clone(),
        ..audit::Entry::default()
    };
    audit::add(&open.tx, app, entry).await?;
    tell(&open.tx, app, &row, Occasion::Placed).await?;
    let receipt = Receipt {
        number: row.number,
        received_at: row.placed_at,
    };
    open.finish(&receipt).await?;
    wake(app);
    Ok(receipt)
}

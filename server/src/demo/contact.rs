//! Whom the provider writes to at one of the customers, and a bookkeeper who was invited.
use super::token_to;
use crate::{
    account::{
        billing_email,
        confirmation::confirm,
        contact::{self, NewContact},
    },
    actor::Actor,
    app::App,
    member::invitation::{self, NewInvitation},
    session::Origin,
};
use shared::account::{Right, Rights};

/// Confirmed, so that it counts.
const BILLS: &str = "rechnungen@hausverwaltung-lange.example";

/// Waits for its confirmation.
const OTHER_BILLS: &str = "steuerbuero@kontor-hamm.example";

/// Adds them to the account in view.
pub(super) async fn add(app: &App, owner: &Actor) -> anyhow::Result<()> {
    let person = NewContact {
        name: "Tarek Lange".to_owned(),
        position: Some("Objektbetreuung".to_owned()),
        email: Some("t.lange@hausverwaltung-lange.example".to_owned()),
        phone: Some("+49 208 555 0173".to_owned()),
        street: Some("Hafenstraße 31".to_owned()),
        postal_code: Some("46049".to_owned()),
        city: Some("Oberhausen".to_owned()),
    };
    contact::change(app, owner, person).await?;
    billing_email::add(app, owner, BILLS).await?;
    confirm(app, Some(owner), &Origin::default(), &token_to(app, BILLS).await?).await?;
    billing_email::add(app, owner, OTHER_BILLS).await?;
    let bookkeeper = NewInvitation {
        email: "buchhaltung@kontor-hamm.example".to_owned(),
        user_name: "105120/buchhaltung".to_owned(),
        name: Some("Sabine Kock".to_owned()),
        rights: Rights::of(&[Right::SeeInvoices]),
        until: None,
    };
    invitation::invite(app, owner, bookkeeper).await?;
    Ok(())
}

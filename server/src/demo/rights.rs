//! Read rights in each of their states: accepted, pending, with an end, to begin later, only to prove, and taken back.
use super::token_to;
use crate::{
    access::{self, NewAssignment},
    actor::Actor,
    app::App,
    meter::{DeviceFilter, DeviceSelection},
};
use chrono::{Datelike, NaiveDate};
use shared::id::AccountId;

/// The devices whose serial numbers begin like this, to one address.
fn to(email: &str, serial_prefix: &str) -> NewAssignment {
    let filter = DeviceFilter {
        serial_prefix: Some(serial_prefix.to_owned()),
        ..DeviceFilter::default()
    };
    NewAssignment {
        selection: DeviceSelection {
            filter: Some(filter),
            ..DeviceSelection::default()
        },
        emails: vec![email.to_owned()],
        starts_on: None,
        until: None,
        verify_only: false,
        note: None,
    }
}

/// Gives them all.
pub(super) async fn give(app: &App, dealer: &Actor, household: AccountId, manager: AccountId) -> anyhow::Result<()> {
    let year = app.clock.today().year() + 1;
    let (begin, end) = (
        NaiveDate::from_ymd_opt(year, 1, 1),
        NaiveDate::from_ymd_opt(year, 12, 31),
    );
    let tenant = NewAssignment {
        until: end,
        ..to("p.schaefer@mieter.example", "7634870")
    };
    access::assign(app, dealer, tenant).await?;
    accept(app, "p.schaefer@mieter.example", household).await?;
    let houses = to("hv-lange@hausverwaltung-lange.example", "7634872");
    access::assign(app, dealer, houses).await?;
    accept(app, "hv-lange@hausverwaltung-lange.example", manager).await?;
    let utility = NewAssignment {
        until: end,
        ..to("energie@stadtwerke-hamm.example", "7634873")
    };
    access::assign(app, dealer, utility).await?;
    let reading = NewAssignment {
        starts_on: begin,
        note: Some("Ablesung übernimmt ab Januar der Messdienst.".to_owned()),
        ..to("ablesung@messdienst-west.example", "763499")
    };
    access::assign(app, dealer, reading).await?;
    let testing = NewAssignment {
        until: end,
        verify_only: true,
        ..to("pruefstelle@messdienst-west.example", "763500")
    };
    access::assign(app, dealer, testing).await?;
    let moved_out = access::assign(app, dealer, to("frueher@mieter.example", "763502")).await?;
    let moved_out: Vec<_> = moved_out.iter().map(|row| row.id).collect();
    access::revoke(app, dealer, &moved_out, None).await?;
    Ok(())
}

/// Follows the link in the last mail to an address.
async fn accept(app: &App, email: &str, account: AccountId) -> anyhow::Result<()> {
    let token = token_to(app, email).await?;
    let tx = app.begin().await?;
    let link = access::take_link(&tx, app, &token).await?;
    access::accept(&tx, app, &link, account).await?;
    tx.commit().await?;
    Ok(())
}

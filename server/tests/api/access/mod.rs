//! Read rights: given by dealers, accepted by the people they are for, ended.
mod end;
mod give;
mod import;
mod read;
mod revoke;

use crate::{
    app::{ORIGIN, PASSWORD, Person, TestApp},
    meter::{actor, give_devices, key_of, serials},
};
use chrono::{NaiveDate, TimeDelta};
use sea_orm::{EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use server::{
    access::{self, NewAssignment},
    actor::Actor,
    entity::{assignment, audit, link, mail, read_right},
    meter::{DeviceFilter, DeviceSelection},
};
use shared::{account::AccountKind, id::DeviceId};

const ASSIGN: &str = "mutation($input: AssignReadRightsInput!) { assignReadRights(input: $input) {
    assignments { id email state deviceCount until note createdAt } } }";
const ACCEPT: &str = "mutation($input: AcceptReadRightsInput!) { acceptReadRights(input: $input) { deviceCount viewer { deviceCount } } }";
const REVOKE: &str = "mutation($input: RevokeReadRightsInput!) { revokeReadRights(input: $input) { assignments { id state deviceCount } } }";
const REGISTER: &str = "mutation($input: CompleteRegistrationInput!) { completeRegistration(input: $input) { viewer { email deviceCount } } }";
const LINK: &str = "query($token: String!) { link(token: $token) { email from deviceCount until needsRegistration } }";
const ASSIGNMENTS: &str = "query($state: ReadRightState, $first: Int, $after: String) { assignments(state: $state, first: $first, after: $after) {
    nodes { email state deviceCount } totalCount pageInfo { endCursor hasNextPage } } }";
const DEVICES: &str = "query($filter: DeviceFilter) { devices(filter: $filter) { totalCount nodes {
    serialNumber readableUntil readableThrough viewerCanAssign viewerCanReveal readRights { email state } } } }";
const DEVICE: &str = "query($id: DeviceId!) { device(id: $id) { serialNumber } }";
const REVEAL: &str = "mutation($input: RevealKeyInput!) { revealKey(input: $input) { key } }";

const STRANGER: &str = "k104871@kunde.example";

fn to(email: &str, ids: &[DeviceId]) -> Value {
    json!({ "input": { "emails": [email], "selection": { "ids": ids } } })
}

fn of_ids(ids: &[&Value]) -> Value {
    json!({ "input": { "assignmentIds": ids } })
}

fn token_input(token: &str) -> Value {
    json!({ "input": { "token": token } })
}

fn reveal_input(device: DeviceId) -> Value {
    json!({ "input": { "deviceId": device, "name": "DEK" } })
}

/// The token in the newest mail, to its only recipient.
async fn token_for(app: &TestApp, email: &str) -> String {
    let mail = app.mails().await.pop().unwrap();
    assert_eq!(mail.recipient, email);
    app.pass(TimeDelta::milliseconds(1)); // so that the next mail is the newest for sure
    let link = mail
        .text
        .split_whitespace()
        .find_map(|word| word.strip_prefix(&format!("{ORIGIN}/invitation#")));
    link.unwrap().to_owned()
}

/// Gives the right to read all devices of the actor.
pub async fn assign_all(app: &TestApp, actor: &Actor, email: &str) {
    let selection = DeviceSelection {
        filter: Some(DeviceFilter::default()),
        ..DeviceSelection::default()
    };
    let new = NewAssignment {
        selection,
        emails: vec![email.to_owned()],
        starts_on: None,
        until: None,
        verify_only: false,
        note: None,
    };
    access::assign(&app.app, actor, new).await.unwrap();
}

/// Gives somebody who is registered a right and accepts it for him; gives the id of the assignment.
pub async fn accepted(app: &TestApp, reader: Person, email: &str, ids: &[DeviceId], until: Option<&str>) -> Value {
    let input = json!({ "input": { "emails": [email], "selection": { "ids": ids }, "until": until } });
    let data = app.client(app.dealer).await.data(ASSIGN, input).await;
    let token = token_for(app, email).await;
    let accepted = app.client(reader).await.data(ACCEPT, token_input(&token)).await;
    assert_eq!(accepted["acceptReadRights"]["deviceCount"], ids.len());
    data["assignReadRights"]["assignments"][0]["id"].clone()
}

/// How many assignments, rights, links, mails and acts done there are.
async fn counts(app: &TestApp) -> [u64; 5] {
    [
        assignment::Entity::find().count(app.db()).await.unwrap(),
        read_right::Entity::find().count(app.db()).await.unwrap(),
        link::Entity::find().count(app.db()).await.unwrap(),
        mail::Entity::find().count(app.db()).await.unwrap(),
        audit::Entity::find()
            .filter(audit::COLUMN.act.ne("signIn"))
            .filter(audit::COLUMN.is_allowed.eq(true))
            .count(app.db())
            .await
            .unwrap(),
    ]
}

#[test]
fn where_an_assignment_stands_depends_on_the_day() {
    use shared::device::ReadRightState::{Active, Ended, Pending, Revoked};
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let at = crate::app::now();
    let row = |until: Option<&str>, accepted: bool, revoked: bool| assignment::Model {
        id: shared::id::AssignmentId(uuid::Uuid::nil()),
        account_id: shared::id::AccountId(uuid::Uuid::nil()),
        user_id: shared::id::UserId(uuid::Uuid::nil()),
        email: "anna@example.org".to_owned(),
        reader_account_id: None,
        starts_on: None,
        until: until.map(day),
        verify_only: false,
        note: None,
        created_at: at,
        accepted_at: accepted.then_some(at),
        revoked_at: revoked.then_some(at),
        revoked_by: None,
        offer_id: uuid::Uuid::nil(),
        end_told_at: None,
    };
    for (until, accepted, revoked, state) in [
        (None, false, false, Pending),
        (None, true, false, Active),
        (None, true, true, Revoked),
        (None, false, true, Revoked),
        (Some("2026-11-22"), true, true, Revoked),
        (Some("2026-11-23"), true, false, Active),
        (Some("2026-11-22"), true, false, Ended),
        (Some("2026-11-22"), false, false, Ended),
    ] {
        assert_eq!(access::state(&row(until, accepted, revoked), day("2026-11-23")), state);
    }
}

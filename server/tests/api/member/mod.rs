//! Members: inviting them, what they may do, changing, blocking and removing them.
mod change;
mod invite;
mod rename;

use crate::app::{Client, ORIGIN, PASSWORD, Person, TestApp};
use chrono::TimeDelta;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, Set};
use serde_json::{Value, json};
use server::entity::{audit, invitation, link, mail, membership, sign_in_name, user};
use shared::account::{Right, Rights};

const INVITE: &str = "mutation($input: InviteMemberInput!) { inviteMember(input: $input) {
    invitation { id email userName name rights until isLinkOver } } }";
const RESEND: &str =
    "mutation($input: ResendInvitationInput!) { resendInvitation(input: $input) { invitation { id } } }";
const WITHDRAW: &str = "mutation($input: WithdrawInvitationInput!) { withdrawInvitation(input: $input) { id } }";
const OFFER: &str = "query($token: String!) { invitation(token: $token) {
    email accountName accountNumber from name userName rights until needsRegistration } }";
const ACCEPT: &str = "mutation($input: AcceptInvitationInput!) { acceptInvitation(input: $input) {
    viewer { account { number } rights } } }";
const COMPLETE: &str = "mutation($input: CompleteInvitationInput!) { completeInvitation(input: $input) {
    viewer { name email account { number } rights } } }";
const INVITATIONS: &str = "{ invitations { totalCount nodes { id email isLinkOver } } }";
const MEMBERS: &str = "{ members { totalCount nodes {
    userNames email rights until hasEnded blockedAt lastSeenAt hasSecondFactor isViewer viewerCanChange } } }";
const CHANGE: &str = "mutation($input: ChangeMemberInput!) { changeMember(input: $input) { member { rights until } } }";
const BLOCK: &str = "mutation($input: BlockMemberInput!) { blockMember(input: $input) { member { blockedAt } } }";
const UNBLOCK: &str = "mutation($input: UnblockMemberInput!) { unblockMember(input: $input) { member { blockedAt } } }";
const REMOVE: &str = "mutation($input: RemoveMemberInput!) { removeMember(input: $input) { userId } }";
const VIEWER: &str = "{ viewer { account { number } rights memberships { account { number } } } }";
const INVOICES: &str = "{ invoices { totalCount } }";
const SIGN_IN: &str = "mutation($input: SignInInput!) { signIn(input: $input) { viewer { account { number } } } }";

/// Whom the customer invites in these tests.
const KAMP: &str = "l.kamp@oeztuerk.example";

fn invitation(email: &str, rights: &[&str]) -> Value {
    json!({ "input": { "email": email, "userName": "104233/kamp", "name": "Lena Kamp", "rights": rights } })
}

fn with_token(token: &str) -> Value {
    json!({ "input": { "token": token } })
}

fn completion(token: &str) -> Value {
    json!({ "input": { "token": token, "name": "Lena Kamp", "password": PASSWORD, "language": "DE" } })
}

fn whom(person: Person) -> Value {
    json!({ "input": { "userId": person.user } })
}

fn rights_of(person: Person, rights: &[&str]) -> Value {
    json!({ "input": { "userId": person.user, "rights": rights } })
}

/// The token in the newest mail, to its only recipient.
async fn token_for(app: &TestApp, email: &str) -> String {
    let mail = app.mails().await.pop().unwrap();
    assert_eq!(mail.recipient, email);
    app.pass(TimeDelta::milliseconds(1)); // so that the next mail is the newest for sure
    let prefix = format!("{ORIGIN}/invitation#");
    let link = mail.text.split_whitespace().find_map(|word| word.strip_prefix(&prefix));
    link.unwrap().to_owned()
}

/// Lets the customer invite somebody; gives the token in the mail.
async fn invited(app: &TestApp, email: &str, rights: &[&str]) -> String {
    app.client(app.customer)
        .await
        .data(INVITE, invitation(email, rights))
        .await;
    token_for(app, email).await
}

/// Everything that members and invitations are made of, but for the log.
async fn state(
    app: &TestApp,
) -> (
    Vec<membership::Model>,
    Vec<invitation::Model>,
    Vec<sign_in_name::Model>,
    [u64; 3],
) {
    let db = app.db();
    let mut members = membership::Entity::find().all(db).await.unwrap();
    members.sort_by_key(|row| (row.account_id, row.user_id));
    let mut invitations = invitation::Entity::find().all(db).await.unwrap();
    invitations.sort_by_key(|row| row.id);
    let mut names = sign_in_name::Entity::find().all(db).await.unwrap();
    names.sort_by(|a, b| a.name.cmp(&b.name));
    let open_links = link::Entity::find().filter(link::COLUMN.used_at.is_null());
    let counts = [
        open_links.count(db).await.unwrap(),
        mail::Entity::find().count(db).await.unwrap(),
        user::Entity::find().count(db).await.unwrap(),
    ];
    (members, invitations, names, counts)
}

/// That an operation is refused with this code and nothing changes.
async fn refused(app: &TestApp, client: &mut Client, operation: &str, variables: Value, code: &str) -> Value {
    let before = state(app).await;
    let refusal = client.refusal(operation, variables.clone()).await;
    assert_eq!(refusal["code"], code, "{variables}");
    assert!(
        state(app).await == before,
        "refused and changed something: {operation} {variables}"
    );
    refusal
}

/// Sets the end of a membership and its rights, as if it had been given like that.
async fn given(app: &TestApp, person: Person, rights: &[Right], days: Option<i64>) {
    let row = membership::Entity::find_by_id((person.user, person.account))
        .one(app.db())
        .await
        .unwrap();
    let mut row = row.unwrap().into_active_model();
    row.rights = Set(Rights::of(rights));
    row.expires_at = Set(days.map(|days| app.app.clock.now() + TimeDelta::days(days)));
    row.update(app.db()).await.unwrap();
}

/// The subjects of the mails to an address, the oldest first.
async fn subjects(app: &TestApp, email: &str) -> Vec<String> {
    let mails = app.mails().await.into_iter();
    mails
        .filter(|mail| mail.recipient == email)
        .map(|mail| mail.subject)
        .collect()
}

/// The acts in the log, allowed ones only, the oldest first.
async fn acts(app: &TestApp) -> Vec<String> {
    let mut rows = audit::Entity::find()
        .filter(audit::COLUMN.is_allowed.eq(true))
        .all(app.db())
        .await
        .unwrap();
    rows.sort_by_key(|row| (row.at, row.id));
    rows.into_iter()
        .map(|row| row.act)
        .filter(|act| act != "signIn")
        .collect()
}

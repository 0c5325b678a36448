//! Getting in again, and getting in for the first time: links with which a person chooses a password. A link neither
//! signs anybody in whose account guards itself with a second factor, nor passes by it (security C10).
use super::{
    entrance_request::{self, Wish},
    password::check_new,
};
use crate::{
    app::App,
    audit::{self, Entry},
    entity::{entrance_request as entrance_request_row, link as link_row, onboarding, sign_in_name, user},
    error::Result,
    link::{self, NewLink},
    mail::{self, Notice, Template},
    second_factor,
    session::{
        self, Origin,
        throttle::{self, Guess, Verdict},
    },
    token,
    webhook::{self, Event},
};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use shared::{
    id::{AccountId, UserId},
    link::LinkPurpose,
    name::EmailAddress,
};

/// The links with which a password is chosen.
pub const PURPOSES: [LinkPurpose; 2] = [LinkPurpose::FirstSignIn, LinkPurpose::PasswordReset];

/// Adds a link for the first sign-in of a user who was made without a password, in place of former ones; gives its
/// address. No actor: who may send access is the caller's to check.
///
/// # Errors
/// If the database refuses.
pub async fn first_sign_in_link(db: &impl ConnectionTrait, app: &App, user: &user::Model) -> Result<String> {
    let token = first_sign_in_token(db, app, user).await?;
    Ok(link::address(app, LinkPurpose::FirstSignIn, &token))
}

/// The token of such a link.
pub(super) async fn first_sign_in_token(db: &impl ConnectionTrait, app: &App, user: &user::Model) -> Result<String> {
    add_link(db, app, user, LinkPurpose::FirstSignIn).await
}

async fn add_link(db: &impl ConnectionTrait, app: &App, user: &user::Model, purpose: LinkPurpose) -> Result<String> {
    end_links(db, app, user.id).await?;
    let new = NewLink {
        purpose,
        email: user.email.as_deref().unwrap_or_default(),
        user: Some(user.id),
        account: None,
        object: None,
        language: user.language,
    };
    link::add(db, app, new).await
}

/// Ends all unused links of a user with which a password is chosen (security F03).
async fn end_links(db: &impl ConnectionTrait, app: &App, user: UserId) -> Result<()> {
    link_row::Entity::update_many()
        .col_expr(
            link_row::Column::UsedAt,
            sea_orm::sea_query::Expr::value(app.clock.now()),
        )
        .filter(link_row::COLUMN.user_id.eq(user))
        .filter(link_row::COLUMN.purpose.is_in(PURPOSES))
        .filter(link_row::COLUMN.used_at.is_null())
        .exec(db)
        .await?;
    Ok(())
}

/// Mails the names with which somebody signs in, and a link to choose a password, to the address that belongs to a
/// customer number, user name or address. The answer is always the same (security B09): only the mailbox differs.
///
/// # Errors
/// [`crate::error::Error::Throttled`] when too many asked from this address.
pub async fn request_access(app: &App, origin: &Origin, name: &str) -> Result<()> {
    entrance_request::keep(app, origin, Wish::Access, name, None).await
}

/// Does what was asked for: to whom `name` belongs, names and link are mailed.
pub(super) async fn answer(app: &App, request: &entrance_request_row::Model, name: &str) -> Result<()> {
    let name = name.trim().to_lowercase();
    let found = match sign_in_name::Entity::find_by_id(name.clone()).one(&app.db).await? {
        Some(row) => user::Entity::find_by_id(row.user_id).one(&app.db).await?,
        None => None,
    };
    let subject = found
        .as_ref()
        .map_or_else(|| format!("name {name}"), |user| user.id.to_string());
    let to = throttle::charge(app, Guess::MailTo, &subject).await?;
    let email = found
        .as_ref()
        .and_then(|user| EmailAddress::parse(user.email.as_deref()?).ok());
    let (Some(user), Some(email), Verdict::Open(_)) = (found.filter(|user| user.blocked_at.is_none()), email, to)
    else {
        return Ok(());
    };
    let purpose = if user.password_hash.is_some() {
        LinkPurpose::PasswordReset
    } else {
        LinkPurpose::FirstSignIn
    };
    let tx = app.begin().await?;
    if !request.take(&tx).await? {
        return Ok(());
    }
    let token = add_link(&tx, app, &user, purpose).await?;
    let letter = Template::AccessDetails {
        names: names(&tx, user.id).await?,
        link: link::address(app, purpose, &token),
        link_hours: link::life(purpose).num_hours(),
    };
    mail::enqueue(&tx, app, &email, user.language, &letter).await?;
    let entry = Entry {
        user: Some(user.id),
        act: "requestAccess",
        ip: request.ip.clone(),
        user_agent: request.user_agent.clone(),
        ..Entry::default()
    };
    audit::add(&tx, app, entry).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(())
}

/// What somebody signs in with besides his address.
async fn names(db: &impl ConnectionTrait, user: UserId) -> Result<Vec<String>> {
    let rows = sign_in_name::Entity::find()
        .filter(sign_in_name::COLUMN.user_id.eq(user))
        .order_by_asc(sign_in_name::Column::Name)
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| printed(&row.name))
        .filter(|name| !name.contains('@'))
        .collect())
}

/// A name as it is printed: it is kept in small letters, and the numbers of people who registered themselves begin with
/// a capital P.
fn printed(name: &str) -> String {
    match name.strip_prefix('p') {
        Some(digits) if digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit()) => format!("P{digits}"),
        _ => name.to_owned(),
    }
}

/// What came of choosing a password.
#[derive(Debug)]
pub enum Chosen {
    /// The person is signed in.
    SignedIn {
        /// The session's token.
        token: String,
    },
    /// The person signs in now, with the second factor if there is one.
    SignInNow,
}

/// Sets the password of the user whom a link stands for, uses the link up and ends all his sessions. After a first
/// sign-in link the user is signed in; after a forgotten password he signs in himself.
///
/// # Errors
/// [`crate::error::Error::Invalid`] with `LINK_INVALID` at `token`; what [`check_new`] refuses, and then the link stays good.
pub async fn choose_password(app: &App, origin: &Origin, token: &str, password: &str) -> Result<Chosen> {
    let found = link::find(&app.db, app, token, &PURPOSES).await?;
    let user = user_of(&app.db, &found).await?;
    let known = names(&app.db, user.id).await?;
    let local = found.email.split('@').next().unwrap_or_default();
    let names: Vec<&str> = known
        .iter()
        .map(String::as_str)
        .chain([local])
        .chain(user.name.as_deref())
        .collect();
    let has_factor = second_factor::is_on(&app.db, user.id).await?;
    check_new(app, "password", password, &names, has_factor).await?;
    let hash = app.hasher.hash(password).await?;

    let tx = app.begin().await?;
    let taken = link::take(&tx, app, token, &PURPOSES).await?;
    let is_first = user.password_hash.is_none();
    let changed = user::ActiveModel {
        id: Set(user.id),
        password_hash: Set(Some(hash)),
        password_changed_at: Set(Some(app.clock.now())),
        ..Default::default()
    };
    changed.update(&tx).await?;
    end_links(&tx, app, user.id).await?;
    session::end_all(&tx, user.id).await?;
    // Who had to choose a new password may have lost more than that: what programs hold ends, too.
    token::revoke_all(&tx, user.id).await?;
    let account = session::memberships(&tx, user.id, app.clock.now())
        .await?
        .first()
        .map(|row| row.account_id);
    if is_first {
        tell_activated(&tx, app, account, user.id).await?;
    }
    let entry = Entry {
        user: Some(user.id),
        account,
        act: "choosePassword",
        ip: origin.ip.clone(),
        user_agent: origin.user_agent.clone(),
        ..Entry::default()
    };
    audit::add(&tx, app, entry).await?;
    let chosen = if is_first && taken.purpose == LinkPurpose::FirstSignIn && !has_factor {
        let token = session::open(&tx, app, origin, user.id).await?;
        Chosen::SignedIn { token }
    } else {
        mail::notify(&tx, app, user.id, Notice::PasswordChanged).await?;
        Chosen::SignInNow
    };
    tx.commit().await?;
    app.mail_waits.notify_one();
    app.webhooks_wait.notify_one();
    Ok(chosen)
}

/// Tells other systems that a customer whom the provider made has come in.
async fn tell_activated(tx: &impl ConnectionTrait, app: &App, account: Option<AccountId>, user: UserId) -> Result<()> {
    let Some(account) = account else { return Ok(()) };
    let is_made = onboarding::Entity::find()
        .filter(onboarding::COLUMN.account_id.eq(account))
        .filter(onboarding::COLUMN.user_id.eq(user))
        .one(tx)
        .await?
        .is_some();
    if is_made {
        webhook::tell(tx, app, account, &Event::CustomerActivated {}).await?;
    }
    Ok(())
}

async fn user_of(db: &impl ConnectionTrait, link: &link_row::Model) -> Result<user::Model> {
    let user = match link.user_id {
        Some(id) => user::Entity::find_by_id(id).one(db).await?,
        None => None,
    };
    user.filter(|user| user.blocked_at.is_none()).ok_or_else(link::invalid)
}

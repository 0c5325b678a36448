//! Slows down guessing (security B01–B07, C05). A try is charged in the database before the secret is looked at, in one
//! statement, so that neither parallel tries nor a restart nor a second process get more. A success takes back its own
//! charge and no other. Tries while it is locked change nothing: nobody can keep somebody else out by going on.
use crate::{app::App, entity::throttle, error::Result};
use chrono::TimeDelta;
use sea_orm::{
    ColumnTrait, Condition, DeriveActiveEnum, EntityTrait, EnumIter, QueryFilter, Set,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use sha2::{Digest, Sha256};

/// What is guessed, or asked for too often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Guess {
    /// Passwords of one user, under whatever name he is called; of a name that nobody has too.
    Password,
    /// Passwords from one address.
    PasswordFromAddress,
    /// Codes of a user's second factor.
    SecondFactor,
    /// Letter codes of one customer number.
    LetterCode,
    /// Letter codes and links from one address.
    SecretFromAddress,
    /// Mails that strangers cause, to one address.
    MailTo,
    /// Mails that strangers cause, from one address.
    MailFromAddress,
    /// Tokens of programs, from one address.
    TokenFromAddress,
    /// Telegrams by which one person proves keys: nobody searches keys by the many.
    KeyProof,
}

/// How many tries a window holds, and how long it lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Tries.
    pub tries: i32,
    /// From the first of them on.
    pub window: TimeDelta,
}

impl Guess {
    /// The limit. A person who mistypes never meets it, a program does at once; 15 minutes are a wait and no lock-out.
    /// How much an address may try is a setting: many people share one behind a company's router.
    pub fn limit(self, app: &App) -> Limit {
        let (tries, minutes) = match self {
            Self::Password => (10, 15),
            Self::PasswordFromAddress | Self::SecretFromAddress | Self::TokenFromAddress => {
                (app.settings.tries_per_address, 15)
            }
            Self::SecondFactor | Self::LetterCode => (5, 15),
            Self::MailTo => (5, 60),
            Self::KeyProof => (60, 60),
            Self::MailFromAddress => (20, 60),
        };
        Limit {
            tries,
            window: TimeDelta::minutes(minutes),
        }
    }
}

/// Whether one may try.
#[derive(Debug)]
pub enum Verdict {
    /// Yes; it was charged.
    Open(Charge),
    /// No: the window is full.
    Locked,
}

/// One charged try.
#[derive(Debug)]
pub struct Charge {
    guess: Guess,
    subject: Vec<u8>,
}

impl Charge {
    /// Takes the charge back after a success.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn take_back(&self, app: &App) -> Result<()> {
        throttle::Entity::update_many()
            .col_expr(throttle::Column::Charges, Expr::col(throttle::Column::Charges).sub(1))
            .filter(throttle::COLUMN.guess.eq(self.guess))
            .filter(throttle::COLUMN.subject.eq(self.subject.as_slice()))
            .filter(throttle::COLUMN.charges.gt(0))
            .exec(&app.db)
            .await?;
        Ok(())
    }
}

/// Charges a try at `subject`: the id of a user, an address, a customer number. Committed by itself, before the secret
/// is looked at.
///
/// # Errors
/// If the database refuses: then nobody may try (security H14).
pub async fn charge(app: &App, guess: Guess, subject: &str) -> Result<Verdict> {
    let now = app.clock.now();
    let Limit { tries, window } = guess.limit(app);
    let subject = Sha256::digest(subject.as_bytes()).to_vec();
    // a window that is over begins anew with this try; otherwise it is one more, if there is room
    let is_over = Expr::col((throttle::Entity, throttle::Column::Until)).lte(now);
    let charges =
        Expr::case(is_over.clone(), 1).finally(Expr::col((throttle::Entity, throttle::Column::Charges)).add(1));
    let until =
        Expr::case(is_over.clone(), now + window).finally(Expr::col((throttle::Entity, throttle::Column::Until)));
    let room = Expr::col((throttle::Entity, throttle::Column::Charges)).lt(tries);
    let row = throttle::ActiveModel {
        guess: Set(guess),
        subject: Set(subject.clone()),
        charges: Set(1),
        until: Set(now + window),
    };
    let once_more = OnConflict::columns([throttle::Column::Guess, throttle::Column::Subject])
        .value(throttle::Column::Charges, charges)
        .value(throttle::Column::Until, until)
        .action_cond_where(Condition::any().add(is_over).add(room))
        .to_owned();
    let charged = throttle::Entity::insert(row)
        .on_conflict(once_more)
        .exec_without_returning(&app.db)
        .await?;
    Ok(if charged == 1 {
        Verdict::Open(Charge { guess, subject })
    } else {
        Verdict::Locked
    })
}

/// How many tries are charged in the window of now.
///
/// # Errors
/// If the database refuses.
pub async fn charges(app: &App, guess: Guess, subject: &str) -> Result<i32> {
    let subject = Sha256::digest(subject.as_bytes()).to_vec();
    let row = throttle::Entity::find_by_id((guess, subject)).one(&app.db).await?;
    Ok(row
        .filter(|row| row.until > app.clock.now())
        .map_or(0, |row| row.charges))
}

/// Whether a window is full, without charging anything.
///
/// # Errors
/// If the database refuses.
pub async fn is_locked(app: &App, guess: Guess, subject: &str) -> Result<bool> {
    Ok(charges(app, guess, subject).await? >= guess.limit(app).tries)
}

/// Forgets windows that are over: they count for nothing any more.
///
/// # Errors
/// If the database refuses.
pub async fn forget(app: &App) -> Result<()> {
    throttle::Entity::delete_many()
        .filter(throttle::COLUMN.until.lte(app.clock.now()))
        .exec(&app.db)
        .await?;
    Ok(())
}

//! The one error that a subject returns, and the one place where a failure becomes a code.
use crate::order::place::Seen;
use async_graphql::{ErrorExtensionValues, InputType, Name, Value, value};
use sea_orm::DbErr;
use shared::{
    error::{ErrorCode, Reason},
    password::PasswordRule,
};
use std::sync::Arc;

/// Why something was not done. The texts are English, for users of the API; people read the client's words.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// No one is signed in.
    #[error("sign in first")]
    Unauthenticated,
    /// The actor may not do this.
    #[error("you may not do this")]
    Forbidden,
    /// There is none, or the actor may not know that there is one.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// An input was refused.
    #[error("{field}: {message}")]
    Invalid {
        /// The path of the input, as the client named it.
        field: &'static str,
        /// What is wrong with it.
        reason: Reason,
        /// The same in English.
        message: String,
    },
    /// A new password fails the policy.
    #[error("{field}: the policy is not met")]
    WeakPassword {
        /// The path of the input, as the client named it.
        field: &'static str,
        /// All rules that are not met.
        rules: Vec<PasswordRule>,
    },
    /// The actor has to prove again who he is.
    #[error("give your password again (mutation stepUp), then repeat")]
    StepUpRequired,
    /// The account in view is open to those only who signed in with a second factor.
    #[error("set up a second factor first, or sign in with it")]
    SecondFactorRequired,
    /// Too many tries, or too much work waiting.
    #[error("too many requests; wait a little and repeat")]
    Throttled,
    /// Somebody else changed it, or it was done already.
    #[error("{0}")]
    Conflict(&'static str),
    /// Price or day of an order are others than those that the customer saw: what counts now, and its currency.
    #[error("price or day are others than those shown; look at them again")]
    Moved(Box<(Seen, String)>),
    /// More than allowed.
    #[error("{0}")]
    TooLarge(&'static str),
    /// The database refused or is not there.
    #[error(transparent)]
    Database(#[from] DbErr),
    /// Anything else that is ours to mend.
    #[error("{0}")]
    Internal(Arc<anyhow::Error>),
}

/// What the functions of the subjects return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An input that was refused.
    pub fn invalid(field: &'static str, reason: Reason, message: impl Into<String>) -> Self {
        Self::Invalid {
            field,
            reason,
            message: message.into(),
        }
    }

    /// The code that the caller sees.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Unauthenticated => ErrorCode::Unauthenticated,
            Self::Forbidden => ErrorCode::Forbidden,
            Self::NotFound(_) => ErrorCode::NotFound,
            Self::Invalid { .. } | Self::WeakPassword { .. } => ErrorCode::Invalid,
            Self::StepUpRequired => ErrorCode::StepUpRequired,
            Self::SecondFactorRequired => ErrorCode::SecondFactorRequired,
            Self::Throttled => ErrorCode::Throttled,
            Self::Conflict(_) | Self::Moved(_) => ErrorCode::Conflict,
            Self::TooLarge(_) => ErrorCode::TooLarge,
            Self::Database(_) | Self::Internal(_) => ErrorCode::Internal,
        }
    }

    /// Adds what the client needs to act on this error.
    pub fn describe(&self, extensions: &mut ErrorExtensionValues) {
        extensions.set("code", self.code().to_value());
        match self {
            Self::Invalid { field, reason, .. } => {
                extensions.set("field", *field);
                extensions.set("reason", reason.to_value());
            }
            Self::WeakPassword { field, rules } => {
                extensions.set("field", *field);
                extensions.set("reason", Reason::WeakPassword.to_value());
                extensions.set("rules", Value::List(rules.iter().map(InputType::to_value).collect()));
            }
            Self::NotFound(what) => extensions.set("what", Value::Enum(Name::new(*what))),
            Self::Moved(offered) => {
                let (seen, currency) = offered.as_ref();
                let offered = value!({
                    "price": seen.price.map(|price| price.to_string()),
                    "period": seen.period.to_value(),
                    "setupPrice": seen.setup_price.map(|price| price.to_string()),
                    "taxRate": seen.tax_rate.to_string(),
                    "currency": currency.as_str(),
                    "effectiveOn": seen.effective_on.to_string(),
                });
                extensions.set("offered", offered);
            }
            _ => {}
        }
    }
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        Self::Internal(Arc::new(error))
    }
}

impl From<Arc<DbErr>> for Error {
    fn from(error: Arc<DbErr>) -> Self {
        Self::Database((*error).clone())
    }
}

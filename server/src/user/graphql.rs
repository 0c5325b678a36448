//! The viewer, registration and preferences, as the API offers them.
use super::{email_change, profile};
use crate::{
    account::graphql::{Account, AccountsById, Membership},
    actor::{Actor, InView, RequestActor},
    app::App,
    entity::user,
    error::{Error, Result},
    face::{self, Logo},
    invoice, meter,
    second_factor::{self, graphql::SecondFactor},
    session,
};
use async_graphql::{Context, InputObject, Object, SimpleObject, dataloader::DataLoader, dataloader::Loader};
use sea_orm::{ColumnTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter};
use shared::{
    account::{Language, Right},
    id::UserId,
    password::PasswordMode,
};
use std::{collections::HashMap, sync::Arc};

/// The queries of this subject.
#[derive(Debug, Default)]
pub struct UserQuery;

#[Object]
impl UserQuery {
    /// Who is signed in; null when nobody is.
    async fn viewer(&self, ctx: &Context<'_>) -> Option<Viewer> {
        ctx.data_opt::<Actor>().cloned().map(Viewer)
    }

    /// This installation, as everybody may know it.
    async fn portal(&self, ctx: &Context<'_>) -> Result<Portal> {
        let app = ctx.data_unchecked::<App>();
        let face = Arc::unwrap_or_clone(face::current(app).await?);
        Ok(Portal {
            is_demo: app.settings.is_demo,
            has_consumers: app.settings.consumers,
            password_mode: app.settings.password_mode,
            provider_logo: face.logo.as_ref().map(Logo::address),
            provider_name: face.name,
            provider_address: face.address,
            provider_phone: face.phone,
            provider_hours: face.hours,
            provider_hours_en: face.hours_en,
            support_email: face.support_email,
        })
    }
}

/// The mutations of this subject.
#[derive(Debug, Default)]
pub struct UserMutation;

#[Object]
impl UserMutation {
    /// Changes what the viewer prefers; what is left out stays.
    async fn change_preferences(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: ChangePreferencesInput,
    ) -> Result<ChangePreferencesPayload> {
        let actor = ctx.actor()?;
        profile::change_preferences(ctx.data_unchecked(), actor, input.language, input.time_zone).await?;
        Ok(ChangePreferencesPayload {
            viewer: Viewer(actor.clone()),
        })
    }
}

/// What `changePreferences` takes.
#[derive(InputObject)]
pub struct ChangePreferencesInput {
    /// The language in which the portal shall speak.
    pub language: Option<Language>,
    /// The zone in which times are shown, by its name in the IANA database, such as `Europe/Berlin`.
    pub time_zone: Option<String>,
}

/// What `changePreferences` gives.
#[derive(SimpleObject)]
pub struct ChangePreferencesPayload {
    /// The viewer with the new preferences.
    pub viewer: Viewer,
}

/// This installation: what everybody may know of it, signed in or not.
#[derive(SimpleObject)]
pub struct Portal {
    /// Whether it runs with invented data and shows its mails instead of sending them.
    pub is_demo: bool,
    /// Whether some customers are consumers: then contracts can be cancelled and revoked without signing in.
    pub has_consumers: bool,
    /// The rules of new passwords.
    pub password_mode: PasswordMode,
    /// Who runs it.
    pub provider_name: String,
    /// Its postal address in one line.
    pub provider_address: Option<String>,
    /// The address of its logo, on this origin; null where it has none.
    pub provider_logo: Option<String>,
    /// The provider's telephone number.
    pub provider_phone: Option<String>,
    /// When somebody answers.
    pub provider_hours: Option<String>,
    /// The same in English; null where there are no such words.
    pub provider_hours_en: Option<String>,
    /// Where customers ask for help.
    pub support_email: Option<String>,
}

/// Who is signed in, and the account in view.
pub struct Viewer(pub Actor);

/// Who is signed in, and the account in view.
#[Object]
impl Viewer {
    /// Names the user.
    async fn id(&self) -> UserId {
        self.0.user
    }

    /// What the person wants to be called.
    async fn name(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        Ok(self.row(ctx).await?.name)
    }

    /// The confirmed e-mail address.
    async fn email(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        Ok(self.row(ctx).await?.email)
    }

    /// The language in which the portal speaks to the viewer.
    async fn language(&self, ctx: &Context<'_>) -> Result<Language> {
        Ok(self.row(ctx).await?.language)
    }

    /// The zone in which times are shown to the viewer, by its name in the IANA database.
    async fn time_zone(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(self.row(ctx).await?.time_zone)
    }

    /// The address that shall become the viewer's and waits to be confirmed.
    async fn pending_email(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let app = ctx.data_unchecked::<App>();
        email_change::pending(app, &app.db, self.0.user).await
    }

    /// The account in view; null for somebody who belongs to none.
    async fn account(&self, ctx: &Context<'_>) -> Result<Option<Account>> {
        let Some(in_view) = &self.0.account else {
            return Ok(None);
        };
        let row = ctx
            .data_unchecked::<DataLoader<AccountsById>>()
            .load_one(in_view.id)
            .await?;
        Ok(row.map(Account::from))
    }

    /// The accounts that the viewer belongs to, the oldest membership first.
    async fn memberships(&self, ctx: &Context<'_>) -> Result<Vec<Membership>> {
        let app = ctx.data_unchecked::<App>();
        let rows = session::memberships(&app.db, self.0.user, app.clock.now()).await?;
        let accounts = ctx
            .data_unchecked::<DataLoader<AccountsById>>()
            .load_many(rows.iter().map(|row| row.account_id))
            .await?;
        let memberships = rows.into_iter().filter_map(|row| {
            let account = accounts.get(&row.account_id)?.clone().into();
            Some(Membership {
                account,
                rights: row.rights.to_vec(),
            })
        });
        Ok(memberships.collect())
    }

    /// What the viewer may do in the account in view, all that is implied included.
    async fn rights(&self) -> Vec<Right> {
        Right::ALL.into_iter().filter(|right| self.0.may(*right)).collect()
    }

    /// The viewer's second factor.
    async fn second_factor(&self, ctx: &Context<'_>) -> Result<SecondFactor> {
        let app = ctx.data_unchecked::<App>();
        let is_on = second_factor::is_on(&app.db, self.0.user).await?;
        let account = ctx.data_unchecked::<DataLoader<AccountsById>>();
        let account = match &self.0.account {
            Some(view) => account.load_one(view.id).await?,
            None => None,
        };
        Ok(SecondFactor {
            is_on,
            recovery_codes_left: second_factor::recovery_codes_left(&app.db, self.0.user).await?,
            is_required: self.0.account.as_ref().is_some_and(|view| view.needs_second_factor),
            is_required_by_account: account.is_some_and(|account| account.requires_second_factor),
        })
    }

    /// Whether the account in view stays closed until the viewer sets up a second factor or signs in with it.
    async fn needs_second_factor(&self) -> bool {
        let is_closed = |view: &InView| view.needs_second_factor && !self.0.has_second_factor;
        self.0.account.as_ref().is_some_and(is_closed)
    }

    /// How many invoices of the account in view are to be paid; 0 without the right to see them.
    async fn due_invoice_count(&self, ctx: &Context<'_>) -> Result<u64> {
        invoice::due_count(ctx.data_unchecked(), &self.0).await
    }

    /// How many devices the account in view holds or may read; 0 without the right to read keys.
    async fn device_count(&self, ctx: &Context<'_>) -> Result<u64> {
        meter::count(ctx.data_unchecked(), &self.0).await
    }
}

impl Viewer {
    async fn row(&self, ctx: &Context<'_>) -> Result<user::Model> {
        let row = ctx
            .data_unchecked::<DataLoader<UsersById>>()
            .load_one(self.0.user)
            .await?;
        row.ok_or(Error::Unauthenticated)
    }
}

/// Loads users by their ids.
pub struct UsersById(pub DatabaseConnection);

impl Loader<UserId> for UsersById {
    type Value = user::Model;
    type Error = Error;

    async fn load(&self, ids: &[UserId]) -> Result<HashMap<UserId, user::Model>, Error> {
        let rows = user::Entity::find()
            .filter(user::COLUMN.id.is_in(ids.iter().copied()))
            .all(&self.0)
            .await;
        Ok(rows
            .map_err(|error: DbErr| Arc::new(error))?
            .into_iter()
            .map(|row| (row.id, row))
            .collect())
    }
}

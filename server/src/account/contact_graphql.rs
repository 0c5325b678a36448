//! The data of the account in view, as the API offers them.
use super::{
    billing_email,
    contact::{self, NewContact},
    graphql::Account,
};
use crate::{
    actor::RequestActor,
    app::App,
    entity::{account, billing_email as billing_row, contact_person},
    error::Result,
};
use async_graphql::{Context, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use shared::id::BillingEmailId;

/// The queries of this subject.
#[derive(Debug, Default)]
pub struct ContactQuery;

#[Object]
impl ContactQuery {
    /// What the provider keeps of the account in view. Needs the right to manage contracts.
    async fn account(&self, ctx: &Context<'_>) -> Result<AccountDetails> {
        let row = contact::show(ctx.data_unchecked(), ctx.actor()?).await?;
        Ok(AccountDetails(row))
    }
}

/// The mutations of this subject.
#[derive(Debug, Default)]
pub struct ContactMutation;

#[Object]
impl ContactMutation {
    /// Sets whom the provider turns to about the contracts of the account in view. Needs the right to manage
    /// contracts; another e-mail address needs the password given in the last ten minutes.
    async fn change_contact_person(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person; what is left out is taken away.")] input: ChangeContactPersonInput,
    ) -> Result<ChangeContactPersonPayload> {
        let new = NewContact {
            name: input.name,
            position: input.position,
            email: input.email,
            phone: input.phone,
            street: input.street,
            postal_code: input.postal_code,
            city: input.city,
        };
        let row = contact::change(ctx.data_unchecked(), ctx.actor()?, new).await?;
        Ok(ChangeContactPersonPayload {
            contact_person: row.into(),
        })
    }

    /// Adds an address for the invoices of the account in view and sends it a link; it counts once the link is used,
    /// within 24 hours. Needs the right to manage contracts and the password given in the last ten minutes.
    async fn add_billing_email(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The address.")] input: AddBillingEmailInput,
    ) -> Result<BillingEmailPayload> {
        let row = billing_email::add(ctx.data_unchecked(), ctx.actor()?, &input.email).await?;
        Ok(BillingEmailPayload {
            billing_email: row.into(),
        })
    }

    /// Sends another link to an address that waits to be confirmed; the former link ends. As with `addBillingEmail`.
    async fn resend_billing_email(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: ResendBillingEmailInput,
    ) -> Result<BillingEmailPayload> {
        let row = billing_email::resend(ctx.data_unchecked(), ctx.actor()?, input.id).await?;
        Ok(BillingEmailPayload {
            billing_email: row.into(),
        })
    }

    /// Takes an address off the list. If it counted, it is told, with a link that brings it back within seven days.
    /// As with `addBillingEmail`.
    async fn remove_billing_email(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: RemoveBillingEmailInput,
    ) -> Result<RemoveBillingEmailPayload> {
        billing_email::remove(ctx.data_unchecked(), ctx.actor()?, input.id).await?;
        Ok(RemoveBillingEmailPayload { id: input.id })
    }
}

/// What the provider keeps of an account.
pub struct AccountDetails(account::Model);

/// What the provider keeps of an account.
#[Object]
impl AccountDetails {
    /// Number, name and kind.
    async fn account(&self) -> Account {
        self.0.clone().into()
    }

    /// Street and house number.
    async fn street(&self) -> Option<&str> {
        self.0.street.as_deref()
    }

    /// Postal code.
    async fn postal_code(&self) -> Option<&str> {
        self.0.postal_code.as_deref()
    }

    /// VAT identification number.
    async fn vat_id(&self) -> Option<&str> {
        self.0.vat_id.as_deref()
    }

    /// Since when the portal knows the account.
    async fn since(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// Whom the provider turns to about the contracts; null if nobody was named.
    async fn contact_person(&self, ctx: &Context<'_>) -> Result<Option<ContactPerson>> {
        let row = contact::find(&ctx.data_unchecked::<App>().db, self.0.id).await?;
        Ok(row.map(ContactPerson::from))
    }

    /// Where the invoices go, in the order in which the addresses were added; at most ten.
    async fn billing_emails(&self, ctx: &Context<'_>) -> Result<Vec<BillingEmail>> {
        let rows = billing_email::list(&ctx.data_unchecked::<App>().db, self.0.id).await?;
        Ok(rows.into_iter().map(BillingEmail::from).collect())
    }
}

/// Whom the provider turns to about the contracts of an account.
#[derive(SimpleObject)]
pub struct ContactPerson {
    /// What the person is called.
    pub name: String,
    /// What the person does there.
    pub position: Option<String>,
    /// The person's e-mail address, as somebody with the right typed it.
    pub email: Option<String>,
    /// The telephone number, as typed.
    pub phone: Option<String>,
    /// Street and house number.
    pub street: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// City.
    pub city: Option<String>,
    /// When it was changed last.
    pub changed_at: DateTime<Utc>,
}

impl From<contact_person::Model> for ContactPerson {
    fn from(row: contact_person::Model) -> Self {
        Self {
            name: row.name,
            position: row.position,
            email: row.email,
            phone: row.phone,
            street: row.street,
            postal_code: row.postal_code,
            city: row.city,
            changed_at: row.changed_at,
        }
    }
}

/// An address for the invoices of an account.
#[derive(SimpleObject)]
pub struct BillingEmail {
    /// Names the address.
    pub id: BillingEmailId,
    /// The address.
    pub email: String,
    /// When the newest link to confirm it was sent.
    pub sent_at: DateTime<Utc>,
    /// Since when it counts; null while it waits to be confirmed.
    pub confirmed_at: Option<DateTime<Utc>>,
}

impl From<billing_row::Model> for BillingEmail {
    fn from(row: billing_row::Model) -> Self {
        Self {
            id: row.id,
            email: row.email,
            sent_at: row.sent_at,
            confirmed_at: row.confirmed_at,
        }
    }
}

/// What `changeContactPerson` takes.
#[derive(InputObject)]
pub struct ChangeContactPersonInput {
    /// What the person is called, at most 100 characters.
    pub name: String,
    /// What the person does there, at most 100 characters.
    pub position: Option<String>,
    /// The person's e-mail address.
    pub email: Option<String>,
    /// The telephone number: digits, spaces and `+ - / ( ) .`, at most 40 characters.
    pub phone: Option<String>,
    /// Street and house number, at most 100 characters.
    pub street: Option<String>,
    /// Postal code, at most 16 characters.
    pub postal_code: Option<String>,
    /// City, at most 100 characters.
    pub city: Option<String>,
}

/// What `changeContactPerson` gives.
#[derive(SimpleObject)]
pub struct ChangeContactPersonPayload {
    /// The person as it is kept now.
    pub contact_person: ContactPerson,
}

/// What `addBillingEmail` takes.
#[derive(InputObject)]
pub struct AddBillingEmailInput {
    /// The address to which invoices shall go.
    pub email: String,
}

/// What `resendBillingEmail` takes.
#[derive(InputObject)]
pub struct ResendBillingEmailInput {
    /// The address.
    pub id: BillingEmailId,
}

/// What `addBillingEmail` and `resendBillingEmail` give.
#[derive(SimpleObject)]
pub struct BillingEmailPayload {
    /// The address, which waits to be confirmed.
    pub billing_email: BillingEmail,
}

/// What `removeBillingEmail` takes.
#[derive(InputObject)]
pub struct RemoveBillingEmailInput {
    /// The address.
    pub id: BillingEmailId,
}

/// What `removeBillingEmail` gives.
#[derive(SimpleObject)]
pub struct RemoveBillingEmailPayload {
    /// The address that is no more.
    pub id: BillingEmailId,
}

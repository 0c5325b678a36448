//! Mails about invoices as the API offers them.
use crate::{
    actor::RequestActor,
    error::Result,
    invoice::arrival::{self, Wish},
};
use async_graphql::{Context, InputObject, Object, SimpleObject};

/// The queries of this part.
#[derive(Debug, Default)]
pub struct InvoiceMailQuery;

#[Object]
impl InvoiceMailQuery {
    /// How the account in view is told of invoices that come. Only who manages contracts.
    async fn invoice_mail(&self, ctx: &Context<'_>) -> Result<InvoiceMail> {
        Ok(arrival::wish(ctx.data_unchecked(), ctx.actor()?).await?.into())
    }
}

/// The mutations of this part.
#[derive(Debug, Default)]
pub struct InvoiceMailMutation;

#[Object]
impl InvoiceMailMutation {
    /// Says whether the confirmed invoice addresses of the account in view get a mail when invoices come, and whether
    /// the originals go with it. Only who manages contracts.
    async fn change_invoice_mail(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How it is to be.")] input: ChangeInvoiceMailInput,
    ) -> Result<ChangeInvoiceMailPayload> {
        let wish = Wish {
            is_sent: input.is_sent,
            is_enclosed: input.is_enclosed,
        };
        let wish = arrival::change(ctx.data_unchecked(), ctx.actor()?, wish).await?;
        Ok(ChangeInvoiceMailPayload {
            invoice_mail: wish.into(),
        })
    }
}

/// What `changeInvoiceMail` takes.
#[derive(InputObject)]
pub struct ChangeInvoiceMailInput {
    /// Whether the originals go with the mails.
    pub is_enclosed: bool,
    /// Whether mails are sent at all.
    pub is_sent: bool,
}

/// What `changeInvoiceMail` gives.
#[derive(SimpleObject)]
pub struct ChangeInvoiceMailPayload {
    /// How it is now.
    pub invoice_mail: InvoiceMail,
}

/// How an account is told of invoices that come.
#[derive(SimpleObject)]
pub struct InvoiceMail {
    /// Whether the originals go with the mails.
    pub is_enclosed: bool,
    /// Whether mails are sent at all.
    pub is_sent: bool,
}

impl From<Wish> for InvoiceMail {
    fn from(wish: Wish) -> Self {
        Self {
            is_enclosed: wish.is_enclosed,
            is_sent: wish.is_sent,
        }
    }
}

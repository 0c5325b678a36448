//! Requests to become a dealer, and the provider's stock, as the API offers them to staff.
use super::{
    Stock, Wanted, grant,
    graphql::{DealerRequest, DealerRequestPayload},
    hand, list, preview, reject,
};
use crate::{
    account::graphql::{Account, AccountsById},
    actor::RequestActor,
    entity::dealer_request,
    error::Result,
    page::{Connection, Page},
    user::graphql::UsersById,
};
use async_graphql::{Context, InputObject, Object, SimpleObject, dataloader::DataLoader};
use shared::{device::DealerRequestState, id::DealerRequestId};

/// The queries of this part.
#[derive(Debug, Default)]
pub struct OfficeDealerQuery;

#[Object]
impl OfficeDealerQuery {
    /// The requests of all customers to become dealers, newest first. For staff that handles requests.
    async fn office_dealer_requests(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that stand like this.")] state: Option<DealerRequestState>,
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
    ) -> Result<Connection<OfficeDealerRequest>> {
        let page = Page::read(first, after)?;
        let (rows, total) = list(ctx.data_unchecked(), ctx.actor()?, state, &page).await?;
        let rows = rows.into_iter().map(OfficeDealerRequest).collect();
        Ok(Connection::new(&page, rows, total, |row| row.0.id))
    }

    /// What of the provider's own devices is named, before it is handed over. For staff that handles requests.
    async fn dealer_stock(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which devices.")] devices: StockInput,
    ) -> Result<DealerStock> {
        let actor = ctx.actor()?;
        let wanted = devices.read()?;
        Ok(preview(ctx.data_unchecked(), actor, &wanted).await?.into())
    }
}

/// The mutations of this part.
#[derive(Debug, Default)]
pub struct OfficeDealerMutation;

#[Object]
impl OfficeDealerMutation {
    /// Makes a dealer's account that the applicant owns and hands devices of the provider over to it; all of those named or
    /// none.
    /// The applicant is told by mail. Needs the password given lately (`stepUp`). For staff that handles requests.
    async fn grant_dealer_access(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which request, and which devices.")] input: GrantDealerAccessInput,
    ) -> Result<DealerRequestPayload> {
        let actor = ctx.actor()?;
        let wanted = input.devices.unwrap_or_default().read()?;
        let row = grant(ctx.data_unchecked(), actor, input.id, &wanted).await?;
        Ok(DealerRequestPayload { request: row.into() })
    }

    /// Says no to a request; the applicant reads the reason in a mail. For staff that handles requests.
    async fn reject_dealer_access(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which request, and why.")] input: RejectDealerAccessInput,
    ) -> Result<DealerRequestPayload> {
        let row = reject(ctx.data_unchecked(), ctx.actor()?, input.id, input.reason).await?;
        Ok(DealerRequestPayload { request: row.into() })
    }

    /// Hands devices of the provider over to a dealer; all of those named or none. Needs the password given lately
    /// (`stepUp`). For staff that handles requests.
    async fn hand_devices_to_dealer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "To whom, and which devices.")] input: HandDevicesToDealerInput,
    ) -> Result<HandDevicesToDealerPayload> {
        let actor = ctx.actor()?;
        let wanted = input.devices.read()?;
        let device_count = hand(ctx.data_unchecked(), actor, &input.account_number, &wanted).await?;
        Ok(HandDevicesToDealerPayload { device_count })
    }
}

/// Devices of the provider's own stock, named by orders, serial numbers or both.
#[derive(Debug, Default, InputObject)]
pub struct StockInput {
    /// Numbers of orders: all devices of each; at most 10,000.
    pub orders: Option<Vec<String>>,
    /// Serial numbers of eight digits, with blanks, commas, semicolons or new lines between them; at most 10,000.
    pub serials: Option<String>,
}

impl StockInput {
    fn read(self) -> Result<Wanted> {
        Wanted::read(
            self.orders.unwrap_or_default(),
            self.serials.as_deref().unwrap_or_default(),
        )
    }
}

/// Which request is granted, and which devices go with it.
#[derive(Debug, InputObject)]
pub struct GrantDealerAccessInput {
    /// Which request.
    pub id: DealerRequestId,
    /// Which devices the dealer gets; none if it is not given.
    pub devices: Option<StockInput>,
}

/// Which request is rejected, and why.
#[derive(Debug, InputObject)]
pub struct RejectDealerAccessInput {
    /// Which request.
    pub id: DealerRequestId,
    /// Why, for the applicant to read; at most 2,000 characters.
    pub reason: String,
}

/// Which dealer gets which devices.
#[derive(Debug, InputObject)]
pub struct HandDevicesToDealerInput {
    /// The customer number of the dealer.
    pub account_number: String,
    /// Which devices.
    pub devices: StockInput,
}

/// What was handed over.
#[derive(Debug, SimpleObject)]
pub struct HandDevicesToDealerPayload {
    /// How many devices.
    pub device_count: u64,
}

/// What of the provider's own devices is named.
#[derive(Clone, Debug, SimpleObject)]
pub struct DealerStock {
    /// How many devices are named and there.
    pub count: u64,
    /// The orders and serial numbers that are named and not there.
    pub missing: Vec<String>,
    /// The first 200 numbers of orders that the stock has.
    pub orders: Vec<String>,
}

impl From<Stock> for DealerStock {
    fn from(Stock { count, missing, orders }: Stock) -> Self {
        Self { count, missing, orders }
    }
}

/// A request to become a dealer, as staff sees it.
#[derive(Clone, Debug)]
pub struct OfficeDealerRequest(dealer_request::Model);

/// A request to become a dealer, as staff sees it.
#[Object]
impl OfficeDealerRequest {
    /// The request itself.
    async fn request(&self) -> DealerRequest {
        self.0.clone().into()
    }

    /// The account that asks.
    async fn account(&self, ctx: &Context<'_>) -> Result<Option<Account>> {
        let loader = ctx.data_unchecked::<DataLoader<AccountsById>>();
        Ok(loader.load_one(self.0.account_id).await?.map(Account::from))
    }

    /// Who asks: name, else e-mail address.
    async fn applicant(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let loader = ctx.data_unchecked::<DataLoader<UsersById>>();
        let row = loader.load_one(self.0.user_id).await?;
        Ok(row.and_then(|row| row.name.or(row.email)))
    }
}

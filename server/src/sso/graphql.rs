//! The doors to other places, as the API offers them.
use super::Door;
use crate::{actor::RequestActor, error::Result};
use async_graphql::{Context, ID, Object};

/// The queries of this subject.
#[derive(Debug, Default)]
pub struct SsoQuery;

#[Object]
impl SsoQuery {
    /// Other places of the provider, such as its contract administration, that the viewer can go to without signing in
    /// again. None for those who do not manage contracts in the account in view.
    async fn doors(&self, ctx: &Context<'_>) -> Result<Vec<Door>> {
        super::doors(ctx.data_unchecked(), ctx.actor()?)
    }
}

/// A place that a session of the portal opens.
#[Object]
impl Door {
    /// The `client_id` of the place.
    async fn id(&self) -> ID {
        ID::from(&self.id)
    }

    /// What people call it.
    async fn name(&self) -> &str {
        &self.name
    }

    /// Where to send the browser: the place comes back to `/authorize` by itself.
    async fn address(&self) -> &str {
        &self.address
    }
}

//! Agreements of the demo: the bakery has concluded one and is asked for another.
use crate::{
    actor::Actor,
    agreement::{self, Conclude, template},
    app::App,
    entity::contract,
    file,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use shared::{account::Language, product::ContractState};
use std::collections::HashSet;

/// Publishes the shipped text for the products of two contracts and concludes the first.
///
/// # Errors
/// If the portal refuses what it should take.
pub(super) async fn add(app: &App, customer: &Actor) -> anyhow::Result<()> {
    let account = customer.in_view()?.id;
    let contracts = contract::Entity::find()
        .filter(contract::COLUMN.account_id.eq(account))
        .filter(contract::COLUMN.state.eq(ContractState::Active))
        .order_by_asc(contract::Column::Number)
        .limit(2)
        .all(&app.db)
        .await?;
    let products: HashSet<_> = contracts.iter().map(|row| row.product_id).collect();
    for product in products {
        template::publish_neutral(&app.db, app, product).await?;
    }
    let Some(first) = contracts.first() else { return Ok(()) };
    let found = agreement::of_contract(app, customer, first.id).await?;
    let Some(text) = found.template.as_ref() else {
        return Ok(());
    };
    let new = Conclude {
        contract: first.id,
        template: text.id,
        language: Language::De,
        sha256: file::sha256(&found.pdf(Language::De).await?),
        signer_name: "Aylin Öztürk".to_owned(),
        signer_role: "Geschäftsführerin".to_owned(),
        is_agreed: true,
    };
    agreement::conclude(app, customer, new).await?;
    Ok(())
}

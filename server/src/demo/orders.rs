//! Invented orders: one that waits, one that was declared without signing in.
use crate::{
    actor::Actor,
    app::App,
    entity::{contract, order, product},
    order::{
        declare::{NewDeclaration, declare},
        place::place,
        quote::{NewOrder, quote},
    },
    session::Origin,
};
use anyhow::Context;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use shared::{account::Language, order::OrderKind};

/// Makes them: `customer` is the owner of the bakery.
pub(super) async fn add(app: &App, customer: &Actor) -> anyhow::Result<()> {
    if order::Entity::find().one(&app.db).await?.is_some() {
        return Ok(());
    }
    let account = customer.in_view()?.id;
    let product = product::Entity::find()
        .filter(product::COLUMN.code.eq("NET-1000"))
        .one(&app.db)
        .await?
        .context("the faster product")?;
    let contract = contract::Entity::find()
        .filter(contract::COLUMN.account_id.eq(account))
        .filter(contract::COLUMN.number.eq("V-20411"))
        .one(&app.db)
        .await?
        .context("the contract of the bakery")?;
    let new = NewOrder {
        kind: OrderKind::Change,
        product: product.id,
        contract: Some(contract.id),
        label: None,
        wished_on: None,
    };
    let seen = quote(app, customer, new.clone()).await?.seen();
    place(app, customer, app.new_id(), new, seen).await?;
    let typed = NewDeclaration {
        kind: OrderKind::Cancellation,
        name: "Petra Schäfer".to_owned(),
        identification: "104871".to_owned(),
        email: "p.schaefer@mieter.example".to_owned(),
        contract: "V-31877".to_owned(),
        is_extraordinary: false,
        reason: None,
        ends_on: None,
        language: Language::De,
    };
    declare(app, &Origin::default(), app.new_id(), typed).await?;
    Ok(())
}

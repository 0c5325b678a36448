//! Documents of the demo: a price list and a confirmation for the bakery's first two contracts.
use crate::{
    actor::Actor,
    app::App,
    document::{self, NewDocument},
    entity::contract,
    file,
    paper::{Block, Paper, letterhead::Letterhead, pdf},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use shared::{account::Language, document::DocumentKind, product::ContractState};

/// Puts a document to each of two contracts.
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
    let kinds = [
        (DocumentKind::Contract, "Auftragsbestätigung", "Order confirmation"),
        (DocumentKind::Terms, "Preisblatt", "Price list"),
    ];
    for (row, (kind, german, english)) in contracts.into_iter().zip(kinds) {
        let paper = Paper {
            title: german.to_owned(),
            language: Language::De,
            author: super::provider().name,
            letterhead: Letterhead::default(),
            foot: format!("Vertrag {}", row.number),
            date: app.clock.now(),
            blocks: vec![
                Block::Heading(1, german.to_owned()),
                Block::Paragraph(format!("Zum Vertrag {}.", row.number)),
            ],
            enclosed: None,
        };
        let name = format!("{german}-{}.pdf", row.number);
        let file = file::upload(app, customer, &name, pdf(&paper)?).await?;
        let new = NewDocument {
            account,
            contract: Some(row.id),
            kind,
            title_de: german.to_owned(),
            title_en: english.to_owned(),
            file,
            added_by: None,
        };
        document::add(&app.db, app, new).await?;
    }
    Ok(())
}

//! Agreements on the processing of personal data (GDPR Article 28): asked for by mail, concluded online, and kept with
//! their evidence. A new version of a product's text asks again.
mod conclude;
mod coverage;
pub mod graphql;
mod list;
pub mod office_graphql;
pub mod template;
pub mod text;

pub use conclude::{Conclude, conclude};
pub use coverage::{Asked, Filter, coverage};
pub use list::{Concluded, list};

use crate::{
    account::contact,
    actor::Actor,
    app::App,
    audit,
    entity::{account, agreement, agreement_template, contract, document, product, user},
    error::{Error, Result},
    face::{self, Face},
    file,
    mail::{self, Attachment, Template},
    paper::letterhead::Letterhead,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use shared::{
    account::{Language, Right},
    error::Reason,
    id::{AgreementTemplateId, ContractId, ProductId},
    name::EmailAddress,
    product::ContractState,
};
use std::{collections::HashMap, sync::Arc};

/// The media type of all agreements.
pub const PDF: &str = "application/pdf";

/// A contract whose product has a newer text than the one that was concluded, if any was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// The contract.
    pub contract: contract::Model,
    /// Its product.
    pub product: product::Model,
    /// The text to conclude.
    pub template: AgreementTemplateId,
    /// Its version.
    pub version: i32,
    /// The newest version that was concluded.
    pub former: Option<i32>,
}

/// What is asked of the account in view: its contracts that run and whose agreement is to be concluded, in four
/// statements.
///
/// # Errors
/// [`Error::Forbidden`] for who may not manage contracts.
pub async fn open(app: &App, actor: &Actor) -> Result<Vec<Open>> {
    let account = actor.require(Right::ManageContracts)?;
    let contracts = contract::Entity::find()
        .filter(contract::COLUMN.account_id.eq(account.id))
        .filter(contract::COLUMN.state.ne(ContractState::Ended))
        .order_by_asc(contract::Column::Number)
        .all(&app.db)
        .await?;
    let products = contracts.iter().map(|row| row.product_id);
    // the texts themselves are long
    let templates: Vec<(AgreementTemplateId, ProductId, i32)> = agreement_template::Entity::find()
        .select_only()
        .columns([
            agreement_template::Column::Id,
            agreement_template::Column::ProductId,
            agreement_template::Column::Version,
        ])
        .filter(agreement_template::COLUMN.product_id.is_in(products.clone()))
        .filter(agreement_template::COLUMN.published_at.is_not_null())
        .order_by_asc(agreement_template::Column::Version)
        .into_tuple()
        .all(&app.db)
        .await?;
    let versions: HashMap<_, _> = templates.iter().map(|(id, _, version)| (*id, *version)).collect();
    // ascending, so that the newest of a product stays
    let newest: HashMap<ProductId, _> = templates
        .into_iter()
        .map(|(id, product, version)| (product, (id, version)))
        .collect();
    let concluded = agreement::Entity::find()
        .filter(agreement::COLUMN.account_id.eq(account.id))
        .all(&app.db)
        .await?;
    let known: HashMap<ProductId, _> = product::Entity::find()
        .filter(product::COLUMN.id.is_in(products))
        .all(&app.db)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let open = contracts.into_iter().filter_map(|contract| {
        let (template, version) = *newest.get(&contract.product_id)?;
        let product = known.get(&contract.product_id)?.clone();
        let former = concluded
            .iter()
            .filter(|row| row.contract_id == contract.id)
            .filter_map(|row| versions.get(&row.template_id))
            .max()
            .copied();
        (former != Some(version)).then_some(Open {
            contract,
            product,
            template,
            version,
            former,
        })
    });
    Ok(open.collect())
}

/// The agreement of a contract: what its product asks for now, and all that was concluded.
#[derive(Clone, Debug)]
pub struct OfContract {
    /// The provider.
    pub face: Arc<Face>,
    /// How the provider shows on paper.
    pub letterhead: Letterhead,
    /// The customer.
    pub account: account::Model,
    /// The contract.
    pub contract: contract::Model,
    /// Its product.
    pub product: product::Model,
    /// The newest published text; none if the product has none.
    pub template: Option<agreement_template::Model>,
    /// What was concluded, newest version first.
    pub concluded: Vec<(agreement::Model, i32)>,
}

impl OfContract {
    /// The agreement over the newest text.
    pub fn current(&self) -> Option<&agreement::Model> {
        let newest = self.template.as_ref()?.id;
        let mut all = self.concluded.iter().map(|(row, _)| row);
        all.find(|row| row.template_id == newest)
    }

    /// What the newest text speaks of.
    fn facts(&self, language: Language) -> Result<text::Facts<'_>> {
        Ok(text::Facts {
            face: &self.face,
            letterhead: &self.letterhead,
            account: &self.account,
            contract: &self.contract,
            product: &self.product,
            template: self.template.as_ref().ok_or(Error::NotFound("agreement"))?,
            language,
        })
    }

    /// The newest text as a PDF.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the product has none.
    pub async fn pdf(&self, language: Language) -> Result<Vec<u8>> {
        // setting takes milliseconds of computing: others go first
        tokio::task::yield_now().await;
        Ok(text::agreed(&self.facts(language)?)?)
    }

    /// What a file of the newest text is called.
    pub fn file_name(&self, language: Language) -> String {
        let version = self.template.as_ref().map_or(0, |text| text.version);
        let word = match language {
            Language::De => "Vereinbarung",
            Language::En => "Agreement",
        };
        format!(
            "{word}-{}-{version}.pdf",
            self.contract.number.replace(['/', '\\'], "-")
        )
    }
}

/// The agreement of a contract of the account in view.
///
/// # Errors
/// [`Error::Forbidden`] for who may not manage contracts; [`Error::NotFound`] for contracts that are not there or another
/// account's.
pub async fn of_contract(app: &App, actor: &Actor, id: ContractId) -> Result<OfContract> {
    find(&app.db, app, actor, id).await
}

async fn find(db: &impl ConnectionTrait, app: &App, actor: &Actor, id: ContractId) -> Result<OfContract> {
    let account = actor.require(Right::ManageContracts)?;
    let contract = contract::Entity::find_by_id(id)
        .filter(contract::COLUMN.account_id.eq(account.id))
        .one(db)
        .await?
        .ok_or(Error::NotFound("agreement"))?;
    let account = account::Entity::find_by_id(account.id)
        .one(db)
        .await?
        .ok_or(Error::NotFound("account"))?;
    let product = product::Entity::find_by_id(contract.product_id)
        .one(db)
        .await?
        .ok_or(Error::NotFound("product"))?;
    let template = agreement_template::Entity::find()
        .filter(agreement_template::COLUMN.product_id.eq(product.id))
        .filter(agreement_template::COLUMN.published_at.is_not_null())
        .order_by_desc(agreement_template::Column::Version)
        .one(db)
        .await?;
    let concluded = agreement::Entity::find()
        .filter(agreement::COLUMN.contract_id.eq(contract.id))
        .all(db)
        .await?;
    let of = agreement_template::Entity::find()
        .filter(
            agreement_template::COLUMN
                .id
                .is_in(concluded.iter().map(|row| row.template_id)),
        )
        .all(db)
        .await?;
    let mut concluded: Vec<_> = concluded
        .into_iter()
        .filter_map(|row| {
            let version = of.iter().find(|text| text.id == row.template_id)?.version;
            Some((row, version))
        })
        .collect();
    concluded.sort_by_key(|(_, version)| std::cmp::Reverse(*version));
    let face = face::current_in(db, app).await?;
    Ok(OfContract {
        letterhead: face.letterhead(app).await?,
        face,
        account,
        contract,
        product,
        template,
        concluded,
    })
}

/// Mails the newest agreement of a contract as a PDF: to the confirmed address of the person who asks, or else to the
/// contact person. What is concluded goes with its evidence. Gives the address.
///
/// # Errors
/// As with [`of_contract`]; [`Error::NotFound`] if the product has no agreement; [`Error::Invalid`] at `contractId` with
/// `NO_ADDRESS` if nobody can be mailed.
pub async fn send(app: &App, actor: &Actor, id: ContractId, language: Language) -> Result<EmailAddress> {
    let found = find(&app.db, app, actor, id).await?;
    let version = found.template.as_ref().ok_or(Error::NotFound("agreement"))?.version;
    let asker = user::Entity::find_by_id(actor.user).one(&app.db).await?;
    let own = asker.and_then(|user| user.email);
    let email = match own {
        Some(email) => Some(email),
        None => contact::find(&app.db, found.account.id)
            .await?
            .and_then(|row| row.email),
    };
    let address = email
        .and_then(|email| EmailAddress::parse(&email).ok())
        .ok_or_else(|| Error::invalid("contractId", Reason::NoAddress, "nobody here has an e-mail address"))?;
    let concluded = found.current().map(|row| row.document_id);
    let attachment = match concluded {
        Some(document) => {
            let row = document::Entity::find_by_id(document).one(&app.db).await?;
            let row = row.ok_or(Error::NotFound("document"))?;
            Attachment {
                file: row.file_id,
                name: row.file_name,
                media_type: row.media_type,
            }
        }
        None => {
            let name = found.file_name(language);
            Attachment {
                file: file::upload(app, actor, &name, found.pdf(language).await?).await?,
                name,
                media_type: PDF.to_owned(),
            }
        }
    };
    let template = Template::Agreement {
        product: text::product_name(&found.product, language).to_owned(),
        contract: found.contract.number.clone(),
        version,
        page: format!("{}/products/{id}", app.settings.origin),
    };
    let tx = app.begin().await?;
    mail::add_with(&tx, app, &address, language, &template, &[attachment]).await?;
    audit::record(&tx, app, Some(actor), "sendAgreement", Some(id.to_string()), true).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(address)
}

//! The texts of agreements: written as a draft, published as a version that never changes.
use super::text;
use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::{agreement_template, product},
    error::{Error, Result},
    page::Page,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, SqlErr, sea_query::Expr,
};
use shared::{
    account::{AccountKind, Language, Right},
    error::Reason,
    id::{AgreementTemplateId, ProductId},
};

/// Somebody else was faster.
const CHANGED: Error = Error::Conflict("the draft was saved or published since it was read");

/// The longest text, in characters.
pub const TEXT_MAX: usize = 60_000;

/// A product with its texts, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texts {
    /// The product.
    pub product: product::Model,
    /// Its versions; the first may be a draft.
    pub versions: Vec<agreement_template::Model>,
}

/// What is written into a draft.
#[derive(Clone, Debug)]
pub struct Draft {
    /// For which product.
    pub product: ProductId,
    /// Which version is written, from 1.
    pub version: i32,
    /// The revision of the draft that was read; 0 where there was none.
    pub revision: i32,
    /// The German text.
    pub german: String,
    /// The English text.
    pub english: String,
}

/// That the actor may write the texts of agreements.
fn require_editor(actor: &Actor) -> Result<()> {
    actor.require_in(AccountKind::Provider, Right::Administer).map(|_| ())
}

/// A page of the catalogue by code with the texts of each product, and how many products there are: three statements.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff with the right ADMINISTER.
pub async fn list(app: &App, actor: &Actor, page: &Page<String>) -> Result<(Vec<Texts>, u64)> {
    require_editor(actor)?;
    let all = product::Entity::find();
    let total = all.clone().count(&app.db).await?;
    let rows = match &page.after {
        Some(code) => all.filter(product::COLUMN.code.gt(code.as_str())),
        None => all,
    };
    let rows = rows
        .order_by_asc(product::Column::Code)
        .limit(page.limit())
        .all(&app.db)
        .await?;
    let versions = agreement_template::Entity::find()
        .filter(
            agreement_template::COLUMN
                .product_id
                .is_in(rows.iter().map(|row| row.id)),
        )
        .order_by_desc(agreement_template::Column::Version)
        .all(&app.db)
        .await?;
    let texts = rows.into_iter().map(|product| Texts {
        versions: versions
            .iter()
            .filter(|version| version.product_id == product.id)
            .cloned()
            .collect(),
        product,
    });
    Ok((texts.collect(), total))
}

/// The texts of a product.
///
/// # Errors
/// As with [`list`]; [`Error::NotFound`] for a product that is not there.
pub async fn get(app: &App, actor: &Actor, id: ProductId) -> Result<Texts> {
    require_editor(actor)?;
    let product = product::Entity::find_by_id(id)
        .one(&app.db)
        .await?
        .ok_or(Error::NotFound("product"))?;
    let versions = agreement_template::Entity::find()
        .filter(agreement_template::COLUMN.product_id.eq(id))
        .order_by_desc(agreement_template::Column::Version)
        .all(&app.db)
        .await?;
    Ok(Texts { product, versions })
}

impl Texts {
    /// The draft that is being written: its version, and how often it was saved; 0 where nobody began.
    pub fn draft(&self) -> (i32, i32) {
        next(self.versions.first())
    }
}

/// The version that is written next, and the revision of its draft.
fn next(newest: Option<&agreement_template::Model>) -> (i32, i32) {
    match newest {
        Some(draft) if draft.published_at.is_none() => (draft.version, draft.revision),
        Some(published) => (published.version + 1, 0),
        None => (1, 0),
    }
}

/// Writes the draft of a product's next version; there is one at a time. Nobody writes over what he has not read.
///
/// # Errors
/// As with [`get`]; [`Error::Invalid`] at `german` or `english` with `MISSING` or `TOO_LONG`; [`Error::Conflict`] if the
/// draft was saved or published since it was read.
pub async fn save(app: &App, actor: &Actor, draft: Draft) -> Result<agreement_template::Model> {
    require_editor(actor)?;
    let german = written("german", &draft.german)?;
    let english = written("english", &draft.english)?;
    let tx = app.begin().await?;
    product::Entity::find_by_id(draft.product)
        .one(&tx)
        .await?
        .ok_or(Error::NotFound("product"))?;
    let newest = agreement_template::Entity::find()
        .filter(agreement_template::COLUMN.product_id.eq(draft.product))
        .order_by_desc(agreement_template::Column::Version)
        .one(&tx)
        .await?;
    if next(newest.as_ref()) != (draft.version, draft.revision) {
        return Err(CHANGED);
    }
    let row = put(&tx, app, draft.product, newest, (german, english), Some(actor)).await?;
    let object = row.id.to_string();
    audit::record(&tx, app, Some(actor), "saveAgreementDraft", Some(object), true).await?;
    tx.commit().await?;
    Ok(row)
}

async fn put(
    tx: &impl ConnectionTrait,
    app: &App,
    product: ProductId,
    newest: Option<agreement_template::Model>,
    (german, english): (String, String),
    actor: Option<&Actor>,
) -> Result<agreement_template::Model> {
    let edited_by = actor.map(|actor| actor.user);
    let edited_at = app.clock.now();
    match newest {
        Some(draft) if draft.published_at.is_none() => {
            let changed = agreement_template::Entity::update_many()
                .col_expr(agreement_template::Column::German, Expr::value(german.clone()))
                .col_expr(agreement_template::Column::English, Expr::value(english.clone()))
                .col_expr(agreement_template::Column::Revision, Expr::value(draft.revision + 1))
                .col_expr(agreement_template::Column::EditedBy, Expr::value(edited_by))
                .col_expr(agreement_template::Column::EditedAt, Expr::value(edited_at))
                .filter(agreement_template::COLUMN.id.eq(draft.id))
                .filter(agreement_template::COLUMN.revision.eq(draft.revision))
                .filter(agreement_template::COLUMN.published_at.is_null())
                .exec(tx)
                .await?;
            if changed.rows_affected != 1 {
                return Err(CHANGED);
            }
            Ok(agreement_template::Model {
                german,
                english,
                revision: draft.revision + 1,
                edited_by,
                edited_at,
                ..draft
            })
        }
        newest => {
            let row = agreement_template::Model {
                id: AgreementTemplateId(app.new_id()),
                product_id: product,
                version: newest.map_or(0, |newest| newest.version) + 1,
                german,
                english,
                revision: 1,
                edited_by,
                edited_at,
                published_by: None,
                published_at: None,
            };
            row.into_active_model()
                .insert(tx)
                .await
                .map_err(|error| match error.sql_err() {
                    Some(SqlErr::UniqueConstraintViolation(_)) => CHANGED,
                    _ => error.into(),
                })
        }
    }
}

/// Publishes a draft: from here on it never changes, and customers of the product are asked to conclude it.
///
/// # Errors
/// As with [`list`]; [`Error::StepUpRequired`]; [`Error::NotFound`]; [`Error::Conflict`] if it is published already, or
/// was saved since it was read.
pub async fn publish(
    app: &App,
    actor: &Actor,
    id: AgreementTemplateId,
    revision: i32,
) -> Result<agreement_template::Model> {
    require_editor(actor)?;
    actor.require_step_up(app.clock.now())?;
    let tx = app.begin().await?;
    let row = agreement_template::Entity::find_by_id(id)
        .one(&tx)
        .await?
        .ok_or(Error::NotFound("agreementTemplate"))?;
    let now = app.clock.now();
    let changed = agreement_template::Entity::update_many()
        .col_expr(agreement_template::Column::PublishedAt, Expr::value(now))
        .col_expr(agreement_template::Column::PublishedBy, Expr::value(actor.user))
        .filter(agreement_template::COLUMN.id.eq(id))
        .filter(agreement_template::COLUMN.revision.eq(revision))
        .filter(agreement_template::COLUMN.published_at.is_null())
        .exec(&tx)
        .await?;
    if changed.rows_affected != 1 {
        return Err(CHANGED);
    }
    audit::record(&tx, app, Some(actor), "publishAgreement", Some(id.to_string()), true).await?;
    tx.commit().await?;
    Ok(agreement_template::Model {
        published_at: Some(now),
        published_by: Some(actor.user),
        ..row
    })
}

/// Publishes the shipped text for a product. An entrance of the system, for demo data: no actor is asked.
///
/// # Errors
/// If the database refuses.
pub async fn publish_neutral(tx: &impl ConnectionTrait, app: &App, product: ProductId) -> Result<AgreementTemplateId> {
    let texts = [Language::De, Language::En].map(|language| text::neutral(language).to_owned());
    let [german, english] = texts;
    let row = put(tx, app, product, None, (german, english), None).await?;
    agreement_template::Entity::update_many()
        .col_expr(agreement_template::Column::PublishedAt, Expr::value(app.clock.now()))
        .filter(agreement_template::COLUMN.id.eq(row.id))
        .exec(tx)
        .await?;
    Ok(row.id)
}

fn written(field: &'static str, typed: &str) -> Result<String> {
    let text: String = typed
        .replace("\r\n", "\n")
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect();
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::invalid(field, Reason::Missing, "a text in both languages"));
    }
    if text.chars().count() > TEXT_MAX {
        let message = format!("at most {TEXT_MAX} characters");
        return Err(Error::invalid(field, Reason::TooLong, message));
    }
    Ok(text.to_owned())
}

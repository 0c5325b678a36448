//! The provider's rules by which invoices find their customer, beside customer numbers and VAT identifiers: what
//! stands in a term of the invoice names an account.
use super::{
    buyer,
    intake::{customer, may_manage},
    read::InvoiceDocument,
    record,
};
use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::{buyer_rule, invoice},
    error::{Error, Result},
    page::Page,
};
use anyhow::Context;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, SqlErr,
};
use shared::{
    error::Reason,
    id::{AccountId, BuyerRuleId, InvoiceId},
    invoice::BuyerTerm,
};

/// The longest value of a rule, in characters.
const VALUE_MAX: usize = 200;

/// How many waiting invoices a new rule is tried on.
const TRIED_MAX: u64 = 1_000;

/// What stands in a term of an invoice.
pub fn values(document: &InvoiceDocument, term: BuyerTerm) -> Vec<&str> {
    fn one(text: &Option<String>) -> Vec<&str> {
        text.as_deref().map(str::trim).into_iter().collect()
    }
    match term {
        BuyerTerm::BuyerId => document.buyer.ids.iter().map(|id| id.value.trim()).collect(),
        BuyerTerm::BuyerReference => one(&document.buyer_reference),
        BuyerTerm::VatId => one(&document.buyer.vat_id),
        BuyerTerm::ElectronicAddress => {
            let address = document.buyer.electronic_address.iter();
            address.map(|address| address.value.trim()).collect()
        }
        BuyerTerm::ContractReference => one(&document.contract_reference),
    }
}

/// The accounts that rules name for an invoice.
pub(super) async fn matching(db: &impl ConnectionTrait, document: &InvoiceDocument) -> Result<Vec<AccountId>> {
    let mut any = Condition::any();
    for term in BuyerTerm::ALL {
        for value in values(document, term) {
            let value = buyer::spelling(value);
            if !value.is_empty() {
                let rule = Condition::all()
                    .add(buyer_rule::COLUMN.term.eq(term))
                    .add(buyer_rule::COLUMN.value.eq(value));
                any = any.add(rule);
            }
        }
    }
    if any.is_empty() {
        return Ok(Vec::new());
    }
    let found = buyer_rule::Entity::find()
        .select_only()
        .column(buyer_rule::Column::AccountId)
        .distinct()
        .filter(any);
    Ok(found.into_tuple().all(db).await?)
}

/// A page of the rules, the newest first, and how many there are.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that manages invoices.
pub async fn page(app: &App, actor: &Actor, page: &Page<BuyerRuleId>) -> Result<(Vec<buyer_rule::Model>, u64)> {
    may_manage(actor)?;
    let count = buyer_rule::Entity::find().count(&app.db).await?;
    let mut rows = buyer_rule::Entity::find().order_by_desc(buyer_rule::Column::Id);
    if let Some(last) = page.after {
        rows = rows.filter(buyer_rule::COLUMN.id.lt(last));
    }
    Ok((rows.limit(page.limit()).all(&app.db).await?, count))
}

/// Makes a rule and gives its customer what waits and fits it. Gives the rule and how many invoices these were.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that manages invoices; [`Error::Invalid`] at `value` if it has no letter and
/// no digit, is too long or has a rule, or at `accountNumber` if no customer has it.
pub async fn add(
    app: &App,
    actor: &Actor,
    term: BuyerTerm,
    value: &str,
    account_number: &str,
) -> Result<(buyer_rule::Model, u64)> {
    may_manage(actor)?;
    let tx = app.begin().await?;
    let account = customer(&tx, account_number).await?;
    let rule = insert(&tx, app, actor, term, value, account.id, "value").await?;
    tx.commit().await?;
    let count = apply(app, actor, &rule).await?;
    Ok((rule, count))
}

/// Writes a rule; what is wrong with the value is said at `field`.
pub(super) async fn insert(
    tx: &impl ConnectionTrait,
    app: &App,
    actor: &Actor,
    term: BuyerTerm,
    value: &str,
    account: AccountId,
    field: &'static str,
) -> Result<buyer_rule::Model> {
    let value = buyer::spelling(value);
    if value.is_empty() {
        return Err(Error::invalid(field, Reason::Missing, "letters or digits are needed"));
    }
    if value.chars().count() > VALUE_MAX {
        let message = format!("at most {VALUE_MAX} characters");
        return Err(Error::invalid(field, Reason::TooLong, message));
    }
    let row = buyer_rule::Model {
        id: BuyerRuleId(app.new_id()),
        term,
        value,
        account_id: account,
        user_id: actor.user,
        created_at: app.clock.now(),
    };
    let inserted = row.into_active_model().insert(tx).await;
    let row = inserted.map_err(|error| match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => {
            Error::invalid(field, Reason::NameTaken, "there is a rule for this value")
        }
        _ => error.into(),
    })?;
    audit::record(tx, app, Some(actor), "addBuyerRule", Some(row.id.to_string()), true).await?;
    Ok(row)
}

/// Gives the customer of a rule the invoices that wait and fit it; none of those that he has already.
pub(super) async fn apply(app: &App, actor: &Actor, rule: &buyer_rule::Model) -> Result<u64> {
    let waiting: Vec<(InvoiceId, String)> = invoice::Entity::find()
        .select_only()
        .columns([invoice::Column::Id, invoice::Column::Document])
        .filter(invoice::COLUMN.account_id.is_null())
        .filter(invoice::COLUMN.held_account_id.is_null())
        .order_by_desc(invoice::Column::Id)
        .limit(TRIED_MAX)
        .into_tuple()
        .all(&app.db)
        .await?;
    let mut count = 0;
    for (id, document) in waiting {
        let document: InvoiceDocument =
            serde_json::from_str(&document).with_context(|| format!("the document of invoice {id}"))?;
        let fits = values(&document, rule.term)
            .into_iter()
            .any(|value| buyer::spelling(value) == rule.value);
        if !fits {
            continue;
        }
        // all rules together decide: another one may name somebody else
        let Some(account) = buyer::find(&app.db, &document).await? else {
            continue;
        };
        let is_held = app.settings.hold_invoices && document.contradicts_itself();
        let row = invoice::Entity::find_by_id(id).one(&app.db).await?;
        let Some(mut row) = row else { continue };
        record::place(&app.db, app, &mut row, &document, Some(account.id), is_held).await?;
        let there = record::find(&app.db, &row, true).await?;
        if there.is_none_or(|found| found.is_waiting(id))
            && record::assign(app, id, &row, account.id, Some(actor), None)
                .await?
                .is_some()
        {
            count += 1;
        }
    }
    Ok(count)
}

/// Removes a rule; invoices that found their customer by it stay his.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that manages invoices; [`Error::NotFound`].
pub async fn remove(app: &App, actor: &Actor, id: BuyerRuleId) -> Result<()> {
    may_manage(actor)?;
    let tx = app.begin().await?;
    let removed = buyer_rule::Entity::delete_by_id(id).exec(&tx).await?;
    if removed.rows_affected == 0 {
        return Err(Error::NotFound("buyer rule"));
    }
    audit::record(&tx, app, Some(actor), "removeBuyerRule", Some(id.to_string()), true).await?;
    tx.commit().await?;
    Ok(())
}

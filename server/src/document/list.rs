//! Lists of documents, newest first.
use crate::{
    actor::Actor,
    app::App,
    entity::{account, contract, document},
    error::{Error, Result},
    page::Page,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, IntoSimpleExpr, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, Func, LikeExpr, Query},
};
use shared::{
    account::{AccountKind, Right},
    document::DocumentKind,
    error::Reason,
    id::{AccountId, ContractId, DocumentId},
};
use std::collections::HashMap;

/// The longest text that is searched for, in characters.
const TEXT_MAX: usize = 100;

/// Which documents; what is not given does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// What they are.
    pub kind: Option<DocumentKind>,
    /// Which contract they belong to.
    pub contract: Option<ContractId>,
    /// A part of the title or the file's name, for staff also of the customer's name or number; upper and lower case
    /// alike.
    pub text: Option<String>,
}

/// A document with what it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The document.
    pub row: document::Model,
    /// Its contract.
    pub contract: Option<contract::Model>,
    /// Its customer; only for staff.
    pub account: Option<account::Model>,
}

/// A page of the documents of the account in view, and how many match: three statements.
///
/// # Errors
/// [`Error::Forbidden`] for who may not manage contracts; [`Error::Invalid`] at `filter.text` with `TOO_LONG`.
pub async fn list(app: &App, actor: &Actor, filter: &Filter, page: &Page<DocumentId>) -> Result<(Vec<Listed>, u64)> {
    let account = actor.require(Right::ManageContracts)?;
    let own = condition(filter, false)?.add(document::Column::AccountId.eq(account.id));
    rows(app, own, page, false).await
}

/// A page of the documents of all customers, and how many match: four statements.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff who manage customers; [`Error::Invalid`] as with [`list`].
pub async fn list_of_all(
    app: &App,
    actor: &Actor,
    filter: &Filter,
    page: &Page<DocumentId>,
) -> Result<(Vec<Listed>, u64)> {
    actor.require_in(AccountKind::Provider, Right::ManageCustomers)?;
    rows(app, condition(filter, true)?, page, true).await
}

async fn rows(
    app: &App,
    matching: Condition,
    page: &Page<DocumentId>,
    with_account: bool,
) -> Result<(Vec<Listed>, u64)> {
    let all = document::Entity::find().filter(matching);
    let total = all.clone().count(&app.db).await?;
    let rows = match page.after {
        Some(id) => all.filter(document::COLUMN.id.lt(id)),
        None => all,
    };
    let rows = rows
        .order_by_desc(document::Column::Id)
        .limit(page.limit())
        .all(&app.db)
        .await?;
    let contracts: HashMap<ContractId, _> = contract::Entity::find()
        .filter(contract::COLUMN.id.is_in(rows.iter().filter_map(|row| row.contract_id)))
        .all(&app.db)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let accounts: HashMap<AccountId, _> = if with_account {
        account::Entity::find()
            .filter(account::COLUMN.id.is_in(rows.iter().map(|row| row.account_id)))
            .all(&app.db)
            .await?
            .into_iter()
            .map(|row| (row.id, row))
            .collect()
    } else {
        HashMap::new()
    };
    let listed = rows.into_iter().map(|row| Listed {
        contract: row.contract_id.and_then(|id| contracts.get(&id).cloned()),
        account: accounts.get(&row.account_id).cloned(),
        row,
    });
    Ok((listed.collect(), total))
}

fn condition(filter: &Filter, with_account: bool) -> Result<Condition> {
    let mut all = Condition::all();
    if let Some(kind) = filter.kind {
        all = all.add(document::Column::Kind.eq(kind));
    }
    if let Some(contract) = filter.contract {
        all = all.add(document::Column::ContractId.eq(contract));
    }
    let text = filter.text.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let Some(text) = text else { return Ok(all) };
    if text.chars().count() > TEXT_MAX {
        return Err(Error::invalid(
            "filter.text",
            Reason::TooLong,
            format!("at most {TEXT_MAX} characters"),
        ));
    }
    let mut any = contains(
        text,
        &[
            document::Column::TitleDe.into_simple_expr(),
            document::Column::TitleEn.into_simple_expr(),
            document::Column::FileName.into_simple_expr(),
        ],
    );
    if with_account {
        let named = contains(
            text,
            &[
                account::Column::Name.into_simple_expr(),
                account::Column::Number.into_simple_expr(),
            ],
        );
        let customers = Query::select()
            .column(account::Column::Id)
            .from(account::Entity)
            .cond_where(named)
            .to_owned();
        any = any.add(document::Column::AccountId.in_subquery(customers));
    }
    Ok(all.add(any))
}

/// That one of the columns contains the text. SQLite folds ASCII letters only: so the text as typed counts too.
pub(crate) fn contains(text: &str, columns: &[Expr]) -> Condition {
    let mut any = Condition::any();
    for folded in [text.to_ascii_lowercase(), text.to_lowercase()] {
        let escaped = folded.replace('!', "!!").replace('%', "!%").replace('_', "!_");
        for column in columns {
            let pattern = LikeExpr::new(format!("%{escaped}%")).escape('!');
            any = any.add(Expr::from(Func::lower(column.clone())).like(pattern));
        }
    }
    any
}

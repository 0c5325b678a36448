//! What a row says of an order that is not known yet.
use super::{
    NAME_MAX,
    cell::{Fault, amount, currency, day, instant, tax_rate, text, word, yes},
    order_known::Known,
    table::Typed,
};
use crate::{
    app::App,
    entity::{contract, order},
    order::{REASON_MAX, new_order},
};
use shared::{
    exchange::ImportProblem,
    id::AccountId,
    order::{OrderKind, OrderSource, OrderState},
};

/// An order that is not known yet.
pub(super) fn fresh(app: &App, known: &Known, row: &Typed, number: String) -> Result<order::Model, Fault> {
    let now = app.clock.now();
    let kind = word::<OrderKind>(row, "kind", None)?.ok_or(("kind", ImportProblem::Missing))?;
    let state = word(row, "state", None)?.unwrap_or(OrderState::Placed);
    let account = row
        .text("customer_number")
        .ok_or(("customer_number", ImportProblem::Missing))?;
    let account = known
        .accounts
        .get(account)
        .ok_or(("customer_number", ImportProblem::UnknownCustomer))?;
    let contract = contract_of(known, row, "contract_number", account.id)?;
    let made = contract_of(known, row, "made_contract_number", account.id)?;
    match kind {
        OrderKind::NewProduct if contract.is_some() => return Err(("contract_number", ImportProblem::NotPossible)),
        OrderKind::NewProduct => {}
        _ if contract.is_none() => return Err(("contract_number", ImportProblem::Missing)),
        _ => {}
    }
    let makes = matches!(kind, OrderKind::NewProduct | OrderKind::Option);
    let is_decided = !matches!(state, OrderState::Placed | OrderState::Withdrawn);
    if made.is_some() && !(makes && matches!(state, OrderState::Confirmed | OrderState::Done)) {
        return Err(("made_contract_number", ImportProblem::NotPossible));
    }
    if made.is_none() && makes && state == OrderState::Confirmed {
        return Err(("made_contract_number", ImportProblem::Missing));
    }
    let product = match row.text("product_code") {
        Some(code) => Some(
            known
                .products
                .get(code)
                .ok_or(("product_code", ImportProblem::UnknownProduct))?,
        ),
        None if kind.is_paid() => return Err(("product_code", ImportProblem::Missing)),
        None => None,
    };
    let offered = product.filter(|_| kind.is_paid());
    let effective_on = day(row, "effective_on", None)?;
    if effective_on.is_none() && matches!(state, OrderState::Confirmed | OrderState::Done) {
        return Err(("effective_on", ImportProblem::Missing));
    }
    let decision_reason = text(row, "decision_reason", REASON_MAX, None)?;
    let decided_at = instant(row, "decided_at", Some(now).filter(|_| is_decided))?;
    if !is_decided {
        let said = [
            ("decision_reason", decision_reason.is_some()),
            ("decided_at", decided_at.is_some()),
        ];
        if let Some((column, _)) = said.into_iter().find(|(_, is_said)| *is_said) {
            return Err((column, ImportProblem::NotPossible));
        }
    }
    if state == OrderState::Rejected && decision_reason.is_none() {
        return Err(("decision_reason", ImportProblem::Missing));
    }
    let placed_at = instant(row, "placed_at", Some(now))?.unwrap_or(now);
    if placed_at > now {
        return Err(("placed_at", ImportProblem::NotPossible));
    }
    let money = product.map(|product| product.currency.clone());
    let money = money.or_else(|| contract.map(|contract| contract.currency.clone()));
    let fixed = |column: &'static str| {
        if kind.is_paid() {
            Ok(())
        } else {
            Err((column, ImportProblem::NotPossible))
        }
    };
    for column in ["price", "price_period", "setup_price", "tax_rate"] {
        if row.text(column).is_some() {
            fixed(column)?;
        }
    }
    Ok(order::Model {
        number,
        account_id: Some(account.id),
        contract_id: contract.map(|contract| contract.id),
        product_id: product
            .map(|product| product.id)
            .or(contract.map(|contract| contract.product_id)),
        state,
        label: text(
            row,
            "label",
            NAME_MAX,
            contract.and_then(|contract| contract.label.clone()),
        )?,
        price_before: amount(row, "price_before", contract.and_then(|contract| contract.price))?,
        period_before: word(row, "period_before", contract.map(|contract| contract.price_period))?,
        price_after: amount(row, "price", offered.and_then(|product| product.price))?,
        period_after: word(row, "price_period", offered.map(|product| product.price_period))?,
        setup_price: amount(row, "setup_price", offered.and_then(|product| product.setup_price))?,
        tax_rate: tax_rate(row, "tax_rate", offered.map(|product| product.tax_rate))?,
        currency: currency(row, "currency", money)?,
        effective_on,
        is_extraordinary: yes(row, "is_extraordinary", false)?,
        reason: text(row, "reason", REASON_MAX, None)?,
        placed_at,
        decided_at,
        decision_reason,
        made_contract_id: made.map(|contract| contract.id),
        ..new_order(app, kind, OrderSource::Import)
    })
}

/// A contract that a row names, of this customer.
fn contract_of<'a>(
    known: &'a Known,
    row: &Typed,
    column: &'static str,
    account: AccountId,
) -> Result<Option<&'a contract::Model>, Fault> {
    let Some(number) = row.text(column) else {
        return Ok(None);
    };
    let found = known
        .contracts
        .get(number)
        .ok_or((column, ImportProblem::UnknownContract))?;
    if found.account_id == account {
        Ok(Some(found))
    } else {
        Err((column, ImportProblem::OtherCustomer))
    }
}

//! What the start page asks the server.
use crate::api::{self, ApiError, Day, Money, schema};
use cynic::QueryBuilder;
use shared::{
    id::InvoiceId,
    invoice::{InvoiceOrder, InvoiceState},
    money::Amount,
};

#[derive(cynic::InputObject)]
struct InvoiceFilter {
    state: Option<InvoiceState>,
}

#[derive(cynic::QueryVariables)]
struct OwedVariables {
    due: Option<InvoiceFilter>,
    past_due: Option<InvoiceFilter>,
    order: Option<InvoiceOrder>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "OwedVariables")]
struct OwedQuery {
    #[arguments(filter: $past_due, first: 3, order: $order)]
    #[cynic(alias, rename = "invoices")]
    past_due: OpenInvoices,
    #[arguments(filter: $due, first: 3, order: $order)]
    #[cynic(alias, rename = "invoices")]
    due: OpenInvoices,
}

/// The oldest open invoices and what all of them sum up to.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "InvoiceConnection")]
pub struct OpenInvoices {
    /// The oldest ones.
    pub nodes: Vec<OpenInvoice>,
    /// What is still to be paid of all of them, a sum for each currency.
    pub due_sums: Vec<Money>,
}

/// An invoice that is to be paid.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "Invoice")]
pub struct OpenInvoice {
    /// Names the invoice.
    pub id: InvoiceId,
    /// Of all its amounts.
    pub currency: String,
    /// Until when it is to be paid.
    pub due_date: Option<Day>,
    /// When it was written.
    pub issue_date: Day,
    /// What is still to be paid.
    pub due_amount: Amount,
    /// Its number.
    pub number: String,
}

/// What the account in view owes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed {
    /// All that is open, a sum for each currency.
    pub sums: Vec<Money>,
    /// What of it is past its date.
    pub overdue: Vec<Money>,
    /// The oldest ones.
    pub invoices: Vec<OpenInvoice>,
}

/// What the account in view owes.
pub async fn owed() -> Result<Owed, ApiError> {
    let filter = |state| Some(InvoiceFilter { state: Some(state) });
    let variables = OwedVariables {
        due: filter(InvoiceState::Due),
        past_due: filter(InvoiceState::PastDue),
        order: Some(InvoiceOrder::Oldest),
    };
    let OwedQuery { past_due, due } = api::send(OwedQuery::build(variables)).await?;
    let mut invoices = past_due.nodes;
    invoices.extend(due.nodes);
    invoices.truncate(4);
    Ok(Owed {
        sums: add(&past_due.due_sums, &due.due_sums),
        overdue: past_due.due_sums,
        invoices,
    })
}

/// Adds sums of the same currency.
fn add(first: &[Money], second: &[Money]) -> Vec<Money> {
    let mut sums = first.to_vec();
    for money in second {
        match sums.iter_mut().find(|sum| sum.currency == money.currency) {
            Some(sum) => sum.amount = Amount(sum.amount.0.saturating_add(money.amount.0)),
            None => sums.push(money.clone()),
        }
    }
    sums
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query")]
struct InvoiceMonths {
    invoice_months: Vec<InvoiceMonth>,
}

/// What was invoiced in a month, in one currency.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct InvoiceMonth {
    /// Of the total.
    pub currency: String,
    /// The first day of the month.
    pub month: Day,
    /// The gross total.
    pub total: Amount,
}

/// What was invoiced in each of the last twelve months.
pub async fn invoice_months() -> Result<Vec<InvoiceMonth>, ApiError> {
    Ok(api::send(InvoiceMonths::build(())).await?.invoice_months)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_different_currencies_are_never_added() {
        let money = |amount, currency: &str| Money {
            amount: Amount(amount),
            currency: currency.into(),
        };
        let sums = add(&[money(100, "EUR")], &[money(50, "EUR"), money(7, "CHF")]);
        assert_eq!(sums, [money(150, "EUR"), money(7, "CHF")]);
    }
}

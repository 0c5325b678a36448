//! Orders: what customers ask for, what staff decides, and what comes of it.
mod change;
mod legal;
mod once;
mod price;
mod receipt;

use crate::app::{Client, TestApp};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use server::{
    entity::{contract, order},
    product::{NewContract, NewProduct, add_contract, add_product, dates::Terms},
};
use shared::{
    id::{ContractId, ProductId},
    money::Amount,
    product::{ContractState, PricePeriod, ProductKind},
    term::{CustomerKind, NoticeTo, Renewal},
};

pub const PLACE: &str = "mutation($input: PlaceOrderInput!) { placeOrder(input: $input) {
    order { id number kind state effectiveOn priceBefore { amount } priceAfter { amount } totalAfter { amount } } } }";
pub const CANCEL: &str = "mutation($input: CancelContractInput!) { cancelContract(input: $input) {
    order { id number state effectiveOn } } }";
pub const DECIDE: &str = "mutation($input: DecideOrderInput!) { decideOrder(input: $input) {
    order { state effectiveOn decisionReason contract { number } } } }";
pub const WITHDRAW: &str = "mutation($input: WithdrawOrderInput!) { withdrawOrder(input: $input) { order { state } } }";

/// What the tests are about.
pub struct Shop {
    pub slow: ProductId,
    pub fast: ProductId,
    pub cheap: ProductId,
    pub option: ProductId,
    /// Of the customer, over `slow`, for 24 months from March 2025, then open with a month's notice.
    pub contract: ContractId,
}

fn terms() -> Terms {
    Terms {
        minimum: "P24M".parse().ok(),
        renewal: Renewal::Open,
        renewal_term: None,
        notice: "P1M".parse().unwrap(),
        open_notice: "P1M".parse().unwrap(),
        notice_to: NoticeTo::AnyDay,
    }
}

pub async fn shop(app: &TestApp) -> Shop {
    let add = async |code: &str, price: i64, kind: ProductKind| {
        let new = NewProduct {
            code: code.to_owned(),
            name_de: format!("Netz {code}"),
            name_en: format!("Net {code}"),
            description_de: Some("Mit Router".to_owned()),
            description_en: Some("With a router".to_owned()),
            price: Some(Amount(price)),
            currency: "EUR".to_owned(),
            price_period: PricePeriod::Month,
            kind,
            family: Some("net".to_owned()),
            is_orderable: true,
            terms: vec![(CustomerKind::Consumer, terms())],
            ..NewProduct::default()
        };
        add_product(app.db(), &app.app, new).await.unwrap()
    };
    let slow = add("N-500", 24_900, ProductKind::Main).await;
    let fast = add("N-1000", 29_900, ProductKind::Main).await;
    let cheap = add("N-100", 9_900, ProductKind::Main).await;
    let option = add("O-IP", 500, ProductKind::Option).await;
    let new = NewContract {
        account: app.customer.account,
        product: slow,
        number: "V-104233-1".to_owned(),
        label: Some("Markt 4".to_owned()),
        state: ContractState::Active,
        price: Some(Amount(24_900)),
        currency: "EUR".to_owned(),
        price_period: PricePeriod::Month,
        started_on: "2025-03-01".parse().unwrap(),
        ends_on: None,
        notice_by: None,
        terms: Some(terms()),
        details: Vec::new(),
        option_of: None,
    };
    let contract = add_contract(app.db(), &app.app, new).await.unwrap();
    Shop {
        slow,
        fast,
        cheap,
        option,
        contract,
    }
}

pub fn key(number: u128) -> String {
    uuid::Uuid::from_u128(number).to_string()
}

/// The change to the faster product, as the page sends it.
pub fn faster(shop: &Shop, number: u128) -> Value {
    json!({ "input": { "idempotencyKey": key(number), "kind": "CHANGE", "productId": shop.fast,
        "contractId": shop.contract, "seenPrice": "299.00", "seenPeriod": "MONTH", "seenTaxRate": "19",
        "seenEffectiveOn": "2026-12-01" } })
}

pub fn cancellation(shop: &Shop, number: u128) -> Value {
    json!({ "input": { "idempotencyKey": key(number), "contractId": shop.contract, "isExtraordinary": false } })
}

/// Places the change and gives the order's id.
pub async fn placed(client: &mut Client, shop: &Shop) -> String {
    let made = client.data(PLACE, faster(shop, 1)).await;
    made["placeOrder"]["order"]["id"].as_str().unwrap().to_owned()
}

pub fn decision(id: &str, decision: &str) -> Value {
    json!({ "input": { "id": id, "decision": decision, "reason": "Leitung geprüft" } })
}

pub async fn orders(app: &TestApp) -> u64 {
    order::Entity::find().count(app.db()).await.unwrap()
}

pub async fn the_contract(app: &TestApp, shop: &Shop) -> contract::Model {
    contract::Entity::find_by_id(shop.contract)
        .one(app.db())
        .await
        .unwrap()
        .unwrap()
}

//! Every way through the objects of the contract, walked by those who must not see where it leads.
use super::{
    ids::{Contract, named},
    queries::queries,
    world::{World, world},
};
use crate::app::{Person, TestApp};
use sea_orm::EntityTrait;
use serde_json::Value;
use server::entity::invoice;

/// How deep the walk goes below a root field.
const DEPTH: usize = 4;

/// Selects everything below a type, but for fields that need arguments and types that are above already.
fn everything(contract: &Contract, ty: &str, above: &[&str]) -> String {
    let mut selected = Vec::new();
    for (name, field) in contract.fields(ty) {
        let needs = |argument: &Value| argument["type"]["kind"] == "NON_NULL";
        if field["args"].as_array().unwrap().iter().any(needs) {
            continue;
        }
        let below = named(&field["type"]);
        if contract.ty(below)["kind"] != "OBJECT" {
            selected.push(name.to_owned());
        } else if above.len() < DEPTH && !above.contains(&below) {
            let inner = everything(contract, below, &[above, &[below]].concat());
            if !inner.is_empty() {
                selected.push(format!("{name} {{ {inner} }}"));
            }
        }
    }
    selected.join(" ")
}

/// The operation of a row with everything selected below each field of its type: an operation for each of them, so
/// that none selects more than is allowed.
fn walks(contract: &Contract, root: &str, operation: &str) -> Vec<String> {
    let (_, field) = contract.fields("Query").find(|(name, _)| *name == root).unwrap();
    let ty = named(&field["type"]);
    let begin = operation
        .find(root)
        .map(|at| at + operation[at..].find('{').unwrap_or(operation.len() - at - 1));
    let head = operation[..begin.unwrap()].trim_end();
    if contract.ty(ty)["kind"] != "OBJECT" {
        return vec![operation.to_owned()];
    }
    let parts = contract.fields(ty).filter_map(|(name, field)| {
        let needs = |argument: &Value| argument["type"]["kind"] == "NON_NULL";
        if field["args"].as_array().unwrap().iter().any(needs) {
            return None;
        }
        let below = named(&field["type"]);
        if contract.ty(below)["kind"] != "OBJECT" {
            return Some(name.to_owned());
        }
        let inner = everything(contract, below, &[ty, below]);
        Some(format!("{name} {{ {inner} }}"))
    });
    parts.map(|part| format!("{head} {{ {part} }} }}")).collect()
}

/// Everything that somebody sees by all queries.
async fn seen(app: &TestApp, contract: &Contract, world: &World, person: Person) -> String {
    let mut client = app.client(person).await;
    let mut seen = String::new();
    for (root, operation, variables, _) in queries(world) {
        for walk in walks(contract, root, operation) {
            let answer = client.graphql(&walk, variables.clone()).await;
            let code = &answer["errors"][0]["extensions"]["code"];
            assert!(code != "MALFORMED" && code != "TOO_LARGE", "{root}: {walk} {answer}");
            seen.push_str(&answer.to_string());
        }
    }
    seen
}

crate::on_both! {
    async fn no_way_through_the_objects_leads_to_what_is_not_ones_own_e03(app: TestApp) {
        let (world, contract) = (world(&app).await, Contract::read().await);
        let invoice = invoice::Entity::find_by_id(world.invoice).one(app.db()).await.unwrap().unwrap();
        let deal = "V-104233-7";
        let (member, invited) = ("104233-vogt@kunde.example", "eingeladen@example.org");
        let (device, reader) = ("76348700", "somebody@example.org");
        let bill = invoice.number.as_str();
        let all = [deal, member, invited, device, reader, bill, "Öztürk"];
        for (who, person, own) in [
            ("customer", app.customer, &[deal, member, invited, bill, "Öztürk"][..]),
            ("bookkeeper", app.bookkeeper, &[bill, "Öztürk"]),
            ("technician", app.technician, &["Öztürk"]),
            ("stranger", app.stranger, &[]),
            ("dealer", app.dealer, &[device, reader]),
            ("other dealer", app.other_dealer, &[]),
        ] {
            let seen = seen(&app, &contract, &world, person).await;
            let found: Vec<_> = all.into_iter().filter(|mark| seen.contains(mark)).collect();
            let expected: Vec<_> = all.into_iter().filter(|mark| own.contains(mark)).collect();
            assert_eq!(found, expected, "{who}");
        }
    }
}

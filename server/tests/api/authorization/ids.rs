//! What the contract says about ids: every argument that names something is tried with what belongs to others.
use super::{
    BAD, GONE, NO, ROLES, WHO, people, rows,
    world::{World, tables, world},
};
use crate::app::TestApp;
use serde_json::{Map, Value, json};
use server::graphql;
use shared::id::DeviceId;
use std::collections::BTreeMap;

/// Who is refused for another reason than that the object is foreign: the device has no key; the account is his own,
/// the right is not; the request is his own.
const KNOWN_TO: [(&str, &str); 4] = [
    ("revealKey", "dealer"),
    ("createToken", "technician"),
    ("approveKeyRequest", "dealer"),
    ("refuseKeyRequest", "dealer"),
];

/// The types of the contract by their names, as introspection tells them.
pub(super) struct Contract(BTreeMap<String, Value>);

impl Contract {
    pub(super) async fn read() -> Self {
        let schema = async_graphql::Schema::build(
            graphql::Query::default(),
            graphql::Mutation::default(),
            async_graphql::EmptySubscription,
        )
        .finish();
        let of = "name kind ofType { name kind ofType { name kind ofType { name kind ofType { name kind } } } }";
        let query = format!(
            "{{ __schema {{ types {{ name kind
                fields {{ name args {{ name type {{ {of} }} }} type {{ {of} }} }}
                inputFields {{ name type {{ {of} }} }} }} }} }}"
        );
        let answer = schema
            .execute(query)
            .await
            .into_result()
            .unwrap()
            .data
            .into_json()
            .unwrap();
        let types = answer["__schema"]["types"].as_array().unwrap().iter();
        Self(
            types
                .map(|ty| (ty["name"].as_str().unwrap().to_owned(), ty.clone()))
                .collect(),
        )
    }

    /// A type by its name.
    pub(super) fn ty(&self, name: &str) -> &Value {
        &self.0[name]
    }

    /// The fields of a type by their names.
    pub(super) fn fields(&self, ty: &str) -> impl Iterator<Item = (&str, &Value)> {
        let fields = self.0[ty]["fields"].as_array().into_iter().flatten();
        fields.map(|field| (field["name"].as_str().unwrap(), field))
    }

    /// The ways from an argument or input field to the ids in it.
    fn ids(&self, input: &Value, way: &[String], found: &mut Vec<Vec<String>>) {
        let way: Vec<_> = way
            .iter()
            .cloned()
            .chain([input["name"].as_str().unwrap().to_owned()])
            .collect();
        let ty = named(&input["type"]);
        if ty.ends_with("Id") || ty == "UUID" || ty == "ID" {
            found.push(way);
        } else if self.0[ty]["kind"] == "INPUT_OBJECT" {
            for field in self.0[ty]["inputFields"].as_array().unwrap() {
                self.ids(field, &way, found);
            }
        }
    }
}

/// The name of a type without its lists and exclamation marks.
pub(super) fn named(ty: &Value) -> &str {
    match ty["name"].as_str() {
        Some(name) => name,
        None => named(&ty["ofType"]),
    }
}

/// The value at the end of a way, or the first one of the list there.
fn at<'a>(variables: &'a Value, way: &[String]) -> Option<&'a str> {
    let value = way.iter().try_fold(variables, |value, name| value.get(name))?;
    value.as_str().or_else(|| value.get(0)?.as_str())
}

/// The variables with each id of the world replaced by one that nothing has.
fn elsewhere(app: &TestApp, variables: &Value, ids: &[String]) -> Value {
    match variables {
        Value::String(text) if ids.contains(text) => json!(DeviceId(app.app.new_id())),
        Value::Array(all) => all.iter().map(|value| elsewhere(app, value, ids)).collect(),
        Value::Object(all) => {
            let pairs = all
                .iter()
                .map(|(name, value)| (name.clone(), elsewhere(app, value, ids)));
            Value::Object(pairs.collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

#[tokio::test]
async fn every_id_of_the_contract_is_tried_with_what_belongs_to_others_e02() {
    let contract = Contract::read().await;
    let world = World::invented();
    let (rows, ids) = (rows(&world), world.ids());
    let mut untried = Vec::new();
    for root in ["Query", "Mutation"] {
        for (name, field) in contract.fields(root) {
            let mut ways = Vec::new();
            for argument in field["args"].as_array().unwrap() {
                contract.ids(argument, &[], &mut ways);
            }
            for way in ways {
                let names_one = |value: &str| ids.iter().any(|id| id == value);
                let tried = rows
                    .iter()
                    .filter(|row| row.0 == name)
                    .any(|row| at(&row.2, &way).is_some_and(names_one));
                if !tried {
                    untried.push(format!("{name}: {}", way.join(".")));
                }
            }
        }
    }
    assert_eq!(
        untried,
        Vec::<String>::new(),
        "name something of World there in a row of the field"
    );
}

crate::on_both! {
    async fn a_foreign_id_is_answered_like_one_that_nothing_has_e02(app: TestApp) {
        let world = world(&app).await;
        let ids = world.ids();
        let (mut wrong, mut tried) = (Vec::new(), 0);
        for (field, operation, variables, expected) in rows(&world) {
            let missing = elsewhere(&app, &variables, &ids);
            if missing == variables {
                continue;
            }
            for ((role, person), expected) in ROLES.into_iter().zip(people(&app)).zip(expected) {
                let knows = KNOWN_TO.contains(&(field, role)) || ![GONE, NO, WHO].contains(&expected);
                if knows {
                    continue; // to these it is not foreign, and the other test says what they get
                }
                let mut client = match person {
                    Some(person) => app.client(person).await,
                    None => app.anonymous(),
                };
                let foreign = client.graphql(operation, variables.clone()).await.to_string();
                let absent = client.graphql(operation, missing.clone()).await.to_string();
                tried += 1;
                if foreign != absent {
                    wrong.push(format!("{field}: {foreign} and {absent}"));
                }
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
        assert!(tried > 50, "{tried}");
    }

    async fn what_an_input_does_not_have_cannot_be_set_e06(app: TestApp) {
        let world = world(&app).await;
        let mut wrong = Vec::new();
        for (field, operation, variables, _) in rows(&world).into_iter().filter(|row| row.1.starts_with("mutation(")) {
            for extra in ["role", "isOwner", "customerId", "membershipRights", "account_id"] {
                let mut variables = variables.clone();
                variables["input"][extra] = json!("OWNER");
                let before = tables(&app).await;
                let answer = app.client(app.customer).await.graphql(operation, variables).await;
                // Who signed in to try it has a new session and a row in the log.
                let changed = tables(&app).await.into_iter().zip(before).any(|(now, before)| {
                    now != before && !["session", "audit"].contains(&now.0)
                });
                let code = &answer["errors"][0]["extensions"]["code"];
                if changed || ![json!("MALFORMED"), json!(BAD)].contains(code) {
                    wrong.push(format!("{field} with {extra}: {answer}"));
                }
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
    }
}

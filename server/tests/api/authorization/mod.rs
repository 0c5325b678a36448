//! Who may do what: a row for every query and mutation. The test fails when one is missing (security E01), and
//! each refusal leaves every table as it was.
mod files;
mod ids;
mod mutations;
mod paths;
mod queries;
mod sources;
mod world;

use crate::app::{PASSWORD, Person, TestApp};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
use serde_json::{Value, json};
use server::{
    entity::{account, second_factor, throttle},
    graphql,
};
use shared::account::Right;
use std::collections::BTreeSet;
use world::{World, tables, world};

/// Who tries, in the order of the columns below.
const ROLES: [&str; 8] = [
    "anonymous",
    "customer",
    "bookkeeper",
    "technician",
    "stranger",
    "dealer",
    "other dealer",
    "staff",
];

/// Answers: done, or a code in short.
const OK: &str = "";
const NO: &str = "FORBIDDEN";
const GONE: &str = "NOT_FOUND";
const WHO: &str = "UNAUTHENTICATED";
const BAD: &str = "INVALID";
const CLOSED: &str = "SECOND_FACTOR_REQUIRED";

/// One row: the field, its operation, its variables, and what each role gets.
type Row = (&'static str, &'static str, Value, [&'static str; 8]);

/// What somebody does for himself, whatever the account in view asks of him.
const HIS_OWN: [&str; 18] = [
    "auditActs",
    "auditEntries",
    "tasks",
    "recentChanges",
    "beginSecondFactor",
    "changePreferences",
    "changeProfile",
    "endOtherSessions",
    "endSession",
    "ownPassword",
    "products",
    "revokeToken",
    "sessions",
    "signIns",
    "signOut",
    "switchAccount",
    "tokens",
    "viewer",
];

/// The people of [`ROLES`].
fn people(app: &TestApp) -> [Option<Person>; 8] {
    [
        None,
        Some(app.customer),
        Some(app.bookkeeper),
        Some(app.technician),
        Some(app.stranger),
        Some(app.dealer),
        Some(app.other_dealer),
        Some(app.staff),
    ]
}

fn rows(world: &World) -> Vec<Row> {
    queries::queries(world)
        .into_iter()
        .chain(mutations::mutations(world))
        .collect()
}

async fn fields(root: &str) -> BTreeSet<String> {
    let schema = async_graphql::Schema::build(
        graphql::Query::default(),
        graphql::Mutation::default(),
        async_graphql::EmptySubscription,
    )
    .finish();
    let answer = schema
        .execute(format!("{{ __schema {{ {root} {{ fields {{ name }} }} }} }}"))
        .await
        .data
        .into_json()
        .unwrap();
    let fields = answer["__schema"][root]["fields"].as_array().unwrap().iter();
    fields.map(|field| field["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn no_query_and_no_mutation_is_missing_here_e01() {
    let world = World::invented();
    let served: BTreeSet<_> = fields("queryType")
        .await
        .into_iter()
        .chain(fields("mutationType").await)
        .collect();
    let listed: BTreeSet<_> = rows(&world).into_iter().map(|row| row.0.to_owned()).collect();
    assert_eq!(served, listed, "add a row to rows() and say who may do it");
}

crate::on_both! {
    async fn everybody_gets_what_the_table_says_and_a_refusal_changes_nothing_e01(app: TestApp) {
        let world = world(&app).await;
        let mut wrong = Vec::new();
        for (field, operation, variables, expected) in rows(&world) {
            // All come from one address, which has a limit of its own.
            throttle::Entity::delete_many().exec(app.db()).await.unwrap();
            for ((role, person), expected) in ROLES.iter().zip(people(&app)).zip(expected) {
                let mut client = match person {
                    Some(person) => app.client(person).await,
                    None => app.anonymous(),
                };
                let before = tables(&app).await;
                let answer = client.graphql(operation, variables.clone()).await;
                let code = answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default();
                if code != expected {
                    wrong.push(format!("{field} as {role}: {code:?} instead of {expected:?} {}", answer["errors"]));
                }
                if !code.is_empty() && tables(&app).await != before {
                    wrong.push(format!("{field} as {role} was refused and changed something"));
                }
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
    }

    async fn a_password_without_its_second_factor_opens_nothing_c09(app: TestApp) {
        let world = world(&app).await;
        let row = second_factor::Model {
            user_id: app.customer.user,
            sealed: Vec::new(),
            key_version: 1,
            last_step: 0,
            created_at: app.app.clock.now(),
        };
        row.into_active_model().insert(app.db()).await.unwrap();
        let mut wrong = Vec::new();
        for (field, operation, variables, expected) in rows(&world) {
            let mut client = app.anonymous();
            let input = json!({ "input": { "name": "104233", "password": PASSWORD } });
            client.data("mutation($input: SignInInput!) { signIn(input: $input) { needsSecondFactor } }", input).await;
            let answer = client.graphql(operation, variables).await;
            let code = answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default();
            // the one thing that is open reaches the stored secret, which is none
            let expected = if field == "verifySecondFactor" { "INTERNAL" } else { expected[0] };
            if code != expected || answer["data"]["viewer"].is_object() {
                wrong.push(format!("{field}: {code:?} instead of {expected:?}"));
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
    }

    async fn an_owner_without_the_second_factor_that_his_account_asks_for_does_nothing_in_it_e01(app: TestApp) {
        let world = world(&app).await;
        let row = account::Entity::find_by_id(app.customer.account).one(app.db()).await.unwrap().unwrap();
        let row = account::ActiveModel { requires_second_factor: Set(true), ..row.into_active_model() };
        row.update(app.db()).await.unwrap();
        let mut wrong = Vec::new();
        for (field, operation, variables, expected) in rows(&world) {
            throttle::Entity::delete_many().exec(app.db()).await.unwrap();
            let mut client = app.client(app.customer).await;
            let before = tables(&app).await;
            let answer = client.graphql(operation, variables).await;
            let code = answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default();
            let is_own = HIS_OWN.contains(&field) || expected[0] == expected[1];
            // what he may not do anyway may be refused in either way
            let is_right = match expected[1] {
                _ if is_own => code == expected[1] || (field.starts_with("audit") && code == GONE),
                OK => code == CLOSED,
                _ => code != OK,
            };
            if !is_right {
                wrong.push(format!("{field}: {code:?}, with the factor {:?}", expected[1]));
            }
            if !code.is_empty() && tables(&app).await != before {
                wrong.push(format!("{field} was refused and changed something"));
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
    }

    async fn a_token_gets_what_its_user_gets_and_only_what_is_open_to_tokens_e01(app: TestApp) {
        let world = world(&app).await;
        let all: Vec<_> = Right::ALL.into_iter().filter(|right| !right.is_of_staff()).collect();
        let staff: Vec<_> = Right::ALL.into_iter().filter(|right| right.is_of_staff()).collect();
        let mut wrong = Vec::new();
        for (person, column, scopes) in [(app.customer, 1, &all), (app.dealer, 5, &all), (app.staff, 7, &staff)] {
            let mut program = app.program(person, scopes).await;
            for (field, operation, variables, expected) in rows(&world) {
                let expected = if server::token::OPEN.contains(&field) { expected[column] } else { NO };
                let before = tables(&app).await;
                let answer = program.graphql(operation, variables).await;
                let code = answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default();
                if code != expected {
                    wrong.push(format!("{field} with a token: {code:?} instead of {expected:?} {}", answer["errors"]));
                }
                if !code.is_empty() && tables(&app).await.iter().zip(&before).any(|(now, before)| now != before && now.0 != "audit") {
                    wrong.push(format!("{field} with a token was refused and changed something"));
                }
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
        let served: BTreeSet<_> = fields("queryType").await.into_iter().chain(fields("mutationType").await).collect();
        assert!(server::token::OPEN.iter().all(|field| served.contains(*field)), "all of them are in the schema");
    }
}

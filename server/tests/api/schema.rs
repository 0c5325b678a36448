//! The contract.
use server::graphql;
use std::{env, fs, path::Path};

#[test]
fn the_written_schema_is_the_served_schema() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema.graphql");
    let served = graphql::sdl();
    if env::var_os("UPDATE_SCHEMA").is_some() {
        fs::write(&file, &served).unwrap();
    }
    assert!(
        served == fs::read_to_string(&file).unwrap(),
        "run `cargo xtask schema` and commit schema.graphql"
    );
}

#[tokio::test]
async fn everything_in_the_schema_is_described() {
    let query = "{ __schema { types { name description kind
        fields(includeDeprecated: true) { name description args { name description } }
        inputFields { name description } enumValues { name description } } } }";
    let schema = async_graphql::Schema::build(
        graphql::Query::default(),
        graphql::Mutation::default(),
        async_graphql::EmptySubscription,
    )
    .finish();
    let answer = schema
        .execute(query)
        .await
        .into_result()
        .unwrap()
        .data
        .into_json()
        .unwrap();
    let mut bare = Vec::new();
    let mut look = |path: String, thing: &serde_json::Value| {
        if thing["description"].as_str().is_none_or(|text| text.trim().is_empty()) {
            bare.push(path);
        }
    };
    for ty in answer["__schema"]["types"].as_array().unwrap() {
        let name = ty["name"].as_str().unwrap();
        if name.starts_with("__")
            || matches!(
                name,
                "Query" | "Mutation" | "Boolean" | "Int" | "String" | "Float" | "ID" | "DateTime" | "NaiveDate"
            )
        {
            if !matches!(name, "Query" | "Mutation") {
                continue;
            }
        } else {
            look(name.to_owned(), ty);
        }
        for list in ["fields", "inputFields", "enumValues"] {
            for field in ty[list].as_array().into_iter().flatten() {
                let path = format!("{name}.{}", field["name"].as_str().unwrap());
                look(path.clone(), field);
                for argument in field["args"].as_array().into_iter().flatten() {
                    look(format!("{path}({})", argument["name"].as_str().unwrap()), argument);
                }
            }
        }
    }
    assert_eq!(bare, Vec::<String>::new(), "say what these are");
}

//! What a document may ask for at once (security G03, G04, G06, G08): counted over every selection, `__typename` and
//! duplicates included, after fragments are spread, because the built-in limits let those pass.
use super::budget::{Budgets, Payer};
use crate::{
    actor::Actor,
    app::App,
    error::{Error, Result},
    page::{PAGE_DEFAULT, PAGE_MAX},
    session::Origin,
};
use async_graphql::{
    Name, PathSegment, Positioned, Response, ServerError, ServerResult, Value, Variables, async_trait,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute, NextParseQuery},
    parser::types::{
        DocumentOperations, ExecutableDocument, Field, FragmentDefinition, OperationDefinition, OperationType,
        Selection, SelectionSet,
    },
};
use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// The deepest nesting of fields.
pub const DEPTH: usize = 12;

/// The deepest nesting of a document that asks for the schema only.
pub const SCHEMA_DEPTH: usize = 16;

/// The most selections of a document, all fragments spread.
pub const SELECTIONS: usize = 500;

/// The most fields at the root of a query.
pub const QUERY_ROOTS: usize = 10;

/// The most directives of a document.
pub const DIRECTIVES: usize = 20;

/// The highest cost of a document: its fields, those of a list's rows counted as often as there may be rows.
pub const COST: u64 = 20_000;

/// How long a query may take.
pub const QUERY_TIME: Duration = Duration::from_secs(5);

/// The extension that counts, and stops a query that takes too long.
#[derive(Clone, Debug)]
pub struct Limits {
    budgets: Arc<Budgets>,
    query_time: Duration,
}

impl Limits {
    /// Limits under which a query may take this long.
    pub fn within(query_time: Duration) -> Self {
        Self {
            budgets: Arc::default(),
            query_time,
        }
    }
}

impl ExtensionFactory for Limits {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(OfRequest {
            limits: self.clone(),
            is_query: AtomicBool::new(false),
        })
    }
}

/// The limits of one request.
struct OfRequest {
    limits: Limits,
    /// Whether the document is a query, known after parsing. A mutation is not stopped: it ends by itself, and whoever
    /// sent it wants to know how.
    is_query: AtomicBool,
}

impl OfRequest {
    /// That this caller may ask for what the document costs, now.
    fn admit(&self, ctx: &ExtensionContext<'_>, document: &Measured) -> Result<()> {
        let actor = ctx.data_opt::<Actor>();
        if document.asks_schema && actor.is_none() {
            return Err(Error::Unauthenticated);
        }
        let Some(app) = ctx.data_opt::<App>() else {
            return Ok(());
        };
        if document.asks_schema && !app.settings.playground {
            return Err(Error::Forbidden);
        }
        let Some(payer) = Payer::of(actor, ctx.data_opt::<Origin>()) else {
            return Ok(());
        };
        let now = app.clock.now();
        if document.asks_schema {
            self.limits.budgets.read_schema(payer.clone(), now)?;
        }
        let cost = i64::try_from(document.cost).unwrap_or(i64::MAX);
        self.limits
            .budgets
            .spend(payer, cost, i64::from(app.settings.query_budget), now)
    }
}

#[async_trait::async_trait]
impl Extension for OfRequest {
    async fn parse_query(
        &self,
        ctx: &ExtensionContext<'_>,
        query: &str,
        variables: &Variables,
        next: NextParseQuery<'_>,
    ) -> ServerResult<ExecutableDocument> {
        let document = next.run(ctx, query, variables).await?;
        let measured = measure(&document, variables).and_then(|measured| {
            self.is_query.store(measured.is_query, Ordering::Relaxed);
            self.admit(ctx, &measured)
        });
        measured.map_err(refused)?;
        Ok(document)
    }

    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        if !self.is_query.load(Ordering::Relaxed) {
            return next.run(ctx, operation_name).await;
        }
        let answer = tokio::time::timeout(self.limits.query_time, next.run(ctx, operation_name)).await;
        answer.unwrap_or_else(|_| {
            tracing::warn!("a query was stopped because it took too long");
            Response::from_errors(vec![refused(Error::TooLarge("a query may take 5 seconds"))])
        })
    }
}

fn refused(cause: Error) -> ServerError {
    ServerError {
        message: cause.to_string(),
        source: Some(Arc::new(cause)),
        locations: Vec::new(),
        path: Vec::<PathSegment>::new(),
        extensions: None,
    }
}

/// What a document within the limits asks for.
struct Measured {
    is_query: bool,
    asks_schema: bool,
    cost: u64,
}

/// Counts a document.
///
/// # Errors
/// [`Error::TooLarge`] that names the limit.
fn measure(document: &ExecutableDocument, variables: &Variables) -> Result<Measured> {
    let operation = match &document.operations {
        DocumentOperations::Single(operation) => &operation.node,
        DocumentOperations::Multiple(operations) => {
            let mut operations = operations.values();
            match (operations.next(), operations.next()) {
                (Some(operation), None) => &operation.node,
                _ => return Err(Error::TooLarge("one operation a document")),
            }
        }
    };
    let mut count = Count {
        fragments: &document.fragments,
        operation,
        variables,
        spread: Vec::new(),
        selections: 0,
        directives: operation.directives.len(),
        deepest: 0,
        roots: 0,
        schema: 0,
        cost: 0,
    };
    let root = Level {
        depth: 1,
        times: 1,
        rows: 1,
    };
    count.walk(&operation.selection_set.node, root)?;
    let is_query = operation.ty == OperationType::Query;
    if count.roots > if is_query { QUERY_ROOTS } else { 1 } {
        return Err(Error::TooLarge("10 fields at the root of a query, 1 of a mutation"));
    }
    let is_schema_only = count.schema > 0 && count.schema == count.roots;
    if count.deepest > DEPTH && !is_schema_only {
        return Err(Error::TooLarge("12 fields deep"));
    }
    if count.cost > COST && !is_schema_only {
        return Err(Error::TooLarge("a cost of 20,000: fewer fields, or fewer rows a page"));
    }
    Ok(Measured {
        is_query,
        asks_schema: count.schema > 0,
        cost: count.cost,
    })
}

/// Where in a document the count is.
#[derive(Clone, Copy)]
struct Level {
    depth: usize,
    /// How often what stands here may be answered.
    times: u64,
    /// How many rows the field around it was asked for, if it is a list.
    rows: u64,
}

/// What was counted so far.
struct Count<'a> {
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    operation: &'a OperationDefinition,
    variables: &'a Variables,
    /// The fragments that are being spread, so that a cycle is seen.
    spread: Vec<&'a Name>,
    selections: usize,
    directives: usize,
    /// The deepest field.
    deepest: usize,
    roots: usize,
    /// How many roots ask for the schema.
    schema: usize,
    cost: u64,
}

impl<'a> Count<'a> {
    fn walk(&mut self, set: &'a SelectionSet, level: Level) -> Result<()> {
        for selection in &set.items {
            self.selections += 1;
            self.directives += selection.node.directives().len();
            if self.selections > SELECTIONS {
                return Err(Error::TooLarge("500 selections a document"));
            }
            if self.directives > DIRECTIVES {
                return Err(Error::TooLarge("20 directives a document"));
            }
            match &selection.node {
                Selection::Field(field) => self.field(&field.node, level)?,
                Selection::InlineFragment(fragment) => self.walk(&fragment.node.selection_set.node, level)?,
                Selection::FragmentSpread(spread) => {
                    let Some((name, fragment)) = self.fragments.get_key_value(&spread.node.fragment_name.node) else {
                        continue; // validation will say that there is none
                    };
                    if self.spread.contains(&name) {
                        return Err(Error::TooLarge("a fragment may not spread itself"));
                    }
                    self.spread.push(name);
                    self.walk(&fragment.node.selection_set.node, level)?;
                    self.spread.pop();
                }
            }
        }
        Ok(())
    }

    fn field(&mut self, field: &'a Field, level: Level) -> Result<()> {
        let name = field.name.node.as_str();
        if level.depth == 1 {
            self.roots += 1;
            self.schema += usize::from(matches!(name, "__schema" | "__type"));
        }
        self.deepest = self.deepest.max(level.depth);
        if level.depth > SCHEMA_DEPTH {
            return Err(Error::TooLarge("12 fields deep"));
        }
        let times = match name {
            "nodes" | "edges" => level.times.saturating_mul(level.rows),
            _ => level.times,
        };
        self.cost = self.cost.saturating_add(times);
        let inside = Level {
            depth: level.depth + 1,
            times,
            rows: self.rows(field),
        };
        self.walk(&field.selection_set.node, inside)
    }

    /// How many rows a field is asked for, if it is a list: its argument `first`, which its rule judges later.
    fn rows(&self, field: &Field) -> u64 {
        let given = field.get_argument("first").and_then(|value| {
            let value = value.node.clone();
            value.into_const_with(|name| self.variable(&name).ok_or(())).ok()
        });
        let given = match given {
            Some(Value::Number(number)) => number.as_u64(),
            _ => None,
        };
        given.unwrap_or(PAGE_DEFAULT).clamp(1, PAGE_MAX)
    }

    /// What a variable holds, or its default.
    fn variable(&self, name: &Name) -> Option<Value> {
        let default = || {
            let mut definitions = self.operation.variable_definitions.iter();
            let definition = definitions.find(|definition| definition.node.name.node == *name)?;
            Some(definition.node.default_value.as_ref()?.node.clone())
        };
        self.variables.get(name).cloned().or_else(default)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::parser::parse_query;
    use serde_json::json;

    fn measured(document: &str) -> std::result::Result<Measured, String> {
        measure(&parse_query(document).unwrap(), &Variables::default()).map_err(|error| error.to_string())
    }

    fn verdict(document: &str) -> std::result::Result<(), String> {
        measured(document).map(|_| ())
    }

    #[test]
    fn a_page_may_ask_for_what_it_shows() {
        assert_eq!(
            verdict("{ viewer { id account { name } } portal { providerName } }"),
            Ok(())
        );
    }

    #[test]
    fn duplicates_and_typenames_count() {
        for document in [
            format!("{{ a {{ {} }} }}", "b ".repeat(SELECTIONS)),
            format!("{{ a {{ {} }} }}", "__typename ".repeat(SELECTIONS)),
            format!("{{ a {{ ...F }} }} fragment F on A {{ {} }}", "b ".repeat(SELECTIONS)),
        ] {
            assert_eq!(verdict(&document), Err("500 selections a document".to_owned()));
        }
    }

    #[test]
    fn many_sign_ins_are_one_too_many() {
        assert_eq!(
            verdict("mutation { a: signIn { x } b: signIn { x } }"),
            Err("10 fields at the root of a query, 1 of a mutation".to_owned())
        );
        assert_eq!(
            verdict("query A { a } query B { b }"),
            Err("one operation a document".to_owned())
        );
    }

    #[test]
    fn bombs_and_cycles_are_refused_before_they_are_spread() {
        let bomb: String = (0..30)
            .map(|n| format!("fragment F{n} on A {{ ...F{next} ...F{next} }} ", next = n + 1))
            .collect();
        assert!(verdict(&format!("{{ ...F0 }} {bomb} fragment F30 on A {{ a }}")).is_err());
        assert_eq!(
            verdict("{ ...A } fragment A on Q { ...B } fragment B on Q { ...A }"),
            Err("a fragment may not spread itself".to_owned())
        );
        let deep = format!("{}{}", "{ a ".repeat(DEPTH + 1), "}".repeat(DEPTH + 1));
        assert_eq!(verdict(&deep), Err("12 fields deep".to_owned()));
        assert!(verdict(&format!("{{ a {} b }}", "@skip(if: false) ".repeat(DIRECTIVES + 1))).is_err());
    }

    #[test]
    fn the_schema_alone_may_be_read_deeper_g06() {
        let deep =
            |root: &str, depth: usize| format!("{{ {root} {}{} }}", "{ a ".repeat(depth - 1), "}".repeat(depth - 1));
        assert_eq!(verdict(&deep("__schema", SCHEMA_DEPTH)), Ok(()));
        assert!(verdict(&deep("__schema", SCHEMA_DEPTH + 1)).is_err());
        assert_eq!(verdict(&deep("viewer", DEPTH)), Ok(()));
        assert!(verdict(&deep("viewer", DEPTH + 1)).is_err());
        let mixed = format!("{{ __typename {}", &deep("__schema", DEPTH + 1)[1..]);
        assert_eq!(verdict(&mixed), Err("12 fields deep".to_owned()));
        assert!(
            measured("{ ... on Query { __type(name: \"A\") { name } } }")
                .unwrap()
                .asks_schema
        );
        assert!(!measured("{ viewer { id } }").unwrap().asks_schema);
    }

    #[test]
    fn rows_count_as_often_as_they_are_asked_for_g06() {
        let cost = |document: &str| measured(document).unwrap().cost;
        assert_eq!(cost("{ a(first: 10) { totalCount nodes { b c } } }"), 1 + 1 + 10 * 3);
        assert_eq!(cost("{ a { edges { node { b } } } }"), 1 + PAGE_DEFAULT * 3);
        assert_eq!(cost("query($n: Int = 7) { a(first: $n) { nodes { b } } }"), 1 + 7 * 2);
        assert_eq!(
            cost("{ a(first: 10) { nodes { b(first: 10) { nodes { c } } } } }"),
            1 + 10 * (2 + 10 * 2)
        );
        let variables = Variables::from_json(json!({ "n": 3 }));
        let document = parse_query("query($n: Int = 7) { a(first: $n) { nodes { b } } }").unwrap();
        assert_eq!(measure(&document, &variables).unwrap().cost, 1 + 3 * 2);
    }

    #[test]
    fn a_page_of_pages_costs_too_much_g06() {
        let pages = "{ a(first: 100) { nodes { b(first: 100) { nodes { c } } } } }";
        assert_eq!(
            verdict(pages),
            Err("a cost of 20,000: fewer fields, or fewer rows a page".to_owned())
        );
        assert_eq!(verdict(&pages.replacen("100", "90", 1)), Ok(()));
    }
}

//! What a document may ask for at once (security G03, G04, G06): counted over every selection, `__typename` and
//! duplicates included, after fragments are spread, because the built-in limits let those pass.
use crate::{
    actor::Actor,
    error::{Error, Result},
};
use async_graphql::{Name, Positioned};
use async_graphql::{
    PathSegment, ServerError, ServerResult, Variables, async_trait,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextParseQuery},
    parser::types::{
        DocumentOperations, ExecutableDocument, FragmentDefinition, OperationType, Selection, SelectionSet,
    },
};
use std::{collections::HashMap, sync::Arc};

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

/// The extension that counts.
#[derive(Debug)]
pub struct Limits;

impl ExtensionFactory for Limits {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait::async_trait]
impl Extension for Limits {
    async fn parse_query(
        &self,
        ctx: &ExtensionContext<'_>,
        query: &str,
        variables: &Variables,
        next: NextParseQuery<'_>,
    ) -> ServerResult<ExecutableDocument> {
        let document = next.run(ctx, query, variables).await?;
        let is_anonymous = ctx.data_opt::<Actor>().is_none();
        check(&document, is_anonymous).map_err(|cause| ServerError {
            message: cause.to_string(),
            source: Some(Arc::new(cause)),
            locations: Vec::new(),
            path: Vec::<PathSegment>::new(),
            extensions: None,
        })?;
        Ok(document)
    }
}

/// That a document stays within the limits.
///
/// # Errors
/// [`Error::TooLarge`] that names the limit; [`Error::Unauthenticated`] if nobody asks for the schema.
fn check(document: &ExecutableDocument, is_anonymous: bool) -> Result<()> {
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
        spread: Vec::new(),
        selections: 0,
        directives: 0,
        roots: 0,
        schema: 0,
    };
    count.directives += operation.directives.len();
    count.walk(&operation.selection_set.node, 1)?;
    let roots = if operation.ty == OperationType::Query {
        QUERY_ROOTS
    } else {
        1
    };
    if count.roots > roots {
        return Err(Error::TooLarge("10 fields at the root of a query, 1 of a mutation"));
    }
    if count.schema > 0 && is_anonymous {
        return Err(Error::Unauthenticated);
    }
    Ok(())
}

/// What was counted so far.
struct Count<'a> {
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    /// The fragments that are being spread, so that a cycle is seen.
    spread: Vec<&'a Name>,
    selections: usize,
    directives: usize,
    roots: usize,
    /// How many roots ask for the schema.
    schema: usize,
}

impl<'a> Count<'a> {
    fn walk(&mut self, set: &'a SelectionSet, depth: usize) -> Result<()> {
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
                Selection::Field(field) => {
                    if depth == 1 {
                        self.roots += 1;
                        self.schema += usize::from(matches!(field.node.name.node.as_str(), "__schema" | "__type"));
                    }
                    let is_schema_only = self.schema > 0 && self.schema == self.roots;
                    if depth > if is_schema_only { SCHEMA_DEPTH } else { DEPTH } {
                        return Err(Error::TooLarge("12 fields deep"));
                    }
                    self.walk(&field.node.selection_set.node, depth + 1)?;
                }
                Selection::InlineFragment(fragment) => self.walk(&fragment.node.selection_set.node, depth)?,
                Selection::FragmentSpread(spread) => {
                    let Some((name, fragment)) = self.fragments.get_key_value(&spread.node.fragment_name.node) else {
                        continue; // validation will say that there is none
                    };
                    if self.spread.contains(&name) {
                        return Err(Error::TooLarge("a fragment may not spread itself"));
                    }
                    self.spread.push(name);
                    self.walk(&fragment.node.selection_set.node, depth)?;
                    self.spread.pop();
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::parser::parse_query;

    fn verdict(document: &str) -> std::result::Result<(), String> {
        check(&parse_query(document).unwrap(), true).map_err(|error| error.to_string())
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
    fn nobody_reads_the_schema_without_signing_in() {
        assert_eq!(
            verdict("{ __schema { types { name } } }"),
            Err(Error::Unauthenticated.to_string())
        );
        assert_eq!(
            verdict("{ ... on Query { __type(name: \"A\") { name } } }"),
            Err(Error::Unauthenticated.to_string())
        );
        assert!(check(&parse_query("{ __schema { types { name } } }").unwrap(), false).is_ok());
    }
}

//! What the page of the exchange asks the server.
use crate::api::{self, ApiError, schema};
use cynic::MutationBuilder;
use shared::{
    exchange::{ImportProblem, ImportVerdict, Subject},
    id::FileId,
};

/// What an import did, or would do.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "ImportFilePayload")]
pub struct Import {
    /// How many rows change something.
    pub changed_count: i32,
    /// How many are new.
    pub new_count: i32,
    /// How many are left out.
    pub refused_count: i32,
    /// The first ones, those that are left out before the others.
    pub rows: Vec<ImportedRow>,
    /// How many change nothing.
    pub same_count: i32,
}

/// What is said of a row.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct ImportedRow {
    /// The columns that change.
    pub changes: Vec<String>,
    /// The column that is wrong.
    pub column: Option<String>,
    /// Its code or number.
    pub key: String,
    /// Its line in the file.
    pub line: i32,
    /// What is wrong.
    pub problem: Option<ImportProblem>,
    /// What is done with it.
    pub verdict: ImportVerdict,
}

#[derive(cynic::InputObject)]
struct ImportFileInput {
    file_id: FileId,
    is_dry_run: bool,
}

#[derive(cynic::QueryVariables)]
struct ImportVariables {
    input: ImportFileInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "ImportVariables")]
struct ImportProducts {
    #[arguments(input: $input)]
    import_products: Import,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "ImportVariables")]
struct ImportContracts {
    #[arguments(input: $input)]
    import_contracts: Import,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "ImportVariables")]
struct ImportOrders {
    #[arguments(input: $input)]
    import_orders: Import,
}

/// Takes a file in, or says only what would be done.
pub async fn import_file(subject: Subject, file_id: FileId, is_dry_run: bool) -> Result<Import, ApiError> {
    let variables = ImportVariables {
        input: ImportFileInput { file_id, is_dry_run },
    };
    match subject {
        Subject::Products => Ok(api::send(ImportProducts::build(variables)).await?.import_products),
        Subject::Contracts => Ok(api::send(ImportContracts::build(variables)).await?.import_contracts),
        Subject::Orders => Ok(api::send(ImportOrders::build(variables)).await?.import_orders),
    }
}

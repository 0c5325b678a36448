//! The tasks of the project: `cargo xtask run | test | check | schema | bench | dist`.

mod apt;
mod assets;
mod bench;
mod bench_invoices;
mod bench_meters;
mod bench_sign_in;
mod check;
mod client;
mod dist;
mod fingerprint;
mod journeys;
mod minify;
mod npm;
mod page;
mod playground;
mod postgres;
mod requirements;
mod run;
mod schema;
mod split;
mod steps;
mod test;
mod toolchain;
mod wasm;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Runs a task of the project.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Builds everything and serves the portal with demo data.
    Run(run::Arguments),
    /// Runs every check that a change has to pass, and sums up what ran.
    Test,
    /// Runs the fast checks: format, clippy, tests on SQLite.
    Check,
    /// Writes schema.graphql from the server.
    Schema,
    /// Measures what is promised in numbers: the first load, signing in, and invoices.
    Bench {
        /// Only this part.
        #[arg(long, value_enum)]
        only: Option<bench::Part>,
    },
    /// Builds the one release binary, dist/keyhaus.
    Dist,
    /// Builds the browser's files into target/client.
    Client,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().verb {
        Verb::Run(arguments) => run::run(&arguments),
        Verb::Test => test::test(),
        Verb::Check => check::check(),
        Verb::Schema => schema::schema(),
        Verb::Bench { only } => bench::bench(only),
        Verb::Dist => dist::dist(),
        Verb::Client => client::build(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

//! What many devices cost: whether a list of half a million opens like one of two thousand, and how long and with how much
//! memory keys are taken in.

use std::env;

use anyhow::{Context, Result, ensure};

use crate::workspace;

/// Memory must not grow with the rows of a file: for [`MANY`] it may be so many times that for [`FEW`].
const MEMORY_LIMIT: f64 = 1.2;
const FEW: &str = "ten_thousand_rows_are_taken_in";
const MANY: &str = "a_hundred_thousand_rows_are_taken_in";

/// [`MANY`] rows are taken in within so many milliseconds.
const TIME_LIMIT: u64 = 60_000;

/// Measures, prints, and fails where a promise is broken.
#[expect(clippy::print_stdout, reason = "the table is this command's answer")]
pub(crate) fn bench() -> Result<()> {
    let few = taken_in(FEW)?;
    let many = taken_in(MANY)?;
    let growth = many.memory as f64 / few.memory as f64;
    println!(
        "keys: {} rows in {} ms, {} MiB at the peak",
        few.rows,
        few.took,
        few.memory / 1024
    );
    println!(
        "keys: {} rows in {} ms, {} MiB at the peak",
        many.rows,
        many.took,
        many.memory / 1024
    );
    println!(
        "memory: {growth:.2} times as much for {}, of {MEMORY_LIMIT} allowed",
        many.rows
    );
    ensure!(many.took <= TIME_LIMIT, "{} rows take longer than a minute", many.rows);
    ensure!(growth <= MEMORY_LIMIT, "memory grows with the rows of a file");
    let test = |database: &str| format!("half_a_million_open_as_fast_as_two_thousand_on_{database}");
    print!("SQLite: {}", measured(&test("sqlite"), "sqlite")?);
    if env::var_os("KEYHAUS_TEST_POSTGRES_URL").is_some() {
        print!("PostgreSQL: {}", measured(&test("postgres"), "postgres")?);
    } else {
        println!("PostgreSQL: skipped; KEYHAUS_TEST_POSTGRES_URL names no server");
    }
    Ok(())
}

/// What an import cost.
struct TakenIn {
    rows: u64,
    /// Milliseconds.
    took: u64,
    /// The most memory at once, in KiB; that of the test around it included.
    memory: u64,
}

/// Runs an import in a process of its own, as its peak of memory is that of the process.
fn taken_in(test: &str) -> Result<TakenIn> {
    let said = measured(test, "sqlite")?;
    let numbers: Vec<u64> = said
        .split(|char: char| !char.is_ascii_digit())
        .filter_map(|number| number.parse().ok())
        .collect();
    let [rows, took, memory] = numbers[..] else {
        anyhow::bail!("{test} says something else: {said}");
    };
    Ok(TakenIn { rows, took, memory })
}

/// What a test that measures says, its lines of results alone.
fn measured(test: &str, database: &str) -> Result<String> {
    let name = format!("meter::many::{test}");
    let mut command = workspace::cargo();
    command
        .args(["test", "--quiet", "--workspace", "--test", "api", "--"])
        .args(["--ignored", "--nocapture", "--exact", &name])
        .env("KEYHAUS_TEST_DATABASES", database);
    let said = workspace::read(&mut command)?;
    let line = said
        .lines()
        .find(|line| line.starts_with("keys: ") || line.starts_with("page of 100 "));
    Ok(format!(
        "{}\n",
        line.with_context(|| format!("{test} measured nothing: {said}"))?
    ))
}

//! What signing in costs: a burst of it beside other requests, its memory, and whether unknown names show by the time.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use crate::workspace;

/// So many people sign in at once.
const BURST: usize = 500;

/// Memory of one hash, in KiB (server/src/session/password.rs).
const HASH_MEMORY: u64 = 64 * 1024;

/// What may come on top of the hashes at work: connections, answers, the allocator. In KiB.
const SLACK: u64 = 96 * 1024;

/// The slowest that a list may be during the burst: median and 99th percentile.
const LIST_LIMITS: (Duration, Duration) = (Duration::from_millis(100), Duration::from_millis(500));

/// The most by which the medians of known and unknown names may differ, in percent.
const DIFFERENCE_LIMIT: f64 = 5.0;

/// So long is waited until what an answer leaves behind is done.
const SETTLED: Duration = Duration::from_millis(200);

/// People of the demo, and tries of each: fewer than lock them.
const KNOWN: [&str; 4] = ["104233", "104871", "105120", "200014"];
const TRIES: usize = 9;

const SIGN_IN: &str = "mutation($input: SignInInput!) { signIn(input: $input) { viewer { id } } }";
const REQUEST_ACCESS: &str = "mutation($input: RequestAccessInput!) { requestAccess(input: $input) { isTakenDown } }";
const PRODUCTS: &str = "{ products { totalCount nodes { name } } }";

/// Measures, prints, and fails where a promise is broken.
#[expect(clippy::print_stdout, reason = "the table is this command's answer")]
pub(crate) fn bench() -> Result<()> {
    workspace::call(workspace::cargo().args(["build", "--package", "server"]))?;
    let server = Server::start()?;
    let cookie = server.sign_in(KNOWN[0], "Demo-Haus-26")?;

    let (known, unknown) = server.known_and_unknown()?;
    let difference = (known.as_secs_f64() - unknown.as_secs_f64()).abs() / known.as_secs_f64() * 100.0;
    println!(
        "sign-in, wrong password: median {known:.1?} of known names, {unknown:.1?} of unknown ones ({difference:.1} %)"
    );

    let (known, unknown) = server.forgotten()?;
    let gap = known.median().abs_diff(unknown.median());
    let spread = known.percentile(90).saturating_sub(known.percentile(10));
    println!(
        "forgotten login data: median {:.2?} of known names, {:.2?} of unknown ones; known ones spread over {spread:.2?}",
        known.median(),
        unknown.median()
    );

    let quiet = server.lists(&cookie, || false, 200)?;
    let before = server.peak_memory()?;
    let burst = server.burst(&cookie)?;
    let memory = server.peak_memory()?.saturating_sub(before);
    let at_once = thread::available_parallelism()
        .map_or(1, usize::from)
        .saturating_sub(1)
        .max(1) as u64;
    println!(
        "products, quiet: median {:.1?}, p99 {:.1?}",
        quiet.median(),
        quiet.percentile(99)
    );
    println!(
        "products, during {BURST} sign-ins: median {:.1?}, p99 {:.1?} of {} queries",
        burst.lists.median(),
        burst.lists.percentile(99),
        burst.lists.0.len()
    );
    println!(
        "sign-ins: {BURST} in {:.1?}, {:.1} a second with {at_once} hashes at once; {} were asked to wait and came again",
        burst.took,
        BURST as f64 / burst.took.as_secs_f64(),
        burst.waited
    );
    println!(
        "memory: {} MiB more at the peak, of {} allowed",
        memory / 1024,
        (at_once * HASH_MEMORY + SLACK) / 1024
    );

    ensure!(
        difference < DIFFERENCE_LIMIT,
        "unknown names show by the time: {difference:.1} %"
    );
    ensure!(
        gap <= spread,
        "unknown names show by the time at \"forgotten\": {gap:.2?} between the medians"
    );
    ensure!(
        burst.lists.median() < LIST_LIMITS.0,
        "a list waits for sign-ins (median)"
    );
    ensure!(
        burst.lists.percentile(99) < LIST_LIMITS.1,
        "a list waits for sign-ins (p99)"
    );
    ensure!(
        memory < at_once * HASH_MEMORY + SLACK,
        "a burst of sign-ins takes too much memory"
    );
    Ok(())
}

/// Durations, sorted.
struct Times(Vec<Duration>);

impl Times {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self(times)
    }

    fn median(&self) -> Duration {
        self.percentile(50)
    }

    /// The smallest time that so many percent are not above.
    fn percentile(&self, percent: usize) -> Duration {
        let rank = (self.0.len() * percent).div_ceil(100).saturating_sub(1);
        self.0.get(rank).copied().unwrap_or_default()
    }
}

/// What a burst did.
struct Burst {
    took: Duration,
    waited: usize,
    lists: Times,
}

/// A portal of its own with the demo's people.
struct Server {
    process: Child,
    address: SocketAddr,
    folder: PathBuf,
}

impl Server {
    fn start() -> Result<Self> {
        let address = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?;
        let folder = std::env::temp_dir().join(format!("keyhaus-bench-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let process = Command::new(workspace::built("debug", "keyhaus")?)
            .args(["serve", "--demo"])
            .current_dir(&folder)
            .env("KEYHAUS_DATA_DIR", folder.join("data"))
            .env("KEYHAUS_LISTEN", address.to_string())
            .env("KEYHAUS_ORIGIN", format!("http://{address}"))
            .env("KEYHAUS_TRIES_PER_ADDRESS", "1000000")
            .env("KEYHAUS_QUERY_BUDGET", "2000000000")
            .env("KEYHAUS_LOG", "warn")
            .stdout(Stdio::null())
            .spawn()?;
        let server = Self {
            process,
            address,
            folder,
        };
        for _ in 0..600 {
            if TcpStream::connect(address).is_ok() {
                return Ok(server);
            }
            thread::sleep(Duration::from_millis(100));
        }
        bail!("the server does not answer")
    }

    /// Sends an operation; gives the cookie that came with the answer, if any, and the answer.
    fn ask(&self, cookie: Option<&str>, query: &str, variables: &Value) -> Result<(Option<String>, Value)> {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let cookie = cookie.map(|cookie| format!("cookie: {cookie}\r\n")).unwrap_or_default();
        let mut stream = TcpStream::connect(self.address)?;
        write!(
            stream,
            "POST /graphql HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\nx-keyhaus-csrf: 1\r\n{cookie}content-length: {}\r\nconnection: close\r\n\r\n{body}",
            self.address,
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").context("no answer")?;
        let set = head.lines().find_map(|line| line.strip_prefix("set-cookie: "));
        let set = set.and_then(|line| line.split(';').next()).map(str::to_owned);
        Ok((set, serde_json::from_str(body).with_context(|| head.to_owned())?))
    }

    fn sign_in(&self, name: &str, password: &str) -> Result<String> {
        let variables = json!({ "input": { "name": name, "password": password } });
        let (cookie, answer) = self.ask(None, SIGN_IN, &variables)?;
        cookie.with_context(|| format!("{name} cannot sign in: {answer}"))
    }

    /// How long a refusal takes. The answer has to be the one of a wrong password.
    fn refusal(&self, name: &str) -> Result<Duration> {
        let variables = json!({ "input": { "name": name, "password": "Falsch-Geraten-1" } });
        let start = Instant::now();
        let (_, answer) = self.ask(None, SIGN_IN, &variables)?;
        let took = start.elapsed();
        ensure!(
            answer["errors"][0]["extensions"]["reason"] == "WRONG_CREDENTIALS",
            "{answer}"
        );
        Ok(took)
    }

    /// The medians of refusals of known and unknown names, asked in turn.
    fn known_and_unknown(&self) -> Result<(Duration, Duration)> {
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for round in 0..TRIES {
            for (n, name) in KNOWN.iter().enumerate() {
                known.push(self.refusal(name)?);
                unknown.push(self.refusal(&format!("9{round}{n}999"))?);
            }
        }
        Ok((Times::of(known).median(), Times::of(unknown).median()))
    }

    /// How long it takes to ask for forgotten login data, of known and unknown names in turn; fewer than the limit of an
    /// address.
    fn forgotten(&self) -> Result<(Times, Times)> {
        let ask = |name: &str| {
            let start = Instant::now();
            let (_, answer) = self.ask(None, REQUEST_ACCESS, &json!({ "input": { "name": name } }))?;
            let took = start.elapsed();
            ensure!(answer["data"]["requestAccess"]["isTakenDown"] == true, "{answer}");
            thread::sleep(SETTLED); // the mail of the one before is written behind the answer
            Ok(took)
        };
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        ask("900000")?;
        for round in 0..TRIES {
            known.push(ask(KNOWN.get(round % KNOWN.len()).copied().unwrap_or_default())?);
            unknown.push(ask(&format!("9{round:05}"))?);
        }
        Ok((Times::of(known), Times::of(unknown)))
    }

    /// How long the list of products takes, again and again until it is enough.
    fn lists(&self, cookie: &str, is_over: impl Fn() -> bool, at_most: usize) -> Result<Times> {
        let mut times = Vec::new();
        while times.len() < at_most && !is_over() {
            let start = Instant::now();
            let (_, answer) = self.ask(Some(cookie), PRODUCTS, &json!({}))?;
            times.push(start.elapsed());
            ensure!(answer["data"]["products"]["totalCount"].is_number(), "{answer}");
        }
        Ok(Times::of(times))
    }

    /// All sign in at once, each again until he is looked at, while somebody asks for the products.
    fn burst(&self, cookie: &str) -> Result<Burst> {
        let (is_over, waited) = (AtomicBool::new(false), AtomicUsize::new(0));
        thread::scope(|scope| {
            let lists = scope.spawn(|| self.lists(cookie, || is_over.load(Ordering::Relaxed), usize::MAX));
            let start = Instant::now();
            let people: Vec<_> = (0..BURST)
                .map(|n| {
                    let waited = &waited;
                    scope.spawn(move || self.until_looked_at(&format!("8{n:05}"), waited))
                })
                .collect();
            let mut failed = None;
            for person in people {
                match person.join() {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) => failed = Some(error),
                    Err(_) => bail!("a sign-in broke off"),
                }
            }
            let took = start.elapsed();
            is_over.store(true, Ordering::Relaxed);
            let lists = lists.join().map_err(|_| anyhow::anyhow!("the lists broke off"))??;
            failed.map_or(Ok(()), Err)?;
            Ok(Burst {
                took,
                waited: waited.load(Ordering::Relaxed),
                lists,
            })
        })
    }

    fn until_looked_at(&self, name: &str, waited: &AtomicUsize) -> Result<()> {
        let variables = json!({ "input": { "name": name, "password": "Falsch-Geraten-1" } });
        loop {
            let (_, answer) = self.ask(None, SIGN_IN, &variables)?;
            if answer["errors"][0]["extensions"]["code"] != "THROTTLED" {
                return Ok(());
            }
            waited.fetch_add(1, Ordering::Relaxed);
            thread::sleep(Duration::from_millis(500));
        }
    }

    /// The most memory that the server has had at once, in KiB.
    fn peak_memory(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let text = line.context("the system does not say how much memory a process has had")?;
        Ok(text.trim().trim_end_matches(" kB").parse()?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A server that is gone already, and a folder that cannot be removed, are no reason to fail.
        self.process.kill().ok();
        self.process.wait().ok();
        fs::remove_dir_all(&self.folder).ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_what_was_measured() {
        let times = Times::of((1..=200).rev().map(Duration::from_millis).collect());
        assert_eq!(times.median(), Duration::from_millis(100));
        assert_eq!(times.percentile(99), Duration::from_millis(198));
        assert_eq!(Times::of(Vec::new()).median(), Duration::ZERO);
    }
}

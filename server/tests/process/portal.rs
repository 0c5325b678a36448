//! A portal as a process of its own.
use serde_json::{Value, json};
use std::{
    env,
    io::{self, BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
};

/// `keyhaus` without a setting of the machine that the test runs on.
pub(crate) fn keyhaus() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keyhaus"));
    for (name, _) in env::vars().filter(|(name, _)| name.starts_with("KEYHAUS_") || name == "DATABASE_URL") {
        command.env_remove(name);
    }
    command
}

/// A port that nobody listens on.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A demo that serves; killed when dropped.
pub(crate) struct Portal {
    process: Child,
    port: u16,
    cookie: Option<String>,
}

impl Portal {
    /// Starts a demo on a data folder and waits until it says its address.
    pub(crate) fn start(data: &Path, database_url: Option<&str>) -> Self {
        Self::start_with(data, database_url, &[])
    }

    /// Like [`Portal::start`], with further settings.
    pub(crate) fn start_with(data: &Path, database_url: Option<&str>, settings: &[(&str, &Path)]) -> Self {
        let port = free_port();
        let mut command = keyhaus();
        command
            .args(["serve", "--demo"])
            .env("KEYHAUS_DATA_DIR", data)
            .env("KEYHAUS_LISTEN", format!("127.0.0.1:{port}"));
        if let Some(url) = database_url {
            command.env("DATABASE_URL", url);
        }
        command.envs(settings.iter().copied());
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut said = BufReader::new(process.stdout.take().unwrap())
            .lines()
            .map_while(Result::ok);
        let is_there = said.any(|line| line.contains("Mails are shown at"));
        assert!(is_there, "the demo did not start: {:?}", process.wait());
        std::thread::spawn(move || said.count());
        Self {
            process,
            port,
            cookie: None,
        }
    }

    /// Ends it at once, as `kill -9` does.
    pub(crate) fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Somebody who asks in a thread of his own, with the session of this moment.
    pub(crate) fn caller(&self) -> Caller {
        Caller {
            port: self.port,
            cookie: self.cookie.clone(),
        }
    }

    /// Sends an operation and gives its data.
    pub(crate) fn data(&mut self, query: &str, variables: Value) -> Value {
        let answer = self.caller().post(query, variables).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        if let Some(set) = head.lines().find_map(|line| line.strip_prefix("set-cookie: ")) {
            self.cookie = set.split(';').next().map(str::to_owned);
        }
        let answer: Value = serde_json::from_str(body).unwrap();
        assert_eq!(answer.get("errors"), None, "{query}");
        answer["data"].clone()
    }

    /// Signs in as one of the demo's people.
    pub(crate) fn sign_in(&mut self, name: &str) {
        let query = "mutation($input: SignInInput!) { signIn(input: $input) { viewer { id } } }";
        self.data(
            query,
            json!({ "input": { "name": name, "password": server::demo::PASSWORD } }),
        );
    }
}

/// Who asks a portal that may be killed meanwhile.
#[derive(Clone)]
pub(crate) struct Caller {
    port: u16,
    cookie: Option<String>,
}

impl Caller {
    /// Sends an operation; the answer with its head, if a whole one came.
    fn post(&self, query: &str, variables: Value) -> io::Result<String> {
        let body = json!({ "query": query, "variables": variables }).to_string();
        self.send(&format!(
            "POST /graphql HTTP/1.0\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\nx-keyhaus-csrf: 1\r\n{}content-length: {}\r\n\r\n{body}",
            self.cookie.as_ref().map(|cookie| format!("cookie: {cookie}\r\n")).unwrap_or_default(),
            body.len()
        ))
    }

    /// Brings a file; its id.
    pub(crate) fn upload(&self, name: &str, text: &str) -> Value {
        let answer = self.send(&format!(
            "POST /files?name={name} HTTP/1.0\r\nhost: 127.0.0.1\r\ncontent-type: application/octet-stream\r\nx-keyhaus-csrf: 1\r\n{}content-length: {}\r\n\r\n{text}",
            self.cookie.as_ref().map(|cookie| format!("cookie: {cookie}\r\n")).unwrap_or_default(),
            text.len()
        ));
        let (status, body) = status_and_body(&answer.unwrap());
        assert_eq!(status, 200, "{body}");
        serde_json::from_str::<Value>(&body).unwrap()["id"].clone()
    }

    fn send(&self, request: &str) -> io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }

    /// Gets a path: the status, and the body.
    pub(crate) fn get(&self, path: &str) -> (u16, String) {
        let answer = self.send(&format!("GET {path} HTTP/1.0\r\nhost: 127.0.0.1\r\n\r\n"));
        status_and_body(&answer.unwrap())
    }

    /// Sends an operation: the status, and the body.
    pub(crate) fn ask(&self, query: &str, variables: Value) -> (u16, String) {
        status_and_body(&self.post(query, variables).unwrap())
    }

    /// Whether an operation was acknowledged: a whole answer came, without errors.
    pub(crate) fn is_acknowledged(&self, query: &str, variables: Value) -> bool {
        let Ok(answer) = self.post(query, variables) else {
            return false;
        };
        let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        serde_json::from_str::<Value>(body).is_ok_and(|answer| answer.get("errors").is_none())
    }
}

fn status_and_body(answer: &str) -> (u16, String) {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap();
    (status.parse().unwrap(), body.to_owned())
}

impl Drop for Portal {
    fn drop(&mut self) {
        // It may be gone already.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

//! TLS in the binary: a browser that trusts the certificate is served, and a stop lets its request finish.
use crate::portal::{free_port, keyhaus};
use std::{
    fs,
    io::{BufRead, BufReader, Lines},
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    process::{Child, ChildStderr, Command, Stdio},
    sync::Arc,
    time::Duration,
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        ClientConfig, RootCertStore,
        crypto::ring,
        pki_types::{CertificateDer, ServerName},
    },
};

/// A certificate for `portal.example` that nobody but the test trusts, as the two files of the settings.
fn certificate(folder: &Path) -> CertificateDer<'static> {
    let made = rcgen::generate_simple_self_signed(["portal.example".to_owned()]).unwrap();
    fs::write(folder.join("cert.pem"), made.cert.pem()).unwrap();
    fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
    made.cert.der().clone()
}

/// A demo that serves by TLS; killed when dropped.
struct Portal {
    process: Child,
    log: Lines<BufReader<ChildStderr>>,
    address: SocketAddr,
    trusted: CertificateDer<'static>,
    _folder: TempDir,
}

impl Portal {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let trusted = certificate(folder.path());
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()));
        let mut process = keyhaus()
            .args(["serve", "--demo"])
            .env("KEYHAUS_DATA_DIR", folder.path().join("data"))
            .env("KEYHAUS_LISTEN", address.to_string())
            .env("KEYHAUS_ORIGIN", "https://portal.example")
            .env("KEYHAUS_TLS_CERT", folder.path().join("cert.pem"))
            .env("KEYHAUS_TLS_KEY", folder.path().join("key.pem"))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = BufReader::new(process.stderr.take().unwrap()).lines();
        let mut portal = Self {
            process,
            log,
            address,
            trusted,
            _folder: folder,
        };
        portal.wait_for("\"serving\"");
        portal
    }

    /// Reads the log until a line says this.
    fn wait_for(&mut self, words: &str) {
        let is_said = self.log.by_ref().map_while(Result::ok).any(|line| line.contains(words));
        assert!(is_said, "the log ended without {words}");
    }

    /// A connection of a browser that trusts the certificate, for this host.
    async fn connect(&self, host: &'static str) -> std::io::Result<TlsStream<TcpStream>> {
        let mut roots = RootCertStore::empty();
        roots.add(self.trusted.clone()).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let stream = TcpStream::connect(self.address).await.unwrap();
        let host = ServerName::try_from(host).unwrap();
        TlsConnector::from(Arc::new(config)).connect(host, stream).await
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        // It may be gone already.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

#[tokio::test]
async fn a_browser_that_trusts_the_certificate_is_served_while_others_say_nothing() {
    let portal = Portal::start();
    let silent = TcpStream::connect(portal.address).await.unwrap();
    let mut plain = TcpStream::connect(portal.address).await.unwrap();
    plain.write_all(b"GET /healthz HTTP/1.0\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    plain.read_to_end(&mut answer).await.ok();
    assert!(!answer.starts_with(b"HTTP/"), "plain HTTP was answered");

    let mut stream = portal.connect("portal.example").await.unwrap();
    stream
        .write_all(b"GET /readyz HTTP/1.0\r\nhost: portal.example\r\n\r\n")
        .await
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.0 200 OK\r\n"), "{answer}");
    assert!(answer.ends_with("\r\n\r\nready"), "{answer}");
    assert!(
        portal.connect("other.example").await.is_err(),
        "another host is not its"
    );
    drop(silent);
}

#[tokio::test]
async fn a_request_by_tls_is_finished_after_the_stop() {
    let mut portal = Portal::start();
    let mut stream = portal.connect("portal.example").await.unwrap();
    let body = r#"{"query":"{ portal { isDemo } }"}"#;
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: portal.example\r\ncontent-type: application/json\r\nx-keyhaus-csrf: 1\r\nexpect: 100-continue\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut part = [0; 64];
    let length = stream.read(&mut part).await.unwrap();
    assert!(
        part[..length].starts_with(b"HTTP/1.1 100 "),
        "the request is not under way"
    );
    let told = Command::new("kill")
        .args(["-TERM", &portal.process.id().to_string()])
        .status()
        .unwrap();
    assert!(told.success());
    portal.wait_for("stopping");
    stream.write_all(body.as_bytes()).await.unwrap();
    let mut answer = String::new();
    tokio::time::timeout(Duration::from_secs(60), stream.read_to_string(&mut answer))
        .await
        .unwrap()
        .unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains(r#""isDemo":true"#), "{answer}");
    assert_eq!(portal.process.wait().unwrap().code(), Some(0));
}

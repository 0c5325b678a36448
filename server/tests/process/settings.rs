//! A setting that cannot work ends the start with one clear sentence and a failure.
use crate::portal::{free_port, keyhaus};
use std::{net::TcpListener, path::Path, process::Command};

/// What a start says that fails.
fn said(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_eq!(output.stdout, b"", "nothing was served");
    let text = String::from_utf8(output.stderr).unwrap();
    let lines: Vec<_> = text.lines().filter(|line| !line.starts_with('{')).collect();
    assert_eq!(lines.len(), 1, "{text}");
    lines[0].to_owned()
}

fn demo(data: &Path) -> Command {
    let mut command = keyhaus();
    command.args(["serve", "--demo"]).env("KEYHAUS_DATA_DIR", data);
    command.env("KEYHAUS_LISTEN", format!("127.0.0.1:{}", free_port()));
    command
}

#[test]
fn a_port_that_is_taken_is_named() {
    let data = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let sentence = said(demo(data.path()).env("KEYHAUS_LISTEN", &address));
    assert!(
        sentence.starts_with(&format!("keyhaus: the address {address} cannot be listened on: ")),
        "{sentence}"
    );
}

#[test]
fn a_data_folder_that_cannot_be_used_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let sentence = said(&mut demo(&file.join("data")));
    assert!(
        sentence.starts_with(&format!(
            "keyhaus: the data folder {} cannot be made",
            file.join("data").display()
        )),
        "{sentence}"
    );
}

#[test]
fn a_wrong_database_url_is_named_without_its_password() {
    let data = tempfile::tempdir().unwrap();
    let sentence = said(demo(data.path()).env("DATABASE_URL", "mysql://me:canary@localhost/keyhaus"));
    assert!(
        sentence.starts_with("keyhaus: DATABASE_URL is \"mysql://…@localhost/keyhaus\", but takes"),
        "{sentence}"
    );
    let nobody = format!("postgres://me:canary@127.0.0.1:{}/keyhaus", free_port());
    let sentence = said(demo(data.path()).env("DATABASE_URL", nobody));
    assert!(
        sentence.starts_with("keyhaus: the database postgres://…@127.0.0.1:") && !sentence.contains("canary"),
        "{sentence}"
    );
}

#[test]
fn a_key_file_that_is_missing_is_asked_for() {
    let data = tempfile::tempdir().unwrap();
    let mut command = keyhaus();
    command
        .arg("serve")
        .env("KEYHAUS_DATA_DIR", data.path())
        .env("KEYHAUS_LISTEN", format!("127.0.0.1:{}", free_port()));
    let sentence = said(&mut command);
    assert!(
        sentence.starts_with("keyhaus: KEYHAUS_KEY_FILE is not set"),
        "{sentence}"
    );
    let absent = data.path().join("absent");
    let sentence = said(command.env("KEYHAUS_KEY_FILE", &absent));
    assert!(
        sentence.starts_with(&format!("keyhaus: the key file {} cannot be read", absent.display())),
        "{sentence}"
    );
}

#[test]
fn an_origin_without_tls_is_for_this_machine_only() {
    let data = tempfile::tempdir().unwrap();
    let sentence = said(demo(data.path()).env("KEYHAUS_ORIGIN", "http://portal.example"));
    assert!(
        sentence.contains("without https only this machine itself may be served"),
        "{sentence}"
    );
}

#[test]
fn a_certificate_without_its_key_is_refused_and_so_is_a_key_without_its_certificate() {
    let data = tempfile::tempdir().unwrap();
    let cert = data.path().join("cert.pem");
    assert_eq!(
        said(demo(data.path()).env("KEYHAUS_TLS_CERT", &cert)),
        "keyhaus: KEYHAUS_TLS_CERT is set without KEYHAUS_TLS_KEY: TLS needs both, or neither"
    );
    assert_eq!(
        said(demo(data.path()).env("KEYHAUS_TLS_KEY", &cert)),
        "keyhaus: KEYHAUS_TLS_KEY is set without KEYHAUS_TLS_CERT: TLS needs both, or neither"
    );
}

#[test]
fn a_certificate_that_cannot_be_used_is_named() {
    let data = tempfile::tempdir().unwrap();
    let [cert, key, other] = ["cert.pem", "key.pem", "other.pem"].map(|name| data.path().join(name));
    let start = |key: &Path| {
        let mut command = demo(data.path());
        command.env("KEYHAUS_TLS_CERT", &cert).env("KEYHAUS_TLS_KEY", key);
        said(&mut command)
    };
    let sentence = start(&key);
    let named = format!(
        "keyhaus: the certificate {} (KEYHAUS_TLS_CERT) cannot be read: ",
        cert.display()
    );
    assert!(sentence.starts_with(&named), "{sentence}");

    std::fs::write(&cert, "no PEM").unwrap();
    let named = format!(
        "keyhaus: the file {} (KEYHAUS_TLS_CERT) has no certificate in PEM",
        cert.display()
    );
    assert_eq!(start(&key), named);

    let made = rcgen::generate_simple_self_signed(["portal.example".to_owned()]).unwrap();
    std::fs::write(&cert, made.cert.pem()).unwrap();
    std::fs::write(&key, "no PEM").unwrap();
    let sentence = start(&key);
    let named = format!("keyhaus: the key {} (KEYHAUS_TLS_KEY) cannot be read: ", key.display());
    assert!(sentence.starts_with(&named), "{sentence}");

    std::fs::write(&other, rcgen::KeyPair::generate().unwrap().serialize_pem()).unwrap();
    let sentence = start(&other);
    assert!(
        sentence.contains("(KEYHAUS_TLS_CERT, KEYHAUS_TLS_KEY) cannot be used together: "),
        "{sentence}"
    );
}

#[test]
fn an_origin_without_tls_does_not_go_with_a_certificate() {
    let data = tempfile::tempdir().unwrap();
    let mut command = demo(data.path());
    command
        .env("KEYHAUS_ORIGIN", "http://localhost:8080")
        .env("KEYHAUS_TLS_CERT", "cert.pem")
        .env("KEYHAUS_TLS_KEY", "key.pem");
    assert_eq!(
        said(&mut command),
        "keyhaus: KEYHAUS_ORIGIN is \"http://localhost:8080\", but with KEYHAUS_TLS_CERT the portal is served by https"
    );
}

//! What an operator does for applications that a session opens.
use crate::portal::keyhaus;
use sha2::{Digest, Sha256};
use std::{fs, path::Path, process::Command};

fn on(data: &Path) -> Command {
    let mut command = keyhaus();
    command
        .env("KEYHAUS_DATA_DIR", data)
        .env("KEYHAUS_KEY_FILE", data.join("keys"));
    command
}

fn answer(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_new_secret_comes_with_what_the_settings_file_keeps_of_it() {
    let text = answer(keyhaus().args(["sso", "secret"]));
    let (secret, line) = text.trim_end().split_once('\n').unwrap();
    assert_eq!(secret.len(), 64, "256 bits");
    let hash = hex::encode(Sha256::digest(secret));
    assert_eq!(line, format!("secret_sha256 = \"{hash}\""));
    assert_ne!(answer(keyhaus().args(["sso", "secret"])), text);
}

#[test]
fn an_operator_makes_a_new_key_at_once() {
    let data = tempfile::tempdir().unwrap();
    answer(keyhaus().args(["keys", "create"]).arg(data.path().join("keys")));
    let first = answer(on(data.path()).args(["sso", "rotate"]));
    let second = answer(on(data.path()).args(["sso", "rotate"]));
    assert_eq!((first.trim().len(), second.trim().len()), (32, 32));
    assert_ne!(first, second);
}

#[test]
fn a_client_that_cannot_work_is_named_at_the_start() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("keyhaus.toml");
    for (lines, expected) in [
        (
            "id = \"contracts\"\nname = \"Verträge\"\nredirect_uris = [\"http://contracts.example/back\"]",
            "\"http://contracts.example/back\" of the client \"contracts\" takes an address",
        ),
        (
            "id = \"contracts\"\nname = \"Verträge\"\nredirect_uris = []",
            "the client \"contracts\" has no redirect_uris",
        ),
        (
            "id = \"contracts\"\nname = \"Verträge\"\nsecret = \"canary\"\nredirect_uris = []",
            "the settings file",
        ),
    ] {
        fs::write(&file, format!("[[sso.clients]]\n{lines}\n")).unwrap();
        let output = on(data.path())
            .arg("serve")
            .env("KEYHAUS_CONFIG", &file)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.contains(expected), "{text}");
    }
}

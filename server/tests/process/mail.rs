//! What the operator does about mails at the console: reports that came back, and letters where there is no address.
use crate::portal::keyhaus;
use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

/// The binary on a data folder with keys of its own.
fn on(data: &Path) -> Command {
    let mut command = keyhaus();
    command.env("KEYHAUS_DATA_DIR", data);
    command.env("KEYHAUS_KEY_FILE", data.join("keys"));
    command
}

fn fed(mut command: Command, input: &str) -> Output {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut process = command.spawn().unwrap();
    process.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    process.wait_with_output().unwrap()
}

#[test]
fn reports_are_read_from_the_standard_input_and_what_is_none_ends_with_a_failure() {
    let data = tempfile::tempdir().unwrap();
    let keys = data.path().join("keys");
    assert!(
        on(data.path())
            .arg("keys")
            .arg("create")
            .arg(&keys)
            .status()
            .unwrap()
            .success()
    );
    let bounces = |input: &str| {
        let mut command = on(data.path());
        command.args(["mail", "bounces", "-"]);
        let output = fed(command, input);
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    assert_eq!(bounces(""), (Some(0), String::new()));
    assert_eq!(
        bounces("From: a@b.example\n\nhello\n"),
        (Some(0), "-: passed over: no delivery report\n".to_owned())
    );
    let broken = "Content-Type: multipart/report; report-type=delivery-status; boundary=a\n\n--a\n\nx\n--a--\n";
    let (code, said) = bounces(broken);
    assert_eq!(
        (code, said.as_str()),
        (Some(1), "-: refused: the report has no part message/delivery-status\n")
    );
    let nowhere = on(data.path()).args(["mail", "bounces", "/nowhere"]).output().unwrap();
    assert_eq!(nowhere.status.code(), Some(1));
    assert!(
        String::from_utf8(nowhere.stderr)
            .unwrap()
            .contains("/nowhere cannot be read")
    );
}

#[test]
fn a_customer_from_a_file_gets_a_letter_and_nobody_else_does() {
    let data = tempfile::tempdir().unwrap();
    let keys = data.path().join("keys");
    assert!(
        on(data.path())
            .arg("keys")
            .arg("create")
            .arg(&keys)
            .status()
            .unwrap()
            .success()
    );
    let file = data.path().join("customers.csv");
    fs::write(
        &file,
        "number,name,email,street,postal_code,city,language\n105555,Lüders,,Am Hang 3,45468,Mülheim,de\n",
    )
    .unwrap();
    assert!(
        on(data.path())
            .args(["import", "customers"])
            .arg(&file)
            .status()
            .unwrap()
            .success()
    );
    let letter = on(data.path()).args(["access", "letter", "105555"]).output().unwrap();
    assert!(
        letter.status.success() && letter.stdout.starts_with(b"%PDF-1.7"),
        "{:?}",
        letter.stderr
    );
    let none = on(data.path()).args(["access", "letter", "105556"]).output().unwrap();
    assert_eq!((none.status.code(), none.stdout.len()), (Some(1), 0));
    assert!(
        String::from_utf8(none.stderr)
            .unwrap()
            .contains("there is no such account")
    );
}

//! `keyhaus audit verify` beside a portal that serves: it says that the log is whole, and names what was changed.
use crate::portal::{Portal, keyhaus};
use sea_orm::{ConnectionTrait, Database};
use std::{path::Path, process::Output};

fn verify(data: &Path) -> Output {
    let mut command = keyhaus();
    command.args(["audit", "verify"]);
    command.env("KEYHAUS_DATA_DIR", data);
    command.env("KEYHAUS_KEY_FILE", data.join("keys"));
    command.output().unwrap()
}

fn said(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

#[tokio::test]
async fn verify_says_whole_and_then_names_the_altered_row_h06() {
    let data = tempfile::tempdir().unwrap();
    let portal = Portal::start(data.path(), None);
    // the sealer looks by itself; what it has not sealed yet is said to wait
    let mut whole = verify(data.path());
    for _ in 0..100 {
        assert_eq!(whole.status.code(), Some(0), "{whole:?}");
        if !said(&whole).starts_with("0 sealed rows") {
            break;
        }
        whole = verify(data.path());
    }
    assert!(said(&whole).ends_with(": the log is whole\n"), "{whole:?}");
    assert!(!said(&whole).starts_with("0 sealed rows"), "{whole:?}");
    portal.kill();

    let url = format!("sqlite://{}", data.path().join("keyhaus.db").display());
    let db = Database::connect(url).await.unwrap();
    let altered = "UPDATE audit SET act = 'signOut' WHERE id = (SELECT audit_id FROM audit_seal WHERE sequence = 1)";
    assert_eq!(db.execute_unprepared(altered).await.unwrap().rows_affected(), 1);
    db.close().await.unwrap();
    let broken = verify(data.path());
    assert_eq!(broken.status.code(), Some(1), "{broken:?}");
    let lines: Vec<_> = said(&broken).lines().collect();
    assert!(
        lines[0].starts_with("1: row ") && lines[0].ends_with(" is not as it was sealed"),
        "{lines:?}"
    );
    assert!(lines[lines.len() - 1].ends_with(": 1 fault"), "{lines:?}");
}

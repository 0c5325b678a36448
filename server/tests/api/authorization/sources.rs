//! The backstop of all rules about accounts: no function of the server reads or writes what belongs to an account
//! without naming the account (security E09).
use std::{fs, path::Path};

/// Tables whose rows belong to an account by the row of another table that they refer to.
const BY_ANOTHER: [&str; 2] = ["device_key", "read_right"];

/// Functions that read such a table without an account, and what keeps them from showing it to others.
const KNOWN: &[(&str, &str, &str)] = &[
    (
        "access/moved.rs",
        "apart",
        "of an assignment that its callers found for the dealer",
    ),
    ("transfer/list.rs", "devices", "of an offer that concerns the account"),
    (
        "invoice/arrival.rs",
        "skip",
        "marks what all customers knew before; shows nothing",
    ),
    (
        "dealer/decide.rs",
        "undecided",
        "staff decides the requests of all customers",
    ),
    ("access/link.rs", "good", "the token of a link is the proof"),
    ("access/ending.rs", "device_counts", "of the rights that are told"),
    (
        "access/import/mod.rs",
        "forget_old",
        "deletes what is over, and shows nothing",
    ),
    (
        "access/link.rs",
        "pending_of",
        "of an offer that a token or the dealer's own row names",
    ),
    (
        "access/load.rs",
        "load",
        "of devices and assignments that a list has found",
    ),
    (
        "access/mod.rs",
        "add_devices",
        "chosen among those that the dealer holds",
    ),
    ("access/mod.rs", "rights", "of the assignments that its callers name"),
    ("invoice/desk.rs", "find", "staff, checked by its callers"),
    ("invoice/desk.rs", "page", "staff, checked first"),
    (
        "invoice/buyer_rule.rs",
        "matching",
        "the rules are the provider's; they name the account",
    ),
    ("invoice/buyer_rule.rs", "remove", "staff, checked first"),
    ("invoice/graphql/intake.rs", "load", "of files that staff listed"),
    (
        "invoice/intake/conflict.rs",
        "close",
        "of the row that its caller found for staff",
    ),
    ("invoice/intake/list.rs", "get", "staff, checked first"),
    ("invoice/intake/list.rs", "page", "staff, checked first"),
    ("invoice/intake/mod.rs", "close", "of the row that the intake reads"),
    (
        "invoice/intake/mod.rs",
        "known",
        "the intake itself, before there is an account",
    ),
    (
        "invoice/intake/mod.rs",
        "process",
        "the intake itself, before there is an account",
    ),
    (
        "invoice/intake/worker.rs",
        "take_waiting",
        "the intake itself, before there is an account",
    ),
    ("invoice/payment.rs", "set", "staff, checked first"),
    ("invoice/payment.rs", "write", "of the row that its callers found"),
    (
        "exchange/order.rs",
        "all",
        "staff that handles requests, for all customers",
    ),
    (
        "invoice/archive.rs",
        "count",
        "the condition that `chosen` made for the account in view",
    ),
    (
        "invoice/archive.rs",
        "rows",
        "the condition that `chosen` made for the account in view",
    ),
    ("member/invitation.rs", "invited_by", "the token of a link is the proof"),
    (
        "meter/hand_out.rs",
        "opened",
        "of devices that `Scope` lets the actor see",
    ),
    ("meter/hand_out.rs", "forget", "deletes what is over, and shows nothing"),
    (
        "meter/load.rs",
        "load",
        "names and origins of keys of devices that a list has found",
    ),
    (
        "meter/prove.rs",
        "keep",
        "of devices that the account in view holds, as `Scope::holds` says",
    ),
    (
        "meter/prove.rs",
        "keys_of",
        "of devices that its callers found for the actor",
    ),
    ("meter/request.rs", "find", "those that `visible` lets the actor see"),
    ("meter/request.rs", "list", "those that `visible` lets the actor see"),
    (
        "meter/reveal.rs",
        "reveal",
        "of the device that `get` gave to this actor",
    ),
    (
        "meter/selection.rs",
        "summary",
        "chosen among those that the dealer holds",
    ),
    (
        "meter/staging/commit.rs",
        "replace",
        "of a device that the dealer holds, as `Stored` says",
    ),
    ("meter/staging/mod.rs", "delete", "of an import that its callers found"),
    (
        "meter/staging/undo.rs",
        "touched",
        "of an import that `undo` found in the account in view",
    ),
    (
        "meter/staging/worker.rs",
        "finish",
        "of an import that waits for the worker, which shows nothing",
    ),
    (
        "meter/staging/worker.rs",
        "judge_waiting",
        "all that wait, or are over: the worker shows nothing",
    ),
    ("meter/usage.rs", "seen", "of devices that its callers found"),
    ("meter/verdict.rs", "stored_keys", "of devices that the dealer holds"),
    (
        "order/decide.rs",
        "decide_in",
        "staff that handles requests, for all customers",
    ),
    (
        "order/decide.rs",
        "find",
        "staff that handles requests, for all customers",
    ),
    (
        "order/list.rs",
        "office_get",
        "staff that handles requests, for all customers",
    ),
    ("order/load.rs", "load", "of the orders that a list has found"),
    (
        "order/receipt.rs",
        "failed",
        "staff that handles requests, for all customers",
    ),
    ("order/receipt.rs", "note", "of the order that its callers found"),
    ("order/receipt.rs", "note_posted", "of the order that `failed` gave"),
    ("session/mod.rs", "memberships", "of the user himself"),
    ("sso/backchannel.rs", "lease", "of all accounts: what is due to be told"),
    ("sso/backchannel.rs", "tell_due", "of the visit that `lease` gave"),
    (
        "sso/logout.rs",
        "is_of_session",
        "compared with the session of the request",
    ),
    ("sso/visit.rs", "end_over", "of all accounts: what is over"),
    ("sso/visit.rs", "forget", "of all accounts: what is over"),
    (
        "sso/visit.rs",
        "open_membership",
        "of the visit around it: its person and its account",
    ),
    (
        "webhook/endpoint.rs",
        "delete",
        "those that wait for nobody; staff that administers",
    ),
    (
        "webhook/worker.rs",
        "claim",
        "sends whatever is due, and shows it to nobody else",
    ),
    ("webhook/worker.rs", "sweep", "deletes what is over, and shows nothing"),
];

/// What a function says that keeps to one account, or to the user himself.
const SCOPES: [&str; 3] = ["account", "Scope::of(actor)", ".user_id.eq(actor.user)"];

/// The functions of a source: name and text, each with what is above it since the former one ended.
fn functions(source: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in source.lines() {
        let words: Vec<_> = line.split_whitespace().collect();
        if let Some(at) = words.iter().position(|word| *word == "fn").filter(|at| *at <= 3)
            && !line.trim_start().starts_with("//")
        {
            let name = words.get(at + 1).copied().unwrap_or_default();
            let end = name.find(['(', '<']).unwrap_or(name.len());
            found.push((name[..end].to_owned(), String::new()));
        }
        if let Some((_, text)) = found.last_mut() {
            text.push_str(line);
            text.push('\n');
        }
    }
    found
}

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push((path.to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap()));
        }
    }
}

/// The tables whose rows belong to an account.
fn tables_of_accounts(root: &Path) -> Vec<String> {
    let mut entities = Vec::new();
    sources(&root.join("entity"), &mut entities);
    let of_account = |(path, source): &(String, String)| {
        let name = Path::new(path).file_stem()?.to_str()?.to_owned();
        let belongs = source.contains("pub account_id:") || BY_ANOTHER.contains(&name.as_str());
        (belongs && !["session", "audit", "link"].contains(&name.as_str())).then_some(name)
    };
    entities.iter().filter_map(of_account).collect()
}

/// Whether a function asks the database for rows of a table.
fn asks(text: &str, table: &str) -> bool {
    ["find", "update_many", "delete_many", "delete_by_id"]
        .iter()
        .any(|verb| {
            let call = format!("{table}::Entity::{verb}");
            let mut rest = text;
            while let Some(at) = rest.find(&call) {
                let before = rest[..at].chars().last();
                if !before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
                    return true;
                }
                rest = &rest[at + call.len()..];
            }
            false
        })
}

#[test]
fn no_function_asks_for_what_belongs_to_an_account_without_naming_the_account_e09() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let tables = tables_of_accounts(&root);
    for table in [
        "contract",
        "invoice",
        "device",
        "device_key",
        "assignment",
        "membership",
        "invitation",
        "key_import",
    ] {
        assert!(tables.iter().any(|known| known == table), "{table}");
    }
    let mut all = Vec::new();
    sources(&root, &mut all);
    let (mut unknown, mut asked) = (Vec::new(), 0);
    for (path, source) in &all {
        let path = Path::new(path)
            .strip_prefix(&root)
            .unwrap()
            .to_string_lossy()
            .replace('\\', "/");
        if path.starts_with("demo/") || path.starts_with("entity/") {
            continue; // invented accounts, and the tables themselves
        }
        for (name, text) in functions(source) {
            for table in tables.iter().filter(|table| asks(&text, table)) {
                asked += 1;
                let is_known = KNOWN
                    .iter()
                    .any(|known| (known.0, known.1) == (path.as_str(), name.as_str()));
                if !SCOPES.iter().any(|scope| text.contains(scope)) && !is_known {
                    unknown.push(format!("{path}: {name} asks for {table}"));
                }
            }
        }
    }
    assert_eq!(
        unknown,
        Vec::<String>::new(),
        "filter by the account, or say in KNOWN why not"
    );
    assert!(asked > 40, "{asked}");
    for (path, name, why) in KNOWN {
        assert!(!why.is_empty());
        let exists = all
            .iter()
            .any(|(file, source)| file.ends_with(path) && functions(source).iter().any(|known| known.0 == *name));
        assert!(exists, "{path}: {name} is no more");
    }
}

#[test]
fn the_backstop_sees_a_function_that_forgets_the_account_e09() {
    let source = "/// Doc.\npub async fn bad(id: InvoiceId) -> Result<()> {\n    invoice::Entity::find_by_id(id).one(db)\n}\n\nfn good() {\n    contract::Entity::find().filter(contract::COLUMN.account_id.eq(id))\n}\n";
    let found = functions(source);
    assert_eq!(
        found.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        ["bad", "good"]
    );
    assert!(asks(&found[0].1, "invoice") && !asks(&found[0].1, "voice") && !found[0].1.contains("account"));
}

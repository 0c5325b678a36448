//! Who may do what: a row for every query and mutation. The test fails when one is missing (security E01), and
//! each refusal leaves every table as it was.
use crate::app::{Person, TestApp, now};
use sea_orm::{ActiveModelTrait, ConnectionTrait, IntoActiveModel, Statement};
use serde_json::{Value, json};
use server::{
    entity::{assignment, device, read_right},
    graphql,
    invoice::{
        import::{Operator, Source, import},
        report::Outcome,
    },
    product::{self, NewContract, NewProduct},
};
use shared::{
    account::Right,
    device::DeviceKind,
    id::{AssignmentId, ContractId, DeviceId, InvoiceId},
    money::Amount,
    product::{ContractState, PricePeriod},
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The objects that the rows below name: contract and invoice of the customer, device and assignment of the dealer.
struct World {
    contract: ContractId,
    invoice: InvoiceId,
    device: DeviceId,
    assignment: AssignmentId,
}

/// Who tries, in the order of the columns below.
const ROLES: [&str; 7] = [
    "anonymous",
    "customer",
    "bookkeeper",
    "stranger",
    "dealer",
    "other dealer",
    "staff",
];

/// Answers: done, or a code in short.
const OK: &str = "";
const NO: &str = "FORBIDDEN";
const GONE: &str = "NOT_FOUND";
const WHO: &str = "UNAUTHENTICATED";
const BAD: &str = "INVALID";

/// One row: the field, its operation, its variables, and what each role gets.
type Row = (&'static str, &'static str, Value, [&'static str; 7]);

fn rows(world: &World) -> Vec<Row> {
    let id = |id: Uuid| json!({ "id": id });
    let input = |input: Value| json!({ "input": input });
    let nothing = || json!({});
    let members_of_any = [WHO, OK, NO, OK, OK, OK, NO];
    let readers_of_invoices = [WHO, OK, OK, OK, OK, OK, NO];
    let dealers = [WHO, NO, NO, NO, OK, OK, NO];
    vec![
        ("portal", "{ portal { providerName } }", nothing(), [OK; 7]),
        (
            "viewer",
            "{ viewer { id name email language rights account { id } memberships { rights } dueInvoiceCount deviceCount } }",
            nothing(),
            [OK; 7],
        ),
        (
            "products",
            "{ products { totalCount } }",
            nothing(),
            [WHO, OK, OK, OK, OK, OK, OK],
        ),
        ("contracts", "{ contracts { totalCount } }", nothing(), members_of_any),
        (
            "contract",
            "query($id: ContractId!) { contract(id: $id) { number } }",
            id(world.contract.0),
            [WHO, OK, NO, GONE, GONE, GONE, NO],
        ),
        (
            "invoices",
            "{ invoices { totalCount } }",
            nothing(),
            readers_of_invoices,
        ),
        (
            "invoice",
            "query($id: InvoiceId!) { invoice(id: $id) { number } }",
            id(world.invoice.0),
            [WHO, OK, OK, GONE, GONE, GONE, NO],
        ),
        (
            "invoiceYears",
            "{ invoiceYears { year } }",
            nothing(),
            readers_of_invoices,
        ),
        (
            "invoiceMonths",
            "{ invoiceMonths { month } }",
            nothing(),
            readers_of_invoices,
        ),
        ("devices", "{ devices { totalCount } }", nothing(), members_of_any),
        (
            "device",
            "query($id: DeviceId!) { device(id: $id) { serialNumber } }",
            id(world.device.0),
            [WHO, GONE, NO, GONE, OK, GONE, NO],
        ),
        ("deviceFacets", "{ deviceFacets { models } }", nothing(), members_of_any),
        (
            "deviceSelection",
            "query($selection: DeviceSelection!) { deviceSelection(selection: $selection) { count } }",
            json!({ "selection": { "ids": [world.device] } }),
            [WHO, NO, NO, NO, OK, GONE, NO],
        ),
        ("assignments", "{ assignments { totalCount } }", nothing(), dealers),
        ("keyImports", "{ keyImports { totalCount } }", nothing(), dealers),
        (
            "keyImportPreview",
            "query($input: ImportKeysInput!) { keyImportPreview(input: $input) { totalCount } }",
            input(json!({ "fileId": Uuid::nil(), "password": "x" })),
            [WHO, NO, NO, NO, GONE, GONE, NO],
        ),
        ("link", "{ link(token: \"x\") { email } }", nothing(), [BAD; 7]),
        (
            "auditEntries",
            "{ auditEntries { totalCount } }",
            nothing(),
            [WHO, OK, OK, OK, OK, OK, OK],
        ),
        ("auditActs", "{ auditActs }", nothing(), [WHO, OK, OK, OK, OK, OK, OK]),
        (
            "tokens",
            "{ tokens { id } }",
            nothing(),
            [WHO, OK, OK, OK, OK, OK, OK],
        ),
        (
            "createToken",
            "mutation($input: CreateTokenInput!) { createToken(input: $input) { secret } }",
            input(json!({ "name": "x", "scopes": ["SEE_INVOICES"], "expiresOn": "2026-12-31" })),
            [WHO, OK, OK, OK, OK, OK, NO],
        ),
        (
            "revokeToken",
            "mutation($input: RevokeTokenInput!) { revokeToken(input: $input) { id } }",
            input(json!({ "id": Uuid::nil() })),
            [WHO, GONE, GONE, GONE, GONE, GONE, GONE],
        ),
        ("mails", "{ mails { totalCount } }", nothing(), [GONE; 7]),
        (
            "signIn",
            "mutation($input: SignInInput!) { signIn(input: $input) { viewer { id } } }",
            input(json!({ "name": "104233", "password": "x" })),
            [BAD; 7],
        ),
        (
            "signOut",
            "mutation { signOut { isSignedOut } }",
            nothing(),
            [WHO, OK, OK, OK, OK, OK, OK],
        ),
        (
            "stepUp",
            "mutation($input: StepUpInput!) { stepUp(input: $input) { validUntil } }",
            input(json!({ "password": "x" })),
            [WHO, BAD, BAD, BAD, BAD, BAD, BAD],
        ),
        (
            "switchAccount",
            "mutation($input: SwitchAccountInput!) { switchAccount(input: $input) { viewer { id } } }",
            input(json!({ "accountId": Uuid::nil() })),
            [WHO, GONE, GONE, GONE, GONE, GONE, GONE],
        ),
        (
            "changePreferences",
            "mutation($input: ChangePreferencesInput!) { changePreferences(input: $input) { viewer { language } } }",
            input(json!({ "language": "EN" })),
            [WHO, OK, OK, OK, OK, OK, OK],
        ),
        (
            "completeRegistration",
            "mutation($input: CompleteRegistrationInput!) { completeRegistration(input: $input) { viewer { id } } }",
            input(json!({ "token": "x", "password": "Sieben-Wege-26", "language": "DE" })),
            [BAD; 7],
        ),
        (
            "acceptReadRights",
            "mutation($input: AcceptReadRightsInput!) { acceptReadRights(input: $input) { deviceCount } }",
            input(json!({ "token": "x" })),
            [WHO, BAD, BAD, BAD, BAD, BAD, BAD],
        ),
        (
            "importKeys",
            "mutation($input: ImportKeysInput!) { importKeys(input: $input) { import { id } } }",
            input(json!({ "fileId": Uuid::nil(), "password": "x" })),
            [WHO, NO, NO, NO, GONE, GONE, NO],
        ),
        (
            "revealKey",
            "mutation($input: RevealKeyInput!) { revealKey(input: $input) { key } }",
            input(json!({ "deviceId": world.device, "name": "DEK" })),
            [WHO, GONE, NO, GONE, GONE, GONE, NO],
        ),
        (
            "assignReadRights",
            "mutation($input: AssignReadRightsInput!) { assignReadRights(input: $input) { assignment { id } } }",
            input(json!({ "email": "x@example.org", "selection": { "ids": [world.device] } })),
            [WHO, NO, NO, NO, OK, GONE, NO],
        ),
        (
            "revokeAssignment",
            "mutation($input: RevokeAssignmentInput!) { revokeAssignment(input: $input) { assignment { id } } }",
            input(json!({ "id": world.assignment })),
            [WHO, NO, NO, NO, OK, GONE, NO],
        ),
    ]
}

async fn world(app: &TestApp) -> World {
    let (db, day) = (app.db(), now().date_naive());
    let product = NewProduct {
        code: "NET-500".into(),
        name_de: "Internet".into(),
        name_en: "Internet".into(),
        description_de: None,
        description_en: None,
        price: Some(Amount(24_900)),
        currency: "EUR".into(),
        price_period: PricePeriod::Month,
    };
    let product = product::add_product(db, &app.app, product).await.unwrap();
    let contract = NewContract {
        account: app.customer.account,
        product,
        number: "V-1".into(),
        label: None,
        state: ContractState::Active,
        price: Some(Amount(24_900)),
        currency: "EUR".into(),
        price_period: PricePeriod::Month,
        started_on: day,
        ends_on: None,
        notice_by: None,
    };
    let contract = product::add_contract(db, &app.app, contract).await.unwrap();
    let bytes = include_bytes!("../fixtures/invoices/xrechnung-ubl.xml").to_vec();
    let source = Source {
        file_name: "RE-1.xml".into(),
        bytes,
    };
    let imported = import(&app.app, Operator, source, Some(app.customer.account))
        .await
        .unwrap();
    let Outcome::Imported { id: invoice, .. } = imported else {
        panic!("{imported:?}")
    };
    let device = device::Model {
        id: DeviceId(app.app.new_id()),
        account_id: app.dealer.account,
        kind: DeviceKind::Meter,
        manufacturer: "KAM".into(),
        serial_number: "76348700".into(),
        model: None,
        type_number: None,
        config_number: None,
        order_number: None,
        own_number: None,
        created_at: now(),
    };
    let assignment = assignment::Model {
        id: AssignmentId(app.app.new_id()),
        account_id: app.dealer.account,
        user_id: app.dealer.user,
        email: "somebody@example.org".into(),
        reader_account_id: None,
        until: None,
        note: None,
        created_at: now(),
        accepted_at: None,
        revoked_at: None,
    };
    let world = World {
        contract,
        invoice,
        device: device.id,
        assignment: assignment.id,
    };
    let right = read_right::Model {
        assignment_id: assignment.id,
        device_id: device.id,
    };
    device.into_active_model().insert(db).await.unwrap();
    assignment.into_active_model().insert(db).await.unwrap();
    right.into_active_model().insert(db).await.unwrap();
    world
}

/// How many rows each table has.
async fn tables(app: &TestApp) -> Vec<(&'static str, i64)> {
    let names = [
        "account",
        "assignment",
        "audit",
        "contract",
        "device",
        "device_key",
        "file",
        "invoice",
        "key_import",
        "link",
        "mail",
        "membership",
        "product",
        "read_right",
        "session",
        "sign_in_name",
        "token",
        "user",
    ];
    let mut counts = Vec::new();
    for name in names {
        // a refusal is written to the log, and nowhere else
        let only = if name == "audit" { "WHERE is_allowed" } else { "" };
        let sql = format!("SELECT COUNT(*) FROM \"{name}\" {only}");
        let row = app
            .db()
            .query_one_raw(Statement::from_string(app.db().get_database_backend(), sql))
            .await
            .unwrap()
            .unwrap();
        counts.push((name, row.try_get_by_index(0).unwrap()));
    }
    counts
}

async fn fields(root: &str) -> BTreeSet<String> {
    let schema = async_graphql::Schema::build(
        graphql::Query::default(),
        graphql::Mutation::default(),
        async_graphql::EmptySubscription,
    )
    .finish();
    let answer = schema
        .execute(format!("{{ __schema {{ {root} {{ fields {{ name }} }} }} }}"))
        .await
        .data
        .into_json()
        .unwrap();
    let fields = answer["__schema"][root]["fields"].as_array().unwrap().iter();
    fields.map(|field| field["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn no_query_and_no_mutation_is_missing_here() {
    let nil = Uuid::nil();
    let world = World {
        contract: ContractId(nil),
        invoice: InvoiceId(nil),
        device: DeviceId(nil),
        assignment: AssignmentId(nil),
    };
    let served: BTreeSet<_> = fields("queryType")
        .await
        .into_iter()
        .chain(fields("mutationType").await)
        .collect();
    let listed: BTreeSet<_> = rows(&world).into_iter().map(|row| row.0.to_owned()).collect();
    assert_eq!(served, listed, "add a row to rows() and say who may do it");
}

crate::on_both! {
    async fn everybody_gets_what_the_table_says_and_a_refusal_changes_nothing(app: TestApp) {
        let world = world(&app).await;
        let people: [Option<Person>; 7] =
            [None, Some(app.customer), Some(app.bookkeeper), Some(app.stranger), Some(app.dealer), Some(app.other_dealer), Some(app.staff)];
        let mut wrong = Vec::new();
        for (field, operation, variables, expected) in rows(&world) {
            for ((role, person), expected) in ROLES.iter().zip(people).zip(expected) {
                let mut client = match person {
                    Some(person) => app.client(person).await,
                    None => app.anonymous(),
                };
                let before = tables(&app).await;
                let answer = client.graphql(operation, variables.clone()).await;
                let code = answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default();
                if code != expected {
                    wrong.push(format!("{field} as {role}: {code:?} instead of {expected:?} {}", answer["errors"]));
                }
                if !code.is_empty() && tables(&app).await != before {
                    wrong.push(format!("{field} as {role} was refused and changed something"));
                }
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
    }

    async fn a_token_gets_what_its_user_gets_and_only_what_is_open_to_tokens_e01(app: TestApp) {
        let world = world(&app).await;
        let all: Vec<_> = Right::ALL.into_iter().filter(|right| !right.is_of_staff()).collect();
        let staff: Vec<_> = Right::ALL.into_iter().filter(|right| right.is_of_staff()).collect();
        let mut wrong = Vec::new();
        for (person, column, scopes) in [(app.customer, 1, &all), (app.dealer, 4, &all), (app.staff, 6, &staff)] {
            let mut program = app.program(person, scopes).await;
            for (field, operation, variables, expected) in rows(&world) {
                let expected = if server::token::OPEN.contains(&field) { expected[column] } else { NO };
                let before = tables(&app).await;
                let answer = program.graphql(operation, variables).await;
                let code = answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default();
                if code != expected {
                    wrong.push(format!("{field} with a token: {code:?} instead of {expected:?} {}", answer["errors"]));
                }
                if !code.is_empty() && tables(&app).await.iter().zip(&before).any(|(now, before)| now != before && now.0 != "audit") {
                    wrong.push(format!("{field} with a token was refused and changed something"));
                }
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
        let served: BTreeSet<_> = fields("queryType").await.into_iter().chain(fields("mutationType").await).collect();
        assert!(server::token::OPEN.iter().all(|field| served.contains(*field)), "all of them are in the schema");
    }
}

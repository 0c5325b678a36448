//! Who gets what of each query.
use super::{BAD, GONE, NO, OK, Row, WHO, World};
use serde_json::{Value, json};
use uuid::Uuid;

pub(super) fn queries(world: &World) -> Vec<Row> {
    let id = |id: Uuid| json!({ "id": id });
    let input = |input: Value| json!({ "input": input });
    let nothing = || json!({});
    let managers_of_contracts = [WHO, OK, NO, NO, OK, OK, OK, NO];
    let readers_of_keys = [WHO, OK, NO, OK, OK, OK, OK, NO];
    let readers_of_invoices = [WHO, OK, OK, NO, OK, OK, OK, NO];
    let dealers = [WHO, NO, NO, NO, NO, OK, OK, NO];
    vec![
        ("portal", "{ portal { providerName } }", nothing(), [OK; 8]),
        (
            "orders",
            "query($filter: OrderFilter) { orders(filter: $filter) { nodes { id } } }",
            json!({ "filter": { "contractId": world.contract } }),
            managers_of_contracts,
        ),
        (
            "order",
            "query($id: OrderId!) { order(id: $id) { number } }",
            json!({ "id": world.order }),
            [WHO, OK, NO, NO, GONE, GONE, GONE, NO],
        ),
        (
            "orderQuote",
            "query($input: OrderQuoteInput!) { orderQuote(input: $input) { effectiveOn } }",
            json!({ "input": { "kind": "CHANGE", "productId": world.product, "contractId": world.contract } }),
            [WHO, BAD, NO, NO, GONE, GONE, GONE, NO],
        ),
        (
            "nextEnd",
            "query($contractId: ContractId!) { nextEnd(contractId: $contractId) }",
            json!({ "contractId": world.contract }),
            [WHO, OK, NO, NO, GONE, GONE, GONE, NO],
        ),
        (
            "officeOrders",
            "{ officeOrders { nodes { account { number } declaration { name } } } }",
            nothing(),
            [WHO, NO, NO, NO, NO, NO, NO, OK],
        ),
        (
            "officeOrder",
            "query($id: OrderId!) { officeOrder(id: $id) { order { number } } }",
            json!({ "id": world.order }),
            [WHO, NO, NO, NO, NO, NO, NO, OK],
        ),
        (
            "webhooks",
            "{ webhooks { id name url kinds isEnabled failedCount } }",
            nothing(),
            [WHO, NO, NO, NO, NO, NO, NO, OK],
        ),
        (
            "deliveries",
            "query($webhookId: WebhookId) { deliveries(webhookId: $webhookId, state: WAITING) { nodes { body } totalCount } }",
            json!({ "webhookId": world.webhook }),
            [WHO, NO, NO, NO, NO, NO, NO, OK],
        ),
        (
            "viewer",
            "{ viewer { id name email language rights account { id } memberships { rights } dueInvoiceCount deviceCount } }",
            nothing(),
            [OK; 8],
        ),
        (
            "sessions",
            "{ sessions { id isCurrent } }",
            nothing(),
            [WHO, OK, OK, OK, OK, OK, OK, OK],
        ),
        (
            "signIns",
            "{ signIns { totalCount } }",
            nothing(),
            [WHO, OK, OK, OK, OK, OK, OK, OK],
        ),
        (
            "doors",
            "{ doors { id name address } }",
            nothing(),
            [WHO, OK, OK, OK, OK, OK, OK, OK],
        ),
        (
            "ownPassword",
            "{ ownPassword { changedAt minLength } }",
            nothing(),
            [WHO, OK, OK, OK, OK, OK, OK, OK],
        ),
        (
            "products",
            "{ products { totalCount } }",
            nothing(),
            [WHO, OK, OK, OK, OK, OK, OK, OK],
        ),
        (
            "contracts",
            "{ contracts { totalCount } }",
            nothing(),
            managers_of_contracts,
        ),
        (
            "contract",
            "query($id: ContractId!) { contract(id: $id) { number } }",
            id(world.contract.0),
            [WHO, OK, NO, NO, GONE, GONE, GONE, NO],
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
            [WHO, OK, OK, NO, GONE, GONE, GONE, NO],
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
        ("devices", "{ devices { totalCount } }", nothing(), readers_of_keys),
        (
            "device",
            "query($id: DeviceId!) { device(id: $id) { serialNumber } }",
            id(world.device.0),
            [WHO, GONE, NO, GONE, GONE, OK, GONE, NO],
        ),
        (
            "deviceFacets",
            "{ deviceFacets { models } }",
            nothing(),
            readers_of_keys,
        ),
        (
            "deviceSelection",
            "query($selection: DeviceSelection!) { deviceSelection(selection: $selection) { count } }",
            json!({ "selection": { "ids": [world.device] } }),
            [WHO, NO, NO, NO, NO, OK, GONE, NO],
        ),
        (
            "deviceSelection",
            "query($selection: DeviceSelection!) { deviceSelection(selection: $selection) { count } }",
            json!({ "selection": { "filter": {}, "except": [world.device] } }),
            [WHO, NO, NO, NO, NO, OK, OK, NO],
        ),
        ("assignments", "{ assignments { totalCount } }", nothing(), dealers),
        ("keyImports", "{ keyImports { totalCount } }", nothing(), dealers),
        (
            "keyImportPreview",
            "query($input: ImportKeysInput!) { keyImportPreview(input: $input) { totalCount } }",
            input(json!({ "fileId": world.file, "password": "x" })),
            [WHO, NO, NO, NO, NO, GONE, GONE, NO],
        ),
        ("account", "{ account { vatId } }", nothing(), managers_of_contracts),
        (
            "addressLink",
            "{ addressLink(token: \"x\") { email } }",
            nothing(),
            [BAD; 8],
        ),
        ("link", "{ link(token: \"x\") { email } }", nothing(), [BAD; 8]),
        (
            "auditEntries",
            "{ auditEntries { totalCount } }",
            nothing(),
            [WHO, OK, OK, OK, OK, OK, OK, OK],
        ),
        (
            "auditEntries",
            "query($account: AccountId) { auditEntries(account: $account) { totalCount } }",
            json!({ "account": world.account }),
            [WHO, OK, GONE, GONE, GONE, GONE, GONE, OK],
        ),
        (
            "auditActs",
            "query($account: AccountId) { auditActs(account: $account) }",
            json!({ "account": world.account }),
            [WHO, OK, GONE, GONE, GONE, GONE, GONE, OK],
        ),
        (
            "auditActs",
            "{ auditActs }",
            nothing(),
            [WHO, OK, OK, OK, OK, OK, OK, OK],
        ),
        (
            "tokens",
            "{ tokens { id } }",
            nothing(),
            [WHO, OK, OK, OK, OK, OK, OK, OK],
        ),
        (
            "customers",
            "query($filter: CustomerFilter) { customers(filter: $filter) { totalCount } }",
            json!({ "filter": { "waveId": world.wave } }),
            [WHO, NO, NO, NO, NO, NO, NO, OK],
        ),
        (
            "customerCounts",
            "query($filter: CustomerFilter) { customerCounts(filter: $filter) { count } }",
            json!({ "filter": { "waveId": world.wave } }),
            [WHO, NO, NO, NO, NO, NO, NO, OK],
        ),
        (
            "customer",
            "query($id: AccountId!) { customer(id: $id) { number } }",
            json!({ "id": world.account }),
            [WHO, NO, NO, NO, NO, NO, NO, OK],
        ),
        (
            "customerPeople",
            "query($id: AccountId!) { customerPeople(id: $id) { userId } }",
            json!({ "id": world.account }),
            [WHO, NO, NO, NO, NO, NO, NO, OK],
        ),
        (
            "waves",
            "{ waves { totalCount } }",
            nothing(),
            [WHO, NO, NO, NO, NO, NO, NO, OK],
        ),
        (
            "accessReach",
            "query($selection: CustomerSelection!) { accessReach(selection: $selection) { mailedCount } }",
            json!({ "selection": { "ids": [world.account] } }),
            [WHO, NO, NO, NO, NO, NO, NO, OK],
        ),
        (
            "accessReach",
            "query($selection: CustomerSelection!) { accessReach(selection: $selection) { mailedCount } }",
            json!({ "selection": { "filter": { "waveId": world.wave }, "except": [world.account] } }),
            [WHO, NO, NO, NO, NO, NO, NO, OK],
        ),
        (
            "customerImportPreview",
            "query($input: ImportCustomersInput!) { customerImportPreview(input: $input) { newCount } }",
            json!({ "input": { "fileId": world.file } }),
            [WHO, NO, NO, NO, NO, NO, NO, GONE],
        ),
        (
            "mailLink",
            "{ mailLink(token: \"x\") { purpose } }",
            nothing(),
            [BAD; 8],
        ),
        (
            "members",
            "{ members { nodes { userId } } }",
            nothing(),
            [WHO, OK, NO, NO, OK, OK, OK, OK],
        ),
        (
            "invitations",
            "{ invitations { nodes { id } } }",
            nothing(),
            [WHO, OK, NO, NO, OK, OK, OK, OK],
        ),
        (
            "invitation",
            "{ invitation(token: \"x\") { email } }",
            nothing(),
            [BAD; 8],
        ),
        (
            "documents",
            "query($filter: DocumentFilter) { documents(filter: $filter) { totalCount } }",
            json!({ "filter": { "contractId": world.contract } }),
            managers_of_contracts,
        ),
        (
            "customerDocuments",
            "query($filter: DocumentFilter) { customerDocuments(filter: $filter) { totalCount } }",
            json!({ "filter": { "contractId": world.contract } }),
            [WHO, NO, NO, NO, NO, NO, NO, OK],
        ),
        (
            "agreement",
            "query($contractId: ContractId!) { agreement(contractId: $contractId) { isConcluded } }",
            json!({ "contractId": world.contract }),
            [WHO, OK, NO, NO, GONE, GONE, GONE, NO],
        ),
        (
            "openAgreements",
            "{ openAgreements { contractNumber } }",
            nothing(),
            managers_of_contracts,
        ),
        (
            "agreements",
            "{ agreements { totalCount } }",
            nothing(),
            [WHO, NO, NO, NO, NO, NO, NO, OK],
        ),
        (
            "agreementContracts",
            "query($filter: AgreementContractFilter) { agreementContracts(filter: $filter) { totalCount } }",
            json!({ "filter": { "productId": world.product } }),
            [WHO, NO, NO, NO, NO, NO, NO, OK],
        ),
        (
            "documentContracts",
            "{ documentContracts { totalCount } }",
            nothing(),
            [WHO, NO, NO, NO, NO, NO, NO, OK],
        ),
        (
            "agreementProducts",
            "{ agreementProducts { totalCount } }",
            nothing(),
            [WHO, NO, NO, NO, NO, NO, NO, OK],
        ),
        (
            "agreementProduct",
            "query($id: ProductId!) { agreementProduct(id: $id) { code } }",
            id(world.product.0),
            [WHO, NO, NO, NO, NO, NO, NO, OK],
        ),
        (
            "providerFace",
            "{ providerFace { name version } }",
            nothing(),
            [WHO, NO, NO, NO, NO, NO, NO, OK],
        ),
        ("faceGaps", "{ faceGaps }", nothing(), [WHO, NO, NO, NO, NO, NO, NO, OK]),
        (
            "faceVersions",
            "{ faceVersions { totalCount } }",
            nothing(),
            [WHO, NO, NO, NO, NO, NO, NO, OK],
        ),
        (
            "legalText",
            "{ legalText(kind: IMPRINT, language: DE) { html } }",
            nothing(),
            [OK; 8],
        ),
        (
            "legalDraft",
            "{ legalDraft(kind: IMPRINT) { german } }",
            nothing(),
            [WHO, NO, NO, NO, NO, NO, NO, OK],
        ),
        (
            "legalVersions",
            "{ legalVersions(kind: IMPRINT) { totalCount } }",
            nothing(),
            [WHO, NO, NO, NO, NO, NO, NO, OK],
        ),
        (
            "markdownPreview",
            "{ markdownPreview(text: \"a\") }",
            nothing(),
            [WHO, NO, NO, NO, NO, NO, NO, OK],
        ),
        (
            "helpArticles",
            "{ helpArticles(language: DE) { title } }",
            nothing(),
            [OK; 8],
        ),
        ("mails", "{ mails { totalCount } }", nothing(), [GONE; 8]),
    ]
}

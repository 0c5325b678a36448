//! What the matrix is about: contract, invoice, member and invitation of the customer; device, assignment and file of
//! the dealer.
use crate::app::{TestApp, now};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Statement};
use server::{
    entity::{
        assignment, assignment_import, billing_email, delivery, device, file, invitation, key_import, key_request,
        order, read_right, session, staged_import, token, wave, webhook as webhook_row,
    },
    invoice::{
        import::{Operator, Source, import},
        report::Outcome,
    },
    product::{self, NewContract, NewProduct},
    webhook::{self, Event},
};
use shared::{
    account::{Language, Right, Rights},
    device::{DeviceKind, DeviceProof, KeyFileFormat, StagedImportState},
    id::{
        AccountId, AssignmentId, AssignmentImportId, BillingEmailId, ContractId, DeliveryId, DeviceId, FileId,
        InvitationId, InvoiceId, KeyImportId, KeyRequestId, OrderId, ProductId, SessionId, StagedImportId, TokenId,
        UserId, WaveId, WebhookId,
    },
    money::Amount,
    order::{OrderKind, OrderSource, OrderState},
    product::{ContractState, PricePeriod},
    webhook::{EventKind, EventKinds},
};

/// The objects that the rows name.
#[derive(Clone, Copy)]
pub(super) struct World {
    pub account: AccountId,
    pub contract: ContractId,
    pub invoice: InvoiceId,
    pub member: UserId,
    pub invitation: InvitationId,
    pub device: DeviceId,
    pub assignment: AssignmentId,
    pub file: FileId,
    pub token: TokenId,
    pub session: SessionId,
    pub wave: WaveId,
    pub billing_email: BillingEmailId,
    pub webhook: WebhookId,
    pub delivery: DeliveryId,
    pub product: ProductId,
    pub order: OrderId,
    pub key_request: KeyRequestId,
    pub staged: StagedImportId,
    pub key_import: KeyImportId,
    pub assignment_import: AssignmentImportId,
}

impl World {
    /// Ids of nothing, where only the rows themselves matter.
    pub(super) fn invented() -> Self {
        let id = uuid::Uuid::from_u128;
        Self {
            account: AccountId(id(1)),
            contract: ContractId(id(2)),
            invoice: InvoiceId(id(3)),
            member: UserId(id(4)),
            invitation: InvitationId(id(5)),
            device: DeviceId(id(6)),
            assignment: AssignmentId(id(7)),
            file: FileId(id(8)),
            token: TokenId(id(9)),
            session: SessionId(id(10)),
            wave: WaveId(id(11)),
            billing_email: BillingEmailId(id(10)),
            webhook: WebhookId(id(17)),
            delivery: DeliveryId(id(18)),
            product: ProductId(id(15)),
            order: OrderId(id(16)),
            key_request: KeyRequestId(id(31)),
            staged: StagedImportId(id(32)),
            key_import: KeyImportId(id(33)),
            assignment_import: AssignmentImportId(id(34)),
        }
    }

    /// All its ids.
    pub(super) fn ids(&self) -> Vec<String> {
        vec![
            self.account.to_string(),
            self.contract.to_string(),
            self.invoice.to_string(),
            self.member.to_string(),
            self.invitation.to_string(),
            self.device.to_string(),
            self.assignment.to_string(),
            self.file.to_string(),
            self.token.to_string(),
            self.session.to_string(),
            self.wave.to_string(),
            self.billing_email.to_string(),
            self.webhook.to_string(),
            self.delivery.to_string(),
            self.order.to_string(),
            self.product.to_string(),
            self.key_request.to_string(),
            self.staged.to_string(),
            self.key_import.to_string(),
            self.assignment_import.to_string(),
        ]
    }
}

pub(super) async fn world(app: &TestApp) -> World {
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
        ..NewProduct::default()
    };
    let product = product::add_product(db, &app.app, product).await.unwrap();
    let contract = NewContract {
        account: app.customer.account,
        product,
        number: "V-104233-7".into(),
        label: None,
        state: ContractState::Active,
        price: Some(Amount(24_900)),
        currency: "EUR".into(),
        price_period: PricePeriod::Month,
        started_on: day,
        ends_on: None,
        notice_by: None,
        terms: None,
        details: Vec::new(),
        option_of: None,
    };
    let contract = product::add_contract(db, &app.app, contract).await.unwrap();
    let bytes = include_bytes!("../../fixtures/invoices/xrechnung-ubl.xml").to_vec();
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
        proof: DeviceProof::Unproven,
        proven_at: None,
        created_at: now(),
        version: None,
        medium: None,
        import_id: None,
        passed_by: None,
    };
    let assignment = assignment::Model {
        id: AssignmentId(app.app.new_id()),
        account_id: app.dealer.account,
        user_id: app.dealer.user,
        email: "somebody@example.org".into(),
        reader_account_id: None,
        starts_on: None,
        until: None,
        verify_only: false,
        note: None,
        created_at: now(),
        accepted_at: None,
        revoked_at: None,
        revoked_by: None,
        offer_id: app.app.new_id(),
        end_told_at: None,
    };
    let invitation = invitation::Model {
        id: InvitationId(app.app.new_id()),
        account_id: app.customer.account,
        invited_by: app.customer.user,
        email: "eingeladen@example.org".into(),
        user_name: "104233/eingeladen".into(),
        name: None,
        rights: Rights::of(&[Right::SeeInvoices]),
        expires_at: None,
        created_at: now(),
        sent_at: now(),
        link_sent_at: now(),
        accepted_at: None,
        withdrawn_at: None,
    };
    let file = file::Model {
        id: FileId(app.app.new_id()),
        user_id: Some(app.customer.user),
        name: "schluessel.kem".into(),
        sha256: "00".repeat(32),
        size: 1,
        created_at: now(),
    };
    let staged = staged_import::Model {
        id: StagedImportId(app.app.new_id()),
        account_id: app.dealer.account,
        user_id: app.dealer.user,
        file_id: file.id,
        file_name: "schluessel.json".into(),
        sha256: "00".repeat(32),
        format: KeyFileFormat::Json,
        order_number: None,
        layout: None,
        sealed: None,
        key_version: None,
        state: StagedImportState::Judging,
        generation: 1,
        judged_count: 0,
        row_count: 0,
        created_at: now(),
        expires_at: now() + chrono::TimeDelta::days(1),
    };
    let key_import = key_import::Model {
        id: KeyImportId(app.app.new_id()),
        account_id: app.dealer.account,
        user_id: app.dealer.user,
        file_name: "schluessel.json".into(),
        sha256: "00".repeat(32),
        order_number: None,
        new_count: 0,
        same_count: 0,
        skipped_count: 0,
        created_at: now(),
        replaced_count: 0,
        undone_at: None,
    };
    let token = token::Model {
        id: TokenId(app.app.new_id()),
        token_hash: vec![7; 32],
        user_id: app.customer.user,
        account_id: app.customer.account,
        name: "Programm".into(),
        scopes: Rights::of(&[Right::SeeInvoices]),
        expires_on: day,
        created_at: now(),
        last_used_at: None,
        last_used_from: None,
    };
    let billing_email = billing_email::Model {
        id: BillingEmailId(app.app.new_id()),
        account_id: app.customer.account,
        email: "rechnung@oeztuerk.example".into(),
        language: Language::De,
        created_at: now(),
        sent_at: now(),
        confirmed_at: None,
        removed_at: None,
    };
    let session = session::Model {
        token_hash: vec![8; 32],
        id: app.app.new_id(),
        user_id: app.customer.user,
        account_id: Some(app.customer.account),
        created_at: now(),
        last_seen_at: now(),
        authenticated_at: now(),
        awaits_second_factor: false,
        has_second_factor: false,
        user_agent: None,
        ip: None,
    };
    let wave = wave::Model {
        id: WaveId(app.app.new_id()),
        user_id: Some(app.staff.user),
        announced_from: None,
        mailed_count: 0,
        skipped_count: 0,
        created_at: now(),
    };
    let member = app
        .member(app.customer.account, "104233/vogt", &[Right::SeeInvoices])
        .await;
    let webhook = webhook_row::Model {
        id: WebhookId(app.app.new_id()),
        name: "ERP".into(),
        url: "https://erp.example/hooks".into(),
        kinds: EventKinds::of(&[EventKind::CustomerActivated]),
        sealed: vec![9; 60],
        key_version: 1,
        former_sealed: None,
        former_key_version: None,
        former_until: None,
        disabled_at: None,
        created_at: now(),
    };
    webhook.clone().into_active_model().insert(db).await.unwrap();
    let account = app.customer.account;
    webhook::tell(db, &app.app, account, &Event::CustomerActivated {})
        .await
        .unwrap();
    let delivery = delivery::Entity::find().one(db).await.unwrap().unwrap();
    let order = order::Model {
        id: OrderId(app.app.new_id()),
        number: "B-1".into(),
        account_id: Some(app.customer.account),
        contract_id: Some(contract),
        product_id: Some(product),
        kind: OrderKind::Change,
        source: OrderSource::Portal,
        state: OrderState::Placed,
        label: None,
        price_before: None,
        period_before: None,
        price_after: None,
        period_after: None,
        setup_price: None,
        tax_rate: None,
        currency: "EUR".into(),
        effective_on: None,
        is_extraordinary: false,
        reason: None,
        placed_by: Some(app.customer.user),
        placed_at: now(),
        decided_by: None,
        decided_at: None,
        decision_reason: None,
        made_contract_id: None,
        receipt_mail_id: None,
        receipt_posted_at: None,
    };
    order.clone().into_active_model().insert(db).await.unwrap();
    let list = assignment_import::Model {
        id: AssignmentImportId(app.app.new_id()),
        account_id: app.dealer.account,
        user_id: app.dealer.user,
        file_name: "Mieter.csv".into(),
        row_count: 0,
        created_at: now(),
        expires_at: now() + chrono::TimeDelta::hours(24),
        done_at: None,
        given_count: 0,
        mail_count: 0,
    };
    let world = World {
        account: app.customer.account,
        member: member.user,
        invitation: invitation.id,
        file: file.id,
        token: token.id,
        session: SessionId(session.id),
        wave: wave.id,
        billing_email: billing_email.id,
        webhook: webhook.id,
        delivery: delivery.id,
        product,
        order: order.id,
        key_request: KeyRequestId(app.app.new_id()),
        staged: staged.id,
        key_import: key_import.id,
        assignment_import: list.id,
        contract,
        invoice,
        device: device.id,
        assignment: assignment.id,
    };
    let key_request = key_request::Model {
        id: world.key_request,
        account_id: app.dealer.account,
        user_id: app.dealer.user,
        approver_account_id: None,
        device_count: 1,
        created_at: now(),
        opens_at: Some(now() + chrono::TimeDelta::hours(24)),
        decided_at: None,
        decided_by: None,
        is_approved: None,
        cancelled_at: None,
        used_at: None,
    };
    let right = read_right::Model {
        assignment_id: assignment.id,
        device_id: device.id,
    };
    invitation.into_active_model().insert(db).await.unwrap();
    billing_email.into_active_model().insert(db).await.unwrap();
    wave.into_active_model().insert(db).await.unwrap();
    session.into_active_model().insert(db).await.unwrap();
    token.into_active_model().insert(db).await.unwrap();
    file.into_active_model().insert(db).await.unwrap();
    device.into_active_model().insert(db).await.unwrap();
    assignment.into_active_model().insert(db).await.unwrap();
    right.into_active_model().insert(db).await.unwrap();
    staged.into_active_model().insert(db).await.unwrap();
    list.into_active_model().insert(db).await.unwrap();
    key_import.into_active_model().insert(db).await.unwrap();
    key_request.into_active_model().insert(db).await.unwrap();
    world
}

/// How many rows each table has.
pub(super) async fn tables(app: &TestApp) -> Vec<(&'static str, i64)> {
    let names = [
        "account",
        "agreement",
        "agreement_template",
        "assignment",
        "assignment_import",
        "assignment_row",
        "audit",
        "billing_email",
        "contact_person",
        "contract",
        "declaration",
        "delivery",
        "device",
        "device_key",
        "document",
        "event",
        "file",
        "idempotency",
        "invitation",
        "invoice",
        "key_export",
        "key_import",
        "staged_import",
        "staged_row",
        "former_key",
        "key_request",
        "key_request_device",
        "key_use",
        "link",
        "mail",
        "mail_attachment",
        "membership",
        "order",
        "product",
        "read_right",
        "session",
        "sign_in_name",
        "token",
        "user",
        "webhook",
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

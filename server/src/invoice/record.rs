//! The row of an invoice: what of the document it keeps, what is the same invoice, and how it is written.
use super::{
    buyer, contract,
    intake::{self, Ended},
    read::{InvoiceDocument, Party, Profile, Syntax},
    report::Refusal,
};
use crate::{actor::Actor, app::App, audit, entity::invoice, error::Result, file, money};
use anyhow::Context;
use rust_decimal::Decimal;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};
use shared::{
    id::{AccountId, IntakeId, InvoiceId},
    money::Amount,
};

/// The longest number, type and currency that are kept, in characters.
const TERM_MAX: usize = 200;

/// The longest name that is kept in a row, in characters; the document has all of it.
const NAME_MAX: usize = 300;

/// The largest amount that is kept, in hundredths: a list of thousands still sums up within 64 bits.
const AMOUNT_MAX: i64 = 1_000_000_000_000_000;

/// The totals of a row.
pub(super) struct Head {
    net_total: Option<Amount>,
    tax_total: Option<Amount>,
    gross_total: Amount,
    payable: Amount,
}

/// The totals, or why the invoice is refused. Where only one of the total with VAT (BT-112) and the amount to pay
/// (BT-115) is stated, as in ZUGFeRD 1, what was paid before (BT-113) and rounding (BT-114) make up the other.
pub(super) fn head(document: &InvoiceDocument) -> Result<Head, Refusal> {
    for (term, text) in [
        ("number (BT-1)", &document.number),
        ("type (BT-3)", &document.type_code),
        ("currency (BT-5)", &document.currency),
    ] {
        if text.chars().count() > TERM_MAX {
            return Err(Refusal::TooLong { term, limit: TERM_MAX });
        }
    }
    let totals = &document.totals;
    let prepaid = total("prepaid amount (BT-113)", totals.prepaid)?.unwrap_or_default();
    let rounding = total("rounding (BT-114)", totals.rounding)?.unwrap_or_default();
    let gross = total("total with VAT (BT-112)", totals.gross)?;
    let payable = total("amount to pay (BT-115)", totals.payable)?;
    let (gross_total, payable) = match (gross, payable) {
        (Some(gross), Some(payable)) => (gross, payable),
        (Some(gross), None) => (gross, Amount(gross.0 - prepaid.0 + rounding.0)),
        (None, Some(payable)) => (Amount(payable.0 + prepaid.0 - rounding.0), payable),
        (None, None) => return Err(Refusal::NoTotal),
    };
    total("sum of the lines (BT-106)", totals.lines)?;
    let parts = document
        .allowances
        .iter()
        .chain(&document.charges)
        .map(|part| part.amount);
    for amount in parts.chain(document.vat.iter().flat_map(|vat| [vat.basis, vat.tax])) {
        within(
            "amount of a tax, an allowance or a charge",
            amount,
            money::rounded(amount),
        )?;
    }
    Ok(Head {
        net_total: total("total without VAT (BT-109)", totals.net)?,
        tax_total: total("total VAT (BT-110)", totals.tax)?,
        gross_total,
        payable,
    })
}

fn total(term: &'static str, stated: Option<Decimal>) -> Result<Option<Amount>, Refusal> {
    stated
        .map(|number| within(term, number, money::exact(number)))
        .transpose()
}

fn within(term: &'static str, number: Decimal, amount: Option<Amount>) -> Result<Amount, Refusal> {
    let amount = amount.filter(|amount| amount.0.unsigned_abs() <= AMOUNT_MAX.unsigned_abs());
    amount.ok_or_else(|| Refusal::BadAmount {
        term,
        found: number.to_string(),
    })
}

/// The row of a document that is not kept yet and belongs to nobody; see [`place`].
pub(super) fn row(
    app: &App,
    document: &InvoiceDocument,
    head: Head,
    file_name: &str,
    bytes: &[u8],
) -> Result<invoice::Model> {
    let is_pdf = document.embedded_name.is_some();
    Ok(invoice::Model {
        id: InvoiceId(app.new_id()),
        account_id: None,
        held_account_id: None,
        release_reason: None,
        contract_id: None,
        paid_total: None,
        paid_on: None,
        number: document.number.clone(),
        type_code: document.type_code.clone(),
        issue_date: document.issue_date,
        due_date: document.due_date,
        currency: document.currency.clone(),
        seller_identity: seller_identity(&document.seller),
        seller_name: shortened(document.seller.shown_name()),
        buyer_name: shortened(document.buyer.shown_name()),
        net_total: head.net_total,
        tax_total: head.tax_total,
        gross_total: head.gross_total,
        payable: head.payable,
        syntax: syntax_name(document.syntax).to_owned(),
        profile: profile_name(document.profile).to_owned(),
        finding_count: i32::try_from(document.findings.len()).unwrap_or(i32::MAX),
        document: serde_json::to_string(document).context("the document of an invoice could not be written")?,
        file_name: file::clean_name(file_name),
        media_type: if is_pdf { "application/pdf" } else { "application/xml" }.to_owned(),
        file_size: i32::try_from(bytes.len()).unwrap_or(i32::MAX),
        sha256: file::sha256(bytes),
        created_at: app.clock.now(),
        visible_at: None,
        told_at: None,
        told_count: None,
        refers_to: refers_to(document),
    })
}

/// The first earlier invoice that a document names (BT-25), if its number is one that can be kept.
fn refers_to(document: &InvoiceDocument) -> Option<String> {
    let earlier = document.preceding_invoices.first()?.number.trim();
    (1..=TERM_MAX)
        .contains(&earlier.chars().count())
        .then(|| earlier.to_owned())
}

/// Gives a row to an account, which does not see it while it is held, with the contract of the account that the
/// invoice names.
pub(super) async fn place(
    db: &impl ConnectionTrait,
    app: &App,
    row: &mut invoice::Model,
    document: &InvoiceDocument,
    account: Option<AccountId>,
    is_held: bool,
) -> Result<()> {
    (row.account_id, row.held_account_id) = if is_held { (None, account) } else { (account, None) };
    row.visible_at = row.account_id.map(|_| app.clock.now());
    row.contract_id = match account {
        Some(account) => contract::find(db, document, account).await?,
        None => None,
    };
    Ok(())
}

/// The seller by VAT id, else tax number, else name.
fn seller_identity(seller: &Party) -> String {
    let filled = |text: &Option<String>| text.as_deref().map(buyer::spelling).filter(|text| !text.is_empty());
    match (filled(&seller.vat_id), filled(&seller.tax_number)) {
        (Some(vat_id), _) => shortened(&format!("vat:{vat_id}")),
        (None, Some(tax_number)) => shortened(&format!("tax:{tax_number}")),
        (None, None) => shortened(&format!("name:{}", seller.shown_name().to_lowercase())),
    }
}

fn shortened(name: &str) -> String {
    name.chars().take(NAME_MAX).collect()
}

/// What is there of an invoice that is to be imported.
pub(super) enum Found {
    /// The same bytes.
    Same(InvoiceId),
    /// The same invoice of the same account, with other bytes.
    Other(InvoiceId),
    /// The same bytes, which wait for a person to say whose they are.
    Waiting(InvoiceId),
}

impl Found {
    /// Whether it is the waiting invoice `id` itself.
    pub(super) fn is_waiting(&self, id: InvoiceId) -> bool {
        matches!(self, Self::Waiting(waiting) if *waiting == id)
    }
}

/// What is there of `row`. Within an account, an invoice is the same by seller, number and type (BT-1, BT-3). Where
/// the account was not named but found, bytes that are in any account are there: a person may have put them into
/// another one than the rules find.
pub(super) async fn find(
    db: &impl ConnectionTrait,
    row: &invoice::Model,
    is_account_named: bool,
) -> Result<Option<Found>> {
    use invoice::Column as C;
    let select = || {
        invoice::Entity::find()
            .select_only()
            .columns([C::Id, C::AccountId, C::HeldAccountId, C::Sha256])
            .order_by_asc(C::Id)
    };
    type Place = (InvoiceId, Option<AccountId>, Option<AccountId>, String);
    let owner = row.account_id.or(row.held_account_id);
    if let Some(account) = owner {
        let same = select()
            .filter(
                Condition::any()
                    .add(C::AccountId.eq(account))
                    .add(C::HeldAccountId.eq(account)),
            )
            .filter(C::SellerIdentity.eq(&row.seller_identity))
            .filter(C::Number.eq(&row.number))
            .filter(C::TypeCode.eq(&row.type_code));
        if let Some((id, .., sha256)) = same.into_tuple::<Place>().one(db).await? {
            return Ok(Some(if sha256 == row.sha256 {
                Found::Same(id)
            } else {
                Found::Other(id)
            }));
        }
    }
    let places: Vec<Place> = select().filter(C::Sha256.eq(&row.sha256)).into_tuple().all(db).await?;
    let is_owned = |place: &&Place| place.1.or(place.2).is_some();
    let waiting = places.iter().find(|place| !is_owned(place));
    let assigned = places.iter().find(is_owned).filter(|_| !is_account_named);
    Ok(match (assigned, waiting, owner) {
        (Some((id, ..)), _, _) | (None, Some((id, ..)), None) => Some(Found::Same(*id)),
        (None, Some((id, ..)), Some(_)) => Some(Found::Waiting(*id)),
        (None, None, _) => None,
    })
}

/// Gives an invoice that waits to its account, as `row` says; none if it no longer waits. `by` is who made the rule
/// that says so, if that is why.
pub(super) async fn assign(
    app: &App,
    id: InvoiceId,
    row: &invoice::Model,
    account: AccountId,
    by: Option<&Actor>,
    intake: Option<(IntakeId, Ended)>,
) -> Result<Option<InvoiceId>> {
    let tx = app.begin().await?;
    if !take(&tx, id, row).await? || !closes(&tx, app, intake).await? {
        return Ok(None);
    }
    let entry = audit::Entry {
        user: by.map(|actor| actor.user),
        ip: by.and_then(|actor| actor.ip.clone()),
        account: Some(account),
        act: "assignInvoice",
        object: Some(id.to_string()),
        ..audit::Entry::default()
    };
    audit::add(&tx, app, entry).await?;
    tx.commit().await?;
    Ok(Some(id))
}

/// Writes to whom `row` gives the invoice that waits; whether it still waited.
pub(super) async fn take(db: &impl ConnectionTrait, id: InvoiceId, row: &invoice::Model) -> Result<bool> {
    use invoice::Column as C;
    let taken = invoice::Entity::update_many()
        .col_expr(C::AccountId, Expr::value(row.account_id))
        .col_expr(C::HeldAccountId, Expr::value(row.held_account_id))
        .col_expr(C::ContractId, Expr::value(row.contract_id))
        .col_expr(C::VisibleAt, Expr::value(row.visible_at))
        .filter(C::Id.eq(id))
        .filter(C::AccountId.is_null())
        .filter(C::HeldAccountId.is_null())
        .exec(db)
        .await?;
    Ok(taken.rows_affected == 1)
}

/// Keeps the original, then the row that names it; none if the file's row was closed by somebody else.
pub(super) async fn keep(
    app: &App,
    row: invoice::Model,
    bytes: &[u8],
    intake: Option<(IntakeId, Ended)>,
) -> Result<Option<InvoiceId>> {
    let id = row.id;
    app.files.put(bytes.to_vec()).await?;
    let tx = app.begin().await?;
    row.into_active_model().insert(&tx).await?;
    if !closes(&tx, app, intake).await? {
        return Ok(None);
    }
    audit::record(&tx, app, None, "importInvoice", Some(id.to_string()), true).await?;
    tx.commit().await?;
    Ok(Some(id))
}

/// Closes the row of the file that came in, if there is one; false if somebody else did.
async fn closes(db: &impl ConnectionTrait, app: &App, intake: Option<(IntakeId, Ended)>) -> Result<bool> {
    match intake {
        Some((id, ended)) => intake::close(db, app, id, &ended).await,
        None => Ok(true),
    }
}

fn syntax_name(syntax: Syntax) -> &'static str {
    match syntax {
        Syntax::UblInvoice => "UBL_INVOICE",
        Syntax::UblCreditNote => "UBL_CREDIT_NOTE",
        Syntax::Cii => "CII",
        Syntax::Zugferd1 => "ZUGFERD_1",
    }
}

fn profile_name(profile: Profile) -> &'static str {
    match profile {
        Profile::Minimum => "MINIMUM",
        Profile::BasicWl => "BASIC_WL",
        Profile::Basic => "BASIC",
        Profile::En16931 => "EN16931",
        Profile::Extended => "EXTENDED",
        Profile::Xrechnung => "XRECHNUNG",
        Profile::XrechnungExtension => "XRECHNUNG_EXTENSION",
        Profile::Peppol => "PEPPOL",
        Profile::Zugferd1Basic => "ZUGFERD_1_BASIC",
        Profile::Zugferd1Comfort => "ZUGFERD_1_COMFORT",
        Profile::Zugferd1Extended => "ZUGFERD_1_EXTENDED",
        Profile::Other => "OTHER",
    }
}

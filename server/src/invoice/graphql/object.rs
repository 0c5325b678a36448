//! An invoice as the API shows it: its head from the row, all else from its document.
use super::detail::{
    self, GiroCode, InvoiceAllowance, InvoiceAttachment, InvoiceFinding, InvoiceLine, InvoiceParty, InvoicePayment,
    InvoiceTax, PrecedingInvoice,
};
use crate::{
    error::{Error, Result},
    invoice::{
        self, giro,
        list::{Cursor, Head},
        read::InvoiceDocument,
    },
    money,
};
use anyhow::Context;
use async_graphql::{ComplexObject, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use shared::{
    id::{ContractId, InvoiceId},
    invoice::{InvoiceKind, InvoiceOrder, InvoiceState},
    money::Amount,
};
use std::sync::Arc;

/// An invoice, credit note or correction, as the e-invoice says.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct Invoice {
    /// The currency of its amounts: three letters (BT-5, ISO 4217).
    currency: String,
    /// When it is to be paid (BT-9); null where it does not say.
    due_date: Option<NaiveDate>,
    /// The name of the original file.
    file_name: String,
    /// The size of the original file in bytes.
    file_size: i32,
    /// The total with VAT (BT-112).
    gross_total: Amount,
    /// The contract of the account that it is about; null where it names none that the portal knows.
    contract_id: Option<ContractId>,
    /// What is still to be paid: the payable amount less what the provider says was paid. Zero of credit notes and of
    /// what is settled.
    due_amount: Amount,
    /// Names the invoice.
    id: InvoiceId,
    /// The day it was issued (BT-2).
    issue_date: NaiveDate,
    /// What it is.
    kind: InvoiceKind,
    /// The media type of the original file: `application/pdf` or `application/xml`.
    media_type: String,
    /// The total without VAT (BT-109); null where it does not say.
    net_total: Option<Amount>,
    /// Its number (BT-1).
    number: String,
    /// The day of the last payment that the provider knows of; null where nothing is known.
    paid_on: Option<NaiveDate>,
    /// How much of it the provider says is paid; null where nothing is known.
    paid_total: Option<Amount>,
    /// What is to be paid (BT-115): the total less what was paid before, rounding included.
    payable: Amount,
    /// The specification it follows, such as XRECHNUNG or MINIMUM. MINIMUM and BASIC_WL have no lines.
    profile: String,
    /// When it came in.
    received_at: DateTime<Utc>,
    /// The SHA-256 of the original file, 64 hexadecimal digits.
    sha256: String,
    /// Where it stands today, as far as the portal knows.
    state: InvoiceState,
    /// The XML language it is written in: UBL_INVOICE, UBL_CREDIT_NOTE, CII or ZUGFERD_1.
    syntax: String,
    /// The VAT (BT-110); null where it does not say.
    tax_total: Option<Amount>,
    /// The document type code (BT-3, UNTDID 1001), such as 380.
    type_code: String,
    #[graphql(skip)]
    cursor: Cursor,
    #[graphql(skip)]
    seller_name: String,
    #[graphql(skip)]
    buyer_name: String,
    /// None in lists that do not ask for it.
    #[graphql(skip)]
    document: Option<Arc<InvoiceDocument>>,
}

impl Invoice {
    /// The invoice as it stands on `today`; its document is read where it was asked for.
    pub(super) fn of(head: Head, order: InvoiceOrder, today: NaiveDate) -> Result<Self> {
        let document = match head.document.as_str() {
            "" => None,
            json => Some(serde_json::from_str(json).with_context(|| format!("the document of invoice {}", head.id))?),
        };
        let kind = InvoiceKind::of_type_code(&head.type_code);
        Ok(Self {
            due_amount: invoice::due(kind, head.payable, head.paid_total),
            contract_id: head.contract_id,
            cursor: Cursor::of(order, &head),
            state: invoice::state(kind, head.payable, head.paid_total, head.due_date, today),
            currency: head.currency,
            due_date: head.due_date,
            file_name: head.file_name,
            file_size: head.file_size,
            gross_total: head.gross_total,
            id: head.id,
            issue_date: head.issue_date,
            kind,
            media_type: head.media_type,
            net_total: head.net_total,
            number: head.number,
            paid_on: head.paid_on,
            paid_total: head.paid_total,
            payable: head.payable,
            profile: head.profile,
            received_at: head.created_at,
            sha256: head.sha256,
            syntax: head.syntax,
            tax_total: head.tax_total,
            type_code: head.type_code,
            seller_name: head.seller_name,
            buyer_name: head.buyer_name,
            document: document.map(Arc::new),
        })
    }

    /// What orders the list.
    pub(super) fn key(&self) -> Cursor {
        self.cursor.clone()
    }

    fn document(&self) -> Result<&InvoiceDocument> {
        let document = self.document.as_deref();
        document.ok_or_else(|| Error::from(anyhow::anyhow!("the document of invoice {} was not asked for", self.id)))
    }
}

/// What is below the head, read from the original.
#[ComplexObject]
impl Invoice {
    /// Allowances (BG-20) and charges (BG-21) on the whole invoice.
    async fn allowances(&self) -> Result<Vec<InvoiceAllowance>> {
        detail::allowances(self.document()?)
    }

    /// Files that came with it.
    async fn attachments(&self) -> Result<Vec<InvoiceAttachment>> {
        let attachments = self.document()?.attachments.iter().enumerate();
        let row = |(index, file)| InvoiceAttachment::of(self.id, index, file);
        Ok(attachments.map(row).collect())
    }

    /// Who buys (BG-7).
    async fn buyer(&self) -> InvoiceParty {
        InvoiceParty::of(
            &self.buyer_name,
            self.document.as_deref().map(|document| &document.buyer),
        )
    }

    /// What the buyer asked to be named (BT-10), such as a Leitweg-ID.
    async fn buyer_reference(&self) -> Result<Option<&str>> {
        Ok(self.document()?.buyer_reference.as_deref())
    }

    /// The customer number that the seller has for the buyer: the first identifier of the buyer (BT-46).
    async fn customer_number(&self) -> Result<Option<&str>> {
        Ok(self.document()?.buyer.ids.first().map(|id| id.value.as_str()))
    }

    /// The day of the delivery (BT-72).
    async fn delivery_date(&self) -> Result<Option<NaiveDate>> {
        Ok(self.document()?.delivery_date)
    }

    /// The contract it is about (BT-12).
    async fn contract_number(&self) -> Result<Option<&str>> {
        Ok(self.document()?.contract_reference.as_deref())
    }

    /// Why no VAT is due (BT-120), each reason once.
    async fn exemption_notes(&self) -> Result<Vec<&str>> {
        let mut notes: Vec<&str> = Vec::new();
        for note in self
            .document()?
            .vat
            .iter()
            .filter_map(|vat| vat.exemption_reason.as_deref())
        {
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        Ok(notes)
    }

    /// What was found while checking the sums and the terms (EN 16931); empty for a sound invoice.
    async fn findings(&self) -> Result<Vec<InvoiceFinding>> {
        Ok(self.document()?.findings.iter().map(InvoiceFinding::from).collect())
    }

    /// A GiroCode (EPC069-12), which the app of a bank reads: over what is still to be paid; null where nothing is to be
    /// paid in euros to an IBAN.
    async fn giro_code(&self) -> Result<Option<GiroCode>> {
        if self.state == InvoiceState::Settled {
            return Ok(None);
        }
        let payment = &self.document()?.payment;
        let text = giro::payload(
            payment,
            &self.seller_name,
            &self.number,
            self.due_amount,
            &self.currency,
        );
        text.map(GiroCode::of).transpose()
    }

    /// The sum of the lines without VAT (BT-106).
    async fn line_total(&self) -> Result<Option<Amount>> {
        Ok(self.document()?.totals.lines.and_then(money::rounded))
    }

    /// Its lines (BG-25), in its order. Empty for the profiles MINIMUM and BASIC_WL, which have none.
    async fn lines(&self) -> Result<Vec<InvoiceLine>> {
        Ok(InvoiceLine::all(&self.document()?.lines))
    }

    /// Notes (BT-22), line breaks kept.
    async fn notes(&self) -> Result<&[String]> {
        Ok(&self.document()?.notes)
    }

    /// The purchase order (BT-13).
    async fn order_reference(&self) -> Result<Option<&str>> {
        Ok(self.document()?.order_reference.as_deref())
    }

    /// Where the original is downloaded, byte for byte.
    async fn original_url(&self) -> String {
        format!("/download/invoices/{}", self.id)
    }

    /// Where a PDF for reading is downloaded: the original where it is one, else a view that is made here, in the
    /// language of the parameter `language` (`DE` or `EN`).
    async fn pdf_url(&self) -> String {
        format!("/download/invoices/{}/pdf", self.id)
    }

    /// The earlier invoices that it refers to (BG-3), such as the one that it corrects.
    async fn preceding_invoices(&self) -> Result<Vec<PrecedingInvoice>> {
        let earlier = &self.document()?.preceding_invoices;
        Ok(earlier.iter().map(PrecedingInvoice::from).collect())
    }

    /// How to pay (BG-16); null where it does not say.
    async fn payment(&self) -> Result<Option<InvoicePayment>> {
        Ok(InvoicePayment::of(&self.document()?.payment))
    }

    /// The last day of what is invoiced (BT-74).
    async fn period_end(&self) -> Result<Option<NaiveDate>> {
        Ok(self.document()?.period.and_then(|period| period.end))
    }

    /// The first day of what is invoiced (BT-73).
    async fn period_start(&self) -> Result<Option<NaiveDate>> {
        Ok(self.document()?.period.and_then(|period| period.start))
    }

    /// What was paid before (BT-113).
    async fn prepaid(&self) -> Result<Option<Amount>> {
        Ok(self.document()?.totals.prepaid.and_then(money::rounded))
    }

    /// What was added to round the amount to pay (BT-114).
    async fn rounding(&self) -> Result<Option<Amount>> {
        Ok(self.document()?.totals.rounding.and_then(money::rounded))
    }

    /// Who sells (BG-4).
    async fn seller(&self) -> InvoiceParty {
        InvoiceParty::of(
            &self.seller_name,
            self.document.as_deref().map(|document| &document.seller),
        )
    }

    /// The currency of the tax authority (BT-6), where it is another one.
    async fn tax_currency(&self) -> Result<Option<&str>> {
        Ok(self.document()?.tax_currency.as_deref())
    }

    /// The VAT in the currency of the tax authority (BT-111).
    async fn tax_in_tax_currency(&self) -> Result<Option<Amount>> {
        Ok(self.document()?.totals.tax_in_tax_currency.and_then(money::rounded))
    }

    /// VAT by category and rate (BG-23).
    async fn taxes(&self) -> Result<Vec<InvoiceTax>> {
        detail::taxes(self.document()?)
    }
    /// Where the XML is downloaded: the original, or what a hybrid PDF carries.
    async fn xml_url(&self) -> String {
        format!("/download/invoices/{}/xml", self.id)
    }
}

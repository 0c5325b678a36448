//! An invented invoice of the demo provider: filled in by hand, added up and written as a valid e-invoice.

use anyhow::anyhow;
use chrono::{Datelike, NaiveDate};
use en16931::invoice as model;
use en16931::validation::profile::{ProfileMarker, Validated};
use en16931::{
    Attachment, DocumentKind, DocumentReference, En16931, Identifier, Invoice, InvoiceAmount, Percentage, Quantity,
    Reconciler, UnitPriceAmount, XRechnung,
};
use en16931_formats::Syntax;
use rust_decimal::{Decimal, RoundingStrategy};

use super::paper;

/// Name of the demo provider, the seller of all demo invoices.
pub const PROVIDER: &str = "Lindwerk Netze GmbH";
/// Account of the demo provider; the example IBAN of the German banks.
pub const PROVIDER_IBAN: &str = "DE89370400440532013000";

/// A customer as he stands on his invoices.
#[derive(Clone, Copy, Debug)]
pub struct Buyer {
    /// Customer number, the buyer identifier (BT-46).
    pub number: &'static str,
    /// Name (BT-44).
    pub name: &'static str,
    /// Department or person (BT-56).
    pub contact: Option<&'static str>,
    /// Street and house number (BT-50).
    pub street: &'static str,
    /// Postcode (BT-53).
    pub postcode: &'static str,
    /// City (BT-52).
    pub city: &'static str,
    /// E-mail address, the electronic address (BT-49).
    pub email: &'static str,
    /// What the buyer wants to read on invoices (BT-10).
    pub reference: Option<&'static str>,
    /// Mandate and account of a direct debit; none pays by transfer.
    pub direct_debit: Option<(&'static str, &'static str)>,
}

/// One thing sold.
#[derive(Clone, Debug)]
pub struct Item {
    /// What it is (BT-153).
    pub name: &'static str,
    /// Of which month, for which meter (BT-154).
    pub description: Option<String>,
    /// How much (BT-129).
    pub quantity: Decimal,
    /// Of which unit (BT-130).
    pub unit: &'static str,
    /// Net price of one unit (BT-146).
    pub price: Decimal,
    /// VAT rate in per cent (BT-152); zero is the zero rate, category Z.
    pub vat_rate: u8,
}

impl Item {
    /// Net amount (BT-131), rounded half up to cents.
    #[must_use]
    pub fn net(&self) -> Decimal {
        cents(self.quantity * self.price)
    }
}

/// Discount on the document at the standard rate (BG-20).
#[derive(Clone, Debug)]
pub struct Discount {
    /// Why.
    pub reason: &'static str,
    /// Amount that the percentage is taken of.
    pub base: Decimal,
    /// Percentage.
    pub percent: Decimal,
}

impl Discount {
    /// The discount, rounded half up to cents.
    #[must_use]
    pub fn amount(&self) -> Decimal {
        cents(self.base * self.percent / Decimal::ONE_HUNDRED)
    }
}

/// An invoice before it is written.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Number (BT-1).
    pub number: String,
    /// For a credit note, number and date of the invoice that it credits; none for an invoice.
    pub credits: Option<(String, NaiveDate)>,
    /// For a correction, number and date of the invoice that it corrects.
    pub corrects: Option<(String, NaiveDate)>,
    /// Number of the contract that it is for (BT-12).
    pub contract: Option<&'static str>,
    /// Issue date (BT-2).
    pub issued: NaiveDate,
    /// Due date (BT-9).
    pub due: Option<NaiveDate>,
    /// First and last day of the time invoiced (BG-14).
    pub period: (NaiveDate, NaiveDate),
    /// Who buys.
    pub buyer: Buyer,
    /// What is sold.
    pub items: Vec<Item>,
    /// A discount on the whole.
    pub discount: Option<Discount>,
    /// Whether everything has been paid before (BT-113 is the whole sum).
    pub is_paid: bool,
    /// A note (BT-22).
    pub note: Option<String>,
    /// Attachments as file name, media type, description and bytes (BG-24).
    pub attachments: Vec<(String, &'static str, &'static str, Vec<u8>)>,
}

impl Draft {
    /// The XRechnung in UBL, as `Invoice` or `CreditNote`.
    ///
    /// # Errors
    /// If the draft breaks a rule of XRechnung.
    pub fn to_ubl(&self) -> anyhow::Result<String> {
        write::<XRechnung>(self.to_model()?, Syntax::Ubl)
    }

    /// The XRechnung in CII.
    ///
    /// # Errors
    /// If the draft breaks a rule of XRechnung.
    pub fn to_cii(&self) -> anyhow::Result<String> {
        write::<XRechnung>(self.to_model()?, Syntax::Cii)
    }

    /// A PDF with a readable page and the invoice in CII within it, profile EN 16931.
    ///
    /// # Errors
    /// If the draft breaks a rule of EN 16931.
    pub fn to_hybrid(&self) -> anyhow::Result<Vec<u8>> {
        let model = self.to_model()?;
        let page = paper::page(self, &model.vat_breakdown, &model.totals);
        let xml = write::<En16931>(model, Syntax::Cii)?;
        Ok(paper::pdf(
            &self.number,
            &page,
            &[("factur-x.xml", "text/xml", xml.as_bytes())],
        ))
    }

    fn to_model(&self) -> anyhow::Result<Invoice> {
        let mut invoice = Invoice::default();
        invoice.kind = if self.credits.is_some() {
            DocumentKind::CreditNote
        } else {
            DocumentKind::Invoice
        };
        // credit note, corrected invoice, commercial invoice (UNTDID 1001)
        let code = match (&self.credits, &self.corrects) {
            (Some(_), _) => "381",
            (None, Some(_)) => "384",
            (None, None) => "380",
        };
        invoice.type_code = Some(code.into());
        invoice.contract_reference = self.contract.map(DocumentReference::new);
        invoice.number = Some(self.number.clone());
        invoice.issue_date = Some(date(self.issued)?);
        invoice.due_date = self.due.map(date).transpose()?;
        invoice.currency = Some("EUR".into());
        invoice.business_process = Some("urn:fdc:peppol.eu:2017:poacc:billing:01:1.0".to_owned());
        invoice.invoicing_period = Some(period(self.period)?);
        invoice.buyer_reference = self.buyer.reference.map(str::to_owned);
        invoice.notes = self.note.iter().map(|note| note.as_str().into()).collect();
        invoice.seller = seller();
        invoice.buyer = buyer(&self.buyer);
        invoice.payment = Some(self.payment());
        invoice.payment_terms = Some(self.terms());
        if let Some((number, issued)) = self.credits.as_ref().or(self.corrects.as_ref()) {
            invoice.preceding_invoices.push(model::PrecedingInvoice {
                reference: DocumentReference::new(number.as_str()),
                issue_date: Some(date(*issued)?),
            });
        }
        for (index, item) in self.items.iter().enumerate() {
            invoice.lines.push(line(index + 1, item)?);
        }
        if let Some(discount) = &self.discount {
            invoice.allowances.push(model::DocumentAllowanceCharge {
                amount: amount(discount.amount())?,
                base_amount: Some(amount(discount.base)?),
                percentage: Some(Percentage::new(discount.percent)),
                vat: vat(19),
                reason: Some(discount.reason.to_owned()),
                reason_code: None,
            });
        }
        for (index, (name, media_type, description, bytes)) in self.attachments.iter().enumerate() {
            invoice.attachments.push(model::SupportingDocument {
                reference: DocumentReference::new(format!("{}-{}", self.number, index + 1)),
                description: Some((*description).to_owned()),
                uri: None,
                attachment: Some(Attachment::new(bytes.clone(), *media_type, name.as_str())?),
            });
        }
        let gross = Reconciler::new().compute(&invoice)?.totals.gross_total;
        let sums = if self.is_paid {
            Reconciler::new().paid(gross)
        } else {
            Reconciler::new()
        };
        sums.apply(&mut invoice)?;
        Ok(invoice)
    }

    fn payment(&self) -> model::PaymentInstructions {
        let mut payment = match self.buyer.direct_debit {
            Some((mandate, account)) => {
                model::PaymentInstructions::sepa_direct_debit(mandate, "DE98ZZZ09999999999", Some(account))
            }
            None => model::PaymentInstructions::sepa_credit_transfer(PROVIDER_IBAN, Some("COBADEFFXXX")),
        };
        if let Some(model::PaymentMeans::CreditTransfer(transfers)) = &mut payment.means {
            transfers
                .iter_mut()
                .for_each(|transfer| transfer.account_name = Some(PROVIDER.to_owned()));
        }
        payment.remittance_information = Some(self.number.clone());
        payment
    }

    /// The payment terms (BT-20) in a sentence.
    pub(super) fn terms(&self) -> String {
        let due = self.due.map(paper::day).unwrap_or_default();
        let lessens = self.credits.as_ref().or(self.corrects.as_ref());
        match (lessens, self.is_paid, self.buyer.direct_debit) {
            (Some(_), ..) => "Wir verrechnen den Betrag mit Ihrer nächsten Rechnung.".to_owned(),
            (None, true, _) => "Der Betrag ist bezahlt. Vielen Dank.".to_owned(),
            (None, false, Some(_)) => format!("Wir buchen den Betrag am {due} von Ihrem Konto ab."),
            (None, false, None) => {
                format!("Bitte zahlen Sie bis zum {due} ohne Abzug. Geben Sie dabei die Rechnungsnummer an.")
            }
        }
    }
}

fn write<P: ProfileMarker>(mut invoice: Invoice, syntax: Syntax) -> anyhow::Result<String> {
    invoice.specification_id = Some(P::PROFILE.specification_id.to_owned());
    let valid = Validated::<P>::new(invoice).map_err(|rejected| anyhow!("{rejected}"))?;
    Ok(en16931_formats::write(&valid, syntax).xml)
}

fn line(number: usize, item: &Item) -> anyhow::Result<model::InvoiceLine> {
    let quantity = Quantity::new(item.quantity);
    let net = amount(item.net())?;
    let vat = vat(item.vat_rate);
    let line = model::InvoiceLine::new(
        number.to_string(),
        item.name,
        quantity,
        item.unit,
        net,
        vat.category,
        vat.rate,
    );
    let price = model::PriceDetails {
        net_price: UnitPriceAmount::new(item.price),
        ..Default::default()
    };
    let named = model::Item {
        name: Some(item.name.to_owned()),
        description: item.description.clone(),
        ..Default::default()
    };
    Ok(line.with_price(price).with_item(named))
}

fn vat(rate: u8) -> model::LineVat {
    let category = if rate == 0 { "Z" } else { "S" };
    model::LineVat {
        category: category.into(),
        rate: Some(Percentage::new(rate.into())),
    }
}

fn seller() -> model::Party {
    model::Party {
        name: Some(PROVIDER.to_owned()),
        vat_identifier: Some("DE299999999".to_owned()),
        tax_registration: Some("124/5800/9999".to_owned()),
        legal_registration: Some(Identifier::new("HRB 99999")),
        additional_legal_information: Some(
            "Geschäftsführung: Dr. Petra Lind, Amtsgericht Duisburg HRB 99999".to_owned(),
        ),
        electronic_address: Some(Identifier::schemed("rechnung@lindwerk.example", "EM")),
        address: address("Hafenstraße 12", "46049", "Oberhausen"),
        contact: model::Contact::new("Kundenservice", "0208 555 0100", "rechnung@lindwerk.example"),
        ..model::Party::default()
    }
}

fn buyer(buyer: &Buyer) -> model::Party {
    model::Party {
        name: Some(buyer.name.to_owned()),
        identifiers: vec![Identifier::new(buyer.number)],
        electronic_address: Some(Identifier::schemed(buyer.email, "EM")),
        address: address(buyer.street, buyer.postcode, buyer.city),
        contact: model::Contact {
            name: buyer.contact.map(str::to_owned),
            ..model::Contact::default()
        },
        ..model::Party::default()
    }
}

fn address(street: &str, postcode: &str, city: &str) -> model::PostalAddress {
    model::PostalAddress {
        line1: Some(street.to_owned()),
        city: Some(city.to_owned()),
        post_code: Some(postcode.to_owned()),
        country: Some("DE".into()),
        ..model::PostalAddress::default()
    }
}

fn period((start, end): (NaiveDate, NaiveDate)) -> anyhow::Result<model::Period> {
    Ok(model::Period {
        start: Some(date(start)?),
        end: Some(date(end)?),
    })
}

fn date(day: NaiveDate) -> anyhow::Result<en16931::Date> {
    Ok(en16931::Date::new(
        day.year(),
        u8::try_from(day.month())?,
        u8::try_from(day.day())?,
    )?)
}

fn amount(amount: Decimal) -> anyhow::Result<InvoiceAmount> {
    Ok(InvoiceAmount::from_decimal_exact(amount)?)
}

fn cents(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

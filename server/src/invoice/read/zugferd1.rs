//! ZUGFeRD 1 (2014), root `CrossIndustryDocument`: the predecessor of CII D16B with other names for the groups.

use chrono::NaiveDate;
use roxmltree::Node;
use rust_decimal::Decimal;

use super::document::{
    Account, Adjustment, Finding, Identifier, InvoiceDocument, Line, Party, Payment, Period, PrecedingInvoice, Profile,
    Syntax, Totals, VatBreakdown, Weight,
};
use super::unreadable::{Unreadable, shortened};
use super::xml::{child, children, descend, own_text, text};
use super::{AMOUNT_LIMIT, require, single_line};

/// Reads the document under `root`.
///
/// # Errors
/// [`Unreadable`] if BT-1, BT-2 or BT-5 are missing, or if the issue date or a total is there but none.
pub(super) fn map(root: Node<'_, '_>) -> Result<InvoiceDocument, Unreadable> {
    let header = child(root, "HeaderExchangedDocument").unwrap_or(root);
    let trade = child(root, "SpecifiedSupplyChainTradeTransaction").unwrap_or(root);
    let agreement = child(trade, "ApplicableSupplyChainTradeAgreement").unwrap_or(trade);
    let delivery = child(trade, "ApplicableSupplyChainTradeDelivery").unwrap_or(trade);
    let settlement = child(trade, "ApplicableSupplyChainTradeSettlement").unwrap_or(trade);
    let mut reader = Reader::default();

    let number = require("BT-1", name(header, &["ID"]))?;
    let issue_date = match text(header, &["IssueDateTime", "DateTimeString"]) {
        None => return Err(Unreadable::MissingTerm { term: "BT-2" }),
        Some(found) => date(&found).ok_or_else(|| Unreadable::BadDate {
            found: shortened(&found),
        })?,
    };
    let currency = require("BT-5", name(settlement, &["InvoiceCurrencyCode"]))?;
    let totals = totals(settlement)?;
    let specification = name(
        root,
        &[
            "SpecifiedExchangedDocumentContext",
            "GuidelineSpecifiedDocumentContextParameter",
            "ID",
        ],
    );

    let (allowances, mut charges) = reader.adjustments(settlement);
    charges.extend(children(settlement, "SpecifiedLogisticsServiceCharge").map(|part| reader.freight(part)));
    Ok(InvoiceDocument {
        syntax: Syntax::Zugferd1,
        profile: profile(specification.as_deref().unwrap_or_default()),
        specification,
        embedded_name: None,
        number,
        type_code: name(header, &["TypeCode"]).unwrap_or_else(|| "380".to_owned()),
        issue_date,
        due_date: reader.date(settlement, &["SpecifiedTradePaymentTerms", "DueDateDateTime"]),
        delivery_date: reader.date(delivery, &["ActualDeliverySupplyChainEvent", "OccurrenceDateTime"]),
        period: child(settlement, "BillingSpecifiedPeriod").and_then(|period| reader.period(period)),
        currency,
        tax_currency: None,
        notes: children(header, "IncludedNote")
            .filter_map(|note| text(note, &["Content"]))
            .collect(),
        seller: child(agreement, "SellerTradeParty").map(party).unwrap_or_default(),
        buyer: child(agreement, "BuyerTradeParty").map(party).unwrap_or_default(),
        buyer_reference: name(agreement, &["BuyerReference"]),
        order_reference: name(agreement, &["BuyerOrderReferencedDocument", "ID"]),
        contract_reference: name(agreement, &["ContractReferencedDocument", "ID"]),
        preceding_invoices: children(settlement, "InvoiceReferencedDocument")
            .filter_map(|reference| name(reference, &["ID"]))
            .map(|number| PrecedingInvoice {
                number,
                issue_date: None,
            })
            .collect(),
        payment: payment(settlement),
        lines: children(trade, "IncludedSupplyChainTradeLineItem")
            .map(|line| reader.line(line))
            .collect(),
        allowances,
        charges,
        vat: children(settlement, "ApplicableTradeTax")
            .map(|tax| reader.vat(tax))
            .collect(),
        totals,
        attachments: Vec::new(),
        findings: reader.findings,
    })
}

/// Reads values and notes those that are none.
#[derive(Default)]
struct Reader {
    findings: Vec<Finding>,
}

impl Reader {
    fn decimal(&mut self, node: Node<'_, '_>, path: &[&str]) -> Option<Decimal> {
        let found = text(node, path)?;
        let parsed = decimal(&found);
        if parsed.is_none() {
            self.malformed(path, &found);
        }
        parsed
    }

    fn amount(&mut self, node: Node<'_, '_>, path: &[&str]) -> Decimal {
        self.decimal(node, path).unwrap_or_default()
    }

    fn date(&mut self, node: Node<'_, '_>, path: &[&str]) -> Option<NaiveDate> {
        let holder = descend(node, path)?;
        let found = text(holder, &["DateTimeString"]).or_else(|| own_text(holder))?;
        let parsed = date(&found);
        if parsed.is_none() {
            self.malformed(path, &found);
        }
        parsed
    }

    fn malformed(&mut self, path: &[&str], found: &str) {
        let params = [
            ("at".to_owned(), path.join("/")),
            ("value".to_owned(), shortened(found)),
        ]
        .into();
        self.findings.push(Finding {
            rule: "MALFORMED".to_owned(),
            weight: Weight::Notice,
            params,
        });
    }

    fn period(&mut self, node: Node<'_, '_>) -> Option<Period> {
        let period = Period {
            start: self.date(node, &["StartDateTime"]),
            end: self.date(node, &["EndDateTime"]),
        };
        (period.start.is_some() || period.end.is_some()).then_some(period)
    }

    /// Allowances and charges below `node`.
    fn adjustments(&mut self, node: Node<'_, '_>) -> (Vec<Adjustment>, Vec<Adjustment>) {
        let (mut allowances, mut charges) = (Vec::new(), Vec::new());
        for part in children(node, "SpecifiedTradeAllowanceCharge") {
            let adjustment = Adjustment {
                amount: self.amount(part, &["ActualAmount"]),
                base: self.decimal(part, &["BasisAmount"]),
                percent: self.decimal(part, &["CalculationPercent"]),
                reason: name(part, &["Reason"]),
                vat_category: name(part, &["CategoryTradeTax", "CategoryCode"]),
                vat_rate: self.decimal(part, &["CategoryTradeTax", "ApplicablePercent"]),
            };
            let is_charge = matches!(
                text(part, &["ChargeIndicator", "Indicator"]).as_deref(),
                Some("true" | "1")
            );
            if is_charge { &mut charges } else { &mut allowances }.push(adjustment);
        }
        (allowances, charges)
    }

    /// Freight and packing, a group of its own in this version.
    fn freight(&mut self, part: Node<'_, '_>) -> Adjustment {
        Adjustment {
            amount: self.amount(part, &["AppliedAmount"]),
            base: None,
            percent: None,
            reason: name(part, &["Description"]),
            vat_category: name(part, &["AppliedTradeTax", "CategoryCode"]),
            vat_rate: self.decimal(part, &["AppliedTradeTax", "ApplicablePercent"]),
        }
    }

    fn vat(&mut self, tax: Node<'_, '_>) -> VatBreakdown {
        VatBreakdown {
            category: name(tax, &["CategoryCode"]).unwrap_or_default(),
            rate: self.decimal(tax, &["ApplicablePercent"]).map(|rate| rate.normalize()),
            basis: self.amount(tax, &["BasisAmount"]),
            tax: self.amount(tax, &["CalculatedAmount"]),
            exemption_reason: name(tax, &["ExemptionReason"]),
        }
    }

    fn line(&mut self, line: Node<'_, '_>) -> Line {
        let settlement = child(line, "SpecifiedSupplyChainTradeSettlement").unwrap_or(line);
        let product = child(line, "SpecifiedTradeProduct").unwrap_or(line);
        let quantity = ["SpecifiedSupplyChainTradeDelivery", "BilledQuantity"];
        let price = ["SpecifiedSupplyChainTradeAgreement", "NetPriceProductTradePrice"];
        let notes = child(line, "AssociatedDocumentLineDocument")
            .into_iter()
            .flat_map(|document| children(document, "IncludedNote"))
            .filter_map(|note| text(note, &["Content"]))
            .collect::<Vec<_>>();
        let (allowances, charges) = self.adjustments(settlement);
        Line {
            id: name(line, &["AssociatedDocumentLineDocument", "LineID"]).unwrap_or_default(),
            name: name(product, &["Name"]),
            description: text(product, &["Description"]),
            note: (!notes.is_empty()).then(|| notes.join("\n")),
            quantity: self.decimal(line, &quantity),
            unit: descend(line, &quantity)
                .and_then(|node| node.attribute("unitCode"))
                .map(single_line),
            price: self.decimal(line, &[price[0], price[1], "ChargeAmount"]),
            base_quantity: self.decimal(line, &[price[0], price[1], "BasisQuantity"]),
            vat_category: name(settlement, &["ApplicableTradeTax", "CategoryCode"]).unwrap_or_default(),
            vat_rate: self
                .decimal(settlement, &["ApplicableTradeTax", "ApplicablePercent"])
                .map(|rate| rate.normalize()),
            net: self.amount(
                settlement,
                &["SpecifiedTradeSettlementMonetarySummation", "LineTotalAmount"],
            ),
            period: child(settlement, "BillingSpecifiedPeriod").and_then(|period| self.period(period)),
            allowances,
            charges,
            parent: name(line, &["AssociatedDocumentLineDocument", "ParentLineID"]),
            sub_lines: Vec::new(),
        }
    }
}

fn totals(settlement: Node<'_, '_>) -> Result<Totals, Unreadable> {
    let Some(sums) = child(settlement, "SpecifiedTradeSettlementMonetarySummation") else {
        return Ok(Totals::default());
    };
    let amount = |element: &str| match text(sums, &[element]) {
        None => Ok(None),
        Some(found) => decimal(&found).map(Some).ok_or_else(|| Unreadable::BadAmount {
            at: element.to_owned(),
            found: shortened(&found),
        }),
    };
    Ok(Totals {
        lines: amount("LineTotalAmount")?,
        allowances: amount("AllowanceTotalAmount")?,
        charges: amount("ChargeTotalAmount")?,
        net: amount("TaxBasisTotalAmount")?,
        tax: amount("TaxTotalAmount")?,
        tax_in_tax_currency: None,
        gross: amount("GrandTotalAmount")?,
        prepaid: amount("TotalPrepaidAmount")?,
        rounding: None,
        payable: amount("DuePayableAmount")?,
    })
}

fn party(party: Node<'_, '_>) -> Party {
    let registration = |scheme: &str| {
        children(party, "SpecifiedTaxRegistration")
            .filter_map(|registration| child(registration, "ID"))
            .find(|id| id.attribute("schemeID") == Some(scheme))
            .and_then(own_text)
    };
    let address = child(party, "PostalTradeAddress").unwrap_or(party);
    let contact = child(party, "DefinedTradeContact").unwrap_or(party);
    Party {
        name: name(party, &["Name"]),
        trading_name: None,
        ids: children(party, "ID")
            .chain(children(party, "GlobalID"))
            .filter_map(identifier)
            .collect(),
        registration: None,
        vat_id: registration("VA"),
        tax_number: registration("FC"),
        electronic_address: None,
        street: ["LineOne", "LineTwo"]
            .iter()
            .filter_map(|line| name(address, &[line]))
            .collect(),
        postcode: name(address, &["PostcodeCode"]),
        city: name(address, &["CityName"]),
        country: name(address, &["CountryID"]),
        contact_name: name(contact, &["PersonName"]).or_else(|| name(contact, &["DepartmentName"])),
        contact_phone: name(contact, &["TelephoneUniversalCommunication", "CompleteNumber"]),
        contact_email: name(contact, &["EmailURIUniversalCommunication", "URIID"]),
    }
}

fn identifier(id: Node<'_, '_>) -> Option<Identifier> {
    own_text(id).map(|value| Identifier {
        value: single_line(&value),
        scheme: id.attribute("schemeID").map(str::to_owned),
    })
}

fn payment(settlement: Node<'_, '_>) -> Payment {
    let mut payment = Payment {
        remittance: name(settlement, &["PaymentReference"]),
        terms: text(settlement, &["SpecifiedTradePaymentTerms", "Description"]),
        ..Payment::default()
    };
    for means in children(settlement, "SpecifiedTradeSettlementPaymentMeans") {
        payment.means_code = payment.means_code.or_else(|| name(means, &["TypeCode"]));
        payment.means_text = payment.means_text.or_else(|| name(means, &["Information"]));
        let account = ["PayeePartyCreditorFinancialAccount"];
        let number = name(means, &[account[0], "IBANID"]).or_else(|| name(means, &[account[0], "ProprietaryID"]));
        payment.accounts.extend(number.map(|number| Account {
            iban: number.split_whitespace().collect(),
            bic: name(means, &["PayeeSpecifiedCreditorFinancialInstitution", "BICID"]),
            name: name(means, &[account[0], "AccountName"]),
        }));
    }
    payment
}

fn profile(specification: &str) -> Profile {
    match specification
        .rsplit(':')
        .next()
        .unwrap_or_default()
        .to_lowercase()
        .as_str()
    {
        "basic" => Profile::Zugferd1Basic,
        "comfort" => Profile::Zugferd1Comfort,
        "extended" => Profile::Zugferd1Extended,
        _ => Profile::Other,
    }
}

/// Format 102 of UNTDID 2379 (`20130916`), or an ISO 8601 date with or without a time.
fn date(text: &str) -> Option<NaiveDate> {
    let day = text.split('T').next().unwrap_or_default();
    NaiveDate::parse_from_str(day, "%Y%m%d")
        .or_else(|_| NaiveDate::parse_from_str(day, "%Y-%m-%d"))
        .ok()
}

fn decimal(text: &str) -> Option<Decimal> {
    text.parse::<Decimal>()
        .ok()
        .filter(|amount| amount.abs() <= AMOUNT_LIMIT)
}

fn name(node: Node<'_, '_>, path: &[&str]) -> Option<String> {
    text(node, path)
        .map(|text| single_line(&text))
        .filter(|text| !text.is_empty())
}

//! The invoice as it would lie on a table.
use super::{
    detail_operations::{InvoiceDetail, InvoiceLine, InvoiceParty, WholeLine},
    words::{kind_words, unit},
};
use crate::{
    api::Day,
    i18n::*,
    locale::{self, Words},
};
use leptos::prelude::*;
use leptos_router::components::A;
use shared::money::Amount;

/// A period in days, the year once where it is one: `01.10.–30.11.2026`.
fn period(i18n: Words, start: Option<&Day>, end: Option<&Day>) -> Option<String> {
    match (start, end) {
        (Some(start), Some(end)) => {
            let (first, last) = (locale::date(i18n, start), locale::date(i18n, end));
            let year = start.0.split('-').next().filter(|year| end.0.starts_with(year));
            let short = year.and_then(|year| first.strip_suffix(year)).map(str::trim_end);
            Some(format!("{}–{last}", short.unwrap_or(&first)))
        }
        (Some(day), None) | (None, Some(day)) => Some(locale::date(i18n, day)),
        (None, None) => None,
    }
}

fn place_line(party: &InvoiceParty) -> Option<String> {
    let parts = [party.postal_code.as_deref(), party.city.as_deref()];
    let line = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    (!line.is_empty()).then_some(line)
}

fn broken(lines: Vec<String>) -> AnyView {
    lines
        .into_iter()
        .enumerate()
        .map(|(index, line)| view! { {(index > 0).then(|| view! { <br /> })} {line} })
        .collect_view()
        .into_any()
}

fn address(party: &InvoiceParty, with_contact: bool) -> Vec<String> {
    let contact = party.contact.clone().filter(|_| with_contact);
    std::iter::once(party.name.clone())
        .chain(contact)
        .chain(party.lines.iter().filter(|line| !line.is_empty()).cloned())
        .chain(place_line(party))
        .collect()
}

/// Head, lines, sums, terms and foot.
#[component]
pub fn Paper(
    /// The invoice.
    invoice: InvoiceDetail,
) -> AnyView {
    let i18n = use_i18n();
    let kind = kind_words(i18n, invoice.kind);
    let number = invoice.number.clone();
    let sender = std::iter::once(invoice.seller.name.clone())
        .chain(place_line(&invoice.seller))
        .collect::<Vec<_>>()
        .join(" · ");
    let terms = invoice.payment.as_ref().and_then(|payment| payment.terms.clone());
    let texts = invoice
        .notes
        .iter()
        .chain(&invoice.exemption_notes)
        .chain(&terms)
        .cloned();
    let texts = texts
        .map(|text| view! { <p class="paper-terms">{text}</p> })
        .collect_view();
    let lines: Vec<InvoiceLine> = invoice.lines.iter().flat_map(whole).collect();
    view! {
        <article class="paper" aria-label=move || format!("{} {number}", kind())>
            <div class="paper-head">
                <div>
                    <p class="paper-sender">{sender}</p>
                    <address>{broken(address(&invoice.buyer, true))}</address>
                </div>
                <Facts invoice=invoice.clone() />
            </div>
            <h2>{kind}</h2>
            <Lines lines currency=invoice.currency.clone() />
            <Sums invoice=invoice.clone() />
            {texts}
            <Foot seller=invoice.seller />
        </article>
    }
    .into_any()
}

#[component]
fn Facts(invoice: InvoiceDetail) -> AnyView {
    let i18n = use_i18n();
    let fact = move |term: fn(Words) -> &'static str, value: AnyView| {
        view! { <div><dt>{follow(i18n, term)}</dt><dd>{value}</dd></div> }.into_any()
    };
    let id = |value: String| view! { <span class="id">{value}</span> }.into_any();
    let InvoiceDetail {
        buyer_reference,
        contract_id,
        contract_number,
        customer_number,
        delivery_date,
        issue_date,
        number,
        order_reference,
        period_end,
        period_start,
        preceding_invoices,
        ..
    } = invoice;
    let earlier: Vec<String> = preceding_invoices.into_iter().map(|earlier| earlier.number).collect();
    let has_period = period_start.is_some() || period_end.is_some();
    let days = text(move || period(i18n, period_start.as_ref(), period_end.as_ref()).unwrap_or_default());
    view! {
        <dl class="facts">
            {fact(|i18n| t_string!(i18n, invoice.number), id(number))}
            {customer_number.map(|number| fact(|i18n| t_string!(i18n, invoice.customer), id(number)))}
            {fact(|i18n| t_string!(i18n, invoice.date), text(move || locale::date(i18n, &issue_date)).into_any())}
            {has_period.then(|| fact(|i18n| t_string!(i18n, invoice.period), days.into_any()))}
            {delivery_date.map(|day| {
                fact(|i18n| t_string!(i18n, invoice.delivered), text(move || locale::date(i18n, &day)).into_any())
            })}
            {(!earlier.is_empty()).then(|| fact(|i18n| t_string!(i18n, invoice.refers_to), id(earlier.join(", "))))}
            {contract_number.map(|number| fact(|i18n| t_string!(i18n, invoice.contract), match contract_id {
                Some(of) => view! { <A href=format!("/products/{of}") attr:class="id">{number}</A> }.into_any(),
                None => id(number),
            }))}
            {order_reference.map(|number| fact(|i18n| t_string!(i18n, invoice.order), id(number)))}
            {buyer_reference.map(|text| fact(|i18n| t_string!(i18n, invoice.your_reference), text.into_any()))}
        </dl>
    }
    .into_any()
}

#[component]
fn Lines(lines: Vec<InvoiceLine>, currency: String) -> AnyView {
    let i18n = use_i18n();
    if lines.is_empty() {
        return view! { <p class="soft">{t!(i18n, invoice.no_lines)}</p> }.into_any();
    }
    let head = move |words: fn(Words) -> &'static str, class: &'static str| {
        view! { <th scope="col" class=class>{follow(i18n, words)}</th> }
    };
    view! {
        <table class="lines">
            <caption class="away">{t!(i18n, invoice.lines)}</caption>
            <thead>
                <tr>
                    {head(|i18n| t_string!(i18n, invoice.position), "fit")}
                    {head(|i18n| t_string!(i18n, invoice.item), "")}
                    {head(|i18n| t_string!(i18n, invoice.quantity), "num")}
                    {head(|i18n| t_string!(i18n, invoice.price), "num")}
                    {head(|i18n| t_string!(i18n, invoice.vat), "num")}
                    {head(|i18n| t_string!(i18n, invoice.amount), "num")}
                </tr>
            </thead>
            <tbody>
                {lines.into_iter().map(|line| view! { <Line line currency=currency.clone() /> }).collect_view()}
            </tbody>
        </table>
    }
    .into_any()
}

/// The line and its parts.
fn whole(line: &WholeLine) -> impl Iterator<Item = InvoiceLine> + use<> {
    std::iter::once(line.line.clone()).chain(line.parts.clone())
}

/// Stands before what is part of the line above.
fn part_mark() -> AnyView {
    let i18n = use_i18n();
    view! { <span aria-hidden="true">"↳ "</span><span class="away">{t!(i18n, invoice.part_of)} " "</span> }.into_any()
}

#[component]
fn Line(line: InvoiceLine, currency: String) -> AnyView {
    let i18n = use_i18n();
    let InvoiceLine {
        allowances,
        base_quantity,
        description,
        id,
        level,
        name,
        net_amount,
        net_price,
        period_end,
        period_start,
        quantity,
        unit: code,
        vat_rate,
    } = line;
    let has_period = period_start.is_some() || period_end.is_some();
    let days = has_period.then(|| {
        let days = text(move || period(i18n, period_start.as_ref(), period_end.as_ref()).unwrap_or_default());
        view! { <span class="sub">{days}</span> }
    });
    let amount_currency = currency.clone();
    let parts = allowances
        .into_iter()
        .map(|part| {
            let of = currency.clone();
            let signed = Amount(if part.is_charge { part.amount.0 } else { -part.amount.0 });
            let words = text(move || {
                let reason = part.reason.clone().unwrap_or_else(|| {
                    let word = if part.is_charge {
                        t_string!(i18n, invoice.charge)
                    } else {
                        t_string!(i18n, invoice.allowance)
                    };
                    word.to_owned()
                });
                format!("{reason}: {}", locale::amount(i18n, signed, &of))
            });
            view! { <span class="sub">{words}</span> }
        })
        .collect_view();
    let many = text(move || {
        let number = quantity.as_ref().map(|number| locale::number(i18n, &number.0));
        let unit = code.as_ref().map(|code| unit(i18n, code));
        [number, unit].into_iter().flatten().collect::<Vec<_>>().join("\u{a0}")
    });
    let price = text(move || match &net_price {
        Some(price) => {
            let price = locale::price(i18n, &price.0, &currency);
            match &base_quantity {
                Some(base) => format!("{price} / {}", locale::number(i18n, &base.0)),
                None => price,
            }
        }
        None => String::new(),
    });
    let rate = text(move || {
        vat_rate
            .as_ref()
            .map(|rate| locale::percent(i18n, &rate.0))
            .unwrap_or_default()
    });
    let amount = text(move || {
        net_amount
            .map(|amount| locale::amount(i18n, amount, &amount_currency))
            .unwrap_or_default()
    });
    view! {
        <tr>
            <td>{id}</td>
            <td>{(level > 0).then(part_mark)}{name}{description.map(|text| view! { <span class="sub">{text}</span> })}{days}{parts}</td>
            <td class="num">{many}</td>
            <td class="num" data-label="×">{price}</td>
            <td class="num" data-label=move || format!("· {}", t_string!(i18n, invoice.vat))>{rate}</td>
            <td class="num">{amount}</td>
        </tr>
    }
    .into_any()
}

#[component]
fn Sums(invoice: InvoiceDetail) -> AnyView {
    let i18n = use_i18n();
    let InvoiceDetail {
        allowances,
        currency,
        gross_total,
        line_total,
        net_total,
        payable,
        prepaid,
        rounding,
        tax_currency,
        tax_in_tax_currency,
        taxes,
        ..
    } = invoice;
    let foreign_tax = tax_currency.zip(tax_in_tax_currency).map(|(foreign, tax)| {
        let term = {
            let foreign = foreign.clone();
            text(move || t_string!(i18n, invoice.tax_in, currency = foreign.clone()))
        };
        view! {
            <tr><th scope="row">{term}</th><td class="num">{text(move || locale::amount(i18n, tax, &foreign))}</td></tr>
        }
    });
    let of = currency.clone();
    let row = move |term: AnyView, amount: Amount| {
        let of = of.clone();
        view! {
            <tr><th scope="row">{term}</th><td class="num">{text(move || locale::amount(i18n, amount, &of))}</td></tr>
        }
        .into_any()
    };
    let word = move |words: fn(Words) -> &'static str| follow(i18n, words).into_any();
    let has_steps = !allowances.is_empty() || line_total != net_total;
    let lines = line_total
        .filter(|_| has_steps)
        .map(|amount| row(word(|i18n| t_string!(i18n, invoice.line_total)), amount));
    let allowances = allowances
        .into_iter()
        .map(|allowance| {
            let default = word(if allowance.is_charge {
                |i18n| t_string!(i18n, invoice.charge)
            } else {
                |i18n| t_string!(i18n, invoice.allowance)
            });
            let term = allowance.reason.map_or(default, IntoAny::into_any);
            let amount = Amount(if allowance.is_charge {
                allowance.amount.0
            } else {
                -allowance.amount.0
            });
            row(term, amount)
        })
        .collect_view();
    let net = net_total.map(|amount| row(word(|i18n| t_string!(i18n, invoice.net)), amount));
    let taxes = taxes
        .into_iter()
        .map(|tax| {
            let of = currency.clone();
            let term = text(move || {
                let rate = tax
                    .rate
                    .as_ref()
                    .map(|rate| locale::percent(i18n, &rate.0))
                    .unwrap_or_default();
                t_string!(
                    i18n,
                    invoice.tax_on,
                    rate = rate,
                    basis = locale::amount(i18n, tax.basis, &of)
                )
            });
            row(term.into_any(), tax.amount)
        })
        .collect_view();
    let is_partly = prepaid.is_some_and(|amount| amount.0 != 0) || rounding.is_some_and(|amount| amount.0 != 0);
    let gross = is_partly.then(|| row(word(|i18n| t_string!(i18n, invoice.gross)), gross_total));
    let prepaid = prepaid
        .filter(|amount| amount.0 != 0)
        .map(|amount| row(word(|i18n| t_string!(i18n, invoice.prepaid)), Amount(-amount.0)));
    let rounding = rounding
        .filter(|amount| amount.0 != 0)
        .map(|amount| row(word(|i18n| t_string!(i18n, invoice.rounding)), amount));
    let to_pay = word(if payable.0 < 0 {
        |i18n| t_string!(i18n, invoice.to_get)
    } else {
        |i18n| t_string!(i18n, invoice.to_pay)
    });
    view! {
        <table class="totals">
            <caption class="away">{t!(i18n, invoice.totals)}</caption>
            <tbody>
                {lines} {allowances} {net} {taxes} {gross} {prepaid} {rounding}
                <tr class="sum">
                    <th scope="row">{to_pay}</th>
                    <td class="num">{text(move || locale::amount(i18n, payable, &currency))}</td>
                </tr>
                {foreign_tax}
            </tbody>
        </table>
    }
    .into_any()
}

#[component]
fn Foot(seller: InvoiceParty) -> AnyView {
    let i18n = use_i18n();
    let who = address(&seller, false);
    let InvoiceParty {
        email,
        phone,
        tax_number,
        vat_id,
        ..
    } = seller;
    let ways: Vec<String> = phone.into_iter().chain(email).collect();
    view! {
        <footer class="paper-foot">
            <p>{broken(who)}</p>
            {vat_id.map(|id| view! { <p>{t!(i18n, invoice.vat_id)}<br />{id}</p> })}
            {tax_number.map(|number| view! { <p>{t!(i18n, invoice.tax_number)}<br />{number}</p> })}
            {(!ways.is_empty()).then(|| view! { <p>{broken(ways)}</p> })}
        </footer>
    }
    .into_any()
}

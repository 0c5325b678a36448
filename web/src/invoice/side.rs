//! What stands beside the paper: paying, files, findings.
use super::{
    detail_operations::{GiroCode, InvoiceAttachment, InvoiceDetail, InvoiceFinding},
    rules::rule_words,
    words::Standing,
};
use crate::{
    i18n::*,
    locale::{self, Words},
    ui::{CopyButton, Icon},
};
use leptos::prelude::*;
use shared::account::Language;

/// An IBAN in groups of four, as it is written on paper (ISO 13616).
pub fn grouped(iban: &str) -> String {
    let plain: Vec<char> = iban.chars().filter(|c| !c.is_whitespace()).collect();
    plain
        .chunks(4)
        .map(|group| group.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join(" ")
}

/// A size as people read it: bytes, KB, MB.
fn size(i18n: Words, bytes: i32) -> String {
    match bytes {
        0..1024 => format!("{}\u{a0}B", locale::count(i18n, bytes)),
        1024..1_048_576 => format!("{}\u{a0}KB", locale::count(i18n, (bytes + 512) / 1024)),
        _ => {
            let tenths = (i64::from(bytes) * 10 + 524_288) / 1_048_576;
            format!(
                "{}\u{a0}MB",
                locale::number(i18n, &format!("{}.{}", tenths / 10, tenths % 10))
            )
        }
    }
}

/// The name that a specification has for people.
fn profile_name(profile: &str) -> &str {
    match profile {
        "XRECHNUNG" => "XRechnung",
        "XRECHNUNG_EXTENSION" => "XRechnung Extension",
        "MINIMUM" => "Minimum",
        "BASIC_WL" => "Basic WL",
        "BASIC" => "Basic",
        "EXTENDED" => "Extended",
        "EN16931" => "EN 16931",
        "PEPPOL" => "Peppol BIS",
        "ZUGFERD_1_BASIC" => "Basic",
        "ZUGFERD_1_COMFORT" => "Comfort",
        "ZUGFERD_1_EXTENDED" => "Extended",
        other => other,
    }
}

/// The name that an XML language has for people.
fn syntax_name(syntax: &str) -> &str {
    match syntax {
        "UBL_INVOICE" | "UBL_CREDIT_NOTE" => "UBL",
        "ZUGFERD_1" => "ZUGFeRD 1",
        other => other,
    }
}

/// How the original is written: specification and XML language, where they say something.
fn format_name(profile: &str, syntax: &str) -> String {
    let known = Some(profile_name(profile)).filter(|_| profile != "OTHER");
    known
        .into_iter()
        .chain([syntax_name(syntax)])
        .collect::<Vec<_>>()
        .join(", ")
}

/// What is to be paid, until when, and what to type at the bank.
#[component]
pub fn Pay(
    /// The invoice.
    invoice: InvoiceDetail,
) -> AnyView {
    let i18n = use_i18n();
    let InvoiceDetail {
        currency,
        due_amount,
        due_date,
        giro_code,
        kind,
        number,
        paid_on,
        paid_total,
        payable,
        payment,
        seller,
        state,
        ..
    } = invoice;
    let standing = Standing {
        due_date: due_date.clone(),
        kind,
        paid_on: paid_on.clone(),
        paid_total,
        state,
    };
    // what is known of earlier payments, so that the sum below is understood
    let partly = paid_total.filter(|_| standing.is_paid_partly()).map(|paid| {
        let currency = currency.clone();
        let words = text(move || {
            let (of, paid) = (
                locale::amount(i18n, payable, &currency),
                locale::amount(i18n, paid, &currency),
            );
            match &paid_on {
                Some(day) => t_string!(
                    i18n,
                    invoice.left_since,
                    total = of,
                    paid = paid,
                    date = locale::date(i18n, day)
                ),
                None => t_string!(i18n, invoice.left, total = of, paid = paid),
            }
        });
        view! { <p class="soft">{words}</p> }
    });
    let badge = standing.badge(i18n);
    let days = due_date.as_ref().and_then(locale::days_until);
    let due = text(move || match (days, &due_date) {
        (Some(0), _) => t_string!(i18n, invoice.due_today).to_owned(),
        (Some(1), _) => t_string!(i18n, invoice.due_tomorrow).to_owned(),
        (Some(-1), _) => t_string!(i18n, invoice.due_since_one).to_owned(),
        (Some(days), _) if days < 0 => t_string!(i18n, invoice.due_since, days = -days),
        (Some(days), Some(day)) => {
            t_string!(i18n, invoice.due_on, date = locale::day_in_text(i18n, day), days = days)
        }
        _ => t_string!(i18n, invoice.no_due_date).to_owned(),
    });
    let row = move |term: fn(Words) -> &'static str, value: String, shown: String, class: &'static str| {
        view! {
            <div class="pay-row">
                <dt>{follow(i18n, term)}</dt>
                <dd class=class>{shown}</dd>
                <dd><CopyButton text=value what=follow(i18n, term) only=true /></dd>
            </div>
        }
        .into_any()
    };
    let debit = payment
        .as_ref()
        .filter(|payment| payment.is_debited)
        .map(|payment| (payment.debited_iban.clone(), payment.mandate.clone()));
    if let Some((account, mandate)) = debit {
        let taken = text(move || match &account {
            Some(account) => t_string!(i18n, invoice.debited_from, iban = grouped(account)),
            None => t_string!(i18n, invoice.debited).to_owned(),
        });
        return view! {
            <section aria-labelledby="pay">
                <div class="block-head"><h2 id="pay">{t!(i18n, invoice.pay)}</h2>{badge}</div>
                <p class="owed">
                    <span class="figure">{text(move || locale::amount(i18n, due_amount, &currency))}</span>
                    " "
                    <span class="soft">{due}</span>
                </p>
                {partly}
                <p>{taken}</p>
                {mandate.map(|mandate| view! {
                    <p class="soft">{t!(i18n, invoice.mandate)} " " <span class="id">{mandate}</span></p>
                })}
            </section>
        }
        .into_any();
    }
    let (holder, iban, bic, reference) = match payment {
        Some(payment) => (payment.account_name, payment.iban, payment.bic, payment.reference),
        None => (None, None, None, None),
    };
    let holder = holder.unwrap_or(seller.name);
    let reference = reference.unwrap_or(number);
    let is_payable = iban.is_some();
    view! {
        <section aria-labelledby="pay">
            <div class="block-head"><h2 id="pay">{t!(i18n, invoice.pay)}</h2>{badge}</div>
            <p class="owed">
                <span class="figure">{text(move || locale::amount(i18n, due_amount, &currency))}</span>
                " "
                <span class="soft">{due}</span>
            </p>
            {partly}
            {is_payable.then(|| view! {
                <dl>
                    {row(|i18n| t_string!(i18n, invoice.payee), holder.clone(), holder, "")}
                    {iban.map(|iban| {
                        let shown = grouped(&iban);
                        row(|i18n| t_string!(i18n, invoice.iban), iban.replace(' ', ""), shown, "id")
                    })}
                    {bic.map(|bic| row(|i18n| t_string!(i18n, invoice.bic), bic.clone(), bic, "id"))}
                    {row(|i18n| t_string!(i18n, invoice.reference), reference.clone(), reference, "id")}
                </dl>
            })}
            {giro_code.map(|code| view! { <Giro code /> })}
        </section>
    }
    .into_any()
}

#[component]
fn Giro(code: GiroCode) -> AnyView {
    let i18n = use_i18n();
    let GiroCode {
        picture_path,
        picture_size,
    } = code;
    view! {
        <figure class="giro">
            <div class="qr">
                <svg
                    role="img"
                    aria-label=t!(i18n, invoice.giro_alt)
                    viewBox=format!("0 0 {picture_size} {picture_size}")
                    shape-rendering="crispEdges"
                >
                    <path fill="#000" d=picture_path />
                </svg>
            </div>
            <figcaption class="small soft"><b>"GiroCode"</b><br />{t!(i18n, invoice.giro)}</figcaption>
        </figure>
    }
    .into_any()
}

/// The original, what is made of it, and the files that came in it.
#[component]
pub fn Files(
    /// The invoice.
    invoice: InvoiceDetail,
) -> AnyView {
    let i18n = use_i18n();
    let InvoiceDetail {
        attachments,
        file_name,
        file_size,
        media_type,
        original_url,
        pdf_url,
        profile,
        syntax,
        xml_url,
        ..
    } = invoice;
    let is_pdf = media_type == "application/pdf";
    let about = text(move || format!("{}, {}", format_name(&profile, &syntax), size(i18n, file_size)));
    let row = move |icon: &'static str, url: Signal<String>, title: AnyView, about: AnyView| {
        view! {
            <li>
                <Icon name=icon />
                <div>
                    <p class="rows-title"><a href=move || url.get() download rel="external">{title}</a></p>
                    <p class="rows-text">{about}</p>
                </div>
                <Icon name="download" small=true />
            </li>
        }
        .into_any()
    };
    let attachment = move |file: InvoiceAttachment| {
        let InvoiceAttachment {
            file_name,
            size: bytes,
            url,
        } = file;
        let about = text(move || format!("{}, {}", t_string!(i18n, invoice.attachment), size(i18n, bytes)));
        row("document", Signal::stored(url), file_name.into_any(), about.into_any())
    };
    // Of a hybrid the PDF is the original and the XML is inside; of an XML the PDF is made here.
    let other = if is_pdf {
        row(
            "document",
            Signal::stored(xml_url),
            "XML".into_any(),
            follow(i18n, |i18n| t_string!(i18n, invoice.xml_text)).into_any(),
        )
    } else {
        let url = Signal::derive(move || {
            let language = match locale::language_of(i18n.get_locale()) {
                Language::De => "DE",
                Language::En => "EN",
            };
            format!("{pdf_url}?language={language}")
        });
        row(
            "document",
            url,
            follow(i18n, |i18n| t_string!(i18n, invoice.pdf_view)).into_any(),
            follow(i18n, |i18n| t_string!(i18n, invoice.pdf_text)).into_any(),
        )
    };
    let original = view! { {file_name} <br /> {about} }.into_any();
    view! {
        <section aria-labelledby="files">
            <div class="block-head"><h2 id="files">{t!(i18n, invoice.files)}</h2></div>
            <ul class="rows">
                {row(
                    "invoice",
                    Signal::stored(original_url),
                    follow(i18n, |i18n| t_string!(i18n, invoice.original)).into_any(),
                    original,
                )}
                {other}
                {attachments.into_iter().map(attachment).collect_view()}
            </ul>
        </section>
    }
    .into_any()
}

/// A finding, as one of a list.
pub fn finding(i18n: Words, finding: InvoiceFinding) -> AnyView {
    let InvoiceFinding {
        actual,
        expected,
        line,
        rule,
        text: what,
    } = finding;
    let compared = (actual.is_some() || expected.is_some()).then(|| {
        let words = text(move || {
            let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".to_owned());
            match &expected {
                Some(_) => t_string!(
                    i18n,
                    invoice.compared,
                    actual = shown(&actual),
                    expected = shown(&expected)
                ),
                None => t_string!(i18n, invoice.stated, actual = shown(&actual)),
            }
        });
        view! { <br /><span class="soft">{words}</span> }
    });
    let about = line.map(|line| {
        let words = text(move || t_string!(i18n, invoice.first_line, line = line.clone()));
        view! { <br /><span class="soft">{words}</span> }
    });
    // what has no words here is said in English
    let said = rule.clone();
    let lang = move || rule_words(i18n, &said).is_none().then_some("en");
    let said = rule.clone();
    let what = text(move || rule_words(i18n, &said).map_or_else(|| what.clone(), str::to_owned));
    view! {
        <li data-tone="warn">
            <Icon name="warn" />
            <span><span lang=lang>{what}</span> " (" <span class="id">{rule}</span> ")" {about} {compared}</span>
        </li>
    }
    .into_any()
}

/// What was found while checking the invoice, and that its file is the one that came.
#[component]
pub fn Findings(
    /// The invoice.
    invoice: InvoiceDetail,
) -> AnyView {
    let i18n = use_i18n();
    let InvoiceDetail {
        findings,
        received_at,
        sha256,
        ..
    } = invoice;
    let is_clean = findings.is_empty();
    let short = match (sha256.get(..4), sha256.get(sha256.len().saturating_sub(4)..)) {
        (Some(begin), Some(end)) => format!("{begin}…{end}"),
        _ => sha256.clone(),
    };
    view! {
        <section aria-labelledby="findings">
            <div class="block-head"><h2 id="findings">{t!(i18n, invoice.findings)}</h2></div>
            <ul class="findings">
                {is_clean.then(|| view! {
                    <li data-tone="good"><Icon name="done" /><span>{t!(i18n, invoice.sums_agree)}</span></li>
                })}
                {findings.into_iter().map(|found| finding(i18n, found)).collect_view()}
                <li data-tone="good">
                    <Icon name="done" />
                    <span>
                        {text(move || t_string!(i18n, invoice.unchanged_since, when = locale::stamp(i18n, &received_at)))}
                        <br />
                        <span class="id soft" title=sha256>"SHA-256 " {short}</span>
                    </span>
                </li>
            </ul>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn an_iban_is_shown_in_groups_of_four() {
        assert_eq!(grouped("DE89370400440532013000"), "DE89 3704 0044 0532 0130 00");
        assert_eq!(grouped("DE89 3704 0044 0532 0130 00"), "DE89 3704 0044 0532 0130 00");
        assert_eq!(grouped(""), "");
    }
}

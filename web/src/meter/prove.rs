//! Proving keys: telegrams go in, and each says whether the stored key of its meter opens it.
use super::use_operations::{MeterReading, TelegramProof, prove_keys};
use crate::{
    i18n::*,
    locale, refusal,
    ui::{Badge, Button, Crumbs, Field, Icon, PageHead, Tone, describe, live},
};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::components::A;
use shared::telegram::{FrameFault, Quantity, Repair, TelegramVerdict};

/// The page "Schlüssel prüfen".
#[component]
pub fn ProvePage() -> AnyView {
    let i18n = use_i18n();
    let telegrams = RwSignal::new(String::new());
    let prove = Action::new_local(move |text: &String| prove_keys(text.clone()));
    let error = Signal::derive(move || {
        let error = prove.value().get()?.err()?;
        (!prove.pending().get()).then(|| refusal::words(i18n, &error))
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !prove.pending().get_untracked() {
            prove.dispatch(telegrams.get_untracked());
        }
    };
    let described = describe("telegrams", true, error);
    view! {
        <div class="page">
            <Crumbs way=vec![("/devices".to_owned(), t_string!(i18n, nav.meters).into())] />
            <PageHead title=t!(i18n, prove.title) lead=t!(i18n, prove.lead) />
            <form class="stack-5" novalidate on:submit=submit>
                <Field id="telegrams" label=t!(i18n, prove.telegrams) hint=t!(i18n, prove.hint) error>
                    <textarea
                        id="telegrams"
                        name="telegrams"
                        class="id"
                        rows="6"
                        spellcheck="false"
                        autocapitalize="none"
                        aria-invalid=move || error.read().is_some().then_some("true")
                        aria-describedby=described
                        prop:value=move || telegrams.get()
                        on:input:target=move |event| telegrams.set(event.target().value())
                    ></textarea>
                </Field>
                <div class="actions">
                    <Button look="primary" submit=true busy=prove.pending()>{t!(i18n, prove.prove)}</Button>
                </div>
            </form>
            <div aria-live="polite">
                {live(move || match prove.value().get() {
                    Some(Ok(proofs)) => view! {
                        <section class="part" aria-labelledby="proofs">
                            <div class="part-head"><h2 id="proofs">{t!(i18n, prove.result)}</h2></div>
                            <ul class="rows">
                                {proofs.into_iter().map(|proof| view! { <Proof proof /> }).collect_view()}
                            </ul>
                        </section>
                    }.into_any(),
                    _ => ().into_any(),
                })}
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn Proof(proof: TelegramProof) -> AnyView {
    let i18n = use_i18n();
    let (tone, word, text_of) = verdict_words(i18n, proof.verdict);
    let serial = proof
        .serial_number
        .clone()
        .unwrap_or_else(|| format!("{}.", proof.position));
    let title = match &proof.device {
        Some(device) => view! { <A href=format!("/devices/{}", device.id) attr:class="id">{serial}</A> }.into_any(),
        None => view! { <span class="id">{serial}</span> }.into_any(),
    };
    let key = proof.key_name.map(|name| {
        let bits = proof.strength_bits.unwrap_or_default();
        t_string!(
            i18n,
            prove.strength,
            name = name,
            mode = proof.mode.clone().unwrap_or_default(),
            bits = bits
        )
        .to_string()
    });
    let fits = proof.fits_device.map(|device| {
        view! {
            <p class="rows-text">
                {t!(i18n, prove.fits)} " "
                <A href=format!("/devices/{}", device.id) attr:class="id">{device.serial_number}</A>
            </p>
        }
    });
    let readings = (!proof.readings.is_empty()).then(|| {
        let now = proof
            .readings
            .into_iter()
            .map(|reading| view! { <Reading reading /> })
            .collect_view();
        view! { <dl class="facts">{now}</dl> }
    });
    view! {
        <li>
            <Icon name="key" />
            <div>
                <p class="rows-title">{title}</p>
                <p class="rows-text">{text_of}</p>
                {key.map(|key| view! { <p class="rows-text">{key}</p> })}
                {proof.fault.map(|fault| view! { <p class="rows-text">{fault_words(i18n, fault)}</p> })}
                {proof.repair.map(|repair| view! {
                    <p class="rows-text">{repair_words(i18n, repair)} " " {t!(i18n, prove.repair_do)}</p>
                })}
                {fits}
                {proof.is_compact.then(|| view! { <p class="rows-text">{t!(i18n, prove.compact)}</p> })}
                {readings}
            </div>
            <Badge tone>{word}</Badge>
        </li>
    }
    .into_any()
}

#[component]
fn Reading(reading: MeterReading) -> AnyView {
    let i18n = use_i18n();
    let MeterReading {
        quantity,
        storage,
        unit,
        value,
    } = reading;
    let term = text(move || {
        let words = quantity_words(i18n, quantity);
        if storage == 0 {
            words.to_owned()
        } else {
            t_string!(i18n, prove.earlier, what = words, number = storage).to_string()
        }
    });
    let is_number = unit.is_some();
    let unit = unit.unwrap_or_default();
    let shown = text(move || {
        let number = if is_number {
            locale::number(i18n, &value)
        } else {
            value.clone()
        };
        format!("{number} {unit}")
    });
    view! { <div><dt>{term}</dt><dd>{shown}</dd></div> }.into_any()
}

fn verdict_words(i18n: Words, verdict: TelegramVerdict) -> (Tone, &'static str, &'static str) {
    match verdict {
        TelegramVerdict::Ok => (Tone::Good, t_string!(i18n, prove.ok), t_string!(i18n, prove.ok_text)),
        TelegramVerdict::WrongKey => (
            Tone::Bad,
            t_string!(i18n, prove.wrong),
            t_string!(i18n, prove.wrong_text),
        ),
        TelegramVerdict::NotEncrypted => (Tone::Off, t_string!(i18n, prove.open), t_string!(i18n, prove.open_text)),
        TelegramVerdict::WrongMeter => (
            Tone::Warn,
            t_string!(i18n, prove.meter),
            t_string!(i18n, prove.meter_text),
        ),
        TelegramVerdict::UnsupportedMode => (Tone::Off, t_string!(i18n, prove.mode), t_string!(i18n, prove.mode_text)),
        TelegramVerdict::BadFrame => (
            Tone::Warn,
            t_string!(i18n, prove.frame),
            t_string!(i18n, prove.frame_text),
        ),
        TelegramVerdict::UnknownDevice => (
            Tone::Off,
            t_string!(i18n, prove.unknown),
            t_string!(i18n, prove.unknown_text),
        ),
        TelegramVerdict::NoKey => (
            Tone::Off,
            t_string!(i18n, prove.no_key),
            t_string!(i18n, prove.no_key_text),
        ),
    }
}

fn fault_words(i18n: Words, fault: FrameFault) -> &'static str {
    match fault {
        FrameFault::NotHex => t_string!(i18n, prove.not_hex),
        FrameFault::TooLong => t_string!(i18n, prove.too_long),
        FrameFault::Short => t_string!(i18n, prove.short),
        FrameFault::Checksum => t_string!(i18n, prove.checksum),
        FrameFault::UnknownLayer => t_string!(i18n, prove.layer),
        FrameFault::Fragment => t_string!(i18n, prove.fragment),
        FrameFault::NoAuthentication => t_string!(i18n, prove.no_authentication),
    }
}

fn repair_words(i18n: Words, repair: Repair) -> &'static str {
    match repair {
        Repair::ReversedBytes => t_string!(i18n, prove.reversed_bytes),
        Repair::ExchangedDigits => t_string!(i18n, prove.exchanged_digits),
        Repair::ReversedWords => t_string!(i18n, prove.reversed_words),
        Repair::ExchangedHalves => t_string!(i18n, prove.exchanged_halves),
        Repair::ShiftedDigit => t_string!(i18n, prove.shifted_digit),
        Repair::TextOfDigits => t_string!(i18n, prove.text_of_digits),
        Repair::DigitsOfText => t_string!(i18n, prove.digits_of_text),
        Repair::DoubledHalf => t_string!(i18n, prove.doubled_half),
        Repair::FactoryKey => t_string!(i18n, prove.factory_key),
    }
}

fn quantity_words(i18n: Words, quantity: Quantity) -> &'static str {
    match quantity {
        Quantity::Energy => t_string!(i18n, prove.energy),
        Quantity::Volume => t_string!(i18n, prove.volume),
        Quantity::Mass => t_string!(i18n, prove.mass),
        Quantity::Power => t_string!(i18n, prove.power),
        Quantity::VolumeFlow => t_string!(i18n, prove.volume_flow),
        Quantity::FlowTemperature => t_string!(i18n, prove.flow_temperature),
        Quantity::ReturnTemperature => t_string!(i18n, prove.return_temperature),
        Quantity::TemperatureDifference => t_string!(i18n, prove.temperature_difference),
        Quantity::ExternalTemperature => t_string!(i18n, prove.external_temperature),
        Quantity::Pressure => t_string!(i18n, prove.pressure),
        Quantity::Voltage => t_string!(i18n, prove.voltage),
        Quantity::Current => t_string!(i18n, prove.current),
        Quantity::Humidity => t_string!(i18n, prove.humidity),
        Quantity::HeatCostUnits => t_string!(i18n, prove.heat_cost_units),
        Quantity::Time => t_string!(i18n, prove.time),
        Quantity::Duration => t_string!(i18n, prove.duration),
        Quantity::FabricationNumber => t_string!(i18n, prove.fabrication_number),
        Quantity::ErrorFlags => t_string!(i18n, prove.error_flags),
        Quantity::Battery => t_string!(i18n, prove.battery),
        Quantity::Other => t_string!(i18n, prove.other),
    }
}

//! Proving keys: telegrams go in, and each says whether the stored key of its meter opens it.
use super::use_operations::{MeterReading, TelegramProof, prove_keys};
use crate::{
    i18n::*,
    locale, refusal,
    ui::{Button, Crumbs, Field, Icon, PageHead, describe, live},
};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::components::A;
use shared::{
    id::DeviceId,
    telegram::{FrameFault, Quantity, Repair, TelegramVerdict},
};

/// The page "Schlüssel prüfen".
#[component]
pub fn ProvePage() -> AnyView {
    let i18n = use_i18n();
    view! {
        <div class="page">
            <Crumbs way=vec![("/devices".to_owned(), t_string!(i18n, nav.meters).into())] />
            <PageHead title=t!(i18n, prove.title) lead=t!(i18n, prove.lead) help="/prove" />
            <ProveForm />
        </div>
    }
    .into_any()
}

/// Takes telegrams and says what they prove.
#[component]
pub fn ProveForm(
    /// The only device that counts; without it each telegram names its own.
    #[prop(optional)]
    device: Option<DeviceId>,
) -> AnyView {
    let i18n = use_i18n();
    let telegrams = RwSignal::new(String::new());
    let prove = Action::new_local(move |text: &String| prove_keys(text.clone(), device));
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
        <div class="stack-5">
            <form class="stack-5" novalidate on:submit=submit>
                <Field id="telegrams" label=t!(i18n, prove.telegrams) hint=t!(i18n, prove.hint) error>
                    <textarea
                        id="telegrams"
                        name="telegrams"
                        class="id"
                        rows="4"
                        spellcheck="false"
                        autocapitalize="none"
                        aria-invalid=move || error.read().is_some().then_some("true")
                        aria-describedby=described
                        prop:value=move || telegrams.get()
                        on:input:target=move |event| telegrams.set(event.target().value())
                    ></textarea>
                </Field>
                <div class="actions">
                    <Button icon="signal" submit=true busy=prove.pending()>{t!(i18n, prove.prove)}</Button>
                </div>
            </form>
            <div class="stack-5" role="status">
                {live(move || match prove.value().get() {
                    Some(Ok(proofs)) => proofs
                        .into_iter()
                        .map(|proof| view! { <Proof proof /> })
                        .collect_view()
                        .into_any(),
                    _ => ().into_any(),
                })}
            </div>
        </div>
    }
    .into_any()
}

/// From so many bits on, one telegram is enough.
const CERTAIN: i32 = 32;

/// How many wrong keys there are to one that passes by chance.
fn cases(i18n: Words, bits: i32) -> String {
    match u32::try_from(bits).ok().and_then(|bits| 2_i32.checked_pow(bits)) {
        Some(cases) => locale::count(i18n, cases),
        None => format!("2^{bits}"),
    }
}

/// What one telegram says: the verdict, what can be done, and what the meter reports.
#[component]
fn Proof(proof: TelegramProof) -> AnyView {
    let i18n = use_i18n();
    let id = format!("proof-{}", proof.position);
    let (tone, icon) = match proof.verdict {
        TelegramVerdict::Ok => ("good", "done"),
        TelegramVerdict::WrongKey => ("bad", "stop"),
        _ => ("off", "info"),
    };
    let verdict = proof.verdict;
    let has_way = proof.repair.is_some() || proof.fits_device.is_some();
    let bits = proof.strength_bits;
    let certainty = bits.map(|bits| {
        text(move || {
            let chance = t_string!(i18n, prove.chance, cases = cases(i18n, bits)).to_string();
            if bits < CERTAIN {
                format!("{chance} {}", t_string!(i18n, prove.second))
            } else {
                chance
            }
        })
    });
    let fits = proof.fits_device.map(|device| {
        view! {
            <p>
                {t!(i18n, prove.fits)} " "
                <A href=format!("/devices/{}", device.id) attr:class="id">{device.serial_number}</A> ". "
                {t!(i18n, prove.repair_do)}
            </p>
        }
    });
    let manufacturer = proof.manufacturer.clone().unwrap_or_default();
    let meter = proof.serial_number.clone().map(|serial| {
        let serial = format!("{manufacturer} {serial}");
        let shown = match &proof.device {
            Some(device) => {
                let model = device.model.clone().map(|model| format!(", {model}"));
                view! { <A href=format!("/devices/{}", device.id) attr:class="id">{serial}</A> {model} }.into_any()
            }
            None => view! { <span class="id">{serial}</span> }.into_any(),
        };
        view! { <div><dt>{t!(i18n, prove.device)}</dt><dd>{shown}</dd></div> }
    });
    let key = proof
        .key_name
        .map(|name| view! { <div><dt>{t!(i18n, prove.key)}</dt><dd class="id">{name}</dd></div> });
    let mode = proof
        .mode
        .map(|mode| view! { <div><dt>{t!(i18n, prove.method)}</dt><dd>{mode}</dd></div> });
    let strength = bits.map(|bits| {
        view! { <div><dt>{t!(i18n, prove.proof)}</dt><dd>{text(move || t_string!(i18n, prove.bits, bits = bits).to_string())}</dd></div> }
    });
    let has_facts = meter.is_some();
    let readings = proof
        .readings
        .into_iter()
        .map(|reading| view! { <Reading reading /> })
        .collect_view();
    view! {
        <section class="verdict" data-tone=tone aria-labelledby=id.clone()>
            <div class="verdict-head">
                <Icon name=icon />
                <h3 id=id.clone()>{text(move || verdict_words(i18n, verdict).0.to_owned())}</h3>
                <p>{text(move || verdict_words(i18n, verdict).1.to_owned())}</p>
                {certainty.map(|words| view! { <p>{words}</p> })}
                {proof.fault.map(|fault| view! { <p>{text(move || fault_words(i18n, fault).to_owned())}</p> })}
                {proof.repair.map(|repair| view! {
                    <p>{text(move || repair_words(i18n, repair).to_owned())} " " {t!(i18n, prove.repair_do)}</p>
                })}
                {fits}
                {(verdict == TelegramVerdict::WrongKey && !has_way).then(|| view! { <p>{t!(i18n, prove.wrong_do)}</p> })}
                {proof.is_compact.then(|| view! { <p>{t!(i18n, prove.compact)}</p> })}
            </div>
            {has_facts.then(|| view! { <dl class="facts">{meter}{mode}{strength}{key}{readings}</dl> })}
        </section>
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

/// The verdict, and what it means.
fn verdict_words(i18n: Words, verdict: TelegramVerdict) -> (&'static str, &'static str) {
    match verdict {
        TelegramVerdict::Ok => (t_string!(i18n, prove.ok), t_string!(i18n, prove.ok_text)),
        TelegramVerdict::WrongKey => (t_string!(i18n, prove.wrong), t_string!(i18n, prove.wrong_text)),
        TelegramVerdict::NotEncrypted => (t_string!(i18n, prove.open), t_string!(i18n, prove.open_text)),
        TelegramVerdict::WrongMeter => (t_string!(i18n, prove.meter), t_string!(i18n, prove.meter_text)),
        TelegramVerdict::UnsupportedMode => (t_string!(i18n, prove.mode), t_string!(i18n, prove.mode_text)),
        TelegramVerdict::BadFrame => (t_string!(i18n, prove.frame), t_string!(i18n, prove.frame_text)),
        TelegramVerdict::UnknownDevice => (t_string!(i18n, prove.unknown), t_string!(i18n, prove.unknown_text)),
        TelegramVerdict::NoKey => (t_string!(i18n, prove.no_key), t_string!(i18n, prove.no_key_text)),
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

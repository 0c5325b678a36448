//! Proofs of keys by telegrams as the API shows them.
use super::{
    super::{
        prove::{Judged, Proof},
        telegram::{BadFrame, Mode, Reading, Verdict},
    },
    Device,
};
use async_graphql::{InputObject, SimpleObject};
use shared::{
    id::DeviceId,
    telegram::{FrameFault, Moment, Quantity, Repair, TelegramVerdict},
};

/// What `proveKeys` takes.
#[derive(InputObject)]
pub struct ProveKeysInput {
    /// Telegrams as receivers and their programs write them: hexadecimal with or without separators and checksums, one
    /// a line, at most 50; a line of wmbusmeters, rtl_wmbus or a CUL.
    pub telegrams: String,
    /// The only device that counts; without it each telegram names its own.
    pub device_id: Option<DeviceId>,
}

/// What `proveKeys` gives.
#[derive(SimpleObject)]
pub struct ProveKeysPayload {
    /// One for each telegram, in their order.
    pub proofs: Vec<TelegramProof>,
}

/// What one telegram proves.
#[derive(Clone, Debug, SimpleObject)]
pub struct TelegramProof {
    /// Its place among the pasted ones, from 1.
    pub position: usize,
    /// The number of the meter that it is about, eight digits; null for what is no telegram.
    pub serial_number: Option<String>,
    /// The letters of the meter's manufacturer.
    pub manufacturer: Option<String>,
    /// The device, if the viewer sees it.
    pub device: Option<Device>,
    /// What it says about the device's keys.
    pub verdict: TelegramVerdict,
    /// How it is protected, such as `TPL mode 5` or `ELL AES-CTR`.
    pub mode: Option<String>,
    /// A wrong key is taken for right once in 2 to the power of this; null unless the verdict is `OK`.
    pub strength_bits: Option<u16>,
    /// Why it is no telegram that can be judged.
    pub fault: Option<FrameFault>,
    /// The name of the key that fits, one of the device's `keyNames`.
    pub key_name: Option<String>,
    /// What the meter says; empty where no key fits and where the maker's own coding hides it.
    pub readings: Vec<MeterReading>,
    /// Whether it is a compact frame: the key is proven, but only an earlier full telegram explains the values.
    pub is_compact: bool,
    /// What went wrong with the stored key, if a usual change of it fits all telegrams of the device.
    pub repair: Option<Repair>,
    /// Another device of the same order whose key fits.
    pub fits_device: Option<Device>,
}

/// A value out of a telegram.
#[derive(Clone, Debug, SimpleObject)]
pub struct MeterReading {
    /// What was measured.
    pub quantity: Quantity,
    /// The number, exact and with a point; a day (`2026-02-09`), a time (`2026-02-09 08:57`) or a text.
    pub value: String,
    /// The unit, such as `m³`; null for days, texts and counts.
    pub unit: Option<&'static str>,
    /// Which stored value it is: 0 is the present one, 1 and above are earlier ones, such as that of the due date.
    pub storage: u64,
    /// The tariff; 0 for the sum of all.
    pub tariff: u64,
    /// Whether it is the value of that time, or an extreme one.
    pub moment: Moment,
}

impl From<Reading> for MeterReading {
    fn from(reading: Reading) -> Self {
        let Reading {
            quantity,
            value,
            unit,
            storage,
            tariff,
            moment,
        } = reading;
        Self {
            quantity,
            value,
            unit,
            storage,
            tariff,
            moment,
        }
    }
}

impl From<Proof> for TelegramProof {
    fn from(proof: Proof) -> Self {
        let (verdict, mode, strength_bits, fault) = told(proof.judged);
        Self {
            position: proof.position,
            serial_number: proof.serial_number,
            manufacturer: proof.manufacturer,
            device: proof.device.map(Device),
            verdict,
            mode: mode.map(name),
            strength_bits,
            fault,
            key_name: proof.key_name,
            readings: proof.readings.into_iter().map(MeterReading::from).collect(),
            is_compact: proof.is_compact,
            repair: proof.repair,
            fits_device: proof.fits_device.map(Device),
        }
    }
}

type Told = (TelegramVerdict, Option<Mode>, Option<u16>, Option<FrameFault>);

fn told(judged: Judged) -> Told {
    match judged {
        Judged::UnknownDevice => (TelegramVerdict::UnknownDevice, None, None, None),
        Judged::NoKey => (TelegramVerdict::NoKey, None, None, None),
        Judged::Verdict(verdict) => match verdict {
            Verdict::Ok { mode, strength_bits } => (TelegramVerdict::Ok, Some(mode), Some(strength_bits), None),
            Verdict::WrongKey => (TelegramVerdict::WrongKey, None, None, None),
            Verdict::NotEncrypted => (TelegramVerdict::NotEncrypted, None, None, None),
            Verdict::WrongMeter => (TelegramVerdict::WrongMeter, None, None, None),
            Verdict::UnsupportedMode(mode) => (TelegramVerdict::UnsupportedMode, Some(mode), None, None),
            Verdict::BadFrame(reason) => (TelegramVerdict::BadFrame, None, None, Some(fault(reason))),
        },
    }
}

fn fault(reason: BadFrame) -> FrameFault {
    match reason {
        BadFrame::NotHex => FrameFault::NotHex,
        BadFrame::TooLong => FrameFault::TooLong,
        BadFrame::Short => FrameFault::Short,
        BadFrame::Checksum => FrameFault::Checksum,
        BadFrame::UnknownLayer(_) => FrameFault::UnknownLayer,
        BadFrame::Fragment => FrameFault::Fragment,
        BadFrame::NoAuthentication => FrameFault::NoAuthentication,
    }
}

/// The name of a way of protection, as the specifications have it.
fn name(mode: Mode) -> String {
    match mode {
        Mode::Link(1) => "ELL AES-CTR".to_owned(),
        Mode::Link(field) => format!("ELL encryption {field}"),
        Mode::Transport(mode) => format!("TPL mode {mode}"),
        Mode::Manufacturer(control) => format!("CI {control:02X}"),
    }
}

//! The demo dealer's devices, as key files: demo data goes through the product's own import.
use crate::{
    app::App,
    entity::device,
    meter::{
        address::{Manufacturer, NotAManufacturer, NotASerial, Serial},
        kem::{self, Container, Device, Format, KemError, KeyFile},
        key::MeterKey,
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use sha2::{Digest, Sha256};
use shared::{device::DeviceProof, id::AccountId};

/// How many devices the demo dealer, Haustechnik Brandt & Söhne KG, customer number 200014, has.
pub const DEVICE_COUNT: usize = 480;
/// The password of all demo key files: the dealer's customer number, as usual.
pub const KEY_FILE_PASSWORD: &str = "200014";

/// A key file, ready for the import.
pub struct DemoKeyFile {
    /// Its file name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Why demo key files could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A serial number left the eight digits.
    #[error(transparent)]
    Serial(#[from] NotASerial),
    /// Letters that are no manufacturer.
    #[error(transparent)]
    Manufacturer(#[from] NotAManufacturer),
    /// The file could not be written.
    #[error(transparent)]
    KeyFile(#[from] KemError),
}

/// A kind of device in the demo.
#[derive(Clone, Copy)]
struct Model {
    manufacturer: &'static str,
    name: &'static str,
    consumption: &'static str,
    type_number: &'static str,
    config_number: &'static str,
}

const MULTICAL_21: Model = Model {
    manufacturer: "KAM",
    name: "MC21",
    consumption: "VolumeCold",
    type_number: "02146C0G8RK",
    config_number: "0100200013933",
};
const MULTICAL_403: Model = Model {
    manufacturer: "KAM",
    name: "MC403",
    consumption: "Heat",
    type_number: "403W24A",
    config_number: "3042140000477",
};
const MULTICAL_603: Model = Model {
    manufacturer: "KAM",
    name: "MC603",
    consumption: "HeatCooling",
    type_number: "603C219",
    config_number: "3042140000812",
};
const FLOWIQ_2210: Model = Model {
    manufacturer: "KAW",
    name: "KWM2210",
    consumption: "VolumeCold",
    type_number: "02K59CA2D8SE",
    config_number: "8035200213614336030100314302",
};
const CONCENTRATOR: Model = Model {
    manufacturer: "KAM",
    name: "READy Konzentrator",
    consumption: "",
    type_number: "6697100",
    config_number: "",
};

/// Orders with the number of devices up to and with each.
const ORDERS: [(&str, usize); 6] = [
    ("A-2026-0412", 14),
    ("A-2026-0418", 96),
    ("A-2026-0425", 188),
    ("A-2026-0437", 275),
    ("A-2026-0446", 391),
    ("A-2026-0452", DEVICE_COUNT),
];

/// The first devices; the others follow by a rule.
const FIRST: [(u32, Model); 25] = [
    (76_348_700, MULTICAL_603),
    (76_348_704, MULTICAL_21),
    (76_348_709, FLOWIQ_2210),
    (76_348_713, MULTICAL_603),
    (76_348_717, MULTICAL_21),
    (76_348_721, MULTICAL_21),
    (76_348_725, MULTICAL_603),
    (76_348_728, CONCENTRATOR),
    (76_348_732, MULTICAL_603),
    (76_348_736, MULTICAL_403),
    (76_348_741, MULTICAL_21),
    (76_348_745, FLOWIQ_2210),
    (76_348_749, MULTICAL_603),
    (76_348_752, MULTICAL_603),
    (76_348_756, MULTICAL_21),
    (76_348_761, MULTICAL_603),
    (76_348_764, CONCENTRATOR),
    (76_348_770, MULTICAL_403),
    (76_348_773, MULTICAL_403),
    (76_348_778, FLOWIQ_2210),
    (76_348_782, MULTICAL_21),
    (76_348_784, MULTICAL_403),
    (76_348_788, MULTICAL_603),
    (76_348_793, FLOWIQ_2210),
    (76_348_796, MULTICAL_603),
];

/// One key file for each order, the same bytes at every call. Serials, keys and places are invented.
///
/// # Errors
/// None is expected: it would be a mistake in this file.
pub fn demo_devices() -> Result<Vec<DemoKeyFile>, DemoError> {
    let mut devices = (0..DEVICE_COUNT).scan(0, |serial, place| {
        let (number, model) = numbered(place, *serial);
        *serial = number;
        Some((place, number, model))
    });
    let mut from = 0;
    let mut files = Vec::new();
    for (order, up_to) in ORDERS {
        let rows = devices.by_ref().take(up_to - from);
        let rows = rows
            .enumerate()
            .map(|(row, (place, serial, model))| device(row + 1, place, serial, model, order));
        let file = KeyFile {
            format: Format::Kem,
            order: Some(order.to_owned()),
            devices: rows.collect::<Result<_, _>>()?,
            problems: Vec::new(),
        };
        let bytes = kem::write(&file, KEY_FILE_PASSWORD, Container::Zip)?;
        files.push(DemoKeyFile {
            name: format!("{order}_DownloadMeters.zip.kem"),
            bytes,
        });
        from = up_to;
    }
    Ok(files)
}

/// The orders that lie in the provider's stock, with the number of devices of each.
const STOCK: [(&str, usize); 2] = [("A-2026-0460", 24), ("A-2026-0466", 12)];

/// The serial number of the first device in stock.
const FIRST_IN_STOCK: u32 = 77_120_400;

/// One key file for each order in the provider's stock, the same bytes at every call.
///
/// # Errors
/// None is expected: it would be a mistake in this file.
pub fn demo_stock() -> Result<Vec<DemoKeyFile>, DemoError> {
    let mut serials = FIRST_IN_STOCK..;
    let mut files = Vec::new();
    for (order, count) in STOCK {
        let rows = serials.by_ref().take(count).enumerate().map(|(row, serial)| {
            let model = if row % 3 == 0 { MULTICAL_403 } else { MULTICAL_21 };
            device(row + 1, row, serial, model, order)
        });
        let file = KeyFile {
            format: Format::Kem,
            order: Some(order.to_owned()),
            devices: rows.collect::<Result<_, _>>()?,
            problems: Vec::new(),
        };
        files.push(DemoKeyFile {
            name: format!("{order}_DownloadMeters.zip.kem"),
            bytes: kem::write(&file, KEY_FILE_PASSWORD, Container::Zip)?,
        });
    }
    Ok(files)
}

/// The devices whose keys telegrams have proven, and the one whose telegrams no key opened.
const PROVEN: [u32; 9] = [
    76_348_704, 76_348_717, 76_348_725, 76_348_728, 76_348_732, 76_348_736, 76_348_745, 76_348_752, 76_348_756,
];
const DOUBTFUL: u32 = 76_348_741;

/// Notes what telegrams said about the keys of some devices. The demo has no telegrams: this is written, not proven.
pub(super) async fn prove(app: &App, dealer: AccountId) -> anyhow::Result<()> {
    let proven = PROVEN.map(|serial| (serial, DeviceProof::Proven));
    for (serial, proof) in proven.into_iter().chain([(DOUBTFUL, DeviceProof::Doubtful)]) {
        device::Entity::update_many()
            .col_expr(device::Column::Proof, Expr::value(proof))
            .col_expr(device::Column::ProvenAt, Expr::value(app.clock.now()))
            .filter(device::COLUMN.account_id.eq(dealer))
            .filter(device::COLUMN.serial_number.eq(format!("{serial:08}")))
            .exec(&app.db)
            .await?;
    }
    Ok(())
}

/// Serial number and model of the device at `place`, after one with the serial number `before`.
fn numbered(place: usize, before: u32) -> (u32, Model) {
    if let Some(first) = FIRST.get(place) {
        return *first;
    }
    let chance = digest("device", before);
    let model = match chance[1] {
        0..=89 => MULTICAL_21,
        90..=139 => FLOWIQ_2210,
        140..=194 => MULTICAL_403,
        195..=245 => MULTICAL_603,
        _ => CONCENTRATOR,
    };
    (before + 2 + u32::from(chance[0] % 4), model)
}

fn device(row: usize, place: usize, serial: u32, model: Model, order: &str) -> Result<Device, DemoError> {
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let chance = digest("key", serial);
    Ok(Device {
        row,
        serial: format!("{serial:08}").parse::<Serial>()?,
        manufacturer: Some(model.manufacturer.parse::<Manufacturer>()?),
        order: text(order),
        name: text(model.name),
        type_number: text(model.type_number),
        config_number: text(model.config_number),
        own_number: Some(format!("Haus {}, Whg {}", place / 24 + 1, place % 24 + 1)),
        consumption: text(model.consumption),
        keys: vec![("DEK".to_owned(), MeterKey::new(std::array::from_fn(|at| chance[at])))],
    })
}

/// 32 bytes that look random and are the same every time.
fn digest(purpose: &str, number: u32) -> [u8; 32] {
    Sha256::new()
        .chain_update("keyhaus demo ")
        .chain_update(purpose)
        .chain_update(number.to_be_bytes())
        .finalize()
        .into()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_import_reads_all_devices_of_the_demo() {
        let files = demo_devices().unwrap();
        let read: Vec<_> = files
            .iter()
            .map(|file| kem::read(&file.bytes, KEY_FILE_PASSWORD).unwrap())
            .collect();
        let orders: Vec<_> = read
            .iter()
            .map(|file| (file.order.as_deref().unwrap(), file.devices.len()))
            .collect();
        assert_eq!(
            orders,
            [
                ("A-2026-0412", 14),
                ("A-2026-0418", 82),
                ("A-2026-0425", 92),
                ("A-2026-0437", 87),
                ("A-2026-0446", 116),
                ("A-2026-0452", 89)
            ]
        );
        assert!(read.iter().all(|file| file.problems.is_empty()));
        let devices: Vec<_> = read.into_iter().flat_map(|file| file.devices).collect();
        let serials: BTreeSet<_> = devices.iter().map(|device| device.serial.to_string()).collect();
        assert_eq!(serials.len(), DEVICE_COUNT);
        assert_eq!(serials.first().unwrap(), "76348700");
        assert_eq!(serials.last().unwrap(), "76350391");
        let keys: BTreeSet<_> = devices
            .iter()
            .map(|device| device.keys[0].1.to_hex().to_string())
            .collect();
        assert_eq!(keys.len(), DEVICE_COUNT);
        assert!(devices.iter().all(|device| device.keys[0].1.weakness().is_none()));
        let named = |name: &str| {
            devices
                .iter()
                .filter(|device| device.name.as_deref() == Some(name))
                .count()
        };
        assert_eq!(
            ["MC21", "KWM2210", "MC403", "MC603", "READy Konzentrator"].map(named),
            [172, 86, 109, 94, 19]
        );
    }

    #[test]
    fn the_demo_is_the_same_every_time() {
        let bytes = || {
            demo_devices()
                .unwrap()
                .into_iter()
                .map(|file| (file.name, file.bytes))
                .collect::<Vec<_>>()
        };
        assert!(bytes() == bytes());
    }
}

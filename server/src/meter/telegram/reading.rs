//! What a meter says in an opened telegram: data records of EN 13757-3, decoded by `m-bus-application-layer` and put into
//! the units that people know from their bills.
use m_bus_application_layer::{
    DataRecords,
    data_information::{DataType, FunctionField, Month, SingleEveryOrInvalid as Part},
    data_record::DataRecord,
    value_information::{Unit, UnitName, ValueInformation, ValueLabel},
};
use shared::telegram::{Moment, Quantity};

/// How many records of a telegram are shown; a frame of 255 bytes has no room for more that mean something.
pub const MAX_READINGS: usize = 64;
/// The greatest number up to which every whole number has a place of its own in an f64, in which the decoder gives them.
const EXACT: f64 = 9_007_199_254_740_992.0;
/// Powers of ten beyond this are no measurement.
const MAX_EXPONENT: i32 = 18;

/// One value of a telegram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What was measured.
    pub quantity: Quantity,
    /// The number, exact and with a point, or a date (`2026-02-09`), a time (`2026-02-09 08:57`) or a text.
    pub value: String,
    /// The unit as people write it, such as `m³`; none for dates, texts and counts.
    pub unit: Option<&'static str>,
    /// Which stored value it is: 0 is the present one, 1 and above are earlier ones, such as that of the due date.
    pub storage: u64,
    /// The tariff; 0 for the sum of all.
    pub tariff: u64,
    /// Whether it is the value of that time, or an extreme one.
    pub moment: Moment,
}

/// The readable values of data records, in their order. Records that no decoder knows are left out; what is the maker's
/// own behind them too.
pub(super) fn readings(records: &[u8]) -> Vec<Reading> {
    DataRecords::new(records, None)
        .flatten()
        .filter_map(|record| reading(&record))
        .take(MAX_READINGS)
        .collect()
}

fn reading(record: &DataRecord<'_>) -> Option<Reading> {
    let about = record.data_information()?;
    let means = record.value_information()?;
    let quantity = quantity(means);
    let (value, unit) = match record.value()? {
        DataType::Number(number) | DataType::LossyNumber(number) => {
            let (unit, shift) = unit(means);
            let exponent = i32::try_from(means.decimal_scale_exponent).ok()?.checked_add(shift)?;
            (decimal(*number, exponent)?, unit)
        }
        DataType::Text(text) => (printable(&text.to_string())?, None),
        DataType::Date(day, month, year) => (date(day, month, year)?, None),
        DataType::DateTime(day, month, year, hour, minute) => {
            (format!("{} {}", date(day, month, year)?, time(hour, minute)?), None)
        }
        DataType::DateTimeWithSeconds(day, month, year, hour, minute, _) => {
            (format!("{} {}", date(day, month, year)?, time(hour, minute)?), None)
        }
        _ => return None,
    };
    Some(Reading {
        quantity,
        value,
        unit,
        storage: about.storage_number,
        tariff: about.tariff,
        moment: match about.function_field {
            FunctionField::MaximumValue => Moment::Maximum,
            FunctionField::MinimumValue => Moment::Minimum,
            FunctionField::ValueDuringErrorState => Moment::DuringError,
            _ => Moment::Instantaneous,
        },
    })
}

fn quantity(means: &ValueInformation<'_>) -> Quantity {
    means.labels().find_map(known).unwrap_or(Quantity::Other)
}

fn known(label: ValueLabel) -> Option<Quantity> {
    Some(match label {
        ValueLabel::Energy => Quantity::Energy,
        ValueLabel::Volume => Quantity::Volume,
        ValueLabel::Mass => Quantity::Mass,
        ValueLabel::Power => Quantity::Power,
        ValueLabel::VolumeFlow => Quantity::VolumeFlow,
        ValueLabel::FlowTemperature => Quantity::FlowTemperature,
        ValueLabel::ReturnTemperature => Quantity::ReturnTemperature,
        ValueLabel::TemperatureDifference => Quantity::TemperatureDifference,
        ValueLabel::ExternalTemperature => Quantity::ExternalTemperature,
        ValueLabel::Pressure => Quantity::Pressure,
        ValueLabel::Voltage => Quantity::Voltage,
        ValueLabel::Current => Quantity::Current,
        ValueLabel::RelativeHumidity => Quantity::Humidity,
        ValueLabel::DimensionlessHCA => Quantity::HeatCostUnits,
        ValueLabel::Date | ValueLabel::DateTime | ValueLabel::Time | ValueLabel::DateTimeWithSeconds => Quantity::Time,
        ValueLabel::OnTime
        | ValueLabel::OperatingTime
        | ValueLabel::ActualityDuration
        | ValueLabel::AveragingDuration => Quantity::Duration,
        ValueLabel::FabricationNumber => Quantity::FabricationNumber,
        ValueLabel::ErrorFlags => Quantity::ErrorFlags,
        ValueLabel::RemainingBatteryLifeTime => Quantity::Battery,
        _ => return None,
    })
}

/// The unit as it is shown, and by which power of ten the number is shifted for it.
fn unit(means: &ValueInformation<'_>) -> (Option<&'static str>, i32) {
    const fn of(name: UnitName, exponent: i32) -> Unit {
        Unit { name, exponent }
    }
    let units: Vec<Unit> = means.units().take(3).collect();
    let is = |wanted: &[Unit]| units == wanted;
    if is(&[of(UnitName::Watt, 1), of(UnitName::Hour, 1)]) {
        (Some("kWh"), -3)
    } else if is(&[of(UnitName::Joul, 1)]) {
        (Some("MJ"), -6)
    } else if is(&[of(UnitName::Watt, 1)]) {
        (Some("kW"), -3)
    } else if is(&[of(UnitName::Meter, 3)]) {
        (Some("m³"), 0)
    } else if is(&[of(UnitName::Meter, 3), of(UnitName::Hour, -1)]) {
        (Some("m³/h"), 0)
    } else if let [Unit { name, exponent: 1 }] = units[..] {
        (single(name), 0)
    } else {
        (None, 0)
    }
}

const fn single(name: UnitName) -> Option<&'static str> {
    Some(match name {
        UnitName::Kilogram => "kg",
        UnitName::Tonne => "t",
        UnitName::Celsius => "°C",
        UnitName::Kelvin => "K",
        UnitName::Bar => "bar",
        UnitName::Second => "s",
        UnitName::Minute => "min",
        UnitName::Hour => "h",
        UnitName::Day => "d",
        UnitName::Month => "mo",
        UnitName::Year => "a",
        UnitName::Volt => "V",
        UnitName::Ampere => "A",
        UnitName::Hertz => "Hz",
        UnitName::Percent => "%",
        _ => return None,
    })
}

/// A number times a power of ten, without rounding where it is whole; floating point of the meter as it prints.
fn decimal(number: f64, exponent: i32) -> Option<String> {
    if !number.is_finite() || exponent.abs() > MAX_EXPONENT {
        return None;
    }
    if number.fract() != 0.0 {
        return Some(format!("{}", number * 10f64.powi(exponent)));
    }
    if number.abs() > EXACT {
        return None;
    }
    let whole = number as i128; // exact: a whole number within the bounds above
    if exponent >= 0 {
        return Some((whole * 10i128.pow(exponent.unsigned_abs())).to_string());
    }
    let places = exponent.unsigned_abs();
    let unit = 10u128.pow(places);
    let sign = if whole < 0 { "-" } else { "" };
    let (before, behind) = (whole.unsigned_abs() / unit, whole.unsigned_abs() % unit);
    Some(format!("{sign}{before}.{behind:0width$}", width = places as usize))
}

/// A text of a meter, if it has signs that can be shown.
fn printable(text: &str) -> Option<String> {
    let text: String = text.trim().chars().filter(|sign| !sign.is_control()).collect();
    (!text.is_empty()).then_some(text)
}

fn date(day: &Part<u8>, month: &Part<Month>, year: &Part<u16>) -> Option<String> {
    let (Part::Single(day), Part::Single(month), Part::Single(year)) = (day, month, year) else {
        return None;
    };
    let year = if *year < 100 { 2000 + *year } else { *year }; // meters send the last two digits
    Some(format!("{year:04}-{:02}-{day:02}", number_of(*month)))
}

fn time(hour: &Part<u8>, minute: &Part<u8>) -> Option<String> {
    let (Part::Single(hour), Part::Single(minute)) = (hour, minute) else {
        return None;
    };
    Some(format!("{hour:02}:{minute:02}"))
}

fn number_of(month: Month) -> u8 {
    match month {
        Month::January => 1,
        Month::February => 2,
        Month::March => 3,
        Month::April => 4,
        Month::May => 5,
        Month::June => 6,
        Month::July => 7,
        Month::August => 8,
        Month::September => 9,
        Month::October => 10,
        Month::November => 11,
        _ => 12,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first value of records in hexadecimal, as `quantity value unit storage`.
    fn shown(records: &str) -> Vec<String> {
        let bytes: Vec<u8> = (0..records.len() / 2)
            .map(|at| u8::from_str_radix(&records[2 * at..2 * at + 2], 16).unwrap())
            .collect();
        readings(&bytes)
            .into_iter()
            .map(|reading| {
                let unit = reading.unit.unwrap_or("-");
                format!("{:?} {} {unit} {}", reading.quantity, reading.value, reading.storage)
            })
            .collect()
    }

    #[test]
    fn water_is_shown_in_cubic_metres_with_all_its_places() {
        assert_eq!(
            shown("0413393000004413E02E0000"),
            ["Volume 12.345 m³ 0", "Volume 12.000 m³ 1"]
        );
    }

    #[test]
    fn heat_is_shown_in_kilowatt_hours_and_degrees() {
        assert_eq!(
            shown("0406D204000004142E16000002592F0A025D3E0A2F2F"),
            [
                "Energy 1234 kWh 0",
                "Volume 56.78 m³ 0",
                "FlowTemperature 26.07 °C 0",
                "ReturnTemperature 26.22 °C 0"
            ]
        );
    }

    #[test]
    fn times_and_what_cannot_be_read() {
        assert_eq!(shown("046D28494932"), ["Time 2026-02-09 09:40 - 0"]);
        assert_eq!(shown("426CD228"), ["Time 2022-08-18 - 1"]);
        assert_eq!(shown("0F0102030405"), Vec::<String>::new());
        assert_eq!(shown("04"), Vec::<String>::new());
    }

    #[test]
    fn numbers_keep_their_places_and_their_sign() {
        assert_eq!(decimal(-5.0, -3).as_deref(), Some("-0.005"));
        assert_eq!(decimal(12.0, 2).as_deref(), Some("1200"));
        assert_eq!(decimal(f64::NAN, 0), None);
        assert_eq!(decimal(1e17, 0), None);
        assert_eq!(decimal(1.0, 30), None);
    }
}

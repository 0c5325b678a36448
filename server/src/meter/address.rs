//! How a meter is named on the air: manufacturer letters, eight-digit serial, version and device type (EN 13757-7).
use std::fmt;
use std::str::FromStr;

/// The three letters of a manufacturer, as the FLAG association gives them out: `KAM`, `KAW`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Manufacturer([u8; 3]);

/// A text that is not three capital letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a manufacturer has three letters from A to Z")]
pub struct NotAManufacturer;

impl Manufacturer {
    /// The letters behind the M-field: three times five bits, A = 1 … Z = 26. The highest bit only says how far the
    /// address is unique and is left out.
    ///
    /// # Errors
    /// A group of five bits outside 1..=26.
    pub fn from_field(field: u16) -> Result<Self, NotAManufacturer> {
        let letter = |shift: u16| match (field >> shift) & 0x1F {
            code @ 1..=26 => Ok(b'@' + code as u8),
            _ => Err(NotAManufacturer),
        };
        Ok(Self([letter(10)?, letter(5)?, letter(0)?]))
    }

    /// The M-field that stands for these letters.
    pub fn field(self) -> u16 {
        self.0
            .iter()
            .fold(0, |field, letter| field << 5 | u16::from(letter - b'@'))
    }
}

impl FromStr for Manufacturer {
    type Err = NotAManufacturer;

    fn from_str(text: &str) -> Result<Self, NotAManufacturer> {
        let letters: [u8; 3] = text.as_bytes().try_into().map_err(|_| NotAManufacturer)?;
        if letters.iter().all(u8::is_ascii_uppercase) {
            Ok(Self(letters))
        } else {
            Err(NotAManufacturer)
        }
    }
}

impl fmt::Display for Manufacturer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|letter| write!(f, "{}", char::from(*letter)))
    }
}

impl fmt::Debug for Manufacturer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// The serial number of a device: always eight digits, leading zeros belong to it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Serial(u32);

/// A text that is not eight decimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a serial number has eight digits")]
pub struct NotASerial;

impl Serial {
    /// Reads the identification number of an A-field: eight BCD digits, lowest first.
    ///
    /// # Errors
    /// A half-byte above 9.
    pub fn from_bcd(bytes: [u8; 4]) -> Result<Self, NotASerial> {
        bytes
            .iter()
            .rev()
            .flat_map(|byte| [byte >> 4, byte & 15])
            .try_fold(0, |number, digit| {
                if digit > 9 {
                    Err(NotASerial)
                } else {
                    Ok(number * 10 + u32::from(digit))
                }
            })
            .map(Self)
    }

    /// The identification number of an A-field.
    pub fn bcd(self) -> [u8; 4] {
        let pair = |divisor: u32| {
            let two = (self.0 / divisor % 100) as u8;
            ((two / 10) << 4) | (two % 10)
        };
        [pair(1), pair(100), pair(10_000), pair(1_000_000)]
    }
}

impl FromStr for Serial {
    type Err = NotASerial;

    fn from_str(text: &str) -> Result<Self, NotASerial> {
        if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NotASerial);
        }
        text.parse().map(Self).map_err(|_| NotASerial)
    }
}

impl fmt::Display for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08}", self.0)
    }
}

impl fmt::Debug for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// What a device measures or does, by its device type code (EN 13757-7, table of device types).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DeviceType {
    /// 02.
    Electricity,
    /// 03.
    Gas,
    /// 04, volume measured at the outlet, and 0C, at the inlet.
    Heat,
    /// 0D.
    HeatAndCooling,
    /// 0A, volume measured at the outlet, and 0B, at the inlet.
    Cooling,
    /// 06, 30 to 90 °C.
    WarmWater,
    /// 15, 90 °C and above.
    HotWater,
    /// 16.
    ColdWater,
    /// 07, of any temperature.
    Water,
    /// 08.
    HeatCostAllocator,
    /// 18.
    Pressure,
    /// 1A.
    SmokeAlarm,
    /// 1B.
    RoomSensor,
    /// 37, a radio converter on the side of the meter.
    RadioConverter,
    /// Any other code.
    Other(u8),
}

impl From<u8> for DeviceType {
    fn from(code: u8) -> Self {
        match code {
            0x02 => Self::Electricity,
            0x03 => Self::Gas,
            0x04 | 0x0C => Self::Heat,
            0x06 => Self::WarmWater,
            0x07 => Self::Water,
            0x08 => Self::HeatCostAllocator,
            0x0A | 0x0B => Self::Cooling,
            0x0D => Self::HeatAndCooling,
            0x15 => Self::HotWater,
            0x16 => Self::ColdWater,
            0x18 => Self::Pressure,
            0x1A => Self::SmokeAlarm,
            0x1B => Self::RoomSensor,
            0x37 => Self::RadioConverter,
            other => Self::Other(other),
        }
    }
}

/// The address of a telegram as it is sent: M-field and A-field, eight bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Address {
    /// M-field, low byte first.
    pub manufacturer: [u8; 2],
    /// Identification number in BCD, lowest digits first.
    pub id: [u8; 4],
    /// Version of the device.
    pub version: u8,
    /// Device type code.
    pub device_type: u8,
}

impl Address {
    /// The manufacturer's letters.
    ///
    /// # Errors
    /// The M-field stands for no letters.
    pub fn manufacturer(&self) -> Result<Manufacturer, NotAManufacturer> {
        Manufacturer::from_field(u16::from_le_bytes(self.manufacturer))
    }

    /// The serial number.
    ///
    /// # Errors
    /// The identification number is not decimal.
    pub fn serial(&self) -> Result<Serial, NotASerial> {
        Serial::from_bcd(self.id)
    }

    /// What the device measures.
    pub fn device_type(&self) -> DeviceType {
        DeviceType::from(self.device_type)
    }

    /// The eight bytes M, ID, version, type in the order in which the link layer sends them and initialisation vectors want them.
    pub fn bytes(&self) -> [u8; 8] {
        let ([m0, m1], [i0, i1, i2, i3]) = (self.manufacturer, self.id);
        [m0, m1, i0, i1, i2, i3, self.version, self.device_type]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_field_are_the_same_thing() {
        let kam: Manufacturer = "KAM".parse().unwrap();
        assert_eq!(kam.field(), 0x2C2D);
        assert_eq!(Manufacturer::from_field(0x2C37).unwrap().to_string(), "KAW");
        assert_eq!(Manufacturer::from_field(0xAC2D).unwrap(), kam);
        assert_eq!(Manufacturer::from_field(0), Err(NotAManufacturer));
        for wrong in ["", "KA", "KAMM", "kam", "K1M", "KÄ"] {
            assert_eq!(wrong.parse::<Manufacturer>(), Err(NotAManufacturer), "{wrong}");
        }
    }

    #[test]
    fn a_serial_keeps_its_leading_zeros() {
        let serial: Serial = "00043094".parse().unwrap();
        assert_eq!(serial.to_string(), "00043094");
        assert_eq!(serial.bcd(), [0x94, 0x30, 0x04, 0x00]);
        assert_eq!(
            Serial::from_bcd([0x99, 0x87, 0x34, 0x76]).unwrap().to_string(),
            "76348799"
        );
        assert_eq!(Serial::from_bcd([0x9A, 0x87, 0x34, 0x76]), Err(NotASerial));
        for wrong in ["", "7634879", "763487990", "+6348799", "7634879٩", " 6348799"] {
            assert_eq!(wrong.parse::<Serial>(), Err(NotASerial), "{wrong}");
        }
    }

    #[test]
    fn device_types_follow_the_standard() {
        assert_eq!(DeviceType::from(0x16), DeviceType::ColdWater);
        assert_eq!(DeviceType::from(0x0C), DeviceType::Heat);
        assert_eq!(DeviceType::from(0x99), DeviceType::Other(0x99));
    }
}

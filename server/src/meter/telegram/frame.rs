//! The link layer: length, checksums in frame formats A and B, and who sends (EN 13757-4).
use super::{BadFrame, Mode, Opened, Verdict, extended, spelling, transport, wired};
use crate::meter::address::{Address, Serial};
use crate::meter::key::MeterKey;

/// Length of the link layer's header: L, C, M, A.
const HEADER: usize = 10;
/// In format A every block but the first has up to 16 bytes before its checksum.
const BLOCK_A: usize = 16;
/// In format B the first checksum stands after up to 126 bytes.
const BLOCK_B: usize = 126;
/// What a receiver in mode C puts before a frame: a sync word and the format, A or B.
const SYNC_WORDS: [[u8; 2]; 2] = [[0x54, 0xCD], [0x54, 0x3D]];
/// Length of a checksum.
const CRC: usize = 2;

/// One telegram without checksums of the link layer, cut to its length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telegram {
    frame: Vec<u8>,
    address: Address,
}

impl Telegram {
    /// Reads a pasted telegram: hexadecimal with or without separators, or a line of wmbusmeters, rtl_wmbus or a CUL.
    /// Checksums of frame formats A and B are taken out if they fit; bytes behind the frame are left out.
    ///
    /// # Errors
    /// [`BadFrame`] says what is wrong.
    pub fn parse(text: &str) -> Result<Self, BadFrame> {
        Self::from_bytes(&spelling::bytes(text)?)
    }

    /// Reads a telegram as a receiver gives it, in the same forms as [`Telegram::parse`].
    ///
    /// # Errors
    /// [`BadFrame`] says what is wrong.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadFrame> {
        let bytes = SYNC_WORDS
            .iter()
            .find_map(|word| bytes.strip_prefix(word))
            .unwrap_or(bytes);
        let frame = wired::on_air(bytes).unwrap_or_else(|| without_checksums(bytes))?;
        let [_, _, m0, m1, a0, a1, a2, a3, a4, a5, _, ..] = frame[..] else {
            return Err(BadFrame::Short);
        };
        let mut address = Address {
            manufacturer: [m0, m1],
            id: [a0, a1, a2, a3],
            version: a4,
            device_type: a5,
        };
        if has_number_last(&address, &frame) {
            (address.version, address.device_type, address.id) = (a0, a1, [a2, a3, a4, a5]);
        }
        Ok(Self { frame, address })
    }

    /// Who sends it: the meter, or the radio adapter of one.
    pub fn address(&self) -> Address {
        self.address
    }

    /// The meter behind a radio adapter, if the telegram names one and does so in the clear.
    pub fn meter_address(&self) -> Option<Address> {
        extended::layers(&self.frame).ok()?.transport()?.address
    }

    /// Whether the telegram is from this device or from an adapter that speaks for it. The manufacturer does not count,
    /// because key files and meters do not always agree on its letters.
    pub fn is_from(&self, serial: Serial) -> bool {
        let id = serial.bcd();
        self.address.id == id || self.meter_address().is_some_and(|meter| meter.id == id)
    }

    /// Judges a key by this telegram, whoever sent it.
    pub fn verify(&self, key: &MeterKey) -> Verdict {
        self.open(key).verdict
    }

    /// Judges a key by this telegram, whoever sent it, and opens what the key fits. A telegram that was sent or already
    /// made readable shows what it says, too.
    pub fn open(&self, key: &MeterKey) -> Opened {
        match extended::layers(&self.frame) {
            Ok(extended::Layers::Encrypted(link)) => link.open(&self.address, key),
            Ok(extended::Layers::Protected(mode)) => Verdict::UnsupportedMode(Mode::Link(mode)).into(),
            Ok(extended::Layers::Clear(rest)) => transport::open(rest, &self.address, key),
            Err(reason) => Verdict::from(reason).into(),
        }
    }
}

/// Whether version and type stand before the number: meters of the Diehl group send so where they use a coding of their
/// own, which is told by the control information or by a security mode that the standard does not have.
fn has_number_last(address: &Address, frame: &[u8]) -> bool {
    let letters = address.manufacturer().map(|letters| letters.to_string());
    let is_diehl = letters.is_ok_and(|letters| ["DME", "EWT", "HYD", "SPL"].contains(&letters.as_str()));
    let is_own_coding = match frame.get(HEADER..) {
        Some([0xA0..=0xA7 | 0xB1..=0xB3, ..]) => true,
        Some([0x7A, _access_number, _status, _low, high, ..]) => high & 0x10 != 0,
        _ => false,
    };
    is_diehl && is_own_coding
}

/// CRC-16/EN-13757: polynomial 3D65, not reflected, complemented.
pub(super) fn crc16(bytes: &[u8]) -> u16 {
    !bytes.iter().fold(0u16, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte) << 8, |crc, _| {
            if crc & 0x8000 == 0 { crc << 1 } else { crc << 1 ^ 0x3D65 }
        })
    })
}

/// The frame as its length field says, without the checksums of either format.
fn without_checksums(bytes: &[u8]) -> Result<Vec<u8>, BadFrame> {
    let total = usize::from(*bytes.first().ok_or(BadFrame::Short)?) + 1;
    if total <= HEADER {
        return Err(BadFrame::Short);
    }
    match format_a(bytes, total) {
        FormatA::Fits(frame) => return Ok(frame),
        FormatA::Broken if bytes.len() > total => return Err(BadFrame::Checksum),
        FormatA::Broken | FormatA::Other => {}
    }
    let frame = bytes.get(..total).ok_or(BadFrame::Short)?;
    Ok(format_b(frame).unwrap_or_else(|| frame.to_vec()))
}

/// What the bytes are as frame format A.
enum FormatA {
    /// All checksums fit.
    Fits(Vec<u8>),
    /// The header's checksum fits, a later one does not.
    Broken,
    /// No checksum where format A has its first.
    Other,
}

/// Format A: checksums after the header and after every 16 bytes; the length field does not count them.
fn format_a(bytes: &[u8], total: usize) -> FormatA {
    let Some((header, mut rest)) = checked(bytes, HEADER) else {
        return FormatA::Other;
    };
    let mut frame = header.to_vec();
    while frame.len() < total {
        let Some((block, behind)) = checked(rest, BLOCK_A.min(total - frame.len())) else {
            return FormatA::Broken;
        };
        frame.extend_from_slice(block);
        rest = behind;
    }
    FormatA::Fits(frame)
}

/// Format B: a checksum after 126 bytes at the latest and one at the end; the length field counts them, so it is corrected.
fn format_b(frame: &[u8]) -> Option<Vec<u8>> {
    let first = BLOCK_B.min(frame.len().checked_sub(CRC)?);
    let (block, rest) = checked(frame, first)?;
    let mut bare = block.to_vec();
    if !rest.is_empty() {
        let (block, []) = checked(rest, rest.len().checked_sub(CRC)?)? else {
            return None;
        };
        bare.extend_from_slice(block);
    }
    bare[0] = (bare.len() - 1) as u8;
    Some(bare)
}

/// The first `length` bytes and what follows their checksum, if it fits.
fn checked(bytes: &[u8], length: usize) -> Option<(&[u8], &[u8])> {
    let (block, rest) = bytes.split_at_checked(length)?;
    let (crc, rest) = rest.split_at_checked(CRC)?;
    (crc16(block).to_be_bytes() == crc).then_some((block, rest))
}

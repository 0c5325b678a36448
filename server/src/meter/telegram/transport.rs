//! The authentication and fragmentation layer and the transport layer, with security modes 5 and 7 (EN 13757-7, OMS Volume 2).
use aes::Aes128;
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockModeDecrypt, KeyIvInit};
use cmac::{Cmac, KeyInit, Mac};
use zeroize::Zeroizing;

use super::{BadFrame, Content, Mode, Opened, Verdict, reading::readings};
use crate::meter::address::Address;
use crate::meter::key::MeterKey;

/// Control information of the authentication and fragmentation layer.
const AFL: u8 = 0x90;
/// Control information of a compact frame: values without their meaning.
const COMPACT: u8 = 0x79;
/// Control information that manufacturers give a meaning of their own (EN 13757-7, table 2).
pub(super) const MANUFACTURER_FIRST: u8 = 0xA0;
pub(super) const MANUFACTURER_LAST: u8 = 0xB7;
/// Two idle fillers, with which plaintext of modes 5 and 7 begins.
const FILLERS: [u8; 2] = [0x2F, 0x2F];
/// The size of a block, in bytes.
const BLOCK: usize = 16;
/// Bits of the fragmentation control field: which fields follow, and whether more fragments do.
const MORE_FRAGMENTS: u16 = 0x4000;
const HAS_MESSAGE_CONTROL: u16 = 0x2000;
const HAS_COUNTER: u16 = 0x0800;
const HAS_MAC: u16 = 0x0400;
const HAS_KEY_INFORMATION: u16 = 0x0200;
const FRAGMENT_NUMBER: u16 = 0x00FF;
/// The key derivation function A of OMS, in bits 4 and 5 of the configuration field's extension.
const KDF_A: u8 = 1;
/// Constants with which the derivation tells keys apart, for messages that a meter sends.
const DERIVE_ENCRYPTION: u8 = 0x00;
const DERIVE_MAC: u8 = 0x01;

/// A transport layer and the authentication layer before it.
pub(super) struct Transport<'a> {
    /// The meter's address, where the header is a long one.
    pub(super) address: Option<Address>,
    authentication: Authentication<'a>,
    /// From the control information on: what a MAC covers.
    message: &'a [u8],
    header: Option<Header<'a>>,
}

/// What follows the address in a short or long header.
struct Header<'a> {
    access_number: u8,
    mode: u8,
    /// Number of encrypted blocks; zero for all.
    blocks: usize,
    /// Behind the configuration field.
    rest: &'a [u8],
}

/// The fields of an authentication and fragmentation layer; empty where they are missing.
#[derive(Default)]
struct Authentication<'a> {
    message_control: Option<u8>,
    counter: &'a [u8],
    mac: &'a [u8],
}

/// Judges a key by a readable transport layer, and opens what it fits. `sender` is the address of the link layer.
pub(super) fn open(rest: &[u8], sender: &Address, key: &MeterKey) -> Opened {
    Transport::read(rest)
        .and_then(|transport| transport.open(sender, key))
        .unwrap_or_else(|reason| match reason {
            BadFrame::UnknownLayer(control @ MANUFACTURER_FIRST..=MANUFACTURER_LAST) => {
                Verdict::UnsupportedMode(Mode::Manufacturer(control)).into()
            }
            reason => Verdict::from(reason).into(),
        })
}

/// What a transport layer says that was opened on the way to it.
pub(super) fn plain_content(rest: &[u8]) -> Content {
    match Transport::read(rest) {
        Ok(transport) => transport.plain_content(),
        Err(_) => Content::Full(Vec::new()), // what it says is the maker's own
    }
}

impl<'a> Transport<'a> {
    /// Reads both layers' headers.
    pub(super) fn read(rest: &'a [u8]) -> Result<Self, BadFrame> {
        let (authentication, message) = match rest {
            [AFL, length, behind @ ..] => {
                let (fields, message) = behind.split_at_checked(usize::from(*length)).ok_or(BadFrame::Short)?;
                (Authentication::read(fields)?, message)
            }
            message => (Authentication::default(), message),
        };
        let (control, behind) = message.split_first().ok_or(BadFrame::Short)?;
        let (address, header) = match control {
            0x78 | 0x79 => (None, None),
            0x61 | 0x65 | 0x6A | 0x6E | 0x7A | 0x7B | 0x7D | 0x7F | 0x8A => (None, Some(Header::read(behind)?)),
            0x60 | 0x64 | 0x6B | 0x6F | 0x72 | 0x73 | 0x7C | 0x7E | 0x80 | 0x8B => {
                let [i0, i1, i2, i3, m0, m1, version, device_type, behind @ ..] = behind else {
                    return Err(BadFrame::Short);
                };
                let address = Address {
                    manufacturer: [*m0, *m1],
                    id: [*i0, *i1, *i2, *i3],
                    version: *version,
                    device_type: *device_type,
                };
                (Some(address), Some(Header::read(behind)?))
            }
            other => return Err(BadFrame::UnknownLayer(*other)),
        };
        Ok(Self {
            address,
            authentication,
            message,
            header,
        })
    }

    fn open(&self, sender: &Address, key: &MeterKey) -> Result<Opened, BadFrame> {
        let Some(header) = &self.header else {
            return Ok(Opened::new(Verdict::NotEncrypted, self.plain_content()));
        };
        let meter = self.address.as_ref().unwrap_or(sender);
        match header.mode {
            0 => Ok(Opened::new(Verdict::NotEncrypted, self.plain_content())),
            5 => header.open_mode_5(meter, key),
            7 => self.open_mode_7(header, meter, key),
            other => Ok(Verdict::UnsupportedMode(Mode::Transport(other)).into()),
        }
    }

    /// What stands behind the headers, if that is not encrypted.
    fn plain_content(&self) -> Content {
        match (&self.header, self.message) {
            (Some(Header { mode: 0, rest, .. }), _) => Content::Full(readings(rest)),
            (Some(_), _) => Content::Closed,
            (None, [COMPACT, ..]) => Content::Compact,
            (None, [_, records @ ..]) => Content::Full(readings(records)),
            (None, []) => Content::Closed,
        }
    }

    /// Mode 7: keys derived from the meter key and a message counter, a MAC over the message, then CBC from a zero vector.
    fn open_mode_7(&self, header: &Header, meter: &Address, key: &MeterKey) -> Result<Opened, BadFrame> {
        let (extension, payload) = header.rest.split_first().ok_or(BadFrame::Short)?;
        if extension >> 4 & 3 != KDF_A {
            return Ok(Verdict::UnsupportedMode(Mode::Transport(7)).into());
        }
        if payload.starts_with(&FILLERS) {
            return Ok(Opened::new(Verdict::NotEncrypted, Content::Full(readings(payload))));
        }
        let Authentication {
            message_control: Some(control),
            counter: counter @ [_, ..],
            mac: mac @ [_, ..],
        } = self.authentication
        else {
            return Err(BadFrame::NoAuthentication);
        };
        let encrypted = header.encrypted(payload)?;

        let derive = |purpose: u8| derived(key, purpose, counter, meter.id);
        let mut expected = Cmac::<Aes128>::new((&*derive(DERIVE_MAC)).into());
        expected.update(&[control]);
        expected.update(counter);
        expected.update(self.message);
        if expected.verify_truncated_left(mac).is_err() {
            return Ok(Verdict::WrongKey.into());
        }
        let verdict = Verdict::Ok {
            mode: Mode::Transport(7),
            strength_bits: 8 * mac.len() as u16,
        };
        Ok(opened(
            payload,
            encrypted,
            &derive(DERIVE_ENCRYPTION),
            &[0; BLOCK],
            verdict,
        ))
    }
}

impl<'a> Header<'a> {
    /// Access number, status and configuration field.
    fn read(bytes: &'a [u8]) -> Result<Self, BadFrame> {
        let [access_number, _status, low, high, rest @ ..] = bytes else {
            return Err(BadFrame::Short);
        };
        Ok(Self {
            access_number: *access_number,
            mode: high & 0x1F,
            blocks: usize::from(low >> 4),
            rest,
        })
    }

    /// Mode 5: CBC from a vector of address and access number; nothing but the two fillers tells whether the key fits.
    fn open_mode_5(&self, meter: &Address, key: &MeterKey) -> Result<Opened, BadFrame> {
        if self.rest.starts_with(&FILLERS) {
            return Ok(Opened::new(Verdict::NotEncrypted, Content::Full(readings(self.rest))));
        }
        let mut vector = [self.access_number; BLOCK];
        vector[..8].copy_from_slice(&meter.bytes());
        let verdict = Verdict::Ok {
            mode: Mode::Transport(5),
            strength_bits: 16,
        };
        Ok(opened(
            self.rest,
            self.encrypted(self.rest)?,
            key.expose(),
            &vector,
            verdict,
        ))
    }

    /// How many bytes of the payload are encrypted: the blocks that are announced, else all whole ones.
    fn encrypted(&self, payload: &[u8]) -> Result<usize, BadFrame> {
        let whole = payload.len() / BLOCK * BLOCK;
        let length = if self.blocks == 0 { whole } else { self.blocks * BLOCK };
        if length == 0 || length > whole {
            return Err(BadFrame::Short);
        }
        Ok(length)
    }
}

impl<'a> Authentication<'a> {
    /// Reads the fields that the fragmentation control names, in their fixed order.
    fn read(fields: &'a [u8]) -> Result<Self, BadFrame> {
        let (control, mut rest) = fields.split_first_chunk().ok_or(BadFrame::Short)?;
        let control = u16::from_le_bytes(*control);
        if control & MORE_FRAGMENTS != 0 || control & FRAGMENT_NUMBER > 1 {
            return Err(BadFrame::Fragment);
        }
        let mut take = |flag: u16, length: usize| {
            let (field, behind) = rest
                .split_at_checked(if control & flag == 0 { 0 } else { length })
                .ok_or(BadFrame::Short)?;
            rest = behind;
            Ok(field)
        };
        let message_control = take(HAS_MESSAGE_CONTROL, 1)?.first().copied();
        take(HAS_KEY_INFORMATION, 2)?;
        let counter = take(HAS_COUNTER, 4)?;
        let mac = take(HAS_MAC, message_control.map_or(0, mac_length))?;
        Ok(Self {
            message_control,
            counter,
            mac,
        })
    }
}

/// How many bytes of an AES-CMAC are sent; zero for other kinds of MAC.
fn mac_length(message_control: u8) -> usize {
    match message_control & 0x0F {
        3 => 2,
        4 => 4,
        5 => 8,
        6 => 12,
        7 => 16,
        _ => 0,
    }
}

/// Key derivation function A: an AES-CMAC over purpose, message counter and meter number, filled up to a block.
fn derived(key: &MeterKey, purpose: u8, counter: &[u8], meter: [u8; 4]) -> Zeroizing<[u8; BLOCK]> {
    let mut mac = Cmac::<Aes128>::new(key.expose().into());
    mac.update(&[purpose]);
    mac.update(counter);
    mac.update(&meter);
    mac.update(&[7; 7]);
    Zeroizing::new(mac.finalize().into_bytes().into())
}

/// What the first `encrypted` bytes of a payload hold with this key, and what follows them readable; nothing unless the
/// plaintext begins with the two fillers.
fn opened(payload: &[u8], encrypted: usize, key: &[u8; BLOCK], vector: &[u8; BLOCK], fits: Verdict) -> Opened {
    let mut plain = Zeroizing::new(payload.to_vec());
    let cipher = cbc::Decryptor::<Aes128>::new(key.into(), vector.into());
    match cipher.decrypt_padded::<NoPadding>(&mut plain[..encrypted]) {
        Ok(first) if first.starts_with(&FILLERS) => Opened::new(fits, Content::Full(readings(&plain))),
        _ => Verdict::WrongKey.into(),
    }
}

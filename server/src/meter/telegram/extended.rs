//! The extended link layer: blocks between link and transport layer, one of which may encrypt all that follows (EN 13757-4).
use aes::Aes128;
use ctr::Ctr128BE;
use ctr::cipher::{KeyIvInit, StreamCipher};

use super::frame::crc16;
use super::transport::{self, Transport};
use super::{BadFrame, Mode, Opened, Verdict};
use crate::meter::address::Address;
use crate::meter::key::MeterKey;

/// Where the link layer ends.
const LINK_HEADER: usize = 10;
/// Bits of the communication control that a repeater changes: hop counter and repeated access.
const REPEATER_BITS: u8 = 0x12;
/// Bytes of the checksum before an encrypted payload.
const CHECKSUM: usize = 2;
/// The encryption field for AES-128 in counter mode.
const AES_CTR: u8 = 1;

/// What lies behind the link layer's header.
pub(super) enum Layers<'a> {
    /// Readable: the authentication layer, if there is one, and the transport layer.
    Clear(&'a [u8]),
    /// Encrypted in counter mode.
    Encrypted(LinkCipher<'a>),
    /// Encrypted in another way; the encryption field.
    Protected(u8),
}

impl Layers<'_> {
    /// The transport layer's header, where it is readable.
    pub(super) fn transport(&self) -> Option<Transport<'_>> {
        match self {
            Self::Clear(rest) => Transport::read(rest).ok(),
            Self::Encrypted(_) | Self::Protected(_) => None,
        }
    }
}

/// What is needed to decrypt in counter mode.
pub(super) struct LinkCipher<'a> {
    communication_control: u8,
    session: [u8; 4],
    payload: &'a [u8],
}

/// Goes through the blocks of a frame up to the first that is no extended link layer.
pub(super) fn layers(frame: &[u8]) -> Result<Layers<'_>, BadFrame> {
    let mut rest = frame.get(LINK_HEADER..).ok_or(BadFrame::Short)?;
    loop {
        // length of the header behind the control information, and where in it the session number stands
        let (length, session_at) = match rest.first() {
            Some(0x8C) => (2, None),
            Some(0x8D) => (8, Some(2)),
            Some(0x8E) => (10, None),
            Some(0x8F) => (16, Some(10)),
            Some(_) => return Ok(Layers::Clear(rest)),
            None => return Err(BadFrame::Short),
        };
        let header = rest.get(1..=length).ok_or(BadFrame::Short)?;
        if let Some(at) = session_at {
            let session = [header[at], header[at + 1], header[at + 2], header[at + 3]];
            match session[3] >> 5 {
                0 => {}
                AES_CTR => {
                    return Ok(Layers::Encrypted(LinkCipher {
                        communication_control: header[0],
                        session,
                        payload: &rest[1 + at + 4..],
                    }));
                }
                other => return Ok(Layers::Protected(other)),
            }
        }
        rest = &rest[1 + length..];
    }
}

impl LinkCipher<'_> {
    /// Judges a key by the checksum that stands, encrypted, before the payload, and opens what it fits.
    pub(super) fn open(&self, sender: &Address, key: &MeterKey) -> Opened {
        if checksum_fits(self.payload) {
            return Opened::new(
                Verdict::NotEncrypted,
                transport::plain_content(&self.payload[CHECKSUM..]),
            );
        }
        let mut vector = [0; 16];
        vector[..8].copy_from_slice(&sender.bytes());
        vector[8] = self.communication_control & !REPEATER_BITS;
        vector[9..13].copy_from_slice(&self.session);
        let mut plain = self.payload.to_vec();
        Ctr128BE::<Aes128>::new(key.expose().into(), (&vector).into()).apply_keystream(&mut plain);
        if !checksum_fits(&plain) {
            return Verdict::WrongKey.into();
        }
        let verdict = Verdict::Ok {
            mode: Mode::Link(AES_CTR),
            strength_bits: 16,
        };
        Opened::new(verdict, transport::plain_content(&plain[CHECKSUM..]))
    }
}

/// Whether the payload begins with its own checksum, low byte first.
fn checksum_fits(payload: &[u8]) -> bool {
    payload
        .split_at_checked(CHECKSUM)
        .is_some_and(|(checksum, rest)| !rest.is_empty() && crc16(rest).to_le_bytes() == checksum)
}

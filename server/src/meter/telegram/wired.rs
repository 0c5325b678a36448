//! Telegrams of wired M-Bus, which programs for both kinds log in the same way: long frames of format class FT 1.2
//! (EN 13757-2). Their transport layer is that of the air, so they are put behind a link layer of the air.
use super::BadFrame;

/// The first and the fourth byte of a long frame.
const START: u8 = 0x68;
/// The last byte.
const STOP: u8 = 0x16;
/// Control information of a transport layer with a long header, which names the meter.
const LONG_HEADERS: [u8; 2] = [0x72, 0x73];

/// The frame as the air would carry it, if these bytes are a long frame of the wire.
///
/// # Errors
/// [`BadFrame::Checksum`] where its sum does not fit, [`BadFrame::UnknownLayer`] where it names no meter.
pub(super) fn on_air(bytes: &[u8]) -> Option<Result<Vec<u8>, BadFrame>> {
    let [START, length, again, START, rest @ ..] = bytes else {
        return None;
    };
    if length != again {
        return None;
    }
    let (content, [sum, STOP, ..]) = rest.split_at_checked(usize::from(*length))? else {
        return None;
    };
    if content.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte)) != *sum {
        return Some(Err(BadFrame::Checksum));
    }
    Some(put_behind_link_layer(content))
}

/// Control, address of the bus, control information and header: of these the header names manufacturer and number, which
/// the air has the other way round.
fn put_behind_link_layer(content: &[u8]) -> Result<Vec<u8>, BadFrame> {
    let [control, _bus_address, transport @ ..] = content else {
        return Err(BadFrame::Short);
    };
    let [information, i0, i1, i2, i3, m0, m1, version, device_type, ..] = transport else {
        return Err(transport
            .first()
            .map_or(BadFrame::Short, |other| BadFrame::UnknownLayer(*other)));
    };
    if !LONG_HEADERS.contains(information) {
        return Err(BadFrame::UnknownLayer(*information));
    }
    let link = [*control, *m0, *m1, *i0, *i1, *i2, *i3, *version, *device_type];
    let length = u8::try_from(link.len() + transport.len()).unwrap_or(u8::MAX);
    Ok([&[length], &link[..], transport].concat())
}

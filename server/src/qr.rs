//! QR codes (ISO/IEC 18004) as the path of a picture, drawn without asking anybody.
use crate::error::Result;
use anyhow::{Context, anyhow};
use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write;

/// The clear modules around a code.
const QUIET: usize = 4;

/// A picture of bytes, error correction M: how many modules wide, quiet zone included, and the dark ones as the path of
/// an SVG.
///
/// # Errors
/// If there are too many bytes for a QR code.
pub fn picture(bytes: &[u8]) -> Result<(u32, String)> {
    let code = QrCode::with_error_correction_level(bytes, EcLevel::M)
        .map_err(|error| anyhow!("no QR code can be made: {error}"))?;
    let width = code.width();
    let mut path = String::new();
    for (index, _) in code
        .to_colors()
        .iter()
        .enumerate()
        .filter(|(_, color)| **color == Color::Dark)
    {
        let (x, y) = (index % width + QUIET, index / width + QUIET);
        let _ = write!(path, "M{x} {y}h1v1h-1z");
    }
    let size = u32::try_from(width + 2 * QUIET).context("a QR code is not that wide")?;
    Ok((size, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_its_three_corners() {
        let (size, path) = picture(b"otpauth://totp/x").unwrap();
        assert_eq!((size - 8 - 21) % 4, 0, "{size}");
        for corner in [
            "M4 4h1v1h-1z".to_owned(),
            format!("M{} 4h1v1h-1z", size - 5),
            format!("M4 {}h1v1h-1z", size - 5),
        ] {
            assert!(path.contains(&corner), "{corner}");
        }
    }
}

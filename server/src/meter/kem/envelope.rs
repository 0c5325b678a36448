//! The middle layer: an XML envelope round base64 of AES-128-CBC, keyed by the bare password.
use aes::Aes128;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cbc::cipher::block_padding::{NoPadding, Pkcs7};
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use roxmltree::{Document, ParsingOptions};
use zeroize::Zeroizing;

use super::{ContentFault, EnvelopeFault, KemError, MAX_NODES, MAX_PASSWORD_BYTES, cut};

/// The key that a password stands for.
pub(super) type PasswordKey = Zeroizing<[u8; 16]>;

/// The only cipher that key files use, as they name it.
const AES128_CBC: &str = "http://www.w3.org/2001/04/xmlenc#aes128-cbc";
/// The size of a block, in bytes.
const BLOCK: usize = 16;
/// How readable content begins, after a byte order mark that may be there. Both roots are longer than this.
const KNOWN_BEGINNINGS: [&[u8]; 3] = [b"<MetersInOrd", b"<Devices", b"<?xml"];
/// The byte order mark of UTF-8.
const BYTE_ORDER_MARK: &str = "\u{FEFF}";

/// The password's bytes, filled up with zeros.
pub(super) fn key_of(password: &str) -> Result<PasswordKey, KemError> {
    let bytes = password.as_bytes();
    if bytes.is_empty() || bytes.len() > MAX_PASSWORD_BYTES {
        return Err(KemError::PasswordLength);
    }
    let mut key = PasswordKey::default();
    key[..bytes.len()].copy_from_slice(bytes);
    Ok(key)
}

/// Options for all XML of key files: no document type, a bounded number of nodes.
pub(super) fn xml_options<'a>() -> ParsingOptions<'a> {
    ParsingOptions {
        nodes_limit: MAX_NODES,
        ..ParsingOptions::default()
    }
}

/// Decrypts the envelope and gives the XML inside.
pub(super) fn open(envelope: &[u8], key: &PasswordKey) -> Result<Zeroizing<String>, KemError> {
    let ciphertext = ciphertext(envelope)?;
    let mut content = Zeroizing::new(ciphertext);
    let cipher = cbc::Decryptor::<Aes128>::new((&**key).into(), (&**key).into());
    cipher
        .decrypt_padded::<NoPadding>(&mut content)
        .map_err(|_| KemError::BrokenEnvelope(EnvelopeFault::Cut))?;

    let known = begins_as_known(&content);
    let refusal = || {
        if known {
            KemError::BrokenContent(ContentFault::Cut)
        } else {
            KemError::WrongPassword
        }
    };
    let length = unpadded(&content).ok_or_else(refusal)?;
    let text = str::from_utf8(&content[..length]).map_err(|_| refusal())?;
    let text = text.trim_start_matches(BYTE_ORDER_MARK).trim();
    if text.starts_with('<') {
        Ok(Zeroizing::new(text.to_owned()))
    } else {
        Err(KemError::WrongPassword)
    }
}

/// Encrypts `content` and puts the envelope round it, on one line as the original writes it.
pub(super) fn seal(content: &str, key: &PasswordKey) -> String {
    let cipher = cbc::Encryptor::<Aes128>::new((&**key).into(), (&**key).into());
    let ciphertext = STANDARD.encode(cipher.encrypt_padded_vec::<Pkcs7>(content.as_bytes()));
    format!(
        r#"<?xml version="1.0" encoding="utf-8"?><EncryptedData Type="{AES128_CBC}" xmlns="http://www.w3.org/2001/04/xmlenc#"><EncryptionMethod Algorithm="{AES128_CBC}" /><CipherData><CipherValue>{ciphertext}</CipherValue></CipherData></EncryptedData>"#
    )
}

/// The bytes of `CipherValue`: whole blocks, at least one.
fn ciphertext(envelope: &[u8]) -> Result<Vec<u8>, KemError> {
    let fault = |fault| KemError::BrokenEnvelope(fault);
    let bytes = envelope.strip_prefix(BYTE_ORDER_MARK.as_bytes()).unwrap_or(envelope);
    if !bytes.trim_ascii_start().starts_with(b"<") {
        return Err(KemError::NotAKemFile);
    }
    let text = str::from_utf8(bytes).map_err(|_| fault(EnvelopeFault::NotXml))?;
    let xml = Document::parse_with_options(text.trim_start(), xml_options()).map_err(|error| match error {
        roxmltree::Error::NodesLimitReached => KemError::TooLarge,
        _ => fault(EnvelopeFault::NotXml),
    })?;
    let root = xml.root_element();
    if root.tag_name().name() != "EncryptedData" {
        return Err(KemError::NotAKemFile);
    }
    let element = |name: &str| root.descendants().find(|node| node.tag_name().name() == name);
    let cipher = element("EncryptionMethod")
        .and_then(|method| method.attribute("Algorithm"))
        .or_else(|| root.attribute("Type"));
    if let Some(other) = cipher.filter(|cipher| *cipher != AES128_CBC) {
        return Err(KemError::UnknownCipher(cut(other)));
    }
    let value = element("CipherValue").ok_or(fault(EnvelopeFault::NoCiphertext))?;
    let base64: Vec<u8> = value
        .descendants()
        .filter(|node| node.is_text())
        .filter_map(|node| node.text())
        .flat_map(str::bytes)
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    let bytes = STANDARD.decode(base64).map_err(|_| fault(EnvelopeFault::NotBase64))?;
    match bytes.len() {
        0 => Err(fault(EnvelopeFault::NoCiphertext)),
        length if length % BLOCK != 0 => Err(fault(EnvelopeFault::Cut)),
        _ => Ok(bytes),
    }
}

/// Whether the first block is one that only the right password gives.
fn begins_as_known(content: &[u8]) -> bool {
    let content = content.strip_prefix(BYTE_ORDER_MARK.as_bytes()).unwrap_or(content);
    KNOWN_BEGINNINGS.iter().any(|beginning| content.starts_with(beginning))
}

/// The length without PKCS#7 padding; none if the padding is not right.
fn unpadded(content: &[u8]) -> Option<usize> {
    let padding = usize::from(*content.last()?);
    let length = content.len().checked_sub(padding)?;
    ((1..=BLOCK).contains(&padding) && content[length..].iter().all(|byte| usize::from(*byte) == padding))
        .then_some(length)
}

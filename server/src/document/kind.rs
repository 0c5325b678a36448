//! What a file is, by its content: nobody is believed about it (security E04).

/// How a text may begin that a browser could take for a page.
const MARKUP: [&str; 2] = ["<", "\u{feff}<"];

/// What a kind of file is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MediaType {
    /// By its media type (RFC 6838).
    pub name: &'static str,
    /// How file names of it end; the first where one is missing.
    endings: &'static [&'static str],
}

const PDF: MediaType = MediaType {
    name: "application/pdf",
    endings: &["pdf"],
};
const PNG: MediaType = MediaType {
    name: "image/png",
    endings: &["png"],
};
const JPEG: MediaType = MediaType {
    name: "image/jpeg",
    endings: &["jpg", "jpeg"],
};
const WEBP: MediaType = MediaType {
    name: "image/webp",
    endings: &["webp"],
};
const TEXT: MediaType = MediaType {
    name: "text/plain; charset=utf-8",
    endings: &["txt", "md"],
};
const CSV: MediaType = MediaType {
    name: "text/csv; charset=utf-8",
    endings: &["csv"],
};

/// What a file is; none for what is not taken as a document: PDF, PNG, JPEG, WebP, and text or CSV in UTF-8 without
/// markup.
pub fn of(name: &str, bytes: &[u8]) -> Option<MediaType> {
    let begins = |sign: &[u8]| bytes.starts_with(sign);
    if begins(b"%PDF-") {
        return Some(PDF);
    }
    if begins(b"\x89PNG\r\n\x1a\n") {
        return Some(PNG);
    }
    if begins(b"\xff\xd8\xff") {
        return Some(JPEG);
    }
    if begins(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Some(WEBP);
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let is_text = !text.trim().is_empty()
        && !MARKUP.iter().any(|markup| text.trim_start().starts_with(markup))
        && !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
    if !is_text {
        return None;
    }
    Some(if CSV.fits(name) { CSV } else { TEXT })
}

impl MediaType {
    fn fits(self, name: &str) -> bool {
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        ending.is_some_and(|ending| self.endings.contains(&ending.as_str()))
    }

    /// A file name that ends as this kind does, so that nothing opens it as something else.
    pub fn name_of(self, name: &str) -> String {
        match self.endings.first() {
            Some(ending) if !self.fits(name) => format!("{name}.{ending}"),
            _ => name.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_file_is_what_its_bytes_say() {
        let of = |name: &str, bytes: &[u8]| super::of(name, bytes).map(|kind| (kind.name, kind.name_of(name)));
        let found = |kind: &'static str, name: &str| Some((kind, name.to_owned()));
        assert_eq!(of("a.exe", b"%PDF-1.7"), found("application/pdf", "a.exe.pdf"));
        assert_eq!(of("A.PDF", b"%PDF-1.7"), found("application/pdf", "A.PDF"));
        assert_eq!(of("a.jpeg", b"\xff\xd8\xff\xe0"), found("image/jpeg", "a.jpeg"));
        assert_eq!(of("a", b"\x89PNG\r\n\x1a\n"), found("image/png", "a.png"));
        assert_eq!(of("a.webp", b"RIFF\0\0\0\0WEBPVP8 "), found("image/webp", "a.webp"));
        assert_eq!(
            of("a.csv", "Zähler;1\n".as_bytes()),
            found("text/csv; charset=utf-8", "a.csv")
        );
        assert_eq!(of("a.html", b"hello"), found("text/plain; charset=utf-8", "a.html.txt"));
        for refused in [
            &b"MZ\x90\0"[..],
            b"PK\x03\x04",
            b" <svg xmlns='http://www.w3.org/2000/svg'/>",
            "\u{feff}<html>".as_bytes(),
            b"\xff\xfe",
            b"RIFF\0\0\0\0WAVE",
            b"",
            b" \n",
            b"a\0b",
        ] {
            assert_eq!(of("a.pdf", refused), None, "{refused:?}");
        }
    }
}

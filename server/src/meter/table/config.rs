//! Files of wmbusmeters, one or several in one text: a line `id=…` and a line `key=…` for each meter.
use std::borrow::Cow;

/// The names of the lines that count, in the order of the columns that they become.
const NAMES: [&str; 3] = ["id", "key", "name"];

/// The same as a table with a heading, if the text is such a file; else the text.
pub(super) fn as_table(text: Cow<'_, str>) -> Cow<'_, str> {
    table(&text).map_or(text, Cow::Owned)
}

fn table(text: &str) -> Option<String> {
    let mut rows = format!("{}\n", NAMES.join("\t"));
    let mut meter: [Option<String>; 3] = Default::default();
    let mut has_key = false;
    for line in text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        let (name, value) = line.split_once('=')?;
        let name = name.trim();
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return None;
        }
        let Some(at) = NAMES.iter().position(|known| *known == name) else {
            continue;
        };
        if meter[at].is_some() {
            end(&mut rows, &mut meter);
        }
        let value = value.trim().replace(['\t', '"'], " ");
        // wmbusmeters takes an address with maker, version and type behind the number: `76348799.M=KAM.V=1b`
        let value = if at == 0 {
            value.split('.').next().unwrap_or_default()
        } else {
            &value
        };
        meter[at] = Some(value.to_owned());
        has_key |= at == 1;
    }
    end(&mut rows, &mut meter);
    has_key.then_some(rows)
}

/// Writes the line of a meter, and starts the next one.
fn end(rows: &mut String, meter: &mut [Option<String>; 3]) {
    let cells = std::mem::take(meter);
    let cells = cells.each_ref().map(|cell| cell.as_deref().unwrap_or_default());
    if cells.iter().any(|cell| !cell.is_empty()) {
        rows.push_str(&cells.join("\t"));
        rows.push('\n');
    }
}

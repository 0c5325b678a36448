//! Files of customers: CSV (RFC 4180) as spreadsheets write it, in German or English, with a header line.
//!
//! Comma, semicolon or tab; UTF-8, UTF-16 with a mark, or Windows-1252. Columns may stand in any order; those that are
//! not known are left alone. A cell that is empty says nothing: what is known of the customer stays.
use crate::error::{Error, Result};
use encoding_rs::{Encoding, WINDOWS_1252};
use shared::{
    account::Language,
    customer::{CustomerColumn, CustomerProblem},
    error::Reason,
    name::EmailAddress,
};

/// The most rows of a file, the header line aside.
pub const ROWS_MAX: usize = 20_000;

/// The largest file, in bytes.
pub const FILE_MAX: usize = 10 * 1024 * 1024;

/// The longest customer number, in characters.
pub const NUMBER_MAX: usize = 32;

/// The longest text of the other columns, in characters.
pub const TEXT_MAX: usize = 100;

/// What is wrong with a row, and in which column.
pub type Fault = (CustomerColumn, CustomerProblem);

/// What is said of a customer, as it was typed.
#[derive(Clone, Debug, Default)]
pub struct TypedCustomer {
    /// The customer number.
    pub number: String,
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// Street and house number.
    pub street: String,
    /// The postal code.
    pub postal_code: String,
    /// The city.
    pub city: String,
    /// The language.
    pub language: String,
}

impl TypedCustomer {
    fn set(&mut self, column: CustomerColumn, text: &str) {
        let cell = match column {
            CustomerColumn::Number => &mut self.number,
            CustomerColumn::Name => &mut self.name,
            CustomerColumn::Email => &mut self.email,
            CustomerColumn::Street => &mut self.street,
            CustomerColumn::PostalCode => &mut self.postal_code,
            CustomerColumn::City => &mut self.city,
            CustomerColumn::Language => &mut self.language,
        };
        text.clone_into(cell);
    }

    /// Reads what was typed.
    ///
    /// # Errors
    /// The first column that cannot be read, and why.
    pub fn read(&self) -> Result<CustomerRow, Fault> {
        let number = number(&self.number)?;
        let column = |column, text: &str| {
            let text = one_line(text);
            if text.chars().count() > TEXT_MAX {
                return Err((column, CustomerProblem::TooLong));
            }
            Ok(Some(text).filter(|text| !text.is_empty()))
        };
        let email = match one_line(&self.email).as_str() {
            "" => None,
            text => Some(EmailAddress::parse(text).map_err(|_| (CustomerColumn::Email, CustomerProblem::NotAnEmail))?),
        };
        Ok(CustomerRow {
            number,
            name: column(CustomerColumn::Name, &self.name)?,
            email,
            street: column(CustomerColumn::Street, &self.street)?,
            postal_code: column(CustomerColumn::PostalCode, &self.postal_code)?,
            city: column(CustomerColumn::City, &self.city)?,
            language: language(&self.language)?,
        })
    }
}

/// What is said of a customer. What is none is not said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerRow {
    /// The customer number.
    pub number: String,
    /// The name, as on a letter.
    pub name: Option<String>,
    /// The e-mail address.
    pub email: Option<EmailAddress>,
    /// Street and house number.
    pub street: Option<String>,
    /// The postal code.
    pub postal_code: Option<String>,
    /// The city.
    pub city: Option<String>,
    /// The language.
    pub language: Option<Language>,
}

/// A row of a file.
#[derive(Clone, Debug)]
pub struct FileRow {
    /// Its line in the file, the header line being the first.
    pub line: u64,
    /// The cells.
    pub typed: TypedCustomer,
}

/// Reads a file.
///
/// # Errors
/// [`Error::TooLarge`] beyond [`FILE_MAX`] or [`ROWS_MAX`]; [`Error::Invalid`] with `NOT_A_CUSTOMER_FILE` on `fileId`
/// if there is no header line with customer number and name.
pub fn read(bytes: &[u8]) -> Result<Vec<FileRow>> {
    if bytes.len() > FILE_MAX {
        return Err(Error::TooLarge("a file of customers has at most 10 MiB"));
    }
    let text = decode(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(&text))
        .flexible(true)
        .from_reader(text.as_bytes());
    let unreadable = |what: String| Error::invalid("fileId", Reason::NotACustomerFile, what);
    let headers = reader.headers().map_err(|error| unreadable(error.to_string()))?;
    let mut columns: Vec<(usize, CustomerColumn)> = Vec::new();
    for (place, header) in headers.iter().enumerate() {
        let Some(column) = column_of(header) else { continue };
        if columns.iter().any(|(_, known)| *known == column) {
            return Err(unreadable(format!(
                "two columns are called like \"{}\"",
                one_line(header)
            )));
        }
        columns.push((place, column));
    }
    for (needed, name) in [
        (CustomerColumn::Number, "customer number (Kundennummer)"),
        (CustomerColumn::Name, "name"),
    ] {
        if !columns.iter().any(|(_, column)| *column == needed) {
            return Err(unreadable(format!("the first line names no column {name}")));
        }
    }
    let mut lines = Lines::of(&text);
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| unreadable(error.to_string()))?;
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if rows.len() == ROWS_MAX {
            return Err(Error::TooLarge("a file of customers has at most 20,000 rows"));
        }
        let mut typed = TypedCustomer::default();
        for (place, column) in &columns {
            typed.set(*column, record.get(*place).unwrap_or_default());
        }
        let line = lines.at(record.position().map_or(0, csv::Position::byte));
        rows.push(FileRow { line, typed });
    }
    Ok(rows)
}

/// Bytes as text: by their mark, else UTF-8, else what older spreadsheets write.
pub(crate) fn decode(bytes: &[u8]) -> String {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        let rest = bytes.get(length..).unwrap_or_default();
        return encoding.decode_without_bom_handling(rest).0.into_owned();
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

/// Counts the lines of a text up to a place that only moves on.
pub(crate) struct Lines<'a> {
    rest: &'a [u8],
    passed: u64,
    line: u64,
}

impl<'a> Lines<'a> {
    /// From the beginning of a text.
    pub(crate) fn of(text: &'a str) -> Self {
        Self {
            rest: text.as_bytes(),
            passed: 0,
            line: 1,
        }
    }

    /// The line of a place, or of what follows it behind line breaks: a row is said to begin before those that end the
    /// former one.
    pub(crate) fn at(&mut self, place: u64) -> u64 {
        while let Some((first, rest)) = self.rest.split_first() {
            if self.passed >= place && !matches!(first, b'\r' | b'\n') {
                break;
            }
            self.line += u64::from(*first == b'\n');
            self.passed += 1;
            self.rest = rest;
        }
        self.line
    }
}

/// What separates the cells of the first line.
pub(crate) fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |sign: char| first.matches(sign).count();
    [b';', b'\t', b',']
        .into_iter()
        .max_by_key(|sign| (count(char::from(*sign)), *sign == b','))
        .unwrap_or(b',')
}

/// The column of a header, whatever its case, blanks and punctuation.
fn column_of(header: &str) -> Option<CustomerColumn> {
    let plain: String = header.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    Some(match plain.as_str() {
        "kundennummer" | "kundennr" | "kdnr" | "nummer" | "customernumber" | "customerno" | "number" => {
            CustomerColumn::Number
        }
        "name" | "kunde" | "firma" | "customer" | "customername" | "company" => CustomerColumn::Name,
        "email" | "mail" | "emailadresse" | "mailadresse" | "emailaddress" => CustomerColumn::Email,
        "straße" | "strasse" | "straßeundhausnummer" | "adresse" | "street" | "address" => CustomerColumn::Street,
        "plz" | "postleitzahl" | "postalcode" | "postcode" | "zip" | "zipcode" => CustomerColumn::PostalCode,
        "ort" | "stadt" | "city" | "town" => CustomerColumn::City,
        "sprache" | "language" => CustomerColumn::Language,
        _ => return None,
    })
}

/// A cell as one line.
fn one_line(text: &str) -> String {
    let words: Vec<_> = text
        .split(|c: char| c.is_control() || c.is_whitespace())
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

fn number(text: &str) -> Result<String, Fault> {
    let number = text.trim();
    let problem = if number.is_empty() {
        CustomerProblem::Missing
    } else if number.chars().count() > NUMBER_MAX {
        CustomerProblem::TooLong
    } else if !number.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c)) {
        CustomerProblem::NotANumber
    } else {
        return Ok(number.to_owned());
    };
    Err((CustomerColumn::Number, problem))
}

fn language(text: &str) -> Result<Option<Language>, Fault> {
    match text.trim().to_lowercase().as_str() {
        "" => Ok(None),
        "de" | "de-de" | "deu" | "ger" | "deutsch" | "german" => Ok(Some(Language::De)),
        "en" | "en-gb" | "en-us" | "eng" | "englisch" | "english" => Ok(Some(Language::En)),
        _ => Err((CustomerColumn::Language, CustomerProblem::UnknownLanguage)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(bytes: &[u8]) -> CustomerRow {
        let rows = read(bytes).unwrap();
        assert_eq!(rows.len(), 1);
        rows[0].typed.read().unwrap()
    }

    fn baker() -> CustomerRow {
        CustomerRow {
            number: "300100".into(),
            name: Some("Müller, Bäckerei".into()),
            email: EmailAddress::parse("post@mueller.example").ok(),
            street: Some("Markt 4".into()),
            postal_code: Some("46045".into()),
            city: Some("Oberhausen".into()),
            language: Some(Language::En),
        }
    }

    #[test]
    fn every_spreadsheet_says_the_same() {
        let german = "Kundennummer;Name;E-Mail;Straße;PLZ;Ort;Sprache\r\n300100;Müller, Bäckerei;Post@mueller.example;Markt 4;46045;Oberhausen;Englisch\r\n";
        let english = "language,city,customer number,name,e-mail,street,postal code,VIP\nEN,Oberhausen,300100,\"Müller, Bäckerei\",post@mueller.example,Markt 4,46045,x\n";
        let tabs = german.replace(';', "\t");
        let marked = format!("\u{feff}{german}");
        let old = WINDOWS_1252.encode(german).0.into_owned();
        let mut wide = vec![0xFF, 0xFE];
        wide.extend(german.encode_utf16().flat_map(u16::to_le_bytes));
        for bytes in [
            german.as_bytes(),
            english.as_bytes(),
            tabs.as_bytes(),
            marked.as_bytes(),
            &old,
            &wide,
        ] {
            assert_eq!(only(bytes), baker());
        }
    }

    #[test]
    fn a_cell_that_is_empty_or_not_there_says_nothing() {
        let row = only(b"Kundennummer;Name;E-Mail;Ort\n 300100 ;  M\xc3\xbcller \x07 GmbH ;\n\n;;;\n");
        assert_eq!(
            (row.number.as_str(), row.name.as_deref()),
            ("300100", Some("Müller GmbH"))
        );
        assert_eq!((row.email, row.city, row.language), (None, None, None));
    }

    #[test]
    fn a_line_is_counted_with_the_header_and_empty_lines() {
        let rows = read(b"number,name\n1,a\n\n2,\"b\nc\"\n3,d\n").unwrap();
        assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 4, 6]);
    }

    #[test]
    fn what_cannot_be_read_names_its_column() {
        use {CustomerColumn as C, CustomerProblem as P};
        let typed = |number: &str, name: &str, email: &str, language: &str| TypedCustomer {
            number: number.into(),
            name: name.into(),
            email: email.into(),
            language: language.into(),
            ..TypedCustomer::default()
        };
        let long = "a".repeat(101);
        for (row, fault) in [
            (typed(" ", "a", "", ""), (C::Number, P::Missing)),
            (typed(&"1".repeat(33), "a", "", ""), (C::Number, P::TooLong)),
            (typed("1/2", "a", "", ""), (C::Number, P::NotANumber)),
            (typed("a@b.example", "a", "", ""), (C::Number, P::NotANumber)),
            (typed("1", &long, "", ""), (C::Name, P::TooLong)),
            (typed("1", "a", "a@b", ""), (C::Email, P::NotAnEmail)),
            (
                typed("1", "a", "a@b.example\r\nBcc: c@d.example", ""),
                (C::Email, P::NotAnEmail),
            ),
            (typed("1", "a", "", "fr"), (C::Language, P::UnknownLanguage)),
        ] {
            assert_eq!(row.read(), Err(fault), "{row:?}");
        }
    }

    #[test]
    fn a_file_without_its_columns_or_with_too_many_rows_is_refused() {
        let reason = |bytes: &[u8]| match read(bytes) {
            Err(Error::Invalid { field, reason, .. }) => Some((field, reason)),
            _ => None,
        };
        for bytes in [
            b"".as_slice(),
            b"name;e-mail\na;b\n",
            b"number;e-mail\n1;b\n",
            b"number;name;Kundennummer\n1;b;2\n",
            b"PK\x03\x04\x14\x00",
        ] {
            assert_eq!(reason(bytes), Some(("fileId", Reason::NotACustomerFile)), "{bytes:?}");
        }
        let rows = |count: usize| format!("number,name\n{}", "1,a\n".repeat(count));
        assert_eq!(read(rows(ROWS_MAX).as_bytes()).unwrap().len(), ROWS_MAX);
        assert!(matches!(read(rows(ROWS_MAX + 1).as_bytes()), Err(Error::TooLarge(_))));
    }
}

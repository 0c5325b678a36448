//! What taking in invoices costs: how many a minute, how much memory, and whether a long list opens as fast as a short one.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::workspace;

/// So many invoices are taken in within [`TIME_LIMIT`].
const FEW: usize = 1_000;
const TIME_LIMIT: Duration = Duration::from_mins(1);

/// Memory must not grow with the number of files: at so many it may be so many times that at [`FEW`].
const MANY: usize = 10_000;
const MEMORY_LIMIT: f64 = 1.2;

/// Bytes beside the invoice in each PDF, such as a logo in print quality.
const PICTURE: usize = 100 * 1024;

/// The invoices that the files are copies of, each with a number of its own.
const UBL: &str = include_str!("../../server/tests/fixtures/invoices/xrechnung-ubl.xml");
const CII: &str = include_str!("../../server/tests/fixtures/invoices/xrechnung-cii.xml");
const UBL_NUMBER: &str = "RE-2026-009417";
const CII_NUMBER: &str = "RE-2026-009403";
const CII_TOTAL: &str = "3.473,41";

/// Whose they are.
const CUSTOMERS: &str = "number,name,email,street,postal_code,city,language\n\
    104233,Bäckerei Öztürk GmbH,,Markt 4,46045,Oberhausen,de\n\
    105120,Hausverwaltung Lange,,Lindenstraße 3,46049,Oberhausen,de\n";

/// Measures, prints, and fails where a promise is broken.
#[expect(clippy::print_stdout, reason = "the table is this command's answer")]
pub(crate) fn bench() -> Result<()> {
    workspace::call(workspace::cargo().args(["build", "--workspace", "--bin", "keyhaus"]))?;
    let folder = std::env::temp_dir().join(format!("keyhaus-bench-invoices-{}", std::process::id()));
    let measured = measure(&folder);
    fs::remove_dir_all(&folder).ok();
    let (few, many) = measured?;
    println!(
        "invoices: {FEW} in {:.1?}, {} MiB at the peak",
        few.took,
        few.memory / 1024
    );
    println!(
        "invoices: {MANY} in {:.1?}, {} MiB at the peak",
        many.took,
        many.memory / 1024
    );
    let growth = many.memory as f64 / few.memory as f64;
    println!("memory: {growth:.2} times as much for {MANY}, of {MEMORY_LIMIT} allowed");
    ensure!(few.took <= TIME_LIMIT, "{FEW} invoices take longer than a minute");
    ensure!(growth <= MEMORY_LIMIT, "memory grows with the number of files");
    let test = "invoice::many::fifty_thousand_open_as_fast_as_fifty";
    let arguments = [
        "test",
        "--quiet",
        "--workspace",
        "--test",
        "api",
        "--",
        "--ignored",
        "--nocapture",
    ];
    workspace::call(workspace::cargo().args(arguments).args(["--exact", test]))
}

/// What an import cost.
struct Import {
    took: Duration,
    /// The most memory at once, in KiB.
    memory: u64,
}

fn measure(folder: &Path) -> Result<(Import, Import)> {
    let files = folder.join("files");
    fs::create_dir_all(&files)?;
    for number in 0..FEW {
        write(&files, number)?;
    }
    let few = import(&folder.join("few"), &files)?;
    for number in FEW..MANY {
        write(&files, number)?;
    }
    Ok((few, import(&folder.join("many"), &files)?))
}

/// Takes the files in with the command line, in a portal of its own that has nothing but their customers.
fn import(data: &Path, files: &Path) -> Result<Import> {
    fs::create_dir_all(data)?;
    let keys = data.join("keys");
    let command = || -> Result<Command> {
        let mut command = Command::new(workspace::built("debug", "keyhaus")?);
        command
            .env("KEYHAUS_DATA_DIR", data)
            .env("KEYHAUS_KEY_FILE", &keys)
            .env("KEYHAUS_LOG", "warn");
        Ok(command)
    };
    workspace::read(command()?.args(["keys", "create"]).arg(&keys))?;
    let customers = data.join("customers.csv");
    fs::write(&customers, CUSTOMERS)?;
    workspace::read(command()?.args(["import", "customers"]).arg(&customers))?;
    let start = Instant::now();
    let mut process = command()?
        .args(["import", "invoices"])
        .arg(files)
        .stdout(Stdio::piped())
        .spawn()?;
    let output = process.stdout.take().context("the import prints nothing")?;
    let (mut kept, mut memory) = (0, 0);
    for line in BufReader::new(output).lines() {
        kept += usize::from(line?.contains(": imported into account "));
        // while it runs: afterwards nobody knows
        if kept % 20 == 0 {
            memory = memory.max(peak_memory(process.id()).unwrap_or_default());
        }
    }
    let status = process.wait()?;
    let took = start.elapsed();
    let expected = fs::read_dir(files)?.count();
    ensure!(
        status.success() && kept == expected,
        "of {expected} files {kept} were kept ({status})"
    );
    ensure!(memory > 0, "the system does not say how much memory a process has had");
    Ok(Import { took, memory })
}

/// The most memory that a process has had at once, in KiB.
fn peak_memory(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

/// Every second file is XML, the others are PDFs; UBL and CII in turn.
fn write(folder: &Path, index: usize) -> Result<()> {
    let number = format!("BE-{index:011}");
    let name = |extension: &str| -> PathBuf { folder.join(format!("{index:06}.{extension}")) };
    if index % 2 == 1 {
        let cii = CII.replace(CII_NUMBER, &number);
        return Ok(fs::write(name("pdf"), pdf(&cii, &number, index)?)?);
    }
    let xml = if index.is_multiple_of(4) {
        UBL.replace(UBL_NUMBER, &number)
    } else {
        CII.replace(CII_NUMBER, &number)
    };
    Ok(fs::write(name("xml"), xml)?)
}

/// A PDF of one page with number and total, a picture that does not compress, and the invoice.
fn pdf(xml: &str, number: &str, seed: usize) -> Result<Vec<u8>> {
    let page = format!("BT /F1 12 Tf 72 760 Td (Rechnung {number}) Tj 0 -20 Td (Zu zahlen: {CII_TOTAL} EUR) Tj ET\n");
    let picture = "/Type /XObject /Subtype /Image /Width 320 /Height 320 /ColorSpace /DeviceGray /BitsPerComponent 8";
    let file = "/Type /Filespec /F (factur-x.xml) /UF (factur-x.xml) /AFRelationship /Alternative /EF << /F 8 0 R >>";
    let objects: [Vec<u8>; 8] = [
        b"<< /Type /Catalog /Pages 2 0 R /AF [7 0 R] /Names << /EmbeddedFiles << /Names [(factur-x.xml) 7 0 R] >> >> >>"
            .to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> \
          /XObject << /I1 6 0 R >> >> >>"
            .to_vec(),
        stream("", page.as_bytes())?,
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_vec(),
        stream(picture, &noise(seed))?,
        format!("<< {file} >>").into_bytes(),
        stream("/Type /EmbeddedFile /Subtype /text#2Fxml", xml.as_bytes())?,
    ];
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut table = String::from("0000000000 65535 f \n");
    for (index, object) in objects.iter().enumerate() {
        writeln!(table, "{:010} 00000 n ", out.len())?;
        writeln!(out, "{} 0 obj", index + 1)?;
        out.extend_from_slice(object);
        out.extend_from_slice(b"\nendobj\n");
    }
    let (start, count) = (out.len(), objects.len() + 1);
    write!(
        out,
        "xref\n0 {count}\n{table}trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    )?;
    Ok(out)
}

fn stream(entries: &str, bytes: &[u8]) -> Result<Vec<u8>> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
    packed.write_all(bytes)?;
    let packed = packed.finish()?;
    let mut stream = format!(
        "<< {entries} /Filter /FlateDecode /Length {} >>\nstream\n",
        packed.len()
    )
    .into_bytes();
    stream.extend_from_slice(&packed);
    stream.extend_from_slice(b"\nendstream");
    Ok(stream)
}

/// Bytes that do not compress, others for each seed: a linear congruential generator (Knuth, MMIX).
fn noise(seed: usize) -> Vec<u8> {
    let mut state = seed as u64;
    (0..PICTURE)
        .map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pdf_has_its_number_twice_and_more_than_a_hundred_kilobytes() {
        let file = pdf(CII, CII_NUMBER, 1).unwrap_or_default();
        assert!(file.len() > 100_000 && file.starts_with(b"%PDF-1.7"), "{}", file.len());
        assert_ne!(noise(1), noise(2));
    }

    #[test]
    fn the_copied_invoices_have_the_numbers_that_are_exchanged() {
        assert_eq!(UBL.matches(UBL_NUMBER).count() > 0, CII.matches(CII_NUMBER).count() > 0);
        assert!(UBL.contains(UBL_NUMBER) && CII.contains("3473.41"));
    }
}

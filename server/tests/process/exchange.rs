//! The operator's files: taken in by `keyhaus import`, given out by `keyhaus export`, safe to repeat.
use crate::{portal::keyhaus, postgres::new_database};
use std::{fs, path::Path, process::Output};

const CUSTOMERS: &str = "number,name,email,language\n104233,Bäckerei Öztürk GmbH,aylin@baeckerei.example,de\n";

const PRODUCTS: &str = "code,name_de,name_en,description_de,description_en,price,currency,price_period,setup_price,tax_rate,kind,family,\
is_orderable,law,consumer_minimum,consumer_renewal,consumer_renewal_term,consumer_notice,consumer_open_notice,consumer_notice_to,\
small_firm_minimum,small_firm_renewal,small_firm_renewal_term,small_firm_notice,small_firm_open_notice,small_firm_notice_to,\
large_firm_minimum,large_firm_renewal,large_firm_renewal_term,large_firm_notice,large_firm_open_notice,large_firm_notice_to\r\n\
NET-100,Netz 100,Net 100,100 Mbit/s,100 Mbit/s,39.90,EUR,MONTH,49.00,19,MAIN,NET,true,TELECOMMUNICATION,\
P24M,OPEN,,P1M,P1M,ANY_DAY,P24M,OPEN,,P1M,P1M,ANY_DAY,P36M,TERM,P12M,P3M,P3M,MONTH_END\r\n\
TV,Fernsehen,TV,,,5.00,EUR,MONTH,,7,OPTION,NET,true,GENERAL,,,,,,,,,,,,,,,,,,\r\n";

const CONTRACTS: &str = "number,customer_number,product_code,label,state,price,currency,price_period,started_on,ends_on,notice_by,\
minimum,renewal,renewal_term,notice,open_notice,notice_to,details,option_of\r\n\
V-1,104233,NET-100,\"Markt 4, Oberhausen\",CANCELLED,44.90,EUR,MONTH,2024-02-29,2026-12-31,,\
P24M,OPEN,,P1M,P1M,ANY_DAY,\"[{\"\"label_de\"\":\"\"Tempo\"\",\"\"label_en\"\":\"\"Speed\"\",\"\"value\"\":\"\"100 Mbit/s\"\"}]\",\r\n\
V-2,104233,TV,,ACTIVE,5.00,EUR,MONTH,2026-02-28,,,,,,,,,,V-1\r\n";

/// An operator with a data folder and a database.
struct Operator<'a> {
    data: &'a Path,
    database_url: Option<&'a str>,
}

impl Operator<'_> {
    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = keyhaus();
        command
            .args(arguments)
            .env("KEYHAUS_DATA_DIR", self.data)
            .env("KEYHAUS_KEY_FILE", self.data.join("keys"));
        if let Some(url) = self.database_url {
            command.env("DATABASE_URL", url);
        }
        command.output().unwrap()
    }

    /// Takes a file in, and gives whether all rows were taken and the last line that was said.
    fn import(&self, what: &str, text: &str, options: &[&str]) -> (bool, String) {
        let file = self.data.join("file");
        fs::write(&file, text).unwrap();
        let arguments = [&["import", what, file.to_str().unwrap()], options].concat();
        let output = self.run(&arguments);
        let said = String::from_utf8(output.stdout).unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        let last = said
            .lines()
            .last()
            .unwrap_or_else(|| unreachable_words(&errors))
            .to_owned();
        (output.status.success(), last)
    }

    fn export(&self, what: &str, format: &str) -> String {
        let output = self.run(&["export", what, "--format", format]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }
}

#[expect(clippy::panic, reason = "a test may stop")]
fn unreachable_words(errors: &str) -> &str {
    panic!("nothing was said: {errors}")
}

fn files_go_in_and_come_out(database_url: Option<&str>) {
    let data = tempfile::tempdir().unwrap();
    let operator = Operator {
        data: data.path(),
        database_url,
    };
    let made = operator.run(&["keys", "create", data.path().join("keys").to_str().unwrap()]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    operator.import("customers", CUSTOMERS, &[]);
    let none = operator.export("products", "csv");
    assert_eq!(none.lines().count(), 1, "{none}");
    for (what, text) in [("products", PRODUCTS), ("contracts", CONTRACTS)] {
        let empty = operator.export(what, "csv");
        let new = (true, "2 new, 0 changed, 0 unchanged, 0 refused".to_owned());
        assert_eq!(operator.import(what, text, &["--dry-run"]), new);
        assert_eq!(operator.export(what, "csv"), empty, "a rehearsal does nothing");
        assert_eq!(operator.import(what, text, &[]), new);
        let same = (true, "0 new, 0 changed, 2 unchanged, 0 refused".to_owned());
        assert_eq!(operator.import(what, text, &[]), same);
        assert_eq!(operator.export(what, "csv"), text);
        let json = operator.export(what, "json");
        assert_eq!(operator.import(what, &json, &[]), same);
        assert_eq!(operator.export(what, "json"), json);
    }
    let bad = "code,name_de,name_en,price,price_period\nNET-100,Netz 100,Net 100,41.90,MONTH\nX,X,X,vier,MONTH\n";
    let refused = (false, "0 new, 1 changed, 0 unchanged, 1 refused".to_owned());
    assert_eq!(operator.import("products", bad, &[]), refused);
    assert_eq!(operator.export("products", "csv"), PRODUCTS.replace("39.90", "41.90"));
}

#[test]
fn the_command_line_gives_back_what_it_took_on_sqlite() {
    files_go_in_and_come_out(None);
}

#[tokio::test]
async fn the_command_line_gives_back_what_it_took_on_postgres() {
    let Some(url) = new_database("exchange").await else {
        return;
    };
    tokio::task::spawn_blocking(move || files_go_in_and_come_out(Some(&url)))
        .await
        .unwrap();
}

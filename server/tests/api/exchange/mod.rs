//! Files of products, contracts and orders: in, out, again, and what is refused.
mod contract;
mod order;
mod staff;

use crate::app::TestApp;
use sea_orm::{EntityTrait, PaginatorTrait};
use server::{
    entity::{audit, product, product_term},
    exchange::{Report, export, import, table::Format},
    invoice::import::Operator,
    office::Author,
};
use shared::exchange::{ImportProblem as P, ImportVerdict as V, Subject};

const PRODUCTS: &str = "code,name_de,name_en,description_de,description_en,price,currency,price_period,setup_price,tax_rate,kind,family,is_orderable,law,\
consumer_minimum,consumer_renewal,consumer_renewal_term,consumer_notice,consumer_open_notice,consumer_notice_to,\
small_firm_minimum,small_firm_renewal,small_firm_renewal_term,small_firm_notice,small_firm_open_notice,small_firm_notice_to,\
large_firm_minimum,large_firm_renewal,large_firm_renewal_term,large_firm_notice,large_firm_open_notice,large_firm_notice_to\r\n\
NET-500,Glasfaser 500,Fibre 500,\"Bis 500 Mbit/s,\nohne Drosselung\",Up to 500 Mbit/s,49.90,EUR,MONTH,99.00,7,MAIN,net,true,TELECOMMUNICATION,\
P24M,OPEN,,P1M,P1M,ANY_DAY,,,,,,,P36M,TERM,P12M,P3M,P3M,MONTH_END\r\n\
TV,'+TV,''=TV,,,,EUR,USAGE,,19,OPTION,net,false,GENERAL,,,,,,,,,,,,,,,,,,\r\n";

/// Takes a file in as the operator does.
async fn take(app: &TestApp, subject: Subject, text: &str) -> Report {
    import(
        &app.app,
        Author::Operator(Operator),
        subject,
        text.as_bytes().to_vec(),
        false,
    )
    .await
    .unwrap()
}

async fn written(app: &TestApp, subject: Subject, format: Format) -> String {
    let bytes = export(&app.app, Author::Operator(Operator), subject, format)
        .await
        .unwrap();
    String::from_utf8(bytes).unwrap()
}

fn verdicts(report: &Report) -> Vec<V> {
    report.rows.iter().map(|row| row.verdict).collect()
}

crate::on_both! {
    async fn what_was_imported_is_exported_byte_for_byte_and_nothing_changes_the_second_time(app: TestApp) {
        assert_eq!(verdicts(&take(&app, Subject::Products, PRODUCTS).await), [V::New, V::New]);
        assert_eq!(written(&app, Subject::Products, Format::Csv).await, PRODUCTS);
        assert_eq!(verdicts(&take(&app, Subject::Products, PRODUCTS).await), [V::Same, V::Same]);
        let json = written(&app, Subject::Products, Format::Json).await;
        assert!(json.contains(r#"{"code":"NET-500","name_de":"Glasfaser 500","#), "{json}");
        assert_eq!(verdicts(&take(&app, Subject::Products, &json).await), [V::Same, V::Same]);
        assert_eq!(written(&app, Subject::Products, Format::Json).await, json);
        assert_eq!(product::Entity::find().count(app.db()).await.unwrap(), 2);
        assert_eq!(product_term::Entity::find().count(app.db()).await.unwrap(), 2);
    }

    async fn json_makes_the_same_products_as_csv(app: TestApp) {
        take(&app, Subject::Products, PRODUCTS).await;
        let json = written(&app, Subject::Products, Format::Json).await;
        let Some(other) = TestApp::on_sqlite().await else { return };
        assert_eq!(verdicts(&take(&other, Subject::Products, &json).await), [V::New, V::New]);
        assert_eq!(written(&other, Subject::Products, Format::Csv).await, PRODUCTS);
    }

    async fn a_rehearsal_says_the_same_and_writes_nothing(app: TestApp) {
        let bytes = PRODUCTS.as_bytes().to_vec();
        let said = import(&app.app, Author::Operator(Operator), Subject::Products, bytes, true).await.unwrap();
        assert_eq!(product::Entity::find().count(app.db()).await.unwrap(), 0);
        assert_eq!(audit::Entity::find().count(app.db()).await.unwrap(), 0);
        assert_eq!(take(&app, Subject::Products, PRODUCTS).await, said);
    }

    async fn a_report_names_the_columns_that_change_and_an_absent_column_says_nothing(app: TestApp) {
        take(&app, Subject::Products, PRODUCTS).await;
        let report = take(&app, Subject::Products, "Code;Price;Description-DE;consumer_notice\nNET-500;59,90;;P14D\n").await;
        assert_eq!(verdicts(&report), [V::Changed]);
        assert_eq!(report.rows[0].changes, ["description_de", "price", "consumer_notice"]);
        let now = written(&app, Subject::Products, Format::Csv).await;
        let expected = PRODUCTS
            .replace("49.90", "59.90")
            .replace("\"Bis 500 Mbit/s,\nohne Drosselung\"", "")
            .replace("P24M,OPEN,,P1M,P1M", "P24M,OPEN,,P14D,P1M");
        assert_eq!(now, expected);
    }

    async fn terms_whose_cells_are_all_empty_are_taken_away(app: TestApp) {
        take(&app, Subject::Products, PRODUCTS).await;
        let none = r#"[{"code": "NET-500", "consumer_minimum": null, "consumer_renewal": null, "consumer_renewal_term": null,
            "consumer_notice": null, "consumer_open_notice": null, "consumer_notice_to": null}]"#;
        let report = take(&app, Subject::Products, none).await;
        assert_eq!((verdicts(&report), report.rows[0].changes.len()), (vec![V::Changed], 5));
        assert_eq!(product_term::Entity::find().count(app.db()).await.unwrap(), 1);
    }

    async fn refused_rows_name_column_and_reason_and_the_others_are_taken(app: TestApp) {
        let row = |code: &str, rest: &str| format!("{code},{rest}\n");
        let head = "code,name_de,name_en,price,currency,price_period,law,consumer_minimum,consumer_renewal,consumer_renewal_term,consumer_notice,consumer_open_notice\n";
        let mut text = head.to_owned();
        let long = "x".repeat(201);
        for (code, rest) in [
            ("A B", "x,x,1,EUR,MONTH,,,,,,"),
            ("A1", ",x,1,EUR,MONTH,,,,,,"),
            ("A2", &format!("x,{long},1,EUR,MONTH,,,,,,")),
            ("A3", "x,x,-1,EUR,MONTH,,,,,,"),
            ("A4", "x,x,1,Euro,MONTH,,,,,,"),
            ("A5", "x,x,1,EUR,DECADE,,,,,,"),
            ("A6", "x,x,1,EUR,,,,,,,"),
            ("A7", "x,x,1,EUR,MONTH,,24 Monate,OPEN,,P1M,P1M"),
            ("A8", "x,x,1,EUR,MONTH,,P24M,TERM,,P1M,P1M"),
            ("A9", "x,x,1,EUR,MONTH,,P24M,OPEN,P1M,P1M,P1M"),
            ("A10", "x,x,1,EUR,MONTH,,P36M,OPEN,,P1M,P1M"),
            ("A11", "x,x,1,EUR,MONTH,,P24M,,,P1M,P1M"),
            ("OK", "x,x,1,EUR,MONTH,,P24M,OPEN,,P1M,P1M"),
            ("OK", "y,y,1,EUR,MONTH,,P24M,OPEN,,P1M,P1M"),
        ] {
            text.push_str(&row(code, rest));
        }
        let report = take(&app, Subject::Products, &text).await;
        let problems: Vec<_> = report.rows.iter().map(|row| row.problem).collect();
        assert_eq!(problems, [
            Some(("code", P::NotACode)),
            Some(("name_de", P::Missing)),
            Some(("name_en", P::TooLong)),
            Some(("price", P::NotAnAmount)),
            Some(("currency", P::NotACurrency)),
            Some(("price_period", P::UnknownWord)),
            Some(("price_period", P::Missing)),
            Some(("consumer_minimum", P::NotASpan)),
            Some(("consumer_renewal_term", P::Missing)),
            Some(("consumer_renewal_term", P::NotPossible)),
            Some(("consumer_minimum", P::AgainstTheLaw)),
            Some(("consumer_renewal", P::Missing)),
            None,
            Some(("code", P::Duplicate)),
        ]);
        assert_eq!((report.rows[12].line, report.rows[13].line), (14, 15));
        let rows = product::Entity::find().all(app.db()).await.unwrap();
        assert!(rows.len() == 1 && rows[0].name_de == "x", "{rows:?}");
    }

    async fn a_thousand_rows_take_few_statements(app: TestApp) {
        let mut text = "code,name_de,name_en,price_period,consumer_renewal,consumer_notice,consumer_open_notice\n".to_owned();
        for number in 0..1000 {
            text.push_str(&format!("P{number:04},Produkt {number},Product {number},MONTH,OPEN,P1M,P1M\n"));
        }
        let count = app.statements(take(&app, Subject::Products, &text)).await;
        assert!(count < 40, "{count}");
        assert_eq!(product::Entity::find().count(app.db()).await.unwrap(), 1000);
        let again = app.statements(take(&app, Subject::Products, &text.replace("Product", "Thing"))).await;
        assert!(again < 40, "{again}");
    }
}

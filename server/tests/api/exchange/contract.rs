//! Contracts of all customers as files.
use super::{take, verdicts, written};
use sea_orm::{EntityTrait, PaginatorTrait};
use server::{
    entity::{audit, contract},
    exchange::table::Format,
};
use shared::exchange::{ImportProblem as P, ImportVerdict as V, Subject};

const PRODUCTS: &str = "code,name_de,name_en,price,price_period,consumer_minimum,consumer_renewal,consumer_notice,consumer_open_notice\n\
NET,Netz,Net,49.90,MONTH,P24M,OPEN,P1M,P1M\nTV,Fernsehen,TV,5,MONTH,,,,\n";

const CONTRACTS: &str = "number,customer_number,product_code,label,state,price,currency,price_period,started_on,ends_on,notice_by,\
minimum,renewal,renewal_term,notice,open_notice,notice_to,details,option_of\r\n\
A-1,104233,TV,,ACTIVE,5.00,EUR,MONTH,2026-02-28,,,,,,,,,,V-1\r\n\
V-1,104233,NET,\"Markt 4, Oberhausen\",CANCELLED,44.90,EUR,MONTH,2024-02-29,2026-12-31,2026-11-30,\
P24M,OPEN,,P1M,P1M,ANY_DAY,\"[{\"\"label_de\"\":\"\"Tempo\"\",\"\"label_en\"\":\"\"Speed\"\",\"\"value\"\":\"\"500 Mbit/s\"\"}]\",\r\n";

crate::on_both! {
    async fn contracts_go_in_and_come_out_byte_for_byte(app: TestApp) {
        take(&app, Subject::Products, PRODUCTS).await;
        assert_eq!(verdicts(&take(&app, Subject::Contracts, CONTRACTS).await), [V::New, V::New]);
        assert_eq!(written(&app, Subject::Contracts, Format::Csv).await, CONTRACTS);
        assert_eq!(verdicts(&take(&app, Subject::Contracts, CONTRACTS).await), [V::Same, V::Same]);
        let json = written(&app, Subject::Contracts, Format::Json).await;
        assert_eq!(verdicts(&take(&app, Subject::Contracts, &json).await), [V::Same, V::Same]);
        assert_eq!(written(&app, Subject::Contracts, Format::Json).await, json);
        let rows = contract::Entity::find().all(app.db()).await.unwrap();
        let main = rows.iter().find(|row| row.number == "V-1").unwrap();
        let option = rows.iter().find(|row| row.number == "A-1").unwrap();
        assert_eq!((option.option_of, main.account_id), (Some(main.id), app.customer.account));
        let mut acts = audit::Entity::find().all(app.db()).await.unwrap();
        acts.retain(|act| act.act == "importContracts");
        assert_eq!(acts.len(), 2);
        assert!(acts.iter().all(|act| act.account_id == Some(app.customer.account) && act.act == "importContracts"));
    }

    async fn a_new_contract_is_what_its_product_offers_unless_the_row_says_otherwise(app: TestApp) {
        take(&app, Subject::Products, PRODUCTS).await;
        let text = "number,customer_number,product_code,started_on\nV-9,104871,NET,01.03.2026\n";
        assert_eq!(verdicts(&take(&app, Subject::Contracts, text).await), [V::New]);
        let out = written(&app, Subject::Contracts, Format::Csv).await;
        let line = out.lines().nth(1).unwrap();
        assert_eq!(line, "V-9,104871,NET,,ACTIVE,49.90,EUR,MONTH,2026-03-01,,,P24M,OPEN,,P1M,P1M,ANY_DAY,,");
    }

    async fn a_missing_row_is_kept_and_a_contract_ends_by_its_state(app: TestApp) {
        take(&app, Subject::Products, PRODUCTS).await;
        take(&app, Subject::Contracts, CONTRACTS).await;
        let report = take(&app, Subject::Contracts, "number,state,ends_on\nA-1,ended,2026-10-31\n").await;
        assert_eq!(report.rows[0].changes, ["state", "ends_on"]);
        let out = written(&app, Subject::Contracts, Format::Csv).await;
        assert!(out.contains("A-1,104233,TV,,ENDED,5.00,EUR,MONTH,2026-02-28,2026-10-31,"), "{out}");
        assert_eq!(contract::Entity::find().count(app.db()).await.unwrap(), 2);
    }

    async fn what_does_not_fit_is_refused_by_column(app: TestApp) {
        take(&app, Subject::Products, PRODUCTS).await;
        take(&app, Subject::Contracts, CONTRACTS).await;
        let text = "number,customer_number,product_code,state,started_on,ends_on,details,option_of\n\
            V-2,999999,NET,,2026-01-01,,,\nV-3,104233,NOPE,,2026-01-01,,,\nV-4,,NET,,2026-01-01,,,\nV-5,104233,NET,,,,,\n\
            V-6,104233,NET,,2026-01-01,2025-12-31,,\nV-7,104233,NET,OVER,2026-01-01,,,\nV-8,104233,NET,,2026-02-30,,,\n\
            V-9,104233,NET,,2026-01-01,,x,\nV-10,104233,NET,,2026-01-01,,,V-77\nV-1,104871,NET,,2026-01-01,,,\n\
            V-12,1,NET,,2026-01-01,,,\n";
        let report = take(&app, Subject::Contracts, text).await;
        let mut problems: Vec<_> = report.rows.iter().map(|row| (row.key.as_str(), row.problem.unwrap())).collect();
        problems.sort_unstable_by_key(|(key, _)| key.trim_start_matches("V-").parse::<u32>().unwrap());
        assert_eq!(problems.into_iter().map(|(_, problem)| problem).collect::<Vec<_>>(), [
            ("customer_number", P::OtherCustomer),
            ("customer_number", P::UnknownCustomer),
            ("product_code", P::UnknownProduct),
            ("customer_number", P::Missing),
            ("started_on", P::Missing),
            ("ends_on", P::EndBeforeStart),
            ("state", P::UnknownWord),
            ("started_on", P::NotADate),
            ("details", P::NotDetails),
            ("option_of", P::UnknownContract),
            ("customer_number", P::UnknownCustomer),
        ]);
        assert_eq!(written(&app, Subject::Contracts, Format::Csv).await, CONTRACTS);
    }
}

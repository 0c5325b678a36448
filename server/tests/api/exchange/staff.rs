//! The imports as staff and its programs ask for them.
use axum::{body::Body, http::Request};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::json;
use server::entity::{audit, product};
use shared::account::Right;

const PRODUCTS: &str = "mutation($input: ImportFileInput!) { importProducts(input: $input) {
    newCount changedCount sameCount refusedCount rows { line key verdict changes column problem } } }";
const CONTRACTS: &str =
    "mutation($input: ImportFileInput!) { importContracts(input: $input) { newCount refusedCount } }";
const FILE: &str = "code,name_de,name_en,price_period\nNET,Netz,Net,MONTH\nBAD,,x,MONTH\n";

crate::on_both! {
    async fn staff_sees_what_a_file_would_do_and_then_does_it(app: TestApp) {
        let mut staff = app.client(app.staff).await;
        let file = staff.upload("products.csv", FILE.as_bytes().to_vec()).await;
        let input = |is_dry_run: bool| json!({ "input": { "fileId": file, "isDryRun": is_dry_run } });
        let said = staff.data(PRODUCTS, input(true)).await;
        assert_eq!(said["importProducts"], json!({
            "newCount": 1, "changedCount": 0, "sameCount": 0, "refusedCount": 1,
            "rows": [
                { "line": 3, "key": "BAD", "verdict": "REFUSED", "changes": [], "column": "name_de", "problem": "MISSING" },
                { "line": 2, "key": "NET", "verdict": "NEW", "changes": [], "column": null, "problem": null },
            ],
        }));
        assert_eq!(product::Entity::find().count(app.db()).await.unwrap(), 0);
        assert_eq!(staff.data(PRODUCTS, input(false)).await, said);
        assert_eq!(product::Entity::find().count(app.db()).await.unwrap(), 1);
        let acts = audit::Entity::find().all(app.db()).await.unwrap();
        let done: Vec<_> = acts.iter().filter(|act| act.act == "importProducts").collect();
        assert!(done.len() == 1 && done[0].user_id == Some(app.staff.user), "{done:?}");
    }

    async fn a_program_of_staff_brings_its_file_and_takes_it_in(app: TestApp) {
        let mut program = app.program(app.staff, &[Right::Administer]).await;
        let request = Request::post("/files?name=x.csv").body(Body::from(FILE)).unwrap();
        let answer = program.send(request).await;
        assert_eq!(answer.status, 200);
        let input = json!({ "input": { "fileId": answer.json()["id"] } });
        assert_eq!(program.data(PRODUCTS, input).await["importProducts"]["newCount"], 1);
        let mut dealer = app.program(app.dealer, &[Right::ManageKeys]).await;
        let request = Request::post("/files?name=x.csv").body(Body::from(FILE)).unwrap();
        assert_eq!(dealer.send(request).await.status, 403);
    }

    async fn each_import_needs_its_own_right(app: TestApp) {
        let clerk = app.member(app.staff.account, "1/clerk", &[Right::ManageCustomers]).await;
        let mut clerk = app.client(clerk).await;
        let file = clerk.upload("x.csv", FILE.as_bytes().to_vec()).await;
        let input = json!({ "input": { "fileId": file } });
        assert_eq!(clerk.code(PRODUCTS, input.clone()).await, "FORBIDDEN");
        let refused = clerk.refusal(CONTRACTS, input).await;
        assert_eq!((&refused["field"], &refused["reason"]), (&json!("fileId"), &json!("NOT_A_TABLE")));
        assert_eq!(product::Entity::find().count(app.db()).await.unwrap(), 0);
    }
}

//! Downloads ask the same rules as the API.
use super::world::world;
use axum::http::StatusCode;
use serde_json::json;

crate::on_both! {
    async fn an_original_is_for_those_who_may_see_the_invoice_e04(app: TestApp) {
        let world = world(&app).await;
        let address = format!("/download/invoices/{}", world.invoice);
        let missing = format!("/download/invoices/{}", app.app.new_id());
        for person in [app.customer, app.bookkeeper] {
            assert_eq!(app.client(person).await.get(&address).await.status, StatusCode::OK);
        }
        for person in [app.stranger, app.dealer, app.other_dealer] {
            let (foreign, absent) = (app.client(person).await.get(&address).await, app.client(person).await.get(&missing).await);
            assert_eq!((foreign.status, &foreign.body), (StatusCode::NOT_FOUND, &absent.body));
        }
        for person in [app.technician, app.staff] {
            assert_eq!(app.client(person).await.get(&address).await.status, StatusCode::FORBIDDEN);
        }
        let anonymous = app.anonymous().get(&address).await;
        assert_eq!((anonymous.status, anonymous.body), (StatusCode::UNAUTHORIZED, app.anonymous().get(&missing).await.body));
    }

    async fn an_original_is_refused_once_the_right_is_gone_e04_e05(app: TestApp) {
        let world = world(&app).await;
        let address = format!("/download/invoices/{}", world.invoice);
        let mut open = app.client(app.bookkeeper).await;
        assert_eq!(open.get(&address).await.status, StatusCode::OK);
        let block = "mutation($input: BlockMemberInput!) { blockMember(input: $input) { member { userId } } }";
        app.client(app.customer).await.data(block, json!({ "input": { "userId": app.bookkeeper.user } })).await;
        assert_eq!(open.get(&address).await.status, StatusCode::FORBIDDEN);
    }
}

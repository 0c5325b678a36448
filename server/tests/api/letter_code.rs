//! The code on a letter: the second way to a first password, guarded against guessing.
use crate::app::{Client, PASSWORD, TestApp};
use chrono::TimeDelta;
use futures::future::join_all;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use server::{
    account::{self, NewAccount},
    entity::{letter_code, link, user as user_row},
    session::throttle::{self, Guess},
    user::{self, NewUser},
};
use shared::{
    account::{AccountKind, Language, Right, Rights},
    id::UserId,
    letter,
};

const REDEEM: &str = "mutation($input: RedeemLetterCodeInput!) { redeemLetterCode(input: $input) { token } }";
const CHOOSE: &str =
    "mutation($input: ChoosePasswordInput!) { choosePassword(input: $input) { viewer { account { number } } } }";
const LOOK: &str = "query($token: String!) { mailLink(token: $token) { purpose email isOver } }";
const NUMBER: &str = "105555";

fn typed(number: &str, code: &str) -> Value {
    json!({ "input": { "customerNumber": number, "code": code } })
}

/// A customer without address and password.
async fn newcomer(app: &TestApp, number: &str) -> UserId {
    let new = NewAccount {
        kind: AccountKind::Customer,
        number: number.to_owned(),
        name: "Gasthof Lüders".to_owned(),
        street: None,
        postal_code: None,
        city: None,
        vat_id: None,
    };
    let account = account::add(app.db(), &app.app, new).await.unwrap();
    let new = NewUser {
        name: None,
        email: None,
        password_hash: None,
        language: Language::De,
        sign_in_names: vec![number.to_owned()],
    };
    let user = user::add(app.db(), &app.app, new).await.unwrap();
    account::add_member(app.db(), &app.app, account, user, Rights::of(&[Right::Owner]))
        .await
        .unwrap();
    user
}

async fn printed(app: &TestApp, user: UserId) -> String {
    user::letter_code::create(app.db(), &app.app, user).await.unwrap()
}

/// A code as it could stand on a letter, but does not.
fn invented(first: u8) -> String {
    letter::write([first; 8])
}

/// That a code is refused like every wrong one, and neither a code is used nor a link made.
async fn is_wrong(app: &TestApp, browser: &mut Client, number: &str, code: &str) {
    let before = (
        letter_code::Entity::find().all(app.db()).await.unwrap(),
        link::Entity::find().all(app.db()).await.unwrap(),
        user_row::Entity::find().all(app.db()).await.unwrap(),
    );
    let refusal = browser.refusal(REDEEM, typed(number, code)).await;
    assert_eq!(
        (&refusal["code"], &refusal["field"], &refusal["reason"]),
        (&json!("INVALID"), &json!("code"), &json!("WRONG_CODE"))
    );
    let after = (
        letter_code::Entity::find().all(app.db()).await.unwrap(),
        link::Entity::find().all(app.db()).await.unwrap(),
        user_row::Entity::find().all(app.db()).await.unwrap(),
    );
    assert_eq!(after, before);
}

crate::on_both! {
    async fn the_code_lets_a_customer_choose_the_first_password_once_f01(app: TestApp) {
        let code = printed(&app, newcomer(&app, NUMBER).await).await;
        let mut browser = app.anonymous();
        let typed_so = code.replace('-', " ").to_lowercase();
        let data = browser.data(REDEEM, typed(&format!(" {NUMBER} "), &typed_so)).await;
        let token = data["redeemLetterCode"]["token"].as_str().unwrap();
        let looked = browser.data(LOOK, json!({ "token": token })).await;
        assert_eq!(looked["mailLink"], json!({ "purpose": "FIRST_SIGN_IN", "email": null, "isOver": false }));
        is_wrong(&app, &mut app.anonymous(), NUMBER, &code).await;
        let chosen = json!({ "input": { "token": token, "password": PASSWORD } });
        let data = browser.data(CHOOSE, chosen).await;
        assert_eq!(data["choosePassword"]["viewer"]["account"]["number"], NUMBER);
        is_wrong(&app, &mut app.anonymous(), NUMBER, &code).await;
    }

    async fn the_database_holds_no_code_f01(app: TestApp) {
        let code = printed(&app, newcomer(&app, NUMBER).await).await;
        let row = letter_code::Entity::find().one(app.db()).await.unwrap().unwrap();
        assert_eq!(row.code_hash.len(), 32);
        let mut browser = app.anonymous();
        assert_eq!(browser.refusal(REDEEM, typed(NUMBER, &hex::encode(&row.code_hash))).await["reason"], "MISTYPED");
        browser.data(REDEEM, typed(NUMBER, &code)).await;
    }

    async fn a_mistyped_code_is_told_so_and_costs_no_try_f01(app: TestApp) {
        let code = printed(&app, newcomer(&app, NUMBER).await).await;
        let (start, last) = code.split_at(code.len() - 1);
        let mistyped = format!("{start}{}", if last == "0" { "1" } else { "0" });
        for _ in 0..10 {
            let refusal = app.anonymous().refusal(REDEEM, typed(NUMBER, &mistyped)).await;
            assert_eq!((&refusal["field"], &refusal["reason"]), (&json!("code"), &json!("MISTYPED")));
        }
        assert_eq!(throttle::charges(&app.app, Guess::LetterCode, NUMBER).await.unwrap(), 0);
        assert_eq!(link::Entity::find().count(app.db()).await.unwrap(), 0);
        app.anonymous().data(REDEEM, typed(NUMBER, &code)).await;
    }

    async fn a_code_counts_for_thirty_days_f01(app: TestApp) {
        let user = newcomer(&app, NUMBER).await;
        let code = printed(&app, user).await;
        app.pass(TimeDelta::days(30));
        is_wrong(&app, &mut app.anonymous(), NUMBER, &code).await;
        let code = printed(&app, user).await;
        app.pass(TimeDelta::days(30) - TimeDelta::seconds(1));
        app.anonymous().data(REDEEM, typed(NUMBER, &code)).await;
    }

    async fn a_new_letter_ends_the_code_of_the_former_f03(app: TestApp) {
        let user = newcomer(&app, NUMBER).await;
        let (former, code) = (printed(&app, user).await, printed(&app, user).await);
        is_wrong(&app, &mut app.anonymous(), NUMBER, &former).await;
        app.anonymous().data(REDEEM, typed(NUMBER, &code)).await;
    }

    async fn of_eight_who_use_a_code_at_once_one_gets_in_f01(app: TestApp) {
        let code = printed(&app, newcomer(&app, NUMBER).await).await;
        let tries = (0..8).map(|_| { let (mut client, input) = (app.anonymous(), typed(NUMBER, &code)); async move { client.graphql(REDEEM, input).await } });
        let answers = join_all(tries).await;
        assert_eq!(answers.iter().filter(|answer| answer.get("errors").is_none()).count(), 1, "{answers:?}");
        assert_eq!(link::Entity::find().count(app.db()).await.unwrap(), 1);
    }

    async fn after_five_wrong_codes_the_right_one_waits_for_the_window_to_pass_b01(app: TestApp) {
        let code = printed(&app, newcomer(&app, NUMBER).await).await;
        for first in 1..=5 {
            is_wrong(&app, &mut app.anonymous(), NUMBER, &invented(first)).await;
        }
        is_wrong(&app, &mut app.anonymous(), NUMBER, &code).await;
        app.pass(TimeDelta::minutes(15));
        app.anonymous().data(REDEEM, typed(NUMBER, &code)).await;
    }

    async fn unknown_numbers_foreign_codes_and_wrong_ones_are_answered_alike_b09(app: TestApp) {
        let code = printed(&app, newcomer(&app, NUMBER).await).await;
        newcomer(&app, "105556").await;
        let mut browser = app.anonymous();
        let wrong = browser.graphql(REDEEM, typed(NUMBER, &invented(1))).await;
        assert_eq!(wrong["errors"][0]["extensions"]["reason"], "WRONG_CODE");
        for number in ["999999", "105556", "104233", ""] {
            assert_eq!(browser.graphql(REDEEM, typed(number, &code)).await, wrong, "{number}");
            is_wrong(&app, &mut browser, number, &code).await;
        }
        browser.data(REDEEM, typed(NUMBER, &code)).await;
    }
}

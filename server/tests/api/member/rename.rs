//! Another user name for a member.
use super::*;

const RENAME: &str =
    "mutation($input: RenameMemberInput!) { renameMember(input: $input) { member { userNames email } } }";
const BOOKKEEPER: &str = "buchhaltung@oeztuerk.example";

fn named(person: Person, name: &str) -> Value {
    json!({ "input": { "userId": person.user, "userName": name } })
}

fn as_name(name: &str) -> Value {
    json!({ "input": { "name": name, "password": PASSWORD } })
}

crate::on_both! {
    async fn an_owner_gives_a_member_another_name_and_the_person_is_told(app: TestApp) {
        let mut owner = app.client(app.customer).await;
        let renamed = owner.data(RENAME, named(app.bookkeeper, " 104233/Rechnungen ")).await;
        assert_eq!(renamed["renameMember"]["member"], json!({ "userNames": ["104233/rechnungen"], "email": BOOKKEEPER }));
        assert_eq!(app.anonymous().code(SIGN_IN, as_name("104233/buch")).await, "INVALID", "the former name is nobody's");
        for name in ["104233/Rechnungen", BOOKKEEPER] {
            assert_eq!(app.anonymous().data(SIGN_IN, as_name(name)).await["signIn"]["viewer"]["account"]["number"], "104233", "{name}");
        }
        assert_eq!(subjects(&app, BOOKKEEPER).await[0], "Ihr Benutzername im Konto Bäckerei Öztürk GmbH wurde geändert");
        let mails = app.mails().await;
        assert!(mails[0].text.contains("\n    104233/rechnungen\n"), "{}", mails[0].text);
        assert_eq!(acts(&app).await[0], "renameMember");
    }

    async fn the_number_of_the_account_stays_beside_the_name(app: TestApp) {
        let manager = app.member(app.customer.account, "104233/leitung", &[Right::Owner]).await;
        let renamed = app.client(manager).await.data(RENAME, named(app.customer, "104233/chef")).await;
        assert_eq!(renamed["renameMember"]["member"]["userNames"], json!(["104233", "104233/chef"]));
    }

    async fn a_name_that_is_taken_or_promised_or_none_is_refused_and_nothing_changes(app: TestApp) {
        let mut owner = app.client(app.customer).await;
        owner.data(INVITE, invitation(KAMP, &["SEE_INVOICES"])).await;
        let mails = app.mails().await.len();
        for (name, reason) in [
            ("104233/technik", "NAME_TAKEN"), ("104233/buch", "NAME_TAKEN"), ("104233/kamp", "NAME_TAKEN"), ("buch", "NOT_A_USER_NAME"), ("", "NOT_A_USER_NAME"),
            ("104233/", "NOT_A_USER_NAME"), ("104233", "NOT_A_USER_NAME"), ("104871/x", "NOT_A_USER_NAME"), ("104233/a b", "NOT_A_USER_NAME"), ("104233/a\nb", "NOT_A_USER_NAME"),
        ] {
            let refusal = owner.refusal(RENAME, named(app.bookkeeper, name)).await;
            assert_eq!((&refusal["field"], &refusal["reason"]), (&json!("userName"), &json!(reason)), "{name}");
        }
        assert_eq!((app.mails().await.len(), acts(&app).await.iter().filter(|act| *act == "renameMember").count()), (mails, 0));
        app.anonymous().data(SIGN_IN, as_name("104233/buch")).await;
    }

    async fn only_those_who_manage_members_rename_after_stepping_up_d07(app: TestApp) {
        for person in [app.bookkeeper, app.technician] {
            assert_eq!(app.client(person).await.code(RENAME, named(app.bookkeeper, "104233/x")).await, "FORBIDDEN");
        }
        for person in [app.stranger, app.dealer, app.staff] {
            assert_eq!(app.client(person).await.code(RENAME, named(app.bookkeeper, "104233/x")).await, "NOT_FOUND");
        }
        let manager = app.member(app.customer.account, "104233/leitung", &[Right::ManageUsers]).await;
        assert_eq!(app.client(manager).await.code(RENAME, named(app.customer, "104233/x")).await, "FORBIDDEN", "he may do more than she");
        let mut owner = app.client(app.customer).await;
        app.pass(TimeDelta::minutes(11));
        assert_eq!(owner.code(RENAME, named(app.bookkeeper, "104233/x")).await, "STEP_UP_REQUIRED");
        app.anonymous().data(SIGN_IN, as_name("104233/buch")).await;
    }
}

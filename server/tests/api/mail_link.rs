//! From the mail as a mail server takes it to the person who is registered: the link that people click is the one that counts.
use crate::{
    app::{ORIGIN, PASSWORD},
    mail::{Sink, pass},
    meter::give_devices,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::json;

const ASSIGN: &str =
    "mutation($input: AssignReadRightsInput!) { assignReadRights(input: $input) { assignments { email } } }";
const LINK: &str = "query($token: String!) { link(token: $token) { email deviceCount needsRegistration } }";
const REGISTER: &str = "mutation($input: CompleteRegistrationInput!) { completeRegistration(input: $input) {
    viewer { email } } }";
const DEVICES: &str = "{ devices { totalCount nodes { serialNumber } } }";

/// The text of a message (RFC 5322) of one part, its transfer encoding (RFC 2045 section 6) taken away.
fn text_of(message: &str) -> String {
    let (headers, body) = message.split_once("\n\n").unwrap();
    let encoding = headers
        .lines()
        .find_map(|line| line.strip_prefix("Content-Transfer-Encoding: "))
        .unwrap();
    // A line that begins with a dot travels with two of them (RFC 5321 section 4.5.2).
    let lines = body.lines().map(|line| line.strip_prefix('.').unwrap_or(line));
    match encoding {
        "7bit" | "8bit" => lines.collect::<Vec<_>>().join("\n"),
        "quoted-printable" => quoted_printable(&lines.collect::<Vec<_>>().join("\n")),
        "base64" => String::from_utf8(BASE64_STANDARD.decode(lines.collect::<String>()).unwrap()).unwrap(),
        other => panic!("an encoding that RFC 2045 does not know: {other}"),
    }
}

fn quoted_printable(text: &str) -> String {
    let joined = text.replace("=\n", "");
    let mut parts = joined.split('=');
    let mut bytes = parts.next().unwrap().as_bytes().to_vec();
    for part in parts {
        let (code, rest) = part.split_at(2);
        bytes.push(u8::from_str_radix(code, 16).unwrap());
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_soft_break_within_a_link_and_an_encoded_letter_are_undone() {
    let message = "Content-Transfer-Encoding: quoted-printable\n\n..F=C3=BCr https://a.example/b#c=\nd=3De\n";
    assert_eq!(text_of(message), ".Für https://a.example/b#cd=e");
}

crate::on_both! {
    async fn the_link_in_the_mail_that_was_sent_registers_its_reader(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701", "76348702", "76348703"]).await;
        let input = json!({ "input": { "emails": ["mara.lehmann@example.org"], "selection": { "ids": [ids[0], ids[2]] } } });
        app.client(app.dealer).await.data(ASSIGN, input).await;
        let sink = Sink::start().await;
        assert_eq!(pass(&app, &sink.transport(&app)).await, 1);
        let taken = sink.taken();
        assert_eq!((taken.len(), taken[0].0.as_str()), (1, "<mara.lehmann@example.org>"));
        let text = text_of(&taken[0].1);
        let links: Vec<_> = text.split_whitespace().filter(|word| word.starts_with("http")).collect();
        assert_eq!(links.len(), 1, "{text}");

        let token = links[0].strip_prefix(&format!("{ORIGIN}/invitation#")).unwrap();
        let mut browser = app.anonymous();
        let looked = browser.data(LINK, json!({ "token": token })).await;
        assert_eq!(looked["link"], json!({ "email": "mara.lehmann@example.org", "deviceCount": 2, "needsRegistration": true }));
        let registration = json!({ "input": { "token": token, "password": PASSWORD, "name": "Mara", "language": "DE" } });
        let registered = browser.data(REGISTER, registration).await;
        assert_eq!(registered["completeRegistration"]["viewer"]["email"], "mara.lehmann@example.org");
        let devices = browser.data(DEVICES, json!({})).await["devices"].clone();
        assert_eq!(devices, json!({ "totalCount": 2, "nodes": [{ "serialNumber": "76348701" }, { "serialNumber": "76348703" }] }));
    }
}

//! What the mails say: plain text, one file a mail and language, the subject in its first line.
use super::Notice;
use chrono::NaiveDate;
use chrono_tz::Tz;
use shared::account::Language;

/// A mail, by its occasion, with what its words need to know.
#[derive(Clone, Debug)]
pub enum Template {
    /// Somebody may read devices, once he accepts.
    ReadRights {
        /// Who gives the right.
        dealer: String,
        /// How many devices.
        device_count: u64,
        /// Until when the rights count.
        ends: Ends,
        /// Whether keys are shown; else they are only proven.
        shows_keys: bool,
        /// Where it is accepted: absolute, with a token that works once.
        link: String,
        /// How many days the link works.
        link_days: i64,
    },
    /// A right to read ends soon; goes to whoever reads.
    RightsEnd {
        /// Who gave the right.
        dealer: String,
        /// How many devices.
        device_count: u64,
        /// The last day on which the right counts.
        last_day: NaiveDate,
        /// Where the devices are: absolute.
        page: String,
    },
    /// Rights to read end soon; goes to whoever gave them.
    RightsEndDigest {
        /// The account's name.
        account: String,
        /// Which, in the order of their days.
        endings: Vec<Ending>,
        /// How many more there are.
        more: usize,
        /// Where the rights are: absolute.
        page: String,
    },
    /// Somebody wants more keys than the quota allows; goes to those who decide.
    KeyRequest {
        /// For which account.
        account: String,
        /// Who.
        person: String,
        /// The keys of how many devices.
        device_count: u64,
        /// Where it is decided: absolute.
        page: String,
    },
    /// Somebody wants more keys than the quota allows, and nobody can decide.
    KeyRequestWaits {
        /// For which account.
        account: String,
        /// The keys of how many devices.
        device_count: u64,
        /// Where it is taken back: absolute.
        page: String,
    },
    /// A request for keys was approved or refused.
    KeyRequestDecided {
        /// For which account.
        account: String,
        /// The keys of how many devices.
        device_count: u64,
        /// Whether it was approved.
        is_approved: bool,
        /// Where it goes on: absolute.
        page: String,
    },
    /// Somebody asked to become a dealer; goes to him.
    DealerRequested {
        /// His company, as he wrote it.
        company: String,
        /// The day until which he may expect an answer.
        expected_on: NaiveDate,
        /// Where he sees where it stands: absolute.
        page: String,
    },
    /// Somebody asked to become a dealer; goes to those who decide.
    DealerRequestArrived {
        /// His company, as he wrote it.
        company: String,
        /// Name and number of his account.
        account: String,
        /// Where it is decided: absolute.
        page: String,
    },
    /// The account became a dealer's.
    DealerGranted {
        /// The company.
        company: String,
        /// How many devices came with it.
        device_count: u64,
        /// Where the devices are: absolute.
        page: String,
    },
    /// The account became no dealer's.
    DealerRejected {
        /// The company.
        company: String,
        /// Why, in the words of staff.
        reason: String,
        /// Where he can ask again: absolute.
        page: String,
    },
    /// A dealer offers devices; goes to those who may accept.
    TransferOffered {
        /// Who offers.
        from: String,
        /// How many devices.
        device_count: u64,
        /// Whether for good, or as to a sub-dealer.
        is_for_good: bool,
        /// Where it is answered: absolute.
        page: String,
    },
    /// An offer of devices was answered; goes to whoever made it.
    TransferAnswered {
        /// Who answered.
        to: String,
        /// How many devices.
        device_count: u64,
        /// Whether it was accepted.
        is_accepted: bool,
        /// Why not.
        reason: Option<String>,
        /// Where it stands: absolute.
        page: String,
    },
    /// Devices that were passed on went back; goes to the other side.
    DevicesBack {
        /// Who did it.
        by: String,
        /// How many devices.
        device_count: u64,
        /// Whether they were taken back, not given back.
        is_taken: bool,
        /// Where it is seen: absolute.
        page: String,
    },
    /// Staff put a document in place.
    DocumentAdded {
        /// The account's name.
        account: String,
        /// What it is called, in German and in English.
        titles: [String; 2],
        /// The number of the contract.
        contract: String,
        /// Where it is: absolute.
        page: String,
    },
    /// The text of an agreement, or the concluded agreement, as it was asked for.
    Agreement {
        /// The product's name.
        product: String,
        /// The number of the contract.
        contract: String,
        /// The version of the text.
        version: i32,
        /// Where it is concluded: absolute.
        page: String,
    },
    /// An agreement was concluded.
    AgreementConcluded {
        /// The product's name.
        product: String,
        /// The number of the contract.
        contract: String,
        /// The version of the text.
        version: i32,
        /// Name and role of who signed.
        signer: String,
        /// Where it lies: absolute.
        page: String,
    },
    /// Somebody is invited into an account.
    Invitation {
        /// The account's name.
        account: String,
        /// Who invites.
        inviter: String,
        /// What the person will sign in with besides the address.
        user_name: String,
        /// Where it is accepted: absolute, with a token that works once.
        link: String,
        /// How many days the link works.
        link_days: i64,
    },
    /// Somebody wants to register an address.
    Activation {
        /// Where a password is chosen: absolute, with a token that works once.
        link: String,
        /// How many hours the link works.
        link_hours: i64,
    },
    /// Somebody wants to register an address that has access already.
    RegisteredAlready {
        /// Where one signs in: absolute.
        sign_in: String,
        /// Where one asks for sign-in details: absolute.
        forgotten: String,
    },
    /// The sign-in details that somebody has forgotten.
    AccessDetails {
        /// What the person signs in with.
        names: Vec<String>,
        /// Where a password is chosen: absolute, with a token that works once.
        link: String,
        /// How many hours the link works.
        link_hours: i64,
    },
    /// The first access of a customer whom the provider made.
    FirstAccess {
        /// The account's name.
        account: String,
        /// The customer number, with which the person signs in.
        number: String,
        /// From when the portal replaces what was before; none if that is not announced.
        announced_from: Option<NaiveDate>,
        /// Where a password is chosen: absolute, with a token that works once.
        link: String,
        /// How many days the link works.
        link_days: i64,
    },
    /// The rights of a member, or the end of his access, were changed.
    RightsChanged {
        /// The account's name.
        account: String,
    },
    /// What a member signs in with was changed.
    UserNameChanged {
        /// The account's name.
        account: String,
        /// The new user name.
        name: String,
    },
    /// A member was shut out of an account.
    AccessBlocked {
        /// The account's name.
        account: String,
    },
    /// A member was let in again.
    AccessUnblocked {
        /// The account's name.
        account: String,
    },
    /// Somebody is no member of an account any more.
    AccessRemoved {
        /// The account's name.
        account: String,
    },
    /// An address shall become a user's.
    EmailChange {
        /// Where it is confirmed: absolute, with a token that works once.
        link: String,
        /// How many hours the link works.
        link_hours: i64,
    },
    /// A user has another address now; goes to the former one.
    EmailChanged {
        /// The new address.
        email: String,
        /// Where the change is taken back: absolute, with a token that works once.
        link: String,
        /// How many days the link works.
        link_days: i64,
    },
    /// The change of an address was taken back; the person chooses a new password.
    EmailRestored {
        /// Where it is chosen: absolute, with a token that works once.
        link: String,
        /// How many minutes the link works.
        link_minutes: i64,
        /// Where another link is asked for: absolute.
        page: String,
    },
    /// Invoices shall go to an address.
    BillingEmail {
        /// The account's name.
        account: String,
        /// Where it is confirmed: absolute, with a token that works once.
        link: String,
        /// How many hours the link works.
        link_hours: i64,
    },
    /// Invoices go to one more address; goes to those who know of the others.
    BillingEmailAdded {
        /// The account's name.
        account: String,
        /// The new address.
        email: String,
        /// Where it is taken back: absolute, with a token that works once.
        link: String,
        /// How many days the link works.
        link_days: i64,
    },
    /// Invoices go to an address no more; goes to that address.
    BillingEmailRemoved {
        /// The account's name.
        account: String,
        /// Where it is taken back: absolute, with a token that works once.
        link: String,
        /// How many days the link works.
        link_days: i64,
    },
    /// Something happened to somebody's access.
    Notice {
        /// What.
        notice: Notice,
        /// The person's zone, for times.
        zone: Tz,
        /// The page on which access is looked after: absolute.
        page: String,
    },
    /// Invoices came.
    InvoicesArrived(Box<crate::invoice::letter::Letter>),
    /// Something happened to an order.
    Order(Box<crate::order::Letter>),
    /// A personal access token was made.
    TokenCreated {
        /// What the user calls it.
        token: String,
        /// The name of the account that it acts in.
        account: String,
        /// Its last day.
        last_day: NaiveDate,
        /// Where tokens are removed: absolute.
        page: String,
    },
}

/// A mail in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// One line.
    pub subject: String,
    /// The text below it.
    pub text: String,
}

/// Who signs the mails.
#[derive(Clone, Copy, Debug)]
pub struct Sender<'a> {
    /// The provider's name.
    pub name: &'a str,
    /// Its postal address in one line.
    pub address: Option<&'a str>,
    /// Its telephone number.
    pub phone: Option<&'a str>,
    /// When somebody answers.
    pub hours: Option<&'a str>,
    /// Where people get help, if the provider says so.
    pub support_email: Option<&'a str>,
}

impl Sender<'_> {
    /// The foot of a mail: each line what is known of the provider.
    fn lines(self) -> String {
        let phone = self.phone.map(|phone| match self.hours {
            Some(hours) => format!("{phone} ({hours})"),
            None => phone.to_owned(),
        });
        let lines = [
            Some(self.name.to_owned()),
            self.address.map(ToOwned::to_owned),
            phone,
            self.support_email.map(ToOwned::to_owned),
        ];
        let lines: Vec<_> = lines.iter().flatten().map(|line| one_line(line)).collect();
        lines.join("\n")
    }
}

/// The text of a template in a language, with these values. Both languages must use all of them: one that is left out
/// in one of them does not compile.
macro_rules! words {
    ($language:expr, $name:literal, $($value:ident),+) => {
        match $language {
            Language::De => format!(include_str!(concat!("templates/", $name, ".de.txt")), $($value = $value),+),
            Language::En => format!(include_str!(concat!("templates/", $name, ".en.txt")), $($value = $value),+),
        }
    };
}

impl Template {
    /// The mail in words of this language.
    pub fn words(&self, language: Language, sender: Sender<'_>) -> Words {
        let sender = sender.lines();
        let mail = match self {
            Self::ReadRights {
                dealer,
                device_count,
                ends,
                shows_keys,
                link,
                link_days,
            } => {
                let dealer = one_line(dealer);
                let until = last_day(language, *ends, &dealer);
                let devices = devices(language, *device_count);
                let what = opened(language, *shows_keys);
                words!(
                    language,
                    "read_rights",
                    dealer,
                    devices,
                    what,
                    link,
                    link_days,
                    until,
                    sender
                )
            }
            Self::RightsEnd {
                dealer,
                device_count,
                last_day,
                page,
            } => {
                let (dealer, last_day) = (one_line(dealer), day(language, *last_day));
                let devices = devices(language, *device_count);
                words!(language, "rights_end", dealer, devices, last_day, page, sender)
            }
            Self::RightsEndDigest {
                account,
                endings,
                more,
                page,
            } => {
                let account = one_line(account);
                let list = endings_list(language, endings, *more);
                words!(language, "rights_end_digest", account, list, page, sender)
            }
            Self::KeyRequest {
                account,
                person,
                device_count,
                page,
            } => {
                let (account, person) = (one_line(account), one_line(person));
                let devices = devices(language, *device_count);
                words!(language, "key_request", account, person, devices, page, sender)
            }
            Self::KeyRequestWaits {
                account,
                device_count,
                page,
            } => {
                let account = one_line(account);
                let devices = devices(language, *device_count);
                words!(language, "key_request_waits", account, devices, page, sender)
            }
            Self::KeyRequestDecided {
                account,
                device_count,
                is_approved,
                page,
            } => {
                let account = one_line(account);
                let devices = devices(language, *device_count);
                let (decision, next) = decision(language, *is_approved);
                words!(
                    language,
                    "key_request_decided",
                    account,
                    devices,
                    decision,
                    next,
                    page,
                    sender
                )
            }
            Self::DealerRequested {
                company,
                expected_on,
                page,
            } => {
                let (company, expected) = (one_line(company), day(language, *expected_on));
                words!(language, "dealer_requested", company, expected, page, sender)
            }
            Self::DealerRequestArrived { company, account, page } => {
                let (company, account) = (one_line(company), one_line(account));
                words!(language, "dealer_request_arrived", company, account, page, sender)
            }
            Self::DealerGranted {
                company,
                device_count,
                page,
            } => {
                let (company, devices) = (one_line(company), handed(language, *device_count));
                words!(language, "dealer_granted", company, devices, page, sender)
            }
            Self::DealerRejected { company, reason, page } => {
                let company = one_line(company);
                words!(language, "dealer_rejected", company, reason, page, sender)
            }
            Self::TransferOffered {
                from,
                device_count,
                is_for_good,
                page,
            } => {
                let (from, devices) = (one_line(from), moved(language, *device_count));
                let how = match (language, is_for_good) {
                    (Language::De, true) => "Nehmen Sie an, gehen die Geräte ganz auf Sie über.",
                    (Language::De, false) => "Nehmen Sie an, verwalten Sie die Geräte, bis eine Seite sie zurückgibt.",
                    (Language::En, true) => "If you accept, the devices become yours.",
                    (Language::En, false) => "If you accept, you manage the devices until either side gives them back.",
                };
                words!(language, "transfer_offered", from, devices, how, page, sender)
            }
            Self::TransferAnswered {
                to,
                device_count,
                is_accepted,
                reason,
                page,
            } => {
                let (to, devices) = (one_line(to), moved(language, *device_count));
                let answer = match (language, is_accepted) {
                    (Language::De, true) => "angenommen",
                    (Language::De, false) => "abgelehnt",
                    (Language::En, true) => "accepted",
                    (Language::En, false) => "declined",
                };
                let reason = reason.as_deref().unwrap_or_default();
                words!(language, "transfer_answered", to, devices, answer, reason, page, sender)
            }
            Self::DevicesBack {
                by,
                device_count,
                is_taken,
                page,
            } => {
                let (by, devices) = (one_line(by), moved(language, *device_count));
                let what = match (language, is_taken) {
                    (Language::De, true) => "zurückgenommen",
                    (Language::De, false) => "zurückgegeben",
                    (Language::En, true) => "taken back",
                    (Language::En, false) => "given back",
                };
                words!(language, "devices_back", by, devices, what, page, sender)
            }
            Self::Invitation {
                account,
                inviter,
                user_name,
                link,
                link_days,
            } => {
                let (account, inviter) = (one_line(account), one_line(inviter));
                words!(
                    language,
                    "invitation",
                    account,
                    inviter,
                    user_name,
                    link,
                    link_days,
                    sender
                )
            }
            Self::Activation { link, link_hours } => words!(language, "activation", link, link_hours, sender),
            Self::RegisteredAlready { sign_in, forgotten } => {
                words!(language, "registered_already", sign_in, forgotten, sender)
            }
            Self::AccessDetails {
                names,
                link,
                link_hours,
            } => {
                let names = one_line(&names.join(", "));
                let link_life = life(language, *link_hours);
                words!(language, "access_details", names, link, link_life, sender)
            }
            Self::FirstAccess {
                account,
                number,
                announced_from,
                link,
                link_days,
            } => {
                let (account, number) = (one_line(account), one_line(number));
                let announcement = announcement(language, *announced_from);
                words!(
                    language,
                    "first_access",
                    account,
                    number,
                    announcement,
                    link,
                    link_days,
                    sender
                )
            }
            Self::DocumentAdded {
                account,
                titles: [german, english],
                contract,
                page,
            } => {
                let title = match language {
                    Language::De => german,
                    Language::En => english,
                };
                let (account, title, contract) = (one_line(account), one_line(title), one_line(contract));
                words!(language, "document_added", account, title, contract, page, sender)
            }
            Self::Agreement {
                product,
                contract,
                version,
                page,
            } => {
                let (product, contract) = (one_line(product), one_line(contract));
                words!(language, "agreement", product, contract, version, page, sender)
            }
            Self::AgreementConcluded {
                product,
                contract,
                version,
                signer,
                page,
            } => {
                let (product, contract, signer) = (one_line(product), one_line(contract), one_line(signer));
                words!(
                    language,
                    "agreement_concluded",
                    product,
                    contract,
                    version,
                    signer,
                    page,
                    sender
                )
            }
            Self::RightsChanged { account } => {
                let account = one_line(account);
                words!(language, "rights_changed", account, sender)
            }
            Self::UserNameChanged { account, name } => {
                let (account, name) = (one_line(account), one_line(name));
                words!(language, "user_name_changed", account, name, sender)
            }
            Self::AccessBlocked { account } => {
                let account = one_line(account);
                words!(language, "access_blocked", account, sender)
            }
            Self::AccessUnblocked { account } => {
                let account = one_line(account);
                words!(language, "access_unblocked", account, sender)
            }
            Self::AccessRemoved { account } => {
                let account = one_line(account);
                words!(language, "access_removed", account, sender)
            }
            Self::EmailChange { link, link_hours } => words!(language, "email_change", link, link_hours, sender),
            Self::EmailChanged { email, link, link_days } => {
                words!(language, "email_changed", email, link, link_days, sender)
            }
            Self::EmailRestored {
                link,
                link_minutes,
                page,
            } => words!(language, "email_restored", link, link_minutes, page, sender),
            Self::BillingEmail {
                account,
                link,
                link_hours,
            } => {
                let account = one_line(account);
                words!(language, "billing_email", account, link, link_hours, sender)
            }
            Self::BillingEmailAdded {
                account,
                email,
                link,
                link_days,
            } => {
                let account = one_line(account);
                words!(language, "billing_email_added", account, email, link, link_days, sender)
            }
            Self::BillingEmailRemoved {
                account,
                link,
                link_days,
            } => {
                let account = one_line(account);
                words!(language, "billing_email_removed", account, link, link_days, sender)
            }
            Self::Notice { notice, zone, page } => {
                let (subject, what) = notice.words(language, *zone);
                words!(language, "notice", subject, what, page, sender)
            }
            Self::InvoicesArrived(letter) => {
                let (subject, what) = letter.words(language);
                let (page, settings) = (&letter.page, &letter.settings);
                words!(language, "invoices_arrived", subject, what, page, settings, sender)
            }
            Self::Order(letter) => {
                let (subject, what) = letter.words(language);
                words!(language, "order", subject, what, sender)
            }
            Self::TokenCreated {
                token,
                account,
                last_day,
                page,
            } => {
                let (token, account) = (one_line(token), one_line(account));
                let last_day = day(language, *last_day);
                words!(language, "token_created", token, account, last_day, page, sender)
            }
        };
        let (subject, text) = mail.split_once("\n\n").unwrap_or((&mail, ""));
        Words {
            subject: subject.to_owned(),
            text: text.to_owned(),
        }
    }
}

/// A name cannot add lines or control characters to a mail.
fn one_line(name: &str) -> String {
    name.split(|c: char| c.is_control() || c.is_whitespace())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// What became of a request for keys, and what comes next.
fn decision(language: Language, is_approved: bool) -> (&'static str, &'static str) {
    match (language, is_approved) {
        (Language::De, true) => (
            "freigegeben",
            "Sie können die Schlüssel jetzt einmal abrufen, innerhalb von 24 Stunden:",
        ),
        (Language::De, false) => ("abgelehnt", "Ihre Anforderungen stehen hier:"),
        (Language::En, true) => ("approved", "You can fetch the keys once now, within 24 hours:"),
        (Language::En, false) => ("refused", "Your requests are here:"),
    }
}

/// So many devices, in the case that the sentences ask for.
fn devices(language: Language, count: u64) -> String {
    match (language, count) {
        (Language::De, 1) => "1 Zähler".to_owned(),
        (Language::De, _) => format!("{count} Zählern"),
        (Language::En, 1) => "1 meter".to_owned(),
        (Language::En, _) => format!("{count} meters"),
    }
}

/// A day as people write it.
/// So many devices that somebody gives, in the accusative.
fn moved(language: Language, device_count: u64) -> String {
    match (language, device_count) {
        (Language::De, 1) => "ein Gerät".to_owned(),
        (Language::En, 1) => "one device".to_owned(),
        (Language::De, count) => format!("{count} Geräte"),
        (Language::En, count) => format!("{count} devices"),
    }
}

/// What a new dealer finds among his devices.
fn handed(language: Language, device_count: u64) -> String {
    match (language, device_count) {
        (Language::De, 0) => "Ihre Geräte ordnen wir Ihnen noch zu.".to_owned(),
        (Language::En, 0) => "Your devices follow.".to_owned(),
        (Language::De, 1) => "Ein Gerät ist schon für Sie da.".to_owned(),
        (Language::En, 1) => "One device is there already.".to_owned(),
        (Language::De, count) => format!("{count} Geräte sind schon für Sie da."),
        (Language::En, count) => format!("{count} devices are there already."),
    }
}

fn day(language: Language, day: NaiveDate) -> String {
    let form = match language {
        Language::De => "%d.%m.%Y",
        Language::En => "%-d %B %Y",
    };
    day.format(form).to_string()
}

/// From when the portal is where customers turn to.
fn announcement(language: Language, from: Option<NaiveDate>) -> String {
    let Some(from) = from.map(|from| day(language, from)) else {
        return String::new();
    };
    match language {
        Language::De => {
            format!(" Ab dem {from} finden Sie alles nur noch dort; einrichten können Sie ihn schon heute.")
        }
        Language::En => format!(" From {from} you find everything there and nowhere else; you can set it up today."),
    }
}

/// How long a link works.
fn life(language: Language, hours: i64) -> String {
    match (language, hours) {
        (Language::De, 1) => "eine Stunde".to_owned(),
        (Language::De, hours) if hours % 24 == 0 && hours > 24 => format!("{} Tage", hours / 24),
        (Language::De, hours) => format!("{hours} Stunden"),
        (Language::En, 1) => "one hour".to_owned(),
        (Language::En, hours) if hours % 24 == 0 && hours > 24 => format!("{} days", hours / 24),
        (Language::En, hours) => format!("{hours} hours"),
    }
}

/// What a right opens.
fn opened(language: Language, shows_keys: bool) -> &'static str {
    match (language, shows_keys) {
        (Language::De, true) => {
            "Damit sehen Sie in unserem Portal die Schlüssel, mit denen sich die verschlüsselten Funktelegramme dieser \
             Geräte lesen lassen."
        }
        (Language::De, false) => {
            "Damit prüfen und lesen Sie in unserem Portal die verschlüsselten Funktelegramme dieser Geräte, ohne die \
             Schlüssel zu sehen."
        }
        (Language::En, true) => {
            "It lets you see, in our portal, the keys with which the encrypted radio telegrams of these devices can be \
             read."
        }
        (Language::En, false) => {
            "It lets you check and read, in our portal, the encrypted radio telegrams of these devices, without seeing \
             the keys."
        }
    }
}

/// Rights of one reader that end on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// Whose.
    pub email: String,
    /// Their last day.
    pub until: NaiveDate,
    /// How many devices.
    pub device_count: u64,
}

/// A line for each, in the order of their days.
fn endings_list(language: Language, endings: &[Ending], more: usize) -> String {
    let mut lines: Vec<_> = endings
        .iter()
        .map(|ending| {
            let (email, count) = (one_line(&ending.email), ending.device_count);
            let last_day = day(language, ending.until);
            match (language, count) {
                (Language::De, 1) => format!("- {last_day}: {email}, 1 Gerät"),
                (Language::De, _) => format!("- {last_day}: {email}, {count} Geräte"),
                (Language::En, 1) => format!("- {last_day}: {email}, 1 device"),
                (Language::En, _) => format!("- {last_day}: {email}, {count} devices"),
            }
        })
        .collect();
    match (language, more) {
        (_, 0) => {}
        (Language::De, _) => lines.push(format!("- und {more} weitere")),
        (Language::En, _) => lines.push(format!("- and {more} more")),
    }
    lines.join("\n")
}

/// Until when rights count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// All to the same last day; none if they have no end.
    Same(Option<NaiveDate>),
    /// To different days.
    Various,
}

impl Ends {
    /// The ends of several rights.
    pub fn of(mut days: impl Iterator<Item = Option<NaiveDate>>) -> Self {
        let first = days.next().flatten();
        if days.all(|day| day == first) {
            Self::Same(first)
        } else {
            Self::Various
        }
    }
}

/// Until when the right counts.
fn last_day(language: Language, ends: Ends, dealer: &str) -> String {
    match (language, ends) {
        (Language::De, Ends::Same(Some(day))) => {
            format!("Der Zugang gilt bis einschließlich {}.", day.format("%d.%m.%Y"))
        }
        (Language::De, Ends::Same(None)) => format!("Der Zugang gilt, bis {dealer} ihn beendet."),
        (Language::De, Ends::Various) => {
            "Der Zugang endet nicht für alle am selben Tag; Sie sehen die Tage im Portal.".to_owned()
        }
        (Language::En, Ends::Same(Some(day))) => {
            format!("The access lasts until {}, that day included.", day.format("%-d %B %Y"))
        }
        (Language::En, Ends::Same(None)) => format!("The access lasts until {dealer} ends it."),
        (Language::En, Ends::Various) => {
            "The access does not end on the same day for all of them; you see the days in the portal.".to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENDER: Sender<'_> = Sender {
        name: "Stadtwerke Musterstadt",
        address: None,
        phone: None,
        hours: None,
        support_email: Some("hilfe@example.org"),
    };

    fn read_rights(dealer: &str, device_count: u64, until: Option<NaiveDate>) -> Template {
        let link = "https://portal.example.org/link/Zm9v".to_owned();
        Template::ReadRights {
            dealer: dealer.to_owned(),
            device_count,
            ends: Ends::Same(until),
            shows_keys: true,
            link,
            link_days: 7,
        }
    }

    #[test]
    fn the_german_mail_says_who_what_where_and_until_when() {
        let until = NaiveDate::from_ymd_opt(2027, 3, 9);
        let words = read_rights("Haustechnik Brandt", 2, until).words(Language::De, SENDER);
        assert_eq!(words.subject, "Haustechnik Brandt gibt Ihnen Zugang zu 2 Zählern");
        assert!(
            words
                .text
                .starts_with("Guten Tag,\n\nHaustechnik Brandt gibt Ihnen Zugang zu 2 Zählern. ")
        );
        assert!(words.text.contains("\nhttps://portal.example.org/link/Zm9v\n"));
        assert!(words.text.contains("Der Link gilt 7 Tage"));
        assert!(words.text.contains("Der Zugang gilt bis einschließlich 09.03.2027."));
        assert!(
            words
                .text
                .ends_with("\nFreundliche Grüße\nStadtwerke Musterstadt\nhilfe@example.org\n")
        );
    }

    #[test]
    fn the_english_mail_says_the_same() {
        let words = read_rights("Haustechnik Brandt", 1, None).words(Language::En, SENDER);
        assert_eq!(words.subject, "Haustechnik Brandt gives you access to 1 meter");
        assert!(words.text.contains("\nhttps://portal.example.org/link/Zm9v\n"));
        assert!(words.text.contains("The link works for 7 days"));
        assert!(
            words
                .text
                .contains("The access lasts until Haustechnik Brandt ends it.")
        );
        assert!(
            words
                .text
                .ends_with("\nKind regards\nStadtwerke Musterstadt\nhilfe@example.org\n")
        );
    }

    #[test]
    fn a_name_adds_no_line_and_no_placeholder() {
        let words = read_rights("Brandt\r\nBcc: eve@example.org\n\n{link}", 1, None).words(Language::De, SENDER);
        assert_eq!(
            words.subject,
            "Brandt Bcc: eve@example.org {link} gibt Ihnen Zugang zu 1 Zähler"
        );
        assert_eq!(words.text.matches("https://").count(), 1);
    }

    #[test]
    fn the_foot_says_all_that_is_known_of_the_provider() {
        let sender = Sender {
            address: Some("Hafenstraße 12,\n46049 Oberhausen"),
            phone: Some("0208 555 0100"),
            hours: Some("Mo bis Fr"),
            ..SENDER
        };
        let words = read_rights("Brandt", 1, None).words(Language::De, sender);
        let foot = "\nStadtwerke Musterstadt\nHafenstraße 12, 46049 Oberhausen\n0208 555 0100 (Mo bis Fr)\nhilfe@example.org\n";
        assert!(words.text.ends_with(foot), "{}", words.text);
    }

    #[test]
    fn a_provider_without_a_support_address_signs_with_its_name() {
        let sender = Sender {
            support_email: None,
            ..SENDER
        };
        let words = read_rights("Brandt", 1, None).words(Language::De, sender);
        assert!(words.text.ends_with("\nFreundliche Grüße\nStadtwerke Musterstadt\n"));
    }
}

//! What is known of the keys that a right opened: whether they were seen, taken or only proven, and whether another right
//! still opens them. It is the dealer's receipt of a right that he took back; what was seen cannot be taken back.
use super::{account_name, list::get, readable_by, state};
use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::{assignment, device, key_use, read_right, user},
    error::{Error, Result},
    face,
    page::Page,
    paper::{Block, Paper},
};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, RelationDef,
    sea_query::{Expr, SelectStatement},
};
use shared::{
    account::Language,
    device::{KeyUse, ReadRightState},
    id::AssignmentId,
};
use uuid::Uuid;

/// The most uses that a paper lists.
const LISTED: u64 = 500;

/// What is known of the keys of an assignment's devices, in numbers of devices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// All that the assignment is, or was, about.
    pub device_count: i64,
    /// Those of which a key was shown on a page.
    pub shown_count: i64,
    /// Those of which a key left in a file.
    pub exported_count: i64,
    /// Those of which a key was shown or left.
    pub seen_count: i64,
    /// Those that the reader's account may still read by another right, or holds itself.
    pub still_readable_count: i64,
}

/// A time that the reader's account used a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Used {
    /// Names it.
    pub id: Uuid,
    /// The device's serial number.
    pub serial_number: String,
    /// The name of the key.
    pub name: String,
    /// What was done.
    pub how: KeyUse,
    /// When.
    pub at: DateTime<Utc>,
}

/// The devices of an assignment that its callers found for the dealer.
fn devices(id: AssignmentId) -> SelectStatement {
    read_right::Entity::find()
        .filter(read_right::COLUMN.assignment_id.eq(id))
        .select_only()
        .column(read_right::Column::DeviceId)
        .into_query()
}

/// What the account that accepted the assignment did with keys of its devices, at whatever time and by whatever right.
fn uses(row: &assignment::Model) -> sea_orm::Select<key_use::Entity> {
    key_use::Entity::find()
        .filter(match row.reader_account_id {
            Some(reader) => Condition::all().add(key_use::COLUMN.account_id.eq(reader)),
            None => Condition::any().add(key_use::COLUMN.id.is_null()), // nobody accepted it
        })
        .filter(key_use::Column::DeviceId.in_subquery(devices(row.id)))
}

/// What is known of the keys of an assignment that its callers found for the dealer.
///
/// # Errors
/// If the database refuses.
pub async fn of(app: &App, row: &assignment::Model) -> Result<Receipt> {
    let device_count = read_right::Entity::find()
        .filter(read_right::COLUMN.assignment_id.eq(row.id))
        .count(&app.db)
        .await?;
    let distinct = async |how: &[KeyUse]| -> Result<i64> {
        let count: Option<i64> = uses(row)
            .filter(key_use::COLUMN.how.is_in(how.iter().copied()))
            .select_only()
            .expr(Expr::col((key_use::Entity, key_use::Column::DeviceId)).count_distinct())
            .into_tuple()
            .one(&app.db)
            .await?;
        Ok(count.unwrap_or_default())
    };
    let still = match row.reader_account_id {
        None => 0,
        Some(reader) => {
            let open = Condition::any()
                .add(device::COLUMN.account_id.eq(reader))
                .add(device::Column::Id.in_subquery(readable_by(reader, app.clock.today())));
            device::Entity::find()
                .filter(device::Column::Id.in_subquery(devices(row.id)))
                .filter(open)
                .count(&app.db)
                .await?
        }
    };
    Ok(Receipt {
        device_count: i64::try_from(device_count).unwrap_or(i64::MAX),
        shown_count: distinct(&[KeyUse::Shown]).await?,
        exported_count: distinct(&[KeyUse::Exported]).await?,
        seen_count: distinct(&[KeyUse::Shown, KeyUse::Exported]).await?,
        still_readable_count: i64::try_from(still).unwrap_or(i64::MAX),
    })
}

/// A page of the times that the reader's account used keys of an assignment's devices, newest first, and how many there
/// are. Its callers found the assignment for the dealer.
///
/// # Errors
/// If the database refuses.
pub async fn used(app: &App, row: &assignment::Model, page: &Page<Uuid>) -> Result<(Vec<Used>, u64)> {
    let found = uses(row);
    let total = found.clone().count(&app.db).await?;
    let to_device: RelationDef = key_use::Entity::belongs_to(device::Entity)
        .from(key_use::Column::DeviceId)
        .to(device::Column::Id)
        .into();
    let rows: Vec<(Uuid, String, String, KeyUse, DateTime<Utc>)> = found
        .apply_if(page.after, |rows, after| rows.filter(key_use::COLUMN.id.lt(after)))
        .join(JoinType::InnerJoin, to_device)
        .select_only()
        .column(key_use::Column::Id)
        .column(device::Column::SerialNumber)
        .columns([key_use::Column::Name, key_use::Column::How, key_use::Column::At])
        .order_by_desc(key_use::Column::Id)
        .limit(page.limit())
        .into_tuple()
        .all(&app.db)
        .await?;
    let rows = rows.into_iter().map(|(id, serial_number, name, how, at)| Used {
        id,
        serial_number,
        name,
        how,
        at,
    });
    Ok((rows.collect(), total))
}

/// The receipt as PDF.
///
/// # Errors
/// Those of [`get`].
pub async fn print(app: &App, actor: &Actor, id: AssignmentId, language: Language) -> Result<Vec<u8>> {
    let row = get(app, actor, id).await?;
    let receipt = of(app, &row).await?;
    let page = Page {
        first: LISTED,
        after: None,
    };
    let (used, total) = used(app, &row, &page).await?;
    let who = match row.revoked_by {
        Some(id) => user::Entity::find_by_id(id).one(&app.db).await?,
        None => None,
    };
    let who = who.and_then(|user| user.name.or(user.email));
    let dealer = account_name(&app.db, row.account_id).await?;
    let serials: Vec<String> = device::Entity::find()
        .filter(device::Column::Id.in_subquery(devices(row.id)))
        .select_only()
        .column(device::Column::SerialNumber)
        .order_by_asc(device::Column::SerialNumber)
        .limit(LISTED)
        .into_tuple()
        .all(&app.db)
        .await?;
    let words = Printed {
        language,
        row: &row,
        receipt: &receipt,
        dealer,
        who,
        today: app.clock.today(),
    };
    let face = face::current_in(&app.db, app).await?;
    let letterhead = face.letterhead(app).await?;
    let paper = Paper {
        title: words.title().to_owned(),
        language,
        author: face.name.clone(),
        letterhead,
        foot: face.address.clone().unwrap_or_default(),
        date: app.clock.now(),
        blocks: words.blocks(&used, total, &serials),
        enclosed: None,
    };
    let pdf = tokio::task::spawn_blocking(move || crate::paper::pdf(&paper))
        .await
        .map_err(|error| Error::from(anyhow::Error::new(error)))??;
    let tx = app.begin().await?;
    audit::record(
        &tx,
        app,
        Some(actor),
        "printReadRightsReceipt",
        Some(id.to_string()),
        true,
    )
    .await?;
    tx.commit().await?;
    Ok(pdf)
}

/// The words of the paper.
struct Printed<'a> {
    language: Language,
    row: &'a assignment::Model,
    receipt: &'a Receipt,
    dealer: String,
    who: Option<String>,
    today: NaiveDate,
}

impl Printed<'_> {
    fn word(&self, german: &'static str, english: &'static str) -> &'static str {
        match self.language {
            Language::De => german,
            Language::En => english,
        }
    }

    fn title(&self) -> &'static str {
        self.word("Beleg über Leserechte", "Receipt about read rights")
    }

    /// What can be said honestly.
    fn verdict(&self) -> String {
        let Receipt {
            device_count: all,
            seen_count: seen,
            ..
        } = self.receipt;
        let opening = match (self.row.accepted_at.is_some(), seen) {
            (false, _) => self.word(
                "Die Rechte wurden nie angenommen. Über sie hat niemand einen Schlüssel gesehen.",
                "The rights were never accepted. Nobody saw a key by them.",
            ),
            (true, 0) => self.word(
                "Kein Schlüssel dieser Geräte wurde in diesem Konto angezeigt oder als Datei ausgegeben.",
                "No key of these devices was shown or left in a file in this account.",
            ),
            (true, _) => {
                return match self.language {
                    Language::De => format!(
                        "Schlüssel von {seen} der {all} Geräte wurden angezeigt oder ausgegeben. Was bekannt ist, lässt sich nicht \
                         zurückholen: Wer den Schlüssel hat, kann die Telegramme weiter lesen."
                    ),
                    Language::En => format!(
                        "Keys of {seen} of the {all} devices were shown or left in a file. What is known cannot be taken back: \
                         whoever has the key can go on reading the telegrams."
                    ),
                };
            }
        };
        opening.to_owned()
    }

    fn blocks(&self, used: &[Used], total: u64, serials: &[String]) -> Vec<Block> {
        let Self { row, receipt, .. } = self;
        let none = || "–".to_owned();
        let time =
            |time: Option<DateTime<Utc>>| time.map_or_else(none, |time| time.format("%Y-%m-%d %H:%M UTC").to_string());
        let day = |day: Option<NaiveDate>| day.map_or_else(none, |day| day.to_string());
        let state = match state(row, self.today) {
            ReadRightState::Pending => self.word("ausstehend", "pending"),
            ReadRightState::Upcoming => self.word("beginnt später", "upcoming"),
            ReadRightState::Active => self.word("aktiv", "active"),
            ReadRightState::Ended => self.word("beendet", "ended"),
            ReadRightState::Revoked => self.word("entzogen", "taken back"),
        };
        let fact = |german, english, value: String| (self.word(german, english).to_owned(), value);
        let mut facts = vec![
            fact("Gegeben von", "Given by", self.dealer.clone()),
            fact("Gegeben an", "Given to", row.email.clone()),
            fact("Stand", "State", state.to_owned()),
            fact("Zugeordnet", "Assigned", time(Some(row.created_at))),
            fact("Angenommen", "Accepted", time(row.accepted_at)),
            fact("Lesen bis", "Reading until", day(row.until)),
            fact("Entzogen", "Taken back", time(row.revoked_at)),
        ];
        if let Some(who) = &self.who {
            facts.push(fact("Entzogen von", "Taken back by", who.clone()));
        }
        let number = |count: i64| count.to_string();
        facts.extend([
            fact("Geräte", "Devices", number(receipt.device_count)),
            fact("Schlüssel angezeigt", "Keys shown", number(receipt.shown_count)),
            fact("Schlüssel ausgegeben", "Keys in files", number(receipt.exported_count)),
            fact(
                "Noch lesbar über ein anderes Recht",
                "Readable still by another right",
                number(receipt.still_readable_count),
            ),
        ]);
        let mut blocks = vec![
            Block::Heading(1, self.title().to_owned()),
            Block::Paragraph(self.verdict()),
            Block::Facts(facts),
        ];
        if !used.is_empty() {
            let heads = [
                self.word("Wann (UTC)", "When (UTC)"),
                self.word("Gerät", "Device"),
                self.word("Schlüssel", "Key"),
                self.word("Was", "What"),
            ];
            let rows = used.iter().map(|used| {
                let how = match used.how {
                    KeyUse::Shown => self.word("angezeigt", "shown"),
                    KeyUse::Exported => self.word("ausgegeben", "left in a file"),
                    KeyUse::Proved => self.word("geprüft, nicht gezeigt", "proven, not shown"),
                };
                vec![
                    used.at.format("%Y-%m-%d %H:%M").to_string(),
                    used.serial_number.clone(),
                    used.name.clone(),
                    how.to_owned(),
                ]
            });
            blocks.push(Block::Heading(
                2,
                self.word("Was mit Schlüsseln geschah", "What was done with keys")
                    .to_owned(),
            ));
            blocks.push(Block::Table(
                heads.map(str::to_owned).to_vec(),
                rows.take(LISTED as usize).collect(),
            ));
            if total > LISTED {
                let more = total - LISTED;
                blocks.push(Block::Paragraph(match self.language {
                    Language::De => format!("Und {more} weitere Male."),
                    Language::En => format!("And {more} more times."),
                }));
            }
        }
        let left = receipt.device_count - i64::try_from(serials.len()).unwrap_or(i64::MAX);
        let mut named = serials.join(", ");
        if left > 0 {
            named.push_str(&match self.language {
                Language::De => format!(" und {left} weitere"),
                Language::En => format!(" and {left} more"),
            });
        }
        blocks.push(Block::Heading(2, self.word("Geräte", "Devices").to_owned()));
        blocks.push(Block::Paragraph(named));
        blocks
    }
}

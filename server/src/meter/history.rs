//! What happened with a device, newest first: where its keys came from, who was given the right to read it, and what was
//! done with its keys. Its holder sees what concerns him, whoever may read it what concerns himself.
use super::{Scope, get};
use crate::{
    actor::Actor,
    app::App,
    entity::{
        account, assignment, device, device_key, former_key, key_import, key_use, read_right, transfer,
        transfer_device, user,
    },
    error::Result,
    page::Page,
};
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    RelationDef,
};
use shared::{
    account::Right,
    device::{DeviceEventKind, KeyUse, TransferState},
    id::{AccountId, DeviceId, KeyImportId, TransferId, UserId},
};
use std::{
    cmp::Reverse,
    collections::{BTreeSet, HashMap},
};
use uuid::Uuid;

/// The most rights of one device that its history tells of, the newest: one device is given to a few people in its life.
pub const RIGHTS_MAX: u64 = 500;

/// Something that happened with a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub kind: DeviceEventKind,
    /// Who did it, by name or e-mail address; none where the viewer is not told, or where time did it.
    pub who: Option<String>,
    /// The address that a right was given to, or whose reader used a key.
    pub email: Option<String>,
    /// The name of the key, such as DEK.
    pub key_name: Option<String>,
    /// The file that a key came from.
    pub file_name: Option<String>,
    /// Tells events of one instant and kind apart.
    id: String,
}

/// What orders events, the last first.
pub type Place = (DateTime<Utc>, u8, String);

impl Event {
    fn new(at: DateTime<Utc>, kind: DeviceEventKind, id: impl Into<String>) -> Self {
        Self {
            at,
            kind,
            who: None,
            email: None,
            key_name: None,
            file_name: None,
            id: id.into(),
        }
    }

    /// Its place in the order.
    pub fn place(&self) -> Place {
        (self.at, rank(self.kind), self.id.clone())
    }
}

/// The order of what happened in one instant. All uses of keys have one rank, the highest: they come in pages.
fn rank(kind: DeviceEventKind) -> u8 {
    match kind {
        DeviceEventKind::Added | DeviceEventKind::HandedOver => 0,
        DeviceEventKind::KeyAdded => 1,
        DeviceEventKind::KeyReplaced => 2,
        DeviceEventKind::RightGiven => 3,
        DeviceEventKind::RightAccepted => 4,
        DeviceEventKind::RightEnded => 5,
        DeviceEventKind::RightRevoked => 6,
        DeviceEventKind::KeyShown | DeviceEventKind::KeyExported | DeviceEventKind::KeyProved => USES,
    }
}

const USES: u8 = 7;

/// Who looks.
struct Viewer<'a> {
    actor: &'a Actor,
    account: AccountId,
    holds: bool,
    device: device::Model,
}

/// A page of what happened with a device that the actor sees, and how much it is altogether.
///
/// # Errors
/// [`crate::error::Error::NotFound`] for devices that he does not see.
pub async fn of(app: &App, actor: &Actor, id: DeviceId, page: &Page<Place>) -> Result<(Vec<Event>, u64)> {
    let device = get(&app.db, app, actor, id).await?;
    let viewer = Viewer {
        actor,
        account: actor.in_view()?.id,
        holds: Scope::of(actor)?.holds(&device),
        device,
    };
    let rights = viewer.rights(app).await?;
    let mut events = viewer.keys(app).await?;
    let uses = viewer.uses(&rights);
    let total = uses.clone().count(&app.db).await?;
    events.extend(viewer.told(app, &rights).await?);
    events.extend(viewer.handed(app).await?);
    let total = total.saturating_add(events.len() as u64);
    if let Some(after) = &page.after {
        events.retain(|event| event.place() < *after);
    }
    events.extend(viewer.used(app, uses, &rights, page).await?);
    events.sort_by_cached_key(|event| Reverse(event.place()));
    events.truncate(usize::try_from(page.limit()).unwrap_or(usize::MAX));
    Ok((events, total))
}

/// The name of a person, else his address.
fn called(name: Option<String>, email: Option<String>) -> Option<String> {
    name.or(email)
}

impl Viewer<'_> {
    /// The rights to read the device that concern the viewer: those that he gave, or those that he accepted.
    async fn rights(&self, app: &App) -> Result<Vec<assignment::Model>> {
        let of_device: RelationDef = assignment::Entity::belongs_to(read_right::Entity)
            .from(assignment::Column::Id)
            .to(read_right::Column::AssignmentId)
            .into();
        let own = if self.holds {
            assignment::COLUMN.account_id.eq(self.account)
        } else {
            assignment::COLUMN.reader_account_id.eq(self.account)
        };
        Ok(assignment::Entity::find()
            .join(JoinType::InnerJoin, of_device)
            .filter(read_right::COLUMN.device_id.eq(self.device.id))
            .filter(own)
            .order_by_desc(assignment::Column::Id)
            .limit(RIGHTS_MAX)
            .all(&app.db)
            .await?)
    }

    /// That the device was added, and which keys came or changed later. Who may only read it learns of new keys, as his
    /// own stop to work, not of files.
    async fn keys(&self, app: &App) -> Result<Vec<Event>> {
        let id = self.device.id;
        let mut stored: Vec<(String, KeyImportId)> = device_key::Entity::find()
            .filter(device_key::COLUMN.device_id.eq(id))
            .select_only()
            .columns([device_key::Column::Name, device_key::Column::ImportId])
            .into_tuple()
            .all(&app.db)
            .await?;
        let former: Vec<(String, KeyImportId, KeyImportId)> = former_key::Entity::find()
            .filter(former_key::COLUMN.device_id.eq(id))
            .select_only()
            .columns([
                former_key::Column::Name,
                former_key::Column::ImportId,
                former_key::Column::ReplacedBy,
            ])
            .into_tuple()
            .all(&app.db)
            .await?;
        stored.extend(former.iter().map(|(name, import, _)| (name.clone(), *import)));
        let is_new = |name: &String, import| former.iter().any(|(of, _, by)| of == name && *by == import);

        let imports: BTreeSet<_> = stored
            .iter()
            .map(|(_, import)| *import)
            .chain(self.device.import_id)
            .collect();
        let of_user: RelationDef = key_import::Entity::belongs_to(user::Entity)
            .from(key_import::Column::UserId)
            .to(user::Column::Id)
            .into();
        type Row = (
            KeyImportId,
            AccountId,
            String,
            DateTime<Utc>,
            Option<String>,
            Option<String>,
        );
        let rows: Vec<Row> = key_import::Entity::find()
            .filter(key_import::COLUMN.id.is_in(imports))
            .join(JoinType::InnerJoin, of_user)
            .select_only()
            .columns([
                key_import::Column::Id,
                key_import::Column::AccountId,
                key_import::Column::FileName,
                key_import::Column::CreatedAt,
            ])
            .columns([user::Column::Name, user::Column::Email])
            .into_tuple()
            .all(&app.db)
            .await?;
        let imports: HashMap<_, _> = rows.into_iter().map(|row| (row.0, row)).collect();
        let event = |kind, at, name: Option<&String>, import: Option<KeyImportId>| {
            let row = import.and_then(|import| imports.get(&import));
            // what another account did with the device is not told by name
            let own = row.filter(|(_, account, ..)| self.holds && *account == self.account);
            Event {
                who: own.and_then(|(.., who, email)| called(who.clone(), email.clone())),
                file_name: own.map(|(_, _, file, ..)| file.clone()),
                key_name: name.cloned(),
                ..Event::new(at, kind, name.cloned().unwrap_or_default())
            }
        };
        let mut events = Vec::new();
        if self.holds {
            let at = self.device.created_at;
            events.push(event(DeviceEventKind::Added, at, None, self.device.import_id));
        }
        for (name, import) in stored {
            let Some((_, _, _, at, ..)) = imports.get(&import) else {
                continue;
            };
            let kind = if is_new(&name, import) {
                DeviceEventKind::KeyReplaced
            } else if self.holds && self.device.import_id != Some(import) {
                DeviceEventKind::KeyAdded
            } else {
                continue; // it came with the device
            };
            events.push(event(kind, *at, Some(&name), Some(import)));
        }
        Ok(events)
    }

    /// What became of rights.
    async fn told(&self, app: &App, rights: &[assignment::Model]) -> Result<Vec<Event>> {
        let people = self.people(app, rights).await?;
        let dealers = self.dealers(app, rights).await?;
        let person = |id: Option<UserId>, dealer| {
            if self.holds {
                id.and_then(|id| people.get(&id).cloned())
            } else {
                dealers.get(&dealer).cloned()
            }
        };
        let today = app.clock.today();
        let mut events = Vec::new();
        for row in rights {
            let mut add = |at, kind, who| {
                events.push(Event {
                    who,
                    email: Some(row.email.clone()),
                    ..Event::new(at, kind, row.id.to_string())
                });
            };
            let giver = person(Some(row.user_id), row.account_id);
            add(row.created_at, DeviceEventKind::RightGiven, giver);
            if let Some(at) = row.accepted_at {
                add(at, DeviceEventKind::RightAccepted, None);
            }
            let end = row.until.filter(|until| *until < today);
            if let Some(at) = row.revoked_at {
                add(
                    at,
                    DeviceEventKind::RightRevoked,
                    person(row.revoked_by, row.account_id),
                );
            } else if let Some(end) = end {
                let at = end.and_time(NaiveTime::MIN).and_utc() + TimeDelta::days(1);
                add(at, DeviceEventKind::RightEnded, None);
            }
        }
        Ok(events)
    }

    /// From whom the device came to its holder; how it went before that is not his.
    async fn handed(&self, app: &App) -> Result<Vec<Event>> {
        if !self.holds {
            return Ok(Vec::new());
        }
        let of_device: RelationDef = transfer::Entity::belongs_to(transfer_device::Entity)
            .from(transfer::Column::Id)
            .to(transfer_device::Column::TransferId)
            .into();
        let from: RelationDef = transfer::Entity::belongs_to(account::Entity)
            .from(transfer::Column::AccountId)
            .to(account::Column::Id)
            .into();
        type Row = (TransferId, Option<DateTime<Utc>>, String);
        let rows: Vec<Row> = transfer::Entity::find()
            .join(JoinType::InnerJoin, of_device)
            .join(JoinType::InnerJoin, from)
            .filter(transfer_device::COLUMN.device_id.eq(self.device.id))
            .filter(transfer::COLUMN.to_account_id.eq(self.account))
            .filter(transfer::COLUMN.state.eq(TransferState::Accepted))
            .select_only()
            .columns([transfer::Column::Id, transfer::Column::DecidedAt])
            .column(account::Column::Name)
            .into_tuple()
            .all(&app.db)
            .await?;
        let event = |(id, at, name): Row| {
            Some(Event {
                who: Some(name),
                ..Event::new(at?, DeviceEventKind::HandedOver, id.to_string())
            })
        };
        Ok(rows.into_iter().filter_map(event).collect())
    }

    /// What the holder's people are called who gave and revoked rights.
    async fn people(&self, app: &App, rights: &[assignment::Model]) -> Result<HashMap<UserId, String>> {
        if !self.holds {
            return Ok(HashMap::new()); // a reader is told the dealer's name
        }
        let ids: BTreeSet<_> = rights
            .iter()
            .flat_map(|row| [Some(row.user_id), row.revoked_by])
            .flatten()
            .collect();
        let rows = user::Entity::find()
            .filter(user::COLUMN.id.is_in(ids))
            .all(&app.db)
            .await?;
        let named = |row: user::Model| Some((row.id, called(row.name, row.email)?));
        Ok(rows.into_iter().filter_map(named).collect())
    }

    /// What the dealers are called who gave rights to the viewer.
    async fn dealers(&self, app: &App, rights: &[assignment::Model]) -> Result<HashMap<AccountId, String>> {
        if self.holds {
            return Ok(HashMap::new());
        }
        let ids: BTreeSet<_> = rights.iter().map(|row| row.account_id).collect();
        let rows = account::Entity::find()
            .filter(account::COLUMN.id.is_in(ids))
            .all(&app.db)
            .await?;
        Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
    }

    /// What was done with keys in the viewer's account, by all if he looks after its users, else by himself; a holder
    /// also sees what the readers did whom he gave the device.
    fn uses(&self, rights: &[assignment::Model]) -> sea_orm::Select<key_use::Entity> {
        let mut own = Condition::all().add(key_use::COLUMN.account_id.eq(self.account));
        if !self.actor.may(Right::ManageUsers) {
            own = own.add(key_use::COLUMN.user_id.eq(self.actor.user));
        }
        let readers: BTreeSet<_> = rights.iter().filter_map(|row| row.reader_account_id).collect();
        let of_readers = (self.holds && !readers.is_empty()).then(|| key_use::COLUMN.account_id.is_in(readers));
        key_use::Entity::find()
            .filter(key_use::COLUMN.device_id.eq(self.device.id))
            .filter(Condition::any().add(own).add_option(of_readers))
    }

    /// The uses of a page. Their ids follow time.
    async fn used(
        &self,
        app: &App,
        uses: sea_orm::Select<key_use::Entity>,
        rights: &[assignment::Model],
        page: &Page<Place>,
    ) -> Result<Vec<Event>> {
        let of_user: RelationDef = key_use::Entity::belongs_to(user::Entity)
            .from(key_use::Column::UserId)
            .to(user::Column::Id)
            .into();
        type Row = (
            Uuid,
            AccountId,
            String,
            KeyUse,
            DateTime<Utc>,
            Option<String>,
            Option<String>,
        );
        let before = page.after.as_ref().map(|(at, rank, id)| match id.parse::<Uuid>() {
            Ok(id) if *rank == USES => key_use::COLUMN.id.lt(id),
            _ => key_use::COLUMN.at.lt(*at),
        });
        let rows: Vec<Row> = uses
            .apply_if(before, QueryFilter::filter)
            .join(JoinType::LeftJoin, of_user)
            .select_only()
            .columns([
                key_use::Column::Id,
                key_use::Column::AccountId,
                key_use::Column::Name,
                key_use::Column::How,
                key_use::Column::At,
            ])
            .columns([user::Column::Name, user::Column::Email])
            .order_by_desc(key_use::Column::Id)
            .limit(page.limit())
            .into_tuple()
            .all(&app.db)
            .await?;
        let addresses: HashMap<_, _> = rights
            .iter()
            .filter_map(|row| Some((row.reader_account_id?, &row.email)))
            .collect();
        let event = |(id, account, key, how, at, name, email): Row| {
            let kind = match how {
                KeyUse::Shown => DeviceEventKind::KeyShown,
                KeyUse::Exported => DeviceEventKind::KeyExported,
                KeyUse::Proved => DeviceEventKind::KeyProved,
            };
            let is_own = account == self.account;
            Event {
                who: called(name, email).filter(|_| is_own),
                email: addresses
                    .get(&account)
                    .filter(|_| !is_own)
                    .map(|email| (*email).clone()),
                key_name: Some(key),
                ..Event::new(at, kind, id.to_string())
            }
        };
        Ok(rows.into_iter().map(event).collect())
    }
}

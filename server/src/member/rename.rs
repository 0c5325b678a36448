//! Another user name for a member: what he signs in with in this account, besides his address.
use super::{Member, change, invitation, managed, name::user_name, show};
use crate::{actor::Actor, app::App, entity::sign_in_name, error::Result, mail::Template};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use shared::id::UserId;

/// Gives a member of the account in view another user name in place of the one that he has there, or the first one.
/// The account's number itself, and names of other accounts, stay. The person is told by mail.
///
/// # Errors
/// As with [`change::change`]; [`Error::Invalid`](crate::error::Error::Invalid) at `userName` with `NOT_A_USER_NAME`, or
/// with `NAME_TAKEN` for a name that somebody has, the member himself included, or is invited with.
pub async fn rename(app: &App, actor: &Actor, user: UserId, name: &str) -> Result<Member> {
    let (tx, authority, member) = change::begin(app, actor, user).await?;
    let number = &authority.account.number;
    let name = user_name(name, number)?;
    invitation::check_free(&tx, app, member.account_id, &name).await?;
    sign_in_name::Entity::delete_many()
        .filter(sign_in_name::COLUMN.user_id.eq(user))
        .filter(
            sign_in_name::COLUMN
                .name
                .starts_with(format!("{}/", number.to_lowercase())),
        )
        .exec(&tx)
        .await?;
    let row = sign_in_name::Model {
        name: name.clone(),
        user_id: user,
    };
    row.into_active_model().insert(&tx).await?;
    let letter = Template::UserNameChanged {
        account: authority.account.name,
        name,
    };
    change::finish(tx, app, actor, "renameMember", None, user, letter).await?;
    show(app, managed(actor)?, user).await
}

//! Members and invitations as the API offers them.
mod object;

use super::{
    accept::{self, Completion},
    change::{self, Change},
    invitation::{self, NewInvitation},
    list, rename,
};
use crate::{
    actor::RequestActor,
    app::App,
    error::Result,
    page::{Connection, Page},
    session::{Origin, graphql::viewer_of},
    user::graphql::Viewer,
};
use async_graphql::{Context, InputObject, MaybeUndefined, Object, SimpleObject};
use chrono::NaiveDate;
use shared::{
    account::{Language, Right, Rights},
    id::{InvitationId, UserId},
};

pub use object::{Invitation, InvitationOffer, Member};

/// The queries of this subject.
#[derive(Debug, Default)]
pub struct MemberQuery;

#[Object]
impl MemberQuery {
    /// Who belongs to the account in view, those who came first at the top. Only for those who manage its members:
    /// with the right MANAGE_USERS, at the provider ADMINISTER.
    async fn members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
    ) -> Result<Connection<Member>> {
        let page = Page::read(first, after)?;
        let (rows, total) = list(ctx.data_unchecked(), ctx.actor()?, &page).await?;
        Ok(Connection::new(
            &page,
            rows.into_iter().map(Member).collect(),
            total,
            |row| row.0.membership.user_id,
        ))
    }

    /// The invitations into the account in view that wait to be accepted, newest first. Only for those who manage its
    /// members.
    async fn invitations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
    ) -> Result<Connection<Invitation>> {
        let page = Page::read(first, after)?;
        let (rows, total) = invitation::list(ctx.data_unchecked(), ctx.actor()?, &page).await?;
        Ok(Connection::new(
            &page,
            rows.into_iter().map(Invitation).collect(),
            total,
            |row| row.0.id,
        ))
    }

    /// What the link of an invitation offers. Looking at it changes nothing, and needs no sign-in. Refused with the
    /// reason `LINK_INVALID` once it is used, withdrawn or seven days old.
    async fn invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Out of the link: what follows `#`.")] token: String,
    ) -> Result<InvitationOffer> {
        let found = invitation::offer(ctx.data_unchecked::<App>(), &token).await?;
        Ok(found.into())
    }
}

/// The mutations of this subject.
#[derive(Debug, Default)]
pub struct MemberMutation;

#[Object]
impl MemberMutation {
    /// Invites the person with an e-mail address into the account in view, by a mail with a link; the answer is the
    /// same whether somebody has the address or not. Only for those who manage members, within their own rights, and
    /// with the password given in the last ten minutes.
    async fn invite_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom, and to what.")] input: InviteMemberInput,
    ) -> Result<InvitationPayload> {
        let new = NewInvitation {
            email: input.email,
            user_name: input.user_name,
            name: input.name,
            rights: Rights::of(&input.rights),
            until: input.until,
        };
        let row = invitation::invite(ctx.data_unchecked(), ctx.actor()?, new).await?;
        Ok(InvitationPayload {
            invitation: Invitation(row),
        })
    }

    /// Sends an invitation again; the link that was sent before is worth nothing from here on. As with
    /// `inviteMember`.
    async fn resend_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which invitation.")] input: ResendInvitationInput,
    ) -> Result<InvitationPayload> {
        let row = invitation::resend(ctx.data_unchecked(), ctx.actor()?, input.id).await?;
        Ok(InvitationPayload {
            invitation: Invitation(row),
        })
    }

    /// Withdraws an invitation; its link is worth nothing from here on. As with `inviteMember`.
    async fn withdraw_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which invitation.")] input: WithdrawInvitationInput,
    ) -> Result<WithdrawInvitationPayload> {
        invitation::withdraw(ctx.data_unchecked(), ctx.actor()?, input.id).await?;
        Ok(WithdrawInvitationPayload { id: input.id })
    }

    /// Accepts an invitation as the user whose confirmed address it was sent to, and takes the account into view.
    /// Whoever is signed in with another address is refused, and the link stays good.
    async fn accept_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The link's token.")] input: AcceptInvitationInput,
    ) -> Result<AcceptInvitationPayload> {
        let actor = accept::accept(ctx.data_unchecked(), ctx.actor()?, &input.token).await?;
        Ok(AcceptInvitationPayload { viewer: Viewer(actor) })
    }

    /// Makes a user out of an invitation, lets him into the account and signs him in. The link is used up. Refused
    /// with the reason `ALREADY_REGISTERED` if somebody has the address: sign in and use `acceptInvitation`.
    async fn complete_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The link's token and what the person chose.")] input: CompleteInvitationInput,
    ) -> Result<CompleteInvitationPayload> {
        let app = ctx.data_unchecked::<App>();
        let completion = Completion {
            token: input.token,
            name: input.name,
            password: input.password,
            language: input.language,
        };
        let (_, token) = accept::complete(app, ctx.data_unchecked::<Origin>(), completion).await?;
        Ok(CompleteInvitationPayload {
            viewer: viewer_of(ctx, app, &token).await?,
        })
    }

    /// Changes what a member of the account in view may do and until when; the person is told by mail. Nobody gives
    /// rights that he does not have, nor changes members who have such, nor lets an access last longer than his own;
    /// refused with the reason `LAST_OWNER` if nobody would be left who may do everything. Needs the password given
    /// in the last ten minutes.
    async fn change_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom, and what to change.")] input: ChangeMemberInput,
    ) -> Result<MemberPayload> {
        let change = Change {
            rights: input.rights.map(|rights| Rights::of(&rights)),
            until: match input.until {
                MaybeUndefined::Undefined => None,
                MaybeUndefined::Null => Some(None),
                MaybeUndefined::Value(day) => Some(Some(day)),
            },
        };
        let member = change::change(ctx.data_unchecked(), ctx.actor()?, input.user_id, change).await?;
        Ok(MemberPayload { member: Member(member) })
    }

    /// Gives a member another user name in the account in view, in place of the one he has there; his address, and the
    /// account's number if he signs in with it, stay. The person is told by mail. As with `changeMember`.
    async fn rename_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom, and the name.")] input: RenameMemberInput,
    ) -> Result<MemberPayload> {
        let member = rename::rename(ctx.data_unchecked(), ctx.actor()?, input.user_id, &input.user_name).await?;
        Ok(MemberPayload { member: Member(member) })
    }

    /// Shuts a member out of the account in view until he is let in again; what he has open ends at its next request.
    /// The person is told by mail. As with `changeMember`.
    async fn block_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom.")] input: BlockMemberInput,
    ) -> Result<MemberPayload> {
        let member = change::block(ctx.data_unchecked(), ctx.actor()?, input.user_id).await?;
        Ok(MemberPayload { member: Member(member) })
    }

    /// Lets a member of the account in view in again. The person is told by mail. As with `changeMember`.
    async fn unblock_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom.")] input: UnblockMemberInput,
    ) -> Result<MemberPayload> {
        let member = change::unblock(ctx.data_unchecked(), ctx.actor()?, input.user_id).await?;
        Ok(MemberPayload { member: Member(member) })
    }

    /// Removes a member from the account in view, with the names by which he signs in to it; other accounts of the
    /// person stay as they are. The person is told by mail. As with `changeMember`.
    async fn remove_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom.")] input: RemoveMemberInput,
    ) -> Result<RemoveMemberPayload> {
        change::remove(ctx.data_unchecked(), ctx.actor()?, input.user_id).await?;
        Ok(RemoveMemberPayload { user_id: input.user_id })
    }
}

/// What `inviteMember` takes.
#[derive(InputObject)]
pub struct InviteMemberInput {
    /// The address of the person, registered or not.
    pub email: String,
    /// What the person can sign in with besides the address: the account's number, a slash, and up to 40 letters,
    /// digits, dots, dashes or underscores.
    pub user_name: String,
    /// What the person is called, for the list; people name themselves when they accept. At most 100 characters.
    pub name: Option<String>,
    /// What the person may do: at least one right, and none that the viewer does not have.
    pub rights: Vec<Right>,
    /// The last day on which the access counts, in UTC; without it the access has no end.
    pub until: Option<NaiveDate>,
}

/// What `inviteMember` and `resendInvitation` give.
#[derive(SimpleObject)]
pub struct InvitationPayload {
    /// The invitation, which waits to be accepted.
    pub invitation: Invitation,
}

/// What `resendInvitation` takes.
#[derive(InputObject)]
pub struct ResendInvitationInput {
    /// The invitation.
    pub id: InvitationId,
}

/// What `withdrawInvitation` takes.
#[derive(InputObject)]
pub struct WithdrawInvitationInput {
    /// The invitation.
    pub id: InvitationId,
}

/// What `withdrawInvitation` gives.
#[derive(SimpleObject)]
pub struct WithdrawInvitationPayload {
    /// The invitation that is no more.
    pub id: InvitationId,
}

/// What `acceptInvitation` takes.
#[derive(InputObject)]
pub struct AcceptInvitationInput {
    /// Out of the link: what follows `#`.
    pub token: String,
}

/// What `acceptInvitation` gives.
#[derive(SimpleObject)]
pub struct AcceptInvitationPayload {
    /// The viewer with the account in view.
    pub viewer: Viewer,
}

/// What `completeInvitation` takes.
#[derive(InputObject)]
pub struct CompleteInvitationInput {
    /// Out of the link: what follows `#`.
    pub token: String,
    /// What the person wants to be called, if anything. At most 100 characters.
    pub name: Option<String>,
    /// The password; the policy is `portal.passwordMode`.
    pub password: String,
    /// The language in which the portal shall speak.
    pub language: Language,
}

/// What `completeInvitation` gives.
#[derive(SimpleObject)]
pub struct CompleteInvitationPayload {
    /// Who is signed in now.
    pub viewer: Viewer,
}

/// What `changeMember` takes.
#[derive(InputObject)]
pub struct ChangeMemberInput {
    /// The member.
    pub user_id: UserId,
    /// What the member may do: at least one right; what he may do now if it is left out.
    pub rights: Option<Vec<Right>>,
    /// The last day on which the access counts, in UTC; null takes the end away, and what is left out stays.
    pub until: MaybeUndefined<NaiveDate>,
}

/// What `renameMember` takes.
#[derive(InputObject)]
pub struct RenameMemberInput {
    /// The member.
    pub user_id: UserId,
    /// The new user name, as `inviteMember` takes it.
    pub user_name: String,
}

/// What `blockMember` takes.
#[derive(InputObject)]
pub struct BlockMemberInput {
    /// The member.
    pub user_id: UserId,
}

/// What `unblockMember` takes.
#[derive(InputObject)]
pub struct UnblockMemberInput {
    /// The member.
    pub user_id: UserId,
}

/// What `removeMember` takes.
#[derive(InputObject)]
pub struct RemoveMemberInput {
    /// The member.
    pub user_id: UserId,
}

/// What `removeMember` gives.
#[derive(SimpleObject)]
pub struct RemoveMemberPayload {
    /// The user who was a member.
    pub user_id: UserId,
}

/// What `changeMember`, `renameMember`, `blockMember` and `unblockMember` give.
#[derive(SimpleObject)]
pub struct MemberPayload {
    /// The member as he is now.
    pub member: Member,
}

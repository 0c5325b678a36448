//! What managing members asks the server.
use crate::api::{self, ApiError, Day, Instant, PageInfo, schema};
use cynic::{MutationBuilder, QueryBuilder};
use shared::{
    account::Right,
    id::{InvitationId, UserId},
};

/// How many members a page has.
pub const PAGE: i32 = 50;

/// Somebody who belongs to the account.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Since when he is shut out.
    pub blocked_at: Option<Instant>,
    /// His address.
    pub email: Option<String>,
    /// Whether his access is over.
    pub has_ended: bool,
    /// Whether he signs in with a second factor.
    pub has_second_factor: bool,
    /// Whether this is who looks.
    pub is_viewer: bool,
    /// When he last did something here.
    pub last_seen_at: Option<Instant>,
    /// What he is called.
    pub name: Option<String>,
    /// What he may do, as it was granted.
    pub rights: Vec<Right>,
    /// His last day.
    pub until: Option<Day>,
    /// Names the user.
    pub user_id: UserId,
    /// What he signs in with here.
    pub user_names: Vec<String>,
    /// Whether who looks may change him.
    pub viewer_can_change: bool,
}

impl Member {
    /// What he signs in with that begins with the account's number and a slash.
    pub fn user_name(&self) -> Option<&str> {
        self.user_names
            .iter()
            .map(String::as_str)
            .find(|name| name.contains('/'))
    }

    /// What he is called: the name, else the address, else a user name.
    pub fn display_name(&self) -> String {
        let name = self.name.clone().filter(|name| !name.trim().is_empty());
        name.or_else(|| self.email.clone())
            .or_else(|| self.user_names.first().cloned())
            .unwrap_or_default()
    }
}

/// Somebody who was invited and has not accepted yet.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// To whom it was sent.
    pub email: String,
    /// Names the invitation.
    pub id: InvitationId,
    /// Whether its newest link is over.
    pub is_link_over: bool,
    /// When its newest link ends.
    pub link_ends_at: Instant,
    /// What he is called.
    pub name: Option<String>,
    /// What he will be able to do.
    pub rights: Vec<Right>,
    /// His last day.
    pub until: Option<Day>,
    /// What he will sign in with.
    pub user_name: String,
}

impl Invitation {
    /// What he is called: the name, else the address.
    pub fn display_name(&self) -> String {
        self.name.clone().unwrap_or_else(|| self.email.clone())
    }
}

/// A page of members.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct MemberConnection {
    /// The members.
    pub nodes: Vec<Member>,
    /// Where the page ends.
    pub page_info: PageInfo,
    /// How many there are on all pages.
    pub total_count: i32,
}

/// The invitations that wait.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct InvitationConnection {
    /// The invitations.
    pub nodes: Vec<Invitation>,
    /// How many there are.
    pub total_count: i32,
}

#[derive(cynic::QueryVariables)]
struct PeopleVariables {
    after: Option<String>,
    first: Option<i32>,
    waiting: Option<i32>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "PeopleVariables")]
struct PeopleQuery {
    #[arguments(after: $after, first: $first)]
    members: MemberConnection,
    #[arguments(first: $waiting)]
    invitations: InvitationConnection,
}

/// Who belongs to the account, and who was invited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct People {
    /// A page of the members.
    pub members: MemberConnection,
    /// All that wait: there are never more than a page of them.
    pub invitations: InvitationConnection,
}

/// A page of the members, and all invitations.
pub async fn people(after: Option<String>) -> Result<People, ApiError> {
    let variables = PeopleVariables {
        after,
        first: Some(PAGE),
        waiting: Some(100),
    };
    let PeopleQuery { members, invitations } = api::send(PeopleQuery::build(variables)).await?;
    Ok(People { members, invitations })
}

/// What to change of a member.
#[derive(cynic::InputObject, Clone, Debug)]
pub struct ChangeMemberInput {
    /// What he may do.
    pub rights: Option<Vec<Right>>,
    /// His last day; none takes the end away.
    pub until: Option<Day>,
    /// Whom.
    pub user_id: UserId,
}

#[derive(cynic::QueryVariables)]
struct ChangeVariables {
    input: ChangeMemberInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "ChangeVariables")]
struct Change {
    #[arguments(input: $input)]
    change_member: MemberPayload,
}

#[derive(cynic::QueryFragment)]
struct MemberPayload {
    member: Member,
}

/// Changes what a member may do, and until when.
pub async fn change_member(input: ChangeMemberInput) -> Result<Member, ApiError> {
    let sent = api::send(Change::build(ChangeVariables { input })).await?;
    Ok(sent.change_member.member)
}

#[derive(cynic::InputObject)]
struct RenameMemberInput {
    user_id: UserId,
    user_name: String,
}

#[derive(cynic::QueryVariables)]
struct RenameVariables {
    input: RenameMemberInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "RenameVariables")]
struct Rename {
    #[arguments(input: $input)]
    rename_member: MemberPayload,
}

/// Gives a member another user name.
pub async fn rename_member(user_id: UserId, user_name: String) -> Result<Member, ApiError> {
    let input = RenameMemberInput { user_id, user_name };
    let sent = api::send(Rename::build(RenameVariables { input })).await?;
    Ok(sent.rename_member.member)
}

#[derive(cynic::InputObject)]
struct BlockMemberInput {
    user_id: UserId,
}

#[derive(cynic::QueryVariables)]
struct BlockVariables {
    input: BlockMemberInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "BlockVariables")]
struct Block {
    #[arguments(input: $input)]
    block_member: MemberPayload,
}

/// Shuts a member out.
pub async fn block_member(user_id: UserId) -> Result<Member, ApiError> {
    let input = BlockMemberInput { user_id };
    let sent = api::send(Block::build(BlockVariables { input })).await?;
    Ok(sent.block_member.member)
}

#[derive(cynic::InputObject)]
struct UnblockMemberInput {
    user_id: UserId,
}

#[derive(cynic::QueryVariables)]
struct UnblockVariables {
    input: UnblockMemberInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "UnblockVariables")]
struct Unblock {
    #[arguments(input: $input)]
    unblock_member: MemberPayload,
}

/// Lets a member in again.
pub async fn unblock_member(user_id: UserId) -> Result<Member, ApiError> {
    let input = UnblockMemberInput { user_id };
    let sent = api::send(Unblock::build(UnblockVariables { input })).await?;
    Ok(sent.unblock_member.member)
}

#[derive(cynic::QueryFragment)]
struct RemoveMemberPayload {
    user_id: UserId,
}

#[derive(cynic::InputObject)]
struct RemoveMemberInput {
    user_id: UserId,
}

#[derive(cynic::QueryVariables)]
struct RemoveVariables {
    input: RemoveMemberInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "RemoveVariables")]
struct Remove {
    #[arguments(input: $input)]
    remove_member: RemoveMemberPayload,
}

/// Removes a member; gives whom.
pub async fn remove_member(user_id: UserId) -> Result<UserId, ApiError> {
    let input = RemoveMemberInput { user_id };
    let sent = api::send(Remove::build(RemoveVariables { input })).await?;
    Ok(sent.remove_member.user_id)
}

#[derive(cynic::InputObject)]
struct ResetSecondFactorInput {
    user_id: UserId,
}

#[derive(cynic::QueryVariables)]
struct ResetVariables {
    input: ResetSecondFactorInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "ResetVariables")]
struct Reset {
    #[arguments(input: $input)]
    reset_second_factor: ResetSecondFactorPayload,
}

#[derive(cynic::QueryFragment)]
struct ResetSecondFactorPayload {
    user_id: UserId,
}

/// Takes the second factor of a member off, who has lost it.
pub async fn reset_second_factor(user_id: UserId) -> Result<UserId, ApiError> {
    let input = ResetSecondFactorInput { user_id };
    let sent = api::send(Reset::build(ResetVariables { input })).await?;
    Ok(sent.reset_second_factor.user_id)
}

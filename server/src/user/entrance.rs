//! Registering, getting in again and getting in for the first time, as the API offers them: all without signing in.
use super::{
    graphql::Viewer,
    letter_code, recovery,
    recovery::Chosen,
    registration::{self, Registration, complete_registration},
};
use crate::{
    app::App,
    entity::link as link_row,
    error::Result,
    link,
    session::{Origin, graphql::viewer_of, token_hash},
};
use async_graphql::{Context, InputObject, Object, SimpleObject};
use sea_orm::EntityTrait;
use shared::{account::Language, link::LinkPurpose};

/// The queries of this part.
#[derive(Debug, Default)]
pub struct EntranceQuery;

#[Object]
impl EntranceQuery {
    /// What a link out of a mail is for, whether it still counts or is only too old. Looking at it changes nothing, and
    /// needs no sign-in. Refused with the reason `LINK_INVALID` once it is used, or if it never existed.
    async fn mail_link(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Out of the link: what follows `#`.")] token: String,
    ) -> Result<MailLink> {
        let app = ctx.data_unchecked::<App>();
        let row = link_row::Entity::find_by_id(token_hash(&token)).one(&app.db).await?;
        let row = row.filter(|row| row.used_at.is_none()).ok_or_else(link::invalid)?;
        Ok(MailLink {
            purpose: row.purpose,
            email: Some(row.email).filter(|email| !email.is_empty()),
            is_over: row.expires_at <= app.clock.now(),
        })
    }
}

/// The mutations of this part.
#[derive(Debug, Default)]
pub struct EntranceMutation;

#[Object]
impl EntranceMutation {
    /// Mails a link that activates an address. The answer is the same for known and unknown addresses.
    async fn register(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The address.")] input: RegisterInput,
    ) -> Result<RegisterPayload> {
        let app = ctx.data_unchecked::<App>();
        registration::register(app, ctx.data_unchecked::<Origin>(), &input.email, input.language).await?;
        Ok(RegisterPayload { is_taken_down: true })
    }

    /// Makes a user out of a link in a mail, with an account of his own, accepts what the link stands for and
    /// signs the user in. The link is used up.
    async fn complete_registration(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The link's token and what the person chose.")] input: CompleteRegistrationInput,
    ) -> Result<CompleteRegistrationPayload> {
        let app = ctx.data_unchecked::<App>();
        let registration = Registration {
            token: input.token,
            name: input.name,
            password: input.password,
            language: input.language,
        };
        let (_, token) = complete_registration(app, ctx.data_unchecked::<Origin>(), registration).await?;
        Ok(CompleteRegistrationPayload {
            viewer: viewer_of(ctx, app, &token).await?,
        })
    }

    /// Mails user name and a link to choose a password to whom a customer number, user name or address belongs. The
    /// answer is the same for known and unknown names.
    async fn request_access(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who.")] input: RequestAccessInput,
    ) -> Result<RequestAccessPayload> {
        let app = ctx.data_unchecked::<App>();
        recovery::request_access(app, ctx.data_unchecked::<Origin>(), &input.name).await?;
        Ok(RequestAccessPayload { is_taken_down: true })
    }

    /// Sets the password of the user whom a link stands for, uses the link up and ends all his sessions. After a first
    /// sign-in link the user is signed in; after a forgotten password he signs in himself, with the second factor if he
    /// has one.
    async fn choose_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The link's token and the password.")] input: ChoosePasswordInput,
    ) -> Result<ChoosePasswordPayload> {
        let app = ctx.data_unchecked::<App>();
        let origin = ctx.data_unchecked::<Origin>();
        let viewer = match recovery::choose_password(app, origin, &input.token, &input.password).await? {
            Chosen::SignedIn { token } => Some(viewer_of(ctx, app, &token).await?),
            Chosen::SignInNow => None,
        };
        Ok(ChoosePasswordPayload { viewer })
    }

    /// Uses the code of a letter up and gives the token with which `choosePassword` sets the first password. Refused at
    /// `code` with the reason `MISTYPED` if its check sign does not fit, else with `WRONG_CODE`.
    async fn redeem_letter_code(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Customer number and code.")] input: RedeemLetterCodeInput,
    ) -> Result<RedeemLetterCodePayload> {
        let app = ctx.data_unchecked::<App>();
        let origin = ctx.data_unchecked::<Origin>();
        let token = letter_code::redeem(app, origin, &input.customer_number, &input.code).await?;
        Ok(RedeemLetterCodePayload { token })
    }

    /// Mails a new link in place of one that is too old, to the same address. The answer is the same whatever the link.
    async fn renew_link(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The old link's token.")] input: RenewLinkInput,
    ) -> Result<RenewLinkPayload> {
        let app = ctx.data_unchecked::<App>();
        registration::renew_link(app, ctx.data_unchecked::<Origin>(), &input.token).await?;
        Ok(RenewLinkPayload { is_taken_down: true })
    }
}

/// What a link out of a mail is for.
#[derive(Clone, Debug, SimpleObject)]
pub struct MailLink {
    /// What it lets its holder do.
    pub purpose: LinkPurpose,
    /// The address that it was sent to; null for one that came of a letter's code.
    pub email: Option<String>,
    /// Whether it is too old; `renewLink` sends another one.
    pub is_over: bool,
}

/// What `register` takes.
#[derive(InputObject)]
pub struct RegisterInput {
    /// The address that is to be registered.
    pub email: String,
    /// The language of the mail.
    pub language: Language,
}

/// What `register` gives.
#[derive(SimpleObject)]
pub struct RegisterPayload {
    /// Always true: if the address can get a mail, it gets one.
    pub is_taken_down: bool,
}

/// What `completeRegistration` takes.
#[derive(InputObject)]
pub struct CompleteRegistrationInput {
    /// Out of the link: what follows `#`.
    pub token: String,
    /// What the person wants to be called, if anything.
    pub name: Option<String>,
    /// The password; the policy is `portal.passwordMode`.
    pub password: String,
    /// The language in which the portal shall speak.
    pub language: Language,
}

/// What `completeRegistration` gives.
#[derive(SimpleObject)]
pub struct CompleteRegistrationPayload {
    /// Who is signed in now.
    pub viewer: Viewer,
}

/// What `requestAccess` takes.
#[derive(InputObject)]
pub struct RequestAccessInput {
    /// Customer number, user name or e-mail address.
    pub name: String,
}

/// What `requestAccess` gives.
#[derive(SimpleObject)]
pub struct RequestAccessPayload {
    /// Always true: if there is such a user with an address, he gets a mail.
    pub is_taken_down: bool,
}

/// What `choosePassword` takes.
#[derive(InputObject)]
pub struct ChoosePasswordInput {
    /// Out of the link: what follows `#`.
    pub token: String,
    /// The password; the policy is `portal.passwordMode`.
    pub password: String,
}

/// What `choosePassword` gives.
#[derive(SimpleObject)]
pub struct ChoosePasswordPayload {
    /// Who is signed in now; null if the person signs in next.
    pub viewer: Option<Viewer>,
}

/// What `redeemLetterCode` takes.
#[derive(InputObject)]
pub struct RedeemLetterCodeInput {
    /// The customer number on the letter.
    pub customer_number: String,
    /// The code on the letter, with or without hyphens.
    pub code: String,
}

/// What `redeemLetterCode` gives.
#[derive(SimpleObject)]
pub struct RedeemLetterCodePayload {
    /// Good for `choosePassword`, once.
    pub token: String,
}

/// What `renewLink` takes.
#[derive(InputObject)]
pub struct RenewLinkInput {
    /// Out of the old link: what follows `#`.
    pub token: String,
}

/// What `renewLink` gives.
#[derive(SimpleObject)]
pub struct RenewLinkPayload {
    /// Always true: if the link was only too old, its address gets a new one.
    pub is_taken_down: bool,
}

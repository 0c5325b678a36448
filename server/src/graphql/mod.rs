//! The schema, put together from the subjects, with the one translation of errors.
mod budget;
mod limits;

use crate::{
    access::{
        graphql::{AccessMutation, AccessQuery},
        import::graphql::{AssignmentImportMutation, AssignmentImportQuery},
        load::{DeviceCountOf, ReadRightsOf, ReadableOf},
    },
    account::{
        contact_graphql::{ContactMutation, ContactQuery},
        graphql::AccountsById,
    },
    agreement::graphql::{AgreementMutation, AgreementQuery},
    app::App,
    audit::{graphql::AuditQuery, refusal::Refusals},
    dealer::{
        graphql::{DealerMutation, DealerQuery},
        office_graphql::{OfficeDealerMutation, OfficeDealerQuery},
    },
    document::graphql::{DocumentMutation, DocumentQuery},
    error::Error,
    exchange::graphql::ExchangeMutation,
    face::graphql::{FaceMutation, FaceQuery},
    help::graphql::HelpQuery,
    invoice::graphql::{
        InvoiceQuery,
        desk::{OfficeInvoiceMutation, OfficeInvoiceQuery},
        intake::{IntakeMutation, IntakeQuery, OfficeInvoicesById},
        mail::{InvoiceMailMutation, InvoiceMailQuery},
    },
    mail::graphql::MailQuery,
    member::graphql::{MemberMutation, MemberQuery},
    meter::{
        graphql::{KeyUseMutation, KeyUseQuery, MeterMutation, MeterQuery},
        load::{KeyNamesOf, OriginsOf},
        staging::graphql::{StagedImportMutation, StagedImportQuery},
    },
    office::graphql::{DeskQuery, OfficeMutation, OfficeQuery},
    order::{
        graphql::{OrderMutation, OrderQuery},
        load::{ContractsById, DeclarationsByOrder, ReceiptMails},
        office_graphql::{OfficeOrderMutation, OfficeOrderQuery},
    },
    product::{ProductsById, graphql::ProductQuery},
    second_factor::graphql::SecondFactorMutation,
    session::graphql::{SessionMutation, SessionQuery},
    sso::graphql::SsoQuery,
    start::graphql::StartQuery,
    token::{
        Scopes,
        graphql::{TokenMutation, TokenQuery},
    },
    transfer::graphql::{TransferMutation, TransferQuery},
    user::{
        entrance::{EntranceMutation, EntranceQuery},
        graphql::{UserMutation, UserQuery, UsersById},
        profile_graphql::{ProfileMutation, ProfileQuery},
    },
    webhook::graphql::{WebhookMutation, WebhookQuery},
};
use async_graphql::{
    EmptySubscription, InputType, MergedObject, Response, SDLExportOptions, Schema, SchemaBuilder, ServerError,
    async_trait,
    dataloader::DataLoader,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextRequest},
};
use futures::future::BoxFuture;
use shared::{
    error::{ErrorCode, Reason},
    password::PasswordRule,
};
use std::{sync::Arc, time::Duration};

pub use limits::{Limits, QUERY_TIME};

/// Everything that can be asked.
#[derive(MergedObject, Default)]
pub struct Query(
    SessionQuery,
    UserQuery,
    ProfileQuery,
    ContactQuery,
    ProductQuery,
    InvoiceQuery,
    MeterQuery,
    KeyUseQuery,
    StagedImportQuery,
    AccessQuery,
    AssignmentImportQuery,
    MailQuery,
    MemberQuery,
    OfficeQuery,
    DeskQuery,
    TokenQuery,
    SsoQuery,
    StartQuery,
    AuditQuery,
    EntranceQuery,
    AgreementQuery,
    DocumentQuery,
    FaceQuery,
    HelpQuery,
    OrderQuery,
    OfficeOrderQuery,
    OfficeInvoiceQuery,
    IntakeQuery,
    InvoiceMailQuery,
    WebhookQuery,
    DealerQuery,
    OfficeDealerQuery,
    TransferQuery,
);

/// Everything that can be done.
#[derive(MergedObject, Default)]
pub struct Mutation(
    SessionMutation,
    UserMutation,
    ProfileMutation,
    ContactMutation,
    MeterMutation,
    KeyUseMutation,
    StagedImportMutation,
    AccessMutation,
    AssignmentImportMutation,
    MemberMutation,
    OfficeMutation,
    TokenMutation,
    SecondFactorMutation,
    EntranceMutation,
    AgreementMutation,
    DocumentMutation,
    FaceMutation,
    OrderMutation,
    OfficeOrderMutation,
    OfficeInvoiceMutation,
    IntakeMutation,
    InvoiceMailMutation,
    WebhookMutation,
    ExchangeMutation,
    DealerMutation,
    OfficeDealerMutation,
    TransferMutation,
);

/// The schema of the API.
pub type ApiSchema = Schema<Query, Mutation, EmptySubscription>;

/// Names a request in the log and in answers that hide what broke.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// The schema without an app behind it, for its text and for introspection.
pub fn builder() -> SchemaBuilder<Query, Mutation, EmptySubscription> {
    Schema::build(Query::default(), Mutation::default(), EmptySubscription)
        .register_output_type::<ErrorCode>()
        .register_output_type::<Reason>()
        .register_output_type::<PasswordRule>()
        .disable_suggestions()
        .extension(ErrorCodes)
        .extension(Limits::within(QUERY_TIME))
        .extension(Refusals)
        .extension(Scopes)
}

/// The schema of a running app.
pub fn schema(app: &App) -> ApiSchema {
    let db = || app.db.clone();
    builder()
        .data(at_once(UsersById(db())))
        .data(at_once(AccountsById(db())))
        .data(at_once(OfficeInvoicesById(app.clone())))
        .data(at_once(ProductsById(db())))
        .data(at_once(ContractsById(db())))
        .data(at_once(DeclarationsByOrder(db())))
        .data(at_once(ReceiptMails(db())))
        .data(at_once(KeyNamesOf(db())))
        .data(at_once(OriginsOf(db())))
        .data(at_once(ReadRightsOf(app.clone())))
        .data(at_once(ReadableOf(app.clone())))
        .data(at_once(DeviceCountOf(db())))
        .data(app.clone())
        .finish()
}

/// How often a loader lets others go first. A list of more than 30 rows is worked off two rows at a turn, so that a
/// page of [`crate::page::PAGE_MAX`] rows has asked after 50 turns.
const TURNS: usize = 64;

/// A loader that asks as soon as all who ask now have asked, instead of waiting for a millisecond.
fn at_once<L: Send + Sync + 'static>(loader: L) -> DataLoader<L> {
    let after_the_others = async |load: BoxFuture<'static, ()>| {
        for _ in 0..TURNS {
            tokio::task::yield_now().await;
        }
        load.await;
    };
    DataLoader::new(loader, move |load| tokio::spawn(after_the_others(load))).delay(Duration::ZERO)
}

/// Gives every error a code, and hides the words of those that are ours to mend.
struct ErrorCodes;

impl ExtensionFactory for ErrorCodes {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait::async_trait]
impl Extension for ErrorCodes {
    async fn request(&self, ctx: &ExtensionContext<'_>, next: NextRequest<'_>) -> Response {
        let mut response = next.run(ctx).await;
        let request = ctx.data_opt::<RequestId>();
        response.errors.iter_mut().for_each(|error| translate(error, request));
        response
    }
}

fn translate(error: &mut ServerError, request: Option<&RequestId>) {
    let Some(source) = error.source.clone() else {
        return malformed(error);
    };
    let mut extensions = error.extensions.take().unwrap_or_default();
    match source.downcast_ref::<Error>() {
        Some(cause) if cause.code() != ErrorCode::Internal => {
            error.message = cause.to_string();
            cause.describe(&mut extensions);
        }
        _ => {
            tracing::error!(path = ?error.path, cause = error.message, "a resolver failed");
            error.message = "something broke on our side".to_owned();
            extensions.set("code", ErrorCode::Internal.to_value());
            if let Some(request) = request {
                extensions.set("requestId", request.0.clone());
            }
        }
    }
    error.extensions = Some(extensions);
}

/// The document was wrong. The parser's own words echo the input (security G07), so only the place is kept.
fn malformed(error: &mut ServerError) {
    error.message = "the document or its variables do not fit the schema".to_owned();
    let extensions = error.extensions.get_or_insert_default();
    extensions.set("code", ErrorCode::Malformed.to_value());
}

/// What `schema.graphql` holds.
pub fn sdl() -> String {
    let options = SDLExportOptions::new()
        .sorted_fields()
        .sorted_arguments()
        .use_space_ident();
    builder().finish().sdl_with_options(options)
}

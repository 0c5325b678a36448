//! Concluding an agreement online.
use super::{PDF, find, text};
use crate::{
    actor::Actor,
    app::App,
    audit,
    document::{self, NewDocument},
    entity::{agreement, user},
    error::{Error, Result},
    file,
    mail::{self, Attachment, Template},
    webhook::{self, AgreementFacts, Event},
};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, SqlErr};
use shared::{
    account::Language,
    document::DocumentKind,
    error::Reason,
    id::{AgreementId, AgreementTemplateId, ContractId},
    name::EmailAddress,
    product::ContractState,
};

/// The longest name or role of a signer, in characters.
const NAME_MAX: usize = 100;

/// What a person says who concludes an agreement.
#[derive(Clone, Debug)]
pub struct Conclude {
    /// For which contract.
    pub contract: ContractId,
    /// Which version of the text.
    pub template: AgreementTemplateId,
    /// In which language.
    pub language: Language,
    /// The SHA-256 of the PDF that the person agrees to.
    pub sha256: String,
    /// Who signs.
    pub signer_name: String,
    /// As what.
    pub signer_role: String,
    /// Whether the person agrees.
    pub is_agreed: bool,
}

/// Concludes an agreement: keeps the text with a page of evidence, mails it, and tells other systems.
///
/// # Errors
/// [`Error::Forbidden`] for who may not manage contracts; [`Error::StepUpRequired`]; [`Error::Invalid`] at `signerName`,
/// `signerRole` or `isAgreed`; [`Error::NotFound`] for contracts that are not there, another account's or without an
/// agreement; [`Error::Conflict`] if there is a newer text, the facts in it changed since, the contract is over, or the
/// version is concluded already.
pub async fn conclude(app: &App, actor: &Actor, new: Conclude) -> Result<agreement::Model> {
    let found = find(&app.db, app, actor, new.contract).await?;
    let facts = found.facts(new.language)?;
    actor.require_step_up(app.clock.now())?;
    let signer_name = document::text("signerName", &new.signer_name, NAME_MAX)?;
    let signer_role = document::text("signerRole", &new.signer_role, NAME_MAX)?;
    if !new.is_agreed {
        return Err(Error::invalid("isAgreed", Reason::Missing, "tick that you agree"));
    }
    if found.contract.state == ContractState::Ended {
        return Err(Error::Conflict("the contract is over"));
    }
    if found.current().is_some() {
        return Err(Error::Conflict("this version is concluded already"));
    }
    if facts.template.id != new.template {
        return Err(Error::Conflict("there is a newer version of the text"));
    }
    let agreed = text::agreed(&facts)?;
    let sha256 = file::sha256(&agreed);
    if sha256 != new.sha256 {
        return Err(Error::Conflict("the text changed since it was read"));
    }
    let user = user::Entity::find_by_id(actor.user)
        .one(&app.db)
        .await?
        .ok_or(Error::NotFound("user"))?;
    let at = app.clock.now();
    let known = [user.name.as_deref(), user.email.as_deref()];
    let signed_in: Vec<_> = known.into_iter().flatten().collect();
    let id = actor.user.to_string();
    let evidence = text::Evidence {
        text: agreed,
        sha256: &sha256,
        signer_name: &signer_name,
        signer_role: &signer_role,
        user: &if signed_in.is_empty() { id } else { signed_in.join(", ") },
        ip: actor.ip.as_deref(),
        at,
        zone: app.settings.time_zone,
    };
    let version = facts.template.version;
    let name = found.file_name(new.language);
    let file = file::upload(app, actor, &name, text::with_evidence(&facts, evidence)?).await?;
    let tx = app.begin().await?;
    let title = |language| format!("{} {version}", text::title(language));
    let document = document::add(
        &tx,
        app,
        NewDocument {
            account: found.account.id,
            contract: Some(found.contract.id),
            kind: DocumentKind::Agreement,
            title_de: title(Language::De),
            title_en: title(Language::En),
            file,
            added_by: Some(actor.user),
        },
    )
    .await?;
    let row = agreement::Model {
        id: AgreementId(app.new_id()),
        account_id: found.account.id,
        contract_id: found.contract.id,
        template_id: facts.template.id,
        document_id: document.id,
        language: new.language,
        text_sha256: sha256.clone(),
        signer_name,
        signer_role,
        user_id: actor.user,
        ip: actor.ip.clone(),
        concluded_at: at,
    };
    let row = row
        .into_active_model()
        .insert(&tx)
        .await
        .map_err(|error| match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Error::Conflict("this version is concluded already"),
            _ => error.into(),
        })?;
    audit::record(
        &tx,
        app,
        Some(actor),
        "concludeAgreement",
        Some(row.id.to_string()),
        true,
    )
    .await?;
    let signer = format!("{}, {}", row.signer_name, row.signer_role);
    let facts = AgreementFacts {
        contract_number: Some(found.contract.number.clone()),
        product_code: found.product.code.clone(),
        version: version.to_string(),
        language: match new.language {
            Language::De => "DE",
            Language::En => "EN",
        }
        .to_owned(),
        sha256,
        signer: signer.clone(),
        concluded_at: at,
    };
    webhook::tell(&tx, app, found.account.id, &Event::AgreementConcluded(facts)).await?;
    if let Some(Ok(address)) = user.email.as_deref().map(EmailAddress::parse) {
        let template = Template::AgreementConcluded {
            product: text::product_name(&found.product, new.language).to_owned(),
            contract: found.contract.number.clone(),
            version,
            signer,
            page: format!("{}/documents", app.settings.origin),
        };
        let attachment = Attachment {
            file,
            name,
            media_type: PDF.to_owned(),
        };
        mail::add_with(&tx, app, &address, new.language, &template, &[attachment]).await?;
    }
    tx.commit().await?;
    app.mail_waits.notify_one();
    app.webhooks_wait.notify_one();
    Ok(row)
}

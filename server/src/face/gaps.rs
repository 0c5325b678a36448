//! What the provider has not said of itself yet, so that staff sees what is left to do.
use super::{Face, current, legal, require_editor};
use crate::{actor::Actor, app::App, error::Result};
use shared::legal::{FaceGap, LegalKind};

/// What is missing, in the order of the pages on which it is mended.
///
/// # Errors
/// [`crate::error::Error::Forbidden`] for all but staff with the right ADMINISTER.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<FaceGap>> {
    require_editor(actor)?;
    let face = current(app).await?;
    let written = legal::written(&app.db).await?;
    Ok(of(&face, &written))
}

fn of(face: &Face, written: &[LegalKind]) -> Vec<FaceGap> {
    let is_missing = |kind: LegalKind| !written.contains(&kind);
    [
        (FaceGap::Address, face.address.is_none()),
        (FaceGap::Phone, face.phone.is_none()),
        (FaceGap::Hours, face.hours.is_none()),
        (FaceGap::SupportEmail, face.support_email.is_none()),
        (FaceGap::MailSender, face.mail_sender.is_none()),
        (FaceGap::Logo, face.logo.is_none()),
        (FaceGap::Accent, face.accent.is_none()),
        (FaceGap::Imprint, is_missing(LegalKind::Imprint)),
        (FaceGap::Privacy, is_missing(LegalKind::Privacy)),
        (FaceGap::Terms, is_missing(LegalKind::Terms)),
        (FaceGap::Accessibility, is_missing(LegalKind::Accessibility)),
    ]
    .into_iter()
    .filter(|(_, is_missing)| *is_missing)
    .map(|(gap, _)| gap)
    .collect()
}

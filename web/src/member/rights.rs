//! Choosing what somebody may do: a preset, or right by right.
use crate::{
    i18n::*,
    locale::Words,
    ui::{FieldError, Icon, live},
};
use leptos::prelude::*;
use shared::account::{AccountKind, Right};

/// The rights that are shown and given one by one in an account of this kind, in the order of the matrix.
pub fn of_kind(kind: AccountKind) -> &'static [Right] {
    match kind {
        AccountKind::Customer | AccountKind::Dealer => &[
            Right::ManageContracts,
            Right::SeeInvoices,
            Right::ManageUsers,
            Right::ReadKeys,
            Right::ManageKeys,
        ],
        AccountKind::Provider => &[
            Right::HandleRequests,
            Right::ManageCustomers,
            Right::ManageInvoices,
            Right::Administer,
        ],
    }
}

/// The right that brings all others of the account with it.
pub fn chief(kind: AccountKind) -> Right {
    match kind {
        AccountKind::Customer | AccountKind::Dealer => Right::Owner,
        AccountKind::Provider => Right::Administer,
    }
}

/// Whether what was granted allows a right: an owner may all of it.
pub fn allows(granted: &[Right], right: Right) -> bool {
    let implied = if right.is_of_staff() {
        Right::Administer
    } else {
        Right::Owner
    };
    granted.contains(&right) || granted.contains(&implied)
}

/// A right in words.
pub fn words(i18n: Words, right: Right) -> &'static str {
    match right {
        Right::Owner => t_string!(i18n, member.owner),
        Right::ManageContracts => t_string!(i18n, member.manage_contracts),
        Right::SeeInvoices => t_string!(i18n, member.see_invoices),
        Right::ManageUsers => t_string!(i18n, member.manage_users),
        Right::ReadKeys => t_string!(i18n, member.read_keys),
        Right::ManageKeys => t_string!(i18n, member.manage_keys),
        Right::HandleRequests => t_string!(i18n, member.handle_requests),
        Right::ManageCustomers => t_string!(i18n, member.manage_customers),
        Right::ManageInvoices => t_string!(i18n, member.manage_invoices),
        Right::Administer => t_string!(i18n, member.administer),
    }
}

/// What a right lets somebody do.
fn explained(i18n: Words, right: Right) -> &'static str {
    match right {
        Right::Owner => t_string!(i18n, member.owner_text),
        Right::ManageContracts => t_string!(i18n, member.manage_contracts_text),
        Right::SeeInvoices => t_string!(i18n, member.see_invoices_text),
        Right::ManageUsers => t_string!(i18n, member.manage_users_text),
        Right::ReadKeys => t_string!(i18n, member.read_keys_text),
        Right::ManageKeys => t_string!(i18n, member.manage_keys_text),
        Right::HandleRequests => t_string!(i18n, member.handle_requests_text),
        Right::ManageCustomers => t_string!(i18n, member.manage_customers_text),
        Right::ManageInvoices => t_string!(i18n, member.manage_invoices_text),
        Right::Administer => t_string!(i18n, member.administer_text),
    }
}

/// A set of rights that is often given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Preset {
    Full,
    Bookkeeper,
    Technician,
    Support,
    Custom,
}

impl Preset {
    fn of_kind(kind: AccountKind) -> &'static [Self] {
        match kind {
            AccountKind::Customer => &[Self::Full, Self::Bookkeeper, Self::Technician, Self::Custom],
            AccountKind::Dealer => &[Self::Full, Self::Technician, Self::Custom],
            AccountKind::Provider => &[Self::Full, Self::Support, Self::Bookkeeper, Self::Custom],
        }
    }

    fn rights(self, kind: AccountKind) -> &'static [Right] {
        match (self, kind) {
            (Self::Full, AccountKind::Provider) => &[Right::Administer],
            (Self::Full, _) => &[Right::Owner],
            (Self::Bookkeeper, AccountKind::Provider) => &[Right::ManageInvoices],
            (Self::Bookkeeper, _) => &[Right::SeeInvoices],
            (Self::Technician, AccountKind::Dealer) => &[Right::ReadKeys, Right::ManageKeys],
            (Self::Technician, _) => &[Right::ManageContracts, Right::ReadKeys],
            (Self::Support, _) => &[Right::HandleRequests, Right::ManageCustomers],
            (Self::Custom, _) => &[],
        }
    }

    fn words(self, i18n: Words, kind: AccountKind) -> (&'static str, &'static str) {
        match (self, kind) {
            (Self::Full, AccountKind::Provider) => (t_string!(i18n, member.full), t_string!(i18n, member.full_staff)),
            (Self::Full, _) => (t_string!(i18n, member.full), t_string!(i18n, member.full_text)),
            (Self::Bookkeeper, AccountKind::Provider) => (
                t_string!(i18n, member.bookkeeper),
                t_string!(i18n, member.bookkeeper_staff),
            ),
            (Self::Bookkeeper, _) => (
                t_string!(i18n, member.bookkeeper),
                t_string!(i18n, member.bookkeeper_text),
            ),
            (Self::Technician, AccountKind::Dealer) => (
                t_string!(i18n, member.technician),
                t_string!(i18n, member.technician_dealer),
            ),
            (Self::Technician, _) => (
                t_string!(i18n, member.technician),
                t_string!(i18n, member.technician_text),
            ),
            (Self::Support, _) => (t_string!(i18n, member.support), t_string!(i18n, member.support_text)),
            (Self::Custom, _) => (t_string!(i18n, member.custom), t_string!(i18n, member.custom_text)),
        }
    }

    /// The preset that has exactly these rights.
    fn holding(kind: AccountKind, rights: &[Right]) -> Self {
        let same = |preset: &&Self| {
            let own = preset.rights(kind);
            own.len() == rights.len() && own.iter().all(|right| rights.contains(right))
        };
        Self::of_kind(kind).iter().find(same).copied().unwrap_or(Self::Custom)
    }
}

/// The rights after one was ticked or unticked. Where all were given at once, they are given one by one from here on.
fn toggled(kind: AccountKind, rights: &[Right], right: Right, is_ticked: bool) -> Vec<Right> {
    of_kind(kind)
        .iter()
        .copied()
        .filter(|each| {
            if *each == right {
                is_ticked
            } else {
                allows(rights, *each)
            }
        })
        .filter(|each| is_ticked || *each != chief(kind))
        .collect()
}

/// A preset or single rights. What the viewer does not have himself cannot be chosen.
#[component]
pub fn RightsField(
    /// Begins the ids of the controls.
    id: &'static str,
    /// What the account is.
    kind: AccountKind,
    /// What the viewer may give.
    own: Vec<Right>,
    /// What is chosen.
    rights: RwSignal<Vec<Right>>,
    /// What is wrong.
    #[prop(optional, into)]
    error: FieldError,
) -> AnyView {
    let i18n = use_i18n();
    let is_custom = RwSignal::new(Preset::holding(kind, &rights.read_untracked()) == Preset::Custom);
    let chosen = move || {
        if is_custom.get() {
            Preset::Custom
        } else {
            Preset::holding(kind, &rights.read())
        }
    };
    let may_give = |preset: &&Preset| preset.rights(kind).iter().all(|right| allows(&own, *right));
    let presets: Vec<_> = Preset::of_kind(kind).iter().filter(may_give).copied().collect();
    let choice = move |preset: Preset| {
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name=format!("{id}-preset")
                    prop:checked=move || chosen() == preset
                    on:change=move |_| {
                        is_custom.set(preset == Preset::Custom);
                        if preset != Preset::Custom {
                            rights.set(preset.rights(kind).to_vec());
                        }
                    }
                />
                <span>
                    <b>{live(move || preset.words(i18n, kind).0.into_any())}</b>
                    <small>{live(move || preset.words(i18n, kind).1.into_any())}</small>
                </span>
            </label>
        }
    };
    let tick = move |right: Right| {
        let is_allowed = allows(&own, right);
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    name=format!("{id}-right")
                    disabled=!is_allowed
                    prop:checked=move || allows(&rights.read(), right)
                    on:change:target=move |event| {
                        let is_ticked = event.target().checked();
                        rights.update(|rights| *rights = toggled(kind, rights, right, is_ticked));
                        is_custom.set(true);
                    }
                />
                " "
                <span>
                    {live(move || words(i18n, right).into_any())}
                    <small>{live(move || explained(i18n, right).into_any())}</small>
                </span>
            </label>
        }
    };
    view! {
        <fieldset>
            <legend class="label">{t!(i18n, member.rights)}</legend>
            {live(move || error.get().map(|text| view! {
                <p class="field-error" role="alert"><Icon name="stop" /><span>{text}</span></p>
            }).into_any())}
            <div class="choices across">{presets.into_iter().map(choice).collect_view()}</div>
            <div class="checks rights">{of_kind(kind).iter().copied().map(tick).collect_view()}</div>
        </fieldset>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unticking_one_of_all_leaves_the_others_one_by_one() {
        let rest = toggled(AccountKind::Customer, &[Right::Owner], Right::ReadKeys, false);
        assert_eq!(
            rest,
            [
                Right::ManageContracts,
                Right::SeeInvoices,
                Right::ManageUsers,
                Right::ManageKeys
            ]
        );
        let staff = toggled(
            AccountKind::Provider,
            &[Right::Administer],
            Right::ManageInvoices,
            false,
        );
        assert_eq!(staff, [Right::HandleRequests, Right::ManageCustomers]);
    }

    #[test]
    fn a_preset_is_known_by_its_rights_in_any_order() {
        let technician = [Right::ReadKeys, Right::ManageContracts];
        assert_eq!(Preset::holding(AccountKind::Customer, &technician), Preset::Technician);
        assert_eq!(
            Preset::holding(AccountKind::Customer, &[Right::ReadKeys]),
            Preset::Custom
        );
        assert_eq!(Preset::holding(AccountKind::Dealer, &[Right::Owner]), Preset::Full);
    }
}

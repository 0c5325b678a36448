//! The navigation: a bar of five at the bottom of a phone, a rail at the side elsewhere.
use super::ProviderFoot;
use crate::{
    i18n::*,
    locale::Words,
    session::{SessionStoreFields, Viewer, use_session, use_viewer},
    ui::{Icon, Menu, close_menus, live},
};
use leptos::prelude::*;
use leptos_router::components::A;
use shared::account::{AccountKind, Right};

/// An area of the portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Area {
    Start,
    Products,
    Invoices,
    Meters,
    Devices,
    ReadRights,
    Imports,
    Transfers,
    Customers,
    Orders,
    Documents,
    OfficeOrders,
    Dealers,
    Stock,
    OfficeInvoices,
    OfficeAgreements,
    OfficeDocuments,
    Face,
    Webhooks,
    Exchange,
    Users,
    Account,
    Security,
    Log,
    DemoMails,
}

impl Area {
    /// What somebody may use in the account in view, in the order of the rail.
    fn of(viewer: &Viewer) -> Vec<Self> {
        let Some(account) = &viewer.account else {
            return vec![Self::Start];
        };
        let wanted: &[(Self, Option<Right>)] = match account.kind {
            AccountKind::Customer => &[
                (Self::Start, None),
                (Self::Products, Some(Right::ManageContracts)),
                (Self::Invoices, Some(Right::SeeInvoices)),
                (Self::Meters, Some(Right::ReadKeys)),
                (Self::Documents, Some(Right::ManageContracts)),
            ],
            AccountKind::Dealer => &[
                (Self::Devices, Some(Right::ManageKeys)),
                (Self::ReadRights, Some(Right::ManageKeys)),
                (Self::Imports, Some(Right::ManageKeys)),
                (Self::Transfers, Some(Right::ManageKeys)),
                (Self::Documents, Some(Right::ManageContracts)),
            ],
            AccountKind::Provider => &[
                (Self::Start, None),
                (Self::Customers, Some(Right::ManageCustomers)),
                (Self::OfficeOrders, Some(Right::HandleRequests)),
                (Self::Dealers, Some(Right::HandleRequests)),
                (Self::Stock, Some(Right::HandleRequests)),
                (Self::OfficeInvoices, Some(Right::ManageInvoices)),
                (Self::OfficeDocuments, Some(Right::ManageCustomers)),
                (Self::OfficeAgreements, Some(Right::ManageCustomers)),
                (Self::Webhooks, Some(Right::Administer)),
                (Self::Exchange, Some(Right::ManageCustomers)),
                (Self::Face, Some(Right::Administer)),
            ],
        };
        wanted
            .iter()
            .filter(|(_, right)| right.is_none_or(|right| viewer.may(right)))
            .map(|(area, _)| *area)
            .collect()
    }

    /// What concerns the account and the viewer himself, below the rest.
    fn lower(viewer: &Viewer) -> Vec<Self> {
        let kind = viewer.account.as_ref().map(|account| account.kind);
        let manages_users = viewer.may(Right::ManageUsers) || viewer.may(Right::Administer);
        [
            (
                Self::Orders,
                kind == Some(AccountKind::Customer) && viewer.may(Right::ManageContracts),
            ),
            (Self::Users, kind.is_some() && manages_users),
            (Self::Account, true),
            (Self::Security, true),
            (Self::Log, true),
        ]
        .into_iter()
        .filter(|(_, is_shown)| *is_shown)
        .map(|(area, _)| area)
        .collect()
    }

    fn address(self) -> &'static str {
        match self {
            Self::Start => "/",
            Self::Products => "/products",
            Self::Invoices => "/invoices",
            Self::Meters | Self::Devices => "/devices",
            Self::ReadRights => "/read-rights",
            Self::Imports | Self::Stock => "/imports",
            Self::Dealers => "/office/requests",
            Self::Transfers => "/transfers",
            Self::Customers => "/customers",
            Self::Orders => "/orders",
            Self::Documents => "/documents",
            Self::OfficeOrders => "/office/orders",
            Self::OfficeInvoices => "/office/invoices",
            Self::OfficeAgreements => "/office/agreements",
            Self::OfficeDocuments => "/office/documents",
            Self::Face => "/office/face",
            Self::Webhooks => "/office/webhooks",
            Self::Exchange => "/office/exchange",
            Self::Users => "/users",
            Self::Account => "/account",
            Self::Security => "/security",
            Self::Log => "/log",
            Self::DemoMails => "/demo/mails",
        }
    }

    fn icon(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Products => "product",
            Self::Invoices | Self::OfficeInvoices => "invoice",
            Self::Meters | Self::ReadRights => "key",
            Self::Devices | Self::Stock => "meter",
            Self::Dealers => "key",
            Self::Transfers => "send",
            Self::Imports => "upload",
            Self::Customers => "office",
            Self::Orders | Self::OfficeOrders => "inbox",
            Self::Documents | Self::OfficeDocuments => "document",
            Self::OfficeAgreements => "check",
            Self::Face => "edit",
            Self::Webhooks => "send",
            Self::Exchange => "upload",
            Self::Users => "users",
            Self::Account => "person",
            Self::Security => "shield",
            Self::Log => "log",
            Self::DemoMails => "mail",
        }
    }

    fn words(self, i18n: Words) -> &'static str {
        match self {
            Self::Start => t_string!(i18n, nav.start),
            Self::Products => t_string!(i18n, nav.products),
            Self::Invoices | Self::OfficeInvoices => t_string!(i18n, nav.invoices),
            Self::Meters => t_string!(i18n, nav.meters),
            Self::Devices => t_string!(i18n, nav.devices),
            Self::ReadRights => t_string!(i18n, nav.read_rights),
            Self::Imports => t_string!(i18n, nav.imports),
            Self::Dealers => t_string!(i18n, nav.dealers),
            Self::Stock => t_string!(i18n, nav.stock),
            Self::Transfers => t_string!(i18n, nav.transfers),
            Self::Customers => t_string!(i18n, nav.customers),
            Self::Orders | Self::OfficeOrders => t_string!(i18n, nav.orders),
            Self::Documents | Self::OfficeDocuments => t_string!(i18n, document.title),
            Self::OfficeAgreements => t_string!(i18n, papers.agreements),
            Self::Face => t_string!(i18n, nav.face),
            Self::Webhooks => t_string!(i18n, nav.webhooks),
            Self::Exchange => t_string!(i18n, nav.exchange),
            Self::Users => t_string!(i18n, nav.users),
            Self::Account => t_string!(i18n, nav.account),
            Self::Security => t_string!(i18n, nav.security),
            Self::Log => t_string!(i18n, nav.log),
            Self::DemoMails => t_string!(i18n, nav.mails),
        }
    }

    fn short_words(self, i18n: Words) -> &'static str {
        match self {
            Self::Meters => t_string!(i18n, nav.meters_short),
            Self::Users => t_string!(i18n, nav.users_short),
            Self::Account => t_string!(i18n, nav.account_short),
            Self::DemoMails => t_string!(i18n, nav.mails_short),
            _ => self.words(i18n),
        }
    }
}

fn areas(viewer: Signal<Option<Viewer>>) -> Memo<Vec<Area>> {
    Memo::new(move |_| viewer.read().as_ref().map(Area::of).unwrap_or_default())
}

fn side_areas(viewer: Signal<Option<Viewer>>) -> Memo<Vec<Area>> {
    let session = use_session();
    Memo::new(move |_| {
        let is_demo = session.portal().read().as_ref().is_some_and(|portal| portal.is_demo);
        let mut areas = viewer.read().as_ref().map(Area::lower).unwrap_or_default();
        areas.extend(is_demo.then_some(Area::DemoMails));
        areas
    })
}

/// The navigation.
#[component]
pub fn Rail() -> AnyView {
    let i18n = use_i18n();
    let viewer = use_viewer();
    let (areas, side) = (areas(viewer), side_areas(viewer));
    let due = move || viewer.read().as_ref().map_or(0, |viewer| viewer.due_invoice_count);
    let entry = move |area: Area| {
        let count = move || {
            let shown = area == Area::Invoices && due() > 0;
            shown.then(|| view! { <span class="rail-count">{t_string!(i18n, frame.open_count, count = due())}</span> })
        };
        view! {
            <li>
                <A href=area.address() exact=area == Area::Start>
                    <Icon name=area.icon() />
                    <span class="rail-long">{live(move || area.words(i18n).into_any())}</span>
                    <span class="rail-short">{live(move || area.short_words(i18n).into_any())}</span>
                    {count}
                </A>
            </li>
        }
    };
    view! {
        <nav class="rail" aria-label=t!(i18n, frame.main)>
            <ul>
                {live(move || areas.get().into_iter().map(entry).collect_view().into_any())}
                <li class="rail-more">
                    <button type="button" popovertarget="drawer"><Icon name="menu" />{t!(i18n, frame.more)}</button>
                </li>
            </ul>
            {live(move || (!side.read().is_empty()).then(|| view! {
                <ul>{side.get().into_iter().map(entry).collect_view()}</ul>
            }).into_any())}
            <ProviderFoot />
        </nav>
    }
    .into_any()
}

/// All areas, on a phone.
#[component]
pub fn Drawer() -> AnyView {
    let i18n = use_i18n();
    let (areas, side) = (areas(use_viewer()), side_areas(use_viewer()));
    view! {
        <nav aria-label=t!(i18n, frame.all)><Menu id="drawer" class="drawer" label=t!(i18n, frame.all)>
            <ul on:click=move |_| close_menus()>
                {live(move || areas.get().into_iter().chain(side.get()).map(|area| view! {
                    <li>
                        <A href=area.address() exact=area == Area::Start>
                            <Icon name=area.icon() />
                            {move || area.words(i18n)}
                        </A>
                    </li>
                }).collect_view().into_any())}
            </ul>
        </Menu></nav>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::{Account, SecondFactor};
    use shared::{
        account::Language,
        id::{AccountId, UserId},
    };

    fn viewer(kind: AccountKind, rights: &[Right]) -> Viewer {
        let id = AccountId(uuid::Uuid::nil());
        Viewer {
            id: UserId(uuid::Uuid::nil()),
            account: Some(Account {
                id,
                kind,
                name: "Brandt".into(),
                number: "104233".into(),
            }),
            due_invoice_count: 0,
            device_count: 0,
            email: None,
            language: Language::De,
            memberships: Vec::new(),
            name: None,
            needs_second_factor: false,
            rights: rights.to_vec(),
            second_factor: SecondFactor::default(),
            time_zone: "Europe/Berlin".into(),
        }
    }

    #[test]
    fn a_bookkeeper_is_led_to_invoices_only() {
        let bookkeeper = viewer(AccountKind::Customer, &[Right::SeeInvoices]);
        assert_eq!(Area::of(&bookkeeper), [Area::Start, Area::Invoices]);
    }

    #[test]
    fn users_are_managed_by_those_who_may() {
        let bookkeeper = viewer(AccountKind::Customer, &[Right::SeeInvoices]);
        assert_eq!(Area::lower(&bookkeeper), [Area::Account, Area::Security, Area::Log]);
        let owner = viewer(AccountKind::Customer, &Right::ALL[..6]);
        assert_eq!(
            Area::lower(&owner),
            [Area::Orders, Area::Users, Area::Account, Area::Security, Area::Log]
        );
    }

    #[test]
    fn a_dealer_sees_devices_and_no_invoices() {
        let dealer = viewer(AccountKind::Dealer, &[Right::ManageKeys, Right::SeeInvoices]);
        assert_eq!(
            Area::of(&dealer),
            [Area::Devices, Area::ReadRights, Area::Imports, Area::Transfers]
        );
    }
}

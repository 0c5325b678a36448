//! The rules by which invoices find their customer.
use super::{
    detail::{Sent, field_error, refused},
    operations::{BuyerRule, BuyerRuleConnection, add_rule, remove_rule, rules},
    query::{term_of, term_word, term_words},
};
use crate::{
    api::ApiError,
    i18n::*,
    loading::{Loaded, Loading, load},
    locale, refusal,
    ui::{Button, Crumbs, Empty, PageHead, Pager, SelectField, TextField, Toasts},
};
use leptos::{ev::SubmitEvent, prelude::*};
use shared::invoice::BuyerTerm;

/// The page of the rules.
#[component]
pub fn RulesPage() -> AnyView {
    let i18n = use_i18n();
    let after = RwSignal::new(Vec::<Option<String>>::new());
    let found = load(move || {
        let after = after.read().last().cloned().flatten();
        async move { rules(after).await }
    });
    view! {
        <div class="page">
            <Crumbs way=vec![("/office/invoices".to_owned(), t_string!(i18n, nav.invoices).into())] />
            <PageHead title=t!(i18n, bills.rules) lead=t!(i18n, bills.rules_lead) />
            <Loaded resource=found rows=4 let:list><Listed list found after /></Loaded>
            <AddForm found />
        </div>
    }
    .into_any()
}

#[component]
fn Listed(
    list: BuyerRuleConnection,
    found: Loading<BuyerRuleConnection>,
    after: RwSignal<Vec<Option<String>>>,
) -> AnyView {
    let i18n = use_i18n();
    if list.nodes.is_empty() {
        return view! { <Empty icon="invoice" title=t!(i18n, bills.no_rules) text=t!(i18n, bills.no_rules_text) /> }
            .into_any();
    }
    let total = list.total_count;
    let end = list.page_info.end_cursor.clone();
    let has_next = list.page_info.has_next_page;
    let next = has_next.then(|| {
        Callback::new(move |()| {
            let end = end.clone();
            after.update(|after| after.push(end));
        })
    });
    let has_previous = !after.read_untracked().is_empty();
    let previous = has_previous.then(|| Callback::new(move |()| after.update(|after| drop(after.pop()))));
    let words = move || match total {
        1 => t_string!(i18n, bills.rule_one).to_owned(),
        many => t_string!(i18n, bills.rule_many, count = locale::count(i18n, many)),
    };
    let rows = list
        .nodes
        .into_iter()
        .map(|rule| view! { <Row rule found /> })
        .collect_view();
    view! {
        <table role="table" class="cards">
            <caption class="away">{t!(i18n, bills.rules)}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">{t!(i18n, bills.term)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, bills.value)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, office.customer)}</th>
                    <th role="columnheader" scope="col"><span class="away">{t!(i18n, bills.remove)}</span></th>
                </tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
        <Pager text=words previous=Signal::stored(previous) next=Signal::stored(next) />
    }
    .into_any()
}

#[component]
fn Row(rule: BuyerRule, found: Loading<BuyerRuleConnection>) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let BuyerRule {
        account,
        id,
        term,
        value,
        ..
    } = rule;
    let remove: Sent = Action::new_local(move |(): &()| async move {
        match remove_rule(id).await {
            Ok(()) => toasts.say(t_string!(i18n, bills.rule_removed).to_owned()),
            Err(error) => toasts.say(refusal::words(i18n, &error)),
        }
        found.refetch();
        Ok(())
    });
    let who = account.map(|account| {
        view! { {account.name} <span class="sub"><span class="id">{account.number}</span></span> }
    });
    let spoken = value.clone();
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="lead-cell">{text(move || term_words(i18n, term).to_owned())}</th>
            <td role="cell" data-label=t!(i18n, bills.value)><span class="id">{value}</span></td>
            <td role="cell" data-label=t!(i18n, office.customer)>{who}</td>
            <td role="cell" class="end-cell">
                <Button look="quiet s" busy=remove.pending() on_press=move |()| { remove.dispatch(()); }>
                    {t!(i18n, bills.remove)} <span class="away">" " {spoken}</span>
                </Button>
            </td>
        </tr>
    }
    .into_any()
}

#[component]
fn AddForm(found: Loading<BuyerRuleConnection>) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let term = RwSignal::new(BuyerTerm::BuyerReference);
    let (value, number) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let send: Sent = Action::new_local(move |(): &()| {
        let (term, value_now, number_now) = (term.get_untracked(), value.get_untracked(), number.get_untracked());
        async move {
            let count = add_rule(term, value_now, number_now).await?;
            toasts.say(match count {
                0 => t_string!(i18n, bills.rule_added).to_owned(),
                1 => t_string!(i18n, bills.rule_added_one).to_owned(),
                many => t_string!(i18n, bills.rule_added_many, count = locale::count(i18n, many)),
            });
            value.set(String::new());
            number.set(String::new());
            found.refetch();
            Ok::<_, ApiError>(())
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !send.pending().get_untracked() {
            send.dispatch(());
        }
    };
    let options = move || {
        let each = BuyerTerm::ALL.into_iter();
        each.map(|term| (term_word(term).to_owned(), term_words(i18n, term).to_owned()))
            .collect::<Vec<_>>()
    };
    view! {
        <section class="part" aria-labelledby="add-rule">
            <div class="part-head">
                <h2 id="add-rule">{t!(i18n, bills.add_rule)}</h2>
                <p>{t!(i18n, bills.add_rule_text)}</p>
            </div>
            <form class="form" novalidate on:submit=submit>
                <SelectField
                    id="rule-term"
                    label=t!(i18n, bills.term)
                    value=Signal::derive(move || term_word(term.get()).to_owned())
                    on_change=move |word: String| term.set(term_of(&word).unwrap_or(BuyerTerm::BuyerReference))
                    options=Signal::derive(options)
                />
                <TextField id="rule-value" label=t!(i18n, bills.value) value=value required=true error=field_error(send, "value") />
                <TextField id="rule-customer" label=t!(i18n, office.number) value=number required=true error=field_error(send, "accountNumber") />
                {refused(send, &["value", "accountNumber"])}
                <div class="actions"><Button look="primary" submit=true busy=send.pending()>{t!(i18n, bills.add_rule)}</Button></div>
            </form>
        </section>
    }
    .into_any()
}

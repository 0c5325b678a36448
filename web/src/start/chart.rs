//! What was invoiced by month, as bars, and as a table for all.
use super::operations::InvoiceMonth;
use crate::{
    api::{Day, Money},
    i18n::*,
    locale::{self, Words},
    ui::BlockHead,
};
use leptos::prelude::*;
use shared::money::Amount;

/// The bars of one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Bars {
    currency: String,
    /// Month and total, oldest first.
    months: Vec<(Day, Amount)>,
    /// What lies between two lines of the grid, in hundredths.
    step: i64,
}

const LINES: i64 = 4;
const ZERO: f64 = 196.0;
const LINE_HEIGHT: f64 = 45.5;
const BAR_SHARE: f64 = 0.62;

impl Bars {
    /// The bars of the currency that most months have; nothing where nothing was invoiced.
    fn of(months: &[InvoiceMonth]) -> Option<Self> {
        let count = |currency: &str| months.iter().filter(|month| month.currency == currency).count();
        let currency = months
            .iter()
            .map(|month| month.currency.as_str())
            .max_by_key(|currency| count(currency))?;
        let mut of_currency: Vec<_> = months
            .iter()
            .filter(|month| month.currency == currency)
            .map(|month| (month.month.clone(), month.total))
            .collect();
        of_currency.sort_by(|(first, _), (second, _)| first.cmp(second));
        let highest = of_currency.iter().map(|(_, total)| total.0).max().unwrap_or_default();
        Some(Self {
            currency: currency.to_owned(),
            months: of_currency,
            step: step(highest),
        })
    }

    fn total(&self) -> Money {
        let sum = self
            .months
            .iter()
            .fold(0_i64, |sum, (_, total)| sum.saturating_add(total.0));
        Money {
            amount: Amount(sum),
            currency: self.currency.clone(),
        }
    }

    fn height(&self, total: Amount) -> f64 {
        total.0.max(0) as f64 / self.step as f64 * LINE_HEIGHT
    }
}

/// The smallest round step, of 1, 2 or 5 with zeros, of which four reach `highest`; at least a whole unit.
fn step(highest: i64) -> i64 {
    let mut ten = 100_i64;
    loop {
        for factor in [1, 2, 5] {
            let step = ten.saturating_mul(factor);
            if step.saturating_mul(LINES) >= highest {
                return step;
            }
        }
        ten = ten.saturating_mul(10);
    }
}

/// The part "Was wir berechnet haben"; nothing where nothing was.
#[component]
pub fn InvoiceChart(
    /// A total a month and currency.
    months: Vec<InvoiceMonth>,
) -> AnyView {
    let i18n = use_i18n();
    let Some(bars) = Bars::of(&months) else {
        return ().into_any();
    };
    let total = bars.total();
    let ends = bars
        .months
        .first()
        .zip(bars.months.last())
        .map(|((first, _), (last, _))| (first.clone(), last.clone()));
    let caption = move || {
        ends.as_ref().map_or_else(String::new, |(first, last)| {
            t_string!(
                i18n,
                start.chart,
                from = locale::month(i18n, first),
                to = locale::month(i18n, last)
            )
        })
    };
    view! {
        <section aria-labelledby="invoiced">
            <BlockHead id="invoiced" title=t!(i18n, start.invoiced)>
                <span class="soft">
                    {t!(i18n, start.total)} " " <b class="money">{text(move || locale::money(i18n, &total))}</b>
                </span>
            </BlockHead>
            <figure class="chart">
                <figcaption>{text(caption)}</figcaption>
                {plot(i18n, &bars)}
                {table(i18n, bars)}
            </figure>
        </section>
    }
    .into_any()
}

fn plot(i18n: Words, bars: &Bars) -> AnyView {
    let (step, currency) = (bars.step, bars.currency.clone());
    let scale = move || {
        (0..=LINES)
            .map(|line| {
                let y = format!("{:.1}", ZERO + 4.0 - line as f64 * LINE_HEIGHT);
                let words = match line {
                    0 => locale::amount_whole(i18n, Amount(0), &currency),
                    line => locale::number(i18n, &(step / 100 * line).to_string()),
                };
                view! { <text x="0" y=y>{words}</text> }
            })
            .collect_view()
    };
    let lines = (0..=LINES)
        .map(|line| {
            let y = format!("{:.1}", ZERO - line as f64 * LINE_HEIGHT);
            let class = if line == 0 { "zero" } else { "grid" };
            view! { <line class=class x1="0" x2="100%" y1=y.clone() y2=y /> }
        })
        .collect_view();
    let width = 100.0 / bars.months.len().max(1) as f64;
    let last = bars.months.len().saturating_sub(1);
    let columns = bars
        .months
        .iter()
        .enumerate()
        .map(|(index, (month, total))| {
            let left = width * (index as f64 + (1.0 - BAR_SHARE) / 2.0);
            let height = bars.height(*total);
            let month = month.clone();
            view! {
                <rect
                    class="c1"
                    x=format!("{left:.2}%")
                    width=format!("{:.2}%", width * BAR_SHARE)
                    y=format!("{:.1}", ZERO - height)
                    height=format!("{height:.1}")
                />
                <text
                    class=(index == last).then_some("now")
                    x=format!("{:.2}%", width * (index as f64 + 0.5))
                    y="214"
                    text-anchor="middle"
                >
                    {text(move || locale::month_short(i18n, &month))}
                </text>
            }
        })
        .collect_view();
    view! {
        <div class="chart-plot" aria-hidden="true">
            <svg>{scale}</svg>
            <svg>{lines}{columns}</svg>
        </div>
    }
    .into_any()
}

fn table(i18n: Words, bars: Bars) -> AnyView {
    let Bars { currency, months, .. } = bars;
    let rows = months
        .into_iter()
        .map(|(month, total)| {
            let currency = currency.clone();
            view! {
                <tr>
                    <th scope="row">{text(move || locale::month(i18n, &month))}</th>
                    <td class="num">{text(move || locale::amount(i18n, total, &currency))}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <details>
            <summary>{t!(i18n, start.as_table)}</summary>
            <table class="plain">
                <caption class="away">{t!(i18n, start.chart_short)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, start.month)}</th>
                        <th scope="col" class="num">{t!(i18n, start.sum)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </details>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_steps_reach_the_highest_bar_with_round_numbers() {
        for (highest, expected) in [
            (0, 100),
            (400, 100),
            (401, 200),
            (150_266, 50_000),
            (200_000, 50_000),
            (200_001, 100_000),
            (i64::MAX, 5_000_000_000_000_000_000),
        ] {
            assert_eq!(step(highest), expected, "{highest}");
        }
    }

    #[test]
    fn bars_are_of_one_currency_and_in_order() {
        let month = |month: &str, total, currency: &str| InvoiceMonth {
            currency: currency.into(),
            month: Day(month.into()),
            total: Amount(total),
        };
        let months = [
            month("2026-11-01", 300, "EUR"),
            month("2026-11-01", 9, "CHF"),
            month("2026-10-01", 100, "EUR"),
        ];
        let bars = Bars::of(&months);
        assert_eq!(
            bars,
            Some(Bars {
                currency: "EUR".into(),
                months: vec![
                    (Day("2026-10-01".into()), Amount(100)),
                    (Day("2026-11-01".into()), Amount(300))
                ],
                step: 100,
            })
        );
        assert_eq!(Bars::of(&[]), None);
    }
}

//! Is recurring revenue growing?

use chrono::{Datelike, Months, NaiveDate};

use crate::dashboards::fetched::Fetched;
use crate::dashboards::periods::{at_end_of, change_on, month_so_far};
use crate::dashboards::prelude::*;
use crate::dashboards::remarks::{joined, of_all};
use crate::results::periods::{Grain, Periodic, of_months};

row! {
    /// The MRR of a plan in a month.
    pub struct PlanMonth {
        /// First day of the month.
        pub month: NaiveDate = "date_month",
        /// The plan, as spelled in the data.
        pub plan: String,
        /// Its MRR at the month's end.
        pub mrr_cents: i64,
    }

    /// A day that a model takes for unusual.
    pub struct UnusualDay {
        /// The day.
        pub date: NaiveDate,
        /// How unusual, from 0 to 1.
        pub score: f64,
    }
}

of_months!(PlanMonth);

/// Plans from the bottom of the stack to its top.
const ORDER: [&str; 3] = ["enterprise", "professional", "starter"];

/// MRR by month and plan, oldest first.
pub struct Mrr;

impl Source for Mrr {
    type Row = PlanMonth;
    type Options = ();
    const COMPARED_ON: Option<Basis> = Some(Basis::MonthEnds);

    fn sql(filters: &Filters, (): &()) -> String {
        statement!("mrr.sql", filters)
    }
}

/// The days of the range's months on which the Isolation Forest finds charges out of line.
pub struct UnusualDays;

impl Source for UnusualDays {
    type Row = UnusualDay;
    type Options = ();
    const COMPARED_ON: Option<Basis> = None;
    const LEARNED: Option<crate::ml::Model> = Some(crate::ml::Model::Anomalies);

    fn sql(filters: &Filters, (): &()) -> String {
        statement!("unusual_days.sql", filters)
    }
}

/// What the panel shows besides MRR.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Unusual {
    /// The unusual days.
    pub days: Vec<UnusualDay>,
    /// Why there are none yet.
    pub why_missing: Option<String>,
}

impl Panel for Mrr {
    const SPEC: PanelSpec = PanelSpec {
        id: "mrr",
        title: "Is recurring revenue growing?",
        unit: "MRR at the month’s end, US dollars",
        form: "stacked area chart with marks",
        model: "fct_mrr",
        defined_by: "mrr",
        acts: AND_COMPARE,
        plan: PlanOf::Every,
        click: "sets the plan",
        rows: "the customers who paid for the plan at the month’s end",
        span: "span-7 tall",
        keys: &[],
    };
    const TICKS: ValueFormat = MONEY;
    type Source = Self;
    type Options = Unusual;

    fn answer(view: &View<'_, Self>) -> Option<String> {
        answer(view)
    }

    fn caption(view: &View<'_, Self>) -> Option<String> {
        joined([
            told(&view.filters, view.basis, "Dashed"),
            unusual_days(&view.options.days),
            view.options.why_missing.clone(),
        ])
    }

    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        figure(view, &view.options.days, theme)
    }
}

/// A month with each plan's MRR in [`ORDER`].
#[derive(Debug, Clone)]
struct Month {
    month: NaiveDate,
    cents: [i64; 3],
}

impl Month {
    fn total(&self) -> i64 {
        self.cents.iter().sum()
    }
}

impl Periodic for Month {
    fn starts_on(&self) -> NaiveDate {
        self.month
    }
}

/// The months in order.
fn stacked(rows: &[PlanMonth]) -> Vec<Month> {
    let mut months: Vec<Month> = Vec::new();
    for row in rows {
        let Some(plan) = ORDER.iter().position(|plan| *plan == row.plan) else {
            continue;
        };
        if months.iter().all(|month| month.month != row.month) {
            months.push(Month {
                month: row.month,
                cents: [0; 3],
            });
        }
        if let Some(month) = months.iter_mut().find(|month| month.month == row.month) {
            month.cents[plan] += row.mrr_cents;
        }
    }
    months.sort_by_key(|month| month.month);
    months
}

/// MRR by plan as a stack of areas; months that hold `unusual` days have a mark on its upper edge.
#[must_use]
pub fn figure(
    fetched: &Fetched<PlanMonth>,
    unusual: &[UnusualDay],
    theme: &'static Theme,
) -> Figure {
    let filters = &fetched.filters;
    let plans = ORDER.into_iter().enumerate().map(|(position, plan)| {
        let filters = filters.clone();
        Series::area(words(plan), theme.plan(plan), move |row: &Month| {
            row.cents[position]
        })
        .named_at_end()
        .for_place_if_largest()
        .mark(move |row| paying(row.month, plan, row.cents[position], &filters))
    });
    let plot = Plot::over_time(&stacked(&fetched.rows), Subject::Contracts, MONEY, theme)
        .room(84.0)
        .stack(plans)
        .total("MRR", |row| Some(whole_dollars(row.total() as f64)))
        .before(&stacked(&fetched.before), "", Month::total)
        .with_change();
    if unusual.is_empty() {
        return plot.figure();
    }
    let days: Vec<NaiveDate> = unusual.iter().map(|unusual| unusual.date).collect();
    let in_month = move |row: &Month| -> Vec<NaiveDate> {
        let days = days.iter().copied();
        days.filter(|day| day.with_day(1) == Some(row.month))
            .collect()
    };
    let has_any = in_month.clone();
    plot.series(
        Series::dots(
            "Anomalous charges",
            theme.orange,
            9.0,
            move |row: &Month| (!has_any(row).is_empty()).then(|| row.total()),
        )
        .told_by(move |row| {
            let days: Vec<String> = in_month(row).into_iter().map(day).collect();
            (!days.is_empty()).then(|| days.join(", "))
        }),
    )
    .figure()
}

/// The customers who paid for a plan at a month's end.
fn paying(month: NaiveDate, plan: &'static str, cents: i64, filters: &Filters) -> PanelMark {
    let label = format!("{}, {}", words(plan), month_so_far(month, filters.as_of()));
    let filters = filters.clone();
    PanelMark::new(format!("{}.{plan}", month.format("%Y-%m")), label)
        .only(Dimension::Plan, plan)
        .summed(("customer", "customers"), cents, "mrr_cents", move || {
            statement!(
                "mrr_rows.sql",
                &filters,
                month = month.to_string(),
                plan = plan
            )
        })
}

/// The sentence, which says that it is of all plans where some are chosen.
#[must_use]
pub fn answer(fetched: &Fetched<PlanMonth>) -> Option<String> {
    let answer = sentence(&fetched.rows, &fetched.before, fetched.as_of)?;
    Some(of_all(answer, &fetched.filters, Dimension::Plan, "plans"))
}

/// Is recurring revenue growing? `before` is the period before, where it is compared.
#[must_use]
pub fn sentence(rows: &[PlanMonth], before: &[PlanMonth], as_of: NaiveDate) -> Option<String> {
    let last = rows.iter().map(|row| row.month).max()?;
    let total = |month: NaiveDate| -> i64 {
        let of_month = rows.iter().filter(|row| row.month == month);
        of_month.map(|row| row.mrr_cents).sum()
    };
    let now = total(last);
    if now == 0 {
        return Some(format!("There was no MRR {}.", at_end_of(last, as_of)));
    }
    let mut sentence = format!(
        "MRR was {} {}",
        MONEY.short(now as f64),
        at_end_of(last, as_of)
    );
    let (compared, then) = match stacked(before).last() {
        Some(then) => (then.total(), change_on(then.month, last, as_of)),
        None => {
            let year_before = last.checked_sub_months(Months::new(12))?;
            let then = if Grain::Month.is_complete(last, as_of) {
                "on the year".to_owned()
            } else {
                change_on(year_before, last, as_of)
            };
            (total(year_before), then)
        }
    };
    if let Some(growth) = relative_change(now as f64, compared as f64) {
        sentence.push_str(&format!(", {} {then}", change(growth)));
    }
    let leader = rows
        .iter()
        .filter(|row| row.month == last)
        .max_by_key(|row| row.mrr_cents)?;
    if now > 0 {
        let share = share(leader.mrr_cents as f64 / now as f64);
        sentence.push_str(&format!("; {} brings {share}", words(&leader.plan)));
    }
    sentence.push('.');
    Some(sentence)
}

/// Which days of the range are out of line, in words; `None` where none is.
#[must_use]
pub fn unusual_days(days: &[UnusualDay]) -> Option<String> {
    const TOLD: usize = 4;
    let told: Vec<String> = days
        .iter()
        .rev()
        .take(TOLD)
        .map(|unusual| day(unusual.date))
        .collect();
    let more = match days.len().saturating_sub(TOLD) {
        0 => String::new(),
        more => format!(" and {more} earlier"),
    };
    (!told.is_empty()).then(|| {
        format!(
            "Orange: months with days on which charges do not match contracts, by the Isolation Forest: {}{more}.",
            told.join(", ")
        )
    })
}

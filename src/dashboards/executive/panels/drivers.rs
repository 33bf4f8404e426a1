//! What drives the north star?

use chrono::{Days, NaiveDate};

use crate::dashboards::prelude::*;

row! {
    /// The driver tree's figures on a day; counts of movements cover the 28 days to it, and
    /// are 0 before the first of them are full.
    pub struct NorthStarDay {
        /// The day.
        pub date: NaiveDate = "date_day",
        /// Paying customers with a core action in the last 7 days.
        pub weekly_active_customers: i64 = "weekly_active_customers" via Option::unwrap_or_default,
        /// Paying customers.
        pub paying_customers: i64 = "paying_customers" via Option::unwrap_or_default,
        /// The first over the second.
        pub customer_activity_rate: Option<f64>,
        /// Who paid for the first time.
        pub new_customers: i64 = "new_customers_28d" via Option::unwrap_or_default,
        /// Who came back.
        pub reactivated_customers: i64 = "reactivated_customers_28d" via Option::unwrap_or_default,
        /// Who left.
        pub churned_customers: i64 = "churned_customers_28d" via Option::unwrap_or_default,
        /// Who moved to the plans chosen from others, less who moved the other way; 0 over all plans.
        pub transferred_customers: i64 = "transferred_customers_28d" via Option::unwrap_or_default,
        /// Who signed up.
        pub signups: i64 = "signups_28d" via Option::unwrap_or_default,
        /// New customers over signups.
        pub new_customers_per_signup: Option<f64> = "new_customers_per_signup_28d",
        /// Share of signups that activated within a week, among those who had one.
        pub activation_rate: Option<f64> = "activation_rate_28d",
    }
}

/// The driver tree's figures on the last day of the range and on the day it is set against.
pub struct Drivers;

impl Drivers {
    /// What the panel is, besides its data.
    pub const SPEC: PanelSpec = PanelSpec {
        id: "drivers",
        title: "What drives it?",
        unit: "Last day of the range, and its change",
        form: "driver tree",
        model: "north_star_metrics",
        defined_by: "north_star",
        acts: AND_COMPARE,
        plan: PlanOf::Paid,
        click: "",
        rows: "",
        span: "span-12",
        keys: &[],
    };
}

impl Source for Drivers {
    type Row = NorthStarDay;
    type Options = ();
    const COMPARED_ON: Option<Basis> = None;

    fn sql(filters: &Filters, (): &()) -> String {
        let tree_days = day_before(filters).into_iter().chain([filters.to]);
        let tree_days: Vec<String> = tree_days.map(|day| day.to_string()).collect();
        statement!("drivers.sql", filters, tree_days = tree_days)
    }
}

/// The day that the tree is set against: 28 days before the last, or the last day of the period before, where the
/// filters compare; there may be no such day.
fn day_before(filters: &Filters) -> Option<NaiveDate> {
    if filters.compare {
        return filters.compared().map(|before| before.to);
    }
    let before = filters.to.checked_sub_days(Days::new(28))?;
    (before >= filters.starts_on()).then_some(before)
}

/// Which day the changes are against.
#[must_use]
pub fn caption(filters: &Filters) -> Option<String> {
    let before = day_before(filters)?;
    Some(format!("Changes are against {}.", day(before)))
}

/// What drives the north star?
#[must_use]
pub fn sentence(days: &[NorthStarDay]) -> Option<String> {
    let now = days.last()?;
    let count = |value: i64| COUNT.full(value as f64);
    if now.paying_customers == 0 && now.churned_customers == 0 {
        return Some("Nobody paid in the last 28 days.".to_owned());
    }
    let mut sentence = match (now.paying_customers, now.weekly_active_customers) {
        (0, _) => "Nobody pays any more".to_owned(),
        (paying, active) => format!(
            "{} of {} paying customers took a core action in the last week",
            if active == 0 {
                "None".to_owned()
            } else {
                count(active)
            },
            count(paying),
        ),
    };
    let net = now.new_customers + now.reactivated_customers + now.transferred_customers
        - now.churned_customers;
    let balance = match net.signum() {
        -1 => format!("a net loss of {}", count(net.abs())),
        0 => "no net change".to_owned(),
        _ => format!("a net gain of {}", count(net)),
    };
    // Between the plans chosen and the others: over all plans nobody moves.
    let moved = match now.transferred_customers {
        0 => String::new(),
        more @ 1.. => format!(
            ", {} more came from other plans than went to them,",
            count(more)
        ),
        fewer => format!(
            ", {} more went to other plans than came from them,",
            count(-fewer)
        ),
    };
    let people = |number: i64| match number {
        0 => "nobody".to_owned(),
        number => count(number),
    };
    let joined = now.new_customers + now.reactivated_customers;
    if joined == 0 && moved.is_empty() && now.churned_customers == 0 {
        sentence.push_str("; in 28 days nobody joined, returned or churned.");
    } else {
        sentence.push_str(&format!(
            "; in 28 days {} joined or returned{moved} and {} churned, {balance}.",
            people(joined),
            people(now.churned_customers),
        ));
    }
    Some(sentence)
}

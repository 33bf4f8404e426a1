//! The driver tree: what the north star depends on.

use crate::components::format::{ValueFormat, change, is_no_change, relative_change};
use crate::dashboards::claims::{TOO_FEW, WITHIN_CHANCE, is_enough, is_within_chance};
use crate::dashboards::executive::panels::drivers::NorthStarDay;
use crate::results::shares::Share;

/// A node of the tree.
#[derive(Debug, Clone, Copy)]
pub struct DriverNode {
    /// Names it in test ids.
    pub id: &'static str,
    /// Its name on screen.
    pub label: &'static str,
    /// How its value is written.
    pub format: ValueFormat,
    /// Whether more of it is better.
    pub is_good: bool,
    /// Its value on a day.
    pub value: fn(&NorthStarDay) -> Option<f64>,
    /// Whether it counts events, which come by chance, rather than those who are there.
    pub counts_events: bool,
    /// The people behind a rate.
    pub of: Option<fn(&NorthStarDay) -> Share>,
    /// What it depends on.
    pub children: &'static [DriverNode],
}

/// Customers with a core action in a week: how many pay, and how many of those get out of the product what
/// it is for. On every page "active" means any event (decision 0025), so the word is not used here.
pub const TREE: DriverNode = DriverNode {
    id: "weekly-active-customers",
    label: "Customers with a core action, 7 days",
    format: ValueFormat::Count,
    is_good: true,
    counts_events: false,
    of: None,
    value: |day| Some(day.weekly_active_customers as f64),
    children: &[
        DriverNode {
            id: "paying-customers",
            label: "Paying customers",
            format: ValueFormat::Count,
            is_good: true,
            counts_events: false,
            of: None,
            value: |day| Some(day.paying_customers as f64),
            children: &[
                DriverNode {
                    id: "new-customers",
                    label: "New, 28 days",
                    format: ValueFormat::Count,
                    is_good: true,
                    counts_events: true,
                    of: None,
                    value: |day| Some(day.new_customers as f64),
                    children: &[
                        events("signups", "Signups, 28 days", |day| {
                            Some(day.signups as f64)
                        }),
                        rate(
                            "activation-rate",
                            "Activated within a week",
                            |day| day.activation_rate,
                            // Of the signups whose week is over, about as many as signed up.
                            |day| {
                                let rate = day.activation_rate.unwrap_or_default();
                                let activated = libm::round(rate * day.signups as f64);
                                Share::new(activated as i64, day.signups)
                            },
                        ),
                        rate(
                            "customers-per-signup",
                            "New customers per signup",
                            |day| day.new_customers_per_signup,
                            |day| Share::new(day.new_customers, day.signups),
                        ),
                    ],
                },
                events("reactivated-customers", "Returned, 28 days", |day| {
                    Some(day.reactivated_customers as f64)
                }),
                DriverNode {
                    is_good: false,
                    ..events("churned-customers", "Churned, 28 days", |day| {
                        Some(day.churned_customers as f64)
                    })
                },
            ],
        },
        rate(
            "customer-activity-rate",
            "Share with a core action",
            |day| day.customer_activity_rate,
            |day| Share::new(day.weekly_active_customers, day.paying_customers),
        ),
    ],
};

const fn rate(
    id: &'static str,
    label: &'static str,
    value: fn(&NorthStarDay) -> Option<f64>,
    of: fn(&NorthStarDay) -> Share,
) -> DriverNode {
    DriverNode {
        id,
        label,
        format: ValueFormat::Percent,
        is_good: true,
        counts_events: false,
        of: Some(of),
        value,
        children: &[],
    }
}

const fn events(
    id: &'static str,
    label: &'static str,
    value: fn(&NorthStarDay) -> Option<f64>,
) -> DriverNode {
    DriverNode {
        id,
        label,
        format: ValueFormat::Count,
        is_good: true,
        counts_events: true,
        of: None,
        value,
        children: &[],
    }
}

/// How a node changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DriverChange {
    /// The change, with its sign.
    pub text: String,
    /// Whether it is welcome; `None` when nothing changed, or nothing that chance would not change.
    pub is_welcome: Option<bool>,
}

impl DriverNode {
    /// The change between two days; `None` when it can't be computed.
    #[must_use]
    pub fn change(&self, now: &NorthStarDay, before: &NorthStarDay) -> Option<DriverChange> {
        let shares = self.of.map(|of| [of(now), of(before)]);
        let (now, before) = ((self.value)(now)?, (self.value)(before)?);
        let difference = now - before;
        if difference == 0.0 {
            return Some(DriverChange {
                text: "unchanged".to_owned(),
                is_welcome: None,
            });
        }
        let (count, earlier) = (now as i64, before as i64);
        let people = match shares {
            Some([now, before]) => now.whole.min(before.whole),
            None => count.min(earlier),
        };
        if !is_enough(people) {
            return Some(DriverChange {
                text: TOO_FEW.to_owned(),
                is_welcome: None,
            });
        }
        let text = match self.format {
            ValueFormat::Percent | ValueFormat::Ratio | ValueFormat::Number => {
                self.format.difference(difference)
            }
            ValueFormat::Count | ValueFormat::Money => change(relative_change(now, before)?),
        };
        let is_by_chance = match shares {
            Some([now, before]) => now.may_equal(before),
            None => self.counts_events && is_within_chance(count, earlier),
        };
        if is_by_chance {
            return Some(DriverChange {
                text: format!("{text}, {WITHIN_CHANCE}"),
                is_welcome: None,
            });
        }
        let is_welcome = (!is_no_change(&text)).then_some((difference > 0.0) == self.is_good);
        Some(DriverChange { text, is_welcome })
    }

    /// All nodes below and including this one.
    #[must_use]
    pub fn flatten(&self) -> Vec<&Self> {
        let below = self.children.iter().flat_map(Self::flatten);
        std::iter::once(self).chain(below).collect()
    }
}

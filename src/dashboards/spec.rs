//! What every panel declares of itself: the page, `docs/dashboards.md` and the tests read it here.

use std::cell::OnceCell;
use std::rc::Rc;

use crate::components::panel_text::plain_words;
use crate::state::filters::{Dimension, Filters};
use crate::transformation::Manifest;

/// A filter that may act on a panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acts {
    /// The range of days.
    Days,
    /// The comparison with the period before.
    Compare,
    /// A property of users.
    On(Dimension),
}

/// Every filter but the comparison acts.
pub const ALL_FILTERS: &[Acts] = &[
    Acts::Days,
    Acts::On(Dimension::Plan),
    Acts::On(Dimension::Channel),
    Acts::On(Dimension::Country),
    Acts::On(Dimension::Size),
    Acts::On(Dimension::Segment),
];

/// Every filter acts, and the comparison with the period before too.
pub const AND_COMPARE: &[Acts] = &[
    Acts::Days,
    Acts::Compare,
    Acts::On(Dimension::Plan),
    Acts::On(Dimension::Channel),
    Acts::On(Dimension::Country),
    Acts::On(Dimension::Size),
    Acts::On(Dimension::Segment),
];

/// Every property of users acts, but neither range nor comparison does.
pub const USER_FILTERS: &[Acts] = &[
    Acts::On(Dimension::Plan),
    Acts::On(Dimension::Channel),
    Acts::On(Dimension::Country),
    Acts::On(Dimension::Size),
    Acts::On(Dimension::Segment),
];

/// Which of a user's plans the plan filter goes by: people change plans, and those who left have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanOf {
    /// Plans are what the panel sets side by side, or it has none: it shows all of them.
    Every,
    /// What the user is on at the end of the last day of data.
    LastDay,
    /// What was paid for in each month.
    Month,
    /// What was chosen at signup.
    Signup,
    /// What the customer began with.
    Start,
    /// What was paid for twelve months before.
    YearBefore,
    /// What the charge was for.
    Charge,
    /// What the customer was on when the risk was predicted.
    Score,
    /// What customers paid for at the time; of signups what was chosen then.
    Paid,
}

impl PlanOf {
    /// Said below a panel while plans are chosen; empty where all are shown.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Every => "",
            Self::LastDay => {
                "By the plan on the last day of data; people who pay nothing are on Free."
            }
            Self::Month => "By the plan paid for in each month.",
            Self::Signup => "By the plan chosen at signup.",
            Self::Start => "By the plan that customers began with.",
            Self::YearBefore => "By the plan paid for twelve months before.",
            Self::Charge => "By the plan that was charged for.",
            Self::Score => "By the plan on the day of the prediction.",
            Self::Paid => {
                "Customers by the plan paid for at the time; signups by the plan chosen then."
            }
        }
    }
}

impl PlanOf {
    /// Which of a user's segments the segment filter goes by: people change theirs, too.
    #[must_use]
    pub const fn words_of_segment(self) -> &'static str {
        match self {
            Self::Score => "By the segment on the day of the prediction.",
            _ => {
                "By the segment on the last day of data; people may have been in another one before."
            }
        }
    }
}

/// What a panel is, besides its data.
#[derive(Debug, Clone, Copy)]
pub struct PanelSpec {
    /// Names the panel in test ids, links and file names; unique over all pages.
    pub id: &'static str,
    /// The question, in sentence case.
    pub title: &'static str,
    /// The unit and period of its values.
    pub unit: &'static str,
    /// The form of its chart, for the documents: "waterfall", "heatmap" ….
    pub form: &'static str,
    /// The model its rows come from: `fct_mrr`, or `ml.churn_predictions`.
    pub model: &'static str,
    /// Where its definition stands: a doc block (`"mrr"`), a column (`"fct_mrr.arpu_cents"`) or a
    /// model (`"fct_mrr"`) of the project.
    pub defined_by: &'static str,
    /// The filters that act on it.
    pub acts: &'static [Acts],
    /// Which plan the plan filter goes by.
    pub plan: PlanOf,
    /// What a click on a mark does to the filters, for the documents; empty for nothing.
    pub click: &'static str,
    /// What the rows behind a mark are, for the documents; empty when there are none.
    pub rows: &'static str,
    /// How wide it is: `span-12`, `span-7 tall` ….
    pub span: &'static str,
    /// The colours of the chart's series, by token, when they can't be labelled directly.
    pub keys: &'static [(&'static str, &'static str)],
}

impl PanelSpec {
    /// What should be known of the filters that are set: which do not act here, and which plan is meant,
    /// also where plans are what the panel is split `by`; empty otherwise.
    #[must_use]
    pub fn remark(&self, filters: &Filters, by: Option<Dimension>) -> String {
        let acts = |one: Acts| self.acts.contains(&one);
        let mut idle: Vec<String> = Vec::new();
        if !acts(Acts::Days) && filters.range != crate::state::filters::Range::default() {
            idle.push("range".to_owned());
        }
        for dimension in Dimension::ALL {
            if !filters.values(dimension).is_empty() && !acts(Acts::On(dimension)) {
                idle.push(dimension.label().to_lowercase());
            }
        }
        let mut remark = match idle.split_last() {
            None => String::new(),
            Some((last, [])) => format!("The {last} filter does not apply to this panel."),
            Some((last, others)) => format!(
                "The {} and {last} filters do not apply to this panel.",
                others.join(", ")
            ),
        };
        if filters.compared().is_some() && !acts(Acts::Compare) {
            if !remark.is_empty() {
                remark.push(' ');
            }
            remark.push_str("This panel has no comparison.");
        }
        let is_set = |dimension| {
            by == Some(dimension)
                || !filters.values(dimension).is_empty() && acts(Acts::On(dimension))
        };
        let meant = [
            (Dimension::Plan, self.plan.words()),
            (Dimension::Segment, self.plan.words_of_segment()),
        ];
        for (_, words) in meant.into_iter().filter(|(one, _)| is_set(*one)) {
            if !remark.is_empty() && !words.is_empty() {
                remark.push(' ');
            }
            remark.push_str(words);
        }
        remark
    }

    /// What the panel measures, in the words of the project's documentation; its numbers are those of
    /// `project`, if there is one.
    #[must_use]
    pub fn definition(&self, project: Option<&Manifest>) -> Option<String> {
        let own = manifest()?;
        let project = project.unwrap_or(&own);
        let found = project.described(self.defined_by)?;
        Some(plain_words(&project.with_values(found))).filter(|text| !text.is_empty())
    }
}

/// The id of the contested metric that a doc block, column or model belongs to; its worked example
/// stands on the page "Our definitions".
#[must_use]
pub fn metric_of(name: &str) -> Option<String> {
    let manifest = manifest()?;
    Some(manifest.metric_of(name)?.id.clone())
}

/// The project, read once.
fn manifest() -> Option<Rc<Manifest>> {
    thread_local! {
        static MANIFEST: OnceCell<Option<Rc<Manifest>>> = const { OnceCell::new() };
    }
    MANIFEST.with(|cell| {
        cell.get_or_init(|| Manifest::embedded().ok().map(Rc::new))
            .clone()
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::dashboards::pages::Page;

    #[test]
    fn every_panel_is_named_once_and_defined_by_the_project() {
        let mut ids = BTreeSet::new();
        for page in Page::ALL {
            for panel in page.panels() {
                assert!(ids.insert(panel.id), "{} stands twice", panel.id);
                assert!(
                    panel.definition(None).is_some(),
                    "{}: no documentation of {}",
                    panel.id,
                    panel.defined_by
                );
            }
        }
        assert!(!ids.is_empty());
    }

    /// "Refunds" stood in a legend without a colour.
    #[test]
    fn every_key_of_a_legend_has_its_colour() {
        let styles = [
            include_str!("../../public/css/panels.css"),
            include_str!("../../public/css/dashboards.css"),
        ];
        for panel in Page::ALL.into_iter().flat_map(Page::panels) {
            for (name, token) in panel.keys {
                let rule = format!(".swatch.{token}");
                let has_rule = styles.iter().any(|one| one.contains(&rule));
                assert!(has_rule, "{}: {name} is {token}", panel.id);
            }
        }
    }

    /// A plan filter acted on today's plan on one page and on the plan of the signup on another, unsaid.
    #[test]
    fn a_panel_that_plans_limit_says_which_plan() {
        for panel in Page::ALL.into_iter().flat_map(Page::panels) {
            let acts = panel.acts.contains(&Acts::On(Dimension::Plan));
            let sets_side_by_side = panel.click == "sets the plan";
            assert_eq!(
                panel.plan == PlanOf::Every,
                !acts || sets_side_by_side,
                "{}",
                panel.id
            );
        }
    }

    #[test]
    fn a_filter_that_does_not_act_is_told() {
        let day = |text: &str| text.parse().unwrap();
        let filters = Filters::new(day("2024-01-01"), day("2025-12-31"));
        let panel = PanelSpec {
            acts: &[Acts::Days, Acts::On(Dimension::Plan)],
            ..*Page::Executive.panels()[0]
        };
        assert_eq!(panel.remark(&filters, None), "");
        assert_eq!(panel.remark(&filters, Some(Dimension::Channel)), "");
        let by_signup = PanelSpec {
            plan: PlanOf::Signup,
            ..panel
        };
        assert_eq!(
            by_signup.remark(&filters, Some(Dimension::Plan)),
            "By the plan chosen at signup."
        );
        let filters = filters.toggled(Dimension::Plan, "starter");
        assert_eq!(panel.remark(&filters, None), "");
        let by_month = PanelSpec {
            plan: PlanOf::Month,
            ..panel
        };
        assert_eq!(
            by_month.remark(&filters, None),
            "By the plan paid for in each month."
        );
        let filters = filters.toggled(Dimension::Country, "DE");
        assert_eq!(
            panel.remark(&filters, None),
            "The country filter does not apply to this panel."
        );
        let mut compared = filters.clone();
        compared.compare = true;
        assert!(
            panel
                .remark(&compared, None)
                .ends_with("This panel has no comparison.")
        );
        let filters = filters.toggled(Dimension::Segment, "power");
        assert!(
            panel
                .remark(&filters, None)
                .starts_with("The country and segment filters")
        );
        // Power users are those who are active now, so that their past looks splendid.
        let of_power = Filters::new(day("2024-01-01"), day("2025-12-31"));
        let of_power = of_power.toggled(Dimension::Segment, "power");
        let remark = |id: &str| {
            let panel = Page::ALL.into_iter().flat_map(Page::panels);
            panel
                .into_iter()
                .find(|panel| panel.id == id)
                .unwrap()
                .remark(&of_power, None)
        };
        assert!(remark("active-users").starts_with("By the segment on the last day of data"));
        assert_eq!(
            remark("risk"),
            "By the segment on the day of the prediction."
        );
    }
}

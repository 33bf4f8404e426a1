//! How far down the list is it worth going?

use charming::element::{
    Label, LineStyle, LineStyleType, MarkLine, MarkLineData, MarkLineVariant, Symbol,
};
use charming::series::Scatter;

use crate::components::chart_parts::figures_over_lines;
use crate::dashboards::churn::evaluation::{Evaluation, Group};
use crate::dashboards::churn::figures::{count, customers};
use crate::dashboards::churn::scores::Scores;
use crate::dashboards::claims::share_or_counts;
use crate::dashboards::prelude::*;

/// How many more leavers each tenth of the list holds than a random tenth would.
pub struct Lift;

impl Panel for Lift {
    const SPEC: PanelSpec = PanelSpec {
        id: "lift",
        title: "How far down the list is it worth going?",
        unit: "Churned customers in each decile, as a multiple of chance",
        form: "lift chart",
        model: "ml.churn_predictions",
        defined_by: "lift",
        acts: ALL_FILTERS,
        plan: PlanOf::Score,
        click: "",
        rows: "",
        span: "span-4",
        keys: &[],
    };
    const TICKS: ValueFormat = ValueFormat::Ratio;
    type Source = Scores;
    type Options = ();

    fn answer(view: &View<'_, Self>) -> Option<String> {
        sentence(&Evaluation::new(&view.rows)?)
    }

    fn caption(_view: &View<'_, Self>) -> Option<String> {
        Some("Horizontal axis: deciles, highest risk first. The line is chance.".to_owned())
    }

    /// A column a tenth, highest risks first.
    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let evaluation = Evaluation::new(&view.rows).unwrap_or_default();
        let tenths = tenths(&evaluation);
        let texts = tenths
            .iter()
            .map(|tenth| (tenth.lift, format!("{:.1}×", tenth.lift)));
        // Of a handful who left (decision 0123).
        let opacity = if is_enough(evaluation.churned) {
            1.0
        } else {
            PALE
        };
        let lift = Series::bars("Lift", theme.accent, 68, |tenth: &Tenth| tenth.lift);
        Plot::of_names(&tenths, Self::TICKS, theme, |tenth| {
            tenth.group.decile.to_string()
        })
        .headed(|tenth| format!("Decile {}", tenth.group.decile))
        .headroom(22.0)
        .series(
            lift.faint(opacity)
                .told_by(|tenth| Some(format!("{:.2}×", tenth.lift))),
        )
        .line("Churned", |tenth| {
            share_or_counts(Share::new(tenth.group.churned, tenth.group.customers))
        })
        .line("Customers", |tenth| Some(count(tenth.group.customers)))
        .total("Cumulative share of churned customers", |tenth| {
            share_or_counts(tenth.so_far)
        })
        .overlay(over_chance(figures_over_lines(theme, texts), theme))
        .figure()
    }
}

/// A tenth of the customers, by risk.
#[derive(Debug, Clone, Copy)]
struct Tenth {
    group: Group,
    /// Its share of leavers over everyone's.
    lift: f64,
    /// Those who left of this tenth and all before it, of all who left.
    so_far: Share,
}

fn tenths(evaluation: &Evaluation) -> Vec<Tenth> {
    let base = evaluation.base_rate();
    let mut churned = 0;
    let tenths = evaluation.tenths().into_iter().map(|group| {
        churned += group.churned;
        Tenth {
            group,
            lift: if base > 0.0 { group.actual / base } else { 0.0 },
            so_far: Share::new(churned, evaluation.churned),
        }
    });
    tenths.collect()
}

/// Figures with a dashed line across the chart below them, at chance.
fn over_chance(figures: Scatter, theme: &'static Theme) -> Scatter {
    let style = LineStyle::new()
        .color(theme.ink)
        .width(1)
        .type_(LineStyleType::Dashed);
    figures.mark_line(
        MarkLine::new()
            .silent(true)
            .symbol(vec![Symbol::None, Symbol::None])
            .label(Label::new().show(false))
            .line_style(style)
            .data(vec![MarkLineVariant::Simple(
                MarkLineData::new().y_axis(1.0),
            )]),
    )
}

/// How far down the list is it worth going?
#[must_use]
pub fn sentence(evaluation: &Evaluation) -> Option<String> {
    if evaluation.churned == 0 {
        return None;
    }
    if !is_enough(evaluation.churned) {
        return Some(format!(
            "Only {} churned: too few to say how much a list helps.",
            customers(evaluation.churned)
        ));
    }
    // Equal scores share a decile, so that a decile need not be a tenth of the customers.
    let size = |customers: i64| {
        let percent = 100.0 * customers as f64 / evaluation.customers as f64;
        format!("{percent:.0}%")
    };
    let tenths = tenths(evaluation);
    let first = tenths.first()?;
    let top = tenths
        .iter()
        .take_while(|tenth| tenth.group.decile <= 3 || tenth.group.decile == first.group.decile);
    let most: i64 = top.clone().map(|tenth| tenth.group.customers).sum();
    let found = top.last()?.so_far.rate()?;
    let risky = size(first.group.customers);
    let more = if most > first.group.customers {
        format!(
            "; the riskiest {} contain {} of all of them",
            size(most),
            share(found)
        )
    } else {
        String::new()
    };
    Some(format!(
        "The riskiest {risky} of customers contain {:.1} times as many churned customers as a random {risky}{more}.",
        first.lift
    ))
}

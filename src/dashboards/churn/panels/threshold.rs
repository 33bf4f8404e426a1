//! At what risk is a call worth it?

use std::rc::Rc;

use charming::Chart;
use charming::component::Axis;
use charming::datatype::{DataPoint, DataPointItem};
use charming::element::{
    AreaStyle, AxisType, BoundaryGap, ItemStyle, Label, LabelPosition, LineStyle, SplitLine, Symbol,
};
use charming::series::{Line, Scatter};

use crate::components::chart_parts::{
    LABEL_SIZE, axis_label, axis_tooltip, category_axis, grid, place, value_axis,
};
use crate::dashboards::churn::evaluation::{Evaluation, Outcome};
use crate::dashboards::churn::figures::{count, customers, money};
use crate::dashboards::churn::options::Terms;
use crate::dashboards::churn::scored::holdout_rows;
use crate::dashboards::churn::scores::Scores;
use crate::dashboards::claims::{counts, share_or_counts};
use crate::dashboards::prelude::*;

/// Money saved by threshold.
pub struct Threshold;

impl Panel for Threshold {
    const SPEC: PanelSpec = PanelSpec {
        id: "threshold",
        title: "At what risk is a call worth it?",
        unit: "US dollars saved by contacting everyone at or above the threshold",
        form: "line chart",
        model: "ml.churn_predictions",
        defined_by: "churn_savings",
        acts: ALL_FILTERS,
        plan: PlanOf::Score,
        click: "",
        rows: "the customers at or above the threshold, with their outcome",
        span: "span-12",
        keys: &[
            ("Money saved", "accent"),
            ("Precision", "blue"),
            ("Recall", "ochre"),
        ],
    };
    const TICKS: ValueFormat = MONEY;
    type Source = Scores;
    type Options = Terms;

    fn answer(view: &View<'_, Self>) -> Option<String> {
        sentence(&Evaluation::new(&view.rows)?, view.options)
    }

    fn caption(_view: &View<'_, Self>) -> Option<String> {
        Some(
            "Horizontal axis: risk threshold, %. Precision and recall run from 0 to 100% of the height."
                .to_owned(),
        )
    }

    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let terms = *view.options;
        let evaluation = Evaluation::new(&view.rows);
        let marks = evaluation.iter().map(|one| {
            let contacted = one.outcome(terms.threshold_percent, &terms).contacted;
            called(contacted, terms.threshold_percent, &view.filters)
        });
        let marks: Vec<PanelMark> = marks.collect();
        let evaluation = evaluation.unwrap_or_default();
        let outcomes = evaluation.outcomes(&terms);
        Figure {
            chart: chart(&evaluation, &outcomes, &terms, theme),
            marks,
            mark_at: Rc::new(|_| Some(0)),
            time: None,
            tooltip: Rc::new(move |place| {
                let outcome = outcomes.get(place.index);
                let outcome = outcome.filter(|_| evaluation.customers > 0)?;
                Some(tooltip(outcome, theme))
            }),
        }
    }
}

/// The money saved over thresholds from 1 to 99 percent, with the chosen and the best one, and precision and recall
/// on an axis of their own.
fn chart(
    evaluation: &Evaluation,
    outcomes: &[Outcome],
    terms: &Terms,
    theme: &'static Theme,
) -> Chart {
    let names = outcomes.iter().map(|one| match one.threshold_percent % 10 {
        0 => one.threshold_percent.to_string(),
        _ => String::new(),
    });
    let thresholds = category_axis(theme, names.collect())
        .boundary_gap(BoundaryGap::CategoryAxis(false))
        .axis_label(axis_label(theme).interval(0));
    let shares = Axis::new()
        .type_(AxisType::Value)
        .min(0)
        .max(1)
        .show(false)
        .split_line(SplitLine::new().show(false));
    let line = |name: &str, colour: &str, of: fn(&Outcome) -> Share| {
        let is_few = outcomes.iter().all(|one| !of(one).is_enough());
        let colour = if is_few {
            with_opacity(colour, PALE)
        } else {
            colour.to_owned()
        };
        let rates = outcomes.iter().map(|one| of(one).rate());
        Line::new()
            .name(name)
            .y_axis_index(1)
            .symbol(Symbol::None)
            .line_style(LineStyle::new().color(colour.as_str()).width(1.5))
            .data(rates.collect::<Vec<Option<f64>>>())
    };
    let saved: Vec<f64> = outcomes.iter().map(|one| one.saved_cents).collect();
    Chart::new()
        .grid(grid(16.0).top(20))
        .tooltip(axis_tooltip(theme))
        .x_axis(thresholds)
        .y_axis(value_axis(theme))
        .y_axis(shares)
        .series(
            Line::new()
                .name("Money saved")
                .symbol(Symbol::None)
                .line_style(LineStyle::new().color(theme.accent).width(2))
                .area_style(AreaStyle::new().color(theme.accent).opacity(0.1))
                .data(saved),
        )
        .series(line("Precision", theme.blue, Outcome::precision))
        .series(line("Recall", theme.ochre, Outcome::recall))
        .series(dots(evaluation, terms, theme))
}

/// A full dot at the chosen threshold and a hollow one at the best, where it is another.
fn dots(evaluation: &Evaluation, terms: &Terms, theme: &'static Theme) -> Scatter {
    let dot = |name: &str, fill: &str, at: Outcome| -> DataPoint {
        let place = place(f64::from(at.threshold_percent - 1), at.saved_cents);
        let style = ItemStyle::new()
            .color(fill)
            .border_color(theme.accent)
            .border_width(2);
        DataPointItem::new(place)
            .name(name)
            .item_style(style)
            .into()
    };
    let chosen = evaluation.outcome(terms.threshold_percent, terms);
    // Of a handful no threshold is known to be the best (decision 0123).
    let best = evaluation.best(terms).filter(|best| {
        best.recall().is_enough() && best.threshold_percent != terms.threshold_percent
    });
    let best = best.map(|best| dot("Best", theme.paper, best));
    let dots = std::iter::once(dot("Chosen", theme.accent, chosen)).chain(best);
    Scatter::new()
        .name("Thresholds")
        .symbol(Symbol::Circle)
        .symbol_size(9)
        .label(
            Label::new()
                .show(true)
                .position(LabelPosition::Top)
                .formatter("{b}")
                .color(theme.ink)
                .font_size(LABEL_SIZE),
        )
        .data(dots.collect::<Vec<DataPoint>>())
}

fn tooltip(outcome: &Outcome, theme: &'static Theme) -> Tooltip {
    let share = |of: Share| match share_or_counts(of) {
        Some(text) if of.is_enough() => format!("{text} ({})", counts(of)),
        Some(text) => text,
        None => "–".to_owned(),
    };
    Tooltip::new(format!("Threshold {}%", outcome.threshold_percent))
        .mark(
            theme.accent,
            "Money saved",
            whole_dollars(outcome.saved_cents),
        )
        .mark(theme.blue, "Precision", share(outcome.precision()))
        .mark(theme.ochre, "Recall", share(outcome.recall()))
        .line("Contacted", count(outcome.contacted))
        .line("Would have churned", count(outcome.caught))
}

/// Those at or above the threshold in the hold-out.
fn called(contacted: i64, threshold_percent: u32, filters: &Filters) -> PanelMark {
    let filters = filters.clone();
    let label = format!("Hold-out customers at {threshold_percent}% or more");
    PanelMark::new("contacted", label).counted(("call", "calls"), contacted, move || {
        statement!(
            "threshold_rows.sql",
            &filters,
            scored_rows = holdout_rows(&filters),
            threshold_percent = threshold_percent
        )
    })
}

/// At what risk is a call worth it?
#[must_use]
pub fn sentence(evaluation: &Evaluation, terms: &Terms) -> Option<String> {
    let chosen = evaluation.outcome(terms.threshold_percent, terms);
    let best = evaluation.best(terms)?;
    let saved = |cents: f64| {
        if cents < 0.0 {
            format!("lost {}", money(-cents))
        } else if cents == 0.0 {
            "saved nothing".to_owned()
        } else {
            format!("saved {}", money(cents))
        }
    };
    let dates = match evaluation.snapshots {
        1 => "one past date".to_owned(),
        many => format!("{} past dates", count(many)),
    };
    let of_all = customers(evaluation.churned);
    let mut sentence = match chosen.precision().rate() {
        None => format!(
            "On {dates}, no customer reached {}%",
            terms.threshold_percent
        ),
        Some(precision) => {
            let caught = count(chosen.caught);
            let reached = match chosen.recall().rate() {
                None => String::new(),
                Some(recall) if is_enough(evaluation.churned) => {
                    format!(" and caught {} of the customers who churned", share(recall))
                }
                Some(_) => format!(" and caught {caught} of the {of_all} who churned"),
            };
            let contacted = count(chosen.contacted);
            let right = if chosen.caught == 0 {
                "right not once".to_owned()
            } else if is_enough(chosen.contacted) {
                format!("right {} of the time", share(precision))
            } else {
                format!("right in {caught} of {contacted}")
            };
            format!(
                "At {}%, {contacted} calls on {dates} would have been {right}{reached}; they would have {}",
                terms.threshold_percent,
                saved(chosen.saved_cents)
            )
        }
    };
    if !is_enough(evaluation.churned) {
        sentence.push_str(&format!(
            ". Only {of_all} churned: too few to name a best threshold"
        ));
    } else if best.threshold_percent != chosen.threshold_percent {
        if best.saved_cents > chosen.saved_cents && best.contacted > 0 {
            sentence.push_str(&format!(
                ". The best threshold is {}%, which would have {}",
                best.threshold_percent,
                saved(best.saved_cents)
            ));
        } else if best.contacted == 0 {
            sentence.push_str(". With these costs, no call pays off");
        }
    } else if chosen.contacted > 0 {
        sentence.push_str(", the best of any threshold");
    }
    sentence.push('.');
    Some(sentence)
}

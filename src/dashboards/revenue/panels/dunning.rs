//! What happens to failed charges?

use std::rc::Rc;

use charming::Chart;
use charming::element::{
    Emphasis, EmphasisFocus, ItemStyle, Label, LineStyle, Tooltip as ChartTooltip, Trigger,
};
use charming::series::{Sankey, SankeyLink, SankeyNode};

use crate::components::chart_parts::LABEL_SIZE;
use crate::components::chart_spec::ChartMark;
use crate::dashboards::claims::{counts, money_or_nothing, share_or_counts};
use crate::dashboards::compared::period_words;
use crate::dashboards::prelude::*;
use crate::results::revenue::DunningFlow;

/// Charges of the range by why they failed at first and how they ended.
pub struct Dunning;

impl Source for Dunning {
    type Row = DunningFlow;
    type Options = ();
    const COMPARED_ON: Option<Basis> = Some(Basis::Days);

    fn sql(filters: &Filters, (): &()) -> String {
        statement!("dunning.sql", filters)
    }
}

impl Panel for Dunning {
    const SPEC: PanelSpec = PanelSpec {
        id: "dunning",
        title: "What happens to failed charges?",
        unit: "Charges in the range that failed on the first attempt, by reason and outcome",
        form: "sankey",
        model: "fct_payments",
        defined_by: "fct_payments.dunning_outcome",
        acts: AND_COMPARE,
        plan: PlanOf::Charge,
        click: "",
        rows: "the charges of the node or link",
        span: "span-6",
        keys: &[],
    };
    const TICKS: ValueFormat = COUNT;
    type Source = Self;
    /// Whether the screen is narrow.
    type Options = bool;

    fn answer(view: &View<'_, Self>) -> Option<String> {
        sentence(
            &view.rows,
            &view.before,
            &period_words(&view.filters, view.basis),
        )
    }

    fn caption(view: &View<'_, Self>) -> Option<String> {
        told(
            &view.filters,
            view.basis,
            "The sentence compares recovery with that of",
        )
    }

    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let rows = view.rows.clone();
        let (nodes, links) = parts(&rows);
        let count_nodes = nodes.len();
        let parts = nodes.into_iter().chain(links);
        Figure {
            chart: chart(&rows, *view.options, theme),
            marks: parts
                .map(|part| mark(&rows, &part, &view.filters))
                .collect(),
            tooltip: Rc::new(move |place| tooltip(&rows, place)),
            mark_at: Rc::new(move |place| {
                place.series?;
                let before = if place.is_link { count_nodes } else { 0 };
                Some(before + place.index)
            }),
            time: None,
        }
    }
}

/// The charges of a node or link.
fn mark(rows: &[DunningFlow], part: &FlowPart, filters: &Filters) -> PanelMark {
    let (reason, outcome) = match part.clone() {
        FlowPart::All => (None, None),
        FlowPart::Reason(reason) => (Some(reason), None),
        FlowPart::Outcome(outcome) => (None, Some(outcome)),
        FlowPart::Link(reason, outcome) => (Some(reason), Some(outcome)),
    };
    let label = label(part);
    let key = label.to_lowercase().replace(" → ", ".").replace(' ', "-");
    let filters = filters.clone();
    PanelMark::new(key, label).counted(("charge", "charges"), sums(rows, part).0, move || {
        statement!(
            "dunning_rows.sql",
            &filters,
            reason = reason.clone(),
            outcome = outcome.clone(),
        )
    })
}

/// The node that all failed charges come from.
const FAILED: &str = "First attempt failed";

/// Charges and cents.
type Sums = (i64, i64);

/// What a mark of the sankey stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum FlowPart {
    /// All failed charges.
    All,
    /// Those of one reason.
    Reason(String),
    /// Those that ended one way.
    Outcome(String),
    /// Those of one reason that ended one way.
    Link(String, String),
}

/// Flows of failed charges: each reason, each outcome.
fn failed(rows: &[DunningFlow]) -> Vec<(&str, &DunningFlow)> {
    rows.iter()
        .filter_map(|row| Some((row.reason.as_deref()?, row)))
        .collect()
}

/// Reasons by the number of charges, most first.
fn reasons(rows: &[DunningFlow]) -> Vec<String> {
    let mut sums: Vec<(String, i64)> = Vec::new();
    for (reason, row) in failed(rows) {
        match sums.iter_mut().find(|(name, _)| name == reason) {
            Some((_, charges)) => *charges += row.charges,
            None => sums.push((reason.to_owned(), row.charges)),
        }
    }
    sums.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    sums.into_iter().map(|(reason, _)| reason).collect()
}

/// The ways a failed charge ends.
const OUTCOMES: [&str; 3] = ["recovered", "in_dunning", "lost"];

/// The marks of the sankey: nodes first, then links, in the order they are drawn.
fn parts(rows: &[DunningFlow]) -> (Vec<FlowPart>, Vec<FlowPart>) {
    let reasons = reasons(rows);
    if reasons.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let mut nodes = vec![FlowPart::All];
    nodes.extend(reasons.iter().cloned().map(FlowPart::Reason));
    let ended: Vec<&str> = OUTCOMES
        .into_iter()
        .filter(|outcome| failed(rows).iter().any(|(_, row)| row.outcome == *outcome))
        .collect();
    nodes.extend(
        ended
            .iter()
            .map(|outcome| FlowPart::Outcome((*outcome).to_owned())),
    );
    let mut links: Vec<FlowPart> = reasons.iter().cloned().map(FlowPart::Reason).collect();
    for reason in &reasons {
        for outcome in &ended {
            let link = FlowPart::Link(reason.clone(), (*outcome).to_owned());
            if sums(rows, &link).0 > 0 {
                links.push(link);
            }
        }
    }
    (nodes, links)
}

/// Charges and amount of a part.
fn sums(rows: &[DunningFlow], part: &FlowPart) -> Sums {
    let belongs = |reason: &str, row: &DunningFlow| match part {
        FlowPart::All => true,
        FlowPart::Reason(name) => name == reason,
        FlowPart::Outcome(name) => *name == row.outcome,
        FlowPart::Link(name, outcome) => name == reason && *outcome == row.outcome,
    };
    failed(rows)
        .into_iter()
        .filter(|(reason, row)| belongs(reason, row))
        .fold((0, 0), |sum, (_, row)| {
            (sum.0 + row.charges, sum.1 + row.amount_cents)
        })
}

/// A part's name for readers.
fn label(part: &FlowPart) -> String {
    match part {
        FlowPart::All => FAILED.to_owned(),
        FlowPart::Reason(name) => words(name),
        FlowPart::Outcome(name) => outcome(name),
        FlowPart::Link(reason, ended) => {
            format!("{} → {}", words(reason), outcome(ended).to_lowercase())
        }
    }
}

fn outcome(name: &str) -> String {
    match name {
        "in_dunning" => "In retry".to_owned(),
        name => words(name),
    }
}

/// A node's name beside it, with its charges and what they are worth: `Recovered: 12 · $1.2k`. A narrow
/// screen has room for the charges alone.
fn node_name(rows: &[DunningFlow], part: &FlowPart, is_narrow: bool) -> String {
    let (charges, cents) = sums(rows, part);
    if is_narrow {
        let name = match part {
            FlowPart::All => "Failed".to_owned(),
            part => label(part),
        };
        return format!("{name}: {}", COUNT.full(charges as f64));
    }
    format!(
        "{}: {} · {}",
        label(part),
        COUNT.full(charges as f64),
        MONEY.short(cents as f64)
    )
}

/// Draws the flow, grey until it is pointed at.
fn chart(rows: &[DunningFlow], is_narrow: bool, theme: &Theme) -> Chart {
    let node_name = |part: &FlowPart| node_name(rows, part, is_narrow);
    let (nodes, links) = parts(rows);
    let colour = |part: &FlowPart| match part {
        FlowPart::Outcome(name) if name == "recovered" => theme.up,
        FlowPart::Outcome(name) if name == "lost" => theme.down,
        FlowPart::Outcome(_) => theme.ochre,
        _ => theme.slate,
    };
    let drawn: Vec<SankeyNode> = nodes
        .iter()
        .map(|part| {
            SankeyNode::new(node_name(part))
                .item_style(ItemStyle::new().color(colour(part)).border_width(0))
        })
        .collect();
    let flows: Vec<SankeyLink> = links
        .iter()
        .map(|part| {
            let charges = sums(rows, part).0 as f64;
            match part {
                FlowPart::Link(reason, ended) => SankeyLink::from((
                    node_name(&FlowPart::Reason(reason.clone())),
                    node_name(&FlowPart::Outcome(ended.clone())),
                    charges,
                )),
                other => SankeyLink::from((node_name(&FlowPart::All), node_name(other), charges)),
            }
        })
        .collect();
    Chart::new()
        .tooltip(ChartTooltip::new().trigger(Trigger::Item))
        .series(
            Sankey::new()
                .left(4)
                .right(if is_narrow { 96 } else { 150 })
                .top(8)
                .bottom(8)
                .layout_iterations(32_u64)
                .emphasis(Emphasis::new().focus(EmphasisFocus::Adjacency))
                .label(
                    Label::new()
                        .show(true)
                        .color(theme.ink)
                        .font_size(LABEL_SIZE),
                )
                .line_style(
                    LineStyle::new()
                        .color(theme.slate)
                        .opacity(0.22)
                        .curveness(0.5),
                )
                .data(drawn)
                .links(flows),
        )
}

/// The part under a place on the chart.
fn part_at(rows: &[DunningFlow], place: &ChartMark) -> Option<FlowPart> {
    let (nodes, links) = parts(rows);
    let parts = if place.is_link { links } else { nodes };
    place.series?;
    parts.get(place.index).cloned()
}

/// The tooltip of a node or link.
fn tooltip(rows: &[DunningFlow], place: &ChartMark) -> Option<Tooltip> {
    let part = part_at(rows, place)?;
    let (charges, cents) = sums(rows, &part);
    let (all, _) = sums(rows, &FlowPart::All);
    let mut tooltip = Tooltip::new(label(&part))
        .line("Charges", COUNT.full(charges as f64))
        .line("Amount", whole_dollars(cents as f64));
    if all > 0 && part != FlowPart::All {
        let of_all = Share::new(charges, all);
        tooltip = tooltip.line(
            "Of failed charges",
            share_or_counts(of_all).unwrap_or_default(),
        );
    }
    if let FlowPart::Reason(_) = part
        && charges > 0
    {
        let recovered: i64 = failed(rows)
            .iter()
            .filter(|(reason, row)| {
                part == FlowPart::Reason((*reason).to_owned()) && row.outcome == "recovered"
            })
            .map(|(_, row)| row.charges)
            .sum();
        let recovered = Share::new(recovered, charges);
        tooltip = tooltip.line("Recovered", share_or_counts(recovered).unwrap_or_default());
    }
    Some(tooltip)
}

/// What happens to failed charges? `before` is the period before, where it is compared, and `earlier`
/// names it: "the 76 days before".
#[must_use]
pub fn sentence(rows: &[DunningFlow], before: &[DunningFlow], earlier: &str) -> Option<String> {
    let all: i64 = rows.iter().map(|row| row.charges).sum();
    let (failed, _) = sums(rows, &FlowPart::All);
    if all == 0 {
        return None;
    }
    if failed == 0 {
        let charges = counted(all.unsigned_abs(), "charge");
        return Some(format!("None of {charges} failed on the first attempt."));
    }
    let ended =
        |rows: &[DunningFlow], outcome: &str| sums(rows, &FlowPart::Outcome(outcome.to_owned()));
    // Late charges are still being retried: only those that have ended can be set against others.
    let recovered = |rows: &[DunningFlow]| {
        let (recovered, lost) = (ended(rows, "recovered").0, ended(rows, "lost").0);
        Share::new(recovered, recovered + lost)
    };
    let (_, lost_cents) = ended(rows, "lost");
    let (open, _) = ended(rows, "in_dunning");
    let first = Share::new(failed, all);
    let mut sentence = if first.is_enough() {
        format!(
            "{} of {} charges failed on the first attempt",
            share(first.rate()?),
            COUNT.full(all as f64),
        )
    } else {
        format!("{} charges failed on the first attempt", counts(first))
    };
    let settled = recovered(rows);
    if let Some(rate) = share_or_counts(settled) {
        // A handful is counted, and set against nothing.
        let earlier_settled = Some(recovered(before));
        let compared = earlier_settled
            .filter(|before| settled.is_enough() && before.is_enough())
            .and_then(share_or_counts)
            .map(|rate| format!(" ({rate} in {earlier})"))
            .unwrap_or_default();
        let of_which = match (settled.is_enough(), open > 0) {
            (true, true) => " of those settled",
            (true, false) => " of them",
            (false, true) => " settled",
            (false, false) => "",
        };
        let rate = if settled.part == 0 { "none" } else { &rate };
        sentence.push_str(&format!(
            "; {rate}{of_which} were recovered{compared}, and {} was lost",
            money_or_nothing(lost_cents)
        ));
    }
    if open > 0 {
        sentence.push_str(&format!(
            "; {} {} still being retried",
            COUNT.full(open as f64),
            if open == 1 { "is" } else { "are" }
        ));
    }
    sentence.push('.');
    Some(sentence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::theme::LIGHT;

    fn flow(reason: &str, outcome: &str, charges: i64) -> DunningFlow {
        DunningFlow {
            reason: Some(reason.to_owned()),
            outcome: outcome.to_owned(),
            charges,
            amount_cents: charges * 5_000,
        }
    }

    /// The Sankey showed no number until it was pointed at.
    #[test]
    fn nodes_say_their_charges_and_what_they_are_worth() {
        let rows = [
            flow("card_expired", "recovered", 12),
            flow("card_expired", "lost", 3),
            flow("insufficient_funds", "recovered", 30),
        ];
        let drawn = serde_json::to_value(chart(&rows, false, &LIGHT)).unwrap();
        let series = &drawn["series"][0];
        let names: Vec<&str> = series["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|node| node["name"].as_str().unwrap())
            .collect();
        assert_eq!(
            names,
            [
                "First attempt failed: 45 · $2.25k",
                "Insufficient funds: 30 · $1.50k",
                "Card expired: 15 · $750",
                "Recovered: 42 · $2.10k",
                "Lost: 3 · $150",
            ]
        );
        // A phone has room for the charges alone.
        assert_eq!(node_name(&rows, &FlowPart::All, true), "Failed: 45");
        let lost = FlowPart::Outcome("lost".to_owned());
        assert_eq!(node_name(&rows, &lost, true), "Lost: 3");
        // Links name nodes that there are.
        for link in series["links"].as_array().unwrap() {
            for end in ["source", "target"] {
                assert!(names.contains(&link[end].as_str().unwrap()), "{link}");
            }
        }
    }
}

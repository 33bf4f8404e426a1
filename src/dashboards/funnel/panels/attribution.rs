//! Which channels deserve the credit?

use crate::dashboards::funnel::options::FunnelOptions;
use crate::dashboards::marks::{RowsQuery, Sql};
use crate::dashboards::prelude::*;
use crate::dashboards::segment_colours::segment_name;
use crate::results::funnel::ChannelCredit;

/// What each of seven models credits each channel with.
pub struct Attribution;

impl Source for Attribution {
    type Row = ChannelCredit;
    type Options = FunnelOptions;
    const COMPARED_ON: Option<Basis> = None;

    fn sql(filters: &Filters, options: &FunnelOptions) -> String {
        let has_truth = options.has_truth;
        statement!("attribution.sql", filters, has_truth = has_truth)
    }
}

impl Panel for Attribution {
    const SPEC: PanelSpec = PanelSpec {
        id: "attribution",
        title: "Which channels deserve the credit?",
        unit: "Share of first payments credited, percent",
        form: "dots by model and channel",
        model: "attribution_comparison",
        defined_by: "attribution",
        acts: ALL_FILTERS,
        plan: PlanOf::Signup,
        click: "",
        rows: "the channel’s touches with the credit the model gives each",
        span: "span-7 tall",
        keys: &[
            ("First touch", "blue"),
            ("Last touch", "orange"),
            ("Linear", "slate"),
            ("Position", "ochre"),
            ("Time decay", "rose"),
            ("Markov", "teal"),
            ("Shapley", "plum"),
            ("Truth, when shown", "diamond"),
        ],
    };
    const TICKS: ValueFormat = PERCENT;
    type Source = Self;
    type Options = ();

    fn answer(view: &View<'_, Self>) -> Option<String> {
        sentence(&view.rows)
    }

    /// A dot a model in each channel's row, joined by a line from the least to the most; truth is a hollow diamond.
    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let channels = channels(&view.rows);
        let plot = Plot::of_names(&channels, PERCENT, theme, Channel::name)
            .lying()
            .scaled()
            .ruled()
            .room(16.0);
        let models = MODELS.into_iter().zip(colours(theme));
        let plot = models.fold(plot, |plot, ((model, name), colour)| {
            let filters = view.filters.clone();
            plot.series(
                Series::dots(name, colour, 10.0, move |row: &Channel| {
                    row.credit(model)?.share
                })
                .told_by(move |row| {
                    let share = row.credit(model)?.share;
                    Some(share.map_or_else(|| "–".to_owned(), |share| PERCENT.full(share)))
                })
                .mark(move |row| touches(row, model, &filters)),
            )
        });
        plot.series(Series::whiskers(
            theme.rule_strong,
            1.0,
            |row: &Channel| row.shares().min_by(f64::total_cmp),
            |row| row.shares().max_by(f64::total_cmp),
        ))
        .series(Series::diamonds("Truth", theme.ink, 15.0, Channel::truth).untold())
        .total("True contribution", |row| {
            row.truth().map(|share| PERCENT.full(share))
        })
        .line("Planted uplift", |row| {
            row.credits.first()?.uplift.map(change)
        })
        .figure()
    }
}

/// The models by number, with their names on screen.
const MODELS: [(&str, &str); 7] = [
    ("first_touch", "First touch"),
    ("last_touch", "Last touch"),
    ("linear", "Linear"),
    ("position", "Position"),
    ("time_decay", "Time decay"),
    ("markov", "Markov"),
    ("shapley", "Shapley"),
];

/// The colours of the models by number.
fn colours(theme: &Theme) -> [&'static str; 7] {
    [
        theme.blue,
        theme.orange,
        theme.slate,
        theme.ochre,
        theme.rose,
        theme.teal,
        theme.plum,
    ]
}

/// The name of a model on screen.
fn model_name(model: &str) -> String {
    let found = MODELS.iter().find(|(key, _)| *key == model);
    found.map_or_else(|| words(model), |(_, name)| (*name).to_owned())
}

/// A channel with what the models credit it with.
#[derive(Clone)]
struct Channel {
    channel: String,
    credits: Vec<ChannelCredit>,
}

impl Channel {
    fn name(&self) -> String {
        segment_name(Dimension::Channel, &self.channel)
    }

    fn credit(&self, model: &str) -> Option<&ChannelCredit> {
        self.credits.iter().find(|row| row.model == model)
    }

    fn shares(&self) -> impl Iterator<Item = f64> {
        self.credits.iter().filter_map(|row| row.share)
    }

    fn truth(&self) -> Option<f64> {
        self.credits.first()?.true_share
    }
}

/// The channels, the most credited by the last touch first.
fn channels(rows: &[ChannelCredit]) -> Vec<Channel> {
    let mut lasts: Vec<&ChannelCredit> = last_touches(rows).collect();
    lasts.sort_by(|one, other| {
        let order = other.conversions.total_cmp(&one.conversions);
        order.then_with(|| one.channel.cmp(&other.channel))
    });
    let channels = lasts.into_iter().map(|last| {
        let credits = rows.iter().filter(|row| row.channel == last.channel);
        Channel {
            channel: last.channel.clone(),
            credits: credits.cloned().collect(),
        }
    });
    channels.collect()
}

fn last_touches(rows: &[ChannelCredit]) -> impl Iterator<Item = &ChannelCredit> {
    rows.iter().filter(|row| row.model == "last_touch")
}

/// The touches that earned a channel its credit by a model. Markov's model credits no touch.
fn touches(row: &Channel, model: &'static str, filters: &Filters) -> PanelMark {
    let (channel, filters) = (row.channel.clone(), filters.clone());
    let credited = row.credit(model).map_or(0.0, |credit| credit.conversions);
    let mut mark = PanelMark::new(
        format!("{channel}.{model}"),
        format!("{}, {}", row.name(), model_name(model)),
    );
    let sql = Sql::new(move || {
        let channel = channel.as_str();
        statement!(
            "attribution_rows.sql",
            &filters,
            channel = channel,
            model = model
        )
    });
    mark.rows = (model != "markov" && credited > 0.0).then(|| {
        let noun = ("touch", "touches");
        RowsQuery::summed(sql, noun, credited, "credit", ValueFormat::Ratio)
    });
    mark
}

/// Which channels deserve the credit?
#[must_use]
pub fn sentence(rows: &[ChannelCredit]) -> Option<String> {
    let total: f64 = last_touches(rows).map(|row| row.conversions).sum();
    if total <= 0.0 {
        return None;
    }
    if !is_enough(total.round() as i64) {
        let payments = counted(total.round() as u64, "first payment");
        return Some(format!("Only {payments}: too few to compare the models."));
    }
    judged_by_truth(rows).or_else(|| disagreement(rows, total))
}

/// How far the models are from truth, where it is shown.
fn judged_by_truth(rows: &[ChannelCredit]) -> Option<String> {
    let errors = MODELS.iter().filter_map(|(model, name)| {
        let of_model = rows.iter().filter(|row| row.model == *model);
        let gaps = of_model.map(|row| Some((row.share? - row.true_share?).abs()));
        let gaps: Vec<f64> = gaps.collect::<Option<_>>()?;
        (!gaps.is_empty()).then(|| (*name, gaps.iter().sum::<f64>() / gaps.len() as f64))
    });
    let errors: Vec<(&str, f64)> = errors.collect();
    let closest = errors
        .iter()
        .min_by(|one, other| one.1.total_cmp(&other.1))?;
    let furthest = errors
        .iter()
        .max_by(|one, other| one.1.total_cmp(&other.1))?;
    Some(format!(
        "{} is closest to what channels truly added, {:.1} points off on average. {} is \
         furthest, at {:.1} points.",
        closest.0,
        closest.1 * 100.0,
        furthest.0,
        furthest.1 * 100.0
    ))
}

/// The channel the models disagree on most.
fn disagreement(rows: &[ChannelCredit], total: f64) -> Option<String> {
    let spreads = channels(rows).into_iter().filter_map(|channel| {
        let credits = channel.credits.iter();
        let mut credits: Vec<(f64, &str)> = credits
            .filter_map(|row| Some((row.share?, row.model.as_str())))
            .collect();
        credits.sort_by(|one, other| one.0.total_cmp(&other.0));
        let by = |(share, model): &(f64, &str)| (*share, name_within(model));
        Some((channel.name(), by(credits.first()?), by(credits.last()?)))
    });
    let (channel, least, most) =
        spreads.max_by(|one, other| (one.2.0 - one.1.0).total_cmp(&(other.2.0 - other.1.0)))?;
    Some(format!(
        "It depends on the model: {channel} brings {} of {} first payments by {}, {} by {}.",
        share(most.0),
        COUNT.full(total),
        most.1,
        share(least.0),
        least.1,
    ))
}

/// The name of a model within a sentence: "last touch", "Shapley".
fn name_within(model: &str) -> String {
    match model_name(model) {
        name if ["Markov", "Shapley"].contains(&name.as_str()) => name,
        name => name.to_lowercase(),
    }
}

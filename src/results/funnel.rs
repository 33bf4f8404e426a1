//! Rows of the Funnel diagnostics page.

use chrono::NaiveDate;

use super::shares::{FEWEST_FOR_A_CLAIM, Share};
use super::{Columns, DecodeError, Row};

/// A step of the ordered funnel, for everyone or for a segment.
#[derive(Debug, Clone, PartialEq)]
pub struct FunnelStep {
    /// The value of the dimension, as spelled in the data; `all` for everyone.
    pub segment: String,
    /// From 1.
    pub number: i64,
    /// The step, as `advanced.funnel_analysis` spells it.
    pub step: String,
    /// People who reached the step before.
    pub entered: i64,
    /// People who reached it within the window.
    pub reached: i64,
    /// People who have not, and still have time.
    pub still_in_window: i64,
    /// People who have not, and whose time is over.
    pub dropped: i64,
    /// Reached over entered.
    pub step_rate: Option<f64>,
    /// Reached over signed up.
    pub overall_rate: Option<f64>,
    /// The same among people whose time is over; `None` where nothing is compared.
    pub settled_overall_rate: Option<f64>,
    /// The same of the period before; `None` where nothing is compared.
    pub previous_overall_rate: Option<f64>,
    /// Median hours since the step before.
    pub median_hours: Option<f64>,
}

impl Row for FunnelStep {
    fn read(columns: &Columns<'_>) -> Result<Vec<Self>, DecodeError> {
        let segments = Columns::required("segment_value", columns.texts("segment_value")?)?;
        let steps = Columns::required("step", columns.texts("step")?)?;
        let integers = |name: &str| Columns::required(name, columns.integers(name)?);
        let (numbers, entered) = (integers("step_number")?, integers("entered")?);
        let (reached, open) = (integers("reached")?, integers("still_in_window")?);
        let dropped = integers("dropped")?;
        let step_rates = columns.numbers("step_rate")?;
        let overall_rates = columns.numbers("overall_rate")?;
        let settled = columns.numbers("settled_overall_rate")?;
        let previous = columns.numbers("previous_overall_rate")?;
        let hours = columns.numbers("median_hours")?;
        Ok(segments
            .into_iter()
            .zip(steps)
            .enumerate()
            .map(|(row, (segment, step))| Self {
                segment,
                number: numbers[row],
                step,
                entered: entered[row],
                reached: reached[row],
                still_in_window: open[row],
                dropped: dropped[row],
                step_rate: step_rates[row],
                overall_rate: overall_rates[row],
                settled_overall_rate: settled[row],
                previous_overall_rate: previous[row],
                median_hours: hours[row],
            })
            .collect())
    }
}

/// How many people took a certain time to a step.
#[derive(Debug, Clone, PartialEq)]
pub struct TimeBin {
    /// From the shortest, 1.
    pub number: i64,
    /// The bin in words: `1–3 h`.
    pub time: String,
    /// People whose time lies in it.
    pub people: i64,
    /// Their share of all who reached the step.
    pub share: Option<f64>,
    /// Median of all of them, in hours.
    pub median_hours: Option<f64>,
    /// Nine in ten took at most this many hours.
    pub p90_hours: Option<f64>,
    /// Whether the median lies in this bin.
    pub holds_median: bool,
}

impl Row for TimeBin {
    fn read(columns: &Columns<'_>) -> Result<Vec<Self>, DecodeError> {
        let times = Columns::required("time_taken", columns.texts("time_taken")?)?;
        let integers = |name: &str| Columns::required(name, columns.integers(name)?);
        let (numbers, people) = (integers("bin_number")?, integers("people")?);
        let holds = integers("holds_median")?;
        let shares = columns.numbers("share")?;
        let medians = columns.numbers("median_hours")?;
        let p90 = columns.numbers("p90_hours")?;
        Ok(times
            .into_iter()
            .enumerate()
            .map(|(row, time)| Self {
                number: numbers[row],
                time,
                people: people[row],
                share: shares[row],
                median_hours: medians[row],
                p90_hours: p90[row],
                holds_median: holds[row] == 1,
            })
            .collect())
    }
}

/// Somebody who reached a step and not the next.
#[derive(Debug, Clone, PartialEq)]
pub struct DroppedPerson {
    /// The user.
    pub user_id: i64,
    /// Their name.
    pub full_name: String,
    /// When they signed up.
    pub signed_up: NaiveDate,
    /// How many there are in all.
    pub people: i64,
    /// Those of them who were active in the 28 days to the last day of data.
    pub still_active: i64,
    /// Days they were active in the 28 to the last day of data.
    pub active_days: i64,
}

impl Row for DroppedPerson {
    fn read(columns: &Columns<'_>) -> Result<Vec<Self>, DecodeError> {
        let names = Columns::required("full_name", columns.texts("full_name")?)?;
        let dates = Columns::required("signup_date", columns.dates("signup_date")?)?;
        let integers = |name: &str| Columns::required(name, columns.integers(name)?);
        let (users, people) = (integers("user_id")?, integers("people")?);
        let days = integers("active_days_28d")?;
        let still_active = integers("people_still_active")?;
        Ok(names
            .into_iter()
            .enumerate()
            .map(|(row, full_name)| Self {
                user_id: users[row],
                full_name,
                signed_up: dates[row],
                people: people[row],
                still_active: still_active[row],
                active_days: days[row],
            })
            .collect())
    }
}

/// How many of a channel's signups activated.
#[derive(Debug, Clone, PartialEq)]
pub struct ChannelActivation {
    /// The channel, as spelled in the data.
    pub channel: String,
    /// Signups whose seven days are over.
    pub eligible: i64,
    /// Those of them who activated.
    pub activated: i64,
    /// Activated over eligible.
    pub rate: Option<f64>,
    /// Lower end of its 95% interval (Wilson).
    pub lower: Option<f64>,
    /// Upper end of the same.
    pub upper: Option<f64>,
    /// The rate of the period before; `None` where nothing is compared.
    pub previous_rate: Option<f64>,
    /// Median hours to activation.
    pub median_hours: Option<f64>,
}

impl ChannelActivation {
    /// Activated of eligible signups.
    #[must_use]
    pub fn activation(&self) -> Share {
        Share::new(self.activated, self.eligible)
    }
}

impl Row for ChannelActivation {
    fn read(columns: &Columns<'_>) -> Result<Vec<Self>, DecodeError> {
        let channels = Columns::required("channel", columns.texts("channel")?)?;
        let integers = |name: &str| Columns::required(name, columns.integers(name)?);
        let (eligible, activated) = (integers("eligible")?, integers("activated")?);
        let rates = columns.numbers("activation_rate")?;
        let lower = columns.numbers("rate_lower")?;
        let upper = columns.numbers("rate_upper")?;
        let previous = columns.numbers("previous_activation_rate")?;
        let hours = columns.numbers("median_hours")?;
        Ok(channels
            .into_iter()
            .enumerate()
            .map(|(row, channel)| Self {
                channel,
                eligible: eligible[row],
                activated: activated[row],
                rate: rates[row],
                lower: lower[row],
                upper: upper[row],
                previous_rate: previous[row],
                median_hours: hours[row],
            })
            .collect())
    }
}

/// People who went from one place of a path to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathLink {
    /// The level they came from, from 1.
    pub source_level: i64,
    /// What they did there.
    pub source: String,
    /// The level they went to.
    pub target_level: i64,
    /// What they did there.
    pub target: String,
    /// How many.
    pub people: i64,
}

impl Row for PathLink {
    fn read(columns: &Columns<'_>) -> Result<Vec<Self>, DecodeError> {
        let sources = Columns::required("source", columns.texts("source")?)?;
        let targets = Columns::required("target", columns.texts("target")?)?;
        let integers = |name: &str| Columns::required(name, columns.integers(name)?);
        let (from, to) = (integers("source_level")?, integers("target_level")?);
        let people = integers("people")?;
        Ok(sources
            .into_iter()
            .zip(targets)
            .enumerate()
            .map(|(row, (source, target))| Self {
                source_level: from[row],
                source,
                target_level: to[row],
                target,
                people: people[row],
            })
            .collect())
    }
}

/// What a model credits a channel with.
#[derive(Debug, Clone, PartialEq)]
pub struct ChannelCredit {
    /// The channel, as spelled in the data.
    pub channel: String,
    /// The model, as `advanced.attribution_comparison` spells it.
    pub model: String,
    /// The model's place, from 1.
    pub model_number: i64,
    /// First payments credited.
    pub conversions: f64,
    /// Their share of all first payments.
    pub share: Option<f64>,
    /// The share the channel truly added, as planted; `None` while truth is hidden.
    pub true_share: Option<f64>,
    /// The planted uplift of conversion for those the channel touched; likewise.
    pub uplift: Option<f64>,
}

impl Row for ChannelCredit {
    fn read(columns: &Columns<'_>) -> Result<Vec<Self>, DecodeError> {
        let channels = Columns::required("channel", columns.texts("channel")?)?;
        let models = Columns::required("attribution_model", columns.texts("attribution_model")?)?;
        let numbers = Columns::required("model_number", columns.integers("model_number")?)?;
        let conversions = Columns::required("conversions", columns.numbers("conversions")?)?;
        let shares = columns.numbers("share")?;
        // The columns of truth are there only while it is shown.
        let truth = |name: &str| columns.numbers(name).ok();
        let (true_shares, uplifts) = (truth("true_share"), truth("true_uplift"));
        let at = |values: &Option<Vec<Option<f64>>>, row: usize| {
            values.as_ref().and_then(|values| values[row])
        };
        Ok(channels
            .into_iter()
            .zip(models)
            .enumerate()
            .map(|(row, (channel, model))| Self {
                channel,
                model,
                model_number: numbers[row],
                conversions: conversions[row],
                share: shares[row],
                true_share: at(&true_shares, row),
                uplift: at(&uplifts, row),
            })
            .collect())
    }
}

/// The onboarding experiment's result, for everyone or for a segment.
#[derive(Debug, Clone, PartialEq)]
pub struct ExperimentResult {
    /// The value of the dimension, as spelled in the data; `all` for everyone.
    pub segment: String,
    /// People without the change whose seven days are over.
    pub control_users: i64,
    /// People with it.
    pub treatment_users: i64,
    /// Activation without the change.
    pub control_rate: Option<f64>,
    /// Activation with it.
    pub treatment_rate: Option<f64>,
    /// The difference of the two.
    pub difference: Option<f64>,
    /// Lower end of its 95% interval.
    pub lower: Option<f64>,
    /// Upper end of the same.
    pub upper: Option<f64>,
    /// The relative difference.
    pub lift: Option<f64>,
    /// Probability of a difference this large without an effect (two-sided).
    pub p_value: Option<f64>,
    /// Probability of a split this uneven by chance.
    pub srm_p_value: Option<f64>,
    /// The planted difference; `None` while truth is hidden.
    pub true_difference: Option<f64>,
    /// The planted relative difference; likewise.
    pub true_lift: Option<f64>,
}

impl ExperimentResult {
    /// Whether enough people had the change, and enough did not, for a sentence to judge it.
    #[must_use]
    pub fn is_enough(&self) -> bool {
        self.control_users.min(self.treatment_users) >= FEWEST_FOR_A_CLAIM
    }

    /// Whether a sentence may say that the change had an effect: enough people, an interval that
    /// leaves out 0, and p below .05 (decision 0123).
    #[must_use]
    pub fn is_clear(&self) -> bool {
        self.is_enough()
            && (self.lower > Some(0.0) || self.upper.is_some_and(|upper| upper < 0.0))
            && self.p_value.is_some_and(|p| p < 0.05)
    }
}

impl Row for ExperimentResult {
    fn read(columns: &Columns<'_>) -> Result<Vec<Self>, DecodeError> {
        let segments = Columns::required("segment_value", columns.texts("segment_value")?)?;
        let integers = |name: &str| Columns::required(name, columns.integers(name)?);
        let (control, treatment) = (integers("control_users")?, integers("treatment_users")?);
        let control_rates = columns.numbers("control_rate")?;
        let treatment_rates = columns.numbers("treatment_rate")?;
        let differences = columns.numbers("difference")?;
        let lower = columns.numbers("difference_lower")?;
        let upper = columns.numbers("difference_upper")?;
        let lifts = columns.numbers("lift")?;
        let p_values = columns.numbers("p_value")?;
        let srm = columns.numbers("srm_p_value")?;
        let truth = |name: &str| columns.numbers(name).ok();
        let (true_differences, true_lifts) = (truth("true_difference"), truth("true_lift"));
        let at = |values: &Option<Vec<Option<f64>>>, row: usize| {
            values.as_ref().and_then(|values| values[row])
        };
        Ok(segments
            .into_iter()
            .enumerate()
            .map(|(row, segment)| Self {
                segment,
                control_users: control[row],
                treatment_users: treatment[row],
                control_rate: control_rates[row],
                treatment_rate: treatment_rates[row],
                difference: differences[row],
                lower: lower[row],
                upper: upper[row],
                lift: lifts[row],
                p_value: p_values[row],
                srm_p_value: srm[row],
                true_difference: at(&true_differences, row),
                true_lift: at(&true_lifts, row),
            })
            .collect())
    }
}

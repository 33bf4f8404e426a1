//! Rows of the Funnel diagnostics page.

use chrono::NaiveDate;

use super::row;
use super::shares::{FEWEST_FOR_A_CLAIM, Share};

row! {
    /// A step of the ordered funnel, for everyone or for a segment.
    pub struct FunnelStep {
        /// The value of the dimension, as spelled in the data; `all` for everyone.
        pub segment: String = "segment_value",
        /// From 1.
        pub number: i64 = "step_number",
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

    /// How many people took a certain time to a step.
    pub struct TimeBin {
        /// From the shortest, 1.
        pub number: i64 = "bin_number",
        /// The bin in words: `1–3 h`.
        pub time: String = "time_taken",
        /// People whose time lies in it.
        pub people: i64,
        /// Their share of all who reached the step.
        pub share: Option<f64>,
        /// Median of all of them, in hours.
        pub median_hours: Option<f64>,
        /// Nine in ten took at most this many hours.
        pub p90_hours: Option<f64>,
        /// Whether the median lies in this bin.
        pub holds_median: bool = "holds_median" via |flag: i64| flag == 1,
    }

    /// Somebody who reached a step and not the next.
    pub struct DroppedPerson {
        /// The user.
        pub user_id: i64,
        /// Their name.
        pub full_name: String,
        /// When they signed up.
        pub signed_up: NaiveDate = "signup_date",
        /// How many there are in all.
        pub people: i64,
        /// Those of them who were active in the 28 days to the last day of data.
        pub still_active: i64 = "people_still_active",
        /// Days they were active in the 28 to the last day of data.
        pub active_days: i64 = "active_days_28d",
    }

    /// How many of a channel's signups activated.
    pub struct ChannelActivation {
        /// The channel, as spelled in the data.
        pub channel: String,
        /// Signups whose seven days are over.
        pub eligible: i64,
        /// Those of them who activated.
        pub activated: i64,
        /// Activated over eligible.
        pub rate: Option<f64> = "activation_rate",
        /// Lower end of its 95% interval (Wilson).
        pub lower: Option<f64> = "rate_lower",
        /// Upper end of the same.
        pub upper: Option<f64> = "rate_upper",
        /// The rate of the period before; `None` where nothing is compared.
        pub previous_rate: Option<f64> = "previous_activation_rate",
        /// Median hours to activation.
        pub median_hours: Option<f64>,
    }
}

impl ChannelActivation {
    /// Activated of eligible signups.
    #[must_use]
    pub fn activation(&self) -> Share {
        Share::new(self.activated, self.eligible)
    }
}

row! {
    /// People who went from one place of a path to another.
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

    /// What a model credits a channel with.
    pub struct ChannelCredit {
        /// The channel, as spelled in the data.
        pub channel: String,
        /// The model, as `advanced.attribution_comparison` spells it.
        pub model: String = "attribution_model",
        /// The model's place, from 1.
        pub model_number: i64,
        /// First payments credited.
        pub conversions: f64,
        /// Their share of all first payments.
        pub share: Option<f64>,
        /// The share the channel truly added, as planted; `None` while truth is hidden.
        pub true_share: Option<f64> = "true_share" if present,
        /// The planted uplift of conversion for those the channel touched; likewise.
        pub uplift: Option<f64> = "true_uplift" if present,
    }

    /// The onboarding experiment's result, for everyone or for a segment.
    pub struct ExperimentResult {
        /// The value of the dimension, as spelled in the data; `all` for everyone.
        pub segment: String = "segment_value",
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
        pub lower: Option<f64> = "difference_lower",
        /// Upper end of the same.
        pub upper: Option<f64> = "difference_upper",
        /// The relative difference.
        pub lift: Option<f64>,
        /// Probability of a difference this large without an effect (two-sided).
        pub p_value: Option<f64>,
        /// Probability of a split this uneven by chance.
        pub srm_p_value: Option<f64>,
        /// The planted difference; `None` while truth is hidden.
        pub true_difference: Option<f64> = "true_difference" if present,
        /// The planted relative difference; likewise.
        pub true_lift: Option<f64> = "true_lift" if present,
    }
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

//! Rows of the Product adoption page.

use chrono::NaiveDate;

use super::row;

row! {
    /// How many active users touched a feature in a week.
    pub struct FeatureWeek {
        /// Monday of the week.
        pub week: NaiveDate = "date_week",
        /// Its name on screen.
        pub feature: String = "display_name",
        /// What it is for.
        pub category: String,
        /// Users who touched it.
        pub users: i64,
        /// Users who did anything.
        pub active_users: i64,
        /// The first over the second.
        pub rate: f64 = "adoption_rate",
    }

    /// How many of those who could have a feature touched it within some weeks.
    pub struct FeatureAge {
        /// Its name on screen.
        pub feature: String = "display_name",
        /// What it is for.
        pub category: String,
        /// Whole weeks since the user could have it.
        pub weeks: i64 = "weeks_since",
        /// Users who touched it by then.
        pub adopters: i64,
        /// Users watched for all the weeks that are shown.
        pub eligible: i64 = "eligible_users",
        /// The first over the second.
        pub rate: f64 = "adopted_share",
    }

    /// How many active users of a group touched a feature in 28 days.
    pub struct FeatureGroup {
        /// Its name on screen.
        pub feature: String = "display_name",
        /// The group's value, or `everyone`.
        pub group: String = "group_name",
        /// Users who touched it.
        pub users: i64,
        /// Users of the group who did anything.
        pub active_users: i64,
        /// The first over the second.
        pub rate: f64 = "adoption_rate",
    }

    /// How often the active users of a month came.
    pub struct StickinessMonth {
        /// First day of the month.
        pub month: NaiveDate = "date_month",
        /// The group's value, or `everyone`.
        pub group: String = "group_name",
        /// Days on which someone came, summed over users.
        pub active_days: i64,
        /// Days of the month so far.
        pub days: i64,
        /// Users who came at all.
        pub users: i64,
        /// Mean daily users over users of the month.
        pub stickiness: f64,
    }

    /// How many users came on a number of days.
    pub struct ActiveDays {
        /// Days of 28, from 1.
        pub days: i64 = "active_days",
        /// Users who came on that many.
        pub users: i64,
    }

    /// How long users took to a feature.
    pub struct TimeToAdopt {
        /// Key of the feature.
        pub key: String = "feature",
        /// Its name on screen.
        pub feature: String = "display_name",
        /// What it is for.
        pub category: String,
        /// Users who could have it and were watched for long enough.
        pub eligible: i64 = "eligible_users",
        /// Those who touched it in time.
        pub adopters: i64,
        /// The second over the first.
        pub share: f64 = "adopted_share",
        /// Days that a quarter of the adopters took at most.
        pub quarter: Option<f64> = "quartile_days",
        /// Days that half of the adopters took at most.
        pub median: Option<f64> = "median_days",
        /// Days that three quarters of the adopters took at most.
        pub three_quarters: Option<f64> = "third_quartile_days",
    }

    /// A user on the map of segments.
    pub struct MapPoint {
        /// The user.
        pub user_id: i64,
        /// The segment the model found.
        pub segment: String,
        /// First principal component.
        pub x: f64 = "pc1",
        /// Second principal component.
        pub y: f64 = "pc2",
    }

    /// What the users of a learned segment are like.
    pub struct SegmentProfile {
        /// The segment the model found, or `everyone`.
        pub segment: String,
        /// Users in it.
        pub users: i64,
        /// Mean days with activity, of 28.
        pub active_days: f64 = "mean_active_days",
        /// Mean core actions in 28 days.
        pub core_actions: f64 = "mean_core_actions",
        /// Mean events over the whole life.
        pub events: f64 = "mean_events",
        /// Share of events that move around.
        pub navigation: f64 = "navigation_share",
        /// Share of events that analyse.
        pub analysis: f64 = "analysis_share",
        /// Share of events that automate.
        pub automation: f64 = "automation_share",
        /// Share of events that are teamwork.
        pub teamwork: f64 = "teamwork_share",
        /// Share of events that administer.
        pub administration: f64 = "administration_share",
        /// Share of users who pay.
        pub paying: f64 = "paying_share",
        /// Monthly recurring revenue per user.
        pub mrr_cents: f64 = "mean_mrr_cents",
    }

    /// Paying customers of an RFM segment.
    pub struct RfmSegment {
        /// The segment, as spelled in the data.
        pub segment: String = "rfm_segment",
        /// Customers in it.
        pub customers: i64,
        /// Their monthly recurring revenue.
        pub mrr_cents: i64,
        /// Mean days since the last visit.
        pub recency_days: f64 = "mean_recency_days",
        /// Mean days with a visit, of 90.
        pub frequency_days: f64 = "mean_frequency_days",
        /// Mean paid in 365 days.
        pub monetary_cents: f64 = "mean_monetary_cents",
    }

    /// A month's headline figures, oldest first.
    pub struct AdoptionMonth {
        /// First day of the month.
        pub month: NaiveDate = "date_month",
        /// Users who came.
        pub users: i64,
        /// Mean daily users over them.
        pub stickiness: f64,
        /// Features they touched, on average.
        pub features: f64 = "features_per_user",
        /// Share who came on half of the days or more.
        pub power_share: f64,
        /// Share who used the feature that was launched last.
        pub launched_share: Option<f64>,
    }
}

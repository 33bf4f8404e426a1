//! Rows of the Product adoption page.

use super::typed::rows;

rows! {
    /// How many active users touched a feature in a week.
    FeatureWeek {
        /// Monday of the week.
        week: date = "date_week",
        /// Its name on screen.
        feature: text = "display_name",
        /// What it is for.
        category: text = "category",
        /// Users who touched it.
        users: integer = "users",
        /// Users who did anything.
        active_users: integer = "active_users",
        /// The first over the second.
        rate: number = "adoption_rate",
    }

    /// How many of those who could have a feature touched it within some weeks.
    FeatureAge {
        /// Its name on screen.
        feature: text = "display_name",
        /// What it is for.
        category: text = "category",
        /// Whole weeks since the user could have it.
        weeks: integer = "weeks_since",
        /// Users who touched it by then.
        adopters: integer = "adopters",
        /// Users watched for all the weeks that are shown.
        eligible: integer = "eligible_users",
        /// The first over the second.
        rate: number = "adopted_share",
    }

    /// How many active users of a group touched a feature in 28 days.
    FeatureGroup {
        /// Its name on screen.
        feature: text = "display_name",
        /// The group's value, or `everyone`.
        group: text = "group_name",
        /// Users who touched it.
        users: integer = "users",
        /// Users of the group who did anything.
        active_users: integer = "active_users",
        /// The first over the second.
        rate: number = "adoption_rate",
    }

    /// How often the active users of a month came.
    StickinessMonth {
        /// First day of the month.
        month: date = "date_month",
        /// The group's value, or `everyone`.
        group: text = "group_name",
        /// Days on which someone came, summed over users.
        active_days: integer = "active_days",
        /// Days of the month so far.
        days: integer = "days",
        /// Users who came at all.
        users: integer = "users",
        /// Mean daily users over users of the month.
        stickiness: number = "stickiness",
    }

    /// How many users came on a number of days.
    ActiveDays {
        /// Days of 28, from 1.
        days: integer = "active_days",
        /// Users who came on that many.
        users: integer = "users",
    }

    /// How long users took to a feature.
    TimeToAdopt {
        /// Key of the feature.
        key: text = "feature",
        /// Its name on screen.
        feature: text = "display_name",
        /// What it is for.
        category: text = "category",
        /// Users who could have it and were watched for long enough.
        eligible: integer = "eligible_users",
        /// Those who touched it in time.
        adopters: integer = "adopters",
        /// The second over the first.
        share: number = "adopted_share",
        /// Days that a quarter of the adopters took at most.
        quarter: maybe_number = "quartile_days",
        /// Days that half of the adopters took at most.
        median: maybe_number = "median_days",
        /// Days that three quarters of the adopters took at most.
        three_quarters: maybe_number = "third_quartile_days",
    }

    /// A user on the map of segments.
    MapPoint {
        /// The user.
        user_id: integer = "user_id",
        /// The segment the model found.
        segment: text = "segment",
        /// First principal component.
        x: number = "pc1",
        /// Second principal component.
        y: number = "pc2",
    }

    /// What the users of a learned segment are like.
    SegmentProfile {
        /// The segment the model found, or `everyone`.
        segment: text = "segment",
        /// Users in it.
        users: integer = "users",
        /// Mean days with activity, of 28.
        active_days: number = "mean_active_days",
        /// Mean core actions in 28 days.
        core_actions: number = "mean_core_actions",
        /// Mean events over the whole life.
        events: number = "mean_events",
        /// Share of events that move around.
        navigation: number = "navigation_share",
        /// Share of events that analyse.
        analysis: number = "analysis_share",
        /// Share of events that automate.
        automation: number = "automation_share",
        /// Share of events that are teamwork.
        teamwork: number = "teamwork_share",
        /// Share of events that administer.
        administration: number = "administration_share",
        /// Share of users who pay.
        paying: number = "paying_share",
        /// Monthly recurring revenue per user.
        mrr_cents: number = "mean_mrr_cents",
    }

    /// Paying customers of an RFM segment.
    RfmSegment {
        /// The segment, as spelled in the data.
        segment: text = "rfm_segment",
        /// Customers in it.
        customers: integer = "customers",
        /// Their monthly recurring revenue.
        mrr_cents: integer = "mrr_cents",
        /// Mean days since the last visit.
        recency_days: number = "mean_recency_days",
        /// Mean days with a visit, of 90.
        frequency_days: number = "mean_frequency_days",
        /// Mean paid in 365 days.
        monetary_cents: number = "mean_monetary_cents",
    }

    /// A month's headline figures, oldest first.
    AdoptionMonth {
        /// First day of the month.
        month: date = "date_month",
        /// Users who came.
        users: integer = "users",
        /// Mean daily users over them.
        stickiness: number = "stickiness",
        /// Features they touched, on average.
        features: number = "features_per_user",
        /// Share who came on half of the days or more.
        power_share: number = "power_share",
        /// Share who used the feature that was launched last.
        launched_share: maybe_number = "launched_share",
    }
}

//! Rows of the Churn early warning page.

use chrono::NaiveDate;

use super::row;

row! {
    /// Customers of the list whose risk lies in a hundredth.
    pub struct RiskBin {
        /// The day from which on the risk counts.
        pub snapshot: NaiveDate = "snapshot_date",
        /// The risk's lower bound, in percent.
        pub percent: i64 = "risk_percent",
        /// Customers.
        pub customers: i64,
        /// Their monthly recurring revenue.
        pub mrr_cents: i64,
        /// Each one's revenue times their risk, summed.
        pub expected_cents: f64 = "expected_loss_cents",
    }

    /// A customer of the list.
    pub struct AtRisk {
        /// The customer.
        pub user_id: i64,
        /// Their name.
        pub name: String = "full_name",
        /// The plan they pay for.
        pub plan: String,
        /// Employees of their company.
        pub size: Option<String>,
        /// Monthly recurring revenue.
        pub mrr_cents: i64,
        /// Of leaving within 90 days.
        pub probability: f64,
        /// The revenue times the risk.
        pub expected_cents: f64 = "expected_loss_cents",
        /// Health from 0 to 100.
        pub health: i64 = "health_score",
        /// The feature that raises the risk most.
        pub reason_1: Option<String>,
        /// Its value.
        pub value_1: Option<f64> = "reason_1_value",
        /// The next one.
        pub reason_2: Option<String>,
        /// Its value.
        pub value_2: Option<f64> = "reason_2_value",
        /// The third.
        pub reason_3: Option<String>,
        /// Its value.
        pub value_3: Option<f64> = "reason_3_value",
        /// The day on which they left, if they have.
        pub churn_date: Option<NaiveDate>,
        /// Whether the 90 days are over.
        pub is_fate_known: bool,
        /// Of leaving within 90 days, by the planted hazard; `None` while truth is hidden.
        pub true_probability: Option<f64>,
    }

    /// Revenue of the list by plan.
    pub struct PlanRisk {
        /// The plan.
        pub plan: String,
        /// Customers.
        pub customers: i64,
        /// Their monthly recurring revenue.
        pub mrr_cents: i64,
        /// Each one's revenue times their risk, summed.
        pub expected_cents: f64 = "expected_loss_cents",
        /// Customers at or above the threshold.
        pub flagged_customers: i64,
        /// Their revenue.
        pub flagged_cents: i64 = "flagged_mrr_cents",
    }

    /// Scores of a thousandth, of customers whom the model did not see and whose fate is known.
    pub struct ScoreBin {
        /// The risk's lower bound, in thousandths.
        pub permille: i64 = "risk_permille",
        /// Snapshots of customers.
        pub customers: i64,
        /// Those who left within 90 days.
        pub churned: i64,
        /// Their scores, summed.
        pub probability_sum: f64,
        /// Monthly recurring revenue.
        pub mrr_cents: i64,
        /// That of those who left.
        pub churned_mrr_cents: i64,
        /// Dates in the whole hold-out.
        pub snapshots: i64,
        /// How many independent customers would tell as much as the snapshots of the bin's tenth.
        pub independent: f64 = "independent_customers_in_decile",
    }

    /// Customers who left, by how long before that they were first warned of.
    pub struct LeadTime {
        /// Days at least; nothing for those nobody was warned of.
        pub days: Option<i64> = "lead_days",
        /// Customers who left.
        pub churned: i64 = "churned_customers",
        /// Monthly recurring revenue that left with them.
        pub mrr_cents: i64,
    }

    /// Customers by health.
    pub struct HealthBin {
        /// Points at least.
        pub points: i64 = "health_points",
        /// Healthy, watch or at_risk.
        pub status: String,
        /// Customers.
        pub customers: i64,
        /// Their monthly recurring revenue.
        pub mrr_cents: i64,
    }

    /// Mean points of the five parts of the health score, each of 20.
    pub struct HealthParts {
        /// Healthy, watch or at_risk.
        pub status: String,
        /// Customers.
        pub customers: i64,
        /// For having come lately.
        pub recency: f64 = "recency_points",
        /// For coming often.
        pub frequency: f64 = "frequency_points",
        /// For doing what counts.
        pub value: f64 = "value_points",
        /// For coming more than before.
        pub trend: f64 = "trend_points",
        /// For paying and needing no help.
        pub trouble: f64 = "trouble_points",
    }

    /// What became of customers of a health.
    pub struct HealthFate {
        /// Points at least.
        pub points: i64 = "health_points",
        /// Snapshots of customers.
        pub customers: i64,
        /// Those who left within 90 days.
        pub churned: i64,
        /// The second over the first.
        pub share: f64 = "churned_share",
        /// Mean risk by the model.
        pub predicted: f64 = "predicted_share",
        /// Lower end of the share's 95% interval (decision 0132).
        pub lower: f64 = "churned_share_lower",
        /// Upper end of the same.
        pub upper: f64 = "churned_share_upper",
    }
}

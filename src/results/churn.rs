//! Rows of the Churn early warning page.

use super::typed::rows;

rows! {
    /// Customers of the list whose risk lies in a hundredth.
    RiskBin {
        /// The day from which on the risk counts.
        snapshot: date = "snapshot_date",
        /// The risk's lower bound, in percent.
        percent: integer = "risk_percent",
        /// Customers.
        customers: integer = "customers",
        /// Their monthly recurring revenue.
        mrr_cents: integer = "mrr_cents",
        /// Each one's revenue times their risk, summed.
        expected_cents: number = "expected_loss_cents",
    }

    /// A customer of the list.
    AtRisk {
        /// The customer.
        user_id: integer = "user_id",
        /// Their name.
        name: text = "full_name",
        /// The plan they pay for.
        plan: text = "plan",
        /// Employees of their company.
        size: maybe_text = "size",
        /// Monthly recurring revenue.
        mrr_cents: integer = "mrr_cents",
        /// Of leaving within 90 days.
        probability: number = "probability",
        /// The revenue times the risk.
        expected_cents: number = "expected_loss_cents",
        /// Health from 0 to 100.
        health: integer = "health_score",
        /// The feature that raises the risk most.
        reason_1: maybe_text = "reason_1",
        /// Its value.
        value_1: maybe_number = "reason_1_value",
        /// The next one.
        reason_2: maybe_text = "reason_2",
        /// Its value.
        value_2: maybe_number = "reason_2_value",
        /// The third.
        reason_3: maybe_text = "reason_3",
        /// Its value.
        value_3: maybe_number = "reason_3_value",
        /// The day on which they left, if they have.
        churn_date: maybe_date = "churn_date",
        /// Whether the 90 days are over.
        is_fate_known: boolean = "is_fate_known",
        /// Of leaving within 90 days, by the planted hazard; `None` while truth is hidden.
        true_probability: maybe_number = "true_probability",
    }

    /// Revenue of the list by plan.
    PlanRisk {
        /// The plan.
        plan: text = "plan",
        /// Customers.
        customers: integer = "customers",
        /// Their monthly recurring revenue.
        mrr_cents: integer = "mrr_cents",
        /// Each one's revenue times their risk, summed.
        expected_cents: number = "expected_loss_cents",
        /// Customers at or above the threshold.
        flagged_customers: integer = "flagged_customers",
        /// Their revenue.
        flagged_cents: integer = "flagged_mrr_cents",
    }

    /// Scores of a thousandth, of customers whom the model did not see and whose fate is known.
    ScoreBin {
        /// The risk's lower bound, in thousandths.
        permille: integer = "risk_permille",
        /// Snapshots of customers.
        customers: integer = "customers",
        /// Those who left within 90 days.
        churned: integer = "churned",
        /// Their scores, summed.
        probability_sum: number = "probability_sum",
        /// Monthly recurring revenue.
        mrr_cents: integer = "mrr_cents",
        /// That of those who left.
        churned_mrr_cents: integer = "churned_mrr_cents",
        /// Dates in the whole hold-out.
        snapshots: integer = "snapshots",
        /// How many independent customers would tell as much as the snapshots of the bin's tenth.
        independent: number = "independent_customers_in_decile",
    }

    /// Customers who left, by how long before that they were first warned of.
    LeadTime {
        /// Days at least; nothing for those nobody was warned of.
        days: maybe_integer = "lead_days",
        /// Customers who left.
        churned: integer = "churned_customers",
        /// Monthly recurring revenue that left with them.
        mrr_cents: integer = "mrr_cents",
    }

    /// Customers by health.
    HealthBin {
        /// Points at least.
        points: integer = "health_points",
        /// Healthy, watch or at_risk.
        status: text = "status",
        /// Customers.
        customers: integer = "customers",
        /// Their monthly recurring revenue.
        mrr_cents: integer = "mrr_cents",
    }

    /// Mean points of the five parts of the health score, each of 20.
    HealthParts {
        /// Healthy, watch or at_risk.
        status: text = "status",
        /// Customers.
        customers: integer = "customers",
        /// For having come lately.
        recency: number = "recency_points",
        /// For coming often.
        frequency: number = "frequency_points",
        /// For doing what counts.
        value: number = "value_points",
        /// For coming more than before.
        trend: number = "trend_points",
        /// For paying and needing no help.
        trouble: number = "trouble_points",
    }

    /// What became of customers of a health.
    HealthFate {
        /// Points at least.
        points: integer = "health_points",
        /// Snapshots of customers.
        customers: integer = "customers",
        /// Those who left within 90 days.
        churned: integer = "churned",
        /// The second over the first.
        share: number = "churned_share",
        /// Mean risk by the model.
        predicted: number = "predicted_share",
        /// Lower end of the share's 95% interval (decision 0132).
        lower: number = "churned_share_lower",
        /// Upper end of the same.
        upper: number = "churned_share_upper",
    }
}

//! Features of the churn model as reasons in words.

use crate::components::format::{ValueFormat, words};
use crate::results::churn::AtRisk;

/// The reasons of a customer, strongest first; of features that say the same of different weeks, only
/// the strongest.
#[must_use]
pub fn reasons(row: &AtRisk) -> Vec<String> {
    let mut told = Vec::new();
    [
        (&row.reason_1, row.value_1),
        (&row.reason_2, row.value_2),
        (&row.reason_3, row.value_3),
    ]
    .into_iter()
    .filter_map(|(feature, value)| {
        let feature = feature.as_deref()?;
        let family = family(feature);
        if told.contains(&family) {
            return None;
        }
        told.push(family);
        Some(reason(feature, value, row))
    })
    .collect()
}

/// What a feature is about, whatever the days it is measured over or against.
fn family(feature: &str) -> &str {
    const VISITS: &str = "visits";
    match feature {
        "days_to_renewal" | "billing_months" => "billing",
        "active_days_30d" => VISITS,
        _ if feature.starts_with("sessions_") => VISITS,
        _ => {
            const NAMED: [&str; 6] = [
                "page_view_share",
                "export_share",
                "ticket_share",
                "invite_share",
                "events_per_session",
                "failed_payments",
            ];
            let plain = feature.trim_start_matches("usual_");
            NAMED
                .into_iter()
                .find(|name| plain.starts_with(name))
                .unwrap_or(plain)
        }
    }
}

/// A feature with its value, as somebody would say it.
#[must_use]
pub fn reason(feature: &str, value: Option<f64>, row: &AtRisk) -> String {
    let count = |value: f64| ValueFormat::Count.full(value);
    let Some(value) = value.filter(|value| !value.is_nan()) else {
        return match feature {
            "plan" => format!("on {}", row.plan),
            "company_size" => match &row.size {
                Some(size) => format!("company with {size} people"),
                None => "company size".to_owned(),
            },
            other => missing(other),
        };
    };
    let many = |one: &str, many: &str| {
        let noun = if value == 1.0 { one } else { many };
        match value {
            0.0 => format!("no {noun}"),
            _ => format!("{} {noun}", count(value)),
        }
    };
    let percent = |value: f64| crate::components::format::share(value);
    match feature {
        "days_since_last_session" => format!("{} since the last visit", many("day", "days")),
        "days_past_due" => format!("payment overdue by {}", many("day", "days")),
        "days_to_renewal" => format!("{} to the renewal", many("day", "days")),
        "tenure_days" => format!("customer for {}", many("day", "days")),
        "days_since_last_change" => {
            format!("{} since the last change of plan", many("day", "days"))
        }
        "count_reactivations" if value == 0.0 => "never reactivated".to_owned(),
        "count_reactivations" => format!("reactivated {}", many("time", "times")),
        "seats" => many("seat", "seats"),
        "billing_months" => billed(value).to_owned(),
        "log_mrr" => format!(
            "pays {} a month",
            ValueFormat::Money.short(libm::expm1(value))
        ),
        "mrr_change_90d_cents" => match value {
            0.0 => "MRR unchanged in 90 days".to_owned(),
            _ => format!("MRR {} in 90 days", ValueFormat::Money.difference(value)),
        },
        "sessions_7d" => format!("{} in 7 days", many("visit", "visits")),
        "sessions_30d" => format!("{} in 30 days", many("visit", "visits")),
        "active_days_30d" => format!("{} of 30", many("active day", "active days")),
        "events_30d" => format!("{} in 30 days", many("event", "events")),
        "failed_payments_90d" => {
            format!("{} in 90 days", many("failed payment", "failed payments"))
        }
        "sessions_vs_usual_30d" => format!("visits at {} of the usual rate", percent(value)),
        "sessions_vs_usual_prior_30d" => {
            format!("visits at {} of the usual rate a month ago", percent(value))
        }
        "sessions_vs_prior" => format!("visits at {} of the previous month", percent(value)),
        "sessions_vs_prior_60d" => format!("visits at {} of two months ago", percent(value)),
        "sessions_rate" => format!("{value:.1} visits per month"),
        "events_per_session_30d" => format!("{value:.1} events per visit"),
        "events_per_session_prior_30d" => format!("{value:.1} events per visit a month ago"),
        "usual_events_per_session" => format!("usually {value:.1} events per visit"),
        other => named_share(other, value),
    }
}

/// A feature that says something by having no value.
fn missing(feature: &str) -> String {
    match feature {
        "days_to_renewal" => "billed monthly".to_owned(),
        "days_past_due" => "no payment overdue".to_owned(),
        other => format!("{} not known", words(other).to_lowercase()),
    }
}

/// What customers do instead of working, as a share of their events.
fn named_share(feature: &str, value: f64) -> String {
    let percent = crate::components::format::share(value);
    let what = [
        ("page_view_share", "page views"),
        ("export_share", "exports"),
        ("ticket_share", "tickets"),
        ("invite_share", "invites"),
    ];
    let plain = feature.trim_start_matches("usual_");
    let usually = if plain == feature { "" } else { "usually " };
    match what.iter().find(|(prefix, _)| plain.starts_with(prefix)) {
        Some((_, noun)) => format!("{usually}{percent} of events are {noun}"),
        None => format!(
            "{} {}",
            words(feature).to_lowercase(),
            ValueFormat::Ratio.full(value)
        ),
    }
}

/// How often somebody is billed whose bills come so many months after each other.
fn billed(months: f64) -> &'static str {
    match months {
        3.0 => "billed quarterly",
        12.0 => "billed yearly",
        _ => "billed monthly",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::format::THIN_SPACE;

    fn customer() -> AtRisk {
        AtRisk {
            user_id: 7,
            name: "A".to_owned(),
            plan: "starter".to_owned(),
            size: Some("1-10".to_owned()),
            mrr_cents: 2_900,
            probability: 0.4,
            expected_cents: 1_160.0,
            health: 20,
            reason_1: Some("days_since_last_session".to_owned()),
            value_1: Some(23.0),
            reason_2: Some("plan".to_owned()),
            value_2: None,
            reason_3: None,
            value_3: None,
            churn_date: None,
            is_fate_known: false,
            true_probability: None,
        }
    }

    /// "45% of events are page views · 46% of events are page views".
    #[test]
    fn what_a_feature_is_about_is_told_once() {
        let customer = AtRisk {
            reason_1: Some("page_view_share_30d".to_owned()),
            value_1: Some(0.45),
            reason_2: Some("page_view_share_prior_30d".to_owned()),
            value_2: Some(0.46),
            reason_3: Some("days_past_due".to_owned()),
            value_3: Some(3.0),
            ..customer()
        };
        let told: Vec<String> = reasons(&customer)
            .iter()
            .map(|reason| reason.replace(THIN_SPACE, " "))
            .collect();
        assert_eq!(
            told,
            [
                "45.0% of events are page views",
                "payment overdue by 3 days"
            ]
        );
        for (one, other) in [
            ("usual_page_view_share", "page_view_share_30d"),
            ("sessions_vs_prior", "sessions_7d"),
            ("usual_events_per_session", "events_per_session_30d"),
        ] {
            assert_eq!(family(one), family(other));
        }
        assert_ne!(family("plan"), family("seats"));
    }

    #[test]
    fn reasons_are_said_with_their_values() {
        assert_eq!(
            reasons(&customer()),
            ["23 days since the last visit", "on starter"]
        );
        let check = |feature, value: f64, expected: &str| {
            let said = reason(feature, Some(value), &customer());
            assert_eq!(said.replace(THIN_SPACE, " "), expected);
        };
        check("failed_payments_90d", 1.0, "1 failed payment in 90 days");
        check("sessions_30d", 0.0, "no visits in 30 days");
        check("days_to_renewal", f64::NAN, "billed monthly");
        check("sessions_vs_prior", f64::NAN, "sessions vs prior not known");
        let of_usual = "visits at 20.0% of the usual rate";
        check("sessions_vs_usual_30d", 0.2, of_usual);
        let views = "usually 40.0% of events are page views";
        check("usual_page_view_share", 0.4, views);
        check(
            "usual_events_per_session",
            3.7,
            "usually 3.7 events per visit",
        );
        check("log_mrr", libm::log1p(2_900.0), "pays $29 a month");
        assert_eq!(
            reason("something_new", None, &customer()),
            "something new not known"
        );
    }
}

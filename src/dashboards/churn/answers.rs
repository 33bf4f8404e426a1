//! The sentences that answer the page's questions, computed from its rows.

use super::charts::health_fate::bounds;
use super::charts::health_parts::PARTS;
use super::charts::lift::lifts;
use super::evaluation::Evaluation;
use super::options::Terms;
use super::reasons::reasons;
use crate::components::format::{ValueFormat, capital, counted, share, whole_dollars, words};
use crate::dashboards::claims::{count_or_none, is_enough, too_few};
use crate::results::churn::{
    AtRisk, HealthBin, HealthFate, HealthParts, LeadTime, PlanRisk, RiskBin,
};

fn count(value: i64) -> String {
    ValueFormat::Count.full(value as f64)
}

fn money(cents: f64) -> String {
    ValueFormat::Money.short(cents)
}

fn customers(number: i64) -> String {
    counted(number.unsigned_abs(), "customer")
}

/// One sentence on the whole page.
#[must_use]
pub fn page(list: &[RiskBin], terms: &Terms, is_of_some: bool) -> Option<String> {
    let total: i64 = list.iter().map(|bin| bin.customers).sum();
    let expected: f64 = list.iter().map(|bin| bin.expected_cents).sum();
    let mrr: i64 = list.iter().map(|bin| bin.mrr_cents).sum();
    let least = i64::from(terms.threshold_percent);
    let flagged = list.iter().filter(|bin| bin.percent >= least);
    let flagged: i64 = flagged.map(|bin| bin.customers).sum();
    if total == 0 {
        return None;
    }
    let of_mrr = if mrr > 0 && is_enough(total) {
        let whole = if is_of_some {
            "what these customers pay"
        } else {
            "all MRR"
        };
        format!(", {} of {whole}", share(expected / mrr as f64))
    } else {
        String::new()
    };
    Some(format!(
        "{} of MRR is expected to churn within 90 days{of_mrr}; {} of {} {} a churn risk of {}% or more.",
        if expected == 0.0 {
            "None".to_owned()
        } else {
            money(expected)
        },
        count_or_none(flagged),
        customers(total),
        if flagged < 2 { "has" } else { "have" },
        terms.threshold_percent,
    ))
}

/// At what risk is a call worth it?
#[must_use]
pub fn threshold(evaluation: &Evaluation, terms: &Terms) -> Option<String> {
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
    let mut sentence = match (chosen.contacted, chosen.precision, chosen.recall) {
        (0, ..) => format!(
            "On {dates}, no customer reached {}%",
            terms.threshold_percent
        ),
        (contacted, Some(precision), recall) => {
            let reached = match recall {
                None => String::new(),
                Some(recall) if is_enough(evaluation.churned) => {
                    format!(" and caught {} of the customers who churned", share(recall))
                }
                Some(_) => format!(
                    " and caught {} of the {} who churned",
                    count(chosen.caught),
                    customers(evaluation.churned)
                ),
            };
            let right = if chosen.caught == 0 {
                "right not once".to_owned()
            } else if is_enough(contacted) {
                format!("right {} of the time", share(precision))
            } else {
                format!("right in {} of {}", count(chosen.caught), count(contacted))
            };
            format!(
                "At {}%, {} calls on {dates} would have been {right}{reached}; they would have {}",
                terms.threshold_percent,
                count(contacted),
                saved(chosen.saved_cents)
            )
        }
        (_, None, _) => return None,
    };
    if !is_enough(evaluation.churned) {
        sentence.push_str(&format!(
            ". Only {} churned: too few to name a best threshold",
            customers(evaluation.churned)
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

/// How is risk distributed?
#[must_use]
pub fn risk(rows: &[RiskBin], terms: &Terms) -> Option<String> {
    let total: i64 = rows.iter().map(|bin| bin.customers).sum();
    if total == 0 {
        return None;
    }
    let least = i64::from(terms.threshold_percent);
    let flagged = rows.iter().filter(|bin| bin.percent >= least);
    let flagged: i64 = flagged.map(|bin| bin.customers).sum();
    if !is_enough(total) {
        return Some(format!(
            "Only {} scored, too few for a distribution: {} of them reach{} the threshold.",
            customers(total),
            count_or_none(flagged),
            if flagged < 2 { "es" } else { "" }
        ));
    }
    let mut so_far = 0;
    let median = rows.iter().find(|bin| {
        so_far += bin.customers;
        2 * so_far >= total
    })?;
    let (loss, of_flagged) = rows.iter().fold((0.0, 0.0), |(all, part), bin| {
        let is_flagged = bin.percent >= least;
        (
            all + bin.expected_cents,
            part + if is_flagged { bin.expected_cents } else { 0.0 },
        )
    });
    let mut sentence = format!(
        "Half of the {} have a risk below {}%. {} the threshold",
        customers(total),
        median.percent + 1,
        match flagged {
            0 => "None reaches".to_owned(),
            1 => "1 reaches".to_owned(),
            more => format!("{} reach", count(more)),
        },
    );
    if loss > 0.0 && flagged > 0 {
        sentence.push_str(&format!(
            " and {} for {} of the expected loss",
            if flagged == 1 { "accounts" } else { "account" },
            share(of_flagged / loss)
        ));
    }
    sentence.push('.');
    Some(sentence)
}

/// Who should be called?
#[must_use]
pub fn at_risk(rows: &[AtRisk], terms: &Terms) -> Option<String> {
    let Some(first) = rows.first() else {
        return Some(format!(
            "No customer reaches a risk of {}%. Lower the threshold.",
            terms.threshold_percent
        ));
    };
    let mrr: i64 = rows.iter().map(|row| row.mrr_cents).sum();
    let why = reasons(first);
    let because = why
        .first()
        .map_or_else(String::new, |why| format!(" ({why})"));
    Some(format!(
        "{} with {} MRR. Call {} first: {} MRR at a risk of {}{because}.",
        customers(rows.len() as i64),
        money(mrr as f64),
        first.name,
        // As the list below has it.
        whole_dollars(first.mrr_cents as f64),
        share(first.probability),
    ))
}

/// What became of the list; nothing while that is not known.
#[must_use]
pub fn fate(rows: &[AtRisk]) -> Option<String> {
    let known: Vec<&AtRisk> = rows.iter().filter(|row| row.is_fate_known).collect();
    if known.is_empty() {
        let true_risks: Vec<f64> = rows.iter().filter_map(|row| row.true_probability).collect();
        if true_risks.is_empty() {
            return None;
        }
        let expected = true_risks.iter().sum::<f64>();
        let said = rows.iter().map(|row| row.probability).sum::<f64>();
        if !is_enough(rows.len() as i64) {
            return Some(format!(
                "Their outcome is not known yet. By the planted hazards {expected:.1} of the {} will churn; the model predicts {said:.1}.",
                count(rows.len() as i64)
            ));
        }
        let mean = expected / true_risks.len() as f64;
        let said = said / rows.len() as f64;
        return Some(format!(
            "Their outcome is not known yet. By the planted hazards {} of them will churn; the model predicts {}.",
            share(mean),
            share(said)
        ));
    }
    let left = known.iter().filter(|row| row.churn_date.is_some()).count();
    Some(format!(
        "{} of the {} churned within 90 days.",
        capital(&count_or_none(left as i64)),
        customers(known.len() as i64)
    ))
}

/// How much revenue is at risk?
#[must_use]
pub fn mrr_at_risk(rows: &[PlanRisk]) -> Option<String> {
    let sum = |value: fn(&PlanRisk) -> f64| rows.iter().map(value).sum::<f64>();
    let (flagged, all) = (
        sum(|row| row.flagged_cents as f64),
        sum(|row| row.mrr_cents as f64),
    );
    if all <= 0.0 {
        return None;
    }
    let total: i64 = rows.iter().map(|row| row.customers).sum();
    let reached: i64 = rows.iter().map(|row| row.flagged_customers).sum();
    let mut sentence = format!(
        "{} of {} MRR belongs to {} at or above the threshold",
        if reached == 0 {
            "None".to_owned()
        } else {
            money(flagged)
        },
        money(all),
        if reached == 0 {
            "customers".to_owned()
        } else {
            customers(reached)
        },
    );
    if is_enough(total) && reached > 0 {
        sentence.push_str(&format!(", {}", share(flagged / all)));
    }
    let of_enough = rows.iter().filter(|row| is_enough(row.customers));
    let most = of_enough.max_by(|one, other| {
        one.expected_cents
            .total_cmp(&other.expected_cents)
            .then(other.plan.cmp(&one.plan))
    });
    // A plan of a handful may lose more, which nobody could tell.
    let is_most = |most: &&PlanRisk| {
        rows.iter()
            .all(|row| row.expected_cents <= most.expected_cents)
    };
    if let Some(most) = most.filter(is_most) {
        sentence.push_str(&format!(
            "; {} is expected to lose the most, {} in 90 days",
            words(&most.plan),
            money(most.expected_cents)
        ));
    }
    sentence.push('.');
    Some(sentence)
}

/// How early would we have known?
#[must_use]
pub fn lead_time(rows: &[LeadTime]) -> Option<String> {
    let total: i64 = rows.iter().map(|row| row.churned).sum();
    if total == 0 {
        return None;
    }
    let warned = rows.iter().filter(|row| row.days.is_some());
    let warned: i64 = warned.map(|row| row.churned).sum();
    let early = rows
        .iter()
        .filter(|row| row.days.is_some_and(|days| days >= 30));
    let early: i64 = early.map(|row| row.churned).sum();
    if warned == 0 {
        return Some(if total == 1 {
            "The one customer who churned was not flagged in advance.".to_owned()
        } else {
            format!(
                "None of {} who churned was flagged in advance.",
                customers(total)
            )
        });
    }
    Some(format!(
        "Of {} who churned, {} were flagged in advance, {} of them at least 30 days before. {} {} never flagged.",
        customers(total),
        if is_enough(total) {
            share(warned as f64 / total as f64)
        } else {
            count(warned)
        },
        count_or_none(early),
        capital(&count_or_none(total - warned)),
        if total - warned < 2 { "was" } else { "were" },
    ))
}

/// Can the model tell who leaves?
#[must_use]
pub fn roc(evaluation: &Evaluation, oracle: Option<&Evaluation>) -> Option<String> {
    let auc = evaluation.auc()?;
    if !is_enough(evaluation.churned) {
        return Some(format!(
            "Only {} churned: too few to judge how well the model ranks them.",
            customers(evaluation.churned)
        ));
    }
    let mut sentence = format!(
        "A customer who churned had a higher risk than one who stayed {} of the time (AUC {auc:.3})",
        share(auc)
    );
    if let Some(best) = oracle.and_then(Evaluation::auc) {
        sentence.push_str(&format!(
            "; an oracle that knows the planted hazards reaches {best:.3}"
        ));
    }
    sentence.push('.');
    Some(sentence)
}

/// Are the risks calibrated?
#[must_use]
pub fn calibration(evaluation: &Evaluation) -> Option<String> {
    let tenths = evaluation.tenths();
    let top = tenths.first()?;
    if !is_enough(top.customers) {
        return Some(format!(
            "Too few customers to judge: a decile has {}.",
            count(top.customers)
        ));
    }
    let inside = tenths.iter().filter(|tenth| {
        tenth.interval[0] <= tenth.predicted && tenth.predicted <= tenth.interval[1]
    });
    Some(format!(
        "For the riskiest customers the model predicted that {} churn, and {} did. In {} of {} deciles the prediction lies within the interval; it is off by {} on average.",
        share(top.predicted),
        share(top.actual),
        inside.count(),
        tenths.len(),
        ValueFormat::Percent
            .difference(evaluation.calibration_error())
            .trim_start_matches('+'),
    ))
}

/// How far down the list is it worth going?
#[must_use]
pub fn lift(evaluation: &Evaluation) -> Option<String> {
    let lifts = lifts(evaluation);
    let tenths = evaluation.tenths();
    if evaluation.churned == 0 {
        return None;
    }
    if !is_enough(evaluation.churned) {
        return Some(format!(
            "Only {} churned: too few to say how much a list helps.",
            customers(evaluation.churned)
        ));
    }
    // Equal scores share a decile, so that a decile need not be a tenth of the customers.
    let size = |customers: i64| {
        format!(
            "{:.0}%",
            100.0 * customers as f64 / evaluation.customers as f64
        )
    };
    let first = tenths.first()?;
    let (most, found) = tenths
        .iter()
        .take_while(|tenth| tenth.decile <= 3 || tenth.decile == first.decile)
        .fold((0, 0), |(customers, churned), tenth| {
            (customers + tenth.customers, churned + tenth.churned)
        });
    let risky = size(first.customers);
    let mut sentence = format!(
        "The riskiest {risky} of customers contain {:.1} times as many churned customers as a random {risky}",
        lifts.first()?,
    );
    if most > first.customers {
        sentence.push_str(&format!(
            "; the riskiest {} contain {} of all of them",
            size(most),
            share(found as f64 / evaluation.churned as f64)
        ));
    }
    sentence.push('.');
    Some(sentence)
}

/// How healthy are customers?
#[must_use]
pub fn health(rows: &[HealthBin]) -> Option<String> {
    let total: i64 = rows.iter().map(|row| row.customers).sum();
    if total == 0 {
        return None;
    }
    let of = |status: &str| -> (i64, i64) {
        let of = rows.iter().filter(|row| row.status == status);
        of.fold((0, 0), |(customers, mrr), row| {
            (customers + row.customers, mrr + row.mrr_cents)
        })
    };
    let (healthy, _) = of("healthy");
    let (risky, mrr) = of("at_risk");
    Some(format!(
        "{} of {} are healthy. {}.",
        if healthy == 0 {
            "None".to_owned()
        } else if is_enough(total) {
            share(healthy as f64 / total as f64)
        } else {
            count(healthy)
        },
        customers(total),
        match risky {
            0 => "None is at risk".to_owned(),
            1 => format!("1 is at risk, with {} MRR", money(mrr as f64)),
            more => format!(
                "{} are at risk, with {} MRR",
                count(more),
                money(mrr as f64)
            ),
        }
    ))
}

/// Where do customers at risk fall short?
#[must_use]
pub fn health_parts(rows: &[HealthParts]) -> Option<String> {
    let healthy = rows.iter().find(|row| row.status == "healthy")?;
    let Some(risky) = rows.iter().find(|row| row.status == "at_risk") else {
        return Some("No customer is at risk by this score.".to_owned());
    };
    if !is_enough(risky.customers.min(healthy.customers)) {
        return Some(format!(
            "Too few customers to compare: {} at risk, {} healthy.",
            count_or_none(risky.customers),
            count_or_none(healthy.customers)
        ));
    }
    let gap = |part: &super::charts::health_parts::Part| part.1(healthy) - part.1(risky);
    let widest = PARTS
        .iter()
        .max_by(|one, other| gap(one).total_cmp(&gap(other)))?;
    let least = PARTS
        .iter()
        .min_by(|one, other| gap(one).total_cmp(&gap(other)))?;
    Some(format!(
        "{} differs most: {:.1} of 20 points, against {:.1} for healthy customers. {} differs least.",
        widest.0,
        widest.1(risky),
        widest.1(healthy),
        least.0
    ))
}

/// Does health predict churn?
#[must_use]
pub fn health_fate(rows: &[HealthFate], evaluation: Option<&Evaluation>) -> Option<String> {
    let total: i64 = rows.iter().map(|row| row.churned).sum();
    let scored: i64 = rows.iter().map(|row| row.customers).sum();
    if scored == 0 {
        return None;
    }
    if total == 0 {
        let scored = ValueFormat::Count.full(scored as f64);
        return Some(format!(
            "None of the {scored} scores was followed by churn within 90 days."
        ));
    }
    let with_enough = || rows.iter().filter(|row| is_enough(row.customers));
    let (Some(first), Some(last)) = (with_enough().next(), with_enough().next_back()) else {
        let largest = rows.iter().map(|row| row.customers).max()?;
        return Some(too_few("customers", "group", largest));
    };
    let mut sentence = format!(
        "Of customers with a health score of {}, {} churned within 90 days",
        bounds(first),
        share(first.share),
    );
    if with_enough().count() > 1 {
        sentence.push_str(&format!(
            "; of those with {}, {} did",
            bounds(last),
            share(last.share)
        ));
    }
    // Of a handful who left neither ranking can be judged.
    let model = evaluation.filter(|one| is_enough(one.churned) && is_enough(total));
    if let (Some(health), Some(model)) = (health_auc(rows), model.and_then(Evaluation::auc)) {
        let all: i64 = rows.iter().map(|row| row.customers).sum();
        let error = |auc: f64| auc_error(auc, total, all - total);
        // As if the two were judged by different customers, which asks for a larger gap.
        let reach = 1.96 * libm::hypot(error(model), error(health));
        let verdict = if model > health + reach {
            "the model ranks them better"
        } else if health > model + reach {
            "the model ranks them worse"
        } else {
            "the model ranks them about as well"
        };
        sentence.push_str(&format!(
            "; {verdict} (AUC {model:.3} against {health:.3} for the score)"
        ));
    }
    sentence.push('.');
    Some(sentence)
}

/// The standard error of an area under the ROC curve.
///
/// # Source
/// Hanley and McNeil (1982), The meaning and use of the area under a ROC curve.
fn auc_error(auc: f64, left: i64, stayed: i64) -> f64 {
    let (left, stayed) = (left.max(1) as f64, stayed.max(1) as f64);
    let one = auc / (2.0 - auc);
    let two = 2.0 * auc * auc / (1.0 + auc);
    let square = auc * auc;
    let variance =
        auc * (1.0 - auc) + (left - 1.0) * (one - square) + (stayed - 1.0) * (two - square);
    libm::sqrt(variance.max(0.0) / (left * stayed))
}

/// The area under the ROC curve of health, low health standing for high risk, ties counted half.
#[must_use]
pub fn health_auc(rows: &[HealthFate]) -> Option<f64> {
    let left: i64 = rows.iter().map(|row| row.churned).sum();
    let stayed: i64 = rows.iter().map(|row| row.customers - row.churned).sum();
    let mut healthier = stayed;
    let mut in_order = 0.0;
    for row in rows {
        let here = row.customers - row.churned;
        healthier -= here;
        in_order += row.churned as f64 * (healthier as f64 + here as f64 / 2.0);
    }
    (left > 0 && stayed > 0).then(|| in_order / (left as f64 * stayed as f64))
}

#[cfg(test)]
mod handful;
#[cfg(test)]
mod nothing;

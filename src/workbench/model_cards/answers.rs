//! Sentences computed from cards.

use crate::components::format::{ValueFormat, count, sentence};
use crate::ml::segments::Choice;
use crate::ml::{Card, Model, Part, Score};
use crate::results::shares::FEWEST_FOR_A_CLAIM;

/// A score as it is written: shares in percent, others with three digits.
#[must_use]
pub fn written(score: &Score, value: f64) -> String {
    if score.is_share {
        return ValueFormat::Percent.full(value);
    }
    let text = match value.abs() {
        size if size >= 1_000.0 => return ValueFormat::Count.full(value),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.3}"),
    };
    text.replace('-', "−")
}

/// The positive rows that a model is judged by, where they or the others are too few for it (decision
/// 0123): `8 of 31 hold-out rows are positive`, `8 of 731 days are planted`.
fn too_few(model: Model, parts: &[Part]) -> Option<String> {
    let holdout = parts.iter().rfind(|part| part.positives.is_some())?;
    let (positive, all) = (holdout.positives?, holdout.rows);
    let least = positive.min(all.saturating_sub(positive));
    (least < FEWEST_FOR_A_CLAIM.unsigned_abs()).then(|| {
        let what = match model {
            Model::Anomalies => "days are planted",
            _ => "hold-out rows are positive",
        };
        format!("{} of {} {what}", count(positive), count(all))
    })
}

/// What a model's scores are of, after a score: models that predict are judged by what they have not seen,
/// the others by what there is.
#[must_use]
pub const fn judged_on(model: Model) -> &'static str {
    match model {
        Model::Churn | Model::Ltv => "on hold-out data",
        Model::Segments => "on a sample of the users",
        Model::Anomalies => "on all days",
        Model::Forecast => "on days it had not seen",
    }
}

/// Which of the numbers of segments that were tried is best by the silhouette, and which is kept.
#[must_use]
pub fn silhouettes(kept: usize, tried: &[Choice]) -> String {
    let best = { tried.iter() }
        .max_by(|one, other| one.silhouette.total_cmp(&other.silhouette))
        .map_or(kept, |choice| choice.segments);
    let says = "Mean silhouette for each number of segments.";
    if best == kept {
        format!("{says} It is highest at {best}, and {best} are kept.")
    } else {
        format!("{says} It is highest at {best}; {kept} are kept, the most that come close to it.")
    }
}

/// What a card says in one sentence: its first score beside the baseline's and the oracle's.
#[must_use]
pub fn headline(card: &Card) -> String {
    let Some(score) = card.scores.first() else {
        return String::new();
    };
    let mut sentence = format!(
        "{} {} {}",
        score.label,
        written(score, score.value),
        judged_on(card.model)
    );
    if let Some(few) = too_few(card.model, &card.parts) {
        return format!("{sentence}; {few}, too few to judge the model.");
    }
    if let Some([low, high]) = score.interval {
        sentence += &format!(
            " (95%: {} to {})",
            written(score, low),
            written(score, high)
        );
    }
    let mut others = Vec::new();
    if let (Some(value), Some(name)) = (score.baseline, &score.baseline_name) {
        others.push(format!(
            "{} gets {}",
            in_sentence(name),
            written(score, value)
        ));
    }
    if let Some(value) = score.oracle {
        others.push(format!(
            "an oracle that knows the planted truth {}",
            written(score, value)
        ));
    }
    if !others.is_empty() {
        sentence += &format!("; {}", others.join(", "));
    }
    sentence + "."
}

/// Why a model has no new fit, and what is shown instead.
#[must_use]
pub fn failure(model: Model, message: &str, has_card: bool) -> String {
    let message = sentence(message);
    let rest = if has_card {
        "The previous fit is shown below."
    } else {
        "Other models are not affected."
    };
    format!("{} could not be trained. {message} {rest}", model.label())
}

/// What a model waits for; `why_no_data` where it waits for nothing.
#[must_use]
pub fn waiting(why_no_data: Option<&str>) -> String {
    match why_no_data {
        Some(why) => format!("{why} This model is not trained."),
        None => "It trains once the charts are drawn and the data tests have run.".to_owned(),
    }
}

/// Whether two scores' 95% intervals share a value; scores without an interval never do.
fn overlap(one: &Score, other: &Score) -> bool {
    one.interval
        .zip(other.interval)
        .is_some_and(|(one, other)| one[0] <= other[1] && other[0] <= one[1])
}

/// A score beside that of an oracle that knows the planted values: ` of at most 0.931`.
fn beside_oracle(score: &Score) -> String {
    let Some(oracle) = score.oracle else {
        return String::new();
    };
    let (value, text) = (score.value, written(score, oracle));
    let is_behind = if score.is_more_better {
        value < oracle
    } else {
        value > oracle
    };
    let is_within = score
        .interval
        .is_some_and(|[low, high]| (low..=high).contains(&oracle));
    match (is_within, is_behind) {
        (true, _) => format!(", as good as the oracle’s {text} within its interval"),
        (false, true) => format!(", where an oracle reaches {text}"),
        (false, false) => format!(", above the oracle’s {text}"),
    }
}

/// What the leakage lab shows.
#[must_use]
pub fn leakage(honest: Option<&Card>, leaky: &Card) -> String {
    if let Some(few) = too_few(leaky.model, &leaky.parts) {
        return format!("{few}: too few to tell what the leak changes.");
    }
    leak(
        honest.and_then(|card| card.score("auc")),
        leaky.score("auc"),
    )
}

fn leak(honest: Option<&Score>, leaky: Option<&Score>) -> String {
    let auc = |score: Option<&Score>| score.map(|score| written(score, score.value));
    let overlaps = honest
        .zip(leaky)
        .is_some_and(|(honest, leaky)| overlap(honest, leaky));
    match (auc(honest), auc(leaky)) {
        (Some(honest), Some(leaky)) if overlaps => format!(
            "AUC {leaky} with the leak, {honest} without: their 95% intervals overlap, so the leak changes nothing that can be told \
             apart."
        ),
        (Some(honest), Some(leaky)) => format!(
            "AUC {leaky} instead of {honest}, with the same trees, users and split: the model learned nothing about customers, \
             the features already say who left."
        ),
        (None, Some(leaky)) => format!("AUC {leaky}: the features already say who left."),
        _ => String::new(),
    }
}

/// The page's sentence; `why_no_data` where no data will come by itself.
#[must_use]
pub fn page(cards: &[&Card], models: usize, why_no_data: Option<&str>) -> String {
    if let Some(why) = why_no_data {
        return why.to_owned();
    }
    let churn = cards.iter().find_map(|card| {
        let score = card.score("auc")?;
        if let Some(few) = too_few(card.model, &card.parts) {
            return Some(format!("{few}, too few to judge the churn model"));
        }
        let oracle = beside_oracle(score);
        Some(format!(
            "The churn model ranks with an AUC of {}{oracle}",
            written(score, score.value)
        ))
    });
    let ltv = cards.iter().find_map(|card| {
        let score = card.score("r2")?;
        Some(format!(
            "the lifetime value model has an R² of {}",
            written(score, score.value)
        ))
    });
    match (churn, ltv) {
        (Some(churn), Some(ltv)) => format!("{churn}; {ltv}."),
        (Some(churn), None) => format!("{churn}."),
        _ if cards.is_empty() => {
            format!("{models} models train once this tab’s data is ready.")
        }
        _ => format!("{} of {models} models are fitted.", cards.len()),
    }
}

fn in_sentence(name: &str) -> String {
    let article = if name.starts_with("Logistic") || name.starts_with("Linear") {
        "a "
    } else {
        ""
    };
    let mut letters = name.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_lowercase().to_string());
    format!("{article}{}{}", first.unwrap_or_default(), letters.as_str())
}

#[cfg(test)]
mod intervals;

#[cfg(test)]
mod tests {
    use super::*;

    fn score() -> Score {
        Score {
            key: "auc".into(),
            label: "AUC".into(),
            meaning: String::new(),
            value: 0.8874,
            interval: Some([0.852, 0.919]),
            baseline: Some(0.861),
            baseline_name: Some("Logistic regression".into()),
            oracle: Some(0.9312),
            is_more_better: true,
            is_share: false,
        }
    }

    #[test]
    fn the_best_number_of_segments_is_told_from_the_one_that_is_kept() {
        let tried: Vec<Choice> = { [0.5, 0.66, 0.64].into_iter().zip(3..) }
            .map(|(silhouette, segments)| Choice {
                segments,
                silhouette,
            })
            .collect();
        assert!(silhouettes(4, &tried).ends_with("It is highest at 4, and 4 are kept."));
        assert!(
            silhouettes(5, &tried)
                .ends_with("It is highest at 4; 5 are kept, the most that come close to it.")
        );
    }

    #[test]
    fn a_failure_is_whole_sentences() {
        let message =
            "the hold-out has 31 rows, and at least 100 are needed; choose more users or months";
        assert_eq!(
            failure(Model::Ltv, message, false),
            "Lifetime value could not be trained. The hold-out has 31 rows, and at least 100 are needed; \
             choose more users or months. Other models are not affected."
        );
        assert_eq!(
            failure(Model::Churn, "it broke.", true),
            "Churn could not be trained. It broke. The previous fit is shown below."
        );
    }

    #[test]
    fn a_hold_out_of_a_handful_judges_nothing() {
        let part = |rows, positives| Part {
            name: "Hold-out".to_owned(),
            rows,
            days: None,
            positives,
        };
        let said = |part| too_few(Model::Churn, &[part]);
        assert_eq!(
            said(part(301, Some(8))).as_deref(),
            Some("8 of 301 hold-out rows are positive")
        );
        assert_eq!(said(part(301, Some(40))), None);
        assert!(said(part(50, Some(40))).is_some());
        assert_eq!(said(part(301, None)), None);
        let of_days = too_few(Model::Anomalies, &[part(731, Some(8))]);
        assert_eq!(of_days.as_deref(), Some("8 of 731 days are planted"));
    }

    /// "Silhouette .633 on hold-out data" stood above "Nothing is held out".
    #[test]
    fn only_what_predicts_is_judged_on_a_hold_out() {
        for model in Model::ALL {
            let predicts = matches!(model, Model::Churn | Model::Ltv);
            assert_eq!(judged_on(model).contains("hold-out"), predicts, "{model:?}");
        }
    }

    #[test]
    fn models_without_data_do_not_promise_to_train() {
        assert!(page(&[], 5, None).contains("train once"));
        let why = "Nothing was built: it is too large.";
        assert_eq!(page(&[], 5, Some(why)), why);
        assert!(waiting(None).contains("trains once"));
        let said = waiting(Some(why));
        assert_eq!(
            said,
            "Nothing was built: it is too large. This model is not trained."
        );
    }

    #[test]
    fn numbers_have_three_digits_grouped_thousands_and_a_true_minus() {
        let score = score();
        assert_eq!(written(&score, 0.8874), "0.887");
        assert_eq!(written(&score, -0.25), "−0.250");
        assert_eq!(written(&score, 51_234.4), "51,234");
        let share = Score {
            is_share: true,
            ..score
        };
        assert_eq!(written(&share, 0.9136), "91.4%");
    }
}

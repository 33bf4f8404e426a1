//! Which panels an edited model reaches, and what its rows are compared with.

use std::collections::BTreeSet;

use crate::ml::LEARNERS;
use crate::transformation::Manifest;

/// A panel of a dashboard, for those who change what it reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PanelReader {
    /// The model its rows come from.
    pub model: &'static str,
    /// Its question.
    pub title: &'static str,
    /// Its id.
    pub id: &'static str,
    /// The route of its page.
    pub route: &'static str,
}

/// All panels of the dashboards; provided as context by the shell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PanelReaders(pub Vec<PanelReader>);

/// The panels of `readers` whose rows come from `model`, or from a model that is built from it.
#[must_use]
pub fn reached(
    readers: &[PanelReader],
    manifest: &Manifest,
    model: &str,
    downstream: &BTreeSet<String>,
) -> Vec<PanelReader> {
    let is_reached = |reader: &&PanelReader| {
        let mut read = models_behind(manifest, reader.model).into_iter();
        read.any(|name| name == model || downstream.contains(&name))
    };
    readers.iter().filter(is_reached).copied().collect()
}

/// The project's models that a panel's table is, or is made from: what is learned is made from models
/// by statements of its own.
fn models_behind(manifest: &Manifest, table: &str) -> BTreeSet<String> {
    let statements: Vec<&str> = LEARNERS
        .iter()
        .filter(|learner| learner.tables.iter().any(|one| one.qualified() == table))
        .flat_map(|learner| learner.inputs.iter().map(|input| input.sql))
        .collect();
    let models = manifest
        .models
        .iter()
        .filter(|model| model.name == table || statements.iter().any(|sql| model.is_named_in(sql)));
    models.map(|model| model.name.clone()).collect()
}

/// Says what the rows are compared with: the run before, which may have had edits of its own. Where
/// the model `is_reset`, there is nothing left to reset.
#[must_use]
pub fn compared_with(edited_before: &BTreeSet<String>, name: &str, is_reset: bool) -> String {
    let others = edited_before.iter().filter(|model| *model != name).count();
    let was_edited = edited_before.contains(name);
    match (was_edited, others) {
        (true, 0) if is_reset => format!(
            "Compared with the run before, in which {name} was edited; now it is the project's own again."
        ),
        (true, _) if is_reset => format!(
            "Compared with the run before, in which {name} and other models were edited; now {name} is the project's own again."
        ),
        (false, 0) => {
            "Compared with the project's own models, as the run before built them.".to_owned()
        }
        (true, 0) => format!(
            "Compared with the run before, in which {name} was already edited; reset it to compare with the project's own."
        ),
        (false, _) => {
            "Compared with the run before, in which other models were already edited.".to_owned()
        }
        (true, _) => format!(
            "Compared with the run before, in which {name} and other models were already edited."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panels_are_reached_through_what_is_built_from_a_model() {
        let reader = |model, id| PanelReader {
            model,
            title: "",
            id,
            route: "",
        };
        let readers = [
            reader("fct_mrr", "own"),
            reader("fct_mrr_waterfall", "below"),
            reader("dim_users", "elsewhere"),
        ];
        let downstream = BTreeSet::from(["fct_mrr_waterfall".to_owned()]);
        let manifest = Manifest::embedded().unwrap();
        let found = reached(&readers, &manifest, "fct_mrr", &downstream);
        let ids: Vec<&str> = found.iter().map(|reader| reader.id).collect();
        assert_eq!(ids, ["own", "below"]);
    }

    #[test]
    fn learned_tables_are_made_from_models() {
        let manifest = Manifest::embedded().unwrap();
        for table in [
            "ml.churn_predictions",
            "ml.ltv_predictions",
            "ml.revenue_anomalies",
            "ml.user_segments",
            "srv_churn_snapshots",
            "srv_feature_days",
        ] {
            assert!(!models_behind(&manifest, table).is_empty(), "{table}");
        }
        let ltv = models_behind(&manifest, "ml.ltv_predictions");
        assert!(ltv.contains("ltv_features"), "{ltv:?}");
        let only = BTreeSet::from(["fct_mrr".to_owned()]);
        assert_eq!(models_behind(&manifest, "fct_mrr"), only);
    }

    #[test]
    fn words_say_what_the_rows_are_compared_with() {
        let edited = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let said = |names: &[&str]| compared_with(&edited(names), "fct_mrr", false);
        // After a reset nothing is left to reset.
        let reset = |names: &[&str]| compared_with(&edited(names), "fct_mrr", true);
        assert!(said(&["fct_mrr"]).contains("reset it to compare"));
        for names in [&["fct_mrr"][..], &["dim_users", "fct_mrr"]] {
            let words = reset(names);
            assert!(!words.contains("reset it"), "{words}");
            assert!(words.contains("the project's own again"), "{words}");
        }
        assert!(said(&[]).contains("project's own models"));
        assert!(said(&["fct_mrr"]).contains("fct_mrr was already edited"));
        assert!(said(&["dim_users"]).contains("other models were"));
        assert!(said(&["dim_users", "fct_mrr"]).contains("fct_mrr and other models"));
    }
}

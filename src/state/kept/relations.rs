//! Which tables a statement of the page reads, and whether a copy holds them.

use std::collections::BTreeSet;

/// Schemas whose tables a copy does not hold: raw rows, and what stands between them and what pages read.
const NOT_KEPT: [&str; 3] = ["raw", "staging", "intermediate"];

/// Schemas whose tables a copy holds.
pub const KEPT: [&str; 6] = ["marts", "advanced", "serving", "ml", "seeds", "truth"];

/// The engine's own tables, which say something else of a copy than of a run.
const CATALOG: [&str; 4] = ["duckdb_", "information_schema", "pragma", "show "];

/// The tables that a statement of the page reads, by their names with their schemas; none where a copy with the
/// tables `kept` can't answer it.
#[must_use]
pub fn read_from(statement: &str, kept: &BTreeSet<String>) -> Option<BTreeSet<String>> {
    // The engine knows no case.
    let lower = statement.to_lowercase();
    if CATALOG.iter().any(|name| lower.contains(name)) {
        return None;
    }
    let schemas = NOT_KEPT.iter().chain(&KEPT);
    let named: BTreeSet<String> = schemas
        .flat_map(|schema| named_in(&lower, schema))
        .collect();
    named.is_subset(kept).then_some(named)
}

/// Whether a statement of the page names tables of kept schemas alone.
#[must_use]
pub fn is_of_kept_schemas(statement: &str) -> bool {
    let lower = statement.to_lowercase();
    let is_named = |schema: &&str| !named_in(&lower, schema).is_empty();
    !CATALOG.iter().any(|name| lower.contains(name)) && !NOT_KEPT.iter().any(is_named)
}

/// Whatever stands behind the name of a schema and a dot.
fn named_in(lower: &str, schema: &str) -> Vec<String> {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let beginning = format!("{schema}.");
    let places = lower.match_indices(&beginning);
    let places =
        places.filter(|(at, _)| !lower[..*at].ends_with(|letter| is_word(letter) || letter == '.'));
    places
        .map(|(at, _)| {
            let name = &lower[at + beginning.len()..];
            let end = name.find(|letter| !is_word(letter)).unwrap_or(name.len());
            format!("{beginning}{}", &name[..end])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generation::Table;
    use crate::ml::LEARNERS;
    use crate::transformation::Manifest;

    fn kept() -> BTreeSet<String> {
        ["marts.fct_mrr", "serving.srv_users"]
            .map(str::to_owned)
            .into()
    }

    #[test]
    fn a_statement_is_answered_from_the_tables_that_it_names() {
        let read = |statement| read_from(statement, &kept());
        assert_eq!(
            read(
                "with one as (select * from MARTS.fct_mrr) select 1 from one join serving.srv_users"
            ),
            Some(kept())
        );
        assert_eq!(read("select 1"), Some(BTreeSet::new()));
        for statement in [
            "select * from marts.fct_mrr_waterfall",
            "select * from marts.fct_mrr, raw.users",
            "select * from staging.stg_events",
            "select * from marts.fct_mrr where d in (select d from intermediate.int_user_lifecycle)",
            "select * from marts.\"fct_mrr\"",
            "select count(*) from duckdb_tables()",
            "from information_schema.tables",
        ] {
            assert_eq!(read(statement), None, "{statement}");
        }
        assert!(is_of_kept_schemas("select * from marts.fct_mrr_waterfall"));
        assert!(!is_of_kept_schemas(
            "select * from marts.fct_mrr, raw.users"
        ));
    }

    #[test]
    fn every_schema_of_a_dataset_is_known() {
        let manifest = Manifest::embedded().unwrap();
        let models = manifest.models.iter().map(|model| model.relation());
        let seeds = manifest.seeds.iter().map(|seed| seed.relation());
        let tables = Table::ALL.iter().map(|table| table.qualified().to_owned());
        let learned = LEARNERS.iter().flat_map(|learner| learner.tables);
        let learned = learned.map(|table| table.qualified());
        for relation in models.chain(seeds).chain(tables).chain(learned) {
            let schema = relation.split('.').next().unwrap();
            assert!(
                KEPT.contains(&schema) || NOT_KEPT.contains(&schema),
                "{relation}"
            );
        }
    }
}

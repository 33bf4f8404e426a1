//! Data tests that fail after an edit, in words.

use std::collections::BTreeSet;

use crate::components::format::{count, counted};
use crate::quality::{TestReport, TestState};

/// Failing tests that are not declared on `name` and read it or what is built from it: the count of
/// its own tests says nothing of them.
#[must_use]
pub fn failing_downstream(
    report: &TestReport,
    name: &str,
    downstream: &BTreeSet<String>,
) -> Option<String> {
    let is_reached = |node: &str| node == name || downstream.contains(node);
    let tests = report.tests.iter().filter(|test| {
        matches!(test.state, TestState::Failed | TestState::Errored { .. })
            && test.model.as_deref() != Some(name)
            && test.reads.iter().any(|node| is_reached(node))
    });
    match tests.count() {
        0 => None,
        1 => Some("1 test downstream fails".to_owned()),
        many => Some(format!("{} tests downstream fail", count(many as u64))),
    }
}

/// How many tests fail and on which models: the head of the page counts this model's alone.
#[must_use]
pub fn failing_words(nodes: &[Option<String>], name: &str) -> String {
    let own = nodes
        .iter()
        .filter(|node| node.as_deref() == Some(name))
        .count();
    let of_others: Vec<&str> = nodes
        .iter()
        .filter_map(Option::as_deref)
        .filter(|node| *node != name)
        .collect();
    let mut others = of_others.clone();
    others.sort_unstable();
    others.dedup();
    let across = nodes.iter().filter(|node| node.is_none()).count();
    let parts = [
        (own, "on this model".to_owned()),
        (of_others.len(), format!("on {}", others.join(", "))),
        // As the page Data quality names them.
        (across, "across tables".to_owned()),
    ];
    let parts: Vec<&(usize, String)> = parts.iter().filter(|(number, _)| *number > 0).collect();
    let all = counted(nodes.len() as u64, "data test");
    match parts.as_slice() {
        // All are in one place: their number stands once.
        [(1, place)] => format!("{all} fails now, {place}"),
        [(_, place)] => format!("{all} fail now, {place}"),
        parts => {
            let told = parts
                .iter()
                .map(|(number, place)| format!("{} {place}", count(*number as u64)));
            format!("{all} fail now: {}", told.collect::<Vec<_>>().join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quality::TestRun;
    use crate::transformation::Severity;

    #[test]
    fn tests_downstream_are_counted_beside_those_of_the_model() {
        let run = |model: Option<&str>, reads: &[&str], state: TestState| TestRun {
            name: String::new(),
            model: model.map(str::to_owned),
            reads: reads.iter().map(|name| (*name).to_owned()).collect(),
            column: None,
            kind: "unique".to_owned(),
            description: String::new(),
            severity: Severity::Error,
            state,
            failures: 0,
            elapsed_ms: 0.0,
            compiled_sql: String::new(),
            kept: false,
        };
        let downstream = BTreeSet::from(["fct_mrr".to_owned()]);
        let mut report = TestReport {
            tests: vec![
                run(Some("dim_users"), &["dim_users"], TestState::Failed),
                run(Some("fct_mrr"), &["fct_mrr"], TestState::Passed),
                run(Some("fct_usage"), &["fct_usage"], TestState::Failed),
            ],
            ..TestReport::default()
        };
        // Its own failing test is in its own count; the others are out of its reach or pass.
        assert_eq!(failing_downstream(&report, "dim_users", &downstream), None);
        let failed = run(Some("fct_mrr"), &["fct_mrr"], TestState::Failed);
        report.tests.push(failed);
        assert_eq!(
            failing_downstream(&report, "dim_users", &downstream).unwrap(),
            "1 test downstream fails"
        );
        // A test of the project that reads it.
        let of_project = run(None, &["dim_users", "fct_usage"], TestState::Failed);
        report.tests.push(of_project);
        assert_eq!(
            failing_downstream(&report, "dim_users", &downstream).unwrap(),
            "2 tests downstream fail"
        );
    }

    #[test]
    fn words_say_whose_tests_fail() {
        let node = |name: &str| Some(name.to_owned());
        assert_eq!(
            failing_words(&[node("fct_mrr")], "fct_mrr"),
            "1 data test fails now, on this model"
        );
        assert_eq!(
            failing_words(&[None], "fct_mrr"),
            "1 data test fails now, across tables"
        );
        let nodes = [node("dim_users"), node("fct_mrr"), None, node("dim_users")];
        assert_eq!(
            failing_words(&nodes, "fct_mrr"),
            "4 data tests fail now: 1 on this model, 2 on dim_users, 1 across tables"
        );
        assert_eq!(
            failing_words(&[node("b"), node("a")], "fct_mrr"),
            "2 data tests fail now, on a, b"
        );
    }
}

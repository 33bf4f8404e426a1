//! How a node's status is written.

use super::graph::Node;
use super::status::{NodeStatus, Outcome};
use crate::components::format::{ValueFormat, counted, duration, noun};

/// The second line of a node: the one thing to know first, else rows and time.
#[must_use]
pub fn facts(status: &NodeStatus) -> String {
    match &status.outcome {
        Outcome::Failed(_) => return "failed".to_owned(),
        Outcome::Skipped(because) => return format!("skipped: {because}"),
        Outcome::Waiting => return "waiting".to_owned(),
        Outcome::WhenNeeded => return "when needed".to_owned(),
        Outcome::Loaded | Outcome::Built | Outcome::Kept => {}
    }
    match status.accusing {
        0 => {}
        1 => return "1 test fails".to_owned(),
        many => return format!("{many} tests fail"),
    }
    let rows = match status.rows {
        Some(rows) => format!(
            "{} {}",
            ValueFormat::Count.short(rows as f64),
            noun(rows, "row")
        ),
        None if status.is_view => "view".to_owned(),
        None => String::new(),
    };
    let time = match (&status.outcome, status.elapsed_ms) {
        (Outcome::Kept, _) => "kept".to_owned(),
        (_, Some(elapsed)) => duration(elapsed),
        _ => String::new(),
    };
    [rows, time]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ")
}

/// Passed of all tests, or how many there are before they ran: `14/14`, `14 tests`.
#[must_use]
pub fn tests_short(status: &NodeStatus) -> String {
    match (&status.tests, status.declared) {
        (_, 0) => String::new(),
        (Some(tests), declared) => format!("{}/{declared}", tests.passed),
        (None, declared) => counted(declared as u64, "test"),
    }
}

/// What the tests on it said, as a sentence's part.
#[must_use]
pub fn tests_long(status: &NodeStatus) -> String {
    let declared = status.declared;
    let tests_declared = counted(declared as u64, "data test");
    let Some(tests) = status.tests else {
        return match declared {
            0 => "no data tests".to_owned(),
            _ => format!("{tests_declared}, not run yet"),
        };
    };
    if declared == 0 {
        return "no data tests".to_owned();
    }
    let parts: Vec<String> = [
        (tests.passed, "pass"),
        (tests.warned, "warn"),
        (tests.failed, "fail"),
        (tests.skipped, "skipped"),
    ]
    .into_iter()
    .filter(|(number, _)| *number > 0)
    .map(|(number, word)| format!("{number} {word}"))
    .collect();
    format!("{tests_declared}: {}", parts.join(", "))
}

/// The whole of a node in words, for those who don't see the drawing.
#[must_use]
pub fn spoken(node: &Node, status: &NodeStatus) -> String {
    let mut parts = vec![
        node.name.clone(),
        node.group.word().to_owned(),
        status.outcome.word().to_owned(),
    ];
    if status.is_edited {
        parts.push("edited".to_owned());
    }
    if let Some(rows) = status.rows {
        parts.push(counted(rows, "row"));
    }
    if let Some(elapsed) = status.elapsed_ms {
        parts.push(duration(elapsed));
    }
    parts.push(tests_long(status));
    if status.is_at_fault {
        parts.push("failing".to_owned());
    } else if status.is_downstream {
        parts.push("downstream of a failing table".to_owned());
    }
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quality::TestCounts;

    #[test]
    fn the_first_thing_to_know_comes_first() {
        let mut status = NodeStatus {
            outcome: Outcome::Built,
            rows: Some(1_234_567),
            elapsed_ms: Some(38.0),
            declared: 3,
            ..NodeStatus::default()
        };
        assert_eq!(facts(&status), "1.23M rows · 38\u{202f}ms");
        let one = NodeStatus {
            rows: Some(1),
            declared: 1,
            ..status.clone()
        };
        assert_eq!(facts(&one), "1 row · 38\u{202f}ms");
        assert_eq!(tests_short(&one), "1 test");
        assert_eq!(tests_long(&one), "1 data test, not run yet");
        assert_eq!(tests_short(&status), "3 tests");
        status.tests = Some(TestCounts {
            passed: 2,
            failed: 1,
            ..TestCounts::default()
        });
        status.accusing = 1;
        assert_eq!(facts(&status), "1 test fails");
        assert_eq!(tests_short(&status), "2/3");
        assert_eq!(tests_long(&status), "3 data tests: 2 pass, 1 fail");
        status.outcome = Outcome::Skipped("stg_users".to_owned());
        assert_eq!(facts(&status), "skipped: stg_users");
    }
}

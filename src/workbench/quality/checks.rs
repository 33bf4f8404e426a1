//! Every data test of the project, with what it said in the last run.

use crate::components::format::counted;
use crate::quality::{TestReport, TestRun, TestState};
use crate::transformation::{Manifest, Severity, TestKind};

/// What a test said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Verdict {
    /// Its rows are wrong.
    Failed,
    /// It could not be run itself.
    Errored,
    /// Rows are to be looked at.
    Warned,
    /// Not run, since a table it reads is missing.
    Skipped,
    /// No run has come to it.
    #[default]
    Waiting,
    /// Nothing is wrong.
    Passed,
}

impl Verdict {
    /// All verdicts, the worst first.
    pub const ALL: [Self; 6] = [
        Self::Failed,
        Self::Errored,
        Self::Warned,
        Self::Skipped,
        Self::Waiting,
        Self::Passed,
    ];

    /// The verdict in a word; also its key in the link and its class.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Errored => "errored",
            Self::Warned => "warned",
            Self::Skipped => "skipped",
            Self::Waiting => "waiting",
            Self::Passed => "passed",
        }
    }

    /// Reads the link's key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.word() == key)
    }

    /// Whether the data, or the test, is wrong.
    #[must_use]
    pub const fn is_failure(self) -> bool {
        matches!(self, Self::Failed | Self::Errored)
    }
}

impl From<&TestState> for Verdict {
    fn from(state: &TestState) -> Self {
        match state {
            TestState::Passed => Self::Passed,
            TestState::Warned => Self::Warned,
            TestState::Failed => Self::Failed,
            TestState::Errored { .. } => Self::Errored,
            TestState::Skipped { .. } => Self::Skipped,
        }
    }
}

/// The group of tests that no table declares.
pub const PROJECT: &str = "project";

/// One data test.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// dbt's name of it.
    pub name: String,
    /// The table it is declared on; none for a test of its own.
    pub node: Option<String>,
    /// The column it is declared on.
    pub column: Option<String>,
    /// The generic test's name, or `singular`.
    pub kind: String,
    /// `source`, `seed`, a layer, or [`PROJECT`].
    pub layer: String,
    /// What it checks, in words; may be empty.
    pub description: String,
    /// What a failure means.
    pub severity: Severity,
    /// Its file below `sql/`.
    pub path: String,
    /// What it said.
    pub verdict: Verdict,
    /// Its run, once there was one.
    pub run: Option<TestRun>,
}

impl Check {
    /// What it checks, in a few words: its kind and column.
    #[must_use]
    pub fn title(&self) -> String {
        match (&self.column, self.kind.as_str()) {
            (_, "singular") => self.name.clone(),
            (Some(column), kind) => format!("{column} · {kind}"),
            (None, kind) => kind.to_owned(),
        }
    }

    /// What it said, in words.
    #[must_use]
    pub fn outcome(&self) -> String {
        let Some(run) = &self.run else {
            return "waiting".to_owned();
        };
        match &run.state {
            TestState::Passed if run.failures == 0 => "no failing rows".to_owned(),
            TestState::Passed => {
                format!("passed: {}, within its bound", counted(run.failures, "row"))
            }
            TestState::Warned => format!("warned: {}", counted(run.failures, "row")),
            TestState::Failed => format!("failed: {}", counted(run.failures, "row")),
            TestState::Errored { .. } => "could not be run".to_owned(),
            TestState::Skipped { because } => format!("skipped because {because} is missing"),
        }
    }
}

/// All data tests of the project in their order, with what `report` says of them.
#[must_use]
pub fn checks(manifest: &Manifest, report: Option<&TestReport>) -> Vec<Check> {
    let tests = manifest.tests.iter();
    tests
        .map(|test| {
            let run = report.and_then(|report| report.test(&test.name)).cloned();
            Check {
                name: test.name.clone(),
                node: test.node.clone(),
                column: test.column.clone(),
                kind: test.kind_name().to_owned(),
                layer: layer_of(manifest, test.node.as_deref()).to_owned(),
                description: if test.description.is_empty() {
                    comment_of(&test.kind)
                } else {
                    test.description.clone()
                },
                severity: test.severity,
                path: test.path.clone(),
                verdict: run
                    .as_ref()
                    .map_or(Verdict::Waiting, |run| (&run.state).into()),
                run,
            }
        })
        .collect()
}

/// What a test of its own says it checks: the comment its file begins with.
fn comment_of(kind: &TestKind) -> String {
    let TestKind::Singular { raw_sql } = kind else {
        return String::new();
    };
    let lines = raw_sql.lines().map_while(|line| line.strip_prefix("--"));
    lines.map(str::trim).collect::<Vec<_>>().join(" ")
}

/// The layers tests are counted by, in the order of the data.
pub const LAYERS: [&str; 8] = [
    "source",
    "seed",
    "staging",
    "intermediate",
    "marts",
    "advanced",
    "serving",
    PROJECT,
];

fn layer_of(manifest: &Manifest, node: Option<&str>) -> &'static str {
    let Some(node) = node else { return PROJECT };
    if let Some(model) = manifest.model(node) {
        return model.layer.name();
    }
    if manifest.seed(node).is_some() {
        "seed"
    } else {
        "source"
    }
}

/// How many tests said what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// All of them.
    pub all: usize,
    /// Passed.
    pub passed: usize,
    /// Warned.
    pub warned: usize,
    /// Failed, or could not be run.
    pub failed: usize,
    /// Skipped.
    pub skipped: usize,
    /// Not run yet.
    pub waiting: usize,
}

impl Totals {
    /// Counts some tests.
    #[must_use]
    pub fn of<'a>(checks: impl IntoIterator<Item = &'a Check>) -> Self {
        let mut totals = Self::default();
        for check in checks {
            totals.all += 1;
            match check.verdict {
                Verdict::Passed => totals.passed += 1,
                Verdict::Warned => totals.warned += 1,
                Verdict::Failed | Verdict::Errored => totals.failed += 1,
                Verdict::Skipped => totals.skipped += 1,
                Verdict::Waiting => totals.waiting += 1,
            }
        }
        totals
    }

    /// The parts that are not nothing, in words: `12 pass, 1 fails`.
    #[must_use]
    pub fn words(&self) -> String {
        let parts = [
            (self.failed, if self.failed == 1 { "fails" } else { "fail" }),
            (self.warned, if self.warned == 1 { "warns" } else { "warn" }),
            (self.skipped, "skipped"),
            (self.waiting, "waiting"),
            (
                self.passed,
                if self.passed == 1 { "passes" } else { "pass" },
            ),
        ];
        let parts = parts.into_iter().filter(|(number, _)| *number > 0);
        parts
            .map(|(number, word)| format!("{number} {word}"))
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// Totals by layer, in the order of the data.
#[must_use]
pub fn by_layer(checks: &[Check]) -> Vec<(String, Totals)> {
    let of = |layer: &str| Totals::of(checks.iter().filter(|check| check.layer == layer));
    LAYERS
        .iter()
        .map(|layer| ((*layer).to_owned(), of(layer)))
        .filter(|(_, totals)| totals.all > 0)
        .collect()
}

/// Totals by kind, the commonest first.
#[must_use]
pub fn by_kind(checks: &[Check]) -> Vec<(String, Totals)> {
    let mut kinds: Vec<&str> = checks.iter().map(|check| check.kind.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let of = |kind: &str| Totals::of(checks.iter().filter(|check| check.kind == kind));
    let mut totals: Vec<(String, Totals)> = kinds
        .iter()
        .map(|kind| ((*kind).to_owned(), of(kind)))
        .collect();
    // Stable: kinds with as many tests stay in the order of the alphabet.
    totals.sort_by_key(|(_, totals)| std::cmp::Reverse(totals.all));
    totals
}

/// What the link asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only tests that said this.
    pub verdict: Option<Verdict>,
    /// Only tests of this kind; empty for all.
    pub kind: String,
    /// Only tests of this layer; empty for all.
    pub layer: String,
    /// Words that the name, table, column or description holds.
    pub find: String,
}

impl Filter {
    /// Whether all tests are shown.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a test is shown.
    #[must_use]
    pub fn holds(&self, check: &Check) -> bool {
        let text = || {
            let parts = [
                check.name.as_str(),
                check.node.as_deref().unwrap_or_default(),
                check.column.as_deref().unwrap_or_default(),
                check.kind.as_str(),
                check.description.as_str(),
            ];
            parts.join(" ").to_lowercase()
        };
        let is_verdict = |verdict: Verdict| {
            verdict == check.verdict || (verdict == Verdict::Failed && check.verdict.is_failure())
        };
        self.verdict.is_none_or(is_verdict)
            && (self.kind.is_empty() || self.kind == check.kind)
            && (self.layer.is_empty() || self.layer == check.layer)
            && (self.find.is_empty() || {
                let text = text();
                let mut words = self.find.split_whitespace();
                words.all(|word| text.contains(&word.to_lowercase()))
            })
    }
}

/// The tests of one table.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The table, or [`PROJECT`].
    pub name: String,
    /// Its layer.
    pub layer: String,
    /// The tests that are shown.
    pub checks: Vec<Check>,
    /// What they said.
    pub totals: Totals,
}

/// Tests by table, those with failing tests first, then in the order of the data.
#[must_use]
pub fn groups(checks: &[Check], filter: &Filter) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for check in checks.iter().filter(|check| filter.holds(check)) {
        let name = check.node.as_deref().unwrap_or(PROJECT);
        let at = groups.iter().position(|group| group.name == name);
        match at {
            Some(at) => groups[at].checks.push(check.clone()),
            None => groups.push(Group {
                name: name.to_owned(),
                layer: check.layer.clone(),
                checks: vec![check.clone()],
                totals: Totals::default(),
            }),
        }
    }
    let place = |layer: &str| LAYERS.iter().position(|known| *known == layer);
    for group in &mut groups {
        group.totals = Totals::of(&group.checks);
        group.checks.sort_by_key(|check| check.verdict);
    }
    groups.sort_by_key(|group| {
        let wants_a_look = group.totals.failed + group.totals.warned > 0;
        (!wants_a_look, place(&group.layer))
    });
    groups
}

/// So many warnings, in words.
#[must_use]
pub fn warnings(number: usize) -> String {
    counted(number as u64, "warning")
}

/// The page's sentence; `why_no_data` where no data will come by itself.
#[must_use]
pub fn sentence(totals: &Totals, tables: usize, why_no_data: Option<&str>) -> String {
    let all = totals.all;
    if totals.waiting == all {
        let why = why_no_data.unwrap_or("They run once the charts are drawn.");
        return format!("{all} data tests on {tables} tables. {why}");
    }
    let run = all - totals.skipped - totals.waiting;
    match (totals.failed, totals.warned, totals.skipped) {
        (0, 0, 0) => format!("All {run} data tests on {tables} tables pass."),
        (0, warned, 0) => format!("{run} data tests ran: no failures, {}.", warnings(warned)),
        (0, _, skipped) => format!("{skipped} of {all} data tests could not run. The others pass."),
        (1, _, _) => {
            format!("One of {run} data tests fails. Don’t trust anything downstream of it.")
        }
        (failed, _, _) => {
            format!("{failed} of {run} data tests fail. Don’t trust anything downstream of them.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(manifest: &Manifest, failed: &str) -> TestReport {
        let tests = manifest.tests.iter().map(|test| TestRun {
            name: test.name.clone(),
            model: test.node.clone(),
            reads: Vec::new(),
            column: test.column.clone(),
            kind: test.kind_name().to_owned(),
            description: String::new(),
            severity: test.severity,
            state: if test.name == failed {
                TestState::Failed
            } else {
                TestState::Passed
            },
            failures: u64::from(test.name == failed) * 4,
            elapsed_ms: 1.0,
            compiled_sql: String::new(),
            kept: false,
        });
        TestReport {
            tests: tests.collect(),
            elapsed_ms: 1.0,
        }
    }

    #[test]
    fn totals_add_up_whichever_way_they_are_taken() {
        let manifest = Manifest::embedded().unwrap();
        let failed = "unique_stg_users_user_id";
        let checks = checks(&manifest, Some(&report(&manifest, failed)));
        let all = Totals::of(&checks);
        assert_eq!(all.all, manifest.tests.len());
        assert_eq!((all.failed, all.passed), (1, all.all - 1));
        for totals in [by_layer(&checks), by_kind(&checks)] {
            let sum: usize = totals.iter().map(|(_, totals)| totals.all).sum();
            assert_eq!(sum, all.all);
            let failed: usize = totals.iter().map(|(_, totals)| totals.failed).sum();
            assert_eq!(failed, 1);
        }
        let own = checks
            .iter()
            .find(|check| check.name == "assert_curves_never_rise");
        assert!(
            own.unwrap()
                .description
                .starts_with("Survival, funnel steps")
        );
        let groups = groups(&checks, &Filter::default());
        let in_groups: usize = groups.iter().map(|group| group.checks.len()).sum();
        assert_eq!(in_groups, all.all);
        assert_eq!(groups.last().unwrap().name, PROJECT);
        let users = groups
            .iter()
            .find(|group| group.name == "stg_users")
            .unwrap();
        assert_eq!(users.checks[0].name, failed);
        assert_eq!(users.checks[0].outcome(), "failed: 4 rows");
        assert!(sentence(&all, 44, None).starts_with("One of"));
    }

    #[test]
    fn filters_are_joined_by_and() {
        let manifest = Manifest::embedded().unwrap();
        let failed = "unique_stg_users_user_id";
        let checks = checks(&manifest, Some(&report(&manifest, failed)));
        let names = |filter: Filter| -> Vec<String> {
            let shown = checks.iter().filter(|check| filter.holds(check));
            shown.map(|check| check.name.clone()).collect()
        };
        let filter = Filter {
            verdict: Some(Verdict::Failed),
            ..Filter::default()
        };
        assert_eq!(names(filter.clone()), [failed]);
        let marts = Filter {
            layer: "marts".to_owned(),
            ..filter
        };
        assert_eq!(names(marts), Vec::<String>::new());
        let found = names(Filter {
            kind: "unique".to_owned(),
            find: "STG_users email".to_owned(),
            ..Filter::default()
        });
        assert_eq!(found, ["unique_stg_users_email"]);
    }

    #[test]
    fn verdicts_survive_the_link() {
        for verdict in Verdict::ALL {
            assert_eq!(Verdict::from_key(verdict.word()), Some(verdict));
        }
        assert_eq!(Verdict::from_key(""), None);
        let manifest = Manifest::embedded().unwrap();
        let totals = Totals::of(&checks(&manifest, None));
        assert_eq!(totals.waiting, totals.all);
        assert_eq!(totals.words(), format!("{} waiting", totals.all));
        let refused = sentence(&totals, 44, Some("Nothing was built."));
        assert!(
            refused.ends_with("on 44 tables. Nothing was built."),
            "{refused}"
        );
    }
}

//! The models run on DuckDB in the tab, on dbt-duckdb and on Spark: this keeps out of `sql/` what
//! one of them lacks or reads differently. The rules and their reasons stand in [`RULES`] and in
//! the checks below.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by a panic")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// A phrase that must not appear, as words (spaces match any white space, `(` is itself).
struct Rule {
    phrase: &'static str,
    why: &'static str,
    /// Whether the side of a macro that is not for Spark may use it.
    allowed_in_macros: bool,
}

const fn banned(phrase: &'static str, why: &'static str) -> Rule {
    Rule {
        phrase,
        why,
        allowed_in_macros: false,
    }
}

const fn banned_outside_macros(phrase: &'static str, why: &'static str) -> Rule {
    Rule {
        phrase,
        why,
        allowed_in_macros: true,
    }
}

/// Seen on DuckDB 1.4 and Spark 3.5 to 4.
const RULES: &[Rule] = &[
    banned("::", "Spark 3.5 has no `::`; write cast(x as t)"),
    banned("varchar", "the portable name is string"),
    banned("text", "the portable name is string"),
    banned("hugeint", "Spark has no such type; use bigint"),
    banned(
        "qualify",
        "Spark 3.5 has no QUALIFY; use row_number in a subquery",
    ),
    banned("recursive", "Spark 3.5 has no recursive CTE"),
    banned("asof", "Spark has no ASOF join"),
    banned("distinct on", "Spark has no DISTINCT ON; use row_number"),
    banned("arg_max", "use max_by with a unique key"),
    banned("arg_min", "use min_by with a unique key"),
    banned("quantile_cont", "use percentile_cont within group"),
    banned("//", "use floor(a / b)"),
    banned(
        "filter over",
        "Spark has no filter on a window function; use case",
    ),
    banned("exclude", "Spark has no `* exclude`; name the columns"),
    banned("pivot", "the column list is not portable; use case"),
    banned("lateral", "use explode_range"),
    banned("current_date", "everything is relative to var('as_of')"),
    banned(
        "current_timestamp",
        "everything is relative to var('as_of')",
    ),
    banned("now(", "everything is relative to var('as_of')"),
    banned("today(", "everything is relative to var('as_of')"),
    banned("random(", "a model must repeat exactly"),
    banned(
        "at time zone",
        "DuckDB needs the icu extension, which the tab does not have",
    ),
    banned(
        "timestamptz",
        "DuckDB needs the icu extension, which the tab does not have",
    ),
    banned("strftime", "not in Spark"),
    banned("regexp_matches", "not in Spark; backslashes also differ"),
    banned("interval", "add days as dates: date + cast(n as int)"),
    banned("real", "the portable name is double; money is bigint cents"),
    banned("\\", "backslashes in literals mean different things"),
    banned("truth", "no model reads the truth it is measured against"),
    banned("datediff", "arguments differ; use the macro day_diff"),
    banned_outside_macros("enum", "Spark has no ENUM; use the macro compact"),
    banned_outside_macros(
        "float",
        "doubles are the rule, and money is bigint cents; use the macro compact_number",
    ),
    banned_outside_macros("date_diff", "not in Spark; use the macro day_diff"),
    banned_outside_macros("epoch", "not in Spark; use the macro epoch_s"),
    banned_outside_macros("epoch_us", "not in Spark; use the macro epoch_s"),
    banned_outside_macros(
        "date_trunc",
        "its type differs; use month_start or week_start",
    ),
    banned_outside_macros("unnest", "use the macro explode_range"),
    banned_outside_macros("generate_series", "use the macro explode_range"),
    banned_outside_macros("range(", "use the macro explode_range"),
    banned_outside_macros("isodow", "use the macro iso_weekday"),
    banned_outside_macros("dayofweek", "counts from different days; use iso_weekday"),
    banned_outside_macros("<<", "use the macro bit_at"),
    banned_outside_macros("string_agg", "use a macro"),
    banned_outside_macros("hash", "values differ between engines"),
];

/// Jinja that the tab's runner (minijinja) does not offer to models, macros and tests.
const JINJA: &[(&str, &str)] = &[
    ("return", "minijinja has no return()"),
    ("run_query", "models are compiled without an engine"),
    ("adapter", "models are compiled without an engine"),
    ("is_incremental", "every model is built whole"),
    ("env_var", "a model depends on nothing but its inputs"),
    (
        "dbt",
        "dbt's own macros are not in the tab, and some are wrong on Spark",
    ),
    ("dbt_utils", "there are no packages in the tab"),
    ("modules", "minijinja has no Python modules"),
    ("do", "minijinja's do is not enabled"),
    ("this", "models name what they read by ref"),
];

/// One file, with comments blanked out so that positions stay.
struct Source {
    path: PathBuf,
    text: String,
    is_macro: bool,
    is_staging: bool,
    is_model: bool,
}

impl Source {
    fn line_of(&self, position: usize) -> usize {
        self.text[..position].matches('\n').count() + 1
    }
}

#[derive(Default)]
struct Findings(String);

impl Findings {
    fn add(&mut self, source: &Source, position: usize, what: &str, why: &str) {
        let line = source.line_of(position);
        writeln!(self.0, "{}:{line}: {what}: {why}", source.path.display()).unwrap();
    }
}

fn sql_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "dbt_only") {
                sql_files(&path, found);
            }
        } else if path.extension().is_some_and(|extension| extension == "sql") {
            found.push(path);
        }
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("sql");
    let mut sources = Vec::new();
    for folder in ["models", "macros", "tests"] {
        let mut paths = Vec::new();
        sql_files(&root.join(folder), &mut paths);
        for path in paths {
            let text = fs::read_to_string(&path).unwrap().to_lowercase();
            sources.push(source(
                path.strip_prefix(root.parent().unwrap())
                    .unwrap()
                    .to_owned(),
                &text,
            ));
        }
    }
    assert!(sources.len() > 30, "found only {} files", sources.len());
    sources
}

fn source(path: PathBuf, text: &str) -> Source {
    Source {
        is_macro: path.starts_with("sql/macros"),
        is_staging: path.starts_with("sql/models/staging"),
        is_model: path.starts_with("sql/models"),
        text: without_comments(text),
        path,
    }
}

/// Blanks `-- …` and `{# … #}`, but for the line ends.
fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = [rest.find("--"), rest.find("{#")]
        .into_iter()
        .flatten()
        .min()
    {
        kept.push_str(&rest[..start]);
        let comment = &rest[start..];
        let length = if comment.starts_with("--") {
            comment.find('\n').unwrap_or(comment.len())
        } else {
            comment.find("#}").map_or(comment.len(), |end| end + 2)
        };
        let blanked = comment[..length]
            .chars()
            .map(|c| if c == '\n' { '\n' } else { ' ' });
        kept.extend(blanked);
        rest = &comment[length..];
    }
    kept.push_str(rest);
    kept
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Where the phrase stands in the text as whole words.
fn occurrences(text: &str, phrase: &str) -> Vec<usize> {
    let words: Vec<&str> = phrase.split(' ').collect();
    let first = words[0];
    text.match_indices(first)
        .filter(|(start, _)| {
            let starts_a_word = !first.starts_with(is_word) || !text[..*start].ends_with(is_word);
            let mut rest = &text[start + first.len()..];
            let follows = words[1..].iter().all(|word| {
                rest = rest.trim_start();
                rest.strip_prefix(word).is_some_and(|after| {
                    rest = after;
                    true
                })
            });
            let last = words[words.len() - 1];
            starts_a_word && follows && (!last.ends_with(is_word) || !rest.starts_with(is_word))
        })
        .map(|(start, _)| start)
        .collect()
}

/// The parts between `open` and `close`, with their positions.
fn between<'a>(text: &'a str, open: &str, close: &str) -> Vec<(usize, &'a str)> {
    text.match_indices(open)
        .map(|(start, _)| {
            let inside = &text[start + open.len()..];
            (start, &inside[..inside.find(close).unwrap_or(inside.len())])
        })
        .collect()
}

/// The text with `{{ … }}` and `{% … %}` blanked.
fn without_jinja(text: &str) -> String {
    let mut kept: Vec<u8> = text.bytes().collect();
    for (open, close) in [("{{", "}}"), ("{%", "%}")] {
        for (start, inside) in between(text, open, close) {
            for byte in &mut kept[start..(start + inside.len() + 4).min(text.len())] {
                if *byte != b'\n' {
                    *byte = b' ';
                }
            }
        }
    }
    String::from_utf8_lossy(&kept).into_owned()
}

/// The text with the contents of `'…'` blanked.
fn without_literals(text: &str) -> String {
    let mut inside = false;
    text.chars()
        .map(|character| {
            if character == '\'' {
                inside = !inside;
                character
            } else if inside && character != '\n' && character.is_ascii() {
                ' '
            } else {
                character
            }
        })
        .collect()
}

/// The argument list that opens at `position`, without its parentheses.
fn argument(text: &str, position: usize) -> Option<&str> {
    let inside = text[position..].strip_prefix('(')?;
    let mut depth = 1;
    for (offset, character) in inside.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(&inside[..offset]);
        }
    }
    None
}

fn check_phrases(source: &Source, findings: &mut Findings) {
    // Words in literals are data, but names inside Jinja are read like SQL.
    for rule in RULES {
        let text = if rule.phrase == "truth" || rule.phrase == "\\" {
            source.text.clone()
        } else {
            without_literals(&source.text)
        };
        if source.is_macro && rule.allowed_in_macros {
            continue;
        }
        // The spelling of the other engine, in the branch that is for it.
        if source.is_macro && rule.phrase == "datediff" {
            continue;
        }
        for position in occurrences(&text, rule.phrase) {
            // A macro's own name is not the function of the same name.
            let is_call_of_macro = text[position..].starts_with("epoch_s(");
            if !is_call_of_macro {
                findings.add(source, position, rule.phrase, rule.why);
            }
        }
    }
}

fn check_jinja(source: &Source, findings: &mut Findings) {
    for (open, close) in [("{{", "}}"), ("{%", "%}")] {
        for (start, inside) in between(&source.text, open, close) {
            let code = without_literals(inside);
            for (word, why) in JINJA {
                if !occurrences(&code, word).is_empty() {
                    findings.add(source, start, word, why);
                }
            }
            if source.is_macro && !occurrences(&code, "ref(").is_empty() {
                findings.add(
                    source,
                    start,
                    "ref",
                    "a macro reads no model: parents must be visible in the model",
                );
            }
            if !source.is_staging && !occurrences(&code, "source(").is_empty() {
                findings.add(
                    source,
                    start,
                    "source",
                    "only staging reads raw rows; read the staging model",
                );
            }
        }
    }
    for (word, why) in [
        ("raw.", "name raw tables by source()"),
        ("staging.", "name models by ref()"),
        ("intermediate.", "name models by ref()"),
        ("marts.", "name models by ref()"),
        ("advanced.", "name models by ref()"),
        ("serving.", "name models by ref()"),
        ("seeds.", "name seeds by ref()"),
    ] {
        for position in occurrences(&without_literals(&source.text), word) {
            findings.add(source, position, word, why);
        }
    }
}

/// `count(distinct x) over`, `sum(x) filter (…) over`: windows Spark does not have.
fn check_windows(source: &Source, findings: &mut Findings) {
    let text = without_literals(&without_jinja(&source.text));
    for (position, _) in text.match_indices('(') {
        let Some(inside) = argument(&text, position) else {
            continue;
        };
        let after = text[position + inside.len() + 2..].trim_start();
        let is_windowed = after.starts_with("over ") || after.starts_with("over(");
        if is_windowed && inside.trim_start().starts_with("distinct ") {
            findings.add(
                source,
                position,
                "distinct over",
                "Spark counts no distinct values over a window",
            );
        }
        if is_windowed && text[..position].trim_end().ends_with("filter") {
            findings.add(
                source,
                position,
                "filter over",
                "Spark has no filter on a window function; use case",
            );
        }
    }
}

/// Joins need an equality: a join on ranges alone compares all pairs.
fn check_joins(source: &Source, findings: &mut Findings) {
    let text = without_literals(&without_jinja(&source.text));
    for position in occurrences(&text, "join") {
        let before = text[..position].trim_end();
        let kind = before.rsplit(|c: char| !is_word(c)).next().unwrap_or("");
        if ![
            "inner", "left", "right", "full", "cross", "semi", "anti", "outer",
        ]
        .contains(&kind)
        {
            findings.add(
                source,
                position,
                "join",
                "say which join: inner, left, full or cross",
            );
        }
        if ["cross", "natural"].contains(&kind) {
            continue;
        }
        let clause = &text[position + 4..];
        let end = ["\n\n", "\n)", " join "]
            .iter()
            .filter_map(|stop| clause.find(stop))
            .min()
            .unwrap_or(clause.len());
        let clause = &clause[..end];
        let Some(on) = occurrences(clause, "on").last().copied() else {
            findings.add(
                source,
                position,
                "join",
                "a join states its condition with `on`",
            );
            continue;
        };
        let condition = clause[on..]
            .replace("<=", "  ")
            .replace(">=", "  ")
            .replace("<>", "  ")
            .replace("!=", "  ");
        if !condition.contains('=') {
            findings.add(
                source,
                position,
                "range join",
                "join on an equality as well, or use interval deltas",
            );
        }
        if kind != "inner" && !occurrences(&condition, "or").is_empty() {
            findings.add(
                source,
                position,
                "or in an outer join",
                "DuckDB compares all pairs; make it plain comparisons",
            );
        }
    }
}

/// `from x y` and `join x y` need `as`.
fn check_aliases(source: &Source, findings: &mut Findings) {
    // A relation by ref or source becomes one word.
    let text = without_literals(&source.text)
        .replace("{{", "  ")
        .replace("}}", "  ");
    let text = text.replace("{%", " ;").replace("%}", " ;");
    const CLAUSES: &[&str] = &[
        "as",
        "on",
        "where",
        "group",
        "having",
        "order",
        "window",
        "left",
        "right",
        "inner",
        "full",
        "cross",
        "semi",
        "anti",
        "union",
        "limit",
        "join",
        "using",
        "select",
        "with",
        "from",
        "intersect",
        "except",
        "then",
        "end",
        "and",
    ];
    for keyword in ["from", "join"] {
        for position in occurrences(&text, keyword) {
            let mut rest = text[position + keyword.len()..].trim_start();
            let name = rest.len() - rest.trim_start_matches(is_word).len();
            if name == 0 {
                continue;
            }
            rest = &rest[name..];
            if let Some(inside) = argument(rest, 0) {
                rest = &rest[inside.len() + 2..];
            }
            let rest = rest.trim_start();
            let word = &rest[..rest.find(|c: char| !is_word(c)).unwrap_or(rest.len())];
            if !word.is_empty() && !CLAUSES.contains(&word) {
                findings.add(source, position, word, "write `as` before an alias");
            }
            if word == "as" {
                let alias = rest[2..].trim_start();
                let length = alias.find(|c: char| !is_word(c)).unwrap_or(alias.len());
                if length == 1 {
                    findings.add(
                        source,
                        position,
                        &alias[..length],
                        "aliases are words, not letters",
                    );
                }
            }
        }
    }
}

/// Divisions guard against zero: DuckDB gives infinity where Spark gives null.
fn check_divisions(source: &Source, findings: &mut Findings) {
    let text = without_literals(&source.text);
    for (position, _) in text.match_indices('/') {
        let divisor = text[position + 1..].trim_start();
        let is_guarded = divisor.starts_with("nullif(")
            || divisor.starts_with(|c: char| c.is_ascii_digit())
            || divisor.starts_with("{{")
            || divisor.starts_with("({{");
        if !is_guarded && !source.is_macro {
            findings.add(source, position, "/", "divide by nullif(b, 0)");
        }
    }
}

/// `order by … desc` without `nulls last`, where engines differ on nullable keys.
fn check_orders(source: &Source, findings: &mut Findings) {
    let text = without_literals(&source.text);
    for position in occurrences(&text, "desc") {
        let after = text[position + 4..].trim_start();
        let is_key = text[..position].trim_end().ends_with("_id");
        if !after.starts_with("nulls last") && !is_key {
            findings.add(source, position, "desc", "say `nulls last`: engines differ");
        }
    }
}

/// Models end on `select * from <last>`, so that the last step has a name. Those of the serving layer say
/// behind it in which order their rows lie, by which the engine passes over blocks.
fn check_shape(source: &Source, findings: &mut Findings) {
    let mut text = source.text.trim_end();
    if source.path.starts_with("sql/models/serving") {
        text = text
            .rsplit_once("\n\norder by")
            .map_or(text, |(text, _)| text);
    }
    let last = text.lines().last().unwrap_or("");
    if source.is_model && !last.starts_with("select * from ") {
        findings.add(
            source,
            source.text.trim_end().len(),
            "last line",
            "end on `select * from <last>`",
        );
    }
    if let Some(position) = source.text.find('\t') {
        findings.add(source, position, "tab", "indent by four spaces");
    }
    if source.is_model && source.text.contains(';') {
        findings.add(
            source,
            source.text.find(';').unwrap(),
            ";",
            "a model is one statement",
        );
    }
}

fn check(source: &Source) -> String {
    let mut findings = Findings::default();
    check_phrases(source, &mut findings);
    check_jinja(source, &mut findings);
    check_windows(source, &mut findings);
    check_joins(source, &mut findings);
    check_aliases(source, &mut findings);
    check_divisions(source, &mut findings);
    check_orders(source, &mut findings);
    check_shape(source, &mut findings);
    findings.0
}

#[test]
fn sql_is_portable() {
    let findings: String = sources().iter().map(check).collect();
    assert!(findings.is_empty(), "\n{findings}");
}

#[test]
fn each_rule_finds_its_offence() {
    let cases: &[(&str, &str)] = &[
        ("select x::int as y from a", "::"),
        ("select cast(x as varchar) as y from a", "varchar"),
        (
            "select * from a qualify row_number() over (order by x) = 1",
            "qualify",
        ),
        ("select distinct on (x) x from a", "distinct on"),
        ("select now() as y from a", "now("),
        ("select current_date as y from a", "current_date"),
        ("select floor(x // 2) as y from a", "//"),
        (
            "select count(distinct x) over (partition by y) as z from a",
            "distinct over",
        ),
        (
            "select sum(x) filter (where y) over (order by z) as w from a",
            "filter over",
        ),
        ("select * from a inner join b on a.x < b.y", "range join"),
        ("select * from a join b on a.x = b.x", "say which join"),
        (
            "select * from a left join b on a.x = b.x or a.y = b.y",
            "or in an outer join",
        ),
        ("select * from events e", "before an alias"),
        ("select * from events as e", "not letters"),
        ("select x / y as z from a", "nullif"),
        (
            "select row_number() over (order by x desc) as y from a",
            "nulls last",
        ),
        ("select * from {{ source('raw', 'users') }}", "only staging"),
        ("select * from raw.users", "source()"),
        ("select * from truth.users", "truth"),
        ("{% do run_query('x') %} select * from a", "run_query"),
        ("select date_diff('day', x, y) as z from a", "day_diff"),
        ("with a as (select 1 as x)\nselect x from a", "last line"),
    ];
    for (text, expected) in cases {
        let findings = check(&source("sql/models/marts/example.sql".into(), text));
        assert!(
            findings.contains(expected),
            "{text}\nshould name {expected}, found:\n{findings}"
        );
        assert!(findings.starts_with("sql/models/marts/example.sql:"));
    }
    let clean = "with\n\na as (\n\n    select\n        cast(x as string) as y -- varchar\n\n    from {{ ref('b') }} as bees\n\n    left join c\n        on bees.x = c.x\n\n)\n\nselect * from a\n";
    let check_in = |folder: &str, text: &str| {
        check(&source(
            format!("sql/models/{folder}/example.sql").into(),
            text,
        ))
    };
    assert_eq!(check_in("marts", clean), "");
    let ordered = format!("{clean}\norder by y\n");
    assert_eq!(check_in("serving", &ordered), "");
    assert!(check_in("marts", &ordered).contains("last line"));
}

//! SQL stands in `.sql` files: which strings of a Rust file hold some all the same.

/// Beginnings of paths that may write SQL: the compiler of metrics and that of the project, and the runner.
const WRITERS: [&str; 4] = [
    "crates/metrics/",
    "crates/project/",
    "src/transformation/run.rs",
    "src/warehouse/",
];

/// Words in a row that no sentence has; the project writes SQL in lower case.
const PHRASES: [&str; 24] = [
    "create or replace",
    "create table",
    "create view",
    "create schema",
    "drop table",
    "drop view",
    "drop schema",
    "alter table",
    "insert into",
    "delete from",
    "describe {",
    "limit {",
    "order by",
    "group by",
    "partition by",
    "left join",
    "inner join",
    "full join",
    "union all",
    "except all",
    "distinct from",
    "nulls last",
    "case when",
    "between date",
];
const CALLS: [&str; 7] = [
    "cast(",
    "coalesce(",
    "count(",
    "sum(",
    "nullif(",
    "unnest(",
    "date_trunc(",
];

/// The strings of a file that hold SQL, each with its line; none where the file may write it.
pub(crate) fn sql_in(path: &str, source: &str) -> Vec<String> {
    let is_test = path.contains("/tests/") || path.ends_with("/tests.rs");
    if is_test || WRITERS.iter().any(|writer| path.starts_with(writer)) {
        return Vec::new();
    }
    let code = source.split("\n#[cfg(test)]\nmod tests {").next();
    let strings = strings(code.unwrap_or_default()).into_iter();
    let sql = strings.filter(|(_, text)| is_sql(text));
    sql.map(|(line, text)| format!("{path}:{line}: {text}"))
        .collect()
}

fn is_sql(text: &str) -> bool {
    let text = text.replace("\\n", " ");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let begins = |at: usize| !text[..at].ends_with(|letter: char| letter.is_alphanumeric());
    let holds = |phrase: &str| text.match_indices(phrase).any(|(at, _)| begins(at));
    // The word alone is an element of a page.
    holds("select ") || PHRASES.into_iter().chain(CALLS).any(holds)
}

/// The literals of a Rust file, as they are written, each with its line.
fn strings(source: &str) -> Vec<(usize, String)> {
    let line = |at: usize| source[..at].matches('\n').count() + 1;
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(letter) = source[at..].chars().next() {
        let rest = &source[at..];
        let hashes = rest.strip_prefix('r').map(|raw| {
            let hashes = raw.len() - raw.trim_start_matches('#').len();
            (hashes, raw[hashes..].starts_with('"'))
        });
        let is_name = source[..at].ends_with(|last: char| last.is_alphanumeric() || last == '_');
        at += if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some((hashes, true)) = hashes
            && !is_name
        {
            let text = &rest[hashes + 2..];
            let end = text.find(&format!("\"{}", "#".repeat(hashes)));
            let text = &text[..end.unwrap_or(text.len())];
            found.push((line(at), text.to_owned()));
            text.len() + 2 * hashes + 3
        } else if letter == '"' {
            let length = quoted_length(rest);
            found.push((line(at), rest[1..length - 1].to_owned()));
            length
        } else if letter == '\'' {
            character_length(rest)
        } else {
            letter.len_utf8()
        };
        at = at.min(source.len());
    }
    found
}

/// Bytes of the literal that a text begins with, quotes included.
fn quoted_length(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Bytes of the character literal that a text begins with, or of the quote of a lifetime.
fn character_length(text: &str) -> usize {
    let mut letters = text.char_indices().skip(1);
    let (Some((_, first)), Some((second_at, second))) = (letters.next(), letters.next()) else {
        return 1;
    };
    match (first, second) {
        ('\\', _) => {
            let after = second_at + second.len_utf8();
            text[after..].find('\'').map_or(1, |end| after + end + 1)
        }
        (_, '\'') => second_at + 1,
        _ => 1,
    }
}

#[test]
fn planted_sql_is_found() {
    let check = |source: &str, expected: usize| {
        let found = sql_in("src/state/planted.rs", source);
        assert_eq!(found.len(), expected, "{source}: {found:?}");
    };
    check(r#"let sql = "select 1";"#, 1);
    check("format!(\"select\n    {column}\nfrom {table}\")", 1);
    check(
        r##"let sql = r#"create "table" x"#; f("drop table if exists x")"##,
        1,
    );
    check("let sql = \"create or replace\n view x\";", 1);
    check(r#"let part = format!("coalesce(sum({column}), 0)");"#, 1);
    check(
        r#"let quote = '"'; let sql = "{} order by 1 limit 5"; let other = '\'';"#,
        1,
    );
    check(r#"fn f<'a>(text: &'a str) { g("\"", "delete from x") }"#, 1);
    check(
        r#"// "select 1"
let word = "select"; let said = "Select and copy, or selected from {}";"#,
        0,
    );
    check(
        "let a = 1;\n\n#[cfg(test)]\nmod tests {\n    const SQL: &str = \"select 1\";\n}",
        0,
    );
    assert!(sql_in("src/warehouse/decode.rs", r#""select 1""#).is_empty());
    assert!(sql_in("src/state/filters/tests.rs", r#""select 1""#).is_empty());
    assert_eq!(
        sql_in("src/x.rs", "\n\n  \"select 1\"")[0],
        "src/x.rs:3: select 1"
    );
}

//! Which statements a user may run: those that only read.

/// First words of statements that only read.
const READING: [&str; 8] = [
    "select",
    "with",
    "describe",
    "explain",
    "show",
    "summarize",
    "values",
    "from",
];

/// Words that write even behind a reading first word (`with x as (…) insert into …`,
/// `explain analyze delete …`).
const WRITING: [&str; 23] = [
    "insert",
    "update",
    "delete",
    "merge",
    "create",
    "drop",
    "alter",
    "truncate",
    "copy",
    "attach",
    "detach",
    "install",
    "load",
    "pragma",
    "set",
    "reset",
    "call",
    "use",
    "vacuum",
    "checkpoint",
    "import",
    "export",
    "begin",
];

/// Says whether `sql` is a single statement that only reads.
///
/// The rule is strict rather than clever: after comments, strings and quoted names are left out,
/// one statement must remain, begin with a reading word, and no writing word may begin the part
/// behind `with` or `explain`.
#[must_use]
pub fn is_read_only(sql: &str) -> bool {
    let Some(tokens) = tokens(sql) else {
        return false;
    };
    let mut statement = tokens.as_slice();
    while let [rest @ .., last] = statement {
        if last != ";" {
            break;
        }
        statement = rest;
    }
    let Some(first) = statement.first() else {
        return false;
    };
    if !READING.contains(&first.as_str()) || statement.iter().any(|token| token == ";") {
        return false;
    }
    !writes(statement)
}

/// Looks for a writing word where a statement may begin: first, after `explain …`, or at depth 0
/// behind a `)` that closes a CTE.
fn writes(statement: &[String]) -> bool {
    let mut depth = 0_usize;
    let mut before = "";
    let mut explaining = true;
    for (index, token) in statement.iter().enumerate() {
        let begins = index == 0 || (before == ")" && depth == 0) || explaining;
        if begins && WRITING.contains(&token.as_str()) {
            return true;
        }
        // `explain`, `explain analyze`, `explain (format json)`: what follows is a statement.
        explaining = explaining
            && (matches!(
                token.as_str(),
                "explain" | "analyze" | "(" | ")" | "format" | "json" | "," | "text" | "html"
            ));
        match token.as_str() {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        before = token;
    }
    false
}

/// Splits a statement into lower-case words and marks; comments vanish, strings and quoted names
/// become `'` and `"`. `None` when a string or comment does not end.
fn tokens(sql: &str) -> Option<Vec<String>> {
    let mut tokens = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        if first.is_whitespace() {
            rest = rest.trim_start();
        } else if let Some(comment) = rest.strip_prefix("--") {
            rest = comment.split_once('\n').map_or("", |(_, after)| after);
        } else if let Some(comment) = rest.strip_prefix("/*") {
            let (inside, after) = comment.split_once("*/")?;
            // The engine nests comments; what ends where is not worth knowing here.
            if inside.contains("/*") {
                return None;
            }
            rest = after;
        } else if let Some(body) = rest.strip_prefix("e'").or(rest.strip_prefix("E'")) {
            // In e'…' a backslash could hide the closing quote.
            let (inside, _) = body.split_once('\'')?;
            if inside.contains('\\') {
                return None;
            }
            rest = after_quoted(body, '\'')?;
            tokens.push("'".to_owned());
        } else if first == '\'' || first == '"' {
            rest = after_quoted(&rest[1..], first)?;
            tokens.push(first.to_string());
        } else if let Some(body) = rest.strip_prefix('$').filter(|body| opens_dollar(body)) {
            let (tag, after) = body.split_once('$')?;
            rest = after.split_once(format!("${tag}$").as_str())?.1;
            tokens.push("'".to_owned());
        } else if first.is_alphanumeric() || first == '_' {
            let end = rest
                .find(|letter: char| !letter.is_alphanumeric() && letter != '_')
                .unwrap_or(rest.len());
            tokens.push(rest[..end].to_lowercase());
            rest = &rest[end..];
        } else {
            tokens.push(first.to_string());
            rest = &rest[first.len_utf8()..];
        }
    }
    Some(tokens)
}

/// Says whether `$` began a dollar-quoted string (`$$…$$`, `$tag$…$tag$`) and not a parameter.
fn opens_dollar(body: &str) -> bool {
    body.split_once('$').is_some_and(|(tag, _)| {
        !tag.starts_with(|letter: char| letter.is_ascii_digit())
            && tag
                .chars()
                .all(|letter| letter.is_alphanumeric() || letter == '_')
    })
}

/// What follows the closing quote; a doubled quote stands for itself.
fn after_quoted(mut rest: &str, quote: char) -> Option<&str> {
    loop {
        rest = rest.split_once(quote)?.1;
        match rest.strip_prefix(quote) {
            Some(more) => rest = more,
            None => return Some(rest),
        }
    }
}

//! Columns as text, for ways on which their type would lose something.

/// Says whether a statement gives rows that can be selected from.
pub(super) fn is_selectable(sql: &str) -> bool {
    let first = sql
        .split(|letter: char| !letter.is_alphanumeric())
        .find(|word| !word.is_empty())
        .unwrap_or_default();
    ["select", "with", "from", "values"]
        .iter()
        .any(|word| first.eq_ignore_ascii_case(word))
}

/// Whether a type, as `describe` gives it, would lose its dictionary on the way of pending queries.
pub(super) fn is_enum(kind: &str) -> bool {
    kind.contains("ENUM(")
}

/// Whether a type looks like another one in Arrow: a BIT like a BLOB, a TIME WITH TIME ZONE like a
/// TIME that has lost its zone.
pub(super) fn looks_like_another(kind: &str) -> bool {
    let words = kind.split(|letter: char| !letter.is_ascii_alphanumeric());
    let zoned = kind.replace("TIMESTAMP WITH TIME ZONE", "");
    words.into_iter().any(|word| word == "BIT") || zoned.contains("TIME WITH TIME ZONE")
}

/// Wraps a query so that columns whose type `needs_text` come as text; `None` when it has none.
///
/// `columns` are names and types as `describe` gives them. Positions name the columns, since names
/// may occur twice.
pub(super) fn with_text_for(
    sql: &str,
    columns: &[(String, String)],
    needs_text: fn(&str) -> bool,
) -> Option<String> {
    if !columns.iter().any(|(_, kind)| needs_text(kind)) {
        return None;
    }
    let mut selected = Vec::with_capacity(columns.len());
    let mut aliases = Vec::with_capacity(columns.len());
    for (index, (name, kind)) in columns.iter().enumerate() {
        let name = name.replace('"', "\"\"");
        selected.push(if needs_text(kind) {
            format!("cast(c{index} as varchar) as \"{name}\"")
        } else {
            format!("c{index} as \"{name}\"")
        });
        aliases.push(format!("c{index}"));
    }
    Some(format!(
        "select {} from (\n{sql}\n) as result({})",
        selected.join(", "),
        aliases.join(", ")
    ))
}

/// Says whether a column holds ENUMs inside of something (`ENUM('x')[]`, a STRUCT, a MAP): as text
/// it would be another value.
pub(super) fn has_nested_enum(columns: &[(String, String)]) -> bool {
    columns.iter().any(|(_, kind)| {
        let is_plain = kind.starts_with("ENUM(") && kind.ends_with(')');
        kind.contains("ENUM(") && !is_plain
    })
}

#[cfg(test)]
mod tests {
    use super::{has_nested_enum, is_enum, is_selectable, looks_like_another, with_text_for};

    #[test]
    fn enums_inside_of_something_are_seen() {
        let nested = |kind: &str| has_nested_enum(&[("a".to_owned(), kind.to_owned())]);
        assert!(nested("ENUM('x')[]") && nested("STRUCT(a ENUM('x'))"));
        assert!(!nested("ENUM('x', 'y')") && !nested("VARCHAR"));
    }

    #[test]
    fn only_enums_are_wrapped() {
        let column = |name: &str, kind: &str| (name.to_owned(), kind.to_owned());
        let columns = [column("id", "BIGINT"), column("a\"b", "ENUM('x', 'y')")];
        assert_eq!(
            with_text_for("from t", &columns, is_enum).as_deref(),
            Some(
                "select c0 as \"id\", cast(c1 as varchar) as \"a\"\"b\" from (\nfrom t\n) as result(c0, c1)"
            )
        );
        assert_eq!(with_text_for("from t", &columns[..1], is_enum), None);
        assert!(is_selectable(" WITH x as (select 1) from x") && !is_selectable("explain from t"));
    }

    #[test]
    fn types_that_arrow_cannot_tell_apart_are_found() {
        for kind in ["BIT", "BIT[]", "STRUCT(a TIME WITH TIME ZONE)"] {
            assert!(looks_like_another(kind), "{kind}");
        }
        for kind in ["BLOB", "TIME", "TIMESTAMP WITH TIME ZONE", "ENUM('BITS')"] {
            assert!(!looks_like_another(kind), "{kind}");
        }
    }
}

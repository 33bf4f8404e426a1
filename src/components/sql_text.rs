//! SQL in colours: its words told apart.

/// What a piece of SQL is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SqlToken {
    /// A word of the language.
    Keyword,
    /// Text or a date in quotes.
    Literal,
    /// A number.
    Number,
    /// A remark.
    Comment,
    /// Names, signs and spaces.
    Plain,
}

impl SqlToken {
    /// Its class in the style sheet; empty for plain text.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Keyword => "sql-keyword",
            Self::Literal => "sql-literal",
            Self::Number => "sql-number",
            Self::Comment => "sql-comment",
            Self::Plain => "",
        }
    }
}

const KEYWORDS: &[&str] = &[
    "all",
    "and",
    "as",
    "asc",
    "between",
    "by",
    "case",
    "cast",
    "cross",
    "date",
    "desc",
    "distinct",
    "else",
    "end",
    "except",
    "exists",
    "false",
    "filter",
    "first",
    "from",
    "full",
    "group",
    "having",
    "in",
    "inner",
    "interval",
    "is",
    "join",
    "last",
    "left",
    "like",
    "limit",
    "not",
    "null",
    "nulls",
    "on",
    "or",
    "order",
    "outer",
    "over",
    "partition",
    "preceding",
    "qualify",
    "range",
    "right",
    "rows",
    "select",
    "then",
    "true",
    "try_cast",
    "unbounded",
    "union",
    "using",
    "values",
    "when",
    "where",
    "window",
    "with",
    "within",
];

/// The pieces of `sql`, in order; together they are the whole text.
#[must_use]
pub fn pieces(sql: &str) -> Vec<(SqlToken, &str)> {
    let mut pieces: Vec<(SqlToken, &str)> = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let (token, length) = piece(rest, first);
        let (text, after) = rest.split_at(length);
        pieces.push((token, text));
        rest = after;
    }
    pieces
}

fn piece(rest: &str, first: char) -> (SqlToken, usize) {
    let run =
        |belongs: &dyn Fn(char) -> bool| rest.find(|letter| !belongs(letter)).unwrap_or(rest.len());
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    if rest.starts_with("--") {
        (SqlToken::Comment, rest.find('\n').unwrap_or(rest.len()))
    } else if first == '\'' {
        let end = rest[1..].find('\'').map_or(rest.len(), |end| end + 2);
        (SqlToken::Literal, end)
    } else if first.is_ascii_digit() {
        let is_number = |letter: char| letter.is_ascii_digit() || letter == '.';
        (SqlToken::Number, run(&is_number))
    } else if is_word(first) {
        let length = run(&is_word);
        let word = rest[..length].to_lowercase();
        match KEYWORDS.binary_search(&word.as_str()) {
            Ok(_) => (SqlToken::Keyword, length),
            Err(_) => (SqlToken::Plain, length),
        }
    } else {
        let is_other =
            |letter: char| !is_word(letter) && letter != '\'' && letter != '-' || letter == ' ';
        (SqlToken::Plain, run(&is_other).max(first.len_utf8()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_finds_its_kind_and_nothing_is_lost() {
        let sql = "select a1, -3.5 as b -- it's\nfrom t where c = 'x--y' and d >= date '2025-01-01' – 'open";
        let pieces = pieces(sql);
        let whole: String = pieces.iter().map(|(_, text)| *text).collect();
        assert_eq!(whole, sql);
        let of = |kind| -> Vec<&str> {
            let kept = pieces.iter().filter(|(token, _)| *token == kind);
            kept.map(|(_, text)| *text).collect()
        };
        assert_eq!(
            of(SqlToken::Keyword),
            ["select", "as", "from", "where", "and", "date"]
        );
        assert_eq!(of(SqlToken::Literal), ["'x--y'", "'2025-01-01'", "'open"]);
        assert_eq!(of(SqlToken::Number), ["3.5"]);
        assert_eq!(of(SqlToken::Comment), ["-- it's"]);
        assert!(KEYWORDS.is_sorted());
    }
}

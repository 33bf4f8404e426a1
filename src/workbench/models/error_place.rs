//! Where in a model's text the engine's message points.

/// A place in a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorPlace {
    /// The line of the statement, from 1.
    pub line: usize,
    /// The word the engine points at; may be empty.
    pub token: String,
}

/// The place that a message of the engine names: `LINE 5: … ^`.
#[must_use]
pub fn error_place(message: &str) -> Option<ErrorPlace> {
    let mut lines = message.lines();
    let (number, rest) = lines.by_ref().find_map(|line| {
        let (number, rest) = line.strip_prefix("LINE ")?.split_once(':')?;
        Some((number.trim().parse().ok()?, (line, rest)))
    })?;
    let (line, _) = rest;
    let caret = lines.next().and_then(|pointer| {
        let is_pointer = pointer.trim_end().trim_start() == "^";
        is_pointer.then(|| pointer.chars().take_while(|letter| *letter != '^').count())
    });
    let token = caret.map_or_else(String::new, |caret| {
        let is_word = |letter: &char| letter.is_alphanumeric() || *letter == '_';
        line.chars().skip(caret).take_while(is_word).collect()
    });
    Some(ErrorPlace {
        line: number,
        token,
    })
}

/// The message without the excerpt that names the place.
#[must_use]
pub fn without_excerpt(message: &str) -> String {
    let end = message
        .match_indices("LINE ")
        .find(|(at, _)| *at == 0 || message[..*at].ends_with('\n'))
        .map_or(message.len(), |(at, _)| at);
    message[..end].trim().to_owned()
}

/// The line of a model's file that line `line` of the statement came from.
///
/// The statement has one line before the compiled text: `create or replace table … as`.
#[must_use]
pub fn source_line(statement_line: usize, source_of_compiled: &[usize]) -> Option<usize> {
    let compiled = statement_line.checked_sub(2)?;
    source_of_compiled
        .get(compiled)
        .or(source_of_compiled.last())
        .copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engine_says_where() {
        let message = "Binder Error: Referenced column \"plann\" not found in FROM clause!\n\
                       Candidate bindings: \"plan\"\n\nLINE 5:         plann,\n                ^";
        let place = error_place(message).unwrap();
        assert_eq!(place.line, 5);
        assert_eq!(place.token, "plann");
        assert!(without_excerpt(message).ends_with("\"plan\""));
        assert_eq!(error_place("Out of Memory Error: no"), None);
        assert_eq!(
            without_excerpt("Out of Memory Error: no"),
            "Out of Memory Error: no"
        );
    }

    #[test]
    fn the_statement_begins_one_line_before_the_model() {
        let lines = [3, 4, 4, 9];
        assert_eq!(source_line(2, &lines), Some(3));
        assert_eq!(source_line(4, &lines), Some(4));
        assert_eq!(source_line(99, &lines), Some(9));
        assert_eq!(source_line(1, &lines), None);
    }
}

//! Documentation as it is shown beside a panel.

/// Markdown as plain sentences: code marks go, and so do references to records.
#[must_use]
pub fn plain_words(markdown: &str) -> String {
    let words = markdown.split_whitespace().collect::<Vec<_>>().join(" ");
    let sentences = words.split_inclusive(". ");
    let kept: String = sentences
        .filter(|sentence| !sentence.trim_start().starts_with("See decision "))
        .collect();
    kept.replace('`', "").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::plain_words;

    #[test]
    fn references_and_code_marks_go() {
        assert_eq!(
            plain_words("A user of `x`,\ncounted once. See decision 0021, “MRR of a month”."),
            "A user of x, counted once."
        );
    }
}

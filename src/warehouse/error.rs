//! What can go wrong between the page and the engine.

/// A failure of the warehouse.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum WarehouseError {
    /// The engine refused a statement.
    #[error("{message}\n{sql}")]
    Query {
        /// The statement.
        sql: String,
        /// The engine's own words.
        message: String,
    },
    /// Rows did not arrive.
    #[error("{table} took {arrived} of {sent} rows: {message}")]
    Ingest {
        /// The table, with its schema.
        table: String,
        /// Rows sent.
        sent: u64,
        /// Rows counted afterwards.
        arrived: u64,
        /// The engine's own words.
        message: String,
    },
    /// The engine's program did not come, or not whole.
    #[error(
        "The database engine could not be loaded: the site was updated, or the connection was lost. Reload the page."
    )]
    NotLoaded,
    /// The worker ended.
    #[error("the warehouse stopped ({message}); run the scenario again to restart it")]
    Stopped {
        /// The browser's own words.
        message: String,
    },
    /// The user or a newer scenario cancelled the call.
    #[error("cancelled")]
    Cancelled,
    /// An answer was no Arrow stream, or held a type that was not asked for.
    #[error("the warehouse's answer could not be read: {message}")]
    Decode {
        /// What was wrong with it.
        message: String,
    },
}

/// The engine's words, less what is of no use here: its JSON, and its advice to install what the page
/// may not fetch.
#[cfg(any(target_arch = "wasm32", test))]
pub(super) fn readable(words: &str) -> String {
    let field = |name: &str| {
        let value: serde_json::Value = serde_json::from_str(words).ok()?;
        Some(value.get(name)?.as_str()?.to_owned())
    };
    let said = field("exception_message").unwrap_or_else(|| words.to_owned());
    if let Some(name) = said.strip_prefix("Unsupported Arrow type ") {
        return format!(
            "Values of the type {name} can't leave the engine. Cast them first, for example to varchar."
        );
    }
    let advice = [
        "\nPlease try installing",
        "\nAlternatively, consider enabling",
    ];
    let end = advice.iter().filter_map(|start| said.find(start)).min();
    match end {
        Some(end) => format!(
            "{} The page loads no extensions.",
            said.get(..end).unwrap_or(&said).trim_end()
        ),
        None => said,
    }
}

#[cfg(test)]
mod tests {
    use super::readable;

    #[test]
    fn a_type_that_has_no_arrow_form_is_refused_in_words() {
        let words = r#"{"exception_type":"Not implemented","exception_message":"Unsupported Arrow type TIME_NS"}"#;
        assert_eq!(
            readable(words),
            "Values of the type TIME_NS can't leave the engine. Cast them first, for example to varchar."
        );
    }

    #[test]
    fn nobody_is_told_to_install_what_the_page_may_not_fetch() {
        let words = "Catalog Error: Table Function with name \"read_json\" is not in the catalog, but it exists in the json extension.\n\nPlease try installing and loading the json extension by running:\nINSTALL json;\nLOAD json;\n\nAlternatively, consider enabling auto-install\n";
        assert_eq!(
            readable(words),
            "Catalog Error: Table Function with name \"read_json\" is not in the catalog, but it exists in the json extension. The page loads no extensions."
        );
    }

    #[test]
    fn other_words_stay_as_they_are() {
        let words = "Binder Error: Referenced column \"a\" not found\n\nLINE 1: select a";
        assert_eq!(readable(words), words);
    }
}

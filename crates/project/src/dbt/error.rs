//! What can be wrong with a project.

/// One fault of the project, with its file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProjectError {
    /// A file is no YAML, or not of dbt's form.
    #[error("sql/{path}: {message}")]
    Invalid {
        /// The file.
        path: String,
        /// What is wrong with it.
        message: String,
    },
    /// A template can't be rendered.
    #[error("sql/{path}{}: {message}", .line.map_or_else(String::new, |line| format!(":{line}")))]
    Template {
        /// The file.
        path: String,
        /// The line in it, when known.
        line: Option<usize>,
        /// The template engine's own words.
        message: String,
    },
    /// `ref` names nothing.
    #[error("sql/{path}: ref('{reference}') names neither a model nor a seed")]
    UnknownRef {
        /// The file.
        path: String,
        /// The name.
        reference: String,
    },
    /// A model that is built with the run reads one that is built when first needed.
    #[error(
        "sql/{path}: {reference} is built when first needed; only models of the serving layer may read it"
    )]
    ReadsServing {
        /// The file.
        path: String,
        /// The model it reads.
        reference: String,
    },
    /// `source` names nothing.
    #[error("sql/{path}: source {source_name} is declared in no YAML file")]
    UnknownSource {
        /// The file.
        path: String,
        /// `source.table`.
        source_name: String,
    },
    /// Models read each other in a circle.
    #[error("models read each other in a circle: {}", .models.join(" → "))]
    Cycle {
        /// The models on it, the first one again at the end.
        models: Vec<String>,
    },
    /// A model without a description.
    #[error(
        "sql/{path}: model {model} has no description; state its grain in the folder's YAML file"
    )]
    NoDescription {
        /// The model's file.
        path: String,
        /// The model.
        model: String,
    },
    /// A model whose grain is not tested.
    #[error("sql/{path}: model {model} has no {missing} test; test its key")]
    NoKeyTests {
        /// The model's file.
        path: String,
        /// The model.
        model: String,
        /// The missing tests.
        missing: &'static str,
    },
    /// A YAML entry without its file.
    #[error("sql/{path}: {kind} {name} has no file")]
    NoFile {
        /// The YAML file.
        path: String,
        /// What it should be.
        kind: &'static str,
        /// Its name.
        name: String,
    },
    /// A generic test that nobody defines.
    #[error("sql/{path}: there is no generic test {test}")]
    UnknownTest {
        /// The YAML file.
        path: String,
        /// The test's name.
        test: String,
    },
    /// Two things of one name.
    #[error("sql/{path}: {kind} {name} is declared twice")]
    Duplicate {
        /// The second file.
        path: String,
        /// What it is.
        kind: &'static str,
        /// Its name.
        name: String,
    },
}

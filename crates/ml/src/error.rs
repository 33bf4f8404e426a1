//! Why a model could not be learned.

/// What was wrong with features, target or hyperparameters.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LearnError {
    /// There is too little to learn from.
    #[error(
        "{part} has {found} rows, and at least {needed} are needed; choose more users or months"
    )]
    TooFewRows {
        /// Which part of the data.
        part: String,
        /// Rows it has.
        found: usize,
        /// Rows it needs.
        needed: usize,
    },
    /// All labels are the same.
    #[error("all {rows} rows of {part} have the same label, so there is nothing to tell apart")]
    OneClass {
        /// Which part of the data.
        part: String,
        /// Rows it has.
        rows: usize,
    },
    /// No feature differs between rows.
    #[error("none of the {columns} features varies, so nothing can be learned from them")]
    ConstantFeatures {
        /// How many features there are.
        columns: usize,
    },
    /// A value that may not be missing is.
    #[error("column {column} has no number in row {row}")]
    NotANumber {
        /// The column.
        column: String,
        /// The row, from 0.
        row: usize,
    },
    /// A hyperparameter is out of its range.
    #[error("{label} is {value}; it must lie between {min} and {max}")]
    Setting {
        /// Its name for readers.
        label: String,
        /// What was asked for.
        value: f64,
        /// Smallest value.
        min: f64,
        /// Largest value.
        max: f64,
    },
    /// A statement's rows were not handed over.
    #[error("the rows of input {input} are missing")]
    MissingInput {
        /// Its name.
        input: String,
    },
    /// The features have another shape than expected.
    #[error("column {column} {problem}")]
    Column {
        /// The column.
        column: String,
        /// What is wrong with it.
        problem: String,
    },
    /// Bytes that are no Arrow file, or rows that make no table.
    #[error("the rows could not be read or written: {message}")]
    Arrow {
        /// Arrow's own words.
        message: String,
    },
    /// The algorithm gave up.
    #[error("{algorithm} could not be fitted: {message}")]
    Algorithm {
        /// Which algorithm.
        algorithm: &'static str,
        /// Its own words.
        message: String,
    },
}

impl From<arrow_schema::ArrowError> for LearnError {
    fn from(error: arrow_schema::ArrowError) -> Self {
        Self::Arrow {
            message: error.to_string(),
        }
    }
}

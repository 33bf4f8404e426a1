//! A number among dbt's vars: its range, and how a reader writes it.

use serde::{Deserialize, Serialize};

/// A number of `dbt_project.yml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variable {
    /// The var: `gross_margin`.
    pub name: String,
    /// Its name on screen: "Gross margin".
    pub label: String,
    /// What it is.
    pub says: String,
    /// What kind of number it is.
    #[serde(default)]
    pub unit: VariableUnit,
    /// It must be more than that.
    #[serde(default)]
    pub above: Option<f64>,
    /// It must not be more than that.
    #[serde(default)]
    pub most: Option<f64>,
    /// The project's own value.
    #[serde(default)]
    pub default: f64,
}

/// What kind of number a variable is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VariableUnit {
    /// A share between 0 and 1, in sentences a percentage.
    Share,
    /// A plain number.
    #[default]
    Number,
}

/// Why a text is no value of a variable, as a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct VariableError(String);

impl Variable {
    /// Reads a value as a reader writes it: `0.4`, `.4`, `40%`.
    ///
    /// # Errors
    /// A text that is no number, or one outside of the variable's range.
    pub fn read(&self, text: &str) -> Result<f64, VariableError> {
        let text = text.trim();
        let (number, is_percent) = match text.strip_suffix('%') {
            Some(number) => (number.trim_end(), true),
            None => (text, false),
        };
        let value = number.parse::<f64>().ok().filter(|value| value.is_finite());
        let Some(value) = value else {
            let what = if text.is_empty() {
                "An empty field".to_owned()
            } else {
                format!("“{text}”")
            };
            return Err(VariableError(match self.unit {
                VariableUnit::Share => format!("{what} is not a number. Write 0.4 or 40%."),
                VariableUnit::Number => format!("{what} is not a number."),
            }));
        };
        // 40% is 0.4 to the last digit, which 40 × 0.01 is not.
        let value = if is_percent { value / 100.0 } else { value };
        self.check(value).map(|()| value)
    }

    /// Whether the variable can have that value.
    ///
    /// # Errors
    /// A number outside of its range.
    pub fn check(&self, value: f64) -> Result<(), VariableError> {
        let is_above = self.above.is_none_or(|above| value > above);
        let is_in = is_above && self.most.is_none_or(|most| value <= most);
        if value.is_finite() && is_in {
            return Ok(());
        }
        let range = match (self.above, self.most) {
            (Some(above), Some(most)) => format!(" above {above} and at most {most}"),
            (Some(above), None) => format!(" above {above}"),
            (None, Some(most)) => format!(" at most {most}"),
            (None, None) => " a finite number".to_owned(),
        };
        Err(VariableError(format!(
            "{} must be{range}, and {value} is not.",
            self.label
        )))
    }

    /// A value in a sentence: `40%`, `0.4`.
    #[must_use]
    pub fn write(&self, value: f64) -> String {
        match self.unit {
            // Twelve digits, so that 0.07 × 100 is 7.
            VariableUnit::Share => format!("{}%", (value * 1e12).round() / 1e10),
            VariableUnit::Number => value.to_string(),
        }
    }
}

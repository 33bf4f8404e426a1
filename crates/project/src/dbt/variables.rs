//! The numbers among dbt's vars, which a reader of the page may change.

use serde_json::Value;

use super::error::ProjectError;
use super::manifest::Manifest;
use super::read::Reading;
use super::variable::{Variable, VariableUnit};

/// Where they are described below `sql/`; dbt does not read the file.
const FILE: &str = "variables.yml";

impl Reading<'_> {
    /// The numbers among the project's vars, in the order of their names; what the file names must be
    /// one of them.
    pub(super) fn variables(&mut self, manifest: &Manifest) -> Vec<Variable> {
        let mut described: Vec<Variable> = self.yaml(FILE).unwrap_or_default();
        let mut variables = Vec::new();
        for (name, value) in &manifest.vars {
            let Some(default) = value.as_f64() else {
                continue;
            };
            let place = described.iter().position(|one| one.name == *name);
            let variable = match place.map(|place| described.remove(place)) {
                Some(variable) => Variable {
                    default,
                    ..variable
                },
                None => Variable {
                    name: name.clone(),
                    label: name.clone(),
                    says: String::new(),
                    unit: VariableUnit::Number,
                    above: None,
                    most: None,
                    default,
                },
            };
            if let Err(error) = variable.check(default) {
                self.invalid(FILE, error.to_string());
            }
            variables.push(variable);
        }
        for left in described {
            self.errors.push(ProjectError::Invalid {
                path: FILE.to_owned(),
                message: format!("{} is no number among the project's vars", left.name),
            });
        }
        variables
    }
}

impl Manifest {
    /// The variable of that name.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&Variable> {
        self.variables.iter().find(|one| one.name == name)
    }

    /// The value of a variable.
    #[must_use]
    pub fn value_of(&self, variable: &Variable) -> f64 {
        let value = self.vars.get(&variable.name).and_then(Value::as_f64);
        value.unwrap_or(variable.default)
    }

    /// The project with another value of one var.
    #[must_use]
    pub fn with_var(&self, name: &str, value: f64) -> Self {
        let mut manifest = self.clone();
        manifest.vars.insert(name.to_owned(), value.into());
        manifest
    }

    /// A text of the documentation with the values in use: `` `gross_margin` `` becomes
    /// "gross margin of 80%".
    #[must_use]
    pub fn with_values(&self, text: &str) -> String {
        self.variables.iter().fold(text.to_owned(), |text, one| {
            let named = format!("`{}`", one.name);
            let value = one.write(self.value_of(one));
            text.replace(&named, &format!("{} of {value}", one.label.to_lowercase()))
        })
    }

    /// The models that read a var, in the order they are built.
    #[must_use]
    pub fn readers_of(&self, var: &str) -> Vec<&str> {
        let readers = self.models.iter().filter(|model| model.vars.contains(var));
        readers.map(|model| model.name.as_str()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn margin() -> (Manifest, Variable) {
        let manifest = Manifest::embedded().unwrap();
        let margin = manifest.variable("gross_margin").unwrap().clone();
        (manifest, margin)
    }

    #[test]
    fn a_value_is_read_as_a_reader_writes_it() {
        let (_, margin) = margin();
        for (text, value) in [
            ("0.4", 0.4),
            (".4", 0.4),
            (" 40% ", 0.4),
            ("7 %", 0.07),
            ("1", 1.0),
            ("1e-1", 0.1),
        ] {
            assert_eq!(margin.read(text), Ok(value), "{text}");
        }
    }

    #[test]
    fn what_is_no_value_is_refused_with_a_sentence() {
        let (_, margin) = margin();
        for (text, sentence) in [
            ("", "An empty field is not a number. Write 0.4 or 40%."),
            ("half", "“half” is not a number. Write 0.4 or 40%."),
            ("0,4", "“0,4” is not a number. Write 0.4 or 40%."),
            ("nan", "“nan” is not a number. Write 0.4 or 40%."),
            ("1e999", "“1e999” is not a number. Write 0.4 or 40%."),
            (
                "0",
                "Gross margin must be above 0 and at most 1, and 0 is not.",
            ),
            (
                "40",
                "Gross margin must be above 0 and at most 1, and 40 is not.",
            ),
            (
                "-10%",
                "Gross margin must be above 0 and at most 1, and -0.1 is not.",
            ),
        ] {
            assert_eq!(
                margin.read(text).unwrap_err().to_string(),
                sentence,
                "{text}"
            );
        }
    }

    /// `as_of` comes from the scenario and `raw_path` is dbt's alone; neither is a number.
    #[test]
    fn the_project_s_numbers_are_variables() {
        let (manifest, margin) = margin();
        let names: Vec<&str> = manifest.variables.iter().map(|one| &*one.name).collect();
        assert_eq!(names, ["gross_margin"]);
        assert!((margin.default - 0.8).abs() < f64::EPSILON);
        assert_eq!(
            manifest.readers_of("gross_margin"),
            ["fct_channel_performance", "revenue_retention"]
        );
    }

    /// It stated 80% whatever the reader had set.
    #[test]
    fn documentation_of_a_margin_names_the_variable() {
        let (manifest, _) = margin();
        let columns = manifest.models.iter().flat_map(|model| &model.columns);
        let columns = columns.map(|column| &column.description);
        let models = manifest.models.iter().map(|model| &model.description);
        let mut texts = manifest.docs.values().chain(models).chain(columns);
        let unnamed =
            texts.find(|text| text.contains("margin") && !text.contains("`gross_margin`"));
        assert_eq!(unnamed, None);
    }

    #[test]
    fn documentation_tells_the_value_in_use() {
        let (manifest, margin) = margin();
        assert_eq!(margin.write(0.07), "7%");
        assert_eq!(margin.write(0.335), "33.5%");
        let text = "at the project's `gross_margin`.";
        assert_eq!(
            manifest.with_var("gross_margin", 0.4).with_values(text),
            "at the project's gross margin of 40%."
        );
        for doc in ["ltv", "payback"] {
            let told = manifest.with_values(manifest.described(doc).unwrap());
            assert!(told.contains("gross margin of 80%"), "{doc}: {told}");
        }
    }
}

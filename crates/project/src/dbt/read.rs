//! Files → [`Manifest`].

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::check::check;
use super::compile::{Compiler, builtin_tests};
use super::jinja::{Names, Renderer};
use super::properties::{ColumnNode, Node, ProjectFile, Properties};
use super::test_nodes::{Place, generic_test};
use super::{Column, DataTest, MacroFile, Manifest, ProjectError, TestKind};

/// Models that metrics need under dbt alone: the tab has the same rows under another name.
const DBT_ONLY: &str = "dbt_only/";

/// Text of the project's files by path below `sql/`, with `/` between folders.
pub type Files = BTreeMap<String, String>;

/// Parses YAML; passed in, since only `build.rs` has a parser.
pub type ParseYaml = fn(&str) -> Result<Value, String>;

/// Reads, checks and compiles a project once.
///
/// # Errors
/// Every fault found, each with its file. An empty project has none.
pub fn read_project(files: &Files, parse_yaml: ParseYaml) -> Result<Manifest, Vec<ProjectError>> {
    let mut reading = Reading {
        files,
        parse_yaml,
        errors: Vec::new(),
    };
    let manifest = reading.manifest();
    let Reading { mut errors, .. } = reading;
    if errors.is_empty() {
        match check(manifest) {
            Ok(manifest) => {
                compile_all(&manifest, &mut errors);
                if errors.is_empty() {
                    return Ok(manifest);
                }
            }
            Err(faults) => errors = faults,
        }
    }
    Err(errors)
}

/// A model or test that can't be compiled should stop the build, not the tab.
fn compile_all(manifest: &Manifest, errors: &mut Vec<ProjectError>) {
    match Compiler::new(manifest, &BTreeMap::new()) {
        Err(error) => errors.push(error),
        Ok(compiler) => {
            let models = manifest.models.iter().map(|model| compiler.model(model));
            let tests = manifest.tests.iter().map(|test| compiler.test(test));
            errors.extend(models.chain(tests).filter_map(Result::err));
        }
    }
}

pub(super) struct Reading<'a> {
    files: &'a Files,
    parse_yaml: ParseYaml,
    pub(super) errors: Vec<ProjectError>,
}

impl Reading<'_> {
    fn manifest(&mut self) -> Manifest {
        let project: ProjectFile = self.yaml("dbt_project.yml").unwrap_or_default();
        let mut manifest = Manifest {
            project: project.name.clone(),
            vars: project.vars.clone(),
            macros: self.macros(),
            docs: self.docs(),
            ..Manifest::default()
        };
        let names = Names {
            vars: manifest.vars.clone(),
            ..Names::default()
        };
        let renderer = match Renderer::new(names, &manifest.macros) {
            Ok(renderer) => renderer,
            Err(error) => {
                self.errors.push(error);
                return manifest;
            }
        };
        let properties = self.properties();
        self.sources(&properties, &mut manifest);
        self.seeds(&project, &properties, &mut manifest);
        self.models(&project, &properties, &renderer, &mut manifest);
        self.singular_tests(&properties, &mut manifest);
        manifest.definitions = self.definitions(&manifest);
        manifest.variables = self.variables(&manifest);
        let Manifest {
            docs,
            tests,
            macros,
            ..
        } = &mut manifest;
        let known = |name: &str| {
            let mut names = macros.iter().flat_map(|file| &file.names);
            names.any(|known| known.strip_prefix("test_") == Some(name))
        };
        for test in tests {
            if matches!(test.kind, TestKind::Generic { .. }) && !known(test.kind_name()) {
                self.errors.push(ProjectError::UnknownTest {
                    path: test.path.clone(),
                    test: test.kind_name().to_owned(),
                });
                continue;
            }
            test.description = self.documented(&test.path, &test.description, docs);
            match super::compile::capture_test(&renderer, test) {
                Ok(read) => (test.refs, test.sources, test.vars) = read,
                Err(error) => self.errors.push(error),
            }
        }
        manifest
    }

    pub(super) fn yaml<T: DeserializeOwned>(&mut self, path: &str) -> Option<T> {
        let source = self.files.get(path)?;
        let parsed = (self.parse_yaml)(source)
            .map(|value| match value {
                Value::Null => Value::Object(serde_json::Map::new()),
                value => value,
            })
            .and_then(|value| serde_json::from_value(value).map_err(|error| error.to_string()));
        match parsed {
            Ok(parsed) => Some(parsed),
            Err(message) => {
                self.invalid(path, message);
                None
            }
        }
    }

    pub(super) fn invalid(&mut self, path: &str, message: String) {
        self.errors.push(ProjectError::Invalid {
            path: path.to_owned(),
            message,
        });
    }

    /// Files below a folder with an ending.
    pub(super) fn below(&self, folder: &str, ending: &str) -> Vec<(String, String)> {
        self.files
            .iter()
            .filter(|(path, _)| path.starts_with(folder) && path.ends_with(ending))
            .map(|(path, source)| (path.clone(), source.clone()))
            .collect()
    }

    fn properties(&mut self) -> Vec<(String, Properties)> {
        let paths: Vec<String> = self
            .files
            .keys()
            .filter(|path| {
                path.contains('/')
                    && !path.starts_with(DBT_ONLY)
                    && (path.ends_with(".yml") || path.ends_with(".yaml"))
            })
            .cloned()
            .collect();
        paths
            .into_iter()
            .filter_map(|path| self.yaml(&path).map(|parsed| (path, parsed)))
            .collect()
    }

    fn macros(&self) -> Vec<MacroFile> {
        let mut files = vec![builtin_tests()];
        for (path, source) in self.below("macros/", ".sql") {
            if !path.starts_with("macros/dbt_only/") {
                files.push(MacroFile::new(path, &source));
            }
        }
        for (path, source) in self.below("tests/generic/", ".sql") {
            files.push(MacroFile::new(path, &source));
        }
        files
    }

    fn docs(&mut self) -> BTreeMap<String, String> {
        let mut docs = BTreeMap::new();
        for (path, source) in self.below("", ".md") {
            let mut rest = source.as_str();
            while let Some((_, after)) = rest.split_once("{% docs ") {
                let Some(((name, body), after)) =
                    after.split_once("%}").and_then(|(name, after)| {
                        let (body, after) = after.split_once("{% enddocs %}")?;
                        Some(((name.trim().to_owned(), body.trim().to_owned()), after))
                    })
                else {
                    self.invalid(&path, "a docs block does not end".to_owned());
                    break;
                };
                docs.insert(name, body);
                rest = after;
            }
        }
        docs
    }

    /// Fills in `{{ doc('name') }}`.
    pub(super) fn documented(
        &mut self,
        path: &str,
        description: &str,
        docs: &BTreeMap<String, String>,
    ) -> String {
        let mut text = String::new();
        let mut rest = description;
        while let Some((before, after)) = rest.split_once("{{") {
            text.push_str(before);
            let Some((call, after)) = after.split_once("}}") else {
                break;
            };
            let name = call
                .trim()
                .trim_start_matches("doc(")
                .trim_end_matches(')')
                .trim_matches(['\'', '"']);
            match docs.get(name) {
                Some(doc) => text.push_str(doc),
                None => self.invalid(path, format!("there is no doc block {name}")),
            }
            rest = after;
        }
        text.push_str(rest);
        text.trim().to_owned()
    }

    /// Reads a node's columns, and the tests on them and on the node.
    pub(super) fn columns(
        &mut self,
        path: &str,
        name: &str,
        is_source: bool,
        node: &Node,
        manifest: &mut Manifest,
    ) -> Vec<Column> {
        let mut place = Place {
            path,
            node: name,
            is_source,
            column: None,
        };
        self.tests(&place, &node.data_tests, &mut manifest.tests);
        let mut columns = Vec::new();
        for column in &node.columns {
            let ColumnNode {
                name, data_type, ..
            } = column;
            place.column = Some(name);
            columns.push(Column {
                name: name.clone(),
                description: self.documented(path, &column.description, &manifest.docs),
                data_type: data_type.clone(),
                tests: self.tests(&place, &column.data_tests, &mut manifest.tests),
            });
        }
        columns
    }

    fn tests(
        &mut self,
        place: &Place<'_>,
        entries: &[Value],
        tests: &mut Vec<DataTest>,
    ) -> Vec<String> {
        let mut names = Vec::new();
        for entry in entries {
            match generic_test(place, entry) {
                Ok(test) => {
                    names.push(test.name.clone());
                    tests.push(test);
                }
                Err(error) => self.errors.push(error),
            }
        }
        names
    }
}

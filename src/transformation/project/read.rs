//! Files → [`Manifest`].

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::check::check;
use super::compile::{Compiler, builtin_tests};
use super::config::{configured, text};
use super::jinja::{Names, Renderer};
use super::properties::{ColumnNode, Node, ProjectFile, Properties};
use super::seed::{column_type, parse_csv};
use super::test_nodes::{Place, configured_test, generic_test, singular_test};
use super::{
    Column, DataTest, Layer, MacroFile, Manifest, Materialization, Model, ProjectError, Seed,
    Source, TestKind,
};

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

struct Reading<'a> {
    files: &'a Files,
    parse_yaml: ParseYaml,
    errors: Vec<ProjectError>,
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
                Ok((refs, sources)) => (test.refs, test.sources) = (refs, sources),
                Err(error) => self.errors.push(error),
            }
        }
        manifest
    }

    fn yaml<T: DeserializeOwned>(&mut self, path: &str) -> Option<T> {
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

    fn invalid(&mut self, path: &str, message: String) {
        self.errors.push(ProjectError::Invalid {
            path: path.to_owned(),
            message,
        });
    }

    /// Files below a folder with an ending.
    fn below(&self, folder: &str, ending: &str) -> Vec<(String, String)> {
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
                path.contains('/') && (path.ends_with(".yml") || path.ends_with(".yaml"))
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
    fn documented(
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

    fn sources(&mut self, properties: &[(String, Properties)], manifest: &mut Manifest) {
        for (path, file) in properties {
            for group in &file.sources {
                let schema = group.schema.as_ref().unwrap_or(&group.name);
                for table in &group.tables {
                    let name = format!("{}.{}", group.name, table.name);
                    let columns = self.columns(path, &name, true, table, manifest);
                    let identifier = table.identifier.as_ref().unwrap_or(&table.name);
                    manifest.sources.push(Source {
                        relation: format!("{schema}.{identifier}"),
                        path: path.clone(),
                        description: self.documented(path, &table.description, &manifest.docs),
                        columns,
                        name,
                    });
                }
            }
        }
    }

    fn seeds(
        &mut self,
        project: &ProjectFile,
        properties: &[(String, Properties)],
        manifest: &mut Manifest,
    ) {
        let mut declared = declared(properties, |file| &file.seeds);
        for (path, source) in self.below("seeds/", ".csv") {
            let stem = stem(&path);
            let (yaml, node) = declared.remove(&stem).unwrap_or_default();
            let mut config = configured(&project.seeds, &segments(&project.name, &path));
            config.extend(node.config.clone());
            let mut rows = match parse_csv(&source) {
                Ok(rows) if !rows.is_empty() => rows,
                Ok(_) => {
                    self.invalid(&path, "the file is empty".to_owned());
                    continue;
                }
                Err(message) => {
                    self.invalid(&path, message);
                    continue;
                }
            };
            let header: Vec<String> = rows
                .remove(0)
                .into_iter()
                .map(Option::unwrap_or_default)
                .collect();
            if let Some(row) = rows.iter().position(|row| row.len() != header.len()) {
                let message = format!("row {} has not {} cells", row + 1, header.len());
                self.invalid(&path, message);
                continue;
            }
            let types = match config.get("column_types") {
                Some(Value::Object(types)) => types.clone().into_iter().collect(),
                _ => BTreeMap::new(),
            };
            let typed = header.iter().enumerate().map(|(index, name)| {
                let values: Vec<Option<&str>> =
                    rows.iter().map(|row| row[index].as_deref()).collect();
                (name.clone(), column_type(name, &values, &types))
            });
            let types = typed.collect();
            let columns = self.columns(&yaml, &stem, false, &node, manifest);
            manifest.seeds.push(Seed {
                schema: text(&config, "schema").unwrap_or_else(|| "seeds".to_owned()),
                description: self.documented(&yaml, &node.description, &manifest.docs),
                name: stem,
                path,
                columns,
                types,
                rows,
            });
        }
        self.without_file(declared, "seed");
    }

    fn models(
        &mut self,
        project: &ProjectFile,
        properties: &[(String, Properties)],
        renderer: &Renderer,
        manifest: &mut Manifest,
    ) {
        let mut declared = declared(properties, |file| &file.models);
        for (path, raw_sql) in self.below("models/", ".sql") {
            let name = stem(&path);
            let (yaml, node) = declared.remove(&name).unwrap_or_default();
            let Some(layer) = path.split('/').nth(1).and_then(Layer::from_name) else {
                self.invalid(
                    &path,
                    "a model lies in staging, intermediate, marts or advanced".to_owned(),
                );
                continue;
            };
            let captured = match renderer.render(&path, &raw_sql, &this("")) {
                Ok((_, captured)) => captured,
                Err(error) => {
                    self.errors.push(error);
                    continue;
                }
            };
            let mut config = configured(&project.models, &segments(&project.name, &path));
            config.extend(node.config.clone());
            config.extend(captured.config);
            let materialized = match text(&config, "materialized").as_deref() {
                None | Some("view") => Materialization::View,
                Some("table") => Materialization::Table,
                Some(other) => {
                    self.invalid(
                        &path,
                        format!("materialization {other} is neither view nor table"),
                    );
                    continue;
                }
            };
            let mut meta = node.meta.clone();
            if let Some(Value::Object(configured)) = config.get("meta") {
                meta.extend(configured.clone());
            }
            let columns = self.columns(&yaml, &name, false, &node, manifest);
            manifest.models.push(Model {
                schema: text(&config, "schema").unwrap_or_else(|| layer.name().to_owned()),
                description: self.documented(&yaml, &node.description, &manifest.docs),
                refs: captured.refs,
                sources: captured.sources,
                name,
                layer,
                path,
                columns,
                materialized,
                meta,
                raw_sql,
            });
        }
        self.without_file(declared, "model");
    }

    fn singular_tests(&mut self, properties: &[(String, Properties)], manifest: &mut Manifest) {
        let mut declared = declared(properties, |file| &file.data_tests);
        for (path, raw_sql) in self.below("tests/", ".sql") {
            if path.starts_with("tests/generic/") {
                continue;
            }
            let name = stem(&path);
            let (_, node) = declared.remove(&name).unwrap_or_default();
            let mut test = singular_test(&path, &name, &raw_sql);
            test.description.clone_from(&node.description);
            match configured_test(test, &node.config) {
                Ok(test) => manifest.tests.push(test),
                Err(message) => self.invalid(&path, message),
            }
        }
        self.without_file(declared, "singular test");
    }

    /// Reads a node's columns, and the tests on them and on the node.
    fn columns(
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

    fn without_file(&mut self, declared: BTreeMap<String, (String, Node)>, kind: &'static str) {
        for (name, (path, _)) in declared {
            self.errors.push(ProjectError::NoFile { path, kind, name });
        }
    }
}

/// Template variables of a model.
pub(super) fn this(relation: &str) -> BTreeMap<String, minijinja::Value> {
    BTreeMap::from([("this".to_owned(), minijinja::Value::from(relation))])
}

fn declared(
    properties: &[(String, Properties)],
    nodes: fn(&Properties) -> &Vec<Node>,
) -> BTreeMap<String, (String, Node)> {
    properties
        .iter()
        .flat_map(|(path, file)| nodes(file).iter().map(move |node| (path, node)))
        .map(|(path, node)| (node.name.clone(), (path.clone(), node.clone())))
        .collect()
}

fn stem(path: &str) -> String {
    let file = path.rsplit('/').next().unwrap_or(path);
    file.split('.').next().unwrap_or(file).to_owned()
}

/// The project, the folders below the first one, and the file's stem.
fn segments<'a>(project: &'a str, path: &'a str) -> Vec<&'a str> {
    let mut segments = vec![project];
    segments.extend(path.split('/').skip(1));
    if let Some(last) = segments.last_mut() {
        *last = last.split('.').next().unwrap_or(last);
    }
    segments
}

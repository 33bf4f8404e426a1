//! Sources, seeds, models and singular tests, each from its file and its YAML entry.

use std::collections::BTreeMap;

use serde_json::Value;

use super::config::{configured, text};
use super::jinja::{Renderer, this};
use super::properties::{Node, ProjectFile, Properties};
use super::read::Reading;
use super::seed::{column_type, parse_csv};
use super::test_nodes::{configured_test, singular_test};
use super::{Layer, Manifest, Materialization, Model, ProjectError, Seed, Source};

impl Reading<'_> {
    pub(super) fn sources(&mut self, properties: &[(String, Properties)], manifest: &mut Manifest) {
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

    pub(super) fn seeds(
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

    pub(super) fn models(
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
                    "a model lies in staging, intermediate, marts, advanced or serving".to_owned(),
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
                vars: captured.vars,
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

    pub(super) fn singular_tests(
        &mut self,
        properties: &[(String, Properties)],
        manifest: &mut Manifest,
    ) {
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

    fn without_file(&mut self, declared: BTreeMap<String, (String, Node)>, kind: &'static str) {
        for (name, (path, _)) in declared {
            self.errors.push(ProjectError::NoFile { path, kind, name });
        }
    }
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

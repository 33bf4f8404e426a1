//! The project's own declarations: each can be compiled, and says what a page needs to know of it.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use metrics::{Grain, Project, Request, Settings, Tables, compile};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every file below a folder.
fn below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(below(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The YAML that declares metrics, with where each model would stand.
fn project() -> Project {
    let folders =
        ["sql/models", "sql/seeds", "sql/dbt_only"].map(|folder| below(&root().join(folder)));
    let (mut files, mut relations) = (BTreeMap::new(), BTreeMap::new());
    for path in folders.concat() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.ends_with("__metrics.yml") || name.starts_with("_dbt_only") {
            files.insert(name.clone(), fs::read_to_string(&path).unwrap());
        }
        if let Some(model) = name
            .strip_suffix(".sql")
            .or_else(|| name.strip_suffix(".csv"))
        {
            relations.insert(model.to_owned(), format!("built.{model}"));
        }
    }
    let vars = [("as_of", "2025-12-31"), ("gross_margin", "0.8")];
    let vars = vars
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
    let files = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()));
    Project::read(files, &Settings { vars, relations }).unwrap()
}

#[test]
fn every_metric_compiles_by_everything_that_pages_filter_by() {
    let project = project();
    assert!(project.metrics().count() >= 100);
    for metric in project.metrics() {
        let request = Request {
            metrics: vec![metric.name.clone()],
            grain: Some(Grain::Month),
            ..Request::default()
        };
        compile(&project, &request, Tables::Models).unwrap();
        let models = project.measured_on(&metric.name).unwrap();
        assert!(!models.is_empty(), "{}", metric.name);
        if let [model] = models.as_slice() {
            for dimension in model.meta.filters.values() {
                let dimensions = vec![dimension.clone()];
                let request = Request {
                    dimensions,
                    ..request.clone()
                };
                for tables in [Tables::Models, Tables::Marts, Tables::Page] {
                    compile(&project, &request, tables).unwrap();
                }
            }
        }
    }
}

#[test]
fn every_metric_says_how_it_is_shown_and_where_it_is_defined() {
    let definitions = fs::read_to_string(root().join("sql/definitions.yml")).unwrap();
    let ids = definitions
        .lines()
        .filter_map(|line| line.strip_prefix("- id: "));
    let ids: BTreeSet<&str> = ids.map(str::trim).collect();
    let decisions = below(&root().join("docs/decisions"));
    let names = decisions
        .iter()
        .map(|path| path.file_name().unwrap().to_string_lossy());
    let numbers: BTreeSet<String> = names.map(|name| name[..4].to_owned()).collect();
    for metric in project().metrics() {
        let (name, meta) = (&metric.name, &metric.meta);
        let formats = ["cents", "count", "percent", "ratio", "months", "number"];
        assert!(
            formats.contains(&meta.format.as_str()),
            "{name}: format {:?}",
            meta.format
        );
        assert!(
            ["up", "down", "none"].contains(&meta.good.as_str()),
            "{name}: good {:?}",
            meta.good
        );
        assert!(
            !metric.label.is_empty() && !metric.description.is_empty(),
            "{name}"
        );
        if let Some(id) = &meta.definition {
            assert!(ids.contains(id.as_str()), "{name}: no definition {id}");
        }
        if let Some(number) = &meta.decision {
            assert!(numbers.contains(number), "{name}: no decision {number}");
        }
    }
}

/// It is a var of the project; models and metrics read it.
#[test]
fn gross_margin_is_stated_once() {
    let project = fs::read_to_string(root().join("sql/dbt_project.yml")).unwrap();
    assert!(project.contains("\n  gross_margin: 0.8\n"));
    let mut readers = Vec::new();
    for path in below(&root().join("sql/models")) {
        let text = fs::read_to_string(&path).unwrap();
        assert!(!text.contains("set gross_margin"), "{}", path.display());
        if text.contains("var('gross_margin')") || text.contains("var(\"gross_margin\")") {
            readers.push(path.file_name().unwrap().to_string_lossy().into_owned());
        }
    }
    assert_eq!(
        readers,
        [
            "revenue_retention.sql",
            "_finance__metrics.yml",
            "_growth__metrics.yml",
            "fct_channel_performance.sql"
        ]
    );
}

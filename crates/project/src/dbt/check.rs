//! What a project must hold before anything is built from it.

use std::collections::BTreeSet;

use super::{Cycle, Dag, Manifest, Model, ProjectError};

/// Checks a project and sorts its models so that each stands behind what it reads.
pub(super) fn check(mut manifest: Manifest) -> Result<Manifest, Vec<ProjectError>> {
    let mut errors = Vec::new();
    unknown_names(&manifest, &mut errors);
    serving_is_read_by_serving(&manifest, &mut errors);
    duplicates(&manifest, &mut errors);
    keys_and_descriptions(&manifest, &mut errors);
    manifest
        .models
        .sort_by(|left, right| (left.layer, &left.path).cmp(&(right.layer, &right.path)));
    match manifest.dag() {
        Ok(dag) => {
            let place = |name: &str| dag.order().iter().position(|node| node == name);
            manifest.models.sort_by_key(|model| place(&model.name));
            let place = |node: &Option<String>| {
                node.as_ref()
                    .map_or(usize::MAX, |node| place(node).unwrap_or_default())
            };
            manifest.tests.sort_by_key(|test| place(&test.node));
        }
        Err(Cycle(models)) => errors.push(ProjectError::Cycle { models }),
    }
    if errors.is_empty() {
        Ok(manifest)
    } else {
        Err(errors)
    }
}

impl Manifest {
    /// The graph of the project's sources, seeds and models.
    ///
    /// # Errors
    /// [`Cycle`] when models read each other in a circle; a read project has none.
    pub fn dag(&self) -> Result<Dag, Cycle> {
        Dag::new(self.models.iter().map(|model| {
            let parents = model.refs.iter().chain(&model.sources);
            (model.name.as_str(), parents.map(String::as_str))
        }))
    }
}

fn unknown_names(manifest: &Manifest, errors: &mut Vec<ProjectError>) {
    let models = manifest.models.iter().map(|model| &model.name);
    let seeds = manifest.seeds.iter().map(|seed| &seed.name);
    let nodes: BTreeSet<&String> = models.chain(seeds).collect();
    let sources: BTreeSet<&String> = manifest.sources.iter().map(|source| &source.name).collect();
    let of_models = manifest
        .models
        .iter()
        .map(|model| (&model.path, &model.refs, &model.sources));
    let of_tests = manifest
        .tests
        .iter()
        .map(|test| (&test.path, &test.refs, &test.sources));
    for (path, refs, named_sources) in of_models.chain(of_tests) {
        for reference in refs.iter().filter(|name| !nodes.contains(name)) {
            errors.push(ProjectError::UnknownRef {
                path: path.clone(),
                reference: reference.clone(),
            });
        }
        for name in named_sources.iter().filter(|name| !sources.contains(name)) {
            errors.push(ProjectError::UnknownSource {
                path: path.clone(),
                source_name: name.clone(),
            });
        }
    }
}

/// What is built with the run can't read what is not there yet.
fn serving_is_read_by_serving(manifest: &Manifest, errors: &mut Vec<ProjectError>) {
    for model in manifest.models.iter().filter(|model| !model.is_serving()) {
        for reference in &model.refs {
            if manifest.model(reference).is_some_and(Model::is_serving) {
                errors.push(ProjectError::ReadsServing {
                    path: model.path.clone(),
                    reference: reference.clone(),
                });
            }
        }
    }
}

fn duplicates(manifest: &Manifest, errors: &mut Vec<ProjectError>) {
    let models = manifest
        .models
        .iter()
        .map(|model| ("model", &model.name, &model.path));
    let seeds = manifest
        .seeds
        .iter()
        .map(|seed| ("seed", &seed.name, &seed.path));
    let sources = manifest
        .sources
        .iter()
        .map(|source| ("source", &source.name, &source.path));
    let tests = manifest
        .tests
        .iter()
        .map(|test| ("test", &test.name, &test.path));
    let mut seen = BTreeSet::new();
    for (kind, name, path) in models.chain(seeds).chain(sources).chain(tests) {
        // Models and seeds share `ref`, so they share names.
        let space = if kind == "seed" { "model" } else { kind };
        if !seen.insert((space, name)) {
            errors.push(ProjectError::Duplicate {
                path: path.clone(),
                kind,
                name: name.clone(),
            });
        }
    }
}

/// A model states its grain, and tests hold it: something unique and something never null.
fn keys_and_descriptions(manifest: &Manifest, errors: &mut Vec<ProjectError>) {
    for model in &manifest.models {
        let (path, name) = (model.path.clone(), model.name.clone());
        if model.description.is_empty() {
            errors.push(ProjectError::NoDescription {
                path: path.clone(),
                model: name.clone(),
            });
        }
        let has = |prefix: &str| {
            manifest.tests.iter().any(|test| {
                test.node.as_deref() == Some(name.as_str()) && test.kind_name().starts_with(prefix)
            })
        };
        let missing = match (has("unique"), has("not_null")) {
            (true, true) => continue,
            (false, true) => "unique or unique_combination",
            (true, false) => "not_null",
            (false, false) => "unique (or unique_combination) and not_null",
        };
        errors.push(ProjectError::NoKeyTests {
            path,
            model: name,
            missing,
        });
    }
}

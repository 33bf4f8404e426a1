//! The names that links of the workbench may hold.

use std::collections::BTreeSet;

use super::lineage::graph::Graph;
use super::quality::checks::checks;
use crate::transformation::Manifest;

/// Names of a project's parts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    /// Models.
    pub models: BTreeSet<String>,
    /// Everything in the lineage: sources, seeds and models.
    pub nodes: BTreeSet<String>,
    /// Data tests.
    pub tests: BTreeSet<String>,
    /// Kinds of data tests.
    pub kinds: BTreeSet<String>,
    /// Layers that have data tests.
    pub layers: BTreeSet<String>,
    /// Contested metrics.
    pub metrics: BTreeSet<String>,
}

impl Names {
    /// The names of a project.
    #[must_use]
    pub fn of(manifest: &Manifest) -> Self {
        let checks = checks(manifest, None);
        let models = manifest.models.iter().map(|model| model.name.clone());
        let graph = Graph::new(manifest);
        let metrics = manifest.definitions.iter().map(|metric| metric.id.clone());
        let nodes = graph.nodes().iter().map(|node| node.name.clone());
        Self {
            models: models.collect(),
            nodes: nodes.collect(),
            tests: checks.iter().map(|check| check.name.clone()).collect(),
            kinds: checks.iter().map(|check| check.kind.clone()).collect(),
            layers: checks.iter().map(|check| check.layer.clone()).collect(),
            metrics: metrics.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_can_stand_in_a_link_in_lower_case() {
        let names = Names::of(&Manifest::embedded().unwrap());
        let all = [
            &names.models,
            &names.nodes,
            &names.tests,
            &names.kinds,
            &names.layers,
            &names.metrics,
        ];
        for name in all.into_iter().flatten() {
            assert_eq!(*name, name.to_lowercase());
        }
        assert!(names.nodes.is_superset(&names.models) && names.kinds.contains("unique"));
    }
}

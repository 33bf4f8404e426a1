//! What is said of a variable.

use std::collections::BTreeSet;

use crate::transformation::{Layer, Manifest, Variable};
use crate::workbench::lineage::graph::{Graph, Group};

/// Whether a variable's name or description holds every word of a search.
#[must_use]
pub fn is_found(variable: &Variable, search: &str) -> bool {
    let Variable {
        name, label, says, ..
    } = variable;
    let text = format!("{name} {label} {says}").to_lowercase();
    let search = search.to_lowercase();
    search.split_whitespace().all(|word| text.contains(word))
}

/// What a run builds after a variable changed, in words.
#[must_use]
pub fn builds(graph: &Graph, manifest: &Manifest, variable: &str) -> String {
    let readers = manifest.readers_of(variable);
    let readers: BTreeSet<String> = readers.into_iter().map(str::to_owned).collect();
    let is_serving = |name: &&String| {
        let node = graph.node(name);
        node.is_some_and(|node| node.group == Group::Model(Layer::Serving))
    };
    let mut below = graph.downstream(&readers);
    below.retain(|name| !readers.contains(name) && !is_serving(&name));
    let what = match readers.len() {
        0 => return "Builds no model: none reads it".to_owned(),
        1 => "the model that reads it".to_owned(),
        many => format!("the {many} models that read it"),
    };
    match below.len() {
        0 => format!("Builds {what}"),
        many => format!("Builds {what} and {many} downstream"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_is_found_by_its_name_and_by_what_it_is() {
        let manifest = Manifest::embedded().unwrap();
        let margin = manifest.variable("gross_margin").unwrap();
        for search in ["", "gross_margin", "Gross Margin", "lifetime value"] {
            assert!(is_found(margin, search), "{search}");
        }
        assert!(!is_found(margin, "arpu_cents"));
    }

    #[test]
    fn what_a_change_builds_is_told() {
        let manifest = Manifest::embedded().unwrap();
        let graph = Graph::new(&manifest);
        assert_eq!(
            builds(&graph, &manifest, "gross_margin"),
            "Builds the 2 models that read it"
        );
        assert_eq!(
            builds(&graph, &manifest, "nobody"),
            "Builds no model: none reads it"
        );
    }
}

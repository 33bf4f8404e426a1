//! Who reads whom.

use std::collections::{BTreeMap, BTreeSet};

/// Nodes that read each other in a circle; the first one stands again at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cycle(pub Vec<String>);

/// The directed acyclic graph of models, seeds and sources.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dag {
    order: Vec<String>,
    parents: BTreeMap<String, BTreeSet<String>>,
    children: BTreeMap<String, BTreeSet<String>>,
}

impl Dag {
    /// Sorts nodes so that each stands behind what it reads; of two that could be next, the one
    /// that was given first is. Parents that are no node of their own become one.
    ///
    /// # Errors
    /// [`Cycle`] when no order exists.
    pub fn new<'a, P>(nodes: impl IntoIterator<Item = (&'a str, P)>) -> Result<Self, Cycle>
    where
        P: IntoIterator<Item = &'a str>,
    {
        let mut dag = Self::default();
        let mut given: Vec<String> = Vec::new();
        for (node, parents) in nodes {
            given.push(node.to_owned());
            dag.children.entry(node.to_owned()).or_default();
            let mut of_node: BTreeSet<String> = BTreeSet::new();
            for parent in parents {
                of_node.insert(parent.to_owned());
                dag.parents.entry(parent.to_owned()).or_default();
                let children = dag.children.entry(parent.to_owned()).or_default();
                children.insert(node.to_owned());
            }
            dag.parents
                .entry(node.to_owned())
                .or_default()
                .extend(of_node);
        }
        let leaves = dag.parents.keys().filter(|node| !given.contains(node));
        let mut waiting: Vec<String> = leaves.cloned().collect();
        waiting.extend(given);
        let mut placed: BTreeSet<String> = BTreeSet::new();
        while !waiting.is_empty() {
            let next = waiting
                .iter()
                .position(|node| dag.parents(node).all(|parent| placed.contains(parent)));
            let Some(next) = next else {
                return Err(dag.cycle_among(&waiting));
            };
            let node = waiting.remove(next);
            placed.insert(node.clone());
            dag.order.push(node);
        }
        Ok(dag)
    }

    /// All nodes, each behind what it reads.
    #[must_use]
    pub fn order(&self) -> &[String] {
        &self.order
    }

    /// What `node` reads itself.
    pub fn parents<'a>(&'a self, node: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.parents
            .get(node)
            .into_iter()
            .flatten()
            .map(String::as_str)
    }

    /// Who reads `node` itself.
    pub fn children<'a>(&'a self, node: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.children
            .get(node)
            .into_iter()
            .flatten()
            .map(String::as_str)
    }

    /// Everything that `node` reads, through others too; without `node`.
    #[must_use]
    pub fn ancestors<'a>(&'a self, node: &'a str) -> BTreeSet<String> {
        reach(&self.parents, [node])
    }

    /// Everyone who reads `node`, through others too; without `node`.
    #[must_use]
    pub fn descendants<'a>(&'a self, node: &'a str) -> BTreeSet<String> {
        reach(&self.children, [node])
    }

    /// The changed nodes themselves and everyone who reads one of them.
    #[must_use]
    pub fn affected_by<'a>(&'a self, changed: &'a BTreeSet<String>) -> BTreeSet<String> {
        let mut affected = reach(&self.children, changed.iter().map(String::as_str));
        affected.extend(
            changed
                .iter()
                .filter(|node| self.parents.contains_key(*node))
                .cloned(),
        );
        affected
    }

    /// Walks up from any waiting node: it must come back to one it has seen.
    fn cycle_among(&self, waiting: &[String]) -> Cycle {
        let mut path: Vec<&str> = Vec::new();
        let mut node = waiting.first().map(String::as_str);
        while let Some(current) = node {
            if let Some(start) = path.iter().position(|seen| *seen == current) {
                let mut cycle: Vec<String> = path[start..]
                    .iter()
                    .map(|name| (*name).to_owned())
                    .collect();
                cycle.push(current.to_owned());
                // It was walked from reader to read; told the other way round it reads as data flows.
                cycle.reverse();
                return Cycle(cycle);
            }
            path.push(current);
            node = self
                .parents(current)
                .find(|parent| waiting.iter().any(|name| name == parent));
        }
        Cycle(waiting.to_vec())
    }
}

fn reach<'a>(
    edges: &'a BTreeMap<String, BTreeSet<String>>,
    from: impl IntoIterator<Item = &'a str>,
) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&str> = from.into_iter().collect();
    while let Some(node) = open.pop() {
        for next in edges.get(node).into_iter().flatten() {
            if reached.insert(next.clone()) {
                open.push(next);
            }
        }
    }
    reached
}

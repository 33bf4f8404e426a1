//! Where an arrow key leads from a node: along edges sideways, through the column up and down.

use super::graph::Graph;
use super::layout::{Layout, Placed};

/// A key that moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// To what it reads.
    Left,
    /// To who reads it.
    Right,
    /// To the node above.
    Up,
    /// To the node below.
    Down,
}

impl Step {
    /// The step of a key's name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        match key {
            "ArrowLeft" => Some(Self::Left),
            "ArrowRight" => Some(Self::Right),
            "ArrowUp" => Some(Self::Up),
            "ArrowDown" => Some(Self::Down),
            _ => None,
        }
    }
}

/// The node that `step` leads to. Sideways it may be one that is not drawn yet.
#[must_use]
pub fn next(graph: &Graph, layout: &Layout, from: &str, step: Step) -> Option<String> {
    let place = |name: &str| layout.nodes.iter().find(|placed| placed.name == name);
    let node = graph.node(from)?;
    let own = place(from);
    let along = |names: &[String]| {
        let drawn = names.iter().filter_map(|name| place(name));
        let nearest = drawn.min_by(|a, b| {
            let far = |placed: &Placed| own.map_or(0.0, |own| (placed.y - own.y).abs());
            far(a).total_cmp(&far(b))
        });
        nearest
            .map(|placed| placed.name.clone())
            .or_else(|| names.first().cloned())
    };
    match step {
        Step::Left => along(&node.parents),
        Step::Right => along(&node.children),
        Step::Up | Step::Down => {
            let own = own?;
            let column = layout
                .nodes
                .iter()
                .filter(|placed| placed.column == own.column);
            let (before, behind): (Vec<&Placed>, Vec<&Placed>) = column
                .filter(|placed| placed.name != own.name)
                .partition(|placed| placed.y < own.y);
            let found = match step {
                Step::Up => before.last().copied(),
                _ => behind.first().copied(),
            };
            found.map(|placed| placed.name.clone())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::graph::Reach;
    use super::super::layout::layout;
    use super::*;
    use crate::transformation::Manifest;

    #[test]
    fn arrows_follow_edges_and_columns() {
        let graph = Graph::new(&Manifest::embedded().unwrap());
        let all = layout(&graph.around("", Reach::All));
        for node in graph.nodes() {
            let step = |step| next(&graph, &all, &node.name, step);
            match step(Step::Left) {
                Some(parent) => assert!(node.parents.contains(&parent)),
                None => assert!(node.parents.is_empty()),
            }
            match step(Step::Right) {
                Some(child) => assert!(node.children.contains(&child)),
                None => assert!(node.children.is_empty()),
            }
            if let Some(below) = step(Step::Down) {
                assert_eq!(
                    next(&graph, &all, &below, Step::Up),
                    Some(node.name.clone())
                );
            }
        }
        let one = layout(&graph.around("fct_mrr", Reach::One));
        let parent = "fct_customer_mrr_monthly";
        assert!(one.nodes.iter().any(|placed| placed.name == parent));
        // Its own parents are not drawn, yet the key leads there.
        assert!(next(&graph, &one, parent, Step::Left).is_some());
    }
}

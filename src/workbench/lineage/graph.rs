//! The project's graph as it is shown: nodes in order, each with its parents and children.

use std::collections::{BTreeMap, BTreeSet};

use crate::transformation::{Layer, Manifest};

/// What a node is, and so in which group of columns it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// A raw table.
    Source,
    /// A small static table of the project.
    Seed,
    /// A model, by its layer.
    Model(Layer),
}

impl Group {
    /// The groups of columns from left to right: seeds stand below the sources.
    pub const COLUMNS: [&'static str; 6] = [
        "Sources and seeds",
        "Staging",
        "Intermediate",
        "Marts",
        "Advanced",
        "Serving",
    ];

    /// The group's place in [`Group::COLUMNS`].
    #[must_use]
    pub const fn column(self) -> usize {
        match self {
            Self::Source | Self::Seed => 0,
            Self::Model(Layer::Staging) => 1,
            Self::Model(Layer::Intermediate) => 2,
            Self::Model(Layer::Marts) => 3,
            Self::Model(Layer::Advanced) => 4,
            Self::Model(Layer::Serving) => 5,
        }
    }

    /// What the node is, in a word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Seed => "seed",
            Self::Model(layer) => layer.name(),
        }
    }
}

/// One table of the project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its name: `fct_mrr`, `plan_details`, `raw.users`.
    pub name: String,
    /// What it is.
    pub group: Group,
    /// What it reads itself, by name.
    pub parents: Vec<String>,
    /// Who reads it, by name.
    pub children: Vec<String>,
}

/// All tables of the project and who reads whom.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Graph {
    nodes: Vec<Node>,
    index: BTreeMap<String, usize>,
}

/// How much of the graph is shown around the chosen node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reach {
    /// What it reads and who reads it.
    #[default]
    One,
    /// One step more on each side.
    Two,
    /// All it comes from and all that comes from it.
    Line,
    /// The whole project.
    All,
}

impl Reach {
    /// All of them with their keys in the link and their labels.
    pub const CHOICES: [(Self, &'static str, &'static str); 4] = [
        (Self::One, "1", "±1 step"),
        (Self::Two, "2", "±2 steps"),
        (Self::Line, "line", "Full lineage"),
        (Self::All, "all", "Whole project"),
    ];

    /// Reads the link's key; what is unknown is the default.
    #[must_use]
    pub fn from_key(key: &str) -> Self {
        let mut choices = Self::CHOICES.into_iter();
        choices
            .find(|(_, name, _)| *name == key)
            .map_or_else(Self::default, |(reach, _, _)| reach)
    }

    /// Its key in the link.
    #[must_use]
    pub fn key(self) -> &'static str {
        Self::CHOICES
            .into_iter()
            .find(|(reach, _, _)| *reach == self)
            .map_or("1", |(_, key, _)| key)
    }
}

impl Graph {
    /// The graph of a project; seeds and sources first, then models behind what they read.
    #[must_use]
    pub fn new(manifest: &Manifest) -> Self {
        let sources = manifest.sources.iter();
        let sources = sources.map(|source| (source.name.clone(), Group::Source, Vec::new()));
        let seeds = manifest.seeds.iter();
        let seeds = seeds.map(|seed| (seed.name.clone(), Group::Seed, Vec::new()));
        let models = manifest.models.iter().map(|model| {
            let parents = model.sources.iter().chain(&model.refs).cloned().collect();
            (model.name.clone(), Group::Model(model.layer), parents)
        });
        Self::of(sources.chain(seeds).chain(models))
    }

    /// A graph of named nodes with what they read.
    pub fn of(nodes: impl IntoIterator<Item = (String, Group, Vec<String>)>) -> Self {
        let mut graph = Self::default();
        for (name, group, parents) in nodes {
            graph.index.insert(name.clone(), graph.nodes.len());
            graph.nodes.push(Node {
                name,
                group,
                parents,
                children: Vec::new(),
            });
        }
        for reader in 0..graph.nodes.len() {
            let name = graph.nodes[reader].name.clone();
            for parent in graph.nodes[reader].parents.clone() {
                if let Some(&at) = graph.index.get(&parent) {
                    graph.nodes[at].children.push(name.clone());
                }
            }
        }
        graph
    }

    /// All nodes, each behind what it reads.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The node of that name.
    #[must_use]
    pub fn node(&self, name: &str) -> Option<&Node> {
        self.index.get(name).map(|&at| &self.nodes[at])
    }

    /// Everyone who reads one of `names`, through others too; without `names` themselves unless
    /// one reads another.
    #[must_use]
    pub fn downstream(&self, names: &BTreeSet<String>) -> BTreeSet<String> {
        self.reached(names, usize::MAX, |node| &node.children)
    }

    /// The nodes shown around `name`, in the graph's order.
    #[must_use]
    pub fn around(&self, name: &str, reach: Reach) -> Vec<&Node> {
        let steps = match reach {
            Reach::One => 1,
            Reach::Two => 2,
            Reach::Line => usize::MAX,
            Reach::All => return self.nodes.iter().collect(),
        };
        let start = BTreeSet::from([name.to_owned()]);
        let mut shown = self.reached(&start, steps, |node| &node.parents);
        shown.extend(self.reached(&start, steps, |node| &node.children));
        shown.insert(name.to_owned());
        let nodes = self.nodes.iter();
        nodes.filter(|node| shown.contains(&node.name)).collect()
    }

    fn reached(
        &self,
        from: &BTreeSet<String>,
        steps: usize,
        next: impl Fn(&Node) -> &[String],
    ) -> BTreeSet<String> {
        let mut reached = BTreeSet::new();
        let mut front: Vec<String> = from.iter().cloned().collect();
        for _ in 0..steps {
            let nodes = front.iter().filter_map(|name| self.node(name));
            let neighbours: Vec<String> = nodes.flat_map(&next).cloned().collect();
            front = neighbours
                .into_iter()
                .filter(|name| reached.insert(name.clone()))
                .collect();
            if front.is_empty() {
                break;
            }
        }
        reached
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph() -> Graph {
        Graph::new(&Manifest::embedded().unwrap())
    }

    #[test]
    fn the_project_is_whole() {
        let graph = graph();
        let models = graph.nodes().iter();
        let models = models.filter(|node| matches!(node.group, Group::Model(_)));
        assert_eq!(models.count(), 62);
        assert!(graph.node("raw.users").is_some());
        let mrr = graph.node("fct_mrr").unwrap();
        assert!(mrr.parents.contains(&"fct_customer_mrr_monthly".to_owned()));
        for node in graph.nodes() {
            for parent in &node.parents {
                let parent = graph.node(parent).unwrap();
                assert!(parent.children.contains(&node.name));
            }
        }
    }

    #[test]
    fn one_step_shows_neighbours_only() {
        let graph = graph();
        let names = |reach| -> BTreeSet<String> {
            let nodes = graph.around("fct_mrr_waterfall", reach).into_iter();
            nodes.map(|node| node.name.clone()).collect()
        };
        let node = graph.node("fct_mrr_waterfall").unwrap();
        let mut expected: BTreeSet<String> = node.parents.iter().cloned().collect();
        expected.extend(node.children.iter().cloned());
        expected.insert("fct_mrr_waterfall".to_owned());
        assert_eq!(names(Reach::One), expected);
        assert!(names(Reach::Two).is_superset(&expected));
        assert!(names(Reach::Line).contains("raw.subscriptions"));
        assert_eq!(names(Reach::All).len(), graph.nodes().len());
    }

    #[test]
    fn reach_survives_the_link() {
        for (reach, key, _) in Reach::CHOICES {
            assert_eq!(Reach::from_key(key), reach);
            assert_eq!(reach.key(), key);
        }
        assert_eq!(Reach::from_key("7"), Reach::One);
    }
}

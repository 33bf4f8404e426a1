//! Where nodes and edges are drawn: a layered layout after Sugiyama, Tagawa and Toda (1981).
//!
//! Columns are the project's layers, with one more column for each step inside a layer. Edges that
//! pass a column get a place of their own in it, orders are improved by barycentres, and rows are
//! then pulled straight. The same graph always gives the same picture.

use std::collections::BTreeMap;

use super::graph::{Group, Node};

/// Width of a node, in pixels.
pub const NODE_WIDTH: f64 = 174.0;
/// Height of a node, in pixels.
pub const NODE_HEIGHT: f64 = 54.0;
/// Between two columns of one layer.
const COLUMN_GAP: f64 = 32.0;
/// Between two layers, which leaves room for edges to turn.
const LAYER_GAP: f64 = 48.0;
/// Between two nodes of a column.
const ROW_GAP: f64 = 12.0;
/// Height that an edge takes where it passes a column.
const PASS_HEIGHT: f64 = 10.0;
/// Above the first node, for the layers' names.
pub const HEAD: f64 = 30.0;
/// Around the whole drawing.
const MARGIN: f64 = 6.0;
/// Sweeps over all columns; orders are settled well before.
const SWEEPS: usize = 24;

/// A node's place: its upper left corner.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// The node's name.
    pub name: String,
    /// Its column, from 0.
    pub column: usize,
    /// Left edge, in pixels.
    pub x: f64,
    /// Upper edge, in pixels.
    pub y: f64,
}

/// An edge as an SVG path.
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    /// What is read.
    pub from: String,
    /// Who reads it.
    pub to: String,
    /// The path's `d`.
    pub path: String,
}

/// A layer's heading.
#[derive(Debug, Clone, PartialEq)]
pub struct Heading {
    /// The layer's name.
    pub name: &'static str,
    /// Left edge of its first column.
    pub x: f64,
    /// Right edge of its last column.
    pub end: f64,
}

/// A whole drawing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Layout {
    /// Nodes, column by column from the top.
    pub nodes: Vec<Placed>,
    /// Edges, in the order of their readers.
    pub edges: Vec<Edge>,
    /// Layers that have a node.
    pub headings: Vec<Heading>,
    /// Width in pixels.
    pub width: f64,
    /// Height in pixels.
    pub height: f64,
}

/// Something that takes a place in a column: a node, or an edge that passes.
struct Item {
    height: f64,
    y: f64,
    /// Items of the column before that it hangs on, and of the next one.
    left: Vec<usize>,
    right: Vec<usize>,
}

/// Lays out nodes, given in an order in which each stands behind what it reads.
#[must_use]
pub fn layout(nodes: &[&Node]) -> Layout {
    let (column_of, groups) = columns(nodes);
    let index: BTreeMap<&str, usize> = nodes
        .iter()
        .enumerate()
        .map(|(at, node)| (node.name.as_str(), at))
        .collect();
    let mut items: Vec<Item> = nodes.iter().map(|_| Item::new(NODE_HEIGHT)).collect();
    let mut order: Vec<Vec<usize>> = vec![Vec::new(); groups.len()];
    for (at, &column) in column_of.iter().enumerate() {
        order[column].push(at);
    }
    // Edges that leave a node together pass columns together, so that they don't fan out.
    let mut passes: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let mut routes: Vec<(usize, usize, Vec<usize>)> = Vec::new();
    for (reader, node) in nodes.iter().enumerate() {
        for parent in &node.parents {
            let Some(&parent) = index.get(parent.as_str()) else {
                continue;
            };
            let mut route = vec![parent];
            for (column, of_column) in order
                .iter_mut()
                .enumerate()
                .take(column_of[reader])
                .skip(column_of[parent] + 1)
            {
                let pass = *passes.entry((parent, column)).or_insert_with(|| {
                    items.push(Item::new(PASS_HEIGHT));
                    of_column.push(items.len() - 1);
                    items.len() - 1
                });
                route.push(pass);
            }
            route.push(reader);
            for pair in route.windows(2) {
                let (left, right) = (pair[0], pair[1]);
                if !items[left].right.contains(&right) {
                    items[left].right.push(right);
                    items[right].left.push(left);
                }
            }
            routes.push((parent, reader, route));
        }
    }
    reduce_crossings(&items, &mut order);
    straighten(&mut items, &order);
    drawn(nodes, &items, &order, &groups, &column_of, &routes)
}

impl Item {
    const fn new(height: f64) -> Self {
        Self {
            height,
            y: 0.0,
            left: Vec::new(),
            right: Vec::new(),
        }
    }

    fn middle(&self) -> f64 {
        self.y + self.height / 2.0
    }
}

/// Each node's column, and the group each column belongs to; empty columns are left out.
fn columns(nodes: &[&Node]) -> (Vec<usize>, Vec<usize>) {
    // A node stands in its layer, one step right of what it reads there.
    let mut step: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for node in nodes {
        let group = node.group.column();
        let parents = node.parents.iter();
        let inside = parents
            .filter_map(|parent| step.get(parent.as_str()))
            .filter(|(of, _)| *of == group)
            .map(|(_, inside)| inside + 1)
            .max();
        step.insert(&node.name, (group, inside.unwrap_or_default()));
    }
    let mut used: Vec<(usize, usize)> = step.values().copied().collect();
    used.sort_unstable();
    used.dedup();
    let column_of = nodes
        .iter()
        .map(|node| used.partition_point(|place| *place < step[node.name.as_str()]))
        .collect();
    (
        column_of,
        used.into_iter().map(|(group, _)| group).collect(),
    )
}

/// Orders columns by the mean place of what they hang on, left to right and back, and keeps the
/// order with the fewest crossings.
fn reduce_crossings(items: &[Item], order: &mut [Vec<usize>]) {
    let mut best = order.to_vec();
    let mut fewest = crossings(items, order);
    for sweep in 0..SWEEPS {
        let forward = sweep % 2 == 0;
        let columns: Vec<usize> = if forward {
            (1..order.len()).collect()
        } else {
            (0..order.len().saturating_sub(1)).rev().collect()
        };
        for column in columns {
            let beside = if forward { column - 1 } else { column + 1 };
            let place = places(items.len(), &order[beside]);
            let mean = |item: usize, own: usize| {
                let hangs_on = if forward {
                    &items[item].left
                } else {
                    &items[item].right
                };
                let known: Vec<usize> = hangs_on.iter().filter_map(|&other| place[other]).collect();
                if known.is_empty() {
                    // Nothing pulls it: it keeps its relative place.
                    let share = own as f64 / order[column].len().max(1) as f64;
                    share * order[beside].len() as f64
                } else {
                    known.iter().sum::<usize>() as f64 / known.len() as f64
                }
            };
            let mut keyed: Vec<(f64, usize)> = order[column]
                .iter()
                .enumerate()
                .map(|(own, &item)| (mean(item, own), item))
                .collect();
            // Stable: equal means keep their order.
            keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
            order[column] = keyed.into_iter().map(|(_, item)| item).collect();
        }
        let count = crossings(items, order);
        if count < fewest {
            fewest = count;
            best = order.to_vec();
        }
    }
    order.clone_from_slice(&best);
}

fn places(len: usize, column: &[usize]) -> Vec<Option<usize>> {
    let mut place = vec![None; len];
    for (at, &item) in column.iter().enumerate() {
        place[item] = Some(at);
    }
    place
}

/// How many pairs of edges between neighbouring columns cross.
fn crossings(items: &[Item], order: &[Vec<usize>]) -> usize {
    let mut count = 0;
    for pair in order.windows(2) {
        let place = places(items.len(), &pair[1]);
        let mut ends: Vec<usize> = Vec::new();
        for &left in &pair[0] {
            let mut of_left: Vec<usize> = items[left]
                .right
                .iter()
                .filter_map(|&right| place[right])
                .collect();
            of_left.sort_unstable();
            for end in &of_left {
                count += ends.iter().filter(|before| *before > end).count();
            }
            ends.extend(of_left);
        }
    }
    count
}

/// Gives every item its height in the drawing: as near to what it hangs on as its column allows.
fn straighten(items: &mut [Item], order: &[Vec<usize>]) {
    for column in order {
        let mut y = 0.0;
        for &item in column {
            items[item].y = y;
            y += items[item].height + ROW_GAP;
        }
    }
    for sweep in 0..SWEEPS {
        let forward = sweep % 2 == 0;
        for at in 0..order.len() {
            let column = if forward { at } else { order.len() - 1 - at };
            let wanted: Vec<f64> = order[column]
                .iter()
                .map(|&item| {
                    let hangs_on = items[item].left.iter().chain(&items[item].right);
                    let mut middles: Vec<f64> =
                        hangs_on.map(|&other| items[other].middle()).collect();
                    middles.sort_by(f64::total_cmp);
                    let half = items[item].height / 2.0;
                    match middles.len() {
                        0 => items[item].y,
                        even if even % 2 == 0 => {
                            (middles[even / 2 - 1] + middles[even / 2]) / 2.0 - half
                        }
                        odd => middles[odd / 2] - half,
                    }
                })
                .collect();
            place_near(items, &order[column], &wanted);
        }
    }
    let top = items
        .iter()
        .map(|item| item.y)
        .fold(f64::INFINITY, f64::min);
    for item in items.iter_mut() {
        item.y = (item.y - top).round();
    }
}

/// Places a column so that the sum of squared distances to `wanted` is least while its order and
/// gaps are kept: neighbours that would overlap move as one block (pool adjacent violators).
fn place_near(items: &mut [Item], column: &[usize], wanted: &[f64]) {
    // A block: how many items, the sum of what its first item wants, and its total height.
    let mut blocks: Vec<(usize, f64, f64)> = Vec::new();
    for (&item, &want) in column.iter().zip(wanted) {
        let mut block = (1, want, items[item].height + ROW_GAP);
        while let Some(&(count, sum, height)) = blocks.last() {
            let top = sum / count as f64;
            if top + height <= block.1 / block.0 as f64 {
                break;
            }
            blocks.pop();
            block = (
                count + block.0,
                sum + block.1 - height * block.0 as f64,
                height + block.2,
            );
        }
        blocks.push(block);
    }
    let mut rest = column.iter();
    for (count, sum, _) in blocks {
        let mut y = sum / count as f64;
        for &item in rest.by_ref().take(count) {
            items[item].y = y;
            y += items[item].height + ROW_GAP;
        }
    }
}

fn drawn(
    nodes: &[&Node],
    items: &[Item],
    order: &[Vec<usize>],
    groups: &[usize],
    column_of: &[usize],
    routes: &[(usize, usize, Vec<usize>)],
) -> Layout {
    let mut lefts = Vec::with_capacity(groups.len());
    let mut headings: Vec<Heading> = Vec::new();
    let mut x = MARGIN;
    for (column, &group) in groups.iter().enumerate() {
        if column > 0 {
            let same = groups[column - 1] == group;
            x += NODE_WIDTH + if same { COLUMN_GAP } else { LAYER_GAP };
        }
        let name = Group::COLUMNS[group];
        match headings.last_mut() {
            Some(heading) if heading.name == name => heading.end = x + NODE_WIDTH,
            _ => headings.push(Heading {
                name,
                x,
                end: x + NODE_WIDTH,
            }),
        }
        lefts.push(x);
    }
    let mut column_of_item = vec![0; items.len()];
    for (column, of_column) in order.iter().enumerate() {
        for &item in of_column {
            column_of_item[item] = column;
        }
    }
    let placed = order.iter().enumerate().flat_map(|(column, of_column)| {
        let lefts = &lefts;
        of_column
            .iter()
            .filter(|&&item| item < nodes.len())
            .map(move |&item| Placed {
                name: nodes[item].name.clone(),
                column,
                x: lefts[column],
                y: items[item].y + HEAD,
            })
    });
    let edges = routes.iter().map(|(parent, reader, route)| {
        let points: Vec<(f64, f64, bool)> = route
            .iter()
            .map(|&item| {
                let y = items[item].middle() + HEAD;
                (lefts[column_of_item[item]], y, item < nodes.len())
            })
            .collect();
        Edge {
            from: nodes[*parent].name.clone(),
            to: nodes[*reader].name.clone(),
            path: path(&points),
        }
    });
    let bottom = items.iter().map(|item| item.y + item.height);
    debug_assert_eq!(column_of.len(), nodes.len());
    Layout {
        nodes: placed.collect(),
        edges: edges.collect(),
        headings,
        width: lefts.last().map_or(0.0, |left| left + NODE_WIDTH + MARGIN),
        height: bottom.fold(0.0, f64::max) + HEAD + MARGIN,
    }
}

/// A smooth path through the middles of columns: level inside a column, an S between two.
fn path(points: &[(f64, f64, bool)]) -> String {
    let mut path = String::new();
    let mut from: Option<(f64, f64)> = None;
    for (at, &(left, y, _)) in points.iter().enumerate() {
        if let Some((x, before)) = from {
            let middle = (x + left) / 2.0;
            path.push_str(&format!(" C{middle} {before} {middle} {y} {left} {y}"));
        }
        let right = left + NODE_WIDTH;
        if at == 0 {
            path.push_str(&format!("M{right} {y}"));
        } else if at + 1 < points.len() {
            path.push_str(&format!(" H{right}"));
        }
        from = Some((right, y));
    }
    path
}

#[cfg(test)]
mod tests {
    use super::super::graph::{Graph, Reach};
    use super::*;
    use crate::transformation::{Layer, Manifest};

    fn check(nodes: &[&Node]) -> Layout {
        let layout = layout(nodes);
        assert_eq!(layout.nodes.len(), nodes.len());
        let place = |name: &str| layout.nodes.iter().find(|node| node.name == name).unwrap();
        for edge in &layout.edges {
            assert!(
                place(&edge.from).column < place(&edge.to).column,
                "{} stands left of {}",
                edge.from,
                edge.to
            );
        }
        for (at, node) in layout.nodes.iter().enumerate() {
            assert!(node.x >= 0.0 && node.x + NODE_WIDTH <= layout.width);
            assert!(node.y >= HEAD && node.y + NODE_HEIGHT <= layout.height);
            for other in &layout.nodes[at + 1..] {
                let apart = node.column != other.column
                    || (node.y - other.y).abs() >= NODE_HEIGHT + ROW_GAP - 1.0;
                assert!(apart, "{} and {} overlap", node.name, other.name);
            }
        }
        layout
    }

    #[test]
    fn every_part_of_the_project_can_be_drawn() {
        let graph = Graph::new(&Manifest::embedded().unwrap());
        for node in graph.nodes() {
            for (reach, _, _) in Reach::CHOICES {
                check(&graph.around(&node.name, reach));
            }
        }
        let all = check(&graph.around("", Reach::All));
        let names: Vec<&str> = all.headings.iter().map(|heading| heading.name).collect();
        assert_eq!(names, Group::COLUMNS);
        assert_eq!(all, check(&graph.around("", Reach::All)));
    }

    #[test]
    fn crossings_are_undone() {
        let layers = [Layer::Staging, Layer::Intermediate];
        let mut nodes = Vec::new();
        for at in 0..6 {
            nodes.push((format!("a{at}"), Group::Model(layers[0]), Vec::new()));
        }
        for at in 0..6 {
            // Each reads the opposite one, so the given order crosses everywhere.
            let parents = vec![format!("a{}", 5 - at)];
            nodes.push((format!("b{at}"), Group::Model(layers[1]), parents));
        }
        let graph = Graph::of(nodes);
        let layout = check(&graph.around("", Reach::All));
        for edge in &layout.edges {
            let y = |name: &str| {
                layout
                    .nodes
                    .iter()
                    .find(|node| node.name == name)
                    .unwrap()
                    .y
            };
            assert_eq!(y(&edge.from), y(&edge.to), "{} is straight", edge.to);
        }
    }

    #[test]
    fn a_long_edge_gets_a_place_in_the_columns_it_passes() {
        let graph = Graph::of([
            ("raw.a".to_owned(), Group::Source, vec![]),
            (
                "b".to_owned(),
                Group::Model(Layer::Staging),
                vec!["raw.a".to_owned()],
            ),
            (
                "c".to_owned(),
                Group::Model(Layer::Marts),
                vec!["raw.a".to_owned(), "b".to_owned()],
            ),
        ]);
        let layout = check(&graph.around("", Reach::All));
        let long = layout
            .edges
            .iter()
            .find(|edge| edge.from == "raw.a" && edge.to == "c");
        assert!(long.unwrap().path.contains('H'), "{long:?}");
        assert_eq!(layout.headings.len(), 3);
    }

    #[test]
    fn nothing_gives_nothing() {
        assert_eq!(layout(&[]).nodes, []);
    }
}

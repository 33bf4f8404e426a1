//! No two files import each other in a circle.
//!
//! A file imports another if its code names something that the other defines: in a `use`, in a path
//! (`crate::a::b`, `super::b`, `child::b`) or by a name that a `use` brought. What counts:
//!
//! - A name leads to the file that defines it, through whatever re-exports it on the way. So naming
//!   what a `mod.rs` hands on from a child imports the child, not the `mod.rs`.
//! - `mod child;` is no import, nor is a re-export (`pub use`, `pub(crate) use`, …), nor the `use`
//!   of a module, as long as nothing in it is named.
//! - A glob imports what the file names by it. So a prelude is no import of all that it holds.
//! - A variant or a method named by its type (`Kind::Table`) leads to the type's file. A method
//!   behind a dot does not count: its type has been named somewhere.
//! - What stands in a macro's brackets counts as far as it is a path or an imported name.
//! - Whatever `#[cfg(test)]` guards does not count; code for one target counts on all.
//! - Between crates Cargo keeps the order, so only circles within a crate can be found.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use petgraph::algo::tarjan_scc;
use petgraph::graphmap::DiGraphMap;

#[path = "names.rs"]
mod names;

use names::Names;

/// Which file imports which, with the paths by which it does.
type Imports = BTreeMap<(String, String), BTreeSet<String>>;

/// Every circle: its files, and each import in it.
fn circles(imports: &Imports) -> Vec<String> {
    let edges = imports
        .keys()
        .map(|(from, to)| (from.as_str(), to.as_str()));
    let graph: DiGraphMap<&str, ()> = DiGraphMap::from_edges(edges);
    let mut circles: Vec<String> = tarjan_scc(&graph)
        .into_iter()
        .filter(|files| files.len() > 1)
        .map(|files| {
            let within = imports
                .iter()
                .filter(|((from, to), _)| {
                    files.contains(&from.as_str()) && files.contains(&to.as_str())
                })
                .map(|((from, to), paths)| {
                    let paths = paths.iter().map(String::as_str).collect::<Vec<_>>();
                    format!("  {from} → {to}: {}", paths.join(", "))
                });
            let head = format!("a circle of {} files", files.len());
            std::iter::once(head)
                .chain(within)
                .collect::<Vec<_>>()
                .join("\n")
        })
        .collect();
    circles.sort();
    circles
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut names = Names::default();
    let read = |path: &str| fs::read_to_string(root.join(path)).ok();
    for entry in fs::read_dir(root.join("crates")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        names.read_crate(&name, &format!("crates/{name}/src/lib.rs"), &read);
    }
    names.read_crate("metricflow", "src/lib.rs", &read);
    for entry in fs::read_dir(root.join("src/bin")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let file = match name.strip_suffix(".rs") {
            Some(_) => format!("src/bin/{name}"),
            None => format!("src/bin/{name}/main.rs"),
        };
        names.read_crate(&format!("bin {name}"), &file, &read);
    }
    let unknown = names.unknown();
    assert!(unknown.is_empty(), "{}", unknown.join("\n"));
    let imports = names.imports();
    assert!(imports.len() > 1000, "the imports were found");
    let found = circles(&imports);
    assert!(
        found.is_empty(),
        "{} circles\n{}",
        found.len(),
        found.join("\n")
    );
}

#[test]
fn planted_circles_are_found() {
    let check = |files: &[(&str, &str)], expected: usize| {
        let read = |path: &str| {
            let source = files.iter().find(|(file, _)| *file == path);
            source.map(|(_, source)| (*source).to_owned())
        };
        let mut names = Names::default();
        names.read_crate("planted", "lib.rs", &read);
        let found = circles(&names.imports());
        assert_eq!(found.len(), expected, "{files:?}: {found:?}");
    };
    let root = ("lib.rs", "mod a; mod b;");
    let a = ("a.rs", "use crate::b::B; pub struct A;");
    for (b, expected) in [
        ("use super::a::A; pub struct B;", 1),
        ("pub struct B; fn f() { crate::a::A; }", 1),
        ("use crate::a; pub struct B(a::A);", 1),
        ("use crate::a; pub struct B;", 0),
        ("use crate::a::*; pub struct B(A);", 1),
        ("use crate::a::*; pub struct B;", 0),
        ("pub struct B; fn f() { say!(1, crate::a::A) }", 1),
        (
            "use crate::a::A; made! { /// One.\n pub struct B { a: A } }",
            1,
        ),
        ("pub use crate::a::A; pub struct B;", 0),
        ("pub use crate::a::A; pub struct B(A);", 1),
        ("pub struct B; // crate::a::A", 0),
        (
            "pub struct B; #[cfg(test)] mod tests { use crate::a::A; }",
            0,
        ),
        (
            "pub struct B; #[cfg(not(test))] mod page { use crate::a::A; }",
            1,
        ),
    ] {
        check(&[root, a, ("b.rs", b)], expected);
    }
    // A parent and its child: what the parent only hands on is the child's.
    let root = ("lib.rs", "mod a;");
    let b = ("a/b.rs", "use super::A; pub struct B;");
    for (a, expected) in [
        ("mod b; pub use b::B; pub struct A;", 0),
        ("mod b; pub use b::B; pub struct A(B);", 1),
        ("mod b; pub struct A; fn f() { b::B; }", 1),
    ] {
        check(&[root, b, ("a.rs", a)], expected);
        check(&[root, b, ("a/mod.rs", a)], expected);
    }
    let a = ("a.rs", "mod b; mod c; pub use b::B; pub use c::A;");
    check(&[root, a, b, ("a/c.rs", "pub struct A;")], 0);
    check(&[root, a, b, ("a/c.rs", "use super::B; pub struct A;")], 1);
}

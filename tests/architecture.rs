//! Nothing imports upward: which module of the page may name which, checked over the source text.
//!
//! The rules are `ARCHITECTURE.md`'s. Paths that begin with `crate::` are looked at wherever they
//! stand, so an import hidden in a function counts, too. Between crates Cargo keeps the order.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by a panic")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

#[path = "architecture/circles.rs"]
mod circles;
#[path = "architecture/strings.rs"]
mod strings;

/// The page's modules in the order of the data, each with the modules and crates it may name.
const RULES: [(&str, &[&str]); 11] = [
    ("worker_start", &[]),
    ("warehouse", &["worker_start"]),
    ("transformation", &["warehouse"]),
    ("quality", &["transformation", "warehouse"]),
    ("results", &["statistics", "warehouse"]),
    (
        "workers",
        &[
            "parameters",
            "generation",
            "transformation",
            "ml",
            "worker_start",
        ],
    ),
    (
        "state",
        &[
            "parameters",
            "generation",
            "warehouse",
            "transformation",
            "quality",
            "ml",
            "results",
            "workers",
        ],
    ),
    ("components", &[]),
    ("dashboards", VIEWS),
    ("workbench", VIEWS),
    (
        "app",
        &[
            "parameters",
            "state",
            "components",
            "dashboards",
            "workbench",
        ],
    ),
];

/// What a view may name: results, reports and state, never a worker or the generator.
const VIEWS: &[&str] = &[
    "parameters",
    "statistics",
    "transformation",
    "quality",
    "ml",
    "results",
    "state",
    "components",
];

/// Modules that must run and be tested natively, and what they may therefore not name.
const NATIVE: [&str; 3] = ["transformation", "quality", "results"];
const BROWSER_CRATES: [&str; 6] = [
    "web_sys",
    "js_sys",
    "wasm_bindgen",
    "wasm_bindgen_futures",
    "leptos",
    "gloo",
];

/// Faults of one file, given its path below `src/`.
fn faults(path: &str, source: &str) -> Vec<String> {
    let module = path.split(['/', '.']).next().unwrap_or_default();
    let mut faults = Vec::new();
    if path == "lib.rs" || path.starts_with("bin/") {
        return faults;
    }
    let Some((_, allowed)) = RULES.iter().find(|(name, _)| *name == module) else {
        return vec![format!(
            "src/{path}: module {module} has no rule in tests/architecture.rs"
        )];
    };
    let code = without_comments(source);
    for named in named_modules(&code) {
        if named != module && !allowed.contains(&named.as_str()) {
            faults.push(format!("src/{path}: {module} may not name crate::{named}"));
        }
    }
    if NATIVE.contains(&module) {
        for name in BROWSER_CRATES {
            if names_crate(&code, name) {
                faults.push(format!(
                    "src/{path}: {module} runs natively and may not name {name}"
                ));
            }
        }
    }
    let may_touch = ["warehouse/bindings.rs", "warehouse/compiled.rs"].contains(&path);
    if module == "warehouse" && !may_touch && code.contains("JsValue") {
        faults.push(format!(
            "src/{path}: only warehouse/bindings.rs and compiled.rs touch JavaScript values"
        ));
    }
    faults
}

/// First segments of all paths behind `crate::`, also in braces.
fn named_modules(code: &str) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        // `$crate::` and `some_crate::` are other paths.
        if code[..at].ends_with(|letter: char| letter.is_alphanumeric() || letter == '_') {
            continue;
        }
        let path = &code[at + "crate::".len()..];
        match path.strip_prefix('{') {
            Some(group) => named.extend(group_heads(group)),
            None => named.extend(identifier(path)),
        }
    }
    named
}

/// First identifiers of a brace group's own entries, up to its closing brace.
fn group_heads(group: &str) -> Vec<String> {
    let mut heads = Vec::new();
    let mut depth = 0_usize;
    let mut at_entry = true;
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => at_entry = true,
            letter if at_entry && !letter.is_whitespace() => {
                heads.extend(identifier(&group[at..]));
                at_entry = false;
            }
            _ => {}
        }
    }
    heads
}

/// The identifier a text begins with; only modules count, which are lower case.
fn identifier(text: &str) -> Option<String> {
    let end = text
        .find(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .unwrap_or(text.len());
    let name = &text[..end];
    name.starts_with(|letter: char| letter.is_lowercase())
        .then(|| name.to_owned())
}

fn names_crate(code: &str, name: &str) -> bool {
    code.match_indices(&format!("{name}::")).any(|(at, _)| {
        !code[..at]
            .ends_with(|letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':')
    })
}

fn without_comments(source: &str) -> String {
    source
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n")
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
}

#[test]
fn nothing_imports_upward() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&root, &mut files);
    assert!(files.len() > 10, "the sources were found");
    let found: Vec<String> = files
        .iter()
        .flat_map(|file| {
            let path = file
                .strip_prefix(&root)
                .unwrap()
                .to_string_lossy()
                .replace('\\', "/");
            faults(&path, &fs::read_to_string(file).unwrap())
        })
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn sql_stands_in_files_of_its_own() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = vec![root.join("build.rs")];
    for folder in ["src", "crates", "examples"] {
        rust_files(&root.join(folder), &mut files);
    }
    assert!(files.len() > 100, "the sources were found");
    let found: Vec<String> = files
        .iter()
        .flat_map(|file| {
            let path = file.strip_prefix(root).unwrap().to_string_lossy();
            strings::sql_in(&path.replace('\\', "/"), &fs::read_to_string(file).unwrap())
        })
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn modules_stand_in_the_order_of_the_data() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs");
    let source = fs::read_to_string(root).unwrap();
    let stages = [
        "parameters",
        "generation",
        "warehouse",
        "transformation",
        "quality",
        "state",
    ];
    let places: Vec<usize> = stages
        .iter()
        .map(|name| {
            let place = |kind: &str| source.find(&format!("pub {kind} {name};"));
            place("mod").or_else(|| place("use")).unwrap()
        })
        .collect();
    assert!(places.is_sorted(), "{stages:?} at {places:?}");
}

/// Cargo then keeps them from naming it.
#[test]
fn no_crate_depends_on_the_browser_or_the_page() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates");
    for entry in fs::read_dir(crates).unwrap() {
        let manifest = fs::read_to_string(entry.unwrap().path().join("Cargo.toml")).unwrap();
        let names = manifest
            .lines()
            .filter_map(|line| line.split(['=', '.']).next());
        for name in names.map(|name| name.trim().replace('-', "_")) {
            let is_refused = name == "metricflow" || BROWSER_CRATES.contains(&name.as_str());
            assert!(!is_refused, "{name} in {manifest}");
        }
    }
}

#[test]
fn every_decision_stands_in_the_index_and_every_link_of_it_leads_somewhere() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/decisions");
    let index = fs::read_to_string(folder.join("README.md")).unwrap();
    let linked: BTreeSet<&str> = index
        .split("](0")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .collect();
    let records: BTreeSet<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "README.md")
        .collect();
    let of_records: BTreeSet<&str> = records
        .iter()
        .filter_map(|name| name.strip_prefix('0'))
        .collect();
    assert_eq!(linked, of_records);
}

#[test]
fn planted_violations_are_found() {
    let check = |path: &str, source: &str, expected: usize| {
        let found = faults(path, source);
        assert_eq!(found.len(), expected, "{source}: {found:?}");
    };
    check("warehouse/duckdb.rs", "use crate::state::Status;", 1);
    check("results/mod.rs", "fn f() { crate::dashboards::draw() }", 1);
    check(
        "quality/mod.rs",
        "use crate::{transformation::{Dag, state}, state::Status, workers};",
        2,
    );
    check(
        "quality/mod.rs",
        "use crate::{\n    transformation::Dag,\n    warehouse::{Warehouse},\n};",
        0,
    );
    check("app.rs", "use crate::generation::Table;", 1);
    check("components/chart.rs", "use crate::state;", 1);
    check("results/text.rs", "use wasm_bindgen::JsValue;", 1);
    check("results/text.rs", "let x = js_sys::Date::now();", 1);
    check("warehouse/duckdb.rs", "use wasm_bindgen::JsValue;", 1);
    check("warehouse/bindings.rs", "use wasm_bindgen::JsValue;", 0);
    check("news/mod.rs", "", 1);
    check(
        "warehouse/duckdb.rs",
        "// see crate::state\nuse super::Warehouse; my_crate::state();",
        0,
    );
    check("bin/app.rs", "metricflow::app::mount()", 0);
}

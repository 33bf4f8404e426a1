//! `sql/models/exposures.yml` says what each dashboard reads: exactly what its statements name in
//! `src/dashboards`, in Rust or in files of their own.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use metricflow::dashboards::pages::Page;
use metricflow::transformation::Manifest;

/// One file below `src/dashboards`, without its comments and tests.
#[derive(Default)]
struct Source {
    /// What its names mean elsewhere: `("executive_queries", ["executive", "queries"])`.
    imports: Vec<(String, Vec<String>)>,
    /// Its functions and constants by name, with their texts.
    items: Vec<(String, String)>,
}

/// Files by their modules: `["executive", "queries"]`.
type Sources = BTreeMap<Vec<String>, Source>;

fn sources() -> Sources {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/dashboards");
    let (mut sources, mut open) = (Sources::new(), vec![root.clone()]);
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(
                fs::read_dir(path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
            continue;
        }
        if path.extension().is_none_or(|kind| kind != "rs") {
            continue;
        }
        let inside = path.strip_prefix(&root).unwrap().with_extension("");
        let names = inside.iter().map(|name| name.to_str().unwrap().to_owned());
        let module: Vec<String> = names.filter(|name| name != "mod").collect();
        let text = code(&fs::read_to_string(&path).unwrap());
        let text = with_statements(&text, |file| {
            fs::read_to_string(path.with_file_name(file)).unwrap()
        });
        sources.insert(module.clone(), source(&module, &text));
    }
    sources
}

/// A file's text without its comments and tests.
fn code(text: &str) -> String {
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let lines = lines.take_while(|line| *line != "#[cfg(test)]");
    lines.map(|line| format!("{line}\n")).collect()
}

/// Code with the text of each file that a `statement!` names, where it names it.
fn with_statements(code: &str, read: impl Fn(&str) -> String) -> String {
    let mut parts = code.split("statement!(");
    let mut text = parts.next().unwrap().to_owned();
    for part in parts {
        let (before, rest) = part.split_once('"').unwrap();
        let (file, rest) = rest.split_once('"').unwrap();
        assert!(
            before.trim().is_empty(),
            "statement!({before} names no file"
        );
        text.push_str(&format!("statement!(\"\n{}\"{rest}", read(file)));
    }
    text
}

fn source(module: &[String], code: &str) -> Source {
    let mut source = Source::default();
    let mut is_use = false;
    for line in code.lines() {
        // SQL stands at the margin too, but no statement begins like an item.
        let words: Vec<&str> = words(line).collect();
        let start = words.iter().position(|word| {
            [
                "fn", "const", "static", "struct", "enum", "impl", "mod", "use", "type",
            ]
            .contains(word)
        });
        let is_at_margin = line.starts_with(|letter: char| letter.is_ascii_lowercase());
        if let Some(start) = start.filter(|start| is_at_margin && *start < 3) {
            is_use = words[start] == "use";
            let is_fn =
                words[start..].first() == Some(&"const") && words.get(start + 1) == Some(&"fn");
            // What is done for a type belongs to it.
            let of_type = words.iter().position(|word| *word == "for");
            let of_type = of_type.filter(|_| words[start] == "impl");
            let place = of_type.unwrap_or(start + usize::from(is_fn)) + 1;
            let name = words.get(place).copied().unwrap_or("");
            source.items.push((
                if is_use {
                    String::new()
                } else {
                    name.to_owned()
                },
                String::new(),
            ));
        }
        if let Some((_, text)) = source.items.last_mut() {
            text.push_str(if is_use { line.trim() } else { line });
            text.push('\n');
        }
    }
    for (_, text) in source.items.iter().filter(|(name, _)| name.is_empty()) {
        imports(module, &text.replace('\n', " "), &mut source.imports);
    }
    source.items.retain(|(name, _)| !name.is_empty());
    source
}

/// What a `use` brings in from other files of the dashboards, braces one level deep.
fn imports(module: &[String], text: &str, found: &mut Vec<(String, Vec<String>)>) {
    let path = text.trim_start_matches("pub ").trim_start_matches("use ");
    let (mut base, path) = if let Some(path) = path.strip_prefix("crate::dashboards::") {
        (Vec::new(), path)
    } else if path.starts_with("super::") {
        (module.to_vec(), path)
    } else {
        return;
    };
    let (head, names) = path.split_once('{').unwrap_or(("", path));
    for segment in head
        .split("::")
        .filter(|segment| !segment.trim().is_empty())
    {
        step(&mut base, segment);
    }
    for name in names
        .split([',', ';', '}'])
        .map(str::trim)
        .filter(|name| !name.is_empty())
    {
        let (name, alias) = name.split_once(" as ").unwrap_or((name, ""));
        let mut path = base.clone();
        name.split("::")
            .for_each(|segment| step(&mut path, segment));
        let alias = if alias.is_empty() {
            path.last().cloned().unwrap_or_default()
        } else {
            alias.to_owned()
        };
        found.push((alias, path));
    }
}

fn step(path: &mut Vec<String>, segment: &str) {
    match segment {
        "super" => _ = path.pop(),
        "self" => {}
        name => path.push(name.to_owned()),
    }
}

fn is_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter| !is_word(letter))
        .filter(|word| !word.is_empty())
}

fn first_word(text: &str) -> &str {
    &text[..text.find(|letter| !is_word(letter)).unwrap_or(text.len())]
}

/// The texts of a page's own files, and of what they use of other files.
fn text_of(folder: &str, sources: &Sources) -> String {
    let mut open: Vec<(&Vec<String>, &(String, String))> = Vec::new();
    for (module, source) in sources
        .iter()
        .filter(|(module, _)| module.first().is_some_and(|first| first == folder))
    {
        open.extend(source.items.iter().map(|item| (module, item)));
    }
    let mut seen = BTreeSet::new();
    let mut text = String::new();
    while let Some((module, item)) = open.pop() {
        if !seen.insert((module, item)) {
            continue;
        }
        text.push_str(&item.1);
        let used: BTreeSet<&str> = words(&item.1).collect();
        let mut want = |path: &[String], name: &str| {
            if let Some((module, source)) = sources.get_key_value(path) {
                let items = source.items.iter().filter(|(other, _)| other == name);
                open.extend(items.map(|item| (module, item)));
            }
        };
        for name in &used {
            want(module, name);
        }
        for (alias, path) in &sources[module].imports {
            if used.contains(alias.as_str()) {
                let (name, parent) = path.split_last().unwrap();
                want(parent, name);
                let through = format!("{alias}::");
                for rest in item.1.split(through.as_str()).skip(1) {
                    want(path, first_word(rest));
                }
            }
        }
    }
    text
}

/// The models and seeds that statements name, by `ref` or by their relations.
fn named_in(sql: &str, relations: &BTreeMap<String, String>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (relation, name) in relations {
        let mut found = sql.split(relation.as_str()).skip(1);
        let by_ref = format!("ref('{name}')");
        if found.any(|rest| first_word(rest).is_empty()) || sql.contains(&by_ref) {
            names.insert(name.clone());
        }
    }
    names
}

/// What the page reads, by its source.
fn read_by(
    page: Page,
    sources: &Sources,
    relations: &BTreeMap<String, String>,
) -> BTreeSet<String> {
    let folder = match page.route() {
        "" => "executive",
        route => route.trim_end_matches('/'),
    };
    named_in(&text_of(folder, sources), relations)
}

fn relations() -> BTreeMap<String, String> {
    let manifest = Manifest::embedded().unwrap();
    let models = manifest.models.iter();
    let models = models.map(|model| (model.relation(), model.name.clone()));
    let seeds = manifest.seeds.iter();
    models
        .chain(seeds.map(|seed| (seed.relation(), seed.name.clone())))
        .collect()
}

fn exposures() -> Vec<serde_json::Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("sql/models/exposures.yml");
    let file: serde_json::Value = yaml_serde::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    file["exposures"].as_array().unwrap().clone()
}

#[test]
fn each_dashboard_is_an_exposure_of_what_it_reads() {
    let (sources, relations, exposures) = (sources(), relations(), exposures());
    let mut faults = String::new();
    for page in Page::ALL {
        let name = page.title().to_lowercase().replace([' ', '-'], "_");
        let Some(exposure) = exposures.iter().find(|exposure| exposure["name"] == *name) else {
            faults.push_str(&format!("\nno exposure {name}"));
            continue;
        };
        assert_eq!(exposure["type"], "dashboard", "{name}");
        assert_eq!(exposure["label"], page.title(), "{name}");
        assert_eq!(exposure["url"], format!("/{}", page.route()), "{name}");
        let stated = exposure["depends_on"].as_array().unwrap().iter();
        let stated: BTreeSet<String> = stated
            .map(|reference| reference.as_str().unwrap())
            .map(|reference| reference.trim_start_matches("ref('").trim_end_matches("')"))
            .map(str::to_owned)
            .collect();
        let read = read_by(page, &sources, &relations);
        for model in read.difference(&stated) {
            faults.push_str(&format!("\n{name} reads {model} and does not say so"));
        }
        for model in stated.difference(&read) {
            faults.push_str(&format!(
                "\n{name} says it reads {model}, which it does not"
            ));
        }
    }
    assert!(faults.is_empty(), "{faults}");
    assert_eq!(exposures.len(), Page::ALL.len());
}

/// A page that uses one function of another one's file reads what that function reads, also in files.
#[test]
fn a_read_is_found_through_imports_and_in_code_alone() {
    let files = [
        (
            "revenue::page",
            "use crate::dashboards::executive::{marks, queries as other};\n// from marts.comment\nfn page() {\n    other::plans(\n\"from serving.x\n\"\n)\n}\n",
        ),
        (
            "executive::queries",
            "use super::shared::deep;\npub fn plans() {\n    inner();\n    statement!(\n        \"panels/e.sql\",\n        filters,\n    )\n}\nfn inner() {\n    deep(\"\nfrom marts.b_c as rows\n\")\n}\npub fn unused() {\n    \"from marts.a\"\n}\n// statement!(\"panels/f.sql\")\n#[cfg(test)]\nfn tests() {}\n",
        ),
        (
            "executive::shared",
            "pub const fn deep() {\n    \"inner join marts.d\"\n}\n",
        ),
    ];
    let mut sources = Sources::new();
    for (module, text) in files {
        let module: Vec<String> = module.split("::").map(str::to_owned).collect();
        let text = with_statements(&code(text), |file| {
            format!("-- {file}\nselect * from {{{{ ref('e') }}}}\n")
        });
        sources.insert(module.clone(), source(&module, &text));
    }
    let relations = ["a", "b", "b_c", "comment", "d", "e", "f"];
    let relations = relations.map(|name| (format!("marts.{name}"), name.to_owned()));
    let text = text_of("revenue", &sources);
    let read = named_in(&text, &relations.into());
    assert_eq!(read, ["b_c", "d", "e"].map(str::to_owned).into());
    assert!(text.contains("serving.x") && text.contains("-- panels/e.sql"));
}

//! Which file defines what a path names: enough of Rust's rules for the crates of this workspace.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::visit::{self, Visit};

use super::Imports;

/// A module's place in `Names::modules`.
type Id = usize;

/// What a file is read by; nothing where there is none.
type Read<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The modules of all crates.
#[derive(Default)]
pub(super) struct Names {
    modules: Vec<Module>,
    crates: BTreeMap<String, Id>,
}

#[derive(Default)]
struct Module {
    file: String,
    root: Id,
    parent: Option<Id>,
    children: BTreeMap<String, Id>,
    items: BTreeSet<String>,
    /// Each `use`: the name that it brings (nothing for a glob) and its path.
    uses: Vec<(Option<String>, Vec<String>)>,
    /// Every path that counts as named.
    named: BTreeSet<Vec<String>>,
}

/// What a path leads to.
#[derive(Clone, Copy, PartialEq)]
enum Target {
    Module(Id),
    /// Something that this module defines.
    Item(Id),
}

impl Names {
    /// Reads a crate from its root file.
    pub(super) fn read_crate(&mut self, name: &str, file: &str, read: Read<'_>) {
        let root = self.add(file, None);
        self.crates.insert(name.to_owned(), root);
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        self.read_file(root, folder, read);
    }

    fn add(&mut self, file: &str, parent: Option<Id>) -> Id {
        let id = self.modules.len();
        self.modules.push(Module {
            file: file.to_owned(),
            root: parent.map_or(id, |parent| self.modules[parent].root),
            parent,
            ..Module::default()
        });
        id
    }

    fn read_file(&mut self, id: Id, folder: &str, read: Read<'_>) {
        let file = &self.modules[id].file;
        let source = read(file).unwrap_or_else(|| panic!("{file} is not there"));
        let syntax = syn::parse_file(&source).unwrap_or_else(|error| panic!("{file}: {error}"));
        self.read_items(id, syntax.items, folder, read);
    }

    fn read_items(&mut self, id: Id, items: Vec<syn::Item>, folder: &str, read: Read<'_>) {
        for item in items.into_iter().filter(|item| !is_test(attributes(item))) {
            let syn::Item::Mod(module) = item else {
                self.modules[id].items.extend(names_of(&item));
                self.modules[id].visit_item(&item);
                continue;
            };
            let name = module.ident.to_string();
            let below = format!("{folder}/{name}");
            let below = below.trim_start_matches('/');
            let child = match module.content {
                Some((_, items)) => {
                    let file = self.modules[id].file.clone();
                    let child = self.add(&file, Some(id));
                    self.read_items(child, items, below, read);
                    child
                }
                None => {
                    let places = [format!("{below}.rs"), format!("{below}/mod.rs")];
                    let file = places.into_iter().find(|place| read(place).is_some());
                    let file = file.unwrap_or_else(|| panic!("{below} is not there"));
                    let child = self.add(&file, Some(id));
                    self.read_file(child, below, read);
                    child
                }
            };
            self.modules[id].children.insert(name, child);
        }
    }

    /// Which file imports which.
    pub(super) fn imports(&self) -> Imports {
        let mut imports = Imports::new();
        for (id, module) in self.modules.iter().enumerate() {
            for path in &module.named {
                let Some(Target::Item(found)) = self.resolve(id, path, &mut BTreeSet::new()) else {
                    continue;
                };
                let file = &self.modules[found].file;
                if *file != module.file {
                    let paths = imports.entry((module.file.clone(), file.clone()));
                    paths.or_default().insert(path.join("::"));
                }
            }
        }
        imports
    }

    /// The `use`s of the workspace's own modules that lead nowhere: what they name would go unseen.
    pub(super) fn unknown(&self) -> Vec<String> {
        let modules = self.modules.iter().enumerate();
        let uses =
            modules.flat_map(|(id, module)| module.uses.iter().map(move |(_, path)| (id, path)));
        let is_own = |path: &[String]| {
            let first = path.first().map_or("", String::as_str);
            ["crate", "self", "super"].contains(&first) || self.crates.contains_key(first)
        };
        uses.filter(|(id, path)| {
            is_own(path) && self.resolve(*id, path, &mut BTreeSet::new()).is_none()
        })
        .map(|(id, path)| format!("{}: {}", self.modules[id].file, path.join("::")))
        .collect()
    }

    /// What a path leads to, as seen from a module.
    fn resolve(
        &self,
        from: Id,
        path: &[String],
        seen: &mut BTreeSet<(Id, String)>,
    ) -> Option<Target> {
        let (first, mut rest) = path.split_first()?;
        let module = &self.modules[from];
        let mut at = match first.as_str() {
            "crate" => Target::Module(module.root),
            "self" => Target::Module(from),
            "super" => Target::Module(module.parent?),
            name => self
                .look_up(from, name, rest.is_empty(), seen)
                .or_else(|| self.crates.get(name).copied().map(Target::Module))?,
        };
        while let (Target::Module(id), Some((name, after))) = (at, rest.split_first()) {
            at = match name.as_str() {
                "super" => Target::Module(self.modules[id].parent?),
                "self" => at,
                name => self.look_up(id, name, after.is_empty(), seen)?,
            };
            rest = after;
        }
        Some(at)
    }

    /// What a module knows by a name: at a path's end rather an item, before it rather a module.
    fn look_up(
        &self,
        id: Id,
        name: &str,
        is_last: bool,
        seen: &mut BTreeSet<(Id, String)>,
    ) -> Option<Target> {
        if !seen.insert((id, name.to_owned())) {
            return None;
        }
        let module = &self.modules[id];
        let child = module.children.get(name).copied().map(Target::Module);
        let item = module.items.contains(name).then_some(Target::Item(id));
        let mut found: Vec<Target> = child.into_iter().chain(item).collect();
        for (brought, path) in &module.uses {
            let found_by_it = match brought {
                Some(brought) if brought == name => self.resolve(id, path, seen),
                Some(_) => None,
                None => match self.resolve(id, path, seen) {
                    Some(Target::Module(globbed)) => self.look_up(globbed, name, is_last, seen),
                    _ => None,
                },
            };
            found.extend(found_by_it);
        }
        seen.remove(&(id, name.to_owned()));
        let is_better = |target: &&Target| matches!(target, Target::Item(_)) == is_last;
        found.iter().find(is_better).or(found.first()).copied()
    }
}

impl Module {
    fn add_use(&mut self, tree: &syn::UseTree, before: &[String], is_export: bool) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        let (brought, path) = match tree {
            syn::UseTree::Path(part) => {
                return self.add_use(&part.tree, &with(&part.ident), is_export);
            }
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.add_use(tree, before, is_export);
                }
                return;
            }
            syn::UseTree::Name(name) if name.ident == "self" => {
                (before.last().cloned(), before.to_vec())
            }
            syn::UseTree::Name(name) => (Some(name.ident.to_string()), with(&name.ident)),
            syn::UseTree::Rename(name) => (Some(name.rename.to_string()), with(&name.ident)),
            syn::UseTree::Glob(_) => (None, before.to_vec()),
        };
        if !is_export {
            self.named.insert(path.clone());
        }
        self.uses.push((brought, path));
    }

    /// The paths in a macro's brackets.
    fn read_tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(name) => {
                    if colons != 2 {
                        self.named.insert(std::mem::take(&mut path));
                    }
                    path.push(name.to_string());
                    colons = 0;
                }
                TokenTree::Punct(mark) if mark.as_char() == ':' => colons += 1,
                other => {
                    self.named.insert(std::mem::take(&mut path));
                    colons = 0;
                    if let TokenTree::Group(group) = other {
                        self.read_tokens(group.stream());
                    }
                }
            }
        }
        self.named.insert(path);
    }
}

impl<'ast> Visit<'ast> for Module {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !is_test(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let is_export = !matches!(item.vis, syn::Visibility::Inherited);
        self.add_use(&item.tree, &[], is_export);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if !is_test(&item.attrs) {
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names = path.segments.iter().map(|part| part.ident.to_string());
        self.named.insert(names.collect());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        self.read_tokens(item.tokens.clone());
        visit::visit_macro(self, item);
    }

    // Neither its visibility nor an attribute names anything that counts.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}
}

/// The names that an item gives its module; what a macro makes is read off its brackets.
fn names_of(item: &syn::Item) -> Vec<String> {
    let name = match item {
        syn::Item::Const(item) => &item.ident,
        syn::Item::Enum(item) => &item.ident,
        syn::Item::Fn(item) => &item.sig.ident,
        syn::Item::ForeignMod(item) => return item.items.iter().filter_map(foreign_name).collect(),
        syn::Item::Macro(item) => {
            let own = item.ident.as_ref().map(ToString::to_string);
            let made = made_names(item.mac.tokens.clone(), own.is_none());
            return own.into_iter().chain(made).collect();
        }
        syn::Item::Static(item) => &item.ident,
        syn::Item::Struct(item) => &item.ident,
        syn::Item::Trait(item) => &item.ident,
        syn::Item::Type(item) => &item.ident,
        syn::Item::Union(item) => &item.ident,
        _ => return Vec::new(),
    };
    vec![name.to_string()]
}

fn foreign_name(item: &syn::ForeignItem) -> Option<String> {
    match item {
        syn::ForeignItem::Fn(item) => Some(item.sig.ident.to_string()),
        syn::ForeignItem::Type(item) => Some(item.ident.to_string()),
        _ => None,
    }
}

/// The names behind `struct`, `fn` and the like in brackets, and perhaps one that is first in them:
/// `choices! { /// Doc. Side { … } }`.
fn made_names(tokens: TokenStream, mut is_next: bool) -> Vec<String> {
    const KEYWORDS: [&str; 7] = ["const", "enum", "fn", "static", "struct", "trait", "type"];
    let mut names = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Ident(word) => {
                let word = word.to_string();
                let is_keyword = KEYWORDS.contains(&word.as_str());
                if is_next && !is_keyword {
                    names.push(word);
                }
                is_next = is_keyword;
            }
            TokenTree::Group(group) if group.delimiter() != Delimiter::Bracket => {
                names.extend(made_names(group.stream(), false));
            }
            _ => {}
        }
    }
    names
}

fn attributes(item: &syn::Item) -> &[syn::Attribute] {
    match item {
        syn::Item::Const(item) => &item.attrs,
        syn::Item::Enum(item) => &item.attrs,
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        syn::Item::Macro(item) => &item.attrs,
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Static(item) => &item.attrs,
        syn::Item::Struct(item) => &item.attrs,
        syn::Item::Trait(item) => &item.attrs,
        syn::Item::Type(item) => &item.attrs,
        syn::Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// Whether an attribute is a `cfg` that only tests fulfil.
fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("cfg"))
        .filter_map(|attribute| attribute.parse_args::<syn::Meta>().ok())
        .any(|condition| asks_for_tests(&condition))
}

fn asks_for_tests(condition: &syn::Meta) -> bool {
    match condition {
        syn::Meta::Path(path) => path.is_ident("test"),
        syn::Meta::List(list) if list.path.is_ident("all") => {
            let parts = syn::punctuated::Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated;
            let parts = list.parse_args_with(parts);
            parts.is_ok_and(|parts| parts.iter().any(asks_for_tests))
        }
        _ => false,
    }
}

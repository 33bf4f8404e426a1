//! Models by layer, and the search over them.

use crate::transformation::{Layer, Manifest, Model};

/// The models of one layer that a search finds.
#[derive(Debug, Clone, PartialEq)]
pub struct Shelf {
    /// The layer.
    pub layer: Layer,
    /// Its models in the order they are built.
    pub models: Vec<Found>,
}

/// One model of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its name.
    pub name: String,
    /// Its description.
    pub description: String,
    /// Columns whose name or description holds what is searched for, when the model's own don't.
    pub columns: Vec<String>,
}

/// Finds models whose name, description or columns hold every word of `search`.
#[must_use]
pub fn shelves(manifest: &Manifest, search: &str) -> Vec<Shelf> {
    let words: Vec<String> = search.split_whitespace().map(str::to_lowercase).collect();
    Layer::ALL
        .into_iter()
        .map(|layer| Shelf {
            layer,
            models: manifest
                .models
                .iter()
                .filter(|model| model.layer == layer)
                .filter_map(|model| found(model, &words))
                .collect(),
        })
        .filter(|shelf| !shelf.models.is_empty())
        .collect()
}

fn found(model: &Model, words: &[String]) -> Option<Found> {
    let own = format!("{} {}", model.name, model.description).to_lowercase();
    let open: Vec<&String> = words.iter().filter(|word| !own.contains(*word)).collect();
    let columns: Vec<String> = model
        .columns
        .iter()
        .filter(|column| {
            let text = format!("{} {}", column.name, column.description).to_lowercase();
            !open.is_empty() && open.iter().all(|word| text.contains(*word))
        })
        .map(|column| column.name.clone())
        .collect();
    (open.is_empty() || !columns.is_empty()).then(|| Found {
        name: model.name.clone(),
        description: model.description.clone(),
        columns,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(search: &str) -> Vec<String> {
        let manifest = Manifest::embedded().unwrap();
        let shelves = shelves(&manifest, search);
        let models = shelves.into_iter().flat_map(|shelf| shelf.models);
        models.map(|found| found.name).collect()
    }

    #[test]
    fn names_descriptions_and_columns_are_searched() {
        assert_eq!(names("").len(), 62);
        assert_eq!(names("waterfall"), ["fct_mrr_waterfall"]);
        assert!(names("KAPLAN").contains(&"subscription_survival".to_owned()));
        let by_column = names("fct_mrr arpu_cents");
        assert!(by_column.contains(&"fct_mrr".to_owned()), "{by_column:?}");
        assert_eq!(names("no such thing"), Vec::<String>::new());
    }
}

//! What names a row of a model: the key that its tests declare.

use crate::transformation::{Manifest, TestKind};

/// The columns that name a row of `model`: those of its test `unique_combination`, else the column
/// that is tested to be unique; `None` when no test says so.
#[must_use]
pub fn row_key(manifest: &Manifest, model: &str) -> Option<Vec<String>> {
    let of_model = || {
        let tests = manifest.tests.iter();
        tests.filter(|test| test.node.as_deref() == Some(model) && test.condition.is_none())
    };
    let single = of_model().find_map(|test| match &test.kind {
        TestKind::Generic { test: kind, .. }
            if ["unique", "unique_integer"].contains(&kind.as_str()) =>
        {
            test.column.clone().map(|column| vec![column])
        }
        _ => None,
    });
    let combined = || {
        of_model().find_map(|test| match &test.kind {
            TestKind::Generic { test, arguments } if test == "unique_combination" => {
                let columns = arguments.values().find_map(|value| value.as_array())?;
                let names = columns.iter().map(|name| name.as_str().map(str::to_owned));
                names.collect::<Option<Vec<String>>>()
            }
            _ => None,
        })
    };
    single.or_else(combined)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_model_has_a_key_of_its_own_columns() {
        let manifest = Manifest::embedded().unwrap();
        for model in &manifest.models {
            let key = row_key(&manifest, &model.name);
            let key = key.unwrap_or_else(|| panic!("{} has no key", model.name));
            for column in &key {
                let is_column = model.columns.iter().any(|known| known.name == *column);
                assert!(is_column, "{}.{column}", model.name);
            }
        }
        assert_eq!(
            row_key(&manifest, "dim_users"),
            Some(vec!["user_id".to_owned()])
        );
        assert_eq!(row_key(&manifest, "no_such_model"), None);
    }
}

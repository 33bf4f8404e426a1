//! Reads the dbt project in `sql/`, stops the build when it is broken, and writes its manifest for
//! the crate to embed.

// The whole of it is public to the crate; the build needs one function.
#[allow(dead_code, unused_imports, unreachable_pub, missing_docs)]
#[path = "src/dbt/mod.rs"]
mod dbt;

use std::error::Error;
use std::path::Path;
use std::{env, fs, io};

/// The project, as seen from this crate.
const PROJECT: &str = "../../sql";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=src/dbt");
    println!("cargo::rerun-if-changed={PROJECT}");
    let mut files = dbt::Files::new();
    collect(Path::new(PROJECT), "", &mut files)?;
    let manifest = match dbt::read_project(&files, parse_yaml) {
        Ok(manifest) => manifest,
        Err(errors) => {
            for error in &errors {
                println!("cargo::error={}", error.to_string().replace('\n', " "));
            }
            return Err(format!("the dbt project in sql/ has {} faults", errors.len()).into());
        }
    };
    let out = env::var("OUT_DIR")?;
    let out = Path::new(&out);
    fs::write(out.join("manifest.json"), serde_json::to_string(&manifest)?)?;
    fs::write(out.join("metrics.json"), metrics(&files)?)?;
    Ok(())
}

/// What the project's YAML files say of metrics, as one JSON object by their paths.
fn metrics(files: &dbt::Files) -> Result<String, Box<dyn Error>> {
    let mut declared = serde_json::Map::new();
    for (path, text) in files {
        if !path.ends_with(".yml") {
            continue;
        }
        let file = parse_yaml(text)?;
        let keys = ["semantic_models", "metrics"];
        let mut kept = serde_json::Map::new();
        for key in keys {
            kept.extend(file.get(key).map(|value| (key.to_owned(), value.clone())));
        }
        let models = file.get("models").and_then(serde_json::Value::as_array);
        let spines = models.into_iter().flatten();
        let spines: Vec<_> = spines
            .filter(|model| model.get("time_spine").is_some())
            .collect();
        if !spines.is_empty() {
            kept.insert("models".to_owned(), serde_json::to_value(spines)?);
        }
        if !kept.is_empty() {
            declared.insert(path.clone(), kept.into());
        }
    }
    Ok(serde_json::to_string(&declared)?)
}

fn parse_yaml(text: &str) -> Result<serde_json::Value, String> {
    yaml_serde::from_str(text).map_err(|error| error.to_string())
}

/// Reads the project's text files; what dbt writes beside them is left out.
fn collect(folder: &Path, prefix: &str, files: &mut dbt::Files) -> io::Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            if !["target", "logs", "dbt_packages"].contains(&name.as_str()) {
                collect(&entry.path(), &format!("{path}/"), files)?;
            }
        } else if [".sql", ".yml", ".yaml", ".csv", ".md"]
            .iter()
            .any(|ending| name.ends_with(ending))
        {
            files.insert(path, fs::read_to_string(entry.path())?);
        }
    }
    Ok(())
}

//! Compiles requests: one a line on standard input, as JSON; one answer a line, as JSON, on standard output.
//!
//! The first line is `{"files": {path: text}, "vars": {}, "relations": {}}`, the others are
//! `{"request": {…}, "tables": "models", "rows": false}`.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};

use metrics::{Project, Request, Settings, Tables, compile, rows_behind};
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
struct Setup {
    files: BTreeMap<String, String>,
    #[serde(default)]
    vars: BTreeMap<String, String>,
    #[serde(default)]
    relations: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    tables: String,
    /// Whether to give the rows behind the figure instead.
    #[serde(default)]
    rows: bool,
    request: Request,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut lines = io::stdin().lock().lines();
    let setup: Setup = serde_json::from_str(&lines.next().ok_or("no setup")??)?;
    let settings = Settings {
        vars: setup.vars,
        relations: setup.relations,
    };
    let files = setup
        .files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()));
    let project = Project::read(files, &settings)?;
    let mut out = io::stdout().lock();
    for line in lines {
        let asked = serde_json::from_str::<Asked>(&line?);
        let answer = asked.map_err(|error| error.to_string()).and_then(|asked| {
            if asked.rows {
                return rows_behind(&project, &asked.request).map_err(|error| error.to_string());
            }
            let tables = match asked.tables.as_str() {
                "page" => Tables::Page,
                "marts" => Tables::Marts,
                _ => Tables::Models,
            };
            compile(&project, &asked.request, tables).map_err(|error| error.to_string())
        });
        let answer = match answer {
            Ok(sql) => json!({ "sql": sql }),
            Err(error) => json!({ "error": error }),
        };
        writeln!(out, "{answer}")?;
    }
    Ok(())
}

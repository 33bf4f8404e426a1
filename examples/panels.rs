//! What panels ask and show, natively: the tests in `tests/panels` run their statements on a built database.
//!
//! One JSON object a line on standard input. `{"do": "list"}` names the panels; `{"do": "ask", "panel": …, "query": …,
//! "from": …, "to": …}` gives the statements under a link's filters in a history; `{"do": "show", …, "rows": path,
//! "before": path}` what is seen of the rows in Arrow files.

use std::fs::File;
use std::io::{self, BufRead, Write};

use arrow_array::RecordBatch;
use arrow_ipc::reader::StreamReader;
use metricflow::dashboards::pages::Page;
use metricflow::dashboards::rooms::Room;
use metricflow::state::filters::Filters;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Order {
    r#do: String,
    #[serde(default)]
    panel: String,
    #[serde(default)]
    query: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    rows: Option<String>,
    before: Option<String>,
}

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let answer =
            carried_out(&line?).unwrap_or_else(|error| json!({ "error": error.to_string() }));
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

fn carried_out(line: &str) -> Outcome<Value> {
    let order: Order = serde_json::from_str(line)?;
    let rooms = || Page::ALL.into_iter().flat_map(Page::rooms);
    if order.r#do == "list" {
        let listed =
            rooms().map(|room| json!({ "id": room.spec.id, "is_learned": room.is_learned }));
        return Ok(listed.collect());
    }
    let room: &Room = rooms()
        .find(|room| room.spec.id == order.panel)
        .ok_or("no such panel")?;
    let (filters, _) = Filters::from_query(&order.query, order.from.parse()?, order.to.parse()?);
    if order.r#do == "ask" {
        return Ok(serde_json::to_value(room.ask(&filters))?);
    }
    let (rows, before) = (read(order.rows)?, read(order.before)?);
    Ok(serde_json::to_value(room.show(&filters, &rows, &before)?)?)
}

fn read(path: Option<String>) -> Outcome<Vec<RecordBatch>> {
    let Some(path) = path else {
        return Ok(Vec::new());
    };
    let batches = StreamReader::try_new(File::open(path)?, None)?;
    Ok(batches.collect::<Result<_, _>>()?)
}

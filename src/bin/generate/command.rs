//! The command: arguments, rows, and the data set in its folder.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use metricflow::generation::Plan;
use metricflow::parameters::Scenario;

use super::arguments::{self, Arguments, USAGE};
use super::failure::Failure;
use super::folder::Folder;
use super::rows::{self, Made};

/// Runs the command.
///
/// # Errors
/// Why it did not do what it was asked for.
pub(crate) fn run(arguments: impl Iterator<Item = OsString>) -> Result<(), Failure> {
    let Some(Arguments {
        scenario,
        out,
        threads,
    }) = arguments::read(arguments)?
    else {
        return print(&format!("{USAGE}\n"), None);
    };
    let is_interrupted = Arc::new(AtomicBool::new(false));
    let started = Instant::now();
    let Some(out) = out else {
        let made = rows::make(&Plan::new(&scenario), threads, None, &is_interrupted)?;
        return print(&report(&scenario, &made)?, None);
    };
    let flag = Arc::clone(&is_interrupted);
    ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed))?;

    let folder = Folder::claim(&out)?;
    let plan = Plan::new(&scenario);
    let planned = started.elapsed();
    let staging = folder.staging();
    let made = rows::make(&plan, threads, Some(&staging), &is_interrupted)
        .and_then(|made| Ok((report(&scenario, &made)?, made)));
    let (report, made) = match made {
        Ok(made) => made,
        Err(failure) => {
            folder.give_up();
            return Err(failure);
        }
    };
    let left = folder.publish(&report)?;
    let summary = summary(&made, planned, started.elapsed());
    if let Some(left) = left {
        eprintln!("The new data set is whole, but the one before could not be removed.\n{left}");
    }
    print(&summary, Some(out))
}

/// What `scenario.json` holds: how to make the same rows again, and how to tell that they are.
fn report(scenario: &Scenario, made: &Made) -> Result<String, Failure> {
    let tables: BTreeMap<&str, serde_json::Value> = made
        .rows
        .iter()
        .map(|(table, rows)| {
            let checksum = format!("{:016x}", made.fingerprint.table(*table).unwrap_or(0));
            let facts = serde_json::json!({ "rows": rows, "checksum": checksum });
            (table.qualified(), facts)
        })
        .collect();
    let report = serde_json::json!({
        "query": scenario.to_query(),
        "as_of": scenario.as_of().to_string(),
        "fingerprint": made.fingerprint.to_string(),
        "tables": tables,
    });
    Ok(format!("{}\n", serde_json::to_string_pretty(&report)?))
}

/// Rows of each table, and how fast they were made and written.
fn summary(made: &Made, planned: Duration, elapsed: Duration) -> String {
    let total: u64 = made.rows.values().sum();
    let mut lines: Vec<String> = made
        .rows
        .iter()
        .map(|(table, rows)| format!("{:24} {rows:>14}", table.qualified()))
        .collect();
    lines.push(format!(
        "{:24} {total:>14}   {:.2} s (plan {:.3} s), {:.2} M rows/s, {}",
        "together",
        elapsed.as_secs_f64(),
        planned.as_secs_f64(),
        total as f64 / elapsed.as_secs_f64() / 1e6,
        made.fingerprint,
    ));
    format!("{}\n", lines.join("\n"))
}

fn print(text: &str, out: Option<PathBuf>) -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    output
        .write_all(text.as_bytes())
        .and_then(|()| output.flush())
        .map_err(|source| Failure::Output { source, out })
}

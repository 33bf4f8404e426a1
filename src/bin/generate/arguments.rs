//! What the command line asks for.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::PathBuf;

use lexopt::prelude::*;
use metricflow::parameters::{Preset, Scenario};
use thiserror::Error;

pub(crate) const USAGE: &str = "\
Usage: generate [QUERY] [--preset NAME] [--users N] [--out DIR] [--threads N] [--checksums]

  QUERY        the scenario as in a link, such as \"preset=tiny&seed=1\"; users may be 1 to a billion
  --preset     short for preset=NAME
  --users      short for users=N
  --out        where raw/, truth/ and scenario.json are written (default: data)
  --threads    threads that make and write rows (default: all cores); no byte depends on it
  --checksums  writes nothing but the rows and the checksum of each table, to standard output

A table is one file, raw/events.parquet, or a folder of that name with one file for each range of
users when there are more than 10,000. Memory depends on the threads, not on the users.

DIR changes only when everything is written: then the new data set takes the place of the one that
generate wrote there before. Other files in DIR stay. If DIR holds a raw/ or truth/ of somebody else,
nothing is written.";

/// Most threads that are started.
const MOST_THREADS: usize = 1_024;

/// A command line without mistakes.
pub(crate) struct Arguments {
    /// The scenario whose rows are made.
    pub(crate) scenario: Scenario,
    /// Where they are written; `None` when only checksums are wanted.
    pub(crate) out: Option<PathBuf>,
    /// Threads that make and write rows.
    pub(crate) threads: usize,
}

/// Why a command line asks for nothing that can be done.
#[derive(Debug, Error)]
pub(crate) enum Mistake {
    /// An unknown option, or one without its value.
    #[error("{0}\n\n{USAGE}")]
    Usage(#[from] lexopt::Error),
    /// A value that is no value of its option.
    #[error("{option} takes {expected}, not “{given}”.")]
    Value {
        /// The option.
        option: &'static str,
        /// What it takes.
        expected: String,
        /// What was given.
        given: String,
    },
    /// A scenario that cannot be made as it is asked for. A link falls back, a command does not.
    #[error("{0}")]
    Scenario(String),
}

/// Reads the command line; `None` asks for the usage.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn read(
    arguments: impl Iterator<Item = OsString>,
) -> Result<Option<Arguments>, Mistake> {
    let mut parser = lexopt::Parser::from_args(arguments);
    let mut pairs: Vec<String> = Vec::new();
    let mut out = PathBuf::from("data");
    let mut threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut are_checksums_enough = false;
    while let Some(argument) = parser.next()? {
        match argument {
            Long("preset") => pairs.push(format!("preset={}", parser.value()?.string()?)),
            Long("users") => pairs.push(format!("users={}", parser.value()?.string()?)),
            Long("out") => out = folder(parser.value()?)?,
            Long("threads") => threads = thread_count(&parser.value()?.string()?)?,
            Long("checksums") => are_checksums_enough = true,
            Long("help") | Short('h') => return Ok(None),
            Value(query) => pairs.push(query.string()?.trim_start_matches('?').to_owned()),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Some(Arguments {
        scenario: scenario(&pairs)?,
        out: (!are_checksums_enough).then_some(out),
        threads,
    }))
}

fn folder(given: OsString) -> Result<PathBuf, Mistake> {
    let text = given.to_string_lossy();
    if text.trim().is_empty() || text.starts_with("--") {
        return Err(Mistake::Value {
            option: "--out",
            expected: "a folder (./ before a name that begins with --)".to_owned(),
            given: text.into_owned(),
        });
    }
    Ok(PathBuf::from(given))
}

fn thread_count(given: &str) -> Result<usize, Mistake> {
    given
        .parse()
        .ok()
        .filter(|count| (1..=MOST_THREADS).contains(count))
        .ok_or_else(|| Mistake::Value {
            option: "--threads",
            expected: format!("a whole number from 1 to {MOST_THREADS}"),
            given: given.to_owned(),
        })
}

fn scenario(pairs: &[String]) -> Result<Scenario, Mistake> {
    let (scenario, notices) = Scenario::from_query_of_any_size(&pairs.join("&"));
    if notices.is_empty() {
        return Ok(scenario);
    }
    let mut text = String::new();
    for notice in &notices {
        let _ = write!(text, "{}.", notice.fault());
        // A preset's name alone reads as a parameter without a value.
        if notice.given.is_empty() && Preset::from_key(&notice.key).is_some() {
            let _ = write!(text, " The preset is chosen with --preset {}.", notice.key);
        }
        text.push('\n');
    }
    Err(Mistake::Scenario(text.trim_end().to_owned()))
}

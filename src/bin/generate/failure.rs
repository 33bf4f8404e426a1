//! Why the command fails.

use std::io;
use std::path::PathBuf;

use parquet::errors::ParquetError;
use thiserror::Error;

use super::arguments::Mistake;
use super::folder::Fault;

/// Why the command did not do what it was asked for. Each text says what became of the folder.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    /// The command line has a mistake.
    #[error("{0}\nNothing was written.")]
    Mistake(#[from] Mistake),
    /// The folder cannot be written to.
    #[error("{fault}{}", unwritten(fault))]
    Folder {
        /// Why.
        #[from]
        fault: Fault,
    },
    /// A table cannot be written.
    #[error("{}: {source}\nNothing was written.", path.display())]
    Parquet {
        /// The file.
        path: PathBuf,
        /// What the writer said, such as that the disk is full.
        source: ParquetError,
    },
    /// Somebody pressed Ctrl-C or ended the process.
    #[error("Interrupted. Nothing was written.")]
    Interrupted,
    /// No handler could be set for that.
    #[error("Interrupts cannot be caught: {0}\nNothing was written.")]
    Handler(#[from] ctrlc::Error),
    /// The report is no JSON.
    #[error("The report cannot be made: {0}\nNothing was written.")]
    Report(#[from] serde_json::Error),
    /// Nobody reads standard output any more.
    #[error("Standard output cannot be written: {source}{}", whole(out.as_ref()))]
    Output {
        /// What the system said.
        source: io::Error,
        /// The data set that is whole all the same.
        out: Option<PathBuf>,
    },
}

const fn unwritten(fault: &Fault) -> &'static str {
    if fault.leaves_all_as_it_was() {
        "\nNothing was written."
    } else {
        ""
    }
}

fn whole(out: Option<&PathBuf>) -> String {
    out.map_or_else(String::new, |out| {
        format!("\nThe data set in {} is whole.", out.display())
    })
}

impl Failure {
    /// What the process ends with: as a shell says it, 130 after an interrupt.
    pub(crate) const fn exit_code(&self) -> u8 {
        match self {
            Self::Interrupted => 130,
            _ => 1,
        }
    }
}

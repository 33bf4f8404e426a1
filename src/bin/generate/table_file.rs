//! One Parquet file of a table.

use std::fs::{self, File};
use std::path::PathBuf;

use arrow_array::RecordBatch;
use metricflow::generation::Table;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use super::failure::Failure;
use super::folder::Fault;

/// Rows after which a file begins a new row group: what bounds the memory of a writer.
const ROWS_A_GROUP: usize = 100_000;

/// A Parquet file under way.
pub(crate) struct TableFile {
    path: PathBuf,
    writer: ArrowWriter<File>,
}

impl TableFile {
    /// Begins a file, and makes its folder.
    ///
    /// # Errors
    /// What the system said of its path.
    pub(crate) fn create(path: PathBuf, table: Table) -> Result<Self, Failure> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(Fault::of(folder))?;
        }
        let file = File::create(&path).map_err(Fault::of(&path))?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .build();
        // Without Arrow's own schema, readers see plain strings where Arrow has dictionaries.
        let options = ArrowWriterOptions::new()
            .with_properties(properties)
            .with_skip_arrow_metadata(true);
        match ArrowWriter::try_new_with_options(file, table.schema(), options) {
            Ok(writer) => Ok(Self { path, writer }),
            Err(source) => Err(Failure::Parquet { path, source }),
        }
    }

    /// Adds rows.
    ///
    /// # Errors
    /// Such as a full disk.
    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<(), Failure> {
        let result = self.writer.write(batch).and_then(|()| {
            if self.writer.in_progress_rows() >= ROWS_A_GROUP {
                self.writer.flush()
            } else {
                Ok(())
            }
        });
        result.map_err(|source| self.failure(source))
    }

    /// Ends the file.
    ///
    /// # Errors
    /// Such as a full disk; some systems say so only when the file is synced.
    pub(crate) fn close(self) -> Result<(), Failure> {
        let Self { path, writer } = self;
        let file = match writer.into_inner() {
            Ok(file) => file,
            Err(source) => return Err(Failure::Parquet { path, source }),
        };
        Ok(file.sync_all().map_err(Fault::of(&path))?)
    }

    fn failure(&self, source: ParquetError) -> Failure {
        Failure::Parquet {
            path: self.path.clone(),
            source,
        }
    }
}

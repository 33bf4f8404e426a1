//! Writes a scenario's raw tables as Parquet: the way out of the tab, for dbt on a machine.

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    match native::run(std::env::args().skip(1)) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            std::process::ExitCode::FAILURE
        }
    }
}

#[cfg(target_arch = "wasm32")]
fn main() {}

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use std::collections::BTreeMap;
    use std::fs::{self, File};
    use std::path::{Path, PathBuf};
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::sync::mpsc;
    use std::time::Instant;

    use metricflow::generation::{Block, Fingerprint, Plan, Table, TableSet, checksum};
    use metricflow::parameters::Scenario;
    use parquet::arrow::ArrowWriter;
    use parquet::arrow::arrow_writer::ArrowWriterOptions;
    use parquet::basic::Compression;
    use parquet::file::properties::WriterProperties;

    type Failure = Box<dyn std::error::Error>;

    const USAGE: &str = "\
Usage: generate [QUERY] [--preset NAME] [--out DIR] [--threads N] [--checksums]

  QUERY        the scenario as in a link, such as \"preset=tiny&seed=1\"
  --preset     short for preset=NAME
  --out        where raw/, truth/ and scenario.json are written (default: data)
  --threads    threads that make rows (default: all cores); the bytes do not depend on it
  --checksums  writes nothing but the rows and the checksum of each table, to standard output";

    struct Arguments {
        query: String,
        out: PathBuf,
        threads: usize,
        checksums_only: bool,
    }

    fn read(mut arguments: impl Iterator<Item = String>) -> Result<Option<Arguments>, Failure> {
        let mut read = Arguments {
            query: String::new(),
            out: PathBuf::from("data"),
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            checksums_only: false,
        };
        while let Some(argument) = arguments.next() {
            let mut value = || {
                arguments
                    .next()
                    .ok_or_else(|| format!("{argument} needs a value\n\n{USAGE}"))
            };
            match argument.as_str() {
                "--preset" => read.query = format!("preset={}&{}", value()?, read.query),
                "--out" => read.out = PathBuf::from(value()?),
                "--threads" => read.threads = value()?.parse::<usize>()?.max(1),
                "--checksums" => read.checksums_only = true,
                "--help" | "-h" => return Ok(None),
                query if !query.starts_with("--") => {
                    read.query = format!("{}&{query}", read.query);
                }
                other => return Err(format!("unknown option {other}\n\n{USAGE}").into()),
            }
        }
        Ok(Some(read))
    }

    pub(super) fn run(arguments: impl Iterator<Item = String>) -> Result<(), Failure> {
        let Some(arguments) = read(arguments)? else {
            println!("{USAGE}");
            return Ok(());
        };
        let (scenario, notices) = Scenario::from_query(arguments.query.trim_matches('&'));
        for notice in &notices {
            eprintln!("{notice}");
        }
        let started = Instant::now();
        let mut output = Output::new((!arguments.checksums_only).then_some(&arguments.out))?;
        let plan = Plan::new(&scenario);
        let planned = started.elapsed();
        for (table, batch) in plan.global_tables() {
            output.add(table, 0, checksum(&batch), &batch)?;
        }
        make_blocks(&plan, arguments.threads, &mut output)?;
        let seconds = started.elapsed().as_secs_f64();
        let fingerprint = output.fingerprint.clone();
        let rows = output.close()?;

        let report = serde_json::json!({
            "query": scenario.to_query(),
            "as_of": scenario.as_of().to_string(),
            "fingerprint": fingerprint.to_string(),
            "tables": rows.iter().map(|(table, rows)| {
                let checksum = format!("{:016x}", fingerprint.table(*table).unwrap_or(0));
                (table.qualified(), serde_json::json!({ "rows": rows, "checksum": checksum }))
            }).collect::<BTreeMap<_, _>>(),
        });
        let report = format!("{}\n", serde_json::to_string_pretty(&report)?);
        if arguments.checksums_only {
            print!("{report}");
            return Ok(());
        }
        fs::write(arguments.out.join("scenario.json"), report)?;
        let total: u64 = rows.values().sum();
        for (table, rows) in &rows {
            println!("{:24} {rows:>12}", table.qualified());
        }
        println!(
            "{:24} {total:>12}   {seconds:.2} s (plan {:.3} s), {:.2} M rows/s, {}",
            "together",
            planned.as_secs_f64(),
            total as f64 / seconds / 1e6,
            fingerprint,
        );
        Ok(())
    }

    /// Makes all blocks on some threads, and hands them to `output` in order.
    fn make_blocks(plan: &Plan, threads: usize, output: &mut Output) -> Result<(), Failure> {
        let exposure = total_exposure(plan, threads);
        let next = AtomicU64::new(0);
        // A short queue: threads wait for the disk rather than fill the memory.
        let (sender, receiver) = mpsc::sync_channel::<Block>(threads);
        std::thread::scope(|scope| {
            for _ in 0..threads {
                let (sender, next) = (sender.clone(), &next);
                scope.spawn(move || {
                    loop {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        if index >= plan.blocks() {
                            break;
                        }
                        let block = plan.block(index, exposure, TableSet::BY_BLOCK);
                        if sender.send(block).is_err() {
                            break;
                        }
                    }
                });
            }
            drop(sender);
            let mut waiting = BTreeMap::new();
            let mut due = 0;
            // Ends when every thread is done; an error drops the receiver, which stops them.
            for block in receiver {
                waiting.insert(block.index, block);
                while let Some(block) = waiting.remove(&due) {
                    for rows in &block.tables {
                        output.add(rows.table, block.index, rows.checksum, &rows.batch)?;
                    }
                    due += 1;
                }
            }
            Ok(())
        })
    }

    fn total_exposure(plan: &Plan, threads: usize) -> u64 {
        let next = AtomicU64::new(0);
        let total = AtomicU64::new(0);
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    loop {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        if index >= plan.blocks() {
                            break;
                        }
                        total.fetch_add(plan.exposure(index), Ordering::Relaxed);
                    }
                });
            }
        });
        total.into_inner()
    }

    /// Parquet files, or nothing but checksums.
    struct Output {
        writers: BTreeMap<Table, ArrowWriter<File>>,
        fingerprint: Fingerprint,
        rows: BTreeMap<Table, u64>,
    }

    impl Output {
        fn new(directory: Option<&PathBuf>) -> Result<Self, Failure> {
            let mut writers = BTreeMap::new();
            if let Some(directory) = directory {
                for table in Table::ALL {
                    writers.insert(table, writer(directory, table)?);
                }
            }
            Ok(Self {
                writers,
                fingerprint: Fingerprint::new(),
                rows: BTreeMap::new(),
            })
        }

        fn add(
            &mut self,
            table: Table,
            block: u64,
            checksum: u64,
            batch: &arrow_array::RecordBatch,
        ) -> Result<(), Failure> {
            self.fingerprint.add(table, block, checksum);
            *self.rows.entry(table).or_default() += batch.num_rows() as u64;
            if let Some(writer) = self.writers.get_mut(&table) {
                writer.write(batch)?;
                // One row group a block bounds the memory of big tables; small ones collect.
                if writer.in_progress_rows() >= 100_000 {
                    writer.flush()?;
                }
            }
            Ok(())
        }

        fn close(self) -> Result<BTreeMap<Table, u64>, Failure> {
            for writer in self.writers.into_values() {
                writer.close()?;
            }
            Ok(self.rows)
        }
    }

    fn writer(directory: &Path, table: Table) -> Result<ArrowWriter<File>, Failure> {
        let directory = directory.join(table.schema_name());
        fs::create_dir_all(&directory)?;
        let file = File::create(directory.join(format!("{}.parquet", table.name())))?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .build();
        // Without Arrow's own schema, readers see plain strings where Arrow has dictionaries.
        let options = ArrowWriterOptions::new()
            .with_properties(properties)
            .with_skip_arrow_metadata(true);
        Ok(ArrowWriter::try_new_with_options(
            file,
            table.schema(),
            options,
        )?)
    }
}

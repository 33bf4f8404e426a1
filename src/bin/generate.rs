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
    use std::fmt::Display;
    use std::fs::{self, File};
    use std::path::{Path, PathBuf};
    use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
    use std::sync::mpsc;
    use std::time::Instant;

    use metricflow::generation::{Fingerprint, Plan, Table, TableSet, checksum};
    use metricflow::parameters::Scenario;
    use parquet::arrow::ArrowWriter;
    use parquet::arrow::arrow_writer::ArrowWriterOptions;
    use parquet::basic::Compression;
    use parquet::file::properties::WriterProperties;

    type Failure = Box<dyn std::error::Error + Send + Sync>;

    const USAGE: &str = "\
Usage: generate [QUERY] [--preset NAME] [--users N] [--out DIR] [--threads N] [--checksums]

  QUERY        the scenario as in a link, such as \"preset=tiny&seed=1\"
  --preset     short for preset=NAME
  --users      users, also more than a tab can hold
  --out        where raw/, truth/ and scenario.json are written (default: data)
  --threads    threads that make and write rows (default: all cores); no byte depends on it
  --checksums  writes nothing but the rows and the checksum of each table, to standard output

A table is one file, raw/events.parquet, or a folder of that name with one file for each range of
users when there are more than 10,000. Memory depends on the threads, not on the users.";

    /// Blocks of users up to which a table is one file.
    const BLOCKS_IN_ONE_FILE: u64 = 10;
    /// Files that a larger table has at least, and blocks that one of them has at most.
    const LEAST_PARTS: u64 = 16;
    const MOST_BLOCKS_A_PART: u64 = 10;
    /// Rows after which a file begins a new row group: what bounds the memory of a writer.
    const ROWS_A_GROUP: usize = 100_000;
    /// Most users: their numbers still fit the keys of their events.
    const MOST_USERS: u64 = 1_000_000_000;

    struct Arguments {
        query: String,
        users: Option<u64>,
        out: PathBuf,
        threads: usize,
        checksums_only: bool,
    }

    fn read(mut arguments: impl Iterator<Item = String>) -> Result<Option<Arguments>, Failure> {
        let mut read = Arguments {
            query: String::new(),
            users: None,
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
                "--users" => read.users = Some(whole("--users", &value()?, MOST_USERS)?),
                "--out" => read.out = PathBuf::from(value()?),
                "--threads" => read.threads = whole("--threads", &value()?, 1_024)? as usize,
                "--checksums" => read.checksums_only = true,
                "--help" | "-h" => return Ok(None),
                query if !query.starts_with('-') => {
                    read.query = format!("{}&{query}", read.query);
                }
                other => return Err(format!("unknown option {other}\n\n{USAGE}").into()),
            }
        }
        Ok(Some(read))
    }

    fn whole(option: &str, text: &str, most: u64) -> Result<u64, Failure> {
        text.parse()
            .ok()
            .filter(|number| (1..=most).contains(number))
            .ok_or_else(|| {
                format!("{option} takes a whole number from 1 to {most}, not {text}").into()
            })
    }

    /// The scenario that is asked for. Unlike a link, a command with a mistake in it does nothing.
    fn scenario(arguments: &Arguments) -> Result<Scenario, Failure> {
        let (scenario, notices) = Scenario::from_query(arguments.query.trim_matches('&'));
        if !notices.is_empty() {
            let lines: Vec<String> = notices.iter().map(ToString::to_string).collect();
            let hint =
                "Nothing was written. More users than a tab can hold are asked for with --users.";
            return Err(format!("{}\n{hint}", lines.join("\n")).into());
        }
        Ok(match arguments.users {
            Some(users) => scenario.with_any_users(users),
            None => scenario,
        })
    }

    pub(super) fn run(arguments: impl Iterator<Item = String>) -> Result<(), Failure> {
        let Some(arguments) = read(arguments)? else {
            println!("{USAGE}");
            return Ok(());
        };
        let scenario = scenario(&arguments)?;
        let out = (!arguments.checksums_only).then_some(arguments.out.as_path());
        if let Some(out) = out {
            clear(out)?;
        }
        let started = Instant::now();
        let plan = Plan::new(&scenario);
        let planned = started.elapsed();
        let mut made = Made::default();
        for (table, batch) in plan.global_tables() {
            made.add(table, 0, checksum(&batch), batch.num_rows() as u64);
            if let Some(out) = out {
                let mut writer = Writer::create(file_of(out, table, None), table)?;
                writer.write(&batch)?;
                writer.close()?;
            }
        }
        make_parts(&plan, &arguments, out, &mut made)?;
        let seconds = started.elapsed().as_secs_f64();
        let (fingerprint, rows) = (made.fingerprint, made.rows);

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
        let Some(out) = out else {
            print!("{report}");
            return Ok(());
        };
        // Last of all: a folder without it is not complete.
        let path = out.join("scenario.json");
        fs::write(&path, report).map_err(|error| at(&path, error))?;
        let total: u64 = rows.values().sum();
        for (table, rows) in &rows {
            println!("{:24} {rows:>14}", table.qualified());
        }
        println!(
            "{:24} {total:>14}   {seconds:.2} s (plan {:.3} s), {:.2} M rows/s, {}",
            "together",
            planned.as_secs_f64(),
            total as f64 / seconds / 1e6,
            fingerprint,
        );
        Ok(())
    }

    /// Takes away what an earlier run wrote, and nothing else: files of two runs must not mix.
    fn clear(out: &Path) -> Result<(), Failure> {
        let report = out.join("scenario.json");
        for schema in ["raw", "truth"] {
            let folder = out.join(schema);
            if !folder.exists() {
                continue;
            }
            if !report.exists() {
                let folder = folder.display();
                return Err(format!(
                    "{folder} is there already and was not completed by this command; remove it, or choose another --out"
                )
                .into());
            }
            fs::remove_dir_all(&folder).map_err(|error| at(&folder, error))?;
        }
        if report.exists() {
            fs::remove_file(&report).map_err(|error| at(&report, error))?;
        }
        Ok(())
    }

    /// An error with the path it belongs to.
    fn at(path: &Path, error: impl Display) -> Failure {
        format!("{}: {error}", path.display()).into()
    }

    /// Blocks in a part, by the number of users alone: the files are the same for any number of
    /// threads.
    fn blocks_per_part(blocks: u64) -> u64 {
        if blocks <= BLOCKS_IN_ONE_FILE {
            blocks.max(1)
        } else {
            (blocks / LEAST_PARTS).clamp(1, MOST_BLOCKS_A_PART)
        }
    }

    /// Where the rows of a table go, or those of one part of it.
    fn file_of(out: &Path, table: Table, part: Option<u64>) -> PathBuf {
        let path = out
            .join(table.schema_name())
            .join(format!("{}.parquet", table.name()));
        match part {
            Some(part) => path.join(format!("part-{part:05}.parquet")),
            None => path,
        }
    }

    /// What a part of the blocks came to.
    type Part = Vec<(Table, u64, u64, u64)>;

    /// Makes and writes all parts; each thread takes the next part that is left, so memory holds
    /// one block and one row group of each table for each thread.
    fn make_parts(
        plan: &Plan,
        arguments: &Arguments,
        out: Option<&Path>,
        made: &mut Made,
    ) -> Result<(), Failure> {
        let exposure = total_exposure(plan, arguments.threads);
        let per_part = blocks_per_part(plan.blocks());
        let parts = plan.blocks().div_ceil(per_part);
        let (next, has_failed) = (AtomicU64::new(0), AtomicBool::new(false));
        let (sender, receiver) = mpsc::channel::<Result<Part, Failure>>();
        std::thread::scope(|scope| {
            for _ in 0..arguments.threads.min(parts as usize) {
                let (sender, next, has_failed) = (sender.clone(), &next, &has_failed);
                scope.spawn(move || {
                    while !has_failed.load(Ordering::Relaxed) {
                        let part = next.fetch_add(1, Ordering::Relaxed);
                        if part >= parts {
                            break;
                        }
                        let end = ((part + 1) * per_part).min(plan.blocks());
                        let number = (parts > 1).then_some(part);
                        let result = make_part(plan, part * per_part..end, exposure, out, number);
                        has_failed.fetch_or(result.is_err(), Ordering::Relaxed);
                        if sender.send(result).is_err() {
                            break;
                        }
                    }
                });
            }
            drop(sender);
            for part in receiver {
                for (table, block, checksum, rows) in part? {
                    made.add(table, block, checksum, rows);
                }
            }
            Ok(())
        })
    }

    fn make_part(
        plan: &Plan,
        blocks: std::ops::Range<u64>,
        exposure: u64,
        out: Option<&Path>,
        number: Option<u64>,
    ) -> Result<Part, Failure> {
        let mut writers: BTreeMap<Table, Writer> = BTreeMap::new();
        let mut part = Vec::new();
        for index in blocks {
            let block = plan.block(index, exposure, TableSet::BY_BLOCK);
            for rows in block.tables {
                part.push((
                    rows.table,
                    index,
                    rows.checksum,
                    rows.batch.num_rows() as u64,
                ));
                let Some(out) = out else { continue };
                let writer = match writers.entry(rows.table) {
                    std::collections::btree_map::Entry::Occupied(entry) => entry.into_mut(),
                    std::collections::btree_map::Entry::Vacant(entry) => entry.insert(
                        Writer::create(file_of(out, rows.table, number), rows.table)?,
                    ),
                };
                writer.write(&rows.batch)?;
            }
        }
        for writer in writers.into_values() {
            writer.close()?;
        }
        Ok(part)
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

    /// Rows and checksums of what was made.
    #[derive(Default)]
    struct Made {
        fingerprint: Fingerprint,
        rows: BTreeMap<Table, u64>,
    }

    impl Made {
        fn add(&mut self, table: Table, block: u64, checksum: u64, rows: u64) {
            self.fingerprint.add(table, block, checksum);
            *self.rows.entry(table).or_default() += rows;
        }
    }

    /// A Parquet file under way.
    struct Writer {
        path: PathBuf,
        writer: ArrowWriter<File>,
    }

    impl Writer {
        fn create(path: PathBuf, table: Table) -> Result<Self, Failure> {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).map_err(|error| at(folder, error))?;
            }
            let file = File::create(&path).map_err(|error| at(&path, error))?;
            let properties = WriterProperties::builder()
                .set_compression(Compression::SNAPPY)
                .build();
            // Without Arrow's own schema, readers see plain strings where Arrow has dictionaries.
            let options = ArrowWriterOptions::new()
                .with_properties(properties)
                .with_skip_arrow_metadata(true);
            let writer = ArrowWriter::try_new_with_options(file, table.schema(), options)
                .map_err(|error| at(&path, error))?;
            Ok(Self { path, writer })
        }

        fn write(&mut self, batch: &arrow_array::RecordBatch) -> Result<(), Failure> {
            let (path, writer) = (&self.path, &mut self.writer);
            writer.write(batch).map_err(|error| at(path, error))?;
            if writer.in_progress_rows() >= ROWS_A_GROUP {
                writer.flush().map_err(|error| at(path, error))?;
            }
            Ok(())
        }

        fn close(self) -> Result<(), Failure> {
            self.writer
                .close()
                .map(drop)
                .map_err(|error| at(&self.path, error))
        }
    }
}

//! Fits models natively: the same code and the same bits as in the tab.
//!
//!     cargo run --release --example learn -- --inputs
//!     cargo run --release --example learn -- DIR "preset=demo" [MODEL…] [key=value…] [--leaks] [--streams] [--design] [--elsewhere=FILE]
//!
//! The first prints each model's statements as JSON; the second reads their rows from
//! `DIR/<input>.arrow` (Arrow IPC files), writes `DIR/<table>.arrow`, and prints a card a line; the
//! seconds of each model and each of its steps go to standard error.
//! With `--streams` it writes `DIR/<table>.stream` instead, the bytes that the tab's worker answers.
//! `--design` also writes what the boosted trees see, and who is on which side, as
//! `DIR/churn_design.arrow` and `DIR/ltv_design.arrow`.
//! `--elsewhere` also writes what the churn model says of other companies' snapshots, `FILE`'s rows of
//! `churn_features`, as `DIR/churn_elsewhere.arrow`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a tool for developers")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Instant;

use arrow_array::RecordBatch;
use arrow_ipc::writer::FileWriter;
use metricflow::generation::ipc_stream;
use metricflow::ml::{Frame, LEARNERS, Model, Settings, Task, churn, ltv};
use metricflow::parameters::Scenario;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|first| first == "--inputs") {
        let inputs: BTreeMap<&str, &str> = LEARNERS
            .iter()
            .flat_map(|learner| learner.inputs)
            .map(|input| (input.name, input.sql))
            .collect();
        println!("{}", serde_json::to_string(&inputs).unwrap());
        return;
    }
    let [folder, query, rest @ ..] = arguments.as_slice() else {
        panic!("a folder and a scenario are needed; see the top of this file");
    };
    let folder = Path::new(folder);
    let leaks = rest.iter().any(|argument| argument == "--leaks");
    let streams = rest.iter().any(|argument| argument == "--streams");
    let settings = Settings(
        rest.iter()
            .filter(|argument| !argument.starts_with("--"))
            .filter_map(|argument| argument.split_once('='))
            .map(|(key, value)| (key.to_owned(), value.parse().unwrap()))
            .collect(),
    );
    let elsewhere = rest
        .iter()
        .find_map(|argument| argument.strip_prefix("--elsewhere="));
    let wanted: Vec<&String> = rest
        .iter()
        .filter(|argument| !argument.contains('=') && !argument.starts_with("--"))
        .collect();
    for learner in LEARNERS {
        if !wanted.is_empty() && !wanted.iter().any(|key| *key == learner.model.key()) {
            continue;
        }
        let inputs = learner
            .inputs
            .iter()
            .filter(|input| leaks || !input.is_leaky)
            .map(|input| {
                let path = folder.join(format!("{}.arrow", input.name));
                let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
                (input.name.to_owned(), Frame::from_file(bytes).unwrap())
            });
        let task = Task {
            scenario: Scenario::from_query(query).0,
            settings: settings.clone(),
            leaks,
            inputs: inputs.collect(),
        };
        if rest.iter().any(|argument| argument == "--design") {
            match learner.model {
                Model::Churn => write(folder, "churn_design", &churn::design(&task).unwrap()),
                Model::Ltv => write(folder, "ltv_design", &ltv::design(&task).unwrap()),
                _ => {}
            }
        }
        if let (Model::Churn, Some(file)) = (learner.model, elsewhere) {
            let frame = Frame::from_file(fs::read(file).unwrap()).unwrap();
            let others = Task {
                scenario: Scenario::from_query(query).0,
                settings: Settings::default(),
                leaks: false,
                inputs: BTreeMap::from([("churn_features".to_owned(), frame)]),
            };
            let scored = churn::elsewhere(&task, &others).unwrap();
            write(folder, "churn_elsewhere", &scored);
        }
        let began = Instant::now();
        let mut steps: Vec<(String, Instant)> = Vec::new();
        let learned = learner.learn(&task, &mut |progress| {
            if steps.last().is_none_or(|(step, _)| *step != progress.step) {
                steps.push((progress.step, Instant::now()));
            }
        });
        match learned {
            Ok(learned) => {
                let ends = steps.iter().skip(1).map(|(_, at)| *at);
                let ends: Vec<Instant> = ends.chain([Instant::now()]).collect();
                for ((step, at), end) in steps.iter().zip(ends) {
                    eprintln!("  {step}: {:.3}", (end - *at).as_secs_f64());
                }
                eprintln!(
                    "{}: {:.2} s",
                    learner.model.label(),
                    began.elapsed().as_secs_f64()
                );
                println!("{}", serde_json::to_string(&learned.card).unwrap());
                for (table, batch) in &learned.tables {
                    if streams {
                        let bytes = ipc_stream(&table.schema(), std::slice::from_ref(batch));
                        let path = folder.join(format!("{}.stream", table.name));
                        fs::write(path, bytes.unwrap()).unwrap();
                        continue;
                    }
                    write(folder, table.name, batch);
                }
            }
            Err(error) => eprintln!("{}: {error}", learner.model.label()),
        }
    }
}

fn write(folder: &Path, name: &str, batch: &RecordBatch) {
    let file = fs::File::create(folder.join(format!("{name}.arrow"))).unwrap();
    let mut writer = FileWriter::try_new(file, &batch.schema()).unwrap();
    writer.write(batch).unwrap();
    writer.finish().unwrap();
}

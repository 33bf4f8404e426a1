//! Fits models natively: the same code and the same bits as in the tab.
//!
//!     cargo run --release --example learn -- --inputs
//!     cargo run --release --example learn -- DIR "preset=demo" [MODEL…] [key=value…] [--leaks] [--streams]
//!
//! The first prints each model's statements as JSON; the second reads their rows from
//! `DIR/<input>.arrow` (Arrow IPC files), writes `DIR/<table>.arrow`, and prints a card a line.
//! With `--streams` it writes `DIR/<table>.stream` instead, the bytes that the tab's worker answers.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a tool for developers")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Instant;

use arrow_ipc::writer::FileWriter;
use metricflow::generation::ipc_stream;
use metricflow::ml::{Frame, LEARNERS, Settings, Task};
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
            .filter_map(|argument| argument.split_once('='))
            .map(|(key, value)| (key.to_owned(), value.parse().unwrap()))
            .collect(),
    );
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
        let began = Instant::now();
        match (learner.learn)(&task, &mut |_| {}) {
            Ok(learned) => {
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
                    let path = folder.join(format!("{}.arrow", table.name));
                    let file = fs::File::create(path).unwrap();
                    let mut writer = FileWriter::try_new(file, &batch.schema()).unwrap();
                    writer.write(batch).unwrap();
                    writer.finish().unwrap();
                }
            }
            Err(error) => eprintln!("{}: {error}", learner.model.label()),
        }
    }
}

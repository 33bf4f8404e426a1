//! Every type of the engine against its own text (`tests/results/make_types.py`).

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::{TextTable, is_ambiguous, json_rows, unreadable_column};
use crate::warehouse::decode_file;

type Texts = BTreeMap<String, BTreeMap<String, Vec<Option<String>>>>;

const FILES: [(&str, &[u8]); 2] = [
    (
        "all_types",
        include_bytes!("../../tests/results/all_types.arrow"),
    ),
    ("cases", include_bytes!("../../tests/results/cases.arrow")),
];

#[test]
fn every_type_is_written_as_the_engine_writes_it() {
    let oracle: Texts =
        serde_json::from_str(include_str!("../../tests/results/texts.json")).unwrap();
    let mut wrong = Vec::new();
    for (name, bytes) in FILES {
        let batches = decode_file(bytes.to_vec()).unwrap();
        assert_eq!(unreadable_column(batches[0].schema_ref()), None);
        let table = TextTable::new(&batches);
        let expected = &oracle[name];
        assert_eq!(table.columns.len(), expected.len());
        for (place, column) in table.columns.iter().enumerate() {
            let cells: Vec<Option<String>> =
                table.rows.iter().map(|row| row[place].clone()).collect();
            if cells != expected[&column.name] {
                wrong.push(format!(
                    "{name}.{}: {cells:?}, not {:?}",
                    column.name, expected[&column.name]
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn json_and_csv_lose_no_value_and_name_no_type() {
    for (name, bytes) in FILES {
        let batches = decode_file(bytes.to_vec()).unwrap();
        let table = TextTable::new(&batches);
        let rows = json_rows(&batches);
        let csv = table.to_csv();
        let mut reader = ::csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
        let records: Vec<::csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(
            (rows.len(), records.len()),
            (table.rows.len(), table.rows.len())
        );
        for (row, (object, record)) in table.rows.iter().zip(rows.iter().zip(&records)) {
            for (place, column) in table.columns.iter().enumerate() {
                let json = &object[&column.name];
                let has_value = row[place].is_some();
                assert_eq!(!json.is_null(), has_value, "{name}.{}", column.name);
                assert_eq!(
                    !record[place].is_empty(),
                    has_value,
                    "{name}.{}",
                    column.name
                );
                assert!(!json.to_string().contains('<'), "{json}");
            }
        }
    }
}

/// The least and the greatest value of each type, as JSON.
#[test]
fn json_keeps_shapes_and_digits() {
    let expected: BTreeMap<String, [Json; 2]> =
        serde_json::from_str(include_str!("../../tests/results/shapes.json")).unwrap();
    let rows = json_rows(&decode_file(FILES[0].1.to_vec()).unwrap());
    for (column, [least, greatest]) in &expected {
        let found = (&rows[0][column], &rows[1][column]);
        assert_eq!(found, (least, greatest), "{column}");
    }
    assert!(rows[2].as_object().unwrap().values().all(Json::is_null));
}

#[test]
fn types_that_look_alike_in_arrow_are_told() {
    use arrow_schema::{DataType, Field, Schema, TimeUnit};
    let schema = |kind: DataType| Schema::new(vec![Field::new("x", kind, true)]);
    let list = |kind: DataType| DataType::new_list(kind, true);
    assert!(is_ambiguous(&schema(DataType::Binary)));
    assert!(is_ambiguous(&schema(list(DataType::Time64(
        TimeUnit::Microsecond
    )))));
    assert!(!is_ambiguous(&schema(list(DataType::Utf8))));
    let unknown = schema(list(DataType::Duration(TimeUnit::Second)));
    let (column, kind) = unreadable_column(&unknown).unwrap();
    assert!(column == "x" && kind.contains("Duration"), "{kind}");
}

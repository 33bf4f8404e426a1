//! Every type of the engine against its own text (`tests/results/make_types.py`).

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

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

#[test]
fn json_keeps_shapes_and_digits() {
    let batches = decode_file(FILES[0].1.to_vec()).unwrap();
    let rows = json_rows(&batches);
    let (least, most) = (&rows[0], &rows[1]);
    let expected: [(&str, Json, Json); 22] = [
        ("bool", json!(false), json!(true)),
        ("int", json!(-2_147_483_648_i64), json!(2_147_483_647)),
        (
            "bigint",
            json!("-9223372036854775808"),
            json!("9223372036854775807"),
        ),
        (
            "hugeint",
            json!("-170141183460469231731687303715884105728"),
            json!("170141183460469231731687303715884105727"),
        ),
        (
            "uhugeint",
            json!(0),
            json!("340282366920938463463374607431768211455"),
        ),
        ("float", json!(-3.402_823_5e38), json!(3.402_823_5e38)),
        ("dec_4_1", json!(-999.9), json!(999.9)),
        (
            "dec38_10",
            json!("-9999999999999999999999999999.9999999999"),
            json!("9999999999999999999999999999.9999999999"),
        ),
        ("date", json!("5877642-06-25 (BC)"), json!("5881580-07-10")),
        ("time", json!("00:00:00"), json!("24:00:00")),
        (
            "timestamp_ns",
            json!("1677-09-22T00:00:00.000000000"),
            json!("2262-04-11T23:47:16.854775806"),
        ),
        (
            "interval",
            json!("00:00:00"),
            json!("83 years 3 months 999 days 00:16:39.999999"),
        ),
        (
            "blob",
            json!("thisisalongblob\\x00withnullbytes"),
            json!("\\x00\\x00\\x00a"),
        ),
        ("small_enum", json!("DUCK_DUCK_ENUM"), json!("GOOSE")),
        ("int_array", json!([]), json!([42, 999, null, null, -42])),
        (
            "double_array",
            json!([]),
            json!([42.0, "NaN", "Infinity", "-Infinity", null, -42.0]),
        ),
        (
            "timestamptz_array",
            json!([]),
            json!([
                "1970-01-01T00:00:00.000000Z",
                "infinity",
                "-infinity",
                null,
                "2022-05-12T23:23:45.000000Z"
            ]),
        ),
        (
            "struct",
            json!({"a": null, "b": null}),
            json!({"a": 42, "b": "🦆🦆🦆🦆🦆🦆"}),
        ),
        (
            "map",
            json!({}),
            json!({"key1": "🦆🦆🦆🦆🦆🦆", "key2": "goose"}),
        ),
        ("union", json!("Frank"), json!(5)),
        ("fixed_int_array", json!([null, 2, 3]), json!([4, 5, 6])),
        (
            "uuid",
            json!("00000000-0000-0000-0000-000000000000"),
            json!("ffffffff-ffff-ffff-ffff-ffffffffffff"),
        ),
    ];
    for (column, low, high) in expected {
        assert_eq!((&least[column], &most[column]), (&low, &high), "{column}");
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

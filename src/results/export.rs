//! CSV as spreadsheets read it without changing what it says.
//!
//! # Source
//! docs/decisions/0127-csv-for-spreadsheets.md

use ::csv::{Terminator, WriterBuilder};

use super::{Column, ColumnKind};

/// Digits of a number that a spreadsheet keeps.
const SPREADSHEET_DIGITS: usize = 15;
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The mark of UTF-8, then the names of the columns.
pub(super) fn header(columns: &[Column]) -> String {
    let names = columns.iter().map(|column| safe(&column.name));
    format!("\u{feff}{}", records(std::iter::once(names.collect())))
}

/// One line a row (RFC 4180).
pub(super) fn lines(columns: &[Column], rows: &[Vec<Option<String>>]) -> String {
    let cell = |(cell, column): (&Option<String>, &Column)| match (cell, column.kind) {
        (None, _) => String::new(),
        (Some(text), ColumnKind::Number) => number(text),
        (Some(text), ColumnKind::Date) => text.clone(),
        (Some(text), ColumnKind::Text) => safe(text),
    };
    records(
        rows.iter()
            .map(|row| row.iter().zip(columns).map(cell).collect()),
    )
}

fn records(rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .from_writer(Vec::new());
    for row in rows {
        // A vector takes every write, and rows have as many cells as there are columns.
        let _ = writer.write_record(row);
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A number to as many digits as a spreadsheet keeps: `0.00444444444444444`, `5` for `5.0`.
fn number(text: &str) -> String {
    if let Some(whole) = text.strip_suffix(".0") {
        return whole.to_owned();
    }
    let mantissa = text.split('e').next().unwrap_or_default();
    let digits = mantissa.chars().filter(char::is_ascii_digit);
    let significant = digits.skip_while(|digit| *digit == '0').count();
    let is_whole = !text.contains(['.', 'e']);
    match text.parse::<f64>() {
        Ok(value) if !is_whole && value.is_finite() && significant > SPREADSHEET_DIGITS => {
            let rounded = format!("{value:.*e}", SPREADSHEET_DIGITS - 1);
            let rounded = rounded.parse::<f64>().map_or(value, |rounded| rounded);
            format!("{rounded:?}").trim_end_matches(".0").to_owned()
        }
        _ => text.to_owned(),
    }
}

/// Text that a spreadsheet takes for text: an apostrophe stands before what it would run as a
/// formula or turn into a date or another number.
fn safe(text: &str) -> String {
    if is_misread(text) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

fn is_misread(text: &str) -> bool {
    let is_formula = text.starts_with([
        '=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
    ]);
    // One more apostrophe before one: taking off the first gives every cell back.
    is_formula || text.starts_with('\'') || is_like_a_number(text) || is_like_a_date(text)
}

/// Digits with separators (`1-10`, `3/4`, `10:30`, `007`, `1e5`), but not a number that reads back
/// as it is written.
fn is_like_a_number(text: &str) -> bool {
    let inner = text
        .strip_prefix('(')
        .and_then(|text| text.strip_suffix(')'));
    let bare = inner.unwrap_or(text);
    let is_separator = |letter: char| {
        letter.is_whitespace() || matches!(letter, '-' | '/' | '.' | ':' | ',' | 'e' | 'E' | '+')
    };
    let begins = bare
        .trim_start_matches('.')
        .starts_with(|letter: char| letter.is_ascii_digit());
    let ends = bare.ends_with(|letter: char| letter.is_ascii_digit());
    let all = bare
        .chars()
        .all(|letter| letter.is_ascii_digit() || is_separator(letter));
    let reads_back = text.len() <= SPREADSHEET_DIGITS
        && !text.contains(['e', 'E'])
        && text
            .parse::<f64>()
            .is_ok_and(|value| value.to_string() == text);
    begins && ends && all && !reads_back
}

/// The name of a month with numbers: `5 March`, `Dec-25`, `SEPT2`.
fn is_like_a_date(text: &str) -> bool {
    if text.len() > 20 || !text.is_ascii() {
        return false;
    }
    let (mut months, mut numbers, mut others) = (0, 0, 0);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_alike = |letter: char| {
            (letter.is_ascii_alphabetic() && first.is_ascii_alphabetic())
                || (letter.is_ascii_digit() && first.is_ascii_digit())
        };
        let end = rest
            .find(|letter| !is_alike(letter))
            .filter(|end| *end > 0)
            .unwrap_or(if is_alike(first) { rest.len() } else { 1 });
        let (token, behind) = rest.split_at(end);
        rest = behind;
        if first.is_ascii_digit() {
            numbers += 1;
        } else if first.is_ascii_alphabetic() {
            let word = token.to_ascii_lowercase();
            let is_month = word == "sept"
                || MONTHS
                    .iter()
                    .any(|month| *month == word || month[..3] == word);
            if is_month {
                months += 1;
            } else {
                others += 1;
            }
        } else if !matches!(first, ' ' | '-' | '/' | '.' | ',') {
            others += 1;
        }
    }
    months == 1 && others == 0 && (1..=2).contains(&numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str, kind: ColumnKind) -> Column {
        Column {
            name: name.to_owned(),
            kind,
        }
    }

    #[test]
    fn formulas_are_disarmed_and_ranges_stay_text() {
        let misread = [
            "=1+1",
            "=HYPERLINK(\"http://x.example\")",
            "+1 555",
            "-2+3",
            "-text",
            "@SUM(1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "＝1+1",
            "1-10",
            "11-50",
            "51-200",
            "1/2",
            "10:30",
            "007",
            "1e5",
            "1E5",
            "(5)",
            "1 1/2",
            "12345678901234567",
            "1,000",
            "1.50",
            "Mar 5",
            "5 March",
            "Dec-25",
            "SEPT2",
            "'quoted",
        ];
        for text in misread {
            assert_eq!(safe(text), format!("'{text}"));
        }
        let plain = [
            "",
            "US",
            "1001+",
            "42",
            "0.5",
            "paid_search",
            "a=b",
            "Ann-Marie O'Neil",
            "anna17@example.com",
            "v1.2.3-rc",
            "may",
            "[1, 2]",
            "2 years",
            "Decade 5",
            "true",
            "🦆",
        ];
        for text in plain {
            assert_eq!(safe(text), text);
        }
    }

    #[test]
    fn numbers_stay_numbers_of_fifteen_digits() {
        let cases = [
            ("0.0044444444444444444", "0.00444444444444444"),
            ("0.1", "0.1"),
            ("5.0", "5"),
            ("-7", "-7"),
            ("-0.3333333333333333", "-0.333333333333333"),
            ("0.30000000000000004", "0.3"),
            ("1999999999.9999999999", "2000000000"),
            ("1.2345678901234568e+17", "1.23456789012346e17"),
            ("1e-05", "1e-05"),
            ("9223372036854775807", "9223372036854775807"),
            ("nan", "nan"),
        ];
        for (text, expected) in cases {
            assert_eq!(number(text), expected);
        }
    }

    #[test]
    fn every_cell_can_be_read_back() {
        let columns = [
            column("=name", ColumnKind::Text),
            column("size", ColumnKind::Text),
            column("day", ColumnKind::Date),
            column("n", ColumnKind::Number),
        ];
        let texts = ["=1+1", "1-10", "'", "''x", "a,b\"c\r\nd", "=", "é🦆", ""];
        let rows: Vec<Vec<Option<String>>> = texts
            .iter()
            .map(|text| {
                vec![
                    Some((*text).to_owned()),
                    None,
                    Some("2025-01-02 03:04:05".to_owned()),
                    Some("-1.5".to_owned()),
                ]
            })
            .collect();
        let csv = header(&columns) + &lines(&columns, &rows);
        let bare = csv.strip_prefix('\u{feff}').expect("a mark of UTF-8");
        let mut reader = ::csv::Reader::from_reader(bare.as_bytes());
        assert_eq!(&reader.headers().unwrap()[0], "'=name");
        let read: Vec<::csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        for (record, text) in read.iter().zip(texts) {
            let cell = record[0].strip_prefix('\'').unwrap_or(&record[0]);
            assert_eq!(cell, text);
            assert_eq!(&record[1], "");
            assert_eq!(&record[2], "2025-01-02 03:04:05");
            assert_eq!(&record[3], "-1.5");
        }
        assert_eq!(read.len(), texts.len());
    }
}

//! CSV as spreadsheets read it without changing what it says.
//!
//! # Source
//! docs/decisions/0127-csv-for-spreadsheets.md

use ::csv::{Terminator, WriterBuilder};
use chrono::Month;

use super::column::{Column, ColumnKind};

/// Digits of a number that a spreadsheet keeps.
const SPREADSHEET_DIGITS: usize = 15;

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
    let class = |letter: &u8| (letter.is_ascii_alphabetic(), letter.is_ascii_digit());
    let tokens = text
        .as_bytes()
        .chunk_by(|left, right| class(left) == class(right));
    let (mut months, mut numbers) = (0, 0);
    for token in tokens {
        match class(&token[0]) {
            (_, true) => numbers += 1,
            (true, _) if is_month(&String::from_utf8_lossy(token)) => months += 1,
            (true, _) => return false,
            _ if token.iter().all(|letter| b" -/.,".contains(letter)) => {}
            _ => return false,
        }
    }
    months == 1 && (1..=2).contains(&numbers)
}

fn is_month(word: &str) -> bool {
    word.parse::<Month>().is_ok() || word.eq_ignore_ascii_case("sept")
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
        let formulas = [
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
            "'quoted",
        ];
        let numbers = [
            "1-10", "11-50", "51-200", "1/2", "10:30", "007", "1e5", "1E5", "(5)", "1 1/2",
            "1,000", "1.50",
        ];
        let dates = ["Mar 5", "5 March", "Dec-25", "SEPT2"];
        let misread = formulas.iter().chain(&numbers).chain(&dates);
        for text in misread.chain(&["12345678901234567"]) {
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

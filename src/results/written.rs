//! Values as text, as the engine's own `cast(x as varchar)` writes them.

use arrow_buffer::IntervalMonthDayNano;
use arrow_data::decimal::format_decimal;
use chrono::{Datelike, NaiveDate};

use super::value::Value;

const DAY_SECS: i64 = 86_400;

/// A value as text; `None` is null.
pub(super) fn text(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null => return None,
        Value::Boolean(value) => value.to_string(),
        Value::Whole(number) => number.to_string(),
        Value::Single(number) => float(f64::from(*number), &format!("{number:?}")),
        Value::Double(number) => float(*number, &format!("{number:?}")),
        Value::Decimal { unscaled, scale } => format_decimal(*unscaled, *scale),
        Value::Text(text) => text.clone(),
        Value::Date(days) => date(*days),
        Value::Timestamp {
            units,
            per_second,
            has_zone,
        } => timestamp(*units, *per_second, *has_zone),
        Value::Union(member) => return text(member),
        Value::List(items) => format!("[{}]", joined(items.iter().map(nested))),
        Value::Tuple(members) => format!("({})", joined(members.iter().map(nested))),
        Value::Struct(members) => {
            let member =
                |(name, value): &(String, Value)| format!("{}: {}", quoted(name), nested(value));
            format!("{{{}}}", joined(members.iter().map(member)))
        }
        Value::Map(entries) => {
            let entry =
                |(key, value): &(Value, Value)| format!("{}={}", nested(key), nested(value));
            format!("{{{}}}", joined(entries.iter().map(entry)))
        }
    })
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

/// A value within another: text that could be read as something else is quoted.
fn nested(value: &Value) -> String {
    let Some(text) = text(value) else {
        return "NULL".to_owned();
    };
    let is_nested = matches!(
        value,
        Value::List(_) | Value::Struct(_) | Value::Tuple(_) | Value::Map(_) | Value::Union(_)
    );
    let has_edge = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_whitespace());
    let needs_quotes = text.is_empty()
        || text.eq_ignore_ascii_case("null")
        || has_edge(text.chars().next())
        || has_edge(text.chars().next_back())
        || text.contains(['"', '\'', '(', ')', ',', ':', '=', '[', ']', '{', '}']);
    if !is_nested && needs_quotes {
        quoted(&text)
    } else {
        text
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// A float: `shortest` is Rust's own writing, which differs in its exponent.
fn float(number: f64, shortest: &str) -> String {
    if number.is_nan() {
        return "nan".to_owned();
    }
    // Both write the shortest digits, and an exponent below 1e-4 and from 1e16.
    match shortest.split_once('e') {
        None => shortest.to_owned(),
        Some((mantissa, exponent)) => {
            let sign = if exponent.starts_with('-') { '-' } else { '+' };
            let mantissa = mantissa.trim_end_matches(".0");
            format!("{mantissa}e{sign}{:0>2}", exponent.trim_start_matches('-'))
        }
    }
}

/// Printable ASCII as it is, everything else as `\xAB`.
pub(super) fn blob(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b'\\' | b'\'' | b'"' => text.push_str(&format!("\\x{byte:02X}")),
            b' '..=b'~' => text.push(char::from(*byte)),
            _ => text.push_str(&format!("\\x{byte:02X}")),
        }
    }
    text
}

/// A day of the proleptic Gregorian calendar, `YYYY-MM-DD`; years before 1 count down with `(BC)`.
fn date(days: i64) -> String {
    const INFINITE: i64 = i32::MAX as i64;
    match days {
        INFINITE => "infinity".to_owned(),
        days if days == -INFINITE => "-infinity".to_owned(),
        days => day(days),
    }
}

fn day(days: i64) -> String {
    let (year, month, day) = civil(days);
    if year > 0 {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{:04}-{month:02}-{day:02} (BC)", 1 - year)
    }
}

/// Year, month and day of a day after 1970-01-01, far beyond chrono's range: the calendar repeats
/// after 400 years.
fn civil(days: i64) -> (i64, u32, u32) {
    const DAYS_OF_400_YEARS: i64 = 146_097;
    let within = i32::try_from(days.rem_euclid(DAYS_OF_400_YEARS)).unwrap_or_default();
    let date = NaiveDate::from_epoch_days(within).unwrap_or_default();
    let year = i64::from(date.year()) + 400 * days.div_euclid(DAYS_OF_400_YEARS);
    (year, date.month(), date.day())
}

/// Time of a day, `HH:MM:SS`, with as many digits of a second as it has.
pub(super) fn clock(units: i64, per_second: i64) -> String {
    let (seconds, fraction) = (units / per_second, units % per_second);
    let whole = format!(
        "{:02}:{:02}:{:02}",
        seconds / 3_600,
        seconds / 60 % 60,
        seconds % 60
    );
    whole + &fraction_text(fraction, per_second)
}

fn fraction_text(fraction: i64, per_second: i64) -> String {
    if fraction == 0 {
        return String::new();
    }
    let width = per_second.ilog10() as usize;
    let digits = format!("{fraction:0width$}");
    format!(".{}", digits.trim_end_matches('0'))
}

/// Whether a timestamp is no time at all.
fn infinite(units: i64) -> Option<&'static str> {
    match units {
        i64::MAX => Some("infinity"),
        units if units == -i64::MAX => Some("-infinity"),
        _ => None,
    }
}

/// A moment, `YYYY-MM-DD HH:MM:SS`, with `+00` where it has a zone: all are in UTC.
fn timestamp(units: i64, per_second: i64, has_zone: bool) -> String {
    if let Some(infinite) = infinite(units) {
        return infinite.to_owned();
    }
    let units_a_day = DAY_SECS * per_second;
    let date = day(units.div_euclid(units_a_day));
    let time = clock(units.rem_euclid(units_a_day), per_second);
    let zone = if has_zone { "+00" } else { "" };
    format!("{date} {time}{zone}")
}

/// The same as ISO 8601 with all digits of its unit: `2025-06-01T10:15:30.000000`, `Z` for a zone.
pub(super) fn iso(units: i64, per_second: i64, has_zone: bool) -> String {
    if let Some(infinite) = infinite(units) {
        return infinite.to_owned();
    }
    let units_a_day = DAY_SECS * per_second;
    let (days, within) = (units.div_euclid(units_a_day), units.rem_euclid(units_a_day));
    let (year, month, day) = civil(days);
    if !(0..=9_999).contains(&year) {
        return timestamp(units, per_second, has_zone);
    }
    let clock = clock(within / per_second, 1);
    let width = per_second.ilog10().max(6) as usize;
    let fraction = within % per_second * (1_000_000 / per_second).max(1);
    let zone = if has_zone { "Z" } else { "" };
    format!("{year:04}-{month:02}-{day:02}T{clock}.{fraction:0width$}{zone}")
}

/// A span: `1 year 2 months 3 days 04:05:06.7`.
pub(super) fn interval(span: IntervalMonthDayNano) -> String {
    let mut parts = Vec::new();
    let mut part = |number: i32, unit: &str| {
        if number != 0 {
            let plural = if number.abs() == 1 { "" } else { "s" };
            parts.push(format!("{number} {unit}{plural}"));
        }
    };
    part(span.months / 12, "year");
    part(span.months % 12, "month");
    part(span.days, "day");
    if span.nanoseconds != 0 || parts.is_empty() {
        let sign = if span.nanoseconds < 0 { "-" } else { "" };
        // The engine counts microseconds.
        let micros = i64::try_from(span.nanoseconds.unsigned_abs() / 1_000).unwrap_or(i64::MAX);
        parts.push(format!("{sign}{}", clock(micros, 1_000_000)));
    }
    parts.join(" ")
}

//! Numbers as they are written on the page.
//!
//! Thousands are set off by commas, units by a narrow no-break space, and a negative number has a
//! true minus sign. What can't be computed is never written as zero: it is left out.
//!
//! One number is written one way wherever it stands on a page (docs/decisions/0042-number-formats.md):
//! sentences, tiles and labels use [`ValueFormat::short`], tables and tooltips [`ValueFormat::full`], and the
//! two differ only for large amounts. So no sentence or tile formats a number by itself.

use chrono::{Datelike, NaiveDate};

/// Stands between a figure and its unit.
pub const THIN_SPACE: char = '\u{202f}';
const MINUS: char = '−';

/// What a value measures, and so how it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueFormat {
    /// Whole cents, written in dollars.
    Money,
    /// Things counted.
    Count,
    /// A fraction, written in percent.
    Percent,
    /// A ratio of two amounts.
    Ratio,
    /// Any other number: a mean, a score, a p-value.
    Number,
}

impl ValueFormat {
    /// For sentences, tiles and labels: money and ratios with three digits, counts below a million
    /// whole, percentages with one decimal: `$412k`, `9,876`, `104.2%`, `3.41`.
    #[must_use]
    pub fn short(self, value: f64) -> String {
        match self {
            Self::Money => signed(value, |cents| format!("${}", significant(cents / 100.0))),
            Self::Count if value.abs() < 999_999.5 && is_whole(value) => self.full(value),
            Self::Count | Self::Ratio => signed(value, significant),
            Self::Percent | Self::Number => self.full(value),
        }
    }

    /// All digits that matter, for tooltips and tables: `$412,345`, `9,876`, `104.2%`, `3.41`.
    #[must_use]
    pub fn full(self, value: f64) -> String {
        match self {
            Self::Money if value.abs() < 10_000.0 && value != 0.0 => {
                signed(value, |cents| format!("${}", grouped(cents / 100.0, 2)))
            }
            Self::Money => signed(value, |cents| format!("${}", grouped(cents / 100.0, 0))),
            Self::Count => signed(value, |count| grouped(count, 0)),
            // A few of very many are not nobody.
            Self::Percent if value > 0.0 && value < 0.0005 => "<0.1%".to_owned(),
            Self::Percent => signed(value, |fraction| percent(fraction, 1)),
            Self::Ratio => signed(value, |ratio| grouped(ratio, 2)),
            Self::Number => signed(value, three_digits),
        }
    }

    /// The label of an axis tick: `$400k`, `20`. Other units than dollars stand in the unit line.
    #[must_use]
    pub fn tick(self, value: f64) -> String {
        let value = match self {
            Self::Money => value / 100.0,
            Self::Percent => value * 100.0,
            Self::Count | Self::Ratio | Self::Number => value,
        };
        let sign = if self == Self::Money { "$" } else { "" };
        signed(value, |value| {
            let (scaled, suffix) = scale(value);
            let text = format!("{scaled:.2}");
            let text = text.trim_end_matches('0').trim_end_matches('.');
            format!("{sign}{text}{suffix}")
        })
    }

    /// The smallest step between ticks that are worth telling apart: a dollar, one thing counted.
    #[must_use]
    pub const fn least_step(self) -> Option<f64> {
        match self {
            Self::Money => Some(100.0),
            Self::Count => Some(1.0),
            Self::Percent | Self::Ratio | Self::Number => None,
        }
    }

    /// A difference, with its sign: `+$4.21k`, `−1.3 pp`; `±0.0 pp` where what is written is nothing.
    #[must_use]
    pub fn difference(self, value: f64) -> String {
        let size = value.abs();
        let text = match self {
            Self::Percent => format!("{:.1}{THIN_SPACE}pp", size * 100.0),
            Self::Money | Self::Count | Self::Ratio | Self::Number => self.short(size),
        };
        format!("{}{text}", sign(value, &text))
    }
}

/// Cents in whole dollars, for columns of figures: `$50`, `−$1,234`.
#[must_use]
pub fn whole_dollars(cents: f64) -> String {
    signed(cents, |cents| format!("${}", grouped(cents / 100.0, 0)))
}

/// A relative change, with its sign: `+3.1%`, `+60%`.
#[must_use]
pub fn change(fraction: f64) -> String {
    let size = fraction.abs();
    let text = percent(size, usize::from(size < 0.0995));
    format!("{}{text}", sign(fraction, &text))
}

/// Whether a change is written as none at all: `±0.0%`.
#[must_use]
pub fn is_no_change(written: &str) -> bool {
    written.starts_with('±')
}

fn sign(value: f64, written: &str) -> char {
    let is_nothing = !written.contains(|letter| ('1'..='9').contains(&letter));
    match value < 0.0 {
        _ if is_nothing => '±',
        true => MINUS,
        false => '+',
    }
}

/// A share in a sentence, as tiles and tables have it: `4.1%`, `52.3%`.
#[must_use]
pub fn share(fraction: f64) -> String {
    ValueFormat::Percent.short(fraction)
}

/// The relative change from `before` to `now`; `None` where it has no meaning.
#[must_use]
pub fn relative_change(now: f64, before: f64) -> Option<f64> {
    (before > 0.0 && now.is_finite()).then(|| now / before - 1.0)
}

/// A whole number with its thousands set off: `10,000`.
#[must_use]
pub fn count(number: u64) -> String {
    group_digits(&number.to_string())
}

/// A noun for so many: `row`, `rows`; `person`, `people`.
#[must_use]
pub fn noun(number: u64, one: &str) -> String {
    match (number, one) {
        (1, _) => one.to_owned(),
        (_, "person") => "people".to_owned(),
        _ => format!("{one}s"),
    }
}

/// So many of something: `1 row`, `1,234 rows`.
#[must_use]
pub fn counted(number: u64, one: &str) -> String {
    format!("{} {}", count(number), noun(number, one))
}

/// A duration for people: `640 ms`, `2.4 s`, `1 min 12 s`.
#[must_use]
pub fn duration(milliseconds: f64) -> String {
    if milliseconds < 1_000.0 {
        format!("{milliseconds:.0}{THIN_SPACE}ms")
    } else if milliseconds < 59_950.0 {
        format!("{:.1}{THIN_SPACE}s", milliseconds / 1_000.0)
    } else {
        let seconds = (milliseconds / 1_000.0).round() as u64;
        format!(
            "{}{THIN_SPACE}min {}{THIN_SPACE}s",
            seconds / 60,
            seconds % 60
        )
    }
}

/// An amount of memory: `156 MB`, `1.2 GB`.
#[must_use]
pub fn bytes(amount: u64) -> String {
    let megabytes = amount as f64 / 1e6;
    if megabytes < 1_000.0 {
        format!("{:.0}{THIN_SPACE}MB", megabytes.max(1.0))
    } else {
        format!("{:.1}{THIN_SPACE}GB", megabytes / 1e3)
    }
}

/// A month: `December 2025`.
#[must_use]
pub fn month_long(date: NaiveDate) -> String {
    format!("{} {}", MONTHS[date.month0() as usize % 12], date.year())
}

/// A month, short: `Dec 2025`.
#[must_use]
pub fn month_short(date: NaiveDate) -> String {
    format!(
        "{} {}",
        &MONTHS[date.month0() as usize % 12][..3],
        date.year()
    )
}

/// The name of a month alone: `December`.
#[must_use]
pub fn month_name(date: NaiveDate) -> &'static str {
    MONTHS[date.month0() as usize % 12]
}

/// A day: `31 Dec 2025`.
#[must_use]
pub fn day(date: NaiveDate) -> String {
    format!("{} {}", date.day(), month_short(date))
}

/// A day from its ISO text: `31 Dec 2025`; whatever is no day stays as it is.
#[must_use]
pub fn day_of(iso: &str) -> String {
    iso.parse().map_or_else(|_| iso.to_owned(), day)
}

/// A day with its month in full: `31 December 2025`.
#[must_use]
pub fn day_long(date: NaiveDate) -> String {
    format!("{} {}", date.day(), month_long(date))
}

/// The words of an identifier: `paid_search` → `Paid search`, `log_mrr` → `Log MRR`.
#[must_use]
pub fn words(identifier: &str) -> String {
    let parts = identifier.split('_').map(|part| match part {
        "mrr" => "MRR",
        other => other,
    });
    let spaced = parts.collect::<Vec<_>>().join(" ");
    let mut letters = spaced.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => spaced,
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn signed(value: f64, write: impl Fn(f64) -> String) -> String {
    let text = write(value.abs());
    if value < 0.0 && text.bytes().any(|byte| matches!(byte, b'1'..=b'9')) {
        format!("{MINUS}{text}")
    } else {
        text
    }
}

fn is_whole(value: f64) -> bool {
    value.fract().abs() < 1e-9
}

fn percent(fraction: f64, decimals: usize) -> String {
    format!("{:.*}%", decimals, fraction * 100.0)
}

/// The number in its own thousands: 412,345 → (412.345, "k").
fn scale(value: f64) -> (f64, &'static str) {
    match value {
        small if small < 999.5 => (value, ""),
        thousands if thousands < 999_500.0 => (value / 1e3, "k"),
        millions if millions < 999_500_000.0 => (value / 1e6, "M"),
        _ => (value / 1e9, "bn"),
    }
}

fn significant(value: f64) -> String {
    let (scaled, suffix) = scale(value);
    let whole = suffix.is_empty() && value.fract().abs() < 1e-9;
    let decimals = match scaled {
        _ if whole => 0,
        hundreds if hundreds >= 99.95 => 0,
        tens if tens >= 9.995 => 1,
        _ => 2,
    };
    format!("{scaled:.decimals$}{suffix}")
}

/// Three digits of a number of any size, and all digits of a whole one: `1,235`, `12.3`, `0.0420`,
/// `1.23e-7`.
fn three_digits(value: f64) -> String {
    const SMALLEST: f64 = 1e-4;
    if is_whole(value) && value >= 1.0 || value == 0.0 {
        return grouped(value, 0);
    }
    let scientific = format!("{value:.2e}");
    let exponent = scientific.split_once('e');
    let exponent = exponent.and_then(|(_, exponent)| exponent.parse::<i32>().ok());
    match exponent {
        Some(exponent) if value >= SMALLEST => {
            grouped(value, usize::try_from(2 - exponent).unwrap_or_default())
        }
        _ => scientific,
    }
}

fn grouped(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    match text.split_once('.') {
        Some((whole, rest)) => format!("{}.{rest}", group_digits(whole)),
        None => group_digits(&text),
    }
}

fn group_digits(digits: &str) -> String {
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A text with a capital at its beginning.
#[must_use]
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// An error's message as a sentence: from a capital to a full stop.
#[must_use]
pub fn sentence(message: &str) -> String {
    format!("{}.", capital(message.trim_end_matches('.')))
}

#[cfg(test)]
mod tests {
    use super::ValueFormat::{Count, Money, Percent, Ratio};
    use super::*;

    fn check(written: String, expected: &str) {
        assert_eq!(written.replace(THIN_SPACE, " "), expected);
    }

    #[test]
    fn tiles_show_three_significant_digits() {
        check(Money.short(41_234_500.0), "$412k");
        check(Money.short(412_345_678.0), "$4.12M");
        check(Money.short(99_950_000.0), "$1.00M");
        check(Money.short(-123_400.0), "−$1.23k");
        check(Money.short(0.0), "$0");
        check(Count.short(412.0), "412");
        check(Count.short(999.6), "1.00k");
        check(Count.short(1_412_345.0), "1.41M");
        check(Percent.short(1.042), "104.2%");
        check(Percent.short(0.0312), "3.1%");
        check(Ratio.short(3.412), "3.41");
    }

    /// A tile said "2.78k" where the sentence below said "2,779", and "66.7%" beside "67%".
    #[test]
    fn a_figure_is_written_alike_in_tiles_sentences_and_tables() {
        for (count, text) in [(0.0, "0"), (2_779.0, "2,779"), (412_345.0, "412,345")] {
            check(Count.short(count), text);
            check(Count.full(count), text);
        }
        for (fraction, text) in [(2.0 / 3.0, "66.7%"), (0.0312, "3.1%"), (1.042, "104.2%")] {
            check(Percent.short(fraction), text);
            check(Percent.full(fraction), text);
            check(share(fraction), text);
        }
    }

    #[test]
    fn tooltips_show_what_matters() {
        check(Money.full(41_234_549.0), "$412,345");
        check(Money.full(1_999.0), "$19.99");
        check(Money.full(-41_234_549.0), "−$412,345");
        check(Money.full(0.0), "$0");
        check(whole_dollars(-5_000.0), "−$50");
        check(Count.full(1_234_567.0), "1,234,567");
        check(Percent.full(-0.0412), "−4.1%");
        check(Percent.full(-0.0002), "0.0%");
    }

    /// Three of 7,000 people were "0.0%".
    #[test]
    fn a_few_of_very_many_are_not_none() {
        check(share(3.0 / 7_000.0), "<0.1%");
        check(share(0.0005), "0.1%");
        check(share(0.0), "0.0%");
    }

    /// A column of probabilities was written "0", "0", "1".
    #[test]
    fn a_number_of_any_size_keeps_three_digits() {
        for (value, text) in [
            (0.0, "0"),
            (3.0, "3"),
            (1_234.5, "1,234"),
            (99.96, "100"),
            (12.345, "12.3"),
            (0.42, "0.420"),
            (-0.031_24, "−0.0312"),
            (0.099_999, "0.100"),
            (0.000_123_4, "0.000123"),
            (0.000_000_123, "1.23e-7"),
        ] {
            check(ValueFormat::Number.full(value), text);
            check(ValueFormat::Number.short(value), text);
        }
    }

    #[test]
    fn ticks_of_money_are_dollars() {
        check(Money.tick(40_000_000.0), "$400k");
        check(Money.tick(-2_000_000.0), "−$20k");
        check(Money.tick(150_000_000.0), "$1.5M");
        check(Money.tick(0.0), "$0");
        check(Percent.tick(0.25), "25");
        check(Count.tick(0.0), "0");
    }

    #[test]
    fn ticks_a_least_step_apart_are_written_differently() {
        for format in [Money, Count] {
            let step = format.least_step().unwrap();
            assert_ne!(format.tick(0.0), format.tick(step));
            assert_ne!(format.tick(step), format.tick(2.0 * step));
        }
    }

    #[test]
    fn changes_carry_their_sign_and_nonsense_is_left_out() {
        check(change(0.031), "+3.1%");
        check(change(-0.5), "−50%");
        check(change(1.5), "+150%");
        check(share(0.0412), "4.1%");
        check(share(0.52), "52.0%");
        check(Percent.difference(-0.013), "−1.3 pp");
        check(Percent.difference(-0.0004), "±0.0 pp");
        check(change(0.0), "±0.0%");
        check(change(-0.0006), "−0.1%");
        check(Money.difference(-0.4), "±$0.00");
        check(Money.difference(421_000.0), "+$4.21k");
        assert_eq!(relative_change(5.0, 0.0), None);
        assert_eq!(relative_change(3.0, 2.0), Some(0.5));
    }

    #[test]
    fn one_of_a_thing_is_no_plural() {
        assert_eq!(counted(0, "row"), "0 rows");
        assert_eq!(counted(1, "row"), "1 row");
        assert_eq!(counted(1_234, "data test"), "1,234 data tests");
        assert_eq!(counted(1, "person"), "1 person");
        assert_eq!(counted(2, "person"), "2 people");
    }

    #[test]
    fn times_memory_and_names() {
        check(duration(640.4), "640 ms");
        check(duration(2_440.0), "2.4 s");
        check(duration(72_400.0), "1 min 12 s");
        check(bytes(156_000_000), "156 MB");
        check(bytes(1_230_000_000), "1.2 GB");
        check(count(10_000), "10,000");
        check(words("paid_search"), "Paid search");
        check(words("log_mrr"), "Log MRR");
        let date = NaiveDate::from_ymd_opt(2025, 12, 31).unwrap_or_default();
        check(day(date), "31 Dec 2025");
        check(day_long(date), "31 December 2025");
        check(month_long(date), "December 2025");
    }
}

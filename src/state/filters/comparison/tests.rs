#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use chrono::{Datelike, Days, NaiveDate};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn read(query: &str, as_of: &str) -> Filters {
    Filters::from_query(query, day("2022-01-01"), day(as_of)).0
}

fn days(filters: Option<Filters>) -> Option<(NaiveDate, NaiveDate)> {
    filters.map(|filters| (filters.from, filters.to))
}

/// The input of the issue: 1 October to 15 December has 76 days, so the period before has them, too.
#[test]
fn a_range_that_ends_within_a_month_is_set_against_as_many_days() {
    let quarter = read("range=3m&compare=previous", "2025-12-15");
    assert_eq!(quarter.count_days(), 76);
    assert_eq!(
        days(quarter.compared()),
        Some((day("2025-07-17"), day("2025-09-30")))
    );
    // 77 days are eleven weeks.
    let weekdays = read("range=3m&compare=weekdays", "2025-12-15");
    assert_eq!(
        days(weekdays.compared()),
        Some((day("2025-07-16"), day("2025-09-29")))
    );
}

#[test]
fn whole_months_and_leap_years_have_as_many_days_before() {
    for (query, as_of, from, to) in [
        ("range=12m", "2025-12-31", "2024-01-02", "2024-12-31"),
        ("range=30d", "2025-12-31", "2025-11-02", "2025-12-01"),
        (
            "from=2025-02-01&to=2025-02-28",
            "2025-12-31",
            "2025-01-04",
            "2025-01-31",
        ),
        ("range=ytd", "2025-12-15", "2024-01-18", "2024-12-31"),
        ("range=ytd", "2024-02-29", "2023-11-02", "2023-12-31"),
        ("range=3m", "2024-02-29", "2023-09-01", "2023-11-30"),
        (
            "from=2024-02-29&to=2024-02-29",
            "2024-12-31",
            "2024-02-28",
            "2024-02-28",
        ),
    ] {
        let filters = read(query, as_of);
        let before = Some((day(from), day(to)));
        assert_eq!(days(filters.period_before()), before, "{query} on {as_of}");
    }
}

#[test]
fn nothing_is_set_against_days_that_are_not_there() {
    assert_eq!(read("range=all", "2025-12-31").period_before(), None);
    // Reaches before the data: cut to them, so there is nothing before.
    let cut = read("from=2020-01-01&to=2022-03-01", "2025-12-31");
    assert_eq!((cut.from, cut.to), (day("2022-01-01"), day("2022-03-01")));
    assert_eq!(cut.period_before(), None);
    // 30 days before the 30 January lie in the data, 31 do not.
    let next = read("from=2022-01-31&to=2022-03-01", "2025-12-31");
    assert_eq!(
        days(next.period_before()),
        Some((day("2022-01-01"), day("2022-01-30")))
    );
    let longer = read("from=2022-01-31&to=2022-03-02", "2025-12-31");
    assert_eq!(longer.period_before(), None);
}

/// Habits are of 28 days, however long the range is.
#[test]
fn windows_of_28_days_do_not_overlap() {
    let spans = |query: &str| {
        let filters = read(query, "2025-12-31");
        let before = filters.before(Basis::Last28Days)?;
        Some((
            filters.span(Basis::Last28Days),
            before.span(Basis::Last28Days),
        ))
    };
    let last = (day("2025-12-04"), day("2025-12-31"));
    assert_eq!(
        spans("range=3m"),
        Some((last, (day("2025-09-03"), day("2025-09-30"))))
    );
    let week = spans("from=2025-12-25&to=2025-12-31");
    assert_eq!(week, Some((last, (day("2025-11-06"), day("2025-12-03")))));
    assert_eq!(spans("from=2022-01-28&to=2022-02-24"), None);
}

#[test]
fn months_are_set_against_as_many_months_earlier_and_a_running_one_against_none() {
    let quarter = read("range=3m", "2025-12-15");
    assert_eq!((quarter.months(), quarter.whole_months()), (3, 2));
    assert_eq!(
        days(quarter.before(Basis::MonthEnds)),
        Some((day("2025-07-01"), day("2025-09-30")))
    );
    // October and November against July and August.
    assert_eq!(
        days(quarter.before(Basis::WholeMonths)),
        Some((day("2025-07-01"), day("2025-08-31")))
    );
    assert_eq!(quarter.month_before(), Some(day("2025-09-01")));
    for as_of in ["2025-12-31", "2024-02-29"] {
        let whole = read("range=3m", as_of);
        let ends = days(whole.before(Basis::MonthEnds));
        assert_eq!(days(whole.before(Basis::WholeMonths)), ends);
    }
    // A range within the month that is under way.
    let month = read("range=ytd", "2025-01-15");
    assert_eq!(month.whole_months(), 0);
    assert_eq!(month.before(Basis::WholeMonths), None);
    assert_eq!(
        days(month.before(Basis::MonthEnds)),
        Some((day("2024-12-01"), day("2024-12-31")))
    );
    // 29 February is the month's last day, the 28th of that year is not.
    assert_eq!(read("range=3m", "2024-02-29").whole_months(), 3);
    assert_eq!(read("range=3m", "2024-02-28").whole_months(), 2);
    assert_eq!(read("range=3m", "2023-02-28").whole_months(), 3);
}

/// A history, a range in it, and whether weekdays are kept.
fn ranges() -> impl Strategy<Value = Filters> {
    let keys = ["30d", "90d", "3m", "6m", "12m", "ytd", "all"];
    let history = (0_u64..5_000, 1_u32..60, 1_u64..31);
    let range = prop_oneof![
        proptest::sample::select(keys.to_vec()).prop_map(|key| (key, 0, 0)),
        (0_u64..2_000, 0_u64..800).prop_map(|(from, days)| ("", from, days)),
    ];
    (history, range, any::<bool>()).prop_map(|((start, months, day_of), range, same_weekdays)| {
        let start = (day("2015-01-01") + Days::new(start)).with_day(1).unwrap();
        let as_of = start + chrono::Months::new(months) + Days::new(day_of - 1);
        let query = match range {
            ("", from, days) => {
                let from = start + Days::new(from);
                let to = from + Days::new(days);
                format!("from={from}&to={to}")
            }
            (key, ..) => format!("range={key}"),
        };
        let (mut filters, _) = Filters::from_query(&query, start, as_of);
        (filters.compare, filters.same_weekdays) = (true, same_weekdays);
        filters
    })
}

proptest! {
    #![proptest_config(Config { rng_seed: RngSeed::Fixed(14), cases: 2_000, failure_persistence: None, ..Config::default() })]

    #[test]
    fn like_is_set_against_like(filters in ranges()) {
        let one = Days::new(1);
        if let Some(before) = filters.compared() {
            prop_assert_eq!(before.count_days(), filters.count_days());
            prop_assert!(before.from >= filters.starts_on() && before.to < filters.from);
            if filters.same_weekdays {
                prop_assert_eq!(before.from.weekday(), filters.from.weekday());
                prop_assert!((filters.from - before.to).num_days() <= 7);
            } else {
                prop_assert_eq!(before.to + one, filters.from);
            }
            // The way back: as many days after the period before are the range.
            let moved = filters.from - before.from;
            prop_assert_eq!(before.to + moved, filters.to);
            if let Some(earlier) = before.period_before() {
                prop_assert_eq!(before.from - earlier.from, moved);
            }
        } else {
            let days = filters.count_days() + if filters.same_weekdays { 6 } else { 0 };
            let first = filters.from.checked_sub_days(Days::new(days));
            prop_assert!(first.is_none_or(|first| first < filters.starts_on()));
        }
    }

    #[test]
    fn months_are_whole_and_as_many(filters in ranges()) {
        for basis in [Basis::MonthEnds, Basis::WholeMonths] {
            let Some(before) = filters.compared_on(basis) else { continue };
            prop_assert_eq!(before.from.day(), 1);
            prop_assert_eq!((before.to + Days::new(1)).day(), 1);
            prop_assert!(before.from >= filters.starts_on() && before.to < filters.first_month());
            let expected = match basis {
                Basis::MonthEnds => filters.months(),
                _ => filters.whole_months(),
            };
            prop_assert_eq!(before.months(), expected);
            // The first stands against the first: as many months earlier as the range touches.
            let first = before.from + chrono::Months::new(filters.months());
            prop_assert_eq!(first, filters.first_month());
            prop_assert_eq!(before.whole_months(), before.months());
        }
        if let Some(before) = filters.compared_on(Basis::Last28Days) {
            let ((first, last), now) = (before.span(Basis::Last28Days), filters.span(Basis::Last28Days));
            prop_assert_eq!((last - first).num_days(), 27);
            prop_assert!(last < now.0 && last < filters.from && first >= filters.starts_on());
        }
    }
}

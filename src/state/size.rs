//! How large a scenario will be, said before it runs: `docs/decisions/0117-size.md`.

use super::expected_rows;
use crate::parameters::{Parameter, Scenario};

/// What a tab holds before the first row: page, engine, workers.
const BASE_BYTES: f64 = 540e6;
/// Memory of the tab at its peak for each raw row: events and sessions lie compressed.
const BYTES_PER_ROW: f64 = 19.0;
/// The same for each user besides: what models make of them, a row a user and month above all.
const BYTES_PER_USER: f64 = 9_500.0;

/// The most a tab may take: a little more than the largest that was measured. The engine is a 32-bit
/// program of at most 4 GB and gives its tables and statements 3.1 GiB of them.
const MOST_BYTES: u64 = 2_600_000_000;

/// What a tab may take on any device: Tiny is meant for phones.
const LEAST_BYTES: u64 = 700_000_000;

/// The share of a device's memory that a tab may take.
const SHARE_OF_DEVICE: f64 = 0.5;

/// The size of a scenario's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Events.
    pub events: u64,
    /// Rows of all raw tables.
    pub rows: u64,
    /// Resident memory of the tab's process at its peak, while models are built, in bytes.
    pub memory_bytes: u64,
}

/// Estimates the size of `scenario`; within a quarter of what was measured (`docs/benchmarks.md`).
#[must_use]
pub fn size(scenario: &Scenario) -> Size {
    let users = scenario.users() as f64;
    let rows = expected_rows(scenario);
    let memory = BASE_BYTES + users * BYTES_PER_USER + rows as f64 * BYTES_PER_ROW;
    Size {
        events: (users * scenario.number(Parameter::EventsPerUser)) as u64,
        rows,
        memory_bytes: memory as u64,
    }
}

/// What a tab may take, in bytes, on a device of so many GiB of memory. Browsers that don't tell are
/// taken for large.
#[must_use]
pub fn budget(device_gib: Option<f64>) -> u64 {
    device_gib
        .filter(|gib| gib.is_finite() && *gib > 0.0)
        .map_or(MOST_BYTES, |gib| {
            let share = gib * f64::from(1 << 30) * SHARE_OF_DEVICE;
            (share as u64).clamp(LEAST_BYTES, MOST_BYTES)
        })
}

/// Says whether `scenario` fits into `budget` bytes.
#[must_use]
pub fn fits(scenario: &Scenario, budget: u64) -> bool {
    size(scenario).memory_bytes <= budget
}

/// The scenario with the most users that fit into `budget` bytes, in two or three digits; `None` when
/// even the fewest don't.
#[must_use]
pub fn largest(scenario: &Scenario, budget: u64) -> Option<Scenario> {
    let with =
        |users: u64| scenario.with(Parameter::Users, i64::try_from(users).unwrap_or(i64::MAX));
    let (mut fitting, mut too_many) = (0, scenario.users() + 1);
    while too_many - fitting > 1 {
        let users = fitting + (too_many - fitting) / 2;
        if fits(&with(users), budget) {
            fitting = users;
        } else {
            too_many = users;
        }
    }
    let unit = if fitting >= 10_000 { 1_000 } else { 100 };
    let round = with(fitting / unit * unit);
    // The parameter has a least value of its own.
    fits(&round, budget).then_some(round)
}

/// Why `scenario` is refused with `budget` bytes; `None` when it fits.
#[must_use]
pub fn refusal(scenario: &Scenario, budget: u64) -> Option<String> {
    if fits(scenario, budget) {
        return None;
    }
    let needed = gigabytes(size(scenario).memory_bytes);
    Some(format!(
        "Too large for this tab: at its peak, while models are built, it would need an estimated {needed} GB of memory. {}",
        limit(budget)
    ))
}

/// How much memory can be used, and why no more, as a sentence.
#[must_use]
pub fn limit(budget: u64) -> String {
    let why = match budget {
        MOST_BYTES.. => "about as much as the largest run that was measured",
        LEAST_BYTES.. if budget > LEAST_BYTES => "half of this device’s memory",
        _ => "since this device has little memory",
    };
    format!("Up to {} GB can be used, {why}.", gigabytes(budget))
}

/// The engine got no more memory from the browser.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "The engine ran out of memory while {what}: the browser gave it no more. The engine was restarted. Close other tabs and run it again, or choose a smaller size."
)]
pub struct OutOfMemory {
    /// What it was doing, as a participle phrase.
    pub what: String,
}

/// Whether the engine's words say that it got no memory.
#[must_use]
pub fn is_memory(words: &str) -> bool {
    let words = words.to_ascii_lowercase();
    [
        "out of memory",
        "allocation failure",
        "bad_alloc",
        "failed to allocate",
        "could not allocate",
    ]
    .iter()
    .any(|phrase| words.contains(phrase))
}

/// The scenario with the most users that need half of what `scenario` needs beyond an empty tab, for
/// one that did not get its memory; `None` when there is none smaller.
#[must_use]
pub fn smaller(scenario: &Scenario) -> Option<Scenario> {
    let needed = size(scenario).memory_bytes as f64;
    let budget = BASE_BYTES + (needed - BASE_BYTES) / 2.0;
    largest(scenario, budget as u64).filter(|smaller| smaller.users() < scenario.users())
}

fn gigabytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / 1e9)
}

/// What this tab may take, in bytes.
#[cfg(target_arch = "wasm32")]
#[must_use]
pub fn budget_of_this_tab() -> u64 {
    let navigator = web_sys::window().map(|window| window.navigator());
    let told = navigator.and_then(|navigator| {
        let key = wasm_bindgen::JsValue::from_str("deviceMemory");
        js_sys::Reflect::get(&navigator, &key).ok()?.as_f64()
    });
    budget(told)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameters::Preset;

    #[test]
    fn presets_fit_and_the_largest_scenario_does_not() {
        let budget = budget(None);
        for preset in Preset::ALL {
            assert!(fits(&Scenario::preset(preset), budget), "{preset:?}");
        }
        let much = Scenario::default()
            .with(Parameter::Users, 200_000)
            .with(Parameter::EventsPerUser, 400);
        let refusal = refusal(&much, budget).unwrap();
        assert!(
            refusal.starts_with("Too large for this tab: at its peak, while models are built, it would need an estimated 4."),
            "{refusal}"
        );
        // What the figure is of, and where the limit comes from.
        assert!(
            refusal.ends_with(
                " GB of memory. Up to 2.6 GB can be used, about as much as the largest run that was measured."
            ),
            "{refusal}"
        );
        assert!(limit(super::budget(Some(4.0))).contains("half of this device’s memory"));
        assert!(limit(super::budget(Some(1.0))).contains("this device has little memory"));
        let largest = largest(&much, budget).unwrap();
        assert!(fits(&largest, budget));
        assert_eq!(largest.steps(Parameter::EventsPerUser), 400);
        // A little more does not fit: it is the largest.
        let users = largest.steps(Parameter::Users);
        assert_eq!(users % 1_000, 0);
        assert!(!fits(&much.with(Parameter::Users, users + 1_000), budget));
    }

    /// Peak of the tab's process in MB, by `benches/memory.mjs`; the table of `docs/benchmarks.md`.
    const MEASURED: [(i64, i64, i64, f64); 10] = [
        (500, 100, 48, 579.0),
        (10_000, 200, 48, 808.0),
        (10_000, 200, 12, 740.0),
        (5_000, 50, 60, 686.0),
        (50_000, 20, 48, 1_122.0),
        (20_000, 400, 48, 977.0),
        (100_000, 5, 48, 1_532.0),
        (30_000, 200, 24, 1_025.0),
        (150_000, 50, 48, 2_418.0),
        (50_000, 200, 48, 1_300.0),
    ];

    #[test]
    fn the_estimate_is_within_a_quarter_of_what_was_measured() {
        for (users, events, months, measured) in MEASURED {
            let scenario = Scenario::default()
                .with(Parameter::Users, users)
                .with(Parameter::EventsPerUser, events)
                .with(Parameter::Months, months);
            let estimated = size(&scenario).memory_bytes as f64 / 1e6;
            let ratio = estimated / measured;
            assert!((0.75..=1.25).contains(&ratio), "{scenario:?}: {ratio:.2}");
        }
    }

    #[test]
    fn a_run_that_got_no_memory_is_offered_at_about_half_its_users() {
        let scenario = Scenario::preset(Preset::Demo).with(Parameter::Users, 4_000);
        let smaller = smaller(&scenario).unwrap();
        // The spend of campaigns is the same for any number of users.
        assert!(
            (1_700..=2_000).contains(&smaller.users()),
            "{}",
            smaller.users()
        );
        assert_eq!(super::smaller(&scenario.with(Parameter::Users, 100)), None);
    }

    #[test]
    fn the_engines_words_for_no_memory_are_known() {
        for words in [
            "Failed to insert into table 'sessions': Allocation failure",
            "Out of Memory Error: failed to allocate data of size 16.0 MiB",
            "std::bad_alloc",
        ] {
            assert!(is_memory(words), "{words}");
        }
        assert!(!is_memory(
            "Binder Error: Referenced column \"memory\" not found"
        ));
    }

    #[test]
    fn a_small_device_takes_less() {
        assert_eq!(budget(Some(8.0)), MOST_BYTES);
        assert_eq!(budget(Some(f64::NAN)), MOST_BYTES);
        assert_eq!(budget(Some(2.0)), 1 << 30);
        assert_eq!(budget(Some(0.5)), LEAST_BYTES);
        let full = Scenario::preset(Preset::Full);
        assert!(!fits(&full, budget(Some(1.0))));
        assert!(largest(&full, budget(Some(1.0))).is_some());
        assert!(fits(&Scenario::preset(Preset::Tiny), budget(Some(1.0))));
        assert_eq!(largest(&full, 1), None);
    }
}

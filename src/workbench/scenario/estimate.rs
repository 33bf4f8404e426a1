//! How large a scenario will be, said before it runs.

use crate::parameters::{Parameter, Scenario};
use crate::state::expected_rows;

/// What the engine holds before the first row.
const BASE_BYTES: f64 = 90e6;
/// Memory at the peak, while models are built, for each raw row.
const BYTES_PER_ROW: f64 = 95.0;
/// What a tab is let have: WebAssembly's 4 GB less room for the engine's own work.
const LIMIT_BYTES: f64 = 3.2e9;

/// The size of a scenario's data.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Events.
    pub events: u64,
    /// Rows of all raw tables.
    pub rows: u64,
    /// Memory of the engine at its peak.
    pub memory_bytes: u64,
    /// Whether that fits into a tab.
    pub fits: bool,
    /// The most users that fit at these events a user.
    pub most_users: u64,
}

/// Estimates the size of `scenario`.
#[must_use]
pub fn estimate(scenario: &Scenario) -> Estimate {
    let users = scenario.users() as f64;
    let events_per_user = scenario.number(Parameter::EventsPerUser);
    let rows = expected_rows(scenario);
    let rows_per_user = rows as f64 / users;
    let memory = BASE_BYTES + users * rows_per_user * BYTES_PER_ROW;
    let most_users = (LIMIT_BYTES - BASE_BYTES) / (rows_per_user * BYTES_PER_ROW);
    Estimate {
        events: (users * events_per_user) as u64,
        rows,
        memory_bytes: memory as u64,
        fits: memory <= LIMIT_BYTES,
        // Whole thousands, downwards.
        most_users: (most_users / 1e3) as u64 * 1_000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameters::Preset;

    #[test]
    fn presets_fit_and_the_largest_scenario_does_not() {
        for preset in Preset::ALL {
            assert!(estimate(&Scenario::preset(preset)).fits, "{preset:?}");
        }
        let largest = Scenario::default()
            .with(Parameter::Users, 200_000)
            .with(Parameter::EventsPerUser, 400);
        let size = estimate(&largest);
        assert!(!size.fits);
        assert!(size.most_users < 200_000);
        let smaller = largest.with(Parameter::Users, size.most_users as i64);
        assert!(estimate(&smaller).fits);
    }
}

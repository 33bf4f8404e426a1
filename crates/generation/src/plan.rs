//! The plan: all that is derived once from a scenario.

use parameters::{Parameter, Scenario};

use super::accounts::Accounts;
use super::activity::Activity;
use super::calendar::Calendar;
use super::defects::Defects;
use super::life::{Life, Lives, Wanted};

/// Users in a block: the unit of work and of hashing, whatever the number of parts.
pub const USERS_PER_BLOCK: u64 = 1_000;

/// Steps of exposure in one expected unit: sums of whole steps do not depend on their order.
pub(super) const EXPOSURE_STEPS: f64 = 65_536.0;

/// All that is derived once from a scenario; from here, every block can be made alone.
#[derive(Debug, Clone)]
pub struct Plan {
    pub(super) scenario: Scenario,
    pub(super) lives: Lives,
    pub(super) accounts: Accounts,
    pub(super) activity: Activity,
    pub(super) defects: Defects,
}

impl Plan {
    /// Derives the plan of a scenario.
    #[must_use]
    pub fn new(scenario: &Scenario) -> Self {
        let calendar = Calendar::new(
            scenario.starts_on(),
            scenario.as_of(),
            scenario.number(Parameter::WeekendDip),
        );
        Self {
            lives: Lives::new(scenario, &calendar),
            accounts: Accounts::new(scenario.seed()),
            activity: Activity::new(scenario, calendar),
            defects: Defects::new(scenario),
            scenario: scenario.clone(),
        }
    }

    /// Number of blocks.
    #[must_use]
    pub const fn blocks(&self) -> u64 {
        self.scenario.users().div_ceil(USERS_PER_BLOCK)
    }

    /// Numbers of the users of a block, from 1 on; empty beyond the last block.
    pub(super) fn users_of(&self, block: u64) -> std::ops::RangeInclusive<u64> {
        let first = block * USERS_PER_BLOCK + 1;
        first..=((block + 1) * USERS_PER_BLOCK).min(self.scenario.users())
    }

    /// Phase 1: expected activity of a block's users, in whole steps. The sum over all blocks is
    /// what [`Self::block`] needs to meet the events per user exactly on average.
    #[must_use]
    pub fn exposure(&self, block: u64) -> u64 {
        let wanted = Wanted {
            touches: false,
            payments: false,
            add_ons: false,
            outlooks: false,
        };
        let mut life = Life::default();
        self.users_of(block)
            .map(|user_id| {
                self.lives.live(user_id, wanted, &mut life);
                (self.activity.exposure(&life) * EXPOSURE_STEPS) as u64
            })
            .sum()
    }
}

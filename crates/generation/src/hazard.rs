//! The churn hazard, calibrated so that churn is what the parameter says.
//!
//! A customer's monthly hazard is `exp(α(tenure) + σ·x)`, where `x` has unit variance and moves
//! slowly. Customers with a high `x` leave first, so survivors have lower ones; α makes up for it:
//! for each month of tenure it is solved on the survivors' exact distribution (a grid over the
//! fixed and the moving part of `x`), not on a sample of it.

use parameters::{Parameter, Scenario};

use super::billing::Interval;
use super::dunning::{Failures, Odds, Payer};
use super::satisfaction::{FIXED_SHARE, PERSISTENCE};
use super::signup::Signups;

/// How much wider the log hazard is than the parameter, so that the score of somebody who knows
/// it has the AUC `Φ(σ/√2)` on churn within 90 days although `x` moves and survivors are alike.
///
/// # Source
/// docs/decisions/0010-churn-hazard.md
const WIDENING: f64 = 1.4;
/// Months of tenure that are calibrated; later ones take the last value.
const LONGEST_TENURE: usize = 60;
/// Who has just become a customer leaves most: the hazard of a first month beside that of settled
/// customers, as a multiple of the tenure effect on top of theirs, and the months in which this
/// excess falls to 1/e.
///
/// # Source
/// docs/decisions/0145-time-in-the-generator.md
const EARLY_EXCESS: f64 = 8.0;
const SETTLING_MONTHS: f64 = 2.5;
/// Highest share that leaves in a month of tenure.
const MOST_CHURN: f64 = 0.6;
/// How often a customer may come back.
pub(super) const MOST_RETURNS: u64 = 3;
/// Months from a loss to a return, about.
const RETURN_MONTHS: usize = 2;
/// Mean length of a month, in days.
const MONTH_DAYS: f64 = 30.436_875;
/// Strength of satisfaction in movements between plans.
pub(super) const MOVEMENT_PULL: f64 = 0.4;

const FIXED_NODES: usize = 13;
const MOVING_NODES: usize = 51;
const REACH: f64 = 4.2;

/// What the scenario decides about churn, movements and dunning.
#[derive(Debug, Clone)]
pub(super) struct Hazard {
    alpha: Vec<f64>,
    upgrade_norm: Vec<f64>,
    downgrade_norm: Vec<f64>,
    seen: f64,
    unseen: f64,
    /// Dunning by [`Interval`] and [`Payer`].
    dunning: [[Dunning; 2]; Interval::COUNT],
    /// Share of all churn that is a bill nobody paid.
    pub(super) involuntary_share: f64,
}

/// Rates of what happens to a charge.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Dunning {
    /// Share of churn that is a bill nobody paid.
    pub(super) involuntary_share: f64,
    /// Share of the other charges whose first attempt fails.
    pub(super) failure: f64,
    /// What becomes of failures.
    pub(super) odds: Odds,
}

impl Hazard {
    pub(super) fn new(scenario: &Scenario, signups: &Signups) -> Self {
        let targets = Targets::new(scenario, signups);
        let sigma = WIDENING * scenario.number(Parameter::SignalSigma);
        let acausal = scenario.fraction(Parameter::AcausalShare);
        let seen = (1.0 - acausal).sqrt();
        let lead_months = scenario.number(Parameter::WarningLead) / 30.0;
        let lagged = FIXED_SHARE + (1.0 - FIXED_SHARE) * libm::pow(PERSISTENCE, lead_months);
        let (dunning, involuntary_share) = targets.dunning(scenario);
        let mut survivors = Survivors::new(sigma);
        let mut alpha = vec![0.0];
        let mut upgrade_norm = vec![1.0];
        let mut downgrade_norm = vec![1.0];
        for &target in &targets.churn[1..] {
            survivors.move_on();
            // Satisfaction now, given the risk x: -x through what is seen of it.
            let pull = -MOVEMENT_PULL * seen * lagged;
            let rest = 0.5 * (MOVEMENT_PULL * MOVEMENT_PULL - pull * pull);
            upgrade_norm.push(survivors.mean(|x| libm::exp(pull * x + rest)));
            downgrade_norm.push(survivors.mean(|x| libm::exp(-pull * x + rest)));
            alpha.push(survivors.calibrate_and_leave(target));
        }
        Self {
            alpha,
            upgrade_norm,
            downgrade_norm,
            seen: sigma * seen,
            unseen: sigma * acausal.sqrt(),
            dunning,
            involuntary_share,
        }
    }

    /// Dunning of a customer who is billed so often and pays in this way.
    pub(super) const fn dunning(&self, interval: Interval, payer: Payer) -> &Dunning {
        &self.dunning[interval as usize][payer as usize]
    }

    /// Log of the monthly hazard at the end of a month of tenure.
    pub(super) fn log_hazard(&self, tenure: usize, satisfaction: f64, unseen: f64) -> f64 {
        at(&self.alpha, tenure) - self.seen * satisfaction + self.unseen * unseen
    }

    /// Relative odds of an upgrade, with mean 1 over survivors.
    pub(super) fn upgrade_pull(&self, tenure: usize, satisfaction: f64) -> f64 {
        libm::exp(MOVEMENT_PULL * satisfaction) / at(&self.upgrade_norm, tenure)
    }

    /// Relative odds of a downgrade, with mean 1 over survivors.
    pub(super) fn downgrade_pull(&self, tenure: usize, satisfaction: f64) -> f64 {
        libm::exp(-MOVEMENT_PULL * satisfaction) / at(&self.downgrade_norm, tenure)
    }
}

fn at(values: &[f64], index: usize) -> f64 {
    values[index.min(values.len() - 1)]
}

/// The distribution of the risk `x` among survivors.
struct Survivors {
    moving: Vec<f64>,
    /// `exp(σx)` and the weight of each pair of fixed and moving part.
    relative: Vec<f64>,
    risk: Vec<f64>,
    weight: Vec<f64>,
    next: Vec<f64>,
    transition: Vec<f64>,
}

impl Survivors {
    fn new(sigma: f64) -> Self {
        let nodes = |count: usize| -> Vec<f64> {
            let step = 2.0 * REACH / (count - 1) as f64;
            (0..count).map(|node| node as f64 * step - REACH).collect()
        };
        let density = |x: f64| libm::exp(-0.5 * x * x);
        let (fixed, moving) = (nodes(FIXED_NODES), nodes(MOVING_NODES));
        let mut risk = Vec::new();
        let mut weight = Vec::new();
        for &fixed in &fixed {
            for &moving in &moving {
                risk.push(FIXED_SHARE.sqrt() * fixed + (1.0 - FIXED_SHARE).sqrt() * moving);
                weight.push(density(fixed) * density(moving));
            }
        }
        let month = libm::pow(PERSISTENCE, 30.436_875 / 30.0);
        let mut transition = Vec::with_capacity(MOVING_NODES * MOVING_NODES);
        for &from in &moving {
            let spread = (1.0 - month * month).sqrt();
            let row: Vec<f64> = moving
                .iter()
                .map(|&to| density((to - month * from) / spread))
                .collect();
            let total: f64 = row.iter().sum();
            transition.extend(row.iter().map(|value| value / total));
        }
        Self {
            relative: risk.iter().map(|&x| libm::exp(sigma * x)).collect(),
            next: vec![0.0; weight.len()],
            moving,
            risk,
            weight,
            transition,
        }
    }

    /// Moves the moving part on by a month.
    fn move_on(&mut self) {
        let count = self.moving.len();
        self.next.fill(0.0);
        for (weights, next) in self
            .weight
            .chunks_exact(count)
            .zip(self.next.chunks_exact_mut(count))
        {
            for (weight, row) in weights.iter().zip(self.transition.chunks_exact(count)) {
                for (next, share) in next.iter_mut().zip(row) {
                    *next += weight * share;
                }
            }
        }
        core::mem::swap(&mut self.weight, &mut self.next);
    }

    fn mean(&self, value: impl Fn(f64) -> f64) -> f64 {
        let total: f64 = self.weight.iter().sum();
        let sum: f64 = self
            .weight
            .iter()
            .zip(&self.risk)
            .map(|(weight, &risk)| weight * value(risk))
            .sum();
        sum / total
    }

    /// Solves α so that the share `target` leaves, and takes them out.
    fn calibrate_and_leave(&mut self, target: f64) -> f64 {
        let total: f64 = self.weight.iter().sum();
        let target = target.clamp(1e-6, 0.9);
        // The mean is concave in the level, so Newton's steps from below never overshoot.
        let mean_relative: f64 = self
            .weight
            .iter()
            .zip(&self.relative)
            .map(|(weight, relative)| weight * relative)
            .sum::<f64>()
            / total;
        let mut level = target / mean_relative;
        for _ in 0..60 {
            let (mut mean, mut slope) = (0.0, 0.0);
            for (weight, relative) in self.weight.iter().zip(&self.relative) {
                let survives = libm::exp(-level * relative);
                mean += weight * (1.0 - survives);
                slope += weight * relative * survives;
            }
            let step = (target - mean / total) / (slope / total);
            level += step;
            if step.abs() < 1e-12 * level {
                break;
            }
        }
        for (weight, relative) in self.weight.iter_mut().zip(&self.relative) {
            *weight *= libm::exp(-level * relative);
        }
        libm::log(level)
    }
}

/// The hazard of a month of tenure beside that of others: a settled customer's falls by the effect
/// with every year, and a new customer's is higher by an excess that fades.
fn relative_hazard(effect: f64, tenure: usize) -> f64 {
    let months = tenure.max(1) as f64;
    let settled = libm::pow(1.0 - effect, months / 12.0);
    settled * (1.0 + EARLY_EXCESS * effect * libm::exp(-(months - 1.0) / SETTLING_MONTHS))
}

/// Churn by tenure, and how many customers meet it.
struct Targets {
    churn: Vec<f64>,
    survival: Vec<f64>,
    /// Stays, relative to signups, that began at least so many months before the end.
    older_than: Vec<f64>,
}

impl Targets {
    fn new(scenario: &Scenario, signups: &Signups) -> Self {
        let base = scenario.fraction(Parameter::MonthlyChurn);
        let effect = scenario.fraction(Parameter::TenureEffect);
        let returning = scenario.fraction(Parameter::Reactivation);
        let relative: Vec<f64> = (0..=LONGEST_TENURE)
            .map(|tenure| relative_hazard(effect, tenure))
            .collect();
        let delay = scenario.number(Parameter::DaysToConvert);
        let first: Vec<f64> = (0..=LONGEST_TENURE)
            .map(|months| signups.older_than(delay + months as f64 * MONTH_DAYS))
            .collect();
        let mut targets = Self {
            churn: vec![base; LONGEST_TENURE + 1],
            survival: vec![1.0; LONGEST_TENURE + 1],
            older_than: first.clone(),
        };
        // Losses over months at risk rise with the level: the higher, the shorter every stay.
        let (mut low, mut high) = (1e-3 * base, 1e6 * base);
        for _ in 0..64 {
            let level = (low * high).sqrt();
            targets.set(level, &relative);
            targets.older_than = targets.with_returns(&first, returning);
            if targets.mean() < base {
                low = level;
            } else {
                high = level;
            }
        }
        targets
    }

    fn set(&mut self, level: f64, relative: &[f64]) {
        for (tenure, relative) in relative.iter().enumerate().skip(1) {
            self.churn[tenure] = (level * relative).min(MOST_CHURN);
            self.survival[tenure] = self.survival[tenure - 1] * (1.0 - self.churn[tenure]);
        }
    }

    /// Losses over months at risk, of all stays.
    fn mean(&self) -> f64 {
        let (mut losses, mut months) = (0.0, 0.0);
        for tenure in 1..=LONGEST_TENURE {
            losses += self.at_risk(tenure) * self.churn[tenure];
            months += self.at_risk(tenure);
        }
        losses / months.max(1e-12)
    }

    /// Stays that began at least so many months before the end: first ones, and those of customers
    /// who came back, whose tenure starts anew.
    fn with_returns(&self, first: &[f64], returning: f64) -> Vec<f64> {
        let mut all = first.to_vec();
        let mut stays = first.to_vec();
        for _ in 0..MOST_RETURNS {
            let mut returns = vec![0.0; stays.len()];
            for (months, returns) in returns.iter_mut().enumerate() {
                // Who was lost after `tenure` months and is back for `months` began before both.
                for tenure in 1..=LONGEST_TENURE.saturating_sub(months + RETURN_MONTHS) {
                    let lost = self.survival[tenure - 1] - self.survival[tenure];
                    *returns += returning * lost * stays[months + RETURN_MONTHS + tenure];
                }
            }
            for (all, returns) in all.iter_mut().zip(&returns) {
                *all += returns;
            }
            stays = returns;
        }
        all
    }

    fn at_risk(&self, tenure: usize) -> f64 {
        self.older_than[tenure] * self.survival[tenure - 1]
    }

    /// Rates of dunning such that failures, recovery and the involuntary share of churn are all
    /// what the parameters say, as far as they allow one another; and that share over all churn.
    fn dunning(&self, scenario: &Scenario) -> ([[Dunning; 2]; Interval::COUNT], f64) {
        let share = scenario.fraction(Parameter::InvoluntaryShare);
        let failure = scenario.fraction(Parameter::FailureRate);
        let recovery = scenario.fraction(Parameter::RecoveryRate);
        let failures = Failures::new(scenario);
        let kinds = Kind::all(scenario).map(|kind| kind.counted(self));
        // The share of churn that failures can explain at most, with a little room.
        let cap = |kind: &Kind| {
            let uncollected = 0.95 * failure * (1.0 - recovery) * kind.charges(share);
            (uncollected / kind.losses.max(1e-12)).min(1.0)
        };
        // The longer the term, the more is lost with a bill: what failures of long terms can't
        // explain is left to the monthly ones.
        let [month, quarter, year] = &kinds;
        let all = month.losses + quarter.losses + year.losses;
        let (quarterly_share, yearly_share) = (share.min(cap(quarter)), share.min(cap(year)));
        let wanted = share * all - yearly_share * year.losses - quarterly_share * quarter.losses;
        let monthly_share = (wanted / month.losses.max(1e-12)).min(cap(month)).max(0.0);
        // Retries collect less from cards than from transfers, so more bills of cards are lost; and
        // the more often a payer's charges fail, the more of them are.
        let rates = |kind: &Kind, share: f64, payer: Payer| {
            let uncollected = failures.uncollected(payer);
            let failure = failures.rate(payer, failure);
            let relative = failures.rate(payer, uncollected) / (1.0 - recovery);
            let involuntary_share = (share * relative).min(1.0);
            let lost = kind.losses * involuntary_share / kind.charges(involuntary_share);
            let lost_of_uncollected = lost / (failure * uncollected).max(1e-12);
            Dunning {
                involuntary_share,
                failure: ((failure - lost) / (1.0 - lost)).max(0.0),
                odds: failures.odds(payer, lost_of_uncollected.min(1.0)),
            }
        };
        let shares = [monthly_share, quarterly_share, yearly_share];
        let dunning = core::array::from_fn(|place| {
            Payer::ALL.map(|payer| rates(&kinds[place], shares[place], payer))
        });
        let involuntary = month.losses * monthly_share
            + year.losses * yearly_share
            + quarter.losses * quarterly_share;
        (dunning, involuntary / all.max(1e-12))
    }
}

/// Customers of one billing interval, relative to signups.
struct Kind {
    /// Months of a term.
    months: usize,
    /// Share of all customers.
    share: f64,
    began: f64,
    decisions: f64,
    losses: f64,
}

impl Kind {
    /// In the order of [`Interval`].
    fn all(scenario: &Scenario) -> [Self; Interval::COUNT] {
        let annual = scenario.fraction(Parameter::AnnualShare);
        let quarterly = (1.0 - annual) * scenario.fraction(Parameter::Quarterly);
        let shares = [1.0 - annual - quarterly, quarterly, annual];
        let months = [Interval::Month, Interval::Quarter, Interval::Year].map(Interval::months);
        core::array::from_fn(|place| Self {
            months: months[place] as usize,
            share: shares[place],
            began: 0.0,
            decisions: 0.0,
            losses: 0.0,
        })
    }

    /// Counts what these customers decide at the end of each term, and how many leave.
    fn counted(mut self, targets: &Targets) -> Self {
        self.began = self.share * targets.older_than[0];
        for tenure in (self.months..=LONGEST_TENURE).step_by(self.months) {
            let old_enough = self.share * targets.older_than[tenure];
            let renewing = old_enough * targets.survival[tenure - self.months];
            self.decisions += renewing;
            self.losses += if self.months == 1 {
                renewing * targets.churn[tenure]
            } else {
                renewing - old_enough * targets.survival[tenure]
            };
        }
        self
    }

    /// Bills, when this share of losses are bills that nobody paid.
    fn charges(&self, share: f64) -> f64 {
        (self.began + self.decisions - self.losses * (1.0 - share)).max(1e-12)
    }
}

#[cfg(test)]
mod tests {
    use chrono::{Datelike, NaiveDate};

    use super::super::calendar::Calendar;
    use super::*;

    fn targets(scenario: &Scenario) -> Targets {
        let as_of = scenario.as_of();
        let first = NaiveDate::from_ymd_opt(as_of.year() - 4, 1, 1).unwrap();
        let calendar = Calendar::new(first, as_of, 0.65);
        Targets::new(scenario, &Signups::new(scenario, &calendar))
    }

    #[test]
    fn churn_is_what_the_scenario_says_on_average_however_it_falls_with_tenure() {
        for (churn, effect, returning) in [
            (5, 25, 80),
            (40, 0, 80),
            (40, 25, 0),
            (40, 80, 400),
            (150, 80, 80),
        ] {
            let scenario = Scenario::default()
                .with(Parameter::MonthlyChurn, churn)
                .with(Parameter::TenureEffect, effect)
                .with(Parameter::Reactivation, returning);
            let targets = targets(&scenario);
            let planted = churn as f64 / 1_000.0;
            assert!(
                (targets.mean() - planted).abs() < 1e-6,
                "{} for {planted}, effect {effect}",
                targets.mean()
            );
        }
    }

    #[test]
    fn the_hazard_is_highest_at_first_and_flat_without_a_tenure_effect() {
        let demo = targets(&Scenario::default());
        assert!(demo.churn[1..].is_sorted_by(|earlier, later| earlier > later));
        assert!(demo.churn[1] > 2.0 * demo.churn[7]);
        let flat = targets(&Scenario::default().with(Parameter::TenureEffect, 0));
        assert!(
            flat.churn[1..]
                .iter()
                .all(|churn| (churn - 0.04).abs() < 1e-9)
        );
    }
}

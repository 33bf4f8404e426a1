//! Accidents of billing: days on which something befalls the bills that fall due, each in one way.
//!
//! The plan says which days these are (docs/decisions/0152-anomalies-by-kind.md). What a day does to
//! a bill is drawn from a stream of the user who is billed and of that day alone, so bills of other
//! days keep their rows whatever is planted.

use parameters::{Parameter, Scenario};

use super::calendar::{Calendar, DAY, HOUR, SECOND};
use super::people::{PLAN_WEIGHTS, size_weights};
use super::random::{Purpose, Stream};
use super::vocabulary::ANOMALY_KINDS;

/// No anomaly is planted in so many first days: there is no usual level yet.
const QUIET_DAYS: usize = 90;
/// Nor in so many last days, so that what puts it right is in the history, whenever it comes.
const LAST_QUIET_DAYS: usize = 21;
/// Hours within which a bill is collected again, and days after which the second charge is refunded.
const AGAIN_HOURS: [f64; 2] = [0.1, 3.9];
const REFUNDED_DAYS: [f64; 2] = [2.0, 9.0];
/// Share of first attempts that a failing processor refuses.
const REFUSED: f64 = 0.9;
/// Share of refused bills that the first and the second retry collect; customers pay the others.
const COLLECTED_BY: [f64; 3] = [0.90, 0.07, 0.03];
/// Days until a retry has collected for certain, or the customer has paid.
const DUNNING: i64 = 15 * DAY;
/// Days from a bill until it is found out that too much was charged. Money that a retry collects
/// later than that goes back within hours.
const CORRECTED_DAYS: [f64; 2] = [1.0, 13.5];
const CORRECTED_HOURS: [f64; 2] = [4.0, 44.0];
/// What offers take off a price, in percent.
const OFFERS: [u32; 6] = [15, 20, 25, 30, 40, 50];
/// More days than any history has: tells the streams of a user's days apart.
const MOST_DAYS: u64 = 65_536;

/// What befalls the bills of a planted day, in the order of `vocabulary::ANOMALY_KINDS`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum AnomalyKind {
    /// Bills are collected twice; the second charge is refunded.
    DoubleCharge,
    /// The processor of cards refuses most first attempts.
    ProcessorFailure,
    /// One plan's bills are charged at a wrong price; what was too much is refunded.
    WrongPrice,
    /// Bills carry a discount that nobody in finance heard of.
    Campaign,
    /// Billing does not run; what falls due is first attempted on the next day.
    Outage,
}

impl AnomalyKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::DoubleCharge,
        Self::ProcessorFailure,
        Self::WrongPrice,
        Self::Campaign,
        Self::Outage,
    ];

    /// The kind that the truth names so.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        let place = ANOMALY_KINDS.iter().position(|kind| *kind == word)?;
        Self::ALL.get(place).copied()
    }
}

/// A planted day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Anomaly {
    /// Days since 1970-01-01.
    pub(super) day: i64,
    pub(super) kind: AnomalyKind,
    /// What bills are charged, times what was agreed; 1 where prices are right.
    pub(super) factor: f64,
    /// The plan whose bills it befalls; `None` for all plans.
    pub(super) plan: Option<usize>,
}

impl Anomaly {
    /// The last day on which it is felt or put right.
    pub(super) fn last_day(&self) -> i64 {
        let days = match self.kind {
            AnomalyKind::DoubleCharge => 10,
            AnomalyKind::ProcessorFailure => 15,
            AnomalyKind::WrongPrice if self.factor > 1.0 => 17,
            AnomalyKind::WrongPrice | AnomalyKind::Campaign => 0,
            AnomalyKind::Outage => 1,
        };
        self.day + days
    }
}

/// A bill, as far as it matters for what befalls it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bill {
    /// The number of its subscription among the user's.
    pub(super) subscription: u8,
    /// The service it pays for: from when it is made to the next bill, even if the customer leaves earlier.
    pub(super) service: [i64; 2],
    pub(super) due_at: i64,
    /// What was agreed.
    pub(super) cents: i64,
    /// Months of a whole term.
    pub(super) months: u32,
    /// `None` for an add-on.
    pub(super) plan: Option<usize>,
    /// When the customer leaves in mid-term, if they pay at once.
    pub(super) leaves_at: Option<i64>,
}

/// What befalls a bill.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Accident {
    /// Nothing.
    None,
    /// What the first attempt collects is collected again and refunded, so long after it and after that.
    Doubled {
        again_after: i64,
        refunded_after: i64,
    },
    /// The first attempt is refused. If nothing else is wrong a retry collects after so many failures,
    /// or the customer pays.
    Refused { failures: Option<usize> },
    /// Charged so many times what was agreed. What was too much goes back so long after the bill, but
    /// no sooner than so long after it was collected.
    Priced {
        factor: f64,
        corrected_after: [i64; 2],
    },
    /// First attempted so much later than it fell due.
    Late { by: i64 },
}

/// The planted days of a scenario.
#[derive(Debug, Clone)]
pub(super) struct Anomalies {
    first_day: i64,
    /// In order of their days.
    planted: Vec<Anomaly>,
    draws: Purpose,
}

impl Anomalies {
    pub(super) fn new(scenario: &Scenario, calendar: &Calendar) -> Self {
        let seed = scenario.seed();
        let usable = calendar.days.saturating_sub(QUIET_DAYS + LAST_QUIET_DAYS);
        let count = (scenario.number(Parameter::Anomalies) as usize).min(usable);
        let size = scenario.number(Parameter::AnomalySize);
        // One in each slot: spread over the history, never two on a day, and not on neighbouring
        // days while there is room.
        let slot = usable as f64 / count.max(1) as f64;
        let room = slot - if slot >= 3.0 { 2.0 } else { 1.0 };
        let mut is_high = Stream::new(seed, "wrong prices", 0).chance(0.5);
        let kinds = kinds(seed, count, size);
        let plan_weights = plan_weights(scenario);
        let planted = kinds.into_iter().enumerate().map(|(place, kind)| {
            let mut stream = Stream::new(seed, "anomalies", place as u64);
            let within = place as f64 * slot + stream.uniform() * room;
            let day = QUIET_DAYS + (within as usize).min(usable - 1);
            let (plan, offer) = (stream.pick(&plan_weights), stream.below(OFFERS.len()));
            let factor = match kind {
                AnomalyKind::WrongPrice => {
                    is_high = !is_high;
                    if is_high { size } else { 1.0 / size }
                }
                AnomalyKind::Campaign => 1.0 - f64::from(OFFERS[offer]) / 100.0,
                _ => 1.0,
            };
            Anomaly {
                day: calendar.first_day + day as i64,
                kind,
                factor,
                plan: (kind == AnomalyKind::WrongPrice).then_some(plan),
            }
        });
        Self {
            first_day: calendar.first_day,
            planted: planted.collect(),
            draws: Purpose::new(seed, "accidents"),
        }
    }

    pub(super) fn planted(&self) -> &[Anomaly] {
        &self.planted
    }

    /// What befalls a bill of a user who pays with a card, or does not. Nothing does that would still
    /// be felt after the customer has left in mid-term.
    pub(super) fn befalling(&self, user_id: u64, bill: &Bill, is_card: bool) -> Accident {
        let day = bill.due_at.div_euclid(DAY);
        let Ok(place) = self.planted.binary_search_by_key(&day, |one| one.day) else {
            return Accident::None;
        };
        let anomaly = &self.planted[place];
        if anomaly.plan.is_some() && anomaly.plan != bill.plan {
            return Accident::None;
        }
        let day = (day - self.first_day) as u64;
        let mut stream = self.draws.stream(user_id * MOST_DAYS + day);
        let mut between = |[low, high]: [f64; 2], unit: i64| {
            (stream.between(low, high) * unit as f64) as i64 / SECOND * SECOND
        };
        let stays_for = bill.leaves_at.map_or(i64::MAX, |at| at - bill.due_at);
        match anomaly.kind {
            AnomalyKind::DoubleCharge => Accident::Doubled {
                again_after: between(AGAIN_HOURS, HOUR),
                refunded_after: between(REFUNDED_DAYS, DAY),
            },
            // Transfers do not pass through the processor.
            AnomalyKind::ProcessorFailure if is_card && stays_for > DUNNING => {
                let is_refused = stream.chance(REFUSED);
                let failures = 1 + stream.pick(&COLLECTED_BY);
                let failures = (failures < COLLECTED_BY.len()).then_some(failures);
                if is_refused {
                    Accident::Refused { failures }
                } else {
                    Accident::None
                }
            }
            AnomalyKind::WrongPrice | AnomalyKind::Campaign => Accident::Priced {
                factor: anomaly.factor,
                corrected_after: [between(CORRECTED_DAYS, DAY), between(CORRECTED_HOURS, HOUR)],
            },
            AnomalyKind::Outage if stays_for > DAY => {
                // What waits is worked off in the first hours of the next day, in the order in which
                // it fell due.
                let since_midnight = bill.due_at.rem_euclid(DAY);
                Accident::Late {
                    by: DAY - since_midnight + since_midnight / 4,
                }
            }
            AnomalyKind::ProcessorFailure | AnomalyKind::Outage => Accident::None,
        }
    }
}

/// Relative number of customers by plan.
fn plan_weights(scenario: &Scenario) -> [f64; 3] {
    let size_weights = size_weights(scenario);
    core::array::from_fn(|plan| {
        let sizes = size_weights.iter().zip(PLAN_WEIGHTS);
        sizes.map(|(size, plans)| size * plans[plan]).sum()
    })
}

/// The kinds of so many days: all of them in turn, in an order drawn for each turn. A price that is
/// wrong by nothing is none. Two outages never come one after the other, as what waits for the
/// next day would find billing down again.
fn kinds(seed: u64, count: usize, size: f64) -> Vec<AnomalyKind> {
    let mut turn = AnomalyKind::ALL.to_vec();
    turn.retain(|kind| *kind != AnomalyKind::WrongPrice || size > 1.0);
    let mut kinds: Vec<AnomalyKind> = Vec::new();
    for number in 0..count.div_ceil(turn.len()) {
        let mut stream = Stream::new(seed, "kinds of anomalies", number as u64);
        for place in (1..turn.len()).rev() {
            turn.swap(place, stream.below(place + 1));
        }
        if kinds.last() == Some(&AnomalyKind::Outage) && turn[0] == AnomalyKind::Outage {
            turn.swap(0, 1);
        }
        kinds.extend(&turn);
    }
    kinds.truncate(count);
    kinds
}

#[cfg(test)]
mod tests {
    use super::*;

    fn planted(scenario: &Scenario) -> Vec<Anomaly> {
        let calendar = Calendar::new(scenario.starts_on(), scenario.as_of(), 0.65);
        let anomalies = Anomalies::new(scenario, &calendar);
        let usable = anomalies.first_day + QUIET_DAYS as i64
            ..anomalies.first_day + (calendar.days - LAST_QUIET_DAYS) as i64;
        for one in anomalies.planted() {
            assert!(usable.contains(&one.day), "{one:?}");
            assert!(one.last_day() < calendar.first_day + calendar.days as i64);
        }
        anomalies.planted
    }

    fn count(days: &[Anomaly], kind: AnomalyKind) -> usize {
        days.iter().filter(|one| one.kind == kind).count()
    }

    #[test]
    fn kinds_are_shared_out_evenly_and_days_lie_apart() {
        for seed in 0..40 {
            for (months, asked) in [(48, 12), (60, 60), (6, 60), (6, 1), (12, 7)] {
                let scenario = Scenario::default()
                    .with(Parameter::Seed, seed)
                    .with(Parameter::Months, months)
                    .with(Parameter::Anomalies, asked);
                let days = planted(&scenario);
                assert_eq!(days.len() as i64, asked);
                let counts = AnomalyKind::ALL.map(|kind| count(&days, kind));
                let (least, most) = (counts.iter().min(), counts.iter().max());
                assert!(most.unwrap() - least.unwrap() <= 1, "{counts:?}");
                for pair in days.windows(2) {
                    let apart = pair[1].day - pair[0].day;
                    let is_roomy = months * 30 - 111 > 3 * asked;
                    assert!(apart >= if is_roomy { 2 } else { 1 }, "{apart} days");
                    let outages = pair.iter().filter(|one| one.kind == AnomalyKind::Outage);
                    assert!(outages.count() < 2 || apart > 1, "billing is down twice");
                }
            }
        }
    }

    #[test]
    fn orders_and_directions_differ_between_seeds() {
        let first = |seed: i64| {
            let days = planted(&Scenario::default().with(Parameter::Seed, seed));
            let wrong = days.iter().find(|one| one.kind == AnomalyKind::WrongPrice);
            (days[0].kind, wrong.unwrap().factor > 1.0)
        };
        let firsts: Vec<_> = (0..40).map(first).collect();
        for kind in AnomalyKind::ALL {
            assert!(
                firsts.iter().any(|one| one.0 == kind),
                "{kind:?} comes first"
            );
        }
        let high = firsts.iter().filter(|one| one.1).count();
        assert!((8..32).contains(&high), "{high} of 40 begin too high");
    }

    #[test]
    fn a_short_history_has_as_many_as_it_has_days_for() {
        let query = "months=6&as_of=2024-03-01&anomalies=60";
        let days = planted(&Scenario::from_query(query).0);
        // From 1 October to 1 March: 153 days, of which 90 and 21 are quiet.
        assert_eq!(days.len(), 42);
        assert!(days.windows(2).all(|pair| pair[1].day == pair[0].day + 1));
        assert!(planted(&Scenario::default().with(Parameter::Anomalies, 0)).is_empty());
    }

    #[test]
    fn only_a_wrong_price_has_the_size() {
        let scenario = Scenario::default()
            .with(Parameter::Anomalies, 60)
            .with(Parameter::AnomalySize, 40);
        for one in planted(&scenario) {
            match one.kind {
                AnomalyKind::WrongPrice => {
                    assert!(one.factor == 4.0 || one.factor == 0.25);
                    assert!(one.plan.is_some());
                }
                AnomalyKind::Campaign => assert!((0.5..=0.85).contains(&one.factor)),
                _ => assert_eq!(one.factor, 1.0),
            }
        }
        let right = planted(&scenario.with(Parameter::AnomalySize, 10));
        assert_eq!(right.len(), 60);
        assert_eq!(count(&right, AnomalyKind::WrongPrice), 0);
    }

    /// What befalls bills of many users who pay at noon of a day of a kind and leave so long after.
    fn befalling(kind: AnomalyKind, leaves_after: Option<i64>) -> Vec<(Bill, Accident)> {
        let scenario = Scenario::default().with(Parameter::Anomalies, 60);
        let calendar = Calendar::new(scenario.starts_on(), scenario.as_of(), 0.65);
        let anomalies = Anomalies::new(&scenario, &calendar);
        let days = anomalies.planted().iter().filter(|one| one.kind == kind);
        let bills = days.flat_map(|one| (1..=50_u64).map(move |user| (user, one)));
        let befalls = |(user, one): (u64, &Anomaly)| {
            let due_at = one.day * DAY + 12 * HOUR;
            let bill = Bill {
                subscription: 1,
                service: [due_at, due_at + 365 * DAY],
                due_at,
                cents: 10_000,
                months: 12,
                plan: one.plan.or(Some(0)),
                leaves_at: leaves_after.map(|after| due_at + after),
            };
            (bill, anomalies.befalling(user, &bill, true))
        };
        bills.map(befalls).collect()
    }

    #[test]
    fn nothing_befalls_a_bill_that_would_be_felt_after_its_customer_has_left() {
        for (kind, felt_for) in [
            (AnomalyKind::ProcessorFailure, DUNNING),
            (AnomalyKind::Outage, DAY),
        ] {
            let spared = befalling(kind, Some(felt_for));
            assert!(
                spared
                    .iter()
                    .all(|(_, accident)| *accident == Accident::None)
            );
            let hit = befalling(kind, Some(felt_for + SECOND));
            assert_eq!(hit.len(), spared.len());
            for ((bill, accident), (_, would_be)) in hit.iter().zip(befalling(kind, None)) {
                assert_eq!(*accident, would_be, "as if the customer stayed");
                if let Accident::Late { by } = accident {
                    assert!(Some(bill.due_at + by) < bill.leaves_at);
                }
            }
            let count = hit
                .iter()
                .filter(|(_, accident)| *accident != Accident::None);
            assert!(count.count() * 5 > hit.len() * 4);
        }
        // The second charge of somebody who leaves at once, after .2 days at least, comes before that.
        let again = befalling(AnomalyKind::DoubleCharge, Some(DAY / 5));
        assert!(again.iter().all(|(_, accident)| {
            matches!(accident, Accident::Doubled { again_after, .. } if *again_after < DAY / 5)
        }));
    }

    #[test]
    fn users_and_days_have_draws_of_their_own() {
        let mut draws: Vec<String> = befalling(AnomalyKind::DoubleCharge, None)
            .iter()
            .map(|(_, accident)| format!("{accident:?}"))
            .collect();
        let all = draws.len();
        draws.sort();
        draws.dedup();
        assert!(draws.len() * 100 > all * 99, "{} of {all}", draws.len());
    }
}

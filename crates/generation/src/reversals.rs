//! Money that goes back: refunds and disputes of charges that were collected.
//!
//! Each charge has the scenario's probability of being refunded, exactly, no matter who pays it. What
//! differs is to whom it happens and how much goes back (docs/decisions/0147-what-goes-back.md): somebody who leaves
//! gets all of it, or the days that were not used; somebody who stays gets a part as goodwill.

use super::calendar::{DAY, HOUR, SECOND};
use super::random::Stream;

/// Share of refunds that go to customers who leave, of terms below a year and of years, where enough leave.
const TO_LEAVERS: [f64; 2] = [0.35, 0.90];
/// Share of disputes that come from customers who leave, where enough leave.
const BY_LEAVERS: f64 = 0.40;
/// Most leavers, as a share, who are refunded or who dispute their last monthly charge.
const MOST_LEAVERS: f64 = 0.50;
/// Mean and most days until somebody who leaves asks for the last month's money.
const REGRET_DAYS: [f64; 2] = [3.0, 14.0];
/// Most days until goodwill is shown.
const GOODWILL_DAYS: f64 = 29.0;
/// Share of goodwill by kind: a percentage, a round amount, days without service, a month.
const GOODWILL_WEIGHTS: [f64; 4] = [0.45, 0.30, 0.15, 0.10];
/// Percentages that people give, and how often.
const PERCENTAGES: [i64; 8] = [10, 15, 20, 25, 30, 33, 40, 50];
const PERCENTAGE_WEIGHTS: [f64; 8] = [0.16, 0.10, 0.18, 0.18, 0.09, 0.06, 0.05, 0.18];
/// Round amounts that people give, in dollars, and the parts of a charge they lie between.
const DOLLARS: [i64; 17] = [
    5, 10, 15, 20, 25, 30, 40, 50, 75, 100, 150, 200, 250, 300, 500, 750, 1_000,
];
const DOLLARS_WITHIN: [f64; 2] = [0.04, 0.70];
/// Most days without service that are paid back.
const OUTAGE_DAYS: usize = 7;
/// How much likelier a small customer's first charge is to be disputed: a stolen card is new here.
const FIRST_OF_SMALL: f64 = 5.0;
/// Median, least and most days from a charge to its dispute.
const DISPUTE_DAYS: [f64; 3] = [20.0, 2.0, 90.0];
const DISPUTE_SIGMA: f64 = 0.7;
/// Share of disputes that the company wins, and days until it knows.
const WON: f64 = 0.25;
const DECIDED_DAYS: [f64; 2] = [30.0, 75.0];

/// What is drawn with a charge and used when it is known what becomes of the customer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Draws {
    refund: f64,
    dispute: f64,
    /// Parts of the longest waits of goodwill and of regret.
    waits: [f64; 2],
    goodwill: usize,
    percentage: usize,
    amount: f64,
    outage_days: usize,
    dispute_after: i64,
    is_won: bool,
    decided_after: i64,
}

impl Draws {
    pub(super) fn new(stream: &mut Stream) -> Self {
        let instant = |days: f64| (days * DAY as f64) as i64;
        let [refund, dispute, wait] = [(); 3].map(|()| stream.uniform());
        let [mean, most] = REGRET_DAYS;
        let regret = (0.1 + mean * stream.exponential()).min(most);
        let [median, least, longest] = DISPUTE_DAYS;
        Self {
            refund,
            dispute,
            waits: [wait * wait * (GOODWILL_DAYS - 1.0), regret],
            goodwill: stream.pick(&GOODWILL_WEIGHTS),
            percentage: stream.pick(&PERCENTAGE_WEIGHTS),
            amount: stream.uniform(),
            outage_days: 1 + stream.below(OUTAGE_DAYS),
            dispute_after: instant(
                stream
                    .log_normal(median, DISPUTE_SIGMA)
                    .clamp(least, longest),
            ),
            is_won: stream.chance(WON),
            decided_after: instant(stream.between(DECIDED_DAYS[0], DECIDED_DAYS[1])),
        }
    }

    /// Part of a charge that is given to somebody who stays.
    fn goodwill(&self, cents: i64, months: u32) -> i64 {
        let part = |share: f64| libm::round(cents as f64 * share) as i64;
        let percentage = part(PERCENTAGES[self.percentage] as f64 / 100.0);
        match self.goodwill {
            1 => {
                let [least, most] = DOLLARS_WITHIN.map(part);
                let fits = |dollars: &&i64| (least..=most).contains(&(**dollars * 100));
                let count = DOLLARS.iter().filter(fits).count();
                let place = (self.amount * count as f64) as usize;
                let dollars = DOLLARS.iter().filter(fits).nth(place);
                dollars.map_or(percentage, |dollars| dollars * 100)
            }
            2 => part(self.outage_days as f64 / term_days(months)),
            3 => part(1.0 / f64::from(months)),
            _ => percentage,
        }
    }
}

/// What is known of a customer when a charge is settled: whether they leave by choice with it, how
/// likely that was, and the days that they leave unused.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Parting {
    pub(super) leaves: bool,
    pub(super) probability: f64,
    pub(super) unused: Option<Unused>,
}

/// When somebody left a term, its unused days and all of its days.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unused {
    pub(super) left_at: i64,
    pub(super) days: i64,
    pub(super) of_days: i64,
}

/// A charge that was collected, as far as its return depends on it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Charge {
    pub(super) collected_at: i64,
    pub(super) cents: i64,
    /// Months of a whole term.
    pub(super) months: u32,
    pub(super) is_card: bool,
    /// The first that a customer from a small company pays.
    pub(super) is_first_of_small: bool,
    pub(super) draws: Draws,
}

/// What comes of a charge after it was collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reversal {
    /// So much goes back at an instant.
    Refund { at: i64, cents: i64 },
    /// All of it goes back at an instant, and comes again at another if the company wins.
    Dispute { at: i64, won_at: Option<i64> },
}

/// Days of a term, as people count them.
fn term_days(months: u32) -> f64 {
    match months {
        12 => 365.0,
        3 => 91.0,
        _ => 30.0,
    }
}

/// Probabilities of somebody who leaves and of somebody who stays, with mean `rate` where a share
/// `leaving` leaves and up to `share` of the cases are leavers'.
fn split(rate: f64, leaving: f64, share: f64, most: f64) -> [f64; 2] {
    let of_leavers = (share * rate).min(most * leaving);
    let stayers = ((rate - of_leavers) / (1.0 - leaving).max(1e-12)).clamp(0.0, 1.0);
    if leaving > 0.0 {
        [of_leavers / leaving, stayers]
    } else {
        [stayers; 2]
    }
}

/// What comes of a charge under these rates of refunds and of disputes.
pub(super) fn reversal(charge: &Charge, parting: &Parting, rates: [f64; 2]) -> Option<Reversal> {
    let [refund, dispute] = rates;
    let draws = &charge.draws;
    let is_yearly = charge.months == 12;
    let most = if is_yearly { 1.0 } else { MOST_LEAVERS };
    let to_leavers = TO_LEAVERS[usize::from(is_yearly)];
    let refunds = split(refund, parting.probability, to_leavers, most);
    let place = usize::from(!parting.leaves);
    if draws.refund < refunds[place] {
        return Some(refunded(charge, parting));
    }
    // Who was refunded disputes nothing: the others do so more often by as much.
    let left = 1.0 - refund;
    if !charge.is_card || left <= 0.0 {
        return None;
    }
    let leaving = parting.probability * (1.0 - refunds[0]) / left;
    let factor = if charge.is_first_of_small {
        FIRST_OF_SMALL
    } else {
        1.0
    };
    let rate = (factor * dispute / left).min(1.0);
    let disputes = split(rate, leaving.min(1.0), BY_LEAVERS, MOST_LEAVERS);
    (draws.dispute < disputes[place]).then(|| {
        let at = charge.collected_at + draws.dispute_after;
        Reversal::Dispute {
            at,
            won_at: draws.is_won.then_some(at + draws.decided_after),
        }
    })
}

fn refunded(charge: &Charge, parting: &Parting) -> Reversal {
    let draws = &charge.draws;
    let after = |days: f64| 2 * HOUR + (days * DAY as f64) as i64 / SECOND * SECOND;
    let (at, cents) = match (parting.leaves, parting.unused) {
        (true, Some(unused)) => {
            let share = unused.days as f64 / unused.of_days.max(1) as f64;
            let cents = libm::round(charge.cents as f64 * share) as i64;
            (unused.left_at, cents)
        }
        (true, None) => (charge.collected_at + after(draws.waits[1]), charge.cents),
        (false, _) => {
            let cents = draws.goodwill(charge.cents, charge.months);
            (charge.collected_at + after(draws.waits[0]), cents)
        }
    };
    Reversal::Refund {
        at,
        cents: cents.clamp(1, charge.cents),
    }
}

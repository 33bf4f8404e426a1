//! Why bills fail, and which of them a retry collects.
//!
//! Three rates are planted at once: how many first attempts fail, how many of those a retry on
//! schedule collects, and how much of churn is a bill that nobody paid. The rest of the failures,
//! neither collected by a retry nor lost, is paid by the customer before the schedule ends, mostly
//! with a new card. So no bill is lost without the subscription, and no subscription without a bill.

use parameters::{Parameter, Scenario};

use super::people::size_weights;
use super::vocabulary::FAILURE_CODES;

/// Days from a charge to its last retry.
pub(super) const DUNNING_DAYS: i64 = 15;
/// Number of failure codes.
const CODES: usize = FAILURE_CODES.len();
/// Way to pay that holds no card, as key of `vocabulary::METHODS`.
const BANK_TRANSFER: u8 = 1;
/// Share of customers by way to pay (card, bank transfer, wallet), from the smallest companies to
/// the largest: large ones want an invoice and pay it by transfer. A scenario moves the share of
/// transfers of [`ANCHOR`], and the others' by as many logits.
const METHOD_WEIGHTS: [[f64; 3]; 5] = [
    [0.84, 0.02, 0.14],
    [0.83, 0.05, 0.12],
    [0.70, 0.20, 0.10],
    [0.42, 0.53, 0.05],
    [0.20, 0.78, 0.02],
];
const ANCHOR: usize = 3;
/// Most transfers that are late.
const MOST_LATE: f64 = 0.9;
/// Share of each code among failures of cards that did not expire, and of transfers, in the order
/// of `vocabulary::FAILURE_CODES`.
const CARD_CODES: [f64; CODES] = [0.0, 0.46, 0.30, 0.19, 0.05, 0.0];
const TRANSFER_CODES: [f64; CODES] = [0.0, 0.15, 0.0, 0.10, 0.0, 0.75];
/// Relative ease with which a retry collects, by code: moved in logits until the mean over all
/// failures is the scenario's recovery.
const EASE: [f64; CODES] = [0.04, 0.80, 0.40, 0.90, 0.05, 0.85];

/// How a customer pays, as far as failures differ: with a card (or a wallet, which holds one), or
/// by transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Payer {
    Card,
    Transfer,
}

impl Payer {
    pub(super) const ALL: [Self; 2] = [Self::Card, Self::Transfer];

    /// The payer with a key of `vocabulary::METHODS`.
    pub(super) const fn of(method: u8) -> Self {
        if method == BANK_TRANSFER {
            Self::Transfer
        } else {
            Self::Card
        }
    }
}

/// Odds of each way to pay by company size, in the scenario.
pub(super) fn method_weights(scenario: &Scenario) -> [[f64; 3]; 5] {
    let logit = |share: f64| libm::log(share / (1.0 - share));
    let transfer = usize::from(BANK_TRANSFER);
    let anchor = METHOD_WEIGHTS[ANCHOR][transfer];
    let shift = logit(scenario.fraction(Parameter::InvoiceShare)) - logit(anchor);
    let mut weights = METHOD_WEIGHTS;
    if shift != 0.0 {
        for methods in &mut weights {
            let usual = methods[transfer];
            let share = 1.0 / (1.0 + libm::exp(-logit(usual) - shift));
            *methods = methods.map(|weight| weight * (1.0 - share) / (1.0 - usual));
            methods[transfer] = share;
        }
    }
    weights
}

/// Share of customers who pay by transfer.
fn by_transfer(scenario: &Scenario) -> f64 {
    size_weights(scenario)
        .iter()
        .zip(method_weights(scenario))
        .map(|(share, methods)| share * methods[usize::from(BANK_TRANSFER)])
        .sum()
}

/// Failures of all first attempts, before anybody asks what becomes of them.
#[derive(Debug, Clone)]
pub(super) struct Failures {
    /// Share of each code among the failures of each [`Payer`].
    codes: [[f64; CODES]; 2],
    /// Share of each code's failures that a retry collects, whoever pays.
    retried: [f64; CODES],
    /// How often each [`Payer`]'s charges fail, relative to all charges.
    relative: [f64; 2],
}

/// What becomes of one payer's failures, by code.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Odds {
    /// Weights of the codes of failures that are paid in the end.
    pub(super) paid: [f64; CODES],
    /// Weights of the codes of bills that are lost.
    pub(super) lost: [f64; CODES],
    /// Probability that a retry collects, among those that are paid in the end.
    pub(super) retried: [f64; CODES],
}

impl Failures {
    pub(super) fn new(scenario: &Scenario) -> Self {
        let relative = relative_failures(scenario);
        // Of failures, not of customers.
        let by_transfer = by_transfer(scenario) * relative[Payer::Transfer as usize];
        // A transfer holds no card that could expire, so cards expire more often by as much.
        let expired = scenario.fraction(Parameter::ExpiredCardShare) / (1.0 - by_transfer);
        let expired = expired.min(1.0);
        let mut cards = CARD_CODES.map(|share| share * (1.0 - expired));
        cards[0] = expired;
        let all = core::array::from_fn(|code| {
            (1.0 - by_transfer) * cards[code] + by_transfer * TRANSFER_CODES[code]
        });
        Self {
            codes: [cards, TRANSFER_CODES],
            retried: retried(&all, scenario.fraction(Parameter::RecoveryRate)),
            relative,
        }
    }

    /// Share of each code's failures that a retry collects, in the order of
    /// `vocabulary::FAILURE_CODES`.
    pub(super) const fn recovery(&self) -> &[f64; CODES] {
        &self.retried
    }

    /// Share of a payer's charges whose first attempt fails, where `failure` is that of all.
    pub(super) const fn rate(&self, payer: Payer, failure: f64) -> f64 {
        failure * self.relative[payer as usize]
    }

    /// Share of a payer's failures that no retry collects.
    pub(super) fn uncollected(&self, payer: Payer) -> f64 {
        let codes = self.codes[payer as usize].iter().zip(self.retried);
        codes.map(|(share, retried)| share * (1.0 - retried)).sum()
    }

    /// What becomes of a payer's failures when the share `lost` of those that no retry collects is
    /// lost, whatever the code.
    pub(super) fn odds(&self, payer: Payer, lost: f64) -> Odds {
        let mut odds = Odds::default();
        for (code, &share) in self.codes[payer as usize].iter().enumerate() {
            let uncollected = 1.0 - self.retried[code];
            let paid = 1.0 - lost * uncollected;
            odds.paid[code] = share * paid;
            odds.lost[code] = share * uncollected;
            odds.retried[code] = (self.retried[code] / paid.max(1e-12)).min(1.0);
        }
        odds
    }
}

/// How often each [`Payer`]'s charges fail, relative to the mean over all customers.
fn relative_failures(scenario: &Scenario) -> [f64; 2] {
    let often = scenario.number(Parameter::LateInvoices);
    if often == 1.0 {
        return [1.0; 2];
    }
    let by_transfer = by_transfer(scenario);
    let most = MOST_LATE / scenario.fraction(Parameter::FailureRate).max(1e-12);
    let transfer = (often / (1.0 + (often - 1.0) * by_transfer)).min(most);
    let card = (1.0 - transfer * by_transfer) / (1.0 - by_transfer);
    [card, transfer]
}

/// Share of each code's failures that a retry collects, with mean `recovery` over `codes`.
fn retried(codes: &[f64; CODES], recovery: f64) -> [f64; CODES] {
    let at = |shift: f64| EASE.map(|ease| ease / (ease + (1.0 - ease) * libm::exp(-shift)));
    let (mut low, mut high) = (-40.0, 40.0);
    for _ in 0..80 {
        let middle = 0.5 * (low + high);
        let mean: f64 = codes.iter().zip(at(middle)).map(|(w, s)| w * s).sum();
        if mean < recovery {
            low = middle;
        } else {
            high = middle;
        }
    }
    at(0.5 * (low + high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_to_pay_are_the_usual_ones_until_a_scenario_says_otherwise() {
        assert_eq!(method_weights(&Scenario::default()), METHOD_WEIGHTS);
        let scenario = Scenario::default().with(Parameter::InvoiceShare, 85);
        let weights = method_weights(&scenario);
        assert!((weights[ANCHOR][1] - 0.85).abs() < 1e-12);
        assert!(weights.is_sorted_by(|small, large| small[1] < large[1]));
        for (methods, usual) in weights.iter().zip(METHOD_WEIGHTS) {
            assert!((total(*methods) - 1.0).abs() < 1e-12);
            assert!(methods[1] > usual[1]);
            assert!((methods[0] / methods[2] - usual[0] / usual[2]).abs() < 1e-9);
        }
    }

    #[test]
    fn late_invoices_leave_the_failures_of_all_what_they_are() {
        for (failure, late, large) in [(70, 10, 16), (70, 60, 16), (200, 60, 80), (300, 100, 16)] {
            let scenario = Scenario::default()
                .with(Parameter::FailureRate, failure)
                .with(Parameter::LateInvoices, late)
                .with(Parameter::LargeShare, large);
            let failures = Failures::new(&scenario);
            let planted = failure as f64 / 1_000.0;
            let [card, transfer] = Payer::ALL.map(|payer| failures.rate(payer, planted));
            let share = by_transfer(&scenario);
            let mean = (1.0 - share) * card + share * transfer;
            assert!((mean - planted).abs() < 1e-12, "{mean} for {planted}");
            assert!(card > 0.0 && transfer <= MOST_LATE + 1e-12);
            if transfer < MOST_LATE - 1e-9 {
                assert!((transfer / card - late as f64 / 10.0).abs() < 1e-9);
            }
        }
    }

    fn total(weights: impl IntoIterator<Item = f64>) -> f64 {
        weights.into_iter().sum()
    }

    #[test]
    fn codes_recover_as_the_scenario_says_on_average_and_expired_cards_hardly() {
        for recovery in [0, 20, 48, 95] {
            let scenario = Scenario::default().with(Parameter::RecoveryRate, recovery);
            let failures = Failures::new(&scenario);
            let mean = 1.0
                - 0.8415 * failures.uncollected(Payer::Card)
                - 0.1585 * failures.uncollected(Payer::Transfer);
            let planted = recovery as f64 / 100.0;
            assert!((mean - planted).abs() < 1e-9, "{mean} for {planted}");
        }
        let usual = Failures::new(&Scenario::default());
        let [expired, funds, declined, _, fraud, late] = *usual.recovery();
        assert!(expired < 0.1 && fraud < 0.1, "{expired} {fraud}");
        assert!(funds > 0.6 && declined < funds && late > funds);
    }

    #[test]
    fn as_many_failures_are_expired_cards_as_the_scenario_says() {
        let failures = Failures::new(&Scenario::default());
        let [cards, transfers] = failures.codes;
        assert!((0.8415 * cards[0] - 0.27).abs() < 1e-9);
        assert!((total(cards) - 1.0).abs() < 1e-9);
        assert!((total(transfers) - 1.0).abs() < 1e-9);
        for code in [0, 2, 4] {
            assert!(transfers[code] == 0.0, "{}", FAILURE_CODES[code]);
        }
    }

    #[test]
    fn failures_split_into_retried_paid_and_lost() {
        let failures = Failures::new(&Scenario::default());
        for payer in Payer::ALL {
            let odds = failures.odds(payer, 0.3);
            // Paid and lost failures in the ratio in which they come, retried ones as planted.
            let lost = 0.3 * total(odds.lost);
            assert!((total(odds.paid) + lost - 1.0).abs() < 1e-9);
            let retried = odds.paid.iter().zip(odds.retried).map(|(w, r)| w * r);
            let uncollected = failures.uncollected(payer);
            assert!((total(retried) + uncollected - 1.0).abs() < 1e-9);
            assert!(odds.retried.iter().all(|&share| share < 1.0));
        }
    }
}

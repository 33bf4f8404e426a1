//! Why bills fail, and which of them a retry collects.
//!
//! Three rates are planted at once: how many first attempts fail, how many of those a retry on
//! schedule collects, and how much of churn is a bill that nobody paid. The rest of the failures,
//! neither collected by a retry nor lost, is paid by the customer before the schedule ends, mostly
//! with a new card. So no bill is lost without the subscription, and no subscription without a bill.

use super::hazard::Dunning;
use super::vocabulary::FAILURE_CODES;

/// Number of failure codes.
pub(super) const CODES: usize = FAILURE_CODES.len();
/// Way to pay that holds no card, as key of `vocabulary::METHODS`.
pub(super) const BANK_TRANSFER: u8 = 1;
/// Share of customers by way to pay (card, bank transfer, wallet), from the smallest companies to
/// the largest: large ones want an invoice and pay it by transfer.
pub(super) const METHOD_WEIGHTS: [[f64; 3]; 5] = [
    [0.84, 0.02, 0.14],
    [0.83, 0.05, 0.12],
    [0.70, 0.20, 0.10],
    [0.42, 0.53, 0.05],
    [0.20, 0.78, 0.02],
];
/// Weight of each code among failures of cards that did not expire, and of transfers.
const CARD_CODES: [f64; CODES] = [0.0, 0.46, 0.30, 0.19, 0.05, 0.0];
const TRANSFER_CODES: [f64; CODES] = [0.0, 0.15, 0.0, 0.10, 0.0, 0.75];
/// Relative ease with which a retry on schedule collects, by code: moved in logits until the mean
/// over a method's failures is the scenario's.
const EASE: [f64; CODES] = [0.04, 0.80, 0.40, 0.90, 0.05, 0.85];

/// What becomes of failures, by code: of one billing interval and one kind of method.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Odds {
    /// Weights of the codes of failures that are paid in the end.
    pub(super) paid: [f64; CODES],
    /// Weights of the codes of bills that are lost.
    pub(super) lost: [f64; CODES],
    /// Probability that a retry collects, among those that are paid.
    pub(super) retried: [f64; CODES],
}

/// [`Odds`] of monthly and yearly customers, with cards and with transfers.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Collection([[Odds; 2]; 2]);

impl Collection {
    /// `expired` is the share of all failures, `recovery` that of failures which a retry collects.
    pub(super) fn new(
        dunning: &[Dunning; 2],
        expired: f64,
        recovery: f64,
        transfer_share: f64,
    ) -> Self {
        // A transfer holds no card that could expire, so cards expire more often by as much.
        let expired = (expired / (1.0 - transfer_share)).min(1.0);
        let mut cards = CARD_CODES.map(|weight| weight * (1.0 - expired));
        cards[0] = expired;
        let odds = |dunning: &Dunning, codes: [f64; CODES]| {
            let collected = collected(&codes, recovery);
            let mut odds = Odds::default();
            for code in 0..CODES {
                let uncollected = 1.0 - collected[code];
                let paid = 1.0 - dunning.lost * uncollected;
                odds.paid[code] = codes[code] * paid;
                odds.lost[code] = codes[code] * uncollected;
                odds.retried[code] = (collected[code] / paid.max(1e-12)).min(1.0);
            }
            odds
        };
        Self([0, 1].map(|kind| [cards, TRANSFER_CODES].map(|codes| odds(&dunning[kind], codes))))
    }

    /// The odds of a customer.
    pub(super) const fn of(&self, is_yearly: bool, method: u8) -> &Odds {
        &self.0[is_yearly as usize][(method == BANK_TRANSFER) as usize]
    }
}

/// Share of each code's failures that a retry collects, with mean `recovery` over `codes`.
pub(super) fn collected(codes: &[f64; CODES], recovery: f64) -> [f64; CODES] {
    let at = |shift: f64| EASE.map(|ease| 1.0 / (1.0 + (1.0 - ease) / ease * libm::exp(-shift)));
    let mean = |shift: f64| -> f64 {
        codes
            .iter()
            .zip(at(shift))
            .map(|(weight, share)| weight * share)
            .sum()
    };
    let (mut low, mut high) = (-40.0, 40.0);
    for _ in 0..80 {
        let middle = 0.5 * (low + high);
        if mean(middle) < recovery {
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
    fn codes_recover_as_the_scenario_says_on_average_and_expired_cards_hardly() {
        let mut cards = CARD_CODES.map(|weight| weight * 0.7);
        cards[0] = 0.3;
        for recovery in [0.0, 0.2, 0.48, 0.95] {
            let shares = collected(&cards, recovery);
            let mean: f64 = cards.iter().zip(shares).map(|(w, s)| w * s).sum();
            assert!((mean - recovery).abs() < 1e-9, "{mean} for {recovery}");
        }
        let [expired, funds, declined, _, fraud, _] = collected(&cards, 0.48);
        assert!(expired < 0.1 && fraud < 0.1, "{expired} {fraud}");
        assert!(funds > 0.6 && declined < funds);
    }

    #[test]
    fn failures_split_into_retried_paid_and_lost() {
        let dunning = Dunning {
            involuntary_share: 0.25,
            failure: 0.06,
            lost: 0.3,
        };
        let odds = Collection::new(&[dunning; 2], 0.27, 0.48, 0.16);
        let card = odds.of(false, 0);
        let sum = |weights: &[f64; CODES]| -> f64 { weights.iter().sum() };
        // Paid and lost failures in the ratio in which they come, retried ones as planted.
        let lost = 0.3 * sum(&card.lost);
        assert!((sum(&card.paid) + lost - 1.0).abs() < 1e-9);
        let retried: f64 = card.paid.iter().zip(card.retried).map(|(w, r)| w * r).sum();
        assert!((retried - 0.48).abs() < 1e-9, "{retried}");
        assert!(odds.of(true, BANK_TRANSFER).paid[0] == 0.0);
    }
}

//! The rules of billing that the scenario decides, and what they make of a new customer.

use parameters::{Parameter, Scenario};

use super::super::calendar::{Calendar, DAY};
use super::super::dunning::method_weights;
use super::super::hazard::Hazard;
use super::super::payments::PaymentRules;
use super::super::people::PLAN_WEIGHTS;
use super::super::random::{Purpose, Stream};
use super::contract::{Contract, DISCOUNTS, Interval, Prices};

/// Median seats by company size, which a scenario scales to the one of 51 to 200 people: one team buys, not the
/// company.
///
/// # Source
/// docs/decisions/0060-seats-and-costs.md
const RELATIVE_SEATS: [f64; 5] = [2.2, 3.5, 5.5, 10.0, 18.0];
const MEDIUM: usize = 2;
/// Share of yearly bills after which the customer leaves in mid-term.
pub(super) const EARLY: f64 = 0.012;

/// The rules of billing that the scenario decides.
#[derive(Debug, Clone)]
pub(crate) struct Billing {
    pub(super) end: i64,
    pub(super) hazard: Hazard,
    pub(super) prices: Prices,
    /// Time from the bill of a yearly contract to the day its invoice is due.
    pub(super) terms: i64,
    pub(super) annual_share: f64,
    /// Shares of who pays by the quarter, of those who do not pay by the year, and of contracts
    /// with a discount.
    pub(super) quarterly: f64,
    pub(super) discounted: f64,
    /// Share of stays that take the add-on, given time.
    pub(super) add_on: f64,
    pub(super) median_seats: [f64; 5],
    pub(super) seats_sigma: f64,
    pub(super) methods: [[f64; 3]; 5],
    pub(super) expansion: f64,
    pub(super) contraction: f64,
    pub(super) reactivation: f64,
    pub(super) lead: i64,
    pub(super) payments: PaymentRules,
    pub(super) contracts: Purpose,
    pub(super) churn: Purpose,
    pub(super) movements: Purpose,
    pub(super) returns: Purpose,
    pub(super) early: Purpose,
    pub(super) renewed_state: Purpose,
    pub(super) unseen: Purpose,
    pub(super) notices: Purpose,
    pub(super) quarters: Purpose,
    pub(super) discounts: Purpose,
    pub(super) add_ons: Purpose,
    pub(super) add_on_payments: Purpose,
}

/// What is known of a customer before the first bill.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Customer {
    pub(crate) user_id: u64,
    pub(crate) plan: usize,
    pub(crate) company_size: usize,
    pub(crate) converts_at: i64,
}

impl Billing {
    pub(crate) fn new(scenario: &Scenario, calendar: &Calendar, hazard: Hazard) -> Self {
        let seed = scenario.seed();
        // Whoever leaves in a month makes no other movement in it.
        let staying = 1.0 - scenario.fraction(Parameter::MonthlyChurn);
        Self {
            end: calendar.end(),
            payments: PaymentRules::new(scenario, calendar),
            hazard,
            prices: Prices::new(scenario),
            terms: scenario.steps(Parameter::Terms) * DAY,
            annual_share: scenario.fraction(Parameter::AnnualShare),
            quarterly: scenario.fraction(Parameter::Quarterly),
            discounted: scenario.fraction(Parameter::Discounted),
            add_on: scenario.fraction(Parameter::AddOn),
            median_seats: median_seats(scenario),
            seats_sigma: scenario.number(Parameter::SeatsSigma),
            methods: method_weights(scenario),
            expansion: scenario.fraction(Parameter::Expansion) / staying,
            contraction: scenario.fraction(Parameter::Contraction) / staying,
            reactivation: scenario.fraction(Parameter::Reactivation),
            lead: scenario.steps(Parameter::WarningLead) * DAY,
            contracts: Purpose::new(seed, "contracts"),
            churn: Purpose::new(seed, "churn"),
            movements: Purpose::new(seed, "movements"),
            returns: Purpose::new(seed, "returns"),
            early: Purpose::new(seed, "early leaving"),
            renewed_state: Purpose::new(seed, "renewed satisfaction"),
            unseen: Purpose::new(seed, "unseen risk"),
            notices: Purpose::new(seed, "notices"),
            quarters: Purpose::new(seed, "quarterly plans"),
            discounts: Purpose::new(seed, "discounts"),
            add_ons: Purpose::new(seed, "add-ons"),
            add_on_payments: Purpose::new(seed, "payments of add-ons"),
        }
    }

    /// What revenue rules say about single days and charges.
    pub(crate) const fn payment_rules(&self) -> &PaymentRules {
        &self.payments
    }

    /// Odds of each way to pay of a company of this size.
    pub(crate) const fn methods(&self, company_size: usize) -> &[f64; 3] {
        &self.methods[company_size]
    }

    /// The plan somebody from a company of this size has in mind at signup.
    pub(crate) fn plan(company_size: usize, stream: &mut Stream) -> usize {
        stream.pick(&PLAN_WEIGHTS[company_size])
    }

    pub(super) fn contract(&self, customer: &Customer) -> Contract {
        let mut stream = self.contracts.stream(customer.user_id);
        let median = self.median_seats[customer.company_size];
        let seats = stream
            .log_normal(median, self.seats_sigma)
            .clamp(1.0, 5_000.0);
        Contract {
            plan: customer.plan,
            seats: libm::round(seats) as i32,
            interval: if stream.chance(self.annual_share) {
                Interval::Year
            } else if self
                .quarters
                .stream(customer.user_id)
                .chance(self.quarterly)
            {
                Interval::Quarter
            } else {
                Interval::Month
            },
            discount: 0,
        }
    }

    /// Percent off the bills of one stay.
    pub(super) fn discount(&self, entity: u64) -> i64 {
        let mut stream = self.discounts.stream(entity);
        let percent = DISCOUNTS[stream.below(DISCOUNTS.len())];
        if stream.chance(self.discounted) {
            percent
        } else {
            0
        }
    }
}

/// Median seats by company size, in proportion to the scenario's.
fn median_seats(scenario: &Scenario) -> [f64; 5] {
    let scale = scenario.number(Parameter::MedianSeats) / RELATIVE_SEATS[MEDIUM];
    RELATIVE_SEATS.map(|seats| seats * scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seats_are_the_usual_ones_until_a_scenario_says_otherwise() {
        assert_eq!(median_seats(&Scenario::default()), RELATIVE_SEATS);
        let twice = Scenario::default().with(Parameter::MedianSeats, 110);
        assert_eq!(median_seats(&twice)[4], 36.0);
    }
}

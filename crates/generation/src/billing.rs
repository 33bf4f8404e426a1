//! Customers: their periods, movements, churn and return.

mod add_on;
mod bills;
mod contract;
mod leaving;
mod outlook;
mod period;
mod stay;

use parameters::{Parameter, Scenario};

use super::calendar::{Calendar, DAY};
use super::dunning::method_weights;
use super::hazard::Hazard;
use super::payments::{Ledger, PaymentRules};
use super::people::PLAN_WEIGHTS;
use super::random::{Purpose, Stream};
use super::satisfaction::Path;
pub(super) use add_on::AddOn;
pub(super) use contract::{Contract, Interval, Price};
use contract::{DISCOUNTS, Prices};
pub(super) use outlook::Outlook;
pub(super) use period::{Change, Period, Product, Reason};
use stay::Run;

/// Days a trial lasts.
pub(super) const TRIAL_DAYS: i64 = 14;
/// Days from a charge to its last retry.
pub(super) const DUNNING_DAYS: i64 = 15;
/// Median seats by company size, which a scenario scales to the one of 51 to 200 people: one team buys, not the
/// company.
///
/// # Source
/// docs/decisions/0060-seats-and-costs.md
const RELATIVE_SEATS: [f64; 5] = [2.2, 3.5, 5.5, 10.0, 18.0];
const MEDIUM: usize = 2;
/// How often a customer may come back.
pub(super) const MOST_RETURNS: u64 = 3;
/// Median days from churn to return: of who left by choice, and of who was lost over a bill and
/// comes back with a new card.
const RETURN_DAYS: [f64; 2] = [60.0, 12.0];
/// By how much the latter return more often than the mean, as a share of it, where hardly any
/// churn is of their kind.
const NEW_CARD_PULL: f64 = 0.8;

/// A stretch of time with a paid plan.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    pub(super) started_at: i64,
    /// `i64::MAX` while it runs.
    pub(super) ended_at: i64,
}

/// A customer's state at the end of history.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Standing {
    pub(super) log_hazard: Option<f64>,
    pub(super) unseen: f64,
}

/// Where a customer's rows go.
#[derive(Debug)]
pub(super) struct Books<'a, 'b> {
    /// Subscriptions so far; a trial counts as one until the plan that follows it begins.
    pub(super) subscriptions: u8,
    pub(super) periods: &'a mut Vec<Period>,
    pub(super) stretches: &'a mut Vec<Stretch>,
    /// `None` when nobody asks for add-ons.
    pub(super) add_ons: Option<&'a mut Vec<AddOn>>,
    /// `None` when nobody asks for outlooks.
    pub(super) outlooks: Option<&'a mut Vec<Outlook>>,
    pub(super) ledger: &'a mut Ledger<'b>,
}

/// The rules of billing that the scenario decides.
#[derive(Debug, Clone)]
pub(super) struct Billing {
    end: i64,
    hazard: Hazard,
    prices: Prices,
    /// Time from the bill of a yearly contract to the day its invoice is due.
    terms: i64,
    annual_share: f64,
    /// Shares of who pays by the quarter, of those who do not pay by the year, and of contracts
    /// with a discount.
    quarterly: f64,
    discounted: f64,
    /// Share of stays that take the add-on, given time.
    add_on: f64,
    median_seats: [f64; 5],
    seats_sigma: f64,
    methods: [[f64; 3]; 5],
    expansion: f64,
    contraction: f64,
    reactivation: f64,
    lead: i64,
    payments: PaymentRules,
    contracts: Purpose,
    churn: Purpose,
    movements: Purpose,
    returns: Purpose,
    early: Purpose,
    renewed_state: Purpose,
    unseen: Purpose,
    notices: Purpose,
    quarters: Purpose,
    discounts: Purpose,
    add_ons: Purpose,
    add_on_payments: Purpose,
}

/// What is known of a customer before the first bill.
#[derive(Debug, Clone, Copy)]
pub(super) struct Customer {
    pub(super) user_id: u64,
    pub(super) plan: usize,
    pub(super) company_size: usize,
    pub(super) converts_at: i64,
}

impl Billing {
    pub(super) fn new(scenario: &Scenario, calendar: &Calendar, hazard: Hazard) -> Self {
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
    pub(super) const fn payment_rules(&self) -> &PaymentRules {
        &self.payments
    }

    /// Odds of each way to pay of a company of this size.
    pub(super) const fn methods(&self, company_size: usize) -> &[f64; 3] {
        &self.methods[company_size]
    }

    /// The plan somebody from a company of this size has in mind at signup.
    pub(super) fn plan(company_size: usize, stream: &mut Stream) -> usize {
        stream.pick(&PLAN_WEIGHTS[company_size])
    }

    /// Probability of coming back, with the scenario's as the mean over all churn.
    fn returning(&self, is_involuntary: bool) -> f64 {
        let share = self.hazard.involuntary_share;
        let after_loss = (self.reactivation * (1.0 + NEW_CARD_PULL * (1.0 - share))).min(1.0);
        if is_involuntary {
            return after_loss;
        }
        ((self.reactivation - share * after_loss) / (1.0 - share).max(1e-12)).clamp(0.0, 1.0)
    }

    fn contract(&self, customer: &Customer) -> Contract {
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
    fn discount(&self, entity: u64) -> i64 {
        let mut stream = self.discounts.stream(entity);
        let percent = DISCOUNTS[stream.below(DISCOUNTS.len())];
        if stream.chance(self.discounted) {
            percent
        } else {
            0
        }
    }

    /// Writes all of a customer's periods and charges, from the first paid plan on. Satisfaction
    /// is drawn anew where the customer comes back.
    pub(super) fn run(&self, customer: &Customer, path: &mut Path, books: &mut Books) -> Standing {
        let mut contract = self.contract(customer);
        let mut started_at = customer.converts_at;
        let mut standing = Standing::default();
        for episode in 0..=MOST_RETURNS {
            let entity = customer.user_id * (MOST_RETURNS + 1) + episode;
            let first = books.periods.len();
            contract.discount = self.discount(entity);
            books.subscriptions += 1;
            let mut run = Run {
                billing: self,
                path,
                subscription: books.subscriptions,
                contract,
                payer: books.ledger.payer(),
                started_at,
                change: if episode == 0 {
                    Change::New
                } else {
                    Change::Reactivation
                },
                notice: self.notices.stream(entity).uniform(),
                churn: self.churn.stream(entity),
                movements: self.movements.stream(entity),
                unseen: self.unseen.stream(entity),
                early: self.early.stream(entity),
            };
            standing = run.play(books);
            contract = run.contract;
            if let Some(add_ons) = &mut books.add_ons
                && let Some(mut add_on) = self.add_on(entity, &books.periods[first..])
            {
                books.subscriptions += 1;
                add_on.period.subscription = books.subscriptions;
                add_ons.push(add_on);
            }
            let ended_at = books.periods.last().and_then(|period| period.ended_at);
            books.stretches.push(Stretch {
                started_at,
                ended_at: ended_at.unwrap_or(i64::MAX),
            });
            let mut returns = self.returns.stream(entity);
            let reason = books.periods.last().and_then(|period| period.reason);
            let is_involuntary = reason == Some(Reason::Involuntary);
            let comes_back = returns.chance(self.returning(is_involuntary));
            let median = RETURN_DAYS[usize::from(is_involuntary)];
            let delay = returns.log_normal(median, 0.8).clamp(2.0, 1_000.0);
            let Some(ended_at) = ended_at else { break };
            started_at = ended_at + (delay * DAY as f64) as i64;
            if !comes_back || started_at >= self.end {
                break;
            }
            path.renew(started_at, &mut self.renewed_state.stream(entity));
        }
        for add_on in books.add_ons.as_deref().into_iter().flatten() {
            self.bill_add_on(add_on, books.ledger);
        }
        standing
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

//! Customers: their periods, movements, churn and return.

use crate::parameters::{Parameter, Scenario};

use super::calendar::{Calendar, DAY, add_months, epoch_day, first_of_next_month};
use super::hazard::Hazard;
use super::payments::{Ledger, PaymentRules};
use super::people::{MEDIAN_SEATS, PLAN_WEIGHTS};
use super::random::{Purpose, Stream};
use super::satisfaction::{PERSISTENCE, Path, State};

/// Days a trial lasts.
pub(super) const TRIAL_DAYS: i64 = 14;
/// Days from a charge to its last retry.
pub(super) const DUNNING_DAYS: i64 = 15;
/// Days that an outlook looks ahead: as far as the churn model.
const OUTLOOK_DAYS: i64 = 90;
/// How often a customer may come back.
const MOST_RETURNS: u64 = 3;
/// Median days from churn to return.
const RETURN_DAYS: f64 = 60.0;

/// How a period began, as keys of `vocabulary::CHANGE_TYPES`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Change {
    Trial,
    New,
    Upgrade,
    Downgrade,
    Renewal,
    Reprice,
    Reactivation,
}

/// Why a customer was lost, as keys of `vocabulary::CHURN_REASONS`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Reason {
    Voluntary,
    Involuntary,
}

/// What a customer buys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Contract {
    pub(super) plan: usize,
    pub(super) seats: i32,
    pub(super) is_yearly: bool,
}

/// A period of a subscription, [`started_at`, `ended_at`).
#[derive(Debug, Clone, Copy)]
pub(super) struct Period {
    pub(super) contract: Contract,
    pub(super) monthly_amount_cents: i64,
    pub(super) started_at: i64,
    pub(super) ended_at: Option<i64>,
    pub(super) change: Change,
    pub(super) reason: Option<Reason>,
}

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

/// What somebody who knows every state would say on the first of a month.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outlook {
    /// Day since 1970-01-01; the state is that of its first instant.
    pub(super) day: i64,
    /// Log of the monthly hazard in force.
    pub(super) log_hazard: f64,
    /// Probability of deciding to leave within [`OUTLOOK_DAYS`].
    pub(super) churn_probability: f64,
}

/// Where a customer's rows go.
#[derive(Debug)]
pub(super) struct Books<'a, 'b> {
    pub(super) periods: &'a mut Vec<Period>,
    pub(super) stretches: &'a mut Vec<Stretch>,
    /// `None` when nobody asks for outlooks.
    pub(super) outlooks: Option<&'a mut Vec<Outlook>>,
    pub(super) ledger: &'a mut Ledger<'b>,
}

/// The rules of billing that the scenario decides.
#[derive(Debug, Clone)]
pub(super) struct Billing {
    end: i64,
    hazard: Hazard,
    prices_cents: [i64; 3],
    discount: i64,
    rise: i64,
    rises_at: i64,
    annual_share: f64,
    seats_sigma: f64,
    expansion: f64,
    contraction: f64,
    reactivation: f64,
    lead: i64,
    payments: PaymentRules,
    contracts: Purpose,
    churn: Purpose,
    movements: Purpose,
    returns: Purpose,
    renewed_state: Purpose,
    unseen: Purpose,
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
        let rise_months = scenario.number(Parameter::PriceRiseMonths) as u32;
        // Whoever leaves in a month makes no other movement in it.
        let staying = 1.0 - scenario.fraction(Parameter::MonthlyChurn);
        let dollars = |parameter| scenario.steps(parameter) * 100;
        Self {
            end: calendar.end(),
            payments: PaymentRules::new(scenario, calendar),
            hazard,
            prices_cents: [
                dollars(Parameter::PriceStarter),
                dollars(Parameter::PriceProfessional),
                dollars(Parameter::PriceEnterprise),
            ],
            discount: scenario.steps(Parameter::AnnualDiscount),
            rise: scenario.steps(Parameter::PriceRise),
            rises_at: epoch_day(scenario.month_before_end(rise_months)) * DAY,
            annual_share: scenario.fraction(Parameter::AnnualShare),
            seats_sigma: scenario.number(Parameter::SeatsSigma),
            expansion: scenario.fraction(Parameter::Expansion) / staying,
            contraction: scenario.fraction(Parameter::Contraction) / staying,
            reactivation: scenario.fraction(Parameter::Reactivation),
            lead: scenario.steps(Parameter::WarningLead) * DAY,
            contracts: Purpose::new(seed, "contracts"),
            churn: Purpose::new(seed, "churn"),
            movements: Purpose::new(seed, "movements"),
            returns: Purpose::new(seed, "returns"),
            renewed_state: Purpose::new(seed, "renewed satisfaction"),
            unseen: Purpose::new(seed, "unseen risk"),
        }
    }

    /// What revenue rules say about single days and charges.
    pub(super) const fn payment_rules(&self) -> &PaymentRules {
        &self.payments
    }

    /// The plan somebody from a company of this size has in mind at signup.
    pub(super) fn plan(company_size: usize, stream: &mut Stream) -> usize {
        stream.pick(&PLAN_WEIGHTS[company_size])
    }

    fn contract(&self, customer: &Customer) -> Contract {
        let mut stream = self.contracts.stream(customer.user_id);
        let median = MEDIAN_SEATS[customer.company_size];
        let seats = stream
            .log_normal(median, self.seats_sigma)
            .clamp(1.0, 5_000.0);
        Contract {
            plan: customer.plan,
            seats: libm::round(seats) as i32,
            is_yearly: stream.chance(self.annual_share),
        }
    }

    /// What a contract brings in a month, at the list prices of an instant.
    fn amount(&self, contract: Contract, instant: i64) -> i64 {
        let rise = if instant >= self.rises_at {
            self.rise
        } else {
            0
        };
        let discount = if contract.is_yearly { self.discount } else { 0 };
        let hundredths = i64::from(contract.seats)
            * (self.prices_cents[contract.plan] * (100 + rise) / 100)
            * (100 - discount);
        ((hundredths + 50) / 100).max(1)
    }

    /// Writes all of a customer's periods and charges, from the first paid plan on. Satisfaction
    /// is drawn anew where the customer comes back.
    pub(super) fn run(&self, customer: &Customer, path: &mut Path, books: &mut Books) -> Standing {
        let mut contract = self.contract(customer);
        let mut started_at = customer.converts_at;
        let mut standing = Standing::default();
        for episode in 0..=MOST_RETURNS {
            let entity = customer.user_id * (MOST_RETURNS + 1) + episode;
            let mut run = Run {
                billing: self,
                path,
                contract,
                started_at,
                change: if episode == 0 {
                    Change::New
                } else {
                    Change::Reactivation
                },
                churn: self.churn.stream(entity),
                movements: self.movements.stream(entity),
                unseen: self.unseen.stream(entity),
            };
            standing = run.play(books);
            contract = run.contract;
            let ended_at = books.periods.last().and_then(|period| period.ended_at);
            books.stretches.push(Stretch {
                started_at,
                ended_at: ended_at.unwrap_or(i64::MAX),
            });
            let mut returns = self.returns.stream(entity);
            let comes_back = returns.chance(self.reactivation);
            let delay = returns.log_normal(RETURN_DAYS, 0.8).clamp(3.0, 1_000.0);
            let Some(ended_at) = ended_at else { break };
            started_at = ended_at + (delay * DAY as f64) as i64;
            if !comes_back || started_at >= self.end {
                break;
            }
            path.renew(started_at, &mut self.renewed_state.stream(entity));
        }
        standing
    }
}

/// One stay of a customer, from a first bill to churn or the end of history.
struct Run<'a> {
    billing: &'a Billing,
    path: &'a Path,
    contract: Contract,
    started_at: i64,
    change: Change,
    churn: Stream,
    movements: Stream,
    unseen: Stream,
}

impl Run<'_> {
    fn play(&mut self, books: &mut Books) -> Standing {
        let billing = self.billing;
        let (periods, ledger) = (&mut *books.periods, &mut *books.ledger);
        let month = libm::pow(PERSISTENCE, 30.436_875 / 30.0);
        let mut unseen = State::start(month, &mut self.unseen);
        let mut accumulated = 0.0;
        let mut period = self.open(self.started_at, self.change);
        self.bill(self.started_at, &period, periods.len(), ledger);
        for tenure in 1_u32.. {
            let instant = add_months(self.started_at, tenure);
            // The hazard hears of satisfaction `lead` days late, and of nothing before this stay.
            unseen.step(&mut self.unseen);
            let log_hazard = |at: i64| {
                let heard = self.path.at((at - billing.lead).max(self.started_at));
                billing
                    .hazard
                    .log_hazard(tenure as usize, heard, unseen.value())
            };
            if instant >= billing.end {
                if let Some(outlooks) = &mut books.outlooks {
                    self.look_ahead(tenure, accumulated, unseen.value(), outlooks);
                }
                periods.push(period);
                return Standing {
                    log_hazard: Some(log_hazard(billing.end)),
                    unseen: unseen.value(),
                };
            }
            if let Some(outlooks) = &mut books.outlooks {
                self.look_ahead(tenure, accumulated, unseen.value(), outlooks);
            }
            accumulated += libm::exp(log_hazard(instant));
            let is_due = !self.contract.is_yearly || tenure % 12 == 0;
            // Draws are made whether or not they are used, so that later ones stay what they are.
            let (draw, reason) = (self.churn.uniform(), self.churn.uniform());
            if is_due {
                let leaves = draw < 1.0 - libm::exp(-accumulated);
                accumulated = 0.0;
                if leaves {
                    let dunning = &billing.hazard.dunning[usize::from(self.contract.is_yearly)];
                    if reason < dunning.involuntary_share {
                        let ended_at = instant + DUNNING_DAYS * DAY;
                        ledger.lose(periods.len(), instant, self.charge_of(&period));
                        if ended_at < billing.end {
                            period.ended_at = Some(ended_at);
                            period.reason = Some(Reason::Involuntary);
                        }
                        periods.push(period);
                        let log_hazard = period.ended_at.is_none().then(|| log_hazard(billing.end));
                        return Standing {
                            log_hazard,
                            unseen: unseen.value(),
                        };
                    }
                    period.ended_at = Some(instant);
                    period.reason = Some(Reason::Voluntary);
                    periods.push(period);
                    return Standing {
                        log_hazard: None,
                        unseen: unseen.value(),
                    };
                }
            }
            let satisfaction = self.path.at(instant);
            let movement = self.movement(tenure as usize, satisfaction);
            let before = self.charge_of(&period);
            let next = self.next_change(movement, instant, &period, is_due);
            if let Some(change) = next {
                period.ended_at = Some(instant);
                periods.push(period);
                period = self.open(instant, change);
            }
            if is_due {
                self.bill(instant, &period, periods.len(), ledger);
            } else if movement == Some(Change::Upgrade) {
                // More seats in mid-term: the rest of the year is charged at once.
                let months = 12 - i64::from(tenure % 12);
                let more = (self.charge_of(&period) - before) / 12 * months;
                if more > 0 {
                    let dunning = &billing.hazard.dunning[1];
                    ledger.charge(periods.len(), instant, more, dunning);
                }
            }
        }
        Standing::default()
    }

    /// Writes the outlook on the first of each month between the last anniversary and the one at
    /// `tenure`. `accumulated` is the hazard since the last decision before them.
    fn look_ahead(&self, tenure: u32, accumulated: f64, unseen: f64, outlooks: &mut Vec<Outlook>) {
        let billing = self.billing;
        let from = add_months(self.started_at, tenure - 1);
        let to = add_months(self.started_at, tenure).min(billing.end);
        let mut first = first_of_next_month(from);
        while first < to {
            let log_hazard = |tenure: u32, at: i64| {
                // Satisfaction is known up to this day; later, its last value has to do.
                let heard = (at - billing.lead).min(first).max(self.started_at);
                let satisfaction = self.path.at(heard);
                billing
                    .hazard
                    .log_hazard(tenure as usize, satisfaction, unseen)
            };
            let (mut pending, mut due) = (accumulated, 0.0);
            for later in tenure.. {
                let at = add_months(self.started_at, later);
                if at > first + OUTLOOK_DAYS * DAY {
                    break;
                }
                pending += libm::exp(log_hazard(later, at));
                if !self.contract.is_yearly || later % 12 == 0 {
                    due += pending;
                    pending = 0.0;
                }
            }
            outlooks.push(Outlook {
                day: first / DAY,
                log_hazard: log_hazard(tenure, first),
                churn_probability: 1.0 - libm::exp(-due),
            });
            first = first_of_next_month(first);
        }
    }

    fn open(&self, started_at: i64, change: Change) -> Period {
        Period {
            contract: self.contract,
            monthly_amount_cents: self.billing.amount(self.contract, started_at),
            started_at,
            ended_at: None,
            change,
            reason: None,
        }
    }

    /// What one bill of a period asks for.
    const fn charge_of(&self, period: &Period) -> i64 {
        if period.contract.is_yearly {
            period.monthly_amount_cents * 12
        } else {
            period.monthly_amount_cents
        }
    }

    fn bill(&self, instant: i64, period: &Period, index: usize, ledger: &mut Ledger) {
        let dunning = &self.billing.hazard.dunning[usize::from(period.contract.is_yearly)];
        ledger.charge(index, instant, self.charge_of(period), dunning);
    }

    /// Changes the contract by chance. A yearly customer who shrinks in mid-term pays less from
    /// the next renewal on, and gets nothing back.
    fn movement(&mut self, tenure: usize, satisfaction: f64) -> Option<Change> {
        let (up, down) = (self.movements.uniform(), self.movements.uniform());
        let (kind, size) = (self.movements.uniform(), self.movements.uniform());
        let billing = self.billing;
        let expansion = billing.expansion * billing.hazard.upgrade_pull(tenure, satisfaction);
        let contraction = billing.contraction * billing.hazard.downgrade_pull(tenure, satisfaction);
        let contract = &mut self.contract;
        if up < expansion {
            if kind < 0.25 && contract.plan < 2 {
                contract.plan += 1;
            } else {
                let grown = libm::round(f64::from(contract.seats) * (1.2 + 0.6 * size)) as i32;
                contract.seats = grown.max(contract.seats + 1);
            }
            return Some(Change::Upgrade);
        }
        if down < contraction {
            if contract.plan > 0 && (kind < 0.25 || contract.seats == 1) {
                contract.plan -= 1;
            } else if contract.seats > 1 {
                let shrunk = libm::round(f64::from(contract.seats) * (0.5 + 0.35 * size)) as i32;
                contract.seats = shrunk.clamp(1, contract.seats - 1);
            } else {
                return None;
            }
            return Some(Change::Downgrade);
        }
        None
    }

    /// How the next period begins, if one does.
    fn next_change(
        &self,
        movement: Option<Change>,
        instant: i64,
        period: &Period,
        is_due: bool,
    ) -> Option<Change> {
        if movement.is_some() {
            return movement;
        }
        if !is_due {
            return None;
        }
        if self.billing.amount(self.contract, instant) != period.monthly_amount_cents {
            return Some(Change::Reprice);
        }
        self.contract.is_yearly.then_some(Change::Renewal)
    }
}

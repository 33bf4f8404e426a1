//! What a customer buys, and what one bill of it asks for.

use parameters::{Parameter, Scenario};

use super::super::calendar::{DAY, epoch_day};

/// What is taken off each bill of a contract with a discount, in percent.
pub(super) const DISCOUNTS: [i64; 4] = [10, 15, 20, 25];

/// How often a bill comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Interval {
    Month,
    Quarter,
    Year,
}

impl Interval {
    /// Number of intervals.
    pub(crate) const COUNT: usize = 3;

    /// Months from one bill to the next.
    pub(crate) const fn months(self) -> u32 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::Year => 12,
        }
    }
}

/// What a customer buys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Contract {
    pub(crate) plan: usize,
    pub(crate) seats: i32,
    pub(crate) interval: Interval,
    /// Percent off each bill.
    pub(crate) discount: i64,
}

/// What a contract costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Price {
    /// List price of one unit for one interval.
    pub(crate) unit_cents: i64,
    /// What is taken off each bill.
    pub(crate) discount_cents: i64,
}

/// List prices, and when they rise.
#[derive(Debug, Clone)]
pub(super) struct Prices {
    plans_cents: [i64; 3],
    /// Percent off for who pays by the year.
    rebate: i64,
    rise: i64,
    rises_at: i64,
}

impl Prices {
    pub(super) fn new(scenario: &Scenario) -> Self {
        let dollars = |parameter| scenario.steps(parameter) * 100;
        let rise_months = scenario.number(Parameter::PriceRiseMonths) as u32;
        Self {
            plans_cents: [
                dollars(Parameter::PriceStarter),
                dollars(Parameter::PriceProfessional),
                dollars(Parameter::PriceEnterprise),
            ],
            rebate: scenario.steps(Parameter::AnnualDiscount),
            rise: scenario.steps(Parameter::PriceRise),
            rises_at: epoch_day(scenario.month_before_end(rise_months)) * DAY,
        }
    }

    /// What a contract costs at the list prices of an instant.
    pub(super) fn of(&self, contract: Contract, instant: i64) -> Price {
        let rise = if instant >= self.rises_at {
            self.rise
        } else {
            0
        };
        let month = self.plans_cents[contract.plan] * (100 + rise) / 100;
        let term = month * i64::from(contract.interval.months());
        let unit_cents = match contract.interval {
            Interval::Year => half_up(term * (100 - self.rebate), 100),
            Interval::Month | Interval::Quarter => term,
        };
        let list = i64::from(contract.seats) * unit_cents;
        Price {
            unit_cents,
            discount_cents: half_up(list * contract.discount, 100),
        }
    }
}

/// A quotient of whole numbers from 0 on, rounded half up.
pub(super) const fn half_up(dividend: i64, divisor: i64) -> i64 {
    (2 * dividend + divisor) / (2 * divisor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bill_is_rounded_once_where_it_is_said_to_be() {
        let scenario = Scenario::default()
            .with(Parameter::PriceStarter, 19)
            .with(Parameter::AnnualDiscount, 17);
        let prices = Prices::new(&scenario);
        let price = |interval, discount| {
            let contract = Contract {
                plan: 0,
                seats: 3,
                interval,
                discount,
            };
            prices.of(contract, 0)
        };
        // 19 × 12 × .83 = 189.24, three of which are 567.72.
        assert_eq!(price(Interval::Year, 0).unit_cents, 18_924);
        assert_eq!(price(Interval::Quarter, 0).unit_cents, 5_700);
        assert_eq!(price(Interval::Month, 0).unit_cents, 1_900);
        assert_eq!(price(Interval::Year, 25).discount_cents, 14_193);
        assert_eq!(price(Interval::Month, 0).discount_cents, 0);
        assert_eq!(half_up(5, 2), 3);
        assert_eq!(half_up(0, 7), 0);
        assert_eq!([half_up(10, 3), half_up(11, 3)], [3, 4]);
    }
}
